"""The floor of all reading: python-calamine over every cell of every sheet, nothing asked of them. `python -m bench.bare FOLDER TIMES`.

A workbook costs it less than a clock can tell, so it reads them all many times over.
"""

from __future__ import annotations

import io
import sys
from pathlib import Path

from python_calamine import CalamineWorkbook


def cells(folder: Path) -> int:
    """Return how many cells the workbooks below a folder hold, having made a Python value of each."""
    count = 0
    for path in sorted(folder.rglob("*.xlsx")):
        with CalamineWorkbook.from_filelike(io.BytesIO(path.read_bytes())) as book:
            for name in book.sheet_names:
                count += sum(map(len, book.get_sheet_by_name(name).to_python(skip_empty_area=False)))
    return count


if __name__ == "__main__":
    for _ in range(int(sys.argv[2])):
        print(cells(Path(sys.argv[1])))
