"""Tells which owners wait for a call: plans on the card's front that passed, and the days after a delivery that count."""

from __future__ import annotations

from datetime import timedelta

import pandas as pd

from pipeline.facts.gather import Facts
from pipeline.facts.statements import reached
from pipeline.facts.tables import told
from pipeline.rulebook.rulebook import Rulebook


def owners_due(facts: Facts, rules: Rulebook) -> pd.DataFrame:
    """Return one row per owner to be called by now: person columns, delivered_on, due_on, days overdue, basis, done_on.

    A revisit is due on a planned day that stands undone, and so many days after the delivery (follow_up.yaml:
    owner_visit_days); any owner visit on that day or later answers it. An owner with plans that passed shows the
    earliest, else the latest due day after the delivery, because one call answers all before it. Days longer ago than
    the last of the owner_visit_days are not chased any more. The contract leaves the rule open; this is ours.
    """
    on = pd.Timestamp(facts.on)
    steps = rules.follow_up.owner_visit_days
    oldest = on - timedelta(days=max(steps, default=0))
    done = _done(facts)
    planned, milestones = _planned(facts, on), _milestones(facts, steps)
    due = pd.concat([planned, milestones], ignore_index=True).join(done.rename("done_on"), on="person")
    due = due[(due["on"] <= on) & (due["on"] >= oldest) & ~(due["done_on"] >= due["on"])]
    plans = due[due["basis"] == "计划"].sort_values("on").drop_duplicates("person")
    others = due[~due["person"].isin(plans["person"])].sort_values("on").drop_duplicates("person", keep="last")
    rows = pd.concat([plans, others]).rename(columns={"on": "due_on"})
    delivered = facts.deliveries.set_index("person")["on"].rename("delivered_on")
    known = facts.persons.drop(columns=["kind", "row"])
    rows = rows.join(delivered, on="person").join(known, on="person")
    rows = rows.assign(days=(on - rows["due_on"]).dt.days)
    return rows.sort_values(["days", "consultant", "phone"], ascending=[False, True, True])


def _done(facts: Facts) -> pd.Series[pd.Timestamp]:
    """Return each owner's last revisit, from the card's front or the daily report."""
    activities = facts.days["activity"]
    calls = reached(activities[activities["kind"] == "owner_visit"])
    visits = facts.days["owner_visit"]
    return pd.concat([visits[["person", "on"]], calls[["person", "on"]]]).groupby("person")["on"].max()


def _planned(facts: Facts, on: pd.Timestamp) -> pd.DataFrame:
    rows = told(facts.frames["owner_visit"], "planned_on", on)
    rows = rows[rows["done_on"].isna()]
    return rows.assign(kind="owner_visit", row=rows.index, basis="计划")[["person", "on", "kind", "row", "basis"]]


def _milestones(facts: Facts, steps: tuple[int, ...]) -> pd.DataFrame:
    delivered = facts.deliveries[["person", "on", "kind", "row"]]
    rows = [delivered.assign(on=delivered["on"] + pd.Timedelta(days=days), basis=f"交车后{days}天") for days in steps]
    return pd.concat(rows, ignore_index=True) if rows else delivered.assign(basis="")
