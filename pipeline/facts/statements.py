"""Folds what the forms say of a person's level into where the person stands at the end of any day.

card back      05-01 A                     ┐
daily report   05-03      B                │ the last dated statement wins; on one day a closed one beats an open
tracker        05-03      A                │ one, then tracker > card > daily report > register
tracker        05-09            战败       ┘
stands                A   A     lost
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
import pandas as pd

CLOSED: Final = ("ordered", "delivered", "lost", "dormant")
RANKS: Final[Mapping[str, int]] = {"visitor_register": 0, "daily_activity": 1, "customer_card": 2}
TRACKER: Final = 3  # the tracker, and any other list of prospects a store keeps
_DONE: Final = {"order": "ordered", "delivery": "delivered"}
_CARRIED: Final = -1  # what a tracker row carries over from last month gives way to all that was said on that day
_COLUMNS: Final = ["person", "on", "stand", "_row", "weight"]


def statements(days: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Return the statement that counts per person and day: person, on, stand (a level or a closed state), closed.

    A blank level says nothing. What a card or a tracker row opens with gives way to a contact of the same day.
    """
    said = pd.concat(_all(days), ignore_index=True)
    said = said[said["stand"].notna()]
    # O in a level column is the sign of an order (domain 1.6: 订单/已付订金).
    said["stand"] = said["stand"].mask(said["stand"] == "O", "ordered")
    said["closed"] = said["stand"].isin(CLOSED)
    # Two closed ones of one form and day: the car that was ordered and handed over is a delivered one.
    final = (said["stand"] == "delivered").to_numpy()
    keys = (said["_row"].to_numpy("int64"), final, said["weight"], said["closed"], said["on"], said["person"])
    ordered = said.iloc[np.lexsort(keys)]
    return ordered.drop_duplicates(["person", "on"], keep="last")[["person", "on", "stand", "closed"]].reset_index(
        drop=True
    )


def standing(said: pd.DataFrame, at: pd.Timestamp) -> pd.DataFrame:
    """Return where each person stands at the end of a day: stand, closed, on (the day it was said), by person."""
    return said[said["on"] <= at].drop_duplicates("person", keep="last").set_index("person")


def held_since(said: pd.DataFrame, at: pd.Timestamp) -> pd.Series[Any]:
    """Return since when each person has stood where it stands at the end of a day, without a break; by person."""
    past = said[said["on"] <= at]
    turned = (past["person"] != past["person"].shift()) | (past["stand"] != past["stand"].shift())
    return past[turned].drop_duplicates("person", keep="last").set_index("person")["on"]


def reached(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the rows that are not told to have failed to reach the customer."""
    return frame[frame["reached"].fillna(value=True).astype(bool)]


def _all(days: Mapping[str, pd.DataFrame]) -> list[pd.DataFrame]:
    visits, cards, trackers = days["visit"], days["customer"], days["prospect"]
    activities, follow_ups = reached(days["activity"]), reached(days["follow_up"])
    agreed = days["loss"][days["loss"]["decided"] == "agreed"]
    carried = trackers["stated_on"] != trackers["first_contact_on"]
    return [
        _said(visits, visits["level"].mask(visits["ordered"].fillna(value=False).astype(bool), "ordered")),
        _said(activities, activities["kind"].map(_DONE).fillna(_result(activities))),
        _said(follow_ups, _result(follow_ups)),
        _said(agreed, "lost"),
        _said(days["ordered"], "ordered"),
        _said(days["delivered"], "delivered"),
        _said(cards, cards["level"], _weight(cards) - 1),
        _said(trackers, trackers["opening_level"], (_weight(trackers) - 1).mask(carried, _CARRIED)),
    ]


def _result(frame: pd.DataFrame) -> pd.Series[Any]:
    """Return the closed state a contact ended in, else the level written."""
    return frame["outcome"].where(frame["outcome"].isin(CLOSED)).fillna(frame["level_after"])


def _said(frame: pd.DataFrame, stand: pd.Series[Any] | str, weight: pd.Series[Any] | None = None) -> pd.DataFrame:
    weight = _weight(frame) if weight is None else weight
    return frame.assign(stand=stand, weight=weight)[_COLUMNS].astype({"stand": "str", "weight": "int64"})


def _weight(frame: pd.DataFrame) -> pd.Series[Any]:
    """Return how much a form's word weighs on one day; what it opens with weighs one less."""
    return frame["_form"].map(RANKS).fillna(TRACKER).astype("int64") * 2 + 1
