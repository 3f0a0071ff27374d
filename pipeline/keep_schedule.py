"""Puts the night into the user's own timetable: crontab, else a systemd user timer, else the Windows Task Scheduler."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
from collections.abc import Sequence
from datetime import time
from pathlib import Path

from pipeline.errors import UsageError
from pipeline.timetable import cron_line, systemd_service, systemd_timer, windows_task

_REMEDY = "请照 daybook schedule 打印的内容手工添加"


def unit_name(home: str) -> str:
    """Return a name of its own for each home, so that one machine may run several."""
    return f"daybook-{hashlib.sha256(home.encode()).hexdigest()[:8]}"


def possible() -> str:
    """Return which timetable this machine has: `windows`, `cron`, `systemd`, or '' for none."""
    if os.name == "nt":
        return "windows" if shutil.which("schtasks") else ""
    if shutil.which("crontab"):
        return "cron"
    reachable = shutil.which("systemctl") and not _done(["systemctl", "--user", "show-environment"]).returncode
    return "systemd" if reachable else ""


def install(kind: str, words: Sequence[str], home: str, at: time) -> str:
    """Put the night into the timetable, in place of this home's earlier entry, and return what was done in one sentence.

    Raises UsageError where the timetable refuses; nothing is left half done.
    """
    if kind == "cron":
        return _into_crontab(cron_line(words, at), home)
    if kind == "systemd":
        return _into_systemd(words, home, at)
    return _into_windows(windows_task(words, home, at), home)


def _into_crontab(line: str, home: str) -> str:
    """Keep every other line of the crontab as it is; ours follows a comment that names the home."""
    mark = f"# daybook {home}"
    found = _done(["crontab", "-l"])
    if found.returncode and "no crontab" not in found.stderr.lower():
        raise UsageError(f"读不到 crontab:{found.stderr.strip()}", _REMEDY)
    lines = found.stdout.splitlines() if not found.returncode else []
    while mark in lines:
        place = lines.index(mark)
        del lines[place : place + 2]
    _must(["crontab", "-"], "\n".join([*lines, mark, line]) + "\n")
    return "已写进 crontab,每晚自动运行"


def _into_systemd(words: Sequence[str], home: str, at: time) -> str:
    folder = Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config") / "systemd" / "user"
    folder.mkdir(parents=True, exist_ok=True)
    name = unit_name(home)
    (folder / f"{name}.service").write_text(systemd_service(words, home), "utf-8")
    (folder / f"{name}.timer").write_text(systemd_timer(home, at), "utf-8")
    _must(["systemctl", "--user", "daemon-reload"])
    _must(["systemctl", "--user", "enable", "--now", f"{name}.timer"])
    return f"已启用 {name}.timer。没人登录时也要运行,请管理员执行一次:loginctl enable-linger"


def _into_windows(task: str, home: str) -> str:
    """Hand the task over as a file: a command line of schtasks may hold 261 letters only."""
    file = Path(home) / "archive" / "schedule.xml"
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    file.write_text(task, "utf-16")
    try:
        _must(["schtasks", "/Create", "/F", "/TN", unit_name(home), "/XML", str(file)])
    finally:
        file.unlink()
    return f"已加入任务计划程序:{unit_name(home)}。只在这个用户登录着的时候运行"


def _done(command: Sequence[str], said: str = "") -> subprocess.CompletedProcess[str]:
    # Fixed programs of the system, never a shell: a path can be no command.
    return subprocess.run(command, input=said, capture_output=True, text=True, check=False)  # noqa: S603


def _must(command: Sequence[str], said: str = "") -> None:
    found = _done(command, said)
    if found.returncode:
        raise UsageError(f"{command[0]} 不接受:{(found.stderr or found.stdout).strip()}", _REMEDY)
