"""物业单元: a row a unit with all that the property office's registers say of it today, and what does not agree between them.

31301 … 31318 ─ by 房号 ─→  19#-0201 | 钱进(业主) | 紧急联络 | 车位 | 停车证至 | 电话 | 钥匙 | 底数 …
              └──────────→  水表底数变小, 一个车位两家, 没有客户档案
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, timedelta
from itertools import pairwise
from typing import Any, Final

from pipeline.ledgers import Reckoned, Row, source_of
from pipeline.report import Column, Sheet, Source, Table
from pipeline.reports.registers_property_units import Registers, Unit, let, place_of, registers_of, units
from pipeline.rulebook.rulebook import Rulebook
from pipeline.text import mask
from pipeline.view import View

_SHEET: Final = "物业单元"
_YEAR: Final = timedelta(days=366)
_METERS: Final = (("水", "water"), ("电", "power"), ("气", "gas"))
_NOTE: Final = (
    "每个房号一行,合起来看 18 种物业登记表到当天为止怎么说:迁出、退证、退卡、取消的不列,没办完的电话不算。19#-201 和 19#-0201 算一户。"
    "租约到、车位费至、停车证至写最早的一天;特殊事件数近一年,括号里是没处理完的。"
)
_ODD_NOTE: Final = (
    "同一块表后一次的底数比前一次小,一个车位同时租售给两家,交过客户档案登记表而这个房号没有档案的,列在这里等人核对。"
)


def reckoned(view: View, rules: Rulebook) -> tuple[Reckoned, ...]:
    """Return 物业单元, or nothing where no property register ever named a unit."""
    registers = registers_of(view)
    found = units(registers, view.on)
    if not found:
        return ()
    columns = _columns(view.on, rules)
    sited: list[_Told] = [(Column("管理处"), lambda unit: unit.site)] if any(unit.site for unit in found) else []
    drawn = [*sited, *columns]
    table = Table(
        _SHEET, tuple(column for column, _ in drawn), tuple(tuple(tell(unit) for _, tell in drawn) for unit in found)
    )
    odd = tuple(_odd(registers, found))
    checks = Table("需要核对", _ODD, odd, empty="没有对不上的")
    said = f"共 {len(found)} 户" + (f",{len(odd)} 处要核对" if odd else "")
    notes = ((_SHEET, _NOTE), ("需要核对", _ODD_NOTE))
    return (Reckoned(Sheet(_SHEET, "物业单元一览", (table, checks), said), 0, notes),)


_Told = tuple[Column, Callable[[Unit], Any]]


def _columns(on: date, rules: Rulebook) -> list[_Told]:
    """Return each column with what it tells of a unit; None where nothing is on record."""

    def hidden(number: Any) -> str | None:
        return mask(number) if rules.privacy.mask_phones else number

    def contact(row: Row) -> str:
        number = row["phone"] or row["night_phone"] or row["office_phone"]
        return " ".join(filter(None, (row["contact"], hidden(number))))

    def states(row: Row) -> str:
        return f"{row['space_no']} {rules.shown('property_state', row['state'])}"

    def holders(row: Row) -> str:
        tenure = rules.shown("property_tenure", row["tenure"]) if row["tenure"] else ""
        return f"{row['holder']}({tenure})" if tenure else str(row["holder"])

    return [
        (Column("房号"), lambda unit: unit.name),
        (Column("业主与租户", "long"), lambda unit: _listed(map(holders, unit.of("profile")))),
        (Column("电话", "phone"), lambda unit: _listed(hidden(row["phone"]) for row in unit.of("profile"))),
        (Column("紧急联络", "long"), lambda unit: _listed(map(contact, unit.of("emergency")))),
        (Column("入伙日期", "date"), lambda unit: _first(unit.of("profile"), "moved_in_on")),
        (Column("租约到", "date"), lambda unit: _first(unit.of("profile"), "lease_until")),
        (Column("车位"), lambda unit: _listed(map(states, unit.of("parking")))),
        (Column("车位费至", "date"), lambda unit: _first(unit.of("parking"), "paid_until")),
        (Column("停车证"), lambda unit: _listed(row["pass_no"] for row in unit.of("parking_pass"))),
        (Column("停车证至", "date"), lambda unit: _first(unit.of("parking_pass"), "valid_until")),
        (Column("固定电话"), lambda unit: _listed(map(hidden, unit.phones))),
        (Column("身份卡", "count"), lambda unit: len(unit.of("user_card")) or None),
        (Column("非机动车", "count"), lambda unit: len(unit.of("bike")) or None),
        (Column("境外人员", "count"), lambda unit: len(unit.of("foreign_staff")) or None),
        (Column("代管钥匙"), lambda unit: _keys(unit.of("key"), on)),
        (Column("水电底数"), lambda unit: _reading(unit.of("meter"))),
        (Column("抄表日期", "date"), lambda unit: _last(unit.of("meter"), "read_on")),
        (Column("特殊事件"), lambda unit: _events(unit.of("event"), on)),
        (Column("来源", "place"), _place),
    ]


def _listed(texts: Iterable[str | None]) -> str | None:
    return "、".join(dict.fromkeys(text for text in texts if text)) or None


def _first(rows: Sequence[Row], name: str) -> date | None:
    return min((row[name] for row in rows if row[name]), default=None)


def _last(rows: Sequence[Row], name: str) -> date | None:
    return max((row[name] for row in rows if row[name]), default=None)


def _keys(rows: Sequence[Row], on: date) -> str | None:
    """Return how many keys are kept and how many times some are out; what the owner took back is kept no longer."""
    kept = [row for row in rows if not (row["key_taken"] == "withdrawn" and (row["taken_on"] or on) <= on)]
    handed = {row["received_on"]: row["key_count"] or 0 for row in kept}
    out = sum(bool(row["taken_on"]) and not row["returned_on"] for row in kept)
    told = f"{sum(handed.values())} 把" if handed else None
    return f"{told},{out} 次未还" if told and out else told


def _reading(rows: Sequence[Row]) -> str | None:
    newest = max(rows, key=lambda row: row["read_on"], default=None)
    told = [(word, newest[f"{name}_reading"]) for word, name in _METERS] if newest else []
    return " ".join(f"{word} {reading:g}" for word, reading in told if reading is not None) or None


def _events(rows: Sequence[Row], on: date) -> str | None:
    recent = [row for row in rows if row["happened_on"] >= on - _YEAR]
    unsolved = sum(not row["result"] and not row["closed_on"] for row in recent)
    return (f"{len(recent)}({unsolved})" if unsolved else str(len(recent))) if recent else None


def _place(unit: Unit) -> Source | None:
    """Return where the unit is written: its customer file, else any register that names it."""
    row = next((row for kind in ("property_profile", *unit.rows) for row in unit.rows.get(kind, ())), None)
    return source_of(row, "unit") if row else None


_ODD: Final = (Column("事项"), Column("房号或车位"), Column("先前"), Column("现在"), Column("来源", "place"))


def _odd(registers: Registers, found: Sequence[Unit]) -> Iterator[tuple[Any, ...]]:
    """Yield what two registers or two rows of one contradict each other about."""
    yield from (line for unit in found for line in _backwards(unit))
    yield from _let_twice(registers)
    filed = {place_of(row) for row in registers["property_profile"] if row["unit"]}
    for unit in found if filed else ():
        if place_of({"site": unit.site, "unit": unit.name}) not in filed:
            yield "没有客户档案", unit.name, None, None, _place(unit)


def _backwards(unit: Unit) -> Iterator[tuple[Any, ...]]:
    """A reading lower than the one before on the same meter; another meter number is another meter."""
    for word, name in _METERS:
        read = [row for row in unit.of("meter") if row[f"{name}_reading"] is not None]
        for before, after in pairwise(sorted(read, key=lambda row: row["read_on"])):
            same = before[f"{name}_no"] in (None, after[f"{name}_no"]) or not after[f"{name}_no"]
            if same and after[f"{name}_reading"] < before[f"{name}_reading"]:
                readings = (f"{row['read_on']} {row[f'{name}_reading']:g}" for row in (before, after))
                yield f"{word}表底数变小", unit.name, *readings, source_of(after, f"{name}_reading")


def _let_twice(registers: Registers) -> Iterator[tuple[Any, ...]]:
    spaces: dict[tuple[Any, Any], Row] = {}
    for row in registers["property_parking"]:
        other = spaces.setdefault((row["site"], row["space_no"]), row) if let(row) else row
        if other is not row:
            users = (_listed((each["unit"], each["holder"])) for each in (other, row))
            yield "一个车位两家", row["space_no"], *users, source_of(row, "space_no")
