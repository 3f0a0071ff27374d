"""Tells who is known by a phone number: since when, as whose customer, and who said so last."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final, Literal

import numpy as np
import pandas as pd

from pipeline.facts.statements import RANKS, TRACKER
from pipeline.facts.tables import told

UNDATED: Final = pd.Timestamp("1970-01-01")  # a card that dates nothing has always been there
_SAID: Final = ["person", "on", "consultant", "customer_name", "model", "source", "kind", "row"]
_TELLING: Final[Mapping[str, str]] = {  # each kind, and the rows that name the person
    "visit": "visit", "prospect": "listed", "follow_up": "follow_up", "customer": "customer", "deal": "signed",
    "owner_visit": "owner_visit", "activity": "activity", "test_drive": "test_drive", "loss": "loss",
    "handover": "handover",
}  # fmt: skip


def counted(visits: pd.DataFrame, on: pd.Timestamp) -> pd.DataFrame:
    """Return the rows of the register that count: those of kind other (pick-up, repair, service) do not."""
    kept = visits[(visits["visit_kind"] != "other") & (visits["visited_on"] <= on)]
    return kept.assign(on=kept["visited_on"])


def first_contacts(
    frames: Mapping[str, pd.DataFrame],
    phones: Sequence[str],
    contacted: pd.DataFrame,
    leads: pd.DataFrame,
    on: pd.Timestamp,
) -> pd.DataFrame:
    """Return phone, prospect, first_contact_on and since (from when the person counts as a prospect) by person.

    A prospect has a tracker row, a card back, or a captured visit that is not `other`. First contact is the earliest a
    form states, else the first such visit or the day the phone was left with a part-timer (`leads`: person, on). A tracker
    row without one counts as carried over from the month before, unless the phone was left by the end of its month; it has a
    stock, and is nobody's new prospect. A card without one counts from the first contact on record.
    """
    tracker, card = _known(frames["prospect"]), _known(frames["customer"])
    visits = told(counted(frames["visit"], on), "visited_on", on)
    captured = visits[visits["captured"].fillna(value=False).astype(bool)]
    persons = pd.DataFrame({"phone": phones}, index=pd.RangeIndex(len(phones), name="person"))
    stated = pd.concat([told(frame, "first_contact_on", on)[["person", "on"]] for frame in (tracker, card)])
    carried = _earliest(told(_undated(tracker), "carried_on", on), persons)
    on_card = pd.Series(persons.index.isin(_undated(card)["person"]), index=persons.index)
    spoken = _earliest(contacted, persons)
    met = spoken.fillna(UNDATED).where(on_card)
    seen, left = _earliest(captured, persons), _earliest(leads, persons)
    taken_up = (left <= seen) | (left <= carried + pd.offsets.MonthEnd(1)) | (on_card & (left <= spoken.fillna(on)))
    seen = pd.concat([seen, left.where(taken_up)], axis=1).min(axis=1)
    first = _earliest(stated, persons).fillna(seen)
    since = first.fillna(carried).fillna(met)
    return persons.assign(first_contact_on=first, since=since, prospect=since.notna())


def dated(frames: Mapping[str, pd.DataFrame], persons: pd.DataFrame, on: pd.Timestamp) -> dict[str, pd.DataFrame]:
    """Return the rows told up to a day of a tracker, a card and a deal, with `on` the day they speak of.

    A tracker row's level is that of the eve of its month (上月留存级别 is what the month opens with), or of a first
    contact after that (`prospect`); from the 1st its customer is on the consultant's list (`listed`). A card speaks of its
    first contact; a deal is `ordered` and `delivered`, each on its day, and `signed` on the first of them.
    """
    tracker, card, deal = frames["prospect"], frames["customer"], frames["deal"]
    known = persons["since"].reindex(card["person"]).set_axis(card.index)
    stated_on = tracker[["first_contact_on", "carried_on"]].max(axis=1)
    opened = (tracker["carried_on"] + pd.Timedelta(days=1)).where(tracker["carried_on"] < on, tracker["carried_on"])
    listed_on = pd.concat([tracker["first_contact_on"], opened], axis=1).max(axis=1)
    return {
        "prospect": told(tracker.assign(stated_on=stated_on), "stated_on", on),
        "listed": told(tracker.assign(listed_on=listed_on), "listed_on", on),
        "customer": told(card.assign(stated_on=card["first_contact_on"].fillna(known)), "stated_on", on),
        "ordered": told(deal, "ordered_on", on),
        "delivered": told(deal, "delivered_on", on),
        "signed": told(deal.assign(signed_on=deal["ordered_on"].fillna(deal["delivered_on"])), "signed_on", on),
    }


def with_months(frames: Mapping[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """Return the frames with the eve of a tracker row's month beside it, the day its customers were carried over."""
    tracker = frames["prospect"]
    month_on = pd.to_datetime(tracker["month"], format="%Y-%m", errors="coerce").astype("datetime64[s]")
    return {**frames, "prospect": tracker.assign(carried_on=month_on - pd.Timedelta(days=1))}


def taken_over(handed: pd.DataFrame) -> pd.DataFrame:
    """Return the hand-overs as what the new consultant says of the person; one that names nobody says nothing."""
    return handed.assign(consultant=handed["new_consultant"])[handed["new_consultant"].notna()]


def latest(days: Mapping[str, pd.DataFrame], persons: pd.DataFrame) -> pd.DataFrame:
    """Return consultant, customer_name, model, source, kind and row by person, from the latest statement about each.

    Name and model are the latest that were written, the source the first. A plan that is not carried out states nothing.
    """
    # A kind without rows adds nothing but work, and a store uses few of them; where none has any, one says of which columns.
    telling = [(number, days[name]) for number, name in enumerate(_TELLING.values())]
    spoken = [each for each in telling if len(each[1])] or telling[:1]
    said = pd.concat([_mention(rows, number) for number, rows in spoken], ignore_index=True)
    said = said.iloc[np.lexsort((said["_row"].to_numpy("int64"), said["rank"], said["on"]))]
    last = said.drop_duplicates("person", keep="last").set_index("person")[["consultant", "kind", "row"]]
    kinds = np.array([*_TELLING], dtype=object)[last["kind"]]
    last = last.assign(kind=pd.Series(kinds, index=last.index, dtype="str"))
    written = {
        "customer_name": _written(said, "customer_name", "last"),
        "model": _written(said, "model", "last"),
        "source": _written(said, "source", "first"),
    }
    return last.reindex(persons.index).assign(**written)


def _mention(rows: pd.DataFrame, number: int) -> pd.DataFrame:
    """Return what the rows of a kind state, the kind as its number: a word beside each of a year's rows takes long to lay."""
    rows = rows.assign(kind=number, row=rows.index, rank=rows["_form"].map(RANKS).fillna(TRACKER).astype("int64"))
    return rows.reindex(columns=[*_SAID, "rank", "_row"]).astype({"model": "str", "source": "str"})


def _written(said: pd.DataFrame, name: str, keep: Literal["first", "last"]) -> pd.Series[Any]:
    return said[said[name].notna()].drop_duplicates("person", keep=keep).set_index("person")[name]


def _known(frame: pd.DataFrame) -> pd.DataFrame:
    return frame[frame["person"] >= 0]


def _undated(frame: pd.DataFrame) -> pd.DataFrame:
    return frame[frame["first_contact_on"].isna()]


def _earliest(rows: pd.DataFrame, persons: pd.DataFrame) -> pd.Series[Any]:
    return rows.groupby("person")["on"].min().reindex(persons.index).astype("datetime64[s]")
