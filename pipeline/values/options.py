"""Reads which option of a printed line is ticked (domain 4, case 39).

□公务 ☑个人代步 □其他        ☑ is a tick: 个人代步
?准客户;□意向客户            the tick was lost to a code page: the one unlike the empty boxes
"""

from __future__ import annotations

import re

_EMPTY = "□☐○◯▢"
_TICKED = "☑☒■●√✓✔"
_LOST = "?？\ufffd"
_MARKS = f"[{_EMPTY}{_TICKED}{_LOST}]"
_OPTION = re.compile(rf"({_MARKS})\s*([^{_EMPTY}{_TICKED}{_LOST}]+)")
_BEHIND = re.compile(rf"([^{_EMPTY}{_TICKED}{_LOST}]+?)\s*({_MARKS})")
_EDGE = " \t\r\n\u3000;；,，、/|"


def ticked(text: str) -> str | None:
    """Return the ticked option's word, '' when all boxes are empty, None when this is no line of options or two are ticked.

    >>> ticked("□公务 ☑个人代步 □其他"), ticked("?准客户;□意向客户"), ticked("□是 □否")
    ('个人代步', '准客户', '')
    """
    pairs = _pairs(text)
    if not pairs or not any(mark in _EMPTY + _TICKED for mark, _ in pairs):
        return None
    sure = [word for mark, word in pairs if mark in _TICKED]
    lost = [word for mark, word in pairs if mark in _LOST]
    if len(sure) == 1:
        return sure[0]
    if not sure and len(lost) == 1:
        return lost[0]
    return "" if not sure and not lost else None


def all_ticked(text: str) -> tuple[str, ...] | None:
    """Return every ticked option's word, None when this is no line of options.

    >>> all_ticked("☑新品推广 □售后服务 ☑关系拓展"), all_ticked("推广、拓展")
    (('新品推广', '关系拓展'), None)
    """
    pairs = _pairs(text)
    if not pairs or not any(mark in _EMPTY + _TICKED for mark, _ in pairs):
        return None
    return tuple(word for mark, word in pairs if mark in _TICKED)


def _pairs(text: str) -> list[tuple[str, str]]:
    """Return (mark, word) of each option, the mark before its word or behind it."""
    bare = text.strip(_EDGE)
    if bare[:1] and bare[0] in _EMPTY + _TICKED + _LOST:
        found = [(hit[1], hit[2].strip(_EDGE)) for hit in _OPTION.finditer(bare)]
    else:
        found = [(hit[2], hit[1].strip(_EDGE)) for hit in _BEHIND.finditer(bare)]
    return [(mark, word) for mark, word in found if word]
