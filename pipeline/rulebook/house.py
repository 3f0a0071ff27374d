"""The store as its people run it: consultants, hours, deadlines, intervals, targets, calendar, privacy."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Annotated, Literal, TypeAlias

from pydantic import Field

from pipeline.errors import UsageError
from pipeline.rulebook.said import Said

_NAMED = 20  # stores a sentence names
Day: TypeAlias = Annotated[date, Field(strict=True)]  # a bare number is no day, although pydantic would count it as one


class Consultant(Said):
    """One consultant: other spellings of the name, and from when the person no longer works here."""

    name: str
    aliases: tuple[str, ...] = ()
    store: str = ""
    leaves_on: Day | None = None


class StoreSpec(Said):
    """One store: its id, its name, and the inbox sub-folders that are its own."""

    id: str
    name: str = ""
    folders: tuple[str, ...] = ()


class Deadline(Said):
    """Who owes a form and when: per `consultant` or per `store`, each `day` or `month`, due so many days after, by `at`."""

    form: str
    per: Literal["consultant", "store"]
    every: Literal["day", "month"]
    days_after: int = 0
    at: str = "23:59"


class Outliers(Said):
    """When a store's rate is told as out of line: so many times the usual spread from the median, a base of so many, among so many stores."""

    times: float = Field(default=3.5, gt=0)
    base: int = Field(default=20, ge=1)
    stores: int = Field(default=5, ge=3)


class House(Said):
    """`house.yaml`. No consultants listed = every name is accepted; no stores listed = one store called `default`."""

    name: str = ""
    stores: tuple[StoreSpec, ...] = ()
    consultants: tuple[Consultant, ...] = ()
    opens_at: str = "08:00"
    closes_at: str = "21:00"
    closed_on: tuple[Day, ...] = ()
    window_days: int = 90
    stable_seconds: int = 10
    deadlines: tuple[Deadline, ...] = ()
    press_days: int = Field(default=31, ge=1)  # how long a missing sheet is pressed for
    outliers: Outliers = Outliers()

    @property
    def store_ids(self) -> tuple[str, ...]:
        """The ids of the stores, `default` where none is listed."""
        return tuple(store.id for store in self.stores) or ("default",)

    def chosen(self, stores: Collection[str] = ()) -> tuple[str, ...]:
        """Return the ids of these stores, or of all, in their order; UsageError for one nobody listed."""
        if unknown := sorted(set(stores) - set(self.store_ids)):
            raise UsageError(f"没有门店 {unknown[0]}", f"house.yaml 里有:{'、'.join(self.store_ids[:_NAMED])}")
        return tuple(store for store in self.store_ids if store in stores or not stores)

    @property
    def rest(self) -> str:
        """The store that is left what lies in nobody's folder: the one that names no folder, else the first."""
        return next((store.id for store in self.stores if not store.folders), self.store_ids[0])

    @property
    def group(self) -> bool:
        """Whether several stores share the home; each then has a night of its own."""
        return len(self.stores) > 1

    def room(self, store: str) -> str:
        """Return what a store's own folders in the home are called; '' where it is alone there."""
        return store if self.group else ""


class SamePerson(Said):
    """Which pairs of customers the clerk is asked about: days between their contacts, days until 以后再说 comes back, pairs a day."""

    within_days: int = 30
    ask_again_days: int = 30
    most: int = 100


class FollowUp(Said):
    """`follow_up.yaml`: days between contacts per level, owner revisits after delivery, escalation, and level horizons."""

    interval_days: dict[str, int]
    first_contact_days: int = 1
    owner_visit_days: tuple[int, ...] = (1, 3, 7, 30, 90)
    escalation: dict[int, str] = Field(default_factory=dict)  # days overdue → who is told
    horizon_days: dict[str, int] = Field(default_factory=dict)  # level → days it may stay
    same_person: SamePerson = SamePerson()


class Target(Said):
    """A month of a consultant or of the store: new prospects and conversions."""

    prospects: int = Field(ge=0)
    conversions: int = Field(ge=0)


class Daily(Said):
    """How a month's new prospects become a day's goal: over which days, at least how many for the store, and whose goal is set by name.

    Over calendar days a month of 30 asks 5 a day for 150, over 22 working days 7; both stand above the least of 3 (A12).
    """

    count: Literal["calendar", "working"] = "calendar"
    least: int = Field(default=0, ge=0)
    consultants: dict[str, Annotated[int, Field(ge=0)]] = Field(default_factory=dict)


class Targets(Said):
    """`targets.yaml`: the store's month, the house's monthly target per consultant with those that differ by name, and the day's share.

    A store without a month of its own is asked what its consultants are asked together.
    """

    monthly: Target
    consultants: dict[str, Target] = Field(default_factory=dict)
    store: Target | None = None
    daily: Daily = Daily()


class CalendarDay(Said):
    """One day the calendar library does not know, or the house sees otherwise."""

    on: Day
    type: Literal["法定假", "调休上班", "周末", "工作日"]
    name: str = ""


class Calendar(Said):
    """`calendar.yaml`: an overlay over the statutory calendar."""

    days: tuple[CalendarDay, ...] = ()


_NEAR = 0.9


class Privacy(Said):
    """`privacy.yaml`: what is masked, how long things are kept (months), when a home holds too many persons, and how somebody is erased.

    `originals`: a workbook that names an erased customer stays without them (`redact`) or goes whole (`remove`). Reports of the last
    `rebuild_days` that name them are made anew, older ones go.
    """

    mask_phones: bool = True
    prospect_months: int = Field(default=24, ge=1)
    lost_months: int = Field(default=12, ge=1)
    deal_months: int = Field(default=120, ge=120)  # 汽车销售管理办法: ten years at least
    warn_persons: int = Field(default=100_000, ge=1)
    originals: Literal["redact", "remove"] = "redact"
    rebuild_days: int = Field(default=62, ge=0)

    def crowded(self, persons: int) -> bool:
        """Say whether so many persons are near the bound: the law asks more of whoever holds 100,000 (汽车数据安全管理若干规定)."""
        return persons >= _NEAR * self.warn_persons
