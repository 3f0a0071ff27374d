"""Staff save over a real Samba share while nights run: half copies wait, Excel's way of saving loses nothing, names differ by case or not at all."""

from __future__ import annotations

import io
import os
import random
import shutil
import threading
import time
from datetime import datetime, timedelta
from zipfile import ZIP_STORED, ZipFile

import pytest

from pipeline import night
from pipeline.read_writers import being_written
from tests.nights import rows, run, verdicts
from tests.shares import MISSING, root, shared
from tests.workbooks import new_home, register, visit, xlsx

pytestmark = pytest.mark.skipif(bool(MISSING), reason=MISSING)
LATER = timedelta(minutes=2)  # a copy that has stalled for so long looks settled


@pytest.fixture(scope="module")
def inbox(tmp_path_factory):
    """A home whose inbox is shared; what managers read is not written."""
    home = new_home(tmp_path_factory.mktemp("shared") / "home")
    house = home.rules / "house.yaml"
    house.write_text(house.read_text("utf-8").replace("stable_seconds: 10", "stable_seconds: 1"), "utf-8")
    try:
        with shared(home.inbox) as share, pytest.MonkeyPatch.context() as patch:
            patch.setattr(night, "publish", lambda *_, **__: ())
            yield home, share
    except RuntimeError as error:
        if root():
            raise
        pytest.skip(f"smbd needs more rights than this user has: {error}")


@pytest.fixture
def home(inbox):
    shutil.rmtree(inbox[0].archive, ignore_errors=True)
    for path in inbox[0].inbox.iterdir():
        path.unlink()
    return inbox[0]


@pytest.fixture
def share(inbox):
    return inbox[1]


def saved(folder, name: str, *visits: list[object]) -> str:
    """Write a workbook on the consultant's own disk and return its path."""
    (folder / name).write_bytes(xlsx({"5日": register("2026-11-05", *visits)}))
    return str(folder / name)


def big() -> bytes:
    """Return a register with a picture of 12 MB: the client sends nothing before it has 8."""
    book = xlsx({"5日": register("2026-11-05", visit())})
    with ZipFile(place := io.BytesIO(book), "a", ZIP_STORED) as package:
        package.writestr("xl/media/image1.png", random.Random(5).randbytes(12_000_000))  # noqa: S311 - no secret, only what no packer shrinks
    return place.getvalue()


def until(told) -> None:
    """Wait until something is so."""
    for _ in range(200):
        if told():
            return
        time.sleep(0.05)
    raise AssertionError("it never came about")


def test_a_copy_that_has_stalled_half_way_waits_until_it_is_whole(home, share):
    content = big()
    copy = share.start("iosize 65536", "put - 登记.xlsx")
    assert copy.stdin is not None
    copy.stdin.write(content[:10_000_000])
    copy.stdin.flush()
    place = home.inbox / "登记.xlsx"
    until(lambda: place.exists() and place.stat().st_size > 1_000_000)
    time.sleep(0.3)
    half = run(home, now=lambda: datetime.now() + LATER)
    copy.communicate(content[10_000_000:], timeout=60)
    whole = run(home, now=lambda: datetime.now() + LATER)

    assert [("登记.xlsx", "waiting", "file.growing")] == [(b["path"], b["verdict"], b["reason"]) for b in half["books"]]
    assert {"登记.xlsx": "accepted"} == verdicts(whole)
    assert 1 == len(rows(home, "visit"))
    assert not (home.archive / "quarantine").exists()
    assert [] == list(home.inbox.iterdir())


def test_a_whole_workbook_that_somebody_has_open_is_taken(home, tmp_path, share):
    share.do(f"put {saved(tmp_path, 'a.xlsx', visit())} 登记.xlsx")
    with (home.inbox / "登记.xlsx").open("r+b"):
        assert {"登记.xlsx": "accepted"} == verdicts(run(home, now=lambda: datetime.now() + LATER))


def test_excel_saving_again_and_again_over_the_share_while_nights_run_loses_and_doubles_nothing(home, tmp_path, share):
    people = [visit(f"客{n}", f"1380000111{n}", f"1{n}:00", f"1{n}:30") for n in range(6)]
    versions = [saved(tmp_path, f"{n}.xlsx", *people[: n + 1]) for n in range(6)]

    def save() -> None:
        share.do(f"put {versions[0]} 登记.xlsx", f"put {versions[0]} ~$登记.xlsx")
        for number, version in enumerate(versions[1:], 1):
            # As Excel saves: a new file under a name of its own, the old one out of the way, the new one in its place.
            time.sleep(1.6 if number % 2 else 0.1)  # now and then a night finds it settled
            name = f"{number:08X}"
            share.do(
                f"put {version} {name}", f"rename 登记.xlsx {name}.tmp", f"rename {name} 登记.xlsx", f"del {name}.tmp"
            )
        share.do("del ~$登记.xlsx")

    staff = threading.Thread(target=save)
    staff.start()
    nights = []
    while staff.is_alive():
        nights.append(run(home))
    staff.join()
    nights += [run(home, now=lambda: datetime.now() + LATER)]

    assert [] == list(home.inbox.iterdir())
    assert {f"客{n}" for n in range(6)} == {row["customer_name"] for row in rows(home, "visit")}
    assert 6 == len(rows(home, "visit"))
    assert {"accepted"} == {
        verdict
        for said in nights
        for path, verdict in verdicts(said).items()
        if verdict not in ("waiting", "ignored", "duplicate")
    }


def test_names_that_differ_by_case_alone_are_one_file_on_the_share_and_its_last_state_counts(home, tmp_path, share):
    share.do(
        f"put {saved(tmp_path, 'a.xlsx', visit())} Visits.xlsx",
        f"put {saved(tmp_path, 'b.xlsx', visit(level='A'))} VISITS.XLSX",
        f"put {saved(tmp_path, 'c.xlsx', visit())} ~$VISITS.XLSX",
    )
    said = run(home, now=lambda: datetime.now() + LATER)

    assert ["accepted", "ignored"] == sorted(verdicts(said).values())
    assert ["A"] == [row["level"] for row in rows(home, "visit")]


@pytest.mark.parametrize("writes", [True, False])
def test_the_system_is_asked_whether_somebody_is_still_writing(tmp_path, writes):
    place = tmp_path / "a"
    place.write_bytes(b"x")
    with place.open("r+b" if writes else "rb"):
        handle = os.open(place, os.O_RDONLY)
        assert writes == being_written(handle)
        os.close(handle)
