"""Lets LibreOffice open workbooks and save them again, many at once."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

_PATIENCE = 300  # seconds for one pile


def is_here() -> bool:
    """Say whether LibreOffice is installed."""
    return shutil.which("soffice") is not None


def resaved(contents: Sequence[bytes], ending: str) -> list[bytes]:
    """Return the workbooks as LibreOffice saves them under an ending: xlsx, xls, ods."""
    with tempfile.TemporaryDirectory(prefix="daybook-office-") as name:
        work = Path(name)
        (work / "in").mkdir()
        for number, content in enumerate(contents):
            (work / "in" / f"{number}.xlsx").write_bytes(content)
        files = [str(work / "in" / f"{number}.xlsx") for number in range(len(contents))]
        profile = f"-env:UserInstallation=file://{work}/profile"
        command = ["soffice", "--headless", profile, "--convert-to", ending, "--outdir", str(work / "out"), *files]
        subprocess.run(command, check=True, capture_output=True, timeout=_PATIENCE)
        return [(work / "out" / f"{number}.{ending}").read_bytes() for number in range(len(contents))]
