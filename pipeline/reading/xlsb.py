"""Looks at the binary parts of an .xlsb: how far cells reach, error cells, merges, the epoch (records of MS-XLSB 2.3)."""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.grid import Span, Spot, address
from pipeline.reading import limits
from pipeline.reading.limits import Marks, RefusedError
from pipeline.reading.xml_parts import xml_parts
from pipeline.reading.zips import Package

_ROW, _ERROR, _FORMULA_ERROR, _MERGE, _PROPERTIES, _SHEET = 0, 3, 11, 176, 153, 156
_FILLED = {2, _ERROR, 4, 5, 6, 7, 8, 9, 10, _FORMULA_ERROR, 62}
_LINK = re.compile(rb"<Relationship\s[^>]*>")
_ID = re.compile(rb'\sId="([^"]*)"')
_TARGET = re.compile(rb'\sTarget="/?(?:xl/)?([^"]*)"')


@dataclass(frozen=True, slots=True)
class Survey:
    """What the parts tell: the epoch, and the marks of the sheets by name."""

    epoch_1904: bool
    marks: dict[str, Marks]


def survey(package: Package) -> Survey:
    """Return what the parts tell; refuse cells and sizes beyond the limits."""
    links = _links(dict(xml_parts(package)).get("xl/_rels/workbook.bin.rels", b""))
    binary = {name: info.file_size for name, info in package.parts.items() if name.lower().endswith(".bin")}
    if sum(binary.values()) > limits.READ_BYTES or max(binary.values(), default=0) > limits.PART_BYTES:
        raise RefusedError("book.too-big", limits.sized(sum(binary.values())))
    epoch = False
    total = 0
    marks: dict[str, Marks] = {}
    for kind, data in _records(package.read("xl/workbook.bin")):
        if kind == _PROPERTIES:
            epoch = bool(data[:1]) and bool(data[0] & 1)
        elif kind == _SHEET:
            link, rest = _text(data[8:])
            name, _ = _text(rest)
            part = links.get(link, "")
            if part in package.parts:
                cells, marks[name] = _sheet(package.read(part))
                total += cells
    if total > limits.CELLS:
        raise RefusedError("book.too-big", f"{total} 格")
    return Survey(epoch, marks)


def _sheet(data: bytes) -> tuple[int, Marks]:
    """Return the cells in the sheet's rectangle, and its marks."""
    faults: dict[Spot, str] = {}
    merges: list[Span] = []
    row = bottom = right = -1
    for kind, body in _records(data):
        if kind == _ROW and len(body) >= 4:  # noqa: PLR2004 - the row's number
            row = int.from_bytes(body[:4], "little")
        elif kind in _FILLED and len(body) >= 4:  # noqa: PLR2004 - the column's number
            column = int.from_bytes(body[:4], "little")
            bottom, right = max(bottom, row), max(right, column)
            if (bottom + 1) * (right + 1) > limits.CELLS:
                raise RefusedError("book.far-cells", address(row, min(column, 1 << 20)))
            if kind in {_ERROR, _FORMULA_ERROR}:
                faults[row, column] = "error"
        elif kind == _MERGE and len(body) >= 16:  # noqa: PLR2004 - four numbers
            top, last, left, end = struct.unpack_from("<IIII", body)
            merges.append(Span(top, left, last, end))
    if len(merges) > limits.MERGES:
        raise RefusedError("book.too-big", "合并单元格太多")
    return (bottom + 1) * (right + 1), Marks(faults, tuple(merges))


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


def _links(data: bytes) -> dict[str, str]:
    """Return the parts by relation."""
    found: dict[str, str] = {}
    for link in _LINK.findall(data):
        key, target = _ID.search(link), _TARGET.search(link)
        if key and target:
            found[key[1].decode()] = "xl/" + target[1].decode()
    return found
