"""A form as data: what stands above, its parts, their fields, and the rules its records must keep.

The language is closed: every key below is known, every other is refused (`extra="forbid"`), and nothing is evaluated.

    form ─ above (日期, 销售顾问 …, once per sheet)
         └ parts ─ rows     list        header row, then a record a row
                 ├ rounds   groups      第n次回访 column groups inside a row      under: rows
                 ├ days     month_grid  columns 1…31 inside a row                 under: rows
                 ├ back     repeat      label → value cards, down or across
                 ├ contacts list        the list below each card                  under: back
                 └ items    checklist   fixed items, a record an item             alone, or under a card
"""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

from pydantic import ConfigDict, Field

from pipeline.rulebook.ledger import Item, Ledger
from pipeline.rulebook.said import Said

Meaning: TypeAlias = Literal[
    "text", "name", "phone", "date", "month", "time", "time_range", "minutes", "count", "money", "tick", "code",
    "level", "level_or_outcome", "consultant", "vin", "plate", "codes", "date_range", "number", "id", "score", "unit",
]  # fmt: skip
LayoutKind: TypeAlias = Literal["list", "card", "repeat", "groups", "month_grid", "checklist"]
CARDS: tuple[LayoutKind, ...] = ("card", "repeat")  # labels with their values beside or below
LISTS: tuple[LayoutKind, ...] = ("list", "checklist")  # a header row and rows below it
Store: TypeAlias = Literal["text", "date", "month", "time", "count", "number", "tick"]
Weight: TypeAlias = Literal["error", "warning"]


class FieldSpec(Said):
    """One field: the header words staff use for it, what its cell means, and what is said when it is blank or wrong.

    `missing: held` holds the record, `missing: warned` lets it in with a warning; `wrong` likewise for a cell that
    cannot be read as `is`. `words` names the vocabulary of a `code`, or of what people write for a `number` (√ = 1): then its codes are numbers.
    `into` splits a `time_range` or `date_range` over two fields.
    `split` names header words of year, month and day columns that together make the date. `fill_down` copies the value of the row above inside one
    table. `once` says the cell stands once per row and belongs to the group whose outcome is one of these.
    `prefilled` cells alone do not make a row (pre-numbered or pre-dated blanks). `counts_from` names the date from which a stretch of days
    in a date's cell (借阅期限 3天) is counted.
    """

    labels: tuple[str, ...] = ()
    is_: Meaning = Field("text", alias="is")
    words: str = ""
    missing: Literal["held", "warned", "fine"] = "fine"
    wrong: Literal["held", "warned"] = "held"
    into: tuple[str, ...] = ()
    split: tuple[tuple[str, ...], ...] = ()
    fill_down: bool = False
    prefilled: bool = False
    once: tuple[str, ...] = ()
    counts_from: str = ""
    on_blank: bool = True  # whether our blank has it; staff's own forms may
    hint: str = ""  # the sentence shown in Excel when the cell is chosen on our blank
    width: float = 0  # column width on our blank, in characters; 0 = from the label
    sample: str = ""  # what `forms show` and the handbook give as an example

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class Layout(Said):
    """How a part stands on the sheet; which rows are no records is said once for all forms, in `row_words.yaml`."""

    kind: LayoutKind
    heads: tuple[str, ...] = ()  # groups: 第{n}次回访, {n} stands for the number in any writing
    rows: int = 20  # empty rows on our blank
    groups: int = 3  # column groups on our blank
    cards: int = 1  # cards one below another on a sheet of our blank
    blocks: dict[str, str] = Field(
        default_factory=dict
    )  # card, repeat: heading → the field it stands before on our blank
    tail: tuple[str, ...] = ()  # last columns on our blank that carry no field


_DERIVE_VERBS = (
    "one_more",
    "minutes_between",
    "present",
    "copy_of",
    "day_after",
    "constant",
    "mentions",
    "clear",
    "said_none",
)


class Derive(Said):
    """One closed way to fill a field from others; exactly one verb is given, and only a blank field is filled.

    `when` compares codes; `filled`, `blank`, `true` and `false` also work. Derivations run in the order written. A phone cell that holds words
    offers `<field>_words` (the text) and `<field>_why` (its code in the vocabulary `phone_words`, or '').
    """

    minutes_between: tuple[str, str] | None = None  # [from, to] → whole minutes
    one_more: str | None = None  # that count plus one: the visitor and those who came along
    present: str | None = None  # true when that field holds a value
    copy_of: str | None = None  # the same value (the context above counts too)
    day_after: str | None = None  # that date plus one day
    constant: str | None = None
    mentions: str | None = None  # false when the text of that field contains a word of `words`, else true
    words: str = ""
    true_when: dict[str, tuple[str, ...]] = Field(default_factory=dict)  # `mentions`: true only for these, else blank
    clear: bool = False  # empties the field
    said_none: bool = (
        False  # the names of the fields whose cell says 无 or 不涉及 (`row_words: none`), `、` between them
    )
    when: dict[str, tuple[str, ...]] = Field(default_factory=dict)  # only for records whose field is one of these
    always: bool = False  # also where the field is filled already

    @property
    def verbs(self) -> tuple[str, ...]:
        """The verbs given; a good derivation has one."""
        return tuple(name for name in _DERIVE_VERBS if getattr(self, name) not in (None, False))

    @property
    def sources(self) -> tuple[str, ...]:
        """The fields looked at, those of `when` not included."""
        one = (self.one_more, self.present, self.copy_of, self.day_after, self.mentions)
        return (*(self.minutes_between or ()), *(name for name in one if name is not None))


class Need(Said):
    """What a rule asks of a record; exactly one of the verbs is given."""

    filled: str | None = None
    any_filled: tuple[str, ...] | None = None
    not_after: tuple[str, str] | None = None  # the first is not later than the second (dates or times)
    between: tuple[str, float, float] | None = None  # field, least, most
    one_of: tuple[str, tuple[str, ...]] | None = None  # field, allowed codes
    length: tuple[str, int] | None = None  # field, letters
    at_most: tuple[str, int] | None = None  # field, letters it may have at most
    adds_up: tuple[str, str, str] | None = None  # the first is the sum of the two others, to the cent
    not_future: str | None = None  # date not later than the day of the night

    @property
    def verbs(self) -> tuple[str, ...]:
        """The verbs given; a good need has one."""
        return tuple(name for name in type(self).model_fields if getattr(self, name) is not None)

    @property
    def fields(self) -> tuple[str, ...]:
        """The fields the need looks at, in the order written."""
        first = tuple(verb[0] for verb in (self.between, self.one_of, self.length, self.at_most) if verb)
        one = tuple(name for name in (self.filled, self.not_future) if name is not None)
        return (*one, *(self.any_filled or ()), *(self.not_after or ()), *(self.adds_up or ()), *first)


class Rule(Said):
    """One rule over a record: what it needs, when it applies, which cell is blamed, and whether it holds or warns.

    A `trial` rule only ever warns, so that a clerk can watch it for a week before it bites.
    """

    id: str
    need: Need
    when: dict[str, tuple[str, ...]] = Field(default_factory=dict)  # field → codes; ["filled"] or ["blank"] also work
    cell: str = ""  # the field whose cell is marked; '' = the first field of the need
    level: Weight = "error"
    trial: bool = False
    say: str = ""  # a sentence of the clerk's own; '' = wording.yaml


class Part(Said):
    """One table or card of a form and the record kind it yields.

    `needs` are fields whose labels must all be found for the part to be there at all. `inherits` names fields taken from the part it stands `under`.
    `items` are the fixed lines of a checklist, in order; its fields `item_no`, `item`, `area` and `scale` are filled from them.
    `key` tells two records apart inside the kind; `a|b` means a, or b where a is blank.
    """

    layout: Layout
    yields: str
    title: str = ""  # the section's own heading (今日工作总结)
    titles: tuple[str, ...] = ()  # other headings staff use for it
    under: str = ""
    inherits: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    covers: tuple[str, ...] = ()  # what one table or card speaks for, where that is not what the form says
    fields: dict[str, FieldSpec]
    derive: dict[str, Derive] = Field(default_factory=dict)
    rules: tuple[Rule, ...] = ()
    owned_by: str = ""  # field that says which person the record is about, in 退回说明
    items: tuple[Item, ...] = ()

    @property
    def lines(self) -> int:
        """How many rows our blank has: one an item, or as many as the lay-out says."""
        return len(self.items) or self.layout.rows

    def item(self, no: object) -> Item | None:
        """Return the fixed line of this number, None if there is none."""
        return next((item for item in self.items if item.no == no), None)


class Kind(Said):
    """One record kind: its columns in export order with what they store, its natural key, and the column that dates it.

    `private` columns say who somebody is: every workbook that leaves the archive shows them masked, as it does phones.
    """

    title: str
    columns: dict[str, Store]
    key: tuple[str, ...]
    dated: tuple[str, ...]  # the first that is filled dates the record
    private: tuple[str, ...] = ()

    @property
    def done(self) -> tuple[str, ...]:
        """The columns that date what was, not what is planned."""
        return tuple(name for name in self.dated if name != "planned_on")


class Recognise(Said):
    """What makes a sheet this form: at least `labels` of its labels found under one header, or on one card.

    A `titled` form shares its columns with another one and is that other one where its own title is missing.
    """

    labels: Annotated[int, Field(ge=2)] = 4
    titled: bool = False


class Form(Said):
    """One form: titles it goes by, what stands above, its parts, what one sheet speaks for, and its notes for clerks."""

    form: str
    version: int = 1
    title: str
    system: str = ""
    titles: tuple[str, ...] = ()
    recognise: Recognise = Recognise()
    above: dict[str, FieldSpec] = Field(default_factory=dict)
    parts: dict[str, Part]
    covers: tuple[str, ...] = ()
    kinds: dict[str, Kind] = Field(default_factory=dict)  # kinds that only this form knows
    ledger: Ledger | None = None  # its place in 其他台账, for a form that no other report speaks of
    ignores: tuple[str, ...] = ()  # header words that carry no field (序号)
    notes: tuple[str, ...] = ()
    orientation: Literal["landscape", "portrait"] = "landscape"
    signs: tuple[str, ...] = (
        "审核",
    )  # who signs below the table on our blank; the first must be one of `row_words: end`

    def spec(self, part: str, name: str) -> FieldSpec | None:
        """Return what the form says of a part's field: in the part, in those it stands under, or above; None if nothing."""
        at = self.parts.get(part)
        for _ in self.parts:
            if at is not None and name in at.fields:
                return at.fields[name]
            at = self.parts.get(at.under) if at is not None else None
        return self.above.get(name)

    def speaks_for(self, part: str) -> tuple[str, ...]:
        """Return the fields that say what a sheet of this part speaks for: its family's own, else the form's."""
        return self.root(part).covers or self.covers

    def root(self, part: str) -> Part:
        """Return the part at the top of the family a part belongs to."""
        found = self.parts[part]
        for _ in self.parts:
            found = self.parts.get(found.under, found)
        return found
