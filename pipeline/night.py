"""A night, from inbox to outbox: the only file that knows the order of things.

    scan → read → examine (recognise … judge) → propose → merge ─┐ nothing written so far
      originals filed ── manifest ── one transaction a store ── outbox/DATE published ── inbox emptied ── night done

Cut the power anywhere: before the transaction the inbox still holds everything; after it the next run finds the night unfinished, publishes its day,
and takes from the inbox what that night had already filed. Nothing twice, nothing lost.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
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
from pipeline.cluster import Reader, here
from pipeline.disk import disk_of
from pipeline.errors import ArchiveError
from pipeline.examine import Examined, Looked, examine
from pipeline.grid import Book, Unreadable
from pipeline.keep_files import Original, empty_inbox, file_originals
from pipeline.keep_home import Home
from pipeline.keep_locks import store_lock
from pipeline.keep_log import Log
from pipeline.keep_manifest import manifest_of, put_aside, run_id, settle, show
from pipeline.leave_out import Gone, unnamed
from pipeline.manifest import Unread, manifest
from pipeline.masked import masked_manifest
from pipeline.merge import merge
from pipeline.model import Change, Submission
from pipeline.publish import publish, rarely_collected
from pipeline.read_inbox import Arrival, UnsettledError, scan
from pipeline.redact import NAME, without
from pipeline.rulebook.rulebook import Rulebook
from pipeline.turn_away import turn_away
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
    files: list[tuple[Arrival, str, bytes]] = field(
        default_factory=list
    )  # read tonight, with hash and the bytes that were read
    gone: list[tuple[Path, str]] = field(default_factory=list)  # duplicates and files of an unfinished night
    unread: list[Unread] = field(default_factory=list)
    unfinished: list[tuple[str, str]] = field(
        default_factory=list
    )  # store and night of those cut off after their transaction
    dealt: set[tuple[str, str, str]] = field(
        default_factory=set
    )  # store, path and hash of what those nights had dealt with
    erased: dict[str, Gone] = field(default_factory=dict)  # who was left out of a workbook, by its hash


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
        contents = _contents(tonight, arrivals.files, archives)
        owner = {arrival.path: arrival.store for arrival in arrivals.files}
        examined = examine(_read(contents, rules, read, seen), rules, on, store_of=owner.__getitem__)
        kept, tonight.erased = turn_away(home, archives, examined.submissions, rules)
        examined = _without_repeats(tonight, replace(examined, submissions=kept), archives)
        told, changes = weigh(examined.submissions, archives, rules)
        examined = replace(examined, submissions=unnamed(told, tonight.erased))
        said = _manifest(tonight, examined, changes, now)
        if not dry_run:
            _write(tonight, examined, archives, changes, said, now)
        return said


def _open(home: Home, store: str, rules: Rulebook, *, dry_run: bool) -> Archive:
    """Open a store's archive; a dry run on a home without one asks an empty archive in memory and leaves no file."""
    fresh = dry_run and not has_archive(home.root, store)
    return open_archive(home.root, store, rules, url=IN_MEMORY if fresh else "")


def _write(
    tonight: _Tonight,
    examined: Examined,
    archives: dict[str, Archive],
    changes: dict[str, tuple[Change, ...]],
    said: dict[str, Any],
    now: Callable[[], datetime],
) -> None:
    """Everything that touches the disk, in the order that survives a power cut."""
    home = tonight.home
    kept = {s.sha256 for s in examined.submissions}
    originals, redacted = _file_originals(tonight, examined)
    put_aside(home.runs, masked_manifest(said))
    night = Night(tonight.run, tonight.on, tonight.started, __version__)
    for store, archive in archives.items():
        own = [submission for submission in examined.submissions if submission.store == store]
        if not archive.commit(night, own, changes[store], originals, redacted):
            raise ArchiveError(f"归档里已有运行 {tonight.run}", "再运行一次;inbox 里的文件都还在")
    show(home.runs, tonight.run)
    log = Log(home.logs, tonight.run)
    log.books(said, examined.traces)
    for archive in archives.values():
        publish(home, tonight.rules, archive, tonight.on)
    left = empty_inbox([(arrival.place, sha) for arrival, sha, _ in tonight.files if sha in kept] + tonight.gone)
    for store, unfinished in (*tonight.unfinished, *((store, tonight.run) for store in archives)):
        archives[store].finish(unfinished, now().replace(microsecond=0))
    log.done(said, [path.name for path in left])


def _contents(tonight: _Tonight, files: Sequence[Arrival], archives: dict[str, Archive]) -> list[tuple[Arrival, bytes]]:
    """Open the stable files; the same bytes again, tonight or ever, are a duplicate and are not read."""
    opened: list[tuple[Arrival, bytes, str]] = []
    for arrival in files:
        try:
            content = arrival.content()
        except UnsettledError as unsettled:
            tonight.unread.append(Unread(arrival.path, "waiting", unsettled.reason))
            continue
        opened.append((arrival, content, hashlib.sha256(content).hexdigest()))
    known: dict[str, dict[str, Known]] = {
        store: dict(archive.known({sha for arrival, _, sha in opened if arrival.store == store}))
        for store, archive in archives.items()
    }
    first: dict[tuple[str, str], str] = {}
    taken: list[tuple[Arrival, bytes]] = []
    for arrival, content, sha in sorted(opened, key=lambda one: (one[0].received, one[2], one[0].path)):
        before = known[arrival.store].get(sha)
        if (arrival.store, sha) in first:
            _repeat(tonight, arrival, sha, first[arrival.store, sha])
        elif before is not None and (arrival.store, arrival.path, sha) in tonight.dealt:
            tonight.gone.append((arrival.place, sha))
        elif before is not None and before.verdict in _TAKEN_IN:
            _repeat(tonight, arrival, sha, f"{before.path}({before.on})")
        else:
            first[arrival.store, sha] = arrival.path
            tonight.files.append((arrival, sha, content))
            taken.append((arrival, content))
    return taken


def _repeat(tonight: _Tonight, arrival: Arrival, sha: str, of: str) -> None:
    tonight.unread.append(Unread(arrival.path, "duplicate", f"与 {of} 内容相同", sha))
    tonight.gone.append((arrival.place, sha))


def _read(
    contents: Sequence[tuple[Arrival, bytes]], rules: Rulebook, read: Reader, seen: Seen
) -> Iterator[Book | Unreadable | Looked]:
    files = [(arrival.path, content, arrival.received) for arrival, content in contents]
    for number, book in enumerate(read(files, rules), 1):
        yield book
        seen(book.path, number)


def _without_repeats(tonight: _Tonight, examined: Examined, archives: dict[str, Archive]) -> Examined:
    """A workbook that went back before and comes again unchanged is a duplicate, unless rules changed since and it says more now."""
    kept: list[Submission] = []
    place = {(arrival.path, sha): arrival for arrival, sha, _ in tonight.files}
    known = {
        store: archive.known({each.sha256 for each in examined.submissions if each.store == store})
        for store, archive in archives.items()
    }
    for submission in examined.submissions:
        archive = archives[submission.store]
        before = known[submission.store].get(submission.sha256)
        if (
            before is not None
            and before.verdict == submission.verdict
            and not _adds(archive, submission, tonight.rules)
        ):
            _repeat(
                tonight,
                place[submission.path, submission.sha256],
                submission.sha256,
                f"{before.path}({before.on},仍须改正)",
            )
        else:
            kept.append(submission)
    return replace(examined, submissions=tuple(kept))


def _adds(archive: Archive, submission: Submission, rules: Rulebook) -> bool:
    """Say whether a workbook known already would change a record: a rule or a name was put right in between."""
    changes = merge([submission], archive.standing_for([submission]), rules)
    return any(change.act != "unchanged" for change in changes)


def _file_originals(tonight: _Tonight, examined: Examined) -> tuple[dict[str, str], dict[str, str]]:
    """File every workbook byte for byte, and return hash → path below HOME; and hash → hash of those filed without somebody erased."""
    verdicts = {submission.sha256: submission.verdict for submission in examined.submissions}
    originals: dict[str, Original] = {}
    for arrival, sha, content in tonight.files:
        if sha in verdicts:
            name, held = arrival.path.rsplit("/", 1)[-1], content
            if sha in tonight.erased:
                held = without(arrival.path, content, arrival.received, tonight.erased[sha], tonight.rules, tonight.on)
                name = NAME
            known = sha if held is content else hashlib.sha256(held).hexdigest()
            originals[sha] = Original(held, arrival.received, known, name, verdicts[sha] != "quarantined")
    filed = file_originals(tonight.home.archive, list(originals.values()), tonight.home.store)
    redacted = {sha: original.sha256 for sha, original in originals.items() if original.sha256 != sha}
    return {sha: filed[original.sha256] for sha, original in originals.items()}, redacted


def _manifest(
    tonight: _Tonight, examined: Examined, changes: dict[str, tuple[Change, ...]], now: Callable[[], datetime]
) -> dict[str, Any]:
    every = [change for store in sorted(changes) for change in changes[store]]
    return manifest(
        tonight.run,
        tonight.on,
        tonight.started,
        now().replace(microsecond=0),
        examined.submissions,
        tonight.unread,
        every,
    )


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
