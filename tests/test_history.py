"""Who wants to know: everything of a customer, and where a record comes from."""

from __future__ import annotations

import getpass
import sqlite3

import pytest
from click.testing import CliRunner

from pipeline.cli.main import main
from tests.workbooks import daily, drop, new_home, register, visit, xlsx


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """Two evenings: on the second 王先生 became A, 孙女士 is gone, and the daily report tells of a call."""
    home = new_home(tmp_path_factory.mktemp("known") / "home")
    first = register(
        "2026-11-05",
        visit(),
        visit("孙女士", "13800002222", "11:00", "12:00"),
        visit("王小姐", "不愿留", "13:00", "14:00"),
    )
    drop(home, "前台/登记表.xlsx", xlsx({"5日": first}))
    assert 0 == daybook(home, "run", "--on", "2026-11-05").exit_code
    second = register(
        "2026-11-05", visit(level="A", note="他太太 13900009999"), visit("王小姐", "不愿留", "13:00", "14:00")
    )
    drop(home, "前台/登记表.xlsx", xlsx({"5日": second}), "2026-11-06 18:00")
    call = daily("2026-11-06", "李明", ("王先生", "13800001111", "回访", "A", "A", "约来店"))
    drop(home, "李明/日报.xlsx", xlsx({"6日": call}), "2026-11-06 18:10")
    assert 0 == daybook(home, "run", "--on", "2026-11-06").exit_code
    return home


def daybook(home, *arguments):
    return CliRunner().invoke(main, ["--home", str(home.root), *arguments])


def accesses(home):
    with sqlite3.connect(home.archive / "default.sqlite") as connection:
        return connection.execute("select what, detail from access_log order by number").fetchall()


def test_a_customer_is_told_in_time_order_across_forms_with_the_cell_of_each_line(home):
    said = daybook(home, "history", "138-0000-1111").output.splitlines()

    assert "王先生  138****1111" == said[0]
    assert [
        ("2026-11-05", "来店(电)", "[旧版]", "前台/登记表.xlsx › 5日 › G4"),
        ("2026-11-05", "来店(电)", "[现行]", "前台/登记表.xlsx › 5日 › G4"),
        ("2026-11-06", "当日工作", "[现行]", "李明/日报.xlsx › 6日 › G5"),
    ] == [(day, kind, stands, place) for day, kind, stands, _, place in (line.split("  ")[1:] for line in said[1:])]


def test_what_was_withdrawn_is_still_told_and_marked(home):
    said = daybook(home, "history", "孙女士").output.splitlines()

    assert ["[旧版]", "[撤回]"] == [line.split("  ")[3] for line in said[1:]]


def test_customers_whose_names_are_alike_are_told_one_after_another(home):
    said = daybook(home, "history", "王").output.splitlines()

    assert ["王小姐  (没有电话)", "王先生  138****1111"] == [line for line in said if not line.startswith(" ")]


def test_a_customer_nobody_knows_is_said_to_be_unknown(home):
    result = daybook(home, "history", "13800007777")

    assert (0, "档案里没有 138****7777\n") == (result.exit_code, result.output)


def test_a_record_leads_back_to_its_cells_and_every_later_change(home):
    said = daybook(home, "trace", "visit", "13800001111").output

    assert "第 1 版  [旧版]  2026-11-05 18:00 交来,2026-11-05 收下" in said
    assert "出处 前台/登记表.xlsx › 5日 › G4  原件 archive/originals/2026/11/" in said
    assert "  顾客名称  王先生  B4" in said
    assert ["  意向级别  H → A  G4", "  注释  看车 → 他太太 139****9999  K4"] == said.splitlines()[-2:]


def test_a_withdrawn_record_says_which_workbook_no_longer_had_it(home):
    said = daybook(home, "trace", "来店(电)", "11:00", "13800002222").output

    assert "第 2 版  [撤回]  2026-11-06 18:00 的 前台/登记表.xlsx 里没有了,2026-11-06 撤回" in said


def test_the_key_of_an_export_finds_its_record(home, tmp_path):
    daybook(home, "export", str(tmp_path), "--kind", "activity")
    header, row = [line.split(",") for line in (tmp_path / "activity.csv").read_text("utf-8").splitlines()]

    assert 0 == daybook(home, "trace", "activity", row[header.index("_key")]).exit_code


def test_a_key_that_fits_several_records_lists_them_and_asks_for_more(home):
    result = daybook(home, "trace", "visit", "2026-11-05")

    assert 2 == result.exit_code
    assert [
        "  2026-11-05|09:30|李明|138****1111",
        "  2026-11-05|11:00|李明|138****2222",
        "  2026-11-05|13:00|李明|王小姐",
    ] == [line for line in result.output.splitlines() if line.startswith("  ")]


def test_a_kind_or_a_key_that_is_not_there_is_refused(home):
    assert 2 == daybook(home, "trace", "visitt", "13800001111").exit_code
    assert 2 == daybook(home, "trace", "visit", "13800007777").exit_code


def test_every_look_is_noted_and_names_nobody(home):
    before = len(accesses(home))
    daybook(home, "history", "13800001111")
    daybook(home, "trace", "visit", "13800001111")

    assert [("history", "1 位"), ("trace", "visit 一条")] == accesses(home)[before:]


def test_the_access_log_says_who_looked_at_how_many_rows_and_why_without_a_number_in_full(home, tmp_path):
    daybook(home, "history", "13800001111", "--reason", "客户 13800001111 来电问起")
    daybook(home, "trace", "visit", "13800001111")
    daybook(home, "export", str(tmp_path), "--kind", "activity", "--reason", "月底对账")
    said = [line.split("  ")[2:] for line in daybook(home, "status", "--access").output.splitlines()[-3:]]

    assert [
        [getpass.getuser(), "history", "1 位", "3 条", "原因:客户 138****1111 来电问起"],
        [getpass.getuser(), "trace", "visit 一条", "2 条"],
        [getpass.getuser(), "export", f"activity csv → {tmp_path}", "1 条", "原因:月底对账"],
    ] == said


def test_no_phone_is_shown_in_full(home):
    for said in (daybook(home, "history", "王先生").output, daybook(home, "trace", "visit", "13800001111").output):
        assert "1111" in said
        assert not [number for number in ("13800001111", "13900009999") if number in said]
