"""The page of a real night: every file of the inbox is on it with its one verdict, and what is sent about it names no customer."""

from __future__ import annotations

import os

import pytest

from pipeline.notice import notice
from pipeline.read_rules import read_rules
from tests.nights import run, verdicts
from tests.pages import OPEN, PICTURE, TAG, busy_home, text_of, tree_of


@pytest.fixture(scope="module")
def night(tmp_path_factory):
    """The busy home after its night: the home, the manifest, and the page."""
    home = busy_home(tmp_path_factory.mktemp("busy") / "home")
    may = os.access
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "access", lambda path, mode: may(path, mode) and path.name != OPEN)
        said = run(home)
    return home, said, (home.outbox / "2026-11-05" / "运行报告.html").read_text("utf-8")


def test_every_file_of_the_inbox_is_on_the_page_once_with_its_verdict(night):
    home, said, page = night
    words = {verdict: read_rules(home.rules).wording[f"verdict.{verdict}"].say for verdict in said["counts"]}
    tree = tree_of(page)
    books = {
        " ".join(book.xpath("string(h3/text())").split()): book.xpath("string(h3/span)")
        for book in tree.xpath("//*[@class='book']")
    }
    left = {
        row.xpath("string(th)"): row.xpath("string(td[1])")
        for row in tree.xpath("//table[caption='没有读的文件']/tbody/tr")
    }
    taken = dict.fromkeys(tree.xpath("//table[caption='每条记录都已入账']//th[@scope='row']/text()"), words["accepted"])

    assert {path: words[verdict] for path, verdict in verdicts(said).items()} == {**books, **left, **taken}
    assert len(said["books"]) == len(books) + len(left) + len(taken)
    assert set(said["counts"]) == {verdict for verdict, number in said["counts"].items() if number}
    assert {words[verdict]: str(number) for verdict, number in said["counts"].items()} == {
        tile.xpath("string(text())"): tile.xpath("string(b)") for tile in tree.xpath("//ul[@class='tiles']/li")
    }


def test_what_is_sent_about_that_night_names_no_customer_no_file_and_no_sheet(night):
    home, said, _ = night
    sent = notice(said, (), read_rules(home.rules).house.name, "最新.html")

    for word in ("王先生", "孙丽", "周健", "1380000", PICTURE, "登记", "全错", "坏的"):
        assert word not in sent.subject + sent.text


def test_a_store_a_customer_a_file_and_a_sheet_called_like_code_stay_text(night):
    _, _, page = night
    seen = text_of(page)

    assert "<script" not in page
    assert "<img" not in page
    assert f"{TAG}店 · 运行报告" in seen
    assert f"{PICTURE}.xlsx" in seen
    assert f"{PICTURE} G5" in seen
    assert f"没有「{TAG}」这个级别" in seen
