"""A workbook as its parts: only what is touched is written anew, every other part keeps its bytes.

Raises OddPackage where the parts do not hang together as a workbook's should; the caller then writes a fresh copy of the values.
"""

from __future__ import annotations

import posixpath
import re
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from lxml import etree

from pipeline.returned.zipped import Member, members, zipped

_RELS = "http://schemas.openxmlformats.org/package/2006/relationships"
_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PARSER = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False, remove_blank_text=False)


class OddPackage(Exception):  # noqa: N818 - not an error of anybody's: a reason to take the other way
    """The package cannot be edited safely."""


@dataclass
class Package:
    """The parts of one workbook, by name."""

    parts: dict[str, bytes]
    members: dict[str, Member]
    trees: dict[str, tuple[bytes, etree._Element]] = field(default_factory=dict)  # as parsed from these bytes
    related: dict[str, tuple[bytes, dict[str, tuple[str, str]]]] = field(
        default_factory=dict
    )  # as read from these bytes

    @classmethod
    def read(cls, content: bytes) -> Package:
        """Open a workbook's bytes."""
        try:
            found = members(content)
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, NotImplementedError) as error:
            raise OddPackage(str(error)) from error
        return cls({name: member.data for name, member in found.items()}, found)

    def write(self) -> bytes:
        """Return the workbook's bytes; the same parts give the same bytes."""
        return zipped(self.parts, self.members)

    def tree(self, name: str) -> etree._Element:
        """Return a part parsed, once as long as its bytes stand; who changes the tree puts it back."""
        data = self.parts.get(name)
        if data is None:
            raise OddPackage(name)
        known = self.trees.get(name)
        if known is None or known[0] is not data:
            known = self.trees[name] = (data, parsed(name, data))
        return known[1]

    def put(self, name: str, root: etree._Element) -> None:
        """Write a part from its tree."""
        data = self.parts[name] = spelt(root)
        self.trees[name] = (data, root)

    def drop(self, name: str) -> None:
        """Take a part and its content type away."""
        self.parts.pop(name, None)
        self.parts.pop(rels_of(name), None)
        types = self.tree("[Content_Types].xml")
        gone = [node for node in types if node.get("PartName") == f"/{name}"]
        for node in gone:
            types.remove(node)
        if gone:
            self.put("[Content_Types].xml", types)

    def type_of(self, name: str, content_type: str) -> None:
        """State a new part's content type."""
        types = self.tree("[Content_Types].xml")
        if not any(node.get("PartName") == f"/{name}" for node in types):
            etree.SubElement(types, f"{{{_TYPES}}}Override", PartName=f"/{name}", ContentType=content_type)
            self.put("[Content_Types].xml", types)

    def default_type(self, extension: str, content_type: str) -> None:
        """State the content type of an ending."""
        types = self.tree("[Content_Types].xml")
        if not any((node.get("Extension") or "").casefold() == extension for node in types):
            types.insert(0, etree.Element(f"{{{_TYPES}}}Default", Extension=extension, ContentType=content_type))
            self.put("[Content_Types].xml", types)

    def targets(self, source: str) -> Mapping[str, tuple[str, str]]:
        """Return a part's relations: id → (kind's last word, target part)."""
        data = self.parts.get(rels_of(source))
        if data is None:
            return {}
        known = self.related.get(source)
        if known is None or known[0] is not data:
            folder = posixpath.dirname(source)
            found = {
                node.get("Id", ""): (node.get("Type", "").rpartition("/")[2], _resolved(folder, node.get("Target", "")))
                for node in self.tree(rels_of(source))
                if node.get("TargetMode") != "External"
            }
            known = self.related[source] = (data, found)
        return known[1]

    def relate(self, source: str, kind: str, target: str) -> str:
        """Add a relation and return its id."""
        name = rels_of(source)
        root = self.tree(name) if name in self.parts else etree.fromstring(f'<Relationships xmlns="{_RELS}"/>')
        taken = {node.get("Id") for node in root}
        new = next(f"rIdDaybook{i}" for i in range(1, len(taken) + 2) if f"rIdDaybook{i}" not in taken)
        etree.SubElement(root, f"{{{_RELS}}}Relationship", Id=new, Type=f"{_OFFICE}/{kind}", Target=f"/{target}")
        self.put(name, root)
        return new

    def unrelate(self, source: str, target: str) -> str:
        """Take a relation away and return its id, '' if there was none."""
        name, folder = rels_of(source), posixpath.dirname(source)
        if name not in self.parts:
            return ""
        root = self.tree(name)
        for node in root:
            if _resolved(folder, node.get("Target", "")) == target:
                root.remove(node)
                if len(root):
                    self.put(name, root)
                else:
                    del self.parts[name]
                return node.get("Id", "")
        return ""

    @property
    def workbook(self) -> str:
        """The workbook part's name."""
        found = next((target for kind, target in self.targets("").values() if kind == "officeDocument"), "")
        if found not in self.parts:
            raise OddPackage("no workbook part")
        return found


def parsed(name: str, data: bytes) -> etree._Element:
    """Return the tree of a part's bytes."""
    try:
        return etree.fromstring(data, _PARSER)
    except etree.XMLSyntaxError as error:
        raise OddPackage(f"{name}: {error}") from error


def spelt(root: etree._Element) -> bytes:
    """Return the bytes of a part's tree."""
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


@lru_cache(maxsize=256)
def rels_of(part: str) -> str:
    """Return the name of a part's relations part."""
    folder, name = posixpath.split(part)
    return posixpath.join(folder, "_rels", f"{name}.rels")


@lru_cache(maxsize=256)
def _resolved(folder: str, target: str) -> str:
    return target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))


@dataclass
class SheetXml:
    """A sheet part cut in three, so that its rows are never parsed: head, rows, and the small tail that holds marks."""

    head: bytes
    rows: bytes
    root: etree._Element  # the root with an empty sheetData in place of everything before the tail

    @classmethod
    def cut(cls, data: bytes) -> SheetXml:
        """Cut a sheet part."""
        opened = re.search(rb"<(\w+:)?sheetData\b[^>]*?(/?)>", data)
        start = re.search(rb"<(\w+:)?worksheet\b[^>]*>", data)
        if not opened or not start:
            raise OddPackage("no sheetData")
        end = opened.end()
        if not opened[2]:
            closing = b"</" + (opened[1] or b"") + b"sheetData>"
            end = data.find(closing, opened.end()) + len(closing)
            if end < len(closing):
                raise OddPackage("sheetData does not end")
        try:
            root = etree.fromstring(start[0] + b"<" + (opened[1] or b"") + b"sheetData/>" + data[end:], _PARSER)
        except etree.XMLSyntaxError as error:
            raise OddPackage(str(error)) from error
        return cls(data[: opened.start()], data[opened.start() : end], root)

    def whole(self) -> bytes:
        """Return the sheet part put together again."""
        text = etree.tostring(self.root, encoding="UTF-8")
        mark = re.search(rb"<(\w+:)?sheetData\s*/>", text)
        assert mark is not None
        return self.head + self.rows + text[mark.end() :]

    @property
    def space(self) -> str:
        """The namespace of the sheet's elements, strict or transitional."""
        return str(etree.QName(self.root).namespace)
