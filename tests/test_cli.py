"""The commands as an operator types them: what they print and with which code they end."""

from __future__ import annotations

import csv
import json
import subprocess
import sys

import pytest
from click.testing import CliRunner

from pipeline.cli.main import main
from pipeline.keep_locks import home_lock
from tests.workbooks import drop, new_home, register, visit, xlsx


@pytest.fixture
def home(tmp_path):
    return new_home(tmp_path / "home")


def daybook(home, *arguments: str):
    return CliRunner().invoke(main, ["--home", str(home.root), *arguments])


def filled(*visits) -> bytes:
    return xlsx({"5日": register("2026-11-05", *visits)})


def test_a_night_ends_with_zero_whatever_was_returned_and_with_one_when_strict(home):
    drop(home, "登记表.xlsx", filled(visit("孙女士", "1380000")))
    assert 0 == daybook(home, "run", "--on", "2026-11-05").exit_code

    drop(home, "登记表2.xlsx", filled(visit("孙女士", "13800")))
    assert 1 == daybook(home, "run", "--on", "2026-11-06", "--strict").exit_code


def test_run_json_prints_the_manifest(home):
    drop(home, "登记表.xlsx", filled(visit()))
    said = json.loads(daybook(home, "run", "--on", "2026-11-05", "--json").output)

    assert {"run", "on", "started_at", "finished_at", "counts", "records", "books"} == said.keys()
    assert 1 == said["counts"]["accepted"]


def test_wrong_rules_end_with_two_before_anything_is_touched(home):
    place = drop(home, "登记表.xlsx", filled(visit()))
    form = home.rules / "forms" / "visitor_register.yaml"
    form.write_text(form.read_text("utf-8").replace("covers:", "coverz:"), "utf-8")
    result = daybook(home, "run", "--on", "2026-11-05")

    assert 2 == result.exit_code
    assert "visitor_register.yaml" in result.output
    assert "coverz" in result.output
    assert "covers" in result.output
    assert place.exists()
    assert [] == list(home.archive.iterdir())


def test_a_home_in_use_ends_with_seventy_five(home):
    with home_lock(home.root):
        assert 75 == daybook(home, "run", "--on", "2026-11-05").exit_code


def test_a_folder_that_is_no_home_ends_with_two(tmp_path):
    result = CliRunner().invoke(main, ["--home", str(tmp_path), "status"])

    assert 2 == result.exit_code
    assert "daybook init" in result.output


def test_an_inbox_that_is_gone_ends_with_three(home):
    home.inbox.rmdir()

    assert 3 == daybook(home, "run", "--on", "2026-11-05").exit_code


def test_check_says_every_slip_with_its_cell_and_writes_nothing(home):
    good = drop(home, "好.xlsx", filled(visit()))
    bad = drop(home, "坏.xlsx", filled(visit("孙女士", "1380000", "11:00", "10:00")))
    broken = drop(home, "破.xlsx", b"PK\x03\x04 nothing more")

    assert 0 == daybook(home, "check", str(good)).exit_code
    result = daybook(home, "check", str(bad))
    assert 1 == result.exit_code
    assert "坏.xlsx › 5日 C4 电话" in result.output
    assert "I4 离店时间" in result.output
    assert 3 == daybook(home, "check", str(broken)).exit_code
    assert [] == list(home.archive.iterdir())


def test_identify_names_form_score_header_and_what_comes_second(home):
    known = drop(home, "甲.xlsx", filled(visit()))
    unknown = drop(home, "乙.xlsx", xlsx({"表": [["品名", "单价"], ["螺丝", 3]]}))

    assert "visitor_register" in daybook(home, "identify", str(known)).output
    assert 0 == daybook(home, "identify", str(known)).exit_code
    assert 1 == daybook(home, "identify", str(unknown)).exit_code


def test_identify_tells_a_blank_of_ours_by_form_and_version_and_says_why_a_file_cannot_be_read(home):
    blank = next(path for path in home.templates.iterdir() if "登记表" in path.name and "来店" in path.name)
    broken = drop(home, "破.xlsx", b"PK\x03\x04 nothing more")

    assert "空白表 visitor_register/1" in daybook(home, "identify", str(blank)).output
    assert "另存为" in daybook(home, "identify", str(broken)).output


def test_export_writes_a_table_per_kind_and_notes_the_access(home, tmp_path):
    drop(home, "登记表.xlsx", filled(visit()))
    daybook(home, "run", "--on", "2026-11-05")
    result = daybook(home, "export", str(tmp_path / "out"), "--kind", "visit")
    with (tmp_path / "out" / "visit.csv").open(encoding="utf-8") as file:
        row = next(csv.DictReader(file))

    assert 0 == result.exit_code
    assert ("2026-11-05", "09:30", "true", "45", "", "visitor_register", "5日", "4") == tuple(
        row[name]
        for name in ("visited_on", "arrived_at", "captured", "stay_minutes", "source", "_form", "_sheet", "_row")
    )


def test_status_and_verify_tell_of_a_sound_archive(home):
    drop(home, "登记表.xlsx", filled(visit()))
    daybook(home, "run", "--on", "2026-11-05")

    assert "2026-11-05" in daybook(home, "status").output
    assert 0 == daybook(home, "verify").exit_code


def test_verify_ends_with_three_when_an_original_was_changed(home):
    drop(home, "登记表.xlsx", filled(visit()))
    daybook(home, "run", "--on", "2026-11-05")
    original = next(path for path in (home.archive / "originals").rglob("*") if path.is_file())
    original.write_bytes(original.read_bytes() + b"x")

    assert 3 == daybook(home, "verify").exit_code


def test_report_writes_one_workbook_again(home):
    drop(home, "登记表.xlsx", filled(visit()))
    daybook(home, "run", "--on", "2026-11-05")
    result = daybook(home, "report", "--on", "2026-11-05", "--only", "逾期跟进")

    assert 0 == result.exit_code
    assert ["逾期跟进.xlsx"] == [line.rpartition("/")[2] for line in result.output.split()]
    assert 2 == daybook(home, "report", "--only", "没有这本").exit_code


def test_init_never_overwrites_a_clerks_rules(home):
    assert 2 == CliRunner().invoke(main, ["init", str(home.root)]).exit_code


def test_forms_are_listed_shown_and_drawn(home):
    assert "visitor_register" in daybook(home, "forms", "list").output
    assert "顾客名称" in daybook(home, "forms", "show", "visitor_register").output
    assert "visitor_register" in daybook(home, "forms", "show", "visitor_registr").output
    assert 2 == daybook(home, "forms", "show", "visitor_registr").exit_code
    for path in home.templates.iterdir():
        path.unlink()
    assert 0 == daybook(home, "forms", "template").exit_code
    assert any("登记表" in path.name for path in home.templates.iterdir())


def test_help_check_and_identify_do_not_load_pandas_before_they_need_it(home):
    nothing = drop(home, "乙.xlsx", xlsx({"表": [["品名", "单价"], ["螺丝", 3]]}))
    for arguments in (["--help"], ["identify", str(nothing)], ["check", str(nothing)]):
        code = (
            "import sys\nfrom pipeline.cli.main import main\n"
            f"try:\n    main({['--home', str(home.root), *arguments]!r})\nexcept SystemExit:\n    pass\n"
            "print('LOADED', sorted({'pandas', 'pandera', 'openpyxl'} & set(sys.modules)))"
        )
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
        assert "LOADED []" in done.stdout, arguments


def test_no_console_line_shows_a_phone_in_full(home):
    place = drop(
        home,
        "登记表.xlsx",
        filled(visit("孙女士", "136000047499"), visit("周先生", "13800003333/13900004444", "11:00")),
    )

    for said in (
        daybook(home, "check", str(place)).output,
        daybook(home, "run", "--on", "2026-11-05", "--json").output,
    ):
        assert "电话" in said
        assert not [number for number in ("136000047499", "13800003333", "13900004444") if number in said]
