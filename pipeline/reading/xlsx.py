"""Looks at the sheets of an .xlsx or .xlsm in their raw XML: how far cells reach, and which values cannot be trusted.

Clean small sheets cost two searches: every cell then has a plain address within 999 rows and 702 columns. Only what
is larger, or written oddly (prefixes, no addresses), is walked cell by cell.
"""

from __future__ import annotations

import posixpath
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
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
_MERGE = re.compile(rb"<(?:\w+:)?mergeCell\s")
# A formula directly before the cell's end, or before an empty value.
_UNCACHED = re.compile(
    rb"(?:</(?:\w+:)?f>|<(?:\w+:)?f(?:\s[^>]*)?/>)\s*(?:</(?:\w+:)?c>|<(?:\w+:)?v\s*/>|<(?:\w+:)?v></)"
)
_EPOCH_1904 = re.compile(rb"""\sdate1904\s*=\s*["'](?:1|true|on)["']""")
_SHEET_NAME = re.compile(rb"""(<(?:\w+:)?sheet\s[^>]*?\bname\s*=\s*)("[^"]*"|'[^']*')""")


def survey(package: Package) -> dict[str, bytes]:
    """Check every XML part; return the parts that name the sheets, and the sheets holding cells that cannot be trusted."""
    kept: dict[str, bytes] = {}
    total = 0
    for name, data in xml_parts(package):
        if name in {"xl/workbook.xml", "xl/_rels/workbook.xml.rels"}:
            kept[name] = data
        # Relations may place a sheet anywhere, so the content tells it, not the folder.
        elif b"sheetData" in data:
            total += _reach(data)
            if total > limits.CELLS:
                raise RefusedError("book.too-big", f"{total} 格")
            if len(_MERGE.findall(data)) > limits.MERGES:
                raise RefusedError("book.too-big", "合并单元格太多")
            if b't="e"' in data or b"t='e'" in data or _UNCACHED.search(data):
                kept[name] = data
    return kept


def epoch_1904(kept: Mapping[str, bytes]) -> bool:
    """Say whether bare date serials of the workbook count from 1904."""
    return bool(_EPOCH_1904.search(kept.get("xl/workbook.xml", b"")))


def marks(kept: Mapping[str, bytes]) -> dict[tuple[str, int], Marks]:
    """Return the untrusted cells by (sheet name, how many sheets of that name came before it)."""
    found: dict[tuple[str, int], Marks] = {}
    if len(kept.keys() - {"xl/workbook.xml", "xl/_rels/workbook.xml.rels"}) == 0:
        return found
    times: dict[str, int] = defaultdict(int)
    for name, part in _places(kept):
        if part in kept:
            found[name, times[name]] = Marks(faults=_faults(kept[part]))
        times[name] += 1
    return found


def doubled_names(kept: Mapping[str, bytes]) -> tuple[str, ...]:
    """Return the names of all sheets if two are alike, and nothing otherwise."""
    written = [match[2] for match in _SHEET_NAME.finditer(kept.get("xl/workbook.xml", b""))]
    return tuple(name for name, _ in _places(kept)) if len(set(written)) < len(written) else ()


def renamed(data: bytes) -> bytes:
    """Return workbook.xml with every sheet under a name of its own: the reader finds sheets by name only."""
    numbers = iter(range(limits.PARTS))
    return _SHEET_NAME.sub(lambda match: match[1] + b'"sheet%d"' % next(numbers), data)


def _places(kept: Mapping[str, bytes]) -> Iterator[tuple[str, str]]:
    """Yield sheet name and part in the workbook's order."""
    try:
        book = ET.fromstring(kept.get("xl/workbook.xml", b"<none/>"))  # noqa: S314 - document types were refused before
        links = ET.fromstring(kept.get("xl/_rels/workbook.xml.rels", b"<none/>"))  # noqa: S314 - the same
    except ET.ParseError as error:
        raise RefusedError("book.broken", "xl/workbook.xml 解不开") from error
    targets = {link.get("Id"): link.get("Target", "") for link in links}
    for sheet in book.iter():
        if sheet.tag.endswith("}sheet"):
            relation = next((value for key, value in sheet.attrib.items() if key.endswith("}id")), "")
            yield (
                sheet.get("name", ""),
                posixpath.normpath(posixpath.join("/xl", targets.get(relation, ""))).lstrip("/"),
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
        elif not (kind and kind[1] == b"str") and _UNCACHED.search(data, start, end):
            found[row, column] = "uncached"
    return found
