"""Writes a draft as YAML with a comment wherever the clerk has to look."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from pipeline.drafting.draft import Column, Draft
from pipeline.grid import address
from pipeline.text import clean, mask_in

_ROUND = re.compile(r"第\s*[\d一二三四五六七八九十]+\s*[次回]")
_HEAD = """# 草稿:照「{book}」的工作表「{sheet}」写成,是猜的,请逐行核对后放进 rules/forms/,文件名写成 {form}.yaml。
# 核对五件事:
#   1. form、kinds 和栏目的英文名:改成看得懂的(col_c、item_3 这样的一定要改),几处要一起改;
#   2. title、titles:大家还叫它什么;labels:别人的表上这一栏还怎么叫;
#   3. is:这一栏是什么(text 文字 date 日期 time 时间 phone 电话 count 整数 money 金额 tick 打勾 code 固定说法);一定要填的加 missing: held;
#   4. key:哪几栏合起来认得出同一条;needs:少了就不是这张表的栏目;
#   5. covers:一张表管哪一天、哪个人(写栏目名),少了的行才知道是撤回。
# 核对完:daybook rules check,再 daybook identify、daybook check 各试一张填过的表。
"""


def yaml_of(draft: Draft, book: str) -> str:
    """Return the draft's YAML; no value of the sheet is in it save words that look like a fixed choice."""
    form = draft.form
    lines = [_HEAD.format(book=mask_in(book), sheet=draft.sheet, form=form["form"]).rstrip(), *_warnings(draft)]
    lines += [f"{name}: {_flow(form[name])}" for name in ("form", "version", "title")]
    lines += [
        "titles: []",
        f"recognise: {_flow(form['recognise'])}",
        f"covers: {_flow(form['covers'])}",
        f"ignores: {_flow(form['ignores'])}",
    ]
    [(kind, said)] = form["kinds"].items()
    lines += ["kinds:", f"  {kind}:", f"    title: {_flow(said['title'])}", f"    columns: {_flow(said['columns'])}"]
    lines += [
        f"    key: {_flow(said['key'])}{_of_key(draft)}",
        f"    dated: {_flow(said['dated'])}",
        f"    private: {_flow(said['private'])}  # 别人看不到中间几位",
    ]
    if draft.above:
        lines += ["above:", *_fields(draft.above, form["above"], "  ")]
    part = form["parts"]["rows"]
    header = draft.outline.header
    place = "、".join(str(row + 1) for row in range(header.top, header.bottom + 1))
    where = (
        f"  # 表头在第 {place} 行"
        if draft.outline.kind == "list"
        else f"  # 卡片从 {address(header.top, header.left)} 起"
    )
    lines += ["parts:", "  rows:", f"    layout: {_flow(part['layout'])}{where}", f"    yields: {part['yields']}"]
    lines += [f"    needs: {_flow(part['needs'])}", "    fields:", *_fields(draft.columns, part["fields"], "      ")]
    return "\n".join(lines) + "\n"


def _warnings(draft: Draft) -> Iterator[str]:
    if draft.taken_for:
        yield f"# 注意:这张表现在认作 {draft.taken_for}。是同一种表,就不用新写,把新叫法加进 {draft.taken_for}.yaml 的 labels。"
    if draft.outline.days:
        yield "# 注意:1—31 日的格子没有写进来,先放在 ignores 里;要读的话照 level_tracker.yaml 的 days 写一部分(month_grid)。"
    if sum(bool(_ROUND.search(label.path[0])) for label in draft.outline.labels) > 1:
        yield "# 注意:有第几次这样重复的栏目,现在一栏一栏写着;可以照 level_tracker.yaml 的 rounds 合成一部分(groups)。"
    if draft.outline.shared:
        yield f"# 注意:这几栏的叫法和别的栏一样,分不开,没有写进来:{'、'.join(map(_line, draft.outline.shared))}"


def _of_key(draft: Draft) -> str:
    return "  # 这张表上没有重复" if draft.sure_key else "  # 没有填过的行可看,请自己定"


def _fields(columns: tuple[Column, ...], fields: Mapping[str, Any], indent: str) -> Iterator[str]:
    for column in columns:
        said = f"{indent}{column.name}: {_flow(fields[column.name])}"
        options = "/".join(mask_in(option) for option in column.guess.options)
        yield f"{said}  # {column.cell}" + (
            f";像固定说法:{options},要核对就在 vocabulary.yaml 加词表,写 is: code" if options else ""
        )


def _line(text: str) -> str:
    return " ".join(clean(text).split())


def _flow(value: Any) -> str:
    """Return a value in YAML's flow style; texts in double quotes unless they are plain names."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key}: {_flow(each)}" for key, each in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(_flow, value)) + "]"
    if isinstance(value, bool):
        return "true" if value else "false"
    if (
        isinstance(value, str)
        and value.isascii()
        and value.replace("_", "a").isidentifier()
        and value.lower() not in _SPECIAL
    ):
        return value
    return json.dumps(value, ensure_ascii=False)


_SPECIAL = frozenset({"true", "false", "null", "yes", "no", "on", "off", "y", "n"})
