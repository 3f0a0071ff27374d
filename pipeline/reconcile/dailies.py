"""R5, R6 and R8: what happened stands in that day's report, what is planned in the plan of the day before, owners likewise.

A day without any daily report is 缺交 and told once, not as a gap for every customer.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from pipeline.reconcile.cards import STANDS
from pipeline.reconcile.papers import CLOSED, DAY, Gap, Papers, Row, cell, consultant_of, reached, result
from pipeline.report import Source


@dataclass(frozen=True, slots=True)
class _Asked:
    """Something a daily report must hold: the row that asks, the day it happens, in which field it says so, in words."""

    row: Row
    on: date
    field: str
    what: str


def happened(papers: Papers) -> Iterator[Gap]:
    """Yield R5: receptions (no visits of kind other), level changes and owner contacts that the day's report leaves out.

    Calls nobody took are not required. One gap per day, consultant and customer.
    """
    yield from _unreported(papers, "R5", [*_receptions(papers), *_changes(papers), *_owner_facts(papers)])


def planned(papers: Papers) -> Iterator[Gap]:
    """Yield R6: plans of tracker and card back, still standing the evening before, that that evening's plan leaves out."""
    yield from _unplanned(papers, "R6", _plans(papers))


def owners(papers: Papers) -> Iterator[Gap]:
    """Yield R8: owner revisits done that the day's report leaves out, and planned ones that the plan of the eve leaves out."""
    yield from _unreported(papers, "R8", _owner_facts(papers))
    yield from _unplanned(papers, "R8", _owner_plans(papers))


def _receptions(papers: Papers) -> Iterator[_Asked]:
    for row in papers.rows["visit"]:
        if row["visit_kind"] != "other" and row["visited_on"]:
            yield _Asked(row, row["visited_on"], "customer_name", "接待")


def _changes(papers: Papers) -> Iterator[_Asked]:
    """Yield the contacts of tracker and card back that left a customer at another level, or closed, than the day before."""
    for row in papers.rows["follow_up"]:
        on = row["done_on"]
        if on is None or not papers.first <= on <= papers.on or not reached(row):
            continue
        word, before = result([row]), papers.stand(row["phone"], on - DAY)
        if word and word != before:
            what = f"级别变化 {_shown(before)}→{_shown(word)}"
            yield _Asked(row, on, "outcome" if word in CLOSED else "level_after", what)


def _owner_facts(papers: Papers) -> Iterator[_Asked]:
    for row in papers.rows["owner_visit"]:
        if row["done_on"]:
            yield _Asked(row, row["done_on"], "done_on", "车主回访")


def _plans(papers: Papers) -> Iterator[_Asked]:
    """Yield every plan of tracker or card back that stood the evening before its day.

    A day agreed at a contact stands until the next contact; a planned group until it is done. A customer closed by then,
    or not met yet, has none.
    """
    for row in papers.rows["follow_up"]:
        done, plan, agreed = row["done_on"], row["planned_on"], row["next_on"]
        if plan and (done is None or done >= plan) and _open(papers, row, plan - DAY):
            yield _Asked(row, plan, "planned_on", "回访计划")
        if done and agreed and agreed > done and _open(papers, row, agreed - DAY):
            later = (day for day in papers.contact_days[row["phone"]] if done < day < agreed)
            if not any(later):
                yield _Asked(row, agreed, "next_on", "下次回访")


def _owner_plans(papers: Papers) -> Iterator[_Asked]:
    for row in papers.rows["owner_visit"]:
        if row["planned_on"] and (row["done_on"] is None or row["done_on"] >= row["planned_on"]):
            yield _Asked(row, row["planned_on"], "planned_on", "车主回访计划")


def _open(papers: Papers, row: Row, eve: date) -> bool:
    since = papers.since.get(row["phone"])
    return since is not None and since <= eve and papers.stand(row["phone"], eve) not in CLOSED


def _unreported(papers: Papers, rule: str, asked: Iterable[_Asked]) -> Iterator[Gap]:
    seen = set()
    for each in asked:
        key = (each.on, consultant_of(each.row), _who(each.row))
        there = papers.daily.get((key[1], each.on))
        if not papers.first <= each.on <= papers.on or there is None or key in seen:
            continue
        if not papers.summed_up(each.row, each.on):
            seen.add(key)
            yield _gap(rule, each, f"{each.what},写进 {each.on:%m-%d} 日报的今日工作总结", there)


def _unplanned(papers: Papers, rule: str, asked: Iterable[_Asked]) -> Iterator[Gap]:
    seen = set()
    for each in asked:
        eve = each.on - DAY
        key = (each.on, consultant_of(each.row), _who(each.row))
        there = papers.daily.get((key[1], eve))
        if not papers.first <= each.on <= papers.on + DAY or there is None or key in seen:
            continue
        if not papers.planned_for(each.row, each.on):
            seen.add(key)
            yield _gap(rule, each, f"{each.what},写进 {eve:%m-%d} 日报的明日工作计划", there)


def _gap(rule: str, each: _Asked, wanted: str, there: Source | None) -> Gap:
    row = each.row
    customer = row["customer_name"] or row.get("plate") or ""
    return Gap(
        rule, each.on, consultant_of(row), customer, wanted, "没有写", cell(row, each.field), there, row["phone"] or ""
    )


def _who(row: Row) -> str:
    return str(row["phone"] or row["customer_name"] or row.get("plate") or "")


def _shown(stand: str) -> str:
    return STANDS.get(stand, stand)
