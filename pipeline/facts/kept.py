"""Tells which planned contacts were kept in time: every day a customer was to be contacted, and whether somebody tried by then.

done 11-02, next 11-06 ── tried 11-05 ──▶ kept        any try after the one that made the plan, up to its day
done 11-02, next 11-06 ── tried 11-07 ──▶ late
planned 11-06          ── tried 11-06 ──▶ kept        a plan whose maker is unknown is kept on its day, or by its own row before it
"""

from __future__ import annotations

from datetime import date

import pandas as pd

from pipeline.facts.gather import Facts

_DAY = pd.Timedelta(days=1)


def plans_kept(facts: Facts, first: date, last: date) -> pd.DataFrame:
    """Return the contacts planned for a period, both days included: person, due, consultant, kept; one a person and day.

    A day that is not over is asked for only where it was kept. Plans on tracker and card are one; the consultant is the one of the first that plans it.
    """
    on = pd.Timestamp(facts.on)
    rows = facts.frames["follow_up"]
    rows = rows[(rows["person"] >= 0) & (rows["done_on"].isna() | (rows["done_on"] <= on))]
    asked, agreed = rows[rows["planned_on"].notna()], rows[rows["done_on"].notna() & rows["next_on"].notna()]
    plans = pd.concat(
        [
            asked.assign(due=asked["planned_on"], made=asked["planned_on"] - _DAY, early=asked["done_on"] <= asked["planned_on"]),
            agreed.assign(due=agreed["next_on"], made=agreed["done_on"], early=False),
        ]
    )[["person", "due", "made", "early", "consultant"]]  # fmt: skip
    plans = plans[(plans["due"] >= pd.Timestamp(first)) & (plans["due"] <= pd.Timestamp(last)) & (plans["due"] <= on)]
    plans = plans[plans["due"] > plans["made"]].astype({"due": "datetime64[s]", "made": "datetime64[s]"})
    tried = facts.contacted[["person", "on"]].astype({"on": "datetime64[s]"})
    tried = tried.assign(tried=tried["on"]).sort_values("on", kind="stable")
    plans = plans.reset_index(names="place").sort_values(["due", "place"], kind="stable")
    told = pd.merge_asof(plans, tried.rename(columns={"on": "due"}), on="due", by="person")
    told = told.assign(kept=told["early"] | (told["tried"] > told["made"]).fillna(value=False)).sort_values("place")
    kept = told.groupby(["person", "due"], sort=True).agg(consultant=("consultant", "first"), kept=("kept", "any"))
    kept = kept.reset_index()
    return kept[kept["kept"] | (kept["due"] < on)]
