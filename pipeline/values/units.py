"""Reads the number of a flat, office or shop (房号) in the one writing a property office's ledgers prescribe: 19#-0201 (domain 1.6).

19号楼0201室  19栋-0201  19＃0201  19-0201   →  19#-0201
3号楼2单元501                               →  3#-2-501
商铺A12, 地下一层                            kept as written
"""

from __future__ import annotations

import re
from datetime import date

from pipeline.grid import Value
from pipeline.values.meant import NOTHING, Meant, Slip
from pipeline.values.plain import half_width, text_of

_UNIT = re.compile(
    r"(?P<house>\d{1,3}|[A-Z]\d?)(?:(?:号楼|号|楼|栋|幢|座|#楼|#)-?|-)"
    r"(?:(?P<stair>\d{1,2})(?:单元-?|[#-]))?(?P<room>[A-Z]?\d{2,5}[A-Z]?)(?:室|房|号)?$"
)
_ROOM = re.compile(r"(\d{3,5}[A-Z]?)(?:室|房|号)$")
_BLANKS = re.compile(r"\s+")


def read_unit(value: Value) -> Meant | Slip:
    """Return a 房号 as building#-room, or as written where it is no such number; a day is a Slip, for Excel makes one of `3-12`.

    >>> read_unit("19号楼 0201室").value, read_unit("A座1203").value, read_unit("商铺 A12").value
    ('19#-0201', 'A#-1203', '商铺A12')
    """
    if isinstance(value, date):
        return Slip("unit.date")
    text = _BLANKS.sub("", half_width(text_of(value))).upper()
    if not text:
        return NOTHING
    if found := _UNIT.match(text):
        return Meant("-".join(filter(None, (f"{found['house']}#", found["stair"], found["room"]))))
    alone = _ROOM.match(text)
    return Meant(alone[1] if alone else text)
