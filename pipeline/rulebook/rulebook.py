"""All rules of a home in one frozen object, with the questions the stages ask of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any, Self, TypeVar

from pipeline.rulebook.form import Form, Kind, Part
from pipeline.rulebook.house import Calendar, FollowUp, House, Privacy, Targets
from pipeline.rulebook.invoices import Invoices
from pipeline.rulebook.notify import Notify
from pipeline.rulebook.outreach import Outreach
from pipeline.rulebook.said import Said
from pipeline.rulebook.stock import Stock
from pipeline.rulebook.visits import Visits
from pipeline.rulebook.words import Sentence, Vocabulary

Made = TypeVar("Made")
_WHO = ("name", "phone", "id")  # what a cell may mean that says who somebody is


class Rulebook(Said):
    """Everything `rules/` says. `kinds` are the core record kinds of `kinds.yaml`; forms may add their own."""

    house: House
    follow_up: FollowUp
    targets: Targets
    calendar: Calendar
    privacy: Privacy
    notify: Notify = Notify()
    visits: Visits = Visits()
    outreach: Outreach = Outreach()
    stock: Stock = Stock()
    invoices: Invoices = Invoices()
    vocabulary: dict[str, Vocabulary]
    wording: dict[str, Sentence]
    forms: dict[str, Form]
    core_kinds: dict[str, Kind]
    row_words: dict[str, tuple[str, ...]]  # total, end, sample, ditto …: words by which extract tells rows apart

    @classmethod
    def of(cls, text: str) -> Rulebook:
        """Return the rules that were kept as `text`; ValueError where this program no longer knows one of their keys."""
        return cls.model_validate_json(text)

    @cached_property
    def text(self) -> str:
        """All of it as one text, to be kept with what was judged by it."""
        return self.model_dump_json(by_alias=True, exclude_defaults=True)

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        """Return the rules with some of them replaced, and nothing remembered that was made of the others."""
        copy = super().model_copy(update=update, deep=deep)
        for made in copy.__dict__.keys() - type(self).model_fields:
            del copy.__dict__[made]
        return copy

    def __getstate__(self) -> dict[Any, Any]:
        # Another process makes for itself what is made of the rules; much of it could not be sent.
        state = super().__getstate__()
        said = {name: value for name, value in state["__dict__"].items() if name in type(self).model_fields}
        return {**state, "__dict__": said}

    def __repr__(self) -> str:
        # All it holds would bury every traceback under pages of text.
        return f"Rulebook({self.house.name}, {len(self.forms)} forms)"

    @cached_property
    def kinds(self) -> Mapping[str, Kind]:
        """Every record kind by name: the core ones, then those a form declares."""
        found = dict(self.core_kinds)
        for form in self.forms.values():
            found |= form.kinds
        return found

    @cached_property
    def aliases(self) -> Mapping[str, str]:
        """Every known spelling of a consultant's name → the name."""
        known = {person.name: person.name for person in self.house.consultants}
        return known | {alias: person.name for person in self.house.consultants for alias in person.aliases}

    @cached_property
    def ledger_kinds(self) -> frozenset[str]:
        """The record kinds that stand in 其他台账."""
        ledgers = (form.ledger for form in self.forms.values() if form.ledger)
        return frozenset(kind for ledger in ledgers for kind in ledger.registers)

    def for_store(self, store: str) -> Rulebook:
        """Return the rules as one of several stores reads them: with its own people, and those who belong to all."""
        house = self.house
        if not house.group:
            return self
        own = tuple(person for person in house.consultants if person.store in ("", store))
        narrowed = self.model_copy(update={"house": house.model_copy(update={"consultants": own})})
        # What is made of the forms is everybody's: made anew for each store, it would stay in the caches for each.
        narrowed.__dict__["_of_forms"] = self._of_forms
        return narrowed

    def once(self, make: Callable[[Rulebook], Made], *, of_forms: bool = False) -> Made:
        """Return what `make` makes of these rules; it is made once, however often it is asked for.

        `of_forms`: it looks at forms and words alone, so that the stores of a group share it.
        """
        kept = self._of_forms if of_forms else self._made
        if make not in kept:
            kept[make] = make(self)
        found: Made = kept[make]
        return found

    @cached_property
    def _made(self) -> dict[Callable[[Rulebook], Any], Any]:
        return {}

    @cached_property
    def _of_forms(self) -> dict[Callable[[Rulebook], Any], Any]:
        return {}

    def about_person(self, kind: str) -> bool:
        """Say whether a record kind is about one customer: it has a name and a phone."""
        return {"phone", "customer_name"} <= self.kinds[kind].columns.keys()

    def personal(self, kind: str) -> frozenset[str]:
        """Return the columns of a kind that say who somebody is: names, phones, ID numbers, and what is private."""
        return self._personal.get(kind, frozenset()) | set(self.kinds[kind].private)

    @cached_property
    def _personal(self) -> Mapping[str, frozenset[str]]:
        found: dict[str, frozenset[str]] = {}
        for part in (part for form in self.forms.values() for part in form.parts.values()):
            columns = self.kinds[part.yields].columns if part.yields in self.kinds else {}
            mine = {name for name, spec in part.fields.items() if spec.is_ in _WHO and name in columns}
            found[part.yields] = found.get(part.yields, frozenset()) | mine
        return found

    def part(self, form: str, part: str) -> Part:
        """Return a part of a form."""
        return self.forms[form].parts[part]

    def shown(self, vocabulary: str, code: str) -> str:
        """Return the Chinese word of a code."""
        return self.vocabulary[vocabulary].shown(code) if vocabulary in self.vocabulary else code
