"""The pictures of README and handbook: made by a command, small, there, and of what they say they are of."""

from __future__ import annotations

import shutil
import struct
from datetime import date
from pathlib import Path

import pytest

from bench import pictures
from pipeline.report import Column, Report, Sheet, Table
from pipeline.write_workbook import write_workbook

ROOT = Path(__file__).parent.parent
WHITE, BLACK = b"\xff", b"\x00"
INSTALLED = all(shutil.which(tool) for tool in ("soffice", "pdftotext", "pdftoppm"))


def size(png: Path) -> tuple[int, int]:
    wide, high = struct.unpack(">II", png.read_bytes()[16:24])
    return wide, high


def test_a_picture_is_cut_to_what_is_on_the_page():
    row, line = WHITE * 100, WHITE * 30 + BLACK * 40 + WHITE * 30
    page = b"P5\n100 200\n255\n" + row * 60 + line * 50 + row * 90

    assert (20, 50, 60, 70) == pictures.edges(page)


def test_the_printed_header_and_footer_are_no_part_of_a_picture():
    row, line, dot = WHITE * 100, BLACK * 100, WHITE * 50 + BLACK + WHITE * 49
    page = b"P5\n100 100\n255\n" + line * 5 + row * 45 + dot + row * 44 + line * 5

    assert (40, 40, 21, 21) == pictures.edges(page)


def test_the_page_is_found_by_its_footer_however_the_words_are_spaced():
    assert 2 == pictures.page_of("夜账 · 按日类型   第 1 页 / 共 2 页\f…\n夜账 · 按日      第 2 页 / 共 2 页\f", "按日")


def test_what_is_not_installed_is_named_with_what_to_install(monkeypatch, capsys):
    monkeypatch.setattr(shutil, "which", lambda tool: None if tool.startswith("pdf") else tool)

    assert 2 == pictures.main([])
    assert "没有安装 poppler-utils,画不了图 / install poppler-utils to make the pictures\n" == capsys.readouterr().err


def test_every_picture_is_there_small_enough_and_shown():
    shown = (ROOT / "README.md").read_text("utf-8") + (ROOT / "docs/手册.md").read_text("utf-8")

    for book, sheet, _ in pictures.SHOWN:
        picture = pictures.FOLDER / f"{book}-{sheet}.png"
        assert picture.stat().st_size < 150_000, picture.name
    assert {"经营汇总-概览.png", "来店规律-按时段.png", "逾期跟进-逾期.png", "三表一卡核对-矩阵.png"} <= {
        word.rpartition("/")[2] for word in shown.replace("(", " ").replace(")", " ").split() if word.endswith(".png")
    }


@pytest.mark.skipif(not INSTALLED, reason="soffice, pdftotext and pdftoppm draw the pictures; they are not installed")
def test_a_sheet_is_drawn_as_it_prints(tmp_path, monkeypatch):
    table = Table("按日", (Column("日期"), Column("批次", "count", bar=True)), (("11-04", 3), ("11-05", 12)))
    sheets = (Sheet("封面", "封面", (table,)), Sheet("按日", "每天来多少批客人", (table,)))
    write_workbook(Report("来店规律", date(2026, 11, 5), sheets), tmp_path / "来店规律.xlsx")
    monkeypatch.setattr(pictures, "SHOWN", (("来店规律", "按日", 90),))

    (drawn,) = pictures.pictures(tmp_path, tmp_path / "pictures")

    wide, high = size(drawn)
    assert ("来店规律-按日.png", 90) == (drawn.name, high)
    assert 100 < wide < 700
