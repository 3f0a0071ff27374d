"""Looks at the records of an .xls before the reader does: passwords, how far cells reach, error cells, the epoch.

Record numbers are those of MS-XLS 2.3 (BIFF8; BIFF5 shares the ones used here).
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.grid import Spot, address
from pipeline.reading import limits
from pipeline.reading.limits import Marks, RefusedError

_END, _FORMULA, _DATE_MODE, _FILE_PASS, _SHEET, _DIMENSIONS = 0x0A, 0x06, 0x22, 0x2F, 0x85, 0x200
_MANY_NUMBERS, _BOOL_OR_ERROR, _MERGES = 0xBD, 0x205, 0xE5
_FILLED = {0x203, 0x27E, _MANY_NUMBERS, 0xFD, 0x204, 0xD6, _BOOL_OR_ERROR, _FORMULA, 0x206, 0x406}
_FORMULAS = {_FORMULA, 0x206, 0x406}
_ROWS, _COLUMNS = 1 << 16, 1 << 8  # all that the format has
_MERGE_BYTES = 8


@dataclass(frozen=True, slots=True)
class Survey:
    """What an .xls stream tells: its epoch, and the marks of its sheets by name."""

    epoch_1904: bool
    marks: dict[str, Marks]


def survey(stream: bytes) -> Survey:
    """Return what the Workbook stream tells; refuse a password and cells beyond the limits."""
    epoch = False
    sheets: list[tuple[str, int]] = []
    for kind, data in _records(stream, 0):
        if kind == _FILE_PASS:
            raise RefusedError("book.password")
        if kind == _DATE_MODE:
            epoch = data[:2] == b"\x01\x00"
        elif kind == _SHEET and len(data) > 8:  # noqa: PLR2004 - offset, state, kind, length, width, then the name
            sheets.append((_name(data[6:]), int.from_bytes(data[:4], "little")))
    total = 0
    marks: dict[str, Marks] = {}
    for name, offset in sheets[: limits.SHEETS]:
        cells, faults = _sheet(stream, offset)
        total += cells
        if total > limits.CELLS:
            raise RefusedError("book.too-big", f"{total} 格")
        marks[name] = Marks(faults=faults)
    return Survey(epoch, marks)


def _sheet(stream: bytes, offset: int) -> tuple[int, dict[Spot, str]]:
    """Return the cells in the sheet's rectangle, and the cells that show an error."""
    faults: dict[Spot, str] = {}
    bottom = right = -1
    merges = 0
    for kind, data in _records(stream, offset):
        if kind == _DIMENSIONS:
            _check_dimensions(data)
        elif kind == _MERGES:
            merges += len(data) // _MERGE_BYTES
        elif kind in _FILLED and len(data) >= 6:  # noqa: PLR2004 - row, column, format
            row, column = struct.unpack_from("<HH", data)
            last = int.from_bytes(data[-2:], "little") if kind == _MANY_NUMBERS else column
            bottom, right = max(bottom, row), max(right, column, last)
            if (bottom + 1) * (right + 1) > limits.CELLS:
                raise RefusedError("book.far-cells", address(row, max(column, last)))
            if _is_error(kind, data):
                faults[row, column] = "error"
    if merges > limits.MERGES:
        raise RefusedError("book.too-big", "合并单元格太多")
    return (bottom + 1) * (right + 1), faults


def _check_dimensions(data: bytes) -> None:
    """Refuse a stated size beyond the format's own: the reader sets memory aside for it."""
    if len(data) >= 12:  # noqa: PLR2004 - BIFF8; the older record has 16-bit rows and cannot lie far
        _, bottom, _, right = struct.unpack_from("<IIHH", data)
        if bottom > _ROWS or right > _COLUMNS:
            raise RefusedError("book.hostile", "工作表的大小超出格式所限")


def _is_error(kind: int, data: bytes) -> bool:
    """Say whether the cell's value, or its formula's last result, is an error."""
    if kind == _BOOL_OR_ERROR:
        return data[7:8] == b"\x01"
    return kind in _FORMULAS and data[6:7] == b"\x02" and data[12:14] == b"\xff\xff"


def _records(stream: bytes, offset: int) -> Iterator[tuple[int, bytes]]:
    """Yield kind and body of every record from the offset to the end of its part, parts inside it (charts) left out."""
    depth = 0
    while 0 <= offset <= len(stream) - 4:
        kind, size = struct.unpack_from("<HH", stream, offset)
        body = stream[offset + 4 : offset + 4 + size]
        offset += 4 + size
        if kind in {0x809, 0x409, 0x209, 0x9}:
            depth += 1
        elif kind == _END:
            depth -= 1
            if depth <= 0:
                return
        elif depth == 1:
            yield kind, body


def _name(data: bytes) -> str:
    """Return a sheet's name: its length, whether its letters take two bytes, its letters."""
    size, wide = data[0], data[1] & 1
    return data[2 : 2 + size * 2].decode("utf-16-le", "replace") if wide else data[2 : 2 + size].decode("latin-1")
