"""Decides what becomes of a workbook: which records are held, what each sheet was handed in for, and the one verdict.

Held means the smallest record that owns the guilty cell, and every record that hangs on that cell: a bad phone in a card's head holds the contacts
below it, a bad contact holds itself alone (contract 7).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from types import MappingProxyType

from pipeline.grid import Book, Unreadable, spot
from pipeline.layout.heads import heads_of
from pipeline.model import Finding, HandIn, Match, Record, Region, Submission, Verdict
from pipeline.near import near_text
from pipeline.rulebook.rulebook import Rulebook
from pipeline.say import say

_FEW = 4  # labels of a form that beside a sheet of that form are no chance


def judge(
    book: Book, matches: Sequence[Match], records: Sequence[Record], quiet: Sequence[Record], findings: Sequence[Finding],
    rules: Rulebook, store: str,
) -> Submission:  # fmt: skip
    """Return the workbook with its verdict. `quiet` are the period records of sheets without a filled line."""
    findings = [
        *findings,
        *(_of_sheet(rules, book, match) for match in matches if match.rivals or (match.hidden and match.form)),
    ]
    read = [match for match in matches if match.form and not match.rivals and not match.hidden]
    if not read:
        return _unrecognised(book, matches, rules, store)
    findings += [_unread(rules, book, match) for match in matches if _is_near(match, read, rules)]
    held_orders = _held(records, findings, rules)
    held = tuple(record for record in records if record.order in held_orders)
    healthy = tuple(record for record in records if record.order not in held_orders)
    who = {record.order: str(record.values.get("consultant") or "") for record in records}
    return Submission(
        path=book.path, sha256=book.sha256, received=book.received, store=store,
        verdict=verdict_of(healthy, held, findings), matches=_told(matches), hand_ins=_hand_ins(healthy, held, quiet, _heads(read, rules)),
        records=healthy, held=held, findings=tuple(_in_reading_order(replace(f, who=who.get(f.order, "")) for f in findings)),
    )  # fmt: skip


def unreadable(broken: Unreadable, rules: Rulebook, store: str) -> Submission:
    """Return the verdict on a file that could not be read."""
    finding = say(rules, broken.reason, "error", book=broken.path, found=broken.detail)
    return Submission(
        path=broken.path, sha256=broken.sha256, received=broken.received, store=store, verdict="quarantined",
        reason=broken.reason, detail=broken.detail, findings=(finding,),
    )  # fmt: skip


def _told(matches: Sequence[Match]) -> tuple[Match, ...]:
    """Return what is told of the sheets: of each part no more than where it stands, or a large night would hold every layout to its end."""
    return tuple(replace(match, regions=tuple(map(_place, match.regions))) for match in matches)


def _place(region: Region) -> Region:
    """Return a part as whoever takes somebody out of a sheet wants it: a card goes whole, with what is written on it and was not read."""
    return Region(region.part, region.header, region.body, owner=region.owner)


def _held(records: Sequence[Record], findings: Sequence[Finding], rules: Rulebook) -> set[int]:
    errors = [finding for finding in findings if finding.level == "error"]
    orders = {finding.order for finding in errors if finding.order >= 0}
    places = {(finding.sheet, finding.cell) for finding in errors if finding.cell}
    orders |= {r.order for r in records if any((r.sheet, cell) in places for cell in r.cells.values())}
    # A contact whose sheet does not say its month belongs to no hand-in yet: it waits with the row it hangs on.
    wrong = {finding.sheet for finding in errors}
    return orders | {r.order for r in records if r.sheet in wrong and _waits(r, rules)}


def _waits(record: Record, rules: Rulebook) -> bool:
    """Say whether the sheet does not tell what the record is handed in for, although it must; a pledge may do without a phone."""
    unread = record.context.get("_unread", ())
    specs = {
        name: rules.forms[record.form].spec(record.part, name)
        for name, value in _parts(record.scope)[2].items()
        if not value
    }
    return any(name in unread or spec is None or spec.missing == "held" for name, spec in specs.items())


def verdict_of(healthy: Sequence[Record], held: Sequence[Record], findings: Sequence[Finding]) -> Verdict:
    """Return the verdict on a workbook that was read as a form."""
    if not held and not any(finding.level == "error" for finding in findings):
        return "accepted"
    return "partial" if healthy else "returned"


def _unrecognised(book: Book, matches: Sequence[Match], rules: Rulebook, store: str) -> Submission:
    rivals = next((match for match in matches if match.rivals), None)
    if rivals:
        detail = "、".join(rules.forms[form].title for form in (rivals.form, *rivals.rivals))
        reason = "book.two-forms"
    else:
        said = [
            _hidden(match, rules) if match.hidden and match.form else near_text(match, rules)
            for match in matches
            if match.form or match.runner_up[0]
        ]
        detail = ";".join(said) or "没有认得的表头"
        reason = "book.no-form"
    finding = say(rules, reason, "error", book=book.path, found=detail)
    return Submission(
        path=book.path, sha256=book.sha256, received=book.received, store=store, verdict="quarantined", reason=reason,
        detail=detail, matches=_told(matches), findings=(finding,),
    )  # fmt: skip


def _hidden(match: Match, rules: Rulebook) -> str:
    return f"{match.sheet} 是隐藏的工作表,像{rules.forms[match.form].title}"


def _is_near(match: Match, read: Sequence[Match], rules: Rulebook) -> bool:
    """Say whether a sheet that was not read is so like a form that somebody meant it as one: as many labels, or some of a form beside it."""
    form, labels = match.runner_up
    if match.form or match.hidden or not form:
        return False
    return labels >= rules.forms[form].recognise.labels or (
        labels >= _FEW and any(form == other.form for other in read)
    )


def _unread(rules: Rulebook, book: Book, match: Match) -> Finding:
    return say(
        rules,
        "sheet.unread",
        "error",
        book=book.path,
        sheet=match.sheet,
        cell=match.header_cell,
        found=near_text(match, rules),
    )


def _of_sheet(rules: Rulebook, book: Book, match: Match) -> Finding:
    """Say of a sheet why it was not read: two forms fit, or it is hidden."""
    title = rules.forms[match.form].title
    if match.hidden:
        return say(rules, "sheet.hidden", "warning", book=book.path, sheet=match.sheet, found=title)
    other = "、".join(rules.forms[form].title for form in match.rivals)
    return say(
        rules, "form.two", "error", book=book.path, sheet=match.sheet, cell=match.header_cell, found=title, other=other
    )


def _heads(read: Sequence[Match], rules: Rulebook) -> dict[tuple[str, str, str], Mapping[str, str]]:
    """Return (form, family, sheet) → where its header stands; of two sheets of one name the first."""
    found: dict[tuple[str, str, str], Mapping[str, str]] = {}
    for match in read:
        for family, heads in heads_of(match.regions, rules.forms[match.form]).items():
            found.setdefault((match.form, family, match.sheet), _header(tuple(heads.items())))
    return found


@lru_cache(maxsize=1024)
def _header(heads: tuple[tuple[str, str], ...]) -> Mapping[str, str]:
    """Return where a header stands: a form's is the same in a thousand workbooks, and is held once."""
    return MappingProxyType(dict(heads))


def _hand_ins(
    healthy: Sequence[Record],
    held: Sequence[Record],
    quiet: Sequence[Record],
    heads: dict[tuple[str, str, str], Mapping[str, str]],
) -> tuple[HandIn, ...]:
    """Return what the sheets speak for: one hand-in a sheet and scope; a scope with an unread part speaks for nothing."""
    counts: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0])
    for record in healthy:
        counts[record.scope, record.sheet][0] += 1
    for record in held:
        counts[record.scope, record.sheet][1] += 1
    spoken = {scope for scope, _ in counts}
    for record in quiet:
        if record.scope not in spoken:
            counts[record.scope, record.sheet] = [0, 0]
    return tuple(
        HandIn(form, family, sheet, covers, records, kept, heads.pop((form, family, sheet), {}))
        for (scope, sheet), (records, kept) in counts.items()
        for form, family, covers in (_parts(scope),)
        if covers and all(covers.values())
    )


def _parts(scope: str) -> tuple[str, str, dict[str, str]]:
    # A bar inside a value was made a full-width one when the scope was written.
    form, family, *covers = (scope or "||").split("|")
    return form, family, dict(cover.split("=", 1) for cover in covers if "=" in cover)


def _in_reading_order(findings: Iterable[Finding]) -> list[Finding]:
    kept: dict[tuple[str, str, str, str], Finding] = {}
    for finding in findings:
        kept.setdefault((finding.sheet, finding.cell, finding.code, finding.label), finding)
    return sorted(kept.values(), key=lambda f: (f.sheet, spot(f.cell) if f.cell else (-1, -1), f.code))
