"""A home that three stores share, and the morning after a night in which the archive of one of them was broken."""

from __future__ import annotations

from functools import cache

import pytest
from click.testing import CliRunner

from pipeline.cli.main import main
from pipeline.keep_home import Home
from tests.workbooks import drop, new_home, register, visit, xlsx

STORES = "stores: [{id: east, name: 城东店, folders: [城东]}, {id: west, name: 城西店, folders: [城西]}, {id: rest, name: 总店}]"
PEOPLE = "consultants: [{name: 李明, aliases: [小李], store: east}, {name: 李敏, aliases: [小李], store: west}]"


def group_home(folder) -> Home:
    """A home that three stores share; in the east 小李 is 李明, in the west 李敏."""
    made = new_home(folder)
    house = made.rules / "house.yaml"
    said = house.read_text("utf-8").replace("stores: []", STORES).replace("consultants: []", PEOPLE)
    house.write_text(said, "utf-8")
    return made


def hand_in(home: Home, folder: str = "", *, by: str = "小李", phone: str = "13800001111") -> None:
    drop(home, f"{folder}/登记表.xlsx".lstrip("/"), filled(by, phone))


@cache
def filled(by: str, phone: str) -> bytes:
    return xlsx({"5日": register("2026-11-05", visit(phone=phone, consultant=by))})


def daybook(home: Home, *said: str):
    return CliRunner().invoke(main, ["--home", str(home.root), *said])


@pytest.fixture(scope="session")
def morning_of_stores(tmp_path_factory):
    """The morning after a night of three stores, one of whose archives is broken."""
    made = group_home(tmp_path_factory.mktemp("group") / "home")
    laid_out(made)
    return made, daybook(made, "run", "--on", "2026-11-05", "--json")


def laid_out(home: Home) -> None:
    (home.archive / "west.sqlite").write_bytes(b"no database " * 100)
    for folder in ("城东", "城西"):
        hand_in(home, folder)
    hand_in(home, by="王芳")
