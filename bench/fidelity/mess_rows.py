"""Rows that are no records, cells that stand for others, columns too many and too few (domain 4, cases 2, 3, 6–8, 31, 35, 37, 38, 42)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from random import Random
from typing import Any

from bench.fidelity.mess import Change, Mess
from bench.fidelity.people import TODAY
from bench.fidelity.sketch import Column, Ink, Line, Paper, Sketch, Table, asking
from bench.fidelity.spell import Pen
from pipeline.demo.spelling import Cell

_LISTS = ("visits", "rows", "summary", "tomorrow", "drives", "losses")
_DATED = {"visitor_register": "visited_on", "test_drive": "driven_on", "lost_review": "lost_on"}


def _lined(change: Callable[[Table, Random], Table | None], parts: Sequence[str] = _LISTS) -> Change:
    """Return a mess that changes every list of these parts."""

    def mess(paper: Paper, rng: Random, _pen: Pen) -> Paper | None:
        if not any(table.part in parts for sketch in paper.sketches for table in sketch.tables):
            return None
        told = {
            id(table): change(table, rng) for sketch in paper.sketches for table in sketch.tables if table.part in parts
        }
        if any(each is None for each in told.values()):
            return None
        return paper.changed(lambda sketch: sketch.retabled(lambda table: told.get(id(table)) or table))

    return mess


def _raw(*cells: Cell) -> Line:
    return Line(raw=cells or (None,))


def _between(*rows: Line) -> Change:
    """Return a mess with these rows between all others."""
    return _lined(lambda table, _: replace(table, lines=tuple(each for line in table.lines for each in (line, *rows))))


def _before(*rows: Line) -> Change:
    return _lined(lambda table, _: replace(table, lines=(*rows, *table.lines)))


def _after(*rows: Line) -> Change:
    return _lined(lambda table, _: replace(table, lines=(*table.lines, *rows)))


def _numbered(table: Table, _rng: Random) -> Table:
    """Print numbers far below the last row."""
    return replace(table, lines=(*table.lines, *(_raw(float(number)) for number in range(len(table.lines) + 1, 21))))


def _foot(*rows: tuple[Cell, ...]) -> Change:
    return lambda paper, _rng, _pen: (
        paper.changed(lambda sketch: replace(sketch, foot=rows)) if any(s.tables for s in paper.sketches) else None
    )


def _ditto(mark: str, field: str) -> Change:
    def change(table: Table, _rng: Random) -> Table | None:
        """Let every second row say the same as the one above it, by a mark."""
        if field not in {column.field for column in table.columns}:
            return None
        lines = list(table.lines)
        for place in range(1, len(lines), 2):
            value = lines[place - 1].cells[field]
            truths = tuple(
                replace(t, values=dict(t.values) | {field: value}) if field in t.values else t
                for t in lines[place].truths
            )
            lines[place] = replace(lines[place], cells=dict(lines[place].cells) | {field: Ink(mark)}, truths=truths)
        return replace(table, lines=tuple(lines))

    return _lined(change)


def _dated(spelling: Callable[[int], dict[str, Any]], labels: Sequence[tuple[str, str]]) -> Change:
    """Return a mess that dates the rows in columns of their own; `spelling` gives the cells of the n-th row."""

    def mess(paper: Paper, _rng: Random, _pen: Pen) -> Paper | None:
        field = _DATED.get(paper.form)
        if field is None or paper.sketches[0].cards:
            return None

        def table(each: Table) -> Table:
            columns = [column for column in each.columns if column.field != field]
            told = tuple(Column(f"{field}{name}", label) for name, label in labels)
            lines = []
            for number, line in enumerate(each.lines):
                cells = {name: value for name, value in line.cells.items() if name != field}
                lines.append(
                    replace(
                        line, cells=cells | {f"{field}{name}": Ink(value) for name, value in spelling(number).items()}
                    )
                )
            return replace(each, columns=(columns[0], *told, *columns[1:]), lines=tuple(lines))

        return paper.changed(lambda sketch: replace(sketch.retabled(table), above=()))

    return mess


_SPLIT = (("/0", "登记年"), ("/1", "登记月"), ("/2", "登记日"))


def _split(paper: Paper, rng: Random, pen: Pen) -> Paper | None:
    """Write year, month and day in three columns."""
    if paper.form != "visitor_register":
        return None
    parts = {"/0": float(TODAY.year), "/1": float(TODAY.month), "/2": float(TODAY.day)}
    return _dated(lambda _: parts, _SPLIT)(paper, rng, pen)


def _split_ahead(paper: Paper, rng: Random, pen: Pen) -> Paper | None:
    """Fill the year in far below the last row, once with a stray number (case 7)."""
    split = _split(paper, rng, pen)
    if split is None:
        return None
    ahead = tuple(_raw(None, float(TODAY.year)) for _ in range(30))
    return split.changed(lambda s: s.retabled(lambda t: replace(t, lines=(*t.lines, *ahead))))


def _hidden(table: Table, rng: Random) -> Table:
    """Leave a filter on: some rows are hidden."""
    return replace(table, lines=tuple(replace(line, hidden=rng.random() < 0.5) for line in table.lines))  # noqa: PLR2004


def _hidden_columns(paper: Paper, _rng: Random, _pen: Pen) -> Paper | None:
    return (
        paper.changed(lambda s: s.looking(hidden_columns=(2, 3, 5))) if any(s.tables for s in paper.sketches) else None
    )


def _more_columns(table: Table, rng: Random) -> Table:
    """Add columns nobody knows, with things in them."""
    extra = (Column("x1", "客户特征"), Column("x2", "是否推荐朋友"), Column("x3", "店长点评"))
    columns = list(table.columns)
    place = rng.randrange(2, 5)
    lines = tuple(
        replace(line, cells=dict(line.cells) | {"x1": "谨慎", "x2": "√", "x3": "13900009999 待回"})
        for line in table.lines
    )
    return replace(table, columns=(*columns[:place], extra[0], *columns[place:], *extra[1:]), lines=lines)


def _without(*fields: str) -> Change:
    def mess(paper: Paper, _rng: Random, pen: Pen) -> Paper | None:
        """Leave columns out that a record can do without."""
        there = {c.field for s in paper.sketches for t in s.tables for c in t.columns} & set(fields)
        if not there:
            return None

        def table(each: Table) -> Table:
            lines = tuple(
                replace(line, truths=tuple(replace(t, values=_blanked(t.values, there)) for t in line.truths))
                for line in each.lines
            )
            return replace(each, columns=tuple(c for c in each.columns if c.field not in there), lines=lines)

        del pen
        return paper.changed(lambda sketch: sketch.retabled(table))

    return mess


def _blanked(values: Any, fields: set[str]) -> dict[str, Any]:
    told = dict(values) | {name: None for name in fields if name in values}
    for tick in fields & {"test_driven", "ordered"} & set(values):
        told[tick] = None
    if "left_at" in fields and "stay_minutes" in values:
        told["stay_minutes"] = None
    if "channel" in fields and "channel" in values:
        told["channel"] = "walk_in"
    return told


def _needed_gone(paper: Paper, _rng: Random, _pen: Pen) -> Paper | None:
    """Leave out a column without which nothing can be told: the sheet must be asked about, whole."""
    gone = {
        "visitor_register": "consultant",
        "level_tracker": "opening_level",
        "intent_follow_up": "phone",
        "lost_review": "customer_name",
    }.get(paper.form)
    if gone is None:
        return None

    def line(each: Line, _part: str) -> Line:
        for name in {name for truth in each.truths for name in truth.values}:
            each = asking(each, name)
        truths = tuple(replace(t, asks=frozenset(t.values)) for t in each.truths)
        return replace(each, truths=truths)

    return paper.changed(
        lambda sketch: sketch.relined(line).retabled(
            lambda t: replace(t, columns=tuple(c for c in t.columns if c.field != gone))
        )
    )


def _twice(paper: Paper, _rng: Random, _pen: Pen) -> Paper | None:
    """Write a column a second time with other things in it: the first counts, the second is said."""
    if paper.form != "visitor_register":
        return None

    def table(each: Table) -> Table:
        lines = tuple(replace(line, cells=dict(line.cells) | {"again": "13900009999"}) for line in each.lines)
        return replace(each, columns=(*each.columns, Column("again", "手机号码")), lines=lines)

    return paper.changed(lambda sketch: sketch.retabled(table))


def _legend(sketch: Sketch) -> Sketch:
    return replace(sketch, foot=(("注：没留资料的顾客也要登记；级别 H 七天内、A 一月内、B 三月内、C 三月以上。",),))


def _first_only(number: int) -> dict[str, Any]:
    return {"": TODAY if number == 0 else None}


def messes() -> list[Mess]:
    """Return every mess of rows and columns."""
    return [
        Mess("blank rows between", "one", _between(_raw())),
        Mess("blank rows between", "three", _between(_raw(), _raw(), _raw())),
        Mess("rows numbered ahead", "to 20", _lined(_numbered)),
        Mess("total rows", "合计 at the end", _after(_raw("合计", None, "6批"))),
        Mess(
            "total rows",
            "小计 between",
            _lined(lambda t, _: replace(t, lines=(*t.lines[:3], _raw("小计", None, 3.0), *t.lines[3:]))),
        ),
        Mess("total rows", "本页合计:6", _after(_raw("本页合计：6"))),
        Mess("total rows", "合计 in the second column", _after(_raw(None, "合计", "6批", 6.0))),
        Mess(
            "sample rows",
            "示例",
            _before(_raw("示例", "王先生", "13800001111", "来店", "首次", "X5", "H", "9:30", "10:00", "李明")),
        ),
        Mess(
            "sample rows",
            "例:",
            _before(_raw("例:", "王先生", "13800001111", "来店", "首次", "X5", "H", "9:30", "10:00", "李明")),
        ),
        Mess(
            "legend and signature rows",
            "legend",
            lambda p, _r, _p: p.changed(_legend) if any(s.tables for s in p.sketches) else None,
        ),
        Mess(
            "legend and signature rows",
            "signatures",
            _foot(
                ("审核：", None, None, "展厅主管：", None, "日期："),
            ),
        ),
        Mess(
            "legend and signature rows",
            "signed",
            _foot(
                ("制表人：李明", None, None, "销售经理：王总", None, "日期：2026.11.18"),
            ),
        ),
        Mess(
            "legend and signature rows",
            "how to fill",
            _foot(("填写说明：",), ("1、电话必须填写。",), ("2、级别按 H、A、B、C 填写。",)),
        ),
        *(
            Mess("ditto marks", f"{mark} in {field}", _ditto(mark, field))
            for mark in ("〃", "同上", '"', "々", "″")
            for field in ("model", "source", "consultant")
        ),
        Mess("the date in a column", "on every row", _dated(lambda _: {"": TODAY}, (("", "日期"),))),
        Mess("the date in a column", "on the first row only", _dated(_first_only, (("", "日期"),))),
        Mess(
            "the date in a column",
            "11月18日, ditto below",
            _dated(lambda n: {"": "11月18日" if n == 0 else "〃"}, (("", "日期"),)),
        ),
        Mess("the date in three columns", "every row", _split),
        Mess("the date in three columns", "the year filled in ahead", _split_ahead),
        Mess("hidden rows and columns", "rows", _lined(_hidden)),
        Mess("hidden rows and columns", "columns", _hidden_columns),
        Mess("columns nobody knows", "three", _lined(_more_columns)),
        Mess("columns left out", "source, model", _without("source", "model")),
        Mess("columns left out", "left_at, channel", _without("left_at", "channel")),
        Mess("a needed column left out", "the whole sheet is asked about", _needed_gone),
        Mess("a column twice", "with other things in it", _twice),
    ]
