"""其他台账: a sheet per system of forms beside 三表一卡; what falls due first, then where approvals stand, then the registers.

A form joins by the `ledger:` of its YAML: no code. What a system reckons across its forms stands in a file `registers_<system>.py`
of its own, one function `(view, rules) -> tuple[Reckoned, ...]`, named in `_SYSTEMS` beside the sheet it follows:

    forms' ledgers ──────────→ 客户拜访 (due list, chains, registers)   a sheet per `ledger: sheet`, in the forms' order
    registers_visits.reckoned → 计划与实际, 未兑现承诺 …                  its sheets right after the one named

A reckoned sheet called like a system's own leads it: its tables stand above the due list (below, where it only tells), and what is overdue on both is summed.
A function returns () where its forms never came; `Reckoned.overdue` is what the page of the day tells the manager.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any, Final

from pipeline.labels import shown_as
from pipeline.ledgers import Debt, Reckoned, Row, dated, dues, order_of, rows_of_kind, source_of, spec_of, steps
from pipeline.report import Column, Ink, Report, Sheet, Table
from pipeline.reports import (
    registers_contracts,
    registers_files,
    registers_homes,
    registers_inspections,
    registers_invoices,
    registers_outreach,
    registers_property,
    registers_qualifications,
    registers_stock,
    registers_visits,
)
from pipeline.rulebook.form import FieldSpec, Form, Store
from pipeline.rulebook.ledger import Register
from pipeline.rulebook.rulebook import Rulebook
from pipeline.text import mask, mask_id, mask_in
from pipeline.view import View

# The sheet of 其他台账 that a system's own sheets follow, and the function that reckons them.
_SYSTEMS: Final[tuple[tuple[str, Callable[[View, Rulebook], tuple[Reckoned, ...]]], ...]] = (
    ("合同评审", registers_contracts.reckoned),
    (registers_visits.SYSTEM, registers_visits.reckoned),
    ("外拓", registers_outreach.reckoned),
    ("物业", registers_property.reckoned),
    ("展厅检查", registers_inspections.reckoned),
    ("客户档案", registers_files.reckoned),
    ("客户家访", registers_homes.reckoned),
    ("车辆库存", registers_stock.reckoned),
    ("资质发票", registers_invoices.reckoned),
    ("资质发票", registers_qualifications.reckoned),
)
_KEPT: Final = timedelta(days=366)  # a register shows a year; the master archive and the export have it all
_INKS: Final[Mapping[Store, Ink]] = {"date": "date", "count": "count", "number": "number"}
_LONG: Final = 20  # characters wide on the blank: a note that wraps
_PLACE: Final = Column("来源", "place")
_PERSONAL: Final = re.compile(r"1[3-9]\d{9}|[1-8]\d{5}(?:19|20)\d{9}[\dX]", re.ASCII)  # a mobile; an ID card


def build(view: View, rules: Rulebook) -> Report:
    """Return the registers at the end of the day; `figures` counts per sheet what is overdue."""
    sheets: dict[str, list[Form]] = {}
    for form in rules.forms.values():
        if form.ledger and any(view.tables.get(kind) and view.tables[kind].rows for kind in form.ledger.registers):
            sheets.setdefault(form.ledger.sheet, []).append(form)
    own = {name: list(_sheets(name, forms, view, rules)) for name, forms in sheets.items()}
    drawn = [each for found in own.values() for each in found]
    registers = {name: found[0].sheet.name for name, found in own.items() if found}
    for after, reckon in _SYSTEMS:
        drawn = _joined(drawn, after, registers, reckon(view, rules))
    notes = (*_notes(rules, sheets), *(note for each in drawn for note in each.notes))
    figures = {each.sheet.name: each.overdue for each in drawn if each.overdue}
    return Report("其他台账", view.on, tuple(each.sheet for each in drawn) or (_nothing(),), notes, figures)


def _joined(
    drawn: Sequence[Reckoned], after: str, registers: Mapping[str, str], more: Sequence[Reckoned]
) -> list[Reckoned]:
    """Return the sheets with a system's reckoned ones, each behind the one before it, the first behind the system's own sheet or at the end.

    One called like a sheet that is there leads it, or follows on it; one whose registers stand on another sheet comes before that.
    """
    found = list(drawn)
    for each in more:
        names = [one.sheet.name for one in found]
        name, own = each.sheet.name, registers.get(each.sheet.name, "")
        if name in names:
            at = names.index(name)
            found[at] = _led(each, found[at]) if each.leads else _led(found[at], each)
        elif own in names:
            found.insert(names.index(own), each)
        else:
            found.insert(names.index(after) + 1 if after in names else len(found), each)
        after = name
    return found


def _led(first: Reckoned, rest: Reckoned) -> Reckoned:
    said = ";".join(filter(None, (first.sheet.subtitle, rest.sheet.subtitle)))
    sheet = replace(first.sheet, tables=(*first.sheet.tables, *rest.sheet.tables), subtitle=said)
    return Reckoned(sheet, first.overdue + rest.overdue, (*first.notes, *rest.notes))


def _nothing() -> Sheet:
    return Sheet("台账", "其他台账", (Table("台账", (Column("台账"),), (), empty="还没有交过三表一卡以外的表"),))


def _sheets(name: str, forms: Sequence[Form], view: View, rules: Rulebook) -> Iterator[Reckoned]:
    """Yield a system's own sheet, as its forms' YAML says, then those its registers stand on where that is not the same."""
    kinds = [
        (form, kind, register) for form in forms if form.ledger for kind, register in form.ledger.registers.items()
    ]
    debts = [
        (form, kind, debt)
        for form, kind, register in kinds
        for debt in dues(rows_of_kind(view, kind), register, view.on)
    ]
    debts.sort(key=lambda each: -each[2].days)
    lists: dict[str, list[Table]] = {name: []}
    if any(register.due for _, _, register in kinds):
        lists[name].append(_due_table(debts, rules))
    for form, kind, register in kinds:
        rows = rows_of_kind(view, kind)
        tables = lists.setdefault(form.ledger.lists or name if form.ledger else name, [])
        if register.chain and rows:
            lists[name].append(_chain_table(form, kind, register, rows, rules))
        if rows:
            tables.append(_register(form, kind, register, rows, view.on, rules))
    late = sum(debt.days > 0 for _, _, debt in debts)
    for title, tables in lists.items():
        own = title == name
        if tables:
            yield Reckoned(
                Sheet(title, title, tuple(tables), f"逾期 {late} 项" if debts and own else ""), late if own else 0
            )


def _due_table(debts: Sequence[tuple[Form, str, Debt]], rules: Rulebook) -> Table:
    columns = (
        Column("表"), Column("事项"), Column("对象", "long"), Column("到期日", "date"), Column("逾期天数", "count", bar=True), Column("状态"), _PLACE,
    )  # fmt: skip
    rows = tuple(
        (
            form.title,
            debt.say,
            _about(form, kind, debt.row, rules),
            debt.due_on,
            max(debt.days, 0),
            _state(debt.days),
            source_of(debt.row),
        )
        for form, kind, debt in debts
    )
    return Table("到期与逾期", columns, rows, empty="没有到期和逾期的事项")


def _state(days: int) -> str:
    return f"已逾期 {days} 天" if days > 0 else "今天到期" if days == 0 else f"还有 {-days} 天"


def _about(form: Form, kind: str, row: Row, rules: Rulebook) -> str:
    """Return whom or what a record is about: the first columns of its register, as its writer would write them."""
    register = form.ledger.registers[kind] if form.ledger else Register()
    names = [name for part in rules.kinds[kind].key for name in part.split("|")]
    shown = (_shown(form, kind, name, row, rules) for name in dict.fromkeys((*register.show[:3], *names)))
    return " ".join(str(text) for text in shown if text is not None and not isinstance(text, date))


def _chain_table(form: Form, kind: str, register: Register, rows: Sequence[Row], rules: Rulebook) -> Table:
    assert register.chain is not None
    heads = [_label(form, kind, name) for name in register.chain.per]
    columns = (
        *(Column(head) for head in heads),
        Column("已过"),
        Column("下一步"),
        Column("不按顺序", "long"),
        Column("未通过"),
        _PLACE,
    )
    told = tuple(
        (
            *step.case,
            f"{step.taken}/{step.of}",
            step.next or None,
            "、".join(step.out_of_turn) or None,
            step.refused or None,
            source_of(step.row),
        )
        for step in steps(rows, register.chain, order_of(form, kind))
    )
    return Table(f"{rules.kinds[kind].title}进度", columns, told)


def _register(form: Form, kind: str, register: Register, rows: Sequence[Row], on: date, rules: Rulebook) -> Table:
    names = register.show or tuple(rules.kinds[kind].columns)
    columns = (*(_column(form, kind, name, rules) for name in names), _PLACE)
    recent = [row for row in rows if (dated(rules.kinds[kind], row) or on) >= on - _KEPT]
    recent.sort(
        key=lambda row: (
            -(dated(rules.kinds[kind], row) or on).toordinal(),
            str(row["_book"]),
            str(row["_sheet"]),
            int(row["_row"]),
            str(row["_key"]),
        )
    )
    told = tuple((*(_shown(form, kind, name, row, rules) for name in names), source_of(row)) for row in recent)
    return Table(rules.kinds[kind].title, columns, told, empty="近一年没有记录")


def _column(form: Form, kind: str, name: str, rules: Rulebook) -> Column:
    spec, store = spec_of(form, kind, name), rules.kinds[kind].columns[name]
    ink: Ink = "money" if spec and spec.is_ == "money" else "phone" if name == "phone" else _INKS.get(store, "text")
    return Column(_label(form, kind, name), "long" if spec and spec.width > _LONG and ink == "text" else ink)


def _label(form: Form, kind: str, name: str) -> str:
    """Return a column's word on the form; the two ends of a stretch are told apart."""
    spec = spec_of(form, kind, name)
    if spec is None or not spec.labels:
        return form.ledger.words.get(name, name) if form.ledger else name
    if name in spec.into:
        return f"{spec.labels[0]}{'起' if name == spec.into[0] else '止'}"
    return spec.labels[0]


def _shown(form: Form, kind: str, name: str, row: Row, rules: Rulebook) -> Any:
    """Return a value as a reader sees it: dates and numbers as they are, codes in words, what is private masked."""
    value, store = row.get(name), rules.kinds[kind].columns[name]
    if value is None or store in _INKS:
        return value
    if rules.privacy.mask_phones and name in rules.kinds[kind].private:
        return mask(str(value)) if name.endswith("phone") else mask_id(str(value))
    spec = spec_of(form, kind, name) or FieldSpec()
    if spec.is_ == "id":  # the number of a paper, not of a person: those are private
        return _papers_number(str(value), rules)
    return _several(value, spec, rules) if spec.is_ == "codes" else shown_as(name, value, spec, rules) or None


def _papers_number(number: str, rules: Rulebook) -> str | None:
    """Return the number of a contract, a file, an invoice as it is; what can only be somebody's phone or ID card stays masked."""
    return mask_in(number) if rules.privacy.mask_phones and _PERSONAL.fullmatch(number) else number or None


def _several(value: object, spec: FieldSpec, rules: Rulebook) -> str:
    return "、".join(rules.shown(spec.words, code) for code in str(value).split("、"))


def _notes(rules: Rulebook, sheets: Mapping[str, Sequence[Form]]) -> tuple[tuple[str, str], ...]:
    return (
        (
            "到期与逾期",
            "到期日的次日起算逾期;列出已逾期的、今天到期的和提前提醒天数之内的。规则写在各表 YAML 的 ledger 里。",
        ),
        ("登记", "每种表列近一年的记录,新的在前;更早的在导出和主档案里。"),
        *((name, said) for name, forms in sheets.items() for said in _said(forms, rules)),
    )


def _said(forms: Sequence[Form], rules: Rulebook) -> Iterator[str]:
    for form in forms:
        for kind, register in form.ledger.registers.items() if form.ledger else ():
            for due in register.due:
                days = (
                    "、".join(
                        f"{rules.shown(name, code)} {n} 天"
                        for name, by in due.after_by.items()
                        for code, n in by.items()
                    )
                    if due.after_by
                    else f"{due.after} 天"
                )
                start = _label(form, kind, due.on)
                yield (
                    f"{form.title}:{due.say} = {start}"
                    + (f"后 {days}" if due.after or due.after_by else "")
                    + f",提前 {due.ahead} 天列出。"
                )
