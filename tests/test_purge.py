"""Whose time is up is forgotten like one who asked for it; nobody with an open deal or a younger record is touched."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from datetime import date, datetime

import pytest
from click.testing import CliRunner

from pipeline import erase as erasing
from pipeline import night
from pipeline.archive.keep_archive import open_archive
from pipeline.cli import privacy
from pipeline.cli.main import main
from pipeline.errors import RulesError
from pipeline.keep_home import Home
from pipeline.read_rules import read_rules
from tests.nights import run
from tests.spoilt import copied
from tests.workbooks import drop, new_home, register, visit, xlsx

LOST = ["战败日期", "销售顾问", "客户姓名", "电话", "车型", "战败原因", "战败去向", "类别", "是否同意战败"]
LONG_SILENT, SILENT, LOST_LONG, LOST_AND_BACK = "13871300001", "13871300002", "13871300003", "13871300004"
SOLD_LONG, ORDERED_ONLY, SOLD = "13871300005", "13871300006", "13871300007"


def card(phone: str, ordered: str, delivered: str):
    return [
        ["客户管理卡(正面)"],
        ["车主姓名", f"车主{phone[-1]}", "联系电话", phone, "车型", "X5"],
        ["颜色", "白", "车架号", "", "车牌号", ""],
        ["订购日期", ordered, "交车日期", delivered, "成交价", "158000"],
        ["销售顾问", "李明"],
    ]


def lost(day: str, *phones: str):
    rows = [[day, "李明", f"客户{phone[-1]}", phone, "X5", "价格", "别的牌子", "", "同意"] for phone in phones]
    return [["战败分析表"], LOST, *rows]


BOOKS = {  # by the day they were saved
    "2023-05-01": {"五月.xlsx": register("2023-05-01", visit("甲先生", LONG_SILENT))},
    "2025-06-01": {"六月.xlsx": register("2025-06-01", visit("乙先生", SILENT))},
    "2025-09-01": {"战败.xlsx": lost("2025-09-01", LOST_LONG, LOST_AND_BACK)},
    "2025-10-01": {"十月.xlsx": register("2025-10-01", visit("丁先生", LOST_AND_BACK))},
    "2014-03-01": {
        "车主五.xlsx": card(SOLD_LONG, "2014-02-01", "2014-03-01"),
        "车主六.xlsx": card(ORDERED_ONLY, "2014-02-01", ""),
    },
    "2020-03-01": {"车主七.xlsx": card(SOLD, "2020-02-01", "2020-03-01")},
}
EVERYBODY = {LONG_SILENT, SILENT, LOST_LONG, LOST_AND_BACK, SOLD_LONG, ORDERED_ONLY, SOLD}


class Today(datetime):
    """The day of the purge."""

    @classmethod
    def now(cls, tz=None):
        return cls(2026, 11, 25, 12, tzinfo=tz)


@pytest.fixture(scope="module")
def years(tmp_path_factory):
    """A home with customers of twelve years, taken in one night."""
    home = new_home(tmp_path_factory.mktemp("years") / "home", "李明")
    for day, books in BOOKS.items():
        for name, rows in books.items():
            drop(home, name, xlsx({"Sheet1": rows}), f"{day} 18:00")
    with pytest.MonkeyPatch.context() as quick:
        quick.setattr(night, "publish", lambda *_, **__: ())
        run(home, date(2026, 11, 24))
    return home


@pytest.fixture
def home(years, tmp_path, monkeypatch):
    shutil.copytree(years.root, tmp_path / "home")
    monkeypatch.setattr(erasing, "publish", lambda *_, **__: ())
    monkeypatch.setattr(privacy, "datetime", Today)
    return Home(tmp_path / "home")


def daybook(home: Home, *arguments: str):
    return CliRunner().invoke(main, ["--home", str(home.root), *arguments])


def known(home: Home) -> set[str]:
    with open_archive(home.root, "default", read_rules(home.rules)) as archive:
        return {phone for phone in EVERYBODY if archive.persons(phone)}


def test_whose_time_is_up_is_forgotten_and_nobody_else(home):
    assert EVERYBODY == known(home)
    said = daybook(home, "purge")

    assert 0 == said.exit_code, said.output
    assert {LONG_SILENT, LOST_LONG, SOLD_LONG} == EVERYBODY - known(home)
    assert "成交档案到期 1 位,战败客户到期 1 位,潜在客户到期 1 位" == said.output.splitlines()[0]
    assert "档案完好\n" == daybook(home, "verify").output
    assert "没有到期的客户资料\n" == daybook(home, "purge").output


def test_each_leaves_one_tombstone_and_the_purge_one_line_in_the_log(home):
    daybook(home, "purge")
    with closing(sqlite3.connect(home.archive / "default.sqlite")) as file:
        tombs = file.execute("SELECT kind, reason, rows FROM tombstone ORDER BY reason").fetchall()
        looked = file.execute("SELECT what, detail, rows FROM access_log").fetchall()

    assert [("purge", "成交档案到期", 1), ("purge", "战败客户到期", 1), ("purge", "潜在客户到期", 1)] == tombs
    assert [("purge", "3 位", 3)] == looked


def test_a_dry_look_says_who_is_due_and_touches_nobody(home):
    said = daybook(home, "purge", "--dry-run")

    assert "会删除 3 位,3 条记录" in said.output
    assert EVERYBODY == known(home)


def test_deals_kept_for_less_than_ten_years_are_refused(tmp_path):
    rules = copied(tmp_path)
    text = (rules / "privacy.yaml").read_text("utf-8")
    (rules / "privacy.yaml").write_text(text.replace("deal_months: 120", "deal_months: 60"), "utf-8")
    with pytest.raises(RulesError) as refused:
        read_rules(rules)

    assert ["deal_months"] == [problem.key for problem in refused.value.problems]
    assert "120" in str(refused.value)
