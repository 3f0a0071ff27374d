"""`export`, `status`, `doctor` and `verify`: what the archive holds, and how the home is."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pipeline.cli.options import home_option, on_option, reason_option, stores_option, who
from pipeline.cli.stores import each_store
from pipeline.errors import UsageError
from pipeline.keep_home import Home

if TYPE_CHECKING:
    from pipeline.archive.access import Access
    from pipeline.archive.keep_archive import Archive
    from pipeline.rulebook.rulebook import Rulebook

_LOOKS = 50  # of the access log that are shown


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@click.option("--kind", default="", help="只导出一种记录,例 visit")
@click.option("--format", "form", type=click.Choice(["csv", "parquet", "xlsx"]), default="csv", show_default=True)
@click.option("--all-versions", is_flag=True, help="连同改过和撤回的每一版")
@on_option
@reason_option
@home_option
def export(folder: Path, kind: str, form: str, on: date | None, home: Home, reason: str, *, all_versions: bool) -> None:
    """每种记录导出一张表,带出处;导出会记入访问日志。"""
    from pipeline.archive.access import Access  # noqa: PLC0415
    from pipeline.read_rules import read_rules  # noqa: PLC0415
    from pipeline.write_export import write_export  # noqa: PLC0415

    rules = read_rules(home.rules)
    if kind and kind not in rules.kinds:
        raise UsageError(f"没有记录种类 {kind}", f"有:{'、'.join(rules.kinds)}")
    looked = Access(datetime.now(), "export", who=who(), why=reason)
    for path, rows in write_export(
        home.root, rules, folder, kind=kind, form=form, on=on, all_versions=all_versions, looked=looked
    ):
        click.echo(f"{path}  {rows} 行")


@click.command()
@click.option("--access", is_flag=True, help="谁在什么时候看过、导出过什么(最近 50 次)")
@stores_option
@home_option
def status(home: Home, stores: tuple[str, ...], *, access: bool) -> None:
    """最近几夜,和归档里各种记录的条数;或者谁看过。

    几家店时一家一段,读不了的说明是哪家,以 3 退出。
    """
    from pipeline.read_rules import read_rules  # noqa: PLC0415

    rules = read_rules(home.rules)

    def look(store: str, archive: Archive) -> None:
        click.echo(f"门店 {store}")
        lines = map(_told, archive.accesses()[-_LOOKS:]) if access else _state(archive, rules)
        for line in lines:
            click.echo(f"  {line}")

    raise SystemExit(each_store(home, rules, look, stores))


def _state(archive: Archive, rules: Rulebook) -> Iterator[str]:
    """Yield a store's last nights, then how many records of each kind stand."""
    for night in archive.nights()[-7:]:
        done = (
            "已撤销"
            if not night.counted
            else f"{night.finished_at:%m-%d %H:%M} 完成"
            if night.finished_at
            else "没有跑完,下次运行会补上"
        )
        yield f"{night.night_id}  {night.started_at:%m-%d %H:%M} 开始,{done}"
    yield from (f"{rules.kinds[kind].title}({kind})  {count} 条" for kind, count in archive.counts().items() if count)


def _told(looked: Access) -> str:
    words = [
        f"{looked.at:%Y-%m-%d %H:%M}",
        looked.who or "-",
        looked.what,
        looked.detail,
        f"{looked.rows} 条" if looked.rows else "",
    ]
    return "  ".join(filter(None, [*words, f"原因:{looked.why}" if looked.why else ""]))


@click.command()
@home_option
def doctor(home: Home) -> None:
    """看看哪里会出毛病,每样都说怎么办。

    看规则、日历、磁盘、权限、时钟、一直等着的文件、共享文件夹、每夜运行、备份、客户人数。退出码:0 都好;1 有要办的;2 规则有误。
    """
    from pipeline.doctor import looked_over  # noqa: PLC0415
    from pipeline.read_rules import read_rules  # noqa: PLC0415

    rules = read_rules(home.rules)
    click.echo(f"✓ 规则  {len(rules.forms)} 种表,没有错")
    archives: list[Archive] = []

    def look(_: str, archive: Archive) -> None:
        archive.nights()  # one that opens and cannot be read is told here, and not asked again
        archives.append(archive)

    ill = each_store(home, rules, look)
    for check in looked_over(home, rules, archives, datetime.now()):
        click.echo(f"{'✗' if check.remedy else '✓'} {check.name}  {check.said}")
        if check.remedy:
            ill += 1
            click.echo(f"    {check.remedy}")
    raise SystemExit(1 if ill else 0)


@click.command()
@click.option("--rebuild", is_flag=True, help="再把全部原件按当时的规则重读一遍,逐条比对(慢)")
@stores_option
@home_option
def verify(home: Home, stores: tuple[str, ...], *, rebuild: bool) -> None:
    """核对数据库、记录、原件指纹和每夜的清单。

    退出码:0 完好;3 有问题。
    """
    from contextlib import nullcontext  # noqa: PLC0415

    from pipeline.archive.manifests import unlike_manifests  # noqa: PLC0415
    from pipeline.keep_locks import home_lock  # noqa: PLC0415
    from pipeline.read_rules import read_rules  # noqa: PLC0415

    rules = read_rules(home.rules)
    wrong: list[str] = []

    def look(store: str, archive: Archive) -> None:
        mine = [*archive.verify(), *unlike_manifests(home.root, [archive])]
        mine += _unlike_originals(home, rules.for_store(store), archive) if rebuild else []
        wrong.extend(f"门店 {store}:{each}" if rules.house.group else each for each in mine)

    with home_lock(home.root) if rebuild else nullcontext():
        code = each_store(home, rules, look, stores)
    for sentence in wrong:
        click.echo(sentence)
    if not wrong and not code:
        click.echo("档案完好,和原件重读的一模一样" if rebuild else "档案完好")
    raise SystemExit(3 if wrong else code)


def _unlike_originals(home: Home, rules: Rulebook, archive: Archive) -> list[str]:
    from pipeline.rebuild import kept_no_rules, unlike_originals  # noqa: PLC0415

    archives = {archive.store: archive}
    wrong = list(
        unlike_originals(home.root, archives, rules, lambda run, books: click.echo(f"重读 {run}({books} 本)", err=True))
    )
    if unknown := kept_no_rules(archives):
        click.echo(f"有 {unknown} 夜没有留下当时的规则(旧版本收的),按现在的规则重读", err=True)
    return wrong
