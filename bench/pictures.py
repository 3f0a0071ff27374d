"""Makes the pictures README and the handbook show: the demo's workbooks through LibreOffice, the pages cut to what is on them.

workbook ─soffice→ pdf ─pdftotext→ the page whose footer names the sheet ─pdftoppm→ its edges, then the picture

make pictures                       a demo of its own (a minute or two), the pictures into docs/pictures
python -m bench.pictures HOME       the newest day of a home that is there already
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Final

# Workbook, sheet, and how many pixels of it are shown: of a long list the beginning.
SHOWN: Final = (
    ("经营汇总", "概览", 700),
    ("来店规律", "一览", 700),
    ("来店规律", "按时段", 290),
    ("逾期跟进", "逾期", 300),
    ("三表一卡核对", "矩阵", 400),
)
FOLDER: Final = Path(__file__).parent.parent / "docs" / "pictures"
_TOOLS: Final = {"soffice": "LibreOffice", "pdftotext": "poppler-utils", "pdftoppm": "poppler-utils"}
_DOTS: Final = 92  # an inch
_AIR: Final = 10  # pixels of white left around
_FRAME: Final = 0.07  # of the page's height: the printed header and footer
_WHITE: Final = 250


class MissingError(Exception):
    """A program the pictures are made with is not installed."""


def pictures(outbox: Path, folder: Path) -> list[Path]:
    """Draw the sheets of SHOWN from a day's folder of workbooks and return the pictures."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as place:
        pages = {book: _pdf(outbox / f"{book}.xlsx", Path(place)) for book in dict.fromkeys(each[0] for each in SHOWN)}
        return [picture(pages[book], sheet, folder / f"{book}-{sheet}.png", high) for book, sheet, high in SHOWN]


def look_for_tools() -> None:
    """Raise MissingError, naming what to install, unless all programs are there."""
    missing = sorted({package for tool, package in _TOOLS.items() if shutil.which(tool) is None})
    if missing:
        raise MissingError(
            f"没有安装 {'、'.join(missing)},画不了图 / install {' and '.join(missing)} to make the pictures"
        )


def picture(pdf: Path, sheet: str, target: Path, highest: int) -> Path:
    """Draw the first page of a sheet, cut to what is on it and to so many pixels, without the printed header and footer."""
    number = str(page_of(_told("pdftotext", "-layout", str(pdf), "-").decode(), sheet))
    draw = ("pdftoppm", "-r", str(_DOTS), "-f", number, "-l", number)
    left, top, wide, high = edges(_told(*draw, "-gray", str(pdf)))
    cut = ("-x", str(left), "-y", str(top), "-W", str(wide), "-H", str(min(high, highest)))
    target.write_bytes(_told(*draw, *cut, "-png", str(pdf)))
    return target


def page_of(text: str, sheet: str) -> int:
    r"""Return the number of the first page whose footer names the sheet.

    >>> page_of("…\n夜账 · 概览   第 1 页\f…\n夜账 · 按日   第 2 页\f", "按日")
    2
    """
    footer = f"夜账·{sheet}第"
    return next(number for number, page in enumerate(text.split("\f"), 1) if footer in "".join(page.split()))


def edges(grey: bytes) -> tuple[int, int, int, int]:
    r"""Return left, top, width and height of what is not white in a grey PGM picture, between header and footer.

    >>> edges(b"P5\n40 40\n255\n" + b"\xff" * (40 * 20 + 20) + b"\x00" + b"\xff" * (40 * 40 - 40 * 20 - 21))
    (10, 10, 21, 21)
    """
    _, size, _, dots = grey.split(b"\n", 3)
    wide, high = map(int, size.split())
    frame = round(high * _FRAME)
    lines = {y: dots[y * wide : (y + 1) * wide] for y in range(frame, high - frame)}
    inked = [y for y, line in lines.items() if min(line) < _WHITE]
    columns = [x for x in range(wide) if any(lines[y][x] < _WHITE for y in inked)]
    left, top = max(columns[0] - _AIR, 0), max(inked[0] - _AIR, 0)
    return left, top, min(columns[-1] + _AIR + 1, wide) - left, min(inked[-1] + _AIR + 1, high) - top


def _pdf(workbook: Path, place: Path) -> Path:
    profile = f"-env:UserInstallation={(place / 'profile').as_uri()}"  # nobody's own LibreOffice is touched
    _told("soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", str(place), str(workbook))
    return place / f"{workbook.stem}.pdf"


def _told(*command: str) -> bytes:
    return subprocess.run(command, check=True, capture_output=True).stdout


def _newest(home: Path) -> Path:
    return max(path for path in (home / "outbox").iterdir() if path.is_dir())


def main(arguments: Sequence[str]) -> int:
    """Make the pictures of the home named, else of a demo made for them; 2 = something is not installed."""
    with tempfile.TemporaryDirectory() as place:
        home = Path(arguments[0]) if arguments else Path(place) / "demo"
        try:
            look_for_tools()
            if not arguments:
                subprocess.run([Path(sys.executable).with_name("daybook"), "demo", str(home)], check=True)
            made = pictures(_newest(home), FOLDER)
        except MissingError as missing_tool:
            print(missing_tool, file=sys.stderr)
            return 2
    for path in made:
        print(f"{path.relative_to(FOLDER.parent.parent)}  {path.stat().st_size // 1024} kB")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
