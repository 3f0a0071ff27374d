"""Reads `rules/` into one Rulebook; the door to the YAML reader."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from pipeline.rulebook.rulebook import Rulebook


def read_rules(folder: Path) -> Rulebook:
    """Return the rules of a home's `rules/` folder."""
    def load(path: Path) -> Any:
        return YAML(typ="safe").load(path.read_text("utf-8"))

    forms = {form["form"]: form for form in map(load, sorted((folder / "forms").glob("*.yaml")))}
    names = ("house", "follow_up", "targets", "calendar", "privacy", "vocabulary", "wording", "row_words")
    return Rulebook.model_validate(
        {name: load(folder / f"{name}.yaml") for name in names} | {"forms": forms, "core_kinds": load(folder / "kinds.yaml")}
    )
