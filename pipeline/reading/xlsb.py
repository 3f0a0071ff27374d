"""Looks at the binary parts of an .xlsb: how far cells reach, error cells, merges, what is hidden, notes, the epoch (records of MS-XLSB 2.3).

Every formula record holds its last value, so a formula without one cannot occur; only Excel and WPS write the format.
"""

from __future__ import annotations

import posixpath
import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.grid import Span, Spot, address
from pipeline.reading import limits
from pipeline.reading.limits import Marks, RefusedError
from pipeline.reading.notes import theirs
from pipeline.reading.xls import ERRORS
from pipeline.reading.xml_parts import xml_parts
from pipeline.reading.zips import Package

_ROW, _ERROR, _FORMULA_ERROR, _MERGE, _PROPERTIES, _SHEET, _COLUMNS = 0, 3, 11, 176, 153, 156, 60
_COMMENT, _COMMENT_TEXT = 635, 637
_FILLED = {2, _ERROR, 4, 5, 6, 7, 8, 9, 10, _FORMULA_ERROR, 62}
_HIDDEN_ROW = 0x10  # of the second byte of a row's bits; before them stand number, format and height
_LINK = re.compile(rb"<Relationship\s[^>]*>")
_ID = re.compile(rb'\sId="([^"]*)"')
_TARGET = re.compile(rb'\sTarget="([^"]*)"')
_BOOK = "xl/workbook.bin"


@dataclass(frozen=True, slots=True)
class Survey:
    """What the parts tell: the epoch, and the marks of the sheets in their order."""

    epoch_1904: bool
    marks: list[Marks]


def survey(package: Package) -> Survey:
    """Return what the parts tell; refuse cells and sizes beyond the limits."""
    texts = dict(xml_parts(package))
    links = _links(texts, _BOOK)
    binary = {name: info.file_size for name, info in package.parts.items() if name.lower().endswith(".bin")}
    if sum(binary.values()) > limits.READ_BYTES or max(binary.values(), default=0) > limits.PART_BYTES:
        raise RefusedError("book.too-big", limits.sized(sum(binary.values())))
    epoch = False
    total = 0
    marks: list[Marks] = []
    for kind, data in _records(package.read(_BOOK)):
        if kind == _PROPERTIES:
            epoch = bool(data[:1]) and bool(data[0] & 1)
        elif kind == _SHEET:
            part = links.get(_text(data[8:])[0], "")
            cells, told = 0, Marks()
            if part in package.parts:
                notes = next((name for name in _links(texts, part).values() if "comments" in name), "")
                hung = _notes(package.read(notes)) if notes in package.parts else {}
                cells, told = _sheet(package.read(part), hung)
            marks.append(told)
            total += cells
    if total > limits.CELLS:
        raise RefusedError("book.too-big", f"{total} 格")
    return Survey(epoch, marks)


def _sheet(data: bytes, notes: dict[Spot, str]) -> tuple[int, Marks]:
    """Return the cells in the sheet's rectangle, and its marks."""
    faults: dict[Spot, str] = {}
    merges: list[Span] = []
    rows: list[tuple[int, int]] = []
    columns: list[tuple[int, int]] = []
    row = bottom = right = -1
    for kind, body in _records(data):
        if kind == _ROW and len(body) >= 4:  # noqa: PLR2004 - the row's number
            row = int.from_bytes(body[:4], "little")
            if body[11:12] and body[11] & _HIDDEN_ROW:
                rows.append((row, row))
        elif kind in _FILLED and len(body) >= 4:  # noqa: PLR2004 - the column's number
            column = int.from_bytes(body[:4], "little")
            bottom, right = max(bottom, row), max(right, column)
            if (bottom + 1) * (right + 1) > limits.CELLS:
                raise RefusedError("book.far-cells", address(row, min(column, 1 << 20)))
            if kind in {_ERROR, _FORMULA_ERROR}:
                faults[row, column] = ERRORS.get(body[8] if len(body) > 8 else -1, "error")  # noqa: PLR2004 - after column and format
        elif kind == _MERGE and len(body) >= 16:  # noqa: PLR2004 - four numbers
            top, last, left, end = struct.unpack_from("<IIII", body)
            merges.append(Span(top, left, last, end))
        elif kind == _COLUMNS and len(body) >= 17 and body[16] & 1:  # noqa: PLR2004 - first, last, width, format, bits
            columns.append(struct.unpack_from("<II", body))
    if len(merges) > limits.MERGES:
        raise RefusedError("book.too-big", "合并单元格太多")
    return (bottom + 1) * (right + 1), Marks(faults, tuple(merges), tuple(rows), tuple(columns), theirs(notes))


def _notes(data: bytes) -> dict[Spot, str]:
    """Return the notes of a sheet, by the cell they hang on."""
    found: dict[Spot, str] = {}
    spot: Spot | None = None
    for kind, body in _records(data):
        if kind == _COMMENT and len(body) >= 20:  # noqa: PLR2004 - author, first and last row, first and last column
            spot = struct.unpack_from("<I4xI", body, 4)
        elif kind == _COMMENT_TEXT and spot is not None:
            found[spot] = _text(body[1:])[0]
    return found


def _records(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield number and body of every record: both lengths are written seven bits a byte."""
    place = 0
    while place < len(data) - 1:
        kind = data[place]
        place += 1
        if kind & 0x80:
            kind = (kind & 0x7F) | (data[place] & 0x7F) << 7
            place += 1
        size = 0
        for shift in (0, 7, 14, 21):
            if place >= len(data):
                return
            byte = data[place]
            place += 1
            size |= (byte & 0x7F) << shift
            if not byte & 0x80:
                break
        yield kind, data[place : place + size]
        place += size


def _text(data: bytes) -> tuple[str, bytes]:
    """Return a counted UTF-16 text, and what follows it."""
    end = 4 + 2 * int.from_bytes(data[:4], "little")
    return data[4:end].decode("utf-16-le", "replace"), data[end:]


def _links(texts: dict[str, bytes], part: str) -> dict[str, str]:
    """Return the parts that a part is linked to, by relation."""
    folder, name = posixpath.split(part)
    found: dict[str, str] = {}
    for link in _LINK.findall(texts.get(f"{folder}/_rels/{name}.rels", b"")):
        key, target = _ID.search(link), _TARGET.search(link)
        if key and target:
            found[key[1].decode()] = posixpath.normpath(posixpath.join("/", folder, target[1].decode())).lstrip("/")
    return found
