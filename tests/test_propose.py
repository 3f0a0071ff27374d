"""建议: beside a wrong cell stands what it may have been meant to be, and nobody takes it over unasked."""

from __future__ import annotations

from datetime import date

import pytest
from click.testing import CliRunner
from openpyxl import load_workbook

from pipeline.cli.main import main
from pipeline.examine import examine
from pipeline.model import Sighting
from pipeline.propose import asked, propose
from pipeline.rulebook.rulebook import Rulebook
from pipeline.text import one_slip, width
from tests.nights import rows, run, verdicts
from tests.sheets import book, grid
from tests.workbooks import drop, new_home, register, visit, xlsx

ON = date(2026, 11, 14)
HEADER = (
    "| 序号 | 顾客名称 | 电话 | 到访方式 | 来访性质 | 拟购车型 | 意向级别 | 进店时间 | 离店时间 | 销售顾问 | 注释 |"
)
KNOWN = Sighting("李明", "王志强", "13800001111", "", "visitor_register", date(2026, 11, 13))


def day(*rows: str, on: str = "2026-11-14"):
    """A register of one day."""
    return grid("| 来店(电)顾客登记表 |", f"| 日期 | {on} |", HEADER, *rows)


def proposals(rules, drawn, *known, on=ON):
    """Return cell → proposal of a drawn sheet."""
    looked = examine([book(drawn)], rules, on).submissions
    (found,) = propose(looked, known, rules)
    assert [each.records for each in looked] == [found.records]
    return {finding.cell: finding.proposal for finding in found.findings if finding.proposal}


def row(phone, name="王志强", who="李明", kind="首次"):
    return f"| 1 | {name} | {phone} | 来店 | {kind} | X5 | H | 9:30 | 10:15 | {who} | 看车 |"


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("'1380000111", "像是 13800001111:少写一位,2026-11-13 来店(电)顾客登记表上同一客户是这个号"),
        ("'138000001111", "像是 13800001111:多写一位,2026-11-13 来店(电)顾客登记表上同一客户是这个号"),
        ("'12800001111", "像是 13800001111:写错一位,2026-11-13 来店(电)顾客登记表上同一客户是这个号"),
        ("'31800001111", "像是 13800001111:相邻两位写反,2026-11-13 来店(电)顾客登记表上同一客户是这个号"),
        ("'138O0001111", "像是 13800001111:写错一位,2026-11-13 来店(电)顾客登记表上同一客户是这个号"),
        ("'1.38E+10", "像是 13800001111:开头对得上,2026-11-13 来店(电)顾客登记表上同一客户是这个号"),
    ],
)
def test_a_phone_one_slip_away_from_the_customers_own_is_proposed(rules, written, said):
    assert {"C4": said} == proposals(rules, day(row(written)), KNOWN)


def test_a_phone_like_nobodys_or_like_two_of_them_is_left_to_the_filler(rules):
    other = Sighting("李明", "王志强", "13800001112", "", "visitor_register", date(2026, 11, 12))

    assert {} == proposals(rules, day(row("'1390000222")), KNOWN)
    assert {} == proposals(rules, day(row("'1380000111")), KNOWN, other)


def test_another_consultants_customer_of_the_same_name_is_nobody_to_quote(rules):
    assert {} == proposals(rules, day(row("'1380000111", who="陈静")), KNOWN)


def test_a_phone_written_right_in_the_same_night_is_known_as_well(rules):
    sheet = day(row("'13800001111"), row("'1380000111"))

    assert {"C5": "像是 13800001111:少写一位,2026-11-14 来店(电)顾客登记表上同一客户是这个号"} == proposals(
        rules, sheet
    )


def test_an_unknown_word_is_told_the_nearest_one_and_what_it_means(rules):
    assert {"E4": "像是 再次:最像已有的写法「电销邀约」"} == proposals(rules, day(row("'13800001111", kind="电销邀越")))


def test_a_word_like_nothing_or_like_two_things_gets_no_proposal(rules):
    assert {} == proposals(rules, day(row("'13800001111", kind="哈哈")))


def test_an_unknown_consultant_is_told_the_nearest_name_of_the_list(rules):
    house = {"consultants": [{"name": "李明", "aliases": ["小李"]}, {"name": "陈静"}]}
    own = Rulebook.model_validate({name: getattr(rules, name) for name in Rulebook.model_fields} | {"house": house})

    assert {"J4": "像是 李明:最像名单里的「李明」"} == proposals(own, day(row("'13800001111", who="李鸣")))


def losses(*days):
    """A list of lost customers, one after another."""
    lines = (f"| {i} | {on} | 李明 | 客户{i} | '1380000111{i} | X5 | 价格 | 竞品 |" for i, on in enumerate(days, 1))
    return grid(
        "| 战败分析表 |", "| 序号 | 战败日期 | 销售顾问 | 客户姓名 | 电话 | 车型 | 战败原因 | 战败去向 |", *lines
    )


def test_a_day_out_of_order_is_told_the_one_day_that_lies_between_its_neighbours(rules):
    found = proposals(rules, losses("'2026-11-03", "'2027-11-04", "'2026-11-06"))

    assert {"B4": "像是 2026-11-04:上面一行是 2026-11-03,下面一行是 2026-11-06"} == found


def test_a_day_that_could_be_two_between_its_neighbours_gets_no_proposal(rules):
    assert {} == proposals(rules, losses("'2026-10-03", "'2027-11-04", "'2026-11-30"))


def test_a_vin_one_letter_short_is_told_the_one_the_archive_has(rules):
    card = grid(
        "| 客户管理卡 |", "| 车主姓名 | 王志强 | 联系电话 | '13800001111 |", "| 车型 | X5 | 颜色 | 白 |", "| 车架号 | LSVAA4182E218457 | 车牌号 | |",
        "| 订购日期 | 2026-11-01 | 交车日期 | 2026-11-10 |", "| 成交价 | 158000 | 付款方式 | 全款 |", "| 保险到期日 | | 销售顾问 | 李明 |",
        "| 计划日期 | 实际日期 | 方式 | 情形 | 满意度 |",
    )  # fmt: skip
    known = Sighting("李明", "王志强", "13800001111", "LSVAA4182E2184576", "customer_card", date(2026, 11, 10))

    assert {"B4": "像是 LSVAA4182E2184576:差一个字,2026-11-10 客户管理卡上同一客户是这个车架号"} == proposals(
        rules, card, known
    )


def test_the_archive_is_asked_only_for_customers_whose_number_is_in_doubt(rules):
    looked = examine([book(day(row("'13800001111", "陈静怡"), row("'1380000111")))], rules, ON).submissions

    assert frozenset({("李明", "王志强")}) == asked(looked, rules)


def test_one_slip_is_one_digit_missing_added_changed_or_two_swapped():
    assert ["short", "long", "other", "swapped", "", ""] == [
        one_slip(written, "13800001111")
        for written in ("1380000111", "138000011111", "13800001112", "13800010111", "13800001111", "13800002222")
    ]


def test_the_proposal_stands_in_the_return_in_full_and_masked_everywhere_else(tmp_path):
    home = new_home(tmp_path / "home")
    drop(
        home, "十三日.xlsx", xlsx({"13日": register("2026-11-13", visit("王志强", "13800001111"))}), "2026-11-13 18:00"
    )
    run(home, date(2026, 11, 13))
    drop(home, "十四日.xlsx", xlsx({"14日": register("2026-11-14", visit("王志强", "1380000111"))}), "2026-11-14 18:00")
    said = run(home, ON)
    day_ = home.outbox / "2026-11-14"
    back = load_workbook(day_ / "退回" / "十四日.xlsx")
    told = {str(cell.value) for line in back["退回说明"].iter_rows() for cell in line}
    full = "像是 13800001111:少写一位,2026-11-13 来店(电)顾客登记表上同一客户是这个号"
    masked = full.replace("13800001111", "138****1111")

    assert {"十四日.xlsx": "returned"} == verdicts(said)
    assert {"建议", full} <= told
    assert back["退回说明"].column_dimensions["G"].width > width(full)
    assert f"建议:{full}" in back["14日"]["C4"].comment.text
    assert [masked] == [finding["proposal"] for each in said["books"] for finding in each["findings"]]
    assert "11 位手机号,或带区号的座机" == said["books"][0]["findings"][0]["want"]
    page = (day_ / "运行报告.html").read_text("utf-8")
    assert masked in page
    assert "13800001111" not in page
    assert [] == [each for each in rows(home, "visit", ON) if each["visited_on"] == ON]


def test_check_asks_the_archive_as_well_and_masks_what_it_says(tmp_path):
    home = new_home(tmp_path / "home")
    drop(
        home, "十三日.xlsx", xlsx({"13日": register("2026-11-13", visit("王志强", "13800001111"))}), "2026-11-13 18:00"
    )
    run(home, date(2026, 11, 13))
    place = tmp_path / "十四日.xlsx"
    place.write_bytes(xlsx({"14日": register("2026-11-14", visit("王志强", "1380000111"))}))
    result = CliRunner().invoke(main, ["--home", str(home.root), "check", str(place)])

    assert 1 == result.exit_code
    assert (
        "    建议:像是 138****1111:少写一位,2026-11-13 来店(电)顾客登记表上同一客户是这个号"
        in result.output.splitlines()
    )
    assert "13800001111" not in result.output


def test_a_day_that_is_only_planned_is_not_quoted_as_a_day_that_was(rules):
    lines = ("| 销售活动日报表 |", "| 日期 | 2026-11-14 | 销售顾问 | 李明 |", "| 明日工作计划 |",
             "| 序号 | 客户姓名 | 电话 | 车型 | 工作类别 | 备注 |", "| 1 | 王志强 | '13800001111 | X5 | 回访 | |")  # fmt: skip
    looked = examine([book(grid(*lines, sheet="日报"), day(row("'1380000111")))], rules, ON).submissions
    (found,) = propose(looked, (), rules)

    assert ["像是 13800001111:少写一位,销售活动日报表上同一客户是这个号"] == [
        each.proposal for each in found.findings if each.proposal
    ]
