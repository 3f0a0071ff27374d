"""Counts the dozen figures of a showroom over any period, per consultant; a house is the sum of its consultants."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

import pandas as pd

from pipeline.facts.gather import Facts
from pipeline.report import Ink, Tone
from pipeline.rulebook.rulebook import Rulebook

FEW: Final = 20  # below it a share is said as a count
UNSIGNED: Final = "未填"  # whose consultant nobody wrote down
NAMES: Final[Mapping[str, Ink]] = {
    "来店批次": "count", "来电批次": "count", "留档数": "count", "留档率": "rate", "新增意向": "count", "试驾": "count",
    "订单": "count", "交车": "count", "战败": "count", "成交率": "rate", "战败率": "rate", "平均停留分钟": "number",
}  # fmt: skip


def counts(facts: Facts, first: date, last: date) -> pd.DataFrame:
    """Return what each consultant's figures over a period (both days included) are made of; index consultant, sorted.

    walk_ins, call_ins, captured: rows of the register; stays, minutes: walk-ins with both times; new, stock: prospects
    first met in the period, and open at 00:00 of its first day, on the list of their consultant of today; test_drives,
    orders, deliveries, losses by the consultant of the record that tells.
    """
    columns = {
        name: _minutes(rows) if name == "minutes" else rows.groupby(_signed(rows)).size()
        for name, rows in _rows(facts, first, last).items()
    }
    return pd.DataFrame(columns).fillna(0).astype("int64").sort_index()


def totals(facts: Facts, first: date, last: date) -> Mapping[str, int]:
    """Return what the whole store's figures over a period are made of: the sums of `counts`, without telling consultants apart."""
    return {
        name: int(rows["stay_minutes"].sum()) if name == "minutes" else len(rows)
        for name, rows in _rows(facts, first, last).items()
    }


def _rows(facts: Facts, first: date, last: date) -> dict[str, pd.DataFrame]:
    """Return the rows that each figure counts; of them few columns, because every row is taken several times."""
    visits = _within(facts.visits[["on", "consultant", "channel", "captured", "stay_minutes"]], first, last)
    walk_in = visits["channel"] == "walk_in"
    stayed = visits[walk_in & visits["stay_minutes"].notna()]
    fresh = facts.persons[["consultant"]].assign(on=facts.persons["first_contact_on"])
    return {
        "walk_ins": visits[walk_in],
        "call_ins": visits[visits["channel"] == "call_in"],
        "captured": visits[visits["captured"].fillna(value=False).astype(bool)],
        "stays": stayed,
        "minutes": stayed,
        "new": _within(fresh, first, last),
        "stock": facts.open_before(first)[["consultant"]],
        "test_drives": _within(facts.test_drives[["on", "consultant"]], first, last),
        "orders": _within(facts.orders[["on", "consultant"]], first, last),
        "deliveries": _within(facts.deliveries[["on", "consultant"]], first, last),
        "losses": _within(facts.losses[["on", "consultant"]], first, last),
    }


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


def _within(rows: pd.DataFrame, first: date, last: date) -> pd.DataFrame:
    return rows[(rows["on"] >= pd.Timestamp(first)) & (rows["on"] <= pd.Timestamp(last))]


def _signed(rows: pd.DataFrame) -> pd.Series[Any]:
    return rows["consultant"].fillna(UNSIGNED).rename("consultant")


def _minutes(rows: pd.DataFrame) -> pd.Series[Any]:
    return rows["stay_minutes"].astype("int64").groupby(_signed(rows)).sum()
