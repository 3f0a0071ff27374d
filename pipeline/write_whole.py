"""Writes a file that is there whole or not at all, even after a power cut: beside, to the disk, renamed, the folder to the disk.

.daybook-NAME ─ write ─ fsync ─ rename ─ fsync of the folder
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Final

BESIDE: Final = ".daybook-"
"""How everything begins that is written before it is renamed."""
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
        beside.replace(target)
    except OSError:
        with contextlib.suppress(OSError):
            beside.unlink()
        raise
    sync_folders([target.parent])


def sync_tree(folder: Path) -> None:
    """Force a folder to the disk with everything below it, so that it may be renamed."""
    below = sorted(folder.rglob("*"))
    sync_files(path for path in below if path.is_file())
    sync_folders([*reversed([path for path in below if path.is_dir()]), folder])


def sync_files(files: Iterable[Path]) -> None:
    """Force what was written into files to the disk."""
    for path in files:
        handle = os.open(path, os.O_RDWR | _BINARY)  # Windows forces only what it may write
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def sync_folders(folders: Iterable[Path]) -> None:
    """Force the names in folders to the disk."""
    for folder in folders:
        with contextlib.suppress(OSError):  # Windows cannot open a folder; there the rename alone must do
            handle = os.open(folder, os.O_RDONLY)
            try:
                os.fsync(handle)
            finally:
                os.close(handle)
