"""经营汇总 › 概览, its cards: what came today, what is owed, each beside the month so far and the same days of last month."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from pipeline.dues.owed import due_this_month
from pipeline.facts.gather import Facts
from pipeline.facts.indicators import FEW, compared, rate, share
from pipeline.follow_up import follow_up
from pipeline.report import Card, Jump, Tone
from pipeline.rulebook.rulebook import Rulebook


def cards(made_of: Mapping[str, pd.DataFrame], facts: Facts, rules: Rulebook) -> tuple[Card, ...]:
    """Return the day's figures with the month's beside last month's, then what waits to be done."""
    today, month, before = (_sums(made_of[name]) for name in ("今日", "本月累计", "上月同期"))
    return (
        _counted("来店来电", "批", "came", (today, month, before), Jump("来店明细", "来店规律")),
        _captured(today, month, before),
        _counted("新增意向", "位", "new", (today, month, before), Jump("新增意向")),
        _counted("订单", "位", "orders", (today, month, before), Jump("战绩")),
        _overdue(facts, rules),
        _missing(facts, rules),
    )


def _sums(rows: pd.DataFrame) -> dict[str, int]:
    sums = {str(name): int(value) for name, value in rows.sum().items()}
    return {**sums, "came": sums["walk_ins"] + sums["call_ins"]}


def _counted(name: str, unit: str, key: str, periods: tuple[dict[str, int], ...], to: Jump) -> Card:
    now, month, before = (sums[key] for sums in periods)
    against, tone = compared(month, before)
    return Card(f"今日{name}", f"{now} {unit}", f"本月 {month} {unit}", against, tone, to)


def _captured(today: Mapping[str, int], month: Mapping[str, int], before: Mapping[str, int]) -> Card:
    """Return the captured visits out of all; a share only where there are enough to speak of one."""
    value = f"{today['captured']} / {today['came']} 批"
    said = f"本月 {share(month['captured'], month['came'], '批')}"
    to = Jump("未留档明细", "来店规律")
    now, then = (rate(sums["captured"], sums["came"]) for sums in (month, before))
    if now is not None and then is not None and min(month["came"], before["came"]) >= FEW:
        points = round((now - then) * 100, 1)
        return Card("今日留档", value, said, f"{_moved(points)}(上月同期 {then:.1%})", _good(points), to)
    return Card("今日留档", value, said, f"上月同期 {share(before['captured'], before['came'], '批')}", to=to)


def _moved(points: float) -> str:
    return "持平" if not points else f"{'▲ 高' if points > 0 else '▼ 低'} {abs(points):g} 点"


def _good(points: float) -> Tone:
    return "" if not points else "good" if points > 0 else "bad"


def _overdue(facts: Facts, rules: Rulebook) -> Card:
    due = facts.once(follow_up, rules)
    late = due["days"] >= 1
    number, longest = int(late.sum()), 0 if not late.any() else int(due["days"].max())
    said = f"在跟 {len(due)} 位,最久 {longest} 天" if number else f"在跟 {len(due)} 位"
    return Card(
        "逾期未跟进", f"{number} 位", said, *_alarm(number, "请看逾期名单", "没有逾期"), Jump("逾期", "逾期跟进")
    )


def _missing(facts: Facts, rules: Rulebook) -> Card:
    due = due_this_month(facts.view, rules)
    number = sum(each.came is None for each in due)
    said = f"本月应交 {len(due)} 张"
    return Card("本月缺交", f"{number} 张", said, *_alarm(number, "请看谁没有交", "都交了"), Jump("表单质量"))


def _alarm(number: int, wrong: str, fine: str) -> tuple[str, Tone]:
    return (f"! {wrong}", "bad") if number else (f"✓ {fine}", "good")
