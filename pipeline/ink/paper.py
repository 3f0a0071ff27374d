"""The door to xlsxwriter: a workbook whose bytes depend on nothing but what is written, its inks, its A4 pages.

Everything shown is set in one font that Windows and WPS both bring. Staff text is never taken for a formula or an address.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time
from pathlib import Path
from typing import Any, Self, TypeAlias

import xlsxwriter

from pipeline.ink.rows import RowSheet

# xlsxwriter ships no types; the three names say at least what is meant.
Workbook: TypeAlias = Any
Worksheet: TypeAlias = Any
Format: TypeAlias = Any

FONT = "微软雅黑"
SIZE = 10
ROW_PIXELS = 22  # what this font at this size takes; wrong values would stretch charts
A4 = 9  # Excel's number of the paper size
PAGE_PIXELS = (1_047, 690)  # what an A4 page across holds at full size

DARK = "#1F3A5F"  # headers and titles
BLUE = "#3B6EA5"
PALE = "#EAF0F7"
GREY = "#7A8490"
LINE = "#D5DBE3"
RED = "#C0392B"  # only for what is late, lost or required
GREEN = "#2E7D4F"  # only for what is as it should be


def across(widths: Iterable[float]) -> float:
    """Return the pixels that columns of these widths (characters) take: seven a character, five between two columns."""
    return sum(7 * wide + 5 for wide in widths)


class Paper:
    """An open workbook and the formats already mixed for it; used as a context, it is written when the context ends."""

    def __init__(self, path: Path, *, title: str, created: date, subject: str = "") -> None:
        self.book: Workbook = xlsxwriter.Workbook(
            str(path),
            {
                "strings_to_formulas": False,
                "strings_to_urls": False,
                "strings_to_numbers": False,
                "in_memory": True,  # no temporary files that a second run could meet
                "default_format_properties": {"font_name": FONT, "font_size": SIZE},
                "default_row_height": ROW_PIXELS,
            },
        )
        day = datetime.combine(created, time())
        self.book.set_properties({"title": title, "subject": subject, "author": "夜账 Daybook", "created": day})
        self._mixed: dict[tuple[tuple[str, object], ...], Format] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: object, *rest: object) -> None:
        if kind is None:
            self.book.close()
        else:
            self.book.fileclosed = 1  # a workbook half written is no workbook; xlsxwriter would warn of it

    def sheet(self, name: str) -> Worksheet:
        """Add a sheet."""
        return self.book.add_worksheet(name, RowSheet)

    def ink(self, **look: object) -> Format:
        """Return the format of this look, mixed once; vertically centred unless it says otherwise."""
        whole = {"valign": "vcenter", **look}
        key = tuple(sorted(whole.items(), key=lambda item: item[0]))
        if key not in self._mixed:
            self._mixed[key] = self.book.add_format(whole)
        return self._mixed[key]


def a4(sheet: Worksheet, *, landscape: bool, left: str, right: str, footer: str, one_page: bool = False) -> None:
    """Set a sheet up for A4: fit to the width (or to one page), narrow margins, header and footer with page numbers."""
    if landscape:
        sheet.set_landscape()
    else:
        sheet.set_portrait()
    sheet.set_paper(A4)
    sheet.fit_to_pages(1, 1 if one_page else 0)
    sheet.set_margins(left=0.4, right=0.4, top=0.65, bottom=0.6)
    sheet.center_horizontally()
    # A blank after the size: a text that begins with a digit would otherwise be read as part of it.
    sheet.set_header(f"&L&9 {_mark(left)}&R&9 {_mark(right)}", {"margin": 0.3})
    sheet.set_footer(f"&L&9 {_mark(footer)}&R&9 第 &P 页 / 共 &N 页", {"margin": 0.3})


def _mark(text: str) -> str:
    return text.replace("&", "&&")[:80]
