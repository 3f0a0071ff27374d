"""Tells the notes that staff hang on cells from those that Daybook hung there when it returned the workbook."""

from __future__ import annotations

from collections.abc import Mapping

from pipeline.grid import Spot

# How `returned.notes` begins a note of its own, and the line under which it adds to somebody's.
_OURS = "【夜账】"
_BELOW = "———— 夜账 ————"


def theirs(notes: Mapping[Spot, str]) -> dict[Spot, str]:
    r"""Return what staff wrote into notes, in one line each; a note without a word is none.

    >>> theirs({(3, 2): "王:\n不愿留", (4, 2): "【夜账】电话位数不对", (5, 2): "老客户\n———— 夜账 ————\n没有填"})
    {(3, 2): '王: 不愿留', (5, 2): '老客户'}
    """
    said = {spot: " ".join(text.partition(_BELOW)[0].split()) for spot, text in notes.items()}
    return {spot: text for spot, text in said.items() if text and _OURS not in text}
