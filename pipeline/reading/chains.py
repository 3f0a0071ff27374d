"""Follows the sectors of the old container (MS-CFB) before any reader does: a chain that comes back to itself never ends.

header ─ DIFAT ─ FAT    which sector follows which, -2 = the last
                   └─ mini FAT, the same for small streams
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from typing import Final

from pipeline.reading.limits import RefusedError

_HEADER: Final = 512
_SHIFTS: Final = (9, 12)  # a sector has 512 or 4096 bytes
_LAST: Final = 0xFFFFFFFA  # from here on a number is no sector but a sign
_IN_HEADER: Final = 109  # sectors of the FAT that the header names itself
_SHIFT_AT, _MINI_AT, _DIFAT_AT, _NAMES_AT = 30, 60, 68, 76


def check_chains(content: bytes) -> None:
    """Refuse a container in which a chain of sectors goes round in a circle; whatever else is wrong with it the reader finds."""
    if len(content) < _HEADER:
        return
    (shift,) = struct.unpack_from("<H", content, _SHIFT_AT)
    if shift not in _SHIFTS:
        return
    sectors = _Sectors(content, 1 << shift)
    table = [place for sector in sectors.named() for place in sectors.numbers(sector)]
    _refuse_circle(table)
    small: list[int] = []
    sector = struct.unpack_from("<I", content, _MINI_AT)[0]
    while sector < len(table):  # no circle is left in it
        small += sectors.numbers(sector)
        sector = table[sector]
    _refuse_circle(small)


class _Sectors:
    """The container cut into its sectors."""

    def __init__(self, content: bytes, size: int) -> None:
        self.content, self.size = content, size

    def numbers(self, sector: int) -> Sequence[int]:
        """Return a sector as numbers, as far as the file holds it."""
        start = (sector + 1) * self.size
        piece = self.content[start : start + self.size]
        return struct.unpack_from(f"<{len(piece) // 4}I", piece)

    def named(self) -> Iterator[int]:
        """Yield the sectors of the FAT: those the header names, then those of the chain that goes on from it."""
        yield from self._sectors(struct.unpack_from(f"<{_IN_HEADER}I", self.content, _NAMES_AT))
        seen: set[int] = set()
        (sector,) = struct.unpack_from("<I", self.content, _DIFAT_AT)
        while sector < _LAST:
            if sector in seen:
                raise RefusedError("book.broken", _CIRCLE)
            seen.add(sector)
            numbers = self.numbers(sector)
            yield from self._sectors(numbers[:-1])
            sector = numbers[-1] if numbers else _LAST

    def _sectors(self, numbers: Sequence[int]) -> Iterator[int]:
        return (number for number in numbers if (number + 1) * self.size < len(self.content))


_CIRCLE: Final = "文件内部的目录绕成了圈"


def _refuse_circle(follows: Sequence[int]) -> None:
    done = bytearray(len(follows))  # 1 = on the way that is being followed, 2 = known to end
    for start in range(len(follows)):
        way = []
        sector = start
        while sector < len(follows) and not done[sector]:
            done[sector] = 1
            way.append(sector)
            sector = follows[sector]
        if sector < len(follows) and done[sector] == 1:
            raise RefusedError("book.broken", _CIRCLE)
        for each in way:
            done[each] = 2
