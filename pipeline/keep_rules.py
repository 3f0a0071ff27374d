"""Saves a changed file of `rules/`: whole or not at all, and only if the rules are sound with it."""

from __future__ import annotations

import shutil
from pathlib import Path
from tempfile import TemporaryDirectory

from pipeline.read_rules import read_rules, with_word
from pipeline.rulebook.rulebook import Rulebook
from pipeline.teach import Lesson


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
    fresh = place.with_name(f".{place.name}")
    fresh.write_bytes(changed)
    shutil.copymode(place, fresh)
    fresh.replace(place)
    return rules
