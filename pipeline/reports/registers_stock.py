"""Reckons how long cars stand: how many of each model in each class of age, and the cars themselves, the oldest first (A14).

stock_vehicle, still here ─┬ 库龄分布    a line a model: 30 days and less … more than 90, by the days of rules/stock.yaml
                           └ 库龄明细    a line a car, with the items of its check that nobody passed yet

A car is here from 入库 until 出库; one that is 在途 is not here yet. Days are calendar days, the day of arrival is day 0.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from pipeline.ledgers import Reckoned, Row, dues, register_of, rows_of_kind, source_of
from pipeline.report import Chart, Column, Sheet, Table, Tone
from pipeline.rulebook.rulebook import Rulebook
from pipeline.view import View

_SHEET: Final = "车辆库存"
_ROOM: Final = 30  # models a chart has room for
_GONE: Final = frozenset({"sold", "moved", "in_transit"})
_PROMISED: Final = "reserved"
_BETWEEN: Final[tuple[Tone, ...]] = ("soft", "pale")


@dataclass(frozen=True)
class _Standing:
    """One car that is here: how many days, in which class of age, and its row."""

    days: int
    age: int
    row: Row

    @property
    def model(self) -> str:
        """What it is, as the list says."""
        return str(self.row["model"] or "未写车型")

    @property
    def promised(self) -> bool:
        """Whether somebody has ordered or bought it and it is still here."""
        return self.row["status"] == _PROMISED or self.row["sold_on"] is not None


def reckoned(view: View, rules: Rulebook) -> tuple[Reckoned, ...]:
    """Return the sheet 车辆库存, with the ages of its cars below what is due, and 库龄明细; nothing where no stock list ever came."""
    rows = rows_of_kind(view, "stock_vehicle")
    if not rows:
        return ()
    here = sorted(_here(view, rules, rows), key=lambda car: (-car.days, str(car.row["vin"])))
    classes = rules.stock.classes
    old = sum(car.age == len(classes) - 1 for car in here)
    said = f"在库 {len(here)} 台,其中 {classes[-1]} 的 {old} 台" if here else "没有在库的车"
    unseen = sum(row["status"] == "in_transit" for row in rows)
    said += f";在途 {unseen} 台" if unseen else ""
    notes = (
        (
            "库龄分布",
            "库龄从入库日期算到报表日,自然日;几天一段写在 rules/stock.yaml。已订的在内,已售出库、调出和在途的不在内。",
        ),
        ("库龄明细", "未过检查是新车质量检查里不合格、还没有复检合格的项数。"),
    )
    first = Reckoned(Sheet(_SHEET, _SHEET, (_ages(here, classes),), said), notes=notes, leads=False)
    if not here:
        return (first,)
    return (first, Reckoned(Sheet("库龄明细", "库龄明细", (_cars(here, classes, _failed(view, rules), rules),), said)))


def _here(view: View, rules: Rulebook, rows: Sequence[Row]) -> list[_Standing]:
    found = []
    for row in rows:
        since, left = row["stocked_on"], row["left_on"]
        if since is None or since > view.on or (left and left <= view.on) or row["status"] in _GONE:
            continue
        days = (view.on - since).days
        found.append(_Standing(days, rules.stock.class_of(days), row))
    return found


def _ages(here: Sequence[_Standing], classes: Sequence[str]) -> Table:
    columns = (
        Column("车型"), Column("在库合计", "count"), Column("库龄最长的一台", "long"), *(Column(name, "count", tone=_tone(at, len(classes))) for at, name in enumerate(classes)),
        Column("其中已订", "count"), Column("平均库龄", "number"), Column("进价合计", "money"),
    )  # fmt: skip
    by: dict[str, list[_Standing]] = defaultdict(list)
    for car in here:
        by[car.model].append(car)
    order = sorted(by, key=lambda model: (-max(car.days for car in by[model]), model))
    chart = Chart("stacked_bar", "各车型库龄", "车型", tuple(classes), y_title="台")
    return Table(
        "库龄分布", columns, tuple((model, *_figures(by[model], classes)) for model in order), ("合计", *_figures(here, classes)) if here else None,
        charts=(chart,) if 1 < len(order) <= _ROOM else (), empty="没有在库的车",
    )  # fmt: skip


def _tone(at: int, of: int) -> Tone:
    """Return the colour of a class: the youngest is good news, the oldest bad."""
    return "bad" if at == of - 1 else "good" if at == 0 else _BETWEEN[at % len(_BETWEEN)]


def _figures(cars: Sequence[_Standing], classes: Sequence[str]) -> tuple[Any, ...]:
    counted = Counter(car.age for car in cars)
    costs = [car.row["cost"] for car in cars if car.row["cost"] is not None]
    days = [car.days for car in cars]
    oldest = max(cars, key=lambda car: car.days)
    return (
        len(cars), f"{oldest.days} 天,{oldest.row['vin']}", *(counted[age] for age in range(len(classes))), sum(car.promised for car in cars),
        sum(days) / len(days), sum(costs) if costs else None,
    )  # fmt: skip


def _cars(here: Sequence[_Standing], classes: Sequence[str], failed: Mapping[str, int], rules: Rulebook) -> Table:
    columns = (
        Column("车架号"), Column("车型"), Column("颜色"), Column("状态"), Column("入库日期", "date"), Column("库龄", "count", bar=True), Column("分级"),
        Column("仓库"), Column("库位"), Column("进价", "money"), Column("未过检查", "count"), Column("来源", "place"),
    )  # fmt: skip
    told = tuple(
        (
            car.row["vin"], car.row["model"], car.row["colour"], rules.shown("vehicle_status", car.row["status"] or "") or None, car.row["stocked_on"],
            car.days, classes[car.age], car.row["warehouse"], car.row["slot"], car.row["cost"], failed.get(str(car.row["vin"])), source_of(car.row, "stocked_on", "vin"),
        )
        for car in here
    )  # fmt: skip
    return Table("库龄明细", columns, told)


def _failed(view: View, rules: Rulebook) -> Mapping[str, int]:
    """Return how many items of each car's check wait for a second look, by its 车架号."""
    register = register_of(rules.forms.get("vehicle_check"), "vehicle_check")
    return Counter(str(debt.row["vin"]) for debt in dues(rows_of_kind(view, "vehicle_check"), register, view.on))
