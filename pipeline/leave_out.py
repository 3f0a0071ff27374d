"""Leaves out of a night's workbooks what they still say of somebody who was erased, and tells the clerk without saying who.

record of an erased customer ─ its day after the erasure ─► new contact: taken
                             └ on it, before, or none    ─► left out, a warning at its cell
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, TypeAlias

from pipeline.erasure.wanted import Wanted, numbers_in, together
from pipeline.judge import verdict_of
from pipeline.model import Finding, Record, Submission
from pipeline.rulebook.rulebook import Rulebook
from pipeline.say import say

ErasedOn: TypeAlias = Callable[[str, str], date | None]  # phone and name → the day somebody was erased


@dataclass(frozen=True)
class Gone:
    """What was left out of a workbook: whom to name no more, and which records, by order."""

    wanted: Wanted
    orders: frozenset[int]


def leave_out(
    submissions: Sequence[Submission], rules: Rulebook, erased_on: ErasedOn, back: Callable[[str], bool]
) -> tuple[tuple[Submission, ...], dict[str, Gone]]:
    """Return the workbooks without the erased, and by SHA-256 what was left out of which; their number in another's note goes too.

    `back` says whether the archive knows a phone again; then, or where a record of the night is new contact, plans and undated rows are taken too.
    """
    again = {
        str(record.values.get("phone"))
        for submission in submissions
        for record in submission.records
        if (on := _erased(record, rules, erased_on)) and _new(record, rules, on)
    }
    kept: list[Submission] = []
    gone: dict[str, Gone] = {}
    for submission in submissions:
        lost = [
            record
            for record in (*submission.records, *submission.held)
            if (on := _erased(record, rules, erased_on)) and not _taken(record, rules, on, again, back)
        ]
        every = {number for record in submission.records for number in _numbers(record)}
        strange = {each for each in every if erased_on(each, "") and each not in again and not back(each)}
        if not lost and not strange:
            kept.append(submission)
            continue
        named = (_wanted(record.values) for record in lost if record.values.get("phone") not in again)
        wanted = together([*named, Wanted(numbers=frozenset(strange))])
        kept.append(_without(submission, lost, wanted, rules))
        gone[submission.sha256] = Gone(wanted, frozenset(record.order for record in lost))
    return tuple(kept), gone


def unnamed(submissions: Sequence[Submission], gone: Mapping[str, Gone]) -> tuple[Submission, ...]:
    """Return the workbooks with files and sentences that named somebody left out named otherwise."""
    return tuple(_unnamed(each, gone[each.sha256].wanted) if each.sha256 in gone else each for each in submissions)


def _erased(record: Record, rules: Rulebook, erased_on: ErasedOn) -> date | None:
    if not rules.about_person(record.kind):
        return None
    phone, name = (str(record.values.get(column) or "") for column in ("phone", "customer_name"))
    return erased_on(phone, name) if phone or name else None


def _new(record: Record, rules: Rulebook, on: date) -> bool:
    day = _day(record, rules)
    return day is not None and day > on


def _taken(record: Record, rules: Rulebook, on: date, again: set[str], back: Callable[[str], bool]) -> bool:
    day = _day(record, rules)
    if day is not None:
        return day > on
    # A plan or a row without a day says nothing of when: it is theirs if they came back by themselves.
    phone = str(record.values.get("phone") or "")
    return bool(phone) and (phone in again or back(phone)) and all(each > on for each in _days(record.values))


def _day(record: Record, rules: Rulebook) -> date | None:
    """Return the day on which what a record tells happened; the day it came in is none."""
    done = (record.values.get(name) for name in rules.kinds[record.kind].done)
    return next((day for day in done if isinstance(day, date)), None)


def _days(values: Mapping[str, Any]) -> list[date]:
    return [value for value in values.values() if isinstance(value, date)]


def _wanted(values: Mapping[str, Any]) -> Wanted:
    phone, name = str(values.get("phone") or ""), str(values.get("customer_name") or "")
    return Wanted({phone: frozenset({name} if name else ())}) if phone else Wanted(alone=frozenset({name}))


def _numbers(record: Record) -> Iterator[str]:
    """Yield the phones in a record's texts that are not the record's own."""
    for name, value in record.values.items():
        if isinstance(value, str) and name != "phone":
            yield from numbers_in(value)


def _cleaned(record: Record, wanted: Wanted) -> Record:
    texts = {n: v for n, v in record.values.items() if isinstance(v, str) and n != "phone" and wanted.within(v)}
    return (
        replace(record, values={**record.values, **{n: wanted.without(v) for n, v in texts.items()}})
        if texts
        else record
    )


def _without(submission: Submission, lost: Sequence[Record], wanted: Wanted, rules: Rulebook) -> Submission:
    orders = {record.order for record in lost}
    places = {(record.sheet, cell) for record in lost for cell in record.cells.values()}
    records = tuple(_cleaned(record, wanted) for record in submission.records if record.order not in orders)
    held = tuple(record for record in submission.held if record.order not in orders)
    shared = {(record.sheet, cell) for record in (*records, *held) for cell in record.cells.values()}
    said = [
        finding
        for finding in submission.findings
        if finding.order not in orders and (finding.sheet, finding.cell) not in places - shared
    ]
    told = [_told(submission, record, rules) for record in sorted(lost, key=lambda record: record.order)]
    once = {(finding.sheet, finding.cell): finding for finding in told}
    findings = (*said, *once.values())
    return replace(
        submission, records=records, held=held, findings=findings, verdict=verdict_of(records, held, findings)
    )


def _told(submission: Submission, record: Record, rules: Rulebook) -> Finding:
    field = next((name for name in ("phone", "customer_name") if record.cells.get(name)), "")
    cell, label = record.cells.get(field, record.anchor), record.labels.get(field, "")
    said = say(rules, "person.erased", "warning", book=submission.path, sheet=record.sheet, cell=cell, label=label)
    return replace(said, who=str(record.values.get("consultant") or ""))


def _unnamed(submission: Submission, wanted: Wanted) -> Submission:
    clean = wanted.nameless
    return replace(
        submission,
        path=clean(submission.path),
        hand_ins=tuple(
            replace(each, covers={name: clean(value) for name, value in each.covers.items()}) for each in submission.hand_ins
        ),
        findings=tuple(
            replace(
                each, book=clean(each.book), sheet=clean(each.sheet), found=clean(each.found), want=clean(each.want),
                say=clean(each.say), proposal=clean(each.proposal),
            )
            for each in submission.findings
        ),
    )  # fmt: skip
