"""The sheet 退回说明: first and active, every finding with a link to its cell, and what has been put right since last time."""

from __future__ import annotations

import re
from collections.abc import Sequence
from xml.sax.saxutils import escape, quoteattr

from lxml import etree

from pipeline.grid import address
from pipeline.model import Finding
from pipeline.returned.package import OddPackage, Package
from pipeline.returned.styles import Styles
from pipeline.text import width

SHEET = "退回说明"
PART = "xl/worksheets/daybookReturn.xml"
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
_HEADER = ("工作表", "单元格", "栏目", "填写内容", "问题", "请改为")
_PROPOSED = "建议"  # one more column, where anything is proposed
_WIDTHS = (16, 10, 14, 24, 44, 40)
_INTRO = "这是退回的副本,您填的内容都在。请点单元格跳到标色处改好,保存后放回收表文件夹即可;改对了颜色会自己消失,这一页不用删。"
_ROWS = re.compile(rb"<(?:\w+:)?sheetData\b")
_SELECTED = re.compile(rb'(<(?:\w+:)?sheetView\b[^>]*?)\btabSelected="(?:1|true)"')
# Letters that XML forbids: control characters and lone surrogates.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def strip_sheet(package: Package) -> None:
    """Take our earlier sheet out of the workbook, under whatever part name the filler's program saved it again."""
    book = package.workbook
    root = package.tree(book)
    related = package.targets(book)
    sheets = _sheets(root)
    for position, node in enumerate(list(sheets)):
        if node.get("name") == SHEET and len(sheets) > 1:
            _, part = related.get(relation_of(node), ("", ""))
            sheets.remove(node)
            _move(root, position, -1)
            package.put(book, root)
            package.unrelate(book, part)
            package.drop(part)
            return


def relation_of(node: etree._Element) -> str:
    """Return the relation id of a workbook's sheet element, strict or transitional."""
    return next((str(value) for key, value in node.attrib.items() if str(key).endswith("}id")), "")


def add_sheet(
    package: Package, findings: Sequence[Finding], fixed: Sequence[Finding], styles: Styles, remark: str = ""
) -> None:
    """Put the sheet first and make it the one that opens; every other sheet is deselected, so that nobody types into two at once."""
    book = package.workbook
    relation = package.relate(book, "worksheet", PART)
    package.type_of(PART, _SHEET_TYPE)
    root = package.tree(book)
    sheets = _sheets(root)
    space = str(etree.QName(root).namespace)
    number = max((int(node.get("sheetId") or 0) for node in sheets), default=0) + 1
    first = next((node for node in sheets), None)
    if first is None:
        raise OddPackage("no sheets")
    rel = next((str(name) for name in first.attrib if str(name).endswith("}id")), "")
    node = etree.Element(f"{{{space}}}sheet", name=SHEET, sheetId=str(number))
    node.set(rel, relation)
    sheets.insert(0, node)
    _move(root, 0, 1)
    _open_first(root, space)
    package.put(book, root)
    for kind, target in package.targets(book).values():
        if kind == "worksheet" and target in package.parts:
            package.parts[target] = _deselected(package.parts[target])
    package.parts[PART] = _sheet_xml(findings, fixed, styles, remark).encode()


def _sheets(root: etree._Element) -> etree._Element:
    found = next((node for node in root if isinstance(node.tag, str) and etree.QName(node).localname == "sheets"), None)
    if found is None:
        raise OddPackage("workbook without sheets")
    return found


def _move(root: etree._Element, position: int, by: int) -> None:
    """Names that belong to a sheet count sheets by position: keep them on theirs."""
    for node in root.iter():
        if isinstance(node.tag, str) and etree.QName(node).localname == "definedName":
            at = node.get("localSheetId")
            if at is not None and int(at) >= position:
                node.set("localSheetId", str(int(at) + by))


def _deselected(sheet: bytes) -> bytes:
    """Return a sheet's part deselected, itself where it was not selected; views stand before the rows."""
    rows = _ROWS.search(sheet)
    end = rows.start() if rows else len(sheet)
    head = _SELECTED.sub(rb'\1tabSelected="0"', sheet[:end])
    return sheet if head == sheet[:end] else head + sheet[end:]


def _open_first(root: etree._Element, space: str) -> None:
    for view in root.iter(f"{{{space}}}workbookView"):
        view.set("activeTab", "0")
        view.set("firstSheet", "0")


def _sheet_xml(findings: Sequence[Finding], fixed: Sequence[Finding], styles: Styles, remark: str) -> str:
    rows: list[list[tuple[str, int]]] = [[(_INTRO, styles.plain)]]
    if remark:
        rows.append([(remark, styles.plain)])
    proposed = (_PROPOSED,) if any(finding.proposal for finding in (*findings, *fixed)) else ()
    header = (*_HEADER, *proposed)
    rows += [[], [(name, styles.header) for name in header]]
    frozen = len(rows)
    links = []
    for finding in sorted(findings, key=lambda each: each.level):  # what holds a record first, reminders after
        if finding.cell and finding.sheet:
            links.append((address(len(rows), 1), _target(finding)))
        rows.append(_line(finding, styles))
    if fixed:
        rows += [[], [("上次的问题,已改好", styles.header)]]
        rows += [_line(finding, styles) for finding in fixed]
    wide = [i for i, row in enumerate(rows) if len(row) == 1]
    body = "".join(_row(number, row) for number, row in enumerate(rows, 1))
    # A proposal is read whole or it misleads, so its column is as wide as the longest.
    widths = (*_WIDTHS, max([24, *(2 + width(finding.proposal) for finding in (*findings, *fixed))]))
    columns = "".join(
        f'<col min="{i}" max="{i}" width="{wide}" customWidth="1"/>' for i, wide in enumerate(widths[: len(header)], 1)
    )
    merges = "".join(f'<mergeCell ref="A{i + 1}:{address(i, len(header) - 1)}"/>' for i in wide)
    hyper = "".join(f"<hyperlink ref={quoteattr(cell)} location={quoteattr(place)}/>" for cell, place in links)
    return (
        f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<worksheet xmlns="{_MAIN}"><sheetPr><pageSetUpPr fitToPage="1"/></sheetPr>'
        f'<sheetViews><sheetView tabSelected="1" workbookViewId="0"><pane ySplit="{frozen}" topLeftCell="A{frozen + 1}" activePane="bottomLeft" '
        f'state="frozen"/></sheetView></sheetViews><sheetFormatPr defaultRowHeight="16"/><cols>{columns}</cols><sheetData>{body}</sheetData>'
        f'<mergeCells count="{len(wide)}">{merges}</mergeCells>'
        + (f"<hyperlinks>{hyper}</hyperlinks>" if hyper else "")
        + '<pageMargins left="0.4" right="0.4" top="0.5" bottom="0.5" header="0.3" footer="0.3"/>'
        '<pageSetup paperSize="9" orientation="landscape" fitToHeight="0"/></worksheet>'
    )


def _line(finding: Finding, styles: Styles) -> list[tuple[str, int]]:
    problem = finding.say.partition(":")[2].rpartition(" → ")[0] or finding.say.partition(":")[2] or finding.say
    problem = problem if finding.level == "error" else f"(提醒){problem}"
    link = styles.link if finding.cell else styles.plain
    texts = [finding.sheet, finding.cell, finding.label, finding.found, problem, finding.want]
    texts += [finding.proposal] if finding.proposal else []
    return [(text, link if place == 1 else styles.plain) for place, text in enumerate(texts)]


def _row(number: int, cells: Sequence[tuple[str, int]]) -> str:
    tall = ' ht="34" customHeight="1"' if len(cells) == 1 and number == 1 else ""
    inner = "".join(
        f'<c r="{address(number - 1, column)}" s="{style}" t="inlineStr"><is><t xml:space="preserve">{escape(_FORBIDDEN.sub("", text))}</t></is></c>'
        for column, (text, style) in enumerate(cells)
    )
    return f'<row r="{number}"{tall}>{inner}</row>'


def _target(finding: Finding) -> str:
    sheet = finding.sheet.replace("'", "''")
    return f"'{sheet}'!{finding.cell}"
