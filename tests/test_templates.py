"""The blank forms: they carry the agreed labels, offer the right words, and are read back as exactly their form."""

from __future__ import annotations

import zipfile
from datetime import datetime
from pathlib import Path

import pytest
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from pipeline.extract import Extract, extract
from pipeline.grid import Book, Grid, Span, Value
from pipeline.layout.lexicon import lexicons
from pipeline.model import Match
from pipeline.read_rules import read_rules
from pipeline.recognise import recognise
from pipeline.rulebook.form import LISTS
from pipeline.rulebook.house import Consultant
from pipeline.write_templates import write_template, write_templates
from tests.conftest import ROOT
from tests.sheets import RECEIVED

REGISTER, TRACKER, GRID, CARD, DAILY = (
    "来店(电)顾客登记表.xlsx", "潜在顾客等级推进表.xlsx", "潜在顾客等级推进表(月格).xlsx", "客户管理卡.xlsx", "销售活动日报表.xlsx",
)  # fmt: skip
INTENT, DRIVES, LOST = "意向购车客户回访跟进表.xlsx", "试乘试驾登记表.xlsx", "战败分析表.xlsx"
HANDOVER = "客户交接表.xlsx"
CORE = (REGISTER, TRACKER, GRID, DAILY, CARD, INTENT, DRIVES, LOST, HANDOVER)
FORMS = {f"{form.title}.xlsx": form.form for form in read_rules(ROOT / "rules").forms.values()} | {
    GRID: "level_tracker"
}
DAY = datetime(2026, 11, 5)


@pytest.fixture(scope="module")
def folder(rules, tmp_path_factory):
    folder = tmp_path_factory.mktemp("blanks")
    write_templates(rules, folder)
    return folder


@pytest.fixture(scope="module")
def read(folder, rules):
    """Fill cells of a blank, by sheet number and cell, and take it in as the night does."""

    def _read(name: str, *filled: tuple[int, str, str | datetime]) -> tuple[tuple[Match, ...], Extract]:
        book = load_workbook(folder / name)
        for sheet, cell, value in filled:
            book.worksheets[sheet][cell] = value
        grids = tuple(grid(sheet) for sheet in book.worksheets if sheet.sheet_state == "visible")
        whole = Book(name, "a" * 64, RECEIVED, grids)
        words = lexicons(rules)
        matches = recognise(whole, rules, words)
        return matches, extract(whole, matches, rules, words)

    return _read


def grid(sheet: Worksheet) -> Grid:
    merges = tuple(Span(m.min_row - 1, m.min_col - 1, m.max_row - 1, m.max_col - 1) for m in sheet.merged_cells.ranges)
    return Grid(sheet.title, [[held(value) for value in row] for row in sheet.iter_rows(values_only=True)], merges)


def held(value: object) -> Value:
    if isinstance(value, (str, datetime)):
        return value
    return float(value) if isinstance(value, (int, float)) else ""


def labels(path: Path, *rows: int, sheet: int = 0) -> str:
    found = load_workbook(path).worksheets[sheet]
    return " ".join(str(cell.value) for row in rows for cell in found[row] if cell.value not in (None, ""))


def test_the_register_carries_the_agreed_labels(folder):
    assert "日期" == labels(folder / REGISTER, 2)
    assert (
        "序号 顾客名称 电话 到访方式 来访性质 拟购车型 意向级别 进店时间 离店时间 销售顾问 客户来源 人数 试乘试驾 现场订购 注释"
    ) == labels(folder / REGISTER, 4)


def test_the_tracker_comes_in_groups_and_in_days(folder):
    person, end = "序号 客户姓名 电话 车型 初洽日期 来源 初始级别", "战败原因 战败去向 备注"
    group = "计划日期 实际日期 方式 情形 回访后级别 下次回访日期"
    days = " ".join(map(str, range(1, 32)))

    assert "销售顾问 月份" == labels(folder / TRACKER, 2) == labels(folder / GRID, 2)
    assert f"{person} 第1次回访 第2次回访 第3次回访 {end}" == labels(folder / TRACKER, 4)
    assert f"{group} {group} {group}" == labels(folder / TRACKER, 5)
    assert f"{person} {days} {end}" == labels(folder / GRID, 4)


def test_the_card_has_a_back_and_a_front(folder):
    back = "客户姓名 电话 意向车型 信息来源 初洽日期 初始级别 销售顾问 地址 职业 购车类型 付款方式 竞品 预算"
    front = "车主姓名 联系电话 车型 颜色 车架号 车牌号 订购日期 交车日期 成交价 付款方式 保险到期日 销售顾问"

    assert back == labels(folder / CARD, *range(2, 9))
    assert "日期 方式 情形 级别 下次回访日期" == labels(folder / CARD, 9)
    assert front == labels(folder / CARD, *range(2, 8), sheet=1)
    assert "计划日期 实际日期 方式 情形 满意度" == labels(folder / CARD, 8, sheet=1)


def test_the_daily_report_holds_today_and_tomorrow(folder):
    assert "日期 销售顾问" == labels(folder / DAILY, 2)
    assert "今日工作总结" == labels(folder / DAILY, 4)
    assert "序号 客户姓名 电话 车型 工作类别 原有级别 现在级别 经过情形" == labels(folder / DAILY, 5)
    assert "明日工作计划" == labels(folder / DAILY, 19)
    assert "序号 客户姓名 电话 车型 工作类别 备注" == labels(folder / DAILY, 20)


@pytest.mark.parametrize("name", FORMS)
def test_each_blank_is_recognised_as_exactly_its_form(read, name):
    matches, said = read(name)

    assert {FORMS[name]} == {match.form for match in matches}
    assert all(not match.rivals for match in matches)
    assert ((), True) == (said.findings, all(w.value == "" for entry in said.entries for w in entry.cells.values()))


def test_a_filled_register_is_read_to_its_last_numbered_row(read):
    _, said = read(
        REGISTER, (0, "C2", DAY), (0, "B5", "王先生"), (0, "J5", "李明"), (0, "B34", "赵女士"), (0, "O34", "看车")
    )  # fmt: skip

    assert ["B5", "B34"] == [entry.cells["customer_name"].cell for entry in said.entries]
    assert ("李明", "看车") == (said.entries[0].cells["consultant"].value, said.entries[1].cells["note"].value)
    assert all(DAY == entry.cells["visited_on"].value for entry in said.entries)


def test_filled_groups_and_days_are_read_as_contacts(read):
    _, grouped = read(TRACKER, (0, "B6", "王志强"), (0, "C6", "13800001111"), (0, "O6", DAY), (0, "R6", "A"))
    _, daily = read(
        GRID, (0, "B5", "王志强"), (0, "C5", "13800001111"), (0, "H5", "*"), (0, "AL5", "战败"), (0, "AM5", "价格")
    )

    assert [("rows", "B6"), ("rounds", "O6")] == [
        (e.part, "B6" if e.part == "rows" else e.cells["done_on"].cell) for e in grouped.entries
    ]
    assert ["rows", "days", "days"] == [entry.part for entry in daily.entries]
    assert ["*", "战败"] == [entry.cells["level_after"].value for entry in daily.entries[1:]]


def test_a_filled_card_is_read_with_its_contacts(read):
    _, said = read(CARD, (0, "B2", "王志强"), (0, "E2", "13800001111"), (0, "A10", DAY), (0, "C10", "来店看车"))

    filled = [entry for entry in said.entries if any(w.value != "" for w in entry.cells.values())]
    assert ["back", "contacts"] == [entry.part for entry in filled]
    assert ("王志强", "13800001111") == tuple(filled[0].cells[name].value for name in ("customer_name", "phone"))
    assert "来店看车" == filled[1].cells["note"].value


def test_both_lists_of_a_filled_daily_report_are_read(read):
    _, said = read(
        DAILY, (0, "B6", "王志强"), (0, "E6", "回访"), (0, "H6", "约周末"), (0, "B30", "赵女士"), (0, "F30", "带配置单")
    )

    assert [("summary", "H6"), ("tomorrow", "F30")] == [
        (entry.part, entry.cells["note"].cell) for entry in said.entries
    ]


def test_a_cell_offers_the_words_we_print(folder):
    sheet = load_workbook(folder / REGISTER).worksheets[0]
    offers = {str(rule.sqref): rule for rule in sheet.data_validations.dataValidation}

    assert '"来店,来电"' == offers["D5:D34"].formula1
    assert '"H,A,B,C,O"' == offers["G5:G34"].formula1
    assert '"√"' == offers["N5:N34"].formula1
    assert ("date", "warning") == (offers["C2"].type, offers["D5:D34"].errorStyle)
    assert "11 位手机号;没留的写明原因(不愿留、未留、提车、维修)" == offers["C5:C34"].prompt


def test_a_day_of_the_grid_offers_plan_level_and_outcome(folder):
    sheet = load_workbook(folder / GRID).worksheets[0]
    offers = {str(rule.sqref): rule for rule in sheet.data_validations.dataValidation}

    assert '"*,H,A,B,C,O,订单,交车,战败,休眠"' == offers["H5:H24"].formula1


def test_phones_stay_text_and_dates_look_like_dates(folder):
    register, tracker = (load_workbook(folder / name).worksheets[0] for name in (REGISTER, TRACKER))

    assert ("@", "h:mm") == (register["C5"].number_format, register["H5"].number_format)
    assert ("yyyy-mm-dd", "m-d") == (tracker["E6"].number_format, tracker["H6"].number_format)


def test_more_names_than_a_drop_down_holds_stand_on_the_hidden_sheet(rules, tmp_path):
    people = tuple(Consultant(name=f"顾问第{number:03}号") for number in range(60))
    crowded = rules.model_copy(update={"house": rules.house.model_copy(update={"consultants": people})})

    write_templates(crowded, tmp_path)

    book = load_workbook(tmp_path / REGISTER)
    rule = next(r for r in book.worksheets[0].data_validations.dataValidation if "J5:J34" == str(r.sqref))
    assert "_daybook!$D$1:$D$60" == rule.formula1
    assert ("顾问第000号", "顾问第059号") == (book["_daybook"]["D1"].value, book["_daybook"]["D60"].value)


@pytest.mark.parametrize("name", FORMS)
def test_a_blank_says_on_a_hidden_sheet_which_form_it_is(folder, rules, name):
    stamp = load_workbook(folder / name)["_daybook"]

    assert (FORMS[name], rules.forms[FORMS[name]].version) == (stamp["A1"].value, stamp["B1"].value)
    assert "veryHidden" == stamp.sheet_state


@pytest.mark.parametrize("name", FORMS)
def test_a_blank_prints_on_one_page_of_a4(folder, rules, name):
    for sheet in load_workbook(folder / name).worksheets[:-1]:
        upright = rules.forms[FORMS[name]].orientation == "portrait"
        assert (9, "portrait" if upright else "landscape") == (sheet.page_setup.paperSize, sheet.page_setup.orientation)
        assert (1, True) == (int(sheet.page_setup.fitToHeight or 1), bool(sheet.sheet_properties.pageSetUpPr))


def test_the_header_of_a_list_stays_in_sight(folder, rules):
    frozen = {name: load_workbook(folder / name).worksheets[0].freeze_panes for name in FORMS}

    assert {
        REGISTER: "A5", TRACKER: "C6", GRID: "C5", DAILY: "A4", CARD: None, INTENT: "C6", DRIVES: "A5", LOST: "A5", HANDOVER: "A5",
    } == {name: frozen[name] for name in CORE}  # fmt: skip
    headed = {
        name
        for name, form in FORMS.items()
        if any(p.layout.kind in LISTS and not p.under for p in rules.forms[form].parts.values())
    }
    assert set() == {name for name in headed if frozen[name] is None}


def test_the_committed_blanks_are_what_the_rules_say(folder):
    committed = ROOT / "templates_xlsx"

    assert set(FORMS) == {path.name for path in committed.glob("*.xlsx")} == {path.name for path in folder.iterdir()}
    for name in FORMS:
        assert contents(committed / name) == contents(folder / name), f"{name}: run `daybook forms template`"


def test_no_label_above_a_list_stands_beside_its_table(rules, tmp_path):
    for form in ("vehicle_check", "showroom_inspection", "outreach_lead"):
        path = tmp_path / f"{form}.xlsx"
        write_template(rules.forms[form], rules, path)
        sheet = load_workbook(path).worksheets[0]
        texts = {cell.value for row in sheet.iter_rows() for cell in row}
        (title,) = (span for span in sheet.merged_cells.ranges if span.min_row == 1)

        assert set() == {spec.labels[0] for spec in rules.forms[form].above.values() if spec.on_blank} - texts
        assert title.max_col == sheet.max_column


def test_the_same_rules_give_the_same_bytes(folder, rules, tmp_path):
    for path in write_templates(rules, tmp_path):
        assert (folder / path.name).read_bytes() == path.read_bytes()


def contents(path: Path) -> dict[str, bytes]:
    # What is inside, not the zip's own bytes: another zlib packs the same parts differently.
    with zipfile.ZipFile(path) as package:
        return {name: package.read(name) for name in package.namelist()}
