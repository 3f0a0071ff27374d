"""Which files lie in the shared folder on which evening, and who is late, forgets, or saves something broken."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from pipeline.demo import office
from pipeline.demo.lines import Filing, Paper
from pipeline.demo.papers import Desk, cards, daily, register, tracker
from pipeline.demo.people import HABITS, NAMES
from pipeline.demo.seasons import EVE, FIRST, LAST, OPENING, days

LATE = frozenset({("刘洋", date(2026, 10, day)) for day in (8, 16, 22, 27)} | {("王芳", date(2026, 10, 18))})
FORGOTTEN = ("赵磊", date(2026, 10, 21))
_CSV_DAY = date(2026, 10, 12)  # the front desk's program was down: a table from the till
_WRONG_NAME = ("陈静", date(2026, 10, 19))  # a new workbook saved under the old ending
_LOCK, _BROKEN, _COPY = date(2026, 10, 5), date(2026, 10, 9), date(2026, 10, 11)
_CARDS_NIGHTLY = NAMES[0]  # the others hand their cards in every fourth evening
_HALF = 15
_FIRST_FILE = time(18, 5)


def filings(papers: Desk) -> tuple[Filing, ...]:
    """Return every file of the story, in the order it came."""
    found: list[Filing] = []
    for evening in (EVE, *days(FIRST, LAST)):
        drawn = list(_september(papers)) if evening == EVE else list(_october(papers, evening))
        drawn += [(path, look, ()) for path, look in office.papers(evening)]
        start = datetime.combine(evening, _FIRST_FILE)
        gap = timedelta(minutes=6)
        found += [Filing(path, start + gap * number, look, lines) for number, (path, look, lines) in enumerate(drawn)]
    return tuple(found)


def _september(papers: Desk) -> Iterator[tuple[str, str, tuple[Paper, ...]]]:
    """September comes as it was kept: the register in two lists, a workbook a month from everybody."""
    registers = [register(papers, on, EVE) for on in days(OPENING, EVE)]
    yield "前台/9月上来店登记.xlsx", "register:month", tuple(registers[:_HALF])
    yield "前台/9月下客流.xlsx", "register:split", tuple(registers[_HALF:])
    for name in NAMES:
        reports = tuple(daily(papers, name, on, EVE) for on in days(OPENING, EVE))
        yield f"{name}/9月日报.xlsx", "daily", reports
        yield f"{name}/推进表2026年9月.xlsx", "tracker", (tracker(papers, name, OPENING, EVE),)
        yield f"{name}/客户管理卡.xlsx", f"card:{HABITS[name].card}", cards(papers, name, EVE)


def _october(papers: Desk, evening: date) -> Iterator[tuple[str, str, tuple[Paper, ...]]]:
    yield from _front_desk(papers, evening)
    for name in NAMES:
        yield from _reports(papers, name, evening)
        if HABITS[name].nightly or evening.day % 2:
            yield f"{name}/推进表2026年10月.xlsx", "tracker", (tracker(papers, name, FIRST, evening),)
        if name == _CARDS_NIGHTLY or evening.day % 4 == LAST.day % 4:
            yield f"{name}/客户管理卡.xlsx", f"card:{HABITS[name].card}", cards(papers, name, evening)
    if evening == _LOCK:
        yield "李明/~$推进表2026年10月.xlsx", "junk:lock", ()
    if evening == _BROKEN:
        yield "王芳/客户资料备份.xlsx", "junk:broken", ()


def _front_desk(papers: Desk, evening: date) -> Iterator[tuple[str, str, tuple[Paper, ...]]]:
    if evening == _CSV_DAY:
        yield "前台/来店登记10月12日.csv", "register:csv", (register(papers, evening, evening),)
    elif evening.day <= _HALF:
        yield (
            "前台/来店登记2026年10月上.xlsx",
            "register:old",
            tuple(register(papers, on, evening) for on in days(FIRST, evening)),
        )
    else:
        half = evening.replace(day=_HALF + 1)
        yield (
            "前台/来店登记2026年10月下.xlsx",
            "register:new",
            tuple(register(papers, on, evening) for on in days(half, evening)),
        )
    if evening.day == _HALF + 1:  # the first half once more, corrected
        first_half = days(FIRST, evening - timedelta(days=1))
        yield (
            "前台/来店登记2026年10月上.xlsx",
            "register:old",
            tuple(register(papers, on, evening) for on in first_half),
        )


def _reports(papers: Desk, name: str, evening: date) -> Iterator[tuple[str, str, tuple[Paper, ...]]]:
    """Today's report unless late or forgotten; yesterday's if it was late, or came back with something to mend."""
    yesterday = evening - timedelta(days=1)
    if yesterday >= FIRST and (name, yesterday) != FORGOTTEN:
        before, now = daily(papers, name, yesterday, yesterday), daily(papers, name, yesterday, evening)
        if (name, yesterday) in LATE or before != now:
            yield f"{name}/日报{yesterday:%m-%d}.xlsx", "daily", (now,)
    if (name, evening) not in LATE and (name, evening) != FORGOTTEN:
        ending = "xls" if (name, evening) == _WRONG_NAME else "xlsx"
        report = (daily(papers, name, evening, evening),)
        yield f"{name}/日报{evening:%m-%d}.{ending}", "daily", report
        if evening == _COPY and name == NAMES[0]:
            yield f"{name}/日报{evening:%m-%d} - 副本.xlsx", "daily", report
