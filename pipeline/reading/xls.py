"""Looks at the records of an .xls before the reader does: passwords, how far cells reach, what cannot be trusted or is hidden, notes, the epoch.

Record numbers are those of MS-XLS 2.3 (BIFF8; BIFF5 shares the ones used here). A formula record always has room for its last value. Programs
that compute nothing leave 0 there and ask for it to be computed on opening (POI), or an empty text in every formula of the workbook (xlwt).
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from pipeline.grid import Spot, address
from pipeline.reading import limits
from pipeline.reading.limits import Marks, RefusedError
from pipeline.reading.notes import theirs

_END, _FORMULA, _DATE_MODE, _FILE_PASS, _SHEET, _DIMENSIONS = 0x0A, 0x06, 0x22, 0x2F, 0x85, 0x200
_MANY_NUMBERS, _BOOL_OR_ERROR, _MERGES, _ROW, _COLUMN = 0xBD, 0x205, 0xE5, 0x208, 0x7D
_NOTE, _OBJECT, _OBJECT_TEXT, _CONTINUED, _COMPUTED_BY = 0x1C, 0x5D, 0x1B6, 0x3C, 0x1C1
_DRAWN = {_NOTE, _OBJECT, _OBJECT_TEXT, _CONTINUED}
_FILLED = {0x203, 0x27E, _MANY_NUMBERS, 0xFD, 0x204, 0xD6, _BOOL_OR_ERROR, _FORMULA, 0x206, 0x406}
_FORMULAS = {_FORMULA, 0x206, 0x406}
_ROWS, _COLUMNS = 1 << 16, 1 << 8  # all that the format has
_MERGE_BYTES = 8
_BIFF8 = 0x600
_HIDDEN_ROW = 0x20
_EMPTY_TEXT = b"\x17\x00"  # the constant "" inside a formula: what has it may honestly answer nothing
# What a cell shows by the number of its error (MS-XLS 2.5.10; .xlsb counts alike).
ERRORS = {
    0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?", 0x24: "#NUM!", 0x2A: "#N/A", 0x2B: "#GETTING_DATA",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Survey:
    """What an .xls stream tells: its epoch, and the marks of its sheets in their order."""

    epoch_1904: bool
    marks: list[Marks]


def survey(stream: bytes) -> Survey:
    """Return what the Workbook stream tells; refuse a password and cells beyond the limits."""
    epoch = computed = False
    offsets: list[int] = []
    for kind, data in _records(stream, 0):
        if kind == _FILE_PASS:
            raise RefusedError("book.password")
        if kind == _DATE_MODE:
            epoch = data[:2] == b"\x01\x00"
        elif kind == _COMPUTED_BY:
            computed = True
        elif kind == _SHEET and len(data) >= 4:  # noqa: PLR2004 - where the sheet begins
            offsets.append(int.from_bytes(data[:4], "little"))
    total = 0
    wide = int.from_bytes(stream[4:6], "little") >= _BIFF8
    sheets: list[_Sheet] = []
    for offset in offsets[: limits.SHEETS]:
        sheet = _Sheet(wide)
        sheet.read(stream, offset)
        sheets.append(sheet)
        total += sheet.size
        if total > limits.CELLS:
            raise RefusedError("book.too-big", f"{total} 格")
    if not computed and any(sheet.mute for sheet in sheets) and not any(sheet.answered for sheet in sheets):
        for sheet in sheets:
            sheet.faults |= dict.fromkeys(sheet.formulas, "uncached")
    return Survey(epoch, [sheet.marks for sheet in sheets])


@dataclass
class _Sheet:
    """One sheet while its records are walked."""

    wide: bool  # BIFF8, whose texts may take two bytes a letter
    bottom: int = -1
    right: int = -1
    merges: int = 0
    faults: dict[Spot, str] = field(default_factory=dict)
    formulas: list[Spot] = field(default_factory=list)
    answered: bool = False  # some formula has a value
    mute: bool = False  # some formula has none although it cannot answer ""
    rows: list[tuple[int, int]] = field(default_factory=list)
    columns: list[tuple[int, int]] = field(default_factory=list)
    drawn: int = 0  # the object whose text comes next, and how many letters it has
    waiting: int = 0
    objects: dict[int, str] = field(default_factory=dict)
    hung: dict[Spot, int] = field(default_factory=dict)
    notes: dict[Spot, str] = field(default_factory=dict)

    @property
    def size(self) -> int:
        """How many cells the sheet's rectangle has."""
        return (self.bottom + 1) * (self.right + 1)

    @property
    def marks(self) -> Marks:
        """What the records told."""
        notes = self.notes | {spot: self.objects.get(number, "") or "(有批注)" for spot, number in self.hung.items()}
        return Marks(self.faults, None, tuple(self.rows), tuple(self.columns), theirs(notes))

    def read(self, stream: bytes, offset: int) -> None:
        """Walk the records from where the sheet begins."""
        for kind, data in _records(stream, offset):
            if kind in _FILLED and len(data) >= 6:  # noqa: PLR2004 - row, column, format
                self._cell(kind, data)
            elif kind == _DIMENSIONS:
                _check_dimensions(data)
            elif kind == _MERGES:
                self.merges += len(data) // _MERGE_BYTES
            elif kind == _ROW and len(data) >= 14 and data[12] & _HIDDEN_ROW:  # noqa: PLR2004 - number, edges, height, unused, bits
                self.rows.append((int.from_bytes(data[:2], "little"),) * 2)
            elif kind == _COLUMN and len(data) >= 10 and data[8] & 1:  # noqa: PLR2004 - first, last, width, format, bits
                self.columns.append(struct.unpack_from("<HH", data))
            elif kind in _DRAWN:
                self._drawn(kind, data)
        if self.merges > limits.MERGES:
            raise RefusedError("book.too-big", "合并单元格太多")

    def _cell(self, kind: int, data: bytes) -> None:
        row, column = struct.unpack_from("<HH", data)
        last = int.from_bytes(data[-2:], "little") if kind == _MANY_NUMBERS else column
        self.bottom, self.right = max(self.bottom, row), max(self.right, column, last)
        if self.size > limits.CELLS:
            raise RefusedError("book.far-cells", address(row, max(column, last)))
        if kind == _BOOL_OR_ERROR and data[7:8] == b"\x01":
            self.faults[row, column] = ERRORS.get(data[6], "error")
        elif kind in _FORMULAS and len(data) >= 16:  # noqa: PLR2004 - row, column, format, value, bits
            self._formula((row, column), data[6:14], data[14], data[16:])

    def _formula(self, spot: Spot, value: bytes, bits: int, tokens: bytes) -> None:
        told = value[6:] == b"\xff\xff"
        if told and value[0] == 2:  # noqa: PLR2004 - an error
            self.faults[spot] = ERRORS.get(value[2], "error")
        elif value == bytes(8) and bits & 2:
            self.faults[spot] = "uncached"
        self.formulas.append(spot)
        blank = told and value[0] == 3  # noqa: PLR2004 - an empty text
        self.answered |= not blank
        self.mute |= blank and _EMPTY_TEXT not in tokens

    def _drawn(self, kind: int, data: bytes) -> None:
        """Note an object's number, then its text in the record that goes on from it, and which object hangs on which cell."""
        if kind == _OBJECT:
            self.drawn = int.from_bytes(data[6:8], "little")
        elif kind == _OBJECT_TEXT:
            self.waiting = int.from_bytes(data[10:12], "little")
        elif kind == _CONTINUED and self.waiting:
            self.objects[self.drawn], self.waiting = _letters(data, self.waiting), 0
        elif kind == _NOTE and len(data) >= 8:  # noqa: PLR2004 - row, column, bits, number
            self._note(data)

    def _note(self, data: bytes) -> None:
        row, column, size, number = struct.unpack_from("<HHHH", data)
        if self.wide:
            self.hung[row, column] = number
        elif row < _ROWS - 1:  # before BIFF8 the text stands in the record; what is longer goes on in further ones
            self.notes[row, column] = data[6 : 6 + size].decode("gb18030", "replace") or "(有批注)"


def _check_dimensions(data: bytes) -> None:
    """Refuse a stated size beyond the format's own, or one that ends before it begins: the reader sets memory aside for it."""
    if len(data) < 8:  # noqa: PLR2004 - too short to state anything
        return
    # The older record has 16-bit rows and cannot lie far.
    top, bottom, left, right = struct.unpack_from("<IIHH" if len(data) >= 12 else "<HHHH", data)  # noqa: PLR2004 - BIFF8
    if bottom > _ROWS or right > _COLUMNS:
        raise RefusedError("book.hostile", "工作表的大小超出格式所限")
    if top > bottom or left > right:
        raise RefusedError("book.broken", "工作表的大小写得自相矛盾")


def _letters(data: bytes, size: int) -> str:
    """Return a text of so many letters, of one byte or two."""
    if data[:1] == b"\x01":
        return data[1 : 1 + size * 2].decode("utf-16-le", "replace")
    return data[1 : 1 + size].decode("latin-1")


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
