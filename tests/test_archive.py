"""The archive keeps every version, shows any day again, and says when something is wrong with it."""

from __future__ import annotations

import sqlite3
import stat
from collections.abc import Sequence
from datetime import date

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import event

from pipeline.archive.commit import Night
from pipeline.archive.keep_archive import Archive, open_archive
from pipeline.errors import ArchiveError
from pipeline.merge import merge
from pipeline.model import Finding, Rowset, Submission
from pipeline.rulebook.form import Kind
from pipeline.rulebook.rulebook import Rulebook
from tests.stories import at, record, tracker, workbook
from tests.test_merge import BOOKS, drawn

WANG = "王志强 13800001111 2026-11-06"
CHEN = "陈静 13800002222 2026-11-07"


@pytest.fixture
def archive(tmp_path, rules):
    with open_archive(tmp_path, "default", rules) as opened:
        yield opened


def night(archive: Archive, day: int, *submissions: Submission, originals: dict[str, str] | None = None) -> None:
    ran = Night(f"2026-11-{day:02}T213000", date(2026, 11, day), at(24 * day), "test")
    changes = merge(submissions, archive.standing_for(submissions), archive.rules)
    assert archive.commit(ran, submissions, changes, originals or {})
    archive.finish(ran.night_id, at(24 * day + 1))


def with_kinds(rules: Rulebook, **kinds: Kind) -> Rulebook:
    return Rulebook(
        **{name: getattr(rules, name) for name in Rulebook.model_fields} | {"core_kinds": {**rules.core_kinds, **kinds}}
    )


def names(rowset: Rowset, column: str = "customer_name") -> list[object]:
    place = rowset.names.index(column)
    return sorted(row[place] for row in rowset.rows)


def told(rowset: Rowset, *columns: str) -> list[tuple[object, ...]]:
    return [tuple(row[rowset.names.index(column)] for column in columns) for row in rowset.rows]


def test_what_is_put_in_comes_out_with_its_cells_book_and_original(archive):
    book = workbook(1, tracker(archive.rules, f"{WANG} 2026-11-06 看车"))
    night(archive, 5, book, originals={book.sha256: "archive/originals/2026/11/x.xlsx"})

    rows = archive.view(date(2026, 11, 5)).tables["follow_up"]

    [row] = told(
        rows, "done_on", "phone", "note", "reached", "_book", "_sheet", "_row", "_original", "_run", "_received"
    )
    assert row == (
        date(2026, 11, 6), "13800001111", "看车", None, "李明/推进表.xlsx", "Sheet1", 5,
        "archive/originals/2026/11/x.xlsx", "2026-11-05T213000", at(1),
    )  # fmt: skip
    assert rows.rows[0][rows.names.index("_cells")]["phone"] == "C5"


def test_every_type_of_field_comes_back_as_it_went_in(archive):
    visit = record(
        archive.rules, "visit", "visitor_register", "s", visited_on=date(2026, 11, 5), arrived_at="09:30", captured=True,
        ordered=False, party_size=2, stay_minutes=45, consultant="李明", customer_name="=1+1", note="①\n第二行",
    )  # fmt: skip
    deal = record(
        archive.rules, "deal", "customer_card", "s", consultant="李明", phone="13800001111", vin="V", price=158000.5
    )
    book = workbook(1)
    night(archive, 5, Submission(**{**vars(book), "records": (visit, deal)}))

    tables = archive.view(date(2026, 11, 5)).tables

    wanted = ("captured", "ordered", "party_size", "arrived_at", "visited_on", "customer_name", "note", "test_driven")
    assert told(tables["visit"], *wanted) == [(True, False, 2, "09:30", date(2026, 11, 5), "=1+1", "①\n第二行", None)]
    assert told(tables["deal"], "price") == [(158000.5,)]


def test_a_day_gone_by_is_shown_as_it_stood_then(archive):
    night(archive, 5, workbook(1, tracker(archive.rules, WANG, CHEN)))
    night(archive, 6, workbook(25, tracker(archive.rules, f"{WANG} 2026-11-06 看车")))

    before, after = archive.view(date(2026, 11, 5)).tables, archive.view(date(2026, 11, 6)).tables

    assert told(before["follow_up"], "customer_name", "note") == [("王志强", None), ("陈静", None)]
    assert told(after["follow_up"], "customer_name", "note") == [("王志强", "看车")]
    assert names(archive.view(date(2026, 11, 4)).tables["follow_up"]) == []
    assert archive.view(date(2026, 11, 30)).tables["follow_up"].rows == after["follow_up"].rows


def test_the_manager_hears_of_amended_and_withdrawn_records_once_the_next_day(archive):
    night(archive, 5, workbook(1, tracker(archive.rules, WANG, CHEN)))
    night(archive, 6, workbook(25, tracker(archive.rules, f"{WANG} - 甲")))
    night(archive, 7, workbook(49, tracker(archive.rules, f"{WANG} - 甲")))

    change = archive.view(date(2026, 11, 6)).tables["change"]

    values, previous = change.names.index("values"), change.names.index("previous")
    said = [(row[0], row[values]["customer_name"], row[previous]["note"], row[values]["note"]) for row in change.rows]
    assert said == [("amended", "王志强", None, "甲"), ("withdrawn", "陈静", None, None)]
    assert told(change, "received", "book", "fulfilled") == [(at(25), "李明/推进表.xlsx", False)] * 2
    assert archive.view(date(2026, 11, 7)).tables["change"].rows == []
    assert archive.view(date(2026, 11, 5)).tables["change"].rows in ((), [])


def test_two_corrections_of_one_evening_are_told_as_one_change(archive):
    night(archive, 5, workbook(1, tracker(archive.rules, WANG)))
    for hour, note in ((25, "甲"), (26, "乙")):
        submission = workbook(hour, tracker(archive.rules, f"{WANG} - {note}"))
        ran = Night(f"2026-11-06T{hour}", date(2026, 11, 6), at(hour), "test")
        archive.commit(ran, [submission], merge([submission], archive.standing_for([submission]), archive.rules))

    [row] = archive.view(date(2026, 11, 6)).tables["change"].rows

    assert (row[4]["note"], row[3]["note"]) == (None, "乙")


def test_the_view_tells_who_handed_in_what_and_what_was_said_of_it(archive):
    said = Finding("phone.two", "warning", "李明/推进表.xlsx", "Sheet1", "C5", "电话", "1", "2", "一句话", who="李明")
    night(archive, 5, workbook(1, tracker(archive.rules, WANG, held=[CHEN]), findings=(said,), verdict="partial"))

    tables = archive.view(date(2026, 11, 5)).tables

    wanted = ("form", "covers", "book", "received", "on", "verdict", "records", "held")
    covers = {"consultant": "李明", "month": "2026-11"}
    assert told(tables["hand_in"], *wanted) == [
        ("level_tracker", covers, "李明/推进表.xlsx", at(1), date(2026, 11, 5), "partial", 1, 1)
    ]
    assert told(tables["finding"], "code", "cell", "who", "say", "verdict") == [
        ("phone.two", "C5", "李明", "一句话", "partial")
    ]
    assert told(tables["submission"], "book", "verdict", "run") == [
        ("李明/推进表.xlsx", "partial", "2026-11-05T213000")
    ]


def test_a_night_already_in_goes_in_only_once(archive):
    book = workbook(1, tracker(archive.rules, WANG))
    night(archive, 5, book)

    again = archive.commit(Night("2026-11-05T213000", date(2026, 11, 5), at(120), "test"), [book], ())

    assert again is False
    assert len(archive.view(date(2026, 11, 5)).tables["submission"].rows) == 1


def test_a_night_that_fails_leaves_nothing_behind(archive):
    book = workbook(1, tracker(archive.rules, WANG))
    [change] = merge([book], archive.standing_for([book]), archive.rules)
    broken = type(change)(**{**vars(change), "values": {**change.values, "done_on": object()}})

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


def test_the_same_bytes_are_known_with_their_first_path_and_day(archive):
    book = workbook(1, tracker(archive.rules, WANG))
    night(archive, 5, book)

    known = archive.known([book.sha256, "f" * 64])

    assert [(each.path, each.on, each.verdict) for each in known.values()] == [
        ("李明/推进表.xlsx", date(2026, 11, 5), "accepted")
    ]


def test_a_workbook_returned_for_want_of_a_rule_may_come_again_unchanged(archive):
    book = workbook(1, tracker(archive.rules, WANG))
    night(archive, 5, Submission(**{**vars(book), "verdict": "quarantined", "records": (), "hand_ins": ()}))
    night(archive, 6, book)

    assert names(archive.view(date(2026, 11, 6)).tables["follow_up"]) == ["王志强"]
    assert archive.known([book.sha256])[book.sha256].verdict == "accepted"


def test_a_record_is_traced_through_all_its_versions(archive):
    night(archive, 5, workbook(1, tracker(archive.rules, WANG), path="甲.xlsx"))
    night(archive, 6, workbook(25, tracker(archive.rules, f"{WANG} - 乙"), path="乙.xlsx"))
    night(archive, 7, workbook(49, tracker(archive.rules)))

    versions = archive.trace("follow_up", "level_tracker|李明|13800001111|2026-11-06")

    assert told(versions, "_version", "note", "_withdrawn", "_book") == [
        (1, None, False, "甲.xlsx"), (2, "乙", False, "乙.xlsx"), (3, "乙", True, "乙.xlsx")
    ]  # fmt: skip


def test_the_history_of_a_kind_lists_every_version_with_its_book(archive):
    night(archive, 5, workbook(1, tracker(archive.rules, WANG, CHEN), path="甲.xlsx"))
    night(archive, 6, workbook(25, tracker(archive.rules, f"{WANG} - 乙"), path="乙.xlsx"))

    versions = archive.versions("follow_up")

    assert told(versions, "customer_name", "note", "_version", "_current", "_book") == [
        ("王志强", None, 1, False, "甲.xlsx"), ("王志强", "乙", 2, True, "乙.xlsx"),
        ("陈静", None, 1, False, "甲.xlsx"), ("陈静", None, 2, True, "甲.xlsx"),
    ]  # fmt: skip


def test_counts_leave_out_what_was_withdrawn(archive):
    night(archive, 5, workbook(1, tracker(archive.rules, WANG, CHEN)))
    night(archive, 6, workbook(25, tracker(archive.rules, CHEN)))

    assert archive.counts()["follow_up"] == 1
    assert archive.counts()["visit"] == 0


def test_a_sound_archive_has_no_faults_and_a_changed_one_says_where(archive, tmp_path):
    original = tmp_path / "archive" / "one.xlsx"
    original.write_bytes(b"x")
    book = workbook(1, tracker(archive.rules, WANG))
    night(archive, 5, book, originals={book.sha256: "archive/one.xlsx"})

    assert archive.verify() == ("原件被改动过:archive/one.xlsx",)
    original.unlink()
    with sqlite3.connect(tmp_path / "archive" / "default.sqlite") as file:
        file.execute("UPDATE follow_up SET phone = '13800009999'")
    file.close()
    assert archive.verify() == (
        "follow_up level_tracker|李明|13800001111|2026-11-06 第 1 版的内容与登记的校验值不符", "原件不见了:archive/one.xlsx"
    )  # fmt: skip


def test_a_night_looks_only_at_the_rows_of_its_own_sheets(archive, tmp_path):
    night(archive, 5, workbook(1, tracker(archive.rules, WANG)))
    asked: list[str] = []
    event.listen(archive.engine, "before_cursor_execute", lambda *said: asked.append(said[2]))
    archive.standing_for([workbook(2, tracker(archive.rules, CHEN))])

    with sqlite3.connect(tmp_path / "archive" / "default.sqlite") as file:
        plans = [
            file.execute(f"EXPLAIN QUERY PLAN {query}", ["x"] * query.count("?")).fetchall()
            for query in asked
            if "SELECT" in query
        ]
    file.close()

    assert len(plans) > len(archive.rules.kinds)
    assert not [step for plan in plans for step in plan if "SCAN" in step[3] or "store=?)" in step[3]]


def test_the_archive_is_for_its_owner_only(archive, tmp_path):
    night(archive, 5, workbook(1, tracker(archive.rules, WANG)))

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
        night(opened, 6, Submission(**{**vars(again), "records": (*again.records, lent)}))

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


def test_an_archive_of_a_newer_program_is_refused(tmp_path, rules):
    open_archive(tmp_path, "default", rules).engine.dispose()
    with sqlite3.connect(tmp_path / "archive" / "default.sqlite") as file:
        file.execute("UPDATE meta SET value = '99' WHERE name = 'schema_rev'")
    file.close()

    with pytest.raises(ArchiveError, match="更新的程序"):
        open_archive(tmp_path, "default", rules)


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


def standing(archive: Archive) -> list[tuple[object, ...]]:
    return told(archive.view(date(2026, 11, 30)).tables["follow_up"], "_key", "planned_on", "done_on", "note")


# Two archives on disk per example: a failing one is told as drawn, for shrinking it would take minutes.
@settings(max_examples=12, deadline=None, phases=[Phase.explicit, Phase.reuse, Phase.generate])
@given(books=BOOKS, data=st.data())
def test_one_night_or_ten_in_any_order_end_in_the_same_archive(tmp_path_factory, rules: Rulebook, books, data):
    submissions: Sequence[Submission] = list({each.sha256: each for each in drawn(rules, books)}.values())
    folder = tmp_path_factory.mktemp("law")
    with open_archive(folder, "once", rules) as once, open_archive(folder, "nightly", rules) as nightly:
        night(once, 1, *submissions)
        for day, submission in enumerate(data.draw(st.permutations(submissions)), start=1):
            night(nightly, day, submission)

        assert standing(once) == standing(nightly)
        assert once.verify() == nightly.verify() == ()
        latest = nightly.view(date(2026, 11, len(submissions)))
        night(nightly, 28)
        assert (
            nightly.view(date(2026, 11, len(submissions))).tables["follow_up"].rows == latest.tables["follow_up"].rows
        )
