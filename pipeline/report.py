"""What a manager is shown, before ink: a report is sheets of tables and charts, and knows nothing of xlsx or HTML."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import Any, Literal, TypeAlias

Ink: TypeAlias = Literal["text", "long", "date", "count", "number", "rate", "money", "phone", "place", "mark"]
# text: a word or name; long: a note that wraps; count: a whole number; number: one decimal; rate: 0..1 shown as a
# percentage; phone: already masked by the report; place: a Source, shown as `workbook › sheet › cell` and linked.

Tone: TypeAlias = Literal["", "good", "bad", "quiet", "deep", "strong", "soft", "pale"]
# What a colour means, wherever it is used: good news, bad news, of no account; deep … pale is one scale (levels H to C).


@dataclass(frozen=True, slots=True)
class Source:
    """Where a figure comes from: the original's path below HOME (posix, '' if unknown), and what the reader sees."""

    book: str
    sheet: str
    cell: str
    original: str = ""

    def __str__(self) -> str:
        return f"{self.book} › {self.sheet} › {self.cell}"


@dataclass(frozen=True, slots=True)
class Jump:
    """Where the rows behind a figure are listed: a sheet, of another workbook of the same day if `book` names one."""

    sheet: str
    book: str = ""  # a report's name, without ending
    folder: str = ""  # where that workbook lies below this one: a store's folder

    def __str__(self) -> str:
        return " › ".join(filter(None, (self.book, self.sheet)))


@dataclass(frozen=True, slots=True)
class Lead:
    """A word that leads somewhere, as a value of a table."""

    word: str
    to: Jump

    def __str__(self) -> str:
        return self.word


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its header, how its values are written, whether bars or a heat scale help the eye, and where its figures lead."""

    name: str
    ink: Ink = "text"
    bar: bool = False
    heat: bool = False
    to: Jump | None = None
    tone: Tone = ""  # of its series in a chart


@dataclass(frozen=True, slots=True)
class Chart:
    """A native chart over a table's columns: categories from one column, a series from each of the others.

    bar and stacked_bar lie, their first row on top; share is stacked_bar with every bar of full length: it compares parts,
    and each part says its count, so that a small whole is seen to be small.
    """

    kind: Literal["column", "stacked", "line", "bar", "stacked_bar", "share", "doughnut"]
    title: str
    category: str
    series: tuple[str, ...]
    x_title: str = ""  # what the categories are; '' = the category's column name
    y_title: str = ""  # what is counted, with its unit
    second_axis: tuple[str, ...] = ()  # series drawn as a line on a right-hand percentage axis
    of: str = ""  # the sheet whose first table is drawn; '' = the chart's own table
    wide: bool = False  # as wide as a page across


@dataclass(frozen=True)
class Table:
    """Rows under one header row. `rows` hold plain Python values (None = blank) in the order of `columns`."""

    name: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Any, ...], ...]
    total: tuple[Any, ...] | None = None  # a last 合计 row, outside the filter
    charts: tuple[Chart, ...] = ()
    heat_block: bool = False  # one heat scale over all `heat` columns together (weekday × hour)
    row_inks: tuple[
        Ink, ...
    ] = ()  # one per row where each row is a measure of its own: written so in every column of figures
    row_to: tuple[Jump | None, ...] = ()  # one per row: where the figures of a row that is a measure of its own lead
    empty: str = "没有记录"  # what to say when there are no rows


@dataclass(frozen=True, slots=True)
class Card:
    """One figure grasped at a glance: what it is, the figure with its unit, what it is out of, what it is compared with.

    `against` says in words and with ▲ ▼ what its `tone` colours.
    """

    name: str
    value: str
    said: str = ""
    against: str = ""
    tone: Tone = ""
    to: Jump | None = None


@dataclass(frozen=True)
class Sheet:
    """One sheet: its cards, then its own table (header within the first ten rows); others follow below it."""

    name: str
    title: str
    tables: tuple[Table, ...]
    subtitle: str = ""
    cards: tuple[Card, ...] = ()


@dataclass(frozen=True)
class Report:
    """One workbook: file name without ending, sheets in reading order, and the definitions its 说明 sheet states."""

    name: str
    on: date
    sheets: tuple[Sheet, ...]
    notes: tuple[tuple[str, str], ...] = ()  # (term, definition) for 说明
    figures: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
