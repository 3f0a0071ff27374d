"""Every original read again by the rules of its night gives the archive that stands, row for row; a row that was tampered with is told."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from datetime import date

import pytest
from click.testing import CliRunner

from pipeline import night, undo
from pipeline.cli.main import main
from pipeline.keep_locks import home_lock
from tests.nights import run
from tests.workbooks import daily, drop, new_home, register, visit, xlsx

WRONG = {
    "3": register(
        "2026-11-03", visit(), visit("赵女士", "1380000222"), visit("孙先生", "13800004444", "10:10", "11:00")
    )
}
RIGHT = {"3": register("2026-11-03", visit(level="A"), visit("赵女士", "13800002222"))}
BROKEN = b"PK\x03\x04 nobody can read this"


@pytest.fixture(scope="module")
def lived(tmp_path_factory):
    """A home after four nights: a sheet returned and handed in again, a row withdrawn, a night undone, a rule changed, a broken file."""
    home = new_home(tmp_path_factory.mktemp("lived") / "home", "李明")
    patch = pytest.MonkeyPatch()
    for room in (night, undo):  # what managers read is not looked at here
        patch.setattr(room, "publish", lambda *_, **__: ())
    drop(home, "登记.xlsx", xlsx(WRONG), "2026-11-03 18:00")
    drop(home, "坏.xlsx", BROKEN, "2026-11-03 18:00")
    run(home, date(2026, 11, 3))
    drop(home, "登记.xlsx", xlsx(RIGHT), "2026-11-04 18:00")
    run(home, date(2026, 11, 4))
    drop(
        home,
        "李明/日报.xlsx",
        xlsx({"4": daily("2026-11-04", "李明", ("王先生", "13800001111", "回访", "H", "A", "看车"))}),
    )
    run(home, date(2026, 11, 5))
    assert 0 == daybook(home, "undo").exit_code
    words = home.rules / "vocabulary.yaml"
    words.write_text(re.sub(r"\[(.*)首次", r"[\1头一回, 首次", words.read_text("utf-8"), count=1), "utf-8")
    drop(home, "登记 5日.xlsx", xlsx({"5": register("2026-11-05", visit("周先生", "13800005555", kind="头一回"))}))
    run(home, date(2026, 11, 5))
    patch.undo()
    return home


def daybook(home, *arguments):
    return CliRunner().invoke(main, ["--home", str(home.root), *arguments])


def changed(home, statement):
    with closing(sqlite3.connect(home.archive / "default.sqlite")) as file:
        file.execute(statement)
        file.commit()


def test_the_originals_of_several_nights_read_again_give_the_archive_that_stands(lived):
    result = daybook(lived, "verify", "--rebuild")

    assert (0, "档案完好,和原件重读的一模一样") == (result.exit_code, result.stdout.strip())
    assert [] == [path.name for path in lived.archive.iterdir() if path.name.startswith(".daybook-")]


def test_rows_that_were_tampered_with_are_told_with_what_the_original_says(lived):
    changed(lived, "UPDATE visit SET level = 'C' WHERE customer_name = '王先生' AND level = 'A'")
    changed(lived, "UPDATE visit SET _withdrawn = 0 WHERE customer_name = '孙先生' AND _current")
    result = daybook(lived, "verify", "--rebuild")
    changed(lived, "UPDATE visit SET level = 'A' WHERE customer_name = '王先生' AND level = 'C'")
    changed(lived, "UPDATE visit SET _withdrawn = 1 WHERE customer_name = '孙先生' AND _current")

    assert 3 == result.exit_code
    assert "138****1111 2:level 档案里是 C,原件里是 A" in result.stdout
    assert "138****4444 2:_withdrawn 档案里是 False,原件里是 True" in result.stdout
    assert "13800001111" not in result.stdout


def test_a_rebuilding_waits_for_no_night_and_no_night_runs_into_it(lived):
    with home_lock(lived.root):
        assert 75 == daybook(lived, "verify", "--rebuild").exit_code


def test_an_original_that_is_gone_is_named_before_anything_is_read_again(lived):
    original = next(path for path in (lived.archive / "originals").rglob("*登记.xlsx"))
    aside = original.rename(lived.root / "别处.xlsx")
    result = daybook(lived, "verify", "--rebuild")
    aside.rename(original)

    assert 3 == result.exit_code
    assert f"不能重建:archive/{original.relative_to(lived.archive).as_posix()}" in result.stdout
