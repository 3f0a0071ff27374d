"""Walks the body of a list and tells records from what is none: totals, samples, notes, signatures, pre-numbered blanks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, TypeAlias

from pipeline.grid import Span, Value
from pipeline.layout.page import Page
from pipeline.model import Region
from pipeline.rulebook.form import Part
from pipeline.rulebook.rulebook import Rulebook
from pipeline.text import clean, squeeze

RowKind: TypeAlias = Literal["record", "empty", "total", "sample", "end", "note", "after"]
_REMEMBERED = 16_384  # texts a row begins with
_DATA = 3  # filled fields by which a row is a record whatever its first word
_GOES_ON = frozenset((":", "\uff1a", "(", "\uff08", "、", "_", "1", "①", "."))  # what follows a closing word
_SAMPLE_CELLS = 2  # a sample row says so in its first or second cell


@dataclass(frozen=True, eq=False)
class RowWords:
    """The words of `row_words.yaml` in comparable form."""

    total: tuple[str, ...]
    summed: tuple[str, ...]
    end: tuple[str, ...]
    sample: frozenset[str]
    sample_starts: tuple[str, ...]  # as they begin a cell that says more
    ditto: frozenset[str]


def row_words(rules: Rulebook) -> RowWords:
    """Return the row words ready for comparing; dittos are compared as written, for nothing is left of them squeezed."""
    words = rules.row_words
    sample = frozenset(map(squeeze, words["sample"]))
    return RowWords(
        total=tuple(map(squeeze, words["total"])),
        summed=tuple(map(squeeze, words.get("summed", ()))),
        end=tuple(map(squeeze, words["end"])),
        sample=sample,
        sample_starts=tuple(start for s in sample for start in (f"{s}:", f"{s}\uff1a", f"({s})", f"\uff08{s}\uff09")),
        ditto=frozenset(words["ditto"]),
    )


def body_rows(page: Page, region: Region, part: Part, words: RowWords) -> Iterator[tuple[int, RowKind]]:
    """Yield every row of the body with what it is; after a closing word only rows that look like records are yielded, as `after`."""
    mapped = _mapped(region)
    solid = {c for name, c in mapped.items() if not _prefilled(part, name)}
    closed = False
    wide = {
        m.top: m for m in page.grid.merges if region.body.top <= m.top <= region.body.bottom and _covers(m, region.body)
    }
    rows = range(region.body.top, min(region.body.bottom, page.grid.height - 1) + 1)
    # Items are printed, and long ones over merged cells; once one of them is filled, the others were left blank on purpose.
    begun = bool(part.items) and any(_filled(page, row, solid) for row in rows)
    named = {c for name, c in mapped.items() if name in ("item_no", "item")}
    printed = named if begun else set()
    words_of_items = {squeeze(word) for item in part.items for word in (item.text, *item.also)}
    for row in rows:
        kind = _kind(page, region, row, solid, words, wide=row in wide and not part.items)
        if kind == "end" and any(page.word(row, column) in words_of_items for column in named):
            kind = "record" if _filled(page, row, solid) else "empty"  # 批准 is a step of this list, not its end
        if kind == "empty" and _filled(page, row, printed):
            kind = "record"
        if closed:
            if kind == "record" and _filled(page, row, solid) >= _DATA:
                yield row, "after"
            continue
        closed = kind == "end"
        yield row, kind


def _mapped(region: Region) -> dict[str, int]:
    found = dict(region.columns)
    for name, places in region.choices.items():
        found |= {f"{name}#{i}": column for i, (column, _) in enumerate(places)}
    for number, columns in region.groups:
        found |= {f"{name}@{number}": column for name, column in columns.items()}
    return found


def _prefilled(part: Part, name: str) -> bool:
    spec = part.fields.get(name.partition("/")[0])
    return bool(spec and (spec.prefilled or spec.fill_down))


def _covers(merge: Span, body: Span) -> bool:
    """Say whether a merge takes half of the table's width or more: a note, never a record."""
    return (merge.right - merge.left + 1) * 2 >= body.right - body.left + 1 and merge.right > merge.left


def _filled(page: Page, row: int, columns: set[int]) -> int:
    return len(page.filled_columns(row) & columns)


def _kind(page: Page, region: Region, row: int, solid: set[int], words: RowWords, *, wide: bool) -> RowKind:
    cells = page.filled(row, region.body.left, region.body.right)
    if not cells:
        return "empty"
    filled = _filled(page, row, solid)
    texts = [clean(value) for _, value in cells[:_SAMPLE_CELLS] if isinstance(value, str)]
    if texts and _adds_up(texts[0], words):
        return "total"
    if any(_is_sample(text, words) for text in texts):
        return "sample"
    if _closes(clean(cells[0][1]), words) and (wide or filled < _DATA or _all_close(cells, words)):
        return "end"
    if wide:
        return "note"
    return "record" if filled else "empty"


def summing(page: Page, region: Region, row: int, words: RowWords) -> int:
    """Return the column whose word says that the rows above are added up here, -1 if none does (累计 adds up other sheets too)."""
    cells = page.filled(row, region.body.left, region.body.right)
    return next((c for c, value in cells if isinstance(value, str) and squeeze(value).startswith(words.summed)), -1)


def _all_close(cells: Sequence[tuple[int, Value]], words: RowWords) -> bool:
    """Say whether closing words take at least half of the row: 前台人员: | 展厅主管: | 销售经理:"""
    return sum(_closes(clean(value), words) for _, value in cells) * 2 >= len(cells)


@lru_cache(maxsize=_REMEMBERED)
def _adds_up(text: str, words: RowWords) -> bool:
    first = squeeze(text)
    return first.startswith(words.total) and any(
        first == word or (first.startswith(word) and not first[len(word) :].isalpha()) for word in words.total
    )


@lru_cache(maxsize=_REMEMBERED)
def _is_sample(text: str, words: RowWords) -> bool:
    return squeeze(text) in words.sample or text.startswith(words.sample_starts)


@lru_cache(maxsize=_REMEMBERED)
def _closes(text: str, words: RowWords) -> bool:
    """Say whether a cell holds a closing word: alone, or followed by a colon, a number or blanks (注:, 审核      日期)."""
    if squeeze(text) in words.end:
        return True
    bare = text.replace(" ", "").replace("\u3000", "")
    return bare.startswith(words.end) and any(
        bare.startswith(word) and bare[len(word) : len(word) + 1] in _GOES_ON for word in words.end
    )
