"""The zip around a workbook's parts: a part nobody touched is copied packed as it lies there, only the others are packed anew.

`zipfile` opens a stream, a lock and a pair of headers for each of the dozen small parts of a workbook; that was a third of a returned copy.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from struct import Struct, unpack_from

_LOCAL, _CENTRAL, _END = Struct("<4s5H3L2H"), Struct("<4s6H3L5H2L"), Struct("<4s4H2LH")  # APPNOTE 4.3.7, 4.3.12, 4.3.16
_LENGTHS = 26  # where a local header says how long its name is and what follows it
_ODD = 0x1 | 0x20 | 0x40  # locked, patched, strongly locked: zipfile says what is wrong with them
_UTF_8 = 0x800
_VERSION, _UNIX = 20, 3 << 8
_FIRST_DAY = (1980, 1, 1, 0, 0, 0)
_OURS = 0o600 << 16


@dataclass(frozen=True, slots=True)
class Member:
    """A part as it lies in the zip; `packed` is None where it cannot be copied as it is."""

    info: zipfile.ZipInfo
    data: bytes
    packed: bytes | None


def members(content: bytes) -> dict[str, Member]:
    """Return the parts of a zip by name; raises what zipfile raises where one is damaged."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        infos = {info.filename: info for info in archive.infolist()}
        return {name: _plain(content, info) or Member(info, archive.read(name), None) for name, info in infos.items()}


def _plain(content: bytes, info: zipfile.ZipInfo) -> Member | None:
    """Return a part that is what the directory says of it, None for zipfile to judge."""
    start = info.header_offset
    if info.flag_bits & _ODD or content[start : start + 4] != b"PK\x03\x04" or len(content) < start + _LOCAL.size:
        return None
    name, extra = unpack_from("<2H", content, start + _LENGTHS)
    start += _LOCAL.size
    spelt = content[start : start + name].decode("utf-8" if info.flag_bits & _UTF_8 else "cp437", "replace")
    packed = data = content[start + name + extra : start + name + extra + info.compress_size]
    if info.compress_type == zipfile.ZIP_DEFLATED:
        stream = zlib.decompressobj(-15)
        try:
            data = stream.decompress(packed, info.file_size + 1)
        except zlib.error:
            return None
        if not stream.eof or stream.unused_data:
            return None
    elif info.compress_type != zipfile.ZIP_STORED:
        return None
    whole = spelt == info.orig_filename and len(data) == info.file_size and zlib.crc32(data) == info.CRC
    return Member(info, data, packed) if whole else None


def zipped(parts: Mapping[str, bytes], before: Mapping[str, Member]) -> bytes:
    """Return the zip of the parts in their order; the same parts give the same bytes."""
    out, directory, at = [], [], 0
    for name, data in parts.items():
        old = before.get(name)
        if old is not None and old.data is data and old.packed is not None:
            packed, method, check = old.packed, old.info.compress_type, old.info.CRC
        else:
            method = (
                zipfile.ZIP_STORED if old and old.info.compress_type == zipfile.ZIP_STORED else zipfile.ZIP_DEFLATED
            )
            packed, check = (data if method == zipfile.ZIP_STORED else _deflated(data)), zlib.crc32(data)
        label = name.encode()
        flags = 0 if name.isascii() else _UTF_8
        year, month, day, hour, minute, second = old.info.date_time if old else _FIRST_DAY
        stamp = (hour << 11 | minute << 5 | second // 2, (year - 1980) << 9 | month << 5 | day)
        sizes = (check, len(packed), len(data), len(label))
        out += [_LOCAL.pack(b"PK\x03\x04", _VERSION, flags, method, *stamp, *sizes, 0), label, packed]
        rights = (old.info.external_attr if old else 0) or _OURS
        directory += [
            _CENTRAL.pack(b"PK\x01\x02", _UNIX | _VERSION, _VERSION, flags, method, *stamp, *sizes, 0, 0, 0, 0, rights, at),
            label,
        ]  # fmt: skip
        at += _LOCAL.size + len(label) + len(packed)
    listed = b"".join(directory)
    return b"".join((*out, listed, _END.pack(b"PK\x05\x06", 0, 0, len(parts), len(parts), len(listed), at, 0)))


def _deflated(data: bytes) -> bytes:
    stream = zlib.compressobj(wbits=-15)
    return stream.compress(data) + stream.flush()
