"""Notes who took personal data out: every export, history, trace, backup and taking back, with when, what, how many rows and why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, insert, select

from pipeline.archive.tables import Tables
from pipeline.text import mask_in


@dataclass(frozen=True, slots=True)
class Access:
    """One look: when (naive local), what was done with which detail, by which user of the machine, over how many rows, and why ('' = not said).

    `detail` names no person.
    """

    at: datetime
    what: str
    detail: str = ""
    who: str = ""
    rows: int = 0
    why: str = ""


def put_access(connection: Connection, tables: Tables, access: Access) -> None:
    """Write one look into the log; what its reason gives away of a phone or an ID number is masked first."""
    connection.execute(
        insert(tables.access_log).values(
            at=access.at, what=access.what, detail=access.detail, who=access.who, rows=access.rows,
            why=mask_in(access.why),
        )
    )  # fmt: skip


def accesses(connection: Connection, tables: Tables, what: str = "") -> list[Access]:
    """Return the looks, oldest first, of one kind or all."""
    log = tables.access_log.c
    query = select(log.at, log.what, log.detail, log.who, log.rows, log.why).order_by(log.number)
    return [Access(*row) for row in connection.execute(query.where(log.what == what) if what else query)]
