"""The eighteen property registers as offices keep them: other titles, header words and orders than ours, and what each row says.

    "property_event": Drawn((title row, header row, rows …), ("happened_on", …), [(date(2026, 11, 3), …)])

Every person, number and plate is invented.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any


@dataclass(frozen=True)
class Drawn:
    """One register as it was handed in: its lines, the fields looked at, and what each of its records must say of them."""

    lines: tuple[str, ...]
    fields: tuple[str, ...]
    told: tuple[tuple[Any, ...], ...]


def day(text: str) -> date:
    return date.fromisoformat(text)


SHEETS: dict[str, Drawn] = {
    "property_profile": Drawn(
        (
            "| <9 XX物业 住户档案登记表 |",
            "| 项目: | 锦绣小区 | | | 编号:QMS-PM-31301 |",
            "| 序号 | 业主姓名 | 房号 | 性别 | 身份证号码 | 手机 | 入住日期 | 建筑面积(㎡) | 合同起讫时间 | 业主/租户 | 备注 |",
            "| 1 | 钱 进 | 19号楼0201室 | 男 | '410000199001010012 | '138-0000-1111 | '2013.1.1 | 89.5 | | 业主 | |",
            "| 2 | 蓝天公司 | 19#-0302 | / | '91410000MA0000000X | 13800002222 | 2013年5月2日 | '120㎡ | '2025.12.1-2026.11.30 | 承租人 | 办公 |",
            "| 合计 | | | | | | | | | | |",
        ),
        ("site", "unit", "holder", "tenure", "phone", "moved_in_on", "area", "lease_until"),
        (
            ("锦绣小区", "19#-0201", "钱进", "owner", "13800001111", day("2013-01-01"), 89.5, None),
            ("锦绣小区", "19#-0302", "蓝天公司", "tenant", "13800002222", day("2013-05-02"), 120.0, day("2026-11-30")),
        ),
    ),
    "property_emergency": Drawn(
        (
            "| <7 客户紧急联系方式(2026年) |",
            "| 房号 | 公司名称 | 紧急联系人 | 关系 | 单位电话 | 手机号 | 24小时电话 |",
            "| 19#-0302 | 蓝天公司 | 孙丽 | 行政 | '6600-1234转8 | 13800003333 | |",
            "| | | 周敏 | 经理 | | | '66001235 |",
            "| 19-0201 | 钱进 | 钱太太 | 夫妻 | / | '138 0000 4444 | |",
        ),
        ("unit", "holder", "contact", "relation", "office_phone", "phone", "night_phone"),
        (
            ("19#-0302", "蓝天公司", "孙丽", "行政", "6600-1234转8", "13800003333", None),
            ("19#-0302", "蓝天公司", "周敏", "经理", None, None, "66001235"),
            ("19#-0201", "钱进", "钱太太", "夫妻", None, "13800004444", None),
        ),
    ),
    "property_bike": Drawn(
        (
            "| <8 锦绣小区电动车登记表 |",
            "| 登记日期 | 牌号 | 车主 | 房间号 | 联系方式 | 车种 | 颜色 | 退牌日期 |",
            "| '11.2 | '0035 | 赵敏 | 3号楼2单元501 | 13800005555 | 电瓶车 | 红 | |",
            "| '11.2 | A12 | 王强 | 3#-2-502 | / | 平衡车 | | '11.4 |",
        ),
        ("issued_on", "tag_no", "holder", "unit", "phone", "vehicle", "returned_on"),
        (
            (day("2026-11-02"), "0035", "赵敏", "3#-2-501", "13800005555", "ebike", None),
            (day("2026-11-02"), "A12", "王强", "3#-2-502", None, "平衡车", day("2026-11-04")),
        ),
    ),
    "property_event": Drawn(
        (
            "| <7 突发事件记录 QMS-PM-31304 |",
            "| 发生时间 | 发生地点 | 房号 | 事件经过 | 处理措施 | 处理结果 | 值班人 |",
            "| 2026-11-03 21:40 | 地下车库 | | 水管爆裂,积水 | 关总阀、抽水 | 已修复 | 周敏 |",
            "| '11月4日 | 大堂 | 19栋0302 | 住户与快递员争执 | 劝离 | | 周敏 |",
            "| 主管签字: | | | | | | |",
        ),
        ("happened_on", "place", "unit", "account", "handling", "result", "reporter"),
        (
            (day("2026-11-03"), "地下车库", None, "水管爆裂,积水", "关总阀、抽水", "已修复", "周敏"),
            (day("2026-11-04"), "大堂", "19#-0302", "住户与快递员争执", "劝离", None, "周敏"),
        ),
    ),
    "property_parking": Drawn(
        (
            "| <10 地下停车位台账 |",
            "| 停车位号 | 业主 | 单元房号 | 联系电话 | 车牌号码 | 车位状态 | 协议编号 | 租赁期限 | 缴费方式 | 缴费至 |",
            "| B-012 | 钱进 | 19#-0201 | 13800001111 | 豫a·12345 | 已购 | HT-001 | | 一次付清 | |",
            "| b-013 | 蓝天公司 | 19#-0302 | / | 豫A6789Z | 出租 | HT-002 | '2013.1.1-2013.12.31 | 半年付 | '2013.6.30 |",
            "| B-014 | | | | | 空 | | | | |",
        ),
        ("space_no", "state", "unit", "plate", "contract_from", "contract_until", "payment", "paid_until"),
        (
            ("B-012", "bought", "19#-0201", "豫A12345", None, None, "once", None),
            (
                "B-013",
                "rented",
                "19#-0302",
                "豫A6789Z",
                day("2013-01-01"),
                day("2013-12-31"),
                "half_year",
                day("2013-06-30"),
            ),
            ("B-014", "vacant", None, None, None, None, None, None),
        ),
    ),
    "property_parking_pass": Drawn(
        (
            "| <9 停车卡发放登记 |",
            "| 卡号 | 车牌 | 车型 | 颜色 | 车主 | 门牌号 | 发卡日期 | 有效期限 | 退卡日期 |",
            "| 301 | 豫A12345 | 轿车 | 白 | 钱进 | 19-0201 | 2026/1/1 | '2026.1.1-12.31 | |",
            "| 302 | 豫A6789Z | SUV | 黑 | 蓝天公司 | 19#-0302 | 2026/1/5 | '2026-06-30 | '2026.7.1 |",
        ),
        ("pass_no", "plate", "holder", "unit", "issued_on", "valid_from", "valid_until", "returned_on"),
        (
            ("301", "豫A12345", "钱进", "19#-0201", day("2026-01-01"), day("2026-01-01"), day("2026-12-31"), None),
            ("302", "豫A6789Z", "蓝天公司", "19#-0302", day("2026-01-05"), None, day("2026-06-30"), day("2026-07-01")),
        ),
    ),
}
