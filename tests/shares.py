"""A real Samba share on loopback before a home's inbox, and people who save into it."""

from __future__ import annotations

import getpass
import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

_SERVER = shutil.which("smbd") or shutil.which("smbd", path="/usr/sbin")
MISSING = "" if _SERVER and shutil.which("smbclient") else "needs smbd and smbclient (Debian: samba, smbclient)"
_ROOMS = ("lock", "state", "cache", "pid", "private", "ncalrpc")


@dataclass(frozen=True)
class Share:
    """A share by its port; whoever uses it is a guest."""

    port: int
    config: Path

    def start(self, *commands: str) -> subprocess.Popen[bytes]:
        """Begin these commands of smbclient; what `put -` sends is written to its stdin."""
        words = ["smbclient", "//127.0.0.1/inbox", "-s", str(self.config), "-p", str(self.port), "-N", "-m", "SMB3", "-c", "; ".join(commands)]  # fmt: skip
        return subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)

    def do(self, *commands: str) -> str:
        """Do these commands and return what was answered."""
        said, _ = self.start(*commands).communicate(timeout=60)
        return said.decode("utf-8", "replace")


@contextmanager
def shared(folder: Path) -> Iterator[Share]:
    """Share a folder until the block ends. Raises RuntimeError with the server's last words where it does not start."""
    assert _SERVER
    room = Path(tempfile.mkdtemp(prefix="smb"))  # a socket's path must be short
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    config = room / "smb.conf"
    rooms = "\n".join(
        f"{name} {'directory' if name not in ('private', 'ncalrpc') else 'dir'} = {room / name}" for name in _ROOMS
    )
    for name in _ROOMS:
        (room / name).mkdir(mode=0o755)
    config.write_text(
        f"[global]\nserver role = standalone server\nsmb ports = {port}\ninterfaces = 127.0.0.1\nbind interfaces only = yes\n"
        f"map to guest = Bad User\nguest account = {getpass.getuser()}\ndisable spoolss = yes\nload printers = no\nlog file = {room}/log\n{rooms}\n"
        f"[inbox]\npath = {folder}\nread only = no\nguest ok = yes\nforce user = {getpass.getuser()}\ncase sensitive = no\n",
        "utf-8",
    )
    server = subprocess.Popen([_SERVER, "--foreground", "-s", str(config)], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)  # it makes a session of its own, and ends that  # fmt: skip
    share = Share(port, config)
    try:
        for _ in range(100):
            if server.poll() is not None or "blocks of size" in share.do("ls"):
                break
            time.sleep(0.1)
        else:
            server.terminate()
        if server.poll() is not None:
            raise RuntimeError(f"smbd did not start: {(room / 'log').read_text('utf-8', 'replace')[-2000:]}")
        yield share
    finally:
        server.terminate()
        server.wait(10)
        if server.stderr:
            server.stderr.close()
        shutil.rmtree(room, ignore_errors=True)


def root() -> bool:
    """Say whether the tests run as root, as they do in CI."""
    return hasattr(os, "geteuid") and os.geteuid() == 0
