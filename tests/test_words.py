"""Codes, levels, ticks, options and names; numbers are the traps of the domain notes, section 4."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.values.codes import read_code, read_level, read_level_or_outcome, read_tick
from pipeline.values.meant import Meant, Slip
from pipeline.values.names import read_consultant, read_name, read_plate, read_vin
from pipeline.values.options import ticked

INTO = ("level_after", "outcome")


def outcome(rules, written):
    words = rules.vocabulary
    return read_level_or_outcome(written, words["level"], words["outcome"], words["unreached"], INTO)


@pytest.mark.parametrize(
    "written", ["H", "Ｈ", "h", "H级", "H ", "\xa0H\xa0", "Н", "B→H", "B->H", "A—>Ｈ", "H(7天内)", "□A ☑H □B"]
)
def test_a_level_is_read_in_every_spelling_23(written, rules):
    assert Meant("H") == read_level(written, rules.vocabulary["level"])


@pytest.mark.parametrize("written", ["", "无", "其他", "/", "-"])
def test_no_level_is_blank_23(written, rules):
    assert Meant() == read_level(written, rules.vocabulary["level"])


def test_two_levels_are_asked_about_and_an_unknown_one_is_told_what_there_is_23(rules):
    assert Slip("level.two") == read_level("H/A", rules.vocabulary["level"])
    assert Slip("level.unknown", want="写 H、A、B、C、O 之一") == read_level("S", rules.vocabulary["level"])


@pytest.mark.parametrize(
    ("written", "level", "code"),
    [
        ("A", "A", "open"),
        ("订单", None, "ordered"),
        ("O", None, "ordered"),
        ("已订", None, "ordered"),
        ("D", None, "delivered"),
        ("F1", None, "lost"),
        ("战败", None, "lost"),
        ("休眠", None, "dormant"),
        ("A→订单", None, "ordered"),
    ],
)
def test_an_outcome_is_written_in_the_level_s_place(written, level, code, rules):
    assert Meant(level, also=(("outcome", code),)) == outcome(rules, written)


def test_nobody_reached_may_stand_in_the_level_s_place(rules):
    assert Meant(None, also=(("outcome", "open"), ("reached", False))) == outcome(rules, "关机")


@pytest.mark.parametrize(
    "written",
    [
        "√",
        "✓",
        "✔",
        "☑",
        "ˇ",
        "∨",
        "V",
        "v",
        "是",
        "Y",
        "1",
        1.0,
        True,
        "有",
        "●",
        "■",
        "ü",
        "P",
        "R",
        "√(X5)",
        "□否 ☑是",
    ],
)
def test_every_tick_is_a_tick_25(written, rules):
    assert Meant(value=True) == read_tick(written, rules.vocabulary["tick"])


@pytest.mark.parametrize("written", ["", "×", "✗", "否", "N", 0.0, "0", "无", "-", "/", False, "□", "☑否 □是"])
def test_a_blank_or_a_no_is_no_tick_26(written, rules):
    assert Meant(value=False) == read_tick(written, rules.vocabulary["tick"])


def test_what_is_neither_tick_nor_no_is_said_26(rules):
    assert Slip("tick.unknown") == read_tick("改天", rules.vocabulary["tick"])


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("来店", "walk_in"),
        ("来 电", "call_in"),
        ("walk_in", "walk_in"),
        ("1.来店", "walk_in"),
        ("□来店 ☑来电", "call_in"),
        ("来店√", "walk_in"),
    ],
)
def test_a_word_people_write_becomes_its_code(written, code, rules):
    assert Meant(code) == read_code(written, rules.vocabulary["channel"])


def test_an_unknown_word_is_asked_about_with_the_nearest_known_one(rules):
    assert Slip("word.unknown", want="来店") == read_code("来店了", rules.vocabulary["channel"])
    assert Slip("word.unknown", want="写 来店、来电 之一") == read_code("飞碟", rules.vocabulary["channel"])


def test_an_unknown_source_is_kept_as_written_and_a_known_number_is_its_name(rules):
    assert (Meant("抖音直播"), Meant("展示会")) == (
        read_code("抖音直播", rules.vocabulary["source"]),
        read_code(6.0, rules.vocabulary["source"]),
    )


@pytest.mark.parametrize(
    ("written", "word"),
    [
        ("□公务 ☑个人代步 □其他", "个人代步"), ("?准客户;□意向客户", "准客户"), ("□公务 ■个人", "个人"), ("○公务 ●个人", "个人"), ("公务□ 个人√", "个人"),
        ("□是 □否", ""), ("☑公务 ☑个人 □其他", None), ("?准客户;?意向客户;□无", None), ("个人代步", None), ("H?", None),
    ],
)  # fmt: skip
def test_of_a_line_of_options_the_one_unlike_the_others_counts_39(written, word):
    assert word == ticked(written)


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("王 强", "王强"),
        (" 王强\u200b", "王强"),
        ("某先生", "某先生"),
        ("X先生", "X先生"),
        ("王女士/张先生", "王女士/张先生"),
        ("Li Lei", "Li Lei"),
        (301.0, "301"),
    ],
)
def test_a_name_and_a_stand_in_are_kept_as_written_22_24_49(written, name):
    assert Meant(name) == read_name(written)


def test_consultants_go_by_their_listed_names_and_an_unknown_one_is_asked_about_52():
    known = {"李明": "李明", "小李": "李明", "赵敏": "赵敏"}

    assert (Meant("李明"), Meant("李明"), Slip("consultant.unknown", want="李明"), Slip("consultant.unknown", want="名单里的姓名:李明、赵敏")) == (
        read_consultant("李 明 ", known), read_consultant("小李", known), read_consultant("李鸣", known), read_consultant("Bob", known),
    )  # fmt: skip
    assert Meant("谁都行") == read_consultant("谁都行", {})


def test_numbers_of_cars_lose_their_blanks_and_keep_their_letters():
    assert (Meant("LSVAA49J132047371"), Meant("川A12345"), Meant("川AD12345"), Slip("plate.wrong")) == (
        read_vin("lsvaa49j1 3204 7371"), read_plate("川a·12345"), read_plate("川 A D12345"), read_plate("临牌"),
    )  # fmt: skip


@given(st.text())
def test_nothing_anyone_writes_breaks_the_reading_of_words(rules, text):
    words = rules.vocabulary

    for found in (
        read_level(text, words["level"]), outcome(rules, text), read_tick(text, words["tick"]), read_code(text, words["source"]), read_code(text, words["channel"]),
        read_name(text), read_vin(text), read_plate(text), read_consultant(text, {"李明": "李明"}),
    ):  # fmt: skip
        assert isinstance(found, Meant | Slip)


def test_a_code_once_read_reads_the_same_again(rules):
    for name, words in rules.vocabulary.items():
        if name not in {"tick", "outcome"}:
            assert [Meant(code) for code in words.words] == [read_code(code, words) for code in words.words]
