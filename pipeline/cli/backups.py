"""`backup` and `restore`: a snapshot of the home elsewhere, and back."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from pipeline.cli.options import home_option, new_home_option, who
from pipeline.errors import PipelineError, UsageError
from pipeline.keep_home import Home

_FOLDER = click.argument("folder", type=click.Path(path_type=Path, file_okay=False))


@click.command()
@_FOLDER
@click.option("--keep", type=click.IntRange(min=0), default=0, help="只留最近几份,0 = 全留(原件只存一次)")
@home_option
def backup(folder: Path, home: Home, *, keep: int) -> None:
    """把档案和规则备份到另一块盘,写完当场核对。

    每次一份,原件只存一次;备份会记入访问日志。白天随时可以备份;正在跑夜账时以 75 退出,等它跑完再来。
    """
    from pipeline.archive.access import Access  # noqa: PLC0415
    from pipeline.archive.keep_archive import open_archive  # noqa: PLC0415
    from pipeline.archive.postgres import by_hand, named  # noqa: PLC0415
    from pipeline.backup.take import take_snapshot  # noqa: PLC0415
    from pipeline.keep_erased import secret, share  # noqa: PLC0415
    from pipeline.keep_locks import home_lock  # noqa: PLC0415
    from pipeline.read_rules import read_rules  # noqa: PLC0415

    rules = read_rules(home.rules)
    now = datetime.now()
    with home_lock(home.root):
        for store in rules.house.store_ids:
            with open_archive(home.root, store, rules) as archive:
                archive.log_access(Access(now, "backup", str(folder.resolve()), who()))
        secret(home.archive)  # in every snapshot, so that each can tell who was erased
        made = take_snapshot(home.root, folder, now, keep=keep)
        share(home.archive, folder)
    size = sum(stored.size for stored in made.files.values()) / 1_000_000
    if address := named():
        click.echo(f"数据库在 PostgreSQL 里,不在这份备份中。现在就把它也存进来:\n  {by_hand(address, made.folder)[0]}")
    click.echo(f"备份好了,核对过:{made.folder}({len(made.runs)} 夜,{len(made.files)} 个文件,{size:.1f} MB)")


@click.command()
@_FOLDER
@click.option("--at", "name", default="", help="恢复哪一份(备份里的文件夹名),默认最近一份")
@new_home_option
def restore(folder: Path, home: Home, *, name: str) -> None:
    """从备份恢复:先查备份是否完好,再把现在的另存一份,然后换上。

    目录可以是空的(换了电脑),也可以正用着;正用着的,规则文件不动。备份有损坏就什么都不动,以 3 退出。
    """
    from pipeline.archive.postgres import NAMED_BY, by_hand, named  # noqa: PLC0415
    from pipeline.backup.restore import restore as put_back  # noqa: PLC0415
    from pipeline.backup.snapshot import read_snapshot, refuse_damaged  # noqa: PLC0415
    from pipeline.keep_locks import home_lock  # noqa: PLC0415

    if address := named():
        snapshot = read_snapshot(folder, name)
        refuse_damaged(snapshot)
        raise UsageError(
            "档案在 PostgreSQL 里,daybook restore 不动它",
            f"备份的文件完好。先恢复到一个新数据库:{by_hand(address, snapshot.folder)[1]};让 {NAMED_BY} 指向它,"
            f"再把 {snapshot.folder}/archive 和 {folder / 'originals'}/archive 拷进 {home.archive},然后 daybook verify",
        )
    with home_lock(home.root):
        done = put_back(home.root, folder, datetime.now(), name)
    for room in (home.inbox, home.outbox):
        room.mkdir(parents=True, exist_ok=True)
    click.echo(f"恢复好了:{done.snapshot.folder}({len(done.snapshot.runs)} 夜)")
    if done.raw:
        click.echo(f"原来的数据库已经坏了,照原样另存在 {done.safety}")
    elif done.safety is not None:
        click.echo(f"恢复前的档案另存在 {done.safety}")
    click.echo("规则也恢复了" if done.rules else f"规则没有动;备份时的规则在 {done.snapshot.folder / 'rules'}")
    if done.later:
        click.echo(
            f"备份以后跑过的 {len(done.later)} 夜不在其中({done.later[0][:10]} 起);"
            "那几夜收的原件还在 archive/originals,放回 inbox 再跑一次就补上"
        )
    _forgotten_again(home)
    click.echo("再运行 daybook verify 核对,daybook report 重做报表")


def _forgotten_again(home: Home) -> None:
    """Erase again who was erased since the snapshot; where the rules do not allow it now, the next run does."""
    from pipeline.cli.privacy import catch_up  # noqa: PLC0415
    from pipeline.read_rules import read_rules  # noqa: PLC0415

    try:
        done = catch_up(home, read_rules(home.rules))
    except PipelineError as error:
        click.echo(f"备份以后删除过的客户这次没能再删,下一次 daybook run 会补上:{error}")
        return
    if done is not None and done.persons:
        click.echo(f"备份以后删除过 {done.persons} 位客户,已照名单再删一遍")
