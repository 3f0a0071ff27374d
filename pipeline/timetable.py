"""Writes what each system wants to be told so that the night runs by itself: a cron line, two systemd units, a Windows task.

    words = (interpreter, "-m", "pipeline.cli", "--home", HOME, "run")

Every system quotes in its own way; a path may hold blanks, quotes, % or $. None of them makes up for a night that was missed: the next morning is
another business day, and the forms in the inbox wait for the next night anyway.
"""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from datetime import time
from xml.sax.saxutils import escape

_TASK = """\
<?xml version="1.0" encoding="UTF-16"?>
<Task version="1.2" xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task">
  <RegistrationInfo><Description>夜账 Daybook {home}</Description></RegistrationInfo>
  <Triggers>
    <CalendarTrigger>
      <StartBoundary>2026-01-01T{at:%H:%M}:00</StartBoundary>
      <ScheduleByDay><DaysInterval>1</DaysInterval></ScheduleByDay>
    </CalendarTrigger>
  </Triggers>
  <Settings>
    <MultipleInstancesPolicy>IgnoreNew</MultipleInstancesPolicy>
    <DisallowStartIfOnBatteries>false</DisallowStartIfOnBatteries>
    <StopIfGoingOnBatteries>false</StopIfGoingOnBatteries>
    <WakeToRun>true</WakeToRun>
    <ExecutionTimeLimit>PT6H</ExecutionTimeLimit>
  </Settings>
  <Actions>
    <Exec>
      <Command>{command}</Command>
      <Arguments>{arguments}</Arguments>
      <WorkingDirectory>{home}</WorkingDirectory>
    </Exec>
  </Actions>
</Task>
"""


def cron_line(words: Sequence[str], at: time) -> str:
    r"""Return the crontab line; cron takes a bare % for the end of the command.

    >>> cron_line(("/opt/py", "--home", "/srv/夜 账", "run"), time(21, 30))
    "30 21 * * * /opt/py --home '/srv/夜 账' run"
    """
    command = " ".join(map(shlex.quote, words)).replace("%", r"\%")
    return f"{at.minute} {at.hour} * * * {command}"


def systemd_service(words: Sequence[str], home: str) -> str:
    """Return the .service unit; the colon before the program says that $ is no variable here."""
    command = " ".join(_systemd_word(word) for word in (f":{words[0]}", *words[1:]))
    return f"[Unit]\nDescription=Daybook {_percents(home)}\n\n[Service]\nType=oneshot\nExecStart={command}\n"


def systemd_timer(home: str, at: time) -> str:
    """Return the .timer unit that starts the service of the same name."""
    return (
        f"[Unit]\nDescription=Daybook {_percents(home)}\n\n"
        f"[Timer]\nOnCalendar=*-*-* {at:%H:%M}:00\n\n[Install]\nWantedBy=timers.target\n"
    )


def windows_task(words: Sequence[str], home: str, at: time) -> str:
    """Return the task as Windows Task Scheduler imports it; to be saved as UTF-16."""
    arguments = " ".join(map(_windows_word, words[1:]))
    return _TASK.format(command=escape(words[0]), arguments=escape(arguments), home=escape(home), at=at)


def windows_command(words: Sequence[str], name: str, at: time) -> str:
    r"""Return the one line for the Windows command prompt.

    >>> print(windows_command((r"C:\py\python.exe", "--home", r"D:\夜账", "run"), "Daybook", time(21, 30)))
    schtasks /Create /F /SC DAILY /ST 21:30 /TN "Daybook" /TR "\"C:\py\python.exe\" --home \"D:\夜账\" run"
    """
    command = " ".join(_windows_word(word, quote=r"\"") for word in words)
    return f'schtasks /Create /F /SC DAILY /ST {at:%H:%M} /TN "{name}" /TR "{command}"'


def _percents(text: str) -> str:
    return text.replace("%", "%%")


def _systemd_word(word: str) -> str:
    return '"' + _percents(word).replace("\\", "\\\\").replace('"', '\\"') + '"'


def _windows_word(word: str, quote: str = '"') -> str:
    """Quote what is a path or holds a blank; a backslash before the closing quote must be doubled."""
    if word.isascii() and word.replace("-", "").replace(".", "").isalnum():
        return word
    return quote + word + ("\\" if word.endswith("\\") else "") + quote
