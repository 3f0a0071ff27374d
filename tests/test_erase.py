"""A customer who asked to be forgotten is nowhere in the home any more, and nobody else is touched."""

from __future__ import annotations

import io
import shutil
import sqlite3
import stat
import zipfile
from contextlib import closing
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner

from pipeline import erase as erasing
from pipeline.archive import forget
from pipeline.archive.keep_archive import open_archive
from pipeline.cli.main import main
from pipeline.examine import examine
from pipeline.keep_home import Home
from pipeline.read_rules import read_rules
from pipeline.workers import read_books
from tests.nights import run
from tests.workbooks import daily, drop, new_home, register, visit, xlsx

PHONE, OTHER = "13871309642", "13800002222"
NAME = "欧阳志强"
VIN = "LSVAA4187E2184321"
CARD = [
    ["客户管理卡"],
    ["客户姓名", NAME, "电话", PHONE, "意向车型", "X5"],
    ["信息来源", "网络", "初洽日期", "2026-11-03", "初始级别", "H"],
    ["销售顾问", "李明", "地址", "槐树街 12 号", "身份证号", "410881199001015432"],
    [],
    ["日期", "方式", "情形", "级别", "下次回访日期"],
    ["2026-11-04", "电话", "说欧阳太太喜欢白色", "A", "2026-11-08"],
]
OWNER = [
    ["客户管理卡(正面)"],
    ["车主姓名", NAME, "联系电话", PHONE, "车型", "X5"],
    ["颜色", "白", "车架号", VIN, "车牌号", "川A7Q3K5"],
    ["订购日期", "2026-11-04", "交车日期", "", "成交价", "158000"],
    ["销售顾问", "李明"],
]
NIGHTS = {
    3: {
        "登记.xlsx": {"3": register("2026-11-03", visit(NAME, PHONE), visit("孙女士", OTHER, "11:00", "11:20", note="欧阳介绍,138-7130-9642"))},
    },
    4: {
        "登记.xlsx": {
            "3": register("2026-11-03", visit(NAME, PHONE, level="A"), visit("孙女士", OTHER, "11:00", "11:20", note="欧阳介绍,138-7130-9642")),
            "4": register("2026-11-04", visit(NAME, "1387130964", "14:00", "14:30"), visit("周先生", "13800003333", "15:00", "15:20")),
        },
        f"李明/{NAME} 管理卡.xlsx": {"反面": CARD, NAME: OWNER},
        "李明/日报.xlsx": {"4": daily("2026-11-04", "李明", (NAME, PHONE, "回访", "H", "A", "看车"), ("孙女士", OTHER, "回访", "H", "H", "约试驾"))},
    },
}  # fmt: skip
FILES = {day: {path: xlsx(sheets) for path, sheets in books.items()} for day, books in NIGHTS.items()}
TRACES = (PHONE, "138-7130-9642", "138****9642", "1387130964", NAME, VIN, "410881199001015432", "槐树街", "川A7Q3K5")


def lived(folder: Path) -> Home:
    home = new_home(folder, "李明")
    for day, books in FILES.items():
        for path, content in books.items():
            drop(home, path, content, f"2026-11-{day:02} 18:00")
        run(home, date(2026, 11, day))
    return home


@pytest.fixture(scope="module")
def before(tmp_path_factory):
    return lived(tmp_path_factory.mktemp("before") / "home")


@pytest.fixture
def home(before, tmp_path) -> Home:
    shutil.copytree(before.root, tmp_path / "home")
    return Home(tmp_path / "home")


@pytest.fixture
def quiet(home, monkeypatch):
    """A home whose reports nobody looks at in the test, so none is made."""
    shutil.rmtree(home.outbox)
    shutil.rmtree(home.archive / "exports")
    monkeypatch.setattr(erasing, "publish", lambda *_, **__: ())
    return home


@pytest.fixture(scope="module")
def erased(before, tmp_path_factory):
    """The home after the erasure, and what was said."""
    folder = tmp_path_factory.mktemp("after") / "home"
    shutil.copytree(before.root, folder)
    return Home(folder), daybook(Home(folder), "erase", PHONE, "--reason", f"{NAME} 本人要求")


def daybook(home: Home, *arguments: str):
    return CliRunner().invoke(main, ["--home", str(home.root), *arguments])


def traces(home: Home) -> list[tuple[str, str]]:
    """Return what is still known of the customer, byte by byte: file, and the word found there."""
    found = []
    for path in sorted(home.root.rglob("*")):
        if path.is_file():
            where = path.relative_to(home.root).as_posix()
            text = f"{where}\n{bytes_of(path).decode('utf-8', 'ignore')}"
            found += [(where, word) for word in TRACES if word in text]
    return found


def bytes_of(path: Path) -> bytes:
    content = path.read_bytes()
    if not zipfile.is_zipfile(path):
        return content
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return b"\n".join(package.read(name) for name in package.namelist())


def others(home: Home) -> dict[str, list[dict[str, object]]]:
    """Return what the archive shows of everybody else."""
    hidden = {"_book", "_original", "_run"}
    with open_archive(home.root, "default", read_rules(home.rules)) as archive:
        tables = archive.view(date(2026, 11, 4), {"visit", "activity", "customer", "follow_up", "deal"}).tables
    found = {}
    for kind in ("visit", "activity", "customer", "follow_up", "deal"):
        rows = [dict(zip(tables[kind].names, row, strict=True)) for row in tables[kind].rows]
        found[kind] = [{k: v for k, v in row.items() if k not in hidden} for row in rows if row["phone"] != PHONE]
    return found


def tree(home: Home) -> dict[str, bytes]:
    return {
        path.relative_to(home.root).as_posix(): path.read_bytes() for path in home.root.rglob("*") if path.is_file()
    }


def test_after_erasing_nothing_of_the_customer_is_anywhere_in_the_home(before, erased):
    home, said = erased
    assert set(TRACES) == {word for _, word in traces(before)}

    assert 0 == said.exit_code, said.output
    assert "已删除 1 位,6 条记录" in said.output
    assert [] == traces(home)
    assert "档案完好,和原件重读的一模一样" == daybook(home, "verify", "--rebuild").output.splitlines()[-1]


def test_everybody_else_stays_as_they_were_but_for_a_number_in_a_note(before, erased):
    home, _ = erased
    expected = others(before)
    expected["visit"][0]["note"] = "欧阳介绍,(已删)"

    assert expected == others(home)


def test_an_original_without_the_customer_reads_as_before_for_everybody_else(before, erased, rules):
    def read(home):
        with open_archive(home.root, "default", rules) as archive:
            filed = sorted(forget.filed(archive), key=lambda one: one.sha256)
        books = read_books((one.path, (home.root / one.original).read_bytes(), one.received) for one in filed)
        submissions = examine(books, rules, date(2026, 11, 4)).submissions
        return [
            [(r.kind, r.key, dict(r.cells)) for r in s.records if r.values.get("phone") != PHONE] for s in submissions
        ]

    assert read(before) == read(erased[0])


def test_the_tombstone_says_when_why_and_how_many_and_not_who(erased):
    home, _ = erased
    with closing(sqlite3.connect(home.archive / "default.sqlite")) as file:
        (tomb,) = file.execute("SELECT kind, reason, rows, counts, length(key) FROM tombstone").fetchall()

    assert ("erase", "(已删) 本人要求", 6, '{"visit":2,"follow_up":1,"customer":1,"deal":1,"activity":1}', 32) == tomb
    assert "  erase  1 位  6 条  原因:(已删) 本人要求" in daybook(home, "status", "--access").output


def test_a_dry_look_says_what_would_go_and_changes_nothing(home):
    before = tree(home)
    said = daybook(home, "erase", PHONE, "--reason", "看看", "--dry-run")

    assert "会删除 1 位,6 条记录" in said.output
    assert before == tree(home)


def test_exports_and_files_still_in_the_inbox_are_named_for_somebody_to_clear_away(home, tmp_path):
    drop(home, "李明/再交.xlsx", xlsx({"3": register("2026-11-03", visit(NAME, PHONE))}))
    drop(home, "别人.xlsx", xlsx({"3": register("2026-11-03", visit("孙女士", OTHER))}))
    daybook(home, "export", str(tmp_path / "导出"), "--kind", "visit")
    said = daybook(home, "erase", PHONE, "--reason", "看看", "--dry-run").output

    assert "inbox 里有 1 本还写着(李明/再交.xlsx)" in said
    assert f"导出过 1 次,夜账管不到那些文件,请自己删:visit csv → {tmp_path / '导出'}" in said


def test_a_name_that_fits_several_lists_them_and_erases_nobody(home):
    before = tree(home)
    said = daybook(home, "erase", "先生", "--reason", "本人要求")

    assert 2 == said.exit_code
    assert "周先生  138****3333" in said.output
    assert before == tree(home)
    assert "档案里没有" in daybook(home, "erase", "13900000000", "--reason", "本人要求").output


@pytest.mark.parametrize(
    "where", ["_put_beside", "_clean_runs", "forget.take_out", "_old_originals_gone", "publish", "put_entries"]
)
def test_an_erasure_cut_off_anywhere_is_finished_when_typed_again(quiet, monkeypatch, where):
    class Cut(BaseException):
        pass

    def cut(*_arguments, **_options):
        raise Cut

    with monkeypatch.context() as knife:
        knife.setattr(forget if "." in where else erasing, where.rpartition(".")[2], cut)
        with pytest.raises(Cut):
            daybook(quiet, "erase", PHONE, "--reason", "本人要求")
    said = daybook(quiet, "erase", PHONE, "--reason", "本人要求")

    assert 0 == said.exit_code, said.output
    assert [] == traces(quiet)
    assert "档案完好\n" == daybook(quiet, "verify").output


def test_an_older_backup_forgets_again_when_it_is_restored_and_its_copy_of_what_stood_too(quiet, tmp_path):
    backup = tmp_path / "盘"
    daybook(quiet, "backup", str(backup))
    daybook(quiet, "erase", PHONE, "--reason", "本人要求")
    assert ["erased.json", "erased.key"] == sorted(path.name for path in backup.iterdir() if path.is_file())
    said = daybook(quiet, "restore", str(backup))

    assert "已照名单再删一遍" in said.output
    assert [] == traces(quiet)


def test_a_new_machine_that_restores_an_older_backup_forgets_again(quiet, tmp_path):
    daybook(quiet, "backup", str(tmp_path / "盘"))
    daybook(quiet, "erase", PHONE, "--reason", "本人要求")
    fresh = Home(tmp_path / "新机")
    daybook(fresh, "restore", str(tmp_path / "盘"))

    assert [] == traces(fresh)


def test_everything_in_the_archive_is_its_owner_s_alone_after_erasing_and_restoring(quiet, tmp_path):
    daybook(quiet, "backup", str(tmp_path / "盘"))
    daybook(quiet, "erase", PHONE, "--reason", "本人要求")
    modes = {stat.S_IMODE(path.stat().st_mode) for path in (quiet.archive, *quiet.archive.rglob("*"))}
    daybook(quiet, "restore", str(tmp_path / "盘"))
    after = {stat.S_IMODE(path.stat().st_mode) for path in (quiet.archive, *quiet.archive.rglob("*"))}

    assert ({0o700, 0o600}, {0o700, 0o600}) == (modes, after)


def test_where_the_rules_say_so_the_whole_original_goes(quiet):
    privacy = quiet.rules / "privacy.yaml"
    privacy.write_text(privacy.read_text("utf-8").replace("originals: redact", "originals: remove"), "utf-8")
    daybook(quiet, "erase", PHONE, "--reason", "本人要求")

    assert [] == traces(quiet)
    assert [["按要求删除了客户资料,这一本不再保留。"]] == [
        [cell for row in sheet.values for cell in row]
        for path in (quiet.archive / "originals").rglob("*.xlsx")
        for sheet in openpyxl.load_workbook(path).worksheets
    ][:1]
    assert "档案完好\n" == daybook(quiet, "verify").output
