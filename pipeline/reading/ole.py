"""Opens the old container of .xls files, and tells what else may be in one: locked workbooks, letters, slides.

The door to olefile and msoffcrypto, loaded only when such a file comes.
"""

from __future__ import annotations

import io

from pipeline.reading.chains import check_chains
from pipeline.reading.limits import RefusedError

SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# Excel opens files locked with this word without asking: it stands for "only protected against changes" (MS-XLS 2.2.10).
_NO_SECRET = "VelvetSweatshop"  # noqa: S105 - a published constant
_WORKBOOKS = ("Workbook", "Book", "WORKBOOK", "BOOK")
_OTHERS = {
    "WordDocument": "Word 文档",
    "PowerPoint Document": "演示文稿",
    "VisioDocument": "Visio 图",
    "__properties_version1.0": "Outlook 邮件",
}


def workbook_stream(content: bytes) -> bytes:
    """Return the stream that holds the workbook's records, or b"" where only the reader may find it.

    A locked workbook is refused, and what is no workbook is refused by name.
    """
    import olefile  # noqa: PLC0415 - 13 ms that a night of .xlsx never pays

    check_chains(content)
    try:
        with olefile.OleFileIO(io.BytesIO(content)) as container:
            names = {"/".join(path) for path in container.listdir()}
            name = next((known for known in _WORKBOOKS if known in names), "")
            stream = bytes(container.openstream(name).read()) if name else b""
    except Exception:  # noqa: BLE001 - the container is damaged; the reader is more patient, and has the last word
        return b""
    if "EncryptedPackage" in names:
        raise RefusedError("book.password")
    other = next((said for known, said in _OTHERS.items() if known in names), "")
    if other and not stream:
        raise RefusedError("book.not-a-workbook", other)
    return stream


def opened(content: bytes) -> bytes | None:
    """Return the workbook behind a lock that needs no password, or None when it needs one."""
    import msoffcrypto  # noqa: PLC0415 - needed for locked files only

    try:
        locked = msoffcrypto.OfficeFile(io.BytesIO(content))
        locked.load_key(password=_NO_SECRET, verify_password=True)
        plain = io.BytesIO()
        locked.decrypt(plain)
    except Exception:  # noqa: BLE001 - whatever the lock's fault, the book stays locked
        return None
    return plain.getvalue()
