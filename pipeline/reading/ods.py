"""Looks at the content of an .ods: repeated cells that would unfold into millions, merges, error cells, locks."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

from pipeline.grid import Span, Spot, address
from pipeline.reading import limits
from pipeline.reading.limits import Marks, RefusedError
from pipeline.reading.xml_parts import xml_parts
from pipeline.reading.zips import Package

_TOKEN = re.compile(rb"<table:(table|table-row|table-cell|covered-table-cell)(\s[^>]*?)?(/?)>")
_NAME = re.compile(rb"""\stable:name=["']([^"']*)["']""")
_ROWS = re.compile(rb"""\stable:number-rows-repeated=["'](\d{1,12})["']""")
_COLUMNS = re.compile(rb"""\stable:number-columns-repeated=["'](\d{1,12})["']""")
_DOWN = re.compile(rb"""\stable:number-rows-spanned=["'](\d{1,9})["']""")
_ACROSS = re.compile(rb"""\stable:number-columns-spanned=["'](\d{1,9})["']""")
_ERROR = re.compile(rb"""value-type=["']error["']""")


def survey(package: Package) -> dict[str, Marks]:
    """Return the marks of the sheets by name; refuse a locked file and cells beyond the limits."""
    parts = dict(xml_parts(package))
    if b"encryption-data" in parts.get("META-INF/manifest.xml", b""):
        raise RefusedError("book.password")
    total = 0
    marks: dict[str, Marks] = {}
    for name, tokens in _tables(parts.get("content.xml", b"")):
        cells, marks[name] = _sheet(tokens)
        total += cells
        if total > limits.CELLS:
            raise RefusedError("book.too-big", f"{total} 格")
    return marks


def _tables(data: bytes) -> Iterator[tuple[str, list[re.Match[bytes]]]]:
    """Yield name and tags of every table."""
    name, tokens = "", list[re.Match[bytes]]()
    for match in _TOKEN.finditer(data):
        if match[1] != b"table":
            tokens.append(match)
            continue
        if tokens:
            yield name, tokens
        found = _NAME.search(match[2] or b"")
        name, tokens = html.unescape(found[1].decode("utf-8", "replace")) if found else "", []
    if tokens:
        yield name, tokens


def _sheet(tokens: list[re.Match[bytes]]) -> tuple[int, Marks]:
    """Return the cells in the sheet's rectangle, and its marks; repeated blanks count only where something follows them."""
    faults: dict[Spot, str] = {}
    merges: list[Span] = []
    row = next_row = column = right = bottom = 0
    for token in tokens:
        attributes = token[2] or b""
        if token[1] == b"table-row":
            row, next_row, column = next_row, next_row + _count(_ROWS, attributes), 0
            continue
        start, column = column, column + _count(_COLUMNS, attributes)
        if b"spanned=" in attributes:
            down, across = _count(_DOWN, attributes), _count(_ACROSS, attributes)
            if down * across > 1:
                merges.append(Span(row, start, row + down - 1, start + across - 1))
        # A cell with a value opens its tag to hold the text; a blank one closes it at once.
        if token[3] and b"value" not in attributes:
            continue
        bottom, right = max(bottom, next_row), max(right, column)
        if bottom * right > limits.CELLS:
            raise RefusedError("book.far-cells", address(next_row - 1, min(column, 1 << 20) - 1))
        if _ERROR.search(attributes):
            faults[row, start] = "error"
    if len(merges) > limits.MERGES:
        raise RefusedError("book.too-big", "合并单元格太多")
    return bottom * right, Marks(faults, tuple(merges))


def _count(pattern: re.Pattern[bytes], attributes: bytes) -> int:
    """Return how often the tag says it stands, once when it says nothing."""
    found = pattern.search(attributes)
    return max(1, int(found[1])) if found else 1
