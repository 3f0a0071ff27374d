"""Long cards: labels beside titles merged down, boxes below labels as wide as they are, values below a row of labels."""

from __future__ import annotations

from datetime import date

import pytest
from openpyxl import load_workbook

from pipeline.layout.lexicon import lexicons
from pipeline.recognise import recognise
from tests.nights import rows, run, verdicts
from tests.readings import Read
from tests.sheets import book, grid
from tests.workbooks import drop, new_home, xlsx

LONG = (
    "| <8 XX汽车贸易公司客户信息登记表 |",
    "| 档案编号:KH-007 | | | | 填表日期:2026年11月3日 | | | |",
    "| 基础资料 | 客户名称 | <3 蓉城物流有限公司 | 企业性质 | <2 □国有 □外资 □合资 ☑私营 |",
    "| ^ | 税号 | <3 '91510100MA62ABCD1X | 所属行业 | <2 物流 |",
    "| ^ | 法人代表 | 姓名 | 王强 | 联系人 | 姓名 | <2 李 娜 |",
    "| ^ | ^ | 电话 | '028-88880000 | ^ | 职务 | <2 采购主管 |",
    "| ^ | ^ | 性格 | 直爽 | ^ | 手机 | <2 138 0000 1111 |",
    "| ^ | 公司地址 | <3 成都市物流大道1号 | 邮编 | <2 610000 |",
    "| ^ | 公司电话 | <3 028-8888 1111 | 传真 | <2 无 |",
    "| ^ | 开户行 | 账号 | 注册资金 | 成立时间 | 主管单位 | 客户类别 | 信誉 |",
    "| ^ | 工行物流支行 | '4402000009000001234 | 500万 | 2015.6 | 不涉及 | 一类 | A |",
    "| 客户特征 | 服务区域 | <3 西南 | 销售能力 | <2 |",
    "| ^ | 发展潜力 | <3 大 | 经营观念 | <2 无 |",
    "| 业务状况 | <7 主营业务 |",
    "| ^ | <7 干线运输、城市配送\\n自有货车 30 辆 |",
    "| ^ | 年营业额 | <3 3000万 | 竞争对手 | <2 |",
    "| 交易活动现状 | 合作时间 | 2026-10-20 | 付款方式 | 月结 | 信用状况 | <2 好 |",
    "| ^ | 存在的问题 | <6 账期长 |",
    "| 建档人 | 周敏 | 审核人 | | 保管人 | 吴昊 | | |",
)


@pytest.fixture
def read(rules):
    return lambda *lines: Read(rules, book(grid(*lines), path="蓉城物流.xlsx"))


def values(read: Read) -> dict[str, object]:
    (record,) = read.records
    return {name: value for name, value in record.values.items() if value is not None}


def test_a_customer_s_file_on_a_long_card_with_four_blocks_is_read_whole(read):
    result = read(*LONG)

    assert [] == result.said()
    assert {
        "file_no": "KH-007", "filed_on": date(2026, 11, 3), "refreshed_on": date(2026, 11, 3), "filed_by": "周敏", "kept_by": "吴昊",
        "customer_name": "蓉城物流有限公司", "ownership": "private", "credit_code": "91510100MA62ABCD1X", "industry": "transport",
        "legal_person": "王强", "legal_person_phone": "02888880000", "contact": "李娜", "contact_title": "采购主管", "contact_phone": "13800001111",
        "address": "成都市物流大道1号", "postcode": "610000", "phone": "02888881111", "bank": "工行物流支行", "bank_account": "4402000009000001234",
        "registered_capital": 5_000_000.0, "founded_on": "2015.6", "supervised_by": "不涉及", "customer_class": "important", "credit": "A",
        "region": "西南", "potential": "大", "outlook": "无", "main_business": "干线运输、城市配送\n自有货车 30 辆", "turnover": "3000万",
        "first_deal_on": date(2026, 10, 20), "payment_terms": "月结", "credit_state": "好", "problems": "账期长",
        "said_none": "fax、supervised_by、outlook",
    } == values(result)  # fmt: skip


def test_what_somebody_is_like_at_heart_is_not_read_nor_taken_for_a_value(read):
    result = read(*LONG, "| 经营者 | | 性格 | 急躁 | 家庭状况 | 已婚 | | |")

    assert "直爽" not in str(result.records)
    assert "急躁" not in str(result.records)
    assert "operator" not in values(result)


def test_the_phone_of_somebody_nobody_asked_for_is_not_the_company_s(read):
    lines = [line.replace("公司电话", "网址").replace("028-8888 1111", "www.example.com") for line in LONG]
    lines[4:7] = [line.replace("| 法人代表 |", "| 财务主管 |") for line in lines[4:7]]

    found = values(read(*lines))

    assert ({"phone", "legal_person", "legal_person_phone"} & set(found), "李娜") == (set(), found["contact"])


def test_an_empty_box_below_a_wide_label_is_no_value_and_the_box_is_where_it_is_asked_for(read):
    (record,) = read(*(line.replace("干线运输、城市配送\\n自有货车 30 辆", "") for line in LONG)).records

    assert (None, "B15") == (record.values["main_business"], record.cells["main_business"])


def test_a_long_card_is_known_as_the_customer_s_file_under_each_of_its_names(rules):
    for title in ("客户信息登记表", "企业客户档案登记表", "客户档案表"):
        lines = [line.replace("客户信息登记表", title) for line in LONG]
        (match,) = recognise(book(grid(*lines)), rules, lexicons(rules))
        assert ("customer_profile", ()) == (match.form, match.rivals)


def test_words_that_are_none_and_a_code_cut_short_by_excel_are_asked_about(read):
    lines = [
        line.replace("'91510100MA62ABCD1X", "4.10881E+17").replace("| 一类 | A |", "| 五类 | D |") for line in LONG
    ]

    result = read(*lines)

    assert [
        ("cell.precision-lost", "warning", "C4"), ("word.unknown", "warning", "G11"), ("word.unknown", "warning", "H11"),
    ] == result.said()  # fmt: skip


def test_a_file_without_its_customer_is_held_and_one_filed_in_the_future_too(read):
    nameless = [line.replace("蓉城物流有限公司", "") for line in LONG]
    early = [line.replace("2026年11月3日", "2026年12月3日") for line in LONG]

    assert ("missing", "error", "C3") in read(*nameless).said()
    assert ("customer_profile.future", "error", "E2") in read(*early).said()


def test_the_same_customer_handed_in_again_is_one_file_brought_up_to_date(tmp_path):
    home = new_home(tmp_path / "home")
    sheet = [
        ["客户档案登记表"],
        ["客户名称", "蓉城物流有限公司", "企业性质", "民营"],
        ["所属行业", "运输", "客户类别", "重要"],
        ["信誉", "A级", "联系人", "李娜"],
        ["地址", "成都市", "联系电话", "13800001111"],
        ["建档日期", "2026-11-01", "建立人", "周敏"],
    ]
    drop(home, "周敏/蓉城.xlsx", xlsx({"蓉城": sheet}))
    first = run(home)
    sheet[4][1] = "成都市物流大道1号"
    drop(home, "周敏/蓉城(更新).xlsx", xlsx({"蓉城": [*sheet, ["更新日期", "2026-11-06"]]}), "2026-11-06 18:00")
    second = run(home, date(2026, 11, 6))

    assert ({"accepted"}, {"accepted"}) == ({*verdicts(first).values()}, {*verdicts(second).values()})
    assert [("蓉城物流有限公司", "成都市物流大道1号", date(2026, 11, 6))] == [
        (row["customer_name"], row["address"], row["refreshed_on"])
        for row in rows(home, "customer_profile", date(2026, 11, 6))
    ]
    told = load_workbook(home.outbox / "2026-11-06" / "其他台账.xlsx")["档案登记"].iter_rows(values_only=True)
    assert ["138****1111"] == [value for row in told for value in row if "****" in str(value)]


def test_a_heading_as_wide_as_the_card_is_no_value_of_the_label_above_it(read):
    result = read(
        "| <4 客户档案表 |", "| <4 基础资料 |", "| 客户名称 | 甲公司 | 企业性质 | |", "| 地址 | | 邮编 | |", "| 信誉 | | 电话 | |", "| <4 客户特征 |",
        "| 服务区域 | | 销售能力 | |", "| 经营观念 | | 发展潜力 | |",
    )  # fmt: skip

    assert {"customer_name": "甲公司"} == values(result)
