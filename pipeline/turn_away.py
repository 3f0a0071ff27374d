"""Asks the archives who was erased, and turns away what tonight's workbooks still say of them; their originals are filed without them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from functools import lru_cache

from pipeline.archive import forget
from pipeline.archive.keep_archive import Archive
from pipeline.errors import ArchiveError
from pipeline.keep_erased import KEY, secret
from pipeline.keep_home import Home
from pipeline.leave_out import Gone, leave_out
from pipeline.model import Submission
from pipeline.pseudonym import pseudonym
from pipeline.rulebook.rulebook import Rulebook


def turn_away(
    home: Home, archives: Mapping[str, Archive], submissions: Sequence[Submission], rules: Rulebook
) -> tuple[tuple[Submission, ...], dict[str, Gone]]:
    """Return the workbooks without those whom their store has erased, and by SHA-256 what was left out of which.

    Raises ArchiveError where somebody was erased and the key is gone: nobody could tell any more who it was.
    """
    told: dict[str, Submission] = {}
    gone: dict[str, Gone] = {}
    for store, archive in archives.items():
        own = [submission for submission in submissions if submission.store == store]
        kept, lost = _of_store(home, archive, own, rules)
        told |= {each.path: each for each in kept}
        gone |= lost
    return tuple(told[each.path] for each in submissions), gone


def _of_store(
    home: Home, archive: Archive, submissions: Sequence[Submission], rules: Rulebook
) -> tuple[tuple[Submission, ...], dict[str, Gone]]:
    buried = forget.buried(archive)
    if not buried:
        return tuple(submissions), {}
    if not (home.archive / KEY).exists():
        raise ArchiveError(f"{home.archive / KEY} 不见了,认不出谁要求删除过", "从备份里拿回这个文件,再运行一次")
    key = secret(home.archive)

    @lru_cache(maxsize=65536)
    def erased_on(phone: str, name: str) -> date | None:
        at = buried.get(pseudonym(key, phone, name))
        return at.date() if at else None

    return leave_out(submissions, rules, erased_on, lambda phone: bool(archive.persons(phone)))
