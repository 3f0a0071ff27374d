"""Says what was written means: Entries become Records, and every cell that cannot be read becomes one finding.

    Entry ─ each cell by its field's `is:` ─ month grid, ranges, once-a-row fields ─ derive ─ key, scope ─ Record

Nothing is guessed: a cell that reads two ways, or no way, is blank in the record, named in its `_unread`, and said once at its cell, for the entry
that owns the cell; entries that share it (a phone in a card's head) hang on the same cell.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from functools import cached_property
from types import MappingProxyType
from typing import Any

from pipeline.grid import Book, Value, spot
from pipeline.model import Entry, Finding, Record, Written
from pipeline.rulebook.form import LISTS, FieldSpec, Part
from pipeline.rulebook.rulebook import Rulebook
from pipeline.values.derive import derive
from pipeline.values.draft import Draft
from pipeline.values.items import say_left_out, settle_item
from pipeline.values.keys import key_of, numbered, shown
from pipeline.values.known import Asked, Known, Moment
from pipeline.values.meant import Meant, Slip
from pipeline.values.month_grid import on_its_day
from pipeline.values.neighbours import settle
from pipeline.values.no_value import slip_of
from pipeline.values.numbers import in_its_unit
from pipeline.values.plain import half_width, text_of
from pipeline.values.shape import Field, Shape, is_ahead
from pipeline.values.slips import Slips
from pipeline.values.stays import settle_stays
from pipeline.values.years import when_of

_NEVER_DITTO = frozenset({"phone", "name"})
_NOTHING_BESIDE: Mapping[str, Any] = MappingProxyType({"_unread": ()})  # most records', held once


def normalise(book: Book, entries: Sequence[Entry], rules: Rulebook) -> tuple[list[Record], list[Finding]]:
    """Return a record an entry, in reading order, and the findings on cells that could not be read."""
    reader = _Reader(book, entries, rules)
    drafts = [reader.draft(entry) for entry in entries]
    reader.claim(drafts)
    say_left_out(drafts, reader.slips)
    return numbered([reader.record(draft) for draft in drafts]), reader.slips.findings()


class _Reader:
    """Reads one workbook's entries."""

    def __init__(self, book: Book, entries: Sequence[Entry], rules: Rulebook) -> None:
        self.book, self.entries, self.rules, self.known = book, entries, rules, rules.once(Known)
        self.words = self.known.words
        self.slips = Slips(book, rules)
        self.faulty = any(grid.faults for grid in book.grids)
        self.grids = {grid.sheet: grid for grid in book.grids}
        self.heads: dict[tuple[Any, ...], Record] = {}
        self.moments: dict[tuple[Any, ...], Moment] = {}
        self.labels: dict[Shape, Mapping[str, str]] = {}

    @cached_property
    def settled(self) -> dict[tuple[str, str], date]:
        """The day of every number that reads two ways, by sheet and cell, as its neighbours in the column tell it; asked for where there is one."""
        columns: dict[tuple[Any, ...], dict[str, tuple[date, ...]]] = {}
        for entry in self.entries:
            shape = self.known.shape(entry)
            # Rounds and cards below each other are of different people: no order to go by.
            if shape.part.layout.kind not in LISTS:
                continue
            at, head = self.moment(entry), _hangs_on(entry, shape.part)
            for field in shape.fields:
                written = entry.cells[field.name]
                if field.spec.is_ != "date" or written.value == "":
                    continue
                place = (*head, entry.part, field.name, written.cell.rstrip("0123456789"))
                asked = at.when.looking(ahead=is_ahead(field.name), since=at.when.since)
                found = self.known.meant(field, written.value, self.known.moment(asked))
                ways = found.readings if isinstance(found, Slip) else (found.value,) if found.value else ()
                columns.setdefault(place, {}).setdefault(written.cell, ways)
        settled: dict[tuple[str, str], date] = {}
        for (sheet, *_), cells in columns.items():
            if any(len(ways) > 1 for ways in cells.values()):
                days = settle(tuple(cells.values()))
                settled |= {
                    (sheet, cell): day for cell, day in zip(cells, days, strict=True) if day and len(cells[cell]) > 1
                }
        return settled

    def moment(self, entry: Entry) -> Moment:
        """Return what is known of the entry's time: title, sheet and file name, the month above, the day it was received."""
        month = entry.cells.get("month")
        value = month.value if month else None
        asked = (id(entry.hints), value.__class__, value)  # the entries outlive the reader
        found = self.moments.get(asked)
        if found is None:
            found = self.known.moment(when_of(self.book, entry.hints))
            named = self.known.meant(self.known.month, month.value, found) if month else None
            if isinstance(named, Meant):
                found = self.known.moment(when_of(self.book, entry.hints, named.value))
            self.moments[asked] = found
        return found

    def ahead(self, at: Moment, days: Sequence[str], values: Mapping[str, Any]) -> Moment:
        """Return the moment of a day to come, told by the record's own certain day if one of these fields says it."""
        since = None
        for day in days:
            if values.get(day):
                since = values[day]
                break
        asked = (at, since)
        if asked not in self.moments:
            self.moments[asked] = self.known.moment(at.when.looking(ahead=True, since=since))
        return self.moments[asked]

    def draft(self, entry: Entry) -> Draft:
        """Return the entry with every cell read, and what cannot be read said."""
        shape = self.known.shape(entry)
        draft, now, plain = Draft(entry, shape), self.moment(entry), self.known.plain
        values, cells, labels = draft.values, draft.cells, draft.labels
        for field in shape.fields:
            name, written = field.name, entry.cells[field.name]
            value = written.value
            dated = field.dated and value != ""  # a blank says the same at any time
            at = self.ahead(now, field.days, values) if dated and field.ahead else now
            asked = (field, value.__class__, value, written.label, at if dated else None)
            known = plain.get(asked)
            # Nearly every cell says what was said before; the others go the whole way.
            if known is None or written.origin == "ditto" or (self.faulty and value == ""):
                self.cell(draft, field, written, at, asked)
                continue
            meant, label = known
            if meant.value is None or meant.also or value == "":
                draft.place(name, written, label)
                draft.put(name, meant, written)
            else:
                values[name], cells[name], labels[name] = meant.value, written.cell, label
        if shape.grid:
            self.on_its_day(draft)
        if draft.unread and not draft.says:
            draft.unread |= set(shape.part.fields)  # a line of nothing but errors: what else it lacks nobody can know
        for name, slip in settle_stays(draft):
            self.slip(draft, name, slip)
        if shape.part.items:
            for name, slip, level in settle_item(draft):
                self.slips.add(draft, name, slip, level)
        if shape.part.layout.kind == "groups":
            self.undated(draft)
        derive(values, shape.part.derive, self.words, shape.kind.columns, draft.unread, draft.coarse, draft.none)
        return draft

    def cell(self, draft: Draft, field: Field, written: Written, at: Moment, asked: Asked) -> None:
        """Read one cell into the draft; if it is plain, remember it under what was asked."""
        entry, name, spec, value = draft.entry, field.name, field.spec, written.value
        label = label_of(name, written, spec)
        draft.place(name, written, label)
        if value == "" and (fault := self.fault(entry.sheet, written.cell)):
            self.slip(draft, name, slip_of(fault), found=fault if slip_of(fault).code == "cell.error" else None)
            return
        if field.in_grid:
            value = draft.marked(value, self.words.planned)
        if spec.is_ == "money":
            value = in_its_unit(value, written.label)
        found = self.known.meant(field, value, at)
        plain = isinstance(found, Meant) and not (found.doubt or field.in_grid)
        if isinstance(found, Slip) and found.readings and (day := self.settled.get((entry.sheet, written.cell))):
            found = Meant(day) if day in found.readings else found
        if isinstance(found, Slip):
            self.slip(draft, name, found)
            return
        draft.put(name, found, written)
        if isinstance(value, str) and half_width(value) in self.words.none:
            draft.none.append(name)
            plain = False
        if found.doubt:
            self.slips.add(draft, name, found.doubt, "warning")
        if written.origin == "ditto" and spec.is_ in _NEVER_DITTO and found.value is not None:
            self.slips.add(
                draft,
                name,
                Slip("cell.ditto", other=text_of(value)),
                "warning",
                found=self.at(entry.sheet, written.cell),
            )
        if plain:
            self.known.keep(asked, found, label)

    def slip(self, draft: Draft, name: str, slip: Slip, *, found: str | None = None) -> None:
        """Say that a cell cannot be read; the field is blank and not asked for again as missing."""
        spec = self.rules.forms[draft.entry.form].spec(draft.entry.part, name)
        draft.lose(name, spec.into if spec else ())
        # A photo stuck beside a remark is no slip; where a phone or a date belongs it is one.
        aside = spec and (spec.wrong == "warned" or (slip.code == "cell.picture" and spec.is_ == "text"))
        self.slips.add(draft, name, slip, "warning" if aside else "error", found=found)

    def fault(self, sheet: str, cell: str) -> str:
        """Return what is wrong with a blank cell (see `Grid.faults`), or ''."""
        grid = self.grids.get(sheet)
        return grid.faults.get(spot(cell), "") if grid and grid.faults else ""

    def at(self, sheet: str, cell: str) -> Value:
        """Return what really stands in a cell."""
        grid = self.grids.get(sheet)
        return grid.at(*spot(cell)) if grid else ""

    def on_its_day(self, draft: Draft) -> None:
        """Date a month-grid cell by its column."""
        slip = on_its_day(draft)
        if slip is None:
            return
        draft.unread |= {"planned_on", "done_on"}
        if slip.code == "date.impossible":
            self.slips.add(draft, "done_on", slip, "error", found=slip.other)
            return
        # No month stands anywhere: all days of the sheet hang on its first record, where the column is said to be missing.
        entry, spec = draft.entry, self.rules.forms[draft.entry.form].above.get("month", self.known.month.spec)
        draft.cells["month"] = next(
            each.anchor for each in self.entries if (each.sheet, each.form) == (entry.sheet, entry.form)
        )
        draft.labels["month"] = spec.labels[0] if spec.labels else "月份"
        self.slips.add(draft, "month", slip, "error", found="")

    def undated(self, draft: Draft) -> None:
        """Ask for the day of a 第n次回访 that says something but not when."""
        dated = draft.shape.kind.dated
        if draft.unread.intersection(dated) or any(draft.values.get(name) for name in dated):
            return
        name = next((each for each in dated if each in draft.cells), "done_on")
        draft.lose(name, ())
        self.slips.add(draft, name, Slip("missing"), "error")

    def claim(self, drafts: Sequence[Draft]) -> None:
        """Give what stands once a row (战败原因) to the group it belongs to, and say so where none of them is lost."""
        cells: dict[tuple[str, str], tuple[Draft, str, bool]] = {}
        for draft in drafts:
            for name, spec in draft.shape.once:
                if draft.values.get(name) is None:
                    continue
                claims = draft.values.get("outcome") in spec.once
                place = (draft.entry.sheet, draft.cells[name])
                first, label, claimed = cells.get(place, (draft, name, False))
                # An outcome that could not be read may well be the one: nothing to complain of twice.
                cells[place] = first, label, claimed or claims or "outcome" in draft.unread
                draft.values[name] = draft.values[name] if claims else None
        for draft, name, claimed in cells.values():
            if not claimed:
                self.slips.add(draft, name, Slip("lost.unclaimed"), "warning")

    def record(self, draft: Draft) -> Record:
        """Return the finished record: the kind's columns, and everything else as its context."""
        entry, shape = draft.entry, draft.shape
        columns, said = shape.kind.columns, draft.values
        values = dict(zip(columns, map(said.get, columns), strict=True))
        beside = {name: value for name, value in said.items() if value is not None and name not in columns}
        context = beside | {"_unread": tuple(sorted(draft.unread))} if beside or draft.unread else _NOTHING_BESIDE
        head = self.heads.get(_hangs_on(entry, shape.part)) if shape.part.under else None
        needed = draft.unread | shape.required if draft.unread else shape.required
        # The rows of one table stand under the same labels, and so do those of a form's other tables: a night keeps one copy.
        labels = self.labels.get(shape)
        if labels != draft.labels or list(labels) != list(draft.labels):
            labels = self.labels[shape] = self.known.labels(draft.labels)
        record = Record(
            kind=entry.kind, form=entry.form, part=entry.part, sheet=entry.sheet, row=entry.row, order=entry.order, anchor=entry.anchor,
            values=values, cells=draft.cells, labels=labels,
            scope=self.known.scope(
                entry.form, entry.part, tuple([shown(_said(name, draft, head)) for name in shape.covers])
            ),
            key=key_of(shape.kind, entry.form, values, needed),
            context=context,
        )  # fmt: skip
        for inherited in shape.below:
            self.heads[entry.sheet, entry.part, _places(entry, inherited)] = record
        return record


def _said(name: str, draft: Draft, head: Record | None) -> Any:
    """Return what a field says: on its own line, else on the head it stands under."""
    own = draft.values.get(name)
    if own is not None or head is None:
        return own
    return head.context[name] if name in head.context else head.values.get(name)


def label_of(name: str, written: Written, spec: FieldSpec) -> str:
    """Return the label as written, or the form's own word where the sheet has none."""
    label = written.label.strip(" :：*")
    return label if label and label != name else spec.labels[0] if spec.labels else name


def _hangs_on(entry: Entry, part: Part) -> tuple[Any, ...]:
    """Return by which shared cells a row finds the head it stands under."""
    return entry.sheet, part.under, _places(entry, part.inherits)


def _places(entry: Entry, names: Sequence[str]) -> tuple[tuple[str, str], ...]:
    return tuple([(name, entry.cells[name].cell) for name in names if name in entry.cells])
