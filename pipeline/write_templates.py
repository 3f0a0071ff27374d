"""Writes the blank forms, made from the rules alone: staff copy and fill them, or keep their own.

A blank carries its form and version on a very hidden sheet `_daybook`; the same rules give the same bytes.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

from pipeline.blanks.cards import draw_cards
from pipeline.blanks.filled import Filled
from pipeline.blanks.leaf import STAMP, Leaf, Stamp
from pipeline.blanks.lists import draw_lists
from pipeline.ink.letters import file_name, safe, sheet_names
from pipeline.ink.paper import Paper, a4
from pipeline.ink.tables import Pen, widths_of
from pipeline.report import Sheet
from pipeline.rulebook.form import LISTS, Form
from pipeline.rulebook.rulebook import Rulebook

_MADE = date(2026, 1, 1)  # a blank has no day of its own; a fixed one keeps its bytes the same
_GRID = "(月格)"
_SPARE = 3  # empty rows left below what is filled in already
_BESIDE = 3  # 0-based header row of the sheet to read beside the form
_Draw = Callable[[Leaf], None]


def write_templates(rules: Rulebook, folder: Path) -> tuple[Path, ...]:
    """Write the blanks of every form into a folder that exists; return the files written."""
    written: list[Path] = []
    for form in rules.forms.values():
        written += write_template(form, rules, folder / f"{file_name(form.title)}.xlsx")
    return tuple(written)


def write_template(form: Form, rules: Rulebook, path: Path) -> tuple[Path, ...]:
    """Write one form's blank, and where it may be kept in groups or in days a second one `…(月格).xlsx`; return the files written."""
    lists = [name for name, part in form.parts.items() if not part.under and part.layout.kind in LISTS]
    ways = sorted((part.layout.kind, name) for name, part in form.parts.items() if part.under in lists)
    children = [name for kind, name in ways if kind in ("groups", "month_grid")] or [""]
    paths = [path, *(path.with_name(f"{path.stem}{_GRID}{path.suffix}") for _ in children[1:])]
    for child, target in zip(children, paths, strict=True):
        _write(form, rules, target, _leaves(form, lists, child))
    return tuple(paths)


def write_filled(form: Form, rules: Rulebook, path: Path, filled: Filled, beside: Sheet | None, made: date) -> None:
    """Write the blank of a form's lists with what stands there already, long enough for it, and a sheet to read beside it."""
    rows = {name: max(part.layout.rows, len(filled.lines.get(name, ())) + _SPARE) for name, part in form.parts.items()}
    parts = {
        name: part.model_copy(update={"layout": part.layout.model_copy(update={"rows": rows[name]})})
        for name, part in form.parts.items()
    }
    longer = form.model_copy(update={"parts": parts})
    lists = [name for name, part in parts.items() if not part.under and part.layout.kind in LISTS]
    leaves: list[tuple[str, _Draw]] = [(form.title, lambda leaf: draw_lists(leaf, longer, lists, filled=filled))]
    if beside is not None:
        leaves.append((beside.name, lambda leaf: _read_beside(leaf, beside)))
    _write(longer, rules, path, leaves, made)


def _read_beside(leaf: Leaf, beside: Sheet) -> None:
    widths = widths_of(beside.tables)
    for number, wide in enumerate(widths):
        leaf.sheet.set_column(number, number, wide)
    pen = Pen(leaf.paper, leaf.sheet, beside.name, None, {})
    pen.titles(safe(beside.title), safe(beside.subtitle))
    pen.table(beside.tables[0], _BESIDE, widths)
    leaf.sheet.freeze_panes(_BESIDE + 1, 0)
    leaf.sheet.repeat_rows(_BESIDE)


def _leaves(form: Form, lists: list[str], child: str) -> list[tuple[str, _Draw]]:
    """Return the sheets of a blank and how each is drawn: one for all lists, one for each kind of card."""
    found: list[tuple[str, _Draw]] = []
    if lists:
        found.append((form.title, lambda leaf: draw_lists(leaf, form, lists, child)))
    for name, part in form.parts.items():
        if not part.under and part.layout.kind in ("card", "repeat"):
            found.append((part.title or form.title, lambda leaf, name=name: draw_cards(leaf, form, name)))  # type: ignore[misc]
    return found


def _write(form: Form, rules: Rulebook, path: Path, leaves: list[tuple[str, _Draw]], made: date = _MADE) -> None:
    with Paper(path, title=form.title, created=made, subject=form.system) as paper:
        names = sheet_names(name for name, _ in leaves)
        sheets = [paper.sheet(name) for name in names]
        stamp = Stamp(paper.sheet(STAMP))
        stamp.sheet.write_string(0, 0, form.form)
        stamp.sheet.write_number(0, 1, form.version)
        stamp.sheet.very_hidden()
        for sheet, (_, draw) in zip(sheets, leaves, strict=True):
            draw(Leaf(paper, sheet, rules, stamp))
            sheet.hide_gridlines(2)
            across = form.orientation == "landscape"
            a4(sheet, landscape=across, left=rules.house.name, right="", footer=form.title, one_page=True)
