"""Keeps of each sheet where its header stands: field → header cell and label, so that another night can see what has moved."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from pipeline.grid import address
from pipeline.model import Region
from pipeline.rulebook.form import Form
from pipeline.text import squeeze

_LONGEST = 20  # letters of a header kept
_FAR = 16_384  # columns a sheet may have
UNREAD = "?"  # begins the name of a column whose header no form knows


def heads_of(regions: Sequence[Region], form: Form) -> dict[str, dict[str, str]]:
    """Return root part → field → `F3 意向级别`; a card's labels without their cells, since cards stand anywhere.

    Of several lists or cards of one part the first speaks for all; of the groups the first one. Columns behind the first group are kept without
    their cells too: every new group pushes them on.
    """
    found: dict[str, dict[str, str]] = {}
    ignored = frozenset(map(squeeze, form.ignores))
    for region in regions:
        root = _root(form, region.part)
        own = found.setdefault(root, {})
        before = "" if region.part == root else f"{region.part}."
        if any(name.startswith(before) if before else "." not in name for name in own):
            continue
        own |= {f"{before}{name}": f" {said.label}" for name, said in region.said.items()}
        first = min((column for _, columns in region.groups for column in columns.values()), default=_FAR)
        last = -1 if region.owner >= 0 else first
        for name, column in _columns(region, ignored):
            place = address(region.header.bottom, column) if column <= last else ""
            own[f"{before}{name}"] = f"{place} {region.labels.get(column, '')[:_LONGEST]}"
    return found


def _columns(region: Region, ignored: Collection[str]) -> Iterator[tuple[str, int]]:
    yield from region.columns.items()
    yield from ((name, places[0][0]) for name, places in region.choices.items())
    for _, columns in region.groups[:1]:
        yield from ((f"{region.group_part}.{name}", column) for name, column in columns.items())
    taken = {column for _, column in _taken(region)} | set(region.twice)
    yield from (
        (f"{UNREAD}{label}", column)
        for column, label in region.labels.items()
        if column not in taken and label not in ignored
    )


def _taken(region: Region) -> Iterator[tuple[str, int]]:
    yield from region.columns.items()
    yield from ((name, column) for name, places in region.choices.items() for column, _ in places)
    yield from ((name, column) for _, columns in region.groups for name, column in columns.items())


def _root(form: Form, part: str) -> str:
    while form.parts[part].under:
        part = form.parts[part].under
    return part


def parted(head: str) -> tuple[str, str]:
    """Return the column letters and the label of a kept header.

    >>> parted("F3 意向级别"), parted(" 电话")
    (('F', '意向级别'), ('', '电话'))
    """
    cell, _, label = head.partition(" ")
    return cell.rstrip("0123456789"), label
