"""Makes any text safe to stand in a workbook: cells, sheet names, column names, table names, file names."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

# What XML 1.0 cannot carry: control characters, halves of surrogate pairs, two non-characters.
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_CELL = 32_767  # UTF-16 units Excel allows in a cell
_FORMULA_LIKE = ("=", "+", "-", "@")
_NOT_IN_SHEET = re.compile(r"[\[\]:*?/\\]")
_SHEET = 31  # letters Excel allows in a sheet's name
_NOT_IN_FILE = re.compile(r'[<>:"/\\|?*\x00-\x1f]')
# Names that Windows keeps for devices, with any ending.
_DEVICE = re.compile(r"^(con|prn|aux|nul|com\d|lpt\d)(\.|$)", re.IGNORECASE)
_COLUMN = 250  # letters; Excel allows 255 in a table's column name
_TABLE = 200


def safe(text: object) -> str:
    r"""Return the text as a cell may hold it: nothing XML refuses, no carriage returns, not longer than Excel allows.

    >>> safe("a\x00b\r\nc")
    'ab\nc'
    """
    said = str(text)
    return said if said.isprintable() and len(said) * 2 <= _CELL else _cleaned(said)


@lru_cache(maxsize=16384)
def _cleaned(text: str) -> str:
    clean = _UNPRINTABLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    if len(clean) * 2 <= _CELL:
        return clean
    units = clean.encode("utf-16-le")
    if len(units) // 2 <= _CELL:
        return clean
    return units[: (_CELL - 1) * 2].decode("utf-16-le", "ignore") + "…"


def looks_like_formula(text: str) -> bool:
    """Say whether Excel would take the text for a formula if somebody entered the cell and left it again."""
    return text.lstrip().startswith(_FORMULA_LIKE)


def unique(names: Iterable[str], limit: int, blank: str) -> list[str]:
    """Return the names with repeated ones numbered (as Excel compares them: case-blind) and blank ones named.

    >>> unique(["日期", "", "日期"], 31, "列")
    ['日期', '列2', '日期(2)']
    """
    found: list[str] = []
    taken: set[str] = set()
    for place, name in enumerate(names, 1):
        stem = name or f"{blank}{place}"
        candidate, number = stem[:limit], 1
        while candidate.casefold() in taken:
            number += 1
            ending = f"({number})"
            candidate = stem[: limit - len(ending)] + ending
        taken.add(candidate.casefold())
        found.append(candidate)
    return found


def sheet_names(names: Iterable[str]) -> list[str]:
    """Return names Excel accepts for the sheets of one workbook."""
    bare = (_NOT_IN_SHEET.sub("·", safe(name)).replace("\n", " ").strip().strip("'") for name in names)
    return unique(("历史" if name.casefold() == "history" else name for name in bare), _SHEET, "表")


def column_names(names: Iterable[str]) -> list[str]:
    """Return names Excel accepts for the columns of one table: one line each, none blank, none twice."""
    return unique((" ".join(safe(name).split()) for name in names), _COLUMN, "列")


def table_name(sheet: str, number: int) -> str:
    """Return the name a table goes by in formulas and queries: `表_按日`, `表_留档分析_2`."""
    stem = re.sub(r"\W", "_", sheet)[:_TABLE]
    return f"表_{stem}" if number == 1 else f"表_{stem}_{number}"


def file_name(title: str) -> str:
    """Return a file name without ending that Windows accepts.

    >>> file_name("来店/来电: 登记?")
    '来店·来电· 登记·'
    """
    name = _NOT_IN_FILE.sub("·", title).rstrip(" .") or "未命名"
    return f"_{name}" if _DEVICE.match(name) else name
