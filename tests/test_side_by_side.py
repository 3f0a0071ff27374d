"""Many items, several at a time: whoever's process dies takes nobody along."""

from __future__ import annotations

import os

from pipeline.side_by_side import side_by_side


def test_an_item_whose_process_dies_is_told_after_it_died_twice_once_among_others_and_once_alone():
    assert {"a": "A", "dies": None, "b": "B"} == dict(side_by_side(deadly, ["a", "dies", "b"], jobs=2))


def test_one_job_does_all_here_and_in_order():
    assert [("b", "B"), ("a", "A")] == list(side_by_side(str.upper, ["b", "a"], jobs=1))


def deadly(item: str) -> str:
    if item == "dies":
        os._exit(9)
    return item.upper()
