"""Draws cards: a row of tiles at the top of a sheet, each a figure that is read from across the desk.

name        来店来电          two columns wide, four rows high;
value       13 批             the name and the figure lead to the list behind it
said        本月 462 批
against     ▲ 增 51%(上月同期 305)
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest
from typing import Final

from pipeline.ink.letters import safe
from pipeline.ink.paper import BLUE, DARK, GREEN, GREY, PALE, RED
from pipeline.ink.tables import Pen
from pipeline.report import Card

CARD_ROWS: Final = 4
_ACROSS: Final = 2  # columns a card takes
_WIDE: Final = 11.0  # characters of each
_HEIGHTS: Final = (21.0, 34.0, 17.0, 20.0)  # points
_COLOURS: Final = {"good": GREEN, "bad": RED}


def with_cards(widths: Sequence[float], cards: Sequence[Card]) -> list[float]:
    """Return the widths of a sheet's columns, wide enough for its cards."""
    needed = [_WIDE] * (_ACROSS * len(cards))
    return [max(wide, least) for wide, least in zip_longest(widths, needed, fillvalue=0.0)]


def draw_cards(pen: Pen, cards: Sequence[Card], row: int) -> None:
    """Write the cards side by side, their first line in this row."""
    if not cards:
        return
    for number, points in enumerate(_HEIGHTS):
        pen.tall(row + number, points)
    for place, card in enumerate(cards):
        _card(pen, card, row, place * _ACROSS)


def _card(pen: Pen, card: Card, row: int, column: int) -> None:
    looks: tuple[tuple[str, dict[str, object]], ...] = (
        (card.name, {"font_size": 10, "font_color": BLUE if card.to else GREY, "underline": 1 if card.to else 0}),
        (card.value, {"font_size": 20, "bold": True, "font_color": DARK}),
        (card.said, {"font_size": 9, "font_color": GREY}),
        (card.against, {"font_size": 9, "bold": True, "font_color": _COLOURS.get(card.tone, GREY)}),
    )  # fmt: skip
    for number, (text, look) in enumerate(looks):
        # A white edge left and right parts the tiles; a dark one on top holds each together.
        edge = {"left": 5, "right": 5, "left_color": "#FFFFFF", "right_color": "#FFFFFF"}
        top = {"top": 5, "top_color": BLUE} if number == 0 else {}
        tile = pen.paper.ink(bg_color=PALE, align="center", shrink=True, **edge, **top, **look)
        pen.sheet.merge_range(row + number, column, row + number, column + _ACROSS - 1, "", tile)
        target = pen.jump(card.to) if number <= 1 else ""
        if target:
            pen.sheet.write_url(row + number, column, target, tile, safe(text), f"看明细:{card.to}")
        else:
            pen.sheet.write_string(row + number, column, safe(text), tile)
