"""Feeds an archive night by night, and reads back what it tells."""

from __future__ import annotations

from datetime import date

from pipeline.archive.commit import Night
from pipeline.archive.keep_archive import Archive
from pipeline.merge import merge
from pipeline.model import Submission
from pipeline.rulebook.rulebook import Rulebook
from pipeline.view import Rowset
from tests.stories import at

WANG = "王志强 13800001111 2026-11-06"
CHEN = "陈静 13800002222 2026-11-07"


def night(archive: Archive, day: int, *submissions: Submission, originals: dict[str, str] | None = None) -> None:
    """Merge what came in on a day of November into the archive, as a night does."""
    ran = Night(f"2026-11-{day:02}T213000", date(2026, 11, day), at(24 * day), "test")
    changes = merge(submissions, archive.standing_for(submissions), archive.rules)
    assert archive.commit(ran, submissions, changes, originals or {})
    archive.finish(ran.night_id, at(24 * day + 1))


def few_kinds(rules: Rulebook, *forms: str) -> Rulebook:
    """Return the rules with the core kinds and these forms' own alone: an archive of fifty kinds takes a while to make."""
    kept = {name: rules.forms[name] for name in forms}
    return Rulebook(**{**{name: getattr(rules, name) for name in Rulebook.model_fields}, "forms": kept})


def told(rowset: Rowset, *columns: str) -> list[tuple[object, ...]]:
    """Return these columns of the archive's rows."""
    return [tuple(row[rowset.names.index(column)] for column in columns) for row in rowset.rows]
