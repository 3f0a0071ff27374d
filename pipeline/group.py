"""The nights of a home: one, or of several stores that share it one each; what befalls one store touches no other.

    rules ─┬─ night of east ─┐
           ├─ night of west ─┼─ the group's manifest
           └─ night of …    ─┘   its pages, from the stores' roll-ups

Each store's night is a task of its own: its folders of the inbox, its archive, lock, manifest, log, originals and outbox folder.
"""

from __future__ import annotations

import traceback
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import partial
from typing import Any, Final

from pipeline import night
from pipeline.cluster import reading_on
from pipeline.errors import ArchiveError, LockedError, PipelineError
from pipeline.keep_home import Home
from pipeline.keep_locks import group_lock
from pipeline.keep_log import Log
from pipeline.keep_manifest import put_aside, run_id, show
from pipeline.keep_rollups import keep_failure
from pipeline.lookers import lookers
from pipeline.manifest import VERDICTS
from pipeline.masked import masked_manifest
from pipeline.publish_group import publish_group
from pipeline.rulebook.rulebook import Rulebook
from pipeline.share_out import Reader
from pipeline.side_by_side import side_by_side

Seen = Callable[[str, int], None]
_UNFIT: Final = ArchiveError.exit_code
_CRASHED: Final = "程序出错,这家店这一夜没有跑完。收不完的文件都还在 inbox;把 archive/logs 里的记录发给开发的人"
_KILLED: Final = "运行这家店的进程两次被系统结束(多半是内存不够)。收不完的文件都还在 inbox;少开几个 --jobs 再跑"


@dataclass(frozen=True)
class Task:
    """What the nights of all stores have in common."""

    home: Home
    rules: Rulebook
    on: date
    run: str
    dry_run: bool
    now: Callable[[], datetime] = datetime.now
    cluster: str = ""
    readers: Mapping[str, int] = field(default_factory=dict)  # how many read in a store's night, 0 = one as well


@dataclass(frozen=True)
class Done:
    """What became of one store's night: its manifest, or why there is none and the exit code it would have ended with alone."""

    store: str
    said: Mapping[str, Any] | None = None
    code: int = 0
    reason: str = ""
    trace: str = ""


def run(
    home: Home,
    rules: Rulebook,
    on: date,
    *,
    dry_run: bool = False,
    jobs: int = 1,
    cluster: str = "",
    stores: Collection[str] = (),
    now: Callable[[], datetime] = datetime.now,
    seen: Seen = lambda *_: None,
) -> dict[str, Any]:
    """Run the nights of all stores, or of these, `jobs` of them at a time, and return the manifest; of a home without stores, its one night.

    Processes that no store is left for read workbooks in the nights there are. `cluster` is the address of a Dask cluster that reads them, '' = this machine.
    Raises what a night raises where the home has one store; of several, each one's failure stands in the manifest's `stores`.
    Raises UsageError for a store nobody listed, LockedError where the group's nights run already.
    """
    chosen = rules.house.chosen(stores)
    if not rules.house.group:
        with _reading(cluster, jobs) as read:
            return night.run(home, rules, on, dry_run=dry_run, now=now, seen=seen, read=read)
    with nullcontext() if stores else group_lock(home):
        with reading_on(cluster):  # an address that leads nowhere is told once, before any store's night
            pass
        started = now().replace(microsecond=0)
        name = run_id(home.runs, on, started, f"-{min(stores)}" if stores else "")
        done: list[Done] = []
        share, over = divmod(jobs, len(chosen))
        readers = {store: share + (place < over) for place, store in enumerate(chosen)}
        task = Task(home, rules, on, name, dry_run, now, cluster, readers)
        for store, what in side_by_side(partial(one_night, task), chosen, jobs):
            done.append(what or Done(store, code=_UNFIT, reason=_KILLED))
            seen(store, len(done))
        said = _manifest(task, sorted(done, key=lambda each: each.store), started, now().replace(microsecond=0))
        if not dry_run:
            _keep(home, rules, on, said, done)
        return said


def one_night(task: Task, store: str) -> Done:
    """Run the night of one store; whatever befalls it is told and never raised."""
    try:
        own, rules = task.home.of(store), task.rules.for_store(store)
        with _reading(task.cluster, task.readers.get(store, 1)) as read:
            said = night.run(own, rules, task.on, dry_run=task.dry_run, now=task.now, name=task.run, read=read)
    except LockedError as error:
        return Done(store, code=error.exit_code, reason=str(error))
    except PipelineError as error:
        return Done(store, code=_UNFIT, reason=str(error))
    except Exception:  # noqa: BLE001 - our own slip in one store must not cost the other stores their night
        return Done(store, code=_UNFIT, reason=_CRASHED, trace=traceback.format_exc())
    return Done(store, said)


def _reading(cluster: str, jobs: int) -> AbstractContextManager[Reader]:
    return reading_on(cluster) if cluster else nullcontext(lookers(jobs))


def exit_code(said: Mapping[str, Any]) -> int:
    """Return how the nights ended: 0 all done, 3 a store's night could not be run, 75 none worse than somebody else at work on it."""
    codes = {store["exit"] for store in said.get("stores", ())} - {0}
    return _UNFIT if _UNFIT in codes else max(codes, default=0)


def _manifest(task: Task, done: Sequence[Done], started: datetime, finished: datetime) -> dict[str, Any]:
    """Return the group's manifest: the stores' added up, all their books, and what became of each store."""
    nights = [each.said for each in done if each.said is not None]
    return {
        "run": task.run,
        "on": task.on.isoformat(),
        "started_at": started.isoformat(timespec="seconds"),
        "finished_at": finished.isoformat(timespec="seconds"),
        "counts": dict.fromkeys(VERDICTS, 0) | _sum(said["counts"] for said in nights),
        "records": {
            kind: _sum(said["records"].get(kind, {}) for said in nights)
            for kind in sorted({kind for said in nights for kind in said["records"]})
        },
        "books": sorted(
            (book for said in nights for book in said["books"]), key=lambda book: (book["path"], book["sha256"])
        ),
        "stores": [
            {"store": each.store, "exit": each.code, "reason": each.reason, "counts": (each.said or {}).get("counts", {})}
            for each in done
        ],
    }  # fmt: skip


def _sum(counts: Iterable[Mapping[str, int]]) -> dict[str, int]:
    total: Counter[str] = Counter()
    for each in counts:
        total.update(each)
    return dict(total)


def _keep(home: Home, rules: Rulebook, on: date, said: Mapping[str, Any], done: Sequence[Done]) -> None:
    """Write what the group is told of its stores' nights: manifest, failures, workbook and page, log."""
    put_aside(home.runs, masked_manifest(said))
    show(home.runs, said["run"])
    for each in done:
        if not each.code or each.code == _UNFIT:  # of one that somebody else is at work on the other run will tell
            keep_failure(home, on, each.store, each.reason)
    publish_group(home, rules, on)
    Log(home.logs, said["run"]).stores([(each.store, each.code, each.reason, each.trace) for each in done])
