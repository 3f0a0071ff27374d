"""Holds totals typed by hand against the rows above them (domain 4, case 54): a warning, for either may be the wrong one.

人数   试驾   电话
 3     √     138…
 2           未留        a figure column adds up, a tick column counts its ticks,
合计 2批  5   1    1      names and phones count the rows, or those that have one
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import partial

from pipeline.grid import Book, Value
from pipeline.layout.totals import Total
from pipeline.model import Finding, Record, Written
from pipeline.rulebook.rulebook import Rulebook
from pipeline.say import say
from pipeline.values.items import most
from pipeline.values.numbers import read_count, read_money
from pipeline.values.plain import half_width, is_number, text_of

_FIGURES = frozenset({"count", "money", "minutes", "number", "score"})
_COUNTED = frozenset({"name", "phone"})
_ROWS = re.compile(r"\D*?(\d{1,4})\s*(?:批|组|条|行)\D*$", re.ASCII)
_TOTAL = re.compile(r"(?:总得?分|得分合计|合计得分|合计)[:\s]*(\d{1,4}(?:\.\d+)?)(?![\d.]*\s*%)", re.ASCII)
_RATE = re.compile(r"得分率[:\s]*(\d{1,3}(?:\.\d+)?)\s*(%?)", re.ASCII)
_PER_CENT = 0.0051  # a rate written in whole per cent is right when it is rounded so
_CENT = 0.005  # below this two sums of money are one


def sums_that_differ(book: Book, totals: Iterable[Total], records: Sequence[Record], rules: Rulebook) -> list[Finding]:
    """Say of each typed total that is neither the sum of its table nor of the rows since the total before it."""
    by_order = {record.order: record for record in records}
    said: list[Finding] = []
    for total in totals:
        rows = [by_order[order] for order in total.orders if order in by_order]
        if not rows or len(rows) < len(total.orders):
            continue  # a blank form's total, or a sheet that was a copy
        spans = (rows, rows[total.settled :])
        form = rules.forms[total.form]
        if any(item.scale for item in form.parts[total.part].items):
            said += _points_that_differ(book, total, rows, rules)
            continue
        asked = [(total.beside, *_rows(total.beside.value, spans))]
        for name, written in total.cells.items():
            spec = form.spec(total.part, name)
            if spec and written.value != "":
                asked.append((written, *_column(name, spec.is_, written.value, spans)))
        said += [
            _differs(book, total, written, sums, rules) for written, figure, sums in asked if _is_off(figure, sums)
        ]
    return said


def _points_that_differ(book: Book, total: Total, rows: Sequence[Record], rules: Rulebook) -> Iterator[Finding]:
    """Hold 总分 and 得分率 typed below a checklist against the points of its scored, applicable items (A3)."""
    cells = sorted((total.beside, *total.cells.values()), key=lambda cell: (len(cell.cell), cell.cell))
    line = half_width(" ".join(text for cell in cells if (text := text_of(cell.value))))
    scored = [row for row in rows if row.value("score") is not None]
    points, possible = sum(row.value("score") for row in scored), sum(most(row.value("scale")) for row in scored)
    if any("score" in row.value("_unread") for row in rows):
        return
    place = partial(say, rules, book=book.path, sheet=total.sheet, cell=total.beside.cell, level="warning")
    if (found := _TOTAL.search(line)) and abs(float(found[1]) - points) > _CENT:
        yield place("total.differs", label="总分", found=found[1], other=f"{points}")
    if possible and (found := _RATE.search(line)):
        rate = float(found[1]) / (100 if found[2] or float(found[1]) > 1 else 1)
        if abs(rate - points / possible) > _PER_CENT:
            right = f"{points / possible:.1%}({points}/{possible})"
            yield place("total.rate-differs", label="得分率", found=f"{found[1]}{found[2]}", other=right)


def _column(name: str, is_: str, value: Value, spans: Sequence[Sequence[Record]]) -> tuple[float | None, list[float]]:
    """Return the figure a total says of a column, and what it may be by the rows."""
    if any(name in row.value("_unread") for row in spans[0]):
        return None, []  # a row of the column could not be read: that is said already
    if is_ in _FIGURES:
        return _figure(value), [sum(row.value(name) or 0 for row in rows) for rows in spans]
    filled = [float(sum(bool(row.value(name)) for row in rows)) for rows in spans]
    if is_ == "tick":
        return _figure(value), filled
    return (_figure(value), [*filled, *(len(rows) for rows in spans)]) if is_ in _COUNTED else (None, [])


def _rows(value: Value, spans: Sequence[Sequence[Record]]) -> tuple[float | None, list[float]]:
    """Return the number of rows that stands in the total's own word: 合计: 12批."""
    found = _ROWS.match(half_width(text_of(value)))
    return (float(found[1]) if found else None), [len(rows) for rows in spans]


def _figure(value: Value) -> float | None:
    if is_number(value):
        return float(value)  # type: ignore[arg-type]  # a number by then
    text = re.sub(r"\s*[批组条行]$", "", half_width(text_of(value)))
    return next((float(found.value) for found in (read_count(text), read_money(text)) if getattr(found, "value", None) is not None), None)  # type: ignore[union-attr]  # fmt: skip


def _is_off(figure: float | None, sums: Sequence[float]) -> bool:
    return figure is not None and all(abs(figure - each) > _CENT for each in sums)


def _differs(book: Book, total: Total, written: Written, sums: Sequence[float], rules: Rulebook) -> Finding:
    return say(
        rules, "total.differs", "warning", book=book.path, sheet=total.sheet, cell=written.cell, label=written.label,
        found=text_of(written.value), other=" 或 ".join(dict.fromkeys(f"{each:.12g}" for each in sums)),
    )  # fmt: skip
