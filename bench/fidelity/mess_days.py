"""Days and times as people write them (domain 4, cases 4–15, 28–31)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any

from bench.fidelity.mess import Mess, Told, Way, respelt
from bench.fidelity.people import RECEIVED
from bench.fidelity.sketch import Ink
from pipeline.demo.spelling import Cell

_NEAR = timedelta(days=60)  # a day so near to the hand-in is written without its year
_WIDE = str.maketrans("0123456789:-.", "０１２３４５６７８９：－．")
_HAN = "〇一二三四五六七八九"
_NOUGHT = date(1899, 12, 30)
_NOON, _TEN = 12, 10


def _numeral(number: int) -> str:
    tens, ones = divmod(number, _TEN)
    return ("" if tens == 0 else "十" if tens == 1 else f"{_HAN[tens]}十") + (_HAN[ones] if ones or not tens else "")


def _spelt_out(day: date) -> str:
    return "".join(_HAN[int(letter)] for letter in str(day.year)) + f"年{_numeral(day.month)}月{_numeral(day.day)}日"


def _near(spelling: Any) -> Way:
    """Return a way that leaves the year out, for days near the hand-in only."""
    return lambda day, _rng: spelling(day) if abs(day - RECEIVED.date()) <= _NEAR else None


DAYS: Mapping[str, Way] = {
    "a date cell with a time": lambda day, _: datetime(day.year, day.month, day.day, 8, 30),
    "2026-11-05": lambda day, _: day.isoformat(),
    "2026/11/5": lambda day, _: f"{day.year}/{day.month}/{day.day}",
    "2026.11.05": lambda day, _: f"{day:%Y.%m.%d}",
    "2026. 11. 5": lambda day, _: f"{day.year}. {day.month}. {day.day}",
    "2026年11月5日": lambda day, _: f"{day.year}年{day.month}月{day.day}日",
    "2026年11月5日 星期四": lambda day, _: (
        f"{day.year}年{day.month}月{day.day}日 星期{'一二三四五六日'[day.weekday()]}"
    ),
    "2026年11月5号": lambda day, _: f"{day.year}年{day.month}月{day.day}号",
    "2026-11-05 00:00:00": lambda day, _: f"{day.isoformat()} 00:00:00",
    "26-11-5": lambda day, _: f"{day:%y}-{day.month}-{day.day}",
    "26年11月5日": lambda day, _: f"{day:%y}年{day.month}月{day.day}日",
    "20261105": lambda day, _: f"{day:%Y%m%d}",
    "20261105 as a number": lambda day, _: float(f"{day:%Y%m%d}"),
    "a bare serial": lambda day, _: float((day - _NOUGHT).days),
    "full width": lambda day, _: f"{day.year}年{day.month}月{day.day}日".translate(_WIDE),
    "spelt out": lambda day, _: _spelt_out(day),
    "no-break spaces": lambda day, _: f"\xa0{day.isoformat()}\xa0",
    "2026-11.5": lambda day, _: f"{day.year}-{day.month}.{day.day}",
    "2026、11、5": lambda day, _: f"{day.year}、{day.month}、{day.day}",
    "2026。11。5": lambda day, _: f"{day.year}。{day.month}。{day.day}",
    "2026\\11\\5": lambda day, _: f"{day.year}\\{day.month}\\{day.day}",
    "2026 11 5": lambda day, _: Told(f"{day.year} {day.month} {day.day}", day, may=True),
    "2026年11月5": lambda day, _: f"{day.year}年{day.month}月{day.day}",
    "2026-11-05T00:00:00": lambda day, _: f"{day.isoformat()}T00:00:00",
    "2026-11-05 14:30": lambda day, _: f"{day.isoformat()} 14:30",
    "2026年11月5日(周四)": lambda day, _: f"{day.year}年{day.month}月{day.day}日(周{'一二三四五六日'[day.weekday()]})",
    "'26.11.5": lambda day, _: Told(f"'{day:%y}.{day.month}.{day.day}", day, may=True),
    "05-Nov-26": lambda day, _: Told(f"{day:%d-%b-%y}", day, may=True),
    "2026.11.05.": lambda day, _: Told(f"{day:%Y.%m.%d}.", day, may=True),
}
YEARLESS: Mapping[str, Way] = {
    "11月5日": _near(lambda day: f"{day.month}月{day.day}日"),
    "11月5号": _near(lambda day: f"{day.month}月{day.day}号"),
    "11.05": _near(lambda day: f"{day:%m.%d}"),
    "11/5": _near(lambda day: f"{day.month}/{day.day}"),
    "11-5": _near(lambda day: f"{day.month}-{day.day}"),
    "１１．５": _near(lambda day: f"{day.month}.{day.day}".translate(_WIDE)),
    "11。5": _near(lambda day: f"{day.month}。{day.day}"),
    "11，5": _near(lambda day: f"{day.month}，{day.day}"),
    "11月5": _near(lambda day: f"{day.month}月{day.day}"),
    "11月05日 周四": _near(lambda day: f"{day.month}月{day.day:02d}日 周{'一二三四五六日'[day.weekday()]}"),
    "十一月五日": _near(lambda day: f"{_numeral(day.month)}月{_numeral(day.day)}日"),
    "11.05 as a number": _near(lambda day: float(f"{day:%m.%d}") if day.day % _TEN else None),
}
NO_DAYS: Mapping[str, Way] = {
    "2026-02-30": lambda _day, _: Told("2026-02-30", None, asks=True),
    "11月45日": lambda _day, _: Told("11月45日", None, asks=True),
    "13月5日": lambda _day, _: Told("13月5日", None, asks=True),
    "下周三": lambda _day, _: Told("下周三", None, asks=True),
    "年后": lambda _day, _: Told("年后", None, asks=True),
    "3/5/2026": lambda _day, _: Told("3/5/2026", None, asks=True),
    "2062-11-05": lambda _day, _: Told("2062-11-05", None, asks=True),
    "11.5或11.6": lambda _day, _: Told("11.5或11.6", None, asks=True),
    "11月": lambda _day, _: Told("11月", None, asks=True),
    "11月初": lambda _day, _: Told("11月初", None, asks=True),
    "5 as a number": lambda _day, _: Told(5.0, None, asks=True),
    "2026.1 as a number": lambda _day, _: Told(2026.1, None, asks=True),
    "2026年11月": lambda _day, _: Told("2026年11月", None, asks=True),
    "2013.1.1-2013.12.31": lambda _day, _: Told("2026.11.1-2026.11.5", None, asks=True),
}


def _clock(spelling: Any) -> Way:
    return lambda clock, _rng: spelling(int(clock[:2]), int(clock[3:]))


def _half_day(hour: int, minute: int) -> str:
    return f"上午{hour}:{minute:02d}" if hour < _NOON else f"下午{hour - _NOON or _NOON}:{minute:02d}"


def _quarters(hour: int, minute: int) -> str | None:
    word = {0: "整", 15: "一刻", 30: "半", 45: "三刻"}.get(minute)
    return f"{hour}点{word}" if word else None


TIMES: Mapping[str, Way] = {
    "09:30": _clock(lambda h, m: f"{h:02d}:{m:02d}"),
    "9:30:00": _clock(lambda h, m: f"{h}:{m:02d}:00"),
    "9：30": _clock(lambda h, m: f"{h}：{m:02d}"),
    "９：３０": _clock(lambda h, m: f"{h}:{m:02d}".translate(_WIDE)),
    "9;30": _clock(lambda h, m: f"{h};{m:02d}"),
    "9；30": _clock(lambda h, m: f"{h}；{m:02d}"),
    "9.30 as text": _clock(lambda h, m: f"{h}.{m:02d}"),
    "9.3 as a number": _clock(lambda h, m: float(f"{h}.{m:02d}")),
    "9点30分": _clock(lambda h, m: f"{h}点{m:02d}分"),
    "9时30分": _clock(lambda h, m: f"{h}时{m}分"),
    "9点半": _clock(_quarters),
    "上午9:30": _clock(_half_day),
    "9:30 AM": _clock(lambda h, m: f"{h % 12 or 12}:{m:02d} {'AM' if h < _NOON else 'PM'}"),
    "0930": _clock(lambda h, m: f"{h:02d}{m:02d}"),
    "九点三十分": _clock(lambda h, m: f"{_numeral(h)}点{_numeral(m)}分" if m else f"{_numeral(h)}点"),
    "a time cell": _clock(time),
    "a fraction of a day": _clock(lambda h, m: round((h * 60 + m) / 1440, 7)),
    "a day with its time": _clock(lambda h, m: datetime(2026, 11, 18, h, m)),
    "9:30左右": _clock(lambda h, m: f"{h}:{m:02d}左右"),
    "13 as a number": _clock(lambda h, m: float(h) if m == 0 else None),
    "9'30": _clock(lambda h, m: f"{h}'{m:02d}"),
    "no-break spaces": _clock(lambda h, m: f"\xa0{h}:{m:02d}\xa0"),
    "9：30分": _clock(lambda h, m: f"{h}：{m:02d}分"),
    "9时": _clock(lambda h, m: f"{h}时" if m == 0 else None),
    "9点30": _clock(lambda h, m: f"{h}点{m:02d}"),
    "9:30am": _clock(lambda h, m: f"{h % 12 or 12}:{m:02d}{'am' if h < _NOON else 'pm'}"),
    "早上9:30, 晚上6:10": _clock(
        lambda h, m: f"早上{h}:{m:02d}" if h < _NOON else f"下午{h - _NOON or _NOON}点{m:02d}分"
    ),
    "930": _clock(lambda h, m: float(h * 100 + m)),
    "9。30": _clock(lambda h, m: Told(f"{h}。{m:02d}", f"{h:02d}:{m:02d}", may=True)),
    "9，30": _clock(lambda h, m: Told(f"{h}，{m:02d}", f"{h:02d}:{m:02d}", may=True)),
    "9 30": _clock(lambda h, m: Told(f"{h} {m:02d}", f"{h:02d}:{m:02d}", may=True)),
    "9-30": _clock(lambda h, m: Told(f"{h}-{m:02d}", f"{h:02d}:{m:02d}", may=True)),
    "9:30:00.000": _clock(lambda h, m: Told(f"{h}:{m:02d}:00.000", f"{h:02d}:{m:02d}", may=True)),
    "2:15 for 14:15": _clock(
        lambda h, m: Told(f"{h - _NOON}:{m:02d}", f"{h:02d}:{m:02d}", may=True) if h > _NOON else None
    ),
    "2.15 for 14:15": _clock(
        lambda h, m: Told(float(f"{h - _NOON}.{m:02d}"), f"{h:02d}:{m:02d}", may=True) if h > _NOON else None
    ),
}
NO_TIMES: Mapping[str, Way] = {
    "25:70": lambda _clock, _: Told("25:70", None, asks=True),
    "9.75 as a number": lambda _clock, _: Told(9.75, None, asks=True),
    "上午": lambda _clock, _: Told("上午", None, asks=True),
    "24:30": lambda _clock, _: Told("24:30", None, asks=True),
    "9:75": lambda _clock, _: Told("9:75", None, asks=True),
    "9:30/10:00/11:00": lambda _clock, _: Told("9:30/10:00/11:00", None, asks=True),
    "刚才": lambda _clock, _: Told("刚才", None, asks=True),
    "9:3o": lambda _clock, _: Told("9:3o", None, asks=True),
}
MONTHS: Mapping[str, Way] = {
    "2026年11月": lambda month, _: f"{month[:4]}年{int(month[5:])}月",
    "2026.11": lambda month, _: f"{month[:4]}.{month[5:]}",
    "2026/11": lambda month, _: f"{month[:4]}/{month[5:]}",
    "2026.11 as a number": lambda month, _: float(f"{month[:4]}.{month[5:]}"),
    "202611": lambda month, _: float(month.replace("-", "")),
    "11月": lambda month, _: f"{int(month[5:])}月",
    "11": lambda month, _: float(int(month[5:])),
    "11月份": lambda month, _: f"{int(month[5:])}月份",
    "a date cell": lambda month, _: date(int(month[:4]), int(month[5:]), 1),
    "２０２６年１１月": lambda month, _: f"{month[:4]}年{int(month[5:])}月".translate(_WIDE),
    "二〇二六年十一月": lambda _month, _: "二〇二六年十一月",
}


def _as_formula(value: Cell, _rng: Random) -> Ink:
    return Ink(value, "=TODAY()")


def messes() -> list[Mess]:
    """Return every mess of days and times."""
    return [
        *respelt("dates, with their year", "date", DAYS),
        *respelt("dates, without a year", "date", YEARLESS),
        *respelt("dates nobody can tell", "date", NO_DAYS, one=True),
        *respelt("times", "time", TIMES),
        *respelt("times nobody can tell", "time", NO_TIMES, one=True),
        *respelt("months", "month", MONTHS),
    ]
