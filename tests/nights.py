"""Runs a home's night, and reads back what it took in."""

from __future__ import annotations

from datetime import date

from pipeline import group
from pipeline.archive.keep_archive import open_archive
from pipeline.read_rules import read_rules

ON = date(2026, 11, 5)


def run(home, on=ON, **options):
    """Run the night of a home, or of all its stores, by the home's own rules and return its manifest."""
    return group.run(home, read_rules(home.rules), on, **options)


def rows(home, kind, on=ON):
    """Return the records of a kind that the archive shows on a day."""
    with open_archive(home.root, "default", read_rules(home.rules)) as archive:
        table = archive.view(on).tables[kind]
        return [dict(zip(table.names, row, strict=True)) for row in table.rows]


def verdicts(said):
    """Return path → verdict of a manifest."""
    return {book["path"]: book["verdict"] for book in said["books"]}
