"""What stands around a list: labelled values above it, and what title, sheet and file name say of its date."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pipeline.grid import Book, Span, address, spot
from pipeline.layout.above import labelled, row_text
from pipeline.layout.hints import day_text, hints, month_text
from pipeline.layout.lexicon import Lexicon
from pipeline.layout.page import Page
from pipeline.model import Origin, Region, Said, Written


@dataclass(frozen=True)
class Surroundings:
    """Fields that stand above, and the hints for dates that lack a year, month or day."""

    above: Mapping[str, Written]
    hints: Mapping[str, str]


def surroundings(
    book: Book, page: Page, lexicon: Lexicon, region: Region, before: Sequence[Region], earlier: Sequence[Surroundings]
) -> Surroundings:
    """Return what holds for a list.

    A list with no title block of its own goes on from the one before (a header repeated on page 2). A different part of the same form
    takes what its own block does not say from the list before it (今日 and 明日 share one 日期). Two lists of one part never share.
    """
    own = _own(page, lexicon, region)
    texts = [row_text(page, row) for row in range(region.above.top, region.above.bottom + 1)] if region.above else []
    if earlier and region.above is None:
        return Surroundings({**earlier[-1].above, **own}, earlier[-1].hints)
    last = next((i for i in range(len(before) - 1, -1, -1) if not before[i].said and before[i].owner < 0), None)
    if earlier and last is not None and before[last].part != region.part:
        own = {
            **earlier[-1].above,
            **{name: said for name, said in own.items() if said.value != "" or name not in earlier[-1].above},
        }
    said = hints(" ".join(texts), page.grid.sheet, book.name)
    if earlier and last is not None and before[last].part != region.part:
        said = {**said, **earlier[-1].hints}
    return Surroundings(_filled(page, lexicon, region, own, said, _sources(texts, page.grid.sheet)), said)


def _sources(texts: Sequence[str], sheet: str) -> tuple[tuple[str, Origin], ...]:
    return (" ".join(texts), "title"), (sheet, "sheet_name")


def _own(page: Page, lexicon: Lexicon, region: Region) -> dict[str, Written]:
    """Return what this list's own title block says; its own columns first, then the whole width."""
    if region.above is None:
        return {}
    narrow = Span(region.above.top, region.header.left, region.above.bottom, region.header.right)
    said = labelled(page, lexicon, region.above)
    if narrow != region.above:
        said |= {name: value for name, value in labelled(page, lexicon, narrow).items() if value.value != ""}
    return {name: written(value, "above") for name, value in said.items()}


def written(said: Said, origin: Origin) -> Written:
    """Return a labelled value as Written."""
    return Written(said.value, address(*said.spot), said.label, origin)


def _filled(
    page: Page,
    lexicon: Lexicon,
    region: Region,
    own: dict[str, Written],
    said: dict[str, str],
    sources: tuple[tuple[str, Origin], ...],
) -> dict[str, Written]:
    """Let title, sheet and file name stand in for a day or month that no cell above the list states."""
    filled = dict(own)
    for name, spec in lexicon.form.above.items():
        text = day_text(said) if spec.is_ == "date" else month_text(said) if spec.is_ == "month" else ""
        if text and not _states(page, filled.get(name)):
            place = filled[name].cell if name in filled else address(region.header.top, region.header.left)
            origin: Origin = next((o for source, o in sources if hints(source)), "file_name")
            filled[name] = Written(text, place, spec.labels[0] if spec.labels else name, origin)
    return filled


def _states(page: Page, value: Written | None) -> bool:
    """Say whether a cell states anything: an unfilled `年 月 日` does not, an error does, though nobody can read it."""
    if value is None:
        return False
    return page.faulty(*spot(value.cell)) or bool(str(value.value).strip(" 年月日号_\u3000\xa0星期天气:\uff1a"))
