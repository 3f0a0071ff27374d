"""The inbox is read with care and emptied only of what was filed."""

from __future__ import annotations

import hashlib
import os
from datetime import datetime
from pathlib import Path

import pytest

from pipeline.errors import InboxError
from pipeline.keep_files import empty_inbox
from pipeline.read_inbox import Arrivals, scan
from pipeline.rulebook.house import StoreSpec
from pipeline.rulebook.rulebook import Rulebook

NOW = datetime(2026, 11, 5, 21, 30)
SHA = hashlib.sha256(b"x").hexdigest()


def drop(inbox: Path, name: str, content: bytes = b"x", *, seconds_old: float = 3600) -> Path:
    place = inbox / name
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(content)
    moment = NOW.timestamp() - seconds_old
    os.utime(place, (moment, moment))
    return place


def look(inbox: Path, rules: Rulebook, pause=lambda _: None) -> Arrivals:
    return scan(inbox, NOW, 10, rules, pause)


def test_workbooks_of_any_kind_in_any_folder_are_taken_with_their_time(tmp_path, rules):
    for name in ("李明/11月/登记表.xlsx", "卡.xls", "说明.docx", "照片.jpg", "无后缀"):
        drop(tmp_path, name)

    files = look(tmp_path, rules).files

    assert [file.path for file in files] == ["卡.xls", "无后缀", "李明/11月/登记表.xlsx", "照片.jpg", "说明.docx"]
    assert {file.received for file in files} == {datetime(2026, 11, 5, 20, 30)}
    assert (files[0].content(), files[0].size, files[0].store) == (b"x", 1, "default")


def test_lock_files_junk_and_hidden_files_are_left_with_the_reason(tmp_path, rules):
    names = {
        "~$登记表.xlsx": "file.lock", ".~lock.登记表.xlsx#": "file.lock", ".~登记表.xlsx": "file.lock", "~WRL0001.tmp": "file.lock",
        "Thumbs.db": "file.junk", "desktop.ini": "file.junk", ".DS_Store": "file.junk", "登记表.xlsx.part": "file.junk",
        "A1B2.tmp": "file.junk", ".隐藏.xlsx": "file.hidden",
    }  # fmt: skip
    for name in names:
        drop(tmp_path, name)

    seen = look(tmp_path, rules)

    assert {left.path: left.reason for left in seen.ignored} == names
    assert not seen.files
    assert not seen.waiting


def test_links_pipes_and_hidden_folders_are_not_entered(tmp_path, rules):
    outside = drop(tmp_path, "外面/别人的.xlsx")
    inbox = tmp_path / "inbox"
    drop(inbox, ".Trash/旧.xlsx")
    drop(inbox, "@eaDir/缩略.xlsx")
    (inbox / "链接.xlsx").symlink_to(outside)
    (inbox / "链接夹").symlink_to(outside.parent)
    os.mkfifo(inbox / "管道.xlsx")

    seen = look(inbox, rules)

    assert {left.path: left.reason for left in seen.ignored} == {
        ".Trash": "file.hidden", "@eaDir": "file.junk", "管道.xlsx": "file.not-regular", "链接.xlsx": "file.link", "链接夹": "file.link"
    }  # fmt: skip
    assert seen.files == ()


def test_the_placeholder_of_an_empty_inbox_is_not_spoken_of(tmp_path, rules):
    drop(tmp_path, ".gitkeep")

    assert look(tmp_path, rules) == Arrivals((), (), ())


def test_a_young_file_that_holds_still_is_taken_after_the_wait(tmp_path, rules):
    drop(tmp_path, "登记表.xlsx", seconds_old=2)
    waited: list[float] = []

    seen = look(tmp_path, rules, waited.append)

    assert ([file.path for file in seen.files], waited) == (["登记表.xlsx"], [10])


def test_old_files_are_taken_without_waiting(tmp_path, rules):
    drop(tmp_path, "登记表.xlsx")

    def never(_: float) -> None:
        pytest.fail("waited for a file that was old enough")

    assert len(look(tmp_path, rules, never).files) == 1


@pytest.mark.parametrize("seconds_old", [1, -3600])
def test_a_file_that_grows_while_it_is_watched_waits_for_the_next_run(tmp_path, rules, seconds_old):
    place = drop(tmp_path, "登记表.xlsx", seconds_old=seconds_old)
    drop(tmp_path, "旧.xlsx")

    seen = look(tmp_path, rules, lambda _: place.write_bytes(b"xx"))

    assert [(left.path, left.reason) for left in seen.waiting] == [("登记表.xlsx", "file.growing")]
    assert [file.path for file in seen.files] == ["旧.xlsx"]


def test_a_file_that_vanishes_while_it_is_watched_stops_nothing(tmp_path, rules):
    place = drop(tmp_path, "登记表.xlsx", seconds_old=1)

    seen = look(tmp_path, rules, lambda _: place.unlink())

    assert [left.reason for left in seen.waiting] == ["file.growing"]


def test_a_store_owns_its_folders_and_the_deepest_folder_decides(tmp_path, rules):
    stores = (
        StoreSpec(id="总店"),
        StoreSpec(id="城东", folders=("城东",)),
        StoreSpec(id="分部", folders=("城东/分部/",)),
    )
    house = rules.house.model_copy(update={"stores": stores})
    for name in ("城东/a.xlsx", "城东/分部/b.xlsx", "城东二/c.xlsx", "d.xlsx"):
        drop(tmp_path, name)

    files = look(tmp_path, rules.model_copy(update={"house": house})).files

    assert {file.path: file.store for file in files} == {
        "城东/a.xlsx": "城东", "城东/分部/b.xlsx": "分部", "城东二/c.xlsx": "总店", "d.xlsx": "总店"
    }  # fmt: skip


def test_a_name_that_is_no_text_is_read_and_shown_all_the_same(tmp_path, rules):
    place = os.fsencode(tmp_path) + b"/\xc0\xee\xc3\xf7.xlsx"
    with open(place, "wb") as file:  # noqa: PTH123 - a name in bytes
        file.write(b"x")
    os.utime(place, (NOW.timestamp() - 60,) * 2)

    [file_] = look(tmp_path, rules).files

    assert (file_.content(), file_.path.encode()) == (b"x", "\ufffd\ufffd\ufffd\ufffd.xlsx".encode())


def test_a_home_without_inbox_is_told_what_to_do(tmp_path, rules):
    with pytest.raises(InboxError, match="daybook init"):
        look(tmp_path / "nowhere", rules)


def test_the_inbox_is_emptied_only_of_what_was_filed(tmp_path):
    same, changed = drop(tmp_path, "a.xlsx"), drop(tmp_path, "b.xlsx", b"saved again")

    left = empty_inbox([(same, SHA), (changed, SHA), (tmp_path / "gone.xlsx", SHA)])

    assert left == (changed,)
    assert [file.name for file in tmp_path.iterdir()] == ["b.xlsx"]
