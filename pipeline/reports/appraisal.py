"""年度考核: each consultant's year in the figures the archive already knows, and the 年度考核登记表 with what only people can write left blank (A8).

Written every night for the year of the business day, so that nobody is surprised in December; until the end of March the year before stands beside
it, with what came in late. The year is that of `--on`, said on every sheet and never taken from a form. Nothing here grades anybody.
"""

from __future__ import annotations

from calendar import monthrange
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any, Final

import pandas as pd

from pipeline.dues.hand_ins import STORE
from pipeline.dues.owed import Owed, due_so_far
from pipeline.facts.gather import Facts
from pipeline.facts.indicators import NAMES, UNSIGNED, Countable, all_of, countable, counts, figures, rate, totals
from pipeline.facts.kept import plans_kept
from pipeline.facts.statements import reached
from pipeline.follow_up import follow_up
from pipeline.report import Chart, Column, Report, Sheet, Table
from pipeline.roster.quality import Slip, slips_between
from pipeline.rulebook.rulebook import Rulebook

_LAST_YEAR_UNTIL: Final = 3  # the month whose end closes the year before
_THIS: Final = ("年度数据", "按月", "考核登记")
_BEFORE: Final = ("上年度数据", "上年度按月", "上年度考核登记")
_GRADES: Final = "优秀/合格/基本合格/不合格"
_KEPT: Final = (
    Column("应回访", "count"), Column("按时回访", "count"), Column("按时回访率", "rate", bar=True), Column("目前逾期", "count"),
    Column("车主回访", "count"), Column("应交表", "count"), Column("迟交", "count"), Column("缺交", "count"), Column("退回次数", "count"),
    Column("错误数", "count"),
)  # fmt: skip
_YEAR: Final = (Column("销售顾问"), Column("考核年度"), *(Column(name, ink) for name, ink in NAMES.items()), *_KEPT)
_FORM: Final = (
    Column("考核年度"), Column("姓名"), Column("性别"), Column("出生年月"), Column("政治面貌"), Column("单位及职务"), Column("任现职时间"),
    Column("从事或分管工作"), Column("全年工作数据", "long"), Column("个人总结", "long"), Column("主管领导评语", "long"),
    Column(f"考核等次({_GRADES})"), Column("本人签名"), Column("日期"),
)  # fmt: skip
_NOTES: Final = (
    ("考核年度", "营业日所在的那一年,写在每张表上,不从别处猜。要看整年,用 --on 该年 12 月 31 日重做;每年一到三月,上一年度的表也在,补交的都算进去。"),
    ("业绩", "接待、留档、新增意向、试驾、订单、交车、战败与 经营汇总 › 概览 同一口径,从 1 月 1 日到所写的那天。"),
    ("应回访、按时回访", "推进表和客户管理卡上写明的计划日期和下次回访日期,同一客户同一天算一次;到那天为止联系过(没打通也算去联系了)是按时。当天还没做的不算。"),
    ("目前逾期", "营业日当天逾期未跟进的客户数,见 逾期跟进.xlsx。"),
    ("车主回访", "做过的车主回访,同一车主同一天算一次(卡片正面或日报表)。"),
    ("应交表、迟交、缺交", "该年到期的表;退回次数是被退回的工作簿数,错误数是写错的单元格数,见 经营汇总 › 表单质量。"),
    ("考核等次", f"由主管填写:{_GRADES}。夜账只给数据,不评等次。"),
)  # fmt: skip


def build(facts: Facts, rules: Rulebook) -> Report:
    """Return the year so far, month by month and as forms to sign; in the first months the year before as well."""
    every = due_so_far(facts.view, rules)
    sheets = _sheets(_THIS, facts.on.replace(month=1, day=1), facts.on, facts, rules, every)
    if facts.on.month <= _LAST_YEAR_UNTIL:
        last = facts.on.replace(month=1, day=1) - timedelta(days=1)
        sheets += _sheets(_BEFORE, last.replace(month=1, day=1), last, facts, rules, every)
    return Report("年度考核", facts.on, sheets, _NOTES)


def _sheets(
    names: tuple[str, str, str], first: date, last: date, facts: Facts, rules: Rulebook, every: Sequence[Owed]
) -> tuple[Sheet, ...]:
    """Return 年度数据, 按月 and 考核登记 of one year, under these names."""
    year, until = f"{first.year}", f"{first.year} 年度,数据到 {last:%Y-%m-%d}"
    made = countable(facts)
    table = all_of(counts(made, first, last), facts, rules).drop(UNSIGNED, errors="ignore")
    more = _more(first, last, facts, every, rules)
    table = table.reindex([*table.index, *sorted({name for name in more if name not in table.index})], fill_value=0)
    rows = tuple(
        (str(name), year, *figures(own), *_told(more.get(str(name), Counter()), now=last == facts.on))
        for name, own in table.iterrows()
    )
    together = sum(more.values(), Counter[str]())
    total = ("合计", year, *figures(table.sum()), *_told(together, now=last == facts.on)) if rows else None
    charts = (
        (Chart("column", f"{year} 年各顾问订单与交车", "销售顾问", ("订单", "交车"), y_title="位"),
         Chart("column", f"{year} 年各顾问按时回访率", "销售顾问", ("按时回访率",), y_title="占比"))
        if rows
        else ()
    )  # fmt: skip
    return (
        Sheet(names[0], f"{year} 年度考核数据", (Table("年度数据", _YEAR, rows, total, charts, empty="没有需要考核的顾问"),), until),
        Sheet(names[1], f"{year} 年各月全店", (_months(first, last, made),), until),
        Sheet(names[2], f"{year} 年度考核登记表", (Table("考核登记", _FORM, tuple(map(_form, rows)), empty="没有需要考核的顾问"),), until),
    )  # fmt: skip


def _more(
    first: date, last: date, facts: Facts, every: Sequence[Owed], rules: Rulebook
) -> Mapping[str, Counter[str]]:  # fmt: skip
    """Return by consultant what the dozen figures do not tell: plans kept, overdue, owner visits, forms."""
    found: dict[str, Counter[str]] = {}

    def add(name: str, counted: Mapping[Any, int]) -> None:
        for who, count in counted.items():
            if who not in (STORE, UNSIGNED):
                found.setdefault(str(who), Counter())[name] += int(count)

    plans = plans_kept(facts, first, last)
    add("planned", plans["consultant"].value_counts().to_dict())
    add("kept", plans[plans["kept"]]["consultant"].value_counts().to_dict())
    if last == facts.on:
        due = facts.once(follow_up, rules)
        add("overdue", due[due["days"] >= 1]["consultant"].value_counts().to_dict())
    add("owners", _owners(facts, first, last)["consultant"].value_counts().to_dict())
    mine = [each for each in every if first <= each.due.date() <= last]
    add("owed", Counter(each.who for each in mine))
    add("late", Counter(each.who for each in mine if each.late))
    add("missing", Counter(each.who for each in mine if each.came is None))
    slips = slips_between(facts.view, first, last)
    add("slips", Counter(slip.who for slip in slips))
    add("returned", Counter(who for who, _ in _returned(slips)))
    return found


def _returned(slips: Sequence[Slip]) -> set[tuple[str, str]]:
    return {(slip.who, book) for slip in slips for book in slip.books}


def _owners(facts: Facts, first: date, last: date) -> pd.DataFrame:
    """Return the owner visits made in a period, one an owner and day, from the card's front or the daily report."""
    activities = facts.days["activity"]
    calls = reached(activities[activities["kind"] == "owner_visit"])
    both = pd.concat([facts.days["owner_visit"], calls])
    return both[both["on"].between(pd.Timestamp(first), pd.Timestamp(last))].drop_duplicates(["person", "on"])


def _told(more: Counter[str], *, now: bool) -> tuple[Any, ...]:
    """Return the figures of _KEPT; who is overdue is told of the day of the report alone."""
    return (
        more["planned"], more["kept"], rate(more["kept"], more["planned"]), more["overdue"] if now else None, more["owners"], more["owed"], more["late"],
        more["missing"], more["returned"], more["slips"],
    )  # fmt: skip


def _months(first: date, last: date, made: Countable) -> Table:
    """Return the store's figures month by month, up to the month of the last day."""
    ends = (first.replace(month=month, day=monthrange(first.year, month)[1]) for month in range(1, last.month + 1))
    rows = tuple((f"{end:%Y-%m}", *figures(totals(made, end.replace(day=1), min(end, last)))) for end in ends)
    columns = (Column("月份"), *(Column(name, ink) for name, ink in NAMES.items()))
    chart = Chart(
        "line", f"{first.year} 年各月新增意向、订单与交车", "月份", ("新增意向", "订单", "交车"), y_title="位"
    )
    return Table("按月", columns, rows, charts=(chart,))


def _form(row: tuple[Any, ...]) -> tuple[Any, ...]:
    """Return a line of the 年度考核登记表: the year, the name, the year in one sentence; the rest is for people to write."""
    known = dict(zip((column.name for column in _YEAR), row, strict=True))
    blank = [None] * 6
    rates = {name: f"{known[name]:.1%}" if known[name] is not None else "无" for name in ("留档率", "按时回访率")}
    said = (
        f"接待来店来电 {known['来店批次'] + known['来电批次']} 批,留档 {known['留档数']}(留档率 {rates['留档率']});新增意向 {known['新增意向']} 位,"
        f"试驾 {known['试驾']} 次,订单 {known['订单']} 位,交车 {known['交车']} 位,战败 {known['战败']} 位;应回访 {known['应回访']} 次,按时 "
        f"{known['按时回访']} 次(按时回访率 {rates['按时回访率']}),车主回访 {known['车主回访']} 次;应交表 {known['应交表']} 张,迟交 {known['迟交']}、"
        f"缺交 {known['缺交']}、退回 {known['退回次数']} 次"
    )  # fmt: skip
    return (known["考核年度"], known["销售顾问"], *blank, said, None, None, None, None, None)
