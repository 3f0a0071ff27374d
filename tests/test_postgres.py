"""An archive on PostgreSQL: whole nights end as on SQLite, killed ones too, and stores share one database without meeting."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from pipeline.archive.engine import OWN_FILE
from pipeline.archive.judged import put_rules
from pipeline.archive.keep_archive import open_archive
from pipeline.archive.postgres import NAMED_BY, PARTS
from pipeline.cli.main import main
from pipeline.errors import ArchiveError
from pipeline.keep_home import Home
from pipeline.model import Finding
from pipeline.read_rules import read_rules
from tests import archives
from tests.archives import WANG, few_kinds
from tests.engines import FIRST, FORM, SECOND, evening, few_forms, outbox, took
from tests.postgres import new_database, programs
from tests.stories import tracker, workbook
from tests.test_archive import one_night_or_ten
from tests.test_merge import BOOKS

psycopg = pytest.importorskip(
    "psycopg", reason="the extra postgres is not installed: the archive is tried on it where it is"
)


def said(home: Home, *arguments: str) -> str:
    result = CliRunner().invoke(main, ["--home", str(home.root), *arguments])
    assert 0 == result.exit_code, result.output
    return result.output


def unlike(home: Home, twin: Home) -> tuple[str, ...]:
    """Say where the home's archive differs from its twin's file, row for row."""
    rules = read_rules(home.rules)
    with open_archive(home.root, "default", rules) as mine, open_archive(twin.root, "default", rules, OWN_FILE) as its:
        return mine.unlike(its)


def test_nights_on_postgresql_end_as_on_sqlite_and_whatever_is_asked_is_answered_alike(
    on_server, after_two, tmp_path, monkeypatch
):
    took(on_server, SECOND)

    assert () == unlike(on_server, after_two)
    assert outbox(after_two) == outbox(on_server)
    assert not list(on_server.archive.glob("*.sqlite*"))

    asked = [
        ["status"], ["history", "13800001111"], ["history", "tom"], ["trace", "visit", "11:00", "13800002222"],
        ["verify"], ["report", "--on", "2026-11-05"], ["undo"], ["status"], ["verify"],
    ]  # fmt: skip
    there_said = [said(on_server, *words).replace(str(on_server.root), "HOME") for words in asked]
    said(on_server, "export", str(tmp_path / "here"))
    other = Home(shutil.copytree(after_two.root, tmp_path / "twin"))
    monkeypatch.delenv(NAMED_BY)
    in_file = [said(other, *words).replace(str(other.root), "HOME") for words in asked]
    said(other, "export", str(tmp_path / "there"))

    assert in_file == there_said
    assert outbox(other) == outbox(on_server)
    here, there = ({path.name: path.read_bytes() for path in (tmp_path / name).iterdir()} for name in ("here", "there"))
    assert there == here


def test_the_commands_that_backup_and_restore_name_dump_the_database_and_put_it_back(on_server, tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", f"{programs()}:{os.environ['PATH']}")
    told = said(on_server, "backup", str(tmp_path / "backup"))
    [dump] = [line.strip() for line in told.splitlines() if line.strip().startswith("pg_dump")]
    subprocess.run(shlex.split(dump), check=True)
    with open_archive(on_server.root, "default", read_rules(on_server.rules)) as archive:
        archive.undo(archive.nights()[0].night_id, datetime(2026, 11, 6))

    refused = CliRunner().invoke(main, ["--home", str(on_server.root), "restore", str(tmp_path / "backup")])
    assert 2 == refused.exit_code
    [load] = re.findall(r"createdb [^;]+", refused.output)
    subprocess.run(load, check=True, shell=True)  # noqa: S602 - the very words that restore prints
    address = shlex.split(load)[shlex.split(load).index("-d") + 1]
    monkeypatch.setenv(NAMED_BY, address.replace("postgresql:", "postgresql+psycopg:"))
    with open_archive(on_server.root, "default", read_rules(on_server.rules)) as archive:
        assert ["done"] == [row.status for row in archive.nights()]
    said(on_server, "verify")


def test_a_customer_erased_is_in_no_table_any_more_and_the_originals_give_the_rest(on_server, tmp_path):
    phone = "13800002222"
    said(on_server, "erase", phone, "--reason", "本人要求")
    dump = tmp_path / "all.sql"
    address = os.environ[NAMED_BY].replace("postgresql+psycopg:", "postgresql:")
    subprocess.run([f"{programs()}/pg_dump", "-f", dump, "-d", address], check=True)

    assert "13800001111" in dump.read_text("utf-8")
    assert phone not in dump.read_text("utf-8")
    said(on_server, "verify", "--rebuild")


@pytest.fixture
def on_database(database, monkeypatch) -> str:
    """The database of many stores, named by the environment."""
    monkeypatch.setenv(NAMED_BY, database)
    return str(database).partition("host=")[2]


# A law over two stores of the shared database; as on SQLite, a failing example is told as drawn.
@settings(max_examples=5, deadline=None, phases=[Phase.explicit, Phase.reuse, Phase.generate], suppress_health_check=[HealthCheck.function_scoped_fixture])  # fmt: skip
@given(books=BOOKS, data=st.data())
@pytest.mark.usefixtures("on_database")
def test_one_night_or_ten_in_any_order_end_in_the_same_archive_there_too(tmp_path_factory, rules, books, data):
    one_night_or_ten(tmp_path_factory.mktemp("law"), few_kinds(rules, FORM), books, data)


def test_two_stores_in_one_database_take_the_same_night_and_keep_to_their_own(on_database, tmp_path, rules):
    few = few_kinds(rules, FORM)
    with open_archive(tmp_path, "甲店", few) as one, open_archive(tmp_path, "乙店", few) as other:
        for archive in (one, other):
            archives.night(archive, 5, workbook(1, tracker(few, WANG)))
        one.undo("2026-11-05T213000", datetime(2026, 11, 6))

        assert [(["undone"], 0), (["done"], 1)] == [
            ([row.status for row in archive.nights()], archive.counts()["follow_up"]) for archive in (one, other)
        ]
        assert ((), ()) == (one.verify(), other.verify())
    with psycopg.connect(host=on_database, user="daybook", dbname="shared") as connection:
        rows = connection.execute(
            "SELECT store, tableoid::regclass::text FROM follow_up WHERE store IN ('甲店', '乙店')"
        )
        places: dict[str, str] = dict(rows.fetchall())
        parts = connection.execute("SELECT count(*) FROM pg_inherits WHERE inhparent = 'follow_up'::regclass").fetchone()  # fmt: skip
        plan = connection.execute("EXPLAIN SELECT * FROM follow_up WHERE store = '甲店' AND _current").fetchall()

    assert (PARTS,) == parts
    assert all(place.startswith("follow_up_p") for place in places.values())
    assert [places["甲店"]] == [part for part in {f"follow_up_p{n}" for n in range(PARTS)} if part in str(plan)]


@pytest.mark.usefixtures("on_database")
def test_two_stores_that_bring_the_same_new_rules_at_the_same_moment_are_both_taken_in(on_database, tmp_path, rules):
    house = rules.house.model_copy(update={"name": "新名字"})
    few = few_kinds(rules, FORM).model_copy(update={"house": house})
    waiting = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
    with (
        open_archive(tmp_path, "丙店", few) as one,
        open_archive(tmp_path, "丁店", few) as other,
        ThreadPoolExecutor(1) as beside,
        psycopg.connect(host=on_database, user="daybook", dbname="shared", autocommit=True) as server,
    ):
        with one.transaction(writing=True) as connection:
            put_rules(connection, one.tables, few)
            done = beside.submit(archives.night, other, 5, workbook(1, tracker(few, WANG)))
            while not done.done() and server.execute(waiting).fetchone() == (0,):
                time.sleep(0.02)
        done.result()

        assert ["done"] == [row.status for row in other.nights()]


def test_two_who_open_an_empty_database_at_once_make_its_tables_once(cluster, tmp_path, monkeypatch):
    monkeypatch.setenv(NAMED_BY, new_database(cluster, "empty"))
    script = f"""
import sys
from pathlib import Path
from pipeline.archive.keep_archive import open_archive
from pipeline.read_rules import read_rules
from tests.archives import few_kinds
rules = few_kinds(read_rules(Path("rules")), "{FORM}")
print(open_archive(Path(sys.argv[1]), sys.argv[2], rules).nights())
"""
    both = [
        subprocess.Popen([sys.executable, "-c", script, tmp_path, store], stdout=subprocess.PIPE, text=True)
        for store in ("甲店", "乙店")
    ]

    assert ["()\n", "()\n"] == [each.communicate()[0] for each in both]


def test_a_dry_run_on_an_empty_database_makes_nothing(cluster, tmp_path, monkeypatch):
    monkeypatch.setenv(NAMED_BY, new_database(cluster, "dry"))
    home = few_forms(tmp_path / "home")
    evening(home, FIRST)

    assert "试运行" in said(home, "run", "-n", "--on", "2026-11-05")
    with psycopg.connect(host=os.environ[NAMED_BY].partition("host=")[2], user="daybook", dbname="dry") as connection:
        assert [] == connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()


@pytest.mark.usefixtures("on_database")
def test_a_character_that_postgresql_cannot_hold_stops_no_night(tmp_path, rules):
    few = few_kinds(rules, FORM)
    with open_archive(tmp_path, tmp_path.name, few) as archive:
        slip = Finding(
            "phone.bad",
            "error",
            "推进表.xlsx",
            "Sheet1",
            "C5",
            "电话",
            "1\x0038",
            "",
            "电话 1\x0038 不对",
            who="李\x00明",
        )
        archives.night(archive, 5, workbook(1, tracker(few, "王\x00强 13800001111 2026-11-06"), findings=(slip,)))
        view = archive.view(FIRST)

        assert ["王强"] == list(view.tables["follow_up"].column("customer_name"))
        assert [("138", "李明")] == archives.told(view.tables["finding"], "found", "who")
        assert () == archive.verify()


@pytest.mark.parametrize(
    ("address", "code", "sentence"),
    [
        ("mysql://x/y", 2, "DAYBOOK_ARCHIVE 写得不对。写成 postgresql+psycopg://用户:密码@主机/数据库"),
        ("postgresql+psycopg://x@/", 2, "DAYBOOK_ARCHIVE 写得不对"),
        ("postgresql+psycopg://x:secret@/y?host=/nowhere", 3, "看 PostgreSQL 开着没有"),
    ],
)
def test_an_address_that_leads_nowhere_is_told_without_its_password(tmp_path, monkeypatch, address, code, sentence):
    monkeypatch.setenv(NAMED_BY, address)
    home = few_forms(tmp_path / "home")
    result = CliRunner().invoke(main, ["--home", str(home.root), "run", "--on", "2026-11-05"])

    assert code == result.exit_code
    assert sentence in result.output
    assert "secret" not in result.output


def test_without_the_extra_one_sentence_says_what_to_install(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "psycopg", None)
    monkeypatch.setenv(NAMED_BY, "postgresql+psycopg://x@/y")
    home = few_forms(tmp_path / "home")
    result = CliRunner().invoke(main, ["--home", str(home.root), "status"])

    assert 2 == result.exit_code
    assert "要先安装扩展 postgres。先运行 pip install 'daybook[postgres]'" in result.output


def test_a_database_whose_texts_are_not_utf_8_is_refused_by_name(cluster, tmp_path, rules, monkeypatch):
    with psycopg.connect(
        host=cluster.partition("host=")[2], user="daybook", dbname="postgres", autocommit=True
    ) as server:
        server.execute("CREATE DATABASE latin TEMPLATE template0 ENCODING 'LATIN1' LOCALE_PROVIDER libc LOCALE 'C'")
    monkeypatch.setenv(NAMED_BY, cluster.format("latin"))

    with pytest.raises(ArchiveError, match="编码是 LATIN1。用 createdb -E UTF8"):
        open_archive(tmp_path, "default", few_kinds(rules, FORM))
