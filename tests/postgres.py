"""Starts a PostgreSQL of the tests' own, in a folder of its own, spoken to through a socket there; nothing listens on the network."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

MISSING = "PostgreSQL is not installed: the archive is tried on it where it is"
_PROGRAMS = ("initdb", "postgres", "pg_isready")
_ENOUGH = 2 << 30  # bytes; ten databases of ours take a quarter of it
_WAIT = 30  # seconds for the server to come up; a busy machine takes a few


def programs() -> Path | None:
    """Return the folder of the server's programs, newest version first, None where there is none."""
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda each: int(each.parent.name))
    found = shutil.which("pg_isready")
    there = [*reversed(debian), *([Path(found).resolve().parent] if found else [])]
    return next((each for each in there if all((each / name).is_file() for name in _PROGRAMS)), None)


@contextmanager
def server() -> Iterator[str]:
    """Give the address of a new server without a database: `postgresql+psycopg://daybook@/{}?host=…`.

    Its own order of words is the Chinese one, so that whoever leaves sorting to it is found out.
    """
    bin_ = programs()
    if bin_ is None or os.name != "posix":
        pytest.skip(MISSING)
    pytest.importorskip("psycopg", reason="the extra postgres is not installed: the archive is tried on it where it is")
    folder = Path(tempfile.mkdtemp(prefix="daybook-pg-", dir="/tmp"))
    user = _other_user(folder)
    data = folder / "data"
    subprocess.run(
        [bin_ / "initdb", "-D", data, "-U", "daybook", "-A", "trust", "-E", "UTF8", "--no-sync", "--locale=C",
         "--locale-provider=icu", "--icu-locale=zh-CN"],
        check=True, capture_output=True, user=user,
    )  # fmt: skip
    settings = ("listen_addresses=", f"unix_socket_directories={folder}", "fsync=off", "full_page_writes=off", "max_wal_senders=0", "wal_level=minimal")  # fmt: skip
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [bin_ / "postgres", "-D", data, *(part for each in settings for part in ("-c", each))],
            stdout=log, stderr=log, user=user,
        )  # fmt: skip
    try:
        until = time.monotonic() + _WAIT
        while subprocess.run([bin_ / "pg_isready", "-q", "-h", folder], check=False).returncode:
            assert process.poll() is None, (folder / "log").read_text("utf-8", "replace")
            assert time.monotonic() < until
            time.sleep(0.05)
        yield f"postgresql+psycopg://daybook@/{{}}?host={folder}"
    finally:
        process.send_signal(signal.SIGQUIT)  # nothing of it is kept
        process.wait()
        shutil.rmtree(folder, ignore_errors=True)


def _room() -> str:
    """Return where the server may lie: in memory where there is enough, its thousands of files are then gone at once."""
    memory = Path("/dev/shm")  # noqa: S108 - a folder of its own is made in it
    roomy = memory.is_dir() and os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > _ENOUGH
    return str(memory) if roomy else "/tmp"  # noqa: S108 - likewise; a socket's path must be short


def _other_user(folder: Path) -> str | None:
    """Hand the folder to somebody else where we are root: the server refuses to run as root."""
    if os.getuid():
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    user = "postgres" if "postgres" in names else "nobody"
    shutil.chown(folder, user)
    return user


def new_database(address: str, name: str, template: str = "template0") -> str:
    """Make a database, empty or a copy of another one, and return its address."""
    import psycopg  # noqa: PLC0415 - an extra

    host = address.partition("host=")[2]
    with psycopg.connect(host=host, user="daybook", dbname="postgres", autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"'.encode())
    return address.format(name)
