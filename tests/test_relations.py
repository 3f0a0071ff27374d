"""三表一卡: the eight relations, each kept and each broken, drawn by hand."""

from __future__ import annotations

import pytest

from pipeline.facts.gather import gather
from pipeline.reconcile.relations import relations
from tests.told import day, view

REGISTER = "phone | visited_on | level | arrived_at | left_at | note"
DAILY = "phone | customer_name | worked_on | kind | level_after"
TRACKER = "phone | month | first_contact_on | opening_level"
CARD = "phone | first_contact_on | level"
CONTACT = "phone | form | planned_on | done_on | level_after | outcome | next_on | reached"
PLAN = "phone | customer_name | planned_on | made_on | kind"


def table(head: str, *lines: str) -> str:
    return "\n".join([head, *lines])


@pytest.fixture
def broken(rules):
    """Return (rule, day, customer, what is) of the gaps, on a day of November, of these rules."""

    def gaps(on: str, *asked: str, **tables: str) -> list[tuple[str, str, str]]:
        found, _ = relations(gather(view(rules, on, **tables), rules))
        return [(gap.rule, f"{gap.on:%m-%d}", gap.found) for gap in found if not asked or gap.rule in asked]

    return gaps


LISTED = {
    "prospect": table(TRACKER, "13800001111 | 2026-11 | 11-02 | A"),
    "customer": table(CARD, "13800001111 | 11-02 | A"),
}


# ── R1 ──


def test_a_row_of_the_register_with_times_note_and_name_is_whole(broken):
    visit = table(REGISTER, "13800001111 | 11-05 | A | 09:10 | 09:40 | 看车")

    assert [] == broken("11-05", "R1", visit=visit)


def test_a_row_without_leaving_time_and_note_is_not(broken):
    visit = table(REGISTER, "13800001111 | 11-05 | A | 09:10 | | ", "13800001111 | 11-04 | A | 09:10 | 09:20 | ")

    assert [("R1", "11-04", "没写注释"), ("R1", "11-05", "没写离店时间、注释")] == broken("11-05", "R1", visit=visit)


def test_last_month_s_register_is_no_business_of_this_month(broken):
    assert [] == broken("11-05", "R1", visit=table(REGISTER, "13800001111 | 10-31 | A | 09:10 | | "))


# ── R2, R3, R4 ──


@pytest.mark.parametrize(
    ("level", "missing"), [("H", "R2 R3 R4"), ("A", "R2 R3 R4"), ("B", "R2 R3 R4"), ("C", "R2 R4"), ("", "R4")]
)
def test_a_customer_who_left_a_phone_and_has_neither_card_nor_tracker_row_is_lost_sight_of(broken, level, missing):
    visit = table(REGISTER, f"13800001111 | 11-02 | {level} | 09:10 | 09:40 | 看车")

    assert missing.split() == [rule for rule, on, _ in broken("11-05", "R2", "R3", "R4", visit=visit) if on == "11-05"]


def test_card_back_and_tracker_together_keep_a_customer_in_sight(broken):
    visit = table(REGISTER, "13800001111 | 11-02 | A | 09:10 | 09:40 | 看车")

    assert [] == broken("11-05", "R2", "R3", "R4", visit=visit, **LISTED)


def test_for_c_the_card_back_alone_is_enough(broken):
    visit = table(REGISTER, "13800001111 | 11-02 | C | 09:10 | 09:40 | 看车")

    assert [] == broken("11-05", "R2", "R3", "R4", visit=visit, customer=table(CARD, "13800001111 | 11-02 | C"))


@pytest.mark.parametrize(
    ("outcome", "gaps"), [("ordered", ["R2", "R4"]), ("delivered", ["R2", "R4"]), ("lost", []), ("dormant", [])]
)
def test_who_bought_needs_the_card_front_and_who_is_lost_or_dormant_needs_nothing_more(broken, outcome, gaps):
    tables = {
        "visit": table(REGISTER, "13800001111 | 11-02 | A | 09:10 | 09:40 | 看车"),
        "follow_up": table(CONTACT, f"13800001111 | level_tracker | | 11-04 | | {outcome} | | true"),
    }
    front = {"deal": "phone | ordered_on\n13800001111 | 11-04"}

    assert gaps == [rule for rule, _, _ in broken("11-05", "R2", "R3", "R4", **tables)]
    assert [] == broken("11-05", "R2", "R3", "R4", **tables, **(front if gaps else {}))


def test_who_comes_for_repair_or_leaves_no_phone_is_nobody_to_track(broken):
    visit = "phone | customer_name | visited_on | visit_kind\n13800001111 | 王志强 | 11-02 | other\n | 李女士 | 11-02 | first"

    assert [] == broken("11-05", "R2", "R3", "R4", visit=visit)


# ── R5 ──

MET = table(REGISTER, "13800001111 | 11-05 | A | 09:10 | 09:40 | 看车")


def test_a_reception_that_stands_in_the_day_s_report_is_kept(broken):
    assert [] == broken("11-05", "R5", visit=MET, activity=table(DAILY, "13800001111 | 王志强 | 11-05 | reception | A"))


def test_a_reception_that_the_day_s_report_leaves_out_is_a_gap(broken):
    other = table(DAILY, "13800002222 | 陈小红 | 11-05 | reception | A")

    assert [("R5", "11-05", "没有写")] == broken("11-05", "R5", visit=MET, activity=other)


def test_a_day_without_any_report_is_missing_and_no_gap(broken):
    assert [] == broken("11-05", "R5", "R6", "R7", "R8", visit=MET)


def test_a_report_of_another_day_or_of_a_colleague_does_not_tell_of_it(broken):
    activity = f"{DAILY} | consultant\n13800001111 | 王志强 | 11-04 | reception | A | 李明\n | 别人 | 11-05 | other | | 李明\n13800001111 | 王志强 | 11-05 | reception | A | 陈静"

    assert [("R5", "11-05", "没有写")] == broken("11-05", "R5", visit=MET, activity=activity)


def test_a_stand_in_is_found_by_name_or_by_plate(broken):
    visit = "customer_name | plate | visited_on\n某先生 | | 11-05\n川A12345 | 川A12345 | 11-05\n某女士 | | 11-05"
    told = "customer_name | worked_on | kind\n某先生 | 11-05 | reception\n川A12345 | 11-05 | reception"
    silent = told.replace("川A12345", "川A54321")

    assert 1 == len(broken("11-05", "R5", visit=visit, activity=told))
    assert 2 == len(broken("11-05", "R5", visit=visit, activity=silent))


def test_a_report_without_the_number_tells_of_the_customer_by_name(broken):
    told = table(DAILY, " | 王志强 | 11-05 | reception | A")

    assert [] == broken("11-05", "R5", visit=MET, activity=told)


def test_a_visit_of_another_kind_is_no_reception(broken):
    visit = "phone | visited_on | visit_kind\n13800001111 | 11-05 | other"

    assert [] == broken("11-05", "R5", visit=visit, activity=table(DAILY, " | 别人 | 11-05 | other | "))


def test_a_level_that_moved_must_stand_in_the_report_and_one_that_stayed_need_not(broken):
    contacts = table(
        CONTACT,
        "13800001111 | level_tracker | | 11-04 | A | | | true",
        "13800001111 | level_tracker | | 11-05 | H | | | true",
    )
    quiet = table(DAILY, " | 别人 | 11-04 | other | ", " | 别人 | 11-05 | other | ")

    assert [("R5", "11-05", "没有写")] == broken("11-05", "R5", follow_up=contacts, activity=quiet, **LISTED)


def test_a_call_nobody_took_is_not_required(broken):
    contacts = table(CONTACT, "13800001111 | level_tracker | | 11-05 | H | | | false")

    assert [] == broken(
        "11-05", "R5", "R7", follow_up=contacts, activity=table(DAILY, " | 别人 | 11-05 | other | "), **LISTED
    )


# ── R6 ──

QUIET = "customer_name | worked_on | kind\n别人 | 11-04 | other\n别人 | 11-05 | other"
MADE = table(PLAN, "13800001111 | 王志强 | 11-05 | 11-04 | follow_up")


@pytest.mark.parametrize(
    "contact",
    [
        "13800001111 | level_tracker | 11-05 | | | | | ",
        "13800001111 | level_tracker | 11-05 | 11-05 | A | | | true",
        "13800001111 | customer_card | | 11-03 | A | | 11-05 | true",
    ],
)
def test_a_plan_must_stand_in_the_report_of_the_evening_before(broken, contact):
    tables = {**LISTED, "follow_up": table(CONTACT, contact), "activity": QUIET}

    assert [("R6", "11-05", "没有写")] == broken("11-05", "R6", **tables)
    assert [] == broken("11-05", "R6", **tables, plan=MADE)


@pytest.mark.parametrize(
    "later",
    [
        "13800001111 | customer_card | | 11-04 | A | | 11-12 | true",
        "13800001111 | customer_card | | 11-04 | | lost | | true",
    ],
)
def test_a_plan_that_was_overtaken_by_the_evening_before_is_not_asked_for(broken, later):
    contacts = table(CONTACT, "13800001111 | customer_card | | 11-03 | A | | 11-05 | true", later)

    assert [] == broken("11-05", "R6", follow_up=contacts, activity=QUIET, **LISTED)


def test_a_planned_call_made_early_leaves_no_plan(broken):
    contacts = table(CONTACT, "13800001111 | level_tracker | 11-05 | 11-04 | A | | | true")

    assert [] == broken("11-05", "R6", follow_up=contacts, activity=QUIET, **LISTED)


def test_tomorrow_s_plan_is_asked_for_today_and_that_of_the_day_after_is_not(broken):
    contacts = table(
        CONTACT,
        "13800001111 | level_tracker | 11-06 | | | | | ",
        "13800001111 | level_tracker | 11-07 | | | | | ",
    )

    assert [("R6", "11-06", "没有写")] == broken("11-05", "R6", follow_up=contacts, activity=QUIET, **LISTED)


def test_one_plan_on_tracker_and_card_is_asked_for_once(broken):
    contacts = table(
        CONTACT,
        "13800001111 | level_tracker | 11-05 | | | | | ",
        "13800001111 | customer_card | | 11-03 | A | | 11-05 | true",
    )

    assert 1 == len(broken("11-05", "R6", follow_up=contacts, activity=QUIET, **LISTED))


# ── R7 ──

BOTH = table(
    CONTACT,
    "13800001111 | level_tracker | | 11-05 | H | | | true",
    "13800001111 | customer_card | | 11-05 | H | | | true",
)


def test_a_contact_told_alike_by_card_tracker_and_report_is_kept(broken):
    told = table(DAILY, "13800001111 | 王志强 | 11-05 | follow_up | H")

    assert [] == broken("11-05", "R7", follow_up=BOTH, activity=told, **LISTED)


@pytest.mark.parametrize(
    ("contacts", "told", "found"),
    [
        (BOTH, "13800001111 | 王志强 | 11-05 | follow_up | A", "管理卡 H、推进表 H、日报 A"),
        (BOTH, " | 别人 | 11-05 | other | ", "管理卡 H、推进表 H、日报 没有"),
        (BOTH.replace("card | | 11-05 | H | ", "card | | 11-05 | | lost "), "13800001111 | 王志强 | 11-05 | follow_up | H", "管理卡 战败、推进表 H、日报 H"),
        (BOTH.rsplit("\n", 1)[0], "13800001111 | 王志强 | 11-05 | follow_up | H", "管理卡 没有、推进表 H、日报 H"),
        (CONTACT, "13800001111 | 王志强 | 11-05 | follow_up | ", "管理卡 没有、推进表 没有、日报 未写级别"),
    ],
)  # fmt: skip
def test_a_contact_that_one_form_tells_otherwise_or_lacks_is_a_gap(broken, contacts, told, found):
    assert [("R7", "11-05", found)] == broken("11-05", "R7", follow_up=contacts, activity=table(DAILY, told), **LISTED)


def test_a_level_left_blank_contradicts_nobody(broken):
    told = table(DAILY, "13800001111 | 王志强 | 11-05 | follow_up | ")

    assert [] == broken("11-05", "R7", follow_up=BOTH, activity=told, **LISTED)


def test_on_the_first_day_the_head_of_card_and_tracker_stands_for_the_contact(broken):
    told = table(DAILY, "13800001111 | 王志强 | 11-02 | reception | A")

    assert [] == broken("11-05", "R7", activity=told, **LISTED)


# ── R8 ──

OWNER = "phone | planned_on | done_on\n13800001111 | 11-04 | 11-05"


def test_an_owner_s_revisit_stands_in_plan_and_report_or_is_a_gap_each(broken):
    quiet = "customer_name | worked_on | kind\n别人 | 11-03 | other\n别人 | 11-05 | other"
    told = "phone | worked_on | kind\n13800001111 | 11-05 | owner_visit"
    plan = table(PLAN, "13800001111 | 王志强 | 11-04 | 11-03 | owner_visit")

    assert [("R8", "11-04", "没有写"), ("R8", "11-05", "没有写")] == broken(
        "11-05", "R8", owner_visit=OWNER, activity=quiet
    )
    assert [] == broken("11-05", "R8", owner_visit=OWNER, activity=told, plan=plan)


def test_a_gap_leads_to_the_cell_that_asks_and_to_the_report_that_is_silent(rules):
    found, _ = relations(
        gather(
            view(rules, "11-05", visit=MET, activity=table(DAILY, "13800002222 | 陈小红 | 11-05 | reception | A")),
            rules,
        )
    )
    gap = next(each for each in found if each.rule == "R5")

    assert ("李明", "王志强", day("11-05")) == (gap.consultant, gap.customer, gap.on)
    assert "visitor_register.xlsx › Sheet1" in str(gap.here)
    assert gap.there is not None
    assert "daily_activity.xlsx › Sheet1" in str(gap.there)
