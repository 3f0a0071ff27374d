"""What lies in a zip is read as zipfile reads it, and what nobody touched goes into the next one as it lay there."""

from __future__ import annotations

import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.returned.package import OddPackage, Package
from pipeline.returned.zipped import members, zipped

PARTS = st.dictionaries(st.text("ab/汉é.", min_size=1, max_size=6), st.binary(max_size=300), min_size=1, max_size=6)
WAYS = st.sampled_from([zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2])


def made(parts: dict[str, bytes], way: int = zipfile.ZIP_DEFLATED, level: int | None = None) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", way, compresslevel=level) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return out.getvalue()


@given(
    PARTS, WAYS, st.dictionaries(st.sampled_from(["a", "b.xml", "汉"]), st.binary(max_size=300)), st.binary(max_size=5)
)
def test_parts_untouched_changed_new_and_dropped_are_what_zipfile_reads_again(parts, way, changed, before):
    read = members(before + made(parts, way))
    held = {name: member.data for name, member in read.items()}
    held.pop(next(iter(held)))

    with zipfile.ZipFile(io.BytesIO(zipped(held | changed, read))) as archive:
        assert archive.testzip() is None
        assert held | changed == {name: archive.read(name) for name in archive.namelist()}


def test_what_nobody_touched_is_copied_as_it_was_packed():
    smallest = made({"a.xml": b"<a/>" * 500, "b.xml": b"<b/>" * 500}, level=9)
    quickest = made({"a.xml": b"<a/>" * 500, "b.xml": b"<b/>" * 500}, level=1)

    for content in (smallest, quickest):
        read = members(content)
        assert (read["a.xml"].packed or b"") in zipped({"a.xml": read["a.xml"].data, "b.xml": b"<c/>"}, read)


def test_the_dates_and_rights_of_parts_stay_and_a_new_part_has_none_of_today():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        info = zipfile.ZipInfo("a.xml", (2026, 3, 2, 9, 41, 58))
        info.external_attr = 0o644 << 16
        archive.writestr(info, b"<a/>")
    read = members(out.getvalue())

    with zipfile.ZipFile(io.BytesIO(zipped({"a.xml": b"<b/>", "b.xml": b""}, read))) as archive:
        assert [((2026, 3, 2, 9, 41, 58), 0o644 << 16), ((1980, 1, 1, 0, 0, 0), 0o600 << 16)] == [
            (each.date_time, each.external_attr) for each in archive.infolist()
        ]


@pytest.mark.parametrize("where", ["data", "name", "length"])
def test_a_damaged_part_is_an_odd_package_and_no_crash(where):
    content = bytearray(made({"a.xml": b"<a/>" * 50}, zipfile.ZIP_STORED))
    content[{"data": 40, "name": 31, "length": 26}[where]] ^= 1

    with pytest.raises(OddPackage):
        Package.read(bytes(content))


def test_a_part_that_does_not_inflate_is_an_odd_package():
    content = made({"a.xml": bytes(range(256)) * 4})
    packed = members(content)["a.xml"].packed or b""

    with pytest.raises(OddPackage):
        Package.read(content.replace(packed, b"\xff" * len(packed)))
