"""Holds the night's records against the rules: one lazy pandera call per record kind, over all workbooks at once.

    records of a kind ─ frame ─ one schema, a check per demand, masked to its form and part ─ (check, record) ─ Finding

The door to pandera. Nothing is coerced, and of what pandera reports only the failed check and the record are used: which cell is guilty the rules say.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

import pandas as pd
import pandera.pandas as pa

from pipeline.demands.ask import Demand, around, demands
from pipeline.demands.place import Place, Places
from pipeline.demands.verbs import Answers, applies, keeps
from pipeline.errors import PipelineError
from pipeline.frame import records_frame
from pipeline.model import Finding, Record
from pipeline.rulebook.rulebook import Rulebook
from pipeline.say import say


def validate(batch: Sequence[tuple[str, Record]], rules: Rulebook, on: date) -> list[Finding]:
    """Return every unkept demand of the night in the order of the batch, its (book path, record) pairs.

    A cell that several records share is said once, for the first that has it. A label that a sheet lacks is said once; where its records are held for
    it, each has its finding at that one place. Raises PipelineError when a check itself breaks.
    """
    places = Places(batch, rules)
    failures: list[tuple[int, int, Demand]] = []
    by_kind: dict[str, list[int]] = {}
    for place, (_, record) in enumerate(batch):
        by_kind.setdefault(record.kind, []).append(place)
    for kind, positions in sorted(by_kind.items()):
        asked = demands(rules, kind)
        failures += [
            (positions[row], number, asked[number])
            for number, row in _failures([batch[i][1] for i in positions], rules, kind, asked, on)
        ]
    return list(_said(batch, rules, places, sorted(failures, key=lambda failure: failure[:2])))


def _failures(
    records: Sequence[Record], rules: Rulebook, kind: str, asked: tuple[Demand, ...], on: date
) -> Iterator[tuple[int, int]]:
    """Yield (number of the demand, position of the record) of every demand that is not kept."""
    own = _saying([(f"{record.form}/{record.part}",) for record in records])
    unread = _saying([record.context.get("_unread", ()) for record in records])
    # Parts of which nothing was handed in are not asked, and columns that nobody asks about are not made.
    put = [(number, demand) for number, demand in enumerate(asked) if f"{demand.form}/{demand.part}" in own]
    if not put:
        return
    columns = {**rules.kinds[kind].columns, **around(rules, kind, asked)}
    names = {name for _, demand in put for each in (demand.fields, *demand.unless) for name in each}
    frame = records_frame(records, {name: store for name, store in columns.items() if name in names})
    schema = pa.DataFrameSchema(
        checks=[
            pa.Check(_check(demand, on, own[f"{demand.form}/{demand.part}"], unread), name=str(number), ignore_na=False)
            for number, demand in put
        ],
        coerce=False,
    )
    try:
        schema.validate(frame, lazy=True)
    except pa.errors.SchemaErrors as found:
        cases = found.failure_cases[["check", "index"]].drop_duplicates()
        if cases["index"].isna().any():  # the check did not fail, it broke
            raise PipelineError(
                f"检查 {kind} 时程序出错:{found.failure_cases.iloc[0]['failure_case']}",
                "请把规则文件和这行话交给维护人员",
            ) from found
        yield from ((int(check), int(row)) for check, row in cases.itertuples(index=False))


def _saying(said: Sequence[Sequence[str]]) -> dict[str, Answers]:
    """Return of every name which records say it."""
    found: dict[str, list[bool]] = {}
    for row, names in enumerate(said):
        for name in names:
            found.setdefault(name, [False] * len(said))[row] = True
    return {name: pd.Series(rows, dtype="bool") for name, rows in found.items()}


def _check(demand: Demand, on: date, own: Answers, unread: Mapping[str, Answers]) -> Callable[[pd.DataFrame], Answers]:
    """Return the check of one demand: true for every record it does not speak to."""

    def kept(frame: pd.DataFrame) -> Answers:
        asked = own & applies(frame, demand.when)
        for name in demand.fields:
            if name in unread:
                asked &= ~unread[name]
        for excuse in demand.unless:
            asked &= ~applies(frame, excuse)
        return ~asked | keeps(frame, demand.need, on)

    return kept


def _said(
    batch: Sequence[tuple[str, Record]], rules: Rulebook, places: Places, failures: Sequence[tuple[int, int, Demand]]
) -> Iterator[Finding]:
    said: set[tuple[str, ...]] = set()
    for position, _, demand in failures:
        path, record = batch[position]
        place = places.of(path, record, demand)
        code = demand.rule.id if demand.rule else "column.missing" if place.absent else "missing"
        spot = (path, record.sheet, place.cell, code, place.label)
        # A record that does not have the shared cell must still be held for it.
        if spot in said and (demand.level == "warning" or place.cell in record.cells.values()):
            continue
        said.add(spot)
        yield _finding(rules, path, record, demand, place, code)


def _finding(rules: Rulebook, path: str, record: Record, demand: Demand, place: Place, code: str) -> Finding:
    found, other = _shown(record, demand)
    return say(
        rules, code, demand.level, book=path, sheet=record.sheet, cell=place.cell, label=place.label, found=found, other=other,
        want=_wanted(rules, record, demand), order=record.order, sentence=demand.rule.say if demand.rule else "",
    )  # fmt: skip


def _shown(record: Record, demand: Demand) -> tuple[str, str]:
    """Return what the guilty field says (of a phone cell its words), and what the other field of the rule says."""
    names = demand.need.fields
    guilty = demand.field if demand.field in names else names[-1]
    other = next((name for name in names if name != guilty), guilty)
    return _text(record, guilty) or _text(record, f"{guilty}_words"), _text(record, other)


def _text(record: Record, name: str) -> str:
    value: Any = record.value(name)
    if isinstance(value, float):
        return f"{value:.12g}"
    return "" if value is None else str(value)


def _summed(record: Record, names: tuple[str, str, str]) -> str:
    one, other = (float(record.value(name) or 0) for name in names[1:])
    return f"{round(one + other, 2):.12g}"


def _wanted(rules: Rulebook, record: Record, demand: Demand) -> str:
    """Return what to write instead, for a sentence that leaves it open."""
    need = demand.need
    if need.between:
        return f"{need.between[1]:.12g} 至 {need.between[2]:.12g}"
    if need.length:
        return f"{need.length[1]} 位"
    if need.at_most:
        return f"最多 {need.at_most[1]} 位"
    if need.adds_up:
        return _summed(record, need.adds_up)
    if need.one_of:
        spec = rules.forms[record.form].spec(record.part, need.one_of[0])
        words = "level" if spec and spec.is_.startswith("level") else spec.words if spec else ""
        return "、".join(rules.shown(words, code) for code in need.one_of[1])
    return ""
