"""Who stands on the sheets: invented names, each once a workbook, and invented phones."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random

ON = date(2026, 11, 25)
"""The business day on which everything is read."""
RECEIVED = datetime(2026, 11, 20, 18, 0)
TODAY = date(2026, 11, 18)
CONSULTANTS = ("李明", "王芳", "张伟", "赵敏")
ALIASES = {"李明": ("小李", "李经理", "明哥"), "王芳": ("小王", "芳姐"), "张伟": ("小张",), "赵敏": ("小赵", "赵组长")}
MODELS = ("X5", "轩逸", "CR-V", "新408", "汉EV")
_FAMILY = "王李张刘陈杨黄周吴徐孙马朱胡郭何林罗高梁"
_GIVEN = "建国志强秀英桂兰海燕晓东文博佳怡子涵雨欣浩然思远明轩若曦嘉宁俊杰"


@dataclass
class People:
    """Draws invented people from one seed, never the same name or number twice."""

    rng: Random

    def __post_init__(self) -> None:
        self._names: set[str] = set()
        self._phones: set[str] = set()

    def name(self) -> str:
        """Return a name nobody has yet."""
        while True:
            name = self.rng.choice(_FAMILY) + "".join(self.rng.sample(_GIVEN, 2))
            if name not in self._names:
                self._names.add(name)
                return name

    def phone(self) -> str:
        """Return a mobile number nobody has yet."""
        while True:
            phone = f"1{self.rng.choice('3589')}{self.rng.randrange(10**9):09d}"
            if phone not in self._phones:
                self._phones.add(phone)
                return phone

    def day(self, first: date = date(2026, 11, 1), last: date = TODAY) -> date:
        """Return a day between two."""
        return first + timedelta(days=self.rng.randrange((last - first).days + 1))

    def clock(self, first: int = 9, last: int = 17) -> str:
        """Return a time of day."""
        return f"{self.rng.randint(first, last):02d}:{self.rng.choice((0, 5, 10, 15, 20, 25, 30, 40, 45, 50, 55)):02d}"

    def model(self) -> str:
        """Return a car."""
        return self.rng.choice(MODELS)
