"""Draws what the archive tells of hand-ins, slips and changes."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, TypeAlias

from pipeline.model import Rowset, View

ON = date(2026, 11, 5)
Row: TypeAlias = tuple[Any, ...]
HAND_IN = ("store", "submission_id", "form", "family", "scope", "covers", "sheet", "book", "received", "on", "verdict", "records", "held")  # fmt: skip
FINDING = ("store", "submission_id", "book", "sheet", "cell", "code", "level", "label", "found", "want", "say", "who", "received", "on", "verdict")  # fmt: skip
CHANGE = ("act", "kind", "key", "values", "previous", "book", "sheet", "row", "cells", "received", "on", "fulfilled", "original")  # fmt: skip


def clock(said: str) -> datetime:
    """Return a moment of 2026 from `11-05T18:00`."""
    return datetime.fromisoformat(f"2026-{said}")


def view(*sheets: Row, slips: Row = (), changes: Row = (), on: date = ON) -> View:
    """Return the archive of a day with these hand-ins, slips and changes."""
    tables = {"hand_in": Rowset(HAND_IN, sheets), "finding": Rowset(FINDING, slips), "change": Rowset(CHANGE, changes)}
    return View(on, "default", tables)
