"""Looks at the sheets of an .xlsx or .xlsm in their raw XML: how far cells reach, and which values cannot be trusted.

Clean small sheets cost two searches: every cell then has a plain address within 999 rows and 702 columns. Only what
is larger, or written oddly (prefixes, no addresses), is walked cell by cell.
"""

from __future__ import annotations

import posixpath
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from xml.etree import ElementTree as ET

from pipeline.grid import Spot, address, spot
from pipeline.reading import limits
from pipeline.reading.limits import Marks, RefusedError
from pipeline.reading.xml_parts import xml_parts
from pipeline.reading.zips import Package

_PLAIN = re.compile(rb'<c(?! r="[A-Z]{1,2}[0-9]{1,3}")[ \t\r\n/>]')
_PREFIXED = re.compile(rb":c[ \t\r\n/>]")
_TOKEN = re.compile(rb"<(?:\w+:)?(row|c)(\s[^>]*?)?(/?)>")
_AT = re.compile(rb"""\sr\s*=\s*["']([A-Za-z]{0,7})([0-9]{1,10})["']""")
_KIND = re.compile(rb"""\st\s*=\s*["'](\w+)["']""")
# A formula directly before the cell's end, or before an empty value. Both searches begin with plain letters: that is
# ten times faster than an open choice.
_NO_VALUE = rb"\s*<(?:/(?:\w+:)?c>|(?:\w+:)?v\s*/>|(?:\w+:)?v></)"
_UNCACHED = (re.compile(rb"f>" + _NO_VALUE), re.compile(rb"f [^<>]*/>" + _NO_VALUE))
_EPOCH_1904 = re.compile(rb"""\sdate1904\s*=\s*["'](?:1|true|on)["']""")
_SHEET_NAME = re.compile(rb"""(<(?:\w+:)?sheet\s[^>]*?\bname\s*=\s*)("[^"]*"|'[^']*')""")


@dataclass(frozen=True, slots=True)
class Survey:
    """The name of the part that lists the sheets; that part, its links, and the sheets holding cells that cannot be trusted."""

    book: str
    kept: Mapping[str, bytes]

    @property
    def list(self) -> bytes:
        """The part that lists the sheets."""
        return self.kept.get(self.book, b"")


def survey(package: Package) -> Survey:
    """Check every XML part, and keep what is needed to name the cells that cannot be trusted."""
    names = (book_part(package), _links_part(book_part(package)))
    kept: dict[str, bytes] = {}
    total = 0
    for name, data in xml_parts(package):
        if name in names:
            kept[name] = data
        # Relations may place a sheet anywhere, so the content tells it, not the folder.
        elif b"sheetData" in data:
            total += _reach(data)
            if total > limits.CELLS:
                raise RefusedError("book.too-big", f"{total} 格")
            if data.count(b"mergeCell ") > limits.MERGES:
                raise RefusedError("book.too-big", "合并单元格太多")
            if b't="e"' in data or (b"'" in data and b"t='e'" in data) or _uncached(data, 0, len(data)):
                kept[name] = data
    return Survey(names[0], kept)


def book_part(package: Package) -> str:
    """Return the part that lists the sheets, xl/workbook.xml by custom, or '' if there is none."""
    custom = "xl/workbook.xml"
    if custom in package.parts:
        return custom
    return next((name for name in package.parts if posixpath.basename(name).lower() == "workbook.xml"), "")


def epoch_1904(survey: Survey) -> bool:
    """Say whether bare date serials of the workbook count from 1904."""
    return bool(_EPOCH_1904.search(survey.list))


def marks(survey: Survey) -> dict[tuple[str, int], Marks]:
    """Return the untrusted cells by (sheet name, how many sheets of that name came before it)."""
    found: dict[tuple[str, int], Marks] = {}
    if not survey.kept.keys() - {survey.book, _links_part(survey.book)}:
        return found
    times: dict[str, int] = defaultdict(int)
    for name, part in _places(survey):
        if part in survey.kept:
            found[name, times[name]] = Marks(faults=_faults(survey.kept[part]))
        times[name] += 1
    return found


def doubled_names(survey: Survey) -> tuple[str, ...]:
    """Return the names of all sheets if two are alike, and nothing otherwise."""
    written = [match[2] for match in _SHEET_NAME.finditer(survey.list)]
    return tuple(name for name, _ in _places(survey)) if len(set(written)) < len(written) else ()


def renamed(data: bytes) -> bytes:
    """Return the list of sheets with every sheet under a name of its own: the reader finds sheets by name only."""
    numbers = iter(range(limits.PARTS))
    return _SHEET_NAME.sub(lambda match: match[1] + b'"sheet%d"' % next(numbers), data)


def _links_part(book: str) -> str:
    """Return the part that holds the links of a part (OPC 6.5.2)."""
    return posixpath.join(posixpath.dirname(book), "_rels", posixpath.basename(book) + ".rels")


def _places(survey: Survey) -> Iterator[tuple[str, str]]:
    """Yield sheet name and part in the workbook's order."""
    try:
        book = ET.fromstring(survey.list or b"<none/>")  # noqa: S314 - document types were refused before
        links = ET.fromstring(survey.kept.get(_links_part(survey.book), b"<none/>"))  # noqa: S314 - the same
    except ET.ParseError as error:
        raise RefusedError("book.broken", f"{survey.book} 解不开") from error
    folder = posixpath.dirname(survey.book)
    targets = {link.get("Id"): link.get("Target", "") for link in links}
    for sheet in book.iter():
        if sheet.tag.endswith("}sheet"):
            relation = next((value for key, value in sheet.attrib.items() if key.endswith("}id")), "")
            yield (
                sheet.get("name", ""),
                posixpath.normpath(posixpath.join("/", folder, targets.get(relation, ""))).lstrip("/"),
            )


def _reach(data: bytes) -> int:
    """Return how many cells the sheet's rectangle has, from A1 to the last filled cell; 0 when that is surely small."""
    if not _PLAIN.search(data) and not _PREFIXED.search(data):
        return 0
    bottom = right = -1
    for row, column in _filled(data):
        bottom, right = max(bottom, row), max(right, column)
        if (bottom + 1) * (right + 1) > limits.CELLS:
            raise RefusedError("book.far-cells", address(row, min(column, 1 << 20)))
    return (bottom + 1) * (right + 1)


def _filled(data: bytes) -> Iterator[Spot]:
    """Yield the places of cells that hold something: formats alone make no cell for the reader."""
    for row, column, _, start, empty in _cells(data):
        if not empty and not data.startswith(b"</", start):
            yield row, column


def _cells(data: bytes) -> Iterator[tuple[int, int, bytes, int, bool]]:
    """Yield row, column, attributes, where the content starts, and whether it is none, of every cell; addresses may be left out."""
    row = column = -1
    for match in _TOKEN.finditer(data):
        attributes = match[2] or b""
        at = _AT.search(attributes)
        if match[1] == b"row":
            row = int(at[2]) - 1 if at else row + 1
            column = -1
            continue
        if at:
            row, column = spot((at[1].upper() or b"A").decode() + at[2].decode())
        else:
            column += 1
        yield row, column, attributes, match.end(), bool(match[3])


def _uncached(data: bytes, start: int, end: int) -> bool:
    """Say whether a formula without a value stands between the two places."""
    return any(pattern.search(data, start, end) for pattern in _UNCACHED)


def _faults(data: bytes) -> dict[Spot, str]:
    """Return the cells that show an error, and formulas saved without their value."""
    found: dict[Spot, str] = {}
    cells = [cell for cell in _cells(data) if not cell[4]]
    ends = [cell[3] for cell in cells[1:]] + [len(data)]
    for (row, column, attributes, start, _), end in zip(cells, ends, strict=True):
        kind = _KIND.search(attributes)
        if kind and kind[1] == b"e":
            found[row, column] = "error"
        # An empty text is a formula's honest answer; an empty number is none.
        elif not (kind and kind[1] == b"str") and _uncached(data, start, end):
            found[row, column] = "uncached"
    return found
