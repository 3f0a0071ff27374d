"""Draws the runs and books a day's page is made of, and reads the page back."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from lxml import html

from pipeline.model import Rowset, View
from pipeline.report import Report
from pipeline.write_digest import digest_of

ON = date(2026, 11, 5)
SUBMISSION = (
    "store",
    "submission_id",
    "book",
    "sha256",
    "received",
    "on",
    "verdict",
    "reason",
    "detail",
    "original",
    "run",
)


def finding(say: str, level: str = "error", code: str = "phone.unreadable") -> dict[str, str]:
    """Return what a manifest says of one wrong cell."""
    return {
        "code": code,
        "level": level,
        "sheet": "11月",
        "cell": "E7",
        "label": "电话",
        "found": "138",
        "want": "",
        "say": say,
    }


def book(path: str, verdict: str, *findings: dict[str, str], reason: str = "", sha256: str = "") -> dict[str, Any]:
    """Return what a manifest says of one workbook."""
    forms = (
        [{"form": "visitor_register", "sheet": "11月", "records": 3, "held": len(findings)}]
        if verdict != "ignored"
        else []
    )
    return {
        "path": path,
        "sha256": sha256 or path,
        "verdict": verdict,
        "reason": reason,
        "forms": forms,
        "findings": list(findings),
    }


def run(*books: dict[str, Any], at: str = "21:30:00", **records: dict[str, int]) -> dict[str, Any]:
    """Return the manifest of one run."""
    return {"run": f"2026-11-05T{at}", "started_at": f"2026-11-05T{at}", "books": list(books), "records": records}


def view(*runs: dict[str, Any], **tables: Rowset) -> View:
    """Return a view whose archive holds everything the runs read."""
    read = {
        each["sha256"]
        for one in runs
        for each in one["books"]
        if each["verdict"] not in ("duplicate", "ignored", "waiting")
    }
    rows = [("default", sha[:16], "", sha, None, ON, "", "", "", "", "") for sha in sorted(read)]
    return View(ON, "default", {"submission": Rowset(SUBMISSION, rows), **tables})


def digest(rules, *runs: dict[str, Any], reports: tuple[Report, ...] = (), copies: dict[str, str] | None = None):
    """Return the digest of the day on which these runs were made."""
    return digest_of(view(*runs), rules, reports, runs, copies or {})


def text_of(said: str) -> str:
    """Return what a reader of the page sees."""
    return re.sub(r"\s+", " ", str(tree_of(said).text_content()))


def tree_of(said: str | bytes) -> Any:
    """Return the page as its elements."""
    return html.fromstring(said)
