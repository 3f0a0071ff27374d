"""Several stores in one home: each has its night, and what goes wrong in one of them is nobody else's business."""

from __future__ import annotations

import json
import os
from csv import DictReader
from datetime import datetime
from urllib.parse import unquote

import openpyxl
import pytest

from pipeline import group
from pipeline.archive.tables import draw_tables
from pipeline.errors import RulesError
from pipeline.group import run
from pipeline.keep_home import Home
from pipeline.keep_locks import group_lock, home_lock, store_lock
from pipeline.layout.lexicon import lexicons
from pipeline.publish import publish
from pipeline.read_inbox import scan
from pipeline.read_rules import read_rules
from pipeline.share_out import here
from tests.nights import ON, verdicts
from tests.pages import tree_of
from tests.stores import daybook, group_home, hand_in, laid_out
from tests.workbooks import new_home


@pytest.fixture
def home(tmp_path) -> Home:
    return group_home(tmp_path / "home")


def fates(said) -> dict[str, int]:
    return {store["store"]: store["exit"] for store in said["stores"]}


def test_a_store_whose_archive_is_broken_is_told_by_exit_code_and_by_name(morning_of_stores):
    _, ended = morning_of_stores

    assert 3 == ended.exit_code
    assert {"east": 0, "west": 3, "rest": 0} == fates(json.loads(ended.stdout))
    assert "门店 west 没有跑成:档案读写失败:file is not a database。请先运行 daybook verify" in ended.stderr


def test_the_other_stores_have_their_night_and_its_files_wait_in_the_inbox(morning_of_stores):
    home, ended = morning_of_stores

    assert {"城东/登记表.xlsx": "accepted", "登记表.xlsx": "accepted"} == verdicts(json.loads(ended.stdout))
    assert ["城西/登记表.xlsx"] == [p.relative_to(home.inbox).as_posix() for p in home.inbox.rglob("*.xlsx")]
    assert ["east", "rest"] == sorted(place.parent.name for place in home.outbox.glob("2026-11-05/*/经营汇总.xlsx"))


def test_each_store_keeps_its_own_archive_manifests_and_originals(morning_of_stores):
    home, ended = morning_of_stores
    run_name = json.loads(ended.stdout)["run"]
    kept = {path.relative_to(home.archive).as_posix() for path in home.archive.rglob("*") if path.is_file()}

    assert {f"runs/{run_name}.json", f"runs/east/{run_name}.json", f"runs/rest/{run_name}.json"} <= kept
    assert {"east.sqlite", "west.sqlite", "rest.sqlite"} <= kept
    assert {"east", "rest"} == {path.split("/")[1] for path in kept if path.startswith("originals/")}
    assert 0 == len([path for path in kept if path.startswith("runs/west")])


def test_the_groups_page_names_the_store_without_a_night_and_leads_to_the_others(morning_of_stores):
    home, _ = morning_of_stores
    day = home.outbox / "2026-11-05"
    page = tree_of((day / "运行报告.html").read_text("utf-8"))
    links = [unquote(link) for link in page.xpath("//a/@href") if link.startswith("./")]
    [lacking] = page.xpath("//li[@class='book']")

    assert ["./集团汇总.xlsx", "./east/运行报告.html", "./rest/运行报告.html"] == links
    assert all((day / link).is_file() for link in links)
    assert "城西店 没跑成 档案读写失败:file is not a database。" in " ".join(lacking.text_content().split())
    assert "url=./2026-11-05/" in (home.outbox / "最新.html").read_text("utf-8")


def test_the_groups_workbook_adds_the_stores_that_had_their_night_and_leads_to_each(morning_of_stores):
    home, _ = morning_of_stores
    book = openpyxl.load_workbook(home.outbox / "2026-11-05" / "集团汇总.xlsx")
    months, missing = book["各店本月"], book["没有数据"]
    rows = [[cell.value for cell in row[:4]] for row in months.iter_rows(min_row=5, max_row=7)]

    assert [["城东店", 1, 0, 1], ["总店", 1, 0, 1], ["合计", 2, 0, 2]] == rows
    assert ["城西店", "没跑成", "否"] == [cell.value for cell in missing[5][:3]]
    assert "east/经营汇总.xlsx" == months["A5"].hyperlink.target.replace("\\", "/")
    assert "'概览'!A1" == months["A5"].hyperlink.location


def test_a_day_undone_in_all_stores_leaves_no_pages_and_its_files_may_come_again(home):
    hand_in(home, "城东")
    run(home, read_rules(home.rules), ON)

    assert 0 == daybook(home, "undo").exit_code
    assert [] == [path.name for path in home.outbox.iterdir()]
    assert [] == list((home.archive / "rollups").rglob("*.json"))
    hand_in(home, "城东")
    assert {"城东/登记表.xlsx": "accepted"} == verdicts(run(home, read_rules(home.rules), ON, stores=["east"]))
    assert ["east", "运行报告.html", "集团汇总.xlsx"] == sorted(p.name for p in (home.outbox / "2026-11-05").iterdir())


def test_one_nickname_is_another_consultant_in_each_store(home):
    for folder in ("城东", "城西"):
        hand_in(home, folder)
    run(home, read_rules(home.rules), ON, stores=["east", "west"])

    daybook(home, "export", str(home.root / "taken"), "--kind", "visit")
    with (home.root / "taken" / "visit.csv").open(encoding="utf-8") as file:
        assert {("east", "李明"), ("west", "李敏")} == {(row["store"], row["consultant"]) for row in DictReader(file)}


def test_a_crash_in_one_store_costs_the_others_nothing_and_its_trace_is_in_the_log(home, monkeypatch):
    def crashing(own, *rest, **how):
        if own.store == "east":
            raise ZeroDivisionError("own slip")
        return publish(own, *rest, **how)

    monkeypatch.setattr("pipeline.night.publish", crashing)
    hand_in(home, "城东")
    said = run(home, read_rules(home.rules), ON, stores=["east", "west"])
    log = (home.archive / "logs" / "2026-11.jsonl").read_text("utf-8")

    assert {"east": 3, "west": 0} == fates(said)
    assert "ZeroDivisionError: own slip" in log
    monkeypatch.undo()
    assert {"east": 0} == fates(run(home, read_rules(home.rules), ON, stores=["east"]))
    assert [] == list(home.inbox.rglob("*.xlsx"))


def test_a_store_somebody_is_at_work_on_is_left_out_with_seventy_five(home):
    rules = read_rules(home.rules)
    with store_lock(home.of("west")):
        assert {"east": 0, "west": 75, "rest": 0} == fates(run(home, rules, ON))
        assert 75 == daybook(home, "backup", str(home.root.parent / "copy")).exit_code


def test_two_group_nights_and_whoever_holds_the_whole_home_keep_out_of_each_others_way(home):
    with group_lock(home):
        assert 75 == daybook(home, "run", "--on", "2026-11-05").exit_code
        assert 75 == daybook(home, "report", "--on", "2026-11-05").exit_code
    with home_lock(home.root):
        assert 75 == daybook(home, "run", "--on", "2026-11-05").exit_code
        assert 75 == daybook(home, "run", "--on", "2026-11-05", "--store", "east").exit_code


def test_a_store_nobody_listed_is_named_with_those_there_are(home):
    ended = daybook(home, "run", "--store", "north")

    assert 2 == ended.exit_code
    assert "没有门店 north" in ended.output
    assert "east、west、rest" in ended.output


def test_stores_side_by_side_give_what_they_give_one_after_another(home, morning_of_stores):
    other, ended = morning_of_stores
    alone = json.loads(ended.stdout)
    laid_out(home)
    together = run(home, read_rules(home.rules), ON, jobs=2)

    assert alone["stores"] == together["stores"]
    assert fate_of_books(alone) == fate_of_books(together)
    assert days(other) == days(home)


def test_processes_that_no_store_is_left_for_read_in_the_nights_of_stores(home, monkeypatch):
    asked = []

    def lookers(jobs):
        asked.append(jobs)
        return here

    monkeypatch.setattr(group, "lookers", lookers)
    monkeypatch.setattr(group, "side_by_side", lambda call, stores, _: [(store, call(store)) for store in stores])
    for jobs in (2, 5):
        run(home, read_rules(home.rules), ON, jobs=jobs, dry_run=True)

    assert [1, 1, 0, 2, 2, 1] == asked


def fate_of_books(said) -> list[tuple[str, str, str]]:
    return [(book["path"], book["sha256"], book["verdict"]) for book in said["books"]]


def days(home: Home) -> dict[str, bytes]:
    return {
        path.relative_to(home.outbox).as_posix(): path.read_bytes()
        for path in home.outbox.rglob("*")
        if path.is_file() and path.suffix in {".xlsx", ".html"}
    }


def test_a_store_is_looked_at_in_its_own_folders_and_the_rest_goes_to_whoever_names_none(home):
    for folder in ("城东", "城西", "城东二"):
        hand_in(home, folder)
    (home.inbox / "城东" / "旧.lnk.tmp").touch()
    rules = read_rules(home.rules)

    def seen(store: str) -> list[str]:
        found = scan(home.inbox, datetime.now(), 0, rules, store=store)
        return [*(each.path for each in found.files), *(each.path for each in found.ignored)]

    assert ["城东/登记表.xlsx", "城东/旧.lnk.tmp"] == seen("east")
    assert ["城西/登记表.xlsx"] == seen("west")
    assert ["城东二/登记表.xlsx"] == seen("rest")


@pytest.mark.skipif(not hasattr(os, "symlink"), reason="no links on this system")
def test_a_link_in_place_of_a_stores_folder_is_named_and_not_followed(home, tmp_path):
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "登记表.xlsx").write_bytes(b"x")
    (home.inbox / "城东").symlink_to(tmp_path / "elsewhere")

    found = scan(home.inbox, datetime.now(), 0, read_rules(home.rules), store="east")

    assert ([], [("城东", "file.link")]) == ([*found.files], [(each.path, each.reason) for each in found.ignored])


@pytest.mark.parametrize(
    ("stores", "key", "said"),
    [
        ("[{id: east}, {id: East}]", "stores.1.id", "店 East 写了两次"),
        ("[{id: ../east}]", "stores.0.id", "店的 id「../east」要做文件夹名,只用字母、数字、汉字、- 和 _"),
    ],
)
def test_an_id_that_makes_no_folder_of_its_own_is_refused_at_its_line(tmp_path, stores, key, said):
    home = new_home(tmp_path / "home")
    house = home.rules / "house.yaml"
    house.write_text(house.read_text("utf-8").replace("stores: []", f"stores: {stores}"), "utf-8")

    with pytest.raises(RulesError) as refused:
        read_rules(home.rules)
    assert [(3, key, said)] == [(each.line, each.key, each.message) for each in refused.value.problems]


def test_what_is_made_of_forms_is_made_once_for_all_stores_and_what_is_made_of_people_for_each(home):
    rules = read_rules(home.rules)
    east, west = rules.for_store("east"), rules.for_store("west")

    assert east.once(lexicons, of_forms=True) is west.once(lexicons, of_forms=True)
    assert [{"李明": "李明", "小李": "李明"}, {"李敏": "李敏", "小李": "李敏"}] == [
        dict(each.once(lambda said: said.aliases)) for each in (east, west)
    ]


def test_the_tables_of_a_group_are_drawn_once_for_all_its_stores_and_nights(home):
    rules = read_rules(home.rules)
    visit = rules.core_kinds["visit"]
    longer = visit.model_copy(update={"columns": {**visit.columns, "weather": "text"}})
    other = rules.model_copy(update={"core_kinds": rules.core_kinds | {"visit": longer}})

    assert draw_tables(rules.for_store("east")) is draw_tables(rules.for_store("west"))
    assert draw_tables(rules) is draw_tables(read_rules(home.rules))
    assert "weather" not in draw_tables(rules).kinds["visit"].c
    assert "weather" in draw_tables(other).kinds["visit"].c
    assert draw_tables(rules).digest != draw_tables(other).digest
