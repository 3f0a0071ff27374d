"""What is asked of a home that several stores share: each answers for itself, and a broken one costs the others nothing."""

from __future__ import annotations

import json

import pytest

from pipeline.archive.keep_archive import open_archive
from pipeline.keep_home import Home
from pipeline.notice import notice
from pipeline.read_rules import read_rules
from tests.archives import night
from tests.stores import daybook, group_home


@pytest.fixture
def home(tmp_path) -> Home:
    return group_home(tmp_path / "home")


def test_what_is_asked_of_all_stores_is_answered_by_those_that_can_and_the_broken_one_is_named(morning_of_stores):
    home, _ = morning_of_stores
    for command in (["status"], ["verify"], ["history", "13800001111"], ["trace", "visit", "2026-11-05"], ["doctor"]):
        ended = daybook(home, *command)
        assert "门店 west:档案读写失败:file is not a database" in ended.stderr, command
        assert (2 if command[0] == "trace" else 1 if command[0] == "doctor" else 3) == ended.exit_code

    assert ["门店 east", "门店 rest"] == [
        line for line in daybook(home, "status").stdout.splitlines() if line.startswith("门店")
    ]
    assert "王先生" in daybook(home, "history", "13800001111").stdout


def test_one_store_is_asked_by_its_id(morning_of_stores):
    home, _ = morning_of_stores
    found = daybook(home, "history", "13800001111", "--store", "east")

    assert (0, 1) == (found.exit_code, found.stdout.count("  门店 "))
    assert "门店 east" in found.stdout
    assert (0, "档案完好,和原件重读的一模一样\n") == astuple_of(daybook(home, "verify", "--rebuild", "--store", "east"))
    assert 2 == daybook(home, "status", "--store", "north").exit_code


def astuple_of(ended) -> tuple[int, str]:
    return ended.exit_code, ended.stdout


def test_the_doctor_names_stores_that_stay_behind(home):
    rules = read_rules(home.rules)
    for store, day in (("west", 1), ("east", 5)):
        with open_archive(home.root, store, rules) as archive:
            night(archive, day)

    assert "✗ 各店  west、rest好几天没有跑成" in daybook(home, "doctor").stdout


def test_the_message_of_a_group_names_the_stores_without_a_night(morning_of_stores):
    _, ended = morning_of_stores
    sent = notice(json.loads(ended.stdout), (), "集团", "最新.html")

    assert "夜账 11-05 集团:1 家店没跑成" == sent.subject
    assert "门店:3 家,没跑成 west" in sent.text
