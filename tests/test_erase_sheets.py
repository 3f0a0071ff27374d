"""One customer is taken out of a sheet, however the sheet is laid out and the number is written: nothing of theirs is left, all else reads as before."""

from __future__ import annotations

from datetime import datetime

import pytest

from pipeline import erase as erasing
from pipeline.erasure.empty import empty, holds
from pipeline.erasure.told import Replaced
from pipeline.erasure.wanted import Wanted
from pipeline.examine import examine
from pipeline.grid import Book, Grid, Unreadable
from pipeline.keep_log import Log
from pipeline.read_book import read_book
from pipeline.rulebook.rulebook import Rulebook
from pipeline.write_returned import values_only
from tests.sheets import RECEIVED, grid
from tests.street import saved

PHONE, NAME = "13871309642", "欧阳志强"
WANTED = Wanted({PHONE: frozenset({NAME})})
TRACES = (PHONE, NAME, "槐树街", "4108811990")
REGISTER = (
    "来店(电)顾客登记表 | | | | | | | | | |",
    "日期 | '2026-11-05 | | | | | | | | |",
    "序号 | 顾客名称 | 电话 | 到访方式 | 来访性质 | 拟购车型 | 意向级别 | 进店时间 | 离店时间 | 销售顾问 | 身份证号",
)
OTHER = "2 | 孙女士 | '13800002222 | 来店 | 首次 | X5 | H | '11:00 | '11:20 | 李明 |"


def mine(phone: str) -> str:
    return f"1 | {NAME} | {phone} | 来店 | 首次 | X5 | H | '9:30 | '10:15 | 李明 | '410881199001015432"


CARDS = (
    "客户管理卡 | | | | |",
    f"客户姓名 | {NAME} | 电话 | '{PHONE} | 意向车型 | X5",
    "信息来源 | 网络 | 初洽日期 | '2026-11-03 | 初始级别 | H",
    "销售顾问 | 李明 | 地址 | 槐树街 12 号 | |",
    "身份证号 | '410881199001015432 | | | |",
    " | | | | |",
    "日期 | 方式 | 情形 | 级别 | 下次回访日期 |",
    f"'2026-11-04 | 电话 | {NAME}要白色 | A | '2026-11-08 |",
    " | | | | |",
    "客户管理卡 | | | | |",
    "客户姓名 | 孙女士 | 电话 | '13800002222 | 意向车型 | X3",
    "信息来源 | 网络 | 初洽日期 | '2026-11-02 | 初始级别 | A",
    "销售顾问 | 李明 | 地址 | 柳树街 3 号 | |",
    " | | | | |",
    "日期 | 方式 | 情形 | 级别 | 下次回访日期 |",
    "'2026-11-04 | 电话 | 约试驾 | A | '2026-11-09 |",
)
ROUNDS = (
    "潜在顾客等级推进表 | | | | | | | | | |",
    "销售顾问 | 李明 | 月份 | '2026-11 | | | | | | |",
    " | | | | | | | 第1次回访 | | |",
    "序号 | 客户姓名 | 电话 | 车型 | 初洽日期 | 来源 | 初始级别 | 计划日期 | 实际日期 | 方式 | 回访后级别",
    f"1 | {NAME} | '{PHONE} | X5 | '2026-11-03 | 网络 | H | '2026-11-04 | '2026-11-04 | 电话 | A",
    "2 | 孙女士 | '13800002222 | X5 | '2026-11-02 | 网络 | H | '2026-11-04 | '2026-11-04 | 电话 | H",
)
DRAWN = {
    "a phone typed as a number": (*REGISTER, mine(PHONE), OTHER),
    "a phone with dashes": (*REGISTER, mine("138-7130-9642"), OTHER),
    "a phone with +86 and blanks": (*REGISTER, mine("+86 138 7130 9642"), OTHER),
    "a phone in full-width digits": (*REGISTER, mine("'１３８７１３０９６４２"), OTHER),
    "a phone with a figure too few": (*REGISTER, mine("'1387130964"), OTHER),
    "two cards down one sheet": CARDS,
    "a tracker with its rounds": ROUNDS,
    "a sheet nobody knows": ("随手记 | | ", f"{NAME} | '{PHONE} | 槐树街", "孙女士 | '13800002222 | 柳树街"),
}


def read(rules: Rulebook, content: bytes) -> tuple[Book, list[tuple[str, str, dict[str, str]]]]:
    """Return a workbook as read, and the records of everybody else: kind, key, cells."""
    book = read_book("登记.xlsx", content, RECEIVED)
    assert not isinstance(book, Unreadable)
    said = examine([book], rules, datetime(2026, 11, 6).date()).submissions[0]
    every = [*said.records, *said.held]
    return book, [(r.kind, r.key, dict(r.cells)) for r in every if r.values.get("customer_name") != NAME]


@pytest.mark.parametrize("drawn", DRAWN.values(), ids=DRAWN)
def test_nothing_of_the_customer_is_left_and_everybody_else_reads_as_before(rules, drawn):
    book, before = read(rules, saved(grid(*drawn)))
    assert holds(book, WANTED)
    left = empty(book, examine([book], rules, datetime(2026, 11, 6).date()).submissions[0], WANTED, rules)
    again, after = read(rules, values_only(left.book))

    assert [] == [
        (sheet.sheet, text) for sheet in again.grids for text in words(sheet) for trace in TRACES if trace in text
    ]
    assert before == after


def words(sheet: Grid) -> list[str]:
    return [f"{value:.0f}" if isinstance(value, float) else str(value) for row in sheet.rows for value in row]


def test_a_stranger_s_sheet_is_not_touched(rules):
    book, _ = read(rules, saved(grid(*REGISTER, OTHER)))

    assert not holds(book, WANTED)


def test_a_log_names_no_erased_customer_s_file_though_the_hash_beside_it_is_masked_like_a_phone(tmp_path):
    sha256 = "1387130a964212345678" + "0" * 44
    book = {"path": "欧阳志强.xlsx", "sha256": sha256, "verdict": "accepted", "findings": []}
    log = Log(tmp_path / "logs", "2026-11-05T180000")
    log.books({"books": [book, {**book, "path": "赵女士.xlsx", "sha256": "ab" * 32}]}, {"欧阳志强.xlsx": "…"})
    log.done({"on": "2026-11-05", "counts": {}}, ["欧阳志强 再来.xlsx"])

    erasing._clean_logs(tmp_path, Wanted({"13871309642": frozenset({"欧阳志强"})}), {sha256: Replaced("x", "y")})
    told = log.path.read_text("utf-8")

    assert ("*******a9642" in told, "欧阳志强" in told, "赵女士" in told) == (True, False, True)
