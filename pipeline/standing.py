"""What stands in the archive about the keys and scopes of a night, and what a hand-in says of its scope: shared by merge and archive.

A statement is a record a hand-in holds; a cover is a hand-in's word on its whole scope: what it does not hold, it takes
back. `later` orders both, decided once: when the workbook was received, then its hash.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from operator import is_
from types import MappingProxyType
from typing import Any, TypeAlias

from pipeline.model import Record, Submission
from pipeline.rulebook.form import Kind, Store
from pipeline.rulebook.rulebook import Rulebook

Key: TypeAlias = tuple[str, str]  # (kind, record key)
Parts: TypeAlias = tuple[tuple[str, ...], ...]  # per part of a natural key its alternatives' values, '' = unknown
_TAKEN = frozenset({"accepted", "partial", "returned"})
# Of each store the class whose values are kept as they are.
_CLASSES: Mapping[Store, type | None] = {
    "text": str, "month": str, "time": str, "date": date, "tick": bool, "number": float, "count": None,
}  # fmt: skip
_WHOLE = 2**63 - 1  # the widest whole number a database column holds


@dataclass(frozen=True, slots=True)
class Stand:
    """One record as it stands or as it was stated: values, scope, place.

    `stated` is the `later` of the newest hand-in that stated these values, `later` the order of the version that holds them.
    """

    kind: str
    key: str
    scope: str
    values: Mapping[str, Any]
    form: str
    part: str
    submission_id: str
    sheet: str
    row: int
    cells: Mapping[str, str]
    stated: str
    later: str
    withdrawn: bool = False


@dataclass(frozen=True, slots=True)
class Guard:
    """A held record: what its natural key may be, so that what stood before it was spoilt is not withdrawn."""

    kind: str
    form: str
    parts: Parts


@dataclass(frozen=True, slots=True)
class Cover:
    """All sheets of one workbook that speak for one scope; `wild` = a held record has no readable key, so it withdraws nothing."""

    scope: str
    later: str
    submission_id: str
    wild: bool = False
    guards: tuple[Guard, ...] = ()


@dataclass(frozen=True)
class Standing:
    """What a night must know of one store's archive: the rows of its keys and scopes, and hand-ins newer than its oldest."""

    store: str
    rows: Mapping[Key, Stand] = field(default_factory=lambda: MappingProxyType({}))
    covers: Mapping[str, Sequence[Cover]] = field(default_factory=lambda: MappingProxyType({}))


def later_of(submission: Submission) -> str:
    """Return the text that orders hand-ins: ISO time of receipt, then the head of the SHA-256 that identifies them."""
    return f"{submission.received.isoformat(timespec='microseconds')}|{submission.submission_id}"


def taken(submissions: Iterable[Submission]) -> list[Submission]:
    """Return the submissions that were read as forms, oldest first."""
    return sorted((each for each in submissions if each.verdict in _TAKEN), key=later_of)


def statements_of(submission: Submission, rules: Rulebook) -> dict[Key, Stand]:
    """Return what a workbook states, by key; a key on two of its sheets is said by the one read last."""
    later = later_of(submission)
    return {
        (record.kind, key): Stand(
            kind=record.kind, key=key, scope=record.scope, values=typed(rules.kinds[record.kind], record.values),
            form=record.form, part=record.part, submission_id=submission.submission_id, sheet=record.sheet,
            row=record.row, cells=record.cells, stated=later, later=later,
        )
        for (_, key), record in keyed(submission, rules).items()
    }  # fmt: skip


def keyed(submission: Submission, rules: Rulebook) -> dict[Key, Record]:
    """Return the records a workbook states, by the key they go by in the archive."""
    found: dict[Key, Record] = {}
    twice: Counter[tuple[str, str, str]] = Counter()
    for record in sorted(submission.records, key=lambda each: each.order):
        key = record.key
        if not key:
            # A healthy record may lack a part of its key (a sale without VIN or date yet): it enters under what it has.
            bare = _bare_key(record, rules.kinds[record.kind])
            twice[record.kind, record.sheet, bare] += 1
            number = twice[record.kind, record.sheet, bare]
            key = bare if number == 1 else f"{bare}#{number}"
        found[record.kind, key] = record
    return found


def covers_of(submission: Submission, rules: Rulebook) -> tuple[Cover, ...]:
    """Return one cover per scope that a workbook hands in, in sheet order.

    A returned workbook withdraws nothing, and neither does any scope of a form whose held record cannot say where it belongs.
    """
    later = later_of(submission)
    forms = {each.scope: each.form for each in submission.hand_ins}
    lost = {record.form for record in submission.held if record.scope not in forms}
    guards: dict[str, list[Guard]] = {scope: [] for scope in forms}
    blind: set[str] = set()
    for record in submission.held:
        if record.scope in guards:
            guards[record.scope].append(_guard(record, rules.kinds[record.kind]))
            blind |= set() if record.key else {record.scope}
    return tuple(
        Cover(
            scope=scope, later=later, submission_id=submission.submission_id, guards=tuple(guards[scope]),
            wild=submission.verdict == "returned" or scope in blind or form in lost,
        )
        for scope, form in forms.items()
    )  # fmt: skip


def withdraws(cover: Cover, stand: Stand, rules: Rulebook) -> bool:
    """Say whether a hand-in that does not state this record takes it back."""
    if cover.wild or cover.later <= stand.stated:
        return False
    said = [guard for guard in cover.guards if guard.kind == stand.kind]
    if not said:
        return True
    parts = _parts(rules.kinds[stand.kind], stand.values, stand.form)
    return not any(_may_be(guard.parts, parts) for guard in said)


def typed(kind: Kind, values: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return a record's values as the archive gives them back, in column order: equal now means equal when read again.

    Most are so already, and are not held a second time.
    """
    told: dict[str, Any] = {}
    for name, store in kind.columns.items():
        value = values.get(name)
        # A text may still be blank or hold what no database does.
        as_it_is = value is None or (
            value.__class__ is _CLASSES[store] and (value.__class__ is not str or (value and "\0" not in value))
        )
        told[name] = value if as_it_is else _typed(store, value)
    return values if list(values) == list(told) and all(map(is_, values.values(), told.values())) else told


def same(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Say whether two records hold the same; a column that one of them does not know yet is blank."""
    return all(one.get(name) == other.get(name) for name in {*one, *other})


def _typed(store: Store, value: Any) -> Any:
    if value is None or value == "":
        return None
    if store == "tick":
        return bool(value)
    if store == "number":
        return float(value)
    if store == "count":
        # More digits than a column holds is no count of anything; blank is the honest reading.
        return int(value) if abs(value) <= _WHOLE else None
    return value if store == "date" else str(value).replace("\0", "")


def _guard(record: Record, kind: Kind) -> Guard:
    return Guard(record.kind, record.form, _parts(kind, record.values, record.form))


def _parts(kind: Kind, values: Mapping[str, Any], form: str) -> Parts:
    known = {"form": form} | {name: _text(value) for name, value in values.items()}
    return tuple(tuple(known.get(name, "") for name in part.split("|")) for part in kind.key)


def _bare_key(record: Record, kind: Kind) -> str:
    return "|".join(next((value for value in part if value), "") for part in _parts(kind, record.values, record.form))


def _may_be(held: Parts, parts: Parts) -> bool:
    """Say whether each part agrees in one alternative; what the held record cannot say agrees with all.

    A phone spoilt today makes the key fall back on the name; the row of yesterday has both, and is recognised by the name.
    """
    return all(
        not any(mine) or any(one and one == other for one, other in zip(mine, theirs, strict=True))
        for mine, theirs in zip(held, parts, strict=True)
    )


def _text(value: Any) -> str:
    if value is None:
        return ""
    return value.isoformat() if isinstance(value, date) else str(value)
