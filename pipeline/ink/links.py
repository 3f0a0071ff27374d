"""Makes the addresses of links: the cell of an original, a sheet of the same workbook, a sheet of another workbook beside it."""

from __future__ import annotations

from collections.abc import Mapping

from pipeline.ink.letters import file_name
from pipeline.report import Jump, Source

_LONGEST = 2_000  # letters Excel takes
# Escaped here because xlsxwriter takes the first # for the end of the path.
_ESCAPED = (("%", "%25"), ("#", "%23"), (" ", "%20"), ('"', "%22"), ("[", "%5b"), ("]", "%5d"))


def to_original(source: Source, path: str) -> str:
    """Return the address of an original's cell; `path` leads there from the workbook, '' = not linked."""
    if not path:
        return ""
    for letter, code in _ESCAPED:
        path = path.replace(letter, code)
    # No sheet is called with a star: this one's name is a phone and was masked, so the link leads to the workbook.
    found = source.sheet and "*" not in source.sheet
    whole = f"external:{path}#{_cell(source.sheet, source.cell or 'A1')}" if found else f"external:{path}"
    return whole if len(whole) <= _LONGEST else ""


def to_sheet(jump: Jump, names: Mapping[str, str]) -> str:
    """Return the address of the sheet a figure leads to; `names` maps the workbook's own sheets to how they are written."""
    if jump.book:
        folder = f"{file_name(jump.folder)}/" if jump.folder else ""
        return f"external:{folder}{file_name(jump.book)}.xlsx#{_cell(jump.sheet, 'A1')}"
    return f"internal:{_cell(names[jump.sheet], 'A1')}" if jump.sheet in names else ""


def _cell(sheet: str, cell: str) -> str:
    quoted = sheet.replace("'", "''")
    return f"'{quoted}'!{cell}"
