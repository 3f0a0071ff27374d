"""What flows down the street, each frozen: Match, Entry, Record, Finding, Sighting, Submission, Change.

Book ─recognise→ Match ─extract→ Entry ─normalise→ Record + Finding ─validate→ Finding ─propose→ Finding ─merge→ Change
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from types import MappingProxyType
from typing import Any, Literal, TypeAlias

from pipeline.grid import Span, Spot, Value

Level: TypeAlias = Literal["error", "warning"]
Verdict: TypeAlias = Literal["accepted", "partial", "returned", "duplicate", "quarantined", "ignored", "waiting"]
Act: TypeAlias = Literal["added", "amended", "unchanged", "withdrawn"]
Origin: TypeAlias = Literal["cell", "above", "filled_down", "ditto", "title", "sheet_name", "file_name", "header"]


# One for all: a large night has ten thousands of regions and records that say nothing here.
_NONE: Mapping[Any, Any] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Said:
    """One labelled value above a table or on a card: the field, its label and the label's cell, the value and its cell."""

    field: str
    label: str
    label_spot: Spot
    value: Value
    spot: Spot


@dataclass(frozen=True, slots=True)
class Region:
    """One part found on a sheet: its header rows, its body, and which column or cell carries which field.

    `columns` maps field → column (`visited_on/0` … are its year, month and day columns); `groups` holds, for groups and month grids, one
    (number, field → column) per group; `choices` maps field → ticked columns, each with the word it stands for;
    `labels` maps column → label; `twice` maps a column that repeats a field → the field; `said` holds a card's values.
    `owner` is the index of the card a list belongs to, -1 for none.
    """

    part: str
    header: Span
    body: Span
    columns: Mapping[str, int] = field(default_factory=lambda: _NONE)
    groups: tuple[tuple[int, Mapping[str, int]], ...] = ()
    group_part: str = ""
    choices: Mapping[str, tuple[tuple[int, str], ...]] = field(default_factory=lambda: _NONE)
    labels: Mapping[int, str] = field(default_factory=lambda: _NONE)
    twice: Mapping[int, str] = field(default_factory=lambda: _NONE)
    above: Span | None = None  # where this table's own title block stands
    said: Mapping[str, Said] = field(default_factory=lambda: _NONE)
    owner: int = -1


@dataclass(frozen=True, slots=True)
class Lack:
    """What a sheet lacks to be a form: the field ('' for the column groups) with its label, and the header most like it with its cell."""

    field: str
    label: str
    found: str = ""
    cell: str = ""


@dataclass(frozen=True, slots=True)
class Match:
    """Which form a sheet is, how sure, and what came second.

    `form` is '' when none fits; `rivals` names the forms that fit as well: not empty = ambiguous, nothing is read. `score` counts the labels that
    speak for the form, a title as three. `lacks` names what the nearest form (`runner_up`) was refused for.
    `hidden` sheets are looked at, never read.
    """

    sheet: str
    index: int
    form: str = ""
    score: int = 0
    regions: tuple[Region, ...] = ()
    rivals: tuple[str, ...] = ()
    runner_up: tuple[str, int] = ("", 0)
    header_cell: str = ""
    lacks: tuple[Lack, ...] = ()
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class Written:
    """What somebody wrote: the value as it stands, its cell, the label it stands under, and how it got here."""

    value: Value
    cell: str
    label: str
    origin: Origin = "cell"


@dataclass(frozen=True, slots=True)
class Entry:
    """One filled row, card or column group, as written: field → Written, blank fields included.

    `row` is the 1-based sheet row. `order` counts entries of the workbook in reading order. `anchor` is the cell blamed for a field that has no cell.
    `hints` gives what title, sheet name and file name say of the date: keys `date`, `month`, `year` (ISO texts).
    """

    form: str
    part: str
    kind: str
    sheet: str
    row: int
    order: int
    anchor: str
    cells: Mapping[str, Written]
    hints: Mapping[str, str] = field(default_factory=lambda: _NONE)


@dataclass(frozen=True, slots=True)
class HandIn:
    """One sheet speaks for one period: (form, part family, consultant if the form has one, day or month), with rows or quiet.

    `covers` maps each covering field → its value as text; `family` is the root part whose records it speaks for. `heads` says where the sheet's
    header stands (see `layout.heads`), on the first hand-in of a sheet and family; on others it is empty.
    """

    form: str
    family: str
    sheet: str
    covers: Mapping[str, str]
    records: int
    held: int
    heads: Mapping[str, str] = field(default_factory=lambda: _NONE)

    @property
    def scope(self) -> str:
        """The identity by which a later hand-in withdraws what it no longer holds; the store is added by the archive."""
        return "|".join((self.form, self.family, *(f"{name}={value}" for name, value in sorted(self.covers.items()))))


@dataclass(frozen=True, slots=True)
class Finding:
    """One slip of a person: what, how bad, where, what was found, what to write instead. `say` is the whole sentence."""

    code: str
    level: Level
    book: str
    sheet: str
    cell: str
    label: str
    found: str
    want: str
    say: str
    order: int = -1  # the entry it is about, -1 = the sheet as a whole
    who: str = ""  # the consultant whose record it is
    proposal: str = ""  # what it may have been meant to be, and where that is known from; nobody takes it over unasked


@dataclass(frozen=True, slots=True)
class Record:
    """What an entry means: typed values (date, 'HH:MM', 'YYYY-MM', int, float, bool, str, None) under the kind's columns.

    `key` is the natural key's values as one text, '' while it cannot be told; `scope` see HandIn; `cells` maps field → cell. `context` keeps what stood above and is no column of the kind.
    """

    kind: str
    form: str
    part: str
    sheet: str
    row: int
    order: int
    anchor: str
    values: Mapping[str, Any]
    cells: Mapping[str, str]
    labels: Mapping[str, str]
    key: str = ""
    scope: str = ""
    context: Mapping[str, Any] = field(default_factory=lambda: _NONE)

    def value(self, name: str) -> Any:
        """Return what a field says, be it a column of the kind or what stood around it; None where neither knows it."""
        return self.values[name] if name in self.values else self.context.get(name)


@dataclass(frozen=True, slots=True)
class Sighting:
    """A customer's phone or 车架号 as a sound record has it: whose customer, which form of which day; '' for what it does not say."""

    consultant: str
    customer_name: str
    phone: str
    vin: str
    form: str
    on: date | None


@dataclass(frozen=True, slots=True)
class Submission:
    """One workbook of the night with everything read from it and its verdict; `reason` is a code of wording.yaml or ''."""

    path: str
    sha256: str
    received: datetime
    store: str
    verdict: Verdict
    reason: str = ""
    detail: str = ""
    matches: tuple[Match, ...] = ()
    hand_ins: tuple[HandIn, ...] = ()
    records: tuple[Record, ...] = ()  # healthy ones only
    held: tuple[Record, ...] = ()
    findings: tuple[Finding, ...] = ()

    @property
    def submission_id(self) -> str:
        """The workbook's identity in the archive: the first 16 hex digits of its SHA-256."""
        return self.sha256[:16]


@dataclass(frozen=True, slots=True)
class Change:
    """What one record does to the archive: a new version of (store, kind, key), or nothing when unchanged.

    `later` orders versions: (received, sha256) of the submission. `previous` holds the values it replaces.
    """

    act: Act
    store: str
    kind: str
    key: str
    scope: str
    submission_id: str
    later: str
    sheet: str
    row: int
    cells: Mapping[str, str]
    values: Mapping[str, Any]
    form: str
    part: str
    previous: Mapping[str, Any] = field(default_factory=lambda: _NONE)
    fulfilled: bool = False  # a withdrawn plan that was carried out on another day: no news for a manager
    # old: a version below what stands; again: what stands, written above such a one
    late: Literal["", "old", "again"] = ""
    stated: str = ""  # `later` of the hand-in that stated these values; '' = `later` itself
    by: str = ""  # the submission that withdrew it; `submission_id` stays the one the values stand in
