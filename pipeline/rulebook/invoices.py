"""What the house expects of its invoices (A13)."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from pipeline.rulebook.said import Said

_Days = Annotated[int, Field(ge=0)]


class Invoices(Said):
    """`invoices.yaml`; a home may lack it. The article asks for each invoice to be registered and signed for, and names no days."""

    sign_within_days: _Days = 3
    new_roll_from: Annotated[int, Field(ge=2)] = 100
    certificate_days: _Days = 7
