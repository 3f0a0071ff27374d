"""What can go wrong on our side, each with its remedy; a person's slip is a Finding and is never raised.

PipelineError            exit 1
├── RulesError           exit 2   the YAML is wrong; nothing was touched
├── UsageError           exit 2   the command cannot be carried out as typed
├── ArchiveError         exit 3   the archive cannot be read or written
├── InboxError           exit 3   the inbox or outbox cannot be read or written
└── LockedError          exit 75  another run holds the lock
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


class PipelineError(Exception):
    """Our own slip or the machine's: one sentence, one remedy, one exit code."""

    exit_code = 1

    def __init__(self, message: str, remedy: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy

    def __str__(self) -> str:
        return f"{self.message}。{self.remedy}" if self.remedy else self.message


@dataclass(frozen=True, slots=True)
class Problem:
    """One wrong place in the rules: file, 1-based line, dotted key, what is wrong, the nearest known word or ''."""

    file: str
    line: int
    key: str
    message: str
    nearest: str = ""

    def __str__(self) -> str:
        hint = f"(是不是想写 {self.nearest}?)" if self.nearest else ""
        return f"{self.file} 第 {self.line} 行 {self.key}: {self.message}{hint}"


class RulesError(PipelineError):
    """The rules do not say what rules may say; carries every problem at once."""

    exit_code = 2

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("规则文件有误,未动任何文件:\n" + "\n".join(f"  {problem}" for problem in self.problems))


class UsageError(PipelineError):
    """The command cannot be carried out as typed."""

    exit_code = 2


class ArchiveError(PipelineError):
    """The archive cannot be opened, read or written."""

    exit_code = 3


class InboxError(PipelineError):
    """The inbox or the outbox cannot be read or written."""

    exit_code = 3


class LockedError(PipelineError):
    """Another run holds the home's lock."""

    exit_code = 75
