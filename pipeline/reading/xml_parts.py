"""Reads the XML parts of a package within limits, and refuses what only an attack would write."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.reading import limits
from pipeline.reading.limits import RefusedError
from pipeline.reading.zips import Package

# Colours, author and editing time: no program here opens them.
_UNREAD = ("xl/theme/", "docProps/")
_UTF16 = (b"\xff\xfe", b"\xfe\xff", b"<\x00", b"\x00<")


def xml_parts(package: Package) -> Iterator[tuple[str, bytes]]:
    """Yield name and bytes of every XML part, each checked: no document type, no entities, no size beyond the limits."""
    total = 0
    for name, info in package.parts.items():
        if not name.lower().endswith((".xml", ".rels")) or name.startswith(_UNREAD):
            continue
        if info.file_size > limits.PART_BYTES:
            raise RefusedError("book.too-big", f"{name} 展开后 {limits.sized(info.file_size)}")
        total += info.file_size
        if total > limits.READ_BYTES:
            raise RefusedError("book.too-big", limits.sized(total))
        data = package.read(name)
        # No spreadsheet writes a document type; with it come entity bombs and reads of other files.
        # One letter is looked for first, since that is eight times as fast.
        if b"!" in data and (b"<!DOCTYPE" in data or b"<!ENTITY" in data):
            raise RefusedError("book.hostile", f"{name} 带有 DTD")
        # In UTF-16 the checks on bytes would see nothing, and the reader does not take it either.
        if data.startswith(_UTF16):
            raise RefusedError("book.hostile", f"{name} 的编码不是 UTF-8")
        yield name, data
