"""Whatever program saved it and whatever its ending says, a workbook says the same: values, errors, what is hidden, notes, locks."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import msoffcrypto.format.ooxml
import openpyxl
import pytest
import xlsxwriter

from pipeline.examine import examine
from pipeline.grid import Book, Grid, Unreadable
from pipeline.model import Submission
from pipeline.read_book import read_book
from pipeline.write_returned import returned_copy
from tests.packages import RECEIVED, biff5_stream, cell, in_container, ods, record, rewritten, xls_stream, xlsx, zipped

FIXTURES = Path(__file__).parent / "fixtures"
NOTED = "register_with_errors_notes_and_a_filter_saved_by_libreoffice"
_OOXML = "http://schemas.openxmlformats.org/"


def grids(content: bytes, path: str = "李明/登记表.xlsx") -> tuple[Grid, ...]:
    """Return the sheets of a workbook, which must be readable."""
    book = read_book(path, content, RECEIVED)
    assert isinstance(book, Book), book
    return book.grids


def refusal(content: bytes, path: str = "登记表.xlsx") -> str:
    """Return why a file is refused."""
    book = read_book(path, content, RECEIVED)
    assert isinstance(book, Unreadable)
    return book.reason


def saved(fill: Callable[[openpyxl.Workbook], None]) -> bytes:
    """Return a workbook as openpyxl saves it."""
    book = openpyxl.Workbook()
    fill(book)
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


@pytest.mark.parametrize("ending", ["xlsx", "xls", "ods"])
def test_libreoffice_s_errors_hidden_lines_and_notes_are_told_alike_in_every_format_35_42(ending):
    shown, aside = grids((FIXTURES / f"{NOTED}.{ending}").read_bytes())

    assert {(4, 11): "#DIV/0!", (6, 11): "#N/A"} == shown.faults  # the formula that answers "" is none of them
    assert ([4], [5]) == (sorted(shown.hidden_rows), sorted(shown.hidden_columns))
    assert {(3, 1): "老客户", (5, 2): "不愿留", (6, 4): "整行只有批注"} == shown.notes
    assert (1.0, "王先生", 13800001111.0, 45.0) == tuple(round(v, 6) if isinstance(v, float) else v for v in (shown.at(3, 0), shown.at(3, 1), shown.at(3, 2), shown.at(3, 9)))  # fmt: skip
    assert {float} == {type(shown.at(3, column)) for column in (0, 2, 9)}
    assert (True, False) == (shown.visible, aside.visible)


@pytest.mark.parametrize("ending", ["xlsx", "xls", "ods"])
def test_a_filter_left_on_hides_nobody_and_is_named_once_42(rules, ending):
    path = FIXTURES / f"{NOTED}.{ending}"
    book = read_book(path.name, path.read_bytes(), datetime.fromisoformat("2026-11-05T18:00"))
    done = examine([book], rules, date(2026, 11, 5)).submissions[0]

    assert ["王先生", "钱先生", "孙先生"] == [record.values["customer_name"] for record in done.records]
    assert ["赵女士", None] == [record.values["customer_name"] for record in done.held]
    told = {(finding.code, finding.level, finding.cell, finding.found) for finding in done.findings}
    assert {
        ("rows.hidden", "warning", "A5", "5"), ("columns.hidden", "warning", "F3", "F"),
        ("cell.error", "error", "L5", "#DIV/0!"), ("cell.error", "error", "L7", "#N/A"),
        ("cell.note", "warning", "C6", "不愿留"), ("cell.note", "warning", "E7", "整行只有批注"),
    } <= told  # fmt: skip


@pytest.mark.parametrize("ending", ["xls", "ods"])
def test_what_libreoffice_locked_is_said_to_be_locked_47(ending):
    assert "book.password" == refusal((FIXTURES / f"locked_by_libreoffice.{ending}").read_bytes())


def test_a_locked_xlsx_is_told_apart_from_one_that_is_only_protected_against_changes_47():
    def locked(word: str) -> bytes:
        out = io.BytesIO()
        msoffcrypto.format.ooxml.OOXMLFile(io.BytesIO(saved(lambda book: book.worksheets[0].append(["日期"])))).encrypt(
            word, out
        )
        return out.getvalue()

    assert "book.password" == refusal(locked("geheim"))
    assert "日期" == grids(locked("VelvetSweatshop"))[0].at(0, 0)


def test_an_ods_locked_as_a_whole_has_a_password():
    parts = {"mimetype": b"application/vnd.oasis.opendocument.spreadsheet", "encrypted-package": b"x" * 99, "META-INF/manifest.xml": b"<manifest/>"}  # fmt: skip

    assert "book.password" == refusal(zipped(parts))


def test_a_strict_workbook_is_read_like_any_other():
    rows = cell("A1", "日期") + '<row r="2"><c r="A2" t="d"><v>2026-11-05</v></c><c r="B2" t="e"><v>#N/A</v></c></row>'
    content = rewritten(
        xlsx(rows, names=["3日"]),
        (f"{_OOXML}spreadsheetml/2006/main", "http://purl.oclc.org/ooxml/spreadsheetml/main"),
        (f"{_OOXML}officeDocument/2006/relationships", "http://purl.oclc.org/ooxml/officeDocument/relationships"),
    )
    (grid,) = grids(content)

    assert ("3日", "日期", {(1, 1): "#N/A"}) == (grid.sheet, grid.at(0, 0), grid.faults)
    assert "2026-11-05" == str(grid.at(1, 0))[:10]


def test_wps_may_state_a_sheet_of_one_cell_and_write_empty_fills_44_45():
    styles = f'<styleSheet xmlns="{_OOXML}spreadsheetml/2006/main"><fills count="1"><fill/></fills><cellXfs count="1"><xf numFmtId="58"/></cellXfs></styleSheet>'
    content = rewritten(
        xlsx(cell("A1", "日期") + cell("L9", "完"), extra={"xl/styles.xml": styles.encode()}),
        ("<sheetData>", '<dimension ref="A1:A1"/><sheetData>'),
    )

    assert ("日期", "完") == (grids(content)[0].at(0, 0), grids(content)[0].at(8, 11))


def test_a_picture_of_wps_in_a_cell_is_told_as_one_and_so_is_excel_s_43():
    wps = '<c r="A2" t="str"><f>_xlfn.DISPIMG("ID_7C",1)</f><v>=DISPIMG("ID_7C",1)</v></c>'
    in_excel = '<c r="B2" t="e"><f>_xlfn.DISPIMG("ID_7C",1)</f><v>#NAME?</v></c>'
    placed = '<c r="C2" t="e" vm="1"><v>#VALUE!</v></c>'
    sheet = cell("A1", "驾照") + f'<row r="2">{wps}{in_excel}{placed}</row>'
    pictures = {"xl/richData/richValueRel.xml": b"<richValueRels/>"}

    assert dict.fromkeys([(1, 0), (1, 1), (1, 2)], "picture") == grids(xlsx(sheet, extra=pictures))[0].faults
    assert "#VALUE!" == grids(xlsx(sheet))[0].faults[1, 2]
    assert "" == grids(xlsx(sheet))[0].at(1, 0)


def test_an_et_of_wps_is_read_by_what_is_in_it_46():
    assert 5.0 == grids(in_container(xls_stream((3, 2, 5.0))), "登记表.et")[0].at(3, 2)
    assert "日期" == grids(xlsx(cell("A1", "日期")), "登记表.et")[0].at(0, 0)


def test_an_excel_5_workbook_tells_its_chinese_its_errors_its_notes_and_what_is_hidden():
    text, number = "日期".encode("gbk"), struct.pack("<HHHd", 1, 0, 0, 3.0)
    label = record(0x204, struct.pack("<HHHH", 0, 0, 0, len(text)) + text)
    error = record(0x205, struct.pack("<HHHBB", 2, 1, 0, 0x2A, 1))
    hidden = record(0x208, struct.pack("<HHHHHHHH", 1, 0, 1, 255, 0, 0, 0x20, 0))
    note = record(0x1C, struct.pack("<HHH", 1, 1, 4) + "老客".encode("gbk"))
    stream = biff5_stream(hidden, label, record(0x203, number), error, note)
    (grid,) = grids(in_container(stream, name="Book"), "旧表.xls")

    assert ("来店登记", "日期", 3.0, float) == (grid.sheet, grid.at(0, 0), grid.at(1, 0), type(grid.at(1, 0)))
    assert ({(2, 1): "#N/A"}, [1], {(1, 1): "老客"}) == (grid.faults, sorted(grid.hidden_rows), grid.notes)


def test_an_excel_97_workbook_that_names_the_code_page_of_windows_still_speaks_unicode():
    text = record(0x204, struct.pack("<HHHHB", 0, 0, 0, 2, 1) + "日期".encode("utf-16-le"))
    stream = xls_stream((1, 0, 3.0), before=record(0x42, struct.pack("<H", 936)), after=text)

    assert "日期" == grids(in_container(stream))[0].at(0, 0)


def test_a_formula_that_nothing_computed_is_told_in_an_old_workbook_too_50():
    def formula(row: int, value: bytes, bits: int, tokens: bytes = b"\x1e\x01\x00") -> bytes:
        return record(6, struct.pack("<HHH", row, 0, 0) + value + struct.pack("<HIH", bits, 0, len(tokens)) + tokens)

    empty, none = b"\x03\0\0\0\0\0\xff\xff", bytes(8)
    answers_nothing = b"\x17\x00"
    on_opening = in_container(xls_stream((9, 0, 1.0), after=formula(1, none, 2) + formula(2, none, 0)))
    all_mute = in_container(xls_stream((9, 0, 1.0), after=formula(1, empty, 0) + formula(2, empty, 0, answers_nothing)))
    honest = in_container(xls_stream((9, 0, 1.0), after=formula(1, none, 0) + formula(2, empty, 0)))

    assert {(1, 0): "uncached"} == grids(on_opening)[0].faults
    assert {(1, 0): "uncached", (2, 0): "uncached"} == grids(all_mute)[0].faults
    assert {} == grids(honest)[0].faults


def test_a_formula_that_nothing_computed_is_told_in_an_ods_too_and_old_errors_are_no_zeros_50():
    row = (
        '<table:table-cell table:formula="of:=1+1" table:number-columns-repeated="2"/>'
        '<table:table-cell table:formula="of:=IF(1;&quot;&quot;)"><text:p/></table:table-cell>'
        '<table:table-cell table:formula="of:=1/0" office:value-type="float" office:value="0"><text:p>#DIV/0!</text:p></table:table-cell>'
        '<table:table-cell table:formula="of:=1+1" office:value-type="float" office:value="2"><text:p>2</text:p></table:table-cell>'
    )
    (grid,) = grids(ods(f"<table:table-row>{row}</table:table-row>"))

    assert {(0, 0): "uncached", (0, 1): "uncached", (0, 3): "#DIV/0!"} == grid.faults
    assert ("", 2.0) == (grid.at(0, 3), grid.at(0, 4))


def test_the_zeros_of_a_writer_that_computes_nothing_are_no_answers_50():
    written = io.BytesIO()
    with xlsxwriter.Workbook(written, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.write_formula("A1", "=1+1")
        sheet.write_formula("A2", "=1+1", None, 2)

    assert {(0, 0): "uncached"} == grids(written.getvalue())[0].faults


def test_a_formula_without_a_value_beyond_the_last_value_still_stands_on_its_sheet_50():
    def fill(book: openpyxl.Workbook) -> None:
        book.worksheets[0]["A1"] = "人数"
        book.worksheets[0]["C4"] = "=1+1"

    (grid,) = grids(saved(fill))

    assert (4, "", {(3, 2): "uncached"}) == (grid.height, grid.at(3, 2), grid.faults)


def test_rows_and_columns_hidden_to_the_end_of_the_sheet_end_where_it_ends():
    content = rewritten(
        xlsx(cell("A1", "日期") + '<row r="2" hidden="1"><c r="B2"><v>1</v></c></row><row hidden="true"/>'),
        ("<sheetData>", '<cols><col min="2" max="16384" hidden="1"/></cols><sheetData>'),
    )
    (grid,) = grids(content)

    assert ([1], [1]) == (sorted(grid.hidden_rows), sorted(grid.hidden_columns))


def test_our_own_notes_are_not_read_back_and_the_filler_s_part_of_one_is():
    ours, both = "【夜账】电话位数不对", "老客户\n———— 夜账 ————\n没有填"
    notes = "".join(
        f'<comment ref="{place}" authorId="0"><text><r><t>{said}</t></r></text></comment>'
        for place, said in (("A1", ours), ("A2", both))
    )
    links = f'<Relationships xmlns="{_OOXML}package/2006/relationships"><Relationship Id="r1" Type="{_OOXML}officeDocument/2006/relationships/comments" Target="../comments1.xml"/></Relationships>'
    extra = {
        "xl/worksheets/_rels/sheet1.xml.rels": links.encode(),
        "xl/comments1.xml": f'<comments xmlns="{_OOXML}spreadsheetml/2006/main"><commentList>{notes}</commentList></comments>'.encode(),
    }

    assert {(1, 0): "老客户"} == grids(xlsx(cell("A1") + cell("A2"), extra=extra))[0].notes


def test_a_macro_sheet_is_left_out_and_nothing_of_it_runs():
    macros = f'<Relationship Id="rId9" Type="{_OOXML.replace("openxmlformats.org", "microsoft.com")}office/2006/relationships/xlMacrosheet" Target="macrosheets/sheet1.xml"/>'
    content = rewritten(
        xlsx(cell("A1", "日期"), cell("A2") + '<row r="3"><c r="A3" t="e"><v>#N/A</v></c></row>', names=["3日", "4日"]),
        ("<sheets>", '<sheets><sheet name="宏" sheetId="9" state="veryHidden" r:id="rId9"/>'),
        ('<sheet name="4日"', '<sheet state="show" name="4日"'),
        ("</Relationships>", f"{macros}</Relationships>"),
    )

    assert [("3日", True, {}), ("4日", True, {(2, 0): "#N/A"})] == [
        (grid.sheet, grid.visible, grid.faults) for grid in grids(content, "登记表.xlsm")
    ]


def test_an_ods_laid_out_for_the_eye_and_without_its_mimetype_is_read():
    with zipfile.ZipFile(io.BytesIO(ods(
        '\n <table:table-row>\n  <table:table-cell office:value-type="string">\n   <text:p>王<text:s/>先生</text:p>\n  </table:table-cell>\n'
        '  <table:table-cell office:value-type="float" office:value="2"><text:p>2</text:p></table:table-cell>\n </table:table-row>\n'
    ))) as package:  # fmt: skip
        parts = {name: package.read(name) for name in package.namelist() if name != "mimetype"}

    assert [["王 先生", 2.0]] == grids(zipped(parts), "登记表.ods")[0].rows


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_a_text_table_of_two_bytes_a_letter_needs_no_mark_49(encoding):
    assert ["日期", "电话"] == grids("日期,电话\n2026-11-05,13800001111\n".encode(encoding), "登记表.csv")[0].rows[0]


@pytest.mark.parametrize("ending", ["xls", "ods"])
def test_the_fresh_copy_of_an_old_format_says_the_same_when_it_is_handed_in_unchanged(rules, ending):
    path = FIXTURES / f"{NOTED}.{ending}"
    first = read_book("登记表.xls", path.read_bytes(), RECEIVED)
    assert isinstance(first, Book)
    done = examine([first], rules, date(2026, 11, 5)).submissions[0]
    name, copy = returned_copy("登记表.xls", path.read_bytes(), done.findings, read=lambda: first)
    again = examine([read_book(name, copy, RECEIVED)], rules, date(2026, 11, 5)).submissions[0]

    def said(one: Submission) -> list[tuple[str, str]]:
        return [(finding.code, finding.cell) for finding in one.findings if not finding.code.endswith(".hidden")]

    assert ("登记表.xlsx", done.verdict, said(done)) == (name, again.verdict, said(again))
    kept = {grid.sheet: grid for grid in grids(copy)}
    assert (first.grids[0].merges, False) == (kept["11月5日"].merges, kept["隐藏"].visible)
