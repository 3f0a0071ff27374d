"""By which days the house sorts the cars it has in stock (A14)."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from pipeline.rulebook.said import Said


class Stock(Said):
    """`stock.yaml`; a home may lack it. `ages` are the last days of each class but the open one at the end; the article names no days."""

    ages: Annotated[tuple[Annotated[int, Field(ge=1)], ...], Field(min_length=1)] = (30, 60, 90)

    def class_of(self, days: int) -> int:
        """Return the class of an age, 0 the youngest."""
        return sum(days > last for last in self.ages)

    @property
    def classes(self) -> tuple[str, ...]:
        """The classes as people write them.

        >>> Stock().classes
        ('≤30天', '31–60天', '61–90天', '>90天')
        """
        between = [f"{first + 1}–{last}天" for first, last in zip(self.ages, self.ages[1:], strict=False)]
        return (f"≤{self.ages[0]}天", *between, f">{self.ages[-1]}天")
