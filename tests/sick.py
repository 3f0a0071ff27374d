"""Children that misbehave as a workbook's first sheet is called: while they read it, or while they look at it."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from pipeline import lookers
from pipeline.examine import look_at

# Stands before the real reader in the child's path, and misbehaves as the first sheet's name asks.
_SICK_READER = """
import ctypes, io, os, sys, time
here = os.path.dirname(__file__)
sys.path.remove(here)
sick = sys.modules.pop(__name__)
import python_calamine as real
from python_calamine import *
sys.modules[__name__] = sick

class CalamineWorkbook:
    @staticmethod
    def from_filelike(given):
        book = real.CalamineWorkbook.from_filelike(given)
        match book.sheet_names[0]:
            case "hang": time.sleep(60)
            case "segfault": ctypes.string_at(0)
            case "abort": os.abort()
            case "vanish": os._exit(7)
            case "swallow": raise MemoryError
            case "starve":
                os.write(2, b"memory allocation of 549755813888 bytes failed")
                os.abort()
            case "panic": raise type("PanicException", (BaseException,), {})("range end")
            case "chatter": print("hello")
        return book
"""


def make_sick(patch: pytest.MonkeyPatch, folder: Path) -> None:
    """Let every child that is started read with the sick reader."""
    (folder / "python_calamine.py").write_text(_SICK_READER, encoding="utf-8")
    patch.syspath_prepend(str(folder))


def serve(megabytes: int) -> None:
    """Be a child that reads well, and hangs, dies or breaks when it looks at what it has read."""

    def look_sickly(books, rules):
        for book in books:
            match book.grids[0].sheet:
                case "dazed":
                    time.sleep(60)
                case "shot":
                    os.abort()
                case "gone":
                    os._exit(7)
                case "full":
                    raise MemoryError
                case "noisy":
                    print("hello")  # noqa: T201 - somebody left it there
            yield from look_at([book], rules)

    vars(lookers)["look_at"] = look_sickly
    lookers.serve(megabytes)
