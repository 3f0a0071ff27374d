"""Adds the few styles the layer needs to `styles.xml`, each once; the filler's own styles are never touched."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from lxml import etree

from pipeline.returned.package import OddPackage, Package, parsed, spelt

_ORDER = (
    "numFmts",
    "fonts",
    "fills",
    "borders",
    "cellStyleXfs",
    "cellXfs",
    "cellStyles",
    "dxfs",
    "tableStyles",
    "colors",
    "extLst",
)
_ERROR = '<dxf xmlns="{ns}"><font><b/><color rgb="FF9C0006"/></font><fill><patternFill patternType="solid"><fgColor rgb="FFFFC7CE"/><bgColor rgb="FFFFC7CE"/></patternFill></fill></dxf>'
_WARNING = '<dxf xmlns="{ns}"><font><color rgb="FF7F6000"/></font><fill><patternFill patternType="solid"><fgColor rgb="FFFFEB9C"/><bgColor rgb="FFFFEB9C"/></patternFill></fill></dxf>'
_BOLD = '<font xmlns="{ns}"><b/><sz val="11"/><name val="微软雅黑"/></font>'
_PLAIN = '<font xmlns="{ns}"><sz val="11"/><name val="微软雅黑"/></font>'
_LINK = '<font xmlns="{ns}"><u/><sz val="11"/><color rgb="FF0563C1"/><name val="微软雅黑"/></font>'
_FILL = '<fill xmlns="{ns}"><patternFill patternType="solid"><fgColor rgb="FFDDEBF7"/><bgColor indexed="64"/></patternFill></fill>'
_XF = '<xf xmlns="{{ns}}" numFmtId="0" fontId="{font}" fillId="{fill}" borderId="0" xfId="0" applyFont="1" applyFill="1" applyAlignment="1"><alignment vertical="top" wrapText="1"/></xf>'


@dataclass(frozen=True)
class Styles:
    """Indices of the layer's styles: dxf for errors and warnings, xf for plain, header and link cells."""

    error: int
    warning: int
    plain: int
    header: int
    link: int


def add_styles(package: Package, part: str) -> Styles:
    """Return the layer's style indices, adding what is missing."""
    if part not in package.parts:
        raise OddPackage(part)
    package.parts[part], styles = _added(part, package.parts[part])
    return styles


@lru_cache(maxsize=16)  # copies of one blank have the same styles
def _added(part: str, data: bytes) -> tuple[bytes, Styles]:
    """Return a part with the layer's styles, and their indices."""
    root = parsed(part, data)
    space = str(etree.QName(root).namespace)
    fonts = [_ensure(root, space, "fonts", text) for text in (_PLAIN, _BOLD, _LINK)]
    fill = _ensure(root, space, "fills", _FILL)
    plain, header, link = (
        _ensure(root, space, "cellXfs", _XF.format(font=font, fill=paint))
        for font, paint in zip(fonts, (0, fill, 0), strict=True)
    )
    styles = Styles(_ensure(root, space, "dxfs", _ERROR), _ensure(root, space, "dxfs", _WARNING), plain, header, link)
    return spelt(root), styles


def _ensure(root: etree._Element, space: str, holder: str, text: str) -> int:
    """Return the index of an element in its holder, appending it if no equal one is there."""
    place = root.find(f"{{{space}}}{holder}")
    if place is None:
        if holder != "dxfs":
            raise OddPackage(f"styles without {holder}")
        place = etree.Element(f"{{{space}}}{holder}")
        rank = _ORDER.index(holder)
        before = [node for node in root if _rank(node) <= rank]
        root.insert(root.index(before[-1]) + 1 if before else 0, place)
    wanted = etree.fromstring(text.format(ns=space))
    for index, node in enumerate(place):
        if _same(node, wanted):
            return index
    place.append(wanted)
    place.set("count", str(len(place)))
    return len(place) - 1


def _rank(node: etree._Element) -> int:
    name = _localname(node)
    return _ORDER.index(name) if name in _ORDER else len(_ORDER)


def _same(one: etree._Element, other: etree._Element) -> bool:
    """Say whether two elements say the same, namespaces' prefixes and comments aside."""
    if one.attrib != other.attrib or _localname(one) != _localname(other):
        return False
    below, beside = ([child for child in node if isinstance(child.tag, str)] for node in (one, other))
    return len(below) == len(beside) and all(map(_same, below, beside))


def _localname(node: etree._Element) -> str:
    return node.tag.rpartition("}")[2] if isinstance(node.tag, str) else ""
