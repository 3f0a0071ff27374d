"""Says what a blank's cell offers: its number format, its drop-down or check, the hint shown when it is chosen.

Checks only ask back and never forbid: people know cases the list does not, and the night reads many more spellings than a list can offer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time
from typing import Any

from pipeline.blanks.slots import Slot
from pipeline.rulebook.form import Meaning
from pipeline.rulebook.rulebook import Rulebook

_FORMATS: dict[Meaning, str] = {
    "date": "yyyy-mm-dd", "month": "yyyy-mm", "time": "h:mm", "phone": "@", "vin": "@", "plate": "@", "count": "0", "money": "#,##0", "id": "@", "unit": "@", "date_range": "@",
}  # fmt: skip
_LEFT: frozenset[Meaning] = frozenset({"text"})
_MESSAGE, _TITLE, _LIST = 255, 32, 255  # letters Excel allows
_FIRST_DAY = date(2000, 1, 1)  # earlier dates on these forms are slips


@dataclass(frozen=True)
class Offer:
    """The words of a drop-down, and what xlsxwriter is told of the cell beside them."""

    words: tuple[str, ...]
    check: dict[str, Any]

    @property
    def inline(self) -> bool:
        """Whether the words fit into the cell's rule; longer lists stand on the hidden sheet."""
        return len(",".join(self.words)) <= _LIST and not any("," in word for word in self.words)


def look(slot: Slot) -> dict[str, object]:
    """Return number format and side of a slot's cells."""
    if slot.spec is None or slot.day:
        return {"align": "center" if slot.day else "left", "text_wrap": not slot.day}
    meaning = slot.spec.is_
    number = "m-d" if slot.head and meaning == "date" else _FORMATS.get(meaning, "")
    found: dict[str, object] = {"align": "left" if meaning in _LEFT else "center", "text_wrap": True}
    return found | ({"num_format": number} if number else {})


def offer(slot: Slot, rules: Rulebook) -> Offer | None:
    """Return what the cells of a slot offer, None for free text without a hint."""
    spec = slot.spec
    if spec is None:
        return None
    words = _words(slot, rules)
    hint = spec.hint or _say(rules, "hint.day" if slot.day else f"hint.{spec.is_}", slot.label)
    if not words and not hint:
        return None
    check: dict[str, Any] = {"input_title": slot.label[:_TITLE], "input_message": hint[:_MESSAGE]} if hint else {}
    check |= {"error_type": "warning", "error_title": slot.label[:_TITLE], "ignore_blank": True}
    if words:
        open_list = spec.is_ == "consultant" or (spec.is_ == "code" and rules.vocabulary[spec.words].open)
        asked = _say(rules, "blank.not-listed", slot.label, want="、".join(words))
        return Offer(
            words, check | {"validate": "list", "show_error": not open_list, "error_message": asked[:_MESSAGE]}
        )
    return Offer((), check | _range(slot, rules))


def _range(slot: Slot, rules: Rulebook) -> dict[str, Any]:
    assert slot.spec is not None
    if slot.spec.is_ == "date":
        asked = _say(rules, "blank.not-a-date", slot.label)
        return {"validate": "date", "criteria": ">=", "value": _FIRST_DAY, "error_message": asked}
    if slot.spec.is_ == "time":
        asked = _say(rules, "blank.not-a-time", slot.label)
        return {
            "validate": "time",
            "criteria": "between",
            "minimum": time(0),
            "maximum": time(23, 59),
            "error_message": asked,
        }
    return {"validate": "any"}


def _words(slot: Slot, rules: Rulebook) -> tuple[str, ...]:
    """Return the first spellings of what may stand in the cell."""
    spec = slot.spec
    assert spec is not None
    shown: Sequence[str] = ()
    if spec.is_ == "code":
        shown = _first(rules, spec.words)
    elif spec.is_ == "level":
        shown = _first(rules, "level")
    elif spec.is_ == "level_or_outcome":
        shown = (
            *((rules.row_words["planned"][0],) if slot.day else ()),
            *_first(rules, "level"),
            *_first(rules, "outcome"),
        )
    elif spec.is_ == "tick":
        shown = _first(rules, "tick")[:1]
    elif spec.is_ == "consultant":
        shown = [person.name for person in rules.house.consultants]
    return tuple(dict.fromkeys(shown))


def _first(rules: Rulebook, vocabulary: str) -> list[str]:
    return [rules.shown(vocabulary, code) for code in rules.vocabulary[vocabulary].words]


def _say(rules: Rulebook, code: str, label: str, want: str = "") -> str:
    sentence = rules.wording.get(code)
    return sentence.say.format(label=label, want=want) if sentence else ""
