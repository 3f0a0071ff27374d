"""Counts once per person what happens once: an order, a delivery, a loss; and a test drive once per person and day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import pandas as pd

_COLUMNS: Final = ["person", "on", "consultant", "kind", "row"]


def orders(days: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Return each person's order: on deal.ordered_on, else the follow-up ordered, else the visit, else the daily report."""
    visits, activities = days["visit"], days["activity"]
    return _once(
        [
            _event(days["ordered"], "deal"),
            _event(_outcome(days["follow_up"], "ordered"), "follow_up"),
            _event(_ticked(visits, "ordered"), "visit"),
            _event(activities[(activities["kind"] == "order") | (activities["outcome"] == "ordered")], "activity"),
        ]
    )


def deliveries(days: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Return each person's delivery: on deal.delivered_on, else the follow-up delivered, else the daily report."""
    activities = days["activity"]
    return _once(
        [
            _event(days["delivered"], "deal"),
            _event(_outcome(days["follow_up"], "delivered"), "follow_up"),
            _event(activities[(activities["kind"] == "delivery") | (activities["outcome"] == "delivered")], "activity"),
        ]
    )


def losses(days: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Return each person's loss on the first outcome lost or loss agreed, with the first lost_reason and lost_to written."""
    sources = {
        "follow_up": _outcome(days["follow_up"], "lost"),
        "loss": days["loss"][days["loss"]["decided"] == "agreed"],
        "activity": _outcome(days["activity"], "lost").assign(lost_reason=None, lost_to=None),
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


def test_drives(days: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Return the test drives, one per person and day, over the drive form, the register's tick and the daily report."""
    visits, activities = days["visit"], days["activity"]
    every = [
        _event(days["test_drive"], "test_drive"),
        _event(_ticked(visits, "test_driven"), "visit"),
        _event(activities[activities["kind"] == "test_drive"], "activity"),
    ]
    return pd.concat(every).drop_duplicates(["person", "on"]).reset_index(drop=True)


def _outcome(rows: pd.DataFrame, outcome: str) -> pd.DataFrame:
    return rows[rows["outcome"] == outcome]


def _ticked(frame: pd.DataFrame, name: str) -> pd.DataFrame:
    return frame[frame[name].fillna(value=False).astype(bool)]


def _event(rows: pd.DataFrame, kind: str) -> pd.DataFrame:
    return rows.assign(kind=kind, row=rows.index)[_COLUMNS].astype({"kind": "str"})


def _once(sources: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Return one event per person: of the first source that knows the person, the earliest."""
    ranked = pd.concat([rows.sort_values("on", kind="stable") for rows in sources])
    return ranked.drop_duplicates("person").reset_index(drop=True)
