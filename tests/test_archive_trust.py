"""The archive takes a night once and whole, says when something is wrong with it, and lets nobody else look in."""

from __future__ import annotations

import sqlite3
import stat
from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import event

from pipeline.archive.commit import Night
from pipeline.archive.keep_archive import open_archive
from pipeline.errors import ArchiveError
from pipeline.merge import merge
from pipeline.rulebook.form import Kind
from pipeline.rulebook.rulebook import Rulebook
from tests.archives import CHEN, WANG, night, told
from tests.stories import at, record, tracker, workbook


@pytest.fixture
def in_file(tmp_path, rules):
    """An archive in its own file, for what is done to the file."""
    with open_archive(tmp_path, "default", rules) as opened:
        yield opened


def with_kinds(rules: Rulebook, **kinds: Kind) -> Rulebook:
    return Rulebook(
        **{name: getattr(rules, name) for name in Rulebook.model_fields} | {"core_kinds": {**rules.core_kinds, **kinds}}
    )


def test_a_night_already_in_goes_in_only_once(archive):
    book = workbook(1, tracker(archive.rules, WANG))
    night(archive, 5, book)

    again = archive.commit(Night("2026-11-05T213000", date(2026, 11, 5), at(120), "test"), [book], ())

    assert again is False
    assert len(archive.view(date(2026, 11, 5)).tables["submission"].rows) == 1


def test_a_night_that_fails_leaves_nothing_behind(archive):
    book = workbook(1, tracker(archive.rules, WANG))
    [change] = merge([book], archive.standing_for([book]), archive.rules)
    broken = replace(change, values={**change.values, "done_on": object()})

    with pytest.raises(ArchiveError):
        archive.commit(Night("n", date(2026, 11, 5), at(1), "test"), [book], [broken])

    assert archive.nights() == ()
    assert archive.known([book.sha256]) == {}


def test_a_night_cut_off_after_its_transaction_is_seen_as_unfinished(archive):
    book = workbook(1, tracker(archive.rules, WANG))
    archive.commit(Night("n", date(2026, 11, 5), at(1), "test"), [book], ())

    assert [row.status for row in archive.nights()] == ["committed"]
    assert archive.known([book.sha256])[book.sha256].status == "committed"
    archive.finish("n", at(2))
    assert [(row.status, row.finished_at) for row in archive.nights()] == [("done", at(2))]


def test_a_sound_archive_has_no_faults_and_a_changed_one_says_where(in_file, tmp_path):
    original = tmp_path / "archive" / "one.xlsx"
    original.write_bytes(b"x")
    book = workbook(1, tracker(in_file.rules, WANG))
    night(in_file, 5, book, originals={book.sha256: "archive/one.xlsx"})

    assert in_file.verify() == ("原件被改动过:archive/one.xlsx",)
    original.unlink()
    with sqlite3.connect(tmp_path / "archive" / "default.sqlite") as file:
        file.execute("UPDATE follow_up SET phone = '13800009999'")
    file.close()
    assert in_file.verify() == (
        "follow_up level_tracker|李明|138****1111|2026-11-06 第 1 版的内容与登记的校验值不符", "原件不见了:archive/one.xlsx"
    )  # fmt: skip


def test_a_night_looks_only_at_the_rows_of_its_own_sheets(in_file, tmp_path):
    night(in_file, 5, workbook(1, tracker(in_file.rules, WANG)))
    asked: list[str] = []
    event.listen(in_file.engine, "before_cursor_execute", lambda *said: asked.append(said[2]))
    in_file.standing_for([workbook(2, tracker(in_file.rules, CHEN))])

    with sqlite3.connect(tmp_path / "archive" / "default.sqlite") as file:
        plans = [
            file.execute(f"EXPLAIN QUERY PLAN {query}", ["x"] * query.count("?")).fetchall()
            for query in asked
            if "SELECT" in query and "EXISTS" not in query  # which kinds there are: a first row is enough
        ]
    file.close()

    assert 1 == sum("EXISTS" in query for query in asked)
    assert {"follow_up"} == {
        kind
        for kind in in_file.rules.kinds
        for query in asked
        if f"FROM {kind} " in query.replace("\n", " ") and "EXISTS" not in query
    }
    assert not [step for plan in plans for step in plan if "SCAN" in step[3] or "store=?)" in step[3]]


def test_the_archive_is_for_its_owner_only(in_file, tmp_path):
    night(in_file, 5, workbook(1, tracker(in_file.rules, WANG)))

    assert stat.S_IMODE((tmp_path / "archive").stat().st_mode) == 0o700
    assert stat.S_IMODE((tmp_path / "archive" / "default.sqlite").stat().st_mode) == 0o600


def test_a_form_added_by_the_clerk_gets_its_table_and_a_new_field_its_column(tmp_path, rules):
    with open_archive(tmp_path, "default", rules) as opened:
        night(opened, 5, workbook(1, tracker(rules, WANG)))
    follow_up = rules.core_kinds["follow_up"]
    grown = follow_up.model_copy(update={"columns": {**follow_up.columns, "mood": "text"}})
    loan = Kind(title="借阅", columns={"version": "text", "on": "date"}, key=("version",), dated=("on",))
    wider = with_kinds(rules, follow_up=grown, loan=loan)

    with open_archive(tmp_path, "default", wider) as opened:
        lent = record(wider, "loan", "file_loan", "s", version="31301", on=date(2026, 11, 6))
        again = workbook(25, tracker(wider, WANG))
        night(opened, 6, replace(again, records=(*again.records, lent)))

        tables = opened.view(date(2026, 11, 6)).tables
        assert told(tables["loan"], "version", "on") == [("31301", date(2026, 11, 6))]
        assert told(tables["follow_up"], "customer_name", "mood", "_run") == [("王志强", None, "2026-11-05T213000")]
        assert opened.verify() == ()


def test_a_field_that_changes_its_type_is_refused_before_anything_is_written(tmp_path, rules):
    open_archive(tmp_path, "default", rules).engine.dispose()
    visit = rules.core_kinds["visit"]
    other = visit.model_copy(update={"columns": {**visit.columns, "note": "date"}})

    with pytest.raises(ArchiveError, match="visit 的栏目 note 换了类型"):
        open_archive(tmp_path, "default", with_kinds(rules, visit=other))


def test_a_file_that_is_no_database_is_refused_with_a_remedy(tmp_path, rules):
    (tmp_path / "archive").mkdir()
    (tmp_path / "archive" / "default.sqlite").write_bytes(b"not a database, but long enough to look like one" * 40)

    with pytest.raises(ArchiveError, match="daybook verify"):
        open_archive(tmp_path, "default", rules)


def test_an_error_repeats_nobody_s_data(archive):
    with pytest.raises(ArchiveError) as caught, archive.transaction() as connection:
        connection.exec_driver_sql("INSERT INTO nowhere VALUES ('13800001111')")

    assert "13800001111" not in str(caught.value)


def test_a_store_s_name_cannot_leave_the_archive(tmp_path, rules):
    open_archive(tmp_path, "../成都 一店", rules).engine.dispose()

    assert [file.name for file in (tmp_path / "archive").glob("*.sqlite")] == ["_成都 一店.sqlite"]
