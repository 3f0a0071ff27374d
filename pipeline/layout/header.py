"""Finds header rows: which column carries which field, through one to three rows of labels and their merges.

            第1次回访            第2次回访          top
    客户姓名 | 计划日期 实际日期 | 计划日期 实际日期   bottom → columns {customer_name: 0}, groups (1, {…}), (2, {…})

A label is read from its own cell; where that is blank or unknown, together with or instead of the label above it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace

from pipeline.grid import Span
from pipeline.layout.lexicon import Lexicon, PartWords, head_of
from pipeline.layout.page import Page

_DEEPEST = 3  # header rows
_FEWEST = 2  # known words that make a row worth a look; one word may be chance
_ENOUGH = 3  # distinct known words on a header's rows
_DAYS = 31
_GRID_DAYS = 20  # day columns that make a month grid
_CHOICE_LABELS = 2  # ticked columns that make one field
_DAY = re.compile(r"^([1-9]|[12]\d|3[01])(?:日|号)?$")


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


def read_header(page: Page, lexicon: Lexicon, words: PartWords, rows: Span, given: Collection[str] = ()) -> Header:
    """Return what a band of rows would carry as this part's header; `given` fields stand above and are not missed."""
    draft = Draft(words)
    children: dict[str, PartWords] = {c.part.layout.kind: c for c in lexicon.children(words.name)}
    for column in range(rows.left, rows.right + 1):
        path = list(_path(page, rows, column))
        if not path:
            continue
        draft.seen += 1
        draft.known += _place(draft, lexicon, children, column, path)
    _settle_grid(draft, children)
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
        missing=words.needs - draft.found - set(given),
    )


def _path(page: Page, rows: Span, column: int) -> Iterator[str]:
    """Yield the labels above one another in this column, a merged one once."""
    last = None
    for row in range(rows.top, rows.bottom + 1):
        home = page.home(row, column)
        if home == last:
            continue
        last = home
        value = page.grid.at(*home)
        word = page.words.get(home, "")
        if isinstance(value, float) and value.is_integer() and 1 <= value <= _DAYS:
            word = str(int(value))
        if word:
            yield word


def _place(draft: Draft, lexicon: Lexicon, children: Mapping[str, PartWords], column: int, path: list[str]) -> bool:
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
    """Keep a column under a known label whose own word is a choice to tick; only coded fields have choices."""
    if draft.part.part.fields[name].is_ not in ("code", "level", "level_or_outcome"):
        return False
    draft.choices.setdefault(name, []).append((column, word))
    return True


def _place_group(draft: Draft, group: PartWords | None, column: int, path: list[str]) -> bool:
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
    found = _DAY.match(bottom) if grid else None
    if not found or grid is None:
        return False
    number = int(found[1])
    if number in draft.groups:
        return False
    draft.groups[number] = {"level_after": column}
    draft.group_part = grid.name
    return True


def _settle_grid(draft: Draft, children: Mapping[str, PartWords]) -> None:
    """A few numbers in a header are no month grid."""
    grid = children.get("month_grid")
    if grid and draft.group_part == grid.name and len(draft.groups) < _GRID_DAYS:
        draft.groups.clear()
        draft.group_part = ""


def _settle_choices(draft: Draft) -> None:
    """One column under a known label is a column of that field; several are its choices, ticked."""
    for name, places in tuple(draft.choices.items()):
        if len(places) < _CHOICE_LABELS:
            del draft.choices[name]
            if name not in draft.columns:
                draft.columns[name] = places[0][0]
        elif name in draft.columns:
            del draft.choices[name]


def headers(
    page: Page, lexicon: Lexicon, words: PartWords, within: Span, needed: int, given: Collection[str] = ()
) -> list[Header]:
    """Return every header of this part inside a rectangle, top to bottom, left to right."""
    found: list[Header] = []
    if any(
        need not in given and not any(label in page.spots for label in labels) for need, labels in words.needed_labels
    ):
        return found  # a field that must be there is named nowhere on the sheet
    known = lexicon.known[words.name]
    for row in _promising(page, known, within, needed):
        if not found or row > found[-1].span.bottom:
            found += _on_row(page, lexicon, words, row, within, needed, given)
    return found


def _promising(page: Page, known: Collection[str], within: Span, needed: int) -> list[int]:
    """Return the rows worth a look: some known words on them, and with the next two rows about enough for a header."""
    rows = {
        row: frozenset(
            word
            for column, word in page.row_words[row].items()
            if word in known and within.left <= column <= within.right
        )
        for row in page.row_words
        if within.top <= row <= within.bottom
    }
    enough = min(needed, _ENOUGH)
    return sorted(
        row
        for row, words in rows.items()
        if len(words) >= _FEWEST
        and len(words.union(*(rows.get(row + down, frozenset()) for down in range(1, _DEEPEST)))) >= enough
    )


def _on_row(
    page: Page, lexicon: Lexicon, words: PartWords, row: int, within: Span, needed: int, given: Collection[str]
) -> list[Header]:
    """Return the headers that stand on one row; a later block that is no whole header repeats columns of the one before."""
    found: list[Header] = []
    for left, right in _blocks(page, lexicon, words, row, within):
        best = best_band(page, lexicon, words, Span(row, left, row, right), within, given)
        if best and best.size >= needed and not best.missing:
            found.append(best)
        elif found:
            again = {
                c: words.labels[w] for c, w in page.row_words[row].items() if left <= c <= right and w in words.labels
            }
            found[-1] = replace(found[-1], twice={**found[-1].twice, **again})
    return found


def _known(lexicon: Lexicon, words: PartWords, word: str) -> bool:
    return word in lexicon.known[words.name]


def best_band(
    page: Page, lexicon: Lexicon, words: PartWords, row: Span, within: Span, given: Collection[str] = ()
) -> Header | None:
    """Try the row alone, then with rows above and below it; the band that explains most wins, the thinner on a tie."""
    best: Header | None = None
    for bottom in range(row.top, min(row.top + _DEEPEST - 1, within.bottom) + 1):
        if bottom > row.top and not _labels_only(page, lexicon, words, Span(bottom, row.left, bottom, row.right)):
            break
        for top in range(bottom, max(within.top, bottom - _DEEPEST + 1) - 1, -1):
            if top < row.top and _lone_title(page, lexicon, words, top):
                break
            header = read_header(page, lexicon, words, Span(top, row.left, bottom, row.right), given)
            if best is None or _weight(header) > _weight(best):
                best = header
    return best


def _lone_title(page: Page, lexicon: Lexicon, words: PartWords, row: int) -> bool:
    """Say whether a row above a header row is no part of it: nothing on it, or one text that is no label of ours."""
    own = page.row_words.get(row, {})
    return not own or (
        len(own) == 1
        and not any(_known(lexicon, words, word) or _is_head(lexicon, words, word) for word in own.values())
    )


def _is_head(lexicon: Lexicon, words: PartWords, word: str) -> bool:
    """Say whether a text is a group's head."""
    return any(head_of(child, word) for child in lexicon.children(words.name))


def _weight(header: Header) -> tuple[int, int, int]:
    return header.size, -len(header.missing), len(header.choices)


def _labels_only(page: Page, lexicon: Lexicon, words: PartWords, row: Span) -> bool:
    """Say whether a row under a header row still belongs to it: known labels, or nothing but merged and choice words."""
    own = {c: w for c, w in page.row_words.get(row.top, {}).items() if row.left <= c <= row.right}
    numbers = [v for _, v in page.filled(row.top, row.left, row.right) if not isinstance(v, str)]
    if not own or any(not (isinstance(v, float) and 1 <= v <= _DAYS) for v in numbers):
        return False
    known = sum(_known(lexicon, words, w) for w in own.values())
    under = sum(1 for c in own if page.words.get(page.home(row.top - 1, c)) in words.labels)
    return known + under >= max(1, len(own) // 2) and (known >= _FEWEST or under >= _FEWEST or bool(numbers))


def _blocks(page: Page, lexicon: Lexicon, words: PartWords, row: int, within: Span) -> list[tuple[int, int]]:
    """Cut a header row where the same word begins anew: two lists side by side are two blocks; groups never cut.

    Two words for one field (欲购车型, 意向车型) do not cut: that is one list asking twice.
    """
    grouped = {label for child in lexicon.children(words.name) for label in child.labels}
    starts = [within.left]
    taken: set[str] = set()
    for column, word in sorted(page.row_words[row].items()):
        if (
            not within.left <= column <= within.right
            or word in grouped
            or not (word in words.labels or word in lexicon.ignores)
        ):
            continue
        if word in taken:
            starts.append(column)
            taken = set()
        taken.add(word)
    return [(left, right - 1) for left, right in zip(starts, [*starts[1:], within.right + 1], strict=True)]
