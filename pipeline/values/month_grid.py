"""Dates a cell of the month grid (columns 1…31) by its column: `*` is planned that day, a level done that day."""

from __future__ import annotations

from pipeline.values.draft import Draft
from pipeline.values.meant import Slip
from pipeline.values.years import day_of


def on_its_day(draft: Draft) -> Slip | None:
    """Fill planned_on and done_on from the month above and the column's day; a mark beside a level is both.

    The slip is said at the grid's own cell; a month nobody could read was said where it stands.
    """
    entry, name_ = draft.entry, draft.shape.grid
    number, own = int(float(entry.cells["day"].value)), entry.cells[name_]  # type: ignore[arg-type]  # extract writes it a number
    for name in ("planned_on", "done_on", name_, "outcome"):
        draft.cells[name], draft.labels[name] = own.cell, f"{number}日"
    draft.values |= {"planned_on": None, "done_on": None, "day": number}
    month = draft.values.get("month")
    if month is None:
        if "month" not in draft.cells:
            return Slip("column.missing")
        draft.unread |= {"planned_on", "done_on"}
        return None
    day = day_of(int(month[:4]), int(month[5:]), number)
    if day is None:
        return Slip("date.impossible", other=f"{month}-{number}")
    says = draft.values.get(name_) is not None or draft.values.get("outcome") or name_ in draft.unread
    draft.values["planned_on"] = day if draft.planned else None
    draft.values["done_on"] = day if says else None
    return None
