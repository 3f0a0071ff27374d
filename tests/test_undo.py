"""A night taken back is as though it had never been, except that the history remembers it; the same files again are taken in once."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from pipeline.archive.keep_archive import open_archive
from pipeline.archive.undo import packed, unpacked
from pipeline.cli.main import main
from pipeline.keep_home import Home
from pipeline.read_rules import read_rules
from tests.nights import rows, run, verdicts
from tests.workbooks import daily, drop, new_home, register, visit, xlsx

NIGHTS = {
    3: {"登记.xlsx": {"3": register("2026-11-03", visit(), visit("赵女士", "13800002222"))}},
    4: {
        "登记.xlsx": {
            "3": register("2026-11-03", visit(level="A"), visit("钱先生", "13800003333", "11:00", "11:20")),
            "4": register("2026-11-04", visit("周先生", "1380000")),
        },
        "李明/日报.xlsx": {
            "4": daily("2026-11-04", "李明", ("王先生", "13800001111", "回访", "H", "A", "看车"))
        },
    },
    5: {"登记.xlsx": {"3": register("2026-11-03", visit(level="A"), visit("赵女士", "13800002222"))}},
}  # fmt: skip


FILES = {day: {path: xlsx(sheets) for path, sheets in books.items()} for day, books in NIGHTS.items()}


@pytest.fixture(scope="module")
def evenings(tmp_path_factory):
    """The home on the morning before the 3rd and after each of the three nights, with what each night said."""
    home, folder = new_home(tmp_path_factory.mktemp("evenings") / "home", "李明"), tmp_path_factory.mktemp("after")
    kept: dict[int, tuple[Path, dict[str, Any]]] = {2: (shutil.copytree(home.root, folder / "2"), {})}
    for day in NIGHTS:
        said = night(home, day)
        kept[day] = shutil.copytree(home.root, folder / str(day)), said
    return kept


@pytest.fixture
def after(evenings, tmp_path):
    """The home after a night, to do with as a test likes, and what the night said."""

    def _after(day):
        root, said = evenings[day]
        return Home(shutil.copytree(root, tmp_path / "home")), said

    return _after


def night(home: Home, day: int):
    for path, content in FILES[day].items():
        drop(home, path, content, f"2026-11-{day:02} 18:00")
    return run(home, date(2026, 11, day))


def daybook(home: Home, *arguments: str):
    return CliRunner().invoke(main, ["--home", str(home.root), *arguments])


def shown(home: Home, day: int = 30):
    """Return everything the archive shows on a day, without the names of runs."""
    with open_archive(home.root, "default", read_rules(home.rules)) as archive:
        view = archive.view(date(2026, 11, day))
    hide = {"_run", "run"}
    return {
        kind: [tuple(value for name, value in zip(table.names, row, strict=True) if name not in hide) for row in table.rows]
        for kind, table in view.tables.items()
    }  # fmt: skip


def stood(home: Home):
    """Return what a later night would find standing, `_stated` and `_scope` included."""
    rules = read_rules(home.rules)
    with closing(sqlite3.connect(home.archive / "default.sqlite")) as file:
        return {
            kind: file.execute(
                f'SELECT _key, _version, _stated, _scope, _withdrawn FROM "{kind}" WHERE _current ORDER BY _key'  # noqa: S608
            ).fetchall()
            for kind in rules.kinds
        }


def outbox(home: Home):
    return {
        path.relative_to(home.outbox).as_posix(): path.read_bytes() for path in home.outbox.rglob("*") if path.is_file()
    }


@pytest.mark.parametrize("last", [3, 4, 5])
def test_a_night_and_its_undoing_leave_the_archive_and_the_outbox_as_they_were(after, last):
    home, _ = after(last - 1)
    before = shown(home), shown(home, last - 1), stood(home), outbox(home)
    night(home, last)
    assert before[0] != shown(home)
    result = daybook(home, "undo")

    assert 0 == result.exit_code, result.output
    assert before == (shown(home), shown(home, last - 1), stood(home), outbox(home))
    assert 0 == daybook(home, "verify").exit_code


@pytest.mark.parametrize("last", [3, 4, 5])
def test_the_files_of_an_undone_night_are_taken_in_again_and_once(after, last):
    home, _ = after(last)
    once = shown(home), outbox(home)
    daybook(home, "undo")
    said = night(home, last)

    assert "duplicate" not in verdicts(said).values()
    assert once[0] == shown(home)
    assert {"duplicate"} == set(verdicts(night(home, last)).values())
    assert once[0] == shown(home)
    assert 0 == daybook(home, "verify").exit_code


def test_a_night_that_only_said_the_same_again_is_undone_to_the_word_before(after):
    home, _ = after(3)
    before = stood(home)
    drop(home, "登记 再存.xlsx", xlsx({**NIGHTS[3]["登记.xlsx"], "说明": [["存过一次"]]}), "2026-11-06 18:00")
    run(home, date(2026, 11, 6))
    assert before != stood(home)
    daybook(home, "undo")

    assert before == stood(home)


def test_an_earlier_night_is_not_undone_alone_but_with_the_later_ones_whose_files_come_again(evenings, after, tmp_path):
    home, _ = after(5)
    never = Home(shutil.copytree(evenings[3][0], tmp_path / "never"))
    first, wrong = evenings[3][1], evenings[4][1]
    refused = daybook(home, "undo", wrong["run"])
    assert 3 == refused.exit_code
    assert "--with-later" in refused.output
    result = daybook(home, "undo", wrong["run"], "--with-later")

    assert 0 == result.exit_code, result.output
    assert ["登记.xlsx"] == [path.name for path in home.inbox.rglob("*.xlsx")]
    run(home, date(2026, 11, 5))
    night(never, 5)
    assert shown(never)["visit"] == shown(home)["visit"]
    assert stood(never).keys() == stood(home).keys()
    assert [each[2:] for each in stood(never)["visit"]] == [each[2:] for each in stood(home)["visit"]]
    assert first["run"] in daybook(home, "status").output


def test_what_was_undone_stays_in_the_history_and_says_so(after):
    home, _ = after(4)
    daybook(home, "undo")
    told = daybook(home, "history", "13800003333").output

    assert "那一夜已撤销" in told
    assert "已撤销" in daybook(home, "status").output
    assert [] == [row for row in rows(home, "visit") if row["phone"] == "13800003333"]


def test_an_undoing_cut_off_before_the_outbox_is_finished_when_typed_again(evenings, after):
    before = outbox(Home(evenings[3][0]))
    home, said = after(4)
    with open_archive(home.root, "default", read_rules(home.rules)) as archive:
        archive.undo(said["run"], datetime(2026, 11, 4, 22))
    assert before != outbox(home)
    assert 0 == daybook(home, "undo", said["run"]).exit_code

    assert before == outbox(home)


def test_a_run_nobody_knows_is_named_and_nothing_happens(evenings, after):
    assert 2 == daybook(Home(evenings[2][0]), "undo").exit_code
    home, _ = after(3)
    before = shown(home)
    result = daybook(home, "undo", "2026-01-01T000000")

    assert (2, before) == (result.exit_code, shown(home))
    assert "最近的" in result.output


def test_a_night_of_an_older_program_is_refused(after):
    home, _ = after(3)
    with closing(sqlite3.connect(home.archive / "default.sqlite")) as file:
        file.execute("UPDATE night SET schema_rev = 3")
        file.commit()
    result = daybook(home, "undo")

    assert 3 == result.exit_code
    assert "旧版本" in result.output


def test_the_undoing_is_noted_in_the_access_log(after):
    home, said = after(3)
    daybook(home, "undo")
    with closing(sqlite3.connect(home.archive / "default.sqlite")) as file:
        noted = file.execute("SELECT what, detail FROM access_log").fetchall()

    assert [("undo", f"{said['run']} 2 条")] == noted


def test_the_whole_home_copied_before_is_what_an_undone_home_reports(after, tmp_path):
    """What managers read after an undoing is what a home that never had the night writes."""
    home, _ = after(3)
    shutil.copytree(home.root, tmp_path / "twin")
    night(home, 4)
    daybook(home, "undo")
    twin = Home(tmp_path / "twin")
    for each in (home, twin):
        daybook(each, "report", "--on", "2026-11-03")

    assert outbox(twin) == outbox(home)


def test_what_stood_is_kept_in_few_bytes():
    many = [
        (f"level_tracker|李明|138{n:08}|2026-11-06", 1, "2026-11-05T18:00:00abc", "level_tracker|李明|2026-11")
        for n in range(1000)
    ]

    assert many == unpacked(packed(many))
    assert len(packed(many)) < 30 * len(many)
