"""R1 to R4: a reception is written up whole; who has a level or bought has a card, a place in the tracker, and is never lost sight of."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Final

from pipeline.reconcile.papers import DAY, UNNAMED, Gap, Papers, Row, cell, consultant_of
from pipeline.report import Source

_WHOLE: Final = {"arrived_at": "进店时间", "left_at": "离店时间", "consultant": "销售顾问", "note": "注释"}
_BOUGHT: Final = frozenset({"ordered", "delivered"})
_GONE: Final = frozenset({"lost", "dormant"})
STANDS: Final = {"ordered": "订单", "delivered": "交车", "lost": "战败", "dormant": "休眠", "": "未定级"}
_BACK, _FRONT, _TRACKER = "客户管理卡反面", "客户管理卡正面", "等级推进表"


def receptions_whole(papers: Papers) -> Iterator[Gap]:
    """Yield R1: a row of the register, of whatever kind, without times, consultant, note, or a name or stand-in."""
    for row in papers.rows["visit"]:
        if row["visited_on"] is None or not papers.first <= row["visited_on"] <= papers.on:
            continue
        missing = [label for name, label in _WHOLE.items() if not row.get(name)]
        missing += [] if row.get("customer_name") or row.get("plate") else ["称呼"]
        if missing:
            blank = next((name for name, label in _WHOLE.items() if label in missing), "customer_name")
            yield Gap(
                "R1", row["visited_on"], consultant_of(row), row.get("customer_name") or row.get("plate") or "",
                "进店、离店时间、销售顾问、注释和称呼都有", f"没写{'、'.join(missing)}", cell(row, blank, "arrived_at"), None,
                row.get("phone") or "",
            )  # fmt: skip


def standing(papers: Papers) -> Iterator[Gap]:
    """Yield R2 to R4 by where everybody stands at the end of the day, each rule on its own.

    Ordered and delivered persons need the card front; lost and dormant ones need nothing more; for C the card back alone
    counts as tracked. Source: contract 7.
    """
    backs = {row["phone"]: row for row in papers.rows["customer"] if _by(row["first_contact_on"], papers.on)}
    fronts = {
        row["phone"]: row for row in papers.rows["deal"] if _by(row["ordered_on"] or row["delivered_on"], papers.on)
    }
    listed = {row["phone"]: row for row in papers.rows["prospect"] if _by(_listed_on(row), papers.on)}
    for phone in papers.people:
        stand = papers.stand(phone, papers.on)
        prospect = phone in papers.since and papers.since[phone] <= papers.on
        forms = {_BACK: backs.get(phone), _FRONT: fronts.get(phone), _TRACKER: listed.get(phone)}
        here = _where(papers, phone)
        for rule, needed in _needs(stand, prospect=prospect, captured=phone in papers.captured):
            missing = [form for form in needed if forms[form] is None]
            if missing:
                yield _standing_gap(papers, rule, phone, stand, (needed, missing), forms, here)


def _needs(stand: str, *, prospect: bool, captured: bool) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield each rule that asks something of a person, and the forms it asks for."""
    if stand in _GONE:
        return
    if stand in _BOUGHT:
        yield "R2", (_FRONT,)
        if captured:
            yield "R4", (_FRONT,)
        return
    if prospect and stand in set("HABC"):
        yield "R2", (_BACK,)
    if prospect and stand in set("HAB"):
        yield "R3", (_TRACKER,)
    if captured:
        yield "R4", (_BACK,) if stand == "C" else (_TRACKER, _BACK)


def _standing_gap(
    papers: Papers,
    rule: str,
    phone: str,
    stand: str,
    asked: tuple[tuple[str, ...], list[str]],
    forms: dict[str, Row | None],
    here: Source,
) -> Gap:
    needed, missing = asked
    there = next((cell(row) for row in forms.values() if row is not None and cell(row) != here), None)
    who = papers.people[phone]
    return Gap(
        rule, papers.on, who["consultant"] or UNNAMED, who["customer_name"] or "",
        f"{STANDS.get(stand, f'{stand}级')}:有{'和'.join(needed)}", f"没有{'和'.join(missing)}", here, there, phone,
    )  # fmt: skip


def _where(papers: Papers, phone: str) -> Source:
    """Return the cell of the latest statement about a person."""
    who = papers.people[phone]
    if who["kind"] is None or who["row"] is None:
        return Source("", "", "")
    return papers.facts.place(who["kind"], int(who["row"]))


def _listed_on(row: Row) -> date | None:
    """Return the day a tracker row speaks of: the first contact, else the eve of its month."""
    if row["first_contact_on"] or not row["month"]:
        return row["first_contact_on"]  # type: ignore[no-any-return]
    return date.fromisoformat(f"{row['month']}-01") - DAY


def _by(day: date | None, on: date) -> bool:
    return day is None or day <= on
