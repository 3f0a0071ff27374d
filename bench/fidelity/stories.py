"""What happened, form by form: each line's cells and the records they must become, counted out here without the product's help."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from bench.fidelity.people import CONSULTANTS, TODAY, People
from bench.fidelity.sketch import Line, Truth

MONTH = "2026-11"
ROUNDS = 2
_HOUR = 60
_NOTES = ("看车,要回去商量", "问了金融方案", "带家人来看", "对比竞品,价格敏感", "①要红色②要天窗")
_SHARES = {"test_driven": 0.4, "ordered": 0.2, "planned": 0.3}
_RESULTS = ("H", "A", "B", "C", "ordered", "lost")


def visit(people: People, on: date = TODAY) -> Line:
    """Return a row of the visitor register."""
    rng = people.rng
    arrived = people.clock()
    stay = rng.choice((15, 25, 40, 55, 75))
    left = minutes_later(arrived, stay)
    said: dict[str, Any] = {
        "visited_on": on, "customer_name": people.name(), "phone": people.phone(), "channel": rng.choice(("walk_in", "walk_in", "call_in")),
        "visit_kind": rng.choice(("first", "return")), "model": people.model(), "level": rng.choice("HABC"), "arrived_at": arrived, "left_at": left,
        "consultant": rng.choice(CONSULTANTS), "source": rng.choice(("基盘", "来店/电", "展示会")), "party_size": rng.randint(1, 5),
        "test_driven": rng.random() < _SHARES["test_driven"], "ordered": rng.random() < _SHARES["ordered"], "note": rng.choice(_NOTES),
    }  # fmt: skip
    meant = said | {"captured": True, "refusal_reason": None, "stay_minutes": stay, "plate": None, "purpose": None}
    return Line(said, (Truth("visit", meant),))


def minutes_later(clock: str, minutes: int) -> str:
    """Return a time so many minutes later on the same day."""
    whole = int(clock[:2]) * _HOUR + int(clock[3:]) + minutes
    return f"{whole // _HOUR:02d}:{whole % _HOUR:02d}"


def prospect(people: People, consultant: str, *, month: str | None = MONTH) -> Line:
    """Return a row of a tracker with its rounds of contact."""
    rng = people.rng
    said: dict[str, Any] = {
        "customer_name": people.name(), "phone": people.phone(), "model": people.model(), "first_contact_on": people.day(date(2026, 10, 5), date(2026, 10, 31)),
        "source": rng.choice(("基盘", "来店/电", "展示会")), "opening_level": rng.choice("HAB"),
    }  # fmt: skip
    head = said | {"consultant": consultant, "month": month, "note": None}
    cells, truths = dict(said), [Truth("prospect", head)]
    lost: dict[str, Any] = {"lost_reason": None, "lost_to": None}
    day = people.day(date(2026, 11, 2), date(2026, 11, 6))
    for number in range(1, rng.randint(1, ROUNDS) + 1):
        contact = _round(people, day, last=number == ROUNDS)
        if contact["level_after"] == "lost":
            lost = {"lost_reason": "价格", "lost_to": "途观"}
        cells |= {f"{name}@{number}": value for name, value in contact.items()}
        truths.append(Truth("follow_up", _followed(head, contact, lost), f"@{number}"))
        if contact["level_after"] in {"lost", "ordered"}:
            break
        day += timedelta(days=5)
    return Line(cells | lost, tuple(truths))


def _round(people: People, planned: date, *, last: bool) -> dict[str, Any]:
    rng = people.rng
    if last and rng.random() < _SHARES["planned"]:
        return dict.fromkeys(("done_on", "method", "note", "level_after", "next_on")) | {"planned_on": planned}
    done = planned + timedelta(days=rng.randint(0, 2))
    level = rng.choice(_RESULTS) if last else rng.choice("HABC")
    return {
        "planned_on": planned, "done_on": done, "method": rng.choice(("phone", "wechat", "showroom")), "note": rng.choice(_NOTES), "level_after": level,
        "next_on": None if level in {"ordered", "lost"} else done + timedelta(days=7),
    }  # fmt: skip


def _followed(head: dict[str, Any], contact: dict[str, Any], lost: dict[str, Any]) -> dict[str, Any]:
    """Return what one round must become."""
    level, done = contact["level_after"], contact.get("done_on")
    is_letter = level is None or len(level) == 1
    return {
        **{name: head[name] for name in ("consultant", "customer_name", "phone")},
        **{name: contact.get(name) for name in ("planned_on", "done_on", "method", "next_on", "note")},
        "reached": True if done else None,
        "level_after": level if is_letter else None,
        "outcome": "open" if is_letter else level,
        "lost_reason": lost["lost_reason"] if level == "lost" else None,
        "lost_to": lost["lost_to"] if level == "lost" else None,
    }


def grid_prospect(people: People, consultant: str) -> Line:
    """Return a row of a tracker with a column a day: a letter is done, `*` is planned."""
    rng = people.rng
    row = prospect(people, consultant)
    head = row.truths[0].values
    cells = {name: value for name, value in row.cells.items() if "@" not in name} | {
        "lost_reason": None,
        "lost_to": None,
    }
    truths = [row.truths[0]]
    for day in sorted(rng.sample(range(1, 19), rng.randint(1, 3))):
        level = rng.choice("HABC")
        cells[f"level_after@{day}"] = level
        done: dict[str, Any] = {"planned_on": None, "done_on": date(2026, 11, day), "level_after": level}
        truths.append(Truth("follow_up", _followed(dict(head), done, {}), f"@{day}"))
    planned = rng.randint(20, 30)
    cells[f"level_after@{planned}"] = "planned"
    ahead: dict[str, Any] = {"planned_on": date(2026, 11, planned), "level_after": None}
    truths.append(Truth("follow_up", _followed(dict(head), ahead, {}), f"@{planned}"))
    return Line(cells, tuple(truths))


def card_back(people: People, consultant: str) -> tuple[Line, tuple[Line, ...]]:
    """Return the head of a card's back and its list of contacts."""
    rng = people.rng
    said: dict[str, Any] = {
        "customer_name": people.name(), "phone": people.phone(), "model": people.model(), "source": rng.choice(("基盘", "展示会")),
        "first_contact_on": people.day(date(2026, 10, 20), date(2026, 10, 31)), "level": rng.choice("HABC"), "consultant": consultant,
        "address": "高新区天府大道8号", "occupation": "教师", "purchase_type": rng.choice(("first", "replacement")), "payment": rng.choice(("full", "loan")),
        "rival_model": "途观", "budget": rng.choice((150000.0, 158000.0, 200000.0)),
    }  # fmt: skip
    contacts = []
    day = date(2026, 11, 3)
    for _ in range(rng.randint(1, 3)):
        contact = {name: value for name, value in _round(people, day, last=False).items() if name != "planned_on"}
        contacts.append(Line(contact, (Truth("follow_up", _followed(said, {"planned_on": None} | contact, {})),)))
        day = contact["done_on"] + timedelta(days=2)
    return Line(said, (Truth("customer", said | {"note": None}),)), tuple(contacts)


def card_front(people: People, consultant: str) -> tuple[Line, tuple[Line, ...]]:
    """Return the head of a card's front and its list of owner visits."""
    rng = people.rng
    ordered = people.day(date(2026, 10, 20), date(2026, 10, 28))
    said: dict[str, Any] = {
        "customer_name": people.name(), "phone": people.phone(), "model": people.model(), "colour": "白", "vin": f"LSVAA4182E2{rng.randrange(10**6):06d}",
        "plate": f"川A{rng.randrange(10**5):05d}", "ordered_on": ordered, "delivered_on": ordered + timedelta(days=5), "price": rng.choice((158000.0, 205000.0)),
        "payment": rng.choice(("full", "loan")), "insurance_due_on": date(2027, 10, 30), "consultant": consultant,
    }  # fmt: skip
    owner = {name: said[name] for name in ("consultant", "customer_name", "phone")}
    day = said["delivered_on"] + timedelta(days=3)
    visits = []
    for number in range(rng.randint(1, 2)):
        row = {
            "planned_on": day, "done_on": day + timedelta(days=1), "method": "phone", "note": "用车正常", "satisfaction": "满意",
        } if number == 0 else {"planned_on": day + timedelta(days=7), "done_on": None, "method": None, "note": None, "satisfaction": None}  # fmt: skip
        visits.append(Line(row, (Truth("owner_visit", owner | row),)))
    return Line(said, (Truth("deal", dict(said)),)), tuple(visits)


def activity(people: People, consultant: str, on: date = TODAY) -> Line:
    """Return a row of today's work."""
    rng = people.rng
    kind = rng.choice(("reception", "follow_up", "test_drive", "owner_visit"))
    said = {
        "customer_name": people.name(), "phone": people.phone(), "model": people.model(), "kind": kind, "level_before": rng.choice("HABC"),
        "level_after": rng.choice("HABC"), "note": rng.choice(_NOTES),
    }  # fmt: skip
    reached = True if kind in {"follow_up", "owner_visit"} else None
    meant = said | {"worked_on": on, "consultant": consultant, "reached": reached, "outcome": "open"}
    return Line(said, (Truth("activity", meant),))


def plan(people: People, consultant: str, on: date = TODAY) -> Line:
    """Return a row of tomorrow's plan."""
    said = {
        "customer_name": people.name(), "phone": people.phone(), "model": people.model(), "kind": people.rng.choice(("follow_up", "test_drive")), "note": "约周末试驾",
    }  # fmt: skip
    meant = said | {"planned_on": on + timedelta(days=1), "made_on": on, "consultant": consultant}
    return Line(said, (Truth("plan", meant),))


def drive(people: People) -> Line:
    """Return a row of the test-drive list, or a pledge."""
    started = people.clock()
    said = {
        "driven_on": TODAY, "customer_name": people.name(), "phone": people.phone(), "model": people.model(), "plate": f"川A{people.rng.randrange(10**5):05d}",
        "started_at": started, "ended_at": minutes_later(started, 30), "route": "三环路", "consultant": people.rng.choice(CONSULTANTS), "note": "动力不错",
    }  # fmt: skip
    return Line(said, (Truth("test_drive", dict(said)),))


def loss(people: People) -> Line:
    """Return a row of the loss review."""
    rng = people.rng
    said = {
        "lost_on": TODAY, "consultant": rng.choice(CONSULTANTS), "customer_name": people.name(), "phone": people.phone(), "model": people.model(),
        "category": rng.choice(("lost", "wavering", "other_brand")), "lost_reason": rng.choice(("价格偏高", "车型缺货")), "lost_to": "途观",
        "decided": rng.choice(("agreed", "refused", "open")),
    }  # fmt: skip
    return Line(said, (Truth("loss", dict(said)),))
