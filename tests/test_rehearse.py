"""Before a rule is changed: which sheets it would send back, whose, and why."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from pipeline.cli.main import main
from pipeline.keep_home import Home
from tests.workbooks import drop, new_home, register, visit, xlsx


@pytest.fixture(scope="module")
def evenings(tmp_path_factory):
    """Three sheets of three evenings; 王芳 writes no 注释 on two of them. The first evening's workbook came twice."""
    home = new_home(tmp_path_factory.mktemp("evenings") / "home")
    fang = visit("孙女士", "13800002222", "11:00", "12:00", "王芳", note="")
    night(home, "2026-11-03", "3日", visit(note=""), at="17:00")
    night(home, "2026-11-03", "3日", visit())
    night(home, "2026-11-04", "4日", visit(), fang)
    night(home, "2026-11-05", "5日", fang, visit("周先生", "13800003333", "14:00", "15:00", "王芳", note=""))
    return home


@pytest.fixture
def home(evenings, tmp_path):
    return Home(shutil.copytree(evenings.root, tmp_path / "home"))


def night(home, day, sheet, *visits, at="18:00"):
    drop(home, f"{sheet}.xlsx", xlsx({sheet: register(day, *visits)}), f"{day} {at}")
    assert 0 == daybook(home, "run", "--on", day).exit_code


def daybook(home, *arguments):
    return CliRunner().invoke(main, ["--home", str(home.root), *arguments])


def changed(home, old, new, name="forms/visitor_register.yaml"):
    """Return a changed copy of a rules file, under a name of the clerk's own."""
    text = (home.rules / name).read_text("utf-8")
    assert old in text
    file = home.root.parent / ("新登记表.yaml" if name.startswith("forms/") else name)
    file.write_text(text.replace(old, new), "utf-8")
    return str(file)


def stricter(home, trial="false"):
    rule = f'    rules:\n      - {{id: visit.no-note, need: {{filled: note}}, trial: {trial}, say: "注释没有填"}}\n'
    return changed(home, "    rules:\n", rule)


def everything(home):
    return {path: path.read_bytes() for path in home.root.rglob("*") if path.is_file()}


def test_a_stricter_rule_says_how_many_sheets_mostly_whose_and_why(home):
    result = daybook(home, "rules", "rehearse", stricter(home))

    assert 0 == result.exit_code
    assert [
        "重看了最近 30 天的 3 本工作簿,同一本只看最后一次交来的",
        "会多退 2 张表,都是 王芳 的,因为 注释没有填(3 处)",
        "  4日.xlsx › 4日  K5",
        "  5日.xlsx › 5日  K4、K5",
    ] == result.output.splitlines()


def test_a_trial_rule_sends_nothing_back_and_only_reminds(home):
    assert ["多提醒 3 处,提醒不退表"] == daybook(home, "rules", "rehearse", stricter(home, "true")).output.splitlines()[
        1:
    ]


def test_a_rule_that_is_taken_back_sends_fewer_sheets_back(home):
    strict = stricter(home)
    mild = (home.rules / "forms" / "visitor_register.yaml").read_text("utf-8")
    (home.rules / "forms" / "visitor_register.yaml").write_bytes(Path(strict).read_bytes())
    (home.root.parent / "旧.yaml").write_text(mild, "utf-8")

    assert (
        "会少退 2 张表,都是 王芳 的,因为 注释没有填(3 处)"
        in daybook(home, "rules", "rehearse", str(home.root.parent / "旧.yaml")).output
    )


def test_a_word_taken_from_the_vocabulary_is_rehearsed_by_its_files_name(home):
    said = daybook(home, "rules", "rehearse", changed(home, "[首次, 初次", "[初次", "vocabulary.yaml")).output

    assert "会多退 3 张表" in said


def test_the_same_rules_make_no_difference(home):
    assert (
        "和现在的规则没有差别" in daybook(home, "rules", "rehearse", changed(home, "version: 1", "version: 2")).output
    )


def test_only_the_last_days_are_looked_at(home):
    said = daybook(home, "rules", "rehearse", stricter(home), "--days", "1").output

    assert "最近 1 天的 1 本" in said
    assert "会多退 1 张表" in said


def test_nothing_is_written_and_nothing_is_returned(home):
    file = stricter(home)
    before = everything(home)
    daybook(home, "rules", "rehearse", file)

    assert before == everything(home)


def test_a_home_without_an_archive_has_nothing_to_look_at(tmp_path):
    home = new_home(tmp_path / "new")

    assert "0 本" in daybook(home, "rules", "rehearse", stricter(home)).output
    assert [] == list(home.archive.iterdir())


def test_changed_rules_that_are_wrong_end_with_two_and_say_where(home):
    result = daybook(home, "rules", "rehearse", changed(home, "covers:", "coverz:"))

    assert 2 == result.exit_code
    assert "visitor_register.yaml" in result.output
    assert "coverz" in result.output


def test_a_file_that_is_no_rule_ends_with_two(home, tmp_path):
    file = tmp_path / "什么.yaml"
    file.write_text("名字: 值\n", "utf-8")

    assert 2 == daybook(home, "rules", "rehearse", str(file)).exit_code
