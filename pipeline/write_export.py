"""Writes one table per record kind for other programs: the field names of the contract, then where each row came from.

CSV is UTF-8 with blanks for what is missing and `true`/`false`; Parquet (see `write_parquet`) needs the extra `[lake]`. Every export is noted in
the access log. One store's rows are in memory at a time; no table is in its place before all of them are written.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, Final, Protocol

from pipeline.archive.access import Access
from pipeline.archive.keep_archive import Archive, open_archive
from pipeline.errors import UsageError
from pipeline.ink.letters import safe
from pipeline.rulebook.form import Kind
from pipeline.rulebook.rulebook import Rulebook
from pipeline.view import Rowset
from pipeline.write_parquet import Parquet
from pipeline.write_whole import BESIDE, move, sync_files

_PLACE = ("store", "_form", "_book", "_sheet", "_row", "_submission", "_run", "_key")
_VERSION = ("_version", "_withdrawn", "_current")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_RUNS: Final = frozenset("(|!")  # one of these stands in whatever calls a function, a program or another workbook
_SHEET_ROWS: Final = 1_048_576


class _Table(Protocol):
    """A table that grows store by store."""

    def add(self, store: str, rowset: Rowset) -> int: ...
    def close(self) -> Path: ...
    def drop(self) -> None: ...


def write_export(
    home: Path,
    rules: Rulebook,
    folder: Path,
    *,
    kind: str,
    form: str,
    on: date | None,
    all_versions: bool,
    looked: Access,
) -> Iterator[tuple[Path, int]]:
    """Write the tables of all stores and yield each with its row count; `looked` says who exports, when and why.

    Raises UsageError where the format's library is not installed, before anything is read or written.
    """
    kinds = [kind] if kind else list(rules.kinds)
    with ExitStack() as undone:
        tables: dict[str, _Table] = {}
        for name in kinds:
            columns = [*rules.kinds[name].columns, *_PLACE, *(_VERSION if all_versions else ())]
            tables[name] = _FORMS[form](folder, name, rules.kinds[name], columns)
            undone.callback(tables[name].drop)
        folder.mkdir(parents=True, exist_ok=True)
        rows = dict.fromkeys(kinds, 0)
        for store in rules.house.store_ids:
            with open_archive(home, store, rules) as archive:
                count = 0
                for name, rowset in _rowsets(archive, kinds, on, all_versions=all_versions):
                    added = tables[name].add(store, rowset)
                    rows[name] += added
                    count += added
                # Where it went is noted too: whoever is erased later is to be erased there by hand.
                where = f"{kind or '全部'} {form} → {folder.resolve()}"
                archive.log_access(replace(looked, detail=where, rows=count))
        for name, table in tables.items():
            yield table.close(), rows[name]


def _rowsets(
    archive: Archive, kinds: Sequence[str], on: date | None, *, all_versions: bool
) -> Iterator[tuple[str, Rowset]]:
    if all_versions:
        yield from archive.all_versions(kinds).items()
        return
    tables = archive.view(on or date.max, set(kinds)).tables
    yield from ((name, tables[name]) for name in kinds)


def _picked(rowset: Rowset, columns: Sequence[str]) -> Iterator[tuple[Any, ...]]:
    places = [rowset.names.index(name) if name in rowset.names else -1 for name in columns]
    return (tuple(row[place] if place >= 0 else None for place in places) for row in rowset.rows)


class _Csv:
    """A text file that grows row by row."""

    def __init__(self, folder: Path, name: str, _kind: Kind, columns: Sequence[str]) -> None:
        self._place, self._beside, self._columns = folder / f"{name}.csv", folder / f"{BESIDE}{name}.csv", columns
        self._new = True

    def add(self, _store: str, rowset: Rowset) -> int:
        with self._beside.open("w" if self._new else "a", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            if self._new:
                writer.writerow(self._columns)
            writer.writerows([_plain(value) for value in row] for row in _picked(rowset, self._columns))
        self._new = False
        return len(rowset.rows)

    def close(self) -> Path:
        sync_files([self._beside])
        return move(self._beside, self._place)

    def drop(self) -> None:
        self._beside.unlink(missing_ok=True)


def _plain(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return f"{value:.10g}"
    text = str(value)
    # Opened in Excel a CSV runs what looks like a function or a command; the apostrophe keeps it text. A dash before words is left alone.
    return f"'{text}" if text.startswith(_FORMULA) and _RUNS.intersection(text) else text


class _Xlsx:
    """A workbook with one sheet; text of staff is never a formula, and without the letters that no workbook may hold."""

    def __init__(self, folder: Path, name: str, _kind: Kind, columns: Sequence[str]) -> None:
        from openpyxl import Workbook  # noqa: PLC0415 - only this format needs it

        self._place, self._columns = folder / f"{name}.xlsx", columns
        self._rows = 1
        self._book = Workbook(write_only=True)
        self._sheet = self._book.create_sheet(name[:31])
        self._sheet.append(list(columns))

    def add(self, _store: str, rowset: Rowset) -> int:
        from openpyxl.cell import WriteOnlyCell  # noqa: PLC0415

        self._rows += len(rowset.rows)
        if self._rows > _SHEET_ROWS:
            raise UsageError(
                f"{self._place.stem} 有 {self._rows - 1} 行,一张工作表放不下", "改用 --format csv 或 parquet"
            )
        for row in _picked(rowset, self._columns):
            cells = [WriteOnlyCell(self._sheet, safe(value) if isinstance(value, str) else value) for value in row]
            for cell, value in zip(cells, row, strict=True):
                if isinstance(value, str) and value.startswith(_FORMULA):
                    cell.data_type = "s"
            self._sheet.append(cells)
        return len(rowset.rows)

    def close(self) -> Path:
        beside = self._place.with_name(f"{BESIDE}{self._place.name}")
        self._book.save(beside)
        sync_files([beside])
        return move(beside, self._place)

    def drop(self) -> None:
        """Nothing stands beside before the end; to close a sheet that a full disk cut short would hide that it was full."""


_FORMS: Final[Mapping[str, Callable[[Path, str, Kind, Sequence[str]], _Table]]] = {
    "csv": _Csv, "xlsx": _Xlsx, "parquet": Parquet,
}  # fmt: skip
