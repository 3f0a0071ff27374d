"""Reads names, consultants, 车架号 and plates."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

from pipeline.grid import Value
from pipeline.text import clean, narrow, nearest, squeeze
from pipeline.values.meant import NOTHING, Meant, Slip
from pipeline.values.plain import text_of

_PADDED = re.compile(r"(?<=[\u4e00-\u9fff])[ \u3000]+(?=[\u4e00-\u9fff])")
_PLATE = re.compile(
    r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼使领WJ][A-Z][A-Z0-9]{4,6}[警学挂港澳]?$"
)

_NUMBER = re.compile(r"\d(?:[\s-]*\d){6}", re.ASCII)  # seven digits are no name: somebody's phone stands there
_NOT_IN_A_VIN = re.compile("[^A-HJ-NPR-Z0-9]")  # a VIN has no I, O or Q, lest they be taken for 1 and 0
_ALIKE = 50  # one of two letters the same: 李鸣 may be 李明


@lru_cache(maxsize=8192)
def _name(text: str) -> str:
    return " ".join(_PADDED.sub("", clean(text)).split())


def read_name(value: Value) -> Meant:
    r"""Return a name as written, without the blanks that pad a short one; a stand-in such as 某先生 is a name.

    >>> read_name("王 强\u200b").value, read_name("X先生").value
    ('王强', 'X先生')
    """
    name = _name(text_of(value))
    if not name:
        return NOTHING
    return Meant(name, doubt=Slip("name.number")) if _NUMBER.search(narrow(name)) else Meant(name)


def read_consultant(value: Value, known: Mapping[str, str]) -> Meant | Slip:
    """Return a consultant's name; aliases are followed, and when names are listed an unknown one is asked about.

    `known` maps squeezed spelling → name; empty = every name is accepted.
    """
    name = _name(text_of(value))
    if not name:
        return NOTHING
    if not known:
        return Meant(name)
    if found := known.get(squeeze(name)):
        return Meant(found)
    like = nearest(squeeze(name), known, cutoff=_ALIKE)
    return Slip(
        "consultant.unknown", want=known[like] if like else "名单里的姓名:" + "、".join(dict.fromkeys(known.values()))
    )


def read_vin(value: Value) -> Meant | Slip:
    """Return a 车架号 in capitals without blanks; its length is a rule of the form.

    >>> read_vin("lsvaa 4182e2000001").value, read_vin("LSVAA4182E2OOOOO1").code
    ('LSVAA4182E2000001', 'vin.letter')
    """
    vin = re.sub(r"[\s\-]+", "", narrow(text_of(value))).upper()
    if not vin:
        return NOTHING
    odd = _NOT_IN_A_VIN.search(vin)
    return Slip("vin.letter", other=odd[0]) if odd else Meant(vin)


def read_plate(value: Value) -> Meant | Slip:
    """Return a plate in capitals without blanks or dots.

    >>> read_plate("川a·12345").value
    '川A12345'
    """
    plate = re.sub(r"[\s\-·.•・]+", "", narrow(text_of(value))).upper()
    if not plate:
        return NOTHING
    return Meant(plate) if _PLATE.match(plate) else Slip("plate.wrong")
