"""Options that several commands share."""

from __future__ import annotations

import getpass
import os
import re
from collections.abc import Callable
from datetime import date, datetime
from functools import wraps
from pathlib import Path
from typing import Any

import click

from pipeline.errors import UsageError
from pipeline.keep_home import Home


def home_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give the command a `home`: --home here, else the group's --home, else DAYBOOK_HOME, else the current folder."""

    @new_home_option
    @wraps(command)
    def with_home(*args: Any, home: Home, **kwargs: Any) -> Any:
        if not home.rules.is_dir():
            raise UsageError(
                f"{home.root.resolve()} 里没有 rules 目录", "用 --home 指定 Daybook 的目录,或先运行 daybook init"
            )
        return command(*args, home=home, **kwargs)

    return with_home


def new_home_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give the command a `home` that may be empty yet."""

    @click.option(
        "--home",
        "own",
        type=click.Path(path_type=Path, file_okay=False),
        default=None,
        help="Daybook 的目录(默认当前目录)",
    )
    @click.pass_context
    @wraps(command)
    def with_home(ctx: click.Context, /, *args: Any, own: Path | None, **kwargs: Any) -> Any:
        return command(*args, home=Home(own or ctx.find_root().obj or Path()), **kwargs)

    return with_home


class Day(click.ParamType[date]):
    """A business day, written 2026-11-05."""

    name = "DATE"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """Return the day, or say how to write it."""
        if isinstance(value, date):
            return value
        try:
            return datetime.strptime(str(value), "%Y-%m-%d").date()
        except ValueError:
            self.fail(f"{value!r} 不是日期,写成 2026-11-05 这样", param, ctx)


on_option = click.option("--on", type=Day(), default=None, help="报告的营业日(默认今天),写成 2026-11-05")
stores_option = click.option(
    "--store", "stores", multiple=True, metavar="S", help="只管这家店(house.yaml 里的 id),可以写几次;默认每家都管"
)

reason_option = click.option("--reason", default="", help="为什么看,记进访问日志")


def who() -> str:
    """Return the user of this machine who typed the command."""
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):  # a service without a name of its own
        return str(os.getuid()) if hasattr(os, "getuid") else ""


def phone_or_name(who: str) -> str:
    """Return a phone as the archive has it, digits only; a name as it is."""
    digits = re.sub(r"[\s\-+().]", "", who)
    return (
        digits.removeprefix("86")
        if digits.isdecimal() and len(digits) > len("8613800001")
        else digits
        if digits.isdecimal()
        else who.strip()
    )
