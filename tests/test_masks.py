"""After whole nights no output and no log shows a phone or an ID number in full, except where somebody has to ring it up."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from pipeline.cli.main import main
from pipeline.keep_home import Home
from tests.workbooks import daily, drop, new_home, register, visit, xlsx

DAY = "2026-11-04"
PHONES = [f"1387130{number}" for number in range(9642, 9649)]
ID = "410881199001015432"

# The consultant's own sheets, the filler's own workbook that came back, what is handed over: there the number is dialled or corrected.
IN_FULL = ("明日表单/", "退回/", "交接/")
# Nor is it read where a file is told by its name: its path in a manifest, and the link that opens the copy that came back.
TOLD_BY = re.compile(r'"path": "[^"\n]*"|href="\./%E9%80%80%E5%9B%9E/[^"]*"')
PHONE = re.compile(r"(?<![\d.])1[3-9]\d[ -]?\d{4}[ -]?\d{4}(?![\d.])")
ID_NUMBER = re.compile(r"(?<![\d.])[1-9]\d{5}(?:19|20)\d{9}[\dXx](?![\d.])")


def texts(path: Path) -> Iterator[str]:
    """Yield the text of a file: of a workbook every part, shared strings, notes and properties included."""
    if not zipfile.is_zipfile(path):
        yield path.read_text("utf-8", "replace")
        return
    with zipfile.ZipFile(path) as package:
        for name in package.namelist():
            yield package.read(name).decode("utf-8", "replace")


def shown(folder: Path, pattern: re.Pattern[str]) -> list[tuple[str, str]]:
    return [
        (where, found[0])
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not any(room in (where := path.relative_to(folder).as_posix()) for room in IN_FULL)
        for text in (where.replace("/", "\n"), *texts(path))
        for found in pattern.finditer(TOLD_BY.sub("", text))
    ]


@pytest.fixture(scope="module")
def home(tmp_path_factory) -> Home:
    """One evening of staff who write numbers everywhere: notes, file names, sheet names, unknown columns, cells they do not belong in."""
    home = new_home(tmp_path_factory.mktemp("masks") / "home", "李明")
    privacy = home.rules / "privacy.yaml"
    privacy.write_text(privacy.read_text("utf-8").replace("warn_persons: 100000", "warn_persons: 3"), "utf-8")
    note = f"他太太 138-7130-9653,身份证 {ID}"
    sheet = register(
        DAY,
        visit("欧阳志强", PHONES[0], note=note),
        visit("孙女士", "1387130965", "11:00", "11:20"),
        visit(f"周先生{PHONES[2]}", PHONES[2], "12:00", "12:20"),
        visit("吴女士", f"{PHONES[3]}/{PHONES[4]}", "13:00", "13:20", note=ID),
        visit("郑先生", ID, "14:00", "14:20"),
        visit("冯先生", f"1{PHONES[5]}", "15:00", "15:20", level=PHONES[6]),
    )
    card = [
        ["客户管理卡"],
        ["客户姓名", "欧阳志强", "电话", PHONES[0], "意向车型", "X5"],
        ["信息来源", "网络", "初洽日期", DAY, "初始级别", "H"],
        ["销售顾问", "李明", "身份证号", ID, "地址", f"槐树街 {PHONES[1]}"],
        [],
        ["日期", "方式", "情形", "级别", "下次回访日期"],
        [DAY, "电话", f"改打 {PHONES[1]}", "A", "2026-11-08"],
    ]
    done = ("欧阳志强", PHONES[0], "回访", "H", "A", f"太太 {PHONES[1]}")
    books = {
        f"{PHONES[0]} 登记.xlsx": xlsx({"4": sheet}),
        f"再交 {PHONES[0]}.xlsx": xlsx({"4": sheet}),
        f"李明/{PHONES[0]}.xlsx": xlsx({PHONES[0]: card}),
        "李明/日报.xlsx": xlsx({"4": daily(DAY, "李明", done, planned=[["欧阳志强", PHONES[0], "X5", "回访", note]])}),
        f"{ID}.xlsx": b"no workbook at all",
        f"~${PHONES[0]}.xlsx": b"x",
        f"{PHONES[1]}.txt": b"x",
    }
    for path, content in books.items():
        drop(home, path, content, f"{DAY} 18:00")
    said = CliRunner().invoke(main, ["--home", str(home.root), "run", "--on", DAY, "--json"])
    assert 0 == said.exit_code, said.output
    (home.root / "console").mkdir()
    (home.root / "console" / "run.txt").write_text(said.output, "utf-8")
    for name, *words in (
        ["history", PHONES[0]],
        ["trace", "visit", PHONES[0]],
        ["status", "--access"],
        ["verify"],
        ["doctor"],
    ):
        said = CliRunner().invoke(main, ["--home", str(home.root), name, *words])
        (home.root / "console" / f"{name}.txt").write_text(said.output, "utf-8")
    return home


@pytest.mark.parametrize("room", ["outbox", "archive/logs", "archive/runs", "console"])
@pytest.mark.parametrize("pattern", [PHONE, ID_NUMBER], ids=["phone", "id"])
def test_no_report_page_log_manifest_or_console_shows_a_number_in_full(home, room, pattern):
    assert [] == shown(home.root / room, pattern)


def test_the_look_finds_numbers_where_they_stand_in_full(home):
    """Else a look that finds nothing would prove nothing."""
    sheets = [path for path in home.outbox.rglob("*.xlsx") if "明日表单" in path.as_posix()]

    assert any(PHONE.search(text) for path in sheets for text in texts(path))
    assert any(PHONE.search(text) for path in home.exports.rglob("*.xlsx") for text in texts(path))
    assert any(ID_NUMBER.search(text) for path in (home.archive / "originals").rglob("*.xlsx") for text in texts(path))


def test_the_page_warns_of_a_home_that_nears_the_bound_of_persons(home):
    page = (home.outbox / DAY / "运行报告.html").read_text("utf-8")

    assert "档案里有 3 位留了电话的客户,快到 3 位了 → 到期的用 daybook purge 清理" in page
