"""What the night does with a form's records beyond keeping them: a register to read, what falls due, which step comes next.

    ledger:
      sheet: 档案借阅                      the sheet of 其他台账.xlsx; forms that name the same one share it
      lists: 借阅登记                      the sheet its registers stand on, where they are too many for the one of the due list and the approvals
      registers:
        file_loan:
          show: [borrowed_on, borrower, file_no, due_on, returned_on]
          due:
            - {say: 归还, on: due_on, done: returned_on, ahead: 3}

A due line says: count `after` days from the date in `on` (or as many as `after_by` has for a code); it is done when `done` is filled.
"""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

from pydantic import Field

from pipeline.rulebook.said import Said

Scale: TypeAlias = Literal["", "5/0", "0-5"]


class Item(Said):
    """One fixed line of a checklist: its number, what is looked at, the area it belongs to, and the scale it is scored on.

    `5/0` takes 0 or 5 and nothing between, `0-5` whole numbers; '' is no scored item (a document, a department).
    `also` are other words for the same line (销售部 where the form prints 业务). `prints` says what else stands on the line beforehand, by field
    (interval: 1次/3小时, owner: 周敏); what the filled sheet says there goes before it.
    """

    no: str
    text: str
    also: tuple[str, ...] = ()
    area: str = ""
    scale: Scale = ""
    prints: dict[str, str] = Field(default_factory=dict)


class Due(Said):
    """One thing that falls due for a record: days are calendar days.

    Of records alike in `last_of` only the newest by `on` counts. `when` names codes as a rule does. `ahead` says how many days before it is listed.
    """

    say: str
    on: str
    after: int = 0
    after_by: dict[str, dict[str, int]] = Field(
        default_factory=dict
    )  # field → code → days; codes not named never fall due
    done: str = ""
    when: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    last_of: tuple[str, ...] = ()
    ahead: Annotated[int, Field(ge=0)] = 7


class Chain(Said):
    """Steps that follow one another in the order of a checklist's items: opinions of departments, approvals.

    Rows alike in `per` are one case. A step is taken when `done` is filled; `refused` are the codes of `answer` that end the case.
    """

    per: tuple[str, ...]
    step: str
    done: str
    answer: str = ""
    refused: tuple[str, ...] = ()


class Register(Said):
    """How one record kind stands in 其他台账: its columns in order, what falls due, and the steps it goes through."""

    show: tuple[str, ...] = ()
    complete: tuple[str, ...] = ()  # columns that a whole file has filled, or answered with 无
    due: tuple[Due, ...] = ()
    chain: Chain | None = None


class Ledger(Said):
    """A form's place in 其他台账.xlsx: the sheet of its due list, and that of its registers ('' = the same)."""

    sheet: str
    lists: str = ""
    words: dict[str, str] = Field(
        default_factory=dict
    )  # heads for columns that no cell of the form has (area, scale, applicable)
    registers: dict[str, Register] = Field(default_factory=dict)
