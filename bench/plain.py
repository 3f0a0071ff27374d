"""The script a good analyst writes in an afternoon: pandas, a header search, a schema, three summaries.

`python -m bench.plain FOLDER ENGINE TARGET.xlsx` reads the same workbooks with `openpyxl` or `calamine`. It knows the spellings of these forms by
heart; it marks nothing, keeps nothing, and a wrong cell is a line of a list.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pandas as pd
import pandera.pandas as pa

_LABELS = {
    "顾客名称": "customer_name", "客户姓名": "customer_name", "客户名称": "customer_name", "车主姓名": "customer_name", "电话": "phone", "联系电话": "phone",
    "拟购车型": "model", "欲购车型": "model", "意向车型": "model", "车型": "model", "级别": "level", "意向级别": "level", "初始级别": "level",
    "上月留存级别": "level", "现在级别": "level", "回访后级别": "level", "销售顾问": "consultant", "业代": "consultant", "注释": "note", "接待经过": "note",
    "访问经过": "note", "情形": "note", "洽谈情形": "note", "备注": "note", "到访方式": "channel", "来店方式": "channel", "进店时间": "arrived_at",
    "离店时间": "left_at", "在店时段": "stay", "客户来源": "source", "来源": "source", "渠道": "source", "信息来源": "source", "人数": "party_size",
    "来访人数": "party_size", "类别": "kind", "事项": "kind", "工作类别": "kind", "初洽日期": "first_contact_on", "首洽日期": "first_contact_on",
}  # fmt: skip
_COLUMNS = sorted(set(_LABELS.values()))
_FEWEST_LABELS = 4
_COLONS = "\uff1a:"
_SCHEMA = pa.DataFrameSchema(
    {
        "phone": pa.Column(str, pa.Check.str_matches(r"^(1\d{10}|0\d{9,11})$"), nullable=True),
        "level": pa.Column(str, pa.Check.isin(["O", "H", "A", "B", "C"]), nullable=True),
        "customer_name": pa.Column(str, pa.Check.str_length(1, 20), nullable=True),
    },
    strict=False,
)


def tables(sheet: pd.DataFrame) -> list[pd.DataFrame]:
    """Return the tables of a sheet: below each row that holds four known labels, down to the next such row."""
    known = sheet.map(lambda cell: _LABELS.get(str(cell).strip().rstrip(_COLONS)))
    heads = [row for row in range(len(sheet)) if known.iloc[row].notna().sum() >= _FEWEST_LABELS]
    found = []
    for head, end in zip(heads, [*heads, len(sheet)][1:], strict=True):
        names = known.iloc[head].dropna()
        names = names[~names.duplicated()]
        body = sheet.iloc[head + 1 : end][names.index].set_axis(names.to_list(), axis=1)
        found.append(
            body.dropna(how="all", subset=[name for name in ("customer_name", "phone") if name in body]).reindex(
                columns=_COLUMNS
            )
        )
    return found


def collect(folder: Path, engine: Any) -> pd.DataFrame:
    """Return all rows of all workbooks below a folder, as text, with the workbook and sheet they stand in."""
    pieces = []
    for path in sorted(folder.rglob("*.xlsx")):
        for name, sheet in pd.read_excel(path, sheet_name=None, header=None, engine=engine).items():
            pieces += [table.assign(book=path.stem, sheet=name, folder=path.parent.name) for table in tables(sheet)]
    if not pieces:
        return pd.DataFrame(columns=[*_COLUMNS, "book", "sheet", "folder"], dtype="str")
    rows = pd.concat(pieces, ignore_index=True).astype("str")
    rows["phone"] = rows["phone"].str.replace(r"\.0$|[\s-]", "", regex=True)
    rows["level"] = rows["level"].str.upper().str.extract(r"([OHABC])", expand=False)
    rows["consultant"] = rows["consultant"].fillna(rows["folder"])
    return rows


def wrong(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the cells that break the schema."""
    try:
        _SCHEMA.validate(rows, lazy=True)
    except pa.errors.SchemaErrors as errors:
        cases: pd.DataFrame = errors.failure_cases
        return cases
    return pd.DataFrame()


def summarise(rows: pd.DataFrame, target: Path) -> None:
    """Write three summaries and the list of wrong cells."""
    with pd.ExcelWriter(target, engine="xlsxwriter") as book:
        rows.groupby("consultant").agg(rows=("book", "size"), phones=("phone", "count")).to_excel(
            book, sheet_name="按顾问"
        )
        rows.groupby("level").size().rename("rows").to_frame().to_excel(book, sheet_name="按级别")
        rows.groupby(["model", "source"]).size().rename("rows").to_frame().to_excel(book, sheet_name="按车型")
        wrong(rows).to_excel(book, sheet_name="问题")


if __name__ == "__main__":
    everything = collect(Path(sys.argv[1]), sys.argv[2])
    summarise(everything, Path(sys.argv[3]))
    print(len(everything))
