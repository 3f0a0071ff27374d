"""`history` and `trace`: everything known of a customer, and where a record comes from. Both are noted in the access log."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import click

from pipeline.cli.options import home_option, phone_or_name, reason_option, stores_option
from pipeline.cli.options import who as user
from pipeline.cli.stores import each_store
from pipeline.errors import UsageError
from pipeline.keep_home import Home

if TYPE_CHECKING:
    from pipeline.archive.keep_archive import Archive

_MOST = 20  # persons or keys listed when a name or a key means several


@click.command()
@click.argument("who")
@reason_option
@stores_option
@home_option
def history(who: str, home: Home, reason: str, stores: tuple[str, ...]) -> None:
    """一位客户的全部记录(电话或称呼),按时间排,连同改过的和撤回的;查询会记入访问日志。

    称呼不必写全;同名的几位各列一段。
    """
    from pipeline.archive.access import Access  # noqa: PLC0415
    from pipeline.chronicle import biography, grouped, introduce  # noqa: PLC0415
    from pipeline.read_rules import read_rules  # noqa: PLC0415
    from pipeline.text import mask_in  # noqa: PLC0415

    rules = read_rules(home.rules)
    asked = phone_or_name(who)
    found = 0

    def look(store: str, archive: Archive) -> None:
        nonlocal found
        people, shown = grouped(archive.persons(asked)), 0
        if len(people) > _MOST:
            raise UsageError(f"叫 {mask_in(who)} 的有 {len(people)} 位", "请写全称呼,或写电话")
        for person in people:
            click.echo(introduce(person) + (f"  门店 {store}" if rules.house.stores else ""))
            versions = archive.history(person)
            shown += len(versions)
            for line in biography(versions, rules):
                click.echo(f"  {line}")
        archive.log_access(Access(datetime.now(), "history", f"{len(people)} 位", user(), shown, reason))
        found += len(people)

    code = each_store(home, rules, look, stores)
    if not found:
        click.echo(f"档案里没有 {mask_in(who)}")
    raise SystemExit(code)


@click.command()
@click.argument("kind")
@click.argument("key", nargs=-1, required=True)
@reason_option
@stores_option
@home_option
def trace(kind: str, key: tuple[str, ...], home: Home, reason: str, stores: tuple[str, ...]) -> None:
    """一条记录的来历:出自哪本工作簿、哪张表、哪一格,以后改过什么;查询会记入访问日志。

    KIND 是记录种类(visit 或 来店(电));KEY 是导出表里的 _key,或其中几段,如 2026-11-05 王先生。
    """
    from pipeline.archive.access import Access  # noqa: PLC0415
    from pipeline.archive.keep_archive import open_archive  # noqa: PLC0415
    from pipeline.chronicle import trace as told  # noqa: PLC0415
    from pipeline.read_rules import read_rules  # noqa: PLC0415
    from pipeline.text import mask_in  # noqa: PLC0415

    rules = read_rules(home.rules)
    name = kind if kind in rules.kinds else next((k for k, each in rules.kinds.items() if each.title == kind), "")
    if not name:
        raise UsageError(f"没有记录种类 {kind}", f"有:{'、'.join(rules.kinds)}")
    matches: list[tuple[str, str]] = []
    code = each_store(
        home,
        rules,
        lambda store, archive: matches.extend((store, each) for each in archive.keys_like(name, key)),
        stores,
    )
    asked = mask_in(" ".join(key))
    if not matches:
        raise UsageError(f"{name} 里没有 {asked}", "请写得短一些,或用 daybook history 找这位客户")
    if len(matches) > 1:
        listed = "\n".join(f"  {mask_in(each)}" for _, each in matches[:_MOST])
        rest = f"\n  …… 另有 {len(matches) - _MOST} 条" if len(matches) > _MOST else ""
        raise UsageError(f"{asked} 对得上 {len(matches)} 条,请再写一段,分得开为止:\n{listed}{rest}")
    with open_archive(home.root, matches[0][0], rules) as archive:
        versions = archive.told(name, matches[0][1])
        for line in told(versions, rules):
            click.echo(line)
        archive.log_access(Access(datetime.now(), "trace", f"{name} 一条", user(), len(versions), reason))
    raise SystemExit(code)
