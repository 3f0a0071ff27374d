"""Makes workbooks of the tests byte by byte, so that also what no program would write can be handed in."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Mapping, Sequence
from datetime import datetime
from html import escape

RECEIVED = datetime(2026, 11, 5, 18, 0)
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_LINKS = "http://schemas.openxmlformats.org/package/2006/relationships"
_KINDS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def xlsx(
    *sheets: str,
    names: Sequence[str] = (),
    hidden: str = "",
    properties: str = "",
    extra: Mapping[str, bytes] | None = None,
) -> bytes:
    """Return an .xlsx whose sheets hold the given XML (the rows, and what follows them after a `|`)."""
    names = names or [f"表{number}" for number in range(1, len(sheets) + 1)]
    listed = "".join(
        f'<sheet name="{escape(name)}" sheetId="{number}" r:id="rId{number}"{" state=" + chr(34) + "hidden" + chr(34) if name == hidden else ""}/>'
        for number, name in enumerate(names, 1)
    )
    links = "".join(
        f'<Relationship Id="rId{number}" Type="{_KINDS}/worksheet" Target="worksheets/sheet{number}.xml"/>'
        for number in range(1, len(sheets) + 1)
    )
    parts = {
        "[Content_Types].xml": b"<Types/>",
        "_rels/.rels": f'<Relationships xmlns="{_LINKS}"><Relationship Id="r" Type="{_KINDS}/officeDocument" Target="xl/workbook.xml"/></Relationships>'.encode(),
        "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_KINDS}">{properties}<sheets>{listed}</sheets></workbook>'.encode(),
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_LINKS}">{links}</Relationships>'.encode(),
    }
    for number, sheet in enumerate(sheets, 1):
        rows, _, after = sheet.partition("|")
        parts[f"xl/worksheets/sheet{number}.xml"] = (
            f'<worksheet xmlns="{_MAIN}"><sheetData>{rows}</sheetData>{after}</worksheet>'.encode()
        )
    return zipped({**parts, **(extra or {})})


def cell(name: str, value: object = 1) -> str:
    """Return a row of one cell: a number, or a text written into the cell."""
    row = name.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    inside = f' t="inlineStr"><is><t>{value}</t></is>' if isinstance(value, str) else f"><v>{value}</v>"
    return f'<row r="{row}"><c r="{name}"{inside}</c></row>'


def ods(rows: str, *, manifest: str = "") -> bytes:
    """Return an .ods with one sheet of these rows."""
    names = {"office": "office", "table": "table", "text": "text"}
    spaces = " ".join(f'xmlns:{key}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for key, name in names.items())
    content = (
        f"<office:document-content {spaces}><office:body><office:spreadsheet>"
        f'<table:table table:name="表1">{rows}</table:table></office:spreadsheet></office:body></office:document-content>'
    )
    return zipped({
        "mimetype": b"application/vnd.oasis.opendocument.spreadsheet", "content.xml": content.encode(),
        "META-INF/manifest.xml": f"<manifest>{manifest}</manifest>".encode(),
    })  # fmt: skip


def zipped(parts: Mapping[str, bytes]) -> bytes:
    """Return a zip of the parts."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in parts.items():
            package.writestr(name, data)
    return written.getvalue()


def rewritten(content: bytes, *changes: tuple[str, str]) -> bytes:
    """Return the zip with texts replaced in all its parts, as another program would have written them."""
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    for old, new in changes:
        parts = {name: data.replace(old.encode(), new.encode()) for name, data in parts.items()}
    return zipped(parts)


def restated(content: bytes, name: str, size: int) -> bytes:
    """Return the zip with another unpacked size stated for a part in its directory."""
    at = content.rindex(b"PK\x01\x02", 0, content.rindex(name.encode()))
    return content[: at + 24] + struct.pack("<I", size) + content[at + 28 :]


def xls_stream(*cells: tuple[int, int, float], before: bytes = b"", after: bytes = b"") -> bytes:
    """Return the Workbook stream of an .xls with one sheet of numbers; `before` stands among the globals, `after` behind the cells."""
    name = "表1".encode("utf-16-le")
    start = record(0x809, struct.pack("<HHHHII", 0x600, 5, 0, 0, 0, 0)) + before
    listed = record(0x85, struct.pack("<IBBBB", len(start) + 4 + 8 + len(name) + 4, 0, 0, 2, 1) + name)
    numbers = b"".join(record(0x203, struct.pack("<HHHd", row, column, 0, number)) for row, column, number in cells)
    sheet = record(0x809, struct.pack("<HHHHII", 0x600, 0x10, 0, 0, 0, 0)) + numbers + after + record(0x0A)
    return start + listed + record(0x0A) + sheet


def biff5_stream(*records: bytes, name: str = "来店登记") -> bytes:
    """Return the Book stream of an Excel 5.0/95 workbook: one sheet of these records, its name in the code page of Chinese Windows."""
    spelled = name.encode("gbk")
    start = record(0x809, struct.pack("<HHHH", 0x500, 5, 0, 0)) + record(0x42, struct.pack("<H", 936))
    listed = record(0x85, struct.pack("<IBBB", len(start) + 4 + 7 + len(spelled) + 4, 0, 0, len(spelled)) + spelled)
    sheet = record(0x809, struct.pack("<HHHH", 0x500, 0x10, 0, 0)) + b"".join(records) + record(0x0A)
    return start + listed + record(0x0A) + sheet


def record(kind: int, data: bytes = b"") -> bytes:
    """Return a record of an .xls stream."""
    return struct.pack("<HH", kind, len(data)) + data


def in_container(stream: bytes, name: str = "Workbook") -> bytes:
    """Return the stream inside the old container (MS-CFB): one header, one sector of allocations, one of names, the stream."""
    stream = stream.ljust(4096, b"\0")  # shorter streams would live in the small-stream area
    count = -(-len(stream) // 512)
    end, free = 0xFFFFFFFE, 0xFFFFFFFF
    chain = [0xFFFFFFFD, end, *range(3, 2 + count), end]
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH6x", 0x3E, 3, 0xFFFE, 9, 6)
    header += (
        struct.pack("<IIIIIIIII", 0, 1, 1, 0, 4096, end, 0, end, 0)
        + struct.pack("<I", 0)
        + struct.pack("<I", free) * 108
    )
    table = b"".join(struct.pack("<I", place) for place in chain).ljust(512, b"\xff")
    names = _entry("Root Entry", 5, end, 0, child=1) + _entry(name, 2, 2, len(stream)) + _entry("", 0, 0, 0) * 2
    return header + table + names + stream.ljust(count * 512, b"\0")


def _entry(name: str, kind: int, start: int, size: int, child: int = 0xFFFFFFFF) -> bytes:
    """Return an entry of the container's directory."""
    spelled = (name + "\0").encode("utf-16-le") if name else b""
    links = struct.pack("<III", 0xFFFFFFFF, 0xFFFFFFFF, child)
    return (
        spelled.ljust(64, b"\0")
        + struct.pack("<HBB", len(spelled), kind, 1)
        + links
        + bytes(36)
        + struct.pack("<IQ", start, size)
    )
