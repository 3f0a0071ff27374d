"""物业单元: what eighteen registers say of one unit, in one row, and what they contradict each other about."""

from __future__ import annotations

from typing import Any

import pytest

from pipeline.reports.registers import build
from pipeline.reports.registers_property import reckoned
from tests.told import view

PROFILES = """
    unit     | holder   | tenure | phone       | moved_in_on | lease_until | left_on
    19#-0201 | 钱进     | owner  | 13800001111 | 2013-01-01  |             |
    19#-0201 | 蓝天公司 | tenant | 13800002222 | 2025-12-01  | 11-30       |
    19#-0201 | 红日商行 | tenant | 13800007777 | 2024-01-01  | 2025-11-30  | 2025-11-30
    2#-501   | 赵敏     | owner  |             | 2013-05-02  |             |
"""


@pytest.fixture
def row_of(rules):
    """Return what the row of a unit says, blank cells left out."""

    def _row_of(on: str, unit: str, **tables: str) -> dict[str, Any]:
        (sheet,) = [each.sheet for each in reckoned(view(rules, on, **tables), rules)]
        heads = [column.name for column in sheet.tables[0].columns]
        (found,) = [row for row in sheet.tables[0].rows if unit in row[:2]]
        return {head: str(value) for head, value in zip(heads, found, strict=True) if value is not None}

    return _row_of


@pytest.fixture
def odd(rules):
    """Return what has to be looked at, its place left out."""

    def _odd(on: str, **tables: str) -> list[tuple[Any, ...]]:
        (sheet,) = [each.sheet for each in reckoned(view(rules, on, **tables), rules)]
        return [row[:-1] for row in sheet.tables[1].rows]

    return _odd


def test_a_unit_shows_its_owner_and_tenant_and_not_who_has_left(row_of):
    told = row_of("11-05", "19#-0201", property_profile=PROFILES)

    assert ("钱进(业主)、蓝天公司(租户)", "138****1111、138****2222") == (told["业主与租户"], told["电话"])
    assert ("2013-01-01", "2026-11-30") == (told["入伙日期"], told["租约到"])


def test_a_room_written_with_and_without_its_zero_is_one_unit(row_of):
    told = row_of(
        "11-05", "19#-0201", property_profile=PROFILES,
        property_user_card="unit | card_no | person\n 19#-201 | 17 | 孙丽\n 19#-0201 | 18 | 吴昊\n 19#-2010 | 19 | 郑爽",
    )  # fmt: skip

    assert "2" == told["身份卡"]


def test_units_stand_in_the_order_of_their_numbers(rules):
    (found,) = reckoned(view(rules, "11-05", property_profile=PROFILES), rules)

    assert ["2#-501", "19#-0201"] == [row[0] for row in found.sheet.tables[0].rows]


PASSES = {
    "property_parking_pass": """
    unit     | pass_no | valid_until | returned_on
    19#-0201 | 301     | 12-31       |
    19#-0201 | 302     | 11-20       |
    19#-0201 | 303     | 11-10       | 11-05
    """
}


def test_parking_shows_what_is_let_and_the_earliest_day_something_runs_out(row_of):
    told = row_of(
        "11-05", "19#-0201",
        property_parking="""
            unit     | space_no | state     | paid_until
            19#-0201 | B-012    | bought    |
            19#-0201 | B-013    | rented    | 12-31
            19#-0201 | B-014    | cancelled | 01-31
        """,
        **PASSES,
    )  # fmt: skip

    assert ("B-012 购买、B-013 租赁", "2026-12-31") == (told["车位"], told["车位费至"])
    assert ("301、302", "2026-11-20") == (told["停车证"], told["停车证至"])


ORDERS = {
    "property_phone_stock": "stock_phone | state | unit | rent_from\n 66002222 | rented | 商铺A12 | 2026-01-01",
    "property_phone_install": """
        unit     | applied_on | new_phone | done_on
        19#-0302 | 11-01      | 6600-1234 | 11-03
        19#-0302 | 11-04      | 66005678  |
    """,
    "property_phone_change": "unit | applied_on | old_phone | new_phone | done_on\n 19#-0302 | 11-04 | 66001234 | 66009876 | 11-05",
    "property_phone_move": "applied_on | moved_phone | from_unit | to_unit | done_on\n 11-02 | 66002222 | 商铺A12 | 19#-0303 | 11-04",
    "property_phone_transfer": "unit | applied_on | moved_phone | done_on\n 19#-0201 | 11-05 | 66009876 | 11-07",
}


@pytest.mark.parametrize(
    ("on", "where"),
    [
        ("11-03", {"商铺A12": "******22", "19#-0302": "*******34"}),
        ("11-05", {"19#-0303": "******22", "19#-0302": "******76"}),
        ("11-07", {"19#-0303": "******22", "19#-0201": "******76"}),
    ],
)
def test_a_number_follows_its_orders_from_unit_to_unit_once_they_are_done(rules, on, where):
    (found,) = reckoned(view(rules, on, **ORDERS), rules)
    place = [column.name for column in found.sheet.tables[0].columns].index("固定电话")

    assert where == {row[0]: row[place] for row in found.sheet.tables[0].rows if row[place]}


def test_keys_readings_and_events_of_a_unit_are_told_as_they_stand(row_of):
    told = row_of(
        "11-05", "19#-0201",
        property_key="""
            unit     | key_count | received_on | taken_on | key_taken | returned_on
            19#-0201 | 3         | 10-08       | 11-01    | lent      |
            19#-0201 | 3         | 10-08       | 10-20    | lent      | 10-21
            19#-0201 | 1         | 10-09       | 11-03    | withdrawn |
        """,
        property_meter="""
            unit     | read_on | water_reading | power_reading
            19#-0201 | 10-31   | 123.5         | 1204
            19#-0201 | 09-30   | 118           | 1100
            19#-0201 | 11-30   | 130           | 1300
        """,
        property_event="""
            unit     | happened_on | account | result
            19#-0201 | 11-03       | 漏水    | 已修
            19#-0201 | 11-04       | 争执    |
            19#-0201 | 2025-01-04  | 停电    |
        """,
        property_emergency="unit | contact | phone | night_phone\n 19#-0201 | 钱太太 | 13800004444 |\n 19#-0201 | 钱父 | | 66001235",
    )  # fmt: skip

    assert ("3 把,1 次未还", "水 123.5 电 1204", "2026-10-31", "2(1)", "钱太太 138****4444、钱父 ******35") == (
        told["代管钥匙"], told["水电底数"], told["抄表日期"], told["特殊事件"], told["紧急联络"],
    )  # fmt: skip


def test_a_reading_lower_than_the_one_before_is_asked_about_unless_the_meter_was_changed(odd):
    meters = """
        unit     | read_on | water_no | water_reading | power_no | power_reading
        19#-0201 | 09-30   | 12       | 118           | 7        | 1100
        19#-0201 | 10-31   | 12       | 108           | 8        | 5
    """

    assert [("水表底数变小", "19#-0201", "2026-09-30 118", "2026-10-31 108")] == odd("11-05", property_meter=meters)


def test_one_space_let_to_two_and_a_unit_without_its_customer_file_are_asked_about(odd):
    spaces = """
        unit     | holder | space_no | state
        19#-0201 | 钱进   | B-012    | cancelled
        19#-0201 | 钱进   | B-013    | rented
        3#-2-501 | 赵敏   | B-013    | bought
    """

    assert [
        ("一个车位两家", "B-013", "19#-0201、钱进", "3#-2-501、赵敏"),
        ("没有客户档案", "3#-2-501", None, None),
    ] == odd("11-05", property_parking=spaces, property_profile=PROFILES)


def test_two_estates_with_a_unit_of_one_number_are_two_units(rules):
    cards = "site | unit | card_no | person\n 东区 | 1#-101 | 1 | 孙丽\n 西区 | 1#-101 | 1 | 吴昊"
    (found,) = reckoned(view(rules, "11-05", property_user_card=cards), rules)

    assert [("东区", "1#-101"), ("西区", "1#-101")] == [row[:2] for row in found.sheet.tables[0].rows]


def test_where_one_estate_is_named_a_register_that_names_none_is_of_it(row_of):
    told = row_of(
        "11-05", "1#-101",
        property_user_card="site | unit | card_no | person\n 东区 | 1#-101 | 1 | 孙丽",
        property_bike="unit | tag_no | holder\n 1#-101 | 35 | 孙丽",
    )  # fmt: skip

    assert ("东区", "1", "1") == (told["管理处"], told["身份卡"], told["非机动车"])


def test_the_sheet_of_units_follows_the_registers_of_the_office_and_is_not_there_without_them(rules):
    report = build(view(rules, "11-05", property_profile=PROFILES), rules)

    assert ["物业", "物业单元", "物业客户"] == [sheet.name for sheet in report.sheets]
    assert () == reckoned(view(rules, "11-05"), rules)
