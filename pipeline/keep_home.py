"""A home folder: where its rooms are, and how a new one is made from what is shipped."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from pipeline.errors import UsageError

_PACKAGE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Home:
    """The rooms of a home (contract 1), or those of one `store` of several that share it: its runs, logs, days and exports are its own.

    >>> Home(Path("/h")).day(date(2026, 11, 5)).as_posix(), Home(Path("/h")).of("east").day(date(2026, 11, 5)).as_posix()
    ('/h/outbox/2026-11-05', '/h/outbox/2026-11-05/east')
    """

    root: Path
    store: str = ""  # '' = the whole home

    def of(self, store: str) -> Home:
        """Return the home as one of its several stores sees it."""
        return replace(self, store=store)

    @property
    def rules(self) -> Path:
        """What the forms are and what the house expects."""
        return self.root / "rules"

    @property
    def templates(self) -> Path:
        """Blank forms."""
        return self.root / "templates_xlsx"

    @property
    def inbox(self) -> Path:
        """Where staff drop workbooks."""
        return self.root / "inbox"

    @property
    def outbox(self) -> Path:
        """Where managers and staff read."""
        return self.root / "outbox"

    @property
    def archive(self) -> Path:
        """The master archive, private."""
        return self.root / "archive"

    @property
    def runs(self) -> Path:
        """The manifests of the runs."""
        return self.archive / "runs" / self.store

    @property
    def logs(self) -> Path:
        """The logs of the runs."""
        return self.archive / "logs" / self.store

    @property
    def exports(self) -> Path:
        """The master archive for eyes."""
        return self.archive / "exports" / self.store

    def day(self, on: date) -> Path:
        """Return where a business day lies in the outbox."""
        return self.outbox / on.isoformat() / self.store

    @property
    def up(self) -> str:
        """The way back to the home from a day's folder, or from the exports."""
        return "../../../" if self.store else "../../"


def shipped() -> Path:
    """Return the folder that holds the shipped `rules/` and `templates_xlsx/`: inside the wheel, or the repository root."""
    inside = _PACKAGE / "shipped"
    return inside if inside.is_dir() else _PACKAGE.parent


def init_home(folder: Path) -> Home:
    """Make a new home with the shipped rules and blanks.

    Raises UsageError where the folder already holds rules: a clerk's rules are never overwritten.
    """
    home = Home(folder)
    if home.rules.exists():
        raise UsageError(f"{folder} 已经是一个 Daybook 目录", "换一个新目录,或直接在这里运行 daybook run")
    for source, target in ((shipped() / "rules", home.rules), (shipped() / "templates_xlsx", home.templates)):
        shutil.copytree(source, target)
    for room in (home.inbox, home.outbox):
        room.mkdir(parents=True, exist_ok=True)
    home.archive.mkdir(mode=0o700, parents=True, exist_ok=True)
    return home
