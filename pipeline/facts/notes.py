"""Tells what was written last about a person, in whatever form."""

from __future__ import annotations

from collections.abc import Collection

import pandas as pd

from pipeline.facts.gather import Facts

_NOTED = ("visit", "follow_up", "activity", "owner_visit")


def last_notes(facts: Facts, persons: Collection[int]) -> dict[int, str]:
    """Return the latest note about each of these persons who has one; on one day the tracker's and card's come first."""
    if not persons:
        return {}
    rows = [facts.days[kind][["person", "on"]].assign(kind=kind, row=facts.days[kind].index) for kind in _NOTED]
    told = pd.concat(rows, ignore_index=True)
    told = told[told["person"].isin(list(persons))]
    first = told.assign(rank=(told["kind"] != "follow_up").astype("int64"))
    ordered = first.sort_values(["on", "rank"], ascending=[False, True], kind="stable")
    found: dict[int, str] = {}
    for person, kind, row in zip(ordered["person"], ordered["kind"], ordered["row"], strict=True):
        if int(person) not in found and (note := facts.written(kind, int(row), "note")):
            found[int(person)] = str(note)
    return found
