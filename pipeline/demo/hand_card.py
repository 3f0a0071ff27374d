"""Draws customer cards: down a sheet, two abreast, or a sheet a customer with back and front."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.demo.lines import Customer, Deal, FollowUp, OwnerVisit, Paper
from pipeline.demo.people import HABITS
from pipeline.demo.sheet import Sheet
from pipeline.demo.spelling import (
    METHODS,
    PAYMENTS,
    PURCHASES,
    SOURCES,
    Cell,
    with_year,
    word,
    written_date,
    written_level,
    written_phone,
    written_result,
)  # fmt: skip

_ABREAST = 8  # columns from one card to the next beside it
_SPARE = 2  # empty rows in a card's list


def card_book(papers: Sequence[Paper], look: str) -> list[Sheet]:
    """Draw all cards of a consultant: `stack` and `pair` keep backs and fronts on two sheets, `each` gives a customer a sheet."""
    if look == "each":
        return _a_sheet_each(papers)
    drawn: dict[str, list[list[list[Cell]]]] = {"反面": [], "正面": []}
    for paper in papers:
        drawn["正面" if isinstance(paper.lines[0], Deal) else "反面"].append(_card(paper))
    across = 2 if look == "pair" else 1
    return [_laid_out(name, cards, across) for name, cards in drawn.items() if cards]


def _laid_out(name: str, cards: list[list[list[Cell]]], across: int) -> Sheet:
    sheet = Sheet(name)
    for start in range(0, len(cards), across):
        band = cards[start : start + across]
        for row in range(max(map(len, band))):
            cells: list[Cell] = []
            for place, card in enumerate(band):
                cells += [None] * (place * _ABREAST - len(cells))
                cells += card[row] if row < len(card) else []
            sheet.add(*cells)
        sheet.add()
    return sheet


def _a_sheet_each(papers: Sequence[Paper]) -> list[Sheet]:
    sheets: dict[str, Sheet] = {}
    for paper in papers:
        head = paper.lines[0]
        sheet = sheets.setdefault(getattr(head, "phone", ""), Sheet(getattr(head, "customer_name", "")))
        for cells in [*_card(paper), []]:
            sheet.add(*cells)
    return list(sheets.values())


def _card(paper: Paper) -> list[list[Cell]]:
    head, *rest = paper.lines
    if isinstance(head, Deal):
        return _front(head, [line for line in rest if isinstance(line, OwnerVisit)])
    if isinstance(head, Customer):
        return _back(head, [line for line in rest if isinstance(line, FollowUp)])
    raise TypeError(f"a card has no head like {head!r}")


def _back(head: Customer, contacts: list[FollowUp]) -> list[list[Cell]]:
    hand = HABITS[head.consultant]
    bought = word(PURCHASES, head.purchase_type)
    if hand.card == "pair":  # the choices stand printed in the cell, one of them ticked
        bought = " ".join(f"{'☑' if words[0] == bought else '□'}{words[0]}" for words in PURCHASES.values())
    budget: Cell = f"{head.budget / 10000:g}万" if hand.forms == "old" else float(head.budget)
    rows: list[list[Cell]] = [
        ["客户管理卡（反面）"],
        ["客户姓名", head.customer_name, "电话", written_phone(hand.phone, head.phone), "意向车型", head.model],
        [
            "信息来源",
            word(SOURCES, head.source, 1),
            "初洽日期",
            written_date(with_year(hand.date), head.first_contact_on),
            "初始级别",
            written_level(hand.level, head.level),
        ],
        ["销售顾问", hand.name, "地址", head.address, "职业", head.occupation],
        ["购车类型", bought, "付款方式", word(PAYMENTS, head.payment), "竞品", head.rival_model],
        ["预算", budget],
        ["日期", "方式", "情形", "级别", "下次回访日期"],
    ]
    for turn, line in enumerate(contacts):
        level = "X" if line.slip == "level" else written_result(hand.level, line.level_after, line.outcome, turn)
        rows.append([
            written_date(hand.date, line.done_on), word(METHODS, line.method, turn), line.note, level, written_date(hand.date, line.next_on),
        ])  # fmt: skip
    return rows + [[] for _ in range(_SPARE)]


def _front(head: Deal, revisits: list[OwnerVisit]) -> list[list[Cell]]:
    hand = HABITS[head.consultant]
    style = with_year(hand.date)
    vin = head.vin[:-1] if head.slip == "vin" else head.vin
    price: Cell = f"￥{head.price:,}" if hand.forms == "old" else float(head.price)
    rows: list[list[Cell]] = [
        ["客户管理卡（正面）"],
        ["车主姓名", head.customer_name, "联系电话", written_phone(hand.phone, head.phone), "车型", head.model],
        ["颜色", head.colour, "车架号", vin, "车牌号", head.plate],
        [
            "订购日期",
            written_date(style, head.ordered_on),
            "交车日期",
            written_date(style, head.delivered_on),
            "成交价",
            price,
        ],
        ["付款方式", word(PAYMENTS, head.payment), "保险到期日", None, "销售顾问", hand.name],
        ["计划日期", "实际日期", "方式", "情形", "满意度"],
    ]
    rows += [
        [
            written_date(style, line.planned_on),
            written_date(style, line.done_on),
            word(METHODS, line.method),
            line.note,
            line.satisfaction,
        ]
        for line in revisits
    ]
    return rows + [[] for _ in range(_SPARE)]
