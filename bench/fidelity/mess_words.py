"""Phones, levels, ticks, money, counts, names and coded words as people write them (domain 4, cases 16–27, 39–40, 49)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from random import Random
from typing import Any

from bench.fidelity.mess import Mess, Told, Way, respelt
from bench.fidelity.sketch import Ink, Line, Paper
from bench.fidelity.spell import Pen

_WIDE = str.maketrans("0123456789HABC", "０１２３４５６７８９ＨＡＢＣ")
_CYRILLIC = str.maketrans("HABC", "НАВС")
_WAN = 10_000

PHONES: Mapping[str, Way] = {
    "a number": lambda phone, _: float(phone),
    "138 0000 1111": lambda phone, _: f"{phone[:3]} {phone[3:7]} {phone[7:]}",
    "138-0000-1111": lambda phone, _: f"{phone[:3]}-{phone[3:7]}-{phone[7:]}",
    "138.0000.1111": lambda phone, _: f"{phone[:3]}.{phone[3:7]}.{phone[7:]}",
    "+86 138…": lambda phone, _: f"+86 {phone}",
    "+86-138-…": lambda phone, _: f"+86-{phone[:3]}-{phone[3:7]}-{phone[7:]}",
    "86138…": lambda phone, _: f"86{phone}",
    "0086138…": lambda phone, _: f"0086{phone}",
    "full width": lambda phone, _: phone.translate(_WIDE),
    "138…(爱人)": lambda phone, _: f"{phone}(爱人)",
    "138…（先生）": lambda phone, _: f"{phone}（先生）",
    "手机:138…": lambda phone, _: f"手机:{phone}",
    "no-break spaces": lambda phone, _: f"\xa0{phone}\xa0",
    "zero-width spaces": lambda phone, _: f"\u200b{phone[:3]}\u200b{phone[3:]}\ufeff",
    "'138…": lambda phone, _: f"'{phone}",
    "138….0": lambda phone, _: f"{phone}.0",
    "1.38…E+10, whole": lambda phone, _: f"{phone[0]}.{phone[1:]}E+10",
    "138…/139…": lambda phone, _: Told(f"{phone}/13900009999"),
    "a line break": lambda phone, _: f"{phone}\n",
    "028-8888 0000": lambda _phone, rng: _landline(rng, "028-{}"),
    "(028)88880000": lambda _phone, rng: _landline(rng, "(028){}"),
    "02888880000": lambda _phone, rng: _landline(rng, "028{}"),
    "028-88880000转801": lambda _phone, rng: _landline(rng, "028-{}转801"),
}


def _landline(rng: Random, pattern: str) -> Told:
    local = f"8{rng.randrange(4, 9)}{rng.randrange(10**6):06d}"
    return Told(pattern.format(local), f"028{local}")


NO_PHONES: Mapping[str, Way] = {
    "12 digits": lambda phone, _: Told(f"{phone}8", None, asks=True),
    "10 digits": lambda phone, _: Told(phone[:-1], None, asks=True),
    "12 digits as a number": lambda phone, _: Told(float(f"{phone}8"), None, asks=True),
    "8 digits": lambda phone, _: Told(phone[:8], None, asks=True),
    "1.38E+10": lambda phone, _: Told(f"{phone[0]}.{phone[1:3]}E+10", None, asks=True),
    "138****1111": lambda phone, _: Told(f"{phone[:3]}****{phone[7:]}", None, asks=True),
    "1082440000": lambda _phone, _: Told(1082440000.0, None, asks=True),
    "l38…": lambda phone, _: Told(f"l{phone[1:]}", None, asks=True),
    "23800001111": lambda phone, _: Told(f"2{phone[1:]}", None, asks=True),
}
LEVELS: Mapping[str, Way] = {
    "Ｈ": lambda level, _: level.translate(_WIDE) if len(level) == 1 else None,
    "h": lambda level, _: level.lower() if len(level) == 1 else None,
    "H级": lambda level, _: f"{level}级" if len(level) == 1 else None,
    "H类": lambda level, _: f"{level}类" if len(level) == 1 and level != "O" else None,
    "H with blanks": lambda level, _: f" {level}  " if len(level) == 1 else None,
    "H with no-break spaces": lambda level, _: f"\xa0{level}\xa0" if len(level) == 1 else None,
    "Cyrillic Н А В С": lambda level, _: level.translate(_CYRILLIC) if len(level) == 1 else None,
    "(H)": lambda level, _: f"({level})" if len(level) == 1 else None,
    "C→H": lambda level, rng: f"{rng.choice('HABC')}→{level}" if len(level) == 1 else None,
    "C-->H": lambda level, rng: f"{rng.choice('HABC')}-->{level}" if len(level) == 1 else None,
    "C升H": lambda level, _: f"C升{level}" if level in {"H", "A", "B"} else None,
    "□H ☑A □B": lambda level, _: (
        " ".join(f"{'☑' if level == each else '□'}{each}" for each in "HABC") if level in set("HABC") else None
    ),
}
NO_LEVELS: Mapping[str, Way] = {
    "H/A": lambda level, _: Told("H/A" if level != "H" else "H/B", None, asks=True),
    "X": lambda _level, _: Told("X", None, asks=True),
    "甲": lambda _level, _: Told("甲", None, asks=True),
    "H或A": lambda _level, _: Told("H或A", None, asks=True),
    "☑H ☑A": lambda _level, _: Told("☑H ☑A □B □C", None, asks=True),
    "4": lambda _level, _: Told(4.0, None, asks=True),
}
OUTCOMES: Mapping[str, tuple[str, ...]] = {
    "ordered": ("订单", "O", "已订", "下订", "订车"),
    "lost": ("战败", "F1", "已战败", "流失"),
}


def _tick(mark: Any, blank: Any = None) -> Way:
    return lambda value, _: Ink(mark if value else blank)


TICKS: Mapping[str, Way] = {
    **{
        mark: _tick(mark)
        for mark in (
            "√",
            "✓",
            "✔",
            "☑",
            "ˇ",
            "∨",
            "V",
            "v",
            "Y",
            "y",
            "有",
            "●",
            "■",
            "ü",
            "P",
            "R",
            "1",
            "√ ",
            "\xa0√",
        )
    },
    "1.0": _tick(1.0, 0.0),
    "TRUE": _tick(mark=True, blank=False),
    "是 / 否": _tick("是", "否"),
    "√ / ×": _tick("√", "×"),
    "Y / N": _tick("Y", "N"),
    "有 / 无": _tick("有", "无"),
    "√ / /": _tick("√", "/"),
    "✓ / ✗": _tick("✓", "✗"),
    "● / ○": _tick("●", "○"),
    "☑是 □否": lambda value, _: "☑是 □否" if value else "□是 ☑否",
}
NO_TICKS: Mapping[str, Way] = {
    "?": lambda _value, _: Told("?", value=False, asks=True),
    "待定吧": lambda _value, _: Told("待定吧", value=False, asks=True),
    "☑是 ☑否": lambda _value, _: Told("☑是 ☑否", value=False, asks=True),
}
MONEY: Mapping[str, Way] = {
    "15.8万": lambda yuan, _: f"{yuan / _WAN:g}万",
    "15.8万元": lambda yuan, _: f"{yuan / _WAN:g}万元",
    "约15.8万": lambda yuan, _: f"约{yuan / _WAN:g}万",
    "15.8w": lambda yuan, _: f"{yuan / _WAN:g}w",
    "￥158,000": lambda yuan, _: f"￥{yuan:,.0f}",
    "158,000.00": lambda yuan, _: f"{yuan:,.2f}",
    "158000元": lambda yuan, _: f"{yuan:.0f}元",
    "１５８０００": lambda yuan, _: f"{yuan:.0f}".translate(_WIDE),
    "15万左右": lambda yuan, _: f"{yuan / _WAN:g}万左右",
    "人民币158000元整": lambda yuan, _: f"人民币{yuan:.0f}元整",
    "15万8": lambda yuan, _: f"{yuan // _WAN:.0f}万{yuan % _WAN / 1000:.0f}" if yuan % _WAN else None,
    "十五万": lambda yuan, _: {150000.0: "十五万", 200000.0: "二十万"}.get(yuan),
}
NO_MONEY: Mapping[str, Way] = {
    "8折": lambda _yuan, _: Told("8折", None, asks=True),
    "15-16万": lambda _yuan, _: Told("15-16万", None, asks=True),
    "面议": lambda _yuan, _: Told("面议", None, asks=True),
}
COUNTS: Mapping[str, Way] = {
    "3人": lambda count, _: f"{count}人",
    "3个人": lambda count, _: f"{count}个人",
    "３": lambda count, _: str(count).translate(_WIDE),
    "三人": lambda count, _: f"{'一二三四五'[count - 1]}人",
    "两位": lambda count, _: "两位" if count == 2 else None,  # noqa: PLR2004
    "约3": lambda count, _: f"约{count}",
    "3.0": lambda count, _: float(count),
}
NO_COUNTS: Mapping[str, Way] = {
    "2-3人": lambda _count, _: Told("2-3人", None, asks=True),
    "一家": lambda _count, _: Told("一家", None, asks=True),
    "③": lambda count, _: Told("①②③④⑤"[count - 1], None, asks=True),
    "2.5": lambda _count, _: Told(2.5, None, asks=True),
}
NAMES: Mapping[str, Way] = {
    "王 强": lambda name, _: f"{name[0]} {name[1:]}",
    "zero-width spaces": lambda name, _: f"{name}\u200b",
    "no-break spaces": lambda name, _: f"\xa0{name}\xa0",
    "a byte-order mark": lambda name, _: f"\ufeff{name}",
    "a line break": lambda name, _: f"{name}\n",
}
PLATES: Mapping[str, Way] = {
    "川a·12345": lambda plate, _: f"{plate[0]}{plate[1].lower()}·{plate[2:]}",
    "川A 12345": lambda plate, _: f"{plate[:2]} {plate[2:]}",
    "full width": lambda plate, _: plate[0] + plate[1:].translate(_WIDE),
    "Cyrillic А": lambda plate, _: plate.translate(_CYRILLIC),
}
VINS: Mapping[str, Way] = {
    "in groups": lambda vin, _: f"{vin[:3]} {vin[3:9]} {vin[9:]}",
    "lower case": lambda vin, _: vin.lower(),
    "full width": lambda vin, _: vin.translate(_WIDE),
    "Cyrillic А": lambda vin, _: vin.translate(_CYRILLIC),
}
NO_VINS: Mapping[str, Way] = {
    "16 letters": lambda vin, _: Told(vin[:-1], vin[:-1], asks=True),
    "18 letters": lambda vin, _: Told(vin + "7", vin + "7", asks=True),
}
REFUSALS = ("未留", "不愿留", "拒绝", "没留", "随便看看")


def _no_phone(words: str) -> Any:
    def change(paper: Paper, rng: Random, pen: Pen) -> Paper | None:
        """Write words where the number would be, on one row in two."""
        if paper.form not in {"visitor_register", "daily_activity", "test_drive", "lost_review"}:
            return None

        def unheard(line: Line, part: str) -> Line:
            if "phone" not in line.cells or pen.is_(part, "phone") != "phone" or rng.random() < 0.5:  # noqa: PLR2004
                return line
            meant = {"phone": None, "captured": False, "refusal_reason": words}
            truths = tuple(
                replace(t, values=dict(t.values) | {k: v for k, v in meant.items() if k in t.values})
                for t in line.truths
            )
            return replace(line, cells=dict(line.cells) | {"phone": Ink(words)}, truths=truths)

        return paper.changed(lambda sketch: sketch.relined(unheard))

    return change


def _vocabulary(turn: int) -> Any:
    def change(paper: Paper, _rng: Random, pen: Pen) -> Paper | None:
        """Write every code in its next spelling."""

        def word(line: Line, part: str) -> Line:
            cells = dict(line.cells)
            for name, value in line.cells.items():
                known = (
                    pen.rules.vocabulary.get(pen.words(part, name))
                    if pen.is_(part, name) == "code" and isinstance(value, str)
                    else None
                )
                spellings = known.words.get(value, ()) if known else ()
                if spellings:
                    cells[name] = Ink(spellings[turn % len(spellings)])
                elif pen.is_(part, name) == "level_or_outcome" and value in OUTCOMES:
                    cells[name] = Ink(OUTCOMES[value][turn % len(OUTCOMES[value])])
            return replace(line, cells=cells)

        return paper.changed(lambda sketch: sketch.relined(word))

    return change


def messes() -> list[Mess]:
    """Return every mess of phones, levels, ticks, figures and words."""
    return [
        *respelt("phones", "phone", PHONES),
        *respelt("phones nobody can dial", "phone", NO_PHONES, one=True),
        *(Mess("words in the phone column", words, _no_phone(words)) for words in REFUSALS),
        *respelt("levels", "level level_or_outcome", LEVELS),
        *respelt("levels nobody can tell", "level level_or_outcome", NO_LEVELS, one=True),
        *respelt("ticks", "tick", TICKS),
        *respelt("ticks nobody can tell", "tick", NO_TICKS, one=True),
        *respelt("money", "money", MONEY),
        *respelt("money nobody can tell", "money", NO_MONEY, one=True),
        *respelt("counts", "count", COUNTS),
        *respelt("counts nobody can tell", "count", NO_COUNTS, one=True),
        *respelt("names", "name consultant", NAMES),
        *respelt("plates and VINs", "plate", PLATES),
        *respelt("plates and VINs", "vin", VINS),
        *respelt("VINs of a wrong length", "vin", NO_VINS, one=True),
        *(Mess("every word of the vocabulary", f"spelling {turn + 1}", _vocabulary(turn)) for turn in range(16)),
    ]
