"""The doctor says what would stop a night before it does, and what to do about it."""

from __future__ import annotations

import json
import os
import shutil
from datetime import date, datetime, timedelta

import pytest
from click.testing import CliRunner

from pipeline.archive.access import Access
from pipeline.archive.keep_archive import open_archive
from pipeline.cli.main import main
from pipeline.doctor import looked_over
from pipeline.read_rules import read_rules
from tests.nights import run
from tests.workbooks import drop, new_home, register, visit, xlsx

NOW = datetime(2026, 6, 5, 22)


@pytest.fixture
def home(tmp_path):
    made = new_home(tmp_path / "home", "李明")
    drop(made, "登记.xlsx", xlsx({"5日": register("2026-06-05", visit())}), "2026-06-05 18:00")
    run(made, date(2026, 6, 5), now=lambda: NOW - timedelta(hours=1))
    with open_archive(made.root, "default", read_rules(made.rules)) as archive:
        archive.log_access(Access(NOW, "backup", "盘"))
    return made


def ill(home, now=NOW):
    """Return what is not well: name → what was said."""
    rules = read_rules(home.rules)
    with open_archive(home.root, "default", rules) as archive:
        return {check.name: check.said for check in looked_over(home, rules, [archive], now) if check.remedy}


def test_a_healthy_home_has_nothing_to_do(home):
    assert {} == ill(home)


def test_a_file_others_may_read_is_named_with_the_command_that_closes_it(home):
    (home.archive / "default.sqlite").chmod(0o644)

    assert {"权限": "archive 里有 1 处别人能看:archive/default.sqlite"} == ill(home)


def test_a_file_that_waits_for_three_nights_is_stuck_and_two_nights_are_no_news(home):
    for number in (6, 7):
        waits(home, number)
    assert {} == ill(home)
    waits(home, 8)

    assert {"等着的文件": "有 1 个文件等了 3 夜还收不了:李明/日报.xlsx"} == ill(home)


def waits(home, day):
    said = {"books": [{"path": "李明/日报.xlsx", "verdict": "waiting"}]}
    (home.archive / "runs" / f"2026-06-{day:02}T213000.json").write_text(json.dumps(said), "utf-8")
    (home.archive / "runs" / f"2026-06-{day:02}T213000.json").chmod(0o600)


def test_a_share_that_is_gone_is_told(home):
    shutil.rmtree(home.inbox)

    assert ["inbox"] == list(ill(home))


def test_a_clock_set_back_and_a_file_from_the_future_are_told(home):
    assert "上一夜却记在 2026-06-05 21:00" in ill(home, NOW - timedelta(days=1))["时钟"]
    place = drop(home, "13800001111.xlsx", b"x")
    os.utime(place, ((NOW + timedelta(hours=3)).timestamp(),) * 2)

    assert "inbox 里有 1 个文件的时间在以后:138****1111.xlsx" == ill(home)["时钟"]


def test_a_year_whose_holidays_nobody_has_published_is_told_two_months_ahead(home):
    assert "2027 年的调休还不知道" == ill(home, datetime(2026, 11, 20, 22))["日历"]


def test_nights_that_stopped_running_and_backups_that_grew_old_are_told(home):
    assert {"每夜运行", "备份"} <= ill(home, NOW + timedelta(days=10)).keys()


def test_a_full_disk_is_told(home, monkeypatch):
    monkeypatch.setattr(shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(10**9, 10**9 - 1000, 1000))

    assert ["磁盘"] == list(ill(home))


def test_a_home_that_nears_the_bound_of_persons_is_told(home):
    privacy = home.rules / "privacy.yaml"
    privacy.write_text(privacy.read_text("utf-8").replace("warn_persons: 100000", "warn_persons: 1"), "utf-8")

    assert {"客户人数": "1 个电话,界限 1"} == ill(home)


def test_the_command_ends_with_one_when_something_is_to_be_done_and_with_two_for_wrong_rules(home):
    said = CliRunner().invoke(main, ["--home", str(home.root), "doctor"])
    assert "✓ 规则" in said.output
    (home.archive / "default.sqlite").chmod(0o644)
    said = CliRunner().invoke(main, ["--home", str(home.root), "doctor"])
    assert 1 == said.exit_code
    assert "chmod -R go=" in said.output
    (home.rules / "privacy.yaml").write_text("mask_fones: true\n", "utf-8")

    assert 2 == CliRunner().invoke(main, ["--home", str(home.root), "doctor"]).exit_code
