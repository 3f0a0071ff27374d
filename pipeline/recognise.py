"""Says which form each sheet is, by its words and their places; never by file name, sheet name or fixed cell.

A form fits when enough of its labels stand under one header (or on one card) and none it cannot do without is missing. A title counts as three
labels. Two forms that fit about equally are both named and nothing is read: ambiguity is an answer, not a guess. A sheet that bears one form's
name and lacks something of it is that form's near miss, and not another form whose columns it happens to have.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.grid import Book, Grid, Span, address
from pipeline.layout.above import labelled
from pipeline.layout.cards import Card, cards, list_body
from pipeline.layout.claims import Claims
from pipeline.layout.lexicon import Lexicon, Lexicons
from pipeline.layout.near import Near, nearest_part
from pipeline.layout.page import Page, pages_of
from pipeline.layout.rows import row_words
from pipeline.layout.tables import tables
from pipeline.model import Match, Region
from pipeline.rulebook.rulebook import Rulebook

_TITLE = 3  # labels that a title is worth
_MARGIN = 1  # labels by which the first must lead the second
_FEWEST = 3  # labels under one header, whatever stands above
_OWN_SHEETS = ("退回说明",)


@dataclass(frozen=True)
class _Fit:
    form: str
    score: int
    titled: bool
    regions: tuple[Region, ...]


def recognise(book: Book, rules: Rulebook, lexicons: Lexicons, pages: Sequence[Page] = ()) -> tuple[Match, ...]:
    """Return a Match for every sheet that holds anything; sheets that Daybook itself wrote into a return are left out.

    `pages` are the book's sheets made ready for looking, for whoever goes on looking at them.
    """
    ends = rules.once(row_words, of_forms=True).end
    return tuple(
        _match(index, page, lexicons, ends)
        for index, page in enumerate(pages or pages_of(book))
        if page.grid.sheet not in _OWN_SHEETS and not all(row.count("") == len(row) for row in page.grid.rows)
    )


def _match(index: int, page: Page, lexicons: Lexicons, ends: tuple[str, ...]) -> Match:
    grid = page.grid
    claims = Claims(page, lexicons)
    bearers = {lexicons[number] for number in claims.named}
    fits = sorted(
        (fit for lexicon in claims.candidates() if (fit := _fit(page, lexicon, ends, named=lexicon in bearers))),
        key=lambda f: (-f.score, not f.titled),
    )
    if not fits:
        return _near_miss(index, grid, page, claims)
    best = fits[0]
    if not best.titled and (named := _named(page, [lexicons[number] for number in sorted(claims.named)])):
        return _missed(index, grid, max(named, key=lambda near: near.size))
    rivals = tuple(f.form for f in fits[1:] if f.titled == best.titled and best.score - f.score <= _MARGIN)
    runner_up = (fits[1].form, fits[1].score) if len(fits) > 1 else ("", 0)
    head = best.regions[0].header
    return Match(
        sheet=grid.sheet, index=index, form=best.form, score=best.score, regions=best.regions, rivals=rivals,
        runner_up=runner_up, header_cell=address(head.top, head.left), hidden=not grid.visible,
    )  # fmt: skip


def _fit(page: Page, lexicon: Lexicon, ends: tuple[str, ...], *, named: bool) -> _Fit | None:
    whole = Span(0, 0, max(page.grid.height - 1, 0), max(page.grid.width - 1, 0))
    given = frozenset(labelled(page, lexicon, whole))
    needed = lexicon.form.recognise.labels
    regions = tuple(tables(page, lexicon, max(_FEWEST, needed - len(given)), given, ends))
    size = max((_size(region) for region in regions), default=0) + len(given)
    if not regions:
        found = cards(page, lexicon, needed)
        regions = tuple(_card_regions(page, found))
        size = max((card.size for card in found), default=0)
    if not regions or size < needed:
        return None
    titled = named and _titled(page, lexicon, max(region.header.top for region in regions))
    if lexicon.form.recognise.titled and not titled:
        return None
    return _Fit(lexicon.form.form, size + (_TITLE if titled else 0), titled, regions)


def _size(region: Region) -> int:
    first = next(iter(region.groups), (0, {}))[1]
    return len(region.columns) + len(region.choices) + len(first) + (_TITLE if region.groups else 0)


def _titled(page: Page, lexicon: Lexicon, last: int) -> bool:
    """Say whether the form's own title stands above its last table or card, which begins on row `last`."""
    return any(
        title in word
        for row, words in page.row_words.items()
        if row <= last
        for word in words.values()
        for title in lexicon.titles
    )


def _card_regions(page: Page, found: Sequence[Card]) -> list[Region]:
    regions: list[Region] = []
    for card in found:
        spots = [said.label_spot for said in card.said.values()]
        top, left = min(row for row, _ in spots), min(column for _, column in spots)
        owner = len(regions)
        regions.append(Region(part=card.part, header=Span(top, left, top, left), body=card.span, said=card.said))
        regions += [
            Region(
                part=header.part, header=header.span, body=list_body(page, card, header), columns=header.columns,
                choices=header.choices, labels=header.labels, twice=header.twice, owner=owner,
            )
            for header in card.lists
        ]  # fmt: skip
    return regions


def _named(page: Page, lexicons: Sequence[Lexicon]) -> list[Near]:
    """Return the forms whose own name stands on the sheet, over a list or card with as many of their labels as they ask for."""
    found = []
    for lexicon in lexicons:
        if any(word.endswith(title) for word in page.spots for title in lexicon.titles):
            near = nearest_part(page, lexicon)
            if near and near.size >= lexicon.form.recognise.labels and _titled(page, lexicon, near.row):
                found.append(near)
    return found


def _near_miss(index: int, grid: Grid, page: Page, claims: Claims) -> Match:
    """Name the form the sheet comes nearest to, the one whose title it bears on a tie, and what it lacks."""
    best, rank = None, (0, True)
    for lexicon in claims.nearest():
        near = nearest_part(page, lexicon)
        if near is None:
            continue
        titled = _titled(page, lexicon, near.row)
        if (near.size, titled) > rank and (titled or not lexicon.form.recognise.titled):
            best, rank = near, (near.size, titled)
    return _missed(index, grid, best)


def _missed(index: int, grid: Grid, near: Near | None) -> Match:
    if near is None:
        return Match(sheet=grid.sheet, index=index, hidden=not grid.visible)
    return Match(
        sheet=grid.sheet, index=index, runner_up=(near.form, near.size), lacks=near.lacks, header_cell=near.cell,
        hidden=not grid.visible,
    )  # fmt: skip
