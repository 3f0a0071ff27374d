"""Draws a blank sheet of cards: labels with room beside them, two pairs a row, and the list below, ruled on one grid.

┌──────────┬───────────┬──────────┬───────────┐
│ 客户姓名 │           │ 电话     │           │
├──────┬───┴──┬────────┴──────┬───┴──┬────────┤
│ 日期 │ 方式 │ 情形          │ 级别 │ 下次…  │
└──────┴──────┴───────────────┴──────┴────────┘
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate, pairwise

from pipeline.blanks.filled import in_slot, printed
from pipeline.blanks.leaf import Leaf
from pipeline.blanks.slots import Slot, part_slots
from pipeline.rulebook.form import LISTS, Form, Part

_LABEL, _VALUE = 15, 33  # characters of a label and of the room beside it
_WIDE = 2 * (_LABEL + _VALUE)  # an A4 page upright
_PAIRS = (0, _LABEL, _LABEL + _VALUE, 2 * _LABEL + _VALUE, _WIDE)
_SNAP = 6  # a list's column edge this near to a pair's edge is drawn on it
_ROW, _LIST_ROW = 22.0, 20.0  # points


def draw_cards(leaf: Leaf, form: Form, name: str) -> None:
    """Draw the cards of one part, and the notes below the last."""
    part = form.parts[name]
    lists = [child for child in form.parts.values() if child.under == name and child.layout.kind in LISTS]
    plans = [part_slots(child, leaf.rules) for child in lists]
    rulers = [_ruler(slots) for slots in plans]
    edges = sorted({*_PAIRS, *(edge for ruler in rulers for edge in ruler)})
    for column, (left, right) in enumerate(pairwise(edges)):
        leaf.sheet.set_column(column, column, right - left)
    row = 0
    for _ in range(part.layout.cards):
        leaf.title(row, 0, len(edges) - 2, part.title or form.title, 14)
        row = _pairs(leaf, row + 1, part_slots(part, leaf.rules), edges)
        for child, slots, ruler in zip(lists, plans, rulers, strict=True):
            if len(lists) > 1 and child.title:
                leaf.section(row, 0, len(edges) - 2, child.title)
                row += 1
            row = _list(leaf, row, slots, ruler, edges, child)
        row += 1
    leaf.foot(row, len(edges) - 2, form, _WIDE)


def _ruler(slots: Sequence[Slot]) -> list[int]:
    """Return the edges of a list's columns over the card's whole width."""
    notes = [slot for slot in slots if slot.spec and slot.spec.is_ == "text" and not slot.spec.width]
    rest = _WIDE - sum(slot.wide for slot in slots if slot not in notes)
    wide = [rest / len(notes) if slot in notes else slot.wide for slot in slots]
    if not notes or rest <= 0:
        wide = [slot.wide for slot in slots]
    natural = [edge * _WIDE / sum(wide) for edge in accumulate(wide)]
    found = [0]
    for edge in natural:
        near = min(_PAIRS, key=lambda pair: abs(pair - edge))
        snapped = near if abs(near - edge) <= _SNAP and near > found[-1] else round(edge)
        found.append(max(snapped, found[-1] + 3))
    found[-1] = _WIDE
    return found


def _pairs(leaf: Leaf, row: int, slots: Sequence[Slot], edges: Sequence[int]) -> int:
    """Draw labels and the room beside them, each block under its heading; a label alone in its row has the whole of it. Return the next row."""
    at = {edge: column for column, edge in enumerate(edges)}
    for line in _lines(slots):
        if line[0].block:
            leaf.head(row, 0, len(edges) - 2, line[0].block)
            row += 1
        for number, slot in enumerate(line):
            left = number * (_LABEL + _VALUE)
            right = _WIDE if number == len(line) - 1 else left + _LABEL + _VALUE
            leaf.label(row, at[left], at[left + _LABEL] - 1, slot)
            leaf.blanks(row, row, at[left + _LABEL], at[right] - 1, slot, _ROW)
        row += 1
    return row


def _lines(slots: Sequence[Slot]) -> list[list[Slot]]:
    """Return the slots two a row; a block begins a row, and one that needs more room than half a row has one of its own."""
    lines: list[list[Slot]] = []
    for slot in slots:
        full = not lines or len(lines[-1]) > 1 or any(_needs_a_row(each) for each in (slot, lines[-1][0]))
        if full or slot.block:
            lines.append([slot])
        else:
            lines[-1].append(slot)
    return lines


def _needs_a_row(slot: Slot) -> bool:
    return bool(slot.spec and slot.spec.width > _VALUE)


def _list(leaf: Leaf, row: int, slots: Sequence[Slot], ruler: Sequence[int], edges: Sequence[int], part: Part) -> int:
    """Draw the list below a card; return the next row."""
    at = {edge: column for column, edge in enumerate(edges)}
    for slot, (left, right) in zip(slots, pairwise(ruler), strict=True):
        leaf.label(row, at[left], at[right] - 1, slot)
        held = in_slot(slot, part.fields, printed(part))
        leaf.blanks(row + 1, row + part.lines, at[left], at[right] - 1, slot, _LIST_ROW, held)
    leaf.sheet.set_row(row, _ROW)
    return row + 1 + part.lines
