"""R7: what the card back says of a contact is what the tracker says, and what the daily report says of that day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Final

from pipeline.reconcile.cards import STANDS
from pipeline.reconcile.papers import Gap, Papers, Row, cell, consultant_of, reached, result

_CARD, _TRACKER, _DAILY = "管理卡", "推进表", "日报"
_KINDS: Final = frozenset({"reception", "follow_up", "test_drive"})


def contacts_agree(papers: Papers) -> Iterator[Gap]:
    """Yield R7, once per customer and day: a contact that one of the forms lacks, or of which two tell another level or outcome.

    A form is asked only where it speaks of the customer: the card if there is a card back, the tracker of the month if the
    customer is listed there, the daily report if one came that day. A blank level says nothing; calls nobody took are no
    contact. On the day of first contact the head of card and tracker row stands for the contact.
    """
    backs = {row["phone"]: row for row in papers.rows["customer"]}
    listed = {(row["phone"], row["month"]): row for row in papers.rows["prospect"]}
    for (phone, on), written in sorted(_contacts(papers).items()):
        back, line = backs.get(phone), listed.get((phone, f"{on:%Y-%m}"))
        said = {form: rows for form, rows in written.items() if rows}
        one = next(iter(said.values()))[0]
        if back is None and line is None:
            continue
        asked = [(_CARD, back), (_TRACKER, line)]
        words = {form: _told(said.get(form, []), head, on) for form, head in asked if head is not None}
        daily = papers.daily.get((consultant_of(one), on))
        if daily is not None:
            mine = [row for row in papers.summed_up(one, on) if reached(row)]
            words[_DAILY] = result(mine) if mine else None
        if None in words.values() or len({word for word in words.values() if word}) > 1:
            found = "、".join(f"{form} {_shown(word)}" for form, word in words.items())
            cells = [cell(rows[-1], "level_after", "outcome", "done_on") for rows in said.values()]
            heads = [cell(head) for form, head in asked if head is not None and form not in said]
            there = next(iter([*cells[1:], *([daily] if daily else []), *heads]), None)
            yield Gap(
                "R7", on, consultant_of(one), one["customer_name"] or "", f"{'、'.join(words)}的联系结果一致", found,
                cells[0], there, phone,
            )  # fmt: skip


def _contacts(papers: Papers) -> Mapping[tuple[str, date], Mapping[str, Sequence[Row]]]:
    """Return the month's contacts by phone and day, each with the rows of every form that tells of it."""
    found: dict[tuple[str, date], dict[str, list[Row]]] = defaultdict(lambda: {_CARD: [], _TRACKER: [], _DAILY: []})
    for row in papers.rows["follow_up"]:
        if row["done_on"] and reached(row):
            form = _CARD if row["_form"] == "customer_card" else _TRACKER
            found[row["phone"], row["done_on"]][form].append(row)
    for row in papers.rows["activity"]:
        if row["phone"] and row["kind"] in _KINDS and reached(row):
            found[row["phone"], row["worked_on"]][_DAILY].append(row)
    return {key: forms for key, forms in found.items() if papers.first <= key[1] <= papers.on and key[0]}


def _told(rows: Sequence[Row], head: Row, on: date) -> str | None:
    """Return what a form says came of a day's contact: '' = no level, None = the form knows of no contact."""
    if rows:
        return result(rows)
    if head["first_contact_on"] == on:
        return result([{"level_after": head.get("opening_level") or head.get("level")}])
    return None


def _shown(word: str | None) -> str:
    return "没有" if word is None else "未写级别" if word == "" else STANDS.get(word, word)
