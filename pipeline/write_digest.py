"""Writes 运行报告.html, the one page a manager opens first; the door to jinja2.

The charts are three bar charts of at most thirty bars, drawn as inline SVG by two macros of the template. The library named
in the house plan (altair with vl-convert) brings a JavaScript engine of some fifty megabytes and a second of start-up for
them; a macro of fifteen lines draws the same bars in the page's own colours, light and dark, and in print.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from functools import cache
from pathlib import Path, PurePosixPath
from typing import Any, Final
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from pipeline.days import calendar_findings, day_of, weekday_of
from pipeline.digest import Bar, Bars, BookLine, Debt, Digest, Figure, Tile
from pipeline.dues.owed import due_so_far
from pipeline.report import Report, Table
from pipeline.roster.streaks import to_press
from pipeline.rulebook.rulebook import Rulebook
from pipeline.say import fill, say
from pipeline.text import mask, mask_in
from pipeline.view import View
from pipeline.write_whole import write_whole

PAGE: Final = "运行报告.html"
_NEWEST: Final = "最新.html"
_VERDICTS: Final = ("accepted", "partial", "returned", "quarantined", "duplicate", "waiting", "ignored")
_BACK: Final = ("returned", "partial", "quarantined")
_ASIDE: Final = ("waiting", "duplicate", "ignored")
_LEDGERS: Final = "其他台账"
_SHOWN: Final = 10  # sentences of a file the page repeats; the returned copy has them all
_DAYS: Final = 30
_ROWS: Final = 15
_DIGITS: Final = re.compile(r"\d[\d -]{5,}\d")  # a phone, right or wrong
_AHEAD: Final = timedelta(days=31)  # so that a clerk hears of a year without 调休 before it begins


def digest_of(
    view: View,
    rules: Rulebook,
    reports: Sequence[Report],
    runs: Sequence[Mapping[str, Any]],
    copies: Mapping[str, str],
    to_fill: Iterable[str] = (),
    persons: int = 0,
) -> Digest:
    """Return what the page of a store's day shows; no clock is in it, so that the same day gives the same page.

    `runs` are the manifests of the day, first run first; `copies` maps SHA-256 → the returned copy below the page's folder,
    where the sheets `to_fill` lie too, each folder's consultant by consultant; `persons` is how many customers the archive knew that day.
    """
    books = _books(view, rules, runs, copies)
    counts = Counter(book.verdict for book in books)
    day = day_of(view.on, rules.calendar)
    names = {store.id: store.name for store in rules.house.stores}
    notes = (said for report in reports for term, said in report.notes if term == "提醒")
    ahead = (finding.say for finding in calendar_findings((view.on, view.on + _AHEAD), rules))
    return Digest(
        on=view.on,
        day=" ".join(filter(None, (weekday_of(view.on), day.type, day.name))),
        store=names.get(view.store) or rules.house.name or view.store,
        tiles=tuple(Tile(_word(rules, name), counts[name], name in _BACK) for name in _VERDICTS),
        figures=_figures(reports),
        stock=tuple((name, _shown(name, value)) for name, value in _cover(reports, "逾期跟进").items()),
        charts=_charts(reports),
        back=tuple(book for name in _BACK for book in books if book.verdict == name),
        aside=tuple(book for name in _ASIDE for book in books if book.verdict == name),
        taken=tuple(book for book in books if book.verdict == "accepted"),
        records=_records(view, rules, runs),
        debts=_debts(view, rules),
        ledgers=tuple((sheet, _link(f"{_LEDGERS}.xlsx"), late) for sheet, late in _cover(reports, _LEDGERS).items()),
        warnings=tuple(dict.fromkeys((*_crowded(persons, rules), *notes, *ahead))),
        workbooks=tuple((report.name, _link(f"{report.name}.xlsx")) for report in reports),
        to_fill=_to_fill(to_fill),
    )


def _crowded(persons: int, rules: Rulebook) -> Iterator[str]:
    if rules.privacy.crowded(persons):
        wording, words = (
            rules.wording["privacy.crowded"],
            {"found": str(persons), "other": str(rules.privacy.warn_persons)},
        )
        yield f"{fill(wording.say, words)} → {wording.want}"


def _to_fill(sheets: Iterable[str]) -> tuple[tuple[str, tuple[tuple[str, str], ...]], ...]:
    """Return the sheets' folders in the order given, each with the people's names and links in alphabetical order."""
    rooms: dict[str, list[tuple[str, str]]] = {}
    for sheet in map(PurePosixPath, sheets):
        rooms.setdefault(sheet.parent.name, []).append((sheet.stem, _link(str(sheet))))
    return tuple((room, tuple(sorted(people))) for room, people in rooms.items())


def lead_on(folder: Path, digest: Digest, moved: Mapping[str, str], rules: Rulebook) -> None:
    """Write a day's page again where workbooks that are open kept their place and the new ones have a next name."""
    write_digest(elsewhere(digest, moved, rules), folder / moved.get(PAGE, PAGE))


def elsewhere(digest: Digest, moved: Mapping[str, str], rules: Rulebook) -> Digest:
    """Return the page of a folder where files had to take a next name (name wanted → given): its links follow, and it says so."""
    links = {_link(name): _link(other) for name, other in moved.items()}

    def led(link: str) -> str:
        return links.get(link, link)

    said = (say(rules, "file.open", "warning", book=name, other=other).say for name, other in moved.items())
    return replace(
        digest,
        warnings=(*said, *digest.warnings),
        back=tuple(replace(book, copy=led(book.copy)) for book in digest.back),
        ledgers=tuple((sheet, led(link), late) for sheet, link, late in digest.ledgers),
        workbooks=tuple((name, led(link)) for name, link in digest.workbooks),
        to_fill=tuple((room, tuple((name, led(link)) for name, link in people)) for room, people in digest.to_fill),
    )


def write_digest(digest: Digest, path: Path) -> None:
    """Write the page; the same digest gives the same bytes."""
    _write(path, page(digest))


def page(digest: Digest) -> str:
    """Return the page as HTML: self-contained, no script, no network, everything staff wrote escaped."""
    return _template("digest.html.j2").render(d=digest)


def write_newest(outbox: Path, day: str) -> None:
    """Write `最新.html`, which leads to the page of this day; with several stores it lists their pages."""
    own = outbox / day / PAGE
    pages = [own] if own.exists() else sorted((outbox / day).glob(f"*/{PAGE}"))
    links = [(place.parent.name, _link(place.relative_to(outbox).as_posix())) for place in pages]
    _write(outbox / _NEWEST, _template("newest.html.j2").render(day=day, links=links))


@cache
def _template(name: str) -> Template:
    loader = FileSystemLoader(Path(__file__).parent)
    room = Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    return room.get_template(name)


def _write(path: Path, text: str) -> None:
    write_whole(path, text.encode(), mode=0o666)  # read by all whom the house's own mask lets


def _link(path: str) -> str:
    return f"./{quote(path)}"


def _word(rules: Rulebook, verdict: str) -> str:
    wording = rules.wording.get(f"verdict.{verdict}")
    return wording.say if wording else verdict


def _books(
    view: View, rules: Rulebook, runs: Sequence[Mapping[str, Any]], copies: Mapping[str, str]
) -> tuple[BookLine, ...]:
    """Return the day's files by path, each as the last run left it; a duplicate does not hide what was read before.

    A manifest lists the files of all stores; those that were read are kept if they are in this store's archive.
    """
    ours = _hashes(view)
    found: dict[str, Mapping[str, Any]] = {}
    for run in runs:
        for book in run["books"]:
            known = book["verdict"] in _ASIDE or book["sha256"] in ours
            if known and not (book["verdict"] == "duplicate" and book["path"] in found):
                found[book["path"]] = book
    return tuple(_line(found[path], rules, copies) for path in sorted(found))


def _line(book: Mapping[str, Any], rules: Rulebook, copies: Mapping[str, str]) -> BookLine:
    errors, warnings = (
        [_sentence(book["path"], said) for said in book["findings"] if said["level"] == level]
        for level in ("error", "warning")
    )
    wording = rules.wording.get(book["reason"])
    reason = "" if book["findings"] else wording.say if wording else book["reason"]
    copy = copies.get(book["sha256"], "") if book["verdict"] in _BACK else ""
    forms = dict.fromkeys(rules.forms[form["form"]].title for form in book["forms"] if form["form"] in rules.forms)
    return BookLine(
        path=mask_in(book["path"]), verdict=book["verdict"], word=_word(rules, book["verdict"]), reason=mask_in(reason), forms=tuple(forms),
        records=sum(form["records"] for form in book["forms"]), held=sum(form["held"] for form in book["forms"]),
        errors=tuple(errors[:_SHOWN]), warnings=tuple(warnings[:_SHOWN]),
        left_out=max(len(errors) - _SHOWN, 0) + max(len(warnings) - _SHOWN, 0), copy=_link(copy) if copy else "",
    )  # fmt: skip


def _sentence(path: str, said: Mapping[str, Any]) -> str:
    """Return a finding's sentence without the file's name, which stands above it, and with phones masked, wrong ones too."""
    sentence = mask_in(str(said["say"]).removeprefix(path).removeprefix(mask_in(path)).lstrip(" ›:"))
    if said["code"].startswith("phone."):
        sentence = _DIGITS.sub(lambda found: str(mask(re.sub(r"\D", "", found[0]))), sentence)
    proposal = mask_in(said.get("proposal", ""))  # the manifest of an older night has none
    return f"{sentence}(建议:{proposal})" if proposal else sentence


def _figures(reports: Sequence[Report]) -> tuple[Figure, ...]:
    """Return the summary's own figures by day and month."""
    cover = _cover(reports, "经营汇总")
    month = cover.get("本月累计", {})
    return tuple(
        Figure(name, _shown(name, value), _shown(name, month.get(name)))
        for name, value in cover.get("今日", {}).items()
    )


def _cover(reports: Sequence[Report], name: str) -> Mapping[str, Any]:
    return next((report.figures for report in reports if report.name == name), {})


def _shown(name: str, value: Any) -> str:
    if value is None:
        return ""
    if name.endswith("率"):
        return f"{value:.1%}"
    return f"{value:.1f}" if isinstance(value, float) and not value.is_integer() else f"{value:.0f}"


def _charts(reports: Sequence[Report]) -> tuple[Bars, ...]:
    drawn = (
        _bars(
            "近 30 天每日批次",
            _columns(reports, "来店规律", "按日", "日期", "合计批次", "日类型")[-_DAYS:],
            marked="法定假",
        ),
        _bars("各顾问逾期客户", _columns(reports, "逾期跟进", "按顾问", "销售顾问", "逾期数")[:_ROWS]),
        _bars("各顾问留档率", _columns(reports, "来店规律", "留档分析", "销售顾问", "留档率")[:_ROWS]),
    )
    return tuple(chart for chart in drawn if chart.bars)


def _bars(title: str, rows: Iterable[Sequence[Any]], *, marked: str = "") -> Bars:
    bars = tuple(
        Bar(
            f"{row[0]:%m-%d}" if hasattr(row[0], "month") else str(row[0]),
            row[1],
            _shown(title, row[1]) or "无登记",
            marked in row[2:],
        )
        for row in rows
    )
    most = max((bar.value or 0 for bar in bars), default=0)
    full = 1.0 if title.endswith("率") else most or 1.0
    return Bars(title, bars, full, marked if any(bar.marked for bar in bars) else "", upright=bool(marked))


def _columns(reports: Sequence[Report], name: str, sheet: str, *columns: str) -> list[tuple[Any, ...]]:
    """Return these columns of a sheet's own table; nothing if there is no such report."""
    tables: list[Table] = [
        each.tables[0] for report in reports if report.name == name for each in report.sheets if each.name == sheet
    ]
    if not tables:
        return []
    places = [[column.name for column in tables[0].columns].index(wanted) for wanted in columns]
    return [tuple(row[place] for place in places) for row in tables[0].rows]


def _records(
    view: View, rules: Rulebook, runs: Sequence[Mapping[str, Any]]
) -> tuple[tuple[str, int, int, int, int], ...]:
    """Return per record kind what the day's runs added, amended, withdrew and held.

    A manifest counts all stores together, so a page of one store among several leaves them out.
    """
    ours = _hashes(view)
    if any(book["verdict"] not in _ASIDE and book["sha256"] not in ours for run in runs for book in run["books"]):
        return ()
    sums: dict[str, Counter[str]] = {}
    for run in runs:
        for kind, counts in run["records"].items():
            sums.setdefault(kind, Counter()).update(counts)
    kept = [(rules.kinds[kind].title, sums[kind]) for kind in rules.kinds if kind in sums]
    return tuple((title, did["added"], did["amended"], did["withdrawn"], did["held"]) for title, did in kept)


def _hashes(view: View) -> set[str]:
    submission = view.tables.get("submission")
    return {row[submission.names.index("sha256")] for row in submission.rows} if submission else set()


def _debts(view: View, rules: Rulebook) -> tuple[Debt, ...]:
    pressed = to_press(due_so_far(view, rules), view.on, rules.house.press_days)
    return tuple(
        Debt(each.who, each.title, each.periods, len(each.missing), each.days, each.streak) for each in pressed
    )
