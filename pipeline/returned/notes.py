"""A note on each guilty cell: what is wrong and what to write instead, by the author 夜账.

A note of the filler's own keeps its text; ours stands beneath it, after a line that lets us find it again.
"""

from __future__ import annotations

import re

from lxml import etree

from pipeline.grid import spot
from pipeline.returned.package import Package, SheetXml

AUTHOR = "夜账"
_SIGN = "【夜账】"  # how our own notes begin
_LINE = "\n———— 夜账 ————\n"
_COMMENTS = "application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml"
_VML = "application/vnd.openxmlformats-officedocument.vmlDrawing"
_REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_STRICT_REL = "http://purl.oclc.org/ooxml/officeDocument/relationships"
_EMPTY_VML = (
    '<xml xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" '
    'xmlns:x="urn:schemas-microsoft-com:office:excel"></xml>'
)
_TYPE = (
    '<v:shapetype id="_daybook_t202" coordsize="21600,21600" o:spt="202" path="m,l,21600r21600,l21600,xe">'
    '<v:stroke joinstyle="miter"/><v:path gradientshapeok="t" o:connecttype="rect"/></v:shapetype>'
)
_SHAPES = re.compile(r"<v:shape\b.*?</v:shape>", re.DOTALL)
_SHAPE = (
    '<v:shape id="_daybook_{cell}" type="#_daybook_t202" style="position:absolute;margin-left:60pt;margin-top:2pt;width:200pt;height:{height}pt;'
    'z-index:9;visibility:hidden" fillcolor="#ffffe1" o:insetmode="auto"><v:fill color2="#ffffe1"/><v:shadow on="t" color="black" obscured="t"/>'
    '<v:path o:connecttype="none"/><v:textbox style="mso-direction-alt:auto"><div style="text-align:left"></div></v:textbox>'
    '<x:ClientData ObjectType="Note"><x:MoveWithCells/><x:SizeWithCells/><x:Anchor>{left},15,{top},2,{right},15,{bottom},4</x:Anchor>'
    "<x:AutoFill>False</x:AutoFill><x:Row>{row}</x:Row><x:Column>{column}</x:Column></x:ClientData></v:shape>"
)


def strip_notes(package: Package, part: str, sheet: SheetXml) -> None:
    """Take our earlier notes out; parts that held nothing else go too."""
    related = package.targets(part)
    comments = next((target for kind, target in related.values() if kind == "comments"), "")
    if comments not in package.parts or AUTHOR not in package.parts[comments].decode("utf-8", "replace"):
        return
    root = package.tree(comments)
    space = str(etree.QName(root).namespace)
    gone = _strip_texts(root, space)
    left = any(True for _ in root.iter(f"{{{space}}}comment"))
    drawing = next((target for kind, target in related.values() if kind == "vmlDrawing"), "")
    if drawing in package.parts:
        text = package.parts[drawing].decode("utf-8", "replace")
        text = _SHAPES.sub(lambda shape: "" if _stands_on(shape[0], gone) else shape[0], text).replace(_TYPE, "")
        package.parts[drawing] = text.encode()
        if not left and "<v:shape " not in text:
            _forget(package, part, sheet, drawing)
    if left:
        package.put(comments, root)
    else:
        package.unrelate(part, comments)
        package.drop(comments)


def _strip_texts(root: etree._Element, space: str) -> frozenset[tuple[int, int]]:
    """Remove our notes and our lines under the filler's; return the cells whose note is gone.

    Ours are known by author and by how they begin: some programs forget a note's author, or make one run of several.
    """
    names = list(root.iter(f"{{{space}}}author"))
    gone = set()
    for note in list(root.iter(f"{{{space}}}comment")):
        text = "".join(t.text or "" for t in note.iter(f"{{{space}}}t"))
        if names[int(note.get("authorId") or 0)].text == AUTHOR or text.startswith(_SIGN):
            gone.add(spot(note.get("ref") or "A1"))
            _remove(note)
        elif _LINE.strip() in text:
            _cut(note, space)
    if names and names[-1].text == AUTHOR:  # only a last author may go: the ids of those before it stand
        _remove(names[-1])
    return frozenset(gone)


def _cut(note: etree._Element, space: str) -> None:
    """Cut a note at our line: what stands before it is the filler's."""
    ours = False
    for words in list(note.iter(f"{{{space}}}t")):
        text = words.text or ""
        if not ours and _LINE.strip() in text:
            ours = True
            words.text = text.partition(_LINE.strip())[0].rstrip("\n")
        elif ours:
            words.text = ""
    for run in list(note.iter(f"{{{space}}}r")):
        if not any(t.text for t in run.iter(f"{{{space}}}t")):
            _remove(run)


def _stands_on(shape: str, cells: frozenset[tuple[int, int]]) -> bool:
    row, column = re.search(r"<x:Row>(\d+)</x:Row>", shape), re.search(r"<x:Column>(\d+)</x:Column>", shape)
    return bool(row and column and (int(row[1]), int(column[1])) in cells)


def _remove(node: etree._Element) -> None:
    parent = node.getparent()
    assert parent is not None
    parent.remove(node)


def _forget(package: Package, part: str, sheet: SheetXml, drawing: str) -> None:
    gone = package.unrelate(part, drawing)
    package.drop(drawing)
    for node in list(sheet.root.iter(f"{{{sheet.space}}}legacyDrawing")):
        if gone in node.attrib.values():
            sheet.root.remove(node)


def add_notes(package: Package, part: str, sheet: SheetXml, texts: dict[str, str], number: int) -> None:
    """Put a note on each cell; `number` names new parts after the sheet's place in the workbook."""
    related = package.targets(part)
    comments = next((target for kind, target in related.values() if kind == "comments"), "")
    if comments not in package.parts:
        comments = f"xl/commentsDaybook{number}.xml"
        root = etree.fromstring(f'<comments xmlns="{sheet.space}"/>')
        etree.SubElement(root, f"{{{sheet.space}}}authors")
        etree.SubElement(root, f"{{{sheet.space}}}commentList")
        package.type_of(comments, _COMMENTS)
        package.relate(part, "comments", comments)
    else:
        root = package.tree(comments)
    fresh = _write_notes(root, texts)
    package.put(comments, root)
    if fresh:
        _draw(package, part, sheet, fresh, number)


def _write_notes(root: etree._Element, texts: dict[str, str]) -> dict[str, str]:
    """Add the texts to the comments part; return those that need a shape of their own."""
    space = str(etree.QName(root).namespace)
    authors, listed = root.find(f"{{{space}}}authors"), root.find(f"{{{space}}}commentList")
    assert authors is not None
    assert listed is not None
    there = {note.get("ref"): note for note in listed}
    fresh = {cell: text for cell, text in texts.items() if cell not in there}
    for cell, text in texts.items():
        if cell in there:
            _run(there[cell].find(f"{{{space}}}text"), space, _LINE + text)
    if fresh:
        etree.SubElement(authors, f"{{{space}}}author").text = AUTHOR
    for cell, text in fresh.items():
        note = etree.SubElement(listed, f"{{{space}}}comment", ref=cell, authorId=str(len(authors) - 1))
        _run(etree.SubElement(note, f"{{{space}}}text"), space, _SIGN + text)
    return fresh


def _run(holder: etree._Element | None, space: str, text: str) -> None:
    assert holder is not None
    run = etree.SubElement(holder, f"{{{space}}}r")
    words = etree.SubElement(run, f"{{{space}}}t")
    words.text = text
    words.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")


def _draw(package: Package, part: str, sheet: SheetXml, fresh: dict[str, str], number: int) -> None:
    related = package.targets(part)
    legacy = sheet.root.find(f"{{{sheet.space}}}legacyDrawing")
    drawing = (
        next((related[i][1] for i in map(str, legacy.attrib.values()) if i in related), "")
        if legacy is not None
        else ""
    )
    if drawing not in package.parts:
        drawing = f"xl/drawings/vmlDaybook{number}.vml"
        package.parts[drawing] = _EMPTY_VML.encode()
        package.default_type("vml", _VML)
        _place(sheet, package.relate(part, "vmlDrawing", drawing))
    text = package.parts[drawing].decode("utf-8", "replace")
    shapes = "".join(_shape(cell, note) for cell, note in fresh.items())
    package.parts[drawing] = text.replace("</xml>", f"{_TYPE}{shapes}</xml>").encode()


def _place(sheet: SheetXml, relation: str) -> None:
    space = _STRICT_REL if "purl.oclc.org" in sheet.space else _REL
    node = etree.Element(f"{{{sheet.space}}}legacyDrawing", nsmap={"r": space})
    node.set(f"{{{space}}}id", relation)
    later = {
        "legacyDrawingHF",
        "drawingHF",
        "picture",
        "oleObjects",
        "controls",
        "webPublishItems",
        "tableParts",
        "extLst",
    }
    names = [etree.QName(child).localname if isinstance(child.tag, str) else "" for child in sheet.root]
    sheet.root.insert(next((i for i, name in enumerate(names) if name in later), len(names)), node)


def _shape(cell: str, text: str) -> str:
    row, column = spot(cell)
    height = 30 + 15 * (len(text) // 18 + text.count("\n"))
    return _SHAPE.format(
        cell=cell,
        row=row,
        column=column,
        height=height,
        left=column + 1,
        right=column + 4,
        top=max(row - 1, 0),
        bottom=row + 2 + height // 18,
    )
