"""However many processes share a night's workbooks out among them, and whatever befalls these, the night is the same to the byte."""

from __future__ import annotations

import json
import shutil
import sqlite3
import threading
from contextlib import closing
from datetime import date, datetime
from functools import partial

import pytest
from click.testing import CliRunner

from pipeline import group, lookers, share_out
from pipeline.cli.main import main
from pipeline.examine import examine
from pipeline.keep_home import Home
from pipeline.read_rules import read_rules
from pipeline.share_out import here
from pipeline.workers import Child, read_books
from tests.engines import few_forms
from tests.sick import make_sick
from tests.workbooks import daily, drop, register, visit, xlsx

ON, AT = date(2026, 11, 6), datetime(2026, 11, 6, 21, 30)
SOUND, SLIPS = 24, {4, 19}
SECONDS = 3.0
READ_BADLY = ("hang", "segfault", "vanish", "swallow", "starve", "panic", "chatter")
LOOKED_AT_BADLY = ("dazed", "shot", "gone", "full", "noisy")


def papers():
    """Yield path and bytes of an evening: sound workbooks, some with a slip, a few that are none, and those that harm whoever has them in hand."""
    for number in range(SOUND):
        phone = "1380000" if number in SLIPS else f"138{number:08}"
        guest = visit(f"客{number}", phone, f"{9 + number // 5}:30", "20:00")
        yield f"前台/{number:02}.xlsx", xlsx({"登记": register(f"2026-11-{number % 5 + 1:02}", guest)})
        rung = (f"客{number}", phone, "回访", "H", "A", "看车")
        yield f"李明/{number:02}.xlsx", xlsx({"日报": daily(f"2026-10-{number + 1:02}", "李明", rung)})
    for number, sheet in enumerate((*READ_BADLY, *LOOKED_AT_BADLY), 1):
        guest = visit(f"怪{number}", f"139{number:08}")
        yield f"{number:02}/{sheet}.xlsx", xlsx({sheet: register(f"2026-10-{number:02}", guest)})
    yield "没有表.xlsx", xlsx({"表": [["品名", "单价"], ["螺丝", 3]]})
    yield "不是表.xlsx", b"not a workbook"
    yield "半截.xlsx", xlsx({"登记": register("2026-11-05", visit())})[:900]


@pytest.fixture(scope="module")
def evening(tmp_path_factory) -> Home:
    """A home that waits for its night."""
    home = few_forms(tmp_path_factory.mktemp("jobs") / "home")
    for path, content in papers():
        drop(home, path, content, "2026-11-06 18:00")
    return home


@pytest.fixture(scope="module")
def sound():
    """Those of them that harm nobody."""
    return [(path, content, AT) for path, content in papers() if path.startswith(("前台", "李明"))]


@pytest.fixture(scope="module")
def judged(sound, rules):
    """What is said of these by one job."""
    return examine(here(sound, rules), rules, ON)


@pytest.fixture
def children(monkeypatch, tmp_path) -> list[Child]:
    """Let few workbooks count as many and wait for nobody who hangs; give the children that look, as they are started."""
    started: list[Child] = []
    make_sick(monkeypatch, tmp_path)

    def child(**options):
        started.append(Child(SECONDS, **options | {"room": "tests.sick"}))
        return started[-1]

    monkeypatch.setattr(lookers, "_FEWEST", 20)
    monkeypatch.setattr(lookers, "_CHUNK", 3)
    monkeypatch.setattr(lookers, "Child", child)
    monkeypatch.setattr(share_out, "read_books", partial(read_books, seconds=SECONDS))
    return started


def night(evening, folder, jobs, **options):
    """Run the night in a copy of the home by so many jobs; return its manifest and all that is kept of it."""
    home = Home(shutil.copytree(evening.root, folder))
    said = group.run(home, read_rules(home.rules), ON, jobs=jobs, now=lambda: AT, **options)
    return said, dict(kept(home.root))


def kept(folder):
    """Yield every file of a home with what is in it: of a database its rows, of the log all but the last words of children that died."""
    for path in sorted(folder.rglob("*")):
        if path.suffix == ".sqlite":
            with closing(sqlite3.connect(path)) as archive:
                yield path.relative_to(folder), sorted(archive.iterdump())
        elif path.suffix == ".jsonl":
            lines = path.read_text("utf-8").splitlines()
            yield path.relative_to(folder), [line for line in lines if json.loads(line)["event"] != "crash"]
        elif path.is_file():
            yield path.relative_to(folder), path.read_bytes()


def unlike(one, other):
    """Return the names of what is not the same in two homes."""
    return sorted(str(name) for name in one.keys() | other.keys() if one.get(name) != other.get(name))


@pytest.fixture(scope="module")
def alone(evening, tmp_path_factory):
    """The night of one job: nobody looks at a workbook but the night itself."""
    with pytest.MonkeyPatch.context() as patch:
        make_sick(patch, tmp_path_factory.mktemp("sick"))
        patch.setattr(share_out, "read_books", partial(read_books, seconds=SECONDS))
        patch.setattr(lookers, "Child", lambda **_: pytest.fail("a child was started that looks"))
        return night(evening, tmp_path_factory.mktemp("alone") / "home", 1)


def test_a_night_of_three_jobs_is_that_of_one_though_workbooks_kill_and_stall_whoever_has_them_in_hand(
    alone, children, evening, tmp_path
):
    said, files = night(evening, tmp_path / "home", 3)

    assert alone[0] == said
    assert [] == unlike(alone[1], files)
    assert 3 == len(children)
    assert {"accepted", "returned", "quarantined"} == {book["verdict"] for book in said["books"]}
    assert {"book.stuck", "book.crashed"} <= {book["reason"] for book in said["books"]}


def test_children_killed_in_the_middle_change_nothing(sound, judged, children, rules):
    def killed():
        for number, book in enumerate(lookers.lookers(2)(sound, rules)):
            if number in {5, 20}:
                children[number % 2]._child.kill()
            yield book

    assert judged == examine(killed(), rules, ON)
    assert 2 == len(children)


def test_children_that_cannot_be_started_leave_the_night_to_itself(sound, judged, rules, monkeypatch):
    monkeypatch.setattr(lookers, "_FEWEST", 20)
    monkeypatch.setattr(lookers, "Child", lambda **told: Child(**told | {"room": "tests.nobody"}))

    assert judged == examine(lookers.lookers(2)(sound, rules), rules, ON)


def test_a_night_given_up_in_the_middle_leaves_no_child_behind(sound, children, rules):
    with closing(lookers.lookers(2)(sound, rules)) as reading:  # type: ignore[type-var]
        next(reading)
        started = [child._child for child in children]

    assert [True, True] == [child.returncode is not None for child in started]
    assert [] == [thread.name for thread in threading.enumerate() if thread.name.startswith("daybook")]


def test_few_workbooks_start_no_child_that_looks(sound, children, rules):
    assert [file[0] for file in sound[:19]] == [book.path for book in lookers.lookers(4)(sound[:19], rules)]
    assert [] == children


def test_a_trial_and_the_manifest_on_the_console_are_the_same(sound, children, tmp_path):
    home = few_forms(tmp_path / "home")
    for path, content, _ in sound:
        drop(home, path, content, "2026-11-06 18:00")

    def told(*arguments):
        words = ["--home", str(home.root), "run", "-n", "--json", "--on", f"{ON}", *arguments]
        said = json.loads(CliRunner().invoke(main, words, catch_exceptions=False).stdout)
        return {name: value for name, value in said.items() if name not in {"run", "started_at", "finished_at"}}

    assert told() == told("--jobs", "2")
    assert 2 == len(children)
