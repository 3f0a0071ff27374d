"""A night, from inbox to outbox: the only file that knows the order of things.

    scan → read → examine (recognise … judge) → propose → merge ─┐ nothing written so far
      originals filed ── manifest ── one transaction a store ── outbox/DATE published ── inbox emptied ── night done

Cut the power anywhere: before the transaction the inbox still holds everything; after it the next run finds the night unfinished, publishes its day,
and takes from the inbox what that night had already filed. Nothing twice, nothing lost.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

from pipeline import __version__
from pipeline.archive.commit import Night
from pipeline.archive.engine import IN_MEMORY, has_archive
from pipeline.archive.keep_archive import Archive, open_archive
from pipeline.archive.lookup import Known
from pipeline.disk import disk_of
from pipeline.errors import ArchiveError
from pipeline.examine import Looked, examine
from pipeline.grid import Book, Unreadable
from pipeline.keep_bytes import Laid
from pipeline.keep_files import Original, empty_inbox, file_originals
from pipeline.keep_home import Home
from pipeline.keep_locks import store_lock
from pipeline.keep_log import Log
from pipeline.keep_manifest import manifest_of, put_aside, run_id, settle, show
from pipeline.leave_out import Gone, unnamed
from pipeline.manifest import Unread, manifest
from pipeline.masked import masked_manifest
from pipeline.merge import merge
from pipeline.model import Change, Submission, Verdict
from pipeline.publish import publish, rarely_collected
from pipeline.read_inbox import Arrival, UnsettledError, scan
from pipeline.redact import NAME, without
from pipeline.rulebook.rulebook import Rulebook
from pipeline.share_out import Reader, here
from pipeline.turn_away import turn_away
from pipeline.view import Rows
from pipeline.weigh import weigh

Seen = Callable[[str, int], None]
_TAKEN_IN = frozenset({"accepted"})


@dataclass
class _Tonight:
    """What a run gathers on its way; written to by `run` alone."""

    home: Home
    rules: Rulebook
    on: date
    run: str
    started: datetime
    files: list[_File] = field(default_factory=list)  # read tonight
    gone: list[tuple[Path, str]] = field(default_factory=list)  # duplicates and files of an unfinished night
    unread: list[Unread] = field(default_factory=list)
    unfinished: list[tuple[str, str]] = field(
        default_factory=list
    )  # store and night of those cut off after their transaction
    dealt: set[tuple[str, str, str]] = field(
        default_factory=set
    )  # store, path and hash of what those nights had dealt with
    erased: dict[str, Gone] = field(default_factory=dict)  # who was left out of a workbook, by its hash


@dataclass(frozen=True, slots=True)
class _File:
    """One workbook of the night: where it lay, its hash, and the number under which the bytes that were read are laid aside."""

    arrival: Arrival
    sha256: str
    laid: int


class _Files(Rows):
    """The night's workbooks as a reader takes them, each with its bytes only while somebody has it."""

    def __init__(self, files: Sequence[_File], laid: Laid) -> None:
        self.files, self.laid = files, laid

    def __len__(self) -> int:
        return len(self.files)

    def row(self, which: int) -> tuple[str, bytes, datetime]:
        """Return one workbook: path below the inbox, bytes, when it was received."""
        file = self.files[which]
        return file.arrival.path, self.laid.get(file.laid), file.arrival.received


def run(
    home: Home,
    rules: Rulebook,
    on: date,
    *,
    dry_run: bool = False,
    now: Callable[[], datetime] = datetime.now,
    seen: Seen = lambda *_: None,
    name: str = "",
    read: Reader = here,
) -> dict[str, Any]:
    """Run the night of a business day and return its manifest; a dry run returns it and writes nothing.

    Of several stores that share a home each has a night of its own: `home` is then one store's, `name` what the group calls the run.
    `read` reads the workbooks, here or elsewhere.
    Raises InboxError, ArchiveError (exit 3) and LockedError (75); no workbook raises anything.
    """
    with disk_of(home.root), store_lock(home), rarely_collected(), ExitStack() as open_now:
        started = now().replace(microsecond=0)
        tonight = _Tonight(home, rules, on, name or run_id(home.runs, on, started), started)
        arrivals = scan(home.inbox, started, rules.house.stable_seconds, rules, store=home.store)
        tonight.unread += [Unread(left.path, "ignored", left.reason) for left in arrivals.ignored]
        tonight.unread += [Unread(left.path, "waiting", left.reason) for left in arrivals.waiting]
        stores = [home.store or rules.house.store_ids[0]]
        archives = {store: open_now.enter_context(_open(home, store, rules, dry_run=dry_run)) for store in stores}
        if not dry_run:
            _take_up(tonight, archives)
        # All that the reading needs is gone before the mornings' workbooks are drawn: a large night holds much of both.
        said, traces = _taken_in(tonight, arrivals.files, archives, read, seen, now, dry_run=dry_run)
        if not dry_run:
            _brought_out(tonight, archives, said, traces, now)
        return said


def _open(home: Home, store: str, rules: Rulebook, *, dry_run: bool) -> Archive:
    """Open a store's archive; a dry run on a home without one asks an empty archive in memory and leaves no file."""
    fresh = dry_run and not has_archive(home.root, store)
    return open_archive(home.root, store, rules, url=IN_MEMORY if fresh else "")


def _taken_in(
    tonight: _Tonight, files: Sequence[Arrival], archives: dict[str, Archive], read: Reader, seen: Seen,
    now: Callable[[], datetime], *, dry_run: bool,
) -> tuple[dict[str, Any], Mapping[str, str]]:  # fmt: skip
    """Read, judge and merge what lies in the inbox, and unless nothing may be written commit it; return the manifest, and the tracebacks of crashes."""
    with Laid() as laid:
        _lay_aside(tonight, files, archives, laid)
        owner = {file.arrival.path: file.arrival.store for file in tonight.files}
        examined = examine(_read(tonight, laid, read, seen), tonight.rules, tonight.on, store_of=owner.__getitem__)
        kept, tonight.erased = turn_away(tonight.home, archives, examined.submissions, tonight.rules)
        kept = _without_repeats(tonight, kept, archives)
        told, changes = weigh(kept, archives, tonight.rules)
        told = unnamed(told, tonight.erased)
        every = [change for store in sorted(changes) for change in changes[store]]
        ended = now().replace(microsecond=0)
        said = manifest(tonight.run, tonight.on, tonight.started, ended, told, tonight.unread, every)
        if not dry_run:
            # What the records say now stands in the changes.
            _commit(tonight, archives, [replace(each, records=()) for each in told], changes, said, laid)
    return said, examined.traces


def _commit(
    tonight: _Tonight, archives: dict[str, Archive], told: Sequence[Submission], changes: dict[str, tuple[Change, ...]],
    said: dict[str, Any], laid: Laid,
) -> None:  # fmt: skip
    """File the originals, then put the night into the archives, in the order that survives a power cut."""
    originals, redacted = _file_originals(tonight, {each.sha256: each.verdict for each in told}, laid)
    put_aside(tonight.home.runs, masked_manifest(said))
    night = Night(tonight.run, tonight.on, tonight.started, __version__)
    for store, archive in archives.items():
        own = [submission for submission in told if submission.store == store]
        if not archive.commit(night, own, changes[store], originals, redacted):
            raise ArchiveError(f"归档里已有运行 {tonight.run}", "再运行一次;inbox 里的文件都还在")


def _brought_out(
    tonight: _Tonight, archives: dict[str, Archive], said: dict[str, Any], traces: Mapping[str, str], now: Callable[[], datetime]
) -> None:  # fmt: skip
    """Show the manifest of the night that is in, publish the day, empty the inbox, and call the night done."""
    home = tonight.home
    show(home.runs, tonight.run)
    log = Log(home.logs, tonight.run)
    log.books(said, traces)
    for archive in archives.values():
        publish(home, tonight.rules, archive, tonight.on, anew=False)
    dealt = {book["sha256"] for book in said["books"] if book["sha256"]}
    filed = [(file.arrival.place, file.sha256) for file in tonight.files if file.sha256 in dealt]
    left = empty_inbox(filed + tonight.gone)
    for store, unfinished in (*tonight.unfinished, *((store, tonight.run) for store in archives)):
        archives[store].finish(unfinished, now().replace(microsecond=0))
    log.done(said, [path.name for path in left])


def _lay_aside(tonight: _Tonight, files: Sequence[Arrival], archives: dict[str, Archive], laid: Laid) -> None:
    """Open the stable files, and lay aside what they hold; the same bytes again, tonight or ever, are a duplicate and are not read."""
    opened: list[_File] = []
    for arrival in files:
        try:
            content = arrival.content()
        except UnsettledError as unsettled:
            tonight.unread.append(Unread(arrival.path, "waiting", unsettled.reason))
            continue
        opened.append(_File(arrival, hashlib.sha256(content).hexdigest(), laid.put(content)))
    known: dict[str, dict[str, Known]] = {
        store: dict(archive.known({file.sha256 for file in opened if file.arrival.store == store}))
        for store, archive in archives.items()
    }
    first: dict[tuple[str, str], str] = {}
    for file in sorted(opened, key=lambda one: (one.arrival.received, one.sha256, one.arrival.path)):
        arrival, sha = file.arrival, file.sha256
        before = known[arrival.store].get(sha)
        if (arrival.store, sha) in first:
            _repeat(tonight, arrival, sha, first[arrival.store, sha])
        elif before is not None and (arrival.store, arrival.path, sha) in tonight.dealt:
            tonight.gone.append((arrival.place, sha))
        elif before is not None and before.verdict in _TAKEN_IN:
            _repeat(tonight, arrival, sha, f"{before.path}({before.on})")
        else:
            first[arrival.store, sha] = arrival.path
            tonight.files.append(file)


def _repeat(tonight: _Tonight, arrival: Arrival, sha: str, of: str) -> None:
    tonight.unread.append(Unread(arrival.path, "duplicate", f"与 {of} 内容相同", sha))
    tonight.gone.append((arrival.place, sha))


def _read(tonight: _Tonight, laid: Laid, read: Reader, seen: Seen) -> Iterator[Book | Unreadable | Looked]:
    for number, book in enumerate(read(_Files(tonight.files, laid), tonight.rules), 1):
        yield book
        seen(book.path, number)


def _without_repeats(
    tonight: _Tonight, submissions: Sequence[Submission], archives: dict[str, Archive]
) -> tuple[Submission, ...]:
    """A workbook that went back before and comes again unchanged is a duplicate, unless rules changed since and it says more now."""
    files = {(file.arrival.path, file.sha256): file for file in tonight.files}
    known = {
        store: archive.known({each.sha256 for each in submissions if each.store == store})
        for store, archive in archives.items()
    }
    kept: list[Submission] = []
    for submission in submissions:
        before = known[submission.store].get(submission.sha256)
        if (
            before is not None
            and before.verdict == submission.verdict
            and not _adds(archives[submission.store], submission, tonight.rules)
        ):
            file = files.pop((submission.path, submission.sha256))
            _repeat(tonight, file.arrival, file.sha256, f"{before.path}({before.on},仍须改正)")
        else:
            kept.append(submission)
    tonight.files = [*files.values()]
    return tuple(kept)


def _adds(archive: Archive, submission: Submission, rules: Rulebook) -> bool:
    """Say whether a workbook known already would change a record: a rule or a name was put right in between."""
    changes = merge([submission], archive.standing_for([submission]), rules)
    return any(change.act != "unchanged" for change in changes)


def _file_originals(
    tonight: _Tonight, verdicts: Mapping[str, Verdict], laid: Laid
) -> tuple[dict[str, str], dict[str, str]]:
    """File every workbook byte for byte, and return hash → path below HOME; and hash → hash of those filed without somebody erased."""
    redacted: dict[str, str] = {}

    def originals() -> Iterator[Original]:
        for file in tonight.files:
            arrival, sha, content = file.arrival, file.sha256, laid.get(file.laid)
            name, readable = arrival.path.rsplit("/", 1)[-1], verdicts[sha] != "quarantined"
            if (gone := tonight.erased.get(sha)) is not None:
                content = without(arrival.path, content, arrival.received, gone, tonight.rules, tonight.on)
                name, redacted[sha] = NAME, hashlib.sha256(content).hexdigest()
            yield Original(content, arrival.received, redacted.get(sha, sha), name, readable)

    filed = file_originals(tonight.home.archive, originals(), tonight.home.store)
    return {file.sha256: filed[redacted.get(file.sha256, file.sha256)] for file in tonight.files}, redacted


def _take_up(tonight: _Tonight, archives: dict[str, Archive]) -> None:
    """Take up the nights that were cut off after their transaction: publish their days, and know what they had dealt with.

    They count as done when tonight's inbox is empty, so that being cut off again changes nothing.
    """
    runs = tonight.home.runs
    nights = {store: archive.nights() for store, archive in archives.items()}
    settle(runs, {night.night_id for those in nights.values() for night in those})
    unfinished = [(store, night) for store, those in nights.items() for night in those if night.status == "committed"]
    for store, night in unfinished:
        tonight.unfinished.append((store, night.night_id))
        books = (manifest_of(runs, night.night_id) or {"books": ()})["books"]
        tonight.dealt |= {(store, book["path"], book["sha256"]) for book in books if book["sha256"]}
    for store, on in sorted({(store, night.on) for store, night in unfinished if night.on != tonight.on}):
        publish(tonight.home, tonight.rules, archives[store], on)
