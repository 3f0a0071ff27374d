"""Reads a drawn workbook as the night does, and tells what it says."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from pipeline.extract import extract
from pipeline.grid import Book
from pipeline.layout.lexicon import lexicons
from pipeline.model import Finding, Record
from pipeline.normalise import normalise
from pipeline.recognise import recognise
from pipeline.rulebook.rulebook import Rulebook
from pipeline.validate import validate

REGISTER = "| 序号 | 顾客名称 | 电话 | 意向级别 | 进店时间 | 离店时间 | 销售顾问 | 试驾 | 注释 |"


class Read:
    """What a workbook says, and what was found wrong with it."""

    def __init__(self, rules: Rulebook, one: Book) -> None:
        self.rules, words = rules, lexicons(rules)
        self.entries = extract(one, recognise(one, rules, words), rules, words).entries
        self.records: list[Record]
        self.findings: list[Finding]
        self.records, self.findings = normalise(one, self.entries, rules)

    def told(self, *fields: str, kind: str = "") -> list[tuple[Any, ...]]:
        return [
            tuple(record.values.get(name, record.context.get(name)) for name in fields)
            for record in self.records
            if kind in {"", record.kind}
        ]

    def said(self, on: date = date(2026, 11, 30)) -> list[tuple[str, str, str]]:
        """Return code, level and cell of everything found, by reading and by the rules of the form."""
        found = validate([("a.xlsx", record) for record in self.records], self.rules, on)
        return [(finding.code, finding.level, finding.cell) for finding in (*self.findings, *found)]

    def slips(self) -> list[tuple[str, str, str, int]]:
        return [(finding.code, finding.level, finding.cell, finding.order) for finding in self.findings]


def register(read: Callable[..., Read], *rows: str, day: str = "2026-11-05") -> Read:
    """Read these rows of a visitor register of one day."""
    return read(f"| 日期 | {day} |", REGISTER, *rows)


TRACKER = (
    "| 销售顾问 | 李明 | | 月份 | 2026-12 |",
    "| 客户姓名 | 电话 | 初始级别 | <4 第1次回访 | <4 第2次回访 | 战败原因 |",
    "| ^ | ^ | ^ | 计划日期 | 实际日期 | 回访后级别 | 下次回访日期 | 计划日期 | 实际日期 | 回访后级别 | 下次回访日期 | ^ |",
)
