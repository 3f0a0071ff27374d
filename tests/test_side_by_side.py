"""Many items, several at a time: whoever's process dies takes nobody along."""

from __future__ import annotations

import os
import subprocess
import sys
import time

from pipeline.side_by_side import side_by_side


def test_an_item_whose_process_dies_is_told_after_it_died_twice_once_among_others_and_once_alone():
    assert {"a": "A", "dies": None, "b": "B"} == dict(side_by_side(deadly, ["a", "dies", "b"], jobs=2))


def test_one_job_does_all_here_and_in_order():
    assert [("b", "B"), ("a", "A")] == list(side_by_side(str.upper, ["b", "a"], jobs=1))


def test_no_process_outlives_whoever_started_it():
    """The parent is killed outright while its two workers are at work."""
    code = (
        "from pipeline.side_by_side import side_by_side; from tests.test_side_by_side import slow\n"
        "if __name__ == '__main__': list(side_by_side(slow, ['a', 'b'], jobs=2))"
    )
    command = (sys.executable, "-c", code)
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as parent:
        assert parent.stdout is not None
        workers = {int(parent.stdout.readline()) for _ in "ab"}
        parent.kill()
        told = parent.stdout.read()  # it ends only when nobody holds its other end any more

    assert ("", 2) == (told, len(workers - {parent.pid}))


def slow(_: str) -> None:
    os.write(1, f"{os.getpid()}\n".encode())
    time.sleep(60)


def deadly(item: str) -> str:
    if item == "dies":
        os._exit(9)
    return item.upper()
