"""Draws the sheets of outreach: the week of 2026-11-02 to 2026-11-08, W45, with its sign-ins, leads, pay and booths."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

Rows = list[list[Any]]


def sign_ins(day: str, *people: Sequence[Any], leader: str = "周敏") -> Rows:
    """Return a day's list; each line is name, in, out, place, leaflets, phones left."""
    head = [
        "序号",
        "姓名",
        "学校",
        "联系电话",
        "身份证号",
        "签到时间",
        "签退时间",
        "派单地点",
        "派单数量",
        "留电数",
        "备注",
    ]
    lines = [[number, one[0], "川大", None, None, *one[1:], None] for number, one in enumerate(people, 1)]
    return [["每日兼职人员签到表"], ["日期", day, "负责人", leader], head, *lines]


def settlement(*lines: Sequence[Any], week: str = "2026-11-02至2026-11-08") -> Rows:
    """Return a week's settlement; each line is name, days, commission, deduction, payable."""
    head = ["序号", "姓名", "天数", "单价", "提成", "扣款", "应发", "备注"]
    told = [[number, one[0], one[1], 80, *one[2:], None] for number, one in enumerate(lines, 1)]
    return [["派单结算表"], ["结算周期", week], head, *told]


def receipts(*lines: Sequence[Any], week: str | None = "2026-11-02至2026-11-08") -> Rows:
    """Return the receipts of a week's pay; each line is name, amount, day."""
    head = ["序号", "姓名", "身份证号", "金额", "领取日期", "签字"]
    told = [[number, one[0], None, *one[1:], one[0]] for number, one in enumerate(lines, 1)]
    return [["工资领取签收表"], *([["结算周期", week]] if week else []), head, *told]


def leads(day: str, recorder: str, *people: Sequence[Any]) -> Rows:
    """Return what one part-timer wrote down on a day; each line is name, phone, description."""
    head = ["序号", "客户姓名", "电话", "简单描述", "回访人"]
    told = [[number, *one, None] for number, one in enumerate(people, 1)]
    return [["客户登记表(兼职)"], ["日期", day, "地点", "春熙路", "登记人", recorder], head, *told]


def booths(day: str, *lines: Sequence[Any]) -> Rows:
    """Return a day's booths; each line is place, leader, staff, shift, forms, cards."""
    head = ["序号", "展点", "负责人", "人员", "班次", "三表数量", "两卡数量"]
    return [["展点三表两卡统计"], ["日期", day], head, *([number, *one] for number, one in enumerate(lines, 1))]
