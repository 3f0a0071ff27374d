"""What the rest of the house writes in October: showroom checks, the car stock, visits to firms, lent files, invoices. Fixed words, no chance.

The figures are few and each makes a sheet of 其他台账 speak: a failure that comes back, cars that stand too long, a promise
nobody answered, a file that is not back, an invoice number that is missing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta
from typing import Final

from pipeline.demo.seasons import EVE
from pipeline.demo.sheet import Sheet

_STANDARDS: Final = (
    "门头、灯箱完好,天黑前亮灯", "门前车位整齐,来客车位空出", "地面、玻璃、展台干净无污渍", "灯具全部能亮且清洁", "客户进门有人迎接并问候", "三分钟内递上饮料",
    "展车车身、轮毂、内饰清洁", "展车配置牌、价格牌与实车一致", "展车不锁、座椅和后视镜复位", "洽谈桌面整洁、资料齐全", "着装、工牌、仪容符合要求", "值班顾问在岗,不扎堆闲聊",
)  # fmt: skip
# The points of each Thursday, standard by standard: nobody brings a drink within three minutes, and one lamp stays dark.
_POINTS: Final[Mapping[date, tuple[int, ...]]] = {
    date(2026, 9, 24): (5, 3, 3, 4, 5, 5, 4, 5, 5, 4, 5, 5),
    date(2026, 10, 8): (5, 4, 4, 5, 5, 0, 4, 5, 5, 4, 5, 5),
    date(2026, 10, 15): (5, 4, 4, 3, 5, 0, 5, 0, 5, 5, 5, 5),
    date(2026, 10, 22): (5, 5, 5, 3, 5, 0, 4, 5, 5, 4, 5, 0),
    date(2026, 10, 29): (5, 5, 5, 3, 0, 5, 5, 5, 5, 4, 5, 5),
}
_CARS: Final = (  # 车架号, 车型, 颜色, 入库, 进价, 状态, 出库
    ("LDBDEM0A1T0000101", "云途", "珠光白", date(2026, 6, 18), 96000, "现车", None),
    ("LDBDEM0A1T0000102", "远景S7", "火山灰", date(2026, 7, 9), 128000, "展车", None),
    ("LDBDEM0A1T0000103", "云途PLUS", "曜石黑", date(2026, 7, 22), 112000, "现车", None),
    ("LDBDEM0A1T0000104", "远景S5", "星空蓝", date(2026, 8, 20), 104000, "现车", None),
    ("LDBDEM0A1T0000105", "星驰GT", "曜石黑", date(2026, 8, 27), 165000, "试驾车", None),
    ("LDBDEM0A1T0000106", "云途", "火山灰", date(2026, 9, 11), 96000, "已订", None),
    ("LDBDEM0A1T0000107", "云途", "星空蓝", date(2026, 9, 18), 96000, "现车", None),
    ("LDBDEM0A1T0000108", "远景S7", "珠光白", date(2026, 9, 25), 128000, "已售", date(2026, 10, 17)),
    ("LDBDEM0A1T0000109", "301", "珠光白", date(2026, 9, 28), 73000, "现车", None),
    ("LDBDEM0A1T0000110", "云途PLUS", "珠光白", date(2026, 10, 6), 112000, "现车", None),
    ("LDBDEM0A1T0000111", "远景S5", "火山灰", date(2026, 10, 12), 104000, "现车", None),
    ("LDBDEM0A1T0000112", "301", "星空蓝", date(2026, 10, 20), 73000, "现车", None),
    ("LDBDEM0A1T0000113", "星驰GT", "珠光白", None, 165000, "在途", None),
)
_LOOKED_AT: Final = (
    "漆面",
    "玻璃",
    "轮胎",
    "车门",
    "油液",
    "蓄电池",
    "管路",
    "内饰",
    "仪表",
    "空调",
    "灯光",
    "制动",
    "随车工具",
    "钥匙",
)
_FAILED: Final = {"漆面": ("不合格", "右后门划痕", None, ""), "蓄电池": ("不合格", "电压低", date(2026, 10, 9), "合格")}
_CALLS: Final = (  # 计划日, 客户, 联系人, 目的, 预约, 看记录
    (date(2026, 10, 13), "江北物流公司", "周经理", "关系拓展", date(2026, 10, 10), date(2026, 10, 12)),
    (date(2026, 10, 14), "城北驾校", "吴校长", "网点开发", date(2026, 10, 13), None),
    (date(2026, 10, 20), "南门出租车公司", "郑主任", "合同谈判", date(2026, 10, 16), date(2026, 10, 19)),
    (date(2026, 10, 27), "江北物流公司", "周经理", "合同谈判", date(2026, 10, 23), date(2026, 10, 26)),
    (date(2026, 10, 29), "高新区物业", "韩经理", "新品推广", None, None),
)
_BEEN: Final = (  # 日期, 客户, 受访人, 约定, 到达, 目的, 内容, 结果, 上次承诺答复, 后续事项, 期限, 有效否
    (date(2026, 10, 13), "江北物流公司", "周经理、车队孙队长", "10:00", "9:45", "关系拓展", "看了车队用车,年底要换 6 台", "愿意看报价", "", "给出 6 台团购报价", date(2026, 10, 20), "有效"),
    (date(2026, 10, 14), "城北驾校", "吴校长", "14:00", "14:10", "网点开发", "谈了合作推荐", "要和股东商量", "", "无", None, "未达到预期"),
    (date(2026, 10, 27), "江北物流公司", "周经理", "15:00", "14:45", "合同谈判", "谈了交车时间", "价格还没有谈", "", "送一台云途试用", date(2026, 11, 5), "有效"),
)  # fmt: skip
_LENT: Final = (  # 借出, 借阅人, 部门, 档案号, 档案, 密级, 期限, 归还, 审批人
    (date(2026, 10, 9), "周敏", "售后", "DA-0917", "江北物流公司合同", "秘密", "7天", None, "何经理"),
    (date(2026, 10, 14), "王芳", "销售", "DA-0922", "城北驾校客户档案", "内部", "3天", date(2026, 10, 16), "何经理"),
    (date(2026, 10, 28), "张伟", "销售", "DA-0931", "南门出租车公司档案", "内部", "一周", None, "何经理"),
)
_MADE: Final = (  # 日期, 号码, 客户, 货物, 金额, 税额, 合计, 状态, 到款, 交车, 领取人, 领取日期
    (date(2026, 10, 12), "00340117", "江北物流公司", "云途", 99115.04, 12884.96, 112000, "正常", date(2026, 10, 10), date(2026, 10, 16), "李明", date(2026, 10, 12)),
    (date(2026, 10, 15), "00340118", "东城商贸公司", "远景S7", 132743.36, 17256.64, 150000, "正常", date(2026, 10, 15), date(2026, 10, 17), "陈静", date(2026, 10, 16)),
    (None, "00340119", "", "", None, None, None, "作废", None, None, "", None),
    (date(2026, 10, 21), "00340121", "西湖装饰公司", "301", 76106.19, 9893.81, 86000, "正常", date(2026, 10, 20), None, "", None),
    (date(2026, 10, 29), "00340122", "高新区物业", "云途PLUS", 115044.25, 14955.75, 130000, "正常", date(2026, 10, 30), date(2026, 10, 28), "张伟", date(2026, 10, 29)),
)  # fmt: skip


def papers(evening: date) -> Iterator[tuple[str, str]]:
    """Yield the office's files of an evening: path, and the word by which the plant and `drawn` know what stands in it."""
    if evening in _POINTS or evening == EVE:
        yield f"办公室/展厅检查{_last_check(evening):%m%d}.xlsx", "office:inspection"
    for days, path, word in _SAVED:
        if evening.day in days and evening.month == _OCTOBER:
            yield path, f"office:{word}"


def drawn(word: str, evening: date) -> list[Sheet]:
    """Return the sheets of one of the office's files as they lay there that evening."""
    return [_DRAWN[word](evening)]


def _last_check(evening: date) -> date:
    return max(day for day in _POINTS if day <= evening)


def _inspection(evening: date) -> Sheet:
    sheet = Sheet("检查")
    sheet.wide("展厅检查评分表", 6)
    on = _last_check(evening)
    sheet.add("检查日期", on, None, "检查人", "何经理")
    sheet.add("被检部门", "展厅")
    sheet.add("序号", "检查标准", "得分", "备注")
    for number, (standard, points) in enumerate(zip(_STANDARDS, _POINTS[on], strict=True), 1):
        sheet.add(number, standard, points, "" if points else "没有做到")
    return sheet


def _stock(evening: date) -> Sheet:
    sheet = Sheet("库存")
    sheet.wide("商品车库存台账", 9)
    sheet.add("仓库", "城北库")
    sheet.add("序号", "车架号", "车型", "颜色", "入库日期", "进价", "状态", "出库日期", "备注")
    known = [car for car in _CARS if car[3] is None or car[3] <= evening]
    for number, (vin, model, colour, since, cost, state, left) in enumerate(known, 1):
        gone = left is not None and left <= evening
        sheet.add(
            number,
            vin,
            model,
            colour,
            since,
            cost,
            state if gone or left is None else "现车",
            left if gone else None,
            "",
        )
    return sheet


def _check(evening: date) -> Sheet:
    sheet = Sheet("检查单")
    sheet.wide("新车质量检查表", 6)
    sheet.add("车架号", _CARS[9][0], None, "车型", _CARS[9][1])
    sheet.add("检查日期", evening - timedelta(days=2), None, "检查人", "赵师傅")
    sheet.add("序号", "检查项目", "结果", "问题", "复检日期", "复检结果")
    for number, item in enumerate(_LOOKED_AT, 1):
        sheet.add(number, item, *_FAILED.get(item, ("合格", "", None, "")))
    return sheet


def _plan(evening: date) -> Sheet:
    sheet = Sheet("10月计划")
    sheet.wide("销售人员外出拜访计划表", 8)
    sheet.add("填表人", "李明", None, "填表日期", date(2026, 10, 9), None, "部门", "销售部")
    sheet.add("序号", "客户名称", "联系人", "拜访日期", "拜访方式", "预期目的", "预约日期", "查看上次记录")
    for number, (on, firm, whom, why, *before) in enumerate(_CALLS, 1):
        sheet.add(number, firm, whom, on, "实地", why, *(day if day and day <= evening else None for day in before))
    return sheet


def _visits(evening: date) -> Sheet:
    sheet = Sheet("10月拜访")
    sheet.wide("客户拜访登记表", 12)
    sheet.add("拜访人", "李明")
    sheet.add(
        "拜访日期",
        "客户名称",
        "受访人",
        "约定时间",
        "到达时间",
        "拜访目的",
        "拜访内容",
        "拜访结果",
        "上次承诺答复",
        "后续事项",
        "承诺期限",
        "有效否",
    )
    for line in _BEEN:
        if line[0] <= evening:
            sheet.add(*line)
    return sheet


def _loans(evening: date) -> Sheet:
    sheet = Sheet("借阅")
    sheet.wide("客户档案借阅登记表", 9)
    sheet.add("借阅日期", "借阅人", "部门", "档案编号", "档案名称", "密级", "借阅期限", "归还日期", "审批人")
    for lent, *said, back, approver in _LENT:
        if lent <= evening:
            sheet.add(lent, *said, back if back and back <= evening else None, approver)
    return sheet


def _invoices(evening: date) -> Sheet:
    sheet = Sheet("10月")
    sheet.wide("增值税专用发票领取登记表", 14)
    sheet.add("月份", "2026年10月")
    sheet.add(
        "发票代码",
        "开票日期",
        "发票号码",
        "客户名称",
        "货物",
        "金额",
        "税额",
        "价税合计",
        "状态",
        "到款日期",
        "交车日期",
        "领取人",
        "领取日期",
        "备注",
    )
    for on, number, firm, goods, *rest in _MADE:
        if (on or evening) <= evening:
            sheet.add("5101203160", on, number, firm, goods, *rest, "打印错位" if rest[3] == "作废" else "")
    return sheet


_OCTOBER: Final = 10
_SAVED: Final[tuple[tuple[tuple[int, ...], str, str], ...]] = (  # days of October on which the file is saved
    ((12, 31), "办公室/车辆库存台账.xlsx", "stock"),
    ((9,), "办公室/PDI检查.xlsx", "check"),
    ((9, 28), "李明/10月拜访计划.xlsx", "plan"),
    ((14, 27), "李明/10月拜访登记.xlsx", "visits"),
    ((16, 28), "办公室/档案借阅登记.xlsx", "loans"),
    ((22, 30), "财务/10月发票登记.xlsx", "invoices"),
)
_DRAWN: Final[Mapping[str, Callable[[date], Sheet]]] = {
    "inspection": _inspection, "stock": _stock, "check": _check, "plan": _plan, "visits": _visits, "loans": _loans, "invoices": _invoices,
}  # fmt: skip
