"""Whatever a file is called and however it lies in the inbox, it gets its verdict, its original and, if wrong, its copy back."""

from __future__ import annotations

import os

import pytest

from tests.nights import rows, run, verdicts
from tests.workbooks import drop, new_home, register, visit, xlsx

NAMES = ["-rf.xlsx", "登\n记.xlsx", "'登'\"记\".xlsx", "登\u202exslx.记.xlsx", "登" * 81 + ".xlsx", "$(reboot);`id`.xlsx", "=1+1.xlsx", "con.xlsx", "夹.xlsx/登记.xlsx"]  # fmt: skip


@pytest.fixture
def home(tmp_path):
    return new_home(tmp_path / "home")


def test_files_with_hostile_names_are_taken_filed_and_given_back_like_any_other(home):
    for number, name in enumerate(NAMES):
        drop(
            home,
            name,
            xlsx(
                {
                    "5日": register(
                        f"2026-10-{number + 10}",
                        visit(f"客{number}", f"1380000111{number}"),
                        visit("错", "138", "9:40"),
                    )
                }
            ),
        )

    said = run(home)

    assert dict.fromkeys(NAMES, "partial") == verdicts(said)
    assert {f"客{number}" for number in range(len(NAMES))} == {row["customer_name"] for row in rows(home, "visit")}
    assert len(NAMES) == len([path for path in (home.archive / "originals").rglob("*") if path.is_file()])
    back = home.outbox / "2026-11-05" / "退回"
    assert len(NAMES) == len([path for path in back.rglob("*") if path.is_file()])
    assert [] == [path for path in home.inbox.rglob("*") if path.is_file()]


def test_a_second_name_of_one_file_is_a_duplicate_and_what_lies_elsewhere_stays(home, tmp_path):
    outside = tmp_path / "别处.xlsx"
    outside.write_bytes(xlsx({"5日": register("2026-11-05", visit())}))
    os.utime(outside, (1.7e9, 1.7e9))
    for name in ("甲.xlsx", "乙.xlsx"):
        (home.inbox / name).hardlink_to(outside)

    said = run(home)

    assert ["accepted", "duplicate"] == sorted(verdicts(said).values())
    assert 1 == len(rows(home, "visit"))
    assert outside.exists()
    assert [] == list(home.inbox.iterdir())
