"""Draws the daily report: our blank and the store's older one, two lists on a sheet."""

from __future__ import annotations

from datetime import date

from pipeline.demo.lines import Activity, Paper, Plan
from pipeline.demo.people import HABITS, Habits
from pipeline.demo.sheet import Sheet
from pipeline.demo.spelling import KINDS, Cell, word, written_date, written_level, written_phone, written_result

_NUMBERED, _PLANNED = 12, 8  # rows on the blank


def daily(paper: Paper) -> Sheet:
    """Draw a day's report the way its consultant keeps it; nothing filled in is a quiet day."""
    hand = HABITS[paper.consultant]
    done = [line for line in paper.lines if isinstance(line, Activity)]
    plans = [line for line in paper.lines if isinstance(line, Plan)]
    return _old(paper.on, hand, done, plans) if hand.forms == "old" else _new(paper.on, hand, done, plans)


def _new(on: date, hand: Habits, done: list[Activity], plans: list[Plan]) -> Sheet:
    sheet = Sheet(f"{on.month}.{on.day}")
    sheet.wide("销售活动日报表", 8)
    sheet.add("日期", written_date(hand.date, on), None, "销售顾问", hand.name)
    sheet.wide("今日工作总结", 8)
    sheet.add("序号", "客户姓名", "电话", "车型", "工作类别", "原有级别", "现在级别", "经过情形")
    for turn, line in enumerate(done):
        sheet.add(
            turn + 1,
            line.customer_name,
            _phone(line, hand),
            line.model,
            _kind(line, turn),
            _before(line, hand),
            _after(line, hand, turn),
            line.note,
        )
    for number in range(len(done) + 1, _NUMBERED + 1):
        sheet.add(number)
    sheet.wide("明日工作计划", 8)
    sheet.add("序号", "客户姓名", "电话", "车型", "工作类别", "备注")
    for turn, plan in enumerate(plans):
        sheet.add(
            turn + 1,
            plan.customer_name,
            written_phone(hand.phone, plan.phone),
            plan.model,
            word(KINDS, plan.kind, turn),
            plan.note,
        )
    for number in range(len(plans) + 1, _PLANNED + 1):
        sheet.add(number)
    sheet.add("主管确认：", None, None, "日期：")
    return sheet


def _old(on: date, hand: Habits, done: list[Activity], plans: list[Plan]) -> Sheet:
    sheet = Sheet(f"{on.month:02d}{on.day:02d}")
    sheet.wide("营业日报表", 8)
    name = "" if any(line.slip == "unsigned" for line in done) else hand.name
    sheet.wide(f"业代：{name}      日期：{on.year}年{on.month}月{on.day}日", 8)
    sheet.wide("当日工作总结", 8)
    sheet.head(("序号", "客户名称", "意向车型", "联系电话", "类别", ("意向客户级别", ("原有", "现在")), "访问经过"))
    for turn, line in enumerate(done):
        sheet.add(
            turn + 1,
            line.customer_name,
            line.model,
            _phone(line, hand),
            _kind(line, turn),
            _before(line, hand),
            _after(line, hand, turn),
            line.note,
        )
    sheet.add("合计", f"{len(done)}人")
    sheet.add()
    sheet.wide("次日工作计划", 8)
    sheet.add("序号", "客户名称", "意向车型", "联系电话", "事项", "目标")
    for turn, plan in enumerate(plans):
        sheet.add(
            turn + 1,
            plan.customer_name,
            plan.model,
            written_phone(hand.phone, plan.phone),
            word(KINDS, plan.kind, turn),
            plan.note,
        )
    sheet.add()
    sheet.add("主管指示事项：")
    return sheet


def _phone(line: Activity, hand: Habits) -> Cell:
    if line.slip == "phone" and line.phone:
        return f"{line.phone}9"
    return written_phone(hand.phone, line.phone)


def _kind(line: Activity, turn: int) -> str:
    return "溜达" if line.slip == "kind" else word(KINDS, line.kind, turn)


def _before(line: Activity, hand: Habits) -> str:
    return "K" if line.slip == "level" else written_level(hand.level, line.level_before)


def _after(line: Activity, hand: Habits, turn: int) -> str:
    return written_result(hand.level, line.level_after, line.outcome, turn)
