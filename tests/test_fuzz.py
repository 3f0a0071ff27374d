"""Whatever is damaged in a workbook, the reader answers: a book, or a refusal that has its Chinese sentence."""

from __future__ import annotations

from bench.fuzz import damaged, seeds, tally


def test_no_damaged_workbook_of_any_format_makes_the_reader_crash_or_hang(rules):
    counts, bad = tally(400)

    assert () == bad
    assert 400 == sum(counts.values())
    assert set() == {reason for reason in counts if reason != "read" and reason not in rules.wording}
    assert len(counts) > 3  # read, broken, and what else: the damage is of many kinds


def test_the_fuzz_starts_from_every_format_and_the_same_seed_damages_alike():
    assert {"xlsx", "xls", "ods", "csv"} == {name.rsplit(".", 1)[-1] for name, _ in seeds()}
    assert list(damaged(30)) == list(damaged(30))
