"""Traps 22 to 27 of real sheets: models, levels, stand-in names, ticks, and letters that are not what they look like."""

from __future__ import annotations

from datetime import date

import pytest

from pipeline.grid import Value
from tests.sheets import grid
from tests.street import Taken, take_in

HEAD = "| 序号 | 顾客名称 | 电话 | 拟购车型 | 意向级别 | 进店时间 | 离店时间 | 销售顾问 | 试驾 | 注释 |"
ROW = "| 1 | {name} | {phone} | {model} | {level} | 9:30 | 10:15 | 李明 | {tick} | {note} |"
PLAIN: dict[str, Value] = {
    "name": "王强",
    "phone": "13800001111",
    "model": "X5",
    "level": "H",
    "tick": "",
    "note": "看车",
}


def visit(rules, **given: Value) -> Taken:
    """Take in one visit: name B3, phone C3, model D3, level E3, tick I3, note J3."""
    return take_in(rules, grid("| 日期 | 2026-11-05 |", HEAD, ROW, given=PLAIN | given))


def test_trap_22_a_model_that_excel_took_for_a_number_is_a_name_again(rules):
    """车型 `301.0`, next row `新408` → `301`, `新408`."""
    rows = [ROW.replace("{model}", model).replace("9:30", f"9:3{i}") for i, model in enumerate(("301", "'新408"))]
    taken = take_in(rules, grid("| 日期 | 2026-11-05 |", HEAD, *rows, given=PLAIN))

    assert ("accepted", [("301",), ("新408",)], ["D3", "D4"]) == (
        taken.verdict,
        taken.told("model"),
        taken.cells("model"),
    )


@pytest.mark.parametrize(
    ("written", "level"),
    [
        ("Ｈ", "H"),
        ("h", "H"),
        ("H级", "H"),
        ("A ", "A"),
        ("其他", None),
        ("无", None),
        ("\u0410", "A"),  # Cyrillic, and the next two as well
        ("\u041d", "H"),
        ("\u0412级", "B"),
        ("B→A", "A"),
        ("B->A", "A"),
    ],
)
def test_trap_23_a_level_is_its_letter_however_it_is_typed(rules, written, level):
    """`Ｈ`, `h`, `H级`, `A `, Cyrillic `А` → the letter; `其他`, `无` → none; `B→A` → what it became."""
    taken = visit(rules, level=written)

    assert ("accepted", [(level,)]) == (taken.verdict, taken.told("level"))


@pytest.mark.parametrize(
    ("written", "code"), [("H/A", "level.two"), ("Z", "level.unknown"), ("很想买", "level.unknown")]
)
def test_trap_23_two_levels_or_an_unknown_one_are_asked_about(rules, written, code):
    """`H/A`, `Z` → the row waits."""
    assert [(code, "error", "E3")] == visit(rules, level=written).slips()


@pytest.mark.parametrize("name", ["李先生", "X先生", "王女士/张先生", "某公司"])
def test_trap_24_a_stand_in_is_kept_as_a_name_and_nobody_is_known_by_it(rules, name):
    """`李先生`, `X先生`, `王女士/张先生` → kept as written; two of them at two hours are two visits."""
    rows = [ROW.replace("9:30", at).replace("10:15", "18:00") for at in ("9:30", "16:00")]
    taken = take_in(rules, grid("| 日期 | 2026-11-05 |", HEAD, *rows, given=PLAIN | {"name": name, "phone": "未留"}))

    assert ("accepted", [(name, None, "09:30"), (name, None, "16:00")]) == (
        taken.verdict,
        taken.told("customer_name", "phone", "arrived_at"),
    )
    assert 2 == len({record.key for record in taken.submission.records})


@pytest.mark.parametrize("mark", [*"√✓✔☑ˇ∨Vv是Y1有●■üPR", "Ｖ", "√ ", 1.0, True])
def test_trap_25_every_mark_people_tick_with_is_a_tick(rules, mark):
    """√ ✓ ✔ ☑ ˇ ∨ V 是 Y 1 有 ● ■, Wingdings ü P R → true."""
    taken = visit(rules, tick=mark)

    assert ("accepted", [(True,)], ["I3"]) == (taken.verdict, taken.told("test_driven"), taken.cells("test_driven"))


@pytest.mark.parametrize("mark", ["×", "✗", "否", "N", "0", "无", "-", "/", "", 0.0, False])
def test_trap_26_a_cross_a_no_or_nothing_is_no_tick(rules, mark):
    """× ✗ 否 N 0 无 - / and blank → false."""
    assert ("accepted", [(False,)]) == ((taken := visit(rules, tick=mark)).verdict, taken.told("test_driven"))


def test_trap_26_what_is_neither_is_asked_about(rules):
    """`改天` in a tick column → the row waits."""
    assert [("tick.unknown", "error", "I3")] == visit(rules, tick="改天").slips()


def test_trap_27_free_text_keeps_its_letters_while_codes_are_made_plain(rules):
    """`①` `Ⅱ` `㎡` `⒈` in a note → as written; the same width in a level, a time or a phone is made plain."""
    taken = visit(rules, note="①家里Ⅱ期 120㎡ ⒈看X５", level="Ｂ", phone="１３８００００１１１１")

    assert [("①家里Ⅱ期 120㎡ ⒈看X５", "B", "13800001111")] == taken.told("note", "level", "phone")


def test_trap_27_a_circled_figure_is_no_quantity(rules):
    """`①` in a column of numbers → asked about, never taken for 1."""
    head = "| 序号 | 顾客名称 | 电话 | 进店时间 | 离店时间 | 销售顾问 | 人数 | 注释 |"
    taken = take_in(rules, grid("| 日期 | 2026-11-05 |", head, "| 1 | 王强 | 未留 | 9:30 | 10:15 | 李明 | ① | 看车 |"))

    assert ("accepted", [("count.unreadable", "warning", "G3")]) == (taken.verdict, taken.slips())
    assert [(None, date(2026, 11, 5))] == taken.told("party_size", "visited_on")
