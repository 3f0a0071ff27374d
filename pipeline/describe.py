"""Tells what a form is in words a clerk understands, from the rules themselves."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pipeline.rulebook.form import FieldSpec, Form, Part, Rule
from pipeline.rulebook.ledger import Item
from pipeline.rulebook.rulebook import Rulebook
from pipeline.say import fill

_LAYOUTS = {
    "list": "列表",
    "card": "卡片",
    "repeat": "卡片(可多张)",
    "groups": "第n次 分组",
    "month_grid": "1–31 日格子",
    "checklist": "固定项目",
}
_MEANINGS = {
    "text": "文字", "name": "称呼", "phone": "电话", "date": "日期", "month": "月份", "time": "时间", "time_range": "时段", "minutes": "分钟", "count": "个数",
    "money": "金额(元)", "tick": "打勾", "code": "词表", "level": "级别", "level_or_outcome": "级别或结果", "consultant": "顾问姓名", "vin": "车架号", "plate": "车牌",
    "codes": "词表(可多个)", "date_range": "起止日期", "number": "数字", "id": "证号编号", "score": "得分", "unit": "房号",
}  # fmt: skip


def forms_table(rules: Rulebook, *, markdown: bool) -> str:
    """Return the list of forms: id, title, lay-out, what it yields, what it cannot do without; as markdown also its fields and rules, folded away."""
    rows = [("form", "中文", "layout", "yields", "必填")]
    rows += [
        (form.form, form.title, _joined(_layouts(form)), _joined(_kinds(form)), "、".join(_held(form)))
        for form in rules.forms.values()
    ]
    if markdown:
        told = [("form", "栏目", "规则"), *((form.form, _fields(form), _rules(form)) for form in rules.forms.values())]
        folded = "<details><summary>每种表的栏目(粗体必填)和规则(只提醒的带 ?)</summary>"
        return "\n".join([_markdown(rows), "", folded, "", _markdown(told), "", "</details>"])
    return "\n".join("  ".join(row) for row in rows)


def form_text(rules: Rulebook, name: str) -> str:
    """Return everything a clerk may want to know of one form."""
    form = rules.forms[name]
    lines = [f"{form.title}({form.form},第 {form.version} 版)", f"也叫:{'、'.join(form.titles)}"]
    if form.above:
        lines += ["", "表格上方", *(_field(rules, spec) for spec in form.above.values())]
    for part in form.parts.values():
        lines += [
            "",
            f"{part.title or rules.kinds[part.yields].title}({_LAYOUTS[part.layout.kind]},记为 {part.yields})",
        ]
        lines += [_field(rules, spec) for spec in part.fields.values() if spec.labels or spec.split]
        lines += [f"  项目 {item.no}:{item.text}{_scored(item)}" for item in part.items]
        lines += [f"  规则 {rule.id}:{_rule(rules, rule)}" for rule in part.rules]
    return "\n".join([*lines, "", *_ledger(form, rules), *(f"说明:{note}" for note in form.notes)])


def _scored(item: Item) -> str:
    told = [item.area] if item.area else []
    told += [{"5/0": "只打 5 或 0", "0-5": "打 0 到 5"}[item.scale]] if item.scale else []
    return f"({','.join(told)})" if told else ""


def _ledger(form: Form, rules: Rulebook) -> Iterator[str]:
    """Yield what the night lists of a form in 其他台账."""
    for kind, register in form.ledger.registers.items() if form.ledger else ():
        spoken = "、".join(dict.fromkeys(due.say for due in register.due))
        assert form.ledger is not None
        sheet, lists = form.ledger.sheet, form.ledger.lists or form.ledger.sheet
        where = f",到期提醒{f'({sheet})' if sheet != lists else ''}:{spoken}" if spoken else ""
        yield f"台账:{rules.kinds[kind].title} 列在 其他台账 › {lists}{where}"


def _field(rules: Rulebook, spec: FieldSpec) -> str:
    label, *others = spec.labels or tuple(labels[0] for labels in spec.split)
    also = f"(也认:{'、'.join(others)})" if others else ""
    words = f",可写:{'、'.join(_shown(rules, spec))}" if _shown(rules, spec) else ""
    missing = {"held": ";不填退回", "warned": ";不填提醒"}.get(spec.missing, "")
    wrong = ";写错只提醒" if spec.wrong == "warned" else ""
    return f"  {label}{also}:{_MEANINGS[spec.is_]}{words}{missing}{wrong}"


def _shown(rules: Rulebook, spec: FieldSpec) -> list[str]:
    name = spec.words if spec.is_ in ("code", "codes") else "level" if spec.is_ in ("level", "level_or_outcome") else ""
    found = rules.vocabulary.get(name)
    shown = [found.shown(code) for code in found.words] if found else []
    if spec.is_ == "level_or_outcome":
        shown += [rules.vocabulary["outcome"].shown(code) for code in rules.vocabulary["outcome"].words]
    return shown


def _rule(rules: Rulebook, rule: Rule) -> str:
    wording = rules.wording.get(rule.id)
    said = rule.say or (wording.say if wording else rule.id)
    said = fill(said, {"found": "…", "other": "…", "label": "", "want": ""})
    return said + ("(试用:只提醒)" if rule.trial else "(只提醒)" if rule.level == "warning" else "")


def _layouts(form: Form) -> Iterable[str]:
    return (part.layout.kind for part in form.parts.values())


def _kinds(form: Form) -> Iterable[str]:
    return (part.yields for part in form.parts.values())


def _held(form: Form) -> list[str]:
    def held(part: Part) -> Iterable[str]:
        return (spec.labels[0] for spec in part.fields.values() if spec.missing == "held" and spec.labels)

    above = [spec.labels[0] for spec in form.above.values() if spec.missing == "held"]
    return list(dict.fromkeys([*above, *(label for part in form.parts.values() for label in held(part))]))


def _fields(form: Form) -> str:
    specs = [*form.above.values(), *(spec for part in form.parts.values() for spec in part.fields.values())]
    named = {spec.labels[0]: spec.missing == "held" for spec in specs if spec.labels}
    return "、".join(f"**{label}**" if held else label for label, held in named.items())


def _rules(form: Form) -> str:
    rules = (rule for part in form.parts.values() for rule in part.rules)
    named = {rule.id: rule.level == "warning" or rule.trial for rule in rules}
    return ", ".join(f"{name}{'?' if warns else ''}" for name, warns in named.items())


def _markdown(rows: Iterable[tuple[str, ...]]) -> str:
    head, *rest = (f"| {' | '.join(row)} |" for row in rows)
    return "\n".join([head, "|---" * (head.count(" | ") + 1) + "|", *rest])


def _joined(words: Iterable[str]) -> str:
    return ", ".join(dict.fromkeys(words))
