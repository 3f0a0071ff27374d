"""What Daybook promises, kept alike by every engine: the embedded default, several processes, PostgreSQL, a Dask cluster (tests/offices.py)."""

from __future__ import annotations

import io

import openpyxl
import pytest

from tests.engines import few_forms
from tests.nights import verdicts
from tests.offices import (
    ARCHIVES,
    ENGINES,
    EVENING,
    FIFTH,
    FOURTH,
    LATER,
    THIRD,
    Office,
    blank,
    new_office,
    processes,
    sheets,
)

__all__ = ["blank", "new_office", "processes"]
EVENINGS = ((THIRD, EVENING), (FOURTH, EVENING), (FIFTH, EVENING), (FIFTH, LATER))
KINDS = ("visit", "activity", "plan")


@pytest.fixture(scope="session")
def embedded(tmp_path_factory):
    """An office that uses nothing but its own folder, after all its evenings, and what its nights said."""
    office = Office(few_forms(tmp_path_factory.mktemp("embedded") / "home"))
    return office, office.lived(*EVENINGS)


@pytest.fixture(scope="module")
def lived(new_office, embedded):
    """The same life on one of the engines."""
    office = new_office()
    return (office, office.lived(*EVENINGS)) if office.elsewhere else embedded


def names(rows) -> list[str]:
    return sorted(row["customer_name"] for row in rows)


def unnamed(office: Office, kind: str) -> list[dict[str, str]]:
    """Return what stands, whichever night brought it and in whichever of the workbooks that say it."""
    hidden = {"_run", "_submission", "_book"}
    return [{name: value for name, value in row.items() if name not in hidden} for row in office.exported(kind)]


def opened(office: Office, path: str) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(office.outbox()[path]))


def texts(office: Office, path: str, sheet: str) -> set[str]:
    return {
        str(cell.value) for row in opened(office, path)[sheet].iter_rows() for cell in row if cell.value is not None
    }


def test_each_workbook_has_one_verdict_and_leaves_the_inbox(lived):
    office, said = lived

    assert [
        {"前台/登记表.xlsx": "partial", "李明/日报.xlsx": "accepted", "前台/坏.xlsx": "quarantined"},
        {"前台/登记表.xlsx": "accepted", "李明/日报 (1).xlsx": "duplicate"},
        {"前台/登记表.xlsx": "accepted"},
        {"李明/日报5.xlsx": "accepted"},
    ] == [verdicts(said[evening]) for evening in EVENINGS]
    assert not [path for path in office.home.inbox.rglob("*") if path.is_file()]


def test_a_wrong_cell_holds_its_row_alone_and_comes_back_marked(lived):
    office, said = lived
    copy = opened(office, "2026-11-03/退回/前台/登记表.xlsx")

    assert (1, 1) == tuple(said[THIRD, EVENING]["records"]["visit"][count] for count in ("added", "held"))
    assert ["C5"] == [str(area.sqref) for area in copy["3日"].conditional_formatting]
    assert "退回说明" in copy.sheetnames
    assert "2026-11-03/退回/前台/坏.xlsx.说明.txt" in office.outbox()


def test_put_right_it_goes_in_and_a_row_that_is_gone_is_withdrawn_and_told(lived):
    office, said = lived
    counts = [said[evening]["records"]["visit"] for evening in EVENINGS[1:3]]

    assert [(2, 1, 0), (0, 0, 1)] == [
        tuple(count[what] for what in ("added", "amended", "withdrawn")) for count in counts
    ]
    assert ["周先生", "孙女士"] == names(office.exported("visit"))
    assert {"孙女士", "周先生", "王先生"} == set(names(office.exported("visit", "--all-versions")))
    assert "2026-11-04/退回/前台/登记表.xlsx" not in office.outbox()
    assert "王先生" in " ".join(texts(office, "2026-11-05/经营汇总.xlsx", "修改记录"))


def test_every_original_is_kept_byte_for_byte(lived):
    office, _ = lived
    kept = {
        path.read_bytes()
        for room in ("originals", "quarantine")
        for path in (office.home.archive / room).rglob("*")
        if path.is_file()
    }

    assert {content for evening in EVENINGS for content in sheets(*evening).values()} == kept


def test_a_day_gone_by_is_shown_as_it_stood_then_and_its_reports_come_out_as_they_were(lived):
    office, _ = lived
    before = office.outbox()
    office.told("report", "--on", "2026-11-03")

    assert before == office.outbox()
    assert ["王先生"] == names(office.exported("visit", "--on", "2026-11-03"))


def test_a_customer_is_told_in_order_of_time_and_a_record_leads_back_to_its_cells(lived):
    office, _ = lived
    history, trace = office.told("history", "13800003333"), office.told("trace", "visit", "15:00", "13800003333")

    assert history.index("2026-11-04") < history.index("2026-11-05")
    assert "前台/登记表.xlsx" in trace
    assert "4日" in trace


def test_the_archive_is_what_its_originals_say(lived):
    office, _ = lived

    assert "档案完好,和原件重读的一模一样" in office.told("verify", "--rebuild")


@pytest.mark.parametrize("new_office", ENGINES[1:], indirect=True)
def test_everything_is_byte_for_byte_what_the_embedded_default_makes(lived, embedded):
    office, said = lived
    twin, its = embedded

    assert its == said
    assert twin.outbox() == office.outbox()
    assert [twin.exported(kind) for kind in KINDS] == [office.exported(kind) for kind in KINDS]


def test_nights_one_by_one_end_as_one_night_for_all_that_came(new_office, lived):
    nightly, _ = lived
    at_once = new_office()
    for number, evening in enumerate(EVENINGS):
        at_once.hand_in(*evening, folder=f"第{number}晚/")
    at_once.night(FIFTH, LATER)

    assert [unnamed(nightly, kind) for kind in KINDS] == [unnamed(at_once, kind) for kind in KINDS]


def test_a_dry_run_says_the_same_and_writes_nothing(new_office):
    office = new_office()
    office.hand_in(THIRD)
    before = office.files()
    foretold = office.night(THIRD, dry_run=True)

    assert before == office.files()
    assert foretold == office.night(THIRD)


@pytest.mark.parametrize("new_office", ARCHIVES, indirect=True)  # what reads the workbooks has no part in it
def test_a_night_taken_back_and_run_again_is_as_if_it_had_run_once_and_an_erased_customer_is_told_no_more(new_office):
    office = new_office()
    office.lived((THIRD, EVENING), (FOURTH, EVENING))
    before = unnamed(office, "visit"), unnamed(office, "activity")
    office.told("undo")

    assert ["王先生"] == names(office.exported("visit"))
    office.hand_in(FOURTH)
    office.night(FOURTH, LATER)
    assert before == (unnamed(office, "visit"), unnamed(office, "activity"))

    office.told("erase", "13800002222", "--reason", "本人要求")
    assert ["周先生", "王先生"] == names(office.exported("visit"))
    assert "孙女士" not in office.told("history", "13800002222")
    assert "王先生" in office.told("history", "13800001111")
    office.told("verify", "--rebuild")
