"""三表一卡核对: per consultant and day which of the eight relations are broken, and every gap with the cells to look at."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Final

from pipeline.dues.hand_ins import STORE
from pipeline.dues.owed import consultants, due_this_month
from pipeline.facts.gather import Facts
from pipeline.reconcile.papers import Gap
from pipeline.reconcile.relations import relations
from pipeline.report import Chart, Column, Jump, Report, Sheet, Table
from pipeline.rulebook.rulebook import Rulebook
from pipeline.text import mask, mask_in

RULES: Final[Mapping[str, str]] = {
    "R1": "来店登记写全:进店、离店时间、销售顾问、注释,称呼(或某先生、某女士、车牌)",
    "R2": "H、A、B、C 级客户有客户管理卡反面,订单、交车客户有正面",
    "R3": "H、A、B 级客户在等级推进表上(C 级不要求)",
    "R4": "留档客户要么在跟(推进表和卡反面;C 级有卡反面即可),要么已成交(卡正面);战败、休眠的不再要求",
    "R5": "每批接待、级别变化、车主联系都写进当天日报",
    "R6": "推进表和卡反面的计划,写进前一天日报的明日工作计划",
    "R7": "同一次联系,卡反面、推进表、日报写的级别或结果一致",
    "R8": "卡正面的车主回访计划写进前一天的计划,做过的写进当天日报",
}
KEPT: Final = "✓"
MISSING: Final = "缺交"
_DAILY: Final = "daily_activity"
_DAY: Final = timedelta(days=1)
_GAPS: Final = (
    Column("规则"), Column("日期", "date"), Column("销售顾问"), Column("客户"), Column("应有", "long"), Column("实有", "long"),
    Column("位置", "place"), Column("对照位置", "place"), Column("电话", "phone"),
)  # fmt: skip


def build(facts: Facts, rules: Rulebook) -> Report:
    """Return the month's matrix of consultants and days, and the gaps behind it."""
    gaps, daily = relations(facts)
    due = due_this_month(facts.view, rules)
    owed = {
        (each.who, date.fromisoformat(each.period))
        for each in due
        if each.form == _DAILY and each.came is None and each.who != STORE
    }
    month = {(who, on) for who, on in daily if facts.on.replace(day=1) <= on <= facts.on}
    known = consultants(due, rules)
    others = {who for who, _ in month} | {gap.consultant for gap in gaps}
    names = (*known, *sorted(others - {*known}))
    sheets = (
        _matrix(facts, names, gaps, month, owed),
        _by_rule(names, gaps),
        _gaps(gaps, hidden=rules.privacy.mask_phones),
    )
    figures = {"缺口": len(gaps), MISSING: len(owed), **Counter(gap.rule for gap in gaps)}
    return Report("三表一卡核对", facts.on, sheets, _NOTES, figures)


def _matrix(
    facts: Facts,
    names: Sequence[str],
    gaps: Sequence[Gap],
    came: set[tuple[str, date]],
    owed: set[tuple[str, date]],
) -> Sheet:
    broken: dict[tuple[str, date], set[str]] = defaultdict(set)
    for gap in gaps:
        broken[gap.consultant, gap.on].add(gap.rule)
    days = [facts.on.replace(day=1) + number * _DAY for number in range(facts.on.day + 1)]
    columns = (Column("销售顾问"), *(Column(f"{on.day}日", "mark") for on in days[:-1]), Column("明日", "mark"))
    rows = tuple(
        (who, *(_mark(broken.get((who, on), set()), (who, on) in came, (who, on) in owed) for on in days))
        for who in names
    )
    return Sheet(
        "矩阵",
        "三表一卡:每位顾问每天对得上吗",
        (Table("矩阵", columns, rows, empty="本月还没有交表"),),
        f"{facts.on:%Y-%m}    {KEPT} 对得上;R1…R8 这条没对上;{MISSING} 没交日报;明日一列是明天的计划",
    )


def _mark(broken: set[str], came: bool, owed: bool) -> str | None:
    """Return a cell's mark, each word on a line of its own; blank for a day on which nothing was owed."""
    said = [*([MISSING] if owed else []), *sorted(broken)]
    return "\n".join(said) if said else KEPT if came else None


def _by_rule(names: Sequence[str], gaps: Sequence[Gap]) -> Sheet:
    counts = Counter((gap.rule, gap.consultant) for gap in gaps)
    listed = Jump("缺口")
    columns = (
        Column("规则"),
        *(Column(who, "count", to=listed) for who in names),
        Column("合计", "count", bar=True, to=listed, tone="bad"),
        Column("要求", "long"),
    )
    rows = tuple(
        (rule, *(counts[rule, who] for who in names), sum(counts[rule, who] for who in names), asked)
        for rule, asked in RULES.items()
    )
    total = ("合计", *(sum(counts[rule, who] for rule in RULES) for who in names), len(gaps), None)
    chart = Chart("bar", f"本月缺口(共 {len(gaps)} 处)", "规则", ("合计",), y_title="处")
    table = Table("各条规则", columns, rows, total, charts=(chart,))
    return Sheet("各条规则", "哪一条没对上的多", (table,), f"共 {len(gaps)} 处")


def _gaps(gaps: Sequence[Gap], *, hidden: bool) -> Sheet:
    rows = tuple(
        (gap.rule, gap.on, gap.consultant, _free(gap.customer, hidden=hidden), gap.wanted, gap.found, gap.here if gap.here.book else None,
         gap.there, (mask(gap.phone) if hidden else gap.phone) or None)
        for gap in gaps
    )  # fmt: skip
    table = Table("缺口", _GAPS, rows, empty="本月没有缺口")
    return Sheet("缺口", "哪一条、哪一天、谁的哪位客户没对上", (table,), f"共 {len(gaps)} 处")


def _free(text: str, *, hidden: bool) -> str | None:
    """Return a customer's name; a number somebody wrote into it is hidden as every other."""
    return (mask_in(text) if hidden else text) or None


_NOTES: Final = (
    ("范围", "本月 1 日到当日;计划到明天为止。R2、R3、R4 看当日终了时的状态,日期写当日。每条规则各算各的,少一张卡可能同时违反 R2 和 R4。"),
    *RULES.items(),
    (MISSING, "那天一张日报也没交:记缺交,不再逐个客户列 R5 到 R8 的缺口。"),
    ("R1 的范围", "登记表的每一行,提车、维修等其他来访也算。"),
    ("R5 的范围", "其他来访不算接待;没人接听的电话不要求写。没电话的客户按称呼或车牌对。级别变化是推进表、卡反面写下的级别或结果和前一天终了时不同。每天每位客户一处。"),
    ("R6 的范围", "前一天晚上仍然有效的计划:还没做、没有被后来的联系代替、客户没有成交战败休眠。星号被级别字母盖掉后就没有计划可查。"),
    ("R7 的范围", "只比级别、结果和有没有这次联系,不比文字;没写级别算没说。有卡反面才比卡,本月在推进表上才比推进表,当天交了日报才比日报。初洽当天,卡头和推进表的初始级别就算这次联系。"),
)  # fmt: skip
