"""Checks what the store says of itself: its people, times and deadlines, and the record kinds with their keys."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator

from pipeline.rulebook.checks.fault import Fault, unknown
from pipeline.rulebook.house import Consultant
from pipeline.rulebook.notify import Mail
from pipeline.rulebook.rulebook import Rulebook

_HOURS, _MINUTES = 24, 60
_ID = re.compile(r"\w[\w-]{0,49}")


def check_house(rules: Rulebook, forms: frozenset[str]) -> Iterator[Fault]:
    """Yield what is wrong with `house.yaml`; `forms` are all forms that are named, sound or not."""
    house = rules.house
    for key in ("opens_at", "closes_at"):
        yield from _time(("house", (key,)), getattr(house, key))
    for number, deadline in enumerate(house.deadlines):
        if deadline.form not in forms:
            yield unknown("house", ("deadlines", number, "form"), "表", deadline.form, forms)
        yield from _time(("house", ("deadlines", number, "at")), deadline.at)
    stores = {store.id for store in house.stores}
    for number, person in enumerate(house.consultants):
        if person.store and person.store not in stores:
            yield unknown("house", ("consultants", number, "store"), "店", person.store, stores)
    yield from _twice(rules)
    yield from _stores(rules)


def _twice(rules: Rulebook) -> Iterator[Fault]:
    """Yield spellings that may mean two consultants of one store; people of different stores never meet."""
    namesakes: dict[str, list[str]] = defaultdict(list)
    for person in rules.house.consultants:
        namesakes[person.name].append(person.store)
    spelt: dict[str, list[Consultant]] = defaultdict(list)
    for number, person in enumerate(rules.house.consultants):
        for key, spelling in (("name", person.name), *(("aliases", alias) for alias in person.aliases)):
            others = (other for other in spelt[spelling] if _meet(other.store, person.store))
            same_name = key == "name" and sum(_meet(store, person.store) for store in namesakes[spelling]) > 1
            if same_name or any(other.name != person.name for other in others):
                yield Fault("house", ("consultants", number, key), f"「{spelling}」写了两次,分不清是谁")
            spelt[spelling].append(person)


def _meet(store: str, other: str) -> bool:
    return not store or not other or store == other


def check_settings(rules: Rulebook) -> Iterator[Fault]:
    """Yield what is wrong with follow-up intervals, targets and the calendar."""
    levels = rules.vocabulary["level"].words if "level" in rules.vocabulary else {}
    for key in ("interval_days", "horizon_days"):
        for level, days in getattr(rules.follow_up, key).items():
            if levels and level not in levels:
                yield unknown("follow_up", (key, level), "级别", level, levels)
            if days < 1:
                yield Fault("follow_up", (key, level), "天数至少是 1")
    names = _names(rules)
    named = (("consultants",), rules.targets.consultants), (("daily", "consultants"), rules.targets.daily.consultants)
    for place, goals in named:
        for name in goals:
            if names and name not in names:
                yield unknown("targets", (*place, name), "顾问(house.yaml 里)", name, names)
    days_seen = [day.on for day in rules.calendar.days]
    for number, day in enumerate(rules.calendar.days):
        if day.on in days_seen[:number]:
            yield Fault("calendar", ("days", number, "on"), f"{day.on} 写了两次")
    yield from _check_mail(rules.notify.mail)
    yield from _check_visits(rules)


def _check_mail(mail: Mail) -> Iterator[Fault]:
    """Yield what keeps mail from being sent: a server without anybody to write to, or the other way round."""
    if mail == Mail():
        return
    for key, filled, message in (
        ("host", mail.host, "没有写邮件服务器"),
        ("to", mail.to, "没有写发给谁"),
        ("sender", mail.sender or mail.user, "没有写用谁的名义发(user 或 sender)"),
    ):
        if not filled:
            yield Fault("notify", ("mail", key), message)
    for number, address in enumerate(mail.to):
        if "@" not in address or not address.isascii() or not address.isprintable() or " " in address:
            yield Fault("notify", ("mail", "to", number), f"「{address}」不是邮箱地址")


def _check_visits(rules: Rulebook) -> Iterator[Fault]:
    """Yield purposes, roles and columns that visits.yaml names and nobody knows."""
    asked = rules.visits.appointment
    for key, vocabulary, codes in (
        ("except_purposes", "visit_purposes", asked.except_purposes),
        ("except_roles", "visitor_role", asked.except_roles),
    ):
        known = rules.vocabulary[vocabulary].words if vocabulary in rules.vocabulary else {}
        for number, code in enumerate(codes):
            if known and code not in known:
                yield unknown("visits", ("appointment", key, number), f"代码({vocabulary} 里)", code, known)
    report = rules.kinds.get("visit_report")
    for number, name in enumerate(rules.visits.complete if report else ()):
        if report and name not in report.columns:
            yield unknown("visits", ("complete", number), "列(visit_report 里)", name, report.columns)


def check_kinds(rules: Rulebook) -> Iterator[Fault]:
    """Yield what is wrong with keys and dates of the record kinds."""
    core = [("kinds", (name,), kind) for name, kind in rules.core_kinds.items()]
    own = [
        ("forms", (form.form, "kinds", name), kind)
        for form in rules.forms.values()
        for name, kind in form.kinds.items()
    ]
    for file, place, kind in (*core, *own):
        for part in kind.key:
            for name in part.split("|"):
                if name != "form" and name not in kind.columns:
                    yield unknown(file, (*place, "key"), "列", name, kind.columns)
        for name in kind.dated:
            if name not in kind.columns:
                yield unknown(file, (*place, "dated"), "列", name, kind.columns)
            elif kind.columns[name] != "date":
                yield Fault(file, (*place, "dated"), f"{name} 不是日期列")
        for name in kind.private:
            if name not in kind.columns:
                yield unknown(file, (*place, "private"), "列", name, kind.columns)


def _names(rules: Rulebook) -> list[str]:
    return [person.name for person in rules.house.consultants]


def _stores(rules: Rulebook) -> Iterator[Fault]:
    """Yield ids that name no folder or two stores, and folders that two stores call theirs; Windows takes East for east."""
    owner: dict[str, str] = {}
    ids: set[str] = set()
    for number, store in enumerate(rules.house.stores):
        if store.id.casefold() in ids:
            yield Fault("house", ("stores", number, "id"), f"店 {store.id} 写了两次")
        if not _ID.fullmatch(store.id):
            yield Fault(
                "house", ("stores", number, "id"), f"店的 id「{store.id}」要做文件夹名,只用字母、数字、汉字、- 和 _"
            )
        ids.add(store.id.casefold())
        for folder in store.folders:
            if owner.setdefault(folder, store.id) != store.id:
                yield Fault("house", ("stores", number, "folders"), f"文件夹「{folder}」已经是 {owner[folder]} 的")


def _time(place: tuple[str, tuple[str | int, ...]], text: str) -> Iterator[Fault]:
    hour, colon, minute = text.partition(":")
    digits = (
        hour.isascii()
        and minute.isascii()
        and hour.isdigit()
        and minute.isdigit()
        and len(minute) == len("00")
        and len(hour) == len("00")
    )
    if not (colon and digits and int(hour) < _HOURS and int(minute) < _MINUTES):
        yield Fault(*place, f'「{text}」不是时间,写成 "08:30" 这样')
