"""A clerk accepts a spelling: it goes into the rules as one more word, and the next night takes the sheet that went back."""

from __future__ import annotations

import difflib
from datetime import date

import pytest
from click.testing import CliRunner

from pipeline.cli.main import main
from pipeline.read_rules import read_rules, with_word
from tests.nights import run, verdicts
from tests.workbooks import drop, new_home, register, visit, xlsx


@pytest.fixture
def home(tmp_path):
    """A sheet of 5 November: 李明 writes 电销邀越 twice, 陈静 once, and somebody of the front desk is called 小李."""
    home = new_home(tmp_path / "home", "李明", "陈静")
    visits = [
        visit("王志强", "13800001111", "9:30", kind="电销邀越"),
        visit("赵雅芝", "13800002222", "10:30", "11:00", kind="电销邀越"),
        visit("孙丽", "13800003333", "11:30", "12:00", "陈静", kind="电销邀越"),
        visit("周杰", "13800004444", "13:30", "14:00", "小李"),
    ]
    drop(home, "登记.xlsx", xlsx({"5日": register("2026-11-05", *visits)}))
    assert 0 == daybook(home, "run", "--on", "2026-11-05").exit_code
    return home


def daybook(home, *arguments):
    return CliRunner().invoke(main, ["--home", str(home.root), *arguments])


def accept(home, *arguments):
    before = {path.name: path.read_text("utf-8") for path in home.rules.glob("*.yaml")}
    result = daybook(home, "rules", "accept", *arguments)
    after = {path.name: path.read_text("utf-8") for path in home.rules.glob("*.yaml")}
    assert before.keys() == after.keys()
    changed = {
        name: [line for line in difflib.ndiff(before[name].splitlines(), text.splitlines()) if line[0] in "+-"]
        for name, text in after.items()
        if text != before[name]
    }
    return result, changed


def test_without_a_word_it_lists_what_nobody_knew_how_often_whose_and_what_it_is_like(home):
    result, changed = accept(home)

    assert ([
        "最近 30 天有 2 种写法不认识:", "  电销邀越  (来访性质)  3 处  李明 2、陈静 1", "      像是 再次:最像已有的写法「电销邀约」",
        "  小李  (销售顾问)  1 处", "      像是 李明:最像名单里的「李明」", "认下一种写法:daybook rules accept 写法 --as 意思 --in 栏目",
    ], {}) == (result.output.splitlines(), changed)  # fmt: skip


def test_a_sheet_handed_in_again_with_the_same_word_counts_its_cells_once(home):
    visits = [visit("王志强", "13800001111", kind="电销邀越", note="又来")]
    drop(home, "登记.xlsx", xlsx({"5日": register("2026-11-05", *visits)}), "2026-11-06 18:00")
    assert 0 == daybook(home, "run", "--on", "2026-11-06").exit_code

    assert "  电销邀越  (来访性质)  3 处  李明 2、陈静 1" in accept(home)[0].output.splitlines()


def test_a_word_is_added_behind_the_others_and_nothing_else_in_the_file_moves(home):
    result, changed = accept(home, "电销邀越", "--as", "再次", "--in", "来访性质")
    (old, new) = changed["vocabulary.yaml"]

    assert (0, {"vocabulary.yaml"}) == (result.exit_code, set(changed))
    assert old[2:].replace("电销邀约]", "电销邀约, 电销邀越]") == new[2:]
    assert (
        "rules/vocabulary.yaml:来访性质 里「电销邀越」从今以后就是「再次」;最近有 3 处因此没收下,退回的表再放进 inbox 就收\n"
        == result.output
    )
    assert "return" == read_rules(home.rules).vocabulary["visit_kind"].code("电销邀越")


def test_the_column_need_not_be_named_where_the_month_s_sheets_tell_it(home):
    assert 0 == accept(home, "电销邀越", "--as", "邀约")[0].exit_code
    assert "return" == read_rules(home.rules).vocabulary["visit_kind"].code("电销邀越")


def test_a_nickname_goes_into_the_list_of_consultants(home):
    result, changed = accept(home, "小李", "--as", "李明")

    assert (0, {"house.yaml": ["-   - {name: 李明}", "+   - {name: 李明, aliases: [小李]}"]}) == (
        result.exit_code,
        changed,
    )


def test_the_sheet_that_went_back_is_taken_once_it_is_dropped_in_again(home):
    back = home.outbox / "2026-11-05" / "退回" / "登记.xlsx"
    content = back.read_bytes()
    accept(home, "电销邀越", "--as", "再次")
    accept(home, "小李", "--as", "李明")
    drop(home, "登记.xlsx", content, "2026-11-06 18:00")
    said = run(home, date(2026, 11, 6))

    assert {"登记.xlsx": "accepted"} == verdicts(said)
    assert 4 == said["records"]["visit"]["added"]
    assert "最近 30 天没有不认识的写法\n" == accept(home)[0].output


def test_a_word_known_already_changes_nothing(home):
    result, changed = accept(home, "二次", "--as", "再次", "--in", "来访性质")

    assert (0, "「二次」本来就认识,没有改动\n", {}) == (result.exit_code, result.output, changed)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("电销邀越",), "没有说是什么意思 → 例 daybook rules accept 电销邀越 --as 再次 --in 来访性质"),
        (("电销邀越", "--as", "下次"), "没有「下次」这个意思 → 可以写 来访性质:首次、再次、其他"),
        (("头回", "--as", "首次"), "「首次」在几处都有:来访性质、购车类型 → 加上 --in,写清是哪一栏"),
        (("头回", "--as", "首次", "--in", "来访"), "没有栏目或词表「来访」 → 照表头写,例 --in 来访性质"),
        (("初次", "--as", "再次", "--in", "visit_kind"), "「初次」已经是「首次」的写法 → 一个写法只能是一个意思;要改请先在规则文件里去掉"),
    ],
)  # fmt: skip
def test_what_cannot_be_taught_is_said_with_what_to_write_instead(home, arguments, said):
    result, changed = accept(home, *arguments)

    assert (2, {}) == (result.exit_code, changed)
    assert said.partition(" → ")[0] in result.output
    assert said.partition(" → ")[2] in result.output


def test_a_word_the_rules_check_refuses_leaves_the_file_as_it_was(home):
    result, changed = accept(home, "看车", "--as", "再次", "--in", "来访性质")

    assert (2, {}) == (result.exit_code, changed)
    assert "「看车」又算没填,又是 return" in result.output


@pytest.mark.parametrize(
    ("text", "keys", "line"),
    [
        ("词:\n  x: [甲, 乙]   # 注\n", ("词", "x"), "  x: [甲, 乙, 丙]   # 注"),
        ("词:\n  x: [甲,\n      乙]\n  y: [丁]\n", ("词", "x"), "      乙, 丙]"),
        ("词:\n  x: []\n", ("词", "x"), "  x: [丙]"),
        ("词:\r\n  x:\r\n    - 甲   # 注\r\n  y: [丁]\r\n", ("词", "x"), "    - 丙\r"),
        ("词:\n  x:\n    - 甲", ("词", "x"), "    - 丙"),
        ("\ufeff人:\n  - name: 李明\n    store: a\n", ("人", 0, "x"), "    x: [丙]"),
    ],
)
def test_a_word_is_written_as_the_list_is_written(text, keys, line):
    changed = with_word(text, keys, "丙")

    assert [line] == [each for each in changed.split("\n") if each not in text.split("\n")]
    assert changed.startswith(text[:4])


@pytest.mark.parametrize("word", ["一二 三", "Y", "a: b", "[x]", "# 注", "二次,再次", '引"号'])
def test_whatever_the_word_is_it_is_read_back_as_it_was_written(tmp_path, word):
    home = new_home(tmp_path / "home")
    place = home.rules / "vocabulary.yaml"
    place.write_text(with_word(place.read_text("utf-8"), ("source", "words", "基盘"), word), "utf-8")

    assert word == read_rules(home.rules).vocabulary["source"].words["基盘"][-1]
