"""Draws what the archive holds on a day: per record kind a table of records, blank cells left out.

    view(rules, "11-05", follow_up='''
        phone       | done_on | level_after | next_on
        13800001111 | 11-02   | H           | 11-04
    ''')

Days are `11-05` of 2026 or whole ISO dates. What a table does not say is filled in as most records have it: 李明 is the
consultant, the form is the kind's own, a visit is a first walk-in, captured when it has a phone, a done call was reached.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from pipeline.grid import address
from pipeline.rulebook.form import Store
from pipeline.rulebook.rulebook import Rulebook
from pipeline.view import Rowset, View

PLACE = ("store", "_form", "_book", "_sheet", "_row", "_cells", "_key", "_submission", "_run", "_received", "_original")  # fmt: skip
_FORMS = {
    "visit": "visitor_register", "prospect": "level_tracker", "follow_up": "level_tracker", "activity": "daily_activity",
    "plan": "daily_activity", "test_drive": "test_drive", "loss": "lost_review",
}  # fmt: skip


def view(rules: Rulebook, on: str, **tables: str) -> View:
    """Return the archive of one store on a day, each table's rows numbered from row 5 of its sheet."""
    return View(on=day(on), store="default", tables={kind: rowset(rules, kind, text) for kind, text in tables.items()})


def rowset(rules: Rulebook, kind: str, text: str) -> Rowset:
    """Return a drawn table as the archive's rows of a kind."""
    head, *lines = [[cell.strip() for cell in line.split("|")] for line in text.strip().splitlines()]
    records = [dict(zip(head, line, strict=True)) for line in lines]
    return rows(rules, kind, records)


def rows(rules: Rulebook, kind: str, records: list[dict[str, str]]) -> Rowset:
    """Return records of texts as the archive's rows of a kind."""
    columns = rules.kinds[kind].columns
    found = []
    for number, record in enumerate(records):
        form = record.get("form") or _FORMS.get(kind, "customer_card")
        values = {name: value(record.get(name, ""), store) for name, store in columns.items()}
        filled = _filled(kind, {name: each for name, each in values.items() if each is not None})
        cells = {name: address(number + 4, place) for place, name in enumerate(columns) if name in filled}
        place = (
            "default",
            form,
            f"{form}.xlsx",
            "Sheet1",
            number + 5,
            cells,
            str(number),
            "s",
            "r",
            None,
            f"originals/{form}.xlsx",
        )
        found.append((*(filled.get(name) for name in columns), *place))
    return Rowset((*columns, *PLACE), found)


def _filled(kind: str, values: dict[str, Any]) -> dict[str, Any]:
    usual: dict[str, Any] = {"consultant": "李明", "customer_name": "王志强"}
    if kind == "visit":
        usual |= {
            "channel": "walk_in",
            "visit_kind": "first",
            "captured": "phone" in values,
            "ordered": False,
            "test_driven": False,
        }
    if kind == "follow_up":
        usual |= {"outcome": "open"} | ({"reached": True} if "done_on" in values else {})
    return usual | values


def value(text: str, store: Store) -> Any:
    """Return what the archive holds for a drawn cell."""
    if not text:
        return None
    readers = {"date": day, "count": int, "number": float, "tick": "true".__eq__}
    return readers.get(store, str)(text)  # type: ignore[operator]


def day(text: str) -> date:
    """Return a day of 2026 from `11-05`, or any day from its ISO text."""
    return date.fromisoformat(text if len(text) > len("11-05") else f"2026-{text}")
