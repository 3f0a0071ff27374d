"""Draws the visitor register: our own blank, the store's older day sheet, a month's list, and a list with the date in three columns."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pipeline.demo.lines import Paper, Visit
from pipeline.demo.people import HABITS, Habits
from pipeline.demo.sheet import Sheet
from pipeline.demo.spelling import (
    CHANNELS,
    SOURCES,
    VISIT_KINDS,
    Cell,
    word,
    written_level,
    written_phone,
    written_range,
    written_tick,
    written_time,
)  # fmt: skip

_NUMBERED = 30
_AHEAD = 20  # rows with the year filled in and nothing else
_REPEATS = 3  # the old form's title stands again to the right of the table
WEEKDAYS = "一二三四五六日"


def new_day(paper: Paper) -> Sheet:
    """Draw a day on our own blank: numbered rows, total, signatures, legend."""
    on = paper.on
    sheet = Sheet(f"{on.month}月{on.day}日")
    sheet.wide("来店(电)顾客登记表", 15)
    sheet.add("日期", f"{on.year}年{on.month}月{on.day}日 星期{WEEKDAYS[on.weekday()]}")
    sheet.add(
        "序号", "顾客名称", "电话", "到访方式", "来访性质", "拟购车型", "意向级别", "进店时间", "离店时间", "销售顾问", "客户来源", "人数", "试乘试驾",
        "现场订购", "注释",
    )  # fmt: skip
    visits = list(_visits(paper))
    for turn, (visit, hand) in enumerate(visits):
        sheet.add(
            turn + 1, visit.customer_name, _phone(visit, hand), word(CHANNELS, visit.channel), word(VISIT_KINDS, visit.visit_kind),
            _model(visit), _level(visit, hand), _arrived(visit, hand), _left(visit, hand), _consultant(hand, turn),
            word(SOURCES, visit.source, 1), visit.party_size, written_tick(hand.tick, yes=visit.test_driven),
            written_tick(hand.tick, yes=visit.ordered), visit.note,
        )  # fmt: skip
    for number in range(len(visits) + 1, _NUMBERED + 1):
        sheet.add(number)
    sheet.add("合计", f"{len(visits)}批")
    sheet.add("审核：", None, None, "展厅主管：", None, None, "日期：")
    sheet.wide("注：没留资料的顾客也要登记，电话栏写明原因。", 15)
    return sheet


def old_day(paper: Paper) -> Sheet:
    """Draw a day on the store's older form: other words, stays in one cell, a header of two rows, the title once more at the right."""
    on = paper.on
    sheet = Sheet(f"{on.month:02d}.{on.day:02d}")
    titles: list[Cell] = []
    for repeat in range(_REPEATS):
        sheet.merges.append((0, repeat * 16, 0, repeat * 16 + 13))
        titles += ["展厅来店登记表", *[None] * 15]
    sheet.add(*titles)
    sheet.add(f"登记日期：{on.year}-{on.month:02d}-{on.day:02d}", None, None, None, "天气：", "晴")
    sheet.head((
        "序号", "客户姓名", "联系电话", "在店时段", "来店方式", "来店频率", "欲购车型", "级别", "业代", "渠道", "来访人数", ("结果", ("试驾", "订车")), "接待经过",
    ))  # fmt: skip
    for turn, (visit, hand) in enumerate(_visits(paper)):
        sheet.add(
            turn + 1, visit.customer_name, _phone(visit, hand), _stay(visit, turn), word(CHANNELS, visit.channel, 1), word(VISIT_KINDS, visit.visit_kind, 1),
            _model(visit), _level(visit, hand), _consultant(hand, turn), word(SOURCES, visit.source), f"{visit.party_size}人",
            written_tick(hand.tick, yes=visit.test_driven), written_tick(hand.tick, yes=visit.ordered), visit.note,
        )  # fmt: skip
    sheet.add("本页合计")
    sheet.add("前台人员：", None, None, None, "销售经理：")
    return sheet


def month_list(papers: Sequence[Paper]) -> Sheet:
    """Draw many days on one sheet, the date on the first row of each only."""
    sheet = Sheet("Sheet1")
    sheet.wide("2026年9月 展厅来店(电)客流量登记表", 16)
    sheet.add(
        "序号", "日期", "到访方式", "来访时间", "离去时间", "销售顾问", "客户姓名", "来访性质", "联系电话", "意向车型", "来店渠道", "级别", "来店人数", "试乘试驾", "订单",
        "备注",
    )  # fmt: skip
    for paper in papers:
        for turn, (visit, hand) in enumerate(_visits(paper)):
            sheet.add(
                turn + 1, f"{paper.on.month:02d}.{paper.on.day:02d}" if turn == 0 else None, word(CHANNELS, visit.channel),
                _arrived(visit, hand), _left(visit, hand), _consultant(hand, turn), visit.customer_name, word(VISIT_KINDS, visit.visit_kind, 2),
                _phone(visit, hand), _model(visit), word(SOURCES, visit.source), _level(visit, hand), visit.party_size,
                written_tick(hand.tick, yes=visit.test_driven), written_tick(hand.tick, yes=visit.ordered), visit.note,
            )  # fmt: skip
    sheet.add("合计", None, f"{sum(len(paper.lines) for paper in papers)}批")
    return sheet


def split_list(papers: Sequence[Paper]) -> Sheet:
    """Draw many days on one sheet, year, month and day in three columns, the year filled in far below the last row."""
    sheet = Sheet("客流")
    sheet.add(
        "登记年", "登记月", "登记日", "到店时间", "离开时间", "客户姓名", "联系电话", "到访方式", "客户性质分类", "意向车型", "是否试驾", "是否订车", "目前级别",
        "销售顾问", "客户来源", "人数", "需求描述",
    )  # fmt: skip
    for paper in papers:
        for turn, (visit, hand) in enumerate(_visits(paper)):
            sheet.add(
                paper.on.year, paper.on.month, paper.on.day, _arrived(visit, hand), _left(visit, hand), visit.customer_name,
                _phone(visit, hand), word(CHANNELS, visit.channel), word(VISIT_KINDS, visit.visit_kind, 3), _model(visit),
                written_tick(hand.tick, yes=visit.test_driven), written_tick(hand.tick, yes=visit.ordered), _level(visit, hand),
                _consultant(hand, turn), word(SOURCES, visit.source), visit.party_size, visit.note,
            )  # fmt: skip
    for _ in range(_AHEAD):
        sheet.add(papers[0].on.year)
    return sheet


def _visits(paper: Paper) -> Iterator[tuple[Visit, Habits]]:
    for line in paper.lines:
        if isinstance(line, Visit):
            yield line, HABITS[line.consultant]


def _consultant(hand: Habits, turn: int) -> str:
    return hand.aliases[0] if turn % 4 == 1 else hand.name


def _phone(visit: Visit, hand: Habits) -> Cell:
    if visit.slip == "phone" and visit.phone:
        return visit.phone[:-1]
    return written_phone(hand.phone, visit.phone, visit.refusal_reason)


def _level(visit: Visit, hand: Habits) -> str:
    return "X" if visit.slip == "level" else written_level(hand.level, visit.level)


def _arrived(visit: Visit, hand: Habits) -> Cell:
    return "25:70" if visit.slip == "arrived" else written_time(hand.time, visit.arrived_at)


def _left(visit: Visit, hand: Habits) -> Cell:
    return written_time(hand.time, "07:05" if visit.slip == "left" else visit.left_at)


def _stay(visit: Visit, turn: int) -> str:
    """One cell for both times; a stay that ends before it begins is the slip `left`."""
    if visit.slip == "arrived":
        return "上午来的"
    return written_range(visit.arrived_at, "07:05" if visit.slip == "left" else visit.left_at, turn)


def _model(visit: Visit) -> Cell:
    return float(visit.model) if visit.model.isdigit() else visit.model
