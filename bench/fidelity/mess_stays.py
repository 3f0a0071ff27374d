"""Stays in one cell, days that need their neighbours, options to tick, cells merged over rows, rows half filled (domain 4, cases 5, 11, 13, 14, 39)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from random import Random
from typing import Any

from bench.fidelity.mess import Change, Mess
from bench.fidelity.sketch import Column, Ink, Line, Paper, Table, Truth, asking
from bench.fidelity.spell import Pen
from pipeline.demo.spelling import Cell

_BOTH = "stay"


def _clock(text: str) -> str:
    return f"{int(text[:2])}:{text[3:]}"


def _spoken(text: str) -> str:
    return f"{int(text[:2])}点{text[3:]}分"


RANGES: Mapping[str, Callable[[str, str], Cell]] = {
    "9:30-10:15": lambda a, b: f"{_clock(a)}-{_clock(b)}",
    "9:30—10:15": lambda a, b: f"{_clock(a)}—{_clock(b)}",
    "9：30～10：15": lambda a, b: f"{_clock(a)}～{_clock(b)}".replace(":", "："),
    "9:30~10:15": lambda a, b: f"{_clock(a)}~{_clock(b)}",
    "9:30 至 10:15": lambda a, b: f"{_clock(a)} 至 {_clock(b)}",
    "9:30到10:15": lambda a, b: f"{_clock(a)}到{_clock(b)}",
    "9点30分至10点15分": lambda a, b: f"{_spoken(a)}至{_spoken(b)}",
    "9:30 10:15": lambda a, b: f"{_clock(a)}\n{_clock(b)}",
    "9.30-10.15": lambda a, b: f"{_clock(a)}-{_clock(b)}".replace(":", "."),
    "9:30--10:15": lambda a, b: f"{_clock(a)}--{_clock(b)}",
    "9:30/10:15": lambda a, b: f"{_clock(a)}/{_clock(b)}",
    "(9:30-10:15)": lambda a, b: f"({_clock(a)}-{_clock(b)})",
    "0930-1015": lambda a, b: f"{a}-{b}".replace(":", ""),
}
READ = frozenset(RANGES) - {"9:30 10:15", "9:30/10:15", "(9:30-10:15)"}  # of the others a question is as good


def _stay(spelling: Callable[[str, str], Cell], *, may: bool = False, asks: bool = False) -> Change:
    def change(paper: Paper, _rng: Random, _pen: Pen) -> Paper | None:
        """Write both times of a visit in one cell."""
        if paper.form != "visitor_register":
            return None

        def line(each: Line, _part: str) -> Line:
            if not _timed(each):
                return each
            told = Ink(spelling(each.cells["arrived_at"], each.cells["left_at"]))
            cells = {name: value for name, value in each.cells.items() if name not in {"arrived_at", "left_at"}} | {
                _BOTH: told
            }
            said = replace(each, cells=cells)
            for name in ("arrived_at", "left_at") if may or asks else ():
                said = asking(said, name, may=may)
            return said

        def table(each: Table) -> Table:
            columns = [
                Column(_BOTH, "进店-离去时间") if c.field == "arrived_at" else c
                for c in each.columns
                if c.field != "left_at"
            ]
            return replace(each, columns=tuple(columns))

        return paper.changed(lambda sketch: sketch.relined(line).retabled(table))

    return change


def _timed(line: Line) -> bool:
    """Say whether both times of a visit are there and not spelt yet."""
    return all(isinstance(line.cells.get(name), str) for name in ("arrived_at", "left_at"))


def _bucket(paper: Paper, _rng: Random, _pen: Pen) -> Paper | None:
    """Write the hour of the visit in both columns: how long it was is not known."""
    if paper.form != "visitor_register":
        return None

    def line(each: Line, _part: str) -> Line:
        if not _timed(each):
            return each
        hour = int(each.cells["arrived_at"][:2])
        told = Ink(f"{hour}:00-{hour + 1}:00")
        meant = {"arrived_at": f"{hour:02d}:00", "left_at": f"{hour + 1:02d}:00", "stay_minutes": None}
        truths = tuple(replace(t, values=dict(t.values) | meant) for t in each.truths)
        return replace(each, cells=dict(each.cells) | {"arrived_at": told, "left_at": told}, truths=truths)

    return paper.changed(lambda sketch: sketch.relined(line))


def _tenth(days: tuple[Cell, ...], meant: tuple[date | None, ...]) -> Change:
    def change(paper: Paper, _rng: Random, _pen: Pen) -> Paper | None:
        """Write the first contact as numbers, one of which Excel has shortened: 11.1 is the first or the tenth."""
        if paper.form not in {"level_tracker", "intent_follow_up"}:
            return None

        def table(each: Table) -> Table:
            lines = []
            for line, cell, day in zip(each.lines, days, meant, strict=False):
                truths = tuple(
                    replace(t, values=dict(t.values) | {"first_contact_on": day})
                    if "first_contact_on" in t.values
                    else t
                    for t in line.truths
                )
                told = replace(line, cells=dict(line.cells) | {"first_contact_on": Ink(cell)}, truths=truths)
                lines.append(asking(told, "first_contact_on") if day is None else told)
            return replace(each, lines=tuple(lines))

        return paper.changed(lambda sketch: sketch.retabled(table))

    return change


_OPTIONS = {
    "purchase_type": ("首次购车", "换购", "增购"),
    "payment": ("全款", "分期"),
    "visit_kind": ("首次", "再次", "其他"),
    "channel": ("来店", "来电"),
}


def _options(empty: str, ticked: str, *, behind: bool = False) -> Change:
    def change(paper: Paper, _rng: Random, pen: Pen) -> Paper | None:
        """Tick one of the printed options."""
        found = False

        def line(each: Line, part: str) -> Line:
            nonlocal found
            cells = dict(each.cells)
            for name, words in _OPTIONS.items():
                if isinstance(cells.get(name), str) and pen.is_(part, name) == "code":
                    own = pen.plain(part, name, cells[name])
                    marks = [(ticked if word == own else empty, word) for word in words]
                    cells[name] = Ink(" ".join(f"{word}{mark}" if behind else f"{mark}{word}" for mark, word in marks))
                    found = True
            return replace(each, cells=cells)

        told = paper.changed(lambda sketch: sketch.relined(line))
        return told if found else None

    return change


def _half_filled(keeps: tuple[str, ...]) -> Change:
    def change(paper: Paper, rng: Random, _pen: Pen) -> Paper | None:
        """Leave all but a few cells of one row blank: it is a record, and what it needs is asked for."""
        form, part = paper.form, "visits" if paper.form == "visitor_register" else "rows"
        if form not in {"visitor_register", "level_tracker"}:
            return None

        def table(each: Table) -> Table:
            if each.part != part:
                return each
            place = rng.randrange(1, len(each.lines))
            line = each.lines[place]
            truth = line.truths[0]
            kept = {name: value for name, value in line.cells.items() if name in keeps}
            above = {"visited_on", "consultant", "month"} - set(line.cells) | ({"visited_on"} & set(truth.values))
            values = {name: value if name in keeps or name in above else None for name, value in truth.values.items()}
            if form == "visitor_register":
                values |= {"channel": "walk_in", "captured": "phone" in keeps, "test_driven": False, "ordered": False}
            told = asking(
                replace(line, cells=kept, truths=(Truth(truth.kind, values),)),
                "arrived_at" if form == "visitor_register" else "opening_level",
            )
            return replace(each, lines=(*each.lines[:place], told, *each.lines[place + 1 :]))

        return paper.changed(lambda sketch: sketch.retabled(table))

    return change


def _below_the_end(paper: Paper, _rng: Random, _pen: Pen) -> Paper | None:
    """Go on writing below the signatures: not read, but said."""
    if paper.form not in {"visitor_register", "test_drive", "lost_review"} or paper.sketches[0].cards:
        return None

    def table(each: Table) -> Table:
        signed = Line(raw=("审核：", None, None, "经理：", None, "日期："))
        last = each.lines[-1]
        doubted = replace(last, truths=tuple(replace(t, asks=frozenset(t.values)) for t in last.truths))
        return replace(each, lines=(*each.lines[:-1], signed, doubted))

    return paper.changed(lambda sketch: sketch.retabled(table))


def _in_ten_thousands(label: str) -> Change:
    def change(paper: Paper, _rng: Random, pen: Pen) -> Paper | None:
        """Print the unit in the label and write the figure without it."""
        if not any(
            pen.is_(card.part, pair.field) == "money" for s in paper.sketches for card in s.cards for pair in card.pairs
        ):
            return None

        def line(each: Line, part: str) -> Line:
            told: dict[str, Any] = {
                n: Ink(v / 10_000)
                for n, v in each.cells.items()
                if isinstance(v, float) and pen.is_(part, n) == "money"
            }
            return replace(each, cells=dict(each.cells) | told)

        def named(card: Any) -> Any:
            return replace(
                card,
                pairs=tuple(
                    replace(p, label=f"{p.label}{label}") if pen.is_(card.part, p.field) == "money" else p
                    for p in card.pairs
                ),
            )

        return paper.changed(lambda s: replace(s.relined(line), cards=tuple(map(named, s.relined(line).cards))))

    return change


def _weekdays(paper: Paper, _rng: Random, _pen: Pen) -> Paper | None:
    """Print the weekdays below the days of the month grid."""
    if not any(c.label == "31" for s in paper.sketches for t in s.tables for c in t.columns):
        return None
    days = tuple("一二三四五六日"[date(2026, 11, day).weekday()] if day < 31 else None for day in range(1, 32))  # noqa: PLR2004
    row = Line(raw=(*([None] * 7), *days))
    return paper.changed(lambda s: s.retabled(lambda t: replace(t, lines=(row, *t.lines))))


def messes() -> list[Mess]:
    """Return every mess of stays, neighbours, options and half filled rows."""
    ten = tuple(date(2026, 10, day) for day in (8, 9, 10, 11, 12, 13))
    return [
        *(Mess("both times in one cell", name, _stay(way, may=name not in READ)) for name, way in RANGES.items()),
        Mess(
            "both times in one cell, the wrong way round",
            "16:00—09:00分",
            _stay(lambda a, b: f"{_clock(b)}—{_clock(a)}分", asks=True),
        ),
        Mess("an hour in both columns", "9:00-10:00", _bucket),
        Mess("10.1 among its neighbours", "rising", _tenth((10.08, 10.09, 10.1, 10.11, 10.12, 10.13), ten)),
        Mess(
            "10.1 that nobody can tell",
            "no order",
            _tenth(
                (10.15, 10.09, 10.1, 10.31, 10.12, 10.05),
                (
                    date(2026, 10, 15),
                    date(2026, 10, 9),
                    None,
                    date(2026, 10, 31),
                    date(2026, 10, 12),
                    date(2026, 10, 5),
                ),
            ),
        ),
        Mess("options to tick", "□ ☑", _options("□", "☑")),
        Mess("options to tick", "□ √", _options("□", "√")),
        Mess("options to tick", "□ ■", _options("□", "■")),
        Mess("options to tick", "□ ?, the tick lost", _options("□", "?")),
        Mess("options to tick", "the box behind", _options("□", "☑", behind=True)),
        Mess("rows half filled", "a name only", _half_filled(("customer_name",))),
        Mess("rows half filled", "a phone only", _half_filled(("phone",))),
        Mess("rows below the signatures", "one", _below_the_end),
        Mess("the unit in the label", "(万元)", _in_ten_thousands("(万元)")),
        Mess("the unit in the label", "（万）", _in_ten_thousands("（万）")),
        Mess("weekdays below the days", "一二三", _weekdays),
    ]
