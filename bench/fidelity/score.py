"""Compares what the archive would hold with what was meant, cell by cell."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from bench.fidelity.draw import Drawn
from bench.fidelity.sketch import Paper, Truth
from pipeline.model import Record, Submission

Fate: TypeAlias = Literal["right", "asked", "held", "wrong", "silent", "lost", "silently lost", "guessed"]
GOOD: tuple[Fate, ...] = ("right", "asked")
SILENT: tuple[Fate, ...] = ("silent", "silently lost", "guessed")
_NEAR = 0.3  # what standing on the same cells adds
_LIKE = 0.34  # share of a truth's filled cells by which a record is taken for it
# Where a field that has no cell of its own comes from.
_SOURCES = {
    "captured": "phone", "refusal_reason": "phone", "stay_minutes": "left_at", "outcome": "level_after", "reached": "note",
    "done_on": "level_after", "planned_on": "level_after", "made_on": "worked_on",
}  # fmt: skip
# What is worked out from other cells: where those are in doubt, so is this.
_DERIVED = {
    "captured": {"phone"}, "refusal_reason": {"phone"}, "stay_minutes": {"arrived_at", "left_at"}, "outcome": {"level_after"},
    "reached": {"done_on", "note"}, "lost_reason": {"level_after"}, "lost_to": {"level_after"},
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of one cell; `place` is where it stands, '' for a record nobody wrote."""

    kind: str
    field: str
    want: Any
    got: Any
    fate: Fate
    place: str = ""

    @property
    def counts(self) -> bool:
        """Whether it is a cell that was written: only those are recalled."""
        return self.fate in {"asked", "guessed"} or self.want is not None


@dataclass(frozen=True)
class _Placed:
    """A truth, the sheet it stands on and the cells of its fields."""

    truth: Truth
    sheet: str
    spots: Mapping[str, str]


def verdicts(paper: Paper, drawn: Sequence[Drawn], read: Submission) -> Iterator[Verdict]:
    """Yield the fate of every cell that was meant, and of every value in a record that nobody meant."""
    placed = [each for sketch, sheet in zip(paper.sketches, drawn, strict=True) for each in _placed(sketch, sheet)]
    records = [(record, True) for record in read.records] + [(record, False) for record in read.held]
    said = {(finding.sheet, finding.cell) for finding in read.findings}
    taken = _paired(placed, records)
    for number, each in enumerate(placed):
        pair = taken.get(number)
        yield from _judged(each, *records[pair], said) if pair is not None else _missing(each, said)
    for number, (record, healthy) in enumerate(records):
        if number not in taken.values() and healthy:
            fate: Fate = "wrong" if _row_said(record.sheet, record.cells.values(), said) else "silent"
            for name, value in record.values.items():
                if value is not None:
                    yield Verdict(record.kind, name, None, value, fate)


def _placed(sketch: Any, sheet: Drawn) -> Iterator[_Placed]:
    for number, line in enumerate(sketch.lines()):
        spots = {name: spot for (at, name), spot in sheet.spots.items() if at in {-1, number}}
        head = _head_of(sketch, number)
        if head is not None:
            spots = {name: spot for (at, name), spot in sheet.spots.items() if at == head} | spots
        for truth in line.truths:
            found = {}
            for name in truth.values:
                for candidate in (
                    f"{name}{truth.suffix}",
                    f"{_SOURCES.get(name)}{truth.suffix}",
                    name,
                    _SOURCES.get(name, ""),
                ):
                    if candidate in spots:
                        found[name] = spots[candidate]
                        break
            yield _Placed(truth, sheet.name, found)


def _head_of(sketch: Any, number: int) -> int | None:
    """Return the number of the card's head that a listed line hangs on."""
    at = sum(len(table.lines) for table in sketch.tables)
    for card in sketch.cards:
        size = 1 + (len(card.table.lines) if card.table else 0)
        if at < number < at + size:
            return at
        at += size
    return None


def _paired(placed: Sequence[_Placed], records: Sequence[tuple[Record, bool]]) -> dict[int, int]:
    """Return truth → record, the most alike first."""
    alike = sorted(
        (
            (-share, at, number)
            for at, each in enumerate(placed)
            for number, (record, _) in enumerate(records)
            if record.kind == each.truth.kind and (share := _alike(each, record)) > _LIKE
        ),
    )
    taken: dict[int, int] = {}
    used: set[int] = set()
    for _, at, number in alike:
        if at not in taken and number not in used:
            taken[at] = number
            used.add(number)
    return taken


def _alike(each: _Placed, record: Record) -> float:
    filled = {name: want for name, want in each.truth.values.items() if want is not None}
    same = sum(record.values.get(name) == want for name, want in filled.items())
    # Where it stands decides between two that are alike, as where names are ditto or nothing could be read.
    cells = set(each.spots.values())
    near = _NEAR * len(cells & set(record.cells.values())) / max(len(cells), 1) * (record.sheet == each.sheet)
    return float(same / max(len(filled), 1) + near)


def _judged(each: _Placed, record: Record, healthy: bool, said: set[tuple[str, str]]) -> Iterator[Verdict]:
    truth = each.truth
    asked = {name: _finding(each, record, name, said) for name in truth.asks}
    for name, want in truth.values.items():
        got = record.values.get(name)
        doubt = {name} & truth.asks or _DERIVED.get(name, set()) & truth.asks
        if got == want and (healthy or truth.waits) and name not in truth.asks:
            fate: Fate = "right"
        elif doubt:
            fate = "asked" if all(asked[each_] for each_ in doubt) else "guessed"
        elif name in truth.may or _DERIVED.get(name, set()) & truth.may:
            fate = "asked" if any(_finding(each, record, source, said) for source in truth.may) else "silent"
        elif got == want:
            fate = "held"
        else:
            fate = "wrong" if not healthy or _finding(each, record, name, said) else "silent"
        yield Verdict(truth.kind, name, want, got, fate, f"{each.sheet}!{each.spots.get(name, '')}")


def _finding(each: _Placed, record: Record, name: str, said: set[tuple[str, str]]) -> bool:
    """Say whether something was said at the cell of a field."""
    return any((record.sheet, cell) in said for cell in (each.spots.get(name, ""), record.cells.get(name, "")) if cell)


def _missing(each: _Placed, said: set[tuple[str, str]]) -> Iterator[Verdict]:
    """A record that never came: said of its row or of its whole sheet, or silently lost."""
    told = _row_said(each.sheet, each.spots.values(), said) or any(not cell or sheet == "" for sheet, cell in said)
    for name, want in each.truth.values.items():
        fate: Fate = "asked" if name in each.truth.asks and told else "lost" if told else "silently lost"
        yield Verdict(each.truth.kind, name, want, None, fate, f"{each.sheet}!{each.spots.get(name, '')}")


def _row_said(sheet: str, cells: Any, said: set[tuple[str, str]]) -> bool:
    rows = {cell.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ") for cell in cells}
    return any(at == sheet and cell.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ") in rows for at, cell in said)
