"""Says what was written means: Entries become Records, and every cell that cannot be read becomes one finding.

    Entry ─ each cell by its field's `is:` ─ month grid, ranges, once-a-row fields ─ derive ─ key, scope ─ Record

Nothing is guessed: a cell that reads two ways, or no way, is blank in the record, named in its `_unread`, and said once at its cell, for the entry
that owns the cell; entries that share it (a phone in a card's head) hang on the same cell.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from pipeline.grid import Book, Value, spot
from pipeline.model import Entry, Finding, Record, Written
from pipeline.rulebook.form import LISTS, FieldSpec, Part
from pipeline.rulebook.rulebook import Rulebook
from pipeline.values.derive import derive
from pipeline.values.draft import Draft
from pipeline.values.items import say_left_out, settle_item
from pipeline.values.keys import key_of, numbered, shown
from pipeline.values.known import Known, is_ahead
from pipeline.values.meant import Meant, Slip
from pipeline.values.month_grid import grid_field, on_its_day
from pipeline.values.neighbours import settle
from pipeline.values.no_value import slip_of
from pipeline.values.numbers import in_its_unit
from pipeline.values.plain import half_width, text_of
from pipeline.values.slips import Slips
from pipeline.values.stays import settle_stays
from pipeline.values.years import When, when_of

_NEVER_DITTO = frozenset({"phone", "name"})


def normalise(book: Book, entries: Sequence[Entry], rules: Rulebook) -> tuple[list[Record], list[Finding]]:
    """Return a record an entry, in reading order, and the findings on cells that could not be read."""
    reader = _Reader(book, rules)
    reader.settle(entries)
    drafts = [reader.draft(entry) for entry in entries]
    reader.claim(drafts)
    say_left_out(drafts, reader.slips)
    return numbered([reader.record(draft) for draft in drafts]), reader.slips.findings()


class _Reader:
    """Reads one workbook's entries."""

    def __init__(self, book: Book, rules: Rulebook) -> None:
        self.book, self.rules, self.known = book, rules, rules.once(Known)
        self.words = self.known.words
        self.slips = Slips(book, rules)
        self.faulty = any(grid.faults for grid in book.grids)
        self.grids = {grid.sheet: grid for grid in book.grids}
        self.settled: dict[tuple[str, str], date] = {}
        self.heads: dict[tuple[Any, ...], Record] = {}
        self.first: dict[tuple[str, str], str] = {}
        self.whens: dict[tuple[Any, ...], When] = {}

    def settle(self, entries: Sequence[Entry]) -> None:
        """Find the day of every number that reads two ways by its neighbours in the column."""
        columns: dict[tuple[Any, ...], dict[str, tuple[date, ...]]] = {}
        for entry in entries:
            form = self.rules.forms[entry.form]
            part = form.parts[entry.part]
            self.first.setdefault((entry.sheet, entry.form), entry.anchor)
            if (
                part.layout.kind not in LISTS
            ):  # rounds and cards below each other are of different people: no order to go by
                continue
            when, head = self.when(entry), _hangs_on(entry, part)
            for field in self.known.fields(entry):
                written = entry.cells[field.name]
                if field.spec.is_ != "date" or written.value == "":
                    continue
                place = (*head, entry.part, field.name, written.cell.rstrip("0123456789"))
                found = self.known.meant(
                    field.name, written.value, field.spec, when.looking(ahead=is_ahead(field.name), since=when.since)
                )
                ways = found.readings if isinstance(found, Slip) else (found.value,) if found.value else ()
                columns.setdefault(place, {}).setdefault(written.cell, ways)
        for (sheet, *_), cells in columns.items():
            if any(len(ways) > 1 for ways in cells.values()):
                days = settle(tuple(cells.values()))
                self.settled |= {
                    (sheet, cell): day for cell, day in zip(cells, days, strict=True) if day and len(cells[cell]) > 1
                }

    def when(self, entry: Entry) -> When:
        """Return what is known of the entry's time: title, sheet and file name, the month above, the day it was received."""
        month = entry.cells.get("month")
        asked = (
            id(entry.hints),
            *((month.value.__class__, month.value) if month else ()),
        )  # the entries outlive the reader
        if asked not in self.whens:
            when = when_of(self.book, entry.hints)
            named = self.known.meant("month", month.value, _MONTH, when) if month else None
            self.whens[asked] = when_of(self.book, entry.hints, named.value) if isinstance(named, Meant) else when
        return self.whens[asked]

    def draft(self, entry: Entry) -> Draft:
        """Return the entry with every cell read, and what cannot be read said."""
        draft = Draft(entry, self.rules.forms[entry.form].parts[entry.part])
        when = self.when(entry)
        for field in self.known.fields(entry):
            written = entry.cells[field.name]
            if written.value == "" and not field.blank_says and not self.faulty:
                draft.place(field.name, written, label_of(field.name, written, field.spec))
                continue
            asked = when
            if field.ahead:
                since = next((draft.values[day] for day in field.days if draft.values.get(day)), None)
                asked = when.looking(ahead=True, since=since)
            self.cell(draft, field.name, written, field.spec, asked)
        if draft.part.layout.kind == "month_grid":
            self.on_its_day(draft)
        if draft.unread and not draft.says:
            draft.unread |= set(draft.part.fields)  # a line of nothing but errors: what else it lacks nobody can know
        for name, slip in settle_stays(draft):
            self.slip(draft, name, slip)
        for name, slip, level in settle_item(draft):
            self.slips.add(draft, name, slip, level)
        self.undated(draft)
        kind = self.rules.kinds[entry.kind]
        derive(draft.values, draft.part.derive, self.words, kind.columns, draft.unread, draft.coarse, draft.none)
        return draft

    def cell(self, draft: Draft, name: str, written: Written, spec: FieldSpec, when: When) -> None:
        """Read one cell into the draft."""
        entry, value = draft.entry, written.value
        draft.place(name, written, label_of(name, written, spec))
        if value == "" and (fault := self.fault(entry.sheet, written.cell)):
            self.slip(draft, name, slip_of(fault), found=fault if slip_of(fault).code == "cell.error" else None)
            return
        if draft.part.layout.kind == "month_grid" and name == grid_field(draft.part):
            value = draft.marked(value, self.words.planned)
        if spec.is_ == "money":
            value = in_its_unit(value, written.label)
        found = self.known.meant(name, value, spec, when)
        day = self.settled.get((entry.sheet, written.cell))
        if isinstance(found, Slip) and day in found.readings:
            found = Meant(day)
        if isinstance(found, Slip):
            self.slip(draft, name, found)
            return
        draft.put(name, found, written)
        if isinstance(value, str) and half_width(value) in self.words.none:
            draft.none.append(name)
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
        entry, spec = draft.entry, self.rules.forms[draft.entry.form].above.get("month", _MONTH)
        draft.cells["month"] = self.first[entry.sheet, entry.form]
        draft.labels["month"] = spec.labels[0] if spec.labels else "月份"
        self.slips.add(draft, "month", slip, "error", found="")

    def undated(self, draft: Draft) -> None:
        """Ask for the day of a 第n次回访 that says something but not when."""
        if draft.part.layout.kind != "groups":
            return
        dated = set(self.rules.kinds[draft.entry.kind].dated)
        if dated & draft.unread or any(draft.values.get(name) for name in dated):
            return
        name = next((each for each in self.rules.kinds[draft.entry.kind].dated if each in draft.cells), "done_on")
        draft.lose(name, ())
        self.slips.add(draft, name, Slip("missing"), "error")

    def claim(self, drafts: Sequence[Draft]) -> None:
        """Give what stands once a row (战败原因) to the group it belongs to, and say so where none of them is lost."""
        cells: dict[tuple[str, str], tuple[Draft, str, bool]] = {}
        for draft in drafts:
            for name, spec in draft.part.fields.items():
                if not spec.once or draft.values.get(name) is None:
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
        entry, form = draft.entry, self.rules.forms[draft.entry.form]
        kind = self.rules.kinds[entry.kind]
        values = {name: draft.values.get(name) for name in kind.columns}
        context = {
            name: value for name, value in draft.values.items() if name not in kind.columns and value is not None
        }
        head = self.heads.get(_hangs_on(entry, draft.part)) if draft.part.under else None
        covers = tuple(shown(_said(name, draft, head)) for name in form.speaks_for(entry.part))
        record = Record(
            kind=entry.kind, form=entry.form, part=entry.part, sheet=entry.sheet, row=entry.row, order=entry.order, anchor=entry.anchor,
            values=values, cells=draft.cells, labels=draft.labels,
            scope=self.known.scope(entry.form, entry.part, covers),
            key=key_of(kind, entry.form, values, draft.unread | self.known.required(entry.form, entry.part)),
            context=context | {"_unread": tuple(sorted(draft.unread))},
        )  # fmt: skip
        for child in form.parts.values():
            if child.under == entry.part:
                self.heads[_heads(entry, entry.part, child)] = record
        return record


_MONTH = FieldSpec.model_validate({"is": "month"})


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
    return (
        entry.sheet,
        part.under,
        tuple((name, entry.cells[name].cell) for name in part.inherits if name in entry.cells),
    )


def _heads(entry: Entry, part: str, child: Part) -> tuple[Any, ...]:
    return entry.sheet, part, tuple((name, entry.cells[name].cell) for name in child.inherits if name in entry.cells)
