"""`init` and `demo`: a new home, and one with a month of invented, messy forms run night by night."""

from __future__ import annotations

import shutil
from itertools import islice
from pathlib import Path

import click

from pipeline.errors import UsageError
from pipeline.keep_home import Home, init_home


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
def init(folder: Path) -> None:
    """新建一个 Daybook 目录:自带的规则和空白表、空的 inbox 和 outbox、只有自己能看的 archive。"""
    home = init_home(folder)
    click.echo(
        f"建好了 {home.root}:共享 inbox 和 outbox,在 rules/house.yaml 写上顾问,再 daybook --home {home.root} rules check"
    )


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False), default=Path("demo"))
@click.option("--nights", type=int, default=0, help="只跑前几夜(默认整个月)")
def demo(folder: Path, nights: int) -> None:
    """造一个演示目录:一家编出来的展厅、好几个人的写法、一个月的表,一夜一夜真跑给你看。"""
    from rich.console import Console  # noqa: PLC0415
    from rich.progress import track  # noqa: PLC0415

    from pipeline import night  # noqa: PLC0415
    from pipeline.demo.plant import evenings, move_in, plant  # noqa: PLC0415
    from pipeline.demo.story import story  # noqa: PLC0415
    from pipeline.read_rules import read_rules  # noqa: PLC0415

    home = _fresh(folder)
    told = story()
    move_in(home.root, told)
    rules = read_rules(home.rules)
    days = len({filing.received.date() for filing in told.filings})
    count = min(nights or days, days)
    said = {}
    console = Console(stderr=True)
    for evening in track(
        islice(evenings(told), count), total=count, description="一夜一夜跑", console=console, transient=True
    ):
        plant(home.root, evening)
        said = night.run(home, rules, evening.on)
    click.echo(
        f"跑了 {count} 夜。先看 {home.outbox / '最新.html'},再看 {home.outbox / said['on']} 里的工作簿和 退回 文件夹。"
    )


def _fresh(folder: Path) -> Home:
    """Make the demo home anew; a folder that is no demo of ours is never touched."""
    mark = folder / ".daybook-demo"
    if folder.exists() and any(folder.iterdir()):
        if not mark.exists():
            raise UsageError(f"{folder} 不是空的,也不是演示目录", "换一个目录名:daybook demo 目录")
        shutil.rmtree(folder)
    home = init_home(folder)
    mark.write_text("演示目录,随时可以删\n", "utf-8")
    return home
