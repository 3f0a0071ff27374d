"""Levels, ticks and coded words as people write them (domain 4, cases 23, 25, 26, 39)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from random import Random
from typing import Any

from bench.fidelity.mess import Mess, Told, Way, respelt
from bench.fidelity.sketch import Ink, Line, Paper
from bench.fidelity.spell import Pen

_WIDE = str.maketrans("HABC", "ＨＡＢＣ")
_CYRILLIC = str.maketrans("HABC", "НАВС")

LEVELS: Mapping[str, Way] = {
    "Ｈ": lambda level, _: level.translate(_WIDE) if len(level) == 1 else None,
    "h": lambda level, _: level.lower() if len(level) == 1 else None,
    "H级": lambda level, _: f"{level}级" if len(level) == 1 else None,
    "H类": lambda level, _: f"{level}类" if len(level) == 1 and level != "O" else None,
    "H with blanks": lambda level, _: f" {level}  " if len(level) == 1 else None,
    "H with no-break spaces": lambda level, _: f"\xa0{level}\xa0" if len(level) == 1 else None,
    "Cyrillic Н А В С": lambda level, _: level.translate(_CYRILLIC) if len(level) == 1 else None,
    "(H)": lambda level, _: f"({level})" if len(level) == 1 else None,
    "C→H": lambda level, rng: f"{rng.choice('HABC')}→{level}" if len(level) == 1 else None,
    "C-->H": lambda level, rng: f"{rng.choice('HABC')}-->{level}" if len(level) == 1 else None,
    "C升H": lambda level, _: f"C升{level}" if level in {"H", "A", "B"} else None,
    "H(七天内)": lambda level, _: f"{level}(七天内)" if level in set("HABC") else None,
    "H（高）": lambda level, _: f"{level}（高）" if level in set("HABC") else None,
    "意向H": lambda level, _: Told(f"意向{level}", level, may=True) if level in set("HABC") else None,
    "H.": lambda level, _: Told(f"{level}.", level, may=True) if level in set("HABC") else None,
    "H 级": lambda level, _: f"{level} 级" if level in set("HABC") else None,
    "Ｈ级": lambda level, _: f"{level}级".translate(_WIDE) if level in set("HABC") else None,
    "Н级, Cyrillic": lambda level, _: f"{level}级".translate(_CYRILLIC) if level in set("HABC") else None,
    "C-H": lambda level, _: Told(f"C-{level}", level, may=True) if level in set("HAB") else None,
    "C>H": lambda level, _: f"C>{level}" if level in set("HAB") else None,
    "C转H": lambda level, _: f"C转{level}" if level in set("HAB") else None,
    "□H ☑A □B": lambda level, _: (
        " ".join(f"{'☑' if level == each else '□'}{each}" for each in "HABC") if level in set("HABC") else None
    ),
}
NO_LEVELS: Mapping[str, Way] = {
    "H/A": lambda level, _: Told("H/A" if level != "H" else "H/B", None, asks=True),
    "X": lambda _level, _: Told("X", None, asks=True),
    "甲": lambda _level, _: Told("甲", None, asks=True),
    "H或A": lambda _level, _: Told("H或A", None, asks=True),
    "☑H ☑A": lambda _level, _: Told("☑H ☑A □B □C", None, asks=True),
    "A-": lambda _level, _: Told("A-", None, asks=True),
    "H?": lambda _level, _: Told("H?", None, asks=True),
    "HA": lambda _level, _: Told("HA", None, asks=True),
    "√": lambda _level, _: Told("√", None, asks=True),
    "4": lambda _level, _: Told(4.0, None, asks=True),
}
OUTCOMES: Mapping[str, tuple[str, ...]] = {
    "ordered": ("订单", "O", "已订", "下订", "订车"),
    "lost": ("战败", "F1", "已战败", "流失"),
}


def _tick(mark: Any, blank: Any = None) -> Way:
    return lambda value, _: Ink(mark if value else blank)


TICKS: Mapping[str, Way] = {
    **{
        mark: _tick(mark)
        for mark in (
            "√",
            "✓",
            "✔",
            "☑",
            "ˇ",
            "∨",
            "V",
            "v",
            "Y",
            "y",
            "有",
            "●",
            "■",
            "ü",
            "P",
            "R",
            "1",
            "√ ",
            "\xa0√",
        )
    },
    "1.0": _tick(1.0, 0.0),
    "TRUE": _tick(mark=True, blank=False),
    "是 / 否": _tick("是", "否"),
    "√ / ×": _tick("√", "×"),
    "Y / N": _tick("Y", "N"),
    "有 / 无": _tick("有", "无"),
    "√ / /": _tick("√", "/"),
    "✓ / ✗": _tick("✓", "✗"),
    "● / ○": _tick("●", "○"),
    "☑是 □否": lambda value, _: "☑是 □否" if value else "□是 ☑否",
}
NO_TICKS: Mapping[str, Way] = {
    "?": lambda _value, _: Told("?", value=False, asks=True),
    "待定吧": lambda _value, _: Told("待定吧", value=False, asks=True),
    "☑是 ☑否": lambda _value, _: Told("☑是 ☑否", value=False, asks=True),
}


def _vocabulary(turn: int) -> Any:
    def change(paper: Paper, _rng: Random, pen: Pen) -> Paper | None:
        """Write every code in its next spelling."""

        def word(line: Line, part: str) -> Line:
            cells = dict(line.cells)
            for name, value in line.cells.items():
                known = (
                    pen.rules.vocabulary.get(pen.words(part, name))
                    if pen.is_(part, name) == "code" and isinstance(value, str)
                    else None
                )
                spellings = known.words.get(value, ()) if known else ()
                if spellings:
                    cells[name] = Ink(spellings[turn % len(spellings)])
                elif pen.is_(part, name) == "level_or_outcome" and value in OUTCOMES:
                    cells[name] = Ink(OUTCOMES[value][turn % len(OUTCOMES[value])])
            return replace(line, cells=cells)

        return paper.changed(lambda sketch: sketch.relined(word))

    return change


def messes() -> list[Mess]:
    """Return every mess of levels, ticks and coded words."""
    return [
        *respelt("levels", "level level_or_outcome", LEVELS),
        *respelt("levels nobody can tell", "level level_or_outcome", NO_LEVELS, one=True),
        *respelt("ticks", "tick", TICKS),
        *respelt("ticks nobody can tell", "tick", NO_TICKS, one=True),
        *(Mess("every word of the vocabulary", f"spelling {turn + 1}", _vocabulary(turn)) for turn in range(16)),
    ]
