"""Reads a table written as plain text or as a web page, whatever its file is called, and tells other kinds of file by their first bytes."""

from __future__ import annotations

import codecs
import csv
import io
import re

from pipeline.grid import Value
from pipeline.reading import limits
from pipeline.reading.limits import PlainSheet, RefusedError
from pipeline.reading.web_page import web_sheet

_SIGNATURES = {
    b"%PDF": "PDF 文件", b"\x89PNG": "图片", b"\xff\xd8\xff": "图片", b"GIF8": "图片", b"BM": "图片", b"RIFF": "图片或声音", b"Rar!": "压缩包",
    b"7z\xbc\xaf": "压缩包", b"\x1f\x8b": "压缩包", b"{\\rtf": "RTF 文档", b"MZ": "程序", b"\x7fELF": "程序", b"ID;P": "SYLK 表格", b"TABLE\r\n0,1": "DIF 表格",
    b"\x09\x00\x04\x00": "Excel 2.0 的旧表格", b"\x09\x02\x06\x00": "Excel 3.0 的旧表格", b"\x09\x04\x06\x00": "Excel 4.0 的旧表格",
    b"\x00\x00\x02\x00": "Lotus 表格", b"MIME-Version:": "单个文件网页",
}  # fmt: skip
_MARKUP = re.compile(
    r"\s*<(\?xml\b|!--|(?:!doctype|html|table|body|head|meta|style|div|center|font|span|p|tr|h\d)\b)", re.IGNORECASE
)
_WEB_PAGE = re.compile(r"<(html|table)\b", re.IGNORECASE)
_SPREADSHEET_2003 = "urn:schemas-microsoft-com:office:spreadsheet"
_BINARY = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_DELIMITERS = ",\t;|"
_TEXT_FORMULA = re.compile(r'="([^"]*)"')
_LOOKED_AT = 65_536  # letters in which the delimiter shows
csv.field_size_limit(1 << 20)  # a note of a million letters is still a note


def plain_sheet(content: bytes) -> PlainSheet:
    """Return the sheet of a text table or a web page: UTF-8, UTF-16 with its mark, or GB18030; every value stays text."""
    for signature, said in _SIGNATURES.items():
        if content.startswith(signature):
            raise RefusedError("book.not-a-workbook", said)
    text = _decoded(content)
    markup = _MARKUP.match(text)
    if markup and (_SPREADSHEET_2003 in text or (markup[1].lower() == "?xml" and not _WEB_PAGE.search(text))):
        raise RefusedError("book.not-a-workbook", "XML 表格 2003" if _SPREADSHEET_2003 in text else "XML 文件")
    if _BINARY.search(text):
        raise RefusedError("book.not-a-workbook", "认不出的内容")
    return web_sheet(text) if markup else PlainSheet(_rows(text))


def _decoded(content: bytes) -> str:
    """Return the text in the encoding that its bytes allow; Chinese Excel saves GBK unless told otherwise."""
    start = content[:_LOOKED_AT]
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encodings = ["utf-16"]
    elif b"\0" in start:  # two bytes a letter, without the mark: a blank half shows which comes first
        encodings = ["utf-16-be" if start[::2].count(0) > start[1::2].count(0) else "utf-16-le"]
    else:
        encodings = ["utf-8-sig", "gb18030"]
    for encoding in encodings:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise RefusedError("book.not-a-workbook", "认不出的内容")


def _rows(text: str) -> list[list[Value]]:
    """Return the cells row by row."""
    rows: list[list[Value]] = []
    width = 0
    try:
        for line in csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text[:_LOOKED_AT])):
            rows.append([_TEXT_FORMULA.sub(r"\1", cell) if cell.startswith('="') else cell for cell in line])
            width = max(width, len(line))
            if len(rows) * width > limits.CELLS:
                raise RefusedError("book.too-big", f"{len(rows)} 行")
    except csv.Error as error:
        raise RefusedError("book.broken", "引号没有成对") from error
    return rows


def _delimiter(text: str) -> str:
    """Return the delimiter that cuts the most lines into equally many cells (more than one)."""
    lines = [line for line in re.sub(r'"[^"]*"', "", text).splitlines() if line.strip()]
    counts = {mark: [line.count(mark) for line in lines if mark in line] for mark in _DELIMITERS}
    # On a tie the first wins, and the comma stands first.
    return max(_DELIMITERS, key=lambda mark: max(map(counts[mark].count, set(counts[mark])), default=0))
