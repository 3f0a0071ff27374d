"""Workbooks read on a Dask cluster are judged as those read here: nothing is lost when its processes die, and an address that leads nowhere is told."""

from __future__ import annotations

import json
import sys
from concurrent.futures import Executor, Future
from datetime import date, datetime

import pytest
from click.testing import CliRunner

from pipeline import cluster
from pipeline.cli.main import main
from pipeline.cluster import look_there, read_elsewhere, reading_on
from pipeline.errors import PipelineError
from pipeline.examine import examine
from pipeline.share_out import here
from tests.engines import FIRST, SECOND, evening, few_forms, sheets
from tests.grids import Grid
from tests.workbooks import register, visit, xlsx

ON = date(2026, 11, 6)
AT = datetime(2026, 11, 6, 18)


@pytest.fixture(scope="module")
def files():
    """Twelve workbooks: sound ones, one with a slip, one nobody knows, one that is none, one that breaks off."""
    registers = [xlsx({"5日": register("2026-11-05", visit(f"客户{n}", f"1380000{n:04}"))}) for n in range(7)]
    odd = [xlsx({"表": [["品名", "单价"], ["螺丝", 3]]}), b"not a workbook", registers[0][:900]]
    both = [*registers, *sheets(SECOND).values(), *odd]
    return [(f"{number:02}.xlsx", content, AT) for number, content in enumerate(both)]


@pytest.fixture(scope="module")
def alone(files, rules):
    """What is made of them on this machine."""
    return examine(here(files, rules), rules, ON)


@pytest.fixture(scope="module")
def grid(tmp_path_factory):
    """Processes with one thread each, as many as a test asks for."""
    pytest.importorskip("distributed", reason="the extra cluster is not installed: it is tried where it is")
    made = Grid(tmp_path_factory.mktemp("grid"))
    yield made
    made.end()


def killing(books, kill):
    """Pass workbooks on, and kill when the third is there."""
    for number, book in enumerate(books):
        if number == 2:
            kill()
        yield book


def test_workbooks_read_on_two_processes_are_judged_as_here_also_when_one_is_killed_in_the_middle(
    grid, files, rules, alone, monkeypatch
):
    monkeypatch.setattr(cluster, "_MOST", 1)  # each workbook is given out by itself, so that the middle is one
    with reading_on(grid.ready(2)) as read:
        assert alone == examine(read(files, rules), rules, ON)
        assert alone == examine(killing(read(files, rules), lambda: grid.kill(1)), rules, ON)


def test_what_is_left_when_the_last_process_has_died_is_read_here(grid, files, rules, alone, monkeypatch):
    monkeypatch.setattr(cluster, "_MOST", 1)
    monkeypatch.setattr(cluster, "_LOOK_SECONDS", 0.2)
    with reading_on(grid.ready(1)) as read:
        assert alone == examine(killing(read(files, rules), lambda: grid.kill(len(grid.workers))), rules, ON)


def test_a_night_on_the_cluster_says_what_a_night_here_says(grid, tmp_path):
    home = few_forms(tmp_path / "home")
    evening(home, FIRST)
    evening(home, SECOND)
    address = grid.ready(1)

    def told(*arguments):
        words = ["--home", str(home.root), "run", "-n", "--json", "--on", "2026-11-06", *arguments]
        said = json.loads(CliRunner().invoke(main, words).stdout)
        return {name: value for name, value in said.items() if name not in {"run", "started_at", "finished_at"}}

    assert told() == told("--cluster", address)


def test_a_cluster_without_processes_or_with_one_that_has_no_daybook_is_refused_before_anything_is_read(grid, tmp_path):
    grid.kill(len(grid.workers))
    home = few_forms(tmp_path / "home")
    asked = ["--home", str(home.root), "run", "--on", "2026-11-06", "--cluster"]
    empty = CliRunner().invoke(main, [*asked, grid.ready(0)])
    bare = CliRunner().invoke(main, [*asked, grid.ready(1, first="sys.modules['pipeline'] = None")])
    grid.kill(1)

    assert (2, 2) == (empty.exit_code, bare.exit_code)
    assert "还没有 worker" in empty.output
    assert "worker 上没有装夜账" in bare.output
    assert not list(home.archive.iterdir())


class Hands(Executor):
    """An executor that does each task as it is told to: at once, never, or not at all."""

    def __init__(self, *how: str) -> None:
        self.how = list(how)

    def submit(self, fn, /, *args, **_kwargs):
        how, done = self.how.pop(0), Future[bytes]()
        if how == "closed":
            raise RuntimeError("cannot schedule new futures after shutdown")
        if how == "at once":
            done.set_result(fn(*args))
        elif how == "lost":
            done.cancel()
        elif how == "another version":
            done.set_exception(PipelineError("夜账版本不同"))
        return done


def test_a_chunk_that_no_process_answers_for_is_read_here_and_all_stay_in_order(files, rules, alone, monkeypatch):
    monkeypatch.setattr(cluster, "_LOOK_SECONDS", 0.01)
    monkeypatch.setattr(cluster, "_MOST", 3)
    hands = Hands("at once", "lost", "never", "another version")

    assert alone == examine(read_elsewhere(hands, files, rules, 1, lambda: False), rules, ON)
    assert [] == hands.how


def test_a_process_of_another_version_judges_nothing(files):
    with pytest.raises(PipelineError, match="版本不同"):
        look_there("0.0.0", files, b"")


@pytest.mark.parametrize(
    ("address", "sentence"),
    [("10.0.0.5", "写成 tcp://主机:8786"), ("tcp://127.0.0.1:1", "集群 tcp://127.0.0.1:1 连不上")],
)
def test_an_address_that_leads_nowhere_is_told_and_nothing_is_touched(tmp_path, monkeypatch, address, sentence):
    pytest.importorskip("distributed", reason="the extra cluster is not installed: it is tried where it is")
    monkeypatch.setattr(cluster, "_REACH_SECONDS", 0.5)
    home = few_forms(tmp_path / "home")
    result = CliRunner().invoke(main, ["--home", str(home.root), "run", "--cluster", address])

    assert 2 == result.exit_code
    assert sentence in result.output
    assert not list(home.archive.iterdir())


def test_without_the_extra_one_sentence_says_what_to_install(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    home = few_forms(tmp_path / "home")
    result = CliRunner().invoke(main, ["--home", str(home.root), "run", "--cluster", "tcp://127.0.0.1:8786"])

    assert 2 == result.exit_code
    assert "用 --cluster 要先安装扩展 cluster。先运行 pip install 'daybook[cluster]'" in result.output
