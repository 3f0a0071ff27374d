"""Reads from the system whether somebody still has a file open to write into it: a copy over the share that has stalled.

The kernel grants a read lease only on a file that nobody has open for writing. Where it cannot be trusted to know (network
disks, other systems, another's file without the right to ask) nobody is said to be writing.
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from typing import Final

_LOCAL: Final = frozenset({"ext2", "ext3", "ext4", "xfs", "btrfs", "f2fs", "zfs", "tmpfs", "overlay"})
_MOUNTS: Final = Path("/proc/self/mountinfo")


def being_written(handle: int) -> bool:
    """Say whether somebody has the open file open for writing."""
    if sys.platform != "linux":
        return False
    import fcntl  # noqa: PLC0415 - Windows has none

    try:
        # Whoever opens it while the lease stands makes the kernel send a signal; this one is ignored, the usual one ends us.
        fcntl.fcntl(handle, fcntl.F_SETSIG, signal.SIGURG)
        fcntl.fcntl(handle, fcntl.F_SETLEASE, fcntl.F_RDLCK)
        fcntl.fcntl(handle, fcntl.F_SETLEASE, fcntl.F_UNLCK)
    except BlockingIOError:
        return _on_local_disk(handle)
    except OSError:
        return False
    return False


def _on_local_disk(handle: int) -> bool:
    """Say whether the file lies on a disk whose kernel knows of every writer."""
    device = os.fstat(handle).st_dev
    number = f"{os.major(device)}:{os.minor(device)}"
    try:
        mounts = [line.split() for line in _MOUNTS.read_text("utf-8", "replace").splitlines()]
    except OSError:
        return False
    return any(fields[2] == number and fields[fields.index("-") + 1] in _LOCAL for fields in mounts if "-" in fields)
