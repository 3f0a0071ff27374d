"""跟进提醒: who left a phone and a level and was never heard of again, and what a manager might ask about."""

from __future__ import annotations

from typing import Any, Final

import pandas as pd

from pipeline.facts.gather import Facts
from pipeline.facts.leaving import AHEAD, leaving
from pipeline.facts.notes import last_notes
from pipeline.follow_up import follow_up
from pipeline.frame import rows_of
from pipeline.report import Column, Report, Sheet, Table
from pipeline.reports.reminders_identity import identity
from pipeline.reports.reminders_watch import LEAST, SHARED, TOGETHER, watch
from pipeline.rulebook.rulebook import Rulebook
from pipeline.text import mask_in

_SILENT: Final = (
    Column("销售顾问"), Column("客户"), Column("电话", "phone"), Column("级别"), Column("车型"), Column("最近来店(电)", "date"),
    Column("沉默天数", "count", bar=True), Column("来源", "place"),
)  # fmt: skip

_HANDED: Final = (
    Column("原顾问"), Column("离职日期", "date"), Column("客户"), Column("电话", "phone"), Column("级别"), Column("车型"),
    Column("下次联系日期", "date"), Column("最近情况", "long"), Column("来源", "place"),
)  # fmt: skip


def build(facts: Facts, rules: Rulebook) -> Report:
    """Return the silent customers and the questions worth asking, as of the end of the day."""
    silent = silent_customers(facts, rules)
    asked = watch(facts, rules)
    handed = _handed(facts, rules)
    same, clashes = identity(facts, rules)
    figures = {
        "沉默客户": len(silent),
        "可疑之处": len(asked[0].tables[0].rows),
        "待交接客户": len(handed.tables[0].rows),
        "疑似同一客户": len(same.tables[0].rows),
        "撞单": len(clashes.tables[0].rows),
    }
    return Report("跟进提醒", facts.on, (_silent(facts, silent), *asked, same, clashes, handed), _notes(rules), figures)


def silent_customers(facts: Facts, rules: Rulebook) -> pd.DataFrame:
    """Return the open prospects with a level whose last visit or call with a phone has had no answer: came_on, silent (days), row.

    No answer means: not a day later on which anybody tried, reached or not, and no plan from today on. The first contact
    has first_contact_days to happen, so one day is no silence yet.
    """
    on = pd.Timestamp(facts.on)
    visits = facts.visits[facts.visits["person"] >= 0]
    captured = visits[visits["captured"].fillna(value=False).astype(bool)].sort_values("on", kind="stable")
    last = captured.assign(row=captured.index).drop_duplicates("person", keep="last").set_index("person")
    known = facts.open_at(facts.on).drop(columns=["row", "kind"])
    rows = known[known["stand"] != ""].join(last[["on", "row"]].rename(columns={"on": "came_on"}), how="inner")
    tried = pd.concat([facts.days[kind][["person", "on"]] for kind in ("visit", "follow_up", "activity", "test_drive")])
    since = tried.groupby("person")["on"].max().reindex(rows.index)
    silent = (on - rows["came_on"]).dt.days
    quiet = ~(since > rows["came_on"]) & ~(rows["plan_on"] >= on) & (silent > rules.follow_up.first_contact_days)
    found: pd.DataFrame = rows.assign(silent=silent)[quiet]
    return found.sort_values(["silent", "consultant", "phone"], ascending=[False, True, True])


def _silent(facts: Facts, rows: pd.DataFrame) -> Sheet:
    places: list[Any] = [facts.place("visit", int(row)) for row in rows["row"]]
    told = rows.assign(consultant=rows["consultant"].fillna("未填"), place=places)
    columns = ["consultant", "customer_name", "shown", "stand", "model", "came_on", "silent", "place"]
    table = Table("沉默客户", _SILENT, rows_of(told[columns].astype({"silent": "Int64"})), empty="没有沉默客户")
    title = "留了电话、定了级别,之后再没有任何记录的客户(最久的在前)"
    return Sheet("沉默客户", title, (table,), f"共 {len(rows)} 位")


def _handed(facts: Facts, rules: Rulebook) -> Sheet:
    """Return the open prospects of who leaves; the sheets to fill in, with phones in full, lie beside in 交接/."""
    gone = leaving(facts, rules)
    due = facts.once(follow_up, rules)
    rows = due[due["consultant"].isin(list(gone))].sort_values(["consultant", "due_on", "phone"])
    masked = mask_in if rules.privacy.mask_phones else str
    written = last_notes(facts, {int(person) for person in rows.index})
    notes = {person: masked(note) for person, note in written.items()}
    places: list[Any] = [facts.place(kind, int(row)) for kind, row in zip(rows["kind"], rows["row"], strict=True)]
    told = rows.assign(
        leaves_on=pd.to_datetime(rows["consultant"].map(gone)), stand=rows["stand"].replace("", "未定级"),
        note=rows.index.map(notes), place=places,
    )  # fmt: skip
    columns = ["consultant", "leaves_on", "customer_name", "shown", "stand", "model", "due_on", "note", "place"]
    table = Table("交接", _HANDED, rows_of(told[columns]), empty="没有要交接的客户")
    return Sheet(
        "交接", "要离职或已离职顾问名下的在跟客户", (table,), "新顾问请填在 交接 文件夹里各人的表上,放回收表文件夹"
    )


def _notes(rules: Rulebook) -> tuple[tuple[str, str], ...]:
    days, window, same = rules.follow_up.first_contact_days, rules.house.window_days, rules.follow_up.same_person
    return (
        ("沉默客户", f"来店(电)留了有效电话、定了级别、现在仍是在跟客户;最近一次来店(电)之后没有任何回访、日报或再来的记录(没打通的也算记录),也没有今天或以后的计划,已超过 {days} 天。"),
        ("可疑之处", f"只看来店(电)登记表最近 {window} 天的行,每条都是一个问题,不是结论;问过、说得通就算了。每一行的出处见「可疑明细」。"),
        ("同一分钟", f"全店同一天同一分钟登记进店 {TOGETHER} 批及以上。"),
        ("注释全一样", f"一位顾问写过 {LEAST} 条及以上注释,每条都是同一句。"),
        ("时间全是整点", f"一位顾问有 {LEAST} 条及以上进店时间,每条都是整点。"),
        ("从没留下电话", f"一位顾问接待了 {LEAST} 批及以上(提车、维修等不算),一个电话也没有留下。"),
        ("交接", f"house.yaml 写了离职日期、{AHEAD} 天内要走或已经走了的顾问,名下还在跟的客户。在「交接」文件夹里那张表的「新顾问」栏写上名字,放进收表文件夹,从交接日期起客户归新顾问。"),
        ("疑似同一客户", f"电话只差一位或相邻两位对调、名字相同或相近;同名同顾问、两个电话、前后不超过 {same.within_days} 天;同一个电话、名字相近。先生、女士这类代称不算名字。只看最近 {window} 天有来往的。在 疑似同一客户.xlsx 里打勾放进收表文件夹:同一人 = 今后的报表算一位;不是 = 不再问;以后再说 = {same.ask_again_days} 天后再问。"),
        ("撞单", f"同一个电话,两位顾问在最近 {window} 天里都写过,不含交接过的、先接触的顾问已离职的、提车维修等来店。"),
        ("占比", f"总数不到 {SHARED} 时只写数目,不写占比:数少的时候百分比会误导。"),
    )  # fmt: skip
