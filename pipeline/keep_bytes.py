"""Keeps the bytes of a night's workbooks from when they are read until they are filed: few of them in memory, many in a file without a name.

Arrival ─ content ─► put ─┬─► get ─► read
                          └─► get ─► filed: byte for byte what was read, whatever became of the inbox in between
"""

from __future__ import annotations

import tempfile
from types import TracebackType
from typing import Final, Self

from pipeline.errors import ArchiveError

_IN_MEMORY: Final = 16 * 2**20  # bytes: a store's evening stays in memory


class Laid:
    """Bytes laid aside. Use as a context manager; the file that many of them need is nobody else's, and gone however the night ends."""

    def __init__(self, in_memory: int = _IN_MEMORY) -> None:
        self._file = tempfile.SpooledTemporaryFile(in_memory)  # noqa: SIM115 - closed with the night
        self._places: list[tuple[int, int]] = []
        self._end = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()

    def put(self, content: bytes) -> int:
        """Lay bytes aside and return their number. Raises ArchiveError if there is no room for them."""
        try:
            self._file.seek(self._end)
            self._file.write(content)
        except OSError as error:
            raise ArchiveError(
                f"临时文件夹 {tempfile.gettempdir()} 放不下今晚的表:{error.strerror or error}",
                "腾出磁盘空间,或用环境变量 TMPDIR 指到别的文件夹,再运行一次",
            ) from error
        self._places.append((self._end, len(content)))
        self._end += len(content)
        return len(self._places) - 1

    def get(self, number: int) -> bytes:
        """Return the bytes of a number."""
        start, size = self._places[number]
        self._file.seek(start)
        return self._file.read(size)
