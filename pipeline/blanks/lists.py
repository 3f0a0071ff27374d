"""Draws a blank sheet of lists: title, what stands above, one list or two below each other, notes.

┌──────────── 销售活动日报表 ────────────┐
│ 日期 [      ]   销售顾问 [      ]      │
│ 今日工作总结                           │
│ 序号 客户姓名 电话 …                   │
│  1                                     │
│ 明日工作计划                           │
│ 填写说明 …                             │
└────────────────────────────────────────┘
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from pipeline.blanks.filled import NOTHING, Filled, Line, in_slot, printed
from pipeline.blanks.leaf import Leaf, spread
from pipeline.blanks.slots import NUMBER, Slot, above_slots, list_slots
from pipeline.ink.paper import PAGE_PIXELS, across
from pipeline.rulebook.form import Form, Part
from pipeline.text import width

_ROW, _HIGHEST_ROW = 20.0, 30.0  # points: room for handwriting on a printed blank; rows of wide blanks fill their page
_REST = 190.0  # points of title, headers and notes
_VALUE = 14.0  # characters of a value above the table
_NAMED = 2  # columns kept in sight while scrolling: number and name


def draw_lists(leaf: Leaf, form: Form, names: Sequence[str], child: str = "", filled: Filled = NOTHING) -> None:
    """Draw the lists of a form on one sheet; `child` chooses the column groups or days, `filled` what stands there already."""
    plans = [list_slots(form, name, leaf.rules, child) for name in names]
    widths = _widths(plans)
    right = len(widths) - 1
    for column, wide in enumerate(widths):
        leaf.sheet.set_column(column, column, wide)
    height = _row_height(across(widths), sum(form.parts[name].lines for name in names))
    leaf.title(0, 0, right, form.title)
    row = _above(leaf, form, widths, filled.above)
    top = row
    for name, slots in zip(names, plans, strict=True):
        part = form.parts[name]
        if part.title:
            leaf.section(row, 0, right, part.title)
            row += 1
        body = _header(leaf, row, slots, right)
        top = body if len(names) == 1 else top
        row = body + part.lines
        _body(leaf, body, part, slots, right, height, filled.lines.get(name, printed(part)))
        row += len(names) > 1
    leaf.foot(row, right, form, sum(widths))
    grouped = any(slot.head or slot.day for slot in plans[0])
    leaf.sheet.freeze_panes(top, _NAMED if grouped else 0)
    if len(names) == 1:
        leaf.sheet.repeat_rows(top - (2 if any(slot.head for slot in plans[0]) else 1), top - 1)


def _widths(plans: Sequence[Sequence[Slot]]) -> list[float]:
    """Return the widths of the sheet's columns; the last column of a shorter list is stretched over the rest."""
    longest = max(plans, key=len)
    found = [slot.wide for slot in longest]
    for plan in plans:
        for number, slot in enumerate(plan if len(plan) == len(longest) else plan[:-1]):
            found[number] = max(found[number], slot.wide)
    return found


def _row_height(wide: float, rows: int) -> float:
    """Return the height of body rows with which a blank of this width fills an A4 page across."""
    page_across, page_down = PAGE_PIXELS
    return min(max(_ROW, (wide * 0.75 * page_down / page_across - _REST) / rows), _HIGHEST_ROW)


def _above(leaf: Leaf, form: Form, widths: Sequence[float], known: Line) -> int:
    """Draw the labels above the table and the cells for their values, on as many lines as they need; return the next row."""
    row, column = 1, 0
    for slot in above_slots(form, leaf.rules):
        end = spread(widths, column, width(slot.label) + 3)
        if end + 1 >= len(widths):  # no cell is left for its value
            row, column = row + 1, 0
            end = spread(widths, column, width(slot.label) + 3)
        leaf.label(row, column, end, slot)
        last = spread(widths, end + 1, max(_VALUE, slot.wide))
        leaf.blanks(row, row, end + 1, last, slot, 22, in_slot(slot, form.above, [known]))
        column = last + 2
    for line in range(1, row + 1):
        leaf.sheet.set_row(line, 22)
    leaf.sheet.set_row(row + 1, 6)
    return row + 2


def _header(leaf: Leaf, row: int, slots: Sequence[Slot], right: int) -> int:
    """Draw one header row, or two where columns stand in groups; return the first row below."""
    deep = any(slot.head for slot in slots)
    column = 0
    for head, group in groupby(slots, key=lambda slot: slot.head):
        members = list(group)
        if head:
            leaf.head(row, column, column + len(members) - 1, head)
        for number, slot in enumerate(members, column):
            end = right if number == len(slots) - 1 else number
            leaf.label(row + 1 if head else row, number, end, slot, None if head or not deep else row + 1)
        column += len(members)
    leaf.sheet.set_row(row, 22)
    if deep:
        leaf.sheet.set_row(row + 1, 30)
    return row + 1 + deep


def _body(
    leaf: Leaf, first: int, part: Part, slots: Sequence[Slot], right: int, height: float, lines: Sequence[Line]
) -> None:
    """Draw the rows, numbered where the form numbers them, and the lines that stand there already."""
    last = first + part.lines - 1
    for column, slot in enumerate(slots):
        end = right if column == len(slots) - 1 else column
        leaf.blanks(first, last, column, end, slot, height, in_slot(slot, part.fields, lines))
        if slot.label == NUMBER and slot.spec is None:
            for row in range(first, last + 1):
                leaf.put(row, column, column, row - first + 1, leaf.number)
