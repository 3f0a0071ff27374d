"""Every core form as it is meant to be filled: our own blank's words in their order, plain rows."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from random import Random

from bench.fidelity import stories
from bench.fidelity.people import CONSULTANTS, TODAY, People
from bench.fidelity.sketch import Card, Column, Line, Paper, Sketch, Table
from pipeline.rulebook.rulebook import Rulebook

_REGISTER = "customer_name phone channel visit_kind model level arrived_at left_at consultant source party_size test_driven ordered note"
_TRACKER = "customer_name phone model first_contact_on source opening_level"
_ROUND = "planned_on done_on method note level_after next_on"
_BACK = "customer_name phone model source first_contact_on level consultant address occupation purchase_type payment rival_model budget"
_CONTACTS = "done_on method note level_after next_on"
_FRONT = "customer_name phone model colour vin plate ordered_on delivered_on price payment insurance_due_on consultant"
_REVISITS = "planned_on done_on method note satisfaction"
_SUMMARY = "customer_name phone model kind level_before level_after note"
_TOMORROW = "customer_name phone model kind note"
_DRIVES = "driven_on customer_name phone model plate started_at ended_at route consultant note"
_LOSSES = "lost_on consultant customer_name phone model category lost_reason lost_to decided"
_ROWS = 6


class Draughtsman:
    """Draws the forms in the words of the rules."""

    def __init__(self, rules: Rulebook, seed: int) -> None:
        self.rules, self.people = rules, People(Random(seed))  # noqa: S311 - a story, no secret

    def columns(
        self, form: str, part: str, names: str, *, suffix: str = "", over: tuple[str, ...] = ()
    ) -> tuple[Column, ...]:
        """Return a column a field, under its first label."""
        return tuple(Column(f"{name}{suffix}", self.label(form, part, name), over) for name in names.split())

    def label(self, form: str, part: str, name: str) -> str:
        """Return the word our blank has over a field."""
        spec = self.rules.forms[form].spec(part, name)
        return spec.labels[0] if spec and spec.labels else name

    def above(self, form: str, *names: str) -> tuple[Column, ...]:
        """Return labels above a list."""
        return tuple(Column(name, self.rules.forms[form].above[name].labels[0]) for name in names)

    def visitor_register(self) -> Paper:
        """Draw a day of the register."""
        form = "visitor_register"
        table = Table(
            "visits", (Column("", "序号"), *self.columns(form, "visits", _REGISTER)), self.many(stories.visit)
        )
        title = self.rules.forms[form].title
        return Paper(form, (Sketch("Sheet1", title, self.above(form, "visited_on"), {"visited_on": TODAY}, (table,)),))

    def level_tracker(self) -> Paper:
        """Draw a month of one consultant with rounds of contact."""
        return self._tracker("level_tracker", self.people.rng.choice(CONSULTANTS))

    def intent_follow_up(self) -> Paper:
        """Draw the other form of the same."""
        return self._tracker("intent_follow_up", self.people.rng.choice(CONSULTANTS))

    def _tracker(self, form: str, consultant: str) -> Paper:
        names = (
            _TRACKER if form == "level_tracker" else "customer_name phone model source first_contact_on opening_level"
        )
        columns = [Column("", "序号"), *self.columns(form, "rows", names)]
        for number in range(1, stories.ROUNDS + 1):
            columns += self.columns(form, "rounds", _ROUND, suffix=f"@{number}", over=(f"第{number}次回访",))
        columns += self.columns(form, "rounds", "lost_reason lost_to")
        lines = self.many(lambda people: stories.prospect(people, consultant))
        said = {"consultant": consultant, "month": stories.MONTH}
        sketch = Sketch(
            "Sheet1",
            self.rules.forms[form].title,
            self.above(form, "consultant", "month"),
            said,
            (Table("rows", tuple(columns), lines),),
        )
        return Paper(form, (sketch,))

    def month_grid(self) -> Paper:
        """Draw the tracker with a column a day."""
        form, consultant = "level_tracker", self.people.rng.choice(CONSULTANTS)
        days = tuple(Column(f"level_after@{day}", str(day)) for day in range(1, 32))
        columns = (
            Column("", "序号"), *self.columns(form, "rows", _TRACKER), *days, *self.columns(form, "days", "lost_reason lost_to"),
        )  # fmt: skip
        lines = self.many(lambda people: stories.grid_prospect(people, consultant))
        said = {"consultant": consultant, "month": stories.MONTH}
        sketch = Sketch(
            "Sheet1",
            self.rules.forms[form].title,
            self.above(form, "consultant", "month"),
            said,
            (Table("rows", columns, lines),),
        )
        return Paper(form, (sketch,))

    def card_back(self, cards: int = 3) -> Paper:
        """Draw backs of cards, one below another."""
        return self._cards("back", _BACK, "contacts", _CONTACTS, stories.card_back, cards)

    def card_front(self, cards: int = 3) -> Paper:
        """Draw fronts of cards, one below another."""
        return self._cards("front", _FRONT, "revisits", _REVISITS, stories.card_front, cards)

    def _cards(
        self, part: str, names: str, below: str, listed: str,
        story: Callable[[People, str], tuple[Line, tuple[Line, ...]]], count: int,
    ) -> Paper:  # fmt: skip
        form = "customer_card"
        cards = []
        for _ in range(count):
            head, lines = story(self.people, self.people.rng.choice(CONSULTANTS))
            table = Table(below, self.columns(form, below, listed), lines)
            cards.append(
                Card(part, self.columns(form, part, names), head, self.rules.forms[form].parts[part].title, table)
            )
        return Paper(form, (Sketch("Sheet1", cards=tuple(cards)),))

    def daily_activity(self) -> Paper:
        """Draw a daily report: today's work, tomorrow's plan."""
        form, consultant = "daily_activity", self.people.rng.choice(CONSULTANTS)
        parts = self.rules.forms[form].parts
        tables = tuple(
            Table(part, (Column("", "序号"), *self.columns(form, part, names)), lines, parts[part].title)
            for part, names, lines in (
                ("summary", _SUMMARY, self.many(lambda people: stories.activity(people, consultant))),
                ("tomorrow", _TOMORROW, self.many(lambda people: stories.plan(people, consultant), 3)),
            )
        )
        said = {"worked_on": TODAY, "consultant": consultant}
        return Paper(
            form,
            (
                Sketch(
                    "Sheet1", self.rules.forms[form].title, self.above(form, "worked_on", "consultant"), said, tables
                ),
            ),
        )

    def test_drive(self) -> Paper:
        """Draw the list of test drives."""
        form = "test_drive"
        table = Table("drives", (Column("", "序号"), *self.columns(form, "drives", _DRIVES)), self.many(stories.drive))
        return Paper(form, (Sketch("Sheet1", self.rules.forms[form].title, tables=(table,)),))

    def pledge(self) -> Paper:
        """Draw pledges, a card a drive."""
        form = "test_drive"
        names = "customer_name phone driven_on model plate started_at ended_at route consultant note"
        pairs = self.columns(form, "pledge", names)
        cards = tuple(Card("pledge", pairs, line, "试驾保证书") for line in self.many(stories.drive, 2))
        return Paper(form, (Sketch("Sheet1", cards=cards),))

    def lost_review(self) -> Paper:
        """Draw the loss review."""
        form = "lost_review"
        table = Table("losses", (Column("", "序号"), *self.columns(form, "losses", _LOSSES)), self.many(stories.loss))
        return Paper(form, (Sketch("Sheet1", self.rules.forms[form].title, tables=(table,)),))

    def many(self, story: Callable[[People], Line], rows: int = _ROWS) -> tuple[Line, ...]:
        """Return so many lines of a story."""
        return tuple(story(self.people) for _ in range(rows))


FORMS: Mapping[str, Callable[[Draughtsman], Paper]] = {
    "visitor_register": Draughtsman.visitor_register, "level_tracker, rounds": Draughtsman.level_tracker,
    "level_tracker, month grid": Draughtsman.month_grid, "customer_card, back": Draughtsman.card_back,
    "customer_card, front": Draughtsman.card_front, "daily_activity": Draughtsman.daily_activity,
    "intent_follow_up": Draughtsman.intent_follow_up, "test_drive, list": Draughtsman.test_drive, "test_drive, pledge": Draughtsman.pledge,
    "lost_review": Draughtsman.lost_review,
}  # fmt: skip


def names() -> Sequence[str]:
    """Return the forms in the order of the table."""
    return tuple(FORMS)
