"""What a cell's meaning is stored as: the bridge between a field's `is:` and a kind's column."""

from __future__ import annotations

from collections.abc import Mapping

from pipeline.rulebook.form import FieldSpec, Meaning, Store

_STORES: Mapping[Meaning, Store] = {
    "date": "date", "month": "month", "time": "time", "time_range": "time", "minutes": "count", "count": "count", "money": "number", "number": "number",
    "tick": "tick", "date_range": "date", "score": "count",
}  # fmt: skip


def store_of(spec: FieldSpec | None) -> Store:
    """Return what a field stores; text where it means no other, or where nothing is said of it."""
    return _STORES.get(spec.is_, "text") if spec else "text"
