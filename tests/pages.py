"""Draws the runs and books a day's page is made of, makes a home whose page has everything on it, and reads the page back."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Any

from lxml import html

from pipeline.keep_home import Home
from pipeline.report import Report
from pipeline.view import Rowset, View
from pipeline.write_digest import digest_of
from tests.workbooks import drop, new_home, register, visit, xlsx

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


TAG = "<script>alert(1)</script>"
PICTURE = "<img src=x onerror=alert(1)>"  # a sheet and a file cannot have a slash in their names
OPEN = "开着.xlsx"  # what is still open in somebody's Excel; whoever runs the night says so


def busy_home(folder: Path) -> Home:
    """Return a home whose inbox holds a file for every verdict, and names that would act if a page let them."""
    home = new_home(folder, "李明", TAG)
    house = home.rules / "house.yaml"
    house.write_text(house.read_text("utf-8").replace("name: 我们店", f"name: '{TAG}店'"), "utf-8")
    clean = xlsx({"5日": register("2026-11-05", visit(), visit("孙丽", "13800002222", consultant=TAG))})
    odd = visit(TAG, "13800003333", level=TAG)
    drop(home, "前台/登记.xlsx", clean)
    drop(home, "副本/登记.xlsx", clean, "2026-11-05 19:00")
    drop(home, f"{PICTURE}.xlsx", xlsx({PICTURE: register("2026-11-04", visit("周健", "13800004444", note=TAG), odd)}))
    drop(home, "李明/全错.xlsx", xlsx({"3日": register("2026-11-03", odd)}))
    drop(home, "坏的 #1.xlsx", b"no workbook at all")
    drop(home, "~$登记.xlsx", b"x")
    drop(home, OPEN, clean)
    return home
