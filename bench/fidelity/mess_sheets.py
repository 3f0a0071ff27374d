"""Sheets in a workbook, and the programs that save it (domain 4, cases 30, 34–36, 42, 49, 50)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from random import Random
from typing import Any

from bench.fidelity import stories
from bench.fidelity.mess import Change, Mess, Told, respelt
from bench.fidelity.people import TODAY, People
from bench.fidelity.sketch import Ink, Line, Paper, Sketch, Truth
from bench.fidelity.spell import Pen


def _days(naming: Callable[[date], str], path: str, *, said: bool = False, under: bool = False) -> Change:
    def mess(paper: Paper, rng: Random, _pen: Pen) -> Paper | None:
        """Draw three days of the register, a sheet each or one below the other."""
        if paper.form != "visitor_register":
            return None
        people = People(rng)
        sketches: list[Sketch] = []
        for back in (2, 1, 0):
            on = TODAY - timedelta(days=back)
            table = replace(paper.sketches[0].tables[0], lines=tuple(stories.visit(people, on) for _ in range(4)))
            sheet = replace(paper.sketches[0], name=naming(on), tables=(table,), said={"visited_on": on}).looking(
                above="beside" if said else "none", under=under and bool(sketches)
            )
            sketches.append(sheet)
        return replace(paper, sketches=tuple(sketches), path=path)

    return mess


def _cover(*names: str) -> Change:
    def mess(paper: Paper, _rng: Random, _pen: Pen) -> Paper:
        """Add sheets that are no forms."""
        heads = {
            "封面": (("××汽车销售有限公司",), ("三表一卡",), ("2026年11月",)),
            "汇总": (
                ("接待客户批次分月统计",),
                ("月份", "批次", "留档", "留档率"),
                ("10月", 120.0, 96.0, 0.8),
                ("11月", 98.0, 80.0, 0.82),
            ),
            "Sheet2": (),
            "下拉": (("H", "来店", "首次"), ("A", "来电", "再次"), ("B", None, "其他"), ("C",)),
        }
        return replace(paper, sketches=(*(Sketch(name, head=heads[name]) for name in names), *paper.sketches))

    return mess


def _hidden_copy(paper: Paper, _rng: Random, _pen: Pen) -> Paper:
    """Hide last month's copy of the sheet: it is not read, and said."""
    old = paper.sketches[0].relined(lambda line, _: replace(line, truths=()))
    asks = Line(truths=(Truth("sheet", {"hidden": True}, asks=frozenset({"hidden"})),))
    hidden = replace(old, name="上月", unwritten=(asks,)).looking(hidden=True)
    return replace(paper, sketches=(*paper.sketches, hidden))


def _saved(by: str, path: str = "李明/表.xlsx", **more: Any) -> Change:
    def mess(paper: Paper, _rng: Random, _pen: Pen) -> Paper | None:
        if by in {"gbk", "utf-8-sig"} and len(paper.sketches) > 1:
            return None
        return replace(paper, saved_by=by, path=path, **more)

    return mess


def _look(**look: Any) -> Change:
    return lambda paper, _rng, _pen: paper.changed(lambda sketch: sketch.looking(**look))


_CACHED = respelt(
    "formulas", "text name phone date code level count", {"with their values": lambda value, _: Ink(value, "=1*1") if isinstance(value, str) and len(value) != 1 else None},
    fields={"customer_name", "phone", "model"},
)  # fmt: skip


def _unsaved(paper: Paper, rng: Random, pen: Pen) -> Paper | None:
    """Leave a formula without its value in one cell, as a program that does not calculate saves it."""
    told = respelt(
        "", "name phone date", {"": lambda _value, _rng: Told(Ink(None, "=A1&B1"), None, asks=True)}, one=True
    )[0].change(paper, rng, pen)
    return replace(told, saved_by="openpyxl") if told else None


FAULTS = ("#N/A", "#REF!", "#DIV/0!", "#VALUE!", "#NAME?")


def _fault(text: str) -> Change:
    return respelt(
        "",
        "name phone date level text",
        {"": lambda _value, _rng: Told(Ink(text, fault=True), None, asks=True)},
        one=True,
    )[0].change


def messes() -> list[Mess]:
    """Return every mess of sheets and programs."""
    return [
        Mess("a sheet a day", "named 11.18", _days(lambda on: f"{on:%m.%d}", "前台/2026年11月登记.xlsx")),
        Mess("a sheet a day", "named 11月18日", _days(lambda on: f"{on.month}月{on.day}日", "前台/登记表.xlsx")),
        Mess("a sheet a day", "named 18", _days(lambda on: str(on.day), "前台/2026年11月来店.xlsx")),
        Mess("a sheet a day", "dated above", _days(lambda on: f"Sheet{on.day}", "前台/登记表.xlsx", said=True)),
        Mess(
            "several tables on a sheet",
            "days below each other",
            _days(lambda _: "Sheet1", "前台/登记表.xlsx", said=True, under=True),
        ),
        Mess(
            "several tables on a sheet",
            "today and tomorrow side by side",
            lambda p, _r, _p: p.changed(lambda s: s.looking(beside=True)) if p.form == "daily_activity" else None,
        ),
        Mess(
            "several cards on a sheet",
            "two abreast",
            lambda p, _r, _p: p.changed(lambda s: s.looking(abreast=2)) if p.sketches[0].cards else None,
        ),
        Mess(
            "several cards on a sheet",
            "three abreast",
            lambda p, _r, _p: p.changed(lambda s: s.looking(abreast=3)) if p.sketches[0].cards else None,
        ),
        Mess("several cards on a sheet", "a sheet each", _card_each),
        Mess("sheets that are no forms", "cover, summary, empty, choices", _cover("封面", "汇总", "Sheet2", "下拉")),
        Mess("hidden sheets", "last month's copy", _hidden_copy),
        Mess("formulas", "with their values", _CACHED[0].change),
        Mess("formulas without their values", "one", _unsaved),
        *(Mess("error cells", text, _fault(text)) for text in FAULTS),
        Mess("notes, pictures, painted rows", "notes", _look(notes=True)),
        Mess("notes, pictures, painted rows", "a picture", _look(picture=True)),
        Mess("notes, pictures, painted rows", "900 painted rows", _look(painted=900)),
        Mess("1904 dates", "xlsxwriter", _saved("xlsxwriter", epoch_1904=True)),
        Mess("1904 dates", "openpyxl", _saved("openpyxl", epoch_1904=True)),
        Mess("saved by openpyxl", "xlsx", _saved("openpyxl")),
        Mess("saved as a table, GBK", "csv", _saved("gbk", "李明/表.csv")),
        Mess("saved as a table, UTF-8 with a mark", "csv", _saved("utf-8-sig", "李明/表.csv")),
    ]


def _card_each(paper: Paper, _rng: Random, _pen: Pen) -> Paper | None:
    if not paper.sketches[0].cards:
        return None
    return replace(
        paper,
        sketches=tuple(
            replace(paper.sketches[0], name=f"客户{number}", cards=(card,))
            for number, card in enumerate(paper.sketches[0].cards, 1)
        ),
    )
