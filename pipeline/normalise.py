"""Says what was written means: Entries become Records, and every cell that cannot be read becomes one finding.

    Entry ─ each cell by its field's `is:` ─ month grid, ranges, once-a-row fields ─ derive ─ key, scope ─ Record

Nothing is guessed: a cell that reads two ways, or no way, is blank in the record, named in its `_unread`, and said once at its cell, for the entry
that owns the cell; entries that share it (a phone in a card's head) hang on the same cell.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from pipeline.grid import Book, Value, spot
from pipeline.model import Entry, Finding, Record, Written
from pipeline.rulebook.form import LISTS, FieldSpec, Form, Part
from pipeline.rulebook.rulebook import Rulebook
from pipeline.values.derive import derive
from pipeline.values.draft import Draft
from pipeline.values.items import say_left_out, settle_item
from pipeline.values.keys import key_of, numbered, root_of, scope_of, shown
from pipeline.values.meaning import meaning, words_of
from pipeline.values.meant import Meant, Slip
from pipeline.values.month_grid import grid_field, on_its_day
from pipeline.values.neighbours import settle
from pipeline.values.no_value import slip_of
from pipeline.values.numbers import in_its_unit
from pipeline.values.plain import half_width, text_of
from pipeline.values.slips import Slips
from pipeline.values.stays import settle_stays
from pipeline.values.years import When, when_of

_OWN_DAYS = ("done_on", "worked_on", "delivered_on", "ordered_on", "planned_on")  # a planned day is told by these
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
    """Reads one workbook's entries; each distinct cell value is parsed once."""

    def __init__(self, book: Book, rules: Rulebook) -> None:
        self.book, self.rules, self.words = book, rules, words_of(rules)
        self.slips = Slips(book, rules)
        self.grids = {grid.sheet: grid for grid in book.grids}
        self.known: dict[tuple[Any, ...], Meant | Slip] = {}
        self.settled: dict[tuple[str, str], date] = {}
        self.heads: dict[tuple[Any, ...], Record] = {}
        self.first: dict[tuple[str, str], str] = {}
        self.needed: dict[tuple[str, str], frozenset[str]] = {}

    def meant(self, name: str, value: Value, spec: FieldSpec, when: When) -> Meant | Slip:
        """Return what the cell means, from memory where the same was read before."""
        asked = (name, id(spec), type(value), value, when if spec.is_ in {"date", "month", "date_range"} else None)
        if asked not in self.known:
            self.known[asked] = meaning(name, value, spec, self.words, when)
        return self.known[asked]

    def settle(self, entries: Sequence[Entry]) -> None:
        """Find the day of every number that reads two ways by its neighbours in the column."""
        columns: dict[tuple[Any, ...], dict[str, tuple[date, ...]]] = {}
        for entry in entries:
            form = self.rules.forms[entry.form]
            when = self.when(entry)
            part = form.parts[entry.part]
            self.first.setdefault((entry.sheet, entry.form), entry.anchor)
            if (
                part.layout.kind not in LISTS
            ):  # rounds and cards below each other are of different people: no order to go by
                continue
            for name, written in entry.cells.items():
                spec = form.spec(entry.part, name)
                if written.value == "" or spec is None or spec.is_ != "date":
                    continue
                place = (*_hangs_on(entry, part), entry.part, name, written.cell.rstrip("0123456789"))
                found = self.meant(name, written.value, spec, replace(when, ahead=is_ahead(name)))
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
        named = self.meant("month", month.value, _MONTH, when_of(self.book, entry.hints)) if month else None
        return when_of(self.book, entry.hints, named.value if isinstance(named, Meant) else None)

    def draft(self, entry: Entry) -> Draft:
        """Return the entry with every cell read, and what cannot be read said."""
        form = self.rules.forms[entry.form]
        draft = Draft(entry, form.parts[entry.part])
        when = self.when(entry)
        # Planned days come last: the day of the contact itself tells their year.
        specs = {name: form.spec(entry.part, name) for name in entry.cells}
        for name, spec in sorted(specs.items(), key=_last):
            if spec is None:
                continue
            ahead = is_ahead(name) or bool(spec.counts_from)
            days = (spec.counts_from,) if spec.counts_from else _OWN_DAYS
            since = next((draft.values[day] for day in days if draft.values.get(day)), None) if ahead else None
            self.cell(draft, name, entry.cells[name], spec, replace(when, ahead=ahead, since=since) if ahead else when)
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
        found = self.meant(name, value, spec, when)
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
        dated = set(self.rules.kinds[draft.entry.kind].dated)
        if draft.part.layout.kind != "groups" or dated & draft.unread or any(draft.values.get(name) for name in dated):
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

    def required(self, form: Form, part: str) -> frozenset[str]:
        """Return the fields without which a record of this part is held."""
        if (form.form, part) not in self.needed:
            specs = {
                name: form.spec(part, name)
                for name in (*form.parts[part].fields, *form.parts[part].inherits, *form.above)
            }
            self.needed[form.form, part] = frozenset(
                name for name, spec in specs.items() if spec and spec.missing == "held"
            )
        return self.needed[form.form, part]

    def record(self, draft: Draft) -> Record:
        """Return the finished record: the kind's columns, and everything else as its context."""
        entry, form = draft.entry, self.rules.forms[draft.entry.form]
        kind = self.rules.kinds[entry.kind]
        values = {name: draft.values.get(name) for name in kind.columns}
        context = {
            name: value for name, value in draft.values.items() if name not in kind.columns and value is not None
        }
        head = self.heads.get(_hangs_on(entry, draft.part))
        said = {
            **(dict(head.values) | dict(head.context) if head else {}),
            **{n: v for n, v in draft.values.items() if v is not None},
        }
        scope = scope_of(
            self.rules,
            entry.form,
            root_of(form, entry.part),
            {name: shown(said.get(name)) for name in form.speaks_for(entry.part)},
        )
        record = Record(
            kind=entry.kind, form=entry.form, part=entry.part, sheet=entry.sheet, row=entry.row, order=entry.order, anchor=entry.anchor,
            values=values, cells=draft.cells, labels=draft.labels, scope=scope,
            key=key_of(kind, entry.form, values, draft.unread | self.required(form, entry.part)),
            context=context | {"_unread": tuple(sorted(draft.unread))},
        )  # fmt: skip
        for child in form.parts.values():
            if child.under == entry.part:
                self.heads[_heads(entry, entry.part, child)] = record
        return record


_MONTH = FieldSpec.model_validate({"is": "month"})


def _last(field: tuple[str, FieldSpec | None]) -> tuple[bool, bool, bool]:
    """Sort fields that hang on another's day behind it: planned days, the next one, what is counted from a day."""
    name, spec = field
    return bool(spec and spec.counts_from), is_ahead(name), name == "next_on"


def is_ahead(name: str) -> bool:
    """Say whether a field names a day still to come when it was written."""
    return name in {"planned_on", "next_on"}


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
