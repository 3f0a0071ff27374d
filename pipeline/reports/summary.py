"""经营汇总: the house at a glance: figures, consultants, levels, sources, wins and losses, targets, and how well the forms were filled."""

from __future__ import annotations

from typing import Any, Final

from pipeline.drift import drifts
from pipeline.facts.gather import Facts
from pipeline.facts.indicators import NAMES, figures
from pipeline.report import Report
from pipeline.reports.summary_cards import cards
from pipeline.reports.summary_channels import channels
from pipeline.reports.summary_forms import begun, headers_changed
from pipeline.reports.summary_levels import levels, moves
from pipeline.reports.summary_lists import drives, fresh
from pipeline.reports.summary_overview import by_consultant, month_counts, overview, periods
from pipeline.reports.summary_prospects import prospects
from pipeline.reports.summary_results import lost, sources, won
from pipeline.reports.summary_targets import targets
from pipeline.roster.by_day import calendar_sheet
from pipeline.roster.changes import changes_sheet
from pipeline.roster.quality import NOTES, quality_sheet
from pipeline.rulebook.rulebook import Rulebook

_NOTES: Final = (
    ("批次", "来店(电)登记表的一行为一批,包括没留资料的;提车、维修、办手续等来访不计入。"),
    ("留档", "留下了有效电话。留档率 = 留档数 ÷(来店批次 + 来电批次)。"),
    ("一位客户", "一个电话在本店算一位;没有电话的只计批次。归最后一次记录的顾问。"),
    ("新增意向", "首次接触在该期间的意向客户(等级推进表或客户管理卡上的,或留档的来店来电)。首次接触 = 表上最早的初洽日期;都没写时为首次留档的来店日。"),
    ("订单", "每位一次:卡片正面的订购日期;没有时看回访写的订单、登记表的现场订购、日报表的订单。"),
    ("交车", "每位一次:卡片正面的交车日期;没有时看回访写的交车、日报表的交车。"),
    ("战败", "每位一次:第一次写战败的那天,或战败分析表同意的那天。"),
    ("试驾", "同一位客户同一天算一次:试驾登记表、登记表的试乘试驾、日报表的试驾。"),
    ("成交率", "订单 ÷ 留档数。"),
    ("战败率", "战败 ÷(期初在跟 + 新增意向)。期初在跟:该期间第一天零点仍在跟的意向客户。"),
    ("平均停留分钟", "来店且进店、离店时间都有的,平均每批停留的分钟。"),
    ("级别与状态", "以到当天为止最后一次写明的为准;同一天里订单、交车、战败、休眠优先,其次推进表、客户管理卡、日报表、登记表。级别空着表示没有变化。"),
    ("级别推进", "行是月初零点在跟客户的级别和本月新增,列是今天的状态;每行合计 = 该行的客户数;交车计入订单。"),
    ("来源分析", "批次和留档数按登记表写的来源;订单按该客户第一次写明的来源。"),
    ("渠道产出", "渠道 = 该客户第一次来店或来电的方式,登记表上没有的记未来店来电;来源 = 第一次写明的来源。产出率 = 该期间订单 ÷ 该期间新增意向。"),
    ("目标", "rules/targets.yaml 的每月目标。按顾问的目标与完成率指成交(订单);应达 = 目标 × 本月已过天数 ÷ 本月天数。"),
    ("每日目标", "每月新增潜客目标 ÷ 本月天数,不足一位进一位;天数按自然日还是工作日、全店每天的底线、某位顾问自己的每日目标,都写在 rules/targets.yaml。方案里「150 位即每天 3 位」前后不合,以每月 150 为准。每日还需 =(目标 − 完成)÷ 今天以后的天数。"),
    ("率", "分母为零时空着。"),
)  # fmt: skip


def build(facts: Facts, rules: Rulebook) -> Report:
    """Return the house's summary at the end of the day; `figures` holds 概览's 今日 and 本月累计 by name, and under 合计 what all its columns are made of."""
    made_of = month_counts(facts)
    month = made_of["本月累计"]
    changed = drifts(facts.view, rules)
    sheets = (
        overview(made_of, cards(made_of, facts, rules)),
        by_consultant(month, facts, rules),
        levels(facts, rules),
        moves(facts),
        prospects(facts, rules),
        sources(facts, rules),
        channels(facts, rules),
        fresh(facts, rules),
        drives(facts),
        *won(facts, rules),
        *lost(facts),
        targets(made_of["今日"], month, facts, rules),
        quality_sheet(facts.view, rules),
        calendar_sheet(facts.view, rules),
        headers_changed(changed, rules, facts.on),
        changes_sheet(facts.view, rules),
    )
    cover: dict[str, dict[str, Any]] = {
        name: dict(zip(NAMES, figures(made_of[name].sum()), strict=True)) for name in ("今日", "本月累计")
    }
    cover["合计"] = {
        name: {str(key): int(value) for key, value in rows.sum().items()} for name, rows in made_of.items()
    }
    days = "、".join(f"{name} {first:%Y-%m-%d} 至 {last:%Y-%m-%d}" for name, (first, last) in periods(facts.on).items())
    return Report(
        "经营汇总", facts.on, sheets, (("期间", f"{days}。"), *begun(changed, facts.on, rules), *_NOTES, *NOTES), cover
    )
