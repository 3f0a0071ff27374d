"""客户拜访 across its two forms (A1): what is due before and after a visit, 计划与实际, 未兑现承诺, 无效拜访, 抽查."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any, Final

from pipeline.ledgers import Reckoned, Row, rows_of_kind, source_of, spec_of
from pipeline.report import Chart, Column, Sheet, Table, Tone
from pipeline.reports.registers_visits_fold import (
    Outing,
    Promise,
    Visit,
    drawn,
    last_before,
    needs_call,
    outings,
    owed,
    tally,
    visits,
)
from pipeline.rulebook.rulebook import Rulebook
from pipeline.text import mask, mask_in
from pipeline.view import View

SYSTEM: Final = "客户拜访"
_STATES: Final = ("未执行", "待报告", "未到日子", "计划外", "改期", "按计划")  # what asks for something first
_TONES: Final[Mapping[str, Tone]] = {"按计划": "good", "改期": "soft", "未执行": "bad", "计划外": "quiet"}
_PLACE: Final = Column("来源", "place")
_HOUR: Final = 60


def reckoned(view: View, rules: Rulebook) -> tuple[Reckoned, ...]:
    """Return the sheets of 客户拜访 as it stands at the end of the day; nothing where no plan and no report ever came."""
    plans, reports = rows_of_kind(view, "visit_plan"), rows_of_kind(view, "visit_report")
    if not plans and not reports:
        return ()
    on, since = view.on, view.on - timedelta(days=rules.house.window_days)
    done = visits(reports, on)
    recent = [each for each in outings(plans, done, rules.visits, on) if each.on >= since]
    counted = [visit for visit in done if visit.on >= since]
    last_month = (on.replace(day=1) - timedelta(days=1)).replace(day=1)
    sample = drawn([visit for visit in done if visit.on >= last_month], rules.visits.spot_check)
    return (
        _due(recent, done, on, rules),
        Reckoned(_compared(recent, on, rules)),
        _promises(owed(done, on), on, rules),
        Reckoned(_invalid(counted, rules)),
        Reckoned(_sample(sample, rules), notes=_notes(rules)),
    )


def _due(items: Sequence[Outing], done: Sequence[Visit], on: date, rules: Rulebook) -> Reckoned:
    asked = rules.visits
    ahead = on + timedelta(days=max(asked.appointment.days_before, asked.look_up_days_before))
    owing = [
        (say, each.plan, due_on)
        for each in items
        if each.plan and not each.visit
        for say, due_on in _steps(each.plan, done, on, rules)
        if due_on <= on + timedelta(days=1)
    ]
    owing.sort(key=lambda each: (each[2], each[0], str(each[1]["_key"])))
    columns = (
        Column("事项"), Column("拜访人"), Column("客户", "long"), Column("拜访日期", "date"), Column("到期日", "date"),
        Column("逾期天数", "count", bar=True), _PLACE,
    )  # fmt: skip
    rows = tuple(
        (say, plan["visitor"], plan["client_name"], plan["planned_on"], due_on, max((on - due_on).days, 0), source_of(plan, "planned_on"))
        for say, plan, due_on in owing
    )  # fmt: skip
    late = sum(due_on < on for _, _, due_on in owing)
    tables = (
        Table("到期与逾期", columns, rows, empty="没有到期和逾期的事项"),
        _coming([each.plan for each in items if each.plan and on < each.plan["planned_on"] <= ahead], done, rules),
    )
    return Reckoned(Sheet(SYSTEM, SYSTEM, tables, f"逾期 {late} 项"), late)


def _steps(plan: Row, done: Sequence[Visit], on: date, rules: Rulebook) -> list[tuple[str, date]]:
    """Return what is still to be done for a plan without its visit, each with its day; before the visit's day other things than after."""
    asked, day = rules.visits, plan["planned_on"]
    if day < on:
        return [("交拜访报告", day + timedelta(days=asked.report_days_after))]
    found = []
    if needs_call(plan, asked.appointment) and not plan.get("booked_on"):
        found.append(("电话预约", day - timedelta(days=asked.appointment.days_before)))
    if last_before(done, plan["client_name"], day) and not plan.get("looked_up_on"):
        found.append(("看上次拜访记录", day - timedelta(days=asked.look_up_days_before)))
    return found


def _coming(plans: Sequence[Row], done: Sequence[Visit], rules: Rulebook) -> Table:
    """Return the visits of the next days, each with what the last one to that client came to."""
    columns = (
        Column("拜访日期", "date"), Column("拜访人"), Column("客户", "long"), Column("目的"), Column("预约"), Column("上次拜访", "date"),
        Column("上次见了谁"), Column("上次结果", "long"), Column("上次答应的", "long"), _PLACE,
    )  # fmt: skip
    rows = []
    for plan in sorted(plans, key=lambda row: (row["planned_on"], str(row["visitor"]), str(row["_key"]))):
        last = last_before(done, plan["client_name"], plan["planned_on"])
        told = [_text(last, name, rules) for name in ("hosts", "outcome", "promise")] if last else [None, None, None]
        rows.append((
            plan["planned_on"], plan["visitor"], plan["client_name"], _purposes(plan.get("purposes"), rules), _call(plan, rules),
            last.on if last else None, *told, source_of(last.rows[0] if last else plan),
        ))  # fmt: skip
    return Table("近日拜访:上次的记录", columns, tuple(rows), empty="近日没有计划的拜访")


def _compared(items: Sequence[Outing], on: date, rules: Rulebook) -> Sheet:
    columns = (
        Column("拜访人"), Column("客户", "long"), Column("计划日期", "date"), Column("实际日期", "date"), Column("情况"), Column("目的"),
        Column("预约"), Column("看上次记录", "date"), Column("到达"), Column("受访人"), Column("判定"), _PLACE,
    )  # fmt: skip
    ranked = sorted(
        items, key=lambda each: (_STATES.index(each.state), -each.on.toordinal(), each.visitor, str(each.row["_key"]))
    )
    rows = tuple(_outing(each, rules) for each in ranked)
    late = sum(each.state == "未执行" for each in items)
    summary = _by_visitor([each for each in items if each.on <= on], rules)
    title = "拜访计划与实际拜访"
    return Sheet(
        "计划与实际", title, (Table(title, columns, rows), summary), f"近 {rules.house.window_days} 天:未执行 {late} 次"
    )


def _outing(each: Outing, rules: Rulebook) -> tuple[Any, ...]:
    plan, visit = each.plan, each.visit
    purposes = (visit.said("purposes") if visit else "") or (plan or {}).get("purposes")
    return (
        each.visitor, each.row["client_name"], plan["planned_on"] if plan else None, visit.on if visit else None, each.state,
        _purposes(purposes, rules), _call(plan, rules) if plan else None, plan.get("looked_up_on") if plan else None,
        _arrival(visit, plan, rules) if visit else None, _text(visit, "hosts", rules) if visit else None,
        visit.verdict(rules.visits) if visit else None, source_of(each.row, "planned_on", "visited_on"),
    )  # fmt: skip


def _by_visitor(items: Sequence[Outing], rules: Rulebook) -> Table:
    states = ("按计划", "改期", "未执行", "待报告", "计划外")
    verdicts = ("有效", "无效", "不完整", "未定")
    columns = (
        Column("拜访人"), *(Column(state, "count", tone=_TONES.get(state, "")) for state in states), Column("执行率", "rate"), *(Column(verdict, "count") for verdict in verdicts),
        Column("有效率", "rate"),
    )  # fmt: skip
    rows = []
    for who, counts in tally(items, rules.visits).items():
        kept = counts.get("按计划", 0) + counts.get("改期", 0)
        made = sum(counts.get(verdict, 0) for verdict in verdicts)
        rows.append((
            who, *(counts.get(state, 0) for state in states), _rate(kept, kept + counts.get("未执行", 0)),
            *(counts.get(verdict, 0) for verdict in verdicts), _rate(counts.get("有效", 0), made),
        ))  # fmt: skip
    chart = Chart("stacked_bar", "各人的计划与实际", "拜访人", ("按计划", "改期", "未执行", "计划外"), y_title="次")
    return Table("按拜访人", columns, tuple(rows), charts=(chart,) if rows else ())


def _rate(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def _promises(promises: Sequence[Promise], on: date, rules: Rulebook) -> Reckoned:
    columns = (
        Column("客户", "long"), Column("拜访人"), Column("拜访日期", "date"), Column("答应的事", "long"), Column("承诺期限", "date"),
        Column("逾期天数", "count", bar=True), Column("情况", "long"), _PLACE,
    )  # fmt: skip
    rows = tuple(
        (
            each.made.client, each.made.visitor, each.made.on, _masked(each.text, rules), each.due_on,
            (on - each.late_since).days if each.late_since else 0, _standing(each), source_of(each.made.rows[0], "promise"),
        )
        for each in promises
    )  # fmt: skip
    late = sum(each.late_since is not None for each in promises)
    table = Table("未兑现承诺", columns, rows, empty="答应客户的事都答复了")
    return Reckoned(Sheet("未兑现承诺", "答应客户、还没有答复的事", (table,), f"逾期 {late} 项"), late)


def _standing(promise: Promise) -> str:
    if promise.unanswered:
        return f"{promise.unanswered.on:%m-%d} {promise.unanswered.visitor}再去时没有答复"
    return "过了期限,还没有再去答复" if promise.late_since else "等下一次拜访答复"


def _invalid(done: Sequence[Visit], rules: Rulebook) -> Sheet:
    columns = (
        Column("拜访人"), Column("客户", "long"), Column("拜访日期", "date"), Column("判定"), Column("没有写的"), Column("结果", "long"),
        Column("主管意见", "long"), _PLACE,
    )  # fmt: skip
    odd = [(visit, verdict) for visit in done if (verdict := visit.verdict(rules.visits)) != "有效"]
    odd.sort(key=lambda each: (("无效", "不完整", "未定").index(each[1]), -each[0].on.toordinal(), each[0].key))
    rows = tuple(
        (
            visit.visitor, visit.client, visit.on, verdict, "、".join(_label(name, rules) for name in visit.lacks(rules.visits)) or None,
            _text(visit, "outcome", rules), _text(visit, "remark", rules), source_of(visit.rows[0], "valid", "outcome"),
        )
        for visit, verdict in odd
    )  # fmt: skip
    counts = [sum(verdict == name for _, verdict in odd) for name in ("无效", "不完整", "未定")]
    said = "无效 {} 次,不完整 {} 次,未定 {} 次".format(*counts)
    return Sheet("无效拜访", "不算有效的拜访", (Table("无效拜访", columns, rows, empty="都是有效拜访"),), said)


def _sample(sample: Sequence[tuple[str, Visit]], rules: Rulebook) -> Sheet:
    columns = (
        Column("月份"), Column("拜访人"), Column("客户", "long"), Column("拜访日期", "date"), Column("受访人"), Column("联系电话", "phone"),
        Column("目的"), Column("结果", "long"), Column("判定"), Column("抽查结果", "long"), Column("抽查人"), _PLACE,
    )  # fmt: skip
    rows = []
    for month, visit in sample:
        phone = visit.first("phone")
        rows.append((
            month, visit.visitor, visit.client, visit.on, _text(visit, "hosts", rules), mask(phone) if phone and rules.privacy.mask_phones else phone,
            _purposes(visit.said("purposes"), rules), _text(visit, "outcome", rules), visit.verdict(rules.visits), None, None,
            source_of(visit.rows[0]),
        ))  # fmt: skip
    share = rules.visits.spot_check.share
    return Sheet(
        "抽查",
        "市场部抽查的拜访",
        (Table("抽查", columns, tuple(rows), empty="上月和本月没有拜访"),),
        f"每月抽 {share:.0%}",
    )


def _label(name: str, rules: Rulebook) -> str:
    spec = spec_of(rules.forms["visit_report"], "visit_report", name) if "visit_report" in rules.forms else None
    return spec.labels[0] if spec and spec.labels else name


def _purposes(codes: str | None, rules: Rulebook) -> str | None:
    return (
        "、".join(rules.shown("visit_purposes", code) for code in dict.fromkeys((codes or "").split("、")) if code)
        or None
    )


def _call(plan: Row, rules: Rulebook) -> str:
    """Return how long before its visit a client was rung up."""
    asked = rules.visits.appointment
    if not plan.get("booked_on"):
        return "没写预约" if needs_call(plan, asked) else "不用约"
    days = (plan["planned_on"] - plan["booked_on"]).days
    early = days >= asked.days_before or not needs_call(plan, asked)
    return (
        f"提前 {days} 天" if early else f"只提前 {days} 天" if days > 0 else "当天才约" if days == 0 else "拜访后才约"
    )


def _arrival(visit: Visit, plan: Row | None, rules: Rulebook) -> str | None:
    """Return how early or late somebody came, by the report's own agreed time, else the plan's."""
    agreed, came = visit.first("agreed_at") or (plan or {}).get("agreed_at"), visit.first("arrived_at")
    if not agreed or not came:
        return None
    early = _minutes(agreed) - _minutes(came)
    if early < 0:
        return f"晚 {-early} 分钟"
    return f"提前 {early} 分钟" if early >= rules.visits.arrive_minutes_before else f"只提前 {early} 分钟"


def _minutes(clock: str) -> int:
    hour, minute = clock.split(":")
    return int(hour) * _HOUR + int(minute)


def _text(visit: Visit, name: str, rules: Rulebook) -> str | None:
    return _masked(visit.said(name), rules) or None


def _masked(text: str, rules: Rulebook) -> str:
    return mask_in(text) if rules.privacy.mask_phones else text


def _notes(rules: Rulebook) -> tuple[tuple[str, str], ...]:
    asked = rules.visits
    free = "、".join(rules.shown("visit_purposes", code) for code in asked.appointment.except_purposes)
    needed = "、".join(_label(name, rules) for name in asked.complete)
    return (
        ("一次拜访", "拜访人、客户、日期、时段都一样的报告算一次,见了几个人都合在一起;没写时段的看到达时间或约定时间。"),
        ("计划与实际", f"同一个人、同一家客户同一天去的是按计划;前后 {asked.moved_days} 天内去的是改期;拜访后 {asked.report_days_after} 天还没有报告的是未执行;没有计划的是计划外。执行率 = (按计划 + 改期) ÷ (按计划 + 改期 + 未执行)。列近 {rules.house.window_days} 天的和还没到的。"),
        ("预约", f"提前 {asked.appointment.days_before} 天电话预约;目的全是{free or '(没有例外)'}的,或岗位列在例外里的,不用约。提前 {asked.look_up_days_before} 天看上次拜访记录,第一次去的不用看。"),
        ("到达", f"比约定时间早 {asked.arrive_minutes_before} 分钟到;两个时间都写了才算。"),
        ("未兑现承诺", "答应客户的事,下一次去时没有写答复的,或过了承诺期限的,算逾期;一次答复只算答复最近答应的那件。写无的不算。"),
        ("有效拜访", f"{needed}都写了,并且有效否写有效;写无效的是无效,没写的是未定。有效率 = 有效 ÷ 全部拜访。"),
        ("抽查", f"每月抽 {asked.spot_check.share:.0%},至少 {asked.spot_check.least} 次;由月份、拜访和种子算出,不是随机,重做一遍还是这些。列上月和本月,月底交齐后才定。"),
    )  # fmt: skip
