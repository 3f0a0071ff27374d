"""Phones, and what is written in their place (domain 4, cases 16–21)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from random import Random
from typing import Any

from bench.fidelity.mess import Mess, Told, Way, respelt
from bench.fidelity.sketch import Ink, Line, Paper
from bench.fidelity.spell import Pen

_WIDE = str.maketrans("0123456789", "０１２３４５６７８９")

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
    "cut by a line break": lambda phone, _: f"{phone[:7]}\n{phone[7:]}",
    "138…(微信同号)": lambda phone, _: f"{phone}(微信同号)",
    "(138)0000-1111": lambda phone, _: f"({phone[:3]}){phone[3:7]}-{phone[7:]}",
    "138—0000—1111": lambda phone, _: f"{phone[:3]}—{phone[3:7]}—{phone[7:]}",
    "138 / 0000 / 1111": lambda phone, _: Told(f"{phone[:3]} / {phone[3:7]} / {phone[7:]}", phone, may=True),
    "138·0000·1111": lambda phone, _: f"{phone[:3]}·{phone[3:7]}·{phone[7:]}",
    "138_0000_1111": lambda phone, _: Told(f"{phone[:3]}_{phone[3:7]}_{phone[7:]}", phone, may=True),
    "138…,微信abc123": lambda phone, _: f"{phone},微信abc123",
    "0138…": lambda phone, _: f"0{phone}",
    "TEL:138…": lambda phone, _: f"TEL:{phone}",
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
    "QQ 8 digits": lambda _phone, rng: Told(f"QQ {rng.randrange(10**7, 10**8)}", None, asks=True),
    "138…2, a digit too many behind a blank": lambda phone, _: Told(f"{phone} 2", phone, may=True),
    "l800…": lambda _phone, rng: Told(f"l800{rng.randrange(10**7):07d}", None, asks=True),
    "23800001111": lambda phone, _: Told(f"2{phone[1:]}", None, asks=True),
}
REFUSALS = ("未留", "不愿留", "拒绝", "没留", "随便看看")


def _no_phone(words: str) -> Any:
    def change(paper: Paper, rng: Random, pen: Pen) -> Paper | None:
        """Write words where the number would be, on one row in two."""
        if paper.form not in {"visitor_register", "daily_activity", "test_drive", "lost_review"}:
            return None

        def unheard(line: Line, part: str) -> Line:
            if not isinstance(line.cells.get("phone"), str) or pen.is_(part, "phone") != "phone" or rng.random() < 0.5:  # noqa: PLR2004
                return line
            meant = {"phone": None, "captured": False, "refusal_reason": words}
            truths = tuple(
                replace(t, values=dict(t.values) | {k: v for k, v in meant.items() if k in t.values})
                for t in line.truths
            )
            return replace(line, cells=dict(line.cells) | {"phone": Ink(words)}, truths=truths)

        return paper.changed(lambda sketch: sketch.relined(unheard))

    return change


def messes() -> list[Mess]:
    """Return every mess of phones."""
    return [
        *respelt("phones", "phone", PHONES),
        *respelt("phones nobody can dial", "phone", NO_PHONES, one=True),
        *(Mess("words in the phone column", words, _no_phone(words)) for words in REFUSALS),
    ]
