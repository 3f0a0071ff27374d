"""Lets the fast reader take the letters of an old .xls whole, whatever code page they are written in.

calamine 0.9 reads two-byte code pages (Chinese Excel 5.0/95: 936) one byte a letter and loses what it read, and believes an Excel 97 workbook that
names another page than Unicode. So the record that names the page is changed in a copy: for the old ones to a page that keeps every byte, from
which the letters are then decoded here.
"""

from __future__ import annotations

import struct

from pipeline.reading.limits import RefusedError

_CODE_PAGE, _SHEET = 0x42, 0x85
_BIFF8 = 0x600
_UNICODE, _BYTE_FOR_BYTE = 1200, 1252
_CODECS = {932: "cp932", 936: "gb18030", 949: "cp949", 950: "cp950"}
# Page 1252 as the web reads it: bytes that it leaves open are kept as they are.
_BYTES = {(bytes([byte]).decode("cp1252", "ignore") or chr(byte)): byte for byte in range(256)}


def readable(content: bytes, stream: bytes) -> tuple[bytes, str]:
    """Return the workbook as the reader shall have it, and the codec of its letters, '' where they come out right."""
    at, page = _code_page(stream)
    codec = "" if _wide(stream) else _CODECS.get(page, "")
    wanted = _UNICODE if _wide(stream) and page else _BYTE_FOR_BYTE if codec else page
    if wanted == page:
        return content, ""
    # Streams lie in pieces inside the container, but records of six bytes rarely fall apart.
    for before in (0, 8, 24):
        named = stream[max(at - before, 0) : at + 6]
        if content.count(named) == 1:
            place = content.index(named) + len(named) - 2
            return content[:place] + struct.pack("<H", wanted) + content[place + 2 :], codec
    raise RefusedError("book.broken", f"旧表格的文字编码 {page} 读不了")


def letters(text: str, codec: str) -> str:
    """Return the text that the reader took byte for byte.

    >>> letters("ÈÕÆÚ", "gb18030")
    '日期'
    """
    if not codec or text.isascii() or any(letter not in _BYTES for letter in text):
        return text
    return bytes(_BYTES[letter] for letter in text).decode(codec, "replace")


def _wide(stream: bytes) -> bool:
    return int.from_bytes(stream[4:6], "little") >= _BIFF8


def _code_page(stream: bytes) -> tuple[int, int]:
    """Return where the record stands that names the code page, and the page; 0 if none does before the sheets."""
    offset = 0
    while offset <= len(stream) - 6:
        kind, size = struct.unpack_from("<HH", stream, offset)
        if kind == _CODE_PAGE:
            return offset, int.from_bytes(stream[offset + 4 : offset + 6], "little")
        if kind == _SHEET:
            break
        offset += 4 + size
    return 0, 0
