"""Traps 44 to 50 of real sheets: what other programs write into a file, files that are none, copies, encodings."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from pathlib import Path

import pytest

from pipeline.grid import Value
from tests.nights import rows, run, verdicts
from tests.packages import in_container, record, xls_stream
from tests.readings import REGISTER
from tests.sheets import grid
from tests.street import saved, take_in
from tests.workbooks import drop, new_home, register, visit, xlsx

FIXTURES = Path(__file__).parent.parent / "fixtures"
DAY = "| 日期 | 2026-11-05 |"
WANG = "| 1 | 王先生 | 13800001111 | H | 9:30 | 10:15 | 李明 | | 看车 |"
SHEET = saved(grid(DAY, REGISTER, WANG))


def edited(content: bytes, part: str, old: bytes, new: bytes) -> bytes:
    """Return the workbook with one piece of one part said otherwise."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as package, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as written:
        for name in package.namelist():
            data = package.read(name)
            assert name != part or old in data
            written.writestr(name, data.replace(old, new, 1) if name == part else data)
    return out.getvalue()


def text(lines: Sequence[str], separator: str = ",") -> str:
    """Return a drawn sheet as a text file holds it."""
    return "\r\n".join(separator.join(_plain(value) for value in row) for row in grid(*lines).rows) + "\r\n"


def _plain(value: Value) -> str:
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def test_trap_44_a_sheet_that_claims_to_be_one_cell_is_read_whole(rules):
    """WPS states the dimension A1:A1 → every cell is read."""
    content = edited(SHEET, "xl/worksheets/sheet1.xml", b'<dimension ref="A1:I3"', b'<dimension ref="A1:A1"')
    taken = take_in(rules, content)

    assert ("accepted", [("王先生", "看车")], ["I3"]) == (
        taken.verdict,
        taken.told("customer_name", "note"),
        taken.cells("note"),
    )


def test_trap_45_styles_that_stop_other_readers_do_not_matter(rules):
    """styles.xml with an empty `<fill/>` and an unknown number format → read all the same."""
    empty = edited(SHEET, "xl/styles.xml", b"<fill><patternFill/></fill>", b"<fill/>")
    taken = take_in(rules, edited(empty, "xl/styles.xml", b'numFmtId="0"', b'numFmtId="999"'))

    assert ("accepted", [("王先生", "13800001111", "09:30")]) == (
        taken.verdict,
        taken.told("customer_name", "phone", "arrived_at"),
    )


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("登记表.et", (FIXTURES / "untidy_register_saved_by_libreoffice.xls").read_bytes()),
        ("登记表.et", (FIXTURES / "untidy_register_saved_by_libreoffice.xlsx").read_bytes()),
        ("登记表.xls", (FIXTURES / "untidy_register_saved_by_libreoffice.xlsx").read_bytes()),
        ("登记表.xlsx", (FIXTURES / "untidy_register_saved_by_libreoffice.ods").read_bytes()),
        ("登记表", (FIXTURES / "untidy_register_saved_by_libreoffice.xls").read_bytes()),
    ],
    ids=["et that is xls", "et that is xlsx", "xls that is xlsx", "xlsx that is ods", "no ending"],
)
def test_trap_46_what_a_file_is_says_its_content_and_not_its_ending(rules, name, content):
    """`.et` of WPS (old container or zip), .xlsx named .xls → read by signature."""
    taken = take_in(rules, content, path=name)

    assert ("accepted", 4) == (taken.verdict, len(taken.told("customer_name")))


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("空.xls", b"", "book.empty"),
        ("半.xlsx", SHEET[:-300], "book.broken"),
        ("密.xlsx", in_container(b"x" * 5000, name="EncryptedPackage"), "book.password"),
        ("密.xls", in_container(xls_stream((0, 0, 1.0), before=record(0x2F, bytes(54)))), "book.password"),
        ("页.xls", b"<html><body><p>no table</p></body></html>", "book.not-a-workbook"),
    ],
    ids=["0 bytes", "half copied", "locked", "locked xls", "a web page"],
)
def test_trap_47_a_file_nobody_can_read_is_set_aside_with_the_reason(rules, name, content, reason):
    """0 bytes, half a file, a password, a web page saved as .xls → quarantined, the reason in words."""
    taken = take_in(rules, content, path=name)

    assert ("quarantined", reason) == (taken.verdict, taken.reason)


def test_trap_47_a_text_file_saved_as_xls_is_read(rules):
    """CSV in GBK under the name .xls → read."""
    taken = take_in(rules, text([DAY, REGISTER, WANG]).encode("gbk"), path="登记表.xls")

    assert ("accepted", [("王先生", "13800001111", "09:30")]) == (
        taken.verdict,
        taken.told("customer_name", "phone", "arrived_at"),
    )


def test_trap_47_lock_files_and_half_downloads_stay_where_they_are(tmp_path):
    """`~$登记表.xlsx`, `.tmp`, a file still growing → ignored or waiting, and listed."""
    home = new_home(tmp_path)
    for name in ("~$登记表.xlsx", "A1B2.tmp", "登记表.xlsx.part"):
        drop(home, name, b"x")
    drop(home, "登记表.xlsx", SHEET)
    said = run(home)

    assert {
        "登记表.xlsx": "accepted",
        "~$登记表.xlsx": "ignored",
        "A1B2.tmp": "ignored",
        "登记表.xlsx.part": "ignored",
    } == verdicts(said)
    assert {"~$登记表.xlsx", "A1B2.tmp", "登记表.xlsx.part"} == {place.name for place in home.inbox.iterdir()}


def test_trap_48_a_copy_of_a_file_is_a_duplicate_and_a_newer_version_wins_row_by_row(tmp_path):
    """`副本`, `(1)`: the same bytes → one hand-in; `最终版2` with other content → the newest row counts, the old one is kept."""
    home = new_home(tmp_path)
    first = xlsx({"Sheet1": register("2026-11-05", visit("王强"), visit("赵敏", "13800002222", "9:50"))})
    last = xlsx({"Sheet1": register("2026-11-05", visit("王强", note="试驾"), visit("赵敏", "13800002222", "9:50"))})
    for name, content, at in (
        ("登记表.xlsx", first, "17:00"),
        ("登记表 - 副本.xlsx", first, "17:10"),
        ("登记表(1).xlsx", first, "17:20"),
        ("登记表最终版2.xlsx", last, "17:30"),
        ("登记表 - 冲突.xlsx", first, "17:40"),
    ):
        drop(home, name, content, f"2026-11-05 {at}")
    said = run(home)

    assert {
        "登记表.xlsx": "accepted", "登记表 - 副本.xlsx": "duplicate", "登记表(1).xlsx": "duplicate",
        "登记表最终版2.xlsx": "accepted", "登记表 - 冲突.xlsx": "duplicate",
    } == verdicts(said)  # fmt: skip
    assert [("王强", "试驾"), ("赵敏", "看车")] == sorted(
        (row["customer_name"], row["note"]) for row in rows(home, "visit")
    )


@pytest.mark.parametrize("encoding", ["gbk", "gb18030", "utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("separator", [",", "\t", ";"])
def test_trap_49_a_text_file_is_read_in_whatever_encoding(rules, encoding, separator):
    """CSV in GBK, GB18030, UTF-8 with BOM, UTF-16 → the same record, addresses as Excel would show them."""
    taken = take_in(rules, text([DAY, REGISTER, WANG], separator).encode(encoding), path="登记表.csv")

    assert ("accepted", [("王先生", "13800001111", "09:30", "看车")], ["C3"]) == (
        taken.verdict,
        taken.told("customer_name", "phone", "arrived_at", "note"),
        taken.cells("phone"),
    )


def test_trap_49_characters_nobody_sees_are_taken_out(rules):
    """U+FEFF and U+200B inside a name, a label or a phone → gone."""
    head = REGISTER.replace("顾客名称", "\ufeff顾客\u200b名称")
    row = "| 1 | 王\u200b强\ufeff | 138\u200b00001111 | H | 9:30 | 10:15 | \u200b李明 | | 看车 |"
    taken = take_in(rules, grid(DAY, head, row))

    assert ("accepted", [("王强", "13800001111", "李明")]) == (
        taken.verdict,
        taken.told("customer_name", "phone", "consultant"),
    )


def test_trap_50_a_formula_without_its_value_is_said_and_never_taken_for_blank(rules):
    """A formula saved by a tool without its result → 无缓存值 at the cell; the row waits."""
    taken = take_in(rules, grid(DAY, REGISTER, WANG.replace("9:30", "=TIME(9,30,0)")))

    assert ("returned", [("cell.uncached", "error", "E3")]) == (taken.verdict, taken.slips())
