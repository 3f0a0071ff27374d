"""Writes a file that is there whole or not at all, even after a power cut: beside, to the disk, renamed, the folder to the disk.

.daybook-NAME ─ write ─ fsync ─ rename ─ fsync of the folder

Whoever renames does it here, so that no name can reach the disk before what it names.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import sys
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Final

BESIDE: Final = ".daybook-"
"""How everything begins that is written before it is renamed."""
_MANY: Final = 8  # files by which one call for the whole disk is worth what else it may wait for
_HERE, _EXCHANGE = -100, 2  # AT_FDCWD of Linux; RENAME_EXCHANGE of Linux and RENAME_SWAP of macOS are the same
_BINARY: Final = getattr(os, "O_BINARY", 0)  # Windows would turn line ends round


def write_whole(target: Path, content: bytes, *, mode: int = 0o600) -> None:
    """Write the file; OSError if it cannot be written, and then the old one stands untouched."""
    beside = target.with_name(f"{BESIDE}{target.name[:40]}")
    try:
        handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | _BINARY, mode)
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        move(beside, target)
    except OSError:
        with contextlib.suppress(OSError):
            beside.unlink()
        raise


def write_all(files: Mapping[Path, bytes], *, mode: int = 0o600) -> None:
    """Write many files, each there whole or not at all: all beside, forced to the disk together, then renamed; OSError as above."""
    beside = {target.with_name(f"{BESIDE}{target.name}"): target for target in files}
    try:
        for place, target in beside.items():
            handle = os.open(place, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | _BINARY, mode)
            with os.fdopen(handle, "wb") as file:
                file.write(files[target])
        sync_files(beside)
        for place, target in beside.items():
            place.replace(target)
        sync_folders(sorted({target.parent for target in files}))
    except OSError:
        for place in beside:
            with contextlib.suppress(OSError):
                place.unlink()
        raise


def move(source: Path, target: Path) -> Path:
    """Rename what is on the disk already, in the place of what stands there, and force the names to the disk too."""
    source.replace(target)
    sync_folders({source.parent, target.parent})
    return target


def exchange(one: Path, other: Path) -> bool:
    """Let two folders change names in a single step, so that no reader ever finds either missing; False where the disk or the system cannot."""
    act = _exchanger()
    if act is None:
        return False
    sys.audit("os.rename", str(one), str(other), -1, -1)
    if act(os.fsencode(one), os.fsencode(other)) != 0:
        return False  # network disks and old systems each say so in their own way; what else is wrong two renames will tell
    sync_folders({one.parent, other.parent})
    return True


def _exchanger() -> Callable[[bytes, bytes], int] | None:
    """Return the system's call for it: renameat2 of Linux, renamex_np of macOS; Windows has none."""
    if sys.platform == "win32":
        return None
    library = ctypes.CDLL(None, use_errno=True)
    if hasattr(library, "renameat2"):
        return lambda one, other: int(library.renameat2(_HERE, one, _HERE, other, _EXCHANGE))
    if hasattr(library, "renamex_np"):
        return lambda one, other: int(library.renamex_np(one, other, _EXCHANGE))
    return None


def sync_tree(folder: Path) -> None:
    """Force a folder to the disk with everything below it, so that it may be renamed."""
    below = sorted(folder.rglob("*"))
    sync_files(path for path in below if path.is_file())
    sync_folders([*reversed([path for path in below if path.is_dir()]), folder])


def sync_files(files: Iterable[Path]) -> None:
    """Force what was written into files to the disk; many of them with all else that waits for it, which is fifteen times as fast."""
    paths = list(files)
    if len(paths) >= _MANY and sync_disks(paths):
        return
    for path in paths:
        handle = os.open(path, os.O_RDWR | _BINARY)  # Windows forces only what it may write
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def sync_disks(files: Iterable[Path]) -> bool:
    """Force the file systems to the disk on which these files lie; False where the system has no call that says whether it worked."""
    library = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None
    if library is None or not hasattr(library, "syncfs"):
        return False
    for path in {path.stat().st_dev: path for path in files}.values():
        handle = os.open(path, os.O_RDONLY)
        try:
            if library.syncfs(handle) != 0:
                return False
        finally:
            os.close(handle)
    return True


def sync_folders(folders: Iterable[Path]) -> None:
    """Force the names in folders to the disk."""
    for folder in folders:
        with contextlib.suppress(OSError):  # Windows cannot open a folder; there the rename alone must do
            handle = os.open(folder, os.O_RDONLY)
            try:
                os.fsync(handle)
            finally:
                os.close(handle)
