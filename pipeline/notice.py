"""Words the message after a night: how many files, what went back, who owes a form, where the page is.

It leaves the house, so it holds counts and our own people's names only: no customer, no phone, no file name, nothing that staff wrote into a cell.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from pipeline.dues.owed import Owed
from pipeline.text import mask_in

_VERDICTS: Final = (
    ("accepted", "收下"), ("partial", "部分收下"), ("returned", "退回"), ("quarantined", "读不了"), ("duplicate", "重复"), ("waiting", "等下次"),
)  # fmt: skip
_BACK: Final = ("partial", "returned", "quarantined")
_NAMED: Final = 12  # people named; the page has them all


@dataclass(frozen=True, slots=True)
class Notice:
    """One message: a line, and a few lines."""

    subject: str
    text: str


def notice(said: Mapping[str, Any], missing: Iterable[Owed], house: str, link: str) -> Notice:
    """Return the message of a night from its manifest and from what had fallen due that day and is missing."""
    on = date.fromisoformat(said["on"])
    counts = said["counts"]
    back = sum(counts[verdict] for verdict in _BACK)
    today = [each for each in missing if each.due.date() == on]
    files = ",".join(f"{word} {counts[verdict]}" for verdict, word in _VERDICTS if counts[verdict]) or "没有新文件"
    acts = said["records"].values()
    taken, held = (sum(act[name] for act in acts for name in names) for names in (("added", "amended"), ("held",)))
    stores = said.get("stores", ())
    not_done = [str(store["store"]) for store in stores if store["exit"]]
    lines = [
        *([f"门店:{len(stores)} 家,没跑成 {_named(not_done, '家') or '没有'}"] if stores else []),
        f"文件:{files}",
        f"记录:新增或更新 {taken} 条,暂不收 {held} 条",
        *([] if stores else [f"今日缺交:{_debts(today)}"]),
        f"报告:{link}",
    ]
    subject = f"夜账 {on:%m-%d}" + (f" {house}" if house else "")
    told = [
        f"{len(not_done)} 家店没跑成" if not_done else "", f"退回 {back} 份" if back or today else "",
        f"缺交 {len(today)} 份" if (back or today) and not stores else "",
    ]  # fmt: skip
    subject += f":{','.join(filter(None, told)) or ('没有退回' if stores else '全部收齐,没有退回')}"
    return Notice(_one_line(subject), "\n".join(map(mask_in, lines)) + "\n")


def failed(on: date, house: str, room: str) -> Notice:
    """Return the message of a night that could not run; it names the room that failed and repeats no error, which may quote what staff wrote."""
    subject = f"夜账 {on:%m-%d}" + (f" {house}" if house else "") + ":没有跑成"
    text = f"{room}不能用。请在装夜账的电脑上运行 daybook run,照它说的修好。\n没有文件丢失,修好后再跑一次会接着做完。\n"
    return Notice(_one_line(subject), text)


def _debts(missing: Iterable[Owed]) -> str:
    forms: dict[str, list[str]] = {}
    for each in missing:
        forms.setdefault(each.title, []).append(each.who)
    return ";".join(f"{title} {_named(people)}" for title, people in forms.items()) or "没有"


def _named(people: list[str], unit: str = "人") -> str:
    more = f" 等 {len(people)} {unit}" if len(people) > _NAMED else ""
    return "、".join(people[:_NAMED]) + more


def _one_line(text: str) -> str:
    return " ".join(mask_in(text).split())
