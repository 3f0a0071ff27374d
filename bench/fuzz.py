"""`python -m bench.fuzz`: damages workbooks of every format and holds the reader to an answer for each.

    seed → a workbook as programs save it → one to four mutations, half of them inside a part of the package → the killable reader

Every input must come back as a book, or as a refusal whose reason has its Chinese sentence. `book.crashed` is a traceback of
ours, `book.stuck` a hang or eaten memory: both are shown, and end with exit 1.
"""

from __future__ import annotations

import argparse
import io
import random
import sys
import zipfile
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path

from bench.papers import papers
from pipeline.demo.sheet import Sheet
from pipeline.demo.writers import gbk_table, other_program
from pipeline.grid import Unreadable
from pipeline.workers import File, read_books

_FIXTURES = Path(__file__).parents[1] / "tests" / "fixtures"
_RECEIVED = datetime(2026, 11, 5, 18)
_SEED = 20261105
_BAD = ("book.crashed", "book.stuck")
_MOST = 4  # mutations of one input
_PIECE = 24  # bytes copied, cut out or repeated at once
_WORDS = (b"\x00", b"\xff\xff\xff\xff", b"\x7f\xff\xff\xff", b"A1048576", b"XFD1", b"1e999", b"NaN", b"&#0;", b"<!DOCTYPE x>", b"]]>", b"<c", b"</row>", b'r="', b"=cmd|' /C calc'!A0", b"\xed\xa0\x80", b"-1", b"PK\x03\x04")  # fmt: skip


def seeds() -> tuple[tuple[str, bytes], ...]:
    """Return whole workbooks by name: as Excel, another program, LibreOffice (xlsx, xls, ods) and a till program save them."""
    sheet = Sheet("登记")
    sheet.wide("来店(电)顾客登记表", 4)
    for row in (
        ("日期", "2026-11-05", "", ""),
        ("序号", "顾客名称", "电话", "进店时间"),
        (1, "王先生", "13800001111", "9:30"),
    ):
        sheet.add(*row)
    drawn = [(Path(drop.path).name, drop.content) for drop in papers(4)]
    saved = [("别的程序.xlsx", other_program([sheet])), ("表.csv", gbk_table([sheet]))]
    return (*drawn, *saved, *((path.name, path.read_bytes()) for path in sorted(_FIXTURES.iterdir()) if path.is_file()))


def damaged(count: int, seed: int = _SEED) -> Iterator[File]:
    """Yield that many damaged workbooks; the same seed gives the same bytes."""
    dice = random.Random(seed)  # noqa: S311 - a lottery, no secret
    whole = seeds()
    for number in range(count):
        name, content = whole[number % len(whole)]
        inside = content.startswith(b"PK") and dice.random() < 0.5  # noqa: PLR2004 - half and half
        yield f"{number}-{name}", _inside(dice, content) if inside else _mutated(dice, content), _RECEIVED


def tally(count: int, seed: int = _SEED) -> tuple[Mapping[str, int], tuple[Unreadable, ...]]:
    """Return verdict → how many, and those that no input may cause."""
    counts: Counter[str] = Counter()
    bad: list[Unreadable] = []
    for book in read_books(damaged(count, seed)):
        reason = book.reason if isinstance(book, Unreadable) else "read"
        counts[reason] += 1
        if isinstance(book, Unreadable) and reason in _BAD:
            bad.append(book)
    return counts, tuple(bad)


def _inside(dice: random.Random, content: bytes) -> bytes:
    """Return a package with one part damaged and everything else, its sums too, in order."""
    written = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as new:
        chosen = dice.choice(old.namelist())
        for name in old.namelist():
            part = old.read(name)
            new.writestr(
                zipfile.ZipInfo(name, (2026, 11, 5, 18, 0, 0)), _mutated(dice, part) if name == chosen else part
            )
    return written.getvalue()


def _mutated(dice: random.Random, content: bytes) -> bytes:
    data = bytearray(content)
    for _ in range(dice.randint(1, _MOST)):
        place = dice.randrange(len(data) + 1)
        piece = bytes(data[place : place + dice.randrange(1, _PIECE)])
        match dice.randrange(6):
            case 0 if place < len(data):
                data[place] ^= 1 << dice.randrange(8)
            case 1:
                del data[place : place + len(piece)]
            case 2:
                data[place:place] = piece * dice.randrange(1, 200)
            case 3:
                data[place:place] = dice.choice(_WORDS)
            case 4:
                word = dice.choice(_WORDS)
                data[place : place + len(word)] = word
            case _ if not dice.randrange(8):
                del data[place:]  # half copied
            case _:
                data[place:place] = dice.randbytes(dice.randrange(1, 9))
    return bytes(data)


def main() -> None:
    """Fuzz and print; exit 1 where the reader crashed or hung."""
    asks = argparse.ArgumentParser(prog="python -m bench.fuzz", description="damaged workbooks, each with a verdict")
    asks.add_argument("--inputs", type=int, default=100_000)
    asks.add_argument("--seed", type=int, default=_SEED)
    asked = asks.parse_args()
    counts, bad = tally(asked.inputs, asked.seed)
    for book in bad:
        print(f"{book.path}: {book.reason} {book.detail}\n{book.trace}", file=sys.stderr)
    verdicts = ", ".join(f"{reason} {number:,}" for reason, number in sorted(counts.items()))
    print(f"{asked.inputs:,} damaged workbooks: {len(bad)} crashed or hung ({verdicts})")
    sys.exit(bool(bad))


if __name__ == "__main__":
    main()
