"""What the house expects of visits to clients (A1): how long before a call is made, what a visit needs to count, how many are checked."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from pipeline.rulebook.said import Said

_Days = Annotated[int, Field(ge=0)]


class Appointment(Said):
    """How many days before a visit the client is rung up, and which purposes and roles need no call."""

    days_before: _Days = 2
    except_purposes: tuple[str, ...] = ()
    except_roles: tuple[str, ...] = ()


class SpotCheck(Said):
    """The part of a month's visits that is checked: a share of them (0 to 1), at least so many, drawn by a seed."""

    share: Annotated[float, Field(ge=0, le=1)] = 0.1
    least: _Days = 1
    seed: str = "抽查"


class Visits(Said):
    """`visits.yaml`; a home may lack it. A visit is valid when all `complete` columns of the report are filled and it reached what was expected."""

    appointment: Appointment = Appointment()
    look_up_days_before: _Days = 1
    arrive_minutes_before: _Days = 10
    report_days_after: _Days = 1
    moved_days: _Days = 7
    complete: tuple[str, ...] = ()
    spot_check: SpotCheck = SpotCheck()
