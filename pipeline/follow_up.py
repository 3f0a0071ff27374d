"""Tells when each open prospect should be contacted next, and why then.

first contact ──1 day──▶ due                                      首次
last contact ──interval of the level──▶ due                       级别周期
last contact ──▶ the day agreed, when earlier or the same day     计划
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from pipeline.facts.gather import Facts
from pipeline.facts.persons import UNDATED
from pipeline.rulebook.rulebook import Rulebook

FIRST, PERIOD, PLAN = "首次", "级别周期", "计划"


def follow_up(facts: Facts, rules: Rulebook) -> pd.DataFrame:
    """Return the open prospects with due_on (NaT when nothing says), basis and days (overdue by; negative = still to come).

    A level without an interval, or none at all, is contacted as seldom as the most patient level: nobody is forgotten.
    Source: contract 7, interval and plan; intervals from follow_up.yaml.
    """
    house = rules.follow_up
    opened = facts.open_at(facts.on)
    plan = opened["plan_on"]
    # One carried over without any date is counted from the end of the month before, an undated card has only its plan.
    last = opened["last_contact_on"].fillna(opened["since"].where(opened["since"] > UNDATED))
    first = last == opened["first_contact_on"]
    seldom = max(house.interval_days.values(), default=house.first_contact_days)
    period = opened["stand"].map(house.interval_days).fillna(seldom).mask(first, house.first_contact_days)
    by_level = last + pd.to_timedelta(period.astype("int64"), unit="D").astype("timedelta64[s]")
    planned = plan.notna() & (last.isna() | (plan > last)) & (by_level.isna() | (plan <= by_level))
    due = by_level.mask(planned, plan)
    days = (pd.Timestamp(facts.on) - due).dt.days
    return opened.assign(due_on=due, basis=np.where(planned, PLAN, np.where(first, FIRST, PERIOD)), days=days)
