"""Joins a label to the title merged down beside it: 联系人 beside 姓名 and 电话 makes 联系人姓名 and 联系人电话.

┌────────┬────────┬──────┬────┬────────┬──────┬────┐
│        │ 法人   │ 姓名 │ 王 │ 联系人 │ 姓名 │ 李 │     法人姓名     联系人姓名
│ 基础   │        ├──────┼────┤        ├──────┼────┤
│ 资料   │        │ 电话 │    │        │ 电话 │ …  │     法人电话     联系人电话
│        ├────────┼──────┴────┼────────┼──────┴────┤
│        │ 地址   │ …         │ 邮编   │ …         │     地址, 邮编: 基础资料 is no part of a label, so they stay what they are
└────────┴────────┴───────────┴────────┴───────────┘
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from pipeline.grid import Span, Spot
from pipeline.layout.page import Page


@dataclass(frozen=True)
class SideTitles:
    """`joined` maps a label's cell → its word with the title before it; `spent` are cells that are no labels of their own.

    Spent are titles that were joined, and the labels beside a title inside another one that nobody taught (财务负责人 电话):
    they speak of somebody else.
    """

    joined: dict[Spot, str] = field(default_factory=dict)
    spent: set[Spot] = field(default_factory=set)


def side_titles(page: Page, labels: Mapping[str, str], within: Span) -> SideTitles:
    """Return what the titles merged down inside a rectangle make of the labels to their right."""
    found = SideTitles()
    titles = [span for span in page.grid.merges if within.holds(span.top, span.left) and _is_title(page, labels, span)]
    if not titles:
        return found
    lefts: dict[int, list[int]] = {}
    for title in titles:
        for row in range(title.top, title.bottom + 1):
            lefts.setdefault(row, []).append(title.left)
    for title in titles:
        word = page.word(title.top, title.left)
        for row in range(title.top, title.bottom + 1):
            end = min((left for left in lefts[row] if left > title.left), default=within.right + 1)
            for column, own in page.row_words.get(row, {}).items():
                if title.right < column < end and word + own in labels:
                    found.joined[row, column] = word + own
                    found.spent.add((title.top, title.left))
    for title in titles:
        inner = min(lefts[title.top]) < title.left
        if inner and (title.top, title.left) not in found.spent and page.word(title.top, title.left) not in labels:
            found.spent.update((row, title.right + 1) for row in range(title.top, title.bottom + 1))
    return found


def _is_title(page: Page, labels: Mapping[str, str], span: Span) -> bool:
    """Say whether a merge over several rows holds a word that is not the value of the label before it."""
    return (
        span.bottom > span.top
        and bool(page.word(span.top, span.left))
        and (not span.left or page.word(span.top, span.left - 1) not in labels)
    )
