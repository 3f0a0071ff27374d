"""Reckons what becomes of the phones that part-timers bring back: rung in time or not, prospects by now, counted against 留电数.

A lead is no prospect (contract 7). It becomes one when a consultant lists its phone, makes a card, or receives the visit;
from then on 逾期跟进 speaks of it. Until then it waits here to be rung: a follow-up reached, an activity or a visit counts.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from pipeline.ledgers import Reckoned, Row, rows_of_kind, source_of
from pipeline.report import Column, Sheet, Table
from pipeline.rulebook.rulebook import Rulebook
from pipeline.settlement import SIGN_IN
from pipeline.text import mask
from pipeline.view import View

_SHEET: Final = "外拓线索"
_PLACE: Final = Column("来源", "place")
_WORK: Final = frozenset({"reception", "follow_up", "test_drive"})  # kinds of activity that are a contact (contract 7)
_NOTES: Final = (
    ("待回访线索", "兼职登记的电话,顾问还没有联系过(接通的回访、接待、试驾或来店),也没有写进推进表、建卡;留电后几天内回访见 rules/outreach.yaml。"),
    ("已转潜客", "写进推进表、建了卡或来店留档的线索才算潜在客户;初洽日期照顾问的表,没有写的用留电和来店里早的那天。"),
    ("留电核对", "签到表上的留电数,和同一天同一个人在客户登记表(兼职)上登记的有效电话(同一号码算一个)比。"),
)  # fmt: skip


@dataclass(frozen=True)
class _Known:
    """What consultants' forms say of phones: the days of contact, and of who is a prospect the first contact, as the facts date it, and whose."""

    contacts: Mapping[str, Sequence[date]]
    prospects: Mapping[str, tuple[date | None, date, str]]  # first contact stated, first visit, whose


def reckoned(view: View, rules: Rulebook) -> tuple[Reckoned, ...]:
    """Return the sheet 外拓线索: who waits to be rung first; nothing where nobody ever brought a phone."""
    every = [row for row in rows_of_kind(view, "lead") if row["met_on"] and row["met_on"] <= view.on]
    if not every:
        return ()
    known = _known(view)
    first: dict[str, Row] = {}
    for row in sorted((row for row in every if row["phone"]), key=lambda row: (row["met_on"], row["_row"])):
        first.setdefault(row["phone"], row)
    waiting = _waiting(list(first.values()), known, view.on, rules)
    late = sum(line[7] > 0 for line in waiting.rows)
    counted = _counted(view, every, view.on - timedelta(days=rules.house.press_days))
    since = view.on - timedelta(days=rules.house.window_days - 1)
    tables = (
        waiting,
        *((counted,) if counted else ()),
        _yield(every, first, known, since),
        _became(list(first.values()), known, since, rules),
    )
    said = f"逾期未回访 {late} 条" if late else ""
    return (Reckoned(Sheet(_SHEET, _SHEET, tables, said), late + (len(counted.rows) if counted else 0), _NOTES),)


def _known(view: View) -> _Known:
    contacts: dict[str, list[date]] = defaultdict(list)
    stated: dict[str, list[date]] = defaultdict(list)
    captured: dict[str, list[date]] = defaultdict(list)
    whose: dict[str, str] = {}
    for row in rows_of_kind(view, "follow_up"):
        if row["done_on"] and row["reached"]:
            contacts[row["phone"]].append(row["done_on"])
    for row in rows_of_kind(view, "activity"):
        if row["worked_on"] and row["kind"] in _WORK and row["reached"] is not False:
            contacts[row["phone"]].append(row["worked_on"])
    for row in rows_of_kind(view, "visit"):
        contacts[row["phone"]].append(row["visited_on"])
        if row["captured"] and row["visit_kind"] != "other":
            captured[row["phone"]].append(row["visited_on"])
            whose.setdefault(row["phone"], row["consultant"])
    for kind in ("prospect", "customer"):
        for row in rows_of_kind(view, kind):
            stated[row["phone"]] += [row["first_contact_on"]] if row["first_contact_on"] else []
            whose[row["phone"]] = row["consultant"]
    found = {
        phone: (min(stated[phone], default=None), min(captured[phone], default=date.max), str(consultant or ""))
        for phone, consultant in whose.items()
        if phone
    }
    return _Known(contacts, found)


def _shown(row: Row, rules: Rulebook) -> str | None:
    return mask(row["phone"]) if rules.privacy.mask_phones else row["phone"]


def _waiting(leads: Sequence[Row], known: _Known, on: date, rules: Rulebook) -> Table:
    columns = (
        Column("客户"), Column("电话", "phone"), Column("留电日期", "date"), Column("地点"), Column("登记人"), Column("回访人"),
        Column("应回访日期", "date"), Column("逾期天数", "count", bar=True), Column("描述", "long"), _PLACE,
    )  # fmt: skip
    within = timedelta(days=rules.outreach.call_within_days)
    since = on - timedelta(days=rules.house.press_days)
    waiting = [
        row
        for row in leads
        if row["met_on"] >= since
        and row["phone"] not in known.prospects
        and not any(day >= row["met_on"] for day in known.contacts.get(row["phone"], ()))
    ]
    rows = tuple(
        (
            row["customer_name"], _shown(row, rules), row["met_on"], row["place"], row["recorder"], row["consultant"], row["met_on"] + within,
            max((on - row["met_on"] - within).days, 0), row["description"], source_of(row, "phone"),
        )
        for row in sorted(waiting, key=lambda row: (row["met_on"], str(row["recorder"]), row["_row"]))
    )  # fmt: skip
    return Table("待回访线索", columns, rows, empty="留电的都回访过了")


def _counted(view: View, leads: Sequence[Row], since: date) -> Table | None:
    """Return where the phones written down are not those of the sign-in; None where one of the two forms never came."""
    signed: dict[tuple[date, str], list[Row]] = defaultdict(list)
    for row in rows_of_kind(view, SIGN_IN):
        if row["signed_on"] and since <= row["signed_on"] <= view.on:
            signed[row["signed_on"], row["worker"]].append(row)
    written: dict[tuple[date, str], list[Row]] = defaultdict(list)
    for row in leads:
        if row["met_on"] >= since:
            written[row["met_on"], row["recorder"]].append(row)
    if not signed or not written:
        return None
    columns = (
        Column("日期", "date"), Column("兼职"), Column("签到留电数", "count"), Column("登记有效电话", "count"), Column("说明"), _PLACE,
    )  # fmt: skip
    rows = []
    for day, who in sorted({*signed, *written}, key=lambda each: (-each[0].toordinal(), each[1])):
        lists, phones = (
            signed.get((day, who), []),
            {row["phone"] for row in written.get((day, who), []) if row["phone"]},
        )
        said = None if any(row["phones_left"] is None for row in lists) else sum(row["phones_left"] for row in lists)
        if not lists or said is None or said != len(phones):
            why = (
                "没有签到" if not lists else "签到表没有写留电数" if said is None else "没有交客户登记表" if (day, who) not in written else "登记的少" if said > len(phones) else "登记的多"
            )  # fmt: skip
            place = source_of((lists or written[day, who])[0], "phones_left", "phone")
            rows.append((day, who, said if lists else None, len(phones), why, place))
    return Table("留电核对", columns, tuple(rows), empty="签到的留电数和登记的都对得上")


def _yield(leads: Sequence[Row], first: Mapping[str, Row], known: _Known, since: date) -> Table:
    """Return per part-timer how many phones were brought, rung and became prospects; a phone belongs to who brought it first."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for row in leads:
        if row["met_on"] < since:
            continue
        mine = counts[row["recorder"] or ""]
        mine["rows"] += 1
        if row["phone"] and first[row["phone"]] is row:
            mine["phones"] += 1
            mine["rung"] += any(day >= row["met_on"] for day in known.contacts.get(row["phone"], ()))
            mine["prospects"] += row["phone"] in known.prospects
        elif row["phone"]:
            mine["again"] += 1
    columns = (
        Column("登记人"), Column("登记数", "count"), Column("有效电话", "count", bar=True), Column("重复", "count"), Column("已联系", "count"),
        Column("已转潜客", "count"), Column("转化率", "rate"),
    )  # fmt: skip
    rows = tuple(
        (
            who or None, found["rows"], found["phones"], found["again"], found["rung"], found["prospects"],
            found["prospects"] / found["phones"] if found["phones"] else None,
        )
        for who, found in sorted(counts.items(), key=lambda each: (-each[1]["phones"], each[0]))
    )  # fmt: skip
    return Table("兼职战果", columns, rows)


def _became(leads: Sequence[Row], known: _Known, since: date, rules: Rulebook) -> Table:
    columns = (
        Column("客户"), Column("电话", "phone"), Column("留电日期", "date"), Column("初洽日期", "date"), Column("销售顾问"), Column("登记人"), _PLACE,
    )  # fmt: skip
    rows = tuple(
        (
            row["customer_name"], _shown(row, rules), row["met_on"], stated or min(seen, row["met_on"]), whose or None, row["recorder"],
            source_of(row, "phone"),
        )
        for row in sorted(leads, key=lambda row: (-row["met_on"].toordinal(), row["_row"]))
        if row["met_on"] >= since and row["phone"] in known.prospects
        for stated, seen, whose in (known.prospects[row["phone"]],)
    )  # fmt: skip
    return Table("已转潜客", columns, rows, empty="还没有线索转成潜在客户")
