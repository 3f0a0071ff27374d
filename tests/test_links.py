"""From a figure to its list and from the list to the cell somebody wrote: every link of a morning's workbooks is followed."""

from __future__ import annotations

from pathlib import Path, PureWindowsPath
from urllib.parse import unquote

import openpyxl
import pytest

from pipeline.keep_home import Home
from tests.nights import run
from tests.workbooks import drop, new_home, register, visit, xlsx


@pytest.fixture(scope="module")
def morning(tmp_path_factory) -> Home:
    """A home after a night with one register: a phone left weeks ago and never called, and a visitor who left none."""
    home = new_home(tmp_path_factory.mktemp("links") / "home")
    drop(home, "前台/来店 登记#1.xlsx", xlsx({
        "10月 1日": register("2026-10-01", visit("王先生", "13800001111")),
        "5日": register("2026-11-05", visit("赵女士", "不愿留", "10:05", "10:20")),
    }))  # fmt: skip
    run(home)
    return home


def followed(book: Path) -> list[tuple[str, str, Path, str, str]]:
    """Return sheet, cell, and where the link leads: file, sheet, cell."""
    found = []
    for sheet in openpyxl.load_workbook(book):
        for cell in (cell for row in sheet for cell in row):
            link = cell.hyperlink
            if link is None:
                continue
            target = PureWindowsPath(unquote(link.target or "")).as_posix()
            file = (book.parent / target).resolve() if link.target else book
            name, _, place = (link.location or "").rpartition("!")
            found.append((sheet.title, cell.coordinate, file, name.strip("'"), place))
    return found


def books(home: Home) -> list[Path]:
    return sorted((home.outbox / "2026-11-05").glob("*.xlsx"))


def test_every_link_of_a_morning_leads_to_a_file_and_a_sheet_there_is(morning):
    led = [(book.name, *link) for book in books(morning) for link in followed(book)]
    sheets = {file: openpyxl.load_workbook(file).sheetnames for file in {link[3] for link in led}}

    assert {"originals", "2026-11-05"} <= {part for file in sheets for part in file.parts}
    assert [] == [link for link in led if link[4] not in sheets[link[3]]]


def test_the_overdue_customers_row_leads_to_the_phone_as_it_was_written(morning):
    links = followed(morning.outbox / "2026-11-05" / "逾期跟进.xlsx")
    file, sheet, place = next(link[2:] for link in links if link[0] == "逾期" and "archive" in link[2].parts)
    row = openpyxl.load_workbook(file)[sheet][int("".join(filter(str.isdigit, place)))]

    assert "10月 1日" == sheet
    assert {"王先生", "13800001111"} <= {str(cell.value) for cell in row}


def test_the_covers_overdue_card_leads_to_the_overdue_list(morning):
    links = followed(morning.outbox / "2026-11-05" / "经营汇总.xlsx")

    assert (morning.outbox / "2026-11-05" / "逾期跟进.xlsx", "逾期", "A1") in [
        link[2:] for link in links if link[0] == "概览"
    ]
