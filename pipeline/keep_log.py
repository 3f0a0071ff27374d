"""The run's log: JSON lines in `archive/logs/` (each of several stores in a folder of its own), without a phone, a name or anything else that staff wrote."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

_NUMBER = re.compile(r"\d{7,}")  # phones and ID numbers in file names or error texts


def numberless(text: str) -> str:
    """Return a text as it stands in the log: no number in it that could be a phone, be it a part of a hash."""
    return _NUMBER.sub(lambda found: "*" * len(found[0]), text)


class Log:
    """One run's log file, private to its owner."""

    def __init__(self, logs: Path, run: str) -> None:
        self.run = run
        self.path = logs / f"{run[:7]}.jsonl"

    def books(self, said: Mapping[str, Any], traces: Mapping[str, str]) -> None:
        """Note every workbook's verdict, the codes and cells of its findings, and the traceback of a crash."""
        lines = [
            {
                "event": "book", "path": book["path"], "sha256": book["sha256"][:12], "verdict": book["verdict"],
                "findings": [f"{finding['code']}@{finding['cell']}" for finding in book["findings"]],
            }
            for book in said["books"]
        ]  # fmt: skip
        lines += [{"event": "crash", "path": path, "trace": trace} for path, trace in sorted(traces.items())]
        self._write(lines)

    def done(self, said: Mapping[str, Any], left: Sequence[str]) -> None:
        """Note the end of the night: counts, and files that could not be taken from the inbox."""
        self._write([{"event": "done", "on": said["on"], "counts": said["counts"], "left_in_inbox": list(left)}])

    def stores(self, done: Sequence[tuple[str, int, str, str]]) -> None:
        """Note what became of each store's night: its exit code, why it could not run, the traceback of a crash."""
        self._write(
            [
                {"event": "store", "store": store, "exit": code, "reason": reason, "trace": trace}
                for store, code, reason, trace in done
            ]
        )

    def told(self, sent: Sequence[tuple[str, str]]) -> None:
        """Note each message sent after the night: its way, and what went wrong ('' = nothing)."""
        self._write([{"event": "notify", "way": way, "trouble": trouble} for way, trouble in sent])

    def _write(self, lines: Sequence[Mapping[str, Any]]) -> None:
        self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        with os.fdopen(handle, "a", encoding="utf-8") as file:
            for line in lines:
                masked = json.loads(numberless(json.dumps(line, ensure_ascii=False)))
                file.write(json.dumps({"run": self.run, **masked}, ensure_ascii=False) + "\n")
