"""Holds a night's workbooks against what the archives know: proposals beside what is wrong, and what merging them would change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pipeline.archive.keep_archive import Archive
from pipeline.merge import merge
from pipeline.model import Change, Submission
from pipeline.propose import asked, propose
from pipeline.rulebook.rulebook import Rulebook


def weigh(
    submissions: Sequence[Submission], archives: Mapping[str, Archive], rules: Rulebook
) -> tuple[tuple[Submission, ...], dict[str, tuple[Change, ...]]]:
    """Return the workbooks with their proposals, and per store what they change; nothing is written."""
    told = _with_proposals(submissions, archives, rules)
    return told, {store: _changes(archive, told, store, rules) for store, archive in archives.items()}


def _with_proposals(
    submissions: Sequence[Submission], archives: Mapping[str, Archive], rules: Rulebook
) -> tuple[Submission, ...]:
    """Beside what is wrong, say what it may have been meant to be, as far as the store's own archive knows."""
    said: dict[str, Submission] = {}
    for store, archive in archives.items():
        own = [submission for submission in submissions if submission.store == store]
        said |= {each.path: each for each in propose(own, archive.sightings(asked(own, rules)), rules)}
    return tuple(said[each.path] for each in submissions)


def _changes(archive: Archive, submissions: Sequence[Submission], store: str, rules: Rulebook) -> tuple[Change, ...]:
    own = [submission for submission in submissions if submission.store == store]
    return merge(own, archive.standing_for(own), rules) if own else ()
