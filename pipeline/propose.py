"""Says of a wrong cell what it may have been meant to be, from the archive, the vocabulary or its neighbours; takes nothing over.

Finding ─ record, field ─┬ phone, 车架号   a sound one of the same customer, one slip of the finger away
                         ├ word, 顾问      the nearest spelling the house knows
                         └ date            the one day that lies between the rows above and below
two that fit as well are no proposal
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from itertools import product
from typing import Final, TypeAlias

from pipeline.grid import spot
from pipeline.model import Finding, Record, Sighting, Submission
from pipeline.rulebook.form import FieldSpec
from pipeline.rulebook.rulebook import Rulebook
from pipeline.rulebook.words import Sentence
from pipeline.say import fill
from pipeline.text import meant_by, narrow, one_slip, squeeze

_ASKED: Final = frozenset({"phone", "vin"})
_LOOK_ALIKE: Final = str.maketrans("OoIlSsBZz", "001155822")  # letters typed for digits
_SHORT_NAME: Final = 50.0  # 李鸣 may be 李明: one of two letters the same
_Mine: TypeAlias = Mapping[tuple[str, str], Sequence[Sighting]]  # by whose customer
_SCIENTIFIC: Final = re.compile(r"(\d(?:\.\d+)?)E\+?(\d{1,2})$", re.IGNORECASE)


def asked(submissions: Iterable[Submission], rules: Rulebook) -> frozenset[tuple[str, str]]:
    """Return the customers whose phone or 车架号 is in doubt, by consultant and name: those the archive is to be asked for."""
    found = set()
    for submission in submissions:
        records = _records(submission) if submission.findings else {}
        for finding in submission.findings:
            record = records.get(finding.order)
            spec = _spec(record, finding, rules)[1] if record else None
            if record and spec and spec.is_ in _ASKED and (whose := _customer(record)):
                found.add(whose)
    return frozenset(found)


def propose(submissions: Sequence[Submission], known: Iterable[Sighting], rules: Rulebook) -> tuple[Submission, ...]:
    """Return the workbooks with a proposal on every finding that has one; verdicts and records are as they were.

    `known` are the sightings of the archive; what tonight's own sound records say counts as well.
    """
    wanted = {_whose(*whose) for whose in asked(submissions, rules)}
    mine: dict[tuple[str, str], list[Sighting]] = {}
    tonight = (each for submission in submissions for each in _sightings(submission, wanted, rules))
    for sighting in (*known, *(tonight if wanted else ())):
        mine.setdefault(_whose(sighting.consultant, sighting.customer_name), []).append(sighting)
    return tuple(
        _with_proposals(submission, mine, rules) if submission.findings else submission for submission in submissions
    )


def _with_proposals(submission: Submission, mine: _Mine, rules: Rulebook) -> Submission:
    records = _records(submission)

    def told(finding: Finding) -> Finding:
        record = records.get(finding.order)
        said = _Asked(finding, record, records.values(), rules, mine).proposal() if record else ""
        return finding if said == finding.proposal else replace(finding, proposal=said)

    return replace(submission, findings=tuple(map(told, submission.findings)))


def _records(submission: Submission) -> dict[int, Record]:
    return {record.order: record for record in (*submission.records, *submission.held)}


def _spec(record: Record, finding: Finding, rules: Rulebook) -> tuple[str, FieldSpec | None]:
    """Return the field a finding is about, and what the form says of it."""
    places = (name for name, cell in record.cells.items() if cell == finding.cell)
    name = next((name for name in places if record.labels.get(name) == finding.label), "")
    return name, rules.forms[record.form].spec(record.part, name) if name else None


def _customer(record: Record) -> tuple[str, str] | None:
    """Return whose customer of which name a record is about, None where it does not say both."""
    who, name = record.value("consultant"), record.value("customer_name")
    return (str(who), str(name)) if who and name else None


def _sightings(submission: Submission, wanted: Collection[tuple[str, str]], rules: Rulebook) -> Iterator[Sighting]:
    for record in submission.records:
        whose = _customer(record)
        if whose is None or _whose(*whose) not in wanted:
            continue
        phone, vin = record.value("phone"), record.value("vin")
        if phone or vin:
            on = next((day for day in map(record.value, rules.kinds[record.kind].done) if isinstance(day, date)), None)
            yield Sighting(*whose, str(phone or ""), str(vin or ""), record.form, on)


def _whose(consultant: str, customer_name: str) -> tuple[str, str]:
    return consultant, squeeze(customer_name)


class _Asked:
    """One finding, with what is needed to propose something for it."""

    def __init__(
        self, finding: Finding, record: Record, beside: Collection[Record], rules: Rulebook, mine: _Mine
    ) -> None:
        self.finding, self.record, self.beside, self.rules, self.mine = finding, record, beside, rules, mine

    def proposal(self) -> str:
        """Return the sentence, '' where nothing or more than one thing fits."""
        name, spec = _spec(self.record, self.finding, self.rules)
        if spec is None:
            return ""
        if self.finding.code.endswith(".unknown"):
            return self.word(spec)
        if spec.is_ == "date":
            return self.day(name)
        return self.phone() if spec.is_ == "phone" else self.vin() if spec.is_ == "vin" else ""

    def said(self, code: str, want: str, other: str = "") -> str:
        """Return the sentence of wording.yaml; a home older than it says the bare facts."""
        wording = self.rules.wording.get(code) or Sentence(say="{other} {want}")
        return fill(wording.say, {"want": want, "other": other}).strip()

    def own(self) -> list[Sighting]:
        """Return what is known of the same consultant's customer of the same name, the newest last."""
        whose = _customer(self.record)
        found = self.mine.get(_whose(*whose), []) if whose else []
        return sorted(found, key=lambda each: (each.on or date.min, each.form, each.phone))

    def where(self, sighting: Sighting) -> str:
        """Return where it stands: 2026-11-13 来店(电)顾客登记表上."""
        day = f"{sighting.on} " if sighting.on else ""
        return f"{day}{self.rules.forms[sighting.form].title}上" if sighting.form in self.rules.forms else day

    def phone(self) -> str:
        """Return the one number of this customer that is a slip away from what was written."""
        written = re.sub(r"[\s\-.·—–]+", "", narrow(self.finding.found))
        begun = _SCIENTIFIC.fullmatch(narrow(self.finding.found).strip())
        digits = [run.translate(_LOOK_ALIKE) for run in re.findall(r"[0-9A-Za-z]+", written)]
        found: dict[str, tuple[str, Sighting]] = {}
        for sighting in self.own():
            if begun and self.finding.code == "phone.precision-lost":
                head = begun[1].replace(".", "").rstrip("0")
                so = sighting.phone.startswith(head) and len(sighting.phone) == int(begun[2]) + 1
                slip = "begins-so" if so else ""
            else:
                slip = next((slip for run in digits if (slip := _slip(run, sighting.phone))), "")
            if slip:
                found[sighting.phone] = (slip, sighting)
        if len(found) != 1:
            return ""
        ((number, (slip, sighting)),) = found.items()
        return self.said(f"proposal.{slip}", number, self.where(sighting))

    def vin(self) -> str:
        """Return the one 车架号 of this customer that is one letter away from what was written."""
        written = narrow(self.finding.found).upper()
        found = {each.vin: each for each in self.own() if each.vin and one_slip(written, each.vin)}
        if len(found) != 1:
            return ""
        ((vin, sighting),) = found.items()
        return self.said("proposal.vin", vin, self.where(sighting))

    def word(self, spec: FieldSpec) -> str:
        """Return the nearest known spelling and what it means."""
        written = squeeze(self.finding.found)
        if spec.is_ == "consultant":
            like, name = meant_by(written, {squeeze(a): n for a, n in self.rules.aliases.items()}, cutoff=_SHORT_NAME)
            return self.said("proposal.consultant", name, like) if name else ""
        names = [spec.words or "level", *(["outcome"] if spec.is_ == "level_or_outcome" else [])]
        shown = {
            squeeze(spelling): self.rules.shown(name, code)
            for name in names
            if name in self.rules.vocabulary
            for code, spellings in self.rules.vocabulary[name].words.items()
            for spelling in spellings
        }
        like, means = meant_by(written, shown)
        return self.said("proposal.word", means, like) if means else ""

    def day(self, name: str) -> str:
        """Return the one day that can be made of what was written and lies between the rows above and below."""
        above, below = self.neighbours(name)
        if above is None or below is None:
            return ""
        low, high = min(above, below), max(above, below)
        days = {day for day in _days(self.record.value(name), self.finding.found, (above, below)) if low <= day <= high}
        days = {low} if low == high else days
        if len(days) != 1 or days == {self.record.value(name)}:
            return ""
        return self.said("proposal.date", days.pop().isoformat(), f"上面一行是 {above},下面一行是 {below}")

    def neighbours(self, name: str) -> tuple[date | None, date | None]:
        """Return the nearest days above and below in the same column of the same part."""
        cell = self.record.cells[name]
        column = {
            spot(each.cells[name]): each.value(name)
            for each in self.beside
            if each.sheet == self.record.sheet
            and each.part == self.record.part
            and isinstance(each.value(name), date)
            and each.cells.get(name, "").rstrip("0123456789") == cell.rstrip("0123456789")
        }
        here = spot(cell)
        above = max((place for place in column if place < here), default=None)
        below = min((place for place in column if place > here), default=None)
        return (column[above] if above else None), (column[below] if below else None)


def _slip(run: str, phone: str) -> str:
    """Return what is wrong with a number; one that a letter was typed in is `other`, though its digits be all there."""
    return one_slip(run, phone) or ("other" if run == phone else "")


def _days(read: object, written: str, around: Sequence[date]) -> Iterator[date]:
    """Yield the days that can be made of what was written: month and day in either order, else the day in a neighbour's month."""
    numbers = [read.month, read.day] if isinstance(read, date) else [int(each) for each in re.findall(r"\d+", written)]
    if len(numbers) < 2 or max(numbers[-2:]) > 31:  # noqa: PLR2004 - a month and a day; no day is beyond the 31st
        return
    month, day = numbers[-2:]
    years = {each.year for each in around}
    pairs = {(month, day), (day, month), *((each.month, day) for each in around)}
    for year, (m, d) in product(sorted(years), sorted(pairs)):
        try:
            yield date(year, m, d)
        except ValueError:
            continue
