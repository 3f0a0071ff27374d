"""Writes the page of a group's business day: its figures, each store with a link to its own page, who is missing and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from pipeline.days import day_of, weekday_of
from pipeline.digest import Figure
from pipeline.report import Report
from pipeline.rollup import Fate, Rollup, added
from pipeline.rulebook.rulebook import Rulebook
from pipeline.say import say
from pipeline.text import mask_in
from pipeline.write_whole import write_whole

PAGE: Final = "运行报告.html"
_BACK: Final = ("returned", "partial", "quarantined")
_SHOWN: Final = 20  # sentences about odd stores; the workbook has them all


@dataclass(frozen=True)
class GroupDigest:
    """What the page shows, before HTML: texts and numbers; links are relative to the page and quoted."""

    on: date
    day: str
    name: str
    workbook: str
    tiles: tuple[tuple[str, int, bool], ...]  # word, number, whether somebody must act
    warnings: tuple[str, ...]
    lacking: tuple[tuple[str, str, str, str], ...]  # store, what is the matter, why, since when
    outliers: tuple[str, ...]
    more: int
    counted: str
    figures: tuple[Figure, ...]
    stores: tuple[tuple[str, str, tuple[int, ...]], ...]  # link, name, figures


def group_digest(fates: Sequence[Fate], report: Report, rules: Rulebook, moved: Mapping[str, str]) -> GroupDigest:
    """Return what the group's page of a day shows; `moved` maps the name of a file somebody has open to the next one."""
    rollups = [each.rollup for each in fates if each.rollup is not None]
    day = day_of(report.on, rules.calendar)
    files = added(each.files for each in rollups)
    lacking = [each for each in fates if each.state != "done"]
    odd = tuple(report.figures["离群"])
    return GroupDigest(
        on=report.on, day=" ".join(filter(None, (weekday_of(report.on), day.type, day.name))), name=rules.house.name or "集团",
        workbook=_link(moved.get(f"{report.name}.xlsx", f"{report.name}.xlsx")),
        tiles=(
            ("门店", len(fates), False), ("有数的店", len(rollups), False), ("没跑成", sum(each.state == "failed" for each in fates), True),
            ("没有跑", sum(each.state == "none" for each in fates), True), ("收到文件", sum(files.values()), False),
            ("退回和隔离", sum(files.get(verdict, 0) for verdict in _BACK), True),
        ),
        warnings=tuple(say(rules, "file.open", "warning", book=name, other=other).say for name, other in moved.items()),
        lacking=tuple((each.name, "没跑成" if each.state == "failed" else "没有跑", mask_in(each.reason), _since(each)) for each in lacking),
        outliers=odd[:_SHOWN], more=max(len(odd) - _SHOWN, 0), counted=f"截至 {report.on},{len(rollups)} / {len(fates)} 家店有数",
        figures=_figures(report.figures), stores=tuple(_store(each.name, each.rollup) for each in fates if each.rollup is not None),
    )  # fmt: skip


def write_group_page(digest: GroupDigest, path: Path) -> None:
    """Write the page; the same digest gives the same bytes."""
    room = Environment(
        loader=FileSystemLoader(Path(__file__).parent), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    text = room.get_template("group.html.j2").render(d=digest)
    write_whole(path, text.encode(), mode=0o666)  # read by all whom the house's own mask lets


def _since(fate: Fate) -> str:
    if fate.rollup is not None:
        return "今天先前那次的数还在,合计里有它"
    return f"上一次有数:{fate.last}" if fate.last else "还没有过数"


def _store(name: str, rollup: Rollup) -> tuple[str, str, tuple[int, ...]]:
    today = rollup.sums["今日"]
    return (
        _link(f"{rollup.store}/{PAGE}"), name,
        (
            sum(rollup.files.values()), sum(rollup.files.get(verdict, 0) for verdict in _BACK), today["walk_ins"] + today["call_ins"],
            rollup.sums["本月累计"]["orders"], rollup.stock["逾期"], rollup.forms["缺交"],
        ),
    )  # fmt: skip


def _figures(cover: Mapping[str, Any]) -> tuple[Figure, ...]:
    month = cover["本月累计"]
    return tuple(Figure(name, _shown(name, value), _shown(name, month[name])) for name, value in cover["今日"].items())


def _shown(name: str, value: float | None) -> str:
    if value is None:
        return ""
    if name.endswith("率"):
        return f"{value:.1%}"
    return f"{value:,.1f}" if isinstance(value, float) and not value.is_integer() else f"{value:,.0f}"


def _link(path: str) -> str:
    return f"./{quote(path)}"
