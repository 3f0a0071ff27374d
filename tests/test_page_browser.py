"""The page in a real browser: it fetches and runs nothing, fits a phone and a sheet of paper, and serves those who cannot see or use a mouse."""

from __future__ import annotations

import re
import shutil
import subprocess
from itertools import pairwise
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit

import pytest

from tests import chromium
from tests.nights import run
from tests.pages import PICTURE, TAG, busy_home

pytestmark = pytest.mark.skipif(
    not chromium.PROGRAM, reason="Chromium is not installed: the page is opened where it is"
)
LOOKS = Path(__file__).with_name("looks.js").read_text("utf-8")


@pytest.fixture(scope="module")
def outbox(tmp_path_factory):
    """The outbox after a night with a file of every kind in it."""
    home = busy_home(tmp_path_factory.mktemp("busy") / "home")
    run(home)
    return home.outbox


@pytest.fixture(scope="module")
def page(outbox):
    return outbox / "2026-11-05" / "运行报告.html"


@pytest.fixture(scope="module")
def tab(tmp_path_factory):
    with chromium.browser(tmp_path_factory.mktemp("chromium")) as tab:
        yield tab


def complaints(tab):
    """Return what the browser wrote on its console about the page: errors, refusals, scripts that broke, windows that opened."""
    return tab.heard(
        "Log.entryAdded",
        "Runtime.consoleAPICalled",
        "Runtime.exceptionThrown",
        "Audits.issueAdded",
        "Page.javascriptDialogOpening",
    )


def letters(text):
    """Return what is left of a text when the breaks and the marks that fonts and paper change are out."""
    return "".join(re.findall(r"\w", text))


def asked_for(tab):
    return [unquote(said["request"]["url"]) for said in tab.heard("Network.requestWillBeSent")]


def test_no_request_leaves_the_page_and_the_console_stays_empty(tab, page):
    tab.open(page)

    assert [page.resolve().as_uri()] == [quote(url, safe=":/") for url in asked_for(tab)]
    assert [] == complaints(tab)


def test_what_is_called_like_code_runs_nothing_and_reads_as_it_was_written(tab, page):
    tab.open(page)
    seen = tab.value("document.body.innerText")

    assert 0 == tab.value("document.querySelectorAll('script, img, iframe, object, embed, link').length")
    assert [TAG in seen, PICTURE in seen] == [True, True]


def test_even_code_that_slipped_in_could_neither_run_nor_call_out(tab, page, tmp_path):
    evil = (
        "<script>document.title = 'taken'</script><img src='http://127.0.0.1:9/x' onerror=\"document.title = 'taken'\">"
    )
    (tmp_path / "evil.html").write_text(page.read_text("utf-8").replace("<header>", f"{evil}<header>"), "utf-8")
    tab.open(tmp_path / "evil.html")

    assert "taken" != tab.value("document.title")
    assert 3 <= len([said for said in complaints(tab) if "Content Security Policy" in str(said)])
    assert ["file"] == sorted({urlsplit(url).scheme for url in asked_for(tab)} - {"http"})
    assert {"csp"} == {said["blockedReason"] for said in tab.heard("Network.loadingFailed")}


@pytest.mark.parametrize("width", [320, 360, 768, 1280])
def test_nothing_is_wider_than_the_window(tab, page, width):
    tab.open(page, width=width)

    assert width >= tab.value("document.documentElement.scrollWidth")
    assert [] == tab.value(f"{LOOKS} tooWide({width})")


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_every_word_and_every_bar_stands_out_from_its_ground(tab, page, dark):
    tab.open(page, dark=dark)

    assert 100 < tab.value(f"{LOOKS} words().length")
    assert [] == tab.value(f"{LOOKS} faint(4.5)")
    assert [] == tab.value(f"{LOOKS} faintBars(3)")


def test_every_link_leads_to_something(tab, page):
    tab.open(page)
    links = [urlsplit(link) for link in tab.value("[...document.links].map(a => a.href)")]
    files = [Path(unquote(link.path)) for link in links]
    inside = [link.fragment for link in links if link.fragment]

    assert [] == [file for file in files if not file.is_file()]
    assert {"来店规律.xlsx", "经营汇总.xlsx", "全错.xlsx", "坏的 #1.xlsx.说明.txt"} <= {file.name for file in files}
    assert [] == [name for name in inside if not tab.value(f"!!document.getElementById('{name}')")]


def test_the_newest_page_goes_on_to_the_day_by_itself(tab, outbox, page):
    tab.open(outbox / "最新.html")
    tab.until(lambda: len(tab.heard("Page.loadEventFired")) == 2)

    assert page.resolve().as_uri() == tab.value("location.href")
    assert [] == complaints(tab)


def test_the_tab_key_reaches_every_link_in_reading_order_and_shows_where_it_is(tab, page):
    tab.open(page)
    wanted = tab.value(f"{LOOKS} reachable()")
    reached = []
    for _ in wanted:
        tab.press("Tab")
        reached.append(tab.value(f"{LOOKS} named(document.activeElement)"))
        assert tab.value(f"{LOOKS} ringed(document.activeElement)"), reached[-1]

    assert "跳到正文" == wanted[0]
    assert wanted == reached


def test_the_skip_link_jumps_to_the_text(tab, page):
    tab.open(page)
    tab.press("Tab")
    tab.press("Enter")
    tab.press("Tab")

    assert tab.value("location.hash") == "#main"
    assert tab.value("document.activeElement.closest('main') !== null")


def test_a_screen_reader_is_told_of_every_chart_table_and_landmark(tab, page):
    tab.open(page)
    tree = [node for node in tab.ask("Accessibility.getFullAXTree")["nodes"] if not node["ignored"]]
    told = [(node["role"]["value"], node.get("name", {}).get("value", "")) for node in tree]
    roles = {role for role, _ in told}

    assert {"main", "banner", "navigation", "region", "table", "image", "heading"} <= roles
    assert [] == [role for role, name in told if role in ("table", "image", "link", "heading", "region") and not name]
    assert any(role == "image" and "近 30 天每日批次:" in name for role, name in told)
    assert [] == tab.value("[...document.querySelectorAll('th:not([scope])')].map(th => th.textContent)")
    assert "zh-CN" == tab.value("document.documentElement.lang")


def test_headings_go_down_one_step_at_a_time(tab, page):
    tab.open(page)
    levels = tab.value("[...document.querySelectorAll('h1, h2, h3, h4')].map(h => Number(h.tagName[1]))")

    assert (1, 1) == (levels[0], levels.count(1))
    assert [] == [pair for pair in pairwise(levels) if pair[1] > pair[0] + 1]


@pytest.mark.skipif(
    not shutil.which("pdftotext"), reason="poppler is not installed: what is printed is read where it is"
)
def test_on_paper_every_heading_and_every_folded_file_is_there(tab, page, tmp_path):
    tab.open(page)
    headings = tab.value(
        "[...document.querySelectorAll('section:not(.screen) h2, caption, figcaption, tbody th')].map(h => h.innerText)"
    )
    tab.value("document.querySelectorAll('details').forEach(each => each.open = false)")
    printed = tab.printed(tmp_path / "page.pdf")
    said = subprocess.run(["pdftotext", printed, "-"], capture_output=True, text=True, check=True).stdout
    on_paper = letters(said)

    assert {"要改的表(3)", "文件和记录", "前台/登记.xlsx"} <= set(headings)
    assert [] == [heading for heading in headings if letters(heading) not in on_paper]
    assert ("运行报告" in on_paper, "跳到正文" in on_paper) == (True, False)
