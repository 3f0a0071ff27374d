"""Tells what an archive holds by what changed it, in few words: where two answers are alike, every view of it is alike."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, func, select

from pipeline.archive.tables import Tables


def state(connection: Connection, tables: Tables, store: str) -> list[Any]:
    """Return the nights that brought workbooks and whether each counts, the days that had a night, and how many erasures there were.

    Rows come with nights and go with undone ones; nothing else changes them but an erasure, and that leaves a tombstone.
    A night without workbooks is told by its day alone.
    """
    night, brought = tables.night.c, select(tables.submission.c.night_id).where(tables.submission.c.store == store)
    its = (night.store == store, night.night_id.in_(brought))
    nights = select(night.night_id, night.on, tables.counted.label("counted")).where(*its)
    days = select(night.on).where(night.store == store, tables.counted).distinct()
    tombs = select(func.count(), func.max(tables.tombstone.c.number))
    return [
        [list(row) for row in connection.execute(asked)]
        for asked in (nights.order_by(night.night_id), days.order_by(night.on), tombs)
    ]
