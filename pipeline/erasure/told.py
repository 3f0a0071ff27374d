"""What was said of workbooks, in archive and manifests, without the persons who were erased."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from pipeline.erasure.wanted import Wanted


@dataclass(frozen=True)
class Replaced:
    """An original that is another file now: its path below HOME, its hash, which cells went and how its sheets are called."""

    original: str
    redacted: str
    cells: frozenset[tuple[str, str]] = frozenset()
    sheets: Mapping[str, str] = field(default_factory=dict)


def finding_without(
    row: Mapping[str, Any], wanted: Wanted, mine: Replaced | None, paths: Mapping[str, str]
) -> dict[str, str]:
    """Return a finding's texts without them; of a cell that went nothing is repeated but which column it was."""
    texts = [name for name in ("book", "found", "want", "say", "proposal") if name in row]
    clean = wanted.nameless if mine else wanted.without
    values = {name: led(clean(str(row[name])), paths) for name in texts}
    if mine and (row["sheet"], row["cell"]) in mine.cells:
        values |= {name: "" for name in ("found", "proposal") if name in row}
        values["say"] = f"{row['cell']} {row['label']}:这位客户的资料已删除"
    sheet = mine.sheets.get(row["sheet"], row["sheet"]) if mine else wanted.without(row["sheet"])
    return {**values, "sheet": sheet}


def led(text: str, paths: Mapping[str, str]) -> str:
    """Return a text in which files that said a name are called as they are now."""
    for old, new in paths.items():
        text = text.replace(old, new)
    return text


def unmanifested(said: Mapping[str, Any], wanted: Wanted, replaced: Mapping[str, Replaced]) -> dict[str, Any]:
    """Return a run's manifest without them."""
    paths: dict[str, str] = {}
    books = []
    for book in said["books"]:
        mine = replaced.get(book["sha256"])
        clean = wanted.nameless if mine else wanted.without
        if clean(book["path"]) != book["path"]:
            paths[book["path"]] = clean(book["path"])
        forms = [{**f, "sheet": mine.sheets.get(f["sheet"], f["sheet"])} if mine else f for f in book["forms"]]
        findings = [{**each, **finding_without(each, wanted, mine, {})} for each in book["findings"]]
        books.append({**book, "path": clean(book["path"]), "forms": forms, "findings": findings})
    written = {_written(old): _written(new) for old, new in paths.items()}
    found: dict[str, Any] = json.loads(led(json.dumps({**said, "books": books}, ensure_ascii=False), written))
    return found


def _written(path: str) -> str:
    return json.dumps(path, ensure_ascii=False)[1:-1]
