"""逾期跟进: whom nobody called in time, who is due today and tomorrow, whose level is doubtful, which owners wait for a call."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

import pandas as pd

from pipeline.facts.gather import Facts
from pipeline.facts.owners import owners_due
from pipeline.follow_up import follow_up
from pipeline.frame import rows_of
from pipeline.report import Chart, Column, Jump, Report, Sheet, Table, Tone
from pipeline.rulebook.rulebook import Rulebook

_LEVELS: Final[Mapping[str, Tone]] = {"H": "deep", "A": "strong", "B": "soft", "C": "pale"}
_LATE: Final = Jump("逾期")
_WHO: Final = (Column("销售顾问"), Column("客户"), Column("电话", "phone"), Column("级别"), Column("车型"))
_DUE: Final = (
    *_WHO, Column("首次接触", "date"), Column("最近跟进", "date"), Column("应跟进日期", "date"),
    Column("逾期天数", "count", bar=True), Column("依据"), Column("升级提醒"), Column("来源", "place"),
)  # fmt: skip
_BY_CONSULTANT: Final = (
    Column("销售顾问"), Column("在跟客户数", "count", to=Jump("在跟客户")), Column("逾期数", "count", bar=True, to=_LATE), Column("逾期率", "rate"),
    Column("最长逾期天数", "count"), *(Column(f"{level}逾期", "count", to=_LATE, tone=tone) for level, tone in _LEVELS.items()),
)  # fmt: skip
_DOUBTFUL: Final = (
    *_WHO, Column("定级日期", "date"), Column("已定级天数", "count", bar=True), Column("级别期限", "count"),
    Column("超期天数", "count"), Column("最近跟进", "date"), Column("来源", "place"),
)  # fmt: skip
_OWNERS: Final = (
    Column("销售顾问"), Column("客户"), Column("电话", "phone"), Column("车型"), Column("交车日期", "date"),
    Column("应回访日期", "date"), Column("逾期天数", "count", bar=True), Column("依据"), Column("最近回访", "date"), Column("来源", "place"),
)  # fmt: skip


def build(facts: Facts, rules: Rulebook) -> Report:
    """Return the follow-ups overdue, due and doubtful at the end of the day."""
    due = _named(facts.once(follow_up, rules))
    late = due[due["days"] >= 1].sort_values(["days", "consultant", "phone"], ascending=[False, True, True])
    today, tomorrow = due[due["days"] == 0], due[due["days"] == -1]
    sheets = (
        _list(facts, rules, "逾期", "应跟进而未跟进的客户(逾期最久的在前)", late, "没有逾期客户"),
        _list(facts, rules, "今日到期", "今天该跟进、还没有跟进的客户", today, "今天没有到期未跟进的客户"),
        _list(
            facts,
            rules,
            "明日应跟进",
            f"{facts.on + timedelta(days=1):%Y-%m-%d} 应跟进的客户",
            tomorrow,
            "明天没有应跟进的客户",
        ),
        _by_consultant(due, late),
        _list(facts, rules, "在跟客户", "每一位在跟客户,什么时候该跟进", due, "没有在跟客户"),
        _doubtful(facts, rules, due),
        _owners(facts, rules),
    )
    figures = {"在跟客户": len(due), "逾期": len(late), "今日到期": len(today), "明日应跟进": len(tomorrow)}
    return Report("逾期跟进", facts.on, sheets, _notes(rules), figures)


def _named(due: pd.DataFrame) -> pd.DataFrame:
    return due.assign(consultant=due["consultant"].fillna("未填"), stand=due["stand"].replace("", "未定级"))


def _list(facts: Facts, rules: Rulebook, name: str, title: str, rows: pd.DataFrame, empty: str) -> Sheet:
    warn = pd.Series([_escalation(rules, days) for days in rows["days"]], index=rows.index, dtype="str")
    told = rows.assign(late=rows["days"].clip(lower=0), warn=warn, place=_places(facts, rows))
    if name != "逾期":
        rank = told["stand"].map({level: place for place, level in enumerate(_LEVELS)}).fillna(len(_LEVELS))
        told = told.assign(rank=rank).sort_values(["consultant", "rank", "phone"])
    columns = ["consultant", "customer_name", "shown", "stand", "model", "first_contact_on", "last_contact_on", "due_on",
               "late", "basis", "warn", "place"]  # fmt: skip
    table = Table(name, _DUE, rows_of(told[columns].astype({"late": "Int64"})), empty=empty)
    return Sheet(name, title, (table,), f"共 {len(rows)} 位")


def _escalation(rules: Rulebook, days: float) -> str | None:
    """Return whom to tell after so many days overdue: the word of the highest step reached."""
    steps = [step for step in rules.follow_up.escalation if step <= days]
    return rules.follow_up.escalation[max(steps)] if steps else None


def _places(facts: Facts, rows: pd.DataFrame) -> list[Any]:
    return [facts.place(kind, int(row)) for kind, row in zip(rows["kind"], rows["row"], strict=True)]


def _by_consultant(due: pd.DataFrame, late: pd.DataFrame) -> Sheet:
    groups = due.groupby("consultant")
    table = pd.DataFrame({"open": groups.size(), "late": late.groupby("consultant").size()})
    table["rate"] = 0.0
    table["longest"] = late.groupby("consultant")["days"].max()
    for level in _LEVELS:
        table[level] = late[late["stand"] == level].groupby("consultant").size()
    counts = ["late", *_LEVELS]
    table[counts] = table[counts].fillna(0).astype("int64")
    table = table.assign(rate=table["late"] / table["open"], longest=table["longest"].astype("Int64"))
    table = table.rename_axis("consultant").reset_index().sort_values(["late", "consultant"], ascending=[False, True])
    sums = {name: int(table[name].sum()) for name in ("open", *counts)}
    longest = None if late.empty else int(late["days"].max())
    total = (
        ("合计", sums["open"], sums["late"], sums["late"] / sums["open"], longest, *(sums[level] for level in _LEVELS))
        if len(table)
        else None
    )
    charts = (
        Chart(
            "stacked_bar",
            f"各顾问逾期客户(共 {len(late)} 位)",
            "销售顾问",
            tuple(f"{level}逾期" for level in _LEVELS),
            y_title="位",
        ),
    )
    return Sheet(
        "按顾问",
        "各顾问的逾期情况",
        (Table("按顾问", _BY_CONSULTANT, rows_of(table), total, charts, empty="没有在跟客户"),),
    )


def _doubtful(facts: Facts, rules: Rulebook, due: pd.DataFrame) -> Sheet:
    """Return who has stood at a level longer than the level itself promises to buy in."""
    horizon = due["stand"].map(rules.follow_up.horizon_days)
    since = facts.held_since().reindex(due.index)
    days = (pd.Timestamp(facts.on) - since).dt.days
    rows = due.assign(since_on=since, held=days, horizon=horizon, over=days - horizon)
    rows = rows[rows["over"] > 0].sort_values(["over", "consultant", "phone"], ascending=[False, True, True])
    rows = rows.assign(place=_places(facts, rows)).astype({"held": "Int64", "horizon": "Int64", "over": "Int64"})
    columns = [
        "consultant",
        "customer_name",
        "shown",
        "stand",
        "model",
        "since_on",
        "held",
        "horizon",
        "over",
        "last_contact_on",
        "place",
    ]
    table = Table("级别存疑", _DOUBTFUL, rows_of(rows[columns]), empty="没有级别存疑的客户")
    return Sheet("级别存疑", "停在同一级别超过该级别期限、还没有订车的客户", (table,))


def _owners(facts: Facts, rules: Rulebook) -> Sheet:
    rows = owners_due(facts, rules)
    rows = rows.assign(consultant=rows["consultant"].fillna("未填"), place=_places(facts, rows))
    columns = [
        "consultant",
        "customer_name",
        "shown",
        "model",
        "delivered_on",
        "due_on",
        "days",
        "basis",
        "done_on",
        "place",
    ]
    table = Table("车主回访", _OWNERS, rows_of(rows[columns].astype({"days": "Int64"})), empty="没有到期的车主回访")
    return Sheet("车主回访", "今天到期和已经逾期的车主回访", (table,))


def _notes(rules: Rulebook) -> tuple[tuple[str, str], ...]:
    house = rules.follow_up
    return (
        ("在跟客户", "留过有效电话的来店(电)客户、等级推进表或客户管理卡上的客户,最后的状态不是订单、交车、战败、休眠。一个电话算一位,归最后一次记录的顾问。"),
        ("最近跟进", "最近一次联系上的回访、日报里的接待/回访/试驾或来店。关机、停机、无人接听不算。没有记录时以初洽日期为准。"),
        ("应跟进日期", f"下次回访日期与级别周期中较早的一天。初洽后 {house.first_contact_days} 天内第一次跟进;以后按级别:{_said(house.interval_days)}。没有级别的按最长的周期。"),
        ("依据", "首次:初洽后还没有跟进过;级别周期:按级别天数;计划:按写下的下次回访日期(不晚于级别周期时)。"),
        ("升级提醒", "逾期 " + ";".join(f"{days} 天起{who}" for days, who in sorted(house.escalation.items())) + "。"),
        ("级别存疑", f"在同一级别停留超过期限({_said(house.horizon_days)})仍未订车,请核对级别。"),
        ("车主回访", f"卡片正面计划了、到期未做的回访;以及交车后第 {'、'.join(map(str, house.owner_visit_days))} 天应做的回访。到期日当天或之后回访过即算完成。每位车主列一行:有逾期计划时列最早的计划,否则列最近到期的一次;超过 {max(house.owner_visit_days, default=0)} 天的不再追。"),
    )  # fmt: skip


def _said(days: Mapping[str, int]) -> str:
    return "、".join(f"{level} {count} 天" for level, count in days.items())
