"""Titles, labels and header rows as stores print them (domain 1.1, 1.4; 4, cases 1, 2, 28, 32, 33)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from itertools import groupby
from random import Random
from typing import Any

from bench.fidelity.mess import Change, Mess
from bench.fidelity.sketch import Column, Paper, Sketch, Table
from bench.fidelity.spell import Pen

_HAN = "一二三四五六七八九十"
_MOST = 16  # labels of the field that has most


def _synonyms(turn: int) -> Change:
    def change(paper: Paper, _rng: Random, pen: Pen) -> Paper:
        """Give every field another of the words the rules know for it."""

        def renamed(part: str, columns: Iterable[Column]) -> tuple[Column, ...]:
            used: set[str] = set()
            told = []
            for column in columns:
                label = _synonym(pen, part, column, turn, used)
                used.add(label + column.field.partition("@")[2])
                told.append(
                    replace(column, label=label, over=tuple(_head(pen, part, over, turn) for over in column.over))
                )
            return tuple(told)

        def sheet(sketch: Sketch) -> Sketch:
            cards = tuple(replace(card, pairs=renamed(card.part, card.pairs)) for card in sketch.cards)
            named = replace(sketch, above=renamed("", sketch.above), cards=cards, title=_title(pen, sketch.title, turn))
            return named.retabled(lambda table: replace(table, columns=renamed(table.part, table.columns)))

        return paper.changed(sheet)

    return change


def _synonym(pen: Pen, part: str, column: Column, turn: int, used: set[str]) -> str:
    base, _, number = column.field.partition("@")
    if not column.field or column.label.isdigit():
        return column.label
    owner, spec = pen.spec(part, column.field)
    if spec is None:
        return column.label
    taken = {label: name for name, each in reversed(list(owner.items())) for label in each.labels}
    for label in (*spec.labels[turn % len(spec.labels) :], *spec.labels):
        if taken.get(label) == base and label + number not in used:
            return label
    return column.label


def _head(pen: Pen, part: str, over: str, turn: int) -> str:
    heads = next((p.layout.heads for p in pen.form.parts.values() if p.under == part and p.layout.heads), ())
    number = next((letter for letter in over if letter.isdigit()), "")
    if not heads or not number:
        return over
    return heads[turn % len(heads)].format(n=_HAN[int(number) - 1] if turn % 2 else number)


def _title(pen: Pen, title: str, turn: int) -> str:
    known = (pen.form.title, *pen.form.titles)
    return known[turn % len(known)] if title else ""


def _labelled(spelling: Callable[[str], str]) -> Change:
    def change(paper: Paper, _rng: Random, _pen: Pen) -> Paper:
        def noisy(columns: Iterable[Column]) -> tuple[Column, ...]:
            return tuple(
                replace(column, label=spelling(column.label)) if column.field else column for column in columns
            )

        def sheet(sketch: Sketch) -> Sketch:
            cards = tuple(replace(card, pairs=noisy(card.pairs)) for card in sketch.cards)
            return replace(sketch, above=noisy(sketch.above), cards=cards).retabled(
                lambda t: replace(t, columns=noisy(t.columns))
            )

        return paper.changed(sheet)

    return change


def _shuffled(paper: Paper, rng: Random, _pen: Pen) -> Paper | None:
    """Put the columns in another order; what belongs to one 第n次回访 or to the days stays together."""

    def table(each: Table) -> Table:
        blocks = [
            list(run)
            for _, run in groupby(
                each.columns, key=lambda c: c.over or (c.label if not c.field.partition("@")[2] else "days")
            )
        ]
        first, rest = blocks[:1], blocks[1:]
        rng.shuffle(rest)
        in_order = iter(sorted((block for block in rest if block[0].over), key=lambda block: block[0].over))
        rest = [next(in_order) if block[0].over else block for block in rest]
        return replace(each, columns=tuple(column for block in (*first, *rest) for column in block))

    return (
        paper.changed(lambda sketch: sketch.retabled(table))
        if any(sketch.tables for sketch in paper.sketches)
        else None
    )


def _overs(*overs: str) -> Change:
    def change(paper: Paper, _rng: Random, _pen: Pen) -> Paper | None:
        """Put more header rows over the table; groups keep their heads lowest."""
        if not any(sketch.tables for sketch in paper.sketches):
            return None

        def table(each: Table) -> Table:
            half = len(each.columns) // 2
            return replace(
                each,
                columns=tuple(
                    replace(column, over=(*overs, *column.over) if place >= half or column.over else ())
                    if any(c.over for c in each.columns)
                    else replace(column, over=overs if place >= half else ())
                    for place, column in enumerate(each.columns)
                ),
            )

        return paper.changed(lambda sketch: sketch.retabled(table))

    return change


def _look(needs: str = "", **look: Any) -> Change:
    def change(paper: Paper, _rng: Random, _pen: Pen) -> Paper | None:
        fits = all(getattr(sketch, needs) for sketch in paper.sketches) if needs else True
        return paper.changed(lambda sketch: sketch.looking(**look)) if fits else None

    return change


def _retitled(title: str) -> Change:
    def change(paper: Paper, _rng: Random, _pen: Pen) -> Paper | None:
        """Print another title; the list of intent customers is known by its own, so it keeps the words."""
        if not paper.sketches[0].title or (not title and paper.form == "intent_follow_up"):
            return None
        return paper.changed(lambda sketch: replace(sketch, title=title.format(sketch.title)))

    return change


def _again(paper: Paper, _rng: Random, _pen: Pen) -> Paper | None:
    """Print the header once more in the middle of a list, as on page 2."""
    if not any(sketch.tables for sketch in paper.sketches):
        return None
    return paper.changed(
        lambda sketch: replace(sketch, tables=tuple(replace(table, again=(3,)) for table in sketch.tables))
    )


def _empty_right(paper: Paper, _rng: Random, _pen: Pen) -> Paper | None:
    """Print a block of labels once more to the right, with nothing below."""
    if not any(sketch.tables for sketch in paper.sketches) or paper.form in {"level_tracker", "intent_follow_up"}:
        return None
    return paper.changed(
        lambda sketch: sketch.retabled(
            lambda t: replace(t, columns=(*t.columns, *(replace(c, field="") for c in t.columns[2:8])))
        )
    )


NOISE: dict[str, Callable[[str], str]] = {
    "a line break in it": lambda label: f"{label[: len(label) // 2]}\n{label[len(label) // 2 :]}",
    "blanks in it": lambda label: " ".join(label) if len(label) < 5 else label,  # noqa: PLR2004
    "full-width blanks in it": lambda label: "\u3000".join(label) if len(label) < 4 else label,  # noqa: PLR2004
    "label*": lambda label: f"{label}*",
    "*label": lambda label: f"*{label}",
    "label(必填)": lambda label: f"{label}(必填)",
    "label（必填）": lambda label: f"{label}（必填）",
    "label:": lambda label: f"{label}:",
    "【label】": lambda label: f"【{label}】",
    "label\n(说明)": lambda label: f"{label}\n(如实填写)",
    "zero-width spaces": lambda label: f"\u200b{label}\ufeff",
}


def messes() -> list[Mess]:
    """Return every mess of titles, labels and header rows."""
    return [
        *(Mess("header words, every synonym", f"turn {turn + 1}", _synonyms(turn)) for turn in range(_MOST)),
        *(Mess("header words, as they are printed", name, _labelled(way)) for name, way in NOISE.items()),
        *(Mess("columns in another order", f"shuffle {turn}", _shuffled) for turn in range(1, 4)),
        Mess("two and three header rows", "two", _overs("登记情况")),
        Mess("two and three header rows", "three", _overs("登记情况", "明细")),
        Mess("header printed again on page 2", "again", _again),
        Mess("titles", "three times side by side", _look("title", titles=3)),
        Mess("titles", "none", _retitled("")),
        Mess("titles", "with the store and the month", _retitled("××汽车销售有限公司 2026年11月{}")),
        Mess("titles", "with blanks", _retitled("　{}　")),
        Mess("away from the corner", "two columns, three rows", _look(left=2, top=3)),
        Mess("a block of labels again at the right", "empty", _empty_right),
        Mess("label and value", "in one cell", _look("above", above="inside")),
        Mess("label and value", "all in one merged cell", _look("above", above="one_cell")),
        Mess("label and value", "two blanks between", _look("above", above="far")),
        Mess("label and value", "the day in six cells", _look("above", above="parts")),
        Mess("label and value", "the value below", _look("above", above="under")),
        Mess("label and value", "on a card, in one cell", _look("cards", cards="inside")),
        Mess("label and value", "on a card, the value below", _look("cards", cards="under")),
        Mess("label and value", "on a card, one pair a row", _look("cards", pairs=1)),
        Mess("label and value", "on a card, three pairs a row", _look("cards", pairs=3)),
    ]
