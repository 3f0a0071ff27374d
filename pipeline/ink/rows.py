"""Sheets on which whole rows are laid: a cell is made and spelt once, and stands in as many rows as it likes.

xlsxwriter checks, wraps and spells every cell anew, which is most of what a long register costs; of ten thousand cells some hundreds differ. What is
written is byte for byte what its own methods write: `tests/test_rows.py` holds the one against the other.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from io import StringIO
from typing import Any, TypeAlias

from xlsxwriter.url import Url
from xlsxwriter.utility import xl_range
from xlsxwriter.worksheet import CellBlankTuple, CellDatetimeTuple, CellNumberTuple, CellStringTuple, Worksheet

from pipeline.grid import address

Cell: TypeAlias = Any  # one of xlsxwriter's own, which its charts look at
Link: TypeAlias = Url

# A cell after its place: its look, and what it holds.
_SPELLINGS: dict[type, str] = {
    CellStringTuple: '" s="{0}" t="s"><v>{1}</v></c>',
    CellNumberTuple: '" s="{0}"><v>{1:.16G}</v></c>',
    CellDatetimeTuple: '" s="{0}"><v>{1:.16G}</v></c>',
    CellBlankTuple: '" s="{0}"/>',
}
_SPAN = 16  # rows that share what Excel is told of their first and last column


def link_to(address: str, said: str, tip: str) -> Link:
    """Return a link as a cell holds it: what it says where the cell is a text, the tip where it is none."""
    file, _, place = address.partition("#")
    link = Url.__new__(Url)
    # Thousands of links lead into one file: its path is taken apart once, and each link differs in the place there.
    vars(link).update(vars(_parsed(file)), _text=said, _tip=tip, **({"_anchor": place} if place else {}))
    return link


@lru_cache(maxsize=1024)
def _parsed(file: str) -> Url:
    return Url(file)


class RowSheet(Worksheet):  # type: ignore[misc]  # xlsxwriter ships no types
    """A sheet without notes, some of whose rows are laid whole."""

    fh: Any

    def cell(self, held: str | float | datetime | None, look: Any) -> Cell:
        """Return a cell for rows that are laid; it knows no place."""
        if held is None:
            return CellBlankTuple(look)
        if isinstance(held, str):
            index = self.str_table._get_shared_string_index(held)  # noqa: SLF001 - a workbook's texts have no other door
            self.str_table.count -= 1  # it is counted where it is laid
            return CellStringTuple(index, look)
        if isinstance(held, datetime):
            return CellDatetimeTuple(self._convert_date_time(held), look)
        return CellNumberTuple(held, look)

    def lay(self, row: int, cells: Sequence[Cell], texts: int, links: Mapping[int, Link]) -> None:
        """Lay a row from its first column on; `texts` of its cells are texts, `links` stand on some of its columns."""
        self._check_dimensions(row, 0)
        self._check_dimensions(row, len(cells) - 1)
        self.table[row] = dict(enumerate(cells))
        self.str_table.count += texts
        if links:
            self.hyperlinks[row].update(links)
            self.hlink_count += len(links)

    def frame(self, header: int, last: int, right: int, options: Mapping[str, Any]) -> None:
        """Make rows that were laid a table. xlsxwriter looks at each cell of one for another table, so it is shown two rows and then told of all."""
        self.add_table(header, 0, header + 1, right, options)
        whole = xl_range(header, 0, last, right)
        self.tables[-1].update({"range": whole, "a_range": whole, "autofilter": whole})

    def _calculate_spans(self) -> None:
        reach: dict[int, tuple[int, int]] = {}
        for row, cells in self.table.items():
            if cells:
                left, right = reach.get(row // _SPAN, (self.dim_colmax, 0))
                reach[row // _SPAN] = min(left, *cells), max(right, *cells)
        self.row_spans = {block: f"{left + 1}:{right + 1}" for block, (left, right) in reach.items()}

    def _write_rows(self) -> None:
        self._calculate_spans()
        spelt: dict[int, str] = {}
        starts = [f'<c r="{address(0, column).rstrip("1")}' for column in range(self.dim_colmax + 1)]
        for row in range(self.dim_rowmin, self.dim_rowmax + 1):
            info, cells = self.row_info.get(row), self.table.get(row)
            if cells:
                place = f"{row + 1}"
                self._write_row(row, self.row_spans[row // _SPAN], info)
                said = [
                    f"{starts[column]}{place}{spelt.get(id(cell)) or self._spell(row, column, cell, spelt)}"
                    for column, cell in sorted(cells.items())
                ]
                self.fh.write("".join(said))
                self._xml_end_tag("row")
            elif info is not None:
                self._write_empty_row(row, self.row_spans.get(row // _SPAN), info)

    def _spell(self, row: int, column: int, cell: Cell, spelt: dict[int, str]) -> str:
        """Return what is written of a cell after its place, and remember it where row and column have no say in it."""
        spelling = _SPELLINGS.get(cell.__class__)
        if spelling and cell.format:
            said = spelt[id(cell)] = spelling.format(cell.format._get_xf_index(), cell[0])  # noqa: SLF001 - mixed by the same book
            return said
        whole, self.fh = self.fh, StringIO()
        self._write_cell(row, column, cell)
        heard: str = self.fh.getvalue()
        self.fh = whole
        return heard.removeprefix(f'<c r="{address(row, column)}')
