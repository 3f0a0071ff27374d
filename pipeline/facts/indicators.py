"""Counts the dozen figures of a showroom over any period, per consultant; a house is the sum of its consultants."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final, TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pipeline.facts.gather import Facts
from pipeline.report import Ink, Tone
from pipeline.rulebook.rulebook import Rulebook

FEW: Final = 20  # below it a share is said as a count
UNSIGNED: Final = "未填"  # whose consultant nobody wrote down
NAMES: Final[Mapping[str, Ink]] = {
    "来店批次": "count", "来电批次": "count", "留档数": "count", "留档率": "rate", "新增意向": "count", "试驾": "count",
    "订单": "count", "交车": "count", "战败": "count", "成交率": "rate", "战败率": "rate", "平均停留分钟": "number",
}  # fmt: skip
_MADE_OF: Final = (
    "walk_ins", "call_ins", "captured", "stays", "minutes", "new", "stock", "test_drives", "orders", "deliveries", "losses",
)  # fmt: skip
_Days: TypeAlias = NDArray[np.datetime64]
_Places: TypeAlias = NDArray[np.int64]


@dataclass(frozen=True)
class Countable:
    """Every row that a figure counts, by figure: its day, whose it is (a place among `names`), and for the minutes how many; any period is counted from it."""

    facts: Facts
    names: tuple[str, ...]
    rows: Mapping[str, tuple[_Days, _Places, _Places | None]]
    persons: _Places  # whose each person is, for those who are open


def countable(facts: Facts) -> Countable:
    """Return the rows that the figures count, told apart once for all periods."""
    visits = facts.visits
    walk_in = (visits["channel"] == "walk_in").to_numpy(bool)
    captured = visits["captured"].fillna(value=False).to_numpy(bool)
    stayed = walk_in & visits["stay_minutes"].notna().to_numpy(bool)
    of_persons = facts.persons.assign(on=facts.persons["first_contact_on"])
    frames = (visits, of_persons, facts.test_drives, facts.orders, facts.deliveries, facts.losses)
    signed = pd.concat([frame["consultant"] for frame in frames]).fillna(UNSIGNED)
    places, names = pd.factorize(signed, sort=True)
    whose = np.split(places, np.cumsum([len(frame) for frame in frames])[:-1])
    day, *days = (frame["on"].to_numpy("datetime64[s]") for frame in frames)
    came = {
        "walk_ins": walk_in, "call_ins": (visits["channel"] == "call_in").to_numpy(bool), "captured": captured, "stays": stayed, "minutes": stayed,
    }  # fmt: skip
    minutes = visits["stay_minutes"][stayed].to_numpy("int64")
    rows = {name: (day[which], whose[0][which], minutes if name == "minutes" else None) for name, which in came.items()}
    others = zip(("new", "test_drives", "orders", "deliveries", "losses"), days, whose[1:], strict=True)
    rows |= {name: (on, who, None) for name, on, who in others}
    return Countable(facts, tuple(map(str, names)), rows, whose[1])


def counts(made: Countable, first: date, last: date) -> pd.DataFrame:
    """Return what each consultant's figures over a period (both days included) are made of; index consultant, sorted.

    walk_ins, call_ins, captured: rows of the register; stays, minutes: walk-ins with both times; new, stock: prospects
    first met in the period, and open at 00:00 of its first day, on the list of their consultant of today; test_drives,
    orders, deliveries, losses by the consultant of the record that tells.
    """
    columns = _counted(made, first, last)
    table = pd.DataFrame(columns, index=pd.Index(made.names, name="consultant", dtype="str"))
    return table[table.any(axis=1)]


def totals(made: Countable, first: date, last: date) -> Mapping[str, int]:
    """Return what the whole store's figures over a period are made of: the sums of `counts`."""
    return {name: int(counted.sum()) for name, counted in _counted(made, first, last).items()}


def _counted(made: Countable, first: date, last: date) -> dict[str, _Places]:
    """Return each figure by consultant, in the order of their names."""
    since, until = np.datetime64(first, "s"), np.datetime64(last, "s")

    def summed(who: _Places, each: _Places | None = None) -> _Places:
        return np.bincount(who, each, minlength=len(made.names)).astype("int64")

    found = {}
    for name, (on, who, each) in made.rows.items():
        its = (on >= since) & (on <= until)
        found[name] = summed(who[its], None if each is None else each[its])
    found["stock"] = summed(made.persons[made.facts.is_open(first - timedelta(days=1))])
    return {name: found[name] for name in _MADE_OF}


def figures(made_of: Mapping[str, int] | pd.Series[Any]) -> tuple[float | None, ...]:
    """Return the figures in the order of NAMES; a rate over nothing is None.

    成交率 = 订单 ÷ 留档数; 战败率 = 战败 ÷ (期初在跟 + 新增意向). Source: contract 6.
    """
    told = {name: int(value) for name, value in made_of.items()}
    return (
        told["walk_ins"], told["call_ins"], told["captured"], rate(told["captured"], told["walk_ins"] + told["call_ins"]),
        told["new"], told["test_drives"], told["orders"], told["deliveries"], told["losses"],
        rate(told["orders"], told["captured"]), rate(told["losses"], told["stock"] + told["new"]),
        rate(told["minutes"], told["stays"]),
    )  # fmt: skip


def rate(part: float, whole: float) -> float | None:
    """Return part ÷ whole, None where there is no whole."""
    return part / whole if whole else None


def share(part: int, whole: int, unit: str) -> str:
    """Return a share in words: as a percentage with its base, as a count where the whole is so small that a percentage misleads.

    >>> share(336, 462, "批"), share(5, 13, "批")
    ('72.7%(336 / 462)', '5 / 13 批')
    """
    return f"{part / whole:.1%}({part} / {whole})" if whole >= FEW else f"{part} / {whole} {unit}"


def compared(now: int, before: int) -> tuple[str, Tone]:
    """Return how a count stands to the one of last month's same days, in words, and whether that is good.

    >>> compared(462, 305)
    ('▲ 增 51%(上月同期 305)', 'good')
    >>> compared(2, 5)
    ('▼ 少 3(上月同期 5)', 'bad')
    """
    if now == before:
        return f"持平(上月同期 {before})", ""
    up = now > before
    step = f"{abs(now - before) / before:.0%}" if before >= FEW else f"{abs(now - before)}"
    words = ("增" if up else "减") if before >= FEW else ("多" if up else "少")
    return f"{'▲' if up else '▼'} {words} {step}(上月同期 {before})", "good" if up else "bad"


def listed(facts: Facts, rules: Rulebook) -> tuple[str, ...]:
    """Return the consultants who work in the store on the day, as `house.yaml` lists them; none listed = ()."""
    return tuple(
        person.name
        for person in rules.house.consultants
        if person.store in ("", facts.view.store) and (person.leaves_on is None or person.leaves_on >= facts.on)
    )


def all_of(rows: pd.DataFrame, facts: Facts, rules: Rulebook) -> pd.DataFrame:
    """Return the rows by consultant with those the house lists and who have none yet, listed ones first."""
    house = listed(facts, rules)
    return rows.reindex([*house, *(name for name in rows.index if name not in house)], fill_value=0)
