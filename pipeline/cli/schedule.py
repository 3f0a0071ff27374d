"""`schedule`: the entries that let the night run by itself, printed or put in place."""

from __future__ import annotations

import sys
from datetime import datetime, time
from typing import Any

import click

from pipeline.cli.options import home_option
from pipeline.errors import UsageError
from pipeline.keep_home import Home
from pipeline.keep_schedule import install, possible, unit_name
from pipeline.timetable import cron_line, systemd_service, systemd_timer, windows_command, windows_task

_KINDS = ("cron", "systemd", "windows")
_NOON = time(12)


class Clock(click.ParamType[time]):
    """A time of day, written 21:30."""

    name = "HH:MM"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> time:
        """Return the time, or say how to write it."""
        if isinstance(value, time):
            return value
        try:
            return datetime.strptime(str(value), "%H:%M").time()
        except ValueError:
            self.fail(f"{value!r} 不是时间,写成 21:30 这样", param, ctx)


@click.command()
@click.option("--at", type=Clock(), default="21:30", show_default=True, help="每晚几点,写成 21:30")
@click.option("--for", "kind", type=click.Choice(_KINDS), default=None, help="只要其中一种")
@click.option("--install", "put", is_flag=True, help="直接加进这台电脑的定时任务")
@home_option
def schedule(at: time, kind: str | None, home: Home, *, put: bool) -> None:
    """每晚自动运行:打印 cron、systemd、Windows 任务计划程序的写法,或直接加上。"""
    root = str(home.root.resolve())
    if not root.isprintable():
        raise UsageError("目录名里有看不见的字符", "请换一个目录名")
    words = (sys.executable, "-m", "pipeline.cli", "--home", root, "run")
    if at < _NOON:
        click.echo(f"注意:{at:%H:%M} 已是第二天,报表会算在第二天名下;请定在打烊后、半夜前。", err=True)
    if not put:
        click.echo("\n".join(_shown(words, root, at, each) for each in _KINDS if kind in (None, each)))
        return
    chosen = kind or possible()
    if not chosen:
        raise UsageError("这台电脑没有可用的 crontab 或 systemd", "请照 daybook schedule 打印的内容手工添加")
    click.echo(f"{install(chosen, words, root, at)}({at:%H:%M})")


def _shown(words: tuple[str, ...], root: str, at: time, kind: str) -> str:
    name = unit_name(root)
    if kind == "cron":
        return f"# cron:运行 crontab -e,加上这一行\n{cron_line(words, at)}\n"
    if kind == "systemd":
        folder = "~/.config/systemd/user"
        return (
            f"# {folder}/{name}.service\n{systemd_service(words, root)}\n# {folder}/{name}.timer\n{systemd_timer(root, at)}\n"
            f"# 然后运行:systemctl --user enable --now {name}.timer\n"
        )
    return (
        f"# Windows:在命令提示符里运行\n{windows_command(words, name, at)}\n\n"
        f"# 或存成 UTF-16 的 {name}.xml,再运行 schtasks /Create /F /TN {name} /XML {name}.xml\n{windows_task(words, root, at)}"
    )
