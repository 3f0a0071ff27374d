"""Writes a business day's outbox from the archive as it stood on that day: workbooks, returned copies, notes, the page.

    Archive ─view→ View ─gather→ Facts ─build→ Report ─ink→ xlsx
                     └──returns→ Return ─ marks ─→ 退回/<same sub-folder>/<same name>

The folder is built beside the old one and swapped whole, from nothing but the archive and the day's manifests: made again, it comes out the same.
"""

from __future__ import annotations

import gc
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from pipeline.archive.keep_archive import Archive
from pipeline.archive.lookup import NightRow
from pipeline.errors import ArchiveError, UsageError
from pipeline.grid import Book
from pipeline.keep_drawn import drawn_from, keep_drawn, stands
from pipeline.keep_files import replace_folder, replace_or_next, safe_name
from pipeline.keep_home import Home
from pipeline.keep_manifest import manifest_of
from pipeline.keep_rollups import keep_rollup, renew_rollup
from pipeline.masked import masked_report
from pipeline.report import Report
from pipeline.returns import Return, returns
from pipeline.rollup import rollup_of
from pipeline.rulebook.rulebook import Rulebook
from pipeline.view import View
from pipeline.write_whole import sync_files

if TYPE_CHECKING:
    from pipeline.digest import Digest
    from pipeline.facts.gather import Facts

_BACK = "退回"
_TOMORROW = "明日表单"
_HANDOVER = "交接"
_SETTLEMENT = "派单结算"
_MASTER = "主档案"
_ALLOWANCE = 50_000  # new objects between two collections


@contextmanager
def rarely_collected() -> Iterator[None]:
    """Let rubbish wait: a night holds millions of rows to its end, and walking through them again and again frees nothing."""
    usual = gc.get_threshold()
    gc.set_threshold(_ALLOWANCE, *usual[1:])
    try:
        yield
    finally:
        gc.set_threshold(*usual)


@rarely_collected()
def publish(
    home: Home, rules: Rulebook, archive: Archive, on: date, *, only: str = "", anew: bool = True
) -> tuple[Path, ...]:
    """Build the day's folder anew and return what was written; `only` names one workbook to write again, the rest is left as it is.

    `anew=False` writes nothing where what would be built lies there already, made of the very same.
    Several stores each have a folder of their own below the day's; `home` is then one store's.
    """
    nights = archive.nights()
    runs = _manifests(home, nights, on)
    drawn = drawn_from(archive.state(), rules, runs)
    if not anew and stands(home, on, drawn) and _is_told(home, on, runs):
        return ()
    from pipeline.facts.tables import KINDS  # noqa: PLC0415 - with pandas; see _facts

    view = archive.view(on, KINDS | rules.ledger_kinds, old_warnings=False)
    folder = home.day(on)
    if only:
        folder.mkdir(parents=True, exist_ok=True)
        return tuple(_workbooks(folder, home.up, view, rules, only))
    facts = _facts(view, rules)
    newest = all(night.on <= on for night in nights if night.counted)
    # An old day made again leaves the master file of today alone.
    masters = [_master(home, facts, rules)] if newest else []
    reports = _reports(facts, rules)
    pages: list[Digest] = []

    def build(beside: Path) -> None:
        pages.append(_day(home, beside, facts, rules, reports, runs, masters))

    moved = replace_folder(home.outbox, on, build, home.store)
    if home.store and runs:
        keep_rollup(home, rollup_of(reports, pages[0], home.store, runs[-1]["run"]))
    _newest(home, on, pages[0], moved, rules)
    if not moved:
        keep_drawn(home, on, drawn)
    return (*sorted(path for path in folder.rglob("*") if path.is_file()), *masters)


def _is_told(home: Home, on: date, runs: Sequence[Mapping[str, Any]]) -> bool:
    """Let a store's roll-up name the last run of a day that stands as it is; False where there is none to be told."""
    return not home.store or not runs or renew_rollup(home, on, runs[-1]["run"])


def _day(
    home: Home, folder: Path, facts: Facts, rules: Rulebook, reports: Sequence[Report], runs: Sequence[Mapping[str, Any]],
    master: Sequence[Path],
) -> Digest:  # fmt: skip
    """Write the day but for the master file, and return its page."""
    for report in reports:
        _ink(report, folder, home.up)
    _to_fill(folder, facts, rules)
    copies = {one.sha256: _give_back(home, folder, one) for one in returns(facts.view)}
    return _page(folder, facts, rules, reports, runs, copies, master)


def _facts(view: View, rules: Rulebook) -> Facts:
    # pandas and the reports load here, so that a night without a business day to report does not wait for them.
    from pipeline.facts.gather import gather  # noqa: PLC0415

    return gather(view, rules)


def _reports(facts: Facts, rules: Rulebook) -> tuple[Report, ...]:
    from pipeline.reports import (  # noqa: PLC0415
        appraisal,
        overdue,
        registers,
        relations,
        reminders,
        summary,
        visit_patterns,
    )

    built = (
        visit_patterns.build(facts.view, rules),
        overdue.build(facts, rules),
        summary.build(facts, rules),
        relations.build(facts, rules),
        reminders.build(facts, rules),
        registers.build(facts.view, rules),
        appraisal.build(facts, rules),
    )
    return tuple(map(masked_report, built)) if rules.privacy.mask_phones else built


def _workbooks(folder: Path, up: str, view: View, rules: Rulebook, only: str) -> list[Path]:
    reports = _reports(_facts(view, rules), rules)
    chosen = [report for report in reports if report.name == PurePosixPath(only).stem]
    if not chosen:
        raise UsageError(f"没有报表 {only}", f"有:{'、'.join(report.name for report in reports)}")
    folder.mkdir(parents=True, exist_ok=True)
    return [_ink(report, folder, up) for report in chosen]


def _ink(report: Report, folder: Path, up: str) -> Path:
    from pipeline.write_workbook import write_workbook  # noqa: PLC0415

    target = folder / f"{report.name}.xlsx"
    beside = folder / f".{report.name}.xlsx"
    write_workbook(report, beside, link=lambda source: f"{up}{source.original}" if source.original else "")
    # A drawn workbook is a hundred thousand objects in circles, which would wait for the end of the night.
    gc.collect(1)
    sync_files([beside])
    return replace_or_next(beside, target)


def _master(home: Home, facts: Facts, rules: Rulebook) -> Path:
    """Write the master archive for eyes; phones stand in it in full, so it is private from its first byte."""
    from pipeline.reports import master_file  # noqa: PLC0415 - with pandas; see _facts

    report, folder = master_file.build(facts, rules), home.exports
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        beside = folder / f".{report.name}.xlsx"
        beside.touch(mode=0o600)
        beside.chmod(0o600)
        return _ink(report, folder, home.up)
    except OSError as error:
        raise ArchiveError(
            f"{report.name}不能写:{error.strerror or error}", "检查 archive 文件夹的权限和磁盘空间"
        ) from error


def _to_fill(folder: Path, facts: Facts, rules: Rulebook) -> None:
    _next_sheets(folder, facts, rules)
    _hand_overs(folder, facts, rules)
    _same_persons(folder, facts, rules)
    _settlements(folder, facts.view, rules)


def _next_sheets(folder: Path, facts: Facts, rules: Rulebook) -> None:
    """Write each consultant's own sheet for the next working day."""
    from pipeline.tomorrow import FORM, next_sheets  # noqa: PLC0415 - with pandas; see _facts
    from pipeline.write_templates import write_filled  # noqa: PLC0415

    for one in next_sheets(facts, rules):
        target = folder / _TOMORROW / safe_name(f"{one.consultant}.xlsx")
        target.parent.mkdir(exist_ok=True)
        write_filled(rules.forms[FORM], rules, target, one.filled, one.calls, one.on)


def _hand_overs(folder: Path, facts: Facts, rules: Rulebook) -> None:
    """Write what a consultant who leaves has to hand over, for the manager to name who takes it."""
    from pipeline.handover import FORM, hand_overs  # noqa: PLC0415 - with pandas; see _facts
    from pipeline.write_templates import write_filled  # noqa: PLC0415

    for who, filled in hand_overs(facts, rules).items():
        target = folder / _HANDOVER / safe_name(f"{who}.xlsx")
        target.parent.mkdir(exist_ok=True)
        write_filled(rules.forms[FORM], rules, target, filled, None, facts.on)


def _same_persons(folder: Path, facts: Facts, rules: Rulebook) -> None:
    """Write which customers may be one, for the clerk to judge."""
    from pipeline.same_person import FORM, questions  # noqa: PLC0415 - with pandas; see _facts
    from pipeline.write_templates import write_filled  # noqa: PLC0415

    if filled := questions(facts, rules):
        write_filled(rules.forms[FORM], rules, folder / f"{rules.forms[FORM].title}.xlsx", filled, None, facts.on)


def _settlements(folder: Path, view: View, rules: Rulebook) -> None:
    """Write what part-timers are owed for each week that is over, for the manager to check and sign."""
    from pipeline.settlement import FORM, settlements  # noqa: PLC0415 - only a night writes it
    from pipeline.write_templates import write_filled  # noqa: PLC0415

    for name, (filled, how) in settlements(view, rules).items():
        target = folder / _SETTLEMENT / safe_name(f"{name}.xlsx")
        target.parent.mkdir(exist_ok=True)
        write_filled(rules.forms[FORM], rules, target, filled, how, view.on)


def _give_back(home: Home, folder: Path, one: Return) -> str:
    """Write one returned copy or one note, and return its path below the day's folder."""
    place = PurePosixPath(_BACK, *map(safe_name, PurePosixPath(one.path).parts))
    target = folder / place.parent
    target.mkdir(parents=True, exist_ok=True)
    if one.verdict == "quarantined":
        name = f"{place.name}.说明.txt"
        sentences = "\n".join(finding.say for finding in one.findings)
        (target / name).write_text(
            f"{sentences}\n\n原件没有丢,已另行保管。改好后把文件再放进收表文件夹即可。\n", "utf-8-sig"
        )
    else:
        from pipeline.write_returned import returned_copy  # noqa: PLC0415 - lxml, for a night that returns something

        content = (home.root / one.original).read_bytes()
        name, copy = returned_copy(place.name, content, one.findings, one.fixed, lambda: _read_again(one, content))
        (target / name).write_bytes(copy)
    return str(place.parent / name)


def _read_again(one: Return, content: bytes) -> Book | None:
    """Read an original whose package cannot be marked: its values come back in a fresh workbook."""
    from pipeline.workers import read_books  # noqa: PLC0415

    book = next(iter(read_books([(one.path, content, one.received)])))
    return book if isinstance(book, Book) else None


def _manifests(home: Home, nights: Iterable[NightRow], on: date) -> tuple[Mapping[str, Any], ...]:
    """Return the manifests of the day's runs that reached the archive, first run first."""
    ran = sorted((night.started_at, night.night_id) for night in nights if night.on == on and night.counted)
    told = (manifest_of(home.runs, run) for _, run in ran)
    return tuple(said for said in told if said is not None)


def _page(
    folder: Path, facts: Facts, rules: Rulebook, reports: Sequence[Report], runs: Sequence[Mapping[str, Any]],
    copies: Mapping[str, str], master: Sequence[Path],
) -> Digest:  # fmt: skip
    from pipeline.write_digest import PAGE, digest_of, elsewhere, write_digest  # noqa: PLC0415

    to_fill = [
        f"{room}/{sheet.name}"
        for room in (_TOMORROW, _HANDOVER, _SETTLEMENT)
        for sheet in (folder / room).glob("*.xlsx")
    ]
    digest = digest_of(facts.view, rules, reports, runs, copies, to_fill, len(facts.persons))
    digest = elsewhere(digest, {f"{_MASTER}.xlsx": path.name for path in master if path.stem != _MASTER}, rules)
    write_digest(digest, folder / PAGE)
    return digest


def _newest(home: Home, on: date, page: Digest, moved: Mapping[str, str], rules: Rulebook) -> None:
    """Let the day's page lead to what had to take a next name, and 最新.html to the newest day there is; a group has its own."""
    from pipeline.write_digest import lead_on, write_newest  # noqa: PLC0415

    if moved:
        lead_on(home.day(on), page, moved, rules)
    if not home.store:
        days = [path.name for path in home.outbox.iterdir() if path.is_dir() and path.name[:1].isdigit()]
        write_newest(home.outbox, max([*days, on.isoformat()]))
