"""Whole nights, as the clerk and the manager meet them."""

from __future__ import annotations

import json
from datetime import date

import pytest

from pipeline import examine
from pipeline.recognise import recognise
from tests.nights import ON, rows, run, verdicts
from tests.workbooks import drop, new_home, register, visit, xlsx


@pytest.fixture
def home(tmp_path):
    return new_home(tmp_path / "home")


def test_a_filled_register_is_in_the_archive_in_the_morning(home):
    content = xlsx({"5日": register("2026-11-05", visit(), visit("赵女士", "不愿留", "10:05", "10:20"))})
    place = drop(home, "前台/登记表.xlsx", content)
    said = run(home)

    assert {"前台/登记表.xlsx": "accepted"} == verdicts(said)
    assert [("王先生", "13800001111", True, 45), ("赵女士", None, False, 15)] == sorted(
        (r["customer_name"], r["phone"], r["captured"], r["stay_minutes"]) for r in rows(home, "visit")
    )
    assert not place.exists()
    assert content == (home.root / rows(home, "visit")[0]["_original"]).read_bytes()
    assert {"来店规律.xlsx", "逾期跟进.xlsx", "经营汇总.xlsx", "运行报告.html"} <= {
        path.name for path in (home.outbox / "2026-11-05").iterdir()
    }
    assert (home.outbox / "最新.html").exists()


def test_the_manifest_says_what_the_contract_says(home):
    drop(home, "登记表.xlsx", xlsx({"5日": register("2026-11-05", visit(), visit("孙女士", "1380000"))}))
    said = run(home)

    assert said == json.loads((home.archive / "runs" / f"{said['run']}.json").read_text("utf-8"))
    assert {"added": 1, "amended": 0, "unchanged": 0, "withdrawn": 0, "held": 1} == said["records"]["visit"]
    assert 1 == said["counts"]["partial"]
    finding = next(f for f in said["books"][0]["findings"] if f["level"] == "error")
    assert ("phone.wrong-length", "5日", "C5", "电话", "1380000") == tuple(
        finding[name] for name in ("code", "sheet", "cell", "label", "found")
    )


def test_a_months_workbook_that_grows_every_night_merges_cleanly(home):
    sheets = {}
    for day in (3, 4, 5):
        sheets[f"11.0{day}"] = register("", visit(f"客{day}", f"1380000000{day}"))
        drop(home, "11月登记.xlsx", xlsx(sheets), f"2026-11-0{day} 18:00")
        said = run(home, date(2026, 11, day))

    assert {"added": 1, "amended": 0, "unchanged": 2, "withdrawn": 0, "held": 0} == said["records"]["visit"]
    assert [date(2026, 11, day) for day in (3, 4, 5)] == sorted(r["visited_on"] for r in rows(home, "visit"))


def test_lock_files_junk_and_odd_things_are_left_where_they_are(home):
    kept = [drop(home, "~$登记表.xlsx", b"lock"), drop(home, "Thumbs.db", b"junk"), drop(home, ".hidden.xlsx", b"PK")]
    said = run(home)

    assert {"ignored"} == set(verdicts(said).values())
    assert 3 == said["counts"]["ignored"]
    assert all(path.exists() for path in kept)


def test_one_bad_workbook_never_stops_the_night(home, monkeypatch):
    honest = recognise

    def crash(book, *rest):
        if "坏" in book.path:
            raise ZeroDivisionError
        return honest(book, *rest)

    monkeypatch.setattr(examine, "recognise", crash)
    drop(home, "坏.xlsx", xlsx({"5日": register("2026-11-05", visit("钱先生"))}))
    drop(home, "好.xlsx", xlsx({"5日": register("2026-11-05", visit())}))
    said = run(home)

    assert {"坏.xlsx": "quarantined", "好.xlsx": "accepted"} == verdicts(said)
    assert "ZeroDivisionError" in next((home.archive / "logs").iterdir()).read_text("utf-8")


def test_a_dry_run_writes_nothing(home):
    place = drop(home, "登记表.xlsx", xlsx({"5日": register("2026-11-05", visit())}))
    before = sorted(path for path in home.root.rglob("*") if path.name != ".lock")
    said = run(home, dry_run=True)

    assert {"登记表.xlsx": "accepted"} == verdicts(said)
    assert place.exists()
    assert before == sorted(path for path in home.root.rglob("*") if path.name != ".lock")


FIFTH = """
form: gift_register
title: 礼品领取登记表
recognise: {labels: 4}
covers: [given_on]
above:
  given_on: {labels: [领取日期], is: date, missing: held}
parts:
  gifts:
    layout: {kind: list}
    yields: gift
    needs: [gift, customer_name]
    fields:
      customer_name: {labels: [客户姓名, 领取人], is: name, missing: held}
      phone: {labels: [电话], is: phone}
      gift: {labels: [礼品, 礼品名称], missing: held}
      pieces: {labels: [数量], is: count}
kinds:
  gift:
    title: 礼品
    columns: {given_on: date, customer_name: text, phone: text, gift: text, pieces: count}
    key: [given_on, phone|customer_name, gift]
    dated: [given_on]
"""


def test_a_fifth_form_is_one_yaml_file(home):
    (home.rules / "forms" / "gift_register.yaml").write_text(FIFTH, "utf-8")
    rows_: list[list[object]] = [
        ["礼品领取登记表"],
        ["领取日期", "2026-11-05"],
        ["领取人", "电话", "礼品名称", "数量"],
        ["王先生", "13800001111", "雨伞", "2个"],
    ]
    drop(home, "礼品.xlsx", xlsx({"表": rows_}))
    said = run(home)

    assert {"礼品.xlsx": "accepted"} == verdicts(said)
    assert [(ON, "王先生", "雨伞", 2)] == [
        (r["given_on"], r["customer_name"], r["gift"], r["pieces"]) for r in rows(home, "gift")
    ]
