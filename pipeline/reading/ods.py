"""Looks at the content of an .ods: repeated cells that would unfold into millions, merges, what cannot be trusted or is hidden, notes, locks.

A formula that was never computed has neither value nor text. Older writers show an error as the text of a formula whose value is 0.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.parsers import expat

from pipeline.grid import Span, Spot, address
from pipeline.reading import limits
from pipeline.reading.limits import Marks, RefusedError
from pipeline.reading.notes import theirs
from pipeline.reading.xml_parts import xml_parts
from pipeline.reading.zips import Package

_TOKEN = re.compile(rb"<table:(table|table-row|table-column|table-cell|covered-table-cell)(\s[^>]*?)?(/?)>")
_NAME = re.compile(rb"""\stable:name=["']([^"']*)["']""")
_ROWS = re.compile(rb"""\stable:number-rows-repeated=["'](\d{1,12})["']""")
_COLUMNS = re.compile(rb"""\stable:number-columns-repeated=["'](\d{1,12})["']""")
_DOWN = re.compile(rb"""\stable:number-rows-spanned=["'](\d{1,9})["']""")
_ACROSS = re.compile(rb"""\stable:number-columns-spanned=["'](\d{1,9})["']""")
_HIDDEN = re.compile(rb"""\stable:visibility=["'](?:collapse|filter)["']""")
_ERROR = re.compile(rb"""value-type=["']error["']""")
_ERROR_TEXT = re.compile(rb"<text:p[^>]*>(#[A-Z][A-Z/0_]*[!?]?|Err:\d{3})</text:p>")
_NOTE = re.compile(rb"<office:annotation[ >].*?</office:annotation>", re.DOTALL)
_APART = re.compile(rb"<text:(?:p|s|tab|line-break)\b[^>]*>")
_NOT_SAID = re.compile(rb"<dc:(creator|date)>.*?</dc:\1>|<[^>]*>", re.DOTALL)
LOCKED = "encrypted-package"  # ODF 1.4 locks the whole package into one part
_TITLED = re.compile(
    rb"<svg:(title|desc)\b[^>]*>.*?</svg:\1>", re.DOTALL
)  # the name of a picture, which the fast reader takes for the cell's text
_MIMETYPE = b"application/vnd.oasis.opendocument.spreadsheet"
# Blanks before a cell, a row or a paragraph say nothing; inside a paragraph they do.
_SPACED = re.compile(rb">\s+<table:(?:table-cell|covered-table-cell)\b")
_BETWEEN = re.compile(rb">\s+(</?table:|<text:p[ >/]|<office:annotation)")
_CELL_END = b"</table:table-cell>"


def survey(package: Package) -> list[Marks]:
    """Return the marks of the sheets in their order; refuse a locked file and cells beyond the limits."""
    parts = dict(xml_parts(package))
    if b"encryption-data" in parts.get("META-INF/manifest.xml", b"") or LOCKED in package.parts:
        raise RefusedError("book.password")
    total = 0
    marks: list[Marks] = []
    content = parts.get("content.xml", b"")
    _check_whole(content)
    for tokens in _tables(content):
        sheet = _Sheet(content, b"<office:annotation" in content)
        marks.append(sheet.read(tokens))
        total += sheet.bottom * sheet.right
        if total > limits.CELLS:
            raise RefusedError("book.too-big", f"{total} 格")
    return marks


def mended(package: Package) -> dict[str, bytes]:
    """Return the parts that the fast reader takes only otherwise: it stumbles over blanks between cells, over a missing mimetype and over the names of pictures."""
    content = package.read("content.xml")
    changed = {"mimetype": _MIMETYPE} if "mimetype" not in package.parts else {}
    if _SPACED.search(content):
        changed["content.xml"] = _BETWEEN.sub(rb">\1", content)
    if b"<svg:title" in content or b"<svg:desc" in content:
        changed["content.xml"] = _TITLED.sub(b"", changed.get("content.xml", content))
    return changed


def _check_whole(content: bytes) -> None:
    """Refuse content whose tags do not close: the reader would look for the end of a table for ever."""
    try:
        expat.ParserCreate().Parse(content, True)
    except expat.ExpatError as error:
        raise RefusedError("book.broken", "content.xml 不完整") from error


def _tables(data: bytes) -> Iterator[list[re.Match[bytes]]]:
    """Yield the tags of every table."""
    tokens: list[re.Match[bytes]] | None = None
    for match in _TOKEN.finditer(data):
        if match[1] != b"table":
            if tokens is not None:
                tokens.append(match)
            continue
        if tokens is not None:
            yield tokens
        tokens = []
    if tokens is not None:
        yield tokens


@dataclass
class _Sheet:
    """One table while its tags are walked; repeated blanks count only where something follows them."""

    content: bytes
    annotated: bool
    bottom: int = 0
    right: int = 0
    faults: dict[Spot, str] = field(default_factory=dict)
    notes: dict[Spot, str] = field(default_factory=dict)
    merges: list[Span] = field(default_factory=list)
    hidden_rows: list[tuple[int, int]] = field(default_factory=list)
    hidden_columns: list[tuple[int, int]] = field(default_factory=list)

    def read(self, tokens: list[re.Match[bytes]]) -> Marks:
        """Return what the tags tell."""
        row = next_row = column = last_column = 0
        for token in tokens:
            attributes = token[2] or b""
            if token[1] == b"table-row":
                row, next_row, column = next_row, next_row + _count(_ROWS, attributes), 0
                if _HIDDEN.search(attributes):
                    self.hidden_rows.append((row, next_row - 1))
            elif token[1] == b"table-column":
                start, last_column = last_column, last_column + _count(_COLUMNS, attributes)
                if _HIDDEN.search(attributes):
                    self.hidden_columns.append((start, last_column - 1))
            else:
                start, column = column, column + _count(_COLUMNS, attributes)
                self._cell(token, attributes, (row, next_row), (start, column))
        if len(self.merges) > limits.MERGES:
            raise RefusedError("book.too-big", "合并单元格太多")
        return Marks(
            self.faults, tuple(self.merges), tuple(self.hidden_rows), tuple(self.hidden_columns), theirs(self.notes)
        )

    def _cell(self, token: re.Match[bytes], attributes: bytes, rows: tuple[int, int], columns: tuple[int, int]) -> None:
        (row, next_row), (start, column) = rows, columns
        if b"spanned=" in attributes:
            down, across = _count(_DOWN, attributes), _count(_ACROSS, attributes)
            if down * across > 1:
                self.merges.append(Span(row, start, row + down - 1, start + across - 1))
        formula = b"table:formula=" in attributes
        # A cell with a value opens its tag to hold the text; a blank one closes it at once.
        if token[3] and b"value" not in attributes and not formula:
            return
        self.bottom, self.right = max(self.bottom, next_row), max(self.right, column)
        if self.bottom * self.right > limits.CELLS:
            raise RefusedError("book.far-cells", address(next_row - 1, min(column, 1 << 20) - 1))
        fault = self._fault(token, attributes) if formula or _ERROR.search(attributes) else ""
        if fault:
            self.faults |= {(r, c): fault for r in range(row, next_row) for c in range(start, column)}
        if self.annotated and (note := _NOTE.search(self._inside(token))):
            said = _NOT_SAID.sub(b"", _APART.sub(b" ", note[0])).decode("utf-8", "replace")
            self.notes[row, start] = html.unescape(said)

    def _fault(self, token: re.Match[bytes], attributes: bytes) -> str:
        inside = self._inside(token)
        shown = _ERROR_TEXT.search(inside)
        if shown or _ERROR.search(attributes):
            return shown[1].decode() if shown else "error"
        # A formula that honestly answers nothing has no type either, but an empty text.
        return "" if b"value-type=" in attributes or b"<text:p" in inside else "uncached"

    def _inside(self, token: re.Match[bytes]) -> bytes:
        """Return what stands between the cell's tag and its end."""
        if token[3]:
            return b""
        return self.content[token.end() : self.content.find(_CELL_END, token.end())]


def _count(pattern: re.Pattern[bytes], attributes: bytes) -> int:
    """Return how often the tag says it stands, once when it says nothing."""
    found = pattern.search(attributes)
    return max(1, int(found[1])) if found else 1
