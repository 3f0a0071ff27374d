"""Draws the level tracker: rounds of contacts in column groups, on our blank or the store's older form, and the month grid."""

from __future__ import annotations

from itertools import groupby

from pipeline.demo.lines import FollowUp, Paper, Prospect
from pipeline.demo.people import HABITS
from pipeline.demo.sheet import Sheet
from pipeline.demo.spelling import (
    METHODS,
    SOURCES,
    Cell,
    with_year,
    word,
    written_date,
    written_level,
    written_phone,
    written_result,
)  # fmt: skip

_NEW = (
    ("序号", "客户姓名", "电话", "车型", "初洽日期", "来源", "初始级别"),
    "第{}次回访", ("计划日期", "实际日期", "方式", "情形", "回访后级别", "下次回访日期"),
)  # fmt: skip
_OLD = (
    ("序号", "客户名称", "联系电话", "意向车型", "首洽日期", "客户来源", "上月留存级别"),
    "第{}次跟进", ("计划", "实际", "跟进方式", "洽谈情形", "现在级别", "下次跟进日期"),
)  # fmt: skip
_NUMERALS = "一二三四五六七八九十"
_FEWEST_GROUPS = 3
_SPARE = 5  # numbered rows left empty
_DAYS = 31


def tracker(paper: Paper) -> Sheet:
    """Draw a consultant's tracker the way that consultant keeps it."""
    hand = HABITS[paper.consultant]
    return _grid(paper) if hand.tracker == "grid" else _rounds(paper, old=hand.forms == "old")


def _people(paper: Paper) -> list[tuple[Prospect, list[FollowUp]]]:
    found: list[tuple[Prospect, list[FollowUp]]] = []
    for _, lines in groupby(paper.lines, key=lambda line: getattr(line, "phone", "")):
        head, *rest = lines
        if isinstance(head, Prospect):
            found.append((head, [line for line in rest if isinstance(line, FollowUp)]))
    return found


def _rounds(paper: Paper, *, old: bool) -> Sheet:
    people = _people(paper)
    groups = max([_FEWEST_GROUPS, *(len(rounds) for _, rounds in people)])
    labels, heads, inner = _OLD if old else _NEW
    sheet = Sheet(f"{paper.on.month}月")
    if old:
        sheet.wide("意向客户跟进表", len(labels))
        sheet.wide(f"业代：{paper.consultant}      年月：{paper.on.year}年{paper.on.month}月", len(labels))
    else:
        sheet.wide("潜在顾客等级推进表", len(labels))
        sheet.add("销售顾问", paper.consultant, None, "月份", f"{paper.on:%Y-%m}")
    numbers = _NUMERALS if old and groups <= len(_NUMERALS) else [str(number) for number in range(1, groups + 1)]
    sheet.head([*labels, *((heads.format(numbers[i]), inner) for i in range(groups)), "战败原因", "战败去向", "备注"])
    for number, (head, rounds) in enumerate(people, 1):
        cells = _head(number, head)
        for turn, line in enumerate(rounds):
            cells += _round(line, turn + number)
        cells += [None] * (len(inner) * (groups - len(rounds)))
        sheet.add(*cells, *_loss(rounds))
    for number in range(_SPARE):
        sheet.add(len(people) + number + 1)
    sheet.add("销售经理：", None, None, "制表：")
    return sheet


def _grid(paper: Paper) -> Sheet:
    sheet = Sheet(f"{paper.on.year}.{paper.on.month}")
    sheet.wide("意向客户级别状况表", 12)
    sheet.add("销售顾问：", paper.consultant, None, "年月：", f"{paper.on.year}年{paper.on.month}月")
    days = [*range(1, _DAYS + 1)]
    sheet.add(
        "序号",
        "客户姓名",
        "电话",
        "拟购车型",
        "初洽日期",
        "来源",
        "上月留存级别",
        *days,
        "促进结果",
        "战败原因",
        "战败去向",
        "备注",
    )
    style = HABITS[paper.consultant].level
    for number, (head, contacts) in enumerate(_people(paper), 1):
        boxes: dict[int, str] = {}
        for line in contacts:
            on = line.done_on or line.planned_on
            if on:
                boxes[on.day] = _box(line, style, number)
        last = next((boxes[day] for day in reversed(days) if boxes.get(day, "*") != "*"), "")
        sheet.add(*_head(number, head), *(boxes.get(day, "") for day in days), last, *_loss(contacts))
    sheet.add("注：* 为计划回访，回访后改填级别。")
    return sheet


def _box(line: FollowUp, style: str, turn: int) -> str:
    if line.done_on is None:
        return "*" if turn % 2 else "＊"
    if not line.reached:
        return "关机"
    return "X" if line.slip == "level" else written_result(style, line.level_after, line.outcome, turn)


def _head(number: int, head: Prospect) -> list[Cell]:
    hand = HABITS[head.consultant]
    return [
        number, head.customer_name, written_phone(hand.phone, head.phone), float(head.model) if head.model.isdigit() else head.model,
        written_date(with_year(hand.date), head.first_contact_on), word(SOURCES, head.source, number),
        written_level(hand.level, head.opening_level),
    ]  # fmt: skip


def _round(line: FollowUp, turn: int) -> list[Cell]:
    hand = HABITS[line.consultant]
    level = "X" if line.slip == "level" else written_result(hand.level, line.level_after, line.outcome, turn)
    return [
        written_date(hand.date, line.planned_on), written_date(hand.date, line.done_on), word(METHODS, line.method, turn), line.note, level,
        written_date(hand.date, line.next_on),
    ]  # fmt: skip


def _loss(contacts: list[FollowUp]) -> tuple[Cell, Cell, Cell]:
    lost = next((line for line in contacts if line.outcome == "lost"), None)
    return (lost.lost_reason, lost.lost_to, None) if lost else (None, None, None)
