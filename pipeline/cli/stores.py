"""Goes through the archives of a home's stores one at a time, so that a broken one is told and costs the others nothing."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import TYPE_CHECKING

import click

from pipeline.errors import ArchiveError
from pipeline.keep_home import Home
from pipeline.rulebook.rulebook import Rulebook

if TYPE_CHECKING:
    from pipeline.archive.keep_archive import Archive


def each_store(
    home: Home, rules: Rulebook, look: Callable[[str, Archive], object], chosen: Collection[str] = ()
) -> int:
    """Look at each store's archive and return with which code to end: 0, or 3 where one of several could not be read.

    Of a home with one store what befalls its archive is raised.
    """
    from pipeline.archive.keep_archive import open_archive  # noqa: PLC0415 - only a command that asks it waits for it

    code = 0
    for store in rules.house.chosen(chosen):
        try:
            with open_archive(home.root, store, rules) as archive:
                look(store, archive)
        except ArchiveError as error:
            if not rules.house.group:
                raise
            click.echo(f"门店 {store}:{error}", err=True)
            code = ArchiveError.exit_code
    return code
