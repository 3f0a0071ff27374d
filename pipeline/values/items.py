"""Settles the rows of a checklist against the items its form prints: which item a row is, and whether its score is on the item's scale.

no. 5 | 来电三声内接听 | 5/0 | 得分 5        by number first, else by the nearest wording; area, item and scale are the form's own
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from pipeline.model import Level
from pipeline.rulebook.ledger import Item, Scale
from pipeline.text import nearest, squeeze
from pipeline.values.draft import Draft
from pipeline.values.meant import Slip
from pipeline.values.slips import Slips

_ALIKE = 80.0  # of 100, by which an item's wording is known
_SCORES: dict[Scale, tuple[int, ...]] = {"5/0": (0, 5), "0-5": (0, 1, 2, 3, 4, 5)}


def most(scale: object) -> int:
    """Return the points an item of a scale can get, 0 for one that is not scored."""
    return max(_SCORES.get(scale, (0,)))  # type: ignore[call-overload, no-any-return]  # any text may stand in the archive


def settle_item(draft: Draft) -> Iterator[tuple[str, Slip, Level]]:
    """Name the item of a checklist's row in place; yield what does not fit: an item nobody printed, a score off its scale, no score."""
    if not draft.part.items or "item_no" in draft.unread:
        return
    item = _item(draft)
    if item is None:
        written = str(draft.values.get("item") or draft.values.get("item_no") or "")
        near = nearest(written, [each.text for each in draft.part.items])
        yield "item_no", Slip("item.unknown", want=f"核对项目:{near}" if near else "照空白表上的项目填"), "error"
        return
    draft.values |= {"item_no": item.no, "item": item.text, "area": item.area or None, "scale": item.scale or None}
    draft.values |= {name: word for name, word in item.prints.items() if draft.values.get(name) is None}
    if item.scale and "score" not in draft.unread:
        score = draft.values.get("score")
        if score is True and item.scale == "5/0":  # √: full points where there is nothing between
            score = draft.values["score"] = most(item.scale)
        if score is None and draft.values.get("applicable") is not False:
            yield "score", Slip("item.unscored"), "warning"
        elif score is True or (score is not None and score not in _SCORES[item.scale]):
            yield "score", Slip("score.off-scale", want=_wanted(item.scale)), "error"


def _item(draft: Draft) -> Item | None:
    by_number = draft.part.item(draft.values.get("item_no"))
    text = str(draft.values.get("item") or "")
    if not text or (by_number and squeeze(text) == squeeze(by_number.text)):
        return by_number
    if called := next((item for item in draft.part.items if squeeze(text) in map(squeeze, item.also)), None):
        return called
    # A number that slid to the wording of another item is told by the wording: numbers are typed over, wordings are printed.
    like = nearest(text, [item.text for item in draft.part.items], cutoff=_ALIKE)
    return next((item for item in draft.part.items if item.text == like), by_number)


def _wanted(scale: Scale) -> str:
    return "只写 0 或 5" if scale == "5/0" else "写 0 到 5 的整数"


def say_left_out(drafts: Sequence[Draft], slips: Slips) -> None:
    """Say once per filled checklist which of its items do not stand on it."""
    sheets: dict[tuple[str, ...], list[Draft]] = defaultdict(list)
    for draft in drafts:
        if draft.part.items:
            shared = (
                f"{name}={cell.cell}" for name, cell in draft.entry.cells.items() if name not in draft.part.fields
            )
            sheets[(draft.entry.sheet, draft.entry.form, draft.entry.part, *sorted(shared))].append(draft)
    for rows in sheets.values():
        here = {draft.values.get("item_no") for draft in rows}
        left = [item.text for item in rows[0].part.items if item.no not in here]
        if left:
            slips.add(
                rows[0], "item_no", Slip("items.missing", other="、".join(left)), "warning", found=f"{len(left)} 项"
            )
