"""Draws days at the front desk, a visit a line, and reads tables of the report on them."""

from __future__ import annotations

from datetime import date
from typing import Any

from pipeline.report import Report, Sheet
from pipeline.rulebook.rulebook import Rulebook
from pipeline.view import Rowset, View
from tests.told import PLACE

ON = date(2026, 10, 10)
CHANNELS = {"店": "walk_in", "电": "call_in"}
KINDS = {"首": "first", "再": "return", "提": "other", "-": None}
# Thu 10-01 and Sat 10-03: holidays. Thu 10-08: a working day. Sat 10-10: a worked weekend. 10-04 … 10-07 and 10-09: no register.
STORY = """
10-01 店 首 09:10 09:40 李明 王先生 留
10-01 店 首 09:59 10:49 陈静 李女士 不愿留
10-01 电 首 20:30 20:40 李明 张先生 留
10-03 店 提 11:00 11:30 李明 赵先生 留
10-08 店 再 14:00 -     陈静 刘先生 随便看看
10-10 店 首 07:50 08:20 李明 孙先生 留 订
10-10 店 -  21:05 21:25 陈静 周先生 未留
"""


def view(rules: Rulebook, story: str, *quiet: str, on: date = ON) -> View:
    """Return the view of the drawn visits; `quiet` are days whose register was handed in empty."""
    columns = tuple(rules.kinds["visit"].columns)
    names, lines = (*columns, *PLACE), story.strip().splitlines()
    rows = [(*(visit(line).get(name) for name in columns), *place(number)) for number, line in enumerate(lines, 5)]
    days = sorted({f"{row[0]:%m-%d}" for row in rows} | set(quiet))
    covers = [({"visited_on": f"2026-{day}"},) for day in days]
    return View(on, "default", {"visit": Rowset(names, rows), "hand_in": Rowset(("covers",), covers)})


def place(row: int) -> tuple[Any, ...]:
    """Return where a drawn visit is written, in the order of PLACE: in the register, a row each."""
    cells = {"customer_name": f"B{row}"}
    return ("default", "visitor_register", "登记表.xlsx", "10月", row, cells, str(row), "s", "r", None, "originals/登记表.xlsx")  # fmt: skip


def visit(line: str) -> dict[str, Any]:
    """Return one drawn visit: day, channel, kind, arrival, leaving, consultant, name, phone or reason, and 订 for an order."""
    day, channel, kind, arrived, left, consultant, name, phone, *order = line.split()
    captured = phone == "留"
    return {
        "visited_on": date.fromisoformat(f"2026-{day}"), "channel": CHANNELS[channel], "visit_kind": KINDS[kind],
        "arrived_at": arrived, "left_at": None if left == "-" else left, "consultant": consultant, "customer_name": name,
        "stay_minutes": None if left == "-" else minutes(left) - minutes(arrived), "phone": "13800001111" if captured else None,
        "captured": captured, "refusal_reason": None if captured else phone, "ordered": bool(order), "note": "看车",
    }  # fmt: skip


def minutes(clock: str) -> int:
    """Return the minutes since midnight."""
    return int(clock[:2]) * 60 + int(clock[3:])


def sheet(report: Report, name: str) -> Sheet:
    """Return a sheet of the report."""
    return next(sheet for sheet in report.sheets if sheet.name == name)


def rows(report: Report, name: str, *columns: str, table: int = 0) -> list[tuple[Any, ...]]:
    """Return these columns of a table of a sheet."""
    found = sheet(report, name).tables[table]
    places = [[column.name for column in found.columns].index(column) for column in columns]
    return [tuple(row[place] for place in places) for row in found.rows]
