"""What the house pays part-timers who hand out leaflets, and what it expects of booths and of the phones brought back (A10)."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from pipeline.rulebook.said import Said

_Yuan = Annotated[float, Field(ge=0)]
_Count = Annotated[int, Field(ge=0)]


class Outreach(Said):
    """`outreach.yaml`; a home may lack it. Yuan; the article gives the weekly rhythm and three phones a day, the amounts are samples.

    A day shorter than `half_day_hours` from sign-in to sign-out is half a day: half the pay, half the phones asked for, half the deduction.
    """

    day_pay: _Yuan = 80
    half_day_hours: Annotated[float, Field(ge=0, le=24)] = 4
    phone_pay: _Yuan = 5
    leaflet_pay: _Yuan = 0
    least_phones: _Count = 3
    short_day_deduction: _Yuan = 20
    people_per_booth: Annotated[int, Field(ge=1)] = 2
    call_within_days: _Count = 1
