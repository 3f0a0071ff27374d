"""Makes filled workbooks and homes for the tests that run whole nights."""

from __future__ import annotations

import io
import os
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import openpyxl

from pipeline.keep_home import Home, init_home

HEADER = [
    "序号",
    "顾客名称",
    "电话",
    "到访方式",
    "来访性质",
    "拟购车型",
    "意向级别",
    "进店时间",
    "离店时间",
    "销售顾问",
    "注释",
]


def register(day: str, *visits: Sequence[Any]) -> list[list[Any]]:
    """Return the rows of a visitor register."""
    return [["来店(电)顾客登记表"], ["日期", day], HEADER, *([i, *visit] for i, visit in enumerate(visits, 1))]


def visit(
    name: str = "王先生",
    phone: Any = "13800001111",
    arrived: str = "9:30",
    left: str = "10:15",
    consultant: str = "李明",
    **other: str,
) -> list[Any]:
    """Return one row of the register, without its number."""
    return [
        name,
        phone,
        "来店",
        other.get("kind", "首次"),
        "X5",
        other.get("level", "H"),
        arrived,
        left,
        consultant,
        other.get("note", "看车"),
    ]


def daily(day: str, consultant: str, *done: Sequence[Any], planned: Sequence[Sequence[Any]] = ()) -> list[list[Any]]:
    """Return the rows of a daily report; each line is name, phone, kind, level before, level after, note."""
    lines: list[list[Any]] = [["销售活动日报表"], ["日期", day, None, "销售顾问", consultant], ["今日工作总结"]]
    lines.append(["序号", "客户姓名", "电话", "车型", "工作类别", "原有级别", "现在级别", "经过情形"])
    lines += [
        [i, name, phone, "X5", kind, before, after, note]
        for i, (name, phone, kind, before, after, note) in enumerate(done, 1)
    ]
    lines += [[], ["明日工作计划"], ["序号", "客户姓名", "电话", "车型", "工作类别", "备注"]]
    return lines + [[i, *line] for i, line in enumerate(planned, 1)]


def xlsx(sheets: Mapping[str, Sequence[Sequence[Any]]]) -> bytes:
    """Return a workbook of these sheets."""
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    out = io.BytesIO()
    book.properties.created = book.properties.modified = datetime(2026, 11, 5)
    book.save(out)
    return out.getvalue()


def save(book: openpyxl.Workbook, home: Home, path: str, at: str = "2026-11-05 18:00") -> Path:
    """Save an opened workbook into the inbox as filled at a time: one of this moment would keep the night waiting."""
    out = io.BytesIO()
    # What is saved at another time is another file, though a test be done with both within a second.
    book.properties.title = at
    book.save(out)
    return drop(home, path, out.getvalue(), at)


def drop(home: Home, path: str, content: bytes, at: str = "2026-11-05 18:00") -> Path:
    """Put a file into the inbox as saved at a time."""
    target = home.inbox / path
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(content)
    moment = datetime.fromisoformat(at).timestamp()
    os.utime(target, (moment, moment))
    return target


def new_home(folder: Path, *consultants: str) -> Home:
    """Return a home just initialised, with these consultants."""
    home = init_home(folder)
    if consultants:
        house = home.rules / "house.yaml"
        people = "\n".join(f"  - {{name: {name}}}" for name in consultants)
        text = house.read_text("utf-8").splitlines()
        house.write_text(
            "\n".join(f"consultants:\n{people}" if line.startswith("consultants:") else line for line in text), "utf-8"
        )
    return home
