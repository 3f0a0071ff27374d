"""An archive of any released schema is stepped up with nothing lost, a copy of it kept; one of a newer program is refused."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest
from alembic.script import ScriptDirectory
from click.testing import CliRunner

from pipeline.archive.keep_archive import open_archive
from pipeline.archive.tables import SCHEMA_REV
from pipeline.cli.main import main
from pipeline.errors import ArchiveError
from pipeline.rulebook.rulebook import Rulebook
from tests.archives import night, told
from tests.conftest import ROOT
from tests.stories import tracker, workbook
from tests.workbooks import new_home

# Each as the program of that time wrote it in two nights (one kind's table of many): a sheet half held, then put right.
SCHEMAS = ROOT / "tests" / "schemas"
RELEASED = sorted(int(path.stem) for path in SCHEMAS.glob("*.sql"))
RUNS = ["2026-11-03T20261103213000", "2026-11-04T20261104213000"]
released = pytest.mark.parametrize("revision", RELEASED)


def old_archive(home: Path, revision: int) -> Path:
    """Lay the archive of an older program into a home."""
    place = home / "archive" / "default.sqlite"
    place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with closing(sqlite3.connect(place)) as file:
        file.executescript((SCHEMAS / f"{revision}.sql").read_text("utf-8"))
    return place


def schema(place: Path) -> dict[str, set[tuple[object, ...]]]:
    """Return what every table and index is made of, whatever the order."""
    with closing(sqlite3.connect(place)) as file:
        names = file.execute("SELECT type, name FROM sqlite_master WHERE type != 'view'").fetchall()
        return {
            name: {row[1:] for row in file.execute(f"PRAGMA {'table' if kind == 'table' else 'index'}_info('{name}')")}
            for kind, name in names
        }


def told_as(place: Path) -> dict[tuple[str, str], str]:
    """Return in which words every table, index and view was made."""
    with closing(sqlite3.connect(place)) as file:
        return {(kind, name): said for kind, name, said in file.execute("SELECT type, name, sql FROM sqlite_master")}


def rows(place: Path) -> dict[str, set[frozenset[tuple[str, object]]]]:
    """Return the rows of every table but `meta`, each as its columns with what stands in them."""
    with closing(sqlite3.connect(place)) as file:
        file.row_factory = sqlite3.Row
        tables = [name for (name,) in file.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {
            name: {frozenset(dict(row).items()) for row in file.execute(f"SELECT * FROM {name}")}  # noqa: S608
            for name in tables
            if name != "meta"
        }


@pytest.fixture(scope="module")
def rules(rules):
    """The core kinds alone: the others' tables are made, never stepped up."""
    return Rulebook(**{name: getattr(rules, name) for name in Rulebook.model_fields} | {"forms": {}})


@pytest.fixture(scope="module")
def fresh(tmp_path_factory, rules):
    home = tmp_path_factory.mktemp("fresh")
    open_archive(home, "default", rules).engine.dispose()
    return home / "archive" / "default.sqlite"


@released
def test_an_archive_of_every_released_schema_becomes_what_a_new_one_is_and_loses_no_row(
    tmp_path, rules, fresh, revision
):
    place = old_archive(tmp_path, revision)
    before = rows(place)
    with open_archive(tmp_path, "default", rules) as archive:
        visits = told(archive.view(date(2026, 11, 4)).tables["visit"], "customer_name", "level")
        night(archive, 5, workbook(5, tracker(rules)))
        after = rows(place)

    assert schema(fresh) == schema(place)
    assert [] == [
        row for name, those in before.items() for row in those if not any(row <= full for full in after[name])
    ]
    assert [("王先生", "A"), ("赵女士", "H")] == visits


@released
def test_the_archive_as_it_was_is_kept_beside_and_can_be_restored(tmp_path, rules, revision):
    home = new_home(tmp_path / "home")
    place = old_archive(home.root, revision)
    before = rows(place)
    open_archive(home.root, "default", rules).engine.dispose()
    (kept,) = (home.archive / "backups").iterdir()
    result = CliRunner().invoke(main, ["--home", str(home.root), "restore", str(kept.parent), "--at", kept.name])

    assert 0 == result.exit_code, result.output
    assert before == rows(place)


def test_an_archive_made_in_an_empty_file_is_that_made_where_something_lies_already(tmp_path, rules, fresh):
    place = tmp_path / "archive" / "default.sqlite"
    place.parent.mkdir()
    with closing(sqlite3.connect(place)) as file:
        file.execute("CREATE TABLE notes (said)")
    open_archive(tmp_path, "default", rules).engine.dispose()

    assert {**told_as(fresh), ("table", "notes"): "CREATE TABLE notes (said)"} == told_as(place)


def test_an_archive_that_is_up_to_date_is_not_copied_again(tmp_path, rules):
    old_archive(tmp_path, RELEASED[0])
    for _ in range(2):
        open_archive(tmp_path, "default", rules).engine.dispose()

    assert 1 == len(list((tmp_path / "archive" / "backups").iterdir()))


def test_nothing_is_changed_where_no_copy_can_be_kept(tmp_path, rules):
    place = old_archive(tmp_path, RELEASED[0])
    (tmp_path / "archive" / "backups").write_bytes(b"")
    before = place.read_bytes()

    with pytest.raises(ArchiveError, match="备份写不进"):
        open_archive(tmp_path, "default", rules)

    assert before == place.read_bytes()


def test_nights_of_an_older_program_cannot_be_undone_where_they_noted_nothing(tmp_path, rules):
    old_archive(tmp_path, 3)
    with (
        open_archive(tmp_path, "default", rules) as archive,
        pytest.raises(ArchiveError, match="旧版本收的"),
    ):
        archive.undo(RUNS[-1], archive.nights()[-1].started_at)


def test_a_step_that_fails_leaves_the_archive_as_it_was(tmp_path, rules):
    place = old_archive(tmp_path, RELEASED[0])
    before = rows(place)
    with closing(sqlite3.connect(place)) as file:  # somebody made a table of that name
        file.execute("CREATE TABLE rulebook (x)")
    with pytest.raises(ArchiveError):
        open_archive(tmp_path, "default", rules)

    assert {**before, "rulebook": set()} == rows(place)


def test_a_newer_program_s_archive_is_refused_with_exit_3_and_not_touched(tmp_path, rules):
    home = new_home(tmp_path / "home")
    open_archive(home.root, "default", rules).engine.dispose()
    place = home.archive / "default.sqlite"
    with closing(sqlite3.connect(place)) as file:
        file.execute("UPDATE meta SET value = '99' WHERE name = 'schema_rev'")
        file.commit()
    before = place.read_bytes()
    result = CliRunner().invoke(main, ["--home", str(home.root), "status"])

    assert 3 == result.exit_code
    assert f"档案由更新的程序写成(版本 99,本程序只认到 {SCHEMA_REV}),什么都没动" in result.stderr
    assert before == place.read_bytes()


def test_there_is_one_step_for_every_schema_and_a_fixture_for_every_released_one():
    folder = str(ROOT / "pipeline" / "archive" / "revisions")
    steps = [step.revision for step in ScriptDirectory(folder, version_locations=[folder]).walk_revisions()]

    assert [str(number) for number in range(SCHEMA_REV, 0, -1)] == steps
    assert list(range(1, SCHEMA_REV)) == RELEASED
