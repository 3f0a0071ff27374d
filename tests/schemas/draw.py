"""`python -m tests.schemas.draw`: writes the archive of today's program as SQL, for the day the schema is raised beyond it.

Two nights (a sheet half held, then put right), the tables of the ledger and one kind's. Run it before a revision is added.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from pipeline import night
from pipeline.archive.tables import SCHEMA_REV
from pipeline.read_rules import read_rules
from tests.workbooks import drop, new_home, register, visit, xlsx

_KEPT = ("night", "submission", "hand_in", "finding", "stood", "rulebook", "access_log", "tombstone", "meta", "visit")


def drawn(folder: Path) -> str:
    """Return the SQL of an archive after two nights."""
    home = new_home(folder / "home")
    rules = read_rules(home.rules)
    wrong, late = visit("赵女士", "1380000222"), visit("孙先生", "13800004444", "10:10", "11:00")
    days = {3: register("2026-11-03", visit(), wrong, late), 4: register("2026-11-03", visit(level="A"), visit("赵女士", "13800002222"))}  # fmt: skip
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(night, "publish", lambda *_, **__: ())
        for day, sheet in days.items():
            drop(home, "登记.xlsx", xlsx({"3日": sheet}), f"2026-11-{day:02} 18:00")
            night.run(home, rules, date(2026, 11, day), now=lambda day=day: datetime(2026, 11, day, 21, 30))  # type: ignore[misc]
    with closing(sqlite3.connect(home.archive / "default.sqlite")) as file:
        for kind in ("view", "table"):
            for (name,) in file.execute("SELECT name FROM sqlite_master WHERE type = ?", [kind]).fetchall():
                if name not in _KEPT:
                    file.execute(f'DROP {kind} "{name}"')
        file.execute("UPDATE rulebook SET content = x'789c030000000001'")  # 50 KB that no step reads
        file.commit()
        return "\n".join(file.iterdump()) + "\n"


if __name__ == "__main__":
    with TemporaryDirectory() as beside:
        (Path(__file__).parent / f"{SCHEMA_REV}.sql").write_text(drawn(Path(beside)), "utf-8")
