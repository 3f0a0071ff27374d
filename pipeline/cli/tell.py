"""Tells people that a night is done, after it is done: nothing here can fail it."""

from __future__ import annotations

from datetime import date
from typing import Any

import click

from pipeline.errors import InboxError, PipelineError
from pipeline.keep_home import Home
from pipeline.notice import Notice
from pipeline.rulebook.rulebook import Rulebook

_WAYS = {"mail": "邮件", "wecombot": "企业微信", "dingtalk": "钉钉", "feishu": "飞书"}


def tell_done(home: Home, rules: Rulebook, said: dict[str, Any]) -> None:
    """Send the summary of a night that was written."""
    if not rules.notify.wanted:
        return
    from pipeline.archive.keep_archive import open_archive  # noqa: PLC0415 - only where somebody is to be told
    from pipeline.dues.owed import Owed, owed  # noqa: PLC0415
    from pipeline.notice import notice  # noqa: PLC0415

    missing: list[Owed] = []
    try:
        for store in () if rules.house.group else rules.house.store_ids:  # a group's page has them, store by store
            with open_archive(home.root, store, rules) as archive:
                missing += owed(archive.view(date.fromisoformat(said["on"]), ()), rules)
    except PipelineError as error:
        click.echo(f"这一夜跑完了,但通知没有发:{error}", err=True)
        return
    link = rules.notify.link or str((home.outbox / "最新.html").resolve())
    _send(home, rules, notice(said, missing, rules.house.name, link), said["run"])


def tell_failed(home: Home, rules: Rulebook, on: date, error: PipelineError) -> None:
    """Send that a night could not run: nobody looks at the console of a timer."""
    if not rules.notify.wanted:
        return
    from pipeline.notice import failed  # noqa: PLC0415

    room = "收表或出报表的文件夹" if isinstance(error, InboxError) else "归档的文件夹"
    _send(home, rules, failed(on, rules.house.name, room), f"{on}T")


def _send(home: Home, rules: Rulebook, notice: Notice, run: str) -> None:
    from pipeline.keep_log import Log  # noqa: PLC0415
    from pipeline.notify import notify  # noqa: PLC0415 - the network, only where somebody is to be told

    kept = home.archive / "mail_password"
    try:
        password = kept.read_text("utf-8-sig").strip()
    except OSError:
        password = ""
    sent = notify(rules.notify, notice, password)
    for each in sent:
        way = _WAYS.get(each.way, each.way)
        click.echo(f"通知没有送到({way}):{each.trouble}" if each.trouble else f"已通知({way})", err=True)
    try:
        Log(home.logs, run).told([(each.way, each.trouble) for each in sent])
    except OSError:
        click.echo("这次通知记不进 archive/logs", err=True)
