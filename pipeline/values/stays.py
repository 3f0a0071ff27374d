"""Settles times that were written as a range where one time was asked for (domain 4, case 11).

进店 9:00-10:00 | 离店 9:00-10:00    an hour's bucket: in at 9:00, out by 10:00, how long is not known
进店 9:30-10:15 | 离店              both ends in one cell
"""

from __future__ import annotations

from pipeline.rulebook.form import Part
from pipeline.values.draft import Draft
from pipeline.values.meant import Slip, Stay


def settle_stays(draft: Draft) -> list[tuple[str, Slip]]:
    """Give each end of a range its field; return the slips of ranges that have no pair of fields to go to."""
    if Stay not in map(type, draft.values.values()):  # as in nearly every record
        return []
    stays = {name: value for name, value in draft.values.items() if isinstance(value, Stay)}
    pairs = _pairs(draft.part)
    slips = []
    for name, stay in stays.items():
        start, end = next((pair for pair in pairs if name in pair), ("", ""))
        if not start:
            slips.append((name, Slip("time.unreadable")))
            continue
        draft.values[name] = stay.start if name == start else stay.end
        other, left_over = (end, stay.end) if name == start else (start, stay.start)
        if draft.values.get(other) is None and other not in draft.unread:
            draft.values[other] = left_over
            draft.cells[other], draft.labels[other] = draft.cells[name], draft.labels[name]
        elif other in draft.entry.cells and draft.entry.cells[other].value != "":
            draft.coarse |= {start, end}
    return slips


def _pairs(part: Part) -> list[tuple[str, str]]:
    """Return the fields that are two ends of one stay."""
    into = [
        (spec.into[0], spec.into[1]) for spec in part.fields.values() if spec.is_ == "time_range" and len(spec.into) > 1
    ]
    return [*into, *(verb.minutes_between for verb in part.derive.values() if verb.minutes_between)]
