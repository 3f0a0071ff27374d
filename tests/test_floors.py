"""The ground plan, as a test: read it first, change it last.

   10  cli                                            what is typed
    9  group  demo                                    the nights of all stores; an invented month
    8  night  lookers  cluster  undo  erase           the order of a night, many who look, one taken back, somebody forgotten
    7  share_out  publish                             one night's workbooks to many; outbox/DATE, whole
    6  examine  workers  reports                      the first half of a night; who reads; what managers get
    5  stages and edges                               recognise … merge, read_ keep_ write_
    4  values  days  facts  demands  blanks  archive  what stages are made of
    3  say  frame  standing  layout  reading  ink  backup …
    2  model  view                                    what flows, what the archive shows
    1  grid  rulebook  report                         cells, the rules' language, reports before ink
    0  text  errors  timetable  write_whole

A room (a module, or a package with all its files) imports rooms of lower floors only, so no stage ever imports a stage.
"""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from functools import lru_cache
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
FLOORS: dict[int, str] = {
    0: "text errors timetable side_by_side pseudonym write_whole",
    1: "disk grid rulebook report keep_erased",
    2: "model view masked",
    3: "keep_home say labels ledgers frame standing layout reading ink returned dues digest erasure backup",
    4: "rollup read_yaml read_writers teach values days facts demands blanks archive roster describe notice near drift write_parquet",
    5: "settlement drafting recognise extract normalise validate judge propose merge chronicle reconcile follow_up returns manifest "
    "read_rules read_inbox read_outbox read_book keep_bytes keep_drawn keep_files keep_manifest keep_locks keep_log keep_schedule notify keep_rollups write_group write_workbook write_templates write_returned write_digest write_export",
    6: "leave_out doctor prove examine workers weigh keep_rules tomorrow handover same_person reports",
    7: "share_out publish publish_group rehearse rebuild redact turn_away",
    8: "cluster lookers night undo erase",
    9: "group demo",
    10: "cli",
}
FLOOR = {room: floor for floor, rooms in FLOORS.items() for room in rooms.split()}
# One library, one door (a room, or one file of a room). A library that is not here has no business in the house.
DOORS: dict[str, str] = {
    "rapidfuzz": "text",
    "pydantic": "rulebook",
    "ruamel": "read_rules read_yaml",
    "yaml": "read_yaml",
    "python_calamine": "read_book",
    "msoffcrypto": "reading",
    "olefile": "reading",
    "phonenumbers": "values.phone",
    "pandera": "validate",
    "pandas": "frame validate demands facts follow_up tomorrow reports",
    "numpy": "facts follow_up reports",
    "chinese_calendar": "days",
    "holidays": "days",
    "sqlalchemy": "archive",
    "alembic": "archive",
    "filelock": "keep_locks",
    "xlsxwriter": "ink demo",
    "openpyxl": "write_returned write_export demo",
    "pyarrow": "write_parquet",
    "distributed": "cluster",
    "lxml": "returned write_returned",
    "jinja2": "write_digest write_group",
    "apprise": "notify",
    "click": "cli",
    "rich": "cli",
}
EDGES = (
    "cluster", "lookers", "disk", "read_", "keep_", "write_", "reading", "archive", "backup", "ink", "returned", "blanks", "workers", "notify", "publish",
    "night", "group", "side_by_side", "undo", "erase", "redact", "turn_away", "rebuild", "doctor", "cli", "demo",
)  # fmt: skip
IMPURE = ("os", "sys", "pathlib", "random", "time", "tempfile", "socket", "subprocess", "logging", "shutil", "io")
NO_NAMES = ("util", "helper", "manager", "handler", "base", "core", "common", "misc", "tool")
# Where any crash may be caught: foreign bytes are opened (two readers), and one workbook is looked at, one store has its night. Nowhere else.
TRAPS = {"pipeline.reading.ole", "pipeline.read_book", "pipeline.examine", "pipeline.group"}
LINES, LONGEST = 300, 40


@lru_cache
def trees() -> dict[str, ast.Module]:
    """Return every module of the package, parsed."""
    return {name_of(path): ast.parse(path.read_text("utf-8")) for path in sorted((ROOT / "pipeline").rglob("*.py"))}


def name_of(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def room_of(module: str) -> str:
    return module.split(".")[1] if "." in module else ""


def imports(tree: ast.Module) -> Iterator[str]:
    """Yield every module a file imports, at its top or inside a function; names taken from a package count as its modules."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            inside = [f"{node.module}.{alias.name}" for alias in node.names]
            yield from (name if name in trees() else node.module for name in inside)


def within(tree: ast.Module) -> set[str]:
    return {name for name in imports(tree) if name in trees()}


def pure() -> dict[str, ast.Module]:
    return {name: tree for name, tree in trees().items() if "." in name and not room_of(name).startswith(EDGES)}


def test_every_room_has_its_floor():
    assert set(FLOOR) == {room_of(name) for name in trees() if "." in name}


def test_imports_go_down_only():
    climbs = {
        (name, other)
        for name, tree in trees().items()
        for other in within(tree)
        if room_of(name)
        and room_of(other)
        and room_of(name) != room_of(other)
        and FLOOR[room_of(other)] >= FLOOR[room_of(name)]
    }

    assert set() == climbs


def test_no_imports_go_round():
    TopologicalSorter({name: within(tree) - {name} for name, tree in trees().items()}).prepare()


def test_a_report_never_imports_a_report():
    def family(name: str) -> str:
        last = name.rsplit(".", 1)[-1]
        return min(
            (
                other.rsplit(".", 1)[-1]
                for other in trees()
                if other.startswith("pipeline.reports.") and last.startswith(other.rsplit(".", 1)[-1])
            ),
            key=len,
        )

    pages = {name: tree for name, tree in trees().items() if name.startswith("pipeline.reports.")}

    assert set() == {
        (name, other)
        for name, tree in pages.items()
        for other in within(tree) & set(pages)
        if family(name) != family(other)
    }


def test_nothing_in_the_pipeline_knows_of_the_demo():
    assert {"cli"} >= {
        room_of(name)
        for name, tree in trees().items()
        if room_of(name) != "demo"
        for other in within(tree)
        if room_of(other) == "demo"
    }


def test_one_library_has_one_door():
    known = {*sys.stdlib_module_names, "pipeline"}
    used = {
        (library, name.removeprefix("pipeline."))
        for name, tree in trees().items()
        for library in {each.split(".")[0] for each in imports(tree)} - known
    }
    strangers = {
        (library, name)
        for library, name in used
        if not {name, name.split(".")[0]} & set(DOORS.get(library, "").split())
    }

    assert (set(), set(DOORS)) == (strangers, {library for library, _ in used})


def test_the_core_is_pure():
    """No clock, environment, path, print or chance below the edges: the same workbooks give the same answer."""
    touched = {
        (name, other) for name, tree in pure().items() for other in imports(tree) if other.split(".")[0] in IMPURE
    }
    called = {
        (name, node.func.attr if isinstance(node.func, ast.Attribute) else node.func.id)
        for name, tree in pure().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and (
            (isinstance(node.func, ast.Name) and node.func.id in ("print", "open", "input", "exec", "eval"))
            or (isinstance(node.func, ast.Attribute) and node.func.attr in ("now", "today", "utcnow"))
        )
    }

    assert (set(), set()) == (touched, called)


def test_a_crash_is_trapped_where_foreign_bytes_are_read_and_nowhere_else():
    def traps(node: ast.AST) -> bool:
        if not isinstance(node, ast.ExceptHandler):
            return False
        every = node.type is None or (
            isinstance(node.type, ast.Name) and node.type.id in ("Exception", "BaseException")
        )
        return every and not isinstance(node.body[-1], ast.Raise)  # tidying up and raising again traps nothing

    assert TRAPS == {name for name, tree in trees().items() for node in ast.walk(tree) if traps(node)}


def test_no_file_is_long_and_no_function_either():
    files = [path for folder in ("pipeline", "tests", "bench") for path in (ROOT / folder).rglob("*.py")]
    long = {path.name for path in files if len(path.read_text("utf-8").splitlines()) > LINES}
    functions = {
        f"{name}.{node.name}": size
        for name, tree in trees().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (size := (node.end_lineno or 0) - node.lineno + 1) > LONGEST
    }

    assert (set(), {}) == (long, functions)


def path_of(name: str) -> Path:
    path = ROOT / Path(*name.split("."))
    return path / "__init__.py" if path.is_dir() else path.with_suffix(".py")


def test_every_module_opens_with_its_sentence_and_all_that_is_public_says_what_it_is_for():
    mute = [name for name, tree in trees().items() if tree.body and not ast.get_docstring(tree)]
    for name, tree in trees().items():
        classes = [node for node in tree.body if isinstance(node, ast.ClassDef) and not node.name.startswith("_")]
        bodies = [node for body in (tree.body, *(each.body for each in classes)) for node in body]
        public = [
            node
            for node in bodies
            if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_")
        ]
        mute += [f"{name}.{node.name}" for node in public if not ast.get_docstring(node)]

    assert [] == mute


def test_a_package_door_re_exports_nothing():
    doors = {
        name: tree
        for name, tree in trees().items()
        if path_of(name).name == "__init__.py" and name not in ("pipeline", "pipeline.reports")
    }

    assert [] == [name for name, tree in doors.items() if any(not isinstance(node, ast.Expr) for node in tree.body)]


def test_names_say_what_a_thing_does():
    names = {piece for name in trees() for piece in name.split(".")[1:]}
    names |= {
        node.name
        for tree in trees().values()
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef | ast.FunctionDef)
    }

    assert set() == {
        name
        for name in names
        for word in NO_NAMES
        if word in name.strip("_").lower().split("_") or name.endswith(word.title())
    }


@pytest.mark.parametrize(
    "first", ["pipeline.cli.main", "pipeline.recognise", "pipeline.examine", "pipeline.read_rules"]
)
def test_commands_that_need_no_tables_do_not_wait_for_pandas(first):
    heavy = "{'pandas', 'pandera', 'sqlalchemy', 'numpy'}"
    said = subprocess.run(
        [sys.executable, "-c", f"import sys, {first}; print({heavy} & set(sys.modules))"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )

    assert "set()" == said.stdout.strip()
