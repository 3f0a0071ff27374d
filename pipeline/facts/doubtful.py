"""Finds pairs that may be one customer: by phones a slip apart, by one name with one consultant, by near names at one phone.

    phones one digit apart + a name alike         ┐
    one name, one consultant, two phones, days    ├─ not judged yet, or 以后再说 long enough ago ─ Pair
    near by                                       │
    one phone + two names alike                   ┘

A stand-in (王先生, 某女士) is nobody's name and makes no pair. Only what is near is ever compared.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import combinations
from typing import Final, TypeAlias

import pandas as pd

from pipeline.facts.gather import Facts
from pipeline.facts.mentions import neighbours
from pipeline.facts.same import pair_code
from pipeline.frame import rows_of
from pipeline.rulebook.rulebook import Rulebook
from pipeline.text import alike, one_slip, squeeze

_NAMES_ALIKE: Final = 50.0  # 王志强 and 王志刚: most letters the same, and the surname
_CROWD: Final = 4  # a name that one consultant has at more numbers is a common one


@dataclass(frozen=True, slots=True)
class Side:
    """One of a pair: who, what called, whose customer, from when to when, and where last written."""

    person: int
    phone: str
    name: str
    consultant: str
    first_on: date
    last_on: date
    kind: str
    row: int


@dataclass(frozen=True, slots=True)
class Pair:
    """Two that may be one, and why they are asked about; the one known longer comes first."""

    code: str
    why: str
    one: Side
    other: Side


_Sides: TypeAlias = Sequence[Side]


def doubtful(facts: Facts, rules: Rulebook) -> tuple[Pair, ...]:
    """Return the pairs to be judged, the likeliest kind first, inside it the newest first."""
    known = _known(facts, rules)
    near = _near(facts, known)
    slips = _sides(facts, rules, known[known["person"].isin({person for pair in near for person in pair})])
    twice = _sides(facts, rules, known[known["shared"]])
    called = _sides(facts, rules, known[known["recent"] & known["person"].duplicated(keep=False)])
    found: dict[str, Pair] = {}
    for pair in (*_a_slip_apart(near, slips), *_two_phones(twice, rules), *_one_phone(called)):
        found.setdefault(pair.code, pair)
    since = facts.on - timedelta(days=rules.house.window_days)
    return tuple(pair for pair in found.values() if _newest(pair) >= since and _open(facts, rules, pair.code))


def is_stand_in(name: str, rules: Rulebook) -> bool:
    """Say whether a name is a stand-in: it holds one of the house's words for that, a single letter only where it begins or ends."""
    return _stands_in(name, _stand_ins(rules))


def _stand_ins(rules: Rulebook) -> re.Pattern[str]:
    words = [squeeze(word) or word for word in rules.row_words.get("stand_in", ())]
    pieces = [re.escape(word) for word in words if len(word) > 1]
    pieces += [piece for word in words if len(word) == 1 for piece in (f"^{re.escape(word)}", f"{re.escape(word)}$")]
    return re.compile("|".join(pieces) or "$^")


def _stands_in(name: str, words: re.Pattern[str]) -> bool:
    text = squeeze(name)
    return len(text) < 2 or words.search(text) is not None  # noqa: PLR2004 - a surname alone tells nobody apart


def _known(facts: Facts, rules: Rulebook) -> pd.DataFrame:
    """Return the mentions with recent (the person is heard of in the window) and shared (the name stands with the same consultant at few other phones, one of them recent)."""
    known = facts.mentions
    since = pd.Timestamp(facts.on - timedelta(days=rules.house.window_days))
    newest = known.groupby("person")["last_on"].transform("max")
    names = known["customer_name"].map({name: squeeze(name) for name in known["customer_name"].unique()})
    group = known.assign(name=names, recent=newest >= since).groupby(["name", "consultant"])
    size, recent = group["person"].transform("size"), group["recent"].transform("any")
    return known.assign(recent=newest >= since, shared=size.between(2, _CROWD) & recent & (known["consultant"] != ""))


def _near(facts: Facts, known: pd.DataFrame) -> list[tuple[int, int]]:
    """Return the persons with phones a slip apart, one of the two at least heard of in the window."""
    recent = set(known.loc[known["recent"], "person"])
    return [pair for pair in neighbours(facts.persons["phone"]) if not recent.isdisjoint(pair)]


def _sides(facts: Facts, rules: Rulebook, known: pd.DataFrame) -> list[Side]:
    words = _stand_ins(rules)
    real = {name: not _stands_in(name, words) for name in known["customer_name"].unique()}
    known = known[known["customer_name"].map(real).astype(bool)]
    phones = facts.persons["phone"].reindex(known["person"])
    columns = ["person", "phone", "customer_name", "consultant", "first_on", "last_on", "last_kind", "last_row"]
    return [Side(*row) for row in rows_of(known.assign(phone=phones.to_numpy())[columns])]


def _a_slip_apart(near: Sequence[tuple[int, int]], sides: _Sides) -> Iterator[Pair]:
    called: dict[int, list[Side]] = defaultdict(list)
    for side in sides:
        called[side.person].append(side)
    pairs = [
        pair
        for one, other in near
        for each in called[one]
        for another in called[other]
        if (pair := _near_pair(each, another)) is not None
    ]
    yield from sorted(
        pairs, key=lambda pair: (pair.one.consultant != pair.other.consultant, -_newest(pair).toordinal(), pair.code)
    )


def _near_pair(one: Side, other: Side) -> Pair | None:
    same = squeeze(one.name) == squeeze(other.name)
    if not same and not _names_alike(one.name, other.name):
        return None
    place = next(i for i, (a, b) in enumerate(zip(one.phone, other.phone, strict=True), 1) if a != b)
    slip = f"只差第 {place} 位" if one_slip(one.phone, other.phone) == "other" else f"第 {place}、{place + 1} 位对调"
    by = "同顾问" if one.consultant == other.consultant else "不同顾问"
    return _pair(pair_code(one.phone, other.phone), f"{'同名' if same else '名字相近'}、{by},电话{slip}", one, other)


def _two_phones(sides: _Sides, rules: Rulebook) -> Iterator[Pair]:
    groups: dict[tuple[str, str], list[Side]] = defaultdict(list)
    for side in sides:
        groups[squeeze(side.name), side.consultant].append(side)
    within = rules.follow_up.same_person.within_days
    pairs = [
        _pair(pair_code(one.phone, other.phone), f"同名、同顾问,两个电话,前后 {max(gap, 0)} 天", one, other)
        for group in groups.values()
        for one, other in combinations(group, 2)
        if one.person != other.person and (gap := _gap(one, other)) <= within
    ]
    yield from sorted(pairs, key=lambda pair: (-_newest(pair).toordinal(), pair.code))


def _one_phone(sides: _Sides) -> Iterator[Pair]:
    by_person: dict[int, list[Side]] = defaultdict(list)
    for side in sides:
        by_person[side.person].append(side)
    pairs = []
    for those in by_person.values():
        names = {squeeze(side.name): side for side in those}
        for one, other in combinations(names.values(), 2):
            if _names_alike(one.name, other.name):
                told = "|".join(sorted((squeeze(one.name), squeeze(other.name))))
                pairs.append(_pair(pair_code(one.phone, told), "同一个电话,名字相近", one, other))
    yield from sorted(pairs, key=lambda pair: (-_newest(pair).toordinal(), pair.code))


def _names_alike(one: str, other: str) -> bool:
    first, second = squeeze(one), squeeze(other)
    return first != second and first[:1] == second[:1] and alike(first, second) >= _NAMES_ALIKE


def _pair(code: str, why: str, one: Side, other: Side) -> Pair:
    first, second = sorted((one, other), key=lambda side: (side.first_on, side.phone, side.name))
    return Pair(code, why, first, second)


def _gap(one: Side, other: Side) -> int:
    """Return the days between the two's contacts, none or fewer where they overlap."""
    return (max(one.first_on, other.first_on) - min(one.last_on, other.last_on)).days


def _newest(pair: Pair) -> date:
    return max(pair.one.last_on, pair.other.last_on)


def _open(facts: Facts, rules: Rulebook, code: str) -> bool:
    """Say whether a pair is to be asked about: never judged, or put off long enough ago."""
    answer, asked_on = facts.judged.answers.get(code, ("", date.min))
    again = timedelta(days=rules.follow_up.same_person.ask_again_days)
    return not answer or (answer == "later" and asked_on + again <= facts.on)
