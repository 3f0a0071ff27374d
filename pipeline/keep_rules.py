"""Saves a changed file of `rules/`: whole or not at all, and only if the rules are sound with it."""

from __future__ import annotations

import shutil
from pathlib import Path
from tempfile import TemporaryDirectory

from pipeline.read_rules import read_rules, with_word
from pipeline.rulebook.rulebook import Rulebook
from pipeline.teach import Lesson
from pipeline.write_whole import write_whole


def learn(folder: Path, lesson: Lesson) -> Rulebook:
    """Add a spelling to its file, comments and layout untouched, and return the rules as they are now.

    Raises RulesError, with the file as it was, when the rules would be wrong with it.
    """
    place = folder / lesson.file
    content = place.read_bytes().decode("utf-8")
    changed = with_word(content, lesson.keys, lesson.word).encode("utf-8")
    with TemporaryDirectory() as beside:
        tried = Path(beside) / folder.name
        shutil.copytree(folder, tried)
        (tried / lesson.file).write_bytes(changed)
        rules = read_rules(tried)
    write_whole(place, changed, mode=place.stat().st_mode & 0o777)
    return rules
