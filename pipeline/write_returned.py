"""Writes the returned copy: the filler's own workbook with the wrong cells marked, noted and explained, all else byte for byte theirs.

The marks are a layer. An earlier layer of ours is taken out first, so a copy that was corrected, handed in and returned again carries only the new
one, and marking twice is marking once. Parts are edited in the package (an openpyxl load-save would drop text boxes, buttons, sparklines, newer
drop-downs, cached values and header pictures). What is no OOXML workbook, or hangs together oddly, comes back as a fresh .xlsx of its values.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from lxml import etree

from pipeline.grid import Book, Grid, address
from pipeline.model import Finding
from pipeline.returned.explain import add_sheet, relation_of, strip_sheet
from pipeline.returned.marks import SharedStrings, add_marks, strip_marks
from pipeline.returned.notes import add_notes, strip_notes
from pipeline.returned.package import OddPackage, Package, SheetXml
from pipeline.returned.styles import add_styles

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

_PICTURE = '=DISPIMG("",1)'  # read back as the picture it was
_FRESH = "原件的格式不能直接标注,这里是把内容抄成的新工作簿;请在这一本上改好再交。"


def returned_copy(
    name: str,
    content: bytes,
    findings: Sequence[Finding],
    fixed: Sequence[Finding] = (),
    read: Callable[[], Book | None] = lambda: None,
) -> tuple[str, bytes]:
    """Return the file name and bytes of the marked copy.

    `read` gives the workbook as read, if it is asked for: it is written afresh as `<stem>.xlsx` when the original is .xls, .ods or .csv or its package is odd.
    """
    try:
        package = Package.read(content)
        _lay(package, findings, fixed, "")
        return name, package.write()
    except OddPackage:
        package = Package.read(values_only(read()))
        _lay(package, findings, fixed, _FRESH)
        return f"{PurePosixPath(name).stem}.xlsx", package.write()


def without_marks(content: bytes) -> bytes:
    """Return a workbook without our layer."""
    package = Package.read(content)
    _strip(package)
    return package.write()


def _strip(package: Package) -> None:
    strip_sheet(package)
    for part in _sheet_parts(package).values():
        if "夜账".encode() in package.parts[part] or any(
            kind == "comments" for kind, _ in package.targets(part).values()
        ):
            sheet = SheetXml.cut(package.parts[part])
            strip_marks(sheet)
            strip_notes(package, part, sheet)
            package.parts[part] = sheet.whole()


def _lay(package: Package, findings: Sequence[Finding], fixed: Sequence[Finding], remark: str) -> None:
    _strip(package)
    book = package.workbook
    related = dict(package.targets(book).values())
    styles = add_styles(package, related.get("styles", ""))
    shared = SharedStrings(package, related.get("sharedStrings", ""))
    for number, (name, part) in enumerate(_sheet_parts(package).items(), 1):
        own = [finding for finding in findings if finding.sheet == name and finding.cell]
        if own:
            sheet = SheetXml.cut(package.parts[part])
            add_marks(sheet, [(f.cell, f.level) for f in sorted(own, key=lambda f: f.level)], shared, styles)
            add_notes(package, part, sheet, _texts(own), number)
            package.parts[part] = sheet.whole()
    add_sheet(package, findings, fixed, styles, remark)


def _texts(findings: Sequence[Finding]) -> dict[str, str]:
    """Return each cell's note; several findings on one cell are said one under another."""
    texts: dict[str, str] = {}
    for finding in findings:
        problem = finding.say.partition(":")[2] or finding.say
        problem += f"\n建议:{finding.proposal}" if finding.proposal else ""
        texts[finding.cell] = f"{texts[finding.cell]}\n{problem}" if finding.cell in texts else problem
    return texts


def _sheet_parts(package: Package) -> dict[str, str]:
    """Return sheet name → part; of two sheets of one name the first is marked."""
    related = package.targets(package.workbook)
    found: dict[str, str] = {}
    for node in package.tree(package.workbook).iter():
        if isinstance(node.tag, str) and etree.QName(node).localname == "sheet":
            kind, target = related.get(relation_of(node), ("", ""))
            if kind == "worksheet" and target in package.parts:
                found.setdefault(node.get("name") or "", target)
    return found


def values_only(book: Book | None) -> bytes:
    """Return a fresh workbook of the values, each at its own address, with merges, notes, errors, and what is no sheet to fill in still hidden."""
    from openpyxl import Workbook  # noqa: PLC0415 - needed for old formats only, and slow to load

    fresh = Workbook()
    fresh.remove(fresh.worksheets[0])
    grids = book.grids if book else (Grid("Sheet1", ()),)
    for grid in grids:
        sheet = fresh.create_sheet(grid.sheet)
        if not grid.visible and any(other.visible for other in grids):
            sheet.sheet_state = "hidden"
        _write(sheet, grid)
    out = io.BytesIO()
    fresh.save(out)
    return out.getvalue()


def _write(sheet: Worksheet, grid: Grid) -> None:
    """Write one sheet; hidden rows show, because nobody corrects what he does not see."""
    from openpyxl.cell.cell import ERROR_CODES, ILLEGAL_CHARACTERS_RE  # noqa: PLC0415
    from openpyxl.comments import Comment  # noqa: PLC0415

    for row, cells in enumerate(grid.rows):
        for column, value in enumerate(cells):
            fault = grid.faults.get((row, column), "")
            # An error stays one: blank it would pass in the next hand-in.
            held = value if not fault else _PICTURE if fault == "picture" else fault if fault in ERROR_CODES else "#N/A"
            if held != "":
                cell = sheet[address(row, column)]
                cell.value = ILLEGAL_CHARACTERS_RE.sub("", held) if isinstance(held, str) else held
                if isinstance(held, str):  # staff's text is never a formula
                    cell.data_type = "e" if fault and held in ERROR_CODES else "s"
    for (row, column), note in grid.notes.items():
        sheet[address(row, column)].comment = Comment(ILLEGAL_CHARACTERS_RE.sub("", note), "")
    for span in grid.merges:
        inside = ((r, c) for r in range(span.top, span.bottom + 1) for c in range(span.left, span.right + 1))
        if not any(grid.at(*spot) != "" or spot in grid.notes for spot in inside if spot != (span.top, span.left)):
            sheet.merge_cells(f"{address(span.top, span.left)}:{address(span.bottom, span.right)}")
