"""Reads one band of header rows: which column carries which field, group by group, choice by choice.

A label is read from its own cell; where that is blank or unknown, together with or instead of the label above it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice

from pipeline.grid import Span
from pipeline.layout.faces import Face
from pipeline.layout.lexicon import Lexicon, PartWords, head_of
from pipeline.layout.page import Page, Row
from pipeline.layout.spoken import day_of

GRID_DAYS = 20  # day columns that make a month grid
_CHOICE_LABELS = 2  # ticked columns that make one field


@dataclass
class Draft:
    """What one header holds while its columns are read, left to right."""

    part: PartWords
    columns: dict[str, int] = field(default_factory=dict)
    labels: dict[int, str] = field(default_factory=dict)
    groups: dict[int, dict[str, int]] = field(default_factory=dict)
    group_part: str = ""
    choices: dict[str, list[tuple[int, str]]] = field(default_factory=dict)
    twice: dict[int, str] = field(default_factory=dict)
    known: int = 0  # columns understood, 序号 included
    seen: int = 0  # columns with any label

    @property
    def found(self) -> frozenset[str]:
        """The fields found, split and ranged ones under the fields they fill."""
        fields = set(self.columns) | set(self.choices)
        for name in tuple(fields):
            spec = self.part.part.fields.get(name.partition("/")[0])
            fields |= set(spec.into) if spec else set()
            fields.add(name.partition("/")[0])
        return frozenset(fields)

    @property
    def size(self) -> int:
        """How many distinct labels speak for this part."""
        return (
            len({name.partition("/")[0] for name in self.columns})
            + len(self.choices)
            + len(next(iter(self.groups.values()), {}))
            + (3 if self.groups else 0)
        )


@dataclass(frozen=True)
class Header:
    """One header found: its rows and columns, and what they carry."""

    part: str
    span: Span
    columns: Mapping[str, int]
    groups: tuple[tuple[int, Mapping[str, int]], ...]
    group_part: str
    choices: Mapping[str, tuple[tuple[int, str], ...]]
    labels: Mapping[int, str]
    twice: Mapping[int, str]
    size: int
    share: float  # of the header's labels that are understood
    found: frozenset[str]
    missing: frozenset[str] = field(default_factory=frozenset)


def read_header(lexicon: Lexicon, words: PartWords, rows: Span, face: Face, given: frozenset[str]) -> Header:
    """Return what a band of rows that look like this would carry as this part's header, column by column.

    `given` fields stand above and are not missed. Strange words are stand-ins still.
    """
    draft = Draft(words)
    children: dict[str, PartWords] = {c.part.layout.kind: c for c in lexicon.children(words.name)}
    for column, path in enumerate(_paths(face, rows), rows.left):
        if not path:
            continue
        draft.seen += 1
        draft.known += _place(draft, lexicon, children, column, path)
    _settle_groups(draft, children)
    _settle_choices(draft)
    return Header(
        part=words.name,
        span=Span(rows.top, rows.left, rows.bottom, rows.right),
        columns=draft.columns,
        groups=tuple(sorted(draft.groups.items())),
        group_part=draft.group_part,
        choices={name: tuple(places) for name, places in draft.choices.items()},
        labels=draft.labels,
        twice=draft.twice,
        size=draft.size,
        share=draft.known / draft.seen if draft.seen else 0.0,
        found=draft.found,
        missing=words.needs - draft.found - given,
    )


def label_paths(page: Page, rows: Span) -> tuple[tuple[str, ...], ...]:
    """Return of every column the labels above one another, a merged one once."""
    return tuple(_paths([page.shown(row) for row in range(rows.top, rows.bottom + 1)], rows))


def _paths(face: Sequence[Row], rows: Span) -> Iterator[tuple[str, ...]]:
    words = [
        face[0].words,
        *(
            ("" if c in row.same else word for c, word in enumerate(row.words)) if row.same else row.words
            for row in face[1:]
        ),
    ]
    for path in islice(zip(*words, strict=True), rows.left, rows.right + 1):
        yield tuple(filter(None, path))


def _place(
    draft: Draft, lexicon: Lexicon, children: Mapping[str, PartWords], column: int, path: tuple[str, ...]
) -> bool:
    """Give the column to a field; say whether its label is understood."""
    bottom = path[-1]
    draft.labels[column] = bottom
    if _place_group(draft, children.get("groups"), column, path) or _place_day(
        draft, children.get("month_grid"), column, bottom
    ):
        return True
    for label in dict.fromkeys((bottom, "".join(path[-2:]), "".join(path))):
        if label in draft.part.labels:
            return _take(draft, draft.part.labels[label], column, label)
        if label in draft.part.split:
            name, place = draft.part.split[label]
            return _take(draft, f"{name}/{place}", column, label)
        if any(label in child.labels and child.labels[label] in child.once for child in children.values()):
            name = next(child.labels[label] for child in children.values() if label in child.labels)
            return _take(draft, name, column, label)
        if label in lexicon.ignores:
            return True
    return (
        len(path) > 1
        and path[-2] in draft.part.labels
        and _take_choice(draft, draft.part.labels[path[-2]], column, bottom)
    )


def _take(draft: Draft, name: str, column: int, label: str) -> bool:
    if name in draft.columns:
        draft.twice[column] = name
        return False
    draft.columns[name] = column
    draft.labels[column] = label
    return True


def _take_choice(draft: Draft, name: str, column: int, word: str) -> bool:
    """Keep a column under a known label whose own word is a choice to tick; a field without codes takes the first such column."""
    if draft.part.part.fields[name].is_ not in ("code", "level", "level_or_outcome"):
        return _take(draft, name, column, word)
    draft.choices.setdefault(name, []).append((column, word))
    return True


def _place_group(draft: Draft, group: PartWords | None, column: int, path: tuple[str, ...]) -> bool:
    """Give the column to a 第n次 group: by its head above, its own numbered label, or the label's repetition."""
    if group is None:
        return False
    bottom = path[-1]
    for text in reversed(path):
        head = head_of(group, text)
        if head:
            label = head[1] or (bottom if text != bottom else "")
            name = group.labels.get(label, "")
            if name and name not in group.once:
                return _take_group(draft, group, head[0], name, column)
    name = group.labels.get(bottom.rstrip("0123456789"), "")
    if not name or name in group.once:
        return False
    inside = bool(draft.groups) and any(column - 1 in columns.values() for columns in draft.groups.values())
    if bottom in draft.part.labels and not inside:
        return False
    current = max(draft.groups, default=0)
    number = current + 1 if not current or name in draft.groups[current] else current
    return _take_group(draft, group, number, name, column)


def _take_group(draft: Draft, group: PartWords, number: int, name: str, column: int) -> bool:
    columns = draft.groups.setdefault(number, {})
    if name in columns:
        return False
    columns[name] = column
    draft.group_part = group.name
    return True


def _place_day(draft: Draft, grid: PartWords | None, column: int, bottom: str) -> bool:
    number = day_of(bottom) if grid else None
    if grid is None or number is None or number in draft.groups:
        return False
    draft.groups[number] = {"level_after": column}
    draft.group_part = grid.name
    return True


def _settle_groups(draft: Draft, children: Mapping[str, PartWords]) -> None:
    """A few numbers in a header are no month grid; columns without a day among them are no contact."""
    grid, rounds = children.get("month_grid"), children.get("groups")
    if grid and draft.group_part == grid.name:
        keep = len(draft.groups) >= GRID_DAYS
    else:
        fields = rounds.part.fields if rounds else {}
        keep = any(fields[name].is_ == "date" for group in draft.groups.values() for name in group if name in fields)
    if not keep:
        draft.groups.clear()
        draft.group_part = ""


def _settle_choices(draft: Draft) -> None:
    """One column under a known label is a column of that field; several are its choices, ticked. One word over merged cells is no several."""
    for name, places in tuple(draft.choices.items()):
        if len({word for _, word in places}) < _CHOICE_LABELS:
            del draft.choices[name]
            if name not in draft.columns:
                draft.columns[name] = places[0][0]
        elif name in draft.columns:
            del draft.choices[name]
