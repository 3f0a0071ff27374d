"""How one hand spells a time, a date, a number, a level, a tick: all of it readable, none of it alike."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time
from typing import TypeAlias

Cell: TypeAlias = str | float | int | date | datetime | time | None

_FULL_WIDTH = str.maketrans("0123456789:-HABC", "０１２３４５６７８９：－ＨＡＢＣ")
_SERIAL_NOUGHT = date(1899, 12, 30)
_NOON = 12
_HALF_HOUR = 30
_OUTCOMES = {
    "ordered": ("订单", "O", "已订"),
    "delivered": ("交车", "D"),
    "lost": ("战败", "F1"),
    "dormant": ("休眠", "冷冻"),
}
_NO = {"√": "", "✓": "×", "是": "否", "●": "", "1": "0", "Y": "N"}
METHODS = {"phone": ("电话", "电访", "去电"), "wechat": ("微信", "企微"), "showroom": ("来店", "到店", "面谈")}
CHANNELS = {"walk_in": ("来店", "进店"), "call_in": ("来电", "电话")}
VISIT_KINDS = {
    "first": ("首次", "初次", "F", "1"),
    "return": ("再次", "二次", "S", "2"),
    "other": ("其他", "提车", "维修保养"),
}
KINDS = {
    "reception": ("接待", "来店接待"), "call_in": ("来电", "接听来电"), "follow_up": ("回访", "电话跟进", "促进"), "test_drive": ("试驾", "试乘试驾"),
    "order": ("订单", "签单"), "delivery": ("交车", "提车"), "owner_visit": ("车主回访", "车主关怀"),
}  # fmt: skip
PAYMENTS = {"full": ("全款", "一次性"), "loan": ("分期", "按揭")}
PURCHASES = {"first": ("首次购车", "新购"), "replacement": ("换购", "置换"), "additional": ("增购",)}
SOURCES = {
    "VIP购车/介绍": ("1", "朋友介绍"),
    "基盘": ("2", "基盘"),
    "来店/电": ("3", "来店/电"),
    "展示会": ("6", "展示会"),
}


def word(words: Mapping[str, tuple[str, ...]], code: str | None, turn: int = 0) -> str:
    """Return one of the words for a code, another with each turn; a code without words is written as it is."""
    if code is None:
        return ""
    known = words.get(code, (code,))
    return known[turn % len(known)]


def written_time(style: str, clock: str) -> Cell:
    """Return HH:MM in one of the ways people write it."""
    hour, minute = (int(part) for part in clock.split(":"))
    ways: dict[str, Cell] = {
        "clock": f"{hour}:{minute:02d}",
        "dot": float(f"{hour}.{minute:02d}"),
        "wide": f"{hour}:{minute:02d}".translate(_FULL_WIDTH),
        "semicolon": f"{hour};{minute:02d}" if minute % 2 else f"{hour}；{minute:02d}",
        "han": f"{hour}点半" if minute == _HALF_HOUR else f"{hour}点{minute:02d}分",
        "half": f"上午{hour}:{minute:02d}" if hour < _NOON else f"下午{hour - _NOON or _NOON}:{minute:02d}",
        "cell": time(hour, minute),
    }
    return ways[style]


def written_range(arrived: str, left: str, turn: int) -> str:
    """Return a stay in one cell."""
    (h1, m1), (h2, m2) = (map(int, clock.split(":")) for clock in (arrived, left))
    ways = (
        f"{h1}:{m1:02d}-{h2}:{m2:02d}", f"{h1}:{m1:02d}—{h2}:{m2:02d}", f"{h1}：{m1:02d}～{h2}：{m2:02d}", f"{h1}点{m1:02d}分至{h2}点{m2:02d}分",
    )  # fmt: skip
    return ways[turn % len(ways)]


def written_date(style: str, on: date | None) -> Cell:
    """Return a day; `dots` and `han` leave the year out."""
    if on is None:
        return None
    ways: dict[str, Cell] = {
        "date": on,
        "iso": on.isoformat(),
        "han": f"{on.month}月{on.day}日",
        "dots": f"{on.month:02d}.{on.day:02d}",
        "slash": f"{on.year}/{on.month}/{on.day}",
        "serial": float((on - _SERIAL_NOUGHT).days),
        "full": f"{on.year}年{on.month}月{on.day}日",
        "tight": f"{on:%Y%m%d}",
        "short": f"{on.year % 100}-{on.month}-{on.day}",
        "points": f"{on.year}.{on.month:02d}.{on.day:02d}",
    }
    return ways[style]


def with_year(style: str) -> str:
    """Return the style, or one that writes the year: a first contact may lie months back."""
    return {"dots": "points", "han": "full"}.get(style, style)


def written_phone(style: str, phone: str | None, words: str | None = None) -> Cell:
    """Return a number, or what is written in its place."""
    if phone is None:
        return words or ""
    ways: dict[str, Cell] = {
        "text": phone,
        "number": float(phone),
        "spaces": f"{phone[:3]} {phone[3:7]} {phone[7:]}",
        "dashes": f"{phone[:3]}-{phone[3:7]}-{phone[7:]}",
        "abroad": f"+86 {phone}",
        "wide": phone.translate(_FULL_WIDTH),
        "remark": f"{phone}(爱人)",
        "web": f"\xa0{phone}\xa0",
    }
    return ways[style]


def written_level(style: str, level: str | None) -> str:
    """Return a level letter."""
    if level is None:
        return ""
    ways = {
        "plain": level, "wide": level.translate(_FULL_WIDTH), "grade": f"{level}级", "letter": f"{level} ", "web": f"\xa0{level}\xa0",
    }  # fmt: skip
    return ways[style]


def written_result(style: str, level: str | None, outcome: str | None, turn: int) -> str:
    """Return what came of a contact: a level, or an outcome in the same cell."""
    if outcome and outcome != "open":
        return word(_OUTCOMES, outcome, turn)
    return written_level(style, level)


def written_tick(mark: str, *, yes: bool) -> str:
    """Return a tick or what the same hand writes for no."""
    return mark if yes else _NO.get(mark, "")
