"""Whole nights, as the clerk, the consultant and the manager meet them."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest

from pipeline import examine, night, publish
from pipeline.archive.keep_archive import open_archive
from pipeline.errors import LockedError
from pipeline.keep_files import home_lock
from pipeline.read_rules import read_rules
from pipeline.recognise import recognise
from tests.workbooks import daily, drop, new_home, register, visit, xlsx

ON = date(2026, 11, 5)


@pytest.fixture
def home(tmp_path):
    return new_home(tmp_path / "home")


def run(home, on=ON, **options):
    return night.run(home, read_rules(home.rules), on, **options)


def rows(home, kind, on=ON):
    with open_archive(home.root, "default", read_rules(home.rules)) as archive:
        table = archive.view(on).tables[kind]
        return [dict(zip(table.names, row, strict=True)) for row in table.rows]


def verdicts(said):
    return {book["path"]: book["verdict"] for book in said["books"]}


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


def test_the_same_bytes_again_are_a_duplicate(home):
    content = xlsx({"5日": register("2026-11-05", visit())})
    drop(home, "登记表.xlsx", content)
    run(home)
    place = drop(home, "副本/登记表 (1).xlsx", content, "2026-11-06 18:00")
    said = run(home, date(2026, 11, 6))

    assert {"副本/登记表 (1).xlsx": "duplicate"} == verdicts(said)
    assert "登记表.xlsx" in said["books"][0]["reason"]
    assert not place.exists()


def test_a_wrong_sheet_comes_back_marked_and_goes_once_it_is_put_right(home):
    drop(home, "李明/登记表.xlsx", xlsx({"5日": register("2026-11-05", visit(), visit("孙女士", "1380000"))}))
    run(home)
    copy = home.outbox / "2026-11-05" / "退回" / "李明" / "登记表.xlsx"
    opened = openpyxl.load_workbook(copy)
    marked = {str(area.sqref) for area in opened["5日"].conditional_formatting}
    opened["5日"]["C5"] = "13800002222"
    out = io.BytesIO()
    opened.save(out)

    drop(home, "李明/登记表.xlsx", out.getvalue(), "2026-11-05 19:00")
    said = run(home)

    assert {"C5"} == marked
    assert {"李明/登记表.xlsx": "accepted"} == verdicts(said)
    assert {"13800001111", "13800002222"} == {r["phone"] for r in rows(home, "visit")}
    assert not copy.exists()


def test_a_second_return_says_what_was_put_right(home):
    wrong = [visit("孙女士", "1380000"), visit("周先生", "13800003333", "11:00", "10:00")]
    drop(home, "登记表.xlsx", xlsx({"5日": register("2026-11-05", *wrong)}))
    run(home)
    wrong[0][1] = "13800002222"
    drop(home, "登记表.xlsx", xlsx({"5日": register("2026-11-05", *wrong)}), "2026-11-05 19:00")
    run(home)
    sheet = openpyxl.load_workbook(home.outbox / "2026-11-05" / "退回" / "登记表.xlsx")["退回说明"]
    told = [cell.value for row in sheet.iter_rows() for cell in row if cell.value]

    assert "上次的问题,已改好" in told
    assert "I5" in told[: told.index("上次的问题,已改好")]
    assert "C4" in told[told.index("上次的问题,已改好") :]


def test_a_row_that_is_gone_is_withdrawn_and_listed_for_the_manager(home):
    drop(home, "登记表.xlsx", xlsx({"5日": register("2026-11-05", visit(), visit("赵女士", "13800002222"))}))
    run(home)
    drop(home, "登记表.xlsx", xlsx({"5日": register("2026-11-05", visit())}), "2026-11-06 18:00")
    said = run(home, date(2026, 11, 6))
    sheet = openpyxl.load_workbook(home.outbox / "2026-11-06" / "经营汇总.xlsx")["修改记录"]

    assert 1 == said["records"]["visit"]["withdrawn"]
    assert ["王先生"] == [r["customer_name"] for r in rows(home, "visit", date(2026, 11, 6))]
    assert any("赵女士" in str(cell.value) for row in sheet.iter_rows() for cell in row)
    assert 2 == len(rows(home, "visit", ON))


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


def test_a_file_that_is_no_form_is_put_away_with_a_note(home):
    content = "今天没空,明天交".encode()
    drop(home, "李明/说明.docx", content)
    said = run(home)
    note = (home.outbox / "2026-11-05" / "退回" / "李明" / "说明.docx.说明.txt").read_text("utf-8-sig")

    assert {"李明/说明.docx": "quarantined"} == verdicts(said)
    assert "说明.docx" in note
    assert [content] == [path.read_bytes() for path in (home.archive / "quarantine").iterdir()]


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


def test_two_runs_within_one_second_lose_nothing(home):
    def noon():
        return datetime.fromisoformat("2026-11-05T20:00:00")

    for day, phone in (("2026-11-04", "13800001111"), ("2026-11-05", "13800002222")):
        drop(home, f"{day}.xlsx", xlsx({"登记": register(day, visit("王先生", phone))}))
        run(home, now=noon)

    assert {"13800001111", "13800002222"} == {r["phone"] for r in rows(home, "visit")}


def test_two_runs_never_work_on_one_home(home):
    with home_lock(home.root), pytest.raises(LockedError):
        run(home)


def test_a_night_cut_off_after_its_transaction_is_finished_by_the_next(home, monkeypatch):
    place = drop(home, "登记表.xlsx", xlsx({"5日": register("2026-11-05", visit())}))
    monkeypatch.setattr(night, "publish", lambda *_, **__: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        run(home)
    monkeypatch.setattr(night, "publish", publish.publish)
    assert place.exists()

    said = run(home, date(2026, 11, 6))

    assert {} == verdicts(said)
    assert 1 == len(rows(home, "visit"))
    assert not place.exists()
    assert (home.outbox / "2026-11-05" / "经营汇总.xlsx").exists()


def week():
    """Three evenings: a register that grows, daily reports, a correction, a row taken back."""
    first = register("2026-11-03", visit(), visit("赵女士", "13800002222"))
    yield date(2026, 11, 3), "登记.xlsx", xlsx({"3": first}), "2026-11-03 18:00"
    yield (
        date(2026, 11, 3),
        "李明/日报3.xlsx",
        xlsx({"日报": daily("2026-11-03", "李明", ("王先生", "13800001111", "接待", "", "H", "看车"))}),
        "2026-11-03 18:30",
    )
    second = {"3": register("2026-11-03", visit()), "4": register("2026-11-04", visit("周先生", "1380000"))}
    yield date(2026, 11, 4), "登记.xlsx", xlsx(second), "2026-11-04 18:00"
    third = {**second, "4": register("2026-11-04", visit("周先生", "13800003333"))}
    yield date(2026, 11, 5), "登记.xlsx", xlsx(third), "2026-11-05 18:00"
    yield date(2026, 11, 5), "李明/日报5.xlsx", xlsx({"日报": daily("2026-11-05", "李明")}), "2026-11-05 18:30"


def test_files_fed_in_one_night_or_night_by_night_end_in_the_same_archive(tmp_path):
    nightly, at_once = new_home(tmp_path / "nightly"), new_home(tmp_path / "once")
    for number, (on, path, content, at) in enumerate(week()):
        drop(nightly, path, content, at)
        run(nightly, on)
        drop(at_once, f"{number}/{path}", content, at)
    run(at_once)

    def known(home_):
        return {
            kind: sorted(
                str([value for name, value in row.items() if not name.startswith("_")]) for row in rows(home_, kind)
            )
            for kind in ("visit", "activity", "plan")
        }

    assert known(nightly) == known(at_once)
    assert 2 == len(known(nightly)["visit"])


def outbox(home_):
    return {
        path.relative_to(home_.outbox).as_posix(): path.read_bytes()
        for path in home_.outbox.rglob("*")
        if path.is_file()
    }


def test_the_same_inbox_rules_and_day_give_the_same_bytes(tmp_path):
    made, files = [], list(week())
    for seed in ("1", "2"):
        home_ = new_home(tmp_path / seed)
        for _, path, content, at in files:
            drop(home_, f"{at[:10]}/{path}", content, at)
        subprocess.run(
            [sys.executable, "-c", "from pipeline.cli.main import main; main()", "--home", home_.root, "run", "--on", "2026-11-05"],
            env={**os.environ, "PYTHONHASHSEED": seed}, check=True, capture_output=True,
        )  # fmt: skip
        made.append(outbox(home_))

    assert made[0].keys() == made[1].keys()
    assert "2026-11-05/经营汇总.xlsx" in made[0]
    assert [] == [name for name in made[0] if made[0][name] != made[1][name]]


def test_a_report_made_again_for_an_earlier_day_is_the_one_made_then(home):
    for on, path, content, at in week():
        drop(home, path, content, at)
        run(home, on)
    then = outbox(home)
    rules = read_rules(home.rules)
    with open_archive(home.root, "default", rules) as archive:
        publish.publish(home, rules, {"default": archive}, date(2026, 11, 4))
    again = outbox(home)

    assert [] == [name for name in then if then[name] != again.get(name)]


def test_no_phone_stands_in_full_in_a_log_or_a_managers_workbook(home):
    for on, path, content, at in week():
        drop(home, path, content, at)
        run(home, on)
    written = list((home.archive / "logs").iterdir()) + [
        p for p in home.outbox.rglob("*") if p.is_file() and "退回" not in p.parts
    ]

    assert [] == [path for path in written if "13800001111" in text_of(path) or "13800002222" in text_of(path)]


def text_of(path: Path) -> str:
    if path.suffix != ".xlsx":
        return path.read_text("utf-8")
    book = openpyxl.load_workbook(path)
    return "\n".join(
        str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None
    )


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


def test_a_tracker_without_its_month_waits_as_a_whole(home):
    rows_: list[list[object]] = [
        ["潜在顾客等级推进表"], ["销售顾问", "李明", None, "月份", None],
        ["客户姓名", "电话", "初始级别", "第1次回访", None, None], [None, None, None, "计划日期", "实际日期", "回访后级别"],
        ["王强", "13800001111", "H", "2026-11-03", "2026-11-03", "A"],
    ]  # fmt: skip
    drop(home, "推进表.xlsx", xlsx({"表": rows_}))
    said = run(home)

    assert {"推进表.xlsx": "returned"} == verdicts(said)
    assert ([], []) == (rows(home, "prospect"), rows(home, "follow_up"))


def test_a_sheet_that_lost_a_column_is_said_and_not_passed_over(home):
    lost = [
        [cell for cell in row if cell not in ("销售顾问", "李明")]
        for row in register("2026-11-04", visit("赵女士", "13800002222"))
    ]
    drop(
        home,
        "11月登记.xlsx",
        xlsx({"5日": register("2026-11-05", visit()), "4日": lost, "说明": [["本表当天下班前交"]]}),
    )
    said = run(home)

    assert {"11月登记.xlsx": "partial"} == verdicts(said)
    assert [("sheet.unread", "4日")] == [(f["code"], f["sheet"]) for f in said["books"][0]["findings"]]
    assert "销售顾问" in said["books"][0]["findings"][0]["found"]
    assert (home.outbox / "2026-11-05" / "退回" / "11月登记.xlsx").exists()


def test_a_correction_saved_within_the_same_second_is_the_later_one(home):
    for moment, phone in (("2026-11-05 18:00:00.200000", "13800001111"), ("2026-11-05 18:00:00.700000", "13800002222")):
        drop(home, "登记表.xlsx", xlsx({"5日": register("2026-11-05", visit(phone=phone))}), moment)
        run(home)

    assert ["13800002222"] == [r["phone"] for r in rows(home, "visit")]
