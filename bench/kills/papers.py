"""Two evenings of an invented showroom with everything that can become of a file: taken, partly taken, returned, quarantined, twice, ignored."""

from __future__ import annotations

import io
import os
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import xlsxwriter

FIRST, SECOND = date(2026, 11, 4), date(2026, 11, 5)
_HEADER = ("序号", "顾客名称", "电话", "到访方式", "来访性质", "拟购车型", "意向级别", "进店时间", "离店时间", "销售顾问", "注释")  # fmt: skip
_DAILY = ("序号", "客户姓名", "电话", "车型", "工作类别", "原有级别", "现在级别", "经过情形")
_PLAN = ("序号", "客户姓名", "电话", "车型", "工作类别", "备注")
Rows = Sequence[Sequence[Any]]


def drop(inbox: Path, on: date) -> None:
    """Lay an evening's files into an inbox, with the times they were saved at."""
    for number, (path, content) in enumerate(_evening(on)):
        place = inbox / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content)
        moment = datetime(on.year, on.month, on.day, 18, number).timestamp()
        os.utime(place, (moment, moment))


def _evening(on: date) -> Iterator[tuple[str, bytes]]:
    first = [
        _visit("王先生", "13800001111"),
        _visit("赵女士", "13800002222", "10:05"),
        _visit("周先生", "1380000", "11:00"),
    ]
    third = _register("2026-11-03", *first[:2])
    if on == FIRST:
        yield "前台/11月登记.xlsx", _book({"3日": third, "4日": _register("2026-11-04", *first)})  # partly taken
        yield "李明/日报4.xlsx", _book({"日报": _daily("2026-11-04", "李明")})
        yield (
            "张敏/登记.xlsx",
            _book({"4日": _register("2026-11-04", _visit("孙先生", "138", "15:00", "张敏"))}),
        )  # returned
        return
    mended = [first[0], _visit("周先生", "13800003333", "11:00")]  # put right, and 赵女士 taken back
    grown = _book(
        {
            "3日": third,
            "4日": _register("2026-11-04", *mended),
            "5日": _register("2026-11-05", _visit("吴女士", "13800004444")),
        }
    )
    yield "前台/11月登记.xlsx", grown
    yield "前台/副本/11月登记 - 副本.xlsx", grown  # the same bytes once more
    yield "李明/日报5.xlsx", _book({"日报": _daily("2026-11-05", "李明")})
    yield "李明/日报4 (1).xlsx", _book({"日报": _daily("2026-11-04", "李明")})  # the same bytes as yesterday's
    yield (
        "张敏/登记.xlsx",
        _book({"4日": _register("2026-11-04", _visit("孙先生", "1380", "15:00", "张敏"))}),
    )  # wrong again
    yield (
        "张敏/登记5.xlsx",
        _book({"5日": _register("2026-11-05", _visit("郑先生", "13800005555"), _visit("冯先生", "13", "16:00"))}),
    )
    yield "坏.xlsx", grown[: len(grown) // 2]  # quarantined
    yield "菜单.xlsx", _book({"菜单": [["红烧肉", 38], ["青菜", 12]]})  # no form of ours
    yield "~$11月登记.xlsx", b"lock"


def _register(day: str, *visits: Sequence[Any]) -> Rows:
    return [["来店(电)顾客登记表"], ["日期", day], _HEADER, *([number, *each] for number, each in enumerate(visits, 1))]


def _visit(name: str, phone: str, arrived: str = "9:30", consultant: str = "李明") -> Sequence[Any]:
    return (name, phone, "来店", "首次", "X5", "H", arrived, "17:15", consultant, "看车")


def _daily(day: str, consultant: str) -> Rows:
    done = [1, "王先生", "13800001111", "X5", "接待", "", "H", "看车"]
    planned = [1, "赵女士", "13800002222", "X5", "回访", "再约"]
    return [
        ["销售活动日报表"],
        ["日期", day, None, "销售顾问", consultant],
        ["今日工作总结"],
        _DAILY,
        done,
        [],
        ["明日工作计划"],
        _PLAN,
        planned,
    ]


def _book(sheets: dict[str, Rows]) -> bytes:
    written = io.BytesIO()
    with xlsxwriter.Workbook(written, {"in_memory": True}) as book:
        book.set_properties({"created": datetime(2026, 11, 1)})
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
    return written.getvalue()
