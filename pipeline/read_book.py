"""Reads one workbook from its bytes: every sheet, every value at its true address, or the reason why not.

The door to python_calamine. The content decides the format, never the file's ending. calamine goes by what a file
claims and may set aside 550 GB for three cells, so the bytes are looked at first (`pipeline.reading`), and nights
read through `pipeline.workers`, where a book may die alone.
"""

from __future__ import annotations

import hashlib
import io
import traceback
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import isfinite
from pathlib import PurePosixPath

import python_calamine

from pipeline.grid import Book, Grid, Span, Spot, Unreadable, Value
from pipeline.reading import code_page, limits, ods, ole, plain, xls, xlsb, xlsx
from pipeline.reading.limits import Marks, RefusedError
from pipeline.reading.zips import package

_PANIC = "PanicException"  # pyo3's, which no module offers for import
_NO_OBJECT = "PyObject pointer is null"  # its panic where Python had no memory left for a value
STAMP_SHEET = "_daybook"
_NO_MARKS = Marks()
_ZIP = b"PK\x03\x04"
_OTHER_PACKAGES = {"word/document.xml": "Word 文档", "ppt/presentation.xml": "演示文稿", "AndroidManifest.xml": "程序"}


@dataclass(frozen=True, slots=True)
class _Opened:
    """The bytes as the reader shall have them, and what the look beforehand has told."""

    content: bytes
    epoch_1904: bool = False
    marks: Sequence[Marks] = ()  # sheet by sheet, or none where there is nothing to tell
    names: tuple[str, ...] = ()  # the true names of sheets, where the reader was given others
    binary: bool = False  # the reader gives whole numbers of the binary formats as int
    codec: str = ""  # in which the reader left the letters undecoded


def read_book(path: str, content: bytes, received: datetime) -> Book | Unreadable:
    """Return the workbook, or why it cannot be read.

    Path is posix below the inbox. Blank cells are "", numbers float, dates as Excel shows them; rows that are wholly
    blank at the end are left out. Never raises: what nobody foresaw is `book.crashed`, its traceback in `trace`.
    """
    sha256 = hashlib.sha256(content).hexdigest()
    try:
        grids, epoch = _read(path, content)
    except RefusedError as refused:
        # The sentence is for staff; what the reader itself complained of is for the log.
        cause = str(refused.__cause__ or "")
        return Unreadable(path, sha256, received, refused.reason, refused.detail, cause)
    except BaseException as error:  # calamine's panics are no Exception; one bad book must not end the night
        if isinstance(error, (KeyboardInterrupt, SystemExit)):
            raise
        if isinstance(error, MemoryError) or _NO_OBJECT in str(error):
            return Unreadable(path, sha256, received, "book.stuck", "超过内存限度", traceback.format_exc())
        if type(error).__name__ == _PANIC:  # the reader's own word for bytes that make no sense to it
            return Unreadable(path, sha256, received, "book.broken", "读不出表格内容", str(error))
        return Unreadable(path, sha256, received, "book.crashed", type(error).__name__, traceback.format_exc())
    stamp = next((_stamp(grid) for grid in grids if grid.sheet == STAMP_SHEET and not grid.visible), "")
    shown = tuple(grid for grid in grids if grid.sheet != STAMP_SHEET or grid.visible)
    if not any(grid.rows for grid in shown):
        return Unreadable(path, sha256, received, "book.no-sheets")
    return Book(path, sha256, received, shown, epoch_1904=epoch, stamp=stamp)


def _read(path: str, content: bytes) -> tuple[list[Grid], bool]:
    """Return the sheets in the workbook's order, and whether its dates count from 1904."""
    if not content:
        raise RefusedError("book.empty")
    if len(content) > limits.FILE_BYTES:
        raise RefusedError("book.too-big", limits.sized(len(content)))
    if content.startswith(ole.SIGNATURE):
        opened = _old(content)
    elif content.startswith(_ZIP):
        opened = _package(content)
    else:
        sheet = plain.plain_sheet(content)
        return [Grid(PurePosixPath(path).stem, _trimmed(sheet.rows, {}), sheet.merges, notes=sheet.notes)], False
    return _grids(opened), opened.epoch_1904


def _old(content: bytes) -> _Opened:
    """Look at an .xls, or at a newer workbook inside the old container, which is a locked one."""
    try:
        stream = ole.workbook_stream(content)
        found = xls.survey(stream)
    except RefusedError as refused:
        plain_book = ole.opened(content) if refused.reason == "book.password" else None
        if plain_book is None:
            raise
        if plain_book.startswith(_ZIP):
            return _package(plain_book)
        content, stream = plain_book, ole.workbook_stream(plain_book)
        found = xls.survey(stream)
    content, codec = code_page.readable(content, stream)
    return _Opened(content, found.epoch_1904, found.marks, binary=True, codec=codec)


def _package(content: bytes) -> _Opened:
    """Look at a zip package and tell which kind of workbook it is."""
    held = package(content)
    if "xl/workbook.bin" in held.parts:
        binary = xlsb.survey(held)
        return _Opened(content, binary.epoch_1904, binary.marks, binary=True)
    if "content.xml" in held.parts or ods.LOCKED in held.parts:
        marks = ods.survey(held)
        changed = ods.mended(held)
        return _Opened(held.with_parts(changed) if changed else content, marks=marks)
    other = next((said for part, said in _OTHER_PACKAGES.items() if part in held.parts), "")
    if other or not any(part.lower().startswith("xl/") or part == xlsx.book_part(held) for part in held.parts):
        raise RefusedError("book.not-a-workbook", other or "压缩包")
    told = xlsx.survey(held)
    found = xlsx.mended(told)
    names = xlsx.doubled_names(found)
    listed = xlsx.renamed(found.list) if names else found.list
    readable = held.with_parts({found.book: listed}) if listed is not told.list else content
    return _Opened(readable, xlsx.epoch_1904(found), xlsx.marks(found), names)


def _grids(opened: _Opened) -> list[Grid]:
    """Return every worksheet, in the workbook's order."""
    try:
        with python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(opened.content)) as book:
            sheets = book.sheets_metadata
            if len(sheets) > limits.SHEETS:
                raise RefusedError("book.too-big", f"{len(sheets)} 张工作表")
            names = opened.names or tuple(code_page.letters(sheet.name, opened.codec) for sheet in sheets)
            if not opened.names and len(set(names)) < len(names):
                # The reader finds sheets by name, and would show the same one twice.
                raise RefusedError("book.hostile", "两张工作表同名")
            if opened.marks and len(opened.marks) != len(sheets):
                # What was told of one sheet would be laid at another's door.
                raise RefusedError("book.hostile", f"目录里有 {len(sheets)} 张工作表,内容里有 {len(opened.marks)} 张")
            return _sheets(book, names, opened)
    except python_calamine.PasswordError as error:
        raise RefusedError("book.password") from error
    except python_calamine.CalamineError as error:
        raise RefusedError("book.broken", "读不出表格内容") from error


def _sheets(book: python_calamine.CalamineWorkbook, names: tuple[str, ...], opened: _Opened) -> list[Grid]:
    """Return the worksheets under their true names; charts, dialogs and macros hold no cells."""
    grids: list[Grid] = []
    cells = 0
    for index, (name, kind) in enumerate(zip(names, book.sheets_metadata, strict=True)):
        told = opened.marks[index] if opened.marks else _NO_MARKS
        if kind.typ != python_calamine.SheetTypeEnum.WorkSheet:
            continue
        sheet = book.get_sheet_by_index(index)
        cells += sheet.total_height * sheet.total_width
        if cells > limits.CELLS:
            raise RefusedError("book.too-big", f"{cells} 格")
        rows: list[list[Value]] = sheet.to_python(skip_empty_area=False)
        if opened.binary:
            rows = [[float(value) if value.__class__ is int else value for value in row] for row in rows]
        if opened.codec:
            rows = [[code_page.letters(v, opened.codec) if isinstance(v, str) else v for v in row] for row in rows]
        faults = {**told.faults, **_no_numbers(rows)}
        _trimmed(rows, faults)
        _blank(rows, faults)
        grids.append(
            Grid(
                sheet=name, rows=rows, visible=kind.visible == python_calamine.SheetVisibleEnum.Visible, faults=faults,
                merges=_merges(sheet.merged_cell_ranges or (), told.merges, rows), notes=dict(told.notes),
                hidden_rows=_within(told.hidden_rows, len(rows)),
                hidden_columns=_within(told.hidden_columns, max(map(len, rows), default=0)),
            )
        )  # fmt: skip
    return grids


def _within(spans: Iterable[tuple[int, int]], size: int) -> frozenset[int]:
    """Return the rows or columns of the spans that the sheet has; whoever hides the rest of a sheet hides a million."""
    return frozenset(number for first, last in spans for number in range(first, min(last + 1, size)))


def _no_numbers(rows: Sequence[Sequence[Value]]) -> dict[Spot, str]:
    """Return the cells whose number is none: Excel writes no such thing, and shows #NUM! where it meets one."""
    return {
        (row, column): "#NUM!"
        for row, values in enumerate(rows)
        for column, value in enumerate(values)
        if value.__class__ is float and not isfinite(value)
    }


def _trimmed(rows: list[list[Value]], faults: Mapping[Spot, str]) -> list[list[Value]]:
    """Return the rows without the wholly blank ones at the end; the list itself is shortened, and kept down to the last fault."""
    last = max((row for row, _ in faults), default=-1)
    while len(rows) > last + 1 and rows[-1].count("") == len(rows[-1]):
        rows.pop()
    return rows


def _blank(rows: list[list[Value]], faults: Mapping[Spot, str]) -> None:
    """Blank what cannot be trusted: some formats show an error's text, or a formula's 0. A formula without a value may stand beyond all values."""
    for row, column in faults:
        rows += [[] for _ in range(row + 1 - len(rows))]
        rows[row] += [""] * (column + 1 - len(rows[row]))
        rows[row][column] = ""


def _merges(
    ranges: Iterable[tuple[Spot, Spot]], told: tuple[Span, ...] | None, rows: Sequence[Sequence[Value]]
) -> tuple[Span, ...]:
    """Return the merges; those over whole rows or columns end where the sheet's values end."""
    spans = told if told is not None else tuple(Span(*first, *last) for first, last in ranges)
    height, width = len(rows), max(map(len, rows), default=0)
    return tuple(
        span
        if (span.bottom - span.top + 1) * (span.right - span.left + 1) <= limits.MERGE_CELLS
        else Span(
            span.top, span.left, max(span.top, min(span.bottom, height - 1)), max(span.left, min(span.right, width - 1))
        )
        for span in spans
    )


def _stamp(grid: Grid) -> str:
    """Return form and version of our own blank as its hidden sheet states them."""
    version = grid.at(0, 1)
    said = str(int(version)) if isinstance(version, float) and version.is_integer() else str(version)
    return f"{grid.at(0, 0)}/{said}"
