"""Counts once per person what happens once: an order, a delivery, a loss; and a test drive once per person and day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import pandas as pd

from pipeline.facts.tables import told

_COLUMNS: Final = ["person", "on", "consultant", "kind", "row"]


def orders(frames: Mapping[str, pd.DataFrame], on: pd.Timestamp) -> pd.DataFrame:
    """Return each person's order: on deal.ordered_on, else the follow-up ordered, else the visit, else the daily report."""
    visits, activities = told(frames["visit"], "visited_on", on), told(frames["activity"], "worked_on", on)
    return _once(
        [
            _event(told(frames["deal"], "ordered_on", on), "deal"),
            _event(_outcome(frames["follow_up"], "done_on", "ordered", on), "follow_up"),
            _event(_ticked(visits, "ordered"), "visit"),
            _event(activities[(activities["kind"] == "order") | (activities["outcome"] == "ordered")], "activity"),
        ]
    )


def deliveries(frames: Mapping[str, pd.DataFrame], on: pd.Timestamp) -> pd.DataFrame:
    """Return each person's delivery: on deal.delivered_on, else the follow-up delivered, else the daily report."""
    activities = told(frames["activity"], "worked_on", on)
    return _once(
        [
            _event(told(frames["deal"], "delivered_on", on), "deal"),
            _event(_outcome(frames["follow_up"], "done_on", "delivered", on), "follow_up"),
            _event(activities[(activities["kind"] == "delivery") | (activities["outcome"] == "delivered")], "activity"),
        ]
    )


def losses(frames: Mapping[str, pd.DataFrame], on: pd.Timestamp) -> pd.DataFrame:
    """Return each person's loss on the first outcome lost or loss agreed, with the first lost_reason and lost_to written."""
    agreed = told(frames["loss"], "lost_on", on)
    sources = {
        "follow_up": _outcome(frames["follow_up"], "done_on", "lost", on),
        "loss": agreed[agreed["decided"] == "agreed"],
        "activity": _outcome(frames["activity"], "worked_on", "lost", on).assign(lost_reason=None, lost_to=None),
    }
    why = ["lost_reason", "lost_to"]
    every = pd.concat(
        [
            _event(rows, kind).assign(**{name: rows[name].astype("str") for name in why})
            for kind, rows in sources.items()
        ]
    )
    every = every.sort_values(["person", "on"], kind="stable")
    found = every.drop_duplicates("person").drop(columns=why)
    return found.join(every.groupby("person")[why].first(), on="person").reset_index(drop=True)


def test_drives(frames: Mapping[str, pd.DataFrame], on: pd.Timestamp) -> pd.DataFrame:
    """Return the test drives, one per person and day, over the drive form, the register's tick and the daily report."""
    visits, activities = told(frames["visit"], "visited_on", on), told(frames["activity"], "worked_on", on)
    every = [
        _event(told(frames["test_drive"], "driven_on", on), "test_drive"),
        _event(_ticked(visits, "test_driven"), "visit"),
        _event(activities[activities["kind"] == "test_drive"], "activity"),
    ]
    return pd.concat(every).drop_duplicates(["person", "on"]).reset_index(drop=True)


def _outcome(frame: pd.DataFrame, day: str, outcome: str, on: pd.Timestamp) -> pd.DataFrame:
    rows = told(frame, day, on)
    return rows[rows["outcome"] == outcome]


def _ticked(frame: pd.DataFrame, name: str) -> pd.DataFrame:
    return frame[frame[name].fillna(value=False).astype(bool)]


def _event(rows: pd.DataFrame, kind: str) -> pd.DataFrame:
    return rows.assign(kind=kind, row=rows.index)[_COLUMNS].astype({"kind": "str"})


def _once(sources: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Return one event per person: of the first source that knows the person, the earliest."""
    ranked = pd.concat([rows.sort_values("on", kind="stable") for rows in sources])
    return ranked.drop_duplicates("person").reset_index(drop=True)
