"""Drives a real Chromium without a window over two pipes (its DevTools protocol), so that a page is tested as a reader gets it.

    test ─ {"id": 1, "method": "Page.navigate", …}\\0 ─► fd 3 ┐
                                                              chromium --remote-debugging-pipe
    test ◄─ {"id": 1, "result": …}\\0, {"method": "Log.entryAdded", …}\\0 ─ fd 4 ┘

No port is opened and no other library or driver is needed.
"""

from __future__ import annotations

import base64
import json
import os
import select
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic
from typing import Any

PROGRAM = shutil.which("chromium") or shutil.which("google-chrome") or ""
_SECONDS = 60  # a busy machine may be slow; a page that hangs must not hang the tests
_ALONE = (
    "--headless --no-sandbox --disable-gpu --disable-dev-shm-usage --disable-quic --no-first-run --disable-extensions "
    "--disable-background-networking --disable-component-update --disable-sync --mute-audio --remote-debugging-pipe"
)

# The browser wants its pipes at 3 and 4; above 9 first, so that neither takes the other's place.
_PIPED = """
import fcntl, os, sys
asked, said = (fcntl.fcntl(int(number), fcntl.F_DUPFD, 10) for number in sys.argv[1:3])
os.dup2(asked, 3)
os.dup2(said, 4)
os.execv(sys.argv[3], sys.argv[3:])
"""


class Tab:
    """One page in the browser, and everything the browser said about it since it was opened."""

    def __init__(self, asked: int, said: int) -> None:
        self._asked, self._said, self._rest, self._number = asked, said, b"", 0
        self._session = ""
        self.events: list[tuple[str, dict[str, Any]]] = []

    def attach(self) -> None:
        """Open an empty page and listen to what it loads, logs and breaks."""
        target = self.ask("Target.createTarget", url="about:blank")["targetId"]
        self._session = self.ask("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Network", "Log", "Runtime", "Audits", "Accessibility", "DOM"):
            self.ask(f"{domain}.enable")

    def ask(self, method: str, **given: Any) -> dict[str, Any]:
        """Send one command and return its answer; a refused command is an error of the test."""
        self._number += 1
        message = {"id": self._number, "method": method, "params": given}
        if self._session:
            message["sessionId"] = self._session
        os.write(self._asked, json.dumps(message).encode() + b"\0")
        until = monotonic() + _SECONDS
        while (answer := self._next(until)).get("id") != self._number:
            pass
        assert "error" not in answer, (method, answer)
        result: dict[str, Any] = answer["result"]
        return result

    def heard(self, *names: str) -> list[dict[str, Any]]:
        """Return what was said under these names, oldest first."""
        return [told for name, told in self.events if name in names]

    def open(self, path: Path, *, width: int = 1280, dark: bool = False) -> None:
        """Open a file at this window width in CSS pixels, and wait until it has loaded."""
        self.ask("Emulation.setDeviceMetricsOverride", width=width, height=800, deviceScaleFactor=1, mobile=width < 600)
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self.ask("Emulation.setEmulatedMedia", features=[scheme])
        self.events.clear()
        self.ask("Page.navigate", url=path.resolve().as_uri())
        self.until(lambda: bool(self.heard("Page.loadEventFired")))

    def until(self, told: Callable[[], bool]) -> None:
        """Listen to the browser until it has told what is waited for."""
        end = monotonic() + _SECONDS
        while not told():
            self._next(end)

    def value(self, expression: str) -> Any:
        """Return what a JavaScript expression gives in the page; the page's own ban on scripts does not touch it."""
        answer = self.ask("Runtime.evaluate", expression=expression, returnByValue=True)
        assert "exceptionDetails" not in answer, answer
        return answer["result"].get("value")

    def press(self, key: str) -> None:
        """Press and release a key."""
        for act in ("rawKeyDown", "keyUp"):
            self.ask(
                "Input.dispatchKeyEvent",
                type=act,
                key=key,
                code=key,
                windowsVirtualKeyCode={"Tab": 9, "Enter": 13}[key],
            )

    def picture(self, target: Path) -> Path:
        """Draw the whole page into a PNG."""
        drawn = self.ask("Page.captureScreenshot", captureBeyondViewport=True)
        target.write_bytes(base64.b64decode(drawn["data"]))
        return target

    def printed(self, target: Path) -> Path:
        """Print the page as its own style sheet wants it."""
        drawn = self.ask("Page.printToPDF", preferCSSPageSize=True, printBackground=True)
        target.write_bytes(base64.b64decode(drawn["data"]))
        return target

    def _next(self, until: float) -> dict[str, Any]:
        while b"\0" not in self._rest:
            ready, _, _ = select.select([self._said], [], [], max(until - monotonic(), 0))
            piece = os.read(self._said, 1 << 20) if ready else b""
            assert piece, "the browser went away or did not answer"
            self._rest += piece
        line, _, self._rest = self._rest.partition(b"\0")
        message: dict[str, Any] = json.loads(line)
        if "method" in message:
            self.events.append((message["method"], message["params"]))
        return message


@contextmanager
def browser(profile: Path) -> Iterator[Tab]:
    """Run a Chromium with a fresh profile in this folder and give one tab of it."""
    to_read, asked = os.pipe()
    said, to_write = os.pipe()
    running = subprocess.Popen(
        [
            sys.executable,
            "-c",
            _PIPED,
            str(to_read),
            str(to_write),
            PROGRAM,
            *_ALONE.split(),
            f"--user-data-dir={profile}",
        ],
        pass_fds=(to_read, to_write),
        stderr=subprocess.DEVNULL,
    )
    os.close(to_read)
    os.close(to_write)
    tab = Tab(asked, said)
    try:
        tab.attach()
        yield tab
    finally:
        os.close(asked)  # the browser ends when its pipe does
        try:
            running.wait(timeout=10)
        except subprocess.TimeoutExpired:
            running.kill()
            running.wait()
        os.close(said)
