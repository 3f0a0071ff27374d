"""An export as Parquet is read by other people's engines and says there what the CSV export says."""

from __future__ import annotations

import csv
import re
import sys
from collections import defaultdict
from dataclasses import replace
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner

from pipeline.archive.access import Access
from pipeline.archive.keep_archive import open_archive
from pipeline.cli.main import main
from pipeline.errors import UsageError
from pipeline.rulebook.house import StoreSpec
from pipeline.write_export import write_export
from tests.archives import few_kinds, night
from tests.stories import at, record, tracker, workbook
from tests.workbooks import new_home

WITHOUT = "the extra lake is not installed: Parquet is written and read where it is"
NOWHEN = "__HIVE_DEFAULT_PARTITION__"


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    return tmp_path_factory.mktemp("lake")


@pytest.fixture(scope="module")
def two_stores(rules):
    stores = tuple(StoreSpec(id=name) for name in ("成都 一店", "007"))
    few = few_kinds(rules, "visitor_register", "level_tracker", "customer_card", "lost_review")
    return few.model_copy(update={"house": rules.house.model_copy(update={"stores": stores})})


def put(archive, day, *records, sheets=()):
    """Take in a day's sheets and loose records in the archive's own store."""
    book = workbook(24 * day, *sheets)
    night(archive, day, replace(book, store=archive.store, records=(*book.records, *records)))


def deals(rules, store):
    """Return this store's deals of two months, one without a day and one without a price."""
    drawn = [(date(2026, 10, 31), 158000.5), (date(2026, 11, 1), 99000.0), (date(2026, 11, 2), None), (None, 70000.0)]
    return [
        record(rules, "deal", "customer_card", "s", vin=f"{store}{n}", ordered_on=day, price=price, consultant="李明")
        for n, (day, price) in enumerate(drawn)
    ]


@pytest.fixture(scope="module")
def exported(home, two_stores):
    """Two stores exported as CSV and as Parquet: DIR/csv, DIR/lake."""
    pytest.importorskip("pyarrow", reason=WITHOUT)
    for store in two_stores.house.stores:
        with open_archive(home, store.id, two_stores) as archive:
            rows = ("王志强 13800001111 2026-10-30", "陈静 13800002222 2026-11-07 2026-11-08 看车", "赵敏 - 2026-11-09")
            seen = record(two_stores, "visit", "visitor_register", "s", visited_on=date(2026, 11, 5), captured=True, party_size=2)  # fmt: skip
            prospect = record(two_stores, "prospect", "level_tracker", "s", month="2026-09", first_contact_on=date(2026, 10, 2))  # fmt: skip
            put(archive, 5, *deals(two_stores, store.id), seen, prospect, sheets=[tracker(two_stores, *rows)])
            put(archive, 6, sheets=[tracker(two_stores, *rows[:2])])
    for form, folder in (("csv", "csv"), ("parquet", "lake")):
        written = list(write(home, two_stores, home / folder, form))
        assert len(two_stores.kinds) == len(written)
    return home


def write(home, rules, folder, form, **other):
    options = {"kind": "", "on": None, "all_versions": False, "looked": Access(at(200), "export"), **other}
    return write_export(home, rules, folder, form=form, **options)


def told_by_csv(place: Path, day: str, *figures: str):
    """Return (store, month) → rows and sums, counted from a CSV by hand."""
    found: dict[tuple[str, str | None], list[float]] = defaultdict(lambda: [0] + [0.0] * len(figures))
    with place.open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            counts = found[row["store"], row[day][:7] or None]
            counts[0] += 1
            for number, name in enumerate(figures, 1):
                counts[number] += float(row[name] or 0)
    return {key: tuple(counts) for key, counts in found.items()}


def asked(exported: Path, question: str):
    """Ask DuckDB as the README says; `{visit}` in a question stands for that kind's table."""
    duckdb = pytest.importorskip("duckdb", reason="DuckDB is not installed: Parquet is read with it where it is")
    parts = "hive_partitioning = true, hive_types = {'store': VARCHAR, 'month': VARCHAR}"
    table = rf"read_parquet('{exported}/lake/\1/*/*/*.parquet', {parts})"
    with duckdb.connect() as engine:
        return engine.sql(re.sub(r"\{(\w+)\}", table, question)).fetchall()


@pytest.mark.parametrize(("kind", "day", "figure"), [("deal", "ordered_on", "price"), ("visit", "visited_on", "party_size")])  # fmt: skip
def test_duckdb_adds_up_what_the_csv_adds_up_by_store_and_month(exported, kind, day, figure):
    rows = asked(exported, f"SELECT store, month, count(*), sum(coalesce({figure}, 0)) FROM {{{kind}}} GROUP BY ALL")  # noqa: S608

    assert told_by_csv(exported / "csv" / f"{kind}.csv", day, figure) == {
        (store, month): (count, total) for store, month, count, total in rows
    }


# Dask still says `inplace` to pandas, which is about to drop the word.
@pytest.mark.filterwarnings("ignore:The inplace keyword")
def test_dask_adds_up_what_the_csv_adds_up_by_store_and_month(exported):
    dask = pytest.importorskip("dask.dataframe", reason="Dask is not installed: Parquet is read with it where it is")
    pa = pytest.importorskip("pyarrow", reason=WITHOUT)
    parts = pa.schema([("store", pa.string()), ("month", pa.string())])
    dataset = {"partitioning": {"flavor": "hive", "schema": parts}}
    deals = dask.read_parquet(exported / "lake" / "deal", dataset=dataset)
    by = deals.groupby(["store", "month"], dropna=False, observed=True)

    sums, counts = by.price.sum().compute(scheduler="sync"), by.vin.count().compute(scheduler="sync")

    told = {(store, month if isinstance(month, str) else None): value for (store, month), value in sums.items()}
    wanted = told_by_csv(exported / "csv" / "deal.csv", "ordered_on", "price")
    assert {key: total for key, (_, total) in wanted.items()} == told
    assert sorted(count for count, _ in wanted.values()) == sorted(counts)


def test_every_value_comes_back_with_its_type_and_its_place(exported):
    [row] = asked(
        exported,
        "SELECT visited_on, captured, party_size, customer_name, store, month, _sheet, _row, _form FROM {visit} WHERE store = '007'",
    )

    assert (date(2026, 11, 5), True, 2, None, "007", "2026-11", "Sheet1", 5, "visitor_register") == row


def test_a_row_taken_back_is_gone_and_what_is_undone_is_dated_by_its_plan(exported):
    rows = asked(exported, "SELECT month, customer_name FROM {follow_up} WHERE store = '成都 一店' ORDER BY month")

    assert [("2026-10", "王志强"), ("2026-11", "陈静")] == rows


def test_a_kind_with_a_month_of_its_own_is_parted_by_that(exported):
    assert [("2026-09", date(2026, 10, 2))] * 2 == asked(exported, "SELECT month, first_contact_on FROM {prospect}")


def test_a_record_without_a_day_has_a_place_too_and_a_kind_without_a_record_its_columns(exported):
    assert (exported / "lake" / "deal" / "store=007" / f"month={NOWHEN}" / "part-0.parquet").is_file()
    assert [] == asked(exported, "SELECT store, month, lost_on, lost_reason, _book FROM {loss}")


def test_every_version_can_be_had_with_what_became_of_it(exported, two_stores):
    pq = pytest.importorskip("pyarrow.parquet", reason=WITHOUT)
    list(write(exported, two_stores, exported / "all", "parquet", kind="follow_up", all_versions=True))

    rows = pq.read_table(exported / "all" / "follow_up").to_pylist()

    withdrawn = {(row["store"], row["customer_name"]) for row in rows if row["_withdrawn"] and row["_current"]}
    assert {("成都 一店", "赵敏"), ("007", "赵敏")} == withdrawn


def test_the_same_archive_gives_the_same_bytes_and_no_month_of_an_older_export_stays(exported, two_stores, tmp_path):
    old = tmp_path / "deal" / "store=007" / "month=1999-01" / "part-0.parquet"
    old.parent.mkdir(parents=True)
    old.write_bytes(b"old")
    list(write(exported, two_stores, tmp_path, "parquet", kind="deal"))

    def bytes_below(folder):
        return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*.parquet")}

    assert bytes_below(exported / "lake" / "deal") == bytes_below(tmp_path / "deal")


def test_a_folder_with_somebody_s_own_files_is_left_alone(exported, two_stores, tmp_path):
    own = tmp_path / "deal" / "合同.docx"
    own.parent.mkdir()
    own.write_bytes(b"mine")

    with pytest.raises(UsageError, match=r"合同\.docx.*换一个空文件夹"):
        list(write(exported, two_stores, tmp_path, "parquet"))

    assert [own] == [path for path in tmp_path.rglob("*") if path.is_file()]


def test_without_the_extra_one_sentence_says_what_to_install_and_nothing_is_written(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    home = new_home(tmp_path / "home")
    said = CliRunner().invoke(main, ["--home", str(home.root), "export", str(tmp_path / "out"), "--format", "parquet"])

    assert 2 == said.exit_code
    assert "导出 parquet 要先安装扩展 lake。先运行 pip install 'daybook[lake]',或改用 --format csv" in said.output
    assert not (tmp_path / "out").exists()


def test_the_three_formats_hold_the_same_rows(exported, two_stores):
    pq = pytest.importorskip("pyarrow.parquet", reason=WITHOUT)
    list(write(exported, two_stores, exported / "xlsx", "xlsx", kind="deal"))
    book = openpyxl.load_workbook(exported / "xlsx" / "deal.xlsx", read_only=True)
    names, *sheet = book["deal"].values
    with (exported / "csv" / "deal.csv").open(encoding="utf-8") as file:
        lines = list(csv.DictReader(file))

    def keys(rows):
        return sorted((row["store"], row["_key"], float(row["price"] or 0)) for row in rows)

    table = pq.read_table(exported / "lake" / "deal").to_pylist()
    assert keys(table) == keys(lines) == keys(dict(zip(names, row, strict=True)) for row in sheet)
    assert list(lines[0]) == list(names)
    assert {*names, "month"} == set(table[0])
