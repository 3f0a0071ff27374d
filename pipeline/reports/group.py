"""集团汇总: the stores of a group side by side, ranked, and who is out of line; made by adding what each store's night left, never from records."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

from pipeline.facts.indicators import NAMES, figures
from pipeline.report import Jump, Lead, Report
from pipeline.reports.group_glance import glance
from pipeline.reports.group_rates import RATES, out_of_line, outliers, ranking
from pipeline.reports.group_stores import compared_months, levels, missing, months, todays
from pipeline.rollup import Fate, added
from pipeline.rulebook.rulebook import Rulebook

NAME: Final = "集团汇总"
_NOTES: Final = (
    ("各店的数", "每家店夜里自己算好,集团只把各店的数相加,再按相加的数算率,和各店的经营汇总、逾期跟进同一个口径,那里的「说明」写着每一项的定义。"),
    ("一位客户", "一个电话在一家店算一位;在两家店都留了电话的,两家各算一位。"),
    ("没有数的店", "没跑成或没有跑的店不在合计里,列在「没有数据」;同一天先跑成、后没跑成的,用先前那次的数,也列在那里。"),
    ("名次", "留档率、成交率高的在前,战败率、逾期率、缺交率低的在前;率相同名次相同;基数不够的不排。"),
    ("离群", "先取基数够的店的中位数,再取各店离它多远的中位数(MAD)乘 1.4826 作为平常离差;一家店离中位数的距离除以「平常离差与它的基数本身会有的偶然偏差合在一起」,超过界限的列出来。几家特别的店拉不动中位数,基数小的店不会因为偶然上榜。界限、基数和最少几家店写在 rules/house.yaml 的 outliers。"),
    ("率", "分母为零时空着。"),
)  # fmt: skip


def build(fates: Sequence[Fate], on: date, rules: Rulebook) -> Report:
    """Return the group's summary of a day; `figures` holds 今日 and 本月累计 by name, 离群 as sentences, and how many stores have figures."""
    rollups = [each.rollup for each in fates if each.rollup is not None]
    leads = {each.store: Lead(each.name, Jump("概览", "经营汇总", each.store)) for each in fates}
    house = rules.house.outliers
    sheets = (
        glance(fates, house),
        months(rollups, leads),
        todays(rollups, leads),
        compared_months(rollups, leads),
        ranking(rollups, leads, house),
        out_of_line(rollups, leads, house),
        levels(rollups, leads),
        missing(fates),
    )
    cover = {
        name: dict(zip(NAMES, figures(added(each.sums[name] for each in rollups)), strict=True)) if rollups else {}
        for name in ("今日", "本月累计")
    }
    told = tuple(
        f"{leads[store]}:{rate.name} {part / base:.1%}({part} / {base} {rate.unit}),{spread.stores} 家店的中位数 {spread.middle:.1%}"
        for store, rate, (part, base), spread, times in outliers(rollups, house)
        if (times > 0) != rate.good
    )
    said = (
        ("门店", f"{len(fates)} 家,有数的 {len(rollups)} 家。"),
        ("比较的率", "、".join(rate.name for rate in RATES)),
    )
    return Report(NAME, on, sheets, (*said, *_NOTES), {**cover, "离群": told})
