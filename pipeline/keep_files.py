"""Keeps the files of a home: originals filed by hash, folders swapped whole, the inbox emptied, one run at a time.

    read_inbox → … ─ file_original ─┤transaction├─ replace_folder ─ empty_inbox

Originals are safe on disk before the archive speaks of them, outputs are written beside and renamed, the inbox comes last:
cut the power anywhere, and the next run finds every workbook in at least one place.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import re
import shutil
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Final

from filelock import FileLock, Timeout

from pipeline.errors import ArchiveError, InboxError, LockedError

_UNSAFE: Final = re.compile(r'[\x00-\x1f\x7f/\\:*?"<>|]')
_BESIDE: Final = ".daybook-"  # what we write before it is renamed
_FULL: Final = (errno.ENOSPC, errno.EDQUOT)  # a write says no file
_NAME_BYTES: Final = 180  # of 255: date, hash and a staff name in 汉字 must all fit


def file_original(archive: Path, content: bytes, received: datetime, sha256: str, name: str) -> str:
    """File a workbook byte for byte and return its posix path below HOME; again is the same as once."""
    return _file(archive, f"originals/{received:%Y/%m}", content, received, sha256, name)


def file_quarantine(archive: Path, content: bytes, received: datetime, sha256: str, name: str) -> str:
    """Put away a file that is no readable form, byte for byte, and return its posix path below HOME."""
    return _file(archive, "quarantine", content, received, sha256, name)


def empty_inbox(files: Iterable[tuple[Path, str]]) -> tuple[Path, ...]:
    """Remove files whose bytes still have the given SHA-256; return those left: changed meanwhile, or held open."""
    return tuple(place for place, sha256 in files if not _removed(place, sha256))


def replace_folder(outbox: Path, on: date, build: Callable[[Path], object]) -> Path:
    """Build a day's folder beside the old one and swap them; if `build` fails the old one stands untouched.

    Raises InboxError if the outbox cannot be written; whatever else befalls `build` comes out as it is.
    """
    target = outbox / on.isoformat()
    beside = outbox / f"{_BESIDE}new-{on.isoformat()}"
    gone = outbox / f"{_BESIDE}old-{on.isoformat()}"
    try:
        with _unwritable():
            outbox.mkdir(parents=True, exist_ok=True)
            if gone.exists() and not target.exists():  # the power went between the two renames
                gone.rename(target)
            for rest in (beside, gone):
                shutil.rmtree(rest, ignore_errors=True)
            beside.mkdir()
        with _unwritable(within=beside):
            build(beside)
        with _unwritable():
            if target.exists() and not _moved(target, gone):
                _replace_files(beside, target)
            else:
                beside.rename(target)
            shutil.rmtree(gone, ignore_errors=True)
    finally:
        shutil.rmtree(beside, ignore_errors=True)
        if gone.exists() and not target.exists():
            gone.rename(target)
    return target


@contextmanager
def _unwritable(within: Path | None = None) -> Iterator[None]:
    """Say that the outbox cannot be written; of a block that does other things too, only what befell the folder `within`."""
    try:
        yield
    except OSError as error:
        if within is not None and error.errno not in _FULL and within not in Path(str(error.filename)).parents:
            raise
        raise InboxError(f"outbox 不能写:{_why(error)}", "检查 outbox 文件夹的权限和磁盘空间") from error


def _why(error: OSError) -> str:
    return error.strerror or str(error) or type(error).__name__


@contextmanager
def home_lock(home: Path) -> Iterator[None]:
    """Hold the home for one run; LockedError at once if another run holds it."""
    archive = home / "archive"
    try:
        archive.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = FileLock(archive / ".lock", timeout=0, mode=0o600)
        lock.acquire()
    except Timeout as error:
        raise LockedError("另一次运行正在进行", "等它结束再运行") from error
    except OSError as error:
        raise ArchiveError(f"档案文件夹不能写:{_why(error)}", "检查 archive 文件夹的权限") from error
    try:
        yield
    finally:
        lock.release()


def safe_name(name: str) -> str:
    r"""Return a file name that every system takes and no shell mistakes: no newlines, no leading dash or dot, short enough.

    >>> safe_name("-rf\n登记 表.xlsx")
    'rf_登记 表.xlsx'
    """
    legible = os.fsencode(name).decode("utf-8", "replace")
    flat = _UNSAFE.sub("_", unicodedata.normalize("NFC", legible)).lstrip("-. ").rstrip(". ")
    stem, dot, ending = flat.rpartition(".")
    ending = ending if dot and len(ending) <= 10 else ""  # noqa: PLR2004 - longer is no file ending
    stem = stem if ending else flat
    room = _NAME_BYTES - len(ending.encode())
    short = stem.encode()[:room].decode(errors="ignore").rstrip(". ") or "_"
    return f"{short}.{ending}" if ending else short


def _file(archive: Path, folder: str, content: bytes, received: datetime, sha256: str, name: str) -> str:
    target = archive / folder / f"{received:%Y-%m-%d}_{sha256[:12]}_{safe_name(name)}"
    try:
        _private_folder(archive, target.parent)
        if not (target.is_file() and _hash(target) == sha256):
            _write_safely(target, content)
    except OSError as error:
        raise ArchiveError(f"原件不能归档:{_why(error)}", "检查 archive 文件夹的权限和磁盘空间") from error
    return f"{archive.name}/{target.relative_to(archive).as_posix()}"


def _private_folder(archive: Path, folder: Path) -> None:
    for each in (archive, *reversed([up for up in folder.parents if archive in up.parents]), folder):
        if not each.is_dir():
            each.mkdir(mode=0o700, parents=True)
            _sync_folder(each.parent)


def _write_safely(target: Path, content: bytes) -> None:
    """Write beside, force to disk, rename, force the folder: after this the file survives a power cut."""
    beside = target.with_name(f"{_BESIDE}{target.name[:40]}")
    handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(target)
    _sync_folder(target.parent)


def _sync_folder(folder: Path) -> None:
    with contextlib.suppress(OSError):  # Windows cannot open a folder; there the rename alone must do
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _removed(place: Path, sha256: str) -> bool:
    try:
        before = place.lstat()
        changed = _hash(place) != sha256
        after = place.lstat()
        if changed or (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
            return False
        place.unlink()
    except FileNotFoundError:
        return True
    except OSError:
        return False
    return True


def _hash(place: Path) -> str:
    with place.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _moved(target: Path, gone: Path) -> bool:
    try:
        target.rename(gone)
    except PermissionError:
        return False
    return True


def _replace_files(new: Path, old: Path) -> None:
    """Bring a folder up to date file by file: on Windows a manager has one of its workbooks open, and it cannot be renamed."""
    fresh = {file.relative_to(new) for file in new.rglob("*") if file.is_file()}
    for name in sorted(fresh):
        (old / name).parent.mkdir(parents=True, exist_ok=True)
        try:
            (new / name).replace(old / name)
        except PermissionError:
            (new / name).replace((old / name).with_name(f"{name.stem}(新){name.suffix}"))
    for file in [each for each in old.rglob("*") if each.is_file() and each.relative_to(old) not in fresh]:
        if "(新)" not in file.name:
            with contextlib.suppress(PermissionError):
                file.unlink()
