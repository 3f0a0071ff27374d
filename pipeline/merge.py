"""Decides what each record of a night does to the archive: added, amended, unchanged or withdrawn.

The law: a record stands as its latest statement (`later` = received, hash), and is withdrawn when a later hand-in of that
statement's scope does not hold it. Nothing else counts, so workbooks fed in one night, over ten, or in any order end alike:

    h1 states K=a ── h2 states K=b ── h3 of the scope lacks K        K stands as b, withdrawn
    h2 came first ── h3 ── h1 comes late                             K stands as b, withdrawn; a is kept below

Several sheets of one workbook with one scope are one hand-in. A held record protects what it may have been.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from pipeline.model import Act, Change, Submission
from pipeline.rulebook.rulebook import Rulebook
from pipeline.standing import Cover, Key, Stand, Standing, covers_of, same, statements_of, taken, withdraws


def merge(submissions: Sequence[Submission], standing: Standing, rules: Rulebook) -> tuple[Change, ...]:
    """Return what one store's night changes, in order of statement; a key's changes follow each other, the last one stands."""
    hand_ins = taken(submissions)
    covers: dict[str, list[Cover]] = defaultdict(list)
    stated: dict[Key, list[Stand]] = defaultdict(list)
    for submission in hand_ins:
        for cover in covers_of(submission, rules):
            covers[cover.scope].append(cover)
        for key, stand in statements_of(submission, rules).items():
            stated[key].append(stand)
    # Keys that nobody states again are asked only where somebody spoke for their scope.
    asked = [key for key, stand in standing.rows.items() if key not in stated and stand.scope in covers]
    for scope, known in standing.covers.items():
        covers[scope] = sorted([*covers[scope], *known], key=lambda cover: cover.later)
    after = dict(standing.rows)
    changes: list[Change] = []
    for key in [*stated, *asked]:
        walk = _Walk(standing.store, key, rules, covers, standing.rows.get(key))
        changes += walk.over(stated.pop(key, ()))
        if walk.now is not None:
            after[key] = walk.now
    done = _carried_out(after.values(), rules)
    return tuple(_fulfilled(change, done, rules) if change.act == "withdrawn" else change for change in changes)


@dataclass
class _Walk:
    """One key's way through the night: from what stands, over its statements, to what stands then."""

    store: str
    key: Key
    rules: Rulebook
    covers: Mapping[str, Sequence[Cover]]
    now: Stand | None

    def over(self, statements: Sequence[Stand]) -> Iterator[Change]:
        """Yield the changes, each above the one before; versions that came too late stay below."""
        before = self.now
        below = ""
        for said in statements:
            if self.now is not None and said.stated < self.now.stated:
                if same(said.values, self.now.values):
                    yield self._change("unchanged", said)
                else:
                    below = max(below, said.later)
                    yield self._change("unchanged", said, late="old")
                continue
            yield from self._taken_back(before_=said.stated)
            yield self._stated(said, below)
        yield from self._taken_back()
        if before is not None and self.now is before and below >= before.later:
            # What stands was said again since (`stated`), yet its version lies under the one that came late.
            self.now = replace(before, later=max(before.stated, below))
            yield self._change("unchanged", self.now, late="again")

    def _stated(self, said: Stand, below: str) -> Change:
        now = self.now
        if now is None:
            self.now = said if below <= said.later else replace(said, later=below)
            return self._change("added", self.now)
        if same(said.values, now.values) and (not now.withdrawn or said.stated == now.stated):
            self.now = replace(now, stated=said.stated, scope=said.scope)
            return self._change("unchanged", replace(said, later=now.later))
        self.now = replace(said, later=max(said.later, now.later, below))
        return self._change("added" if now.withdrawn else "amended", self.now, now.values)

    def _taken_back(self, before_: str = "") -> Iterator[Change]:
        """Yield the withdrawal by the first later hand-in of the scope that lacks the record, if there is one."""
        now = self.now
        if now is None or now.withdrawn:
            return
        for cover in self.covers.get(now.scope, ()):
            if before_ and cover.later >= before_:
                return
            if withdraws(cover, now, self.rules):
                self.now = replace(now, withdrawn=True, later=max(now.later, cover.later))
                yield self._change("withdrawn", self.now, now.values, by=cover.submission_id)
                return

    def _change(
        self, act: Act, stand: Stand, previous: Mapping[str, Any] | None = None, *,
        late: Literal["", "old", "again"] = "", by: str = "",
    ) -> Change:  # fmt: skip
        return Change(
            act=act, store=self.store, kind=stand.kind, key=stand.key, scope=stand.scope,
            submission_id=stand.submission_id, later=stand.later, stated=stand.stated, sheet=stand.sheet, row=stand.row,
            cells=stand.cells, values=stand.values, form=stand.form, part=stand.part, previous=previous or {},
            late=late, by=by,
        )  # fmt: skip


def _carried_out(stands: Iterable[Stand], rules: Rulebook) -> frozenset[tuple[Any, ...]]:
    """Return the plans that were carried out, of what stands after the night."""
    found = (
        _plan(stand.kind, stand.scope, stand.values, rules)
        for stand in stands
        if not stand.withdrawn and stand.values.get("done_on") is not None
    )
    return frozenset(plan for plan in found if plan is not None)


def _fulfilled(change: Change, done: frozenset[tuple[Any, ...]], rules: Rulebook) -> Change:
    if change.values.get("done_on") is not None:
        return change
    plan = _plan(change.kind, change.scope, change.values, rules)
    return replace(change, fulfilled=plan is not None and plan in done)


def _plan(kind: str, scope: str, values: Mapping[str, Any], rules: Rulebook) -> tuple[Any, ...] | None:
    """Return who was to be contacted when; None for a kind that plans nothing or a record without a plan."""
    if not {"planned_on", "done_on"} <= set(rules.kinds[kind].columns) or values.get("planned_on") is None:
        return None
    return kind, scope, values.get("phone") or values.get("customer_name"), values["planned_on"]
