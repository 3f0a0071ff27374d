"""`erase` and `purge`: one person forgotten in the whole home, and all whose time is up."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import ExitStack
from datetime import datetime
from typing import TYPE_CHECKING

import click

from pipeline.cli.options import home_option, phone_or_name
from pipeline.cli.options import who as user
from pipeline.errors import UsageError
from pipeline.keep_home import Home
from pipeline.text import mask_in

if TYPE_CHECKING:
    from pipeline.archive.history import Person
    from pipeline.archive.keep_archive import Archive
    from pipeline.erase import Erased
    from pipeline.rulebook.rulebook import Rulebook

_MOST = 20


@click.command()
@click.argument("who")
@click.option("--reason", required=True, help="为什么删,例 本人要求;记进墓碑和访问日志")
@click.option("--dry-run", "-n", is_flag=True, help="只说会删掉什么,什么都不动")
@click.option("--no-phone", is_flag=True, help="按称呼删没有留电话的那一位")
@click.option("--store", default="", help="只在这家店里找(没有电话的称呼,几家店都有时)")
@home_option
def erase(who: str, reason: str, home: Home, store: str, *, dry_run: bool, no_phone: bool) -> None:
    """按本人要求删除一位客户的全部资料。

    每一版记录、原件里的那几行、退回件、报表、主档案都删,删了不能恢复。WHO 写电话,或写全称呼;对得上几位时列出来,一位也不删(退出码 2)。只留下墓碑:代号、日期、原因、条数,没有姓名和电话。
    删除当天和以前的记录再交上来不收,页面上会说。
    """
    from pipeline import erase as erasing  # noqa: PLC0415
    from pipeline.archive.keep_archive import open_archive  # noqa: PLC0415
    from pipeline.keep_locks import home_lock  # noqa: PLC0415
    from pipeline.read_rules import read_rules  # noqa: PLC0415

    rules = read_rules(home.rules)
    stores = rules.house.store_ids
    if store and store not in stores:
        raise UsageError(f"没有门店 {store}", f"有:{'、'.join(stores)}")
    asked = phone_or_name(who)
    with home_lock(home.root), ExitStack() as open_now:
        archives = {each: open_now.enter_context(open_archive(home.root, each, rules)) for each in stores}
        caught_up = None if dry_run else erasing.go_on(home, rules, archives)
        found = _meant({each: archives[each] for each in stores if store in ("", each)}, asked, no_phone=no_phone)
        if not found:
            click.echo(f"档案里没有 {mask_in(who)}" + (";上次没删完的已经补完" if caught_up else ""))
            return
        nameless = _nameless(archives, found)
        why = {each: dict.fromkeys(those, mask_in(reason)) for each, those in found.items()}
        done = erasing.erase(home, rules, archives, why, erasing.Act("erase", datetime.now(), user()), dry_run=dry_run)
        exports = [each.detail for archive in archives.values() for each in archive.accesses("export")]
    for line in told(done, rules, dry_run=dry_run):
        click.echo(line)
    if exports:
        click.echo(f"导出过 {len(exports)} 次,夜账管不到那些文件,请自己删:{'、'.join(dict.fromkeys(exports[-5:]))}")
    if nameless:
        click.echo(
            f"另有只写了「{'」「'.join(map(mask_in, nameless))}」、没有电话的记录,不知道是不是同一位;要删再加 --no-phone"
        )


@click.command()
@click.option("--dry-run", "-n", is_flag=True, help="只说谁的到期了,什么都不动")
@home_option
def purge(home: Home, *, dry_run: bool) -> None:
    """清理到期的客户资料,期限写在 rules/privacy.yaml。

    成交档案至少十年,潜在客户从最后一次往来起 24 个月,战败客户 12 个月。订了车还没交的不动;期限以内有过任何一条记录的不动。
    删法和 erase 一样,一位一块墓碑,删了不能恢复。
    """
    from pipeline import erase as erasing  # noqa: PLC0415
    from pipeline.archive.forget import expired  # noqa: PLC0415
    from pipeline.archive.keep_archive import open_archive  # noqa: PLC0415
    from pipeline.archive.retention import REASONS  # noqa: PLC0415
    from pipeline.keep_locks import home_lock  # noqa: PLC0415
    from pipeline.read_rules import read_rules  # noqa: PLC0415

    rules, now = read_rules(home.rules), datetime.now()
    with home_lock(home.root), ExitStack() as open_now:
        stores = [each.id for each in rules.house.stores] or ["default"]
        archives = {each: open_now.enter_context(open_archive(home.root, each, rules)) for each in stores}
        if not dry_run:
            erasing.go_on(home, rules, archives)
        found = {store: expired(archive, now.date()) for store, archive in archives.items()}
        if not any(found.values()):
            click.echo("没有到期的客户资料")
            return
        why = {store: {who: REASONS[kind] for who, kind in those.items()} for store, those in found.items()}
        done = erasing.erase(home, rules, archives, why, erasing.Act("purge", now, user()), dry_run=dry_run)
    kinds = [kind for those in found.values() for kind in those.values()]
    click.echo(",".join(f"{REASONS[kind]} {kinds.count(kind)} 位" for kind in REASONS if kind in kinds))
    for line in told(done, rules, dry_run=dry_run):
        click.echo(line)


def catch_up(home: Home, rules: Rulebook) -> Erased | None:
    """Finish erasures that were cut off, and repeat those a restored archive does not know of; None where there is nothing to do."""
    from pipeline.keep_erased import entries  # noqa: PLC0415

    if all(entry.done for entry in entries(home.archive)):
        return None
    from pipeline.archive.keep_archive import open_archive  # noqa: PLC0415
    from pipeline.erase import go_on  # noqa: PLC0415
    from pipeline.keep_locks import home_lock  # noqa: PLC0415

    with home_lock(home.root), ExitStack() as open_now:
        stores = rules.house.store_ids
        return go_on(
            home, rules, {each: open_now.enter_context(open_archive(home.root, each, rules)) for each in stores}
        )


def _meant(archives: Mapping[str, Archive], asked: str, *, no_phone: bool) -> dict[str, list[Person]]:
    """Return the one person meant, by store; UsageError with the candidates where it is not one. A part of a name means nobody yet."""
    from pipeline.archive.forget import mentions  # noqa: PLC0415
    from pipeline.archive.history import Person  # noqa: PLC0415
    from pipeline.chronicle import grouped, introduce  # noqa: PLC0415

    seen: dict[Person, list[str]] = {}
    exact = False
    for store, archive in archives.items():
        people = archive.persons(asked)
        exact |= any(asked in (each.phone, each.name) for each in people)
        for each in grouped(people):
            alone = Person(each.name if not each.phone else "", each.phone)
            seen.setdefault(alone, []).append(store)
    names = {each: each for archive in archives.values() for each in grouped(archive.persons(asked))}
    chosen = {each: stores for each, stores in seen.items() if not no_phone or not each.phone}
    if asked.isdecimal() and not chosen and any(mentions(archive, asked) for archive in archives.values()):
        return {store: [Person("", asked)] for store in archives}
    if not chosen:
        return {}
    one, stores = next(iter(chosen.items()))
    if exact and len(chosen) == 1 and (one.phone or len(stores) == 1):
        return {store: [one] for store in (archives if one.phone else stores)}
    lines = [introduce(each) for each in names if not no_phone or not each.phone][:_MOST]
    remedy = "请写电话;没有电话的写全称呼,加 --no-phone,几家店都有的再加 --store"
    raise UsageError(
        f"{mask_in(asked)} 对得上 {len(chosen)} 位,一位也没有删",
        f"{remedy}:\n" + "\n".join(f"  {line}" for line in lines),
    )


def told(done: Erased, rules: Rulebook, *, dry_run: bool) -> list[str]:
    """Return what went, or would go, in lines for a console."""
    will = "会" if dry_run else "已"
    kinds = "、".join(
        f"{rules.kinds[kind].title} {count}" for kind, count in done.versions.items() if kind in rules.kinds
    )
    lines = [
        f"{will}删除 {done.persons} 位,{sum(done.versions.values())} 条记录{f'({kinds})' if kinds else ''};原件 {done.originals} 本{will}隐去"
    ]
    if done.anew:
        lines.append(f"{will}重做 {len(done.anew)} 天的报表:{done.anew[0]} 至 {done.anew[-1]}")
    if done.removed:
        lines.append(
            f"{will}移走 {len(done.removed)} 天的旧报表({done.removed[0]} 至 {done.removed[-1]}),要看用 daybook report --on 日期 重做"
        )
    if done.closed:
        lines.append(
            f"有 {len(done.closed)} 份读不了的文件没法查里面:{'、'.join(map(mask_in, done.closed[:_MOST]))};不放心请自己删"
        )
    if done.inbox:
        named = "、".join(map(mask_in, done.inbox[:_MOST]))
        lines.append(f"inbox 里有 {len(done.inbox)} 本还写着({named}),请顾问删去那几行;照样交上来,那几行也不收")
    if done.unreached:
        lines.append(f"备份盘没接上,删除名单下次备份时补上:{'、'.join(done.unreached)}")
    return lines


def _nameless(archives: Mapping[str, Archive], found: Mapping[str, list[Person]]) -> list[str]:
    """Return their names that stand in records without a phone: nobody knows whether those mean the same customer, so it is told."""
    from pipeline.archive.history import Person  # noqa: PLC0415

    phones = {person.phone for those in found.values() for person in those if person.phone}
    names = {
        each.name for archive in archives.values() for phone in phones for each in archive.persons(phone) if each.name
    }
    return sorted(n for n in names if any(Person(n, "") in archive.persons(n) for archive in archives.values()))
