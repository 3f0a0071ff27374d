"""Writes one record kind as Parquet for engines that read many stores and years at once: DuckDB, Dask, Spark, Power BI.

    DIR/visit/store=default/month=2026-11/part-0.parquet
                            month=__HIVE_DEFAULT_PARTITION__/…   records that no date dates

Store and month stand in the path alone, as these engines expect; a reader gets them back as columns. pyarrow's door.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, Final

from pipeline.errors import UsageError
from pipeline.rulebook.form import Kind, Store
from pipeline.view import Rowset
from pipeline.write_whole import BESIDE, move, sync_tree

_NOWHEN: Final = "__HIVE_DEFAULT_PARTITION__"
_PARTS: Final = ("store", "month")
_LEDGER: Final[Mapping[str, Store]] = {"_row": "count", "_version": "count", "_withdrawn": "tick", "_current": "tick"}


class Parquet:
    """One kind's table, written beside and put in its place when every store is in; a table that stood there goes.

    Raises UsageError where pyarrow is not installed, or where the folder holds what no export wrote.
    """

    def __init__(self, folder: Path, name: str, kind: Kind, columns: Sequence[str]) -> None:
        try:
            import pyarrow as pa  # noqa: PLC0415 - the extra [lake]
        except ImportError as error:
            remedy = "先运行 pip install 'daybook[lake]',或改用 --format csv"
            raise UsageError("导出 parquet 要先安装扩展 lake", remedy) from error
        self.place = folder / name
        self._beside = folder / f"{BESIDE}{name}"
        for there in (self.place, self._beside):
            _only_ours(there)
        shutil.rmtree(self._beside, ignore_errors=True)  # of an export that was cut off
        self._kind = kind
        types = {"count": pa.int64(), "number": pa.float64(), "tick": pa.bool_(), "date": pa.date32()}
        stored = {**dict.fromkeys(columns, "text"), **_LEDGER, **kind.columns}
        self._schema = pa.schema(
            [(each, types.get(stored[each], pa.string())) for each in columns if each not in _PARTS]
        )

    def add(self, store: str, rowset: Rowset) -> int:
        """Write a store's rows, a file a month, and return how many they are."""
        import pyarrow as pa  # noqa: PLC0415 - there, since the table was opened
        import pyarrow.dataset as ds  # noqa: PLC0415

        count = len(rowset.rows)
        if not count:
            return 0
        columns = {each: _column(rowset, each) for each in self._schema.names}
        columns |= {"store": [store] * count, "month": _months(rowset, self._kind)}
        parts = pa.schema([(each, pa.string()) for each in _PARTS])
        table = pa.table(columns, pa.schema([*self._schema, *parts]))
        ds.write_dataset(
            table, self._beside, format="parquet", partitioning=ds.partitioning(parts, flavor="hive"),
            basename_template="part-{i}.parquet", existing_data_behavior="overwrite_or_ignore",
            use_threads=False,  # rows keep their order, so the same archive gives the same bytes
        )  # fmt: skip
        return count

    def close(self) -> Path:
        """Put the table in its place; one without a row is a file that tells its columns."""
        import pyarrow.parquet as pq  # noqa: PLC0415

        if not any(self._beside.rglob("*.parquet")):
            only = self._beside / f"store={_NOWHEN}" / f"month={_NOWHEN}"
            only.mkdir(parents=True)
            pq.write_table(self._schema.empty_table(), only / "part-0.parquet")
        shutil.rmtree(self.place, ignore_errors=True)
        sync_tree(self._beside)
        return move(self._beside, self.place)

    def drop(self) -> None:
        """Take away what was written beside."""
        shutil.rmtree(self._beside, ignore_errors=True)


def _only_ours(folder: Path) -> None:
    """Make sure that a folder that is to be replaced holds nothing but tables of an earlier export."""
    for path in sorted(folder.rglob("*")) if folder.exists() else ():
        store, *rest = path.relative_to(folder).parts
        ours = store.startswith("store=") and all(each.startswith(("month=", "part-")) for each in rest)
        if not ours:
            raise UsageError(f"{folder} 里有别的文件:{path.relative_to(folder)}", "换一个空文件夹导出,那里的不会动")


def _column(rowset: Rowset, name: str) -> Sequence[Any]:
    return rowset.column(name) if name in rowset.names else [None] * len(rowset.rows)


def _months(rowset: Rowset, kind: Kind) -> list[str | None]:
    """Return each record's month: its own where the kind has one, else that of the first date that is filled."""
    if "month" in kind.columns:
        return list(rowset.column("month"))
    dated = [rowset.column(name) for name in kind.dated if name in kind.columns]
    return [
        next((_month(day) for day in days if isinstance(day, date)), None) for days in zip(*dated, strict=True)
    ] or [None] * len(rowset.rows)


def _month(day: date) -> str:
    return f"{day:%Y-%m}"
