"""The night runs by itself, whatever the home is called, and nobody else's timetable is touched."""

from __future__ import annotations

import shutil
import subprocess
import sys
from datetime import time
from pathlib import Path

import pytest
from click.testing import CliRunner
from lxml import etree

from pipeline.cli.main import main
from pipeline.keep_schedule import unit_name
from pipeline.timetable import cron_line, systemd_service, systemd_timer, windows_command, windows_task
from tests.workbooks import new_home

AT = time(21, 30)
ODD = ["夜账", "夜 账", 'it\'s 50% "off"', "$HOME", "a\\b", "a;b&c"]


def teller(folder: Path) -> tuple[str, Path]:
    """Return a program that writes down the words it was started with, and where it writes them."""
    said = folder / "said"
    program = folder / "teller"
    program.write_text(f'#!{sys.executable}\nimport sys\nopen({str(said)!r}, "w").write("\\n".join(sys.argv[1:]))\n')
    program.chmod(0o700)
    return str(program), said


def as_cron_runs(line: str) -> str:
    """Return the command as cron hands it to the shell: five fields off, and no backslash before a percent."""
    return line.split(" ", 5)[5].replace("\\%", "%")


@pytest.mark.parametrize("name", ODD)
def test_cron_starts_the_night_in_the_right_home_whatever_its_name(tmp_path, name):
    program, said = teller(tmp_path)
    line = cron_line((program, "--home", f"/srv/{name}", "run"), AT)
    subprocess.run(["sh", "-c", as_cron_runs(line)], check=True)

    assert line.startswith("30 21 * * * ")
    assert ["--home", f"/srv/{name}", "run"] == said.read_text().split("\n")
    assert "%" not in line.replace("\\%", "")


@pytest.mark.parametrize("name", ODD)
@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="no systemd here to ask")
def test_systemd_reads_the_units_as_they_are_meant(tmp_path, name):
    program, _ = teller(tmp_path)
    home = f"/srv/{name}"
    (tmp_path / "daybook.service").write_text(systemd_service((program, "--home", home, "run"), home), "utf-8")
    (tmp_path / "daybook.timer").write_text(systemd_timer(home, AT), "utf-8")
    said = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", tmp_path / "daybook.service", tmp_path / "daybook.timer"],
        capture_output=True,
        text=True,
        check=False,
    )

    assert "" == "\n".join(line for line in said.stderr.splitlines() if "daybook" in line)


def test_systemd_takes_no_percent_and_no_dollar_for_its_own():
    service = systemd_service(("/opt/py", "--home", '/srv/50% "$HOME"', "run"), "/srv")

    assert 'ExecStart=":/opt/py" "--home" "/srv/50%% \\"$HOME\\"" "run"' in service


@pytest.mark.parametrize("home", [r"D:\夜 账", r"D:\R&D <1>", "D:\\"])
def test_the_windows_task_says_program_words_and_hour(home):
    space = "{http://schemas.microsoft.com/windows/2004/02/mit/task}"
    words = (r"C:\Program Files\py\python.exe", "-m", "pipeline.cli", "--home", home, "run")
    task = etree.fromstring(windows_task(words, home, AT).encode("utf-16"))
    last = "\\" if home.endswith("\\") else ""

    assert words[0] == task.findtext(f".//{space}Command")
    assert f'-m pipeline.cli --home "{home}{last}" run' == task.findtext(f".//{space}Arguments")
    assert "2026-01-01T21:30:00" == task.findtext(f".//{space}StartBoundary")
    assert f'\\"{home}{last}\\"' in windows_command(words, "Daybook", AT)


@pytest.fixture
def home(tmp_path):
    return new_home(tmp_path / "夜 账")


def daybook(home, *arguments: str):
    return CliRunner().invoke(main, ["--home", str(home.root), *arguments])


def test_schedule_prints_all_three_with_the_interpreter_and_the_home_in_full(home):
    said = daybook(home, "schedule", "--at", "20:45").output

    assert (
        cron_line((sys.executable, "-m", "pipeline.cli", "--home", str(home.root.resolve()), "run"), time(20, 45))
        in said
    )
    assert "OnCalendar=*-*-* 20:45:00" in said
    assert "/ST 20:45" in said
    assert "systemd" not in daybook(home, "schedule", "--for", "cron").output


def test_a_night_after_midnight_is_warned_of_and_no_hour_is_refused(home):
    assert "第二天" in daybook(home, "schedule", "--at", "00:30").output
    assert 2 == daybook(home, "schedule", "--at", "25:00").exit_code


def test_what_the_timer_starts_is_the_command_itself(home):
    words = [sys.executable, "-m", "pipeline.cli", "--home", str(home.root), "run", "--on", "2026-11-05", "--dry-run"]
    said = subprocess.run(words, cwd="/", capture_output=True, text=True, check=True)

    assert "没有文件" in said.stdout


def stand_in(folder: Path, monkeypatch, name: str, script: str) -> None:
    """Put a program of the system's name in front of it."""
    program = folder / name
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o700)
    monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no crontab")
def test_installing_twice_keeps_the_others_lines_and_one_of_ours(home, tmp_path, monkeypatch):
    table = tmp_path / "table"
    table.write_text("MAILTO=x\n5 4 * * * backup\n")
    stand_in(tmp_path, monkeypatch, "crontab", f'[ "$1" = -l ] && exec cat "{table}"; cat > "{table}"')

    assert 0 == daybook(home, "schedule", "--install").exit_code
    assert 0 == daybook(home, "schedule", "--install", "--at", "22:00").exit_code

    root = home.root.resolve()
    words = (sys.executable, "-m", "pipeline.cli", "--home", str(root), "run")
    assert [
        "MAILTO=x",
        "5 4 * * * backup",
        f"# daybook {root}",
        cron_line(words, time(22)),
    ] == table.read_text().splitlines()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no crontab")
def test_a_crontab_that_cannot_be_read_is_never_replaced(home, tmp_path, monkeypatch):
    stand_in(
        tmp_path, monkeypatch, "crontab", f'[ "$1" = -l ] && echo "not allowed" >&2 && exit 1; touch {tmp_path}/written'
    )
    result = daybook(home, "schedule", "--install")

    assert 2 == result.exit_code
    assert "not allowed" in result.output
    assert not (tmp_path / "written").exists()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no systemd")
def test_installing_for_systemd_writes_both_units_and_starts_the_timer(home, tmp_path, monkeypatch):
    stand_in(tmp_path, monkeypatch, "systemctl", f'echo "$@" >> {tmp_path}/asked')
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    result = daybook(home, "schedule", "--install", "--for", "systemd")
    name = unit_name(str(home.root.resolve()))

    assert 0 == result.exit_code, result.output
    assert {f"{name}.service", f"{name}.timer"} == {p.name for p in (tmp_path / "config/systemd/user").iterdir()}
    assert f"--user enable --now {name}.timer" in (tmp_path / "asked").read_text()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows always has its task scheduler")
def test_a_machine_without_a_timetable_is_told_so(home, tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    result = daybook(home, "schedule", "--install")

    assert 2 == result.exit_code
    assert "没有可用的" in result.output
