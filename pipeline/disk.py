"""Tells a fault of the home's disk or share from a slip of ours: both come as an OSError, and only one of them is exit 3."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from pipeline.errors import ArchiveError

# What a disk or a share says where no file is named, as a write into an open file does.
_FAULTS: Final = frozenset(
    getattr(errno, name)
    for name in (
        "EIO", "ENOSPC", "EDQUOT", "EROFS", "EFBIG", "EBUSY", "ENXIO", "ENODEV", "ESTALE", "EREMOTEIO", "EHOSTDOWN", "EHOSTUNREACH",
        "ENETDOWN", "ENETUNREACH", "ENETRESET", "ENOTCONN", "ETIMEDOUT", "ECONNRESET",
    )
    if hasattr(errno, name)
)  # fmt: skip
_WINDOWS: Final = frozenset(
    {21, 53, 55, 59, 64, 67, 112, 121, 1231}
)  # not ready, no path, gone, network, full, timeout


@contextmanager
def disk_of(home: Path) -> Iterator[None]:
    """Say of a fault of the home's disk that it is the disk (exit 3); any other OSError is a slip of ours and comes out as it is.

    Whatever a night has not finished, the next one does.
    """
    try:
        yield
    except OSError as error:
        if not _is_the_disk(error, home):
            raise
        said = f"{error.strerror or error}({error.filename})" if error.filename else str(error.strerror or error)
        remedy = "检查磁盘空间、权限和网络盘,再运行一次;没收完的文件都还在 inbox"
        raise ArchiveError(f"磁盘或网络盘出错:{said}", remedy) from error


def _is_the_disk(error: OSError, home: Path) -> bool:
    named = [Path(os.fsdecode(each)) for each in (error.filename, error.filename2) if isinstance(each, (str, bytes))]
    if named:
        root = home.absolute()
        return any(place.absolute().is_relative_to(root) for place in named)
    return error.errno in _FAULTS or getattr(error, "winerror", None) in _WINDOWS
