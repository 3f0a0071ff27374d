"""Takes what was written out of the recognised sheets: an Entry a row, card or column group, every value with its cell.

Nothing is interpreted here, save which cell belongs to which field: merges and dittos are followed, dates stand in for the rows below them inside
one table, title, sheet and file name stand in for a date or month nobody wrote in a cell.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from pipeline.grid import Book, address
from pipeline.layout.context import Surroundings, surroundings
from pipeline.layout.entries import Sink, card_entry, row_entries
from pipeline.layout.lexicon import Lexicon, Lexicons
from pipeline.layout.page import Page, pages_of
from pipeline.layout.rows import RowWords, body_rows, row_words
from pipeline.layout.totals import Total
from pipeline.layout.unseen import blank_noted, hidden_lines, letters, lines
from pipeline.model import Entry, Finding, Match, Region, Written
from pipeline.rulebook.rulebook import Rulebook
from pipeline.say import say


@dataclass(frozen=True)
class Extract:
    """What one workbook says: entries in reading order, quiet sheets (form and period, no filled line), and slips seen on the way.

    A quiet entry carries only what stands above its table; it says that the form was handed in for that period.
    """

    entries: tuple[Entry, ...] = ()
    quiet: tuple[Entry, ...] = ()
    findings: tuple[Finding, ...] = ()
    totals: tuple[Total, ...] = ()


@dataclass
class _Gathered:
    entries: list[Entry] = field(default_factory=list)
    quiet: list[Entry] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    totals: list[Total] = field(default_factory=list)


def extract(
    book: Book, matches: Sequence[Match], rules: Rulebook, lexicons: Lexicons, pages: Sequence[Page] = ()
) -> Extract:
    """Return every entry of the workbook's recognised, visible, unambiguous sheets; `pages` see `recognise`."""
    pages = pages or pages_of(book)
    gathered = _Gathered()
    for match in matches:
        if match.form and not match.rivals and not match.hidden:
            _sheet(book, match, pages[match.index], rules, lexicons.by_form[match.form], gathered)
    return Extract(tuple(gathered.entries), tuple(gathered.quiet), tuple(gathered.findings), tuple(gathered.totals))


def _sheet(book: Book, match: Match, page: Page, rules: Rulebook, lexicon: Lexicon, gathered: _Gathered) -> None:
    words = rules.once(row_words, of_forms=True)
    before = len(gathered.entries)
    heads: dict[int, Entry] = {}
    around: list[Surroundings] = []
    for index, region in enumerate(match.regions):
        part = lexicon.parts[region.part]
        sink = Sink(match.form, match.sheet, len(gathered.entries))
        if _unused(page, match.regions, index, lexicon, words):
            continue
        if region.said:
            heads[index] = card_entry(sink, lexicon, region)
            gathered.entries.append(heads[index])
            continue
        if region.owner >= 0:
            row_entries(sink, page, lexicon, region, heads[region.owner].cells, {}, words)
            gathered.entries += sink.entries
        else:
            here = surroundings(book, page, lexicon, region, match.regions[:index], around)
            around.append(here)
            row_entries(sink, page, lexicon, region, here.above, here.hints, words, grouped=True)
            gathered.entries += sink.entries
            if not sink.entries:
                gathered.quiet.append(_quiet(match, region, part.part.yields, here))
        gathered.totals += sink.totals
        gathered.findings += [_after_end(rules, book, match, row, region) for row in sink.after]
        gathered.findings += [_unclaimed(rules, book, entry, written) for entry, written in sink.unclaimed]
        gathered.findings += _twice(rules, book, match, page, region, lexicon)
    gathered.findings += _unseen(rules, book, match, page, gathered.entries[before:])


def _unused(page: Page, regions: Sequence[Region], index: int, lexicon: Lexicon, words: RowWords) -> bool:
    """Say whether a card is a blank one, printed and not filled: nothing on it nor in the lists below it."""
    card = index if regions[index].said else regions[index].owner
    if card < 0:
        return False
    part = lexicon.form.parts[regions[card].part]
    if any(
        (said.value != "" or page.faulty(*said.spot)) and not part.fields[said.field].prefilled
        for said in regions[card].said.values()
    ):
        return False
    below = [region for region in regions if region.owner == card]
    return not any(
        kind == "record"
        for region in below
        for _, kind in body_rows(page, region, lexicon.form.parts[region.part], words)
    )


def _quiet(match: Match, region: Region, kind: str, here: Surroundings) -> Entry:
    head = region.header
    return Entry(
        form=match.form, part=region.part, kind=kind, sheet=match.sheet, row=head.top + 1, order=-1,
        anchor=address(head.top, head.left), cells=here.above, hints=here.hints,
    )  # fmt: skip


def _after_end(rules: Rulebook, book: Book, match: Match, row: int, region: Region) -> Finding:
    cell = address(row, region.body.left)
    return say(
        rules, "row.after-end", "error", book=book.path, sheet=match.sheet, cell=cell, found=_row_text(book, match, row)
    )


def _unseen(rules: Rulebook, book: Book, match: Match, page: Page, entries: Sequence[Entry]) -> Iterator[Finding]:
    """Say which hidden rows and columns were read, and which blank cells carry a note."""
    rows, columns = hidden_lines(page, entries)
    head = match.regions[0].header
    for code, numbers, found, cell in (
        ("rows.hidden", rows, lines(rows), address(min(rows, default=0), head.left)),
        ("columns.hidden", columns, letters(columns), address(head.bottom, min(columns, default=0))),
    ):
        if numbers:
            yield say(rules, code, "warning", book=book.path, sheet=match.sheet, cell=cell, found=found)
    for place, label, note in blank_noted(page, match.regions):
        yield say(
            rules,
            "cell.note",
            "warning",
            book=book.path,
            sheet=match.sheet,
            cell=address(*place),
            label=label,
            found=note,
        )


def _unclaimed(rules: Rulebook, book: Book, entry: Entry, written: Written) -> Finding:
    return say(
        rules, "lost.unclaimed", "warning", book=book.path, sheet=entry.sheet, cell=written.cell, label=written.label,
        found=written.value, order=entry.order,
    )  # fmt: skip


def _row_text(book: Book, match: Match, row: int) -> str:
    return " ".join(str(value) for value in book.grids[match.index].rows[row] if value != "")


def _twice(rules: Rulebook, book: Book, match: Match, page: Page, region: Region, lexicon: Lexicon) -> list[Finding]:
    """Say where a repeated column holds something that was not read."""
    found = []
    for column, name in sorted(region.twice.items()):
        row = next((r for r in range(region.body.top, region.body.bottom + 1) if page.grid.at(r, column) != ""), None)
        spec = lexicon.form.parts[region.part].fields.get(name.partition("/")[0])
        if row is not None and spec:
            value, label = page.grid.at(row, column), spec.labels[0] if spec.labels else name
            found.append(
                say(
                    rules,
                    "column.twice",
                    "warning",
                    book=book.path,
                    sheet=match.sheet,
                    cell=address(row, column),
                    label=label,
                    found=value,
                )
            )
    return found
