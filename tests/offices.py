"""One office on every engine it may work on, and the evenings it lives through there.

embedded                     its own SQLite file, workbooks read by this process
postgresql                   DAYBOOK_ARCHIVE names a real server
cluster                      workbooks read on two processes of a real Dask scheduler
postgresql, cluster          both
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from csv import DictReader
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import cache, partial
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from pipeline import group, lookers
from pipeline.archive import postgres
from pipeline.archive.keep_archive import open_archive
from pipeline.archive.postgres import NAMED_BY
from pipeline.cli.main import main
from pipeline.keep_home import Home
from pipeline.read_rules import read_rules
from tests.engines import few_forms
from tests.grids import Grid
from tests.postgres import new_database
from tests.workbooks import daily, drop, register, visit, xlsx

ENGINES = ("embedded", "processes", "postgresql", "cluster")
ARCHIVES = ("embedded", "postgresql")
THIRD, FOURTH, FIFTH = (date(2026, 11, day) for day in (3, 4, 5))
EVENING, LATER = time(21, 30), time(22, 30)
_WANG, _SUN, _ZHOU = (
    ("王先生", "13800001111"),
    ("孙女士", "13800002222", "11:00", "11:20"),
    ("周先生", "13800003333", "15:00", "15:20"),
)


@cache
def report() -> bytes:
    """Return the daily report that comes twice."""
    return xlsx({"日报": daily("2026-11-03", "李明", ("王先生", "13800001111", "回访", "H", "A", "看车"))})


@cache
def sheets(on: date, at: time = EVENING) -> Mapping[str, bytes]:
    """Return what is handed in before a night.

    The 3rd: a register with a wrong phone, a daily report, a file nobody can read. The 4th: the register put right and gone on, the daily report once
    more under another name. The 5th: the register without a visitor of the 3rd, and in the same evening a daily report that was forgotten.
    """
    if (on, at) == (THIRD, EVENING):
        wrong = register("2026-11-03", visit(*_WANG), visit("孙女士", "1380000", "11:00", "11:20"))
        return {
            "前台/登记表.xlsx": xlsx({"3日": wrong}),
            "李明/日报.xlsx": report(),
            "前台/坏.xlsx": b"PK\x03\x04 nobody can read this",
        }
    if (on, at) == (FOURTH, EVENING):
        right = register("2026-11-03", visit(*_WANG, level="A"), visit(*_SUN))
        book = {"3日": right, "4日": register("2026-11-04", visit(*_ZHOU))}
        return {"前台/登记表.xlsx": xlsx(book), "李明/日报 (1).xlsx": report()}
    if (on, at) == (FIFTH, EVENING):
        book = {"3日": register("2026-11-03", visit(*_SUN)), "4日": register("2026-11-04", visit(*_ZHOU))}
        return {"前台/登记表.xlsx": xlsx(book)}
    assert (on, at) == (FIFTH, LATER)
    return {
        "李明/日报5.xlsx": xlsx(
            {"日报": daily("2026-11-05", "李明", ("周先生", "13800003333", "回访", "H", "H", "约试驾"))}
        )
    }


@dataclass(frozen=True)
class Office:
    """A home, with where its archive lies and what reads its workbooks."""

    home: Home
    archive: str = ""
    cluster: str = ""
    jobs: int = 1

    @property
    def elsewhere(self) -> bool:
        """Say whether it uses more than its own folder and one process."""
        return bool(self.archive or self.cluster or self.jobs > 1)

    def hand_in(self, on: date, at: time = EVENING, folder: str = "") -> None:
        """Lay an evening's sheets into the inbox, or below a folder of it, three hours before its night."""
        for path, content in sheets(on, at).items():
            drop(self.home, folder + path, content, f"{on} {at.hour - 3}:00")

    def night(self, on: date, at: time = EVENING, **options: Any) -> dict[str, Any]:
        """Run the night of a day at a time, and return its manifest."""
        with self._there():
            rules = read_rules(self.home.rules)
            at_night = partial(datetime.combine, on, at)
            return group.run(self.home, rules, on, now=at_night, cluster=self.cluster, jobs=self.jobs, **options)

    def lived(self, *evenings: tuple[date, time]) -> dict[tuple[date, time], dict[str, Any]]:
        """Live through these evenings, and return their nights' manifests."""
        said = {}
        for on, at in evenings:
            self.hand_in(on, at)
            said[on, at] = self.night(on, at)
        return said

    def daybook(self, *words: str) -> Result:
        """Type a command."""
        with self._there():
            return CliRunner().invoke(main, ["--home", str(self.home.root), *words])

    def told(self, *words: str) -> str:
        """Type a command that must end with 0, and return what it says, without where the home lies."""
        result = self.daybook(*words)
        assert 0 == result.exit_code, result.output
        return result.stdout.replace(str(self.home.root), "HOME")

    def exported(self, kind: str, *words: str) -> list[dict[str, str]]:
        """Return the rows of `daybook export`."""
        folder = self.home.root.parent / "export"
        self.told("export", str(folder), "--kind", kind, *words)
        with (folder / f"{kind}.csv").open(encoding="utf-8") as file:
            return list(DictReader(file))

    def files(self) -> dict[Path, bytes]:
        """Return every file of the home but the lock."""
        return {
            path: path.read_bytes() for path in self.home.root.rglob("*") if path.is_file() and path.name != ".lock"
        }

    def outbox(self) -> dict[str, bytes]:
        """Return every file managers and staff find."""
        found = self.home.outbox.rglob("*")
        return {path.relative_to(self.home.outbox).as_posix(): path.read_bytes() for path in found if path.is_file()}

    @contextmanager
    def _there(self) -> Iterator[None]:
        with pytest.MonkeyPatch.context() as environment:
            if self.archive:
                environment.setenv(NAMED_BY, self.archive)
            else:
                environment.delenv(NAMED_BY, raising=False)
            environment.setattr(lookers, "_FEWEST", 1)  # an evening of three workbooks counts as large
            yield


@pytest.fixture(scope="session")
def processes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a scheduler with two processes."""
    pytest.importorskip("distributed", reason="the extra cluster is not installed: it is tried where it is")
    grid = Grid(tmp_path_factory.mktemp("processes"))
    yield grid.ready(2)
    grid.end()


@pytest.fixture(scope="session")
def blank(cluster: str, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The name of a database with the tables of the office's forms, to be copied."""
    home = few_forms(tmp_path_factory.mktemp("blank") / "home")
    with pytest.MonkeyPatch.context() as environment:
        environment.setattr(postgres, "PARTS", 2)  # enough to be divided, and quicker copied
        environment.setenv(NAMED_BY, new_database(cluster, "blank"))
        open_archive(home.root, "default", read_rules(home.rules)).engine.dispose()
    return "blank"


@pytest.fixture(scope="module", params=ENGINES)
def new_office(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory):
    """Give new offices on one of the engines."""
    engine = str(request.param)

    def _new() -> Office:
        folder = tmp_path_factory.mktemp("office")
        archive = there = ""
        if engine == "postgresql":
            archive = new_database(
                request.getfixturevalue("cluster"), folder.name + os.urandom(4).hex(), request.getfixturevalue("blank")
            )
        if engine == "cluster":
            there = request.getfixturevalue("processes")
        return Office(few_forms(folder / "home"), archive, there, jobs=3 if engine == "processes" else 1)

    return _new
