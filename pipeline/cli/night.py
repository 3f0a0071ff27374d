"""`run`, `undo` and `report`: the night, one taken back, and a day's workbooks again."""

from __future__ import annotations

import json
import sys
from datetime import date, datetime
from functools import partial
from typing import TYPE_CHECKING, Any

import click

from pipeline.cli.options import home_option, on_option, stores_option, who
from pipeline.cli.privacy import catch_up
from pipeline.cli.stores import each_store
from pipeline.cli.tell import tell_done, tell_failed
from pipeline.errors import ArchiveError, InboxError, UsageError
from pipeline.keep_home import Home
from pipeline.masked import masked_manifest
from pipeline.rulebook.rulebook import Rulebook
from pipeline.text import mask_in

if TYPE_CHECKING:
    from pipeline.archive.keep_archive import Archive

_SAID = {
    "accepted": "收下", "partial": "部分收下", "returned": "退回", "duplicate": "重复", "quarantined": "隔离", "ignored": "不理会", "waiting": "等下次",
}  # fmt: skip


@click.command()
@on_option
@click.option("-n", "--dry-run", is_flag=True, help="只说会怎样,什么都不写")
@click.option("--strict", is_flag=True, help="有退回的就以 1 退出")
@click.option("--json", "as_json", is_flag=True, help="打印本次运行的清单(JSON)")
@click.option(
    "--jobs",
    type=click.IntRange(min=1),
    default=1,
    show_default=True,
    help="同时开几个进程:先分给各家店,多出来的一起读一家店的表(400 本起)",
)
@click.option("--cluster", default="", metavar="ADDR", help="在 Dask 集群上读表,例 tcp://10.0.0.5:8786")
@stores_option
@home_option
def run(
    on: date | None, home: Home, *, dry_run: bool, strict: bool, as_json: bool, jobs: int, cluster: str, stores: tuple[str, ...]
) -> None:  # fmt: skip
    """跑一整夜:收下稳定的文件,识别、检查、归档,写出当天的报表,退回写错的表。

    几家店的目录:每家店各跑各的,一家出了事不碰别家;有一家没跑成就以 3 退出(正被别人跑的是 75)。

    退出码:0 跑完(有退回是常事);1 跑完,但给了 --strict 且有退回;2 用法或规则有误,什么都没动;3 inbox 或 archive 不能用;75 另一次运行正在进行。
    """
    from pipeline import group  # noqa: PLC0415 - so that --help does not wait for the archive
    from pipeline.read_rules import read_rules  # noqa: PLC0415

    rules = read_rules(home.rules)
    day = on or date.today()
    quiet = as_json or not sys.stderr.isatty()
    try:
        if not dry_run:
            catch_up(home, rules)
        nights = partial(group.run, home, rules, day, dry_run=dry_run, jobs=jobs, cluster=cluster, stores=stores)
        said = nights() if quiet else _with_bar(home, rules, day, nights)
    except (ArchiveError, InboxError) as error:
        tell_failed(home, rules, day, error)
        raise
    click.echo(
        json.dumps(_masked(said), ensure_ascii=False, indent=1) if as_json else _summary(said, home, dry_run=dry_run)
    )
    if not dry_run:
        tell_done(home, rules, said)
    for store in said.get("stores", ()):
        if store["exit"]:
            click.echo(f"门店 {store['store']} 没有跑成:{mask_in(store['reason'])}", err=True)
    back = said["counts"].get("returned", 0) + said["counts"].get("partial", 0)
    raise SystemExit(group.exit_code(said) or (1 if strict and back else 0))


def _with_bar(home: Home, rules: Rulebook, day: date, nights: partial[dict[str, Any]]) -> dict[str, Any]:
    """Run with a progress bar on the terminal; files are counted as they are read, of several stores those that are done."""
    from rich.console import Console  # noqa: PLC0415
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn  # noqa: PLC0415

    several = len(nights.keywords["stores"] or rules.house.store_ids) if rules.house.group else 0
    total = several or sum(1 for path in home.inbox.rglob("*") if path.is_file())
    with Progress(
        TextColumn(f"{day} {{task.description}}"),
        BarColumn(),
        MofNCompleteColumn(),
        console=Console(stderr=True),
        transient=True,
    ) as bar:
        task = bar.add_task("跑店" if several else "读表", total=total or 1)
        return nights(seen=lambda _, number: bar.update(task, completed=number))


def _masked(said: dict[str, Any]) -> dict[str, Any]:
    """Return the manifest fit for a console: no phone or ID number in full, in a file's name neither."""
    clean = masked_manifest(said)
    return {**clean, "books": [{**book, "path": mask_in(book["path"])} for book in clean["books"]]}


def _summary(said: dict[str, Any], home: Home, *, dry_run: bool) -> str:
    counts = ",".join(f"{_SAID[verdict]} {count}" for verdict, count in said["counts"].items() if count) or "没有文件"
    records = sum(acts["added"] + acts["amended"] for acts in said["records"].values())
    held = sum(acts["held"] for acts in said["records"].values())
    end = "(试运行,什么都没写)" if dry_run else f"看 {home.outbox / said['on'] / '运行报告.html'}"
    return f"{said['on']}  {counts};新增或更新记录 {records} 条,暂不收 {held} 条。{end}"


@click.command()
@click.argument("run", required=False, default="", metavar="RUN")
@click.option("--with-later", is_flag=True, help="连同以后的各夜一起撤销,它们的表放回 inbox,再跑一次就收回来")
@home_option
def undo(run: str, home: Home, *, with_later: bool) -> None:
    """撤销一夜,以前的样子回来,当天的报表重做。

    那一夜收的都不再算;记录和原件都还留着,撤销会记入访问日志。RUN 写 daybook status 里那一夜的名字,不写就是最近一夜。同一张表以后再交,照常收。
    """
    from contextlib import ExitStack  # noqa: PLC0415

    from pipeline.archive.keep_archive import open_archive  # noqa: PLC0415
    from pipeline.keep_locks import home_lock  # noqa: PLC0415
    from pipeline.read_rules import read_rules  # noqa: PLC0415
    from pipeline.undo import undo as take_back  # noqa: PLC0415

    rules = read_rules(home.rules)
    with home_lock(home.root), ExitStack() as open_now:
        stores = rules.house.store_ids
        archives = {store: open_now.enter_context(open_archive(home.root, store, rules)) for store in stores}
        nights = [night for archive in archives.values() for night in archive.nights() if night.counted]
        if not run and not nights:
            raise UsageError("还没有哪一夜可以撤销", "先 daybook run")
        last = max(nights, key=lambda night: (night.started_at, night.night_id)).night_id if nights else ""
        done = take_back(home, rules, archives, run or last, datetime.now(), with_later=with_later, who=who())
    click.echo(
        f"撤销了 {'、'.join(done.runs)}:{done.versions} 条记录不再算,{'、'.join(map(str, done.days))} 的报表已重做"
    )
    if done.again:
        click.echo(f"以后各夜的 {len(done.again)} 本表放回了 inbox,再运行 daybook run 就收回来")


@click.command()
@on_option
@click.option("--only", default="", help="只做这一本,例 逾期跟进")
@stores_option
@home_option
def report(on: date | None, home: Home, only: str, stores: tuple[str, ...]) -> None:
    """按归档在那一天的样子重做报表;什么时候重做都一样。

    几家店时最后重做集团汇总。
    """
    from pipeline.keep_locks import home_lock  # noqa: PLC0415
    from pipeline.publish import publish  # noqa: PLC0415
    from pipeline.publish_group import GROUP, publish_group  # noqa: PLC0415
    from pipeline.read_rules import read_rules  # noqa: PLC0415

    rules = read_rules(home.rules)
    day = on or date.today()
    the_groups = rules.house.group and only.removesuffix(".xlsx") in ("", GROUP)

    def make(store: str, archive: Archive) -> None:
        own = home.of(rules.house.room(store))
        for path in publish(own, rules.for_store(store), archive, day, only=only):
            click.echo(str(path))

    with home_lock(home.root):
        code = each_store(home, rules, make, stores) if not only or not the_groups else 0
        for path in publish_group(home, rules, day) if the_groups else ():
            click.echo(str(path))
    raise SystemExit(code)
