"""A sheet that still names somebody erased comes in again: the old rows are not taken, the clerk is told, and who comes back is a new customer."""

from __future__ import annotations

from datetime import date, datetime

import openpyxl
import pytest
from click.testing import CliRunner

from pipeline import erase as erasing
from pipeline import night
from pipeline.archive.keep_archive import open_archive
from pipeline.cli import privacy
from pipeline.cli.main import main
from pipeline.keep_home import Home
from pipeline.read_rules import read_rules
from tests.nights import run
from tests.workbooks import drop, new_home, register, visit, xlsx

AWAY, BACK, OTHER = "13871309642", "13871309653", "13800002222"
SENTENCE = "这位客户的资料已按要求删除或到期清理,以前的记录没有收 → 请从表里删去;若是以后新来的,写上新的日期"
OLD = register(
    "2026-11-04",
    visit("欧阳志强", AWAY),
    visit("上官婉儿", BACK, "10:20", "10:40"),
    visit("孙女士", OTHER, "11:00", "11:20", note="欧阳介绍,138-7130-9642"),
)
CARD = [
    ["客户管理卡"],
    ["客户姓名", "欧阳志强", "电话", AWAY, "意向车型", "X5"],
    ["信息来源", "网络", "初洽日期", "2026-11-03", "初始级别", "H"],
    ["销售顾问", "李明"],
    [],
    ["日期", "方式", "情形", "级别", "下次回访日期"],
    ["2026-11-04", "电话", "约来店", "A", "2026-11-08"],
]


class Evening(datetime):
    """The evening of the erasure."""

    @classmethod
    def now(cls, tz=None):
        return cls(2026, 11, 4, 22, tzinfo=tz)


def daybook(home: Home, *arguments: str):
    return CliRunner().invoke(main, ["--home", str(home.root), *arguments])


@pytest.fixture(scope="module")
def again(tmp_path_factory):
    """Two customers erased; the day after the register comes in again as it was, with 上官 who came back, and the card of 欧阳."""
    home = new_home(tmp_path_factory.mktemp("again") / "home", "李明")
    with pytest.MonkeyPatch.context() as quick:
        for module in (night, erasing):
            quick.setattr(module, "publish", lambda *_, **__: ())
        quick.setattr(privacy, "datetime", Evening)
        drop(home, "登记.xlsx", xlsx({"4": OLD}), "2026-11-04 18:00")
        run(home, date(2026, 11, 4))
        for phone in (AWAY, BACK):
            assert 0 == daybook(home, "erase", phone, "--reason", "本人要求").exit_code
        drop(
            home,
            "登记.xlsx",
            xlsx({"4": OLD, "5": register("2026-11-05", visit("上官婉儿", BACK))}),
            "2026-11-05 18:00",
        )
        drop(home, "李明/欧阳志强 管理卡.xlsx", xlsx({"欧阳志强": CARD}), "2026-11-05 18:01")
        return home, run(home, date(2026, 11, 5))


def shown(home: Home, kind: str) -> list[dict[str, object]]:
    with open_archive(home.root, "default", read_rules(home.rules)) as archive:
        table = archive.view(date(2026, 11, 5), {kind}).tables[kind]
    return [dict(zip(table.names, row, strict=True)) for row in table.rows]


def test_an_old_row_of_an_erased_customer_is_not_taken_again_and_a_newer_one_is(again):
    home, _ = again
    visits = sorted((row["phone"], row["visited_on"]) for row in shown(home, "visit"))

    assert [(OTHER, date(2026, 11, 4)), (BACK, date(2026, 11, 5))] == visits
    assert ([], []) == (shown(home, "customer"), shown(home, "follow_up"))


def test_the_number_in_another_customer_s_note_does_not_come_back_either(again):
    home, _ = again

    assert ["欧阳介绍,(已删)"] == [row["note"] for row in shown(home, "visit") if row["phone"] == OTHER]


def test_the_clerk_is_told_at_the_cell_that_the_row_was_not_taken_and_not_whose_it_is(again):
    _, said = again
    told = [(book["path"], f["sheet"], f["cell"], f["say"]) for book in said["books"] for f in book["findings"]]

    assert [
        ("李明/(已删) 管理卡.xlsx", "(已删)", "D2", f"李明/(已删) 管理卡.xlsx › (已删) D2 电话:{SENTENCE}"),
        ("登记.xlsx", "4", "C4", f"登记.xlsx › 4 C4 电话:{SENTENCE}"),
        ("登记.xlsx", "4", "C5", f"登记.xlsx › 4 C5 电话:{SENTENCE}"),
    ] == sorted(told)
    assert {"accepted": 2} == {verdict: count for verdict, count in said["counts"].items() if count}


def test_what_was_turned_away_is_not_in_the_originals_either_and_all_reads_again_the_same(again):
    home, _ = again
    cells = [
        (sheet.title, str(value))
        for path in (home.archive / "originals").rglob("*.xlsx")
        for sheet in openpyxl.load_workbook(path).worksheets
        for row in sheet.values
        for value in row
    ]

    assert [] == [where for where, text in cells if AWAY in text or "138-7130-9642" in text or "欧阳志强" in text]
    assert {"5"} == {where for where, text in cells if BACK in text or "上官" in text}
    assert "档案完好,和原件重读的一模一样" == daybook(home, "verify", "--rebuild").output.splitlines()[-1]


def test_without_its_key_nobody_is_taken_for_new_and_the_night_says_so(again):
    home, _ = again
    key = home.archive / "erased.key"
    kept = key.read_bytes()
    key.unlink()
    drop(home, "登记.xlsx", xlsx({"4": OLD, "6": register("2026-11-06", visit("欧阳志强", AWAY))}), "2026-11-06 18:00")
    said = daybook(home, "run", "--on", "2026-11-06")
    key.write_bytes(kept)

    assert 3 == said.exit_code
    assert "erased.key 不见了" in said.output
