"""Shows who may be one customer, what was judged of them, and who is two consultants' customer (撞单), each with both its places."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any, Final

from pipeline.facts.doubtful import Pair, doubtful
from pipeline.facts.gather import Facts
from pipeline.frame import rows_of
from pipeline.report import Column, Sheet, Table
from pipeline.rulebook.rulebook import Rulebook
from pipeline.text import mask, mask_in

_ANSWERS: Final = {"same": "同一人", "different": "不是", "later": "以后再说"}
_PAIRS: Final = (
    Column("为什么问"), Column("客户甲"), Column("电话甲", "phone"), Column("顾问甲"), Column("最近甲", "date"), Column("来源甲", "place"),
    Column("客户乙"), Column("电话乙", "phone"), Column("顾问乙"), Column("最近乙", "date"), Column("来源乙", "place"),
)  # fmt: skip
_JOINED: Final = (
    Column("电话甲", "phone"), Column("电话乙", "phone"), Column("现在算作", "phone"), Column("判断日期", "date"), Column("说明"), Column("对号"),
)  # fmt: skip
_CLASHES: Final = (
    Column("客户"), Column("电话", "phone"), Column("现在在谁名下"), Column("先接触"), Column("首次日期", "date"), Column("最近日期", "date"),
    Column("来源", "place"), Column("后接触"), Column("后者首次", "date"), Column("后者最近", "date"), Column("后者来源", "place"),
)  # fmt: skip


def identity(facts: Facts, rules: Rulebook) -> tuple[Sheet, Sheet]:
    """Return 疑似同一客户 and 撞单."""
    return _doubtful(facts, rules), _clashes(facts, rules)


def _doubtful(facts: Facts, rules: Rulebook) -> Sheet:
    pairs = facts.once(doubtful, rules)
    shown = pairs[: rules.follow_up.same_person.most]
    asked = Table("疑似同一客户", _PAIRS, tuple(_told(facts, rules, pair) for pair in shown), empty="没有拿不准的")
    judged = Table("已判同一人", _JOINED, tuple(_judged(facts, rules)), empty="还没有判过")
    more = f",先问最要紧的 {len(shown)} 对" if len(shown) < len(pairs) else ""
    fill = ";请填在旁边的 疑似同一客户.xlsx 上" if pairs and "same_person" in rules.forms else ""
    return Sheet(
        "疑似同一客户",
        "可能是同一位客户,请信息员判断",
        (asked, judged),
        f"共 {len(pairs)} 对{more}{fill}",
    )


def _told(facts: Facts, rules: Rulebook, pair: Pair) -> tuple[Any, ...]:
    masked = mask_in if rules.privacy.mask_phones else str
    return pair.why, *(
        each
        for side in (pair.one, pair.other)
        for each in (
            masked(side.name), facts.persons["shown"][side.person], side.consultant or None, side.last_on,
            facts.place(side.kind, side.row),
        )
    )  # fmt: skip


def _judged(facts: Facts, rules: Rulebook) -> Iterator[tuple[Any, ...]]:
    """Yield the pairs judged one, newest first, those without effect with the reason."""
    judged = facts.judged
    masked = mask if rules.privacy.mask_phones else str
    same = [(asked_on, pair) for pair, (answer, asked_on) in judged.answers.items() if answer == "same"]
    for asked_on, pair in sorted(same, key=lambda each: (-each[0].toordinal(), each[1])):
        one, other = judged.pairs.get(pair, ("", ""))
        kept = judged.joined.get(one) or judged.joined.get(other) or ""
        said = (
            "没有合:另一对判了「不是」" if pair in judged.refused
            else "档案里没有这一对的两个号,或是同一个号" if pair in judged.unknown else "报表里算一位"
        )  # fmt: skip
        yield masked(one), masked(other), masked(kept), asked_on, said, pair


def _clashes(facts: Facts, rules: Rulebook) -> Sheet:
    rows = tuple(_clashing(facts, rules))
    table = Table("撞单", _CLASHES, rows, empty="没有撞单")
    return Sheet("撞单", "一个电话、两位顾问的客户(最近的在前)", (table,), f"共 {len(rows)} 处")


def _clashing(facts: Facts, rules: Rulebook) -> list[tuple[Any, ...]]:
    """Return the persons with two consultants inside the window, but for those handed over and those whose consultant had left."""
    since = facts.on - timedelta(days=rules.house.window_days - 1)
    left = {each.name: each.leaves_on for each in rules.house.consultants if each.leaves_on}
    handed = facts.frames["handover"]
    given = set(zip(handed["person"], handed["consultant"], handed["new_consultant"], strict=True))
    masked = mask_in if rules.privacy.mask_phones else str
    found = []
    for person, dealings in _dealings(facts).items():
        first, *others = sorted(dealings.items(), key=lambda each: (each[1][0], each[0]))
        for who, (began, last, kind, row) in others:
            gone = left.get(first[0])
            passed = (person, first[0], who) in given or (gone is not None and gone <= began)
            if passed or min(last, first[1][1]) < since:
                continue
            known = facts.persons.loc[person]
            _, their_last, their_kind, their_row = first[1]
            found.append((
                masked(known["customer_name"]) if isinstance(known["customer_name"], str) else None, known["shown"], known["consultant"],
                first[0], first[1][0], their_last, facts.place(their_kind, their_row), who, began, last, facts.place(kind, row),
            ))  # fmt: skip
    return sorted(found, key=lambda told: (-told[9].toordinal(), str(told[1]), told[7]))


def _dealings(facts: Facts) -> dict[int, dict[str, tuple[date, date, str, int]]]:
    """Return by person of two consultants or more: consultant → first and last day, and where the first is written."""
    known = facts.mentions
    named = known[known["consultant"] != ""]
    several = named.groupby("person")["consultant"].nunique()
    named = named[named["person"].isin(several.index[several > 1])]
    found: dict[int, dict[str, tuple[date, date, str, int]]] = defaultdict(dict)
    columns = ["person", "consultant", "first_on", "last_on", "first_kind", "first_row"]
    for person, who, first_on, last_on, kind, row in rows_of(named[columns].sort_values(["first_on", "first_row"])):
        one = found[person].setdefault(who, (first_on, last_on, kind, row))
        found[person][who] = (one[0], max(one[1], last_on), one[2], one[3])
    return found
