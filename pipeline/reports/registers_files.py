"""Reckons what customers' files owe: files made too late or not at all, customers with two files, how complete each file is.

customer_profile ┬ 建档超期          filed later than its days allow; D 类 customers who buy and have no file
       d_class ──┘
customer_profile ─ 疑似一户多档      names that read alike, or one 信用代码 under two names: nobody merges them unasked
                 └ 档案完整率        filled, or answered with 无, of all that the form's register asks for

Days, and the columns of a whole file, stand in the forms' `ledger:`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Any

from pipeline.ledgers import Reckoned, Row, register_of, rows_of_kind, source_of, spec_of
from pipeline.report import Column, Sheet, Table
from pipeline.rulebook.ledger import Due, Register
from pipeline.rulebook.rulebook import Rulebook
from pipeline.text import squeeze
from pipeline.view import View

_PLACE = Column("来源", "place")
_NO_FILE = "未建档"


def reckoned(view: View, rules: Rulebook) -> tuple[Reckoned, ...]:
    """Return what leads the sheet 客户档案, and the sheet 档案完整率; nothing where no file and no D 类 register ever came."""
    profiles, potential = rows_of_kind(view, "customer_profile"), rows_of_kind(view, "d_class")
    if not profiles and not potential:
        return ()
    register = register_of(rules.forms.get("customer_profile"), "customer_profile")
    late = [*_filed_late(profiles, register), *_unfiled(potential, profiles, register, view.on)]
    late.sort(key=lambda line: (line[5] != _NO_FILE, -line[4], line[0]))
    unfiled = sum(line[5] == _NO_FILE for line in late)
    doubles = tuple(_doubles(profiles, rules.row_words.get("company", ())))
    columns = (
        Column("客户名称"), Column("首次合作或集中建档", "date"), Column("应建档日期", "date"), Column("建档日期", "date"), Column("超期天数", "count", bar=True),
        Column("状态"), _PLACE,
    )  # fmt: skip
    alike = (Column("客户名称"), Column("另一份"), Column("为什么"), Column("信用代码"), Column("建立人"), Column("另一份建立人"), _PLACE, Column("另一份来源", "place"))  # fmt: skip
    tables = (
        Table("建档超期", columns, tuple(late), empty="没有超期建档和该建未建的"),
        Table("疑似一户多档", alike, doubles, empty="没有像同一家的两份档案"),
    )
    said = f"未建档 {unfiled} 家,疑似一户多档 {len(doubles)} 对" if unfiled or doubles else ""
    first = Reckoned(Sheet("客户档案", "客户档案", tables, said), unfiled, _NOTES)
    return (first, Reckoned(_completeness(profiles, register, rules))) if profiles else (first,)


_NOTES = (
    ("建档超期", "建档日期晚于期限的,和 D 类登记表上已有首次合作日期、过了期限还没有档案的;期限天数写在 customer_profile 的 due 里。"),
    ("疑似一户多档", "信用代码相同,或名称去掉括号和公司字样后相同的两份;只列出来,不代为合并。"),
    ("档案完整率", "(已填 + 明白写了无、不涉及的)÷ 应填栏目;应填栏目写在 customer_profile 的 complete 里。"),
)  # fmt: skip


def _filed_late(profiles: Sequence[Row], register: Register) -> Iterator[tuple[Any, ...]]:
    """Yield a line a file that was made after its day; a file of a campaign is counted from the campaign alone."""
    for row in profiles:
        filed = row["filed_on"]
        for due in register.due:
            start = row.get(due.on)
            if due.done != "filed_on" or not filed or not start or (row["campaign_on"] and due.on != "campaign_on"):
                continue
            by = start + timedelta(days=due.after)
            if filed > by:
                yield row["customer_name"], start, by, filed, (filed - by).days, "已建,超期", source_of(row, "filed_on")


def _unfiled(
    potential: Sequence[Row], profiles: Sequence[Row], register: Register, on: date
) -> Iterator[tuple[Any, ...]]:
    """Yield a line a D 类 customer who has bought, has no file, and whose days are over."""
    due = next((each for each in register.due if each.on == "first_deal_on"), Due(say="", on=""))
    known = {squeeze(str(row["customer_name"])) for row in profiles}
    for row in potential:
        start = row["first_deal_on"]
        if not due.on or not start or squeeze(str(row["customer_name"])) in known:
            continue
        by = start + timedelta(days=due.after)
        if on > by:
            yield row["customer_name"], start, by, None, (on - by).days, _NO_FILE, source_of(row, "first_deal_on")


def _doubles(profiles: Sequence[Row], endings: Sequence[str]) -> Iterator[tuple[Any, ...]]:
    """Yield a line a pair of files that may be one customer's, in the order of their names."""
    rows = sorted(profiles, key=lambda row: (str(row["customer_name"]), str(row["_key"])))
    for number, row in enumerate(rows):
        for other in rows[number + 1 :]:
            same = bool(row["credit_code"]) and row["credit_code"] == other["credit_code"]
            if not same and _bare(row, endings) != _bare(other, endings):
                continue
            yield (
                row["customer_name"], other["customer_name"], "信用代码相同" if same else "名称相近", row["credit_code"] or other["credit_code"],
                row["filed_by"], other["filed_by"], source_of(row, "customer_name"), source_of(other, "customer_name"),
            )  # fmt: skip


def _bare(row: Row, endings: Sequence[str]) -> str:
    """Return a company's name without brackets and the words that only say that it is a company."""
    name = squeeze(str(row["customer_name"]))
    ending = max((word for word in endings if name.endswith(word) and name != word), key=len, default="")
    return name.removesuffix(ending)


def _completeness(profiles: Sequence[Row], register: Register, rules: Rulebook) -> Sheet:
    """Return the files, the least complete first; shares stand beside what they are shares of."""
    asked, lines = register.complete, []
    for row in profiles:
        none = set(str(row["said_none"] or "").split("、"))
        said_none = [name for name in asked if name in none]
        filled = [name for name in asked if row.get(name) not in (None, "") and name not in none]
        lacks = [_label(rules, name) for name in asked if name not in (*filled, *said_none)]
        share = (len(filled) + len(said_none)) / len(asked) if asked else None
        lines.append(
            (row["customer_name"], rules.shown("customer_class", row["customer_class"]) if row["customer_class"] else None, len(filled), len(said_none),
             len(asked), share, "、".join(lacks) or None, row["filed_by"], source_of(row, "customer_name"))
        )  # fmt: skip
    lines.sort(key=lambda line: (line[5] or 0, line[0]))
    done, base = sum(line[2] + line[3] for line in lines), len(asked) * len(lines)
    columns = (
        Column("客户名称"), Column("客户类别"), Column("已填", "count"), Column("写了无", "count"), Column("应填", "count"), Column("完整率", "rate", bar=True),
        Column("还缺", "long"), Column("建立人"), _PLACE,
    )  # fmt: skip
    said = f"{len(lines)} 份档案,完整 {done / base:.0%}({done} ÷ {base} 项)" if base else ""
    return Sheet("档案完整率", "档案完整率", (Table("档案完整率", columns, tuple(lines)),), said)


def _label(rules: Rulebook, name: str) -> str:
    spec = spec_of(rules.forms["customer_profile"], "customer_profile", name)
    return spec.labels[0] if spec and spec.labels else name
