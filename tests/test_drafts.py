"""A form is taught by example: a blank or filled sheet becomes a draft of its YAML, and the draft reads the sheet it was made of."""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from bench.drafts import told, tried
from pipeline.cli.main import main
from pipeline.drafting.draft import Draft, draft
from pipeline.drafting.guess import Guesser
from pipeline.drafting.told import yaml_of
from pipeline.grid import Book
from pipeline.layout.lexicon import lexicons
from pipeline.prove import prove, taught
from pipeline.recognise import recognise
from pipeline.values.meaning import words_of
from pipeline.workers import read_books
from tests.sheets import book, grid
from tests.workbooks import new_home, xlsx

TEMPLATES = Path(__file__).parent.parent / "templates_xlsx"
STOCK = (
    "| <6 备件领用登记表 |",
    "| 部门:售后部 | | | 日期:2026-11-05 |",
    "| 序号 | 领用单号 | 备件名称 | 领用数量 | 领用日期 | 是否归还 |",
    "| 1 | 'L001 | 机油滤芯 | 2 | '2026-11-03 | 是 |",
    "| 2 | 'L002 | 雨刮片 | 1 | '2026-11-03 | 否 |",
    "| 3 | 'L003 | 雨刮片 | 4 | '2026-11-04 | 否 |",
)


@pytest.fixture(scope="session")
def guesser(rules):
    return Guesser(rules, words_of(rules))


@pytest.fixture
def drafted(guesser):
    def _drafted(*lines: str) -> Draft:
        found = draft(book(grid(*lines)), guesser)
        assert found is not None
        return found

    return _drafted


def labels(found: Draft) -> list[str]:
    return [column.label for column in found.columns]


def meanings(found: Draft) -> dict[str, str]:
    return {column.label: column.guess.is_ for column in found.columns}


def test_a_list_is_drafted_with_its_title_its_header_and_what_stands_above(drafted):
    found = drafted(*STOCK)

    assert ("list", "备件领用登记表", 2) == (found.outline.kind, found.form["title"], found.outline.header.bottom)
    assert ["领用单号", "备件名称", "领用数量", "领用日期", "是否归还"] == labels(found)
    assert (["部门", "日期"], ["序号"]) == ([column.label for column in found.above], found.form["ignores"])


def test_a_column_is_guessed_by_what_the_house_calls_so_and_by_what_stands_in_it(drafted):
    assert {
        "领用单号": "id",
        "备件名称": "text",
        "领用数量": "count",
        "领用日期": "date",
        "是否归还": "tick",
    } == meanings(drafted(*STOCK))


def test_words_that_come_again_and_again_are_shown_as_a_fixed_choice(drafted):
    rows = [f"| 'L00{n} | 雨刮片 | {('机修', '钣金')[n % 2]} |" for n in range(6)]
    found = drafted("| 领用单号 | 备件名称 | 班组 |", *rows)

    assert ("机修", "钣金") == found.columns[2].guess.options
    assert "像固定说法:机修/钣金" in yaml_of(found, "a.xlsx")


def test_the_key_is_the_first_columns_that_never_repeat(drafted):
    assert ["col_b"] == found_key(drafted(*STOCK))
    twice = drafted(*STOCK, "| 4 | 'L003 | 机油 | 1 | '2026-11-04 | 否 |")
    assert ["col_b", "col_c"] == found_key(twice)
    assert not drafted(*STOCK[:3]).sure_key


def found_key(found: Draft) -> object:
    return found.form["kinds"][found.form["form"]]["key"]


def test_a_filled_card_is_told_from_a_list_by_its_labels(drafted):
    found = drafted(
        "| <4 家访记录卡 |",
        "| 客户姓名 | 王强 | 电话 | '13800001111 |",
        "| 地址 | 春熙路 | 职业 | 教师 |",
        "| 家访日期: | '2026-11-05 | 家访人: | 李明 |",
    )

    assert ("card", ["客户姓名", "电话", "地址", "职业", "家访日期", "家访人"]) == (found.outline.kind, labels(found))
    assert ("name", "phone", "date") == tuple(meanings(found)[label] for label in ("客户姓名", "电话", "家访日期"))


def test_a_blank_card_is_told_by_the_room_beside_its_labels(drafted):
    found = drafted("| <4 备件索赔卡 |", "| 索赔单号 | | 备件名称 | |", "| 索赔原因 | | 经办 | |")

    assert ("card", ["索赔单号", "备件名称", "索赔原因", "经办"]) == (found.outline.kind, labels(found))


def test_columns_of_one_name_are_told_apart_by_what_stands_above_them(drafted):
    found = drafted(
        "| 备件名称 | <2 入库 | <2 出库 |", "| ^ | 数量 | 经手 | 数量 | 经手 |", "| 雨刮片 | 3 | 甲 | 2 | 乙 |"
    )

    assert ["备件名称", "入库数量", "入库经手", "出库数量", "出库经手"] == labels(found)


def test_columns_that_nothing_tells_apart_are_left_out_and_named(drafted):
    found = drafted("| 备件名称 | 数量 | 单位 | 仓位 | 仓位 |", "| 雨刮片 | 3 | 片 | A1 | B2 |")

    assert (["备件名称", "数量", "单位"], ("仓位",)) == (labels(found), found.outline.shared)
    assert "分不开,没有写进来:仓位" in yaml_of(found, "a.xlsx")


@pytest.mark.parametrize(
    "lines",
    [
        STOCK,
        STOCK[:3],
        ("| 备件名称 | <2 入库 | <2 出库 |", "| ^ | 数量 | 经手 | 数量 | 经手 |", "| 雨刮片 | 3 | 甲 | 2 | 乙 |"),
        ("| 备件名称 | 数量 | 单位 | 仓位 | 仓位 |", "| 雨刮片 | 3 | 片 | A1 | B2 |"),
        ("| <4 备件索赔卡 |", "| 索赔单号 | | 备件名称 | |", "| 索赔原因 | 漏油 | 经办 | |"),
    ],
    ids=["a filled list", "a blank list", "two header rows", "a shared label", "a card"],
)
def test_a_draft_passes_the_rules_and_reads_its_own_sheet_back(rules, guesser, lines):
    whole = book(grid(*lines))
    found = draft(whole, guesser)
    assert found is not None
    proof = prove(whole, found, taught(rules, found))

    assert ((), ()) == (proof.faults, proof.lost)


def test_every_blank_of_ours_would_be_drafted_and_read_back_if_the_house_did_not_know_it_yet():
    every = list(tried(TEMPLATES))

    assert {"": len(every)} == {each.trouble: sum(other.trouble == each.trouble for other in every) for each in every}
    assert told(every).endswith(f"{len(every)} of {len(every)} drafts read their own file back without an edit")


def saved(path, *rows):
    path.write_bytes(xlsx({"Sheet": rows}))
    return path


@pytest.fixture
def stock(tmp_path):
    """A filled list that is none of our forms, as a file."""
    header = ["领用单号", "备件名称", "领用数量", "领用日期"]
    return saved(tmp_path / "领用.xlsx", ["备件领用登记表"], header, ["L001", "雨刮片", 2, datetime(2026, 11, 3)], ["L002", "机油", 1, datetime(2026, 11, 4)])  # fmt: skip


def run(home, *arguments: str):
    return CliRunner().invoke(main, ["--home", str(home.root), *arguments])


def test_a_clerk_drafts_a_form_drops_it_into_the_rules_and_the_sheet_is_known(tmp_path, stock):
    home = new_home(tmp_path / "home")
    assert 1 == run(home, "identify", str(stock)).exit_code

    written = run(home, "forms", "draft", str(stock), "-o", str(home.rules / "forms" / "parts_issue.yaml"))

    assert (0, "照工作表「Sheet」写了草稿;用它读得回来:4 个栏目,2 条\n") == (written.exit_code, written.stderr)
    assert 0 == run(home, "rules", "check").exit_code
    known = run(home, "identify", str(stock))
    assert (0, True) == (known.exit_code, "备件领用登记表" in known.output)


def test_a_draft_of_a_form_we_know_says_so(tmp_path):
    home = new_home(tmp_path / "home")
    written = run(home, "forms", "draft", str(TEMPLATES / "战败分析表.xlsx"))

    assert (0, True) == (written.exit_code, "这张表现在认作 lost_review" in written.stdout)


def test_a_workbook_without_a_header_is_refused_with_what_to_do(tmp_path):
    home = new_home(tmp_path / "home")
    refused = run(home, "forms", "draft", str(saved(tmp_path / "空.xlsx", ["说明"])))
    unknown = run(home, "forms", "draft", str(saved(tmp_path / "空.xlsx", ["说明"])), "--sheet", "3月")

    assert (2, 2) == (refused.exit_code, unknown.exit_code)
    assert "没有找到三个以上栏目的表头或卡片" in refused.output
    assert "没有工作表「3月」" in unknown.output


def test_a_file_that_cannot_be_read_is_said_to_be_so(tmp_path):
    home = new_home(tmp_path / "home")
    (tmp_path / "坏.xlsx").write_bytes(b"PK\x03\x04 nothing")

    assert 3 == run(home, "forms", "draft", str(tmp_path / "坏.xlsx")).exit_code


@pytest.mark.skipif(
    "DAYBOOK_CORPUS" not in os.environ, reason="set DAYBOOK_CORPUS to a folder of workbooks none of which is ours"
)
def test_no_workbook_of_a_corpus_is_taken_for_a_form_of_ours(rules):
    folder, words = Path(os.environ["DAYBOOK_CORPUS"]), lexicons(rules)
    paths = sorted(path for path in folder.rglob("*") if path.is_file() and path.suffix != ".csv")
    books = read_books(
        (path.relative_to(folder).as_posix(), path.read_bytes(), datetime(2026, 11, 5)) for path in paths
    )
    taken = {
        (one.path, match.sheet, match.form)
        for one in books
        if isinstance(one, Book)
        for match in recognise(one, rules, words)
        if match.form
    }

    assert set() == taken
