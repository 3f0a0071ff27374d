"""`check` and `identify`: look at files, write nothing."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date, datetime
from pathlib import Path

import click

from pipeline.cli.options import home_option
from pipeline.grid import Book, Unreadable
from pipeline.keep_home import Home
from pipeline.model import Match, Sighting
from pipeline.near import near_text
from pipeline.rulebook.rulebook import Rulebook
from pipeline.text import mask_in

_FILES = click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path, exists=True, dir_okay=False))


@click.command()
@_FILES
@home_option
def check(files: tuple[Path, ...], home: Home) -> None:
    """看看这些文件会被怎么说,不写任何东西。

    退出码:0 没有要退回的;1 有要退回的;2 用法或规则有误;3 有文件读不了。
    """
    from pipeline.examine import examine  # noqa: PLC0415 - pandas is loaded only when there is something to check
    from pipeline.propose import asked, propose  # noqa: PLC0415
    from pipeline.read_rules import read_rules  # noqa: PLC0415

    rules = read_rules(home.rules)
    submissions = examine(_books(files), rules, date.today()).submissions
    submissions = propose(submissions, _known(home, rules, asked(submissions, rules)), rules)
    worst = 0
    for submission in submissions:
        forms = "、".join(dict.fromkeys(f"{m.sheet}: {m.form}" for m in submission.matches if m.form)) or "-"
        click.echo(
            f"{submission.path}  [{submission.verdict}]  {forms}  记录 {len(submission.records)} 条,暂不收 {len(submission.held)} 条"
        )
        for finding in submission.findings:
            click.echo(f"  {'✗' if finding.level == 'error' else '!'} {mask_in(finding.say)}")
            if finding.proposal:
                click.echo(f"    建议:{mask_in(finding.proposal)}")
        if submission.verdict == "quarantined":
            unread = submission.reason not in ("book.no-form", "book.two-forms")
            worst = max(worst, 3 if unread else 1)
        elif any(finding.level == "error" for finding in submission.findings):
            worst = max(worst, 1)
    raise SystemExit(worst)


def _known(home: Home, rules: Rulebook, customers: Collection[tuple[str, str]]) -> list[Sighting]:
    """Return what the archives know of customers whose phone is in doubt; a home that has none yet knows nothing."""
    if not customers:
        return []
    from pipeline.archive.engine import has_archive  # noqa: PLC0415 - only when there is something to look up
    from pipeline.archive.keep_archive import open_archive  # noqa: PLC0415 - only when there is something to look up

    found: list[Sighting] = []
    for store in rules.house.store_ids:
        if has_archive(home.root, store):
            with open_archive(home.root, store, rules) as archive:
                found += archive.sightings(customers)
    return found


@click.command()
@_FILES
@home_option
def identify(files: tuple[Path, ...], home: Home) -> None:
    """每张工作表是哪种表:得分、表头位置、第二像的是哪种;两种都像时两种都说。"""
    from pipeline.layout.lexicon import lexicons  # noqa: PLC0415
    from pipeline.read_rules import read_rules  # noqa: PLC0415
    from pipeline.recognise import recognise  # noqa: PLC0415
    from pipeline.say import say  # noqa: PLC0415

    rules = read_rules(home.rules)
    words = lexicons(rules)
    unclear = False
    for book in _books(files):
        if isinstance(book, Unreadable):
            click.echo(f"读不了:{say(rules, book.reason, 'error', book=book.path, found=book.detail).say}")
            unclear = True
            continue
        for match in recognise(book, rules, words):
            unclear |= not match.form or bool(match.rivals)
            blank = f";填在空白表 {book.stamp} 上" if book.stamp else ""
            click.echo(f"{book.path} › {match.sheet}  {_said(match, rules)}{blank}")
    raise SystemExit(1 if unclear else 0)


def _said(match: Match, rules: Rulebook) -> str:
    name, score = match.runner_up
    second = f";其次 {name} {rules.forms[name].title} {score} 分" if name else ""
    if not match.form:
        return f"不认得:{near_text(match, rules)}({score} 分)" if name else "不认得"
    title = rules.forms[match.form].title
    rivals = f";同样像:{'、'.join(f'{r} {rules.forms[r].title}' for r in match.rivals)}" if match.rivals else ""
    hidden = "(隐藏,不读)" if match.hidden else ""
    return (
        f"{match.form} {title} {match.score} 分,表头 {match.header_cell}{hidden}{rivals}{second if not rivals else ''}"
    )


def _books(files: tuple[Path, ...]) -> Iterator[Book | Unreadable]:
    from pipeline.workers import read_books  # noqa: PLC0415

    def received(path: Path) -> datetime:
        return datetime.fromtimestamp(path.stat().st_mtime)

    yield from read_books((path.name, path.read_bytes(), received(path)) for path in files)
