"""The only way into and out of pandas: rows with plain Python values on one side, typed columns on the other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from pipeline.model import Record
from pipeline.rulebook.form import Store
from pipeline.view import Rowset

# pandas would hold text in pyarrow as soon as that is installed; an extra must change neither figures nor memory of a night.
pd.set_option("mode.string_storage", "python")

_DTYPES: Mapping[Store, str] = {
    "text": "str", "date": "datetime64[s]", "month": "str", "time": "str", "count": "Int64", "number": "float64", "tick": "boolean",
}  # fmt: skip


def frame_of(rowset: Rowset, columns: Mapping[str, Store], names: Sequence[str] = ()) -> pd.DataFrame:
    """Return a rowset, or these columns of it, as a frame: the kind's columns typed, the archive's own (`_book` …) as they are.

    text, month, time → str; date → datetime64[s]; count → Int64; number → float64; tick → boolean.
    """
    names = names or rowset.names
    typed = {name: _typed(pd.Series(rowset.column(name), dtype=object), columns.get(name)) for name in names}
    return pd.DataFrame(typed, columns=list(names))


def records_frame(records: Sequence[Record], columns: Mapping[str, Store]) -> pd.DataFrame:
    """Return what these columns say of records, or what stood around them, as a typed frame whose index is their position."""
    typed = {
        name: _typed(pd.Series([record.value(name) for record in records], dtype=object), store)
        for name, store in columns.items()
    }
    return pd.DataFrame(typed, columns=list(columns))


def rows_of(frame: pd.DataFrame) -> tuple[tuple[Any, ...], ...]:
    """Return a frame's rows as plain Python values: dates as date, whole numbers as int, anything missing as None."""
    if frame.empty:  # most lists of a morning are
        return ()
    return tuple(zip(*(_plain(frame[name]) for name in frame.columns), strict=True))


def _typed(column: pd.Series[Any], store: Store | None) -> pd.Series[Any]:
    if store is None:
        return column.infer_objects()
    if store == "date":
        return pd.to_datetime(column, errors="coerce").astype("datetime64[s]")
    return column.astype(_DTYPES[store])  # type: ignore[call-overload,no-any-return]


def _plain(column: pd.Series[Any]) -> list[Any]:
    if column.dtype.kind == "M":
        days: list[Any] = column.to_numpy("datetime64[D]").tolist()  # dates, and None where there is none
        return days
    missing = column.isna().to_numpy()
    values = column.astype(object).tolist()
    return [
        None if gone else value.item() if hasattr(value, "item") else value
        for value, gone in zip(values, missing, strict=True)
    ]
