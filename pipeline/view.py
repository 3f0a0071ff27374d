"""What the archive shows of itself: rows read from it, and all that stood in one store on a business day."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, Self

from pipeline.rulebook.rulebook import Made, Rulebook


class Rows(Sequence[tuple[Any, ...]]):
    """Rows of which each is put together only when somebody asks for it; what they are made of, `row` knows."""

    def row(self, which: int) -> tuple[Any, ...]:
        """Return one row."""
        raise NotImplementedError

    def __getitem__(self, which: Any) -> Any:
        return [self.row(each) for each in range(len(self))[which]] if isinstance(which, slice) else self.row(which)


@dataclass(frozen=True)
class Rowset:
    """Rows read from the archive: column names once, then plain tuples."""

    names: tuple[str, ...]
    rows: Sequence[tuple[Any, ...]] = ()

    def column(self, name: str) -> Sequence[Any]:
        """Return one column, row by row."""
        place = self.names.index(name)
        return [row[place] for row in self.rows]

    def at(self, which: int, *names: str) -> tuple[Any, ...]:
        """Return what one row says in these columns."""
        row = self.rows[which]
        return tuple(row[self.names.index(name)] for name in names)


class Remembering:
    """What several reports ask the same of: what was made of it and of rules once is not made again."""

    @cached_property
    def _made(self) -> dict[Any, Any]:
        return {}

    def once(self, make: Callable[[Self, Rulebook], Made], rules: Rulebook) -> Made:
        """Return what `make` makes of this by these rules; it is made once, however many reports ask for it."""
        asked = make, id(rules)
        if asked not in self._made:
            self._made[asked] = make(self, rules), rules  # held beside it, so that no other rules come to have their id
        found: Made = self._made[asked][0]
        return found


@dataclass(frozen=True)
class View(Remembering):
    """The archive of one store as it stood on a business day (versions received by runs whose day is ≤ `on`).

    `tables` holds a Rowset per record kind that was asked for, with the current, not withdrawn rows: the kind's columns, then `store _form _book _sheet _row _cells _key
    _submission _run _received _original` (`_cells`: dict field → cell; `_original`: path below HOME). Beside the kinds:

    - `hand_in`: store submission_id form family scope covers(dict) sheet book received on verdict records held heads(dict)
    - `finding`: store submission_id book sheet cell code level label found want say who received on verdict run
    - `change`: act kind key values(dict) previous(dict) book sheet row cells(dict) received on fulfilled original: amended and withdrawn since the last earlier day, old against new
    - `submission`: store submission_id book sha256 received on verdict reason detail original run
    """

    on: date
    store: str
    tables: Mapping[str, Rowset]
