"""A month's stock of customers, and the tables a summary counts of it."""

from __future__ import annotations

from typing import Any

from pipeline.report import Report, Table
from tests.people import CHEN, QIAN, SUN, WANG, ZHAO


def sheet(report: Report, name: str, table: int = 0) -> Table:
    """Return a table of a sheet of a report, by default its first."""
    return next(each.tables[table] for each in report.sheets if each.name == name)


def heads(table: Table) -> list[str]:
    """Return the column names of a table."""
    return [each.name for each in table.columns]


def by_name(table: Table) -> dict[str, dict[str, Any]]:
    """Return first cell → column → value of a table's rows."""
    return {row[0]: dict(zip(heads(table)[1:], row[1:], strict=True)) for row in table.rows}


STOCK = {
    "prospect": f"""
        phone  | first_contact_on | opening_level | month
        {WANG} | 10-05            | H             | 2026-10
        {CHEN} | 10-05            | A             | 2026-10
        {ZHAO} | 10-05            | B             | 2026-10
        {SUN}  | 10-05            | C             | 2026-10
        {QIAN} | 11-03            | H             | 2026-11
    """,
    "follow_up": f"""
        phone  | done_on | level_after | outcome | lost_reason | lost_to
        {ZHAO} | 10-20   |             | lost    | 价格        | 丰田
        {WANG} | 11-02   |             | ordered |             |
        {CHEN} | 11-04   |             | lost    | 价格        | 本田
        {SUN}  | 11-05   | A           | open    |             |
    """,
}  # fmt: skip
