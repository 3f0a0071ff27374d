"""Starts a Dask scheduler and processes for it on loopback, as an operator does."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parent.parent


class Grid:
    """A scheduler on loopback and processes that register with it, as an operator starts them; somewhere else, so that nothing of a home is at hand."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.file = folder, folder / "scheduler.json"
        self.workers: list[subprocess.Popen[bytes]] = []
        self.scheduler = self._start("scheduler", "--port", "0", "--scheduler-file", str(self.file))

    def _start(self, *words: str, first: str = "") -> subprocess.Popen[bytes]:
        program = f"import sys\n{first}\nfrom dask.__main__ import main; sys.argv = ['dask', *sys.argv[1:]]; main()"
        with (self.folder / f"{words[0]}.log").open("ab") as log:
            return subprocess.Popen(
                [sys.executable, "-c", program, *words, "--host", "127.0.0.1", "--no-dashboard"],
                cwd=self.folder, stdout=log, stderr=log, env={**os.environ, "PYTHONPATH": str(ROOT)},
            )  # fmt: skip

    def ready(self, count: int, first: str = "") -> str:
        """Start processes until so many are at work, and return the address."""
        words = ("--scheduler-file", str(self.file), "--nthreads", "1", "--no-nanny", "--local-directory", str(self.folder))  # fmt: skip
        while len(self.workers) < count:
            self.workers.append(self._start("worker", *words, first=first))
        until = time.monotonic() + 60
        while not self.file.is_file():
            assert self.scheduler.poll() is None
            assert time.monotonic() < until
            time.sleep(0.1)
        from distributed import Client  # noqa: PLC0415 - an extra

        address = str(json.loads(self.file.read_text("utf-8"))["address"])
        with Client(address, timeout=60, set_as_default=False) as client:
            while len(client.scheduler_info(n_workers=-1)["workers"]) != count:
                assert time.monotonic() < until
                time.sleep(0.05)
        return address

    def kill(self, count: int) -> None:
        """Kill so many processes as a system does that has no more memory."""
        for each in (self.workers.pop() for _ in range(count)):
            each.kill()
            each.wait()

    def end(self) -> None:
        self.kill(len(self.workers))
        self.scheduler.kill()
        self.scheduler.wait()
