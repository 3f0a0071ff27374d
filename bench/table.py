"""Writes the measured figures as a table for a terminal or for the README; the first line is the measure of the others."""

from __future__ import annotations

import os
import platform
from collections.abc import Sequence
from dataclasses import dataclass

from bench.measure import Cost

_HEAD = ("what", "× bare reading", "ms a workbook", "start, s", "peak, MB")
_START_HEAD = ("starting alone", "s", "MB")


@dataclass(frozen=True, slots=True)
class Line:
    """One contender: CPU seconds per workbook, CPU seconds before the first, peak megabytes with all of them."""

    name: str
    each: float
    start: float
    megabytes: float


@dataclass(frozen=True, slots=True)
class Start:
    """What it costs to begin, without a workbook."""

    name: str
    cost: Cost


def table(lines: Sequence[Line], starts: Sequence[Start], *, few: int, workbooks: int, rows: int, repeat: int) -> str:
    """Return both tables in columns for a terminal, with what was measured below."""
    return "\n".join(
        (*_columns(_rows(lines)), "", *_columns(_start_rows(starts)), "", _measured(few, workbooks, rows, repeat))
    )


def markdown(
    lines: Sequence[Line], starts: Sequence[Start], *, few: int, workbooks: int, rows: int, repeat: int
) -> str:
    """Return the block of the README."""
    return "\n".join(
        (*_piped(_rows(lines)), "", *_piped(_start_rows(starts)), "", _measured(few, workbooks, rows, repeat))
    )


def _rows(lines: Sequence[Line]) -> list[tuple[str, ...]]:
    bare = lines[0].each
    told = [
        (line.name, f"{line.each / bare:.1f}", f"{line.each * 1000:.2f}", f"{line.start:.2f}", f"{line.megabytes:.0f}")
        for line in lines[1:]
    ]
    # Bare reading is run many times over in one process, so what is left of its cost is no start.
    first = (lines[0].name, "1", f"{bare * 1000:.2f}", "–", f"{lines[0].megabytes:.0f}")
    return [_HEAD, first, *told]


def _start_rows(starts: Sequence[Start]) -> list[tuple[str, ...]]:
    return [
        _START_HEAD,
        *((start.name, f"{start.cost.seconds:.2f}", f"{start.cost.megabytes:.0f}") for start in starts),
    ]


def _columns(rows: Sequence[Sequence[str]]) -> list[str]:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return [
        "  ".join(
            cell.ljust(width) if place == 0 else cell.rjust(width)
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        for row in rows
    ]


def _piped(rows: Sequence[Sequence[str]]) -> list[str]:
    rule = "|---|" + "--:|" * (len(rows[0]) - 1)
    head, *body = (f"| {' | '.join(row)} |" for row in rows)
    return [head, rule, *body]


def _measured(few: int, workbooks: int, rows: int, repeat: int) -> str:
    return (
        f"CPU time of all processes, {'one turn' if repeat == 1 else f'median of {repeat} turns'} in one run; a workbook costs the difference between nights of {few:,} and {workbooks:,}, of four forms; the archive of a year holds about {rows:,} records; "
        f"peak of the biggest process. {platform.system()}, {os.cpu_count()} cores, Python {platform.python_version()}."
    )
