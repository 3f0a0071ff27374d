"""Hostile and broken files are refused by name before the fast reader sees them, and odd but honest ones are not."""

from __future__ import annotations

import struct

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.grid import Book, Unreadable
from pipeline.read_book import read_book
from pipeline.reading import limits
from pipeline.reading import xlsx as xlsx_look
from tests.packages import RECEIVED, cell, in_container, ods, record, restated, rewritten, xls_stream, xlsx, zipped


def refusal(content: bytes) -> tuple[str, str]:
    """Return reason and detail of a file that must be refused."""
    book = read_book("李明/登记表.xlsx", content, RECEIVED)
    assert isinstance(book, Unreadable)
    return book.reason, book.detail


def test_three_cells_at_the_corners_of_a_sheet_are_refused_with_the_farthest_cell():
    reason, detail = refusal(xlsx(cell("A1") + cell("XFD1") + cell("A1048576")))

    assert ("book.far-cells", "A1048576") == (reason, detail)


@pytest.mark.parametrize(
    "rows",
    [
        '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>',
        "<row r='1048576'><c t='n' r='XFD1048576'><v>1</v></c></row>",
        '<row r="1"><c r="XFD1048576"><v>1</v></c></row>',  # the row claims to be another
        '<row r="1048576">' + "<c><v>1</v></c>" * 30 + "</row>",  # no addresses: places are counted
        '<x:row r="1"><x:c r="XFD1048576"><x:v>1</x:v></x:c></x:row>',
        '<row r="1"><c s="1" r="xfd1048576"><v>1</v></c></row>',
    ],
    ids=["plain", "single quotes", "row lies", "no addresses", "prefixed", "small letters"],
)
def test_a_far_cell_is_seen_however_it_is_written(rows):
    assert refusal(xlsx(cell("A1") + rows))[0] == "book.far-cells"


def test_formats_painted_to_the_end_of_the_sheet_are_no_far_cells():
    book = read_book(
        "表.xlsx",
        xlsx(cell("A1", "日期") + '<row r="1048576"><c r="XFD1048576" s="0"/><c r="XFE1048576"></c></row>'),
        RECEIVED,
    )

    assert isinstance(book, Book)
    assert [["日期"]] == book.grids[0].rows


def test_many_sheets_that_are_large_together_are_too_big():
    assert refusal(xlsx(*[cell("A1") + cell("Z50000")] * 3)) == ("book.too-big", "2600000 格")


def test_a_million_merges_are_too_big():
    merges = "".join(f'<mergeCell ref="A{row}:B{row}"/>' for row in range(1, limits.MERGES + 2))

    assert refusal(xlsx(f"{cell('A1')}|<mergeCells>{merges}</mergeCells>")) == ("book.too-big", "合并单元格太多")


def test_a_part_that_packs_a_thousand_to_one_is_a_bomb():
    reason, detail = refusal(xlsx(cell("A1"), extra={"xl/sharedStrings.xml": bytes(8 * limits.MEGABYTE)}))

    assert ("book.too-big", "xl/sharedStrings.xml 展开后 8 MB") == (reason, detail)


def test_a_part_longer_than_the_directory_says_is_hostile():
    content = restated(xlsx(cell("A1")), "xl/worksheets/sheet1.xml", 20)

    assert refusal(content) == ("book.hostile", "xl/worksheets/sheet1.xml 比目录里写的大")


def test_a_part_shorter_than_the_directory_says_is_broken():
    content = restated(xlsx(cell("A1")), "xl/worksheets/sheet1.xml", 2_000)

    assert refusal(content) == ("book.broken", "xl/worksheets/sheet1.xml 不完整")


def test_entities_that_multiply_are_hostile():
    bomb = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]><sst>&b;</sst>'

    assert refusal(xlsx(cell("A1"), extra={"xl/sharedStrings.xml": bomb})) == (
        "book.hostile",
        "xl/sharedStrings.xml 带有 DTD",
    )


def test_a_part_in_an_encoding_nobody_knows_is_a_broken_file():
    with pytest.raises(limits.RefusedError) as refused:
        xlsx_look._tree(b'<?xml version="1.0" encoding="UTF-XFD18"?><workbook/>', "xl/workbook.xml")

    assert ("book.broken", "xl/workbook.xml 解不开") == (refused.value.reason, refused.value.detail)


def test_sheets_in_an_encoding_that_hides_from_the_checks_are_hostile():
    assert refusal(xlsx(cell("A1"), extra={"xl/styles.xml": "<styleSheet/>".encode("utf-16")}))[0] == "book.hostile"


@pytest.mark.parametrize("name", ["../../etc/cron.d/x", "/etc/passwd", "C:/x.xml", "xl\\..\\..\\x.xml"])
def test_names_that_lead_out_of_the_package_are_hostile(name):
    assert refusal(xlsx(cell("A1"), extra={name: b"x"})) == ("book.hostile", "压缩包里有指向外面的路径")


def test_two_parts_of_one_name_are_hostile():
    assert refusal(xlsx(cell("A1"), extra={"XL/Workbook.xml": b"<workbook/>"})) == (
        "book.hostile",
        "压缩包里有两个 XL/Workbook.xml",
    )


def test_a_package_of_thousands_of_parts_is_too_big():
    assert refusal(zipped({f"xl/{number}": b"" for number in range(limits.PARTS + 1)})) == (
        "book.too-big",
        "压缩包里文件太多",
    )


def test_a_zip_with_locked_parts_has_a_password():
    content = bytearray(xlsx(cell("A1")))
    content[content.rindex(b"PK\x01\x02") + 8] |= 1

    assert refusal(bytes(content)) == ("book.password", "")


def test_an_ods_with_locked_content_has_a_password():
    assert refusal(ods("<table:table-row/>", manifest="<manifest:encryption-data/>"))[0] == "book.password"


def test_blanks_repeated_to_the_end_of_an_ods_cost_nothing():
    rows = (
        '<table:table-row><table:table-cell office:value-type="string"><text:p>日期</text:p></table:table-cell>'
        '<table:table-cell table:number-columns-repeated="16383"/></table:table-row>'
        '<table:table-row table:number-rows-repeated="1048575"><table:table-cell table:number-columns-repeated="16384"/></table:table-row>'
    )
    book = read_book("表.ods", ods(rows), RECEIVED)

    assert isinstance(book, Book)
    assert [["日期"]] == [row[:1] for row in book.grids[0].rows]


@pytest.mark.parametrize(
    "repeated", ['table:number-columns-repeated="4000000000"', 'table:number-columns-repeated="16384"']
)
def test_a_value_repeated_millions_of_times_in_an_ods_is_refused(repeated):
    one = (
        f'<table:table-cell office:value-type="float" office:value="1" {repeated}><text:p>1</text:p></table:table-cell>'
    )

    assert (
        refusal(ods(f'<table:table-row table:number-rows-repeated="1048576">{one}</table:table-row>'))[0]
        == "book.far-cells"
    )


def test_an_old_workbook_with_a_far_column_is_refused():
    assert refusal(in_container(xls_stream((0, 0, 1.0), (65535, 65535, 1.0)))) == ("book.far-cells", "CRXP65536")


def test_an_old_workbook_that_states_an_impossible_size_is_hostile():
    size = record(0x200, struct.pack("<IIHHH", 0, 0xFFFFFFFF, 0, 0xFFFF, 0))

    assert refusal(in_container(xls_stream((0, 0, 1.0), after=size)))[0] == "book.hostile"


@pytest.mark.parametrize("size", [struct.pack("<IIHHH", 0x20000, 1, 0, 1, 0), struct.pack("<IIHHH", 0, 1, 9, 1, 0), struct.pack("<HHHHH", 9, 1, 0, 1, 0)], ids=["rows", "columns", "before 97"])  # fmt: skip
def test_an_old_workbook_whose_size_ends_before_it_begins_is_broken(size):
    content = in_container(xls_stream((0, 0, 1.0), after=record(0x200, size)))

    assert refusal(content) == ("book.broken", "工作表的大小写得自相矛盾")


@pytest.mark.parametrize(
    ("place", "follows"),
    [
        (512 + 4 * 3, [2]),  # the stream's second sector leads back to its first
        (512 + 4 * 1, [1]),  # the directory's only sector to itself
        (512 + 4 * 5, [6, 5]),  # two that nothing leads to
        (60, [2, 1]),  # the table of small streams, whose first entry leads to itself
        (68, [2, 1]),  # the list of tables goes on in a sector that names itself as the next
    ],
    ids=["stream", "directory", "loose", "small streams", "tables"],
)
def test_an_old_container_whose_sectors_go_round_in_a_circle_is_broken(place, follows):
    content = bytearray(in_container(xls_stream((0, 0, 1.0))))
    for number, sector in enumerate(follows):
        struct.pack_into("<I", content, place + 4 * number, sector)
    struct.pack_into("<I", content, 3 * 512, 0)  # the first sector of the stream, read as a table
    struct.pack_into("<I", content, 4 * 512 - 4, 2)

    assert refusal(bytes(content)) == ("book.broken", "文件内部的目录绕成了圈")


def test_an_address_longer_than_any_sheet_is_far_and_its_reader_does_not_overflow():
    assert refusal(xlsx(cell("A1") + f'<row r="6"><c r="{"I" * 200}6"><v>1</v></c></row>'))[0] == "book.far-cells"
    assert refusal(xlsx(cell("A1") + f'<row r="{"9" * 5000}"><c><v>1</v></c></row>'))[0] == "book.far-cells"


def test_an_ods_whose_table_never_ends_is_broken():
    content = rewritten(ods("<table:table-row/>"), ("</table:table>", "</table:table<"))

    assert refusal(content) == ("book.broken", "content.xml 不完整")


def test_an_old_workbook_with_a_password_says_so():
    assert refusal(in_container(xls_stream((0, 0, 1.0), before=record(0x2F, bytes(54))))) == ("book.password", "")


def test_a_new_workbook_with_a_password_says_so():
    assert refusal(in_container(b"x" * 5000, name="EncryptedPackage")) == ("book.password", "")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (in_container(b"x" * 5000, name="WordDocument"), "Word 文档"),
        (zipped({"word/document.xml": b"<w/>"}), "Word 文档"),
        (zipped({"photo.jpg": b"x"}), "压缩包"),
        (b"%PDF-1.7 ...", "PDF 文件"),
        (b"\x89PNG\r\n\x1a\n", "图片"),
        (b"<html><p>1</p></html>", "网页"),
        (b"MIME-Version: 1.0\r\n", "单个文件网页"),
        (b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>', "XML 表格 2003"),
        (bytes(range(256)) * 4, "认不出的内容"),
    ],
)
def test_what_is_no_workbook_is_refused_by_what_it_is(content, said):
    assert refusal(content) == ("book.not-a-workbook", said)


def test_an_empty_file_and_a_half_copied_one_are_told_apart():
    assert refusal(b"")[0] == "book.empty"
    assert refusal(xlsx(cell("A1"))[:-300]) == ("book.broken", "压缩包不完整")


def test_the_file_itself_may_be_too_big(monkeypatch):
    monkeypatch.setattr(limits, "FILE_BYTES", 100)

    assert refusal(xlsx(cell("A1")))[0] == "book.too-big"


_WHOLE = xlsx(cell("A1", "日期") + cell("B2", 5) + '<row r="3"><c r="A3" t="e"><f>1/0</f><v>#DIV/0!</v></c></row>')
_OLD = in_container(xls_stream((0, 0, 1.0), (3, 2, 5.0)))


@settings(max_examples=150, deadline=None)
@given(st.sampled_from([_WHOLE, _OLD]), st.integers(0, 4_000), st.binary(min_size=1, max_size=6), st.booleans())
def test_law_no_damaged_byte_makes_the_reader_raise(whole, place, bytes_, cut):
    place %= len(whole)
    damaged = whole[:place] + bytes_ + (b"" if cut else whole[place + len(bytes_) :])

    assert isinstance(read_book("表.xlsx", damaged, RECEIVED), (Book, Unreadable))
