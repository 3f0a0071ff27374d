"""One look at a sheet's words tells which forms are worth trying, and leaves out none that fits."""

from __future__ import annotations

from pipeline.grid import Grid
from pipeline.layout.claims import Claims
from pipeline.layout.lexicon import Lexicon, Lexicons, lexicons
from pipeline.layout.page import Page
from pipeline.model import Match
from pipeline.recognise import recognise
from pipeline.rulebook.form import Form
from pipeline.rulebook.rulebook import Rulebook
from tests.sheets import book, grid

FORMS = 50
REGISTER = grid(
    "| <6 来店(电)顾客登记表 |",
    "| 日期:2026-11-05 |",
    "| 客户姓名 | 联系电话 | <2 时间 | 销售顾问 | 级别 |",
    "| ^ | ^ | 进店 | 离店 | ^ | ^ |",
    "| 王先生 | '13800001111 | 9:30 | 10:00 | 李明 | H |",
)
PLEDGE = grid(
    "| 试驾保证书 |", "| 试驾人:王强 | 试驾日期:2026-11-05 |", "| 试驾车型:X5 | 出发时间:10:00 | 陪驾人:李明 |"
)
SHEETS = (REGISTER, PLEDGE, grid("| 品名 | 单价 | 数量 |", "| 螺丝 | 3 | 5 |"))


def crowded(rules: Rulebook) -> Rulebook:
    """Return the rules with strange cousins of every form, until there are fifty: half of their labels are their own."""
    forms = dict(rules.forms)
    for number in range(FORMS - len(forms)):
        form = list(rules.forms.values())[number % len(rules.forms)]
        drawn = form.model_dump(by_alias=True)
        drawn |= {"form": f"{form.form}_{number}", "title": f"第{number}种{form.title}", "titles": (), "kinds": {}}
        for part in drawn["parts"].values():
            for spec in part["fields"].values():
                spec["labels"] = tuple(label + "甲" * (at % 2) for at, label in enumerate(spec["labels"], number))
        drawn["recognise"]["titled"] = True
        forms[drawn["form"]] = Form.model_validate(drawn)
    return rules.model_copy(update={"forms": forms})


def told(matches: tuple[Match, ...]) -> list[tuple[str, int, str]]:
    return [(match.form, match.score, match.header_cell) for match in matches]


def test_fifty_forms_tell_a_sheet_as_eight_do(rules):
    many = crowded(rules)

    assert FORMS == len(many.forms)
    for sheet in SHEETS:
        assert told(recognise(book(sheet), rules, lexicons(rules))) == told(
            recognise(book(sheet), many, lexicons(many))
        )


def test_of_fifty_forms_only_those_whose_needed_labels_stand_on_the_sheet_are_looked_at_closely(rules):
    words = lexicons(crowded(rules))

    assert ["outreach_lead", "visitor_register"] == names(REGISTER, words)
    assert ["test_drive"] == names(PLEDGE, words)
    assert [] == names(SHEETS[2], words)


def test_a_list_that_lives_by_its_rounds_is_looked_for_where_a_round_or_a_month_s_days_may_stand(words):
    def sheet(heads: str, first: str) -> Grid:
        return grid(
            "| 销售顾问 | 李明 |",
            f"| 序号 | 客户姓名 | 电话 | 车型 | 初始级别 | {heads} |",
            f"| 1 | 王先生 | '13800001111 | X5 | A | {first} |",
        )

    rounds, days, neither = sheet("第1次回访", "看车"), sheet("计划日期2", "11-05"), sheet("备注", "看车")
    month = sheet(" | ".join(map(str, range(1, 31))), " | ".join(["A", *[""] * 29]))

    assert [True, True, True, False] == [
        "level_tracker" in names(each, words) for each in (rounds, days, month, neither)
    ]


def names(sheet, words: Lexicons) -> list[str]:
    found: list[Lexicon] = list(Claims(Page(sheet), words).candidates())
    return [lexicon.form.form for lexicon in found]
