"""The returned copy: the filler's own workbook, wrong cells marked; the mark goes when the cell is put right."""

from __future__ import annotations

import io
import shutil
import subprocess
import zipfile

import openpyxl
import pytest
import xlsxwriter
from openpyxl.comments import Comment
from openpyxl.worksheet.datavalidation import DataValidation

from pipeline.model import Finding, Level
from pipeline.returned.marks import SharedStrings, still_wrong
from pipeline.returned.package import Package
from pipeline.write_returned import returned_copy, without_marks
from tests.sheets import book, grid


def finding(cell: str, *, sheet: str = "登记表", level: Level = "error", found: str = "1380000") -> Finding:
    return Finding(
        "phone.wrong-length",
        level,
        "李明/登记表.xlsx",
        sheet,
        cell,
        "电话",
        found,
        "11 位手机号",
        f"李明/登记表.xlsx › {sheet} {cell} 电话:电话「{found}」位数不对 → 11 位手机号",
    )


@pytest.fixture
def filled() -> bytes:
    """A workbook with everything a filler may have put in it."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book_:
        sheet = book_.add_worksheet("登记表")
        sheet.write_row(0, 0, ["姓名", "电话", "级别", "时间"])
        sheet.write_row(1, 0, ["王先生", "1380000", "H", 0.4])
        sheet.write_row(2, 0, ["赵女士", 13800002222, '引"号', ""])
        sheet.data_validation("C2:C9", {"validate": "list", "source": ["H", "A"]})
        sheet.conditional_format("A1:A9", {"type": "duplicate", "format": book_.add_format({"bold": True})})
        sheet.insert_textbox(5, 5, "请当天填完")
        sheet.write_comment("A2", "老客户介绍")
        sheet.set_landscape()
        sheet.print_area("A1:D9")
        other = book_.add_worksheet("说明")
        other.write(0, 0, "不要删")
        other.activate()
    return out.getvalue()


def parts(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def marks(content: bytes, sheet: str = "登记表") -> set[str]:
    opened = openpyxl.load_workbook(io.BytesIO(content))
    return {
        str(area.sqref)
        for area in opened[sheet].conditional_formatting
        for rule in area.rules
        if "夜账" in str(rule.formula)
    }


def test_exactly_the_guilty_cells_are_marked(filled):
    name, content = returned_copy("登记表.xlsx", filled, [finding("B2"), finding("C3", level="warning")])

    assert ("登记表.xlsx", {"B2", "C3"}) == (name, marks(content))


def test_everything_else_of_the_fillers_stays_byte_for_byte(filled):
    _, content = returned_copy("登记表.xlsx", filled, [finding("B2")])
    before, after = parts(filled), parts(content)
    touched = {name for name in before if before[name] != after.get(name)}

    assert {
        "[Content_Types].xml",
        "xl/workbook.xml",
        "xl/_rels/workbook.xml.rels",
        "xl/styles.xml",
        "xl/worksheets/sheet1.xml",
        "xl/worksheets/sheet2.xml",
        "xl/comments1.xml",
        "xl/drawings/vmlDrawing1.vml",
    } == touched
    opened = openpyxl.load_workbook(io.BytesIO(content))
    assert 1 == len(opened["登记表"].data_validations.dataValidation)
    assert "登记表!$A$1:$D$9" == str(opened["登记表"].print_area).replace("'", "")


def test_the_explanation_opens_first_with_a_link_to_each_cell(filled):
    _, content = returned_copy("登记表.xlsx", filled, [finding("B2")], [finding("D2")])
    opened = openpyxl.load_workbook(io.BytesIO(content))
    sheet = opened.worksheets[0]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=3)]

    assert ("退回说明", "退回说明") == (sheet.title, opened.worksheets[opened.index(opened.active or sheet)].title)
    assert ["工作表", "单元格", "栏目", "填写内容", "问题", "请改为"] == rows[0]
    assert ["登记表", "B2", "电话", "1380000", "电话「1380000」位数不对", "11 位手机号"] == rows[1]
    assert "上次的问题,已改好" == rows[3][0]
    assert ["'登记表'!B2"] == [cell.hyperlink.location for row in sheet.iter_rows() for cell in row if cell.hyperlink]
    assert [True, False, False] == [bool(each.sheet_view.tabSelected) for each in opened.worksheets]


def test_a_note_says_what_is_wrong_and_a_fillers_own_note_stays(filled):
    _, content = returned_copy("登记表.xlsx", filled, [finding("B2"), finding("A2", found="王")])
    sheet = openpyxl.load_workbook(io.BytesIO(content))["登记表"]

    assert "夜账" == sheet["B2"].comment.author
    assert "11 位手机号" in sheet["B2"].comment.text
    assert sheet["A2"].comment.text.startswith("老客户介绍")
    assert "位数不对" in sheet["A2"].comment.text


def test_marking_twice_is_marking_once(filled):
    _, once = returned_copy("登记表.xlsx", filled, [finding("B2"), finding("A2")])
    _, twice = returned_copy("登记表.xlsx", once, [finding("B2"), finding("A2")])

    assert parts(once) == parts(twice)


def test_a_second_return_carries_only_the_new_marks(filled):
    _, first = returned_copy("登记表.xlsx", filled, [finding("B2"), finding("A2")])
    _, second = returned_copy("登记表.xlsx", first, [finding("C3")])

    assert {"C3"} == marks(second)
    sheet = openpyxl.load_workbook(io.BytesIO(second))["登记表"]
    assert (None, "老客户介绍") == (sheet["B2"].comment, sheet["A2"].comment.text)


def test_a_copy_saved_again_by_another_program_loses_its_marks_all_the_same(filled):
    _, first = returned_copy("登记表.xlsx", filled, [finding("B2")])
    opened = openpyxl.load_workbook(io.BytesIO(first))
    out = io.BytesIO()
    opened.save(out)

    bare = without_marks(out.getvalue())

    assert set() == marks(bare)
    assert ["登记表", "说明"] == openpyxl.load_workbook(io.BytesIO(bare)).sheetnames
    assert openpyxl.load_workbook(io.BytesIO(bare))["登记表"]["B2"].comment is None


@pytest.mark.parametrize(
    ("cell", "formula"),
    [
        ("A1", 'EXACT(A1,"X""Y")'),
        ("B1", "AND(ISNUMBER(B1),B1=13.5)"),
        ("C1", "LEN(TRIM(C1))=0"),
        ("D1", "D1=TRUE"),
        ("E1", "ISERROR(E1)"),
        ("F1", "LEN(F1)=300"),
        ("G1", 'EXACT(G1,"共享")'),
        ("H1", "LEN(TRIM(H1))=0"),
    ],
)
def test_a_mark_holds_only_while_the_wrong_value_stands(cell, formula):
    rows = (
        '<sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>X"Y</t></is></c><c r="B1"><v>13.5</v></c><c r="C1" s="3"/><c r="D1" t="b"><v>1</v></c>'
        f'<c r="E1" t="e"><v>#N/A</v></c><c r="F1" t="str"><f>A1</f><v>{"x" * 300}</v></c><c r="G1" t="s"><v>0</v></c></row></sheetData>'
    ).encode()

    shared = SharedStrings(Package({"shared": "<sst><si><t>共享</t></si></sst>".encode()}, {}), "shared")

    assert formula == still_wrong(cell, rows, shared)


def test_an_old_format_comes_back_as_a_fresh_workbook_of_its_values():
    read = book(grid("| 姓名 | 电话 |", "| =1+1 | '1380000 |", sheet="登记表"), path="旧表.csv")
    name, content = returned_copy(
        "旧表.csv", "姓名,电话\n=1+1,1380000".encode("gbk"), [finding("B2")], read=lambda: read
    )
    opened = openpyxl.load_workbook(io.BytesIO(content))

    assert ("旧表.xlsx", {"B2"}) == (name, marks(content))
    assert ("=1+1", "s") == (opened["登记表"]["A2"].value, opened["登记表"]["A2"].data_type)
    assert "抄成的新工作簿" in opened["退回说明"]["A2"].value


def test_a_workbook_made_by_openpyxl_is_marked_too():
    made = openpyxl.Workbook()
    sheet = made.create_sheet("O'Neil 表", 0)
    sheet["B2"] = "1380000"
    sheet["C2"].comment = Comment("自己的", "小李")
    check = DataValidation(type="list", formula1='"H,A"')
    check.add("D2")
    sheet.add_data_validation(check)
    sheet.protection.sheet = True
    out = io.BytesIO()
    made.save(out)
    _, content = returned_copy("a.xlsx", out.getvalue(), [finding("B2", sheet="O'Neil 表")])

    assert {"B2"} == marks(content, "O'Neil 表")
    opened = openpyxl.load_workbook(io.BytesIO(content))
    assert ["'O''Neil 表'!B2"] == [
        c.hyperlink.location for row in opened["退回说明"].iter_rows() for c in row if c.hyperlink
    ]
    assert "自己的" == opened["O'Neil 表"]["C2"].comment.text


@pytest.mark.skipif(
    shutil.which("soffice") is None, reason="LibreOffice is not installed: the render is checked where it is"
)
def test_libreoffice_opens_the_copy_and_shows_the_marks_only_where_wrong(filled, tmp_path):
    _, content = returned_copy("登记表.xlsx", filled, [finding("B2")])
    (tmp_path / "copy.xlsx").write_bytes(content)
    subprocess.run(
        [
            "soffice",
            "--headless",
            f"-env:UserInstallation=file://{tmp_path}/lo",
            "--convert-to",
            "ods",
            "--outdir",
            tmp_path,
            tmp_path / "copy.xlsx",
        ],
        check=True,
        capture_output=True,
        timeout=120,
    )
    saved = zipfile.ZipFile(tmp_path / "copy.ods").read("content.xml").decode()

    assert "退回说明" in saved
    assert "N(&quot;夜账&quot;)" in saved


def test_what_holds_a_record_comes_before_what_is_only_a_reminder(filled):
    _, content = returned_copy("登记表.xlsx", filled, [finding("A2", level="warning"), finding("B2")])
    rows = list(openpyxl.load_workbook(io.BytesIO(content))["退回说明"].iter_rows(min_row=4, values_only=True))

    assert ["B2", "A2"] == [row[1] for row in rows]
    assert str(rows[1][4]).startswith("(提醒)")


def test_notes_are_taken_out_even_where_a_program_forgot_their_author(filled):
    _, first = returned_copy("登记表.xlsx", filled, [finding("B2"), finding("A2")])
    again = parts(first)
    # What LibreOffice leaves of a note: no author, and one run.
    comments = (
        again["xl/comments1.xml"]
        .decode()
        .replace("<author>夜账</author>", "<author> </author>")
        .replace('</t></r><r><t xml:space="preserve">\n————', "\n————")
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in again.items():
            archive.writestr(name, comments.encode() if name == "xl/comments1.xml" else data)
    sheet = openpyxl.load_workbook(io.BytesIO(without_marks(out.getvalue())))["登记表"]

    assert (None, "老客户介绍") == (sheet["B2"].comment, sheet["A2"].comment.text)
