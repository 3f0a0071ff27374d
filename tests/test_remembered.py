"""What was made out of another workbook's headers is remembered by the words of the house alone, and never shows."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.extract import extract
from pipeline.grid import Grid, Span, Value
from pipeline.layout.claims import Claims
from pipeline.layout.lexicon import Lexicons, lexicons
from pipeline.read_rules import read_rules
from pipeline.recognise import recognise
from tests.sheets import book, grid

RULES = read_rules(Path(__file__).parent.parent / "rules")
WORDS = lexicons(RULES)
# Nothing is strange where every word is spoken: each row is then looked at as it stands, and only its like is remembered.
LITERAL = Lexicons(replace(lexicon, spoken=bool) for lexicon in WORDS)

_TITLES = [
    "来店(电)顾客登记表",
    "客户管理卡(反面)",
    "销售活动日报表",
    "潜在顾客等级推进表",
    "今日工作总结",
    "明日工作计划",
]
_LABELS = [
    "序号",
    "顾客名称",
    "客户姓名",
    "电话",
    "意向级别",
    "销售顾问",
    "进店时间",
    "来店频率",
    "初",
    "再",
    "日期",
    "方式",
    "备注",
]
_LABELS += [
    "第1次回访",
    "第2次回访",
    "计划日期",
    "实际日期",
    "情形",
    "回访后级别",
    "计划日期2",
    "信息来源",
    "拟购车型",
    "工作类别",
]
_OTHERS = [
    "王强",
    "13800001111",
    "12日",
    "日期:2026-11-05",
    "销售顾问:",
    "√",
    "H",
    "看车",
    "本页合计",
    "电 话*",
    "  ",
    "甲",
    "甲",
    "3月",
    "",
]
_CELLS: st.SearchStrategy[Value] = st.one_of(
    st.sampled_from(_LABELS),
    st.sampled_from(_LABELS),
    st.sampled_from(_OTHERS),
    st.sampled_from(_TITLES),
    st.sampled_from([1.0, 2.0, 31.0, 0.5, 13800001111.0, "", "", "", ""]),
)


@st.composite
def sheets(draw: st.DrawFn) -> Grid:
    """Draw a sheet on which labels, values and titles stand anyhow, some rows of labels whole, some cells merged."""
    width, height = draw(st.integers(3, 9)), draw(st.integers(2, 9))
    rows = [draw(st.lists(_CELLS, min_size=width, max_size=width)) for _ in range(height)]
    whole = draw(st.lists(st.sampled_from(_LABELS), min_size=width, max_size=width, unique=True))
    rows[draw(st.integers(0, height - 1))] = list(whole)
    corners = draw(st.lists(st.tuples(st.integers(0, height - 1), st.integers(0, width - 1)), max_size=3, unique=True))
    merges = tuple(
        Span(top, left, min(top + draw(st.integers(0, 1)), height - 1), min(left + draw(st.integers(0, 3)), width - 1))
        for top, left in corners
    )
    return Grid("Sheet1", rows, merges)


@settings(max_examples=300, deadline=None)
@given(sheets())
def test_a_strange_word_in_a_header_is_read_as_if_no_other_had_stood_there_before(sheet):
    one = book(sheet)
    remembered, literal = recognise(one, RULES, WORDS), recognise(one, RULES, LITERAL)

    assert literal == remembered
    assert extract(one, literal, RULES, LITERAL) == extract(one, remembered, RULES, WORDS)


@settings(max_examples=100, deadline=None)
@given(sheets())
def test_a_form_that_is_not_looked_for_could_not_have_been_read(sheet):
    one = book(sheet)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(Claims, "candidates", lambda _: iter(WORDS))
        every = recognise(one, RULES, WORDS)

    assert every == recognise(one, RULES, WORDS)


def test_a_header_s_strange_words_are_its_own_however_many_stand_around_it(rules, words):
    drawn = grid(
        "| 甲 | 乙 | 丙 | 丁 | 戊 | 己 |",
        "| 序号 | 顾客名称 | 电话 | 进店时间 | 销售顾问 | <2 意向级别 | 心情 |",
        "| ^ | ^ | ^ | ^ | ^ | 好 | 坏 | ^ |",
        "| 1 | 王先生 | '13800001111 | 9:30 | 李明 | √ | | 好 |",
    )
    [region] = recognise(book(drawn), rules, words)[0].regions

    assert "心情" == region.labels[7]
    assert {"level": ((5, "好"), (6, "坏"))} == dict(region.choices)


def test_two_registers_that_differ_in_a_strange_header_keep_each_its_own(rules, words):
    def unread(label: str) -> dict[int, str]:
        drawn = grid(
            f"| 序号 | 顾客名称 | 电话 | 进店时间 | 销售顾问 | {label} |",
            "| 1 | 王先生 | '13800001111 | 9:30 | 李明 | 好 |",
        )
        return dict(recognise(book(drawn), rules, words)[0].regions[0].labels)

    assert ["心情", "脸色"] == [unread("心情")[5], unread("脸色")[5]]
