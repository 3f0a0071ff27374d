"""Money, counts, names, plates and free text as people write them (domain 4, cases 22, 24, 27, 40, 41, 49, 52)."""

from __future__ import annotations

from collections.abc import Mapping

from bench.fidelity.mess import Mess, Told, Way, respelt
from bench.fidelity.people import ALIASES

_WIDE = str.maketrans("0123456789ABC", "０１２３４５６７８９ＡＢＣ")
_CYRILLIC = str.maketrans("HABC", "НАВС")
_WAN = 10_000

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
    "RMB158000": lambda yuan, _: f"RMB{yuan:.0f}",
    "158,000元": lambda yuan, _: f"{yuan:,.0f}元",
    "158，000": lambda yuan, _: f"{yuan:,.0f}".replace(",", "，"),
    "¥158000.00": lambda yuan, _: f"¥{yuan:.2f}",
    "15.8 万": lambda yuan, _: f"{yuan / _WAN:g} 万",
    "158千": lambda yuan, _: f"{yuan / 1000:g}千",
    "十五万": lambda yuan, _: {150000.0: "十五万", 200000.0: "二十万"}.get(yuan),
}
NO_MONEY: Mapping[str, Way] = {
    "8折": lambda _yuan, _: Told("8折", None, asks=True),
    "15-16万": lambda _yuan, _: Told("15-16万", None, asks=True),
    "15.8": lambda yuan, _: Told(yuan / _WAN, None, asks=True),
    "十几万": lambda _yuan, _: Told("十几万", None, asks=True),
    "158.000": lambda _yuan, _: Told("158.000", None, asks=True),
    "15万/16万": lambda _yuan, _: Told("15万/16万", None, asks=True),
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
    "full-width blank": lambda name, _: f"{name[0]}\u3000{name[1:]}",
}
TEXTS: Mapping[str, Way] = {
    "a line break in it": lambda text, _: Told(f"{text}\n第二行", f"{text}\n第二行"),
    "=text": lambda text, _: Told(f"={text}", f"={text}"),
    "digits": lambda _text, _: Told(301.0, "301"),
    "a face": lambda text, _: Told(f"{text}😊①", f"{text}😊①"),
    "blanks about it": lambda text, _: f"  {text}\xa0",
    "very long": lambda text, _: Told(text * 60, text * 60),
    "begins like a total": lambda text, _: Told(f"合计{text}", f"合计{text}"),
    "begins like a remark": lambda text, _: Told(f"注：{text}", f"注：{text}"),
    "begins like a sample": lambda text, _: Told(f"例{text}", f"例{text}"),
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
CALLED: Mapping[str, Way] = {
    "小李": lambda name, rng: rng.choice(ALIASES[name]),
    "李 明": lambda name, _: f"{name[0]} {name[1:]}",
    "李明\\xa0": lambda name, _: f"{name}\xa0",
    "李明:": lambda name, _: Told(f"{name}:", name, may=True),
    "李明(组长)": lambda name, _: Told(f"{name}(组长)", name, may=True),
}
UNKNOWN: Mapping[str, Way] = {
    "李鸣": lambda _name, _: Told("李鸣", None, asks=True),
    "李明/王芳": lambda _name, _: Told("李明/王芳", None, asks=True),
    "离职的老周": lambda _name, _: Told("老周", None, asks=True),
}
NUMBERED: Mapping[str, Way] = {
    "王强13800001111": lambda name, _: Told(f"{name}13800009999", name, may=True),
    "王强 138-0000-9999": lambda name, _: Told(f"{name} 138-0000-9999", name, may=True),
}
NO_VINS: Mapping[str, Way] = {
    "with O for 0": lambda vin, _: Told(vin.replace("0", "O").replace("4182", "418O"), None, asks=True),
    "in science's writing": lambda _vin, _: Told(1.23456789012346e16, None, asks=True),
    "16 letters": lambda vin, _: Told(vin[:-1], vin[:-1], asks=True),
    "18 letters": lambda vin, _: Told(vin + "7", vin + "7", asks=True),
}


def messes() -> list[Mess]:
    """Return every mess of figures, names and free text."""
    return [
        *respelt("money", "money", MONEY),
        *respelt("money nobody can tell", "money", NO_MONEY, one=True),
        *respelt("counts", "count", COUNTS),
        *respelt("counts nobody can tell", "count", NO_COUNTS, one=True),
        *respelt("names", "name consultant", NAMES),
        *respelt("a phone in the name", "name", NUMBERED, one=True),
        *respelt("what consultants are called", "consultant", CALLED),
        *respelt("consultants nobody knows", "consultant", UNKNOWN, one=True),
        *respelt("free text", "text", TEXTS),
        *respelt("plates and VINs", "plate", PLATES),
        *respelt("plates and VINs", "vin", VINS),
        *respelt("VINs nobody can tell", "vin", NO_VINS, one=True),
    ]
