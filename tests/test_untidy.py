"""One untidy register, drawn by hand and saved by LibreOffice in three formats: every line comes out as it was meant.

Two header rows with merges and line breaks, the date spelt out over the title, a sample line, phones as numbers and with dashes, a half-written
time, a full-width colon, a ditto mark, words in the phone column, numbered empty rows, a total, a legend, signatures, a second sheet of remarks.
"""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import pytest

from pipeline.examine import examine
from pipeline.read_book import read_book

FIXTURES = Path(__file__).parent / "fixtures"


@pytest.mark.parametrize("ending", ["xlsx", "xls", "ods"])
def test_an_untidy_register_saved_by_libreoffice_goes_through(rules, ending):
    path = FIXTURES / f"untidy_register_saved_by_libreoffice.{ending}"
    book = read_book(path.name, path.read_bytes(), datetime.fromisoformat("2026-11-05T18:00"))
    done = examine([book], rules, date(2026, 11, 5)).submissions[0]
    columns = (
        "customer_name",
        "phone",
        "captured",
        "visit_kind",
        "level",
        "arrived_at",
        "left_at",
        "consultant",
        "ordered",
        "refusal_reason",
    )

    assert "accepted" == done.verdict, [f.say for f in done.findings if f.level == "error"]
    assert {date(2026, 11, 5)} == {record.values["visited_on"] for record in done.records}
    assert [
        ("王先生", "13800001111", True, "first", "H", "09:30", "10:15", "李明", True, None),
        ("赵女士", "13800002222", True, "first", "A", "10:20", "10:50", "小王", False, None),
        ("川A12345", None, False, "return", None, "11:05", "11:20", "小王", False, "未留"),
        ("钱先生", None, False, "other", None, "13:00", "13:40", "李明", False, "提车"),
    ] == [tuple(record.values[name] for name in columns) for record in done.records]
