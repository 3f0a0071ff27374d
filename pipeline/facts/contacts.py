"""Tells when a person was met, called or written to, and on which days somebody tried."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import pandas as pd

from pipeline.facts.statements import reached

_KINDS: Final = ("reception", "follow_up", "test_drive")
_DAY: Final = ["person", "on"]


def contacts(days: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Return the days on which a person was tried, once each: person, on, met (false = nobody was reached).

    A contact is a follow-up done, a daily report's reception, follow_up or test_drive, or a visit; calls nobody took
    are none. One contact written on tracker and card is one.
    """
    follow_ups, activities, visits = days["follow_up"], days["activity"], days["visit"]
    activities = activities[activities["kind"].isin(_KINDS)]
    tried = pd.concat([follow_ups[_DAY], activities[_DAY], visits[_DAY]], ignore_index=True)
    met = pd.concat([reached(follow_ups)[_DAY], reached(activities)[_DAY], visits[_DAY]], ignore_index=True)
    both = pd.concat([met.assign(met=True), tried.assign(met=False)], ignore_index=True)
    return both.drop_duplicates(_DAY, keep="first").reset_index(drop=True)


def plans(frame: pd.DataFrame, contacted: pd.DataFrame, on: pd.Timestamp) -> pd.Series[pd.Timestamp]:
    """Return the day planned for each person who has a plan, by person, from all follow-ups.

    The latest follow-up (by done_on, else planned_on) plans: its next_on if done, else its planned_on; on ties the
    earliest. A plan for a day on which a contact was tried is spent.
    """
    rows = frame[(frame["person"] >= 0) & (frame["done_on"].isna() | (frame["done_on"] <= on))]
    day = rows["done_on"].fillna(rows["planned_on"])
    plan = rows["next_on"].where(rows["done_on"].notna(), rows["planned_on"])
    latest = day == day.groupby(rows["person"]).transform("max")
    planned = pd.DataFrame({"person": rows["person"], "on": plan})[latest & plan.notna()]
    spent = planned.merge(contacted[_DAY], how="left", on=_DAY, indicator=True)["_merge"] == "both"
    return planned[~spent.to_numpy()].groupby("person")["on"].min()
