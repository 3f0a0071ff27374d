"""Looks a home over before it fails: one line per thing that could stop a night, each with what to do about it."""

from __future__ import annotations

import json
import os
import shutil
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Final

from pipeline.archive.keep_archive import Archive
from pipeline.days import unknown_years
from pipeline.keep_home import Home
from pipeline.rulebook.rulebook import Rulebook
from pipeline.text import mask_in

_AHEAD: Final = timedelta(days=62)  # how far ahead a night counts days
_SPARE: Final = 500_000_000  # bytes a night may need beside three times its databases
_FAST: Final = timedelta(minutes=5)  # clocks of two machines that differ less agree
_NIGHTS: Final = 3  # a file that waits so many nights is stuck
_MISSED: Final = timedelta(days=2)
_OLD: Final = timedelta(days=8)
_SHOWN: Final = 5


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at: what, how it is, and the remedy ('' = it is well)."""

    name: str
    said: str
    remedy: str = ""


def looked_over(home: Home, rules: Rulebook, archives: Sequence[Archive], now: datetime) -> Iterator[Check]:
    """Yield every check of a home whose rules are sound; nothing is changed, except one file written and removed in each shared folder."""
    yield _calendar(rules, now.date())
    yield _disk(home)
    yield _permissions(home)
    yield _clock(home, archives, now)
    yield _waiting(home)
    yield from (_shared(folder) for folder in (home.inbox, home.outbox))
    yield _nights(archives, now)
    if rules.house.group:
        yield _left_behind(archives)
    yield _backups(archives, now)
    yield _persons(rules, archives)


def _calendar(rules: Rulebook, today: date) -> Check:
    ahead = [today + timedelta(days=step) for step in range(_AHEAD.days)]
    years = unknown_years(ahead, rules.calendar)
    if not years:
        return Check("日历", f"到 {ahead[-1]} 的放假和调休都知道")
    said = f"{'、'.join(map(str, years))} 年的调休还不知道"
    return Check("日历", said, "国务院通知出来以后升级夜账,或把放假和调休写进 rules/calendar.yaml")


def _disk(home: Home) -> Check:
    free = shutil.disk_usage(home.archive).free
    databases = sum(path.stat().st_size for path in home.archive.glob("*.sqlite"))
    said = f"还空 {free / 1e9:.1f} GB,数据库 {databases / 1e9:.2f} GB"
    enough = free >= _SPARE + 3 * databases
    return Check("磁盘", said, "" if enough else "腾出空间或换大盘,archive 整个搬过去即可")


def _permissions(home: Home) -> Check:
    if os.name != "posix":
        return Check("权限", "Windows 上请看 archive 的属性:只给自己")
    places = [home.archive, *home.archive.rglob("*")]
    others = [path for path in places if not path.is_symlink() and stat.S_IMODE(path.stat().st_mode) & 0o077]
    if not others:
        return Check("权限", "archive 只有自己能看")
    named = "、".join(mask_in(path.relative_to(home.root).as_posix()) for path in others[:_SHOWN])
    remedy = f"运行 chmod -R go= {home.archive}"
    return Check("权限", f"archive 里有 {len(others)} 处别人能看:{named}", remedy)


def _clock(home: Home, archives: Sequence[Archive], now: datetime) -> Check:
    latest = max((night.started_at for archive in archives for night in archive.nights()), default=None)
    if latest is not None and latest > now + _FAST:
        return Check("时钟", f"现在是 {now:%Y-%m-%d %H:%M},上一夜却记在 {latest:%Y-%m-%d %H:%M}", "对好这台电脑的时间")
    ahead = [
        path for path in home.inbox.rglob("*") if path.is_file() and path.stat().st_mtime > (now + _FAST).timestamp()
    ]
    if ahead:
        named = "、".join(mask_in(path.name) for path in sorted(ahead)[:_SHOWN])
        return Check(
            "时钟", f"inbox 里有 {len(ahead)} 个文件的时间在以后:{named}", "对好交表的那台电脑和这台电脑的时间"
        )
    return Check("时钟", f"{now:%Y-%m-%d %H:%M}")


def _waiting(home: Home) -> Check:
    runs = sorted((home.archive / "runs").glob("*.json"))[-_NIGHTS:]
    waited = [_waited(path) for path in runs]
    stuck = sorted(set.intersection(*waited)) if len(waited) == _NIGHTS else []
    if not stuck:
        return Check("等着的文件", "没有一直等着的")
    named = "、".join(map(mask_in, stuck[:_SHOWN]))
    remedy = "看是谁开着没关,或没拷完:关掉,另存一份再放进去"
    return Check("等着的文件", f"有 {len(stuck)} 个文件等了 {_NIGHTS} 夜还收不了:{named}", remedy)


def _waited(manifest: Path) -> set[str]:
    try:
        books = json.loads(manifest.read_text("utf-8"))["books"]
        return {book["path"] for book in books if book["verdict"] == "waiting"}
    except (OSError, ValueError, KeyError, TypeError):
        return set()


def _shared(folder: Path) -> Check:
    probe = folder / f".daybook-doctor-{os.getpid()}"
    try:
        list(folder.iterdir())
        probe.write_bytes(b"")
        probe.unlink()
    except OSError as error:
        said = f"用不了:{error.strerror or type(error).__name__}"
        return Check(folder.name, said, f"看网络和共享连着没有,给运行夜账的账号 {folder} 的读写权限")
    return Check(folder.name, "能读能写")


def _nights(archives: Sequence[Archive], now: datetime) -> Check:
    nights = [night for archive in archives for night in archive.nights() if night.counted]
    if not nights:
        return Check("每夜运行", "还没有跑过", "先 daybook run,再 daybook schedule --install")
    cut = sorted({night.night_id for night in nights if night.status == "committed"})
    if cut:
        return Check("每夜运行", f"{'、'.join(cut[:_SHOWN])} 没有跑完", "再运行一次 daybook run,它会补上")
    latest = max(night.started_at for night in nights)
    late = now - latest > _MISSED
    remedy = "看定时任务还在不在:daybook schedule --install;电脑晚上要开着"
    return Check("每夜运行", f"最近一夜 {latest:%Y-%m-%d %H:%M}", remedy if late else "")


def _left_behind(archives: Sequence[Archive]) -> Check:
    """Say which of several stores had no night while the others had."""
    last = {
        archive.store: max((n.started_at for n in archive.nights() if n.counted), default=None) for archive in archives
    }
    newest = max(filter(None, last.values()), default=None)
    behind = [store for store, at in last.items() if newest and (at is None or newest - at > _MISSED)]
    if not behind:
        return Check("各店", f"{len(archives)} 家都跟得上")
    more = f"等 {len(behind)} 家" if len(behind) > _SHOWN else ""
    said = f"{'、'.join(behind[:_SHOWN])}{more}好几天没有跑成"
    return Check("各店", said, f"看那几天的运行报告里为什么,再 daybook run --store {behind[0]}")


def _backups(archives: Sequence[Archive], now: datetime) -> Check:
    taken = [access.at for archive in archives for access in archive.accesses("backup")]
    if not taken:
        return Check("备份", "从没备份过", "每天 daybook backup 目录,放到另一块盘")
    latest = max(taken)
    return Check("备份", f"最近一次 {latest:%Y-%m-%d %H:%M}", "运行 daybook backup 目录" if now - latest > _OLD else "")


def _persons(rules: Rulebook, archives: Sequence[Archive]) -> Check:
    count, most = sum(archive.phones() for archive in archives), rules.privacy.warn_persons
    remedy = (
        "运行 daybook purge 清理到期的客户资料;人数再多,个人信息保护的责任人要指定并报备"
        if rules.privacy.crowded(count)
        else ""
    )
    return Check("客户人数", f"{count} 个电话,界限 {most}", remedy)
