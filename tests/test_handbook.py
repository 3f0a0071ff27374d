"""The handbook cannot lie: its commands are run as they stand, its rules are read, and the workbooks it names are written."""

from __future__ import annotations

import re
import shlex
import shutil
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner

from pipeline import night
from pipeline.cli.main import main
from pipeline.examine import examine
from pipeline.read_rules import read_rules
from pipeline.workers import read_books
from tests.spoilt import copied
from tests.workbooks import daily, drop, new_home, register, visit, xlsx

ROOT = Path(__file__).parent.parent
PICTURE = re.compile(r"!\[[^]]*\]\(([^)]+)\)")
BOOK = (ROOT / "docs" / "手册.md").read_text("utf-8")
BLOCKS = re.findall(r"^```(\w*)\n(.*?)^```$", BOOK, re.DOTALL | re.MULTILINE)
COMMANDS = [line for kind, block in BLOCKS if not kind for line in block.splitlines() if line]
SNIPPETS = [block for kind, block in BLOCKS if kind == "yaml"]
DAY = "2026-03-05"
SAVED = datetime(2026, 3, 5, 18)


@pytest.fixture(scope="module")
def lived_in(tmp_path_factory):
    """A home that has run one night, with a customer at two numbers a digit apart, and one more workbook in its inbox."""
    home = new_home(tmp_path_factory.mktemp("handbook") / "夜账", "李明")
    alike = [
        visit("赵雅芝", phone, f"1{hour}:00", f"1{hour}:20")
        for hour, phone in enumerate(("13700001111", "13700001112"))
    ]
    drop(home, "五日.xlsx", xlsx({"5日": register(DAY, visit(), *alike)}), at=f"{DAY} 18:00")
    lines = [["王先生", "13800001111", "接待", "", "H", "看车"]]
    drop(home, "日报.xlsx", xlsx({"日报": daily(DAY, "李明", *lines)}), at=f"{DAY} 18:00")
    night.run(home, read_rules(home.rules), date.fromisoformat(DAY))
    drop(
        home,
        "来店登记.xlsx",
        xlsx({"6日": register("2026-03-06", visit("陈女士", "13800002222"))}),
        at="2026-03-06 18:00",
    )
    return home


@pytest.fixture
def timetable(tmp_path, monkeypatch):
    """A crontab of the test's own, so that nobody's real one is touched."""
    program = tmp_path / "crontab"
    program.write_text(
        f'#!/bin/sh\n[ "$1" = -l ] && {{ cat "{tmp_path}/table" 2>/dev/null; exit 0; }}\ncat > "{tmp_path}/table"\n'
    )
    program.chmod(0o700)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")


def test_every_block_without_a_name_is_a_command():
    assert COMMANDS
    assert [] == [line for line in COMMANDS if not line.startswith("daybook ")]


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.usefixtures("timetable")
def test_every_command_of_the_handbook_runs_as_it_stands(lived_in, monkeypatch, tmp_path, command):
    name = command.split()[1]
    new = name in ("demo", "init", "export", "backup", "restore")  # what makes a folder makes it elsewhere
    home = lived_in.root
    if name in ("undo", "restore"):  # what takes back does so in a copy
        home = tmp_path / "副本"
        shutil.copytree(lived_in.root, home)
    monkeypatch.chdir(tmp_path if new else home)
    monkeypatch.setenv("DAYBOOK_HOME", str(home))
    if name == "restore":  # what is put back was taken before
        assert 0 == CliRunner().invoke(main, ["backup", command.split()[2]]).exit_code
    result = CliRunner().invoke(main, shlex.split(command)[1:])

    assert 0 == result.exit_code, result.output
    assert result.output


@pytest.mark.parametrize("snippet", SNIPPETS)
def test_what_the_handbook_says_to_write_into_the_rules_is_understood(tmp_path, snippet):
    rules = copied(tmp_path)
    named = re.match(r"# rules/(\w+)\.yaml\n", snippet)
    name = named[1] if named else "notify"
    before = getattr(read_rules(rules), name)
    (rules / f"{name}.yaml").write_text(snippet, "utf-8")

    assert before != getattr(read_rules(rules), name)


def test_every_workbook_and_page_the_handbook_names_is_written(lived_in):
    named = set(re.findall(r"`([^`<>/]+\.(?:xlsx|html))`", BOOK))
    written = {path.name for path in lived_in.outbox.rglob("*") if path.is_file()}

    assert named
    assert set() == named - written


def test_the_sheet_to_look_at_first_is_in_its_workbook_and_the_last_one_explains(lived_in):
    first = re.findall(r"^\| `([^`]+\.xlsx)` \| ([^|]+) \|", BOOK, re.MULTILINE)
    sheets = {
        book: openpyxl.load_workbook(lived_in.outbox / DAY / book, read_only=True).sheetnames for book, _ in first
    }

    assert 5 <= len(first)
    assert [] == [(book, sheet) for book, sheet in first if sheet not in sheets[book] or sheets[book][-1] != "说明"]


@pytest.mark.parametrize(
    ("slip", "verdict"),
    [
        (visit(phone="1380000111"), "returned"),
        (visit(phone=None), "accepted"),
        (visit(phone="未留"), "accepted"),
        (visit(arrived="10:30", left="9:30"), "returned"),
        (visit(consultant=""), "returned"),
        (visit(name="某先生", phone=None), "accepted"),
        (visit(name="", phone=None), "returned"),
    ],
)
def test_what_is_said_to_go_back_goes_back_and_what_is_said_to_pass_passes(rules, slip, verdict):
    book = xlsx({"5日": register(DAY, slip)})
    (told,) = examine(read_books([("登记.xlsx", book, SAVED)]), rules, SAVED.date()).submissions

    assert verdict == told.verdict


def test_a_day_of_next_year_goes_back(rules):
    book = xlsx({"5日": register("2027-03-05", visit())})
    (told,) = examine(read_books([("登记.xlsx", book, SAVED)]), rules, SAVED.date()).submissions

    assert "returned" == told.verdict


def test_every_folder_and_rules_file_the_handbook_names_is_there(lived_in):
    files = set(re.findall(r"`([a-z_]+\.yaml)`", BOOK))

    assert set() == files - {path.name for path in lived_in.rules.iterdir()}
    assert all((lived_in.root / name).is_dir() for name in ("inbox", "outbox", "templates_xlsx", "rules", "archive"))


def test_every_picture_the_handbook_shows_is_there():
    shown = PICTURE.findall(BOOK)

    assert shown
    assert [] == [name for name in shown if not (ROOT / "docs" / name).is_file()]
