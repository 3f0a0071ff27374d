"""Gathers who is named with which phone by which consultant: every dated row about a person, and what it says the person is called."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
import pandas as pd

_DAYS: Final[Mapping[str, str]] = {  # the kinds that say whose customer somebody is, and when
    "visit": "visited_on", "prospect": "first_contact_on", "customer": "first_contact_on", "follow_up": "done_on",
    "deal": "ordered_on", "activity": "worked_on", "loss": "lost_on",
}  # fmt: skip
_COLUMNS: Final = ["person", "customer_name", "consultant", "on", "kind", "row"]


def mentions(frames: Mapping[str, pd.DataFrame], on: pd.Timestamp) -> pd.DataFrame:
    """Return person, customer_name, consultant, first_on, last_on and kind and row of the first and of the last mention (`first_kind` …).

    One line per person, name and consultant, over the rows up to a day; visits of kind other (pick-up, repair) say nothing.
    """
    found = []
    for number, (kind, day) in enumerate(_DAYS.items()):
        frame = frames[kind]
        told = frame[(frame["person"] >= 0) & (frame[day] <= on) & frame["customer_name"].notna()]
        told = told[told["visit_kind"] != "other"] if kind == "visit" else told
        found.append(told.assign(on=told[day], kind=number, row=told.index)[_COLUMNS])
    rows = pd.concat(found, ignore_index=True)
    rows["consultant"] = rows["consultant"].fillna("")
    names, known = pd.factorize(rows["customer_name"])
    people, working = pd.factorize(rows["consultant"])
    key = (rows["person"].to_numpy("int64") * max(len(known), 1) + names) * max(len(working), 1) + people
    order = np.lexsort((rows["row"].to_numpy("int64"), rows["kind"].to_numpy("int64"), rows["on"].to_numpy(), key))
    sorted_ = key[order]
    starts = np.flatnonzero(np.r_[True, sorted_[1:] != sorted_[:-1]]) if len(sorted_) else np.array([], dtype="int64")
    ends = np.r_[starts[1:], len(sorted_)] - 1 if len(starts) else starts
    first, last = rows.iloc[order[starts]], rows.iloc[order[ends]]
    kinds = np.array([*_DAYS])
    return pd.DataFrame(
        {
            **{name: last[name].to_numpy() for name in ("person", "customer_name", "consultant")},
            "first_on": first["on"].to_numpy(), "first_kind": kinds[first["kind"].to_numpy("int64")], "first_row": first["row"].to_numpy(),
            "last_on": last["on"].to_numpy(), "last_kind": kinds[last["kind"].to_numpy("int64")], "last_row": last["row"].to_numpy(),
        }
    )  # fmt: skip


def neighbours(phones: pd.Series[Any]) -> list[tuple[int, int]]:
    """Return the pairs of persons whose mobile numbers differ in one digit, or in two neighbouring ones written the other way round.

    By sorting, once a digit: fifty thousand numbers take a tenth of a second, and no two are compared that have nothing in common.
    """
    mobiles = phones.astype("str")
    mobiles = mobiles[mobiles.str.len() == 11]  # noqa: PLR2004 - digits of a mobile number
    number, person = mobiles.astype("int64").to_numpy(), mobiles.index.to_numpy()
    found: set[tuple[int, int]] = set()
    for place in (10**power for power in range(10)):
        digit, next_ = number // place % 10, number // (place * 10) % 10
        found |= _alike(number - digit * place, person)
        turned = np.maximum(digit, next_) * place + np.minimum(digit, next_) * place * 10
        found |= _alike(number - digit * place - next_ * place * 10 + turned, person)
    return sorted(found)


def _alike(keys: Any, person: Any) -> set[tuple[int, int]]:
    order = np.argsort(keys, kind="stable")
    keys, person = keys[order], person[order]
    found: set[tuple[int, int]] = set()
    for step in range(1, 10):
        same = np.flatnonzero(keys[step:] == keys[:-step])
        if not len(same):
            break
        one, other = person[same], person[same + step]
        found.update(zip(np.minimum(one, other).tolist(), np.maximum(one, other).tolist(), strict=True))
    return found
