"""A night that brings nothing new leaves the day as it lies, and needs neither pandas nor pandera; whatever differs, the day is drawn again."""

from __future__ import annotations

import shutil
import subprocess
import sys
from datetime import date

import pytest
from click.testing import CliRunner

from pipeline.cli.main import main
from pipeline.keep_drawn import drawn_from
from pipeline.keep_home import Home
from tests.conftest import ROOT
from tests.nights import ON, run
from tests.stores import group_home, hand_in
from tests.workbooks import drop, new_home, register, visit, xlsx

BOOK = xlsx({"5日": register("2026-11-05", visit(), visit("赵女士", "13800002222"))})
DRAWN = "last.json"


@pytest.fixture(scope="module")
def evening(tmp_path_factory):
    made = new_home(tmp_path_factory.mktemp("evening") / "home")
    drop(made, "登记.xlsx", BOOK)
    run(made)
    return made


@pytest.fixture
def home(evening, tmp_path):
    return Home(shutil.copytree(evening.root, tmp_path / "home"))


def drawn(home: Home, on: date = ON) -> int:
    """Tell one drawing of a day from the next: its folder is built beside and takes the old one's name."""
    return home.day(on).stat().st_ino


def daybook(home: Home, *said: str) -> None:
    assert 0 == CliRunner().invoke(main, ["--home", str(home.root), *said], catch_exceptions=False).exit_code


def lying(home: Home) -> dict[str, bytes]:
    rooms = (home.outbox, home.exports)
    return {str(path): path.read_bytes() for room in rooms for path in room.rglob("*") if path.is_file()}


def test_a_second_night_of_a_day_that_brings_nothing_loads_neither_pandas_nor_pandera_and_leaves_every_byte(home):
    before, folder = lying(home), drawn(home)
    heavy = "{'pandas', 'pandera', 'numpy', 'jinja2', 'xlsxwriter'} & set(sys.modules)"
    said = subprocess.run(
        [
            sys.executable, "-c",
            f"import atexit, sys; atexit.register(lambda: print({heavy})); from pipeline.cli.main import main; main()",
            "--home", str(home.root), "run", "--on", ON.isoformat(),
        ],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip

    assert ["set()"] == said.stdout.splitlines()[1:]
    assert (before, folder) == (lying(home), drawn(home))
    assert 2 == len(list(home.runs.glob("*.json")))


def test_what_a_quiet_night_leaves_is_what_drawing_the_day_again_gives(home):
    run(home)
    left = lying(home)
    daybook(home, "report", "--on", ON.isoformat())

    assert left == lying(home)


def change_a_rule(home: Home) -> None:
    rule = home.rules / "follow_up.yaml"
    rule.write_text(rule.read_text("utf-8").replace("H: 2", "H: 3"), "utf-8")


def change_a_workbook(home: Home) -> None:
    workbook = home.day(ON) / "经营汇总.xlsx"
    workbook.write_bytes(workbook.read_bytes()[::-1])


def lay_a_file_beside(home: Home) -> None:
    (home.day(ON) / "mine.txt").write_text("mine")


def lose_the_stamp(home: Home) -> None:
    (home.archive / "drawn" / DRAWN).write_text("{")


def bring_a_workbook(home: Home) -> None:
    drop(home, "又一本.xlsx", xlsx({"5日": register("2026-11-05", visit("钱先生", "13800003333"))}), "2026-11-05 19:00")


def bring_one_again(home: Home) -> None:
    drop(home, "再交.xlsx", BOOK)


@pytest.mark.parametrize(
    "happen",
    [
        change_a_rule,
        change_a_workbook,
        lay_a_file_beside,
        lose_the_stamp,
        bring_a_workbook,
        bring_one_again,
        lambda home: (home.day(ON) / "经营汇总.xlsx").unlink(),
        lambda home: shutil.rmtree(home.outbox),
        lambda home: (home.outbox / "最新.html").unlink(),
        lambda home: (home.exports / "主档案.xlsx").unlink(),
        lambda home: (home.outbox / "2026-11-06").mkdir(),
    ],
)
def test_whatever_differs_the_day_is_drawn_again(home, happen):
    happen(home)
    before = drawn(home) if home.day(ON).exists() else 0
    run(home)

    assert before != drawn(home)
    assert {"经营汇总.xlsx", "运行报告.html"} < {path.name for path in home.day(ON).iterdir()}
    assert "mine.txt" not in {path.name for path in home.day(ON).iterdir()}


@pytest.mark.parametrize("said", [("undo",), ("erase", "13800003333", "--reason", "本人要求")])
def test_an_outbox_from_before_an_undo_or_an_erasure_does_not_stand(home, tmp_path, said):
    bring_a_workbook(home)
    run(home)
    kept = shutil.copytree(home.root, tmp_path / "before")
    daybook(home, *said)
    anew = lying(home)
    for room in ("outbox", "archive/exports", "archive/drawn"):
        shutil.rmtree(home.root / room)
        shutil.copytree(kept / room, home.root / room)
    old = lying(home)
    run(home)

    assert old != lying(home)
    assert anew == lying(home)


def test_on_the_next_day_what_falls_due_is_drawn(home):
    run(home, date(2026, 11, 6))

    assert (home.day(date(2026, 11, 6)) / "逾期跟进.xlsx").exists()
    assert "2026-11-06" in (home.outbox / "最新.html").read_text("utf-8")


def test_a_file_that_nobody_may_read_and_that_lies_there_every_night_is_nothing_new(home):
    (home.inbox / "~$登记.xlsx").write_bytes(b"lock")
    run(home)
    before = drawn(home)
    run(home)

    assert before == drawn(home)
    assert "~$登记.xlsx" in (home.day(ON) / "运行报告.html").read_text("utf-8")


def test_of_several_runs_the_last_word_on_a_file_counts(rules):
    def of(*verdicts: str) -> str:
        return drawn_from([], rules, [{"books": [{"path": "甲", "verdict": verdict}], "records": {}} for verdict in verdicts])  # fmt: skip

    assert of("waiting") == of("waiting", "waiting")
    assert of("waiting") != of("ignored")
    assert of("waiting", "ignored") != of("waiting", "ignored", "waiting")


def test_a_quiet_store_of_a_group_stands_too_and_its_roll_up_names_the_last_run(tmp_path):
    home = group_home(tmp_path / "home")
    hand_in(home, "城东")
    run(home)
    east = home.of("east")
    before = drawn(east)
    said = run(home)
    rollup = home.archive / "rollups" / ON.isoformat() / "east.json"

    assert before == drawn(east)
    assert f'"run": "{said["run"]}"' in rollup.read_text("utf-8")
    rollup.unlink()
    run(home)
    assert before != drawn(east)
    assert rollup.exists()
