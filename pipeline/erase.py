"""Forgets persons in a whole home: archive, originals, manifests, logs, outbox, the copies a restore kept; a tombstone stays.

    look for them everywhere ── list (open) ── originals beside ── manifests, logs ─┤transaction a store├─ finish
    finish: old originals go ── databases anew ── outbox of the days that named them ── list (done), and beside the backups

Until the transaction everything still stands, so the same command begins again; after it the open entry of the list says what is left.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Collection, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from pipeline.archive import forget
from pipeline.archive.erase import Tomb, Trail
from pipeline.archive.history import Person
from pipeline.archive.keep_archive import Archive
from pipeline.erasure.told import Replaced, unmanifested
from pipeline.erasure.wanted import Wanted, together
from pipeline.errors import ArchiveError
from pipeline.keep_erased import Entry, entries, put_entries, secret, share
from pipeline.keep_home import Home
from pipeline.keep_log import numberless
from pipeline.pseudonym import pseudonym
from pipeline.publish import publish
from pipeline.read_outbox import days_naming, every_day
from pipeline.redact import Redacted, redact, still_to_come
from pipeline.rulebook.rulebook import Rulebook
from pipeline.text import mask
from pipeline.write_whole import write_whole

_MANY: Final = 300  # words nobody looks for one by one in a year of reports


@dataclass(frozen=True)
class Act:
    """What is done: erase or purge, when (naive local), by which user."""

    what: str
    at: datetime
    who: str = ""


@dataclass(frozen=True)
class Erased:
    """What went: persons, versions by kind, originals written anew, days of the outbox made anew and removed; and what is left to people.

    `closed`: originals nobody can look into. `inbox`: files that name them still. `unreached`: backups whose list waits for the next backup.
    """

    persons: int
    versions: Mapping[str, int]
    originals: int
    anew: tuple[str, ...]
    removed: tuple[str, ...]
    closed: tuple[str, ...]
    inbox: tuple[str, ...] = ()
    unreached: tuple[str, ...] = ()


def erase(
    home: Home, rules: Rulebook, archives: Mapping[str, Archive], persons: Mapping[str, Mapping[Person, str]], act: Act, *,
    dry_run: bool = False,
) -> Erased:  # fmt: skip
    """Forget these persons, by store and each with the reason; the caller holds the lock. `dry_run` says what would go and writes nothing."""
    key = b"" if dry_run else secret(home.archive)
    tombs = {
        store: {
            person: Tomb(pseudonym(key, person.phone, person.name), act.at, act.what, why, act.who)
            for person, why in persons.get(store, {}).items()
        }
        for store in archives
    }
    return _forget(home, rules, archives, tombs, dry_run=dry_run)


def go_on(home: Home, rules: Rulebook, archives: Mapping[str, Archive]) -> Erased | None:
    """Do what the list still asks for: cut off before, or brought back by a restore. None where nothing is left."""
    listed = [entry for entry in entries(home.archive) if not entry.done]
    if not listed:
        return None
    key = secret(home.archive)
    latest = {entry.key: entry for entry in sorted(listed, key=lambda entry: entry.at)}
    found: dict[str, dict[Person, Tomb]] = {}
    for store, archive in archives.items():
        known = forget.buried(archive)
        mine = {k: e for k, e in latest.items() if store in e.stores or not e.stores}
        missing = {k: e for k, e in mine.items() if k not in known or known[k] < datetime.fromisoformat(e.at)}
        people = dict(forget.unburied(archive, key, missing)) if missing else {}
        found[store] = {
            people.get(k, Person(f"\0{k}", "")): Tomb(k, datetime.fromisoformat(e.at), e.what, e.reason)
            for k, e in missing.items()
        }
    if any(found.values()):
        return _forget(home, rules, archives, found)
    return _finished(home, rules, archives)


def _forget(
    home: Home, rules: Rulebook, archives: Mapping[str, Archive], tombs: Mapping[str, Mapping[Person, Tomb]], *, dry_run: bool = False
) -> Erased:  # fmt: skip
    trails = {store: forget.trail(archive, list(tombs[store])) for store, archive in archives.items()}
    wanted = together(trail.wanted for trail in trails.values())
    tombs = {
        s: {p: replace(tomb, reason=wanted.nameless(tomb.reason)) for p, tomb in those.items()}
        for s, those in tombs.items()
    }
    at = max((tomb.at for those in tombs.values() for tomb in those.values()), default=datetime.min)
    looked = {
        store: redact(home.root, forget.filed(archive), trails[store].wanted, rules, at.date())
        for store, archive in archives.items()
        if tombs.get(store)
    }
    changed = [each for one in looked.values() for each in one.changed]
    days = tuple(_naming(home.outbox, _words(wanted)))
    versions: dict[str, int] = {}
    for trail in trails.values():
        for counts in trail.counts.values():
            for kind, count in counts.items():
                versions[kind] = versions.get(kind, 0) + count
    anew, removed = _split(days, rules, archives.values())
    persons = len({tomb.key or person for those in tombs.values() for person, tomb in those.items()})
    closed = tuple(each for one in looked.values() for each in one.closed)
    told = Erased(persons, versions, len(changed), anew, removed, closed, still_to_come(home.inbox, wanted))
    if dry_run:
        return told
    put_entries(home.archive, _listed(tombs, days))
    _put_beside(home, changed)
    replaced = {each.sha256: each.now for each in changed}
    _clean_runs(home.archive, wanted, replaced)
    _clean_logs(home.archive, wanted, replaced)
    for store, archive in archives.items():
        forget.take_out(archive, trails[store], replaced, list(_counted(tombs[store], trails[store])))
    done = _finished(home, rules, archives)
    return replace(told, unreached=done.unreached)


def _naming(outbox: Path, words: Collection[str]) -> Iterable[str]:
    """Return the days whose reports name one of them; of very many persons every day does."""
    return days_naming(outbox, words) if len(words) <= _MANY else every_day(outbox)


def _words(wanted: Wanted) -> set[str]:
    phones = {*wanted.names, *(str(mask(phone)) for phone in wanted.names)}
    return phones | set(wanted.called) | set(wanted.numbers)


def _listed(tombs: Mapping[str, Mapping[Person, Tomb]], days: tuple[str, ...]) -> Iterator[Entry]:
    stores: dict[str, list[str]] = {}
    every = {tomb.key: tomb for those in tombs.values() for tomb in those.values()}
    for store, those in tombs.items():
        for tomb in those.values():
            stores.setdefault(tomb.key, []).append(store)
    for key, tomb in every.items():
        where = tuple(stores[key]) if len(stores[key]) < len(tombs) else ()
        at = tomb.at.isoformat(timespec="seconds")
        yield Entry(key, at, tomb.what, tomb.reason, days, stores=where)


def _counted(tombs: Mapping[Person, Tomb], trail: Trail) -> Iterator[Tomb]:
    for person, tomb in tombs.items():
        yield replace(tomb, counts=trail.counts.get(person, {}))


def _split(
    days: Iterable[str], rules: Rulebook, archives: Iterable[Archive]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return which days' reports are made anew and which go: the newest are read still, and old ones can be made again."""
    counted = {night.on for archive in archives for night in archive.nights() if night.counted}
    since = max(counted, default=date.max) - timedelta(days=rules.privacy.rebuild_days)
    again = [day for day in days if _day(day) in counted and _day(day) > since]
    return tuple(again), tuple(day for day in days if day not in again)


def _day(name: str) -> date:
    try:
        return date.fromisoformat(name)
    except ValueError:
        return date.min  # somebody's own folder: no day of ours


def _put_beside(home: Home, changed: Iterable[Redacted]) -> None:
    try:
        for each in changed:
            write_whole(home.root / each.now.original, each.content)
    except OSError as error:
        raise ArchiveError(f"原件写不进去:{error.strerror or error}", "什么都没删;检查空间和权限,再来一次") from error


def _clean_runs(archive: Path, wanted: Wanted, replaced: Mapping[str, Replaced]) -> None:
    for place in sorted((archive / "runs").rglob("*.json")):
        said = json.loads(place.read_text("utf-8"))
        clean = unmanifested(said, wanted, replaced)
        if clean != said:
            write_whole(place, json.dumps(clean, ensure_ascii=False, indent=1).encode())


def _clean_logs(archive: Path, wanted: Wanted, replaced: Mapping[str, Replaced]) -> None:
    """Logs mask numbers from the start; what may name somebody is a file's name. Of other people's workbooks it stays as it is."""
    known = {numberless(sha256[:12]) for sha256 in replaced}
    for place in sorted((archive / "logs").rglob("*.jsonl")):
        lines = place.read_text("utf-8").splitlines()
        clean = [
            wanted.without(line) if _of_others(json.loads(line), known) else wanted.nameless(line) for line in lines
        ]
        if clean != lines:
            write_whole(place, "".join(f"{line}\n" for line in clean).encode())


def _of_others(said: Mapping[str, Any], known: Container[str]) -> bool:
    """Say whether a log's line is about a workbook that never named them; of a file left in the inbox or a crash nobody can say."""
    return said.get("event") == "book" and said.get("sha256") not in known


def _finished(home: Home, rules: Rulebook, archives: Mapping[str, Archive]) -> Erased:
    """Do what is left when the archives have forgotten: it can be done again and again, and needs to know nobody."""
    _old_originals_gone(home, archives)
    for archive in archives.values():
        forget.compact(archive)
    shutil.rmtree(home.archive / "backups", ignore_errors=True)
    waiting = [entry for entry in entries(home.archive) if not entry.done]
    days = sorted({day for entry in waiting for day in entry.days})
    for store, archive in archives.items():
        _made_anew(home.of(rules.house.room(store)), rules.for_store(store), archive, days)
    put_entries(home.archive, [replace(entry, days=(), done=True) for entry in waiting])
    backups = {Path(looked.detail) for archive in archives.values() for looked in archive.accesses("backup")}
    unreached = tuple(sorted(str(place) for place in backups if not share(home.archive, place)))
    return Erased(len(waiting), {}, 0, tuple(days), (), (), unreached=unreached)


def _made_anew(home: Home, rules: Rulebook, archive: Archive, days: Sequence[str]) -> None:
    """Make a store's days anew or remove them; the newest one brings the master file."""
    there = [day for day in days if home.day(_day(day)).is_dir()]
    anew, removed = _split(there, rules, [archive])
    for day in removed:
        shutil.rmtree(home.day(_day(day)), ignore_errors=True)
    counted = {night.on for night in archive.nights() if night.counted}
    for on in sorted({*map(_day, anew), *([max(counted)] if counted else [])}):
        publish(home, rules, archive, on)


def _old_originals_gone(home: Home, archives: Mapping[str, Archive]) -> None:
    """Remove what originals were before somebody was erased from them: of the same hash in the name, and no longer spoken of."""
    filed = [one for archive in archives.values() for one in forget.filed(archive)]
    kept = {home.root / one.original for one in filed}
    heads = {one.sha256[:12] for one in filed if one.redacted}
    for room in ("originals", "quarantine"):
        for place in sorted((home.archive / room).rglob("*.*")):
            if place not in kept and set(place.name.split("_")) & heads:
                place.unlink()
