"""Whatever state the files of the rules are in, the clerk is told which one, on which line, and what to do."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.errors import Problem, RulesError
from pipeline.read_rules import read_rules
from tests.conftest import ROOT
from tests.spoilt import REGISTER, copied, line_of, refusal


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A copy of the shipped rules to spoil."""
    return copied(tmp_path)


@pytest.fixture
def refused(home: Path) -> Callable[..., tuple[Problem, ...]]:
    """Spoils the rules by (file, old text, new text) edits and returns what is said of them."""
    return partial(refusal, home)


def told_of(home: Path) -> tuple[Problem, ...]:
    """Return what is said of the rules, nothing if they are sound."""
    try:
        read_rules(home)
    except RulesError as refusal:
        return refusal.problems
    return ()


@pytest.mark.parametrize(
    ("old", "new", "line_text", "key", "message"),
    [
        ("opens_at:", "\topens_at:", "opens_at", "", "Tab"),
        ("stores: []", "stores: [", "stores: [", "", "括号没有成对"),
        ("name: 我们店", "name: 店: 一", "店: 一", "", "冒号的位置"),
        ("name: 我们店", "name: '我们店", "name: '", "", "引号没有成对"),
        ("stores: []", "stores: []\nstores: []", "", "stores", "写了两次"),
        ("name: 我们店", "name: !店 我们", "!店", "", "! 或 @"),
        ("window_days: 90", " window_days: 90", " window_days", "", ""),
    ],
)
def test_what_is_no_yaml_is_told_with_its_line_and_a_remedy(home: Path, refused, old, new, line_text, key, message):
    (problem,) = refused(("house.yaml", old, new))

    assert ("rules/house.yaml", key) == (problem.file, problem.key)
    assert message in problem.message
    assert 1 <= problem.line <= len((home / "house.yaml").read_text("utf-8").splitlines()) + 1
    if line_text:
        assert line_of(home, "house.yaml", line_text) == problem.line


@pytest.mark.parametrize(
    "name", ["house", "follow_up", "targets", "calendar", "privacy", "vocabulary", "wording", "row_words", "kinds"]
)
def test_a_file_that_is_missing_is_named(home: Path, refused, name):
    (home / f"{name}.yaml").unlink()

    assert [(f"rules/{name}.yaml", "缺少这个文件")] == [(each.file, each.message) for each in refused()]


def test_a_misspelt_file_is_named_with_the_one_it_was_meant_to_be(home: Path, refused):
    (home / "privacy.yaml").rename(home / "privcy.yaml")

    assert [("rules/privacy.yaml", ""), ("rules/privcy.yaml", "privacy")] == [
        (each.file, each.nearest) for each in refused()
    ]


def test_a_home_without_forms_or_with_an_empty_file_is_refused(home: Path, refused):
    shutil.rmtree(home / "forms")
    (home / "privacy.yaml").write_text("", "utf-8")

    told = {(each.file, each.message) for each in refused()}

    assert {("rules/forms", "一张表的规则也没有"), ("rules/privacy.yaml", "文件是空的")} <= told


def test_a_home_without_rules_is_refused(tmp_path: Path):
    with pytest.raises(RulesError, match="找不到这个文件夹"):
        read_rules(tmp_path / "rules")


def test_two_forms_of_one_name_are_refused(home: Path, refused):
    shutil.copy(home / REGISTER, home / "forms" / "zz_register.yaml")

    (problem,) = refused()

    assert ("rules/forms/zz_register.yaml", "form") == (problem.file, problem.key)
    assert "visitor_register.yaml" in problem.message


def test_a_file_saved_in_an_old_chinese_encoding_is_told_so(home: Path, refused):
    text = (home / "house.yaml").read_text("utf-8")
    (home / "house.yaml").write_bytes(text.encode("gb18030"))

    (problem,) = refused()

    assert ("rules/house.yaml", 1) == (problem.file, problem.line)
    assert "UTF-8" in problem.message


def test_a_file_saved_by_notepad_with_its_mark_in_front_is_read(home: Path):
    (home / "house.yaml").write_text("\ufeff" + (home / "house.yaml").read_text("utf-8"), "utf-8")

    assert "我们店" == read_rules(home).house.name


@settings(max_examples=20, deadline=None)
@given(st.data())
def test_no_slip_whatever_makes_the_reader_break(tmp_path_factory, data):
    file = data.draw(
        st.sampled_from(
            sorted(path.relative_to(ROOT / "rules").as_posix() for path in (ROOT / "rules").rglob("*.yaml"))
        )
    )
    home = tmp_path_factory.mktemp("home") / "rules"
    shutil.copytree(ROOT / "rules", home)
    text = (home / file).read_text("utf-8")
    start = data.draw(st.integers(0, len(text)))
    cut = data.draw(st.integers(0, 12))
    noise = data.draw(st.text("abc:{}[]'\"-*&!|>% \t\n,0123中文", max_size=6))
    (home / file).write_text(text[:start] + noise + text[start + cut :], "utf-8")

    problems = told_of(home)

    assert all(each.line >= 1 and each.message and each.file.startswith("rules") for each in problems)
