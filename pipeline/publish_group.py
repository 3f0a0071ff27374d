"""Writes a group's own pages of a business day from what its stores' nights left: 集团汇总.xlsx and the page that leads to every store's.

It opens no archive and scans no record: a store adds some hundred figures, whether it holds a year or ten.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Final

from pipeline.errors import InboxError
from pipeline.keep_files import replace_or_next
from pipeline.keep_home import Home
from pipeline.keep_rollups import fates
from pipeline.rulebook.rulebook import Rulebook
from pipeline.write_whole import sync_files

GROUP: Final = "集团汇总"
"""The name of the group's workbook."""


def publish_group(home: Home, rules: Rulebook, on: date) -> tuple[Path, ...]:
    """Write the group's workbook and page of a day and return them. InboxError if the outbox cannot be written."""
    # pandas and the inks load here, because a dry run and a single store need neither.
    from pipeline.reports.group import build  # noqa: PLC0415
    from pipeline.write_digest import write_newest  # noqa: PLC0415
    from pipeline.write_group import PAGE, group_digest, write_group_page  # noqa: PLC0415
    from pipeline.write_workbook import write_workbook  # noqa: PLC0415

    told = fates(home, rules, on)
    report = build(told, on, rules)
    folder = home.day(on)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        beside = folder / f".{report.name}.xlsx"
        write_workbook(report, beside)
        sync_files([beside])
        book = replace_or_next(beside, folder / f"{report.name}.xlsx")
        moved = {} if book.stem == report.name else {f"{report.name}.xlsx": book.name}
        write_group_page(group_digest(told, report, rules, moved), folder / PAGE)
        days = [path.name for path in home.outbox.iterdir() if path.is_dir() and path.name[:1].isdigit()]
        write_newest(home.outbox, max([*days, on.isoformat()]))
    except OSError as error:
        raise InboxError(
            f"outbox 不能写:{error.strerror or type(error).__name__}", "检查 outbox 文件夹的权限和磁盘空间"
        ) from error
    return (book, folder / PAGE)
