"""Writes one table per record kind for other programs: the field names of the contract, then where each row came from.

CSV is UTF-8 with blanks for what is missing and `true`/`false`; Parquet needs the extra `[lake]`. Every export is noted in the access log.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

from pipeline.archive.keep_archive import Archive, open_archive
from pipeline.errors import UsageError
from pipeline.model import Rowset
from pipeline.rulebook.rulebook import Rulebook

_PLACE = ("store", "_form", "_book", "_sheet", "_row", "_submission", "_run", "_key")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def write_export(
    home: Path,
    rules: Rulebook,
    folder: Path,
    *,
    kind: str,
    form: str,
    on: date | None,
    all_versions: bool,
    at: datetime,
) -> Iterator[tuple[Path, int]]:
    """Write the tables of all stores and yield each file with its row count.

    Raises UsageError where the format's library is not installed.
    """
    folder.mkdir(parents=True, exist_ok=True)
    stores = [store.id for store in rules.house.stores] or ["default"]
    tables: dict[str, list[Rowset]] = {}
    for store in stores:
        with open_archive(home, store, rules) as archive:
            for name in [kind] if kind else list(rules.kinds):
                tables.setdefault(name, []).append(_rows(archive, name, on, all_versions=all_versions))
            archive.log_access(at, "export", f"{kind or '全部'} {form}")
    for name, rowsets in tables.items():
        columns = [
            *rules.kinds[name].columns,
            *_PLACE,
            *(["_version", "_withdrawn", "_current"] if all_versions else []),
        ]
        rows = [row for rowset in rowsets for row in _picked(rowset, columns)]
        path = folder / f"{name}.{form}"
        _WRITERS[form](path, columns, rows)
        yield path, len(rows)


def _rows(archive: Archive, kind: str, on: date | None, *, all_versions: bool) -> Rowset:
    if all_versions:
        return archive.versions(kind)
    return archive.view(on or date.max, {kind}).tables[kind]


def _picked(rowset: Rowset, columns: Sequence[str]) -> Iterator[tuple[Any, ...]]:
    places = [rowset.names.index(name) if name in rowset.names else -1 for name in columns]
    return (tuple(row[place] if place >= 0 else None for place in places) for row in rowset.rows)


def _csv(path: Path, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(columns)
        writer.writerows([_plain(value) for value in row] for row in rows)


def _plain(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return f"{value:.10g}"
    return str(value)


def _xlsx(path: Path, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    from openpyxl import Workbook  # noqa: PLC0415 - only this format needs it
    from openpyxl.cell import WriteOnlyCell  # noqa: PLC0415

    book = Workbook(write_only=True)
    sheet = book.create_sheet(path.stem[:31])
    sheet.append(list(columns))
    for row in rows:
        cells = []
        for value in row:
            cell = WriteOnlyCell(sheet, value)
            if isinstance(value, str) and value.startswith(_FORMULA):
                cell.data_type = "s"  # staff's text is never a formula
            cells.append(cell)
        sheet.append(cells)
    book.save(path)


def _parquet(path: Path, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    try:
        import pyarrow as pa  # noqa: PLC0415 - the extra [lake]
        import pyarrow.parquet as pq  # noqa: PLC0415
    except ImportError as error:
        raise UsageError("导出 parquet 要装扩展 lake", "pip install 'daybook[lake]',或用 --format csv") from error
    listed = list(rows)
    arrays = {name: [row[place] for row in listed] for place, name in enumerate(columns)}
    pq.write_table(pa.table(arrays), path)


_WRITERS = {"csv": _csv, "xlsx": _xlsx, "parquet": _parquet}
