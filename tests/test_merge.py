"""What a hand-in does to what stands, and the law that neither order nor number of nights matters."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.merge import merge
from pipeline.model import Change, Submission
from pipeline.rulebook.rulebook import Rulebook
from pipeline.standing import Cover, Key, Stand, Standing, covers_of, taken
from tests.stories import record, tracker, workbook

WANG = "王志强 13800001111 2026-11-06"
CHEN = "陈静 13800002222 2026-11-07"


class Ledger:
    """The plainest archive: what stands per key, and every cover that ever came."""

    def __init__(self, rules: Rulebook) -> None:
        self.rules = rules
        self.rows: dict[Key, Stand] = {}
        self.covers: dict[str, list[Cover]] = {}
        self.versions = 0

    def night(self, *submissions: Submission) -> tuple[Change, ...]:
        changes = merge(submissions, Standing("default", self.rows, self.covers), self.rules)
        for change in changes:
            self.take(change)
        for submission in taken(submissions):
            for cover in covers_of(submission, self.rules):
                self.covers.setdefault(cover.scope, []).append(cover)
        return changes

    def take(self, change: Change) -> None:
        key = (change.kind, change.key)
        stand = self.rows.get(key)
        if change.act == "unchanged" and not change.late:
            if stand is not None and change.stated > stand.stated:
                self.rows[key] = replace(stand, stated=change.stated, scope=change.scope)
            return
        self.versions += 1
        if change.late == "old":
            return
        assert stand is None or change.later >= stand.later
        self.rows[key] = Stand(
            kind=change.kind, key=change.key, scope=change.scope, values=change.values, form=change.form,
            part=change.part, submission_id=change.submission_id, sheet=change.sheet, row=change.row,
            cells=change.cells, stated=change.stated, later=change.later, withdrawn=change.act == "withdrawn",
        )  # fmt: skip

    @property
    def now(self) -> dict[Key, tuple[bool, tuple[object, ...]]]:
        return {key: (stand.withdrawn, tuple(stand.values.values())) for key, stand in sorted(self.rows.items())}


def acts(changes: Iterable[Change]) -> list[tuple[str, str, str]]:
    return [(change.act, str(change.values["customer_name"]), change.late) for change in changes]


def test_a_new_row_is_added_and_the_same_row_again_is_unchanged(rules):
    ledger = Ledger(rules)

    assert acts(ledger.night(workbook(1, tracker(rules, WANG)))) == [("added", "王志强", "")]
    assert acts(ledger.night(workbook(2, tracker(rules, WANG)))) == [("unchanged", "王志强", "")]
    assert ledger.versions == 1


def test_a_row_written_anew_is_amended_and_the_old_values_are_named(rules):
    ledger = Ledger(rules)
    ledger.night(workbook(1, tracker(rules, WANG)))

    [change] = ledger.night(workbook(2, tracker(rules, f"{WANG} 2026-11-06 来店看车")))

    assert (change.act, change.previous["note"], change.values["note"]) == ("amended", None, "来店看车")


def test_a_row_that_is_gone_from_the_next_hand_in_is_withdrawn_and_keeps_its_values(rules):
    ledger = Ledger(rules)
    ledger.night(workbook(1, tracker(rules, WANG, CHEN)))
    second = workbook(2, tracker(rules, CHEN))

    changes = ledger.night(second)

    assert acts(changes) == [("unchanged", "陈静", ""), ("withdrawn", "王志强", "")]
    assert changes[1].values["phone"] == "13800001111"
    assert changes[1].by == second.submission_id != changes[1].submission_id


def test_a_row_that_comes_back_stands_again(rules):
    ledger = Ledger(rules)
    ledger.night(workbook(1, tracker(rules, WANG)))
    ledger.night(workbook(2, tracker(rules)))

    assert acts(ledger.night(workbook(3, tracker(rules, WANG)))) == [("added", "王志强", "")]


def test_a_quiet_sheet_withdraws_what_stood_on_it(rules):
    ledger = Ledger(rules)
    ledger.night(workbook(1, tracker(rules, WANG)))

    assert acts(ledger.night(workbook(2, tracker(rules)))) == [("withdrawn", "王志强", "")]


def test_the_sheet_of_another_month_withdraws_nothing(rules):
    ledger = Ledger(rules)
    ledger.night(workbook(1, tracker(rules, WANG)))

    assert acts(ledger.night(workbook(2, tracker(rules, CHEN, month="2026-12")))) == [("added", "陈静", "")]


def test_a_plan_carried_to_next_month_is_not_taken_back_by_the_old_month(rules):
    ledger = Ledger(rules)
    ledger.night(workbook(1, tracker(rules, WANG)))
    ledger.night(workbook(2, tracker(rules, WANG, month="2026-12")))

    assert acts(ledger.night(workbook(3, tracker(rules)))) == []


def test_two_sheets_of_one_workbook_with_one_scope_are_one_hand_in(rules):
    ledger = Ledger(rules)
    ledger.night(workbook(1, tracker(rules, WANG, sheet="上半月"), tracker(rules, CHEN, sheet="下半月")))

    assert {withdrawn for withdrawn, _ in ledger.now.values()} == {False}


def test_a_held_row_keeps_what_stood_before_it_was_spoilt(rules):
    ledger = Ledger(rules)
    ledger.night(workbook(1, tracker(rules, WANG, CHEN)))

    assert acts(ledger.night(workbook(2, tracker(rules, held=[WANG])))) == [("withdrawn", "陈静", "")]


def test_a_phone_spoilt_today_is_known_by_the_name_of_yesterday(rules):
    ledger = Ledger(rules)
    ledger.night(workbook(1, tracker(rules, WANG, CHEN)))

    assert acts(ledger.night(workbook(2, tracker(rules, held=["王志强 - 2026-11-06"])))) == [("withdrawn", "陈静", "")]


def test_a_held_row_that_cannot_be_recognised_withdraws_nothing(rules):
    ledger = Ledger(rules)
    ledger.night(workbook(1, tracker(rules, WANG, CHEN)))

    assert acts(ledger.night(workbook(2, tracker(rules, held=["某先生"])))) == []


def test_a_held_row_of_an_unknown_day_withdraws_nothing_of_its_form(rules):
    lost = record(rules, "follow_up", "level_tracker", "", key="")
    ledger = Ledger(rules)
    ledger.night(workbook(1, tracker(rules, WANG)))

    assert ledger.night(replace(workbook(2, tracker(rules)), held=(lost,))) == ()


def test_a_returned_workbook_withdraws_nothing(rules):
    ledger = Ledger(rules)
    ledger.night(workbook(1, tracker(rules, WANG)))

    assert ledger.night(workbook(2, tracker(rules, held=[CHEN]), verdict="returned")) == ()


def test_an_older_sheet_that_comes_late_changes_nothing_and_is_kept_below(rules):
    ledger = Ledger(rules)
    ledger.night(workbook(5, tracker(rules, f"{WANG} - 新")))

    changes = ledger.night(workbook(1, tracker(rules, f"{WANG} - 旧")))

    assert acts(changes) == [("unchanged", "王志强", "old")]
    assert [values[-1] for _, values in ledger.now.values()] == ["新"]


def test_a_row_only_an_older_sheet_knows_enters_and_is_withdrawn_at_once(rules):
    ledger = Ledger(rules)
    newer = workbook(5, tracker(rules, CHEN))
    ledger.night(newer)

    changes = ledger.night(workbook(1, tracker(rules, WANG)))

    assert acts(changes) == [("added", "王志强", ""), ("withdrawn", "王志强", "")]
    assert changes[1].by == newer.submission_id


def test_a_value_said_again_since_stands_above_one_that_came_late(rules):
    ledger = Ledger(rules)
    ledger.night(workbook(1, tracker(rules, WANG)))
    ledger.night(workbook(5, tracker(rules, WANG)))

    changes = ledger.night(workbook(3, tracker(rules, f"{WANG} - 改过")))

    assert acts(changes) == [("unchanged", "王志强", "old"), ("unchanged", "王志强", "again")]
    assert changes[1].later > changes[0].later


def test_a_plan_carried_out_a_day_later_is_no_news_when_it_is_withdrawn(rules):
    ledger = Ledger(rules)
    ledger.night(workbook(1, tracker(rules, WANG, CHEN)))

    changes = ledger.night(workbook(2, tracker(rules, f"{WANG} 2026-11-08")))

    withdrawn = {
        str(change.values["customer_name"]): change.fulfilled for change in changes if change.act == "withdrawn"
    }
    assert withdrawn == {"王志强": True, "陈静": False}


def test_a_plan_moved_to_another_day_is_news(rules):
    ledger = Ledger(rules)
    ledger.night(workbook(1, tracker(rules, WANG)))

    changes = ledger.night(workbook(2, tracker(rules, "王志强 13800001111 2026-11-09")))

    assert [change.fulfilled for change in changes if change.act == "withdrawn"] == [False]


def test_a_field_the_archive_does_not_know_yet_changes_no_old_record(rules):
    ledger = Ledger(rules)
    ledger.night(workbook(1, tracker(rules, WANG)))
    ledger.rows = {
        key: replace(stand, values={name: value for name, value in stand.values.items() if name != "lost_to"})
        for key, stand in ledger.rows.items()
    }

    assert acts(ledger.night(workbook(2, tracker(rules, WANG)))) == [("unchanged", "王志强", "")]


def test_a_sale_without_vin_or_date_enters_under_what_it_has(rules):
    sale = record(rules, "deal", "customer_card", "s", key="", consultant="李明", phone="13800001111", model="途胜")

    changes = Ledger(rules).night(replace(workbook(1), records=(sale, replace(sale, order=6, row=6))))

    assert [change.key for change in changes] == ["李明|13800001111|", "李明|13800001111|#2"]


def test_every_change_says_which_cells_it_comes_from(rules):
    [change] = Ledger(rules).night(workbook(1, tracker(rules, WANG)))

    assert (change.sheet, change.row, change.cells["planned_on"]) == ("Sheet1", 5, "D5")
    assert change.values["planned_on"] == date(2026, 11, 6)


NAMES = st.sampled_from(["王志强 13800001111", "陈静 13800002222", "某先生 -"])
ROWS = st.builds(
    lambda name, day, note: f"{name} 2026-11-0{day} - {note}", NAMES, st.integers(6, 7), st.sampled_from(["甲", "乙"])
)
SHEETS = st.tuples(
    st.lists(ROWS, max_size=4, unique_by=lambda line: line[:-2]), st.lists(st.one_of(ROWS, NAMES), max_size=1),
    st.sampled_from(["2026-11", "2026-12"]),
)  # fmt: skip
BOOKS = st.lists(st.tuples(st.integers(0, 30), st.lists(SHEETS, min_size=1, max_size=2)), min_size=1, max_size=6)


def drawn(rules: Rulebook, books: Sequence[tuple[int, list[tuple[list[str], list[str], str]]]]) -> list[Submission]:
    return [
        workbook(hour, *(tracker(rules, *rows, held=held, month=month) for rows, held, month in sheets))
        for hour, sheets in books
    ]


@settings(max_examples=250, deadline=None)
@given(books=BOOKS, data=st.data())
def test_neither_order_nor_number_of_nights_changes_what_stands(rules, books, data):
    submissions = drawn(rules, books)
    at_once, by_night = Ledger(rules), Ledger(rules)
    at_once.night(*submissions)
    shuffled = data.draw(st.permutations(submissions))
    cuts = sorted(data.draw(st.sets(st.integers(1, len(shuffled)))) | {0, len(shuffled)})
    before = 0
    for start, end in pairwise(cuts):
        by_night.night(*shuffled[start:end])
        assert by_night.versions >= before
        before = by_night.versions

    assert at_once.now == by_night.now


@settings(max_examples=60, deadline=None)
@given(books=BOOKS)
def test_a_night_merged_twice_is_a_night_merged_once(rules, books):
    submissions = drawn(rules, books)
    ledger = Ledger(rules)
    ledger.night(*submissions)
    once = ledger.now

    ledger.night(*submissions)

    assert ledger.now == once
