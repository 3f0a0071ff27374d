"""Takes from the view the columns the facts need, and gives every phone of the store its person number."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Final

import pandas as pd

from pipeline.frame import frame_of
from pipeline.rulebook.form import Store
from pipeline.rulebook.rulebook import Rulebook
from pipeline.view import Rowset, View

_WHO: Final = ("consultant", "customer_name", "phone")
_COLUMNS: Final[Mapping[str, tuple[str, ...]]] = {
    "visit": (*_WHO, "visited_on", "channel", "visit_kind", "captured", "model", "level", "stay_minutes", "source", "test_driven", "ordered"),
    "prospect": (*_WHO, "model", "source", "first_contact_on", "opening_level", "month"),
    "follow_up": (*_WHO, "planned_on", "done_on", "reached", "level_after", "outcome", "lost_reason", "lost_to", "next_on"),
    "customer": (*_WHO, "model", "source", "first_contact_on", "level"),
    "deal": (*_WHO, "model", "ordered_on", "delivered_on", "price", "payment"),
    "owner_visit": (*_WHO, "planned_on", "done_on"),
    "activity": (*_WHO, "worked_on", "model", "kind", "reached", "level_after", "outcome"),
    "test_drive": (*_WHO, "driven_on", "model"),
    "loss": (*_WHO, "lost_on", "model", "lost_reason", "lost_to", "decided"),
    "handover": (*_WHO, "model", "handed_on", "new_consultant"),
}  # fmt: skip
KINDS: Final = frozenset({*_COLUMNS, "plan", "same_person"})  # what the reports of a morning are made from
_SPOKEN: Final[Mapping[str, str]] = {  # the day each kind speaks of, where one column says it
    "visit": "visited_on", "follow_up": "done_on", "owner_visit": "done_on", "activity": "worked_on",
    "test_drive": "driven_on", "loss": "lost_on", "handover": "handed_on",
}  # fmt: skip
_LEDGER: Final[Mapping[str, Store]] = {"_form": "text", "_row": "count"}
_NOBODY: Final = -1


def tables_of(view: View, rules: Rulebook) -> tuple[dict[str, pd.DataFrame], list[str]]:
    """Return a frame per record kind and the store's phones.

    Each frame's index is the row's place in the view's rowset. `person` is the place of its phone among the phones, -1
    without one.
    """
    frames = {kind: _frame(view, rules, kind) for kind in _COLUMNS}
    phones = pd.concat([frame["phone"] for frame in frames.values()], ignore_index=True)
    codes, known = pd.factorize(phones)
    start = 0
    for kind, frame in frames.items():
        frames[kind] = frame.assign(person=codes[start : start + len(frame)])
        start += len(frame)
    return frames, [str(phone) for phone in known]


def leads_of(view: View, phones: Sequence[str], on: pd.Timestamp) -> pd.DataFrame:
    """Return person and on of each phone left with a part-timer up to a day; a lead makes nobody a person, it must be known otherwise."""
    rowset = view.tables.get("lead", Rowset(("phone", "met_on")))
    known = {phone: person for person, phone in enumerate(phones)}
    left = [
        (known[phone], met_on)
        for phone, met_on in zip(rowset.column("phone"), rowset.column("met_on"), strict=True)
        if phone in known and met_on
    ]
    days = pd.to_datetime(pd.Series([met_on for _, met_on in left], dtype="object")).astype("datetime64[s]")
    found = pd.DataFrame({"person": pd.Series([person for person, _ in left], dtype="int64"), "on": days})
    return found[found["on"] <= on]


def told(frame: pd.DataFrame, day: str, on: pd.Timestamp) -> pd.DataFrame:
    """Return the rows about a person whose own date, put in the column `on`, is no later than `on`."""
    kept = frame if frame.empty else frame[(frame["person"] != _NOBODY) & (frame[day] <= on)]
    return kept.assign(on=kept[day])


def days_of(frames: Mapping[str, pd.DataFrame], on: pd.Timestamp) -> dict[str, pd.DataFrame]:
    """Return the rows told about persons up to a day, per kind that speaks of one day; a plan undone is not told."""
    return {kind: told(frames[kind], day, on) for kind, day in _SPOKEN.items()}


def _frame(view: View, rules: Rulebook, kind: str) -> pd.DataFrame:
    names = (*_COLUMNS[kind], *_LEDGER)
    columns = {**rules.kinds[kind].columns, **_LEDGER}
    rowset = view.tables.get(kind)
    if rowset is None or not len(rowset.rows):
        return _blank(names, tuple(columns[name] for name in names))
    return frame_of(rowset, columns, names)


@lru_cache(maxsize=32)
def _blank(names: tuple[str, ...], stores: tuple[Store, ...]) -> pd.DataFrame:
    """Return a frame of these columns without a row, one for all that have none: a store uses few of the kinds."""
    return frame_of(Rowset(names), dict(zip(names, stores, strict=True)), names)
