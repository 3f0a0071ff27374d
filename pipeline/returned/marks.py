"""Live marks: a conditional format on the guilty cell that holds only while the wrong value stands there.

No style of the filler's is touched and no cell is made; it works under protection, and the colour goes the moment the cell is put right.
Our rules know themselves by `N("夜账")=0`, which is always true.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import unescape

from lxml import etree

from pipeline.returned.package import Package, SheetXml
from pipeline.returned.styles import Styles

_OURS = 'N("夜账")=0'
_LONGEST = 255  # letters of a text in a formula
_AFTER = (
    "dataValidations", "hyperlinks", "printOptions", "pageMargins", "pageSetup", "headerFooter", "rowBreaks", "colBreaks", "customProperties",
    "cellWatches", "ignoredErrors", "smartTags", "drawing", "legacyDrawing", "legacyDrawingHF", "drawingHF", "picture", "oleObjects", "controls",
    "webPublishItems", "tableParts", "extLst",
)  # fmt: skip


@dataclass(frozen=True)
class SharedStrings:
    """A workbook's shared strings, each read when a mark asks for it: a few of thousands."""

    package: Package
    part: str

    def text(self, place: int, otherwise: str) -> str:
        """Return the string at a place, what was given where there is none."""
        listed = self.package.tree(self.part) if self.part in self.package.parts else ()
        return "".join(_texts(listed[place])) if place < len(listed) else otherwise


def strip_marks(sheet: SheetXml) -> None:
    """Take our earlier marks out, and give the filler's own rules their priority back."""
    ours = 0
    for rule in list(sheet.root.iter(f"{{{sheet.space}}}cfRule")):
        if any(_OURS in (formula.text or "") for formula in rule):
            holder = rule.getparent()
            assert holder is not None
            holder.remove(rule)
            ours += 1
            if not len(holder):
                _parent(holder).remove(holder)
    _shift(sheet, -ours)


def add_marks(sheet: SheetXml, cells: Sequence[tuple[str, str]], shared: SharedStrings, styles: Styles) -> None:
    """Mark each (cell, level); the first of two on one cell wins."""
    once = dict(reversed(cells))
    _shift(sheet, len(once))
    place = next((i for i, node in enumerate(sheet.root) if _name(node) in _AFTER), len(sheet.root))
    first = next((i for i, node in enumerate(sheet.root) if _name(node) == "conditionalFormatting"), place)
    for number, (cell, level) in enumerate(sorted(once.items())):
        block = etree.Element(f"{{{sheet.space}}}conditionalFormatting", sqref=cell)
        dxf = styles.error if level == "error" else styles.warning
        rule = etree.SubElement(
            block,
            f"{{{sheet.space}}}cfRule",
            type="expression",
            dxfId=str(dxf),
            priority=str(number + 1),
            stopIfTrue="1",
        )
        formula = etree.SubElement(rule, f"{{{sheet.space}}}formula")
        formula.text = f"AND({still_wrong(cell, sheet.rows, shared)},{_OURS})"
        sheet.root.insert(first + number, block)


def still_wrong(cell: str, rows: bytes, shared: SharedStrings) -> str:
    """Return a formula that is true while the cell holds what it holds now."""
    kind, value = _written(cell, rows, shared)
    if kind == "blank":
        return f"LEN(TRIM({cell}))=0"
    if kind == "number":
        return f"AND(ISNUMBER({cell}),{cell}={value})"
    if kind == "bool":
        return f"{cell}={'TRUE' if value == '1' else 'FALSE'}"
    if kind == "error":
        return f"ISERROR({cell})"
    if len(value) > _LONGEST:
        return f"LEN({cell})={len(value)}"
    quoted = value.replace('"', '""')
    return f'EXACT({cell},"{quoted}")'


def _written(cell: str, rows: bytes, shared: SharedStrings) -> tuple[str, str]:
    """Return the kind and text of what stands in a cell of the sheet's XML."""
    found = re.search(
        rb"<(?:\w+:)?c\b(?=[^>]*\br=\"" + cell.encode() + rb"\")([^>]*?)(?:/>|>(.*?)</(?:\w+:)?c>)", rows, re.DOTALL
    )
    inner = found[2] if found and found[2] else b""
    kind = re.search(rb"\bt=\"(\w+)\"", found[1]) if found else None
    code = kind[1].decode() if kind else "n"
    if code == "inlineStr":
        text = "".join(_plain(part) for part in re.findall(rb"<(?:\w+:)?t\b[^>]*>(.*?)</(?:\w+:)?t>", inner, re.DOTALL))
        return ("text", text) if text else ("blank", "")
    value = re.search(rb"<(?:\w+:)?v\b[^>]*>(.*?)</(?:\w+:)?v>", inner, re.DOTALL)
    text = _plain(value[1]) if value else ""
    if code == "s" and text.isdigit():
        text = shared.text(int(text), text)
    if not text.strip():
        return "blank", ""
    return {"b": "bool", "e": "error", "n": "number"}.get(code, "text"), text


def _plain(data: bytes) -> str:
    return unescape(data.decode("utf-8", "replace"))


def _texts(item: etree._Element) -> list[str]:
    # Phonetic runs (rPh) hold readings, not what the cell shows.
    return [t.text or "" for t in item.iter("{*}t") if _name(_parent(t)) != "rPh"]


def _shift(sheet: SheetXml, by: int) -> None:
    for rule in sheet.root.iter(f"{{{sheet.space}}}cfRule"):
        rule.set("priority", str(max(1, int(rule.get("priority") or 1) + by)))


def _name(node: etree._Element) -> str:
    return node.tag.rpartition("}")[2] if isinstance(node.tag, str) else ""


def _parent(node: etree._Element) -> etree._Element:
    parent = node.getparent()
    assert parent is not None
    return parent
