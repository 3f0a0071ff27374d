"""Keeps the files of a home: originals filed by hash, folders swapped whole, the inbox emptied.

    read_inbox → … ─ file_originals ─┤transaction├─ replace_folder ─ empty_inbox

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
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Final

from pipeline.errors import ArchiveError, InboxError
from pipeline.text import mask_who
from pipeline.write_whole import BESIDE, exchange, move, sync_folders, sync_tree, write_all

_UNSAFE: Final = re.compile(r'[\x00-\x1f\x7f/\\:*?"<>|]')
_FULL: Final = (errno.ENOSPC, errno.EDQUOT)  # a write says no file
_NEW, _OLD = f"{BESIDE}new-", f"{BESIDE}old-"  # a day's folder before and after the swap
_NAME_BYTES: Final = 180  # of 255: date, hash and a staff name in 汉字 must all fit
_HANDFUL: Final = 4 * 2**20  # bytes
_NEXT_NAMES: Final = (
    9  # how many names are tried for a workbook that somebody has open, and the one after it, and so on
)


@dataclass(frozen=True, slots=True)
class Original:
    """A workbook as it came: its bytes, when it was received, their SHA-256, its file's name, and whether it could be read."""

    content: bytes
    received: datetime
    sha256: str
    name: str
    readable: bool = True


def file_originals(archive: Path, originals: Iterable[Original], store: str = "") -> dict[str, str]:
    """File workbooks byte for byte and return SHA-256 → posix path below HOME; again is the same as once.

    What cannot be read goes into quarantine. Each of several stores has a folder of its own: nobody waits for another, and none grows beyond counting.
    """
    filed: dict[str, str] = {}
    try:
        for some in _handfuls(originals):
            places = {one.sha256: archive / _folder(one, store) / _filed(one) for one in some}
            for folder in sorted({place.parent for place in places.values()}):
                _private_folder(archive, folder)
            write_all({places[o.sha256]: o.content for o in some if not _holds(places[o.sha256], o.sha256)})
            filed |= {sha: f"{archive.name}/{place.relative_to(archive).as_posix()}" for sha, place in places.items()}
    except OSError as error:
        raise ArchiveError(f"原件不能归档:{_why(error)}", "检查 archive 文件夹的权限和磁盘空间") from error
    return filed


def _handfuls(originals: Iterable[Original]) -> Iterator[list[Original]]:
    """Yield as many at a time as memory may hold: those of one handful are forced to the disk together."""
    some: list[Original] = []
    size = 0
    for one in originals:
        some.append(one)
        size += len(one.content)
        if size > _HANDFUL:
            yield some
            some, size = [], 0
    if some:
        yield some


def _folder(one: Original, store: str) -> Path:
    return Path("originals", store, f"{one.received:%Y/%m}") if one.readable else Path("quarantine", store)


def _filed(one: Original) -> str:
    return f"{one.received:%Y-%m-%d}_{one.sha256[:12]}_{safe_name(mask_who(one.name))}"


def _holds(place: Path, sha256: str) -> bool:
    return place.is_file() and _hash(place) == sha256


def empty_inbox(files: Iterable[tuple[Path, str]]) -> tuple[Path, ...]:
    """Remove files whose bytes still have the given SHA-256; return those left: changed meanwhile, or held open."""
    listed = list(files)
    left = tuple(place for place, sha256 in listed if not _removed(place, sha256))
    sync_folders(sorted({place.parent for place, _ in listed}))
    return left


def replace_folder(outbox: Path, on: date, build: Callable[[Path], object], store: str = "") -> Mapping[str, str]:
    """Build a day's folder, or one store's in it, beside the old one and swap them; if `build` fails the old one stands untouched.

    Returns which files had to take a next name, because somebody has the old one open and Windows lets nobody replace it:
    name wanted → name given, posix below the folder.
    Raises InboxError if the outbox cannot be written; whatever else befalls `build` comes out as it is.
    """
    target = outbox / on.isoformat() / store
    room, beside, gone = (
        target.parent,
        target.with_name(f"{_NEW}{target.name}"),
        target.with_name(f"{_OLD}{target.name}"),
    )
    renamed: Mapping[str, str] = {}
    try:
        with _unwritable():
            _swept(room, store or "*")
            beside.mkdir()
        with _unwritable(within=beside):
            build(beside)
        with _unwritable():
            sync_tree(beside)
            renamed = _swapped(beside, target, gone)
            shutil.rmtree(gone, ignore_errors=True)
    finally:
        shutil.rmtree(beside, ignore_errors=True)
        if gone.exists() and not target.exists():
            move(gone, target)
    return renamed


def _swapped(beside: Path, target: Path, gone: Path) -> Mapping[str, str]:
    """Let the new folder take the old one's place: at once where the disk can, else by two renames, else file by file."""
    if not target.exists():
        move(beside, target)
    elif not exchange(beside, target):
        if not _moved(target, gone):
            return _replace_files(beside, target)
        move(beside, target)
    return {}


def _swept(room: Path, names: str) -> None:
    """Make a room ready: a folder whose swap was cut off between its two renames comes back, what was half built goes.

    `names` is all of them, or the one store whose turn it is: the others may be building theirs.
    """
    room.mkdir(parents=True, exist_ok=True)
    for gone in room.glob(f"{_OLD}{names}"):
        if not (target := room / gone.name.removeprefix(_OLD)).exists():
            move(gone, target)
    for rest in (*room.glob(f"{_OLD}{names}"), *room.glob(f"{_NEW}{names}")):
        shutil.rmtree(rest, ignore_errors=True)


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


def _private_folder(archive: Path, folder: Path) -> None:
    for each in (archive, *reversed([up for up in folder.parents if archive in up.parents]), folder):
        if not each.is_dir():
            each.mkdir(mode=0o700, parents=True, exist_ok=True)  # another store may be at it
            sync_folders([each.parent])


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
        target.rename(gone)  # the names are forced to the disk with those of the new one
    except PermissionError:
        return False
    return True


def _replace_files(new: Path, old: Path) -> Mapping[str, str]:
    """Bring a folder up to date file by file: on Windows a manager has one of its workbooks open, and it cannot be renamed."""
    given: dict[Path, Path] = {}
    for name in sorted(file.relative_to(new) for file in new.rglob("*") if file.is_file()):
        (old / name).parent.mkdir(parents=True, exist_ok=True)
        given[name] = replace_or_next(new / name, old / name).relative_to(old)
    kept = {*given, *given.values()}  # one that is open stays until its reader has closed it
    for file in [each for each in old.rglob("*") if each.is_file() and each.relative_to(old) not in kept]:
        with contextlib.suppress(PermissionError):
            file.unlink()
    return {name.as_posix(): other.as_posix() for name, other in given.items() if name != other}


def replace_or_next(new: Path, target: Path) -> Path:
    """Move a file to its place; where Windows will not have it replaced because it is open, to the next free name, which is returned.

    >>> [place.name for place in _names(Path("经营汇总.xlsx"))][:3]
    ['经营汇总.xlsx', '经营汇总(2).xlsx', '经营汇总(3).xlsx']
    """
    refused: PermissionError | None = None
    for place in _names(target):
        try:
            return move(new, place)
        except PermissionError as error:
            refused = refused or error
    assert refused is not None
    raise refused


def _names(target: Path) -> Iterator[Path]:
    yield target
    for number in range(2, _NEXT_NAMES + 1):
        yield target.with_name(f"{target.stem}({number}){target.suffix}")
