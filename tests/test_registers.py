"""其他台账: what falls due first, where approvals stand, then the registers; a form joins by its YAML."""

from __future__ import annotations

from datetime import date

from pipeline.ledgers import Reckoned, Row, dues, order_of, spec_of, steps
from pipeline.report import Column, Sheet, Table
from pipeline.reports import registers
from pipeline.reports.registers import build
from pipeline.rulebook.form import Form
from pipeline.rulebook.ledger import Chain, Due, Register
from tests.told import view

LOANS = """
    lent_on | borrower | phone       | file_title | due_on | returned_on | intact | form
    11-02   | 周敏     | 13800001111 | 甲公司档案 | 11-05  |             |        | file_loan
    11-03   | 孙丽     |             | 乙公司档案 | 11-10  |             |        | file_loan
    11-03   | 钱进     |             | 丙公司档案 | 11-20  |             |        | file_loan
    11-01   | 吴昊     |             | 丁公司档案 | 11-04  | 11-04       | true   | file_loan
"""


def table(report, sheet: str, name: str):
    """Return a table's rows as texts under its heads."""
    (found,) = [t for s in report.sheets if s.name == sheet for t in s.tables if t.name == name]
    return [c.name for c in found.columns], [tuple(str(v) if v is not None else "" for v in row) for row in found.rows]


def test_files_not_brought_back_stand_first_and_the_longest_overdue_leads(rules):
    report = build(view(rules, "11-08", file_loan=LOANS), rules)
    _, rows = table(report, "档案借阅", "到期与逾期")

    assert [
        ("档案借阅登记表", "归还档案", "周敏 甲公司档案", "2026-11-05", "3", "已逾期 3 天"),
        ("档案借阅登记表", "归还档案", "孙丽 乙公司档案", "2026-11-10", "0", "还有 2 天"),
    ] == [row[:6] for row in rows]
    assert {"档案借阅": 1} == report.figures


def test_a_register_lists_its_rows_newest_first_under_the_words_of_the_form_with_phones_masked(rules):
    heads, rows = table(build(view(rules, "11-08", file_loan=LOANS), rules), "档案借阅", "档案借阅")

    assert ["借阅日期", "借阅人", "档案名称", "档案编号", "密级", "部门", "联系方式", "应还日期"] == heads[:8]
    assert ["孙丽", "钱进", "周敏", "吴昊"] == [row[1] for row in rows]
    assert "138****1111" == rows[2][6]
    assert ("2026-11-04", "是") == rows[3][8:10]


def test_where_nothing_but_the_core_forms_came_the_workbook_says_so(rules):
    report = build(view(rules, "11-08"), rules)

    assert ["台账"] == [sheet.name for sheet in report.sheets]
    assert "还没有交过三表一卡以外的表" == report.sheets[0].tables[0].empty


def test_registers_too_many_for_the_sheet_of_the_due_list_stand_on_one_of_their_own(rules):
    cards = "card_no | unit | person | valid_until\n 17 | 19#-0201 | 孙丽 | 11-01"
    report = build(view(rules, "11-08", property_user_card=cards, property_bike="tag_no | unit\n 35 | 19#-0201"), rules)

    sheets = {sheet.name: sheet for sheet in report.sheets if sheet.name != "物业单元"}
    assert {"物业": ["到期与逾期"], "物业停车": ["非机动车车牌"], "物业客户": ["用户身份卡"]} == {
        name: [each.name for each in sheet.tables] for name, sheet in sheets.items()
    }
    assert ["逾期 1 项", "", ""] == [sheet.subtitle for sheet in sheets.values()]
    assert {"物业": 1} == report.figures


def reckoned(name: str, overdue: int) -> Reckoned:
    table = Table(f"{name}的表", (Column("事"),), ())
    return Reckoned(Sheet(name, name, (table,), f"逾期 {overdue} 件"), overdue, ((name, "说明"),))


def test_what_a_system_reckons_follows_its_own_sheet_and_what_is_called_like_a_sheet_leads_it(rules, monkeypatch):
    systems = (
        ("没有这一张", lambda *_: (reckoned("单独", 0),)),
        ("档案借阅", lambda *_: (reckoned("档案借阅", 2), reckoned("借阅核对", 3))),
    )
    monkeypatch.setattr(registers, "_SYSTEMS", systems)
    report = build(view(rules, "11-08", file_loan=LOANS), rules)

    assert ["档案借阅", "借阅核对", "单独"] == [sheet.name for sheet in report.sheets]
    assert ["档案借阅的表", "到期与逾期", "档案借阅"] == [each.name for each in report.sheets[0].tables]
    assert "逾期 2 件;逾期 1 项" == report.sheets[0].subtitle
    assert {"档案借阅": 3, "借阅核对": 3} == report.figures
    assert ("单独", "说明") in report.notes


def test_of_visits_to_one_home_only_the_newest_counts_and_the_class_says_when_the_next_is_due():
    rows: list[Row] = [
        {"_key": "1", "who": "甲", "class": "1", "on": date(2026, 9, 1)},
        {"_key": "2", "who": "甲", "class": "1", "on": date(2026, 11, 1)},
        {"_key": "3", "who": "乙", "class": "2", "on": date(2026, 10, 1)},
        {"_key": "4", "who": "丙", "class": "9", "on": date(2026, 1, 1)},
        {"_key": "5", "who": "丁", "class": "1", "on": None},
    ]
    due = Due(say="家访", on="on", after_by={"class": {"1": 30, "2": 30}}, last_of=("who",), ahead=0)

    assert [("乙", 8)] == [(debt.row["who"], debt.days) for debt in dues(rows, Register(due=(due,)), date(2026, 11, 8))]


def test_an_approval_names_who_is_next_and_who_signed_before_it_was_their_turn():
    form = Form.model_validate({
        "form": "f", "title": "t",
        "parts": {"steps": {
            "layout": {"kind": "checklist"}, "yields": "s", "fields": {"item_no": {"labels": ["序号"]}},
            "items": [{"no": "1", "text": "营销部"}, {"no": "2", "text": "财务部"}, {"no": "3", "text": "总经理"}],
        }},
    })  # fmt: skip
    chain = Chain(per=("case",), step="item", done="on", answer="answer", refused=("refused",))
    rows: list[Row] = [
        {"case": "甲", "item": "营销部", "on": date(2026, 11, 3)},
        {"case": "甲", "item": "财务部", "on": None},
        {"case": "甲", "item": "总经理", "on": date(2026, 11, 2)},
        {"case": "乙", "item": "营销部", "on": date(2026, 11, 3), "answer": "refused"},
        {"case": "丙", "item": "营销部", "on": date(2026, 11, 1)},
        {"case": "丙", "item": "财务部", "on": date(2026, 11, 1)},
        {"case": "丙", "item": "总经理", "on": date(2026, 11, 2)},
    ]

    assert [
        (("甲",), 2, "财务部", ("总经理",), ""), (("丙",), 3, "", (), ""), (("乙",), 1, "", (), "营销部"),
    ] == [(step.case, step.taken, step.next, step.out_of_turn, step.refused) for step in steps(rows, chain, order_of(form, "s"))]  # fmt: skip


def test_every_head_of_every_register_is_a_word_of_its_form(rules):
    nameless = [
        (form.form, kind, name)
        for form in rules.forms.values()
        if form.ledger
        for kind, register in form.ledger.registers.items()
        for name in (*(register.show or rules.kinds[kind].columns), *(register.chain.per if register.chain else ()))
        if not getattr(spec_of(form, kind, name), "labels", ()) and name not in form.ledger.words
    ]

    assert [] == nameless
