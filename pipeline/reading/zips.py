"""Opens a zip package without trusting it: sizes, names and counts first, then each part no longer than it claims.

Embedded packages are never opened, so nesting needs no limit.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from pipeline.reading import limits
from pipeline.reading.limits import RefusedError

_LOCAL_HEADER = 30  # bytes before the name in a local file header (APPNOTE 4.3.7)
_END_RECORD = 22  # bytes of the end-of-central-directory record without its comment (APPNOTE 4.3.16)
_ENCRYPTED = 0x1
_ENTRY_BYTES = 512  # of the directory, a long name included
# A count or size that only a zip64 record tells; the walk is then bounded by the file's own size.
_COUNT_64, _SIZE_64 = 0xFFFF, 0xFFFFFFFF
_BROKEN_ZIP = (zipfile.BadZipFile, NotImplementedError, EOFError, ValueError, OSError, IndexError)


@dataclass(frozen=True)
class Package:
    """The bytes of a zip, and its parts by name (`/` between folders, as the zip spells it otherwise)."""

    content: bytes
    parts: Mapping[str, zipfile.ZipInfo]

    def read(self, name: str) -> bytes:
        """Return a part unpacked; refuse one that is damaged or is longer than the directory says."""
        info = self.parts[name]
        start = info.header_offset
        header = self.content[start : start + _LOCAL_HEADER]
        if len(header) < _LOCAL_HEADER or not header.startswith(b"PK\x03\x04"):
            raise RefusedError("book.broken", f"{name} 的位置不对")
        start += _LOCAL_HEADER + int.from_bytes(header[26:28], "little") + int.from_bytes(header[28:30], "little")
        packed = self.content[start : start + info.compress_size]
        if info.compress_type == zipfile.ZIP_STORED:
            return packed
        if info.compress_type != zipfile.ZIP_DEFLATED:
            raise RefusedError("book.hostile", f"{name} 用了不认识的压缩方式")
        try:
            data = zlib.decompressobj(-15).decompress(packed, info.file_size + 1)
        except zlib.error as error:
            raise RefusedError("book.broken", f"{name} 解不开") from error
        if len(data) > info.file_size:
            raise RefusedError("book.hostile", f"{name} 比目录里写的大")
        if len(data) < info.file_size:
            raise RefusedError("book.broken", f"{name} 不完整")
        return data

    def with_parts(self, changed: Mapping[str, bytes]) -> bytes:
        """Return the bytes of a package with parts replaced or added; pictures and other parts that no reader needs are left out."""
        written = io.BytesIO()
        kept = [part for part in self.parts if part.lower().endswith((".xml", ".rels", "mimetype"))]
        with zipfile.ZipFile(written, "w") as copy:
            for part in dict.fromkeys([*changed, *kept]):
                copy.writestr(part, changed[part] if part in changed else self.read(part))
        return written.getvalue()


def package(content: bytes) -> Package:
    """Return the package after its directory has been checked."""
    _check_directory_size(content)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
    except _BROKEN_ZIP as error:
        raise RefusedError("book.broken", "压缩包不完整") from error
    parts: dict[str, zipfile.ZipInfo] = {}
    known: set[str] = set()
    for info in entries:
        # Old .NET writers put backslashes between folders; the reader takes them, so do we.
        name = info.filename.replace("\\", "/")
        if name.endswith("/"):
            continue
        _check_name(name, known)
        parts[name] = info
    _check_sizes(parts)
    return Package(content, MappingProxyType(parts))


def _check_directory_size(content: bytes) -> None:
    """Refuse a directory of millions of parts before anything walks it."""
    end = content.rfind(b"PK\x05\x06")
    if end < 0 or len(content) - end < _END_RECORD:
        raise RefusedError("book.broken", "压缩包不完整")
    count = int.from_bytes(content[end + 10 : end + 12], "little")
    size = int.from_bytes(content[end + 12 : end + 16], "little")
    if limits.PARTS < count < _COUNT_64 or limits.PARTS * _ENTRY_BYTES < size < _SIZE_64:
        raise RefusedError("book.too-big", "压缩包里文件太多")


def _check_name(name: str, known: set[str]) -> None:
    """Refuse names that lead out of the package, and two parts of one name (OPC compares without case)."""
    if name.startswith("/") or ":" in name or ".." in name.split("/"):
        raise RefusedError("book.hostile", "压缩包里有指向外面的路径")
    if name.casefold() in known:
        raise RefusedError("book.hostile", f"压缩包里有两个 {name}")
    known.add(name.casefold())


def _check_sizes(parts: Mapping[str, zipfile.ZipInfo]) -> None:
    """Refuse too many parts, locked parts, bombs, and more than fits."""
    if len(parts) > limits.PARTS:
        raise RefusedError("book.too-big", "压缩包里文件太多")
    total = 0
    for name, info in parts.items():
        if info.flag_bits & _ENCRYPTED:
            raise RefusedError("book.password")
        total += info.file_size
        if info.file_size > limits.RATIO_FROM_BYTES and info.file_size > limits.RATIO * max(info.compress_size, 1):
            raise RefusedError("book.too-big", f"{name} 展开后 {limits.sized(info.file_size)}")
    if total > limits.UNPACKED_BYTES:
        raise RefusedError("book.too-big", limits.sized(total))
