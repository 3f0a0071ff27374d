"""Whole nights that can be trusted: nothing is lost, the same papers give the same bytes, no phone gets out."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest

from pipeline import night, publish
from pipeline.archive.keep_archive import open_archive
from pipeline.errors import LockedError
from pipeline.keep_locks import home_lock
from pipeline.read_rules import read_rules
from tests.nights import rows, run, verdicts
from tests.workbooks import daily, drop, new_home, register, visit, xlsx


@pytest.fixture
def home(tmp_path):
    return new_home(tmp_path / "home")


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
        publish.publish(home, rules, archive, date(2026, 11, 4))
    again = outbox(home)

    assert [] == [name for name in then if then[name] != again.get(name)]


def test_no_phone_stands_in_full_in_a_log_or_a_managers_workbook(home):
    for on, path, content, at in week():
        drop(home, path, content, at)
        run(home, on)
    written = list((home.archive / "logs").iterdir()) + [
        p for p in home.outbox.rglob("*") if p.is_file() and not {"退回", "明日表单"} & set(p.parts)
    ]

    assert [] == [path for path in written if "13800001111" in text_of(path) or "13800002222" in text_of(path)]


def text_of(path: Path) -> str:
    if path.suffix != ".xlsx":
        return path.read_text("utf-8")
    book = openpyxl.load_workbook(path)
    return "\n".join(
        str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None
    )
