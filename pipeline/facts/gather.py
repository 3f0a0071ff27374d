"""Folds the archive of one store, as it stood on a day, into the facts all reports share.

    View ─ tables ─┬ contacts ─ persons ─┬ statements      who stands where, on any day
                   └ visits              └ events          orders, deliveries, losses, test drives

Days are datetime64[s] inside the frames and `date` outside. Nothing here knows of a day later than `on`, save a plan.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pipeline.facts.contacts import contacts, plans
from pipeline.facts.events import deliveries, losses, orders, test_drives
from pipeline.facts.mentions import mentions
from pipeline.facts.persons import counted, dated, first_contacts, latest, taken_over, with_months
from pipeline.facts.places import place_of
from pipeline.facts.same import Judged, folded
from pipeline.facts.statements import held_since, standing, statements
from pipeline.facts.tables import days_of, leads_of, tables_of
from pipeline.report import Source
from pipeline.rulebook.rulebook import Rulebook
from pipeline.text import mask
from pipeline.view import Remembering, View


@dataclass(frozen=True)
class Facts(Remembering):
    """What a store's archive knows on a day; frames are shared and never written to.

    - `frames`: per record kind its rows, `person` beside them (-1 = no phone), the index the row's place in the view
    - `persons` by person: phone, shown (the phone as others may see it), customer_name, model, source, consultant, kind, row (the latest statement), prospect,
      first_contact_on, since, last_contact_on (the first contact where no contact is on record), plan_on
    - `said`: person, on, stand (a level or a closed state), closed: the statement that counts per person and day
    - `visits`: the rows of the register that count, `on` their day
    - `days`: of each kind that speaks of one day the rows told about persons up to the day, `on` theirs (see `days_of`); `contacted`: see `contacts`
    - `judged`: which phones a clerk said are one person's; `view` and `frames` have one phone for each of them already
    - `orders`, `deliveries`, `losses`, `test_drives`: person, on, consultant, kind, row (where it is written)
    """

    on: date
    view: View
    frames: Mapping[str, pd.DataFrame]
    persons: pd.DataFrame
    said: pd.DataFrame
    visits: pd.DataFrame
    days: Mapping[str, pd.DataFrame]
    contacted: pd.DataFrame
    orders: pd.DataFrame
    deliveries: pd.DataFrame
    losses: pd.DataFrame
    test_drives: pd.DataFrame
    judged: Judged

    @cached_property
    def mentions(self) -> pd.DataFrame:
        """Who is named with which phone by whom, a line per person, name and consultant; see `mentions`."""
        return mentions(self.frames, pd.Timestamp(self.on))

    def prospects_at(self, at: date) -> pd.DataFrame:
        """Return the prospects known by the end of a day, by person: stand ('' = open without a level), closed, consultant."""
        day = pd.Timestamp(at)
        stands = standing(self.said, day)
        stand = np.full(len(self.persons), "", dtype=object)
        stand[stands.index] = stands["stand"]
        every = self.persons.assign(
            stand=pd.Series(stand, index=self.persons.index, dtype="str"), closed=self._closed_at(day)
        )
        return every[every["since"] <= day]

    def is_open(self, at: date) -> NDArray[np.bool_]:
        """Return whether each person is a prospect that is open at the end of a day."""
        day = pd.Timestamp(at)
        return (self.persons["since"] <= day).to_numpy(bool) & ~self._closed_at(day)

    def _closed_at(self, day: pd.Timestamp) -> NDArray[np.bool_]:
        """Return whether each person was last said to be closed by the end of a day; of a person's statements the last to be laid down stays."""
        past = (self.said["on"] <= day).to_numpy(bool)
        closed = np.zeros(len(self.persons), dtype=bool)
        closed[self.said["person"].to_numpy()[past]] = self.said["closed"].to_numpy(bool)[past]
        return closed

    def open_at(self, at: date) -> pd.DataFrame:
        """Return the prospects that are open at the end of a day."""
        known = self.prospects_at(at)
        return known[~known["closed"]]

    def open_before(self, first: date) -> pd.DataFrame:
        """Return the prospects that are open at 00:00 of a day."""
        return self.open_at(first - timedelta(days=1))

    def held_since(self) -> pd.Series[Any]:
        """Return since when each person has stood where it stands now, by person."""
        return held_since(self.said, pd.Timestamp(self.on))

    def place(self, kind: str, row: int) -> Source:
        """Return where a row of a kind is written; the cell is the one that says most about the customer."""
        return place_of(self.view, kind, row)

    def written(self, kind: str, row: int, name: str) -> Any:
        """Return what a row of a kind says in one field, or None where the kind has no such field."""
        rowset = self.view.tables[kind]
        return rowset.at(row, name)[0] if name in rowset.names else None


def gather(view: View, rules: Rulebook) -> Facts:
    """Return the facts of one store; a person is one phone, or several that a clerk judged one; a row without a phone is nobody's."""
    view, judged = folded(view)
    on = pd.Timestamp(view.on)
    read, phones = tables_of(view, rules)
    frames = with_months(read)
    days = days_of(frames, on)
    contacted = contacts(days)
    persons = first_contacts(frames, phones, contacted, leads_of(view, phones, on), on)
    every = {**days, **dated(frames, persons, on), "handover": taken_over(days["handover"])}
    met = contacted[contacted["met"]].groupby("person")["on"].max().reindex(persons.index)
    shown = [mask(phone) or "" for phone in phones] if rules.privacy.mask_phones else phones
    persons = persons.join(latest(every, persons)).assign(
        shown=pd.Series(shown, index=persons.index, dtype="str"),
        last_contact_on=met.fillna(persons["first_contact_on"]),
        plan_on=plans(frames["follow_up"], contacted, on).reindex(persons.index),
    )
    return Facts(
        on=view.on, view=view, frames=frames, persons=persons, said=statements(every), visits=counted(frames["visit"], on),
        days=days, contacted=contacted,
        orders=orders(every), deliveries=deliveries(every), losses=losses(every), test_drives=test_drives(every), judged=judged,
    )  # fmt: skip
