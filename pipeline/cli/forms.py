"""`forms` and `rules`: what the forms are, their blanks, drafts of new ones, whether the YAML says what YAML may say, what a change would send back, and a word more."""

from __future__ import annotations

import re
import shutil
from datetime import date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import click

from pipeline.cli.options import home_option
from pipeline.errors import UsageError
from pipeline.grid import Book, Unreadable
from pipeline.keep_home import Home
from pipeline.rulebook.rulebook import Rulebook
from pipeline.teach import AskedWord

if TYPE_CHECKING:
    from pipeline.drafting.draft import Draft


@click.group()
def forms() -> None:
    """表格:清单、字段与规则、空白表、照样写草稿。"""


@forms.command("list")
@click.option("--markdown", is_flag=True, help="写成 README 里的表")
@home_option
def list_forms(home: Home, *, markdown: bool) -> None:
    """列出所有表格。"""
    from pipeline.describe import forms_table  # noqa: PLC0415
    from pipeline.read_rules import read_rules  # noqa: PLC0415

    click.echo(forms_table(read_rules(home.rules), markdown=markdown))


@forms.command()
@click.argument("form")
@home_option
def show(form: str, home: Home) -> None:
    """把一种表格讲清楚:表头的叫法、哪些必填、写错了怎样、有哪些规则。"""
    from pipeline.describe import form_text  # noqa: PLC0415
    from pipeline.read_rules import read_rules  # noqa: PLC0415

    rules = read_rules(home.rules)
    click.echo(form_text(rules, _known(form, rules.forms)))


@forms.command()
@click.argument("form", required=False)
@home_option
def template(form: str | None, home: Home) -> None:
    """照规则写出空白表,放进 templates_xlsx。"""
    from pipeline.read_rules import read_rules  # noqa: PLC0415
    from pipeline.write_templates import write_templates  # noqa: PLC0415

    rules = read_rules(home.rules)
    if form:
        rules = rules.model_copy(update={"forms": {form: rules.forms[_known(form, rules.forms)]}})
    for path in write_templates(rules, home.templates):
        click.echo(str(path))


@forms.command()
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--sheet", default="", help="照哪张工作表写;不说就照栏目最多的一张")
@click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), help="写进这个文件;不说就写在屏幕上")
@home_option
def draft(file: Path, sheet: str, output: Path | None, home: Home) -> None:
    """照一张空白的或填过的表写出规则草稿,信息员核对后放进 rules/forms。

    表名、版式、表头、栏目、猜的类型、可作依据的栏目都在里面,要核对的地方有注释。退出码:0 写好了;2 用法不对,或没有三个以上栏目的表;3 文件读不了。
    """
    from pipeline.drafting.draft import draft as draft_of  # noqa: PLC0415
    from pipeline.drafting.guess import Guesser  # noqa: PLC0415
    from pipeline.drafting.told import yaml_of  # noqa: PLC0415
    from pipeline.prove import taken_for  # noqa: PLC0415
    from pipeline.read_rules import read_rules  # noqa: PLC0415
    from pipeline.values.meaning import words_of  # noqa: PLC0415

    rules = read_rules(home.rules)
    book = _one_book(file, rules)
    if sheet and sheet not in [grid.sheet for grid in book.grids]:
        raise UsageError(f"{file.name} 里没有工作表「{sheet}」", f"有:{'、'.join(grid.sheet for grid in book.grids)}")
    found = draft_of(book, Guesser(rules, words_of(rules)), sheet, taken_for(book, rules))
    if found is None:
        raise UsageError(
            f"{file.name} 里没有找到三个以上栏目的表头或卡片", "用 --sheet 指明工作表,或换一张填过几行的表"
        )
    text = yaml_of(found, book.name)
    if output:
        output.write_text(text, "utf-8")
    else:
        click.echo(text, nl=False)
    click.echo(f"照工作表「{found.sheet}」写了草稿;{_read_back(book, found, rules)}", err=True)


def _read_back(book: Book, found: Draft, rules: Rulebook) -> str:
    from pipeline.prove import prove, taught  # noqa: PLC0415

    if found.taken_for:
        return f"这张表现在认作 {found.taken_for} {rules.forms[found.taken_for].title}"
    proof = prove(book, found, taught(rules, found))
    if proof.holds:
        return f"用它读得回来:{len(found.columns)} 个栏目,{proof.entries} 条"
    return f"用它还读不回来:{'、'.join(proof.faults or proof.lost)}"


def _one_book(file: Path, rules: Rulebook) -> Book:
    from pipeline.say import say  # noqa: PLC0415
    from pipeline.workers import read_books  # noqa: PLC0415

    received = datetime.fromtimestamp(file.stat().st_mtime)
    [book] = read_books([(file.name, file.read_bytes(), received)])
    if isinstance(book, Unreadable):
        click.echo(f"读不了:{say(rules, book.reason, 'error', book=book.path, found=book.detail).say}", err=True)
        raise SystemExit(3)
    return book


def _known(form: str, known: object) -> str:
    from pipeline.text import nearest  # noqa: PLC0415

    names = list(known)  # type: ignore[call-overload]
    if form not in names:
        near = nearest(form, names)
        raise UsageError(f"没有表格 {form}", f"是不是 {near}?" if near else f"有:{'、'.join(names)}")
    return form


@click.group()
def rules() -> None:
    """规则文件。"""


@rules.command()
@home_option
def check(home: Home) -> None:
    """检查规则文件:错在哪个文件、第几行、哪个词,一次说全。退出码:0 没有错;2 有错。"""
    from pipeline.read_rules import read_rules  # noqa: PLC0415

    found = read_rules(home.rules)
    click.echo(
        f"规则没有错:{len(found.forms)} 种表格,{len(found.vocabulary)} 个词表,{len(found.house.consultants)} 位顾问"
    )


@rules.command()
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--days", type=click.IntRange(min=1), default=30, show_default=True, help="重看最近几天交来的表")
@home_option
def rehearse(file: Path, days: int, home: Home) -> None:
    """改规则之前先试:拿改好的 YAML 把最近交来的表重看一遍,会多退哪些、少退哪些。什么都不写。

    FILE 与 rules 里的文件同名(house.yaml、vocabulary.yaml ……);表格规则按里面的 form 认。退出码:0 试过了;2 规则有错。
    """
    from pipeline.read_rules import read_rules  # noqa: PLC0415
    from pipeline.rehearse import difference, sentences  # noqa: PLC0415

    now = read_rules(home.rules)
    with TemporaryDirectory() as beside:
        folder = Path(beside) / "rules"
        shutil.copytree(home.rules, folder)
        shutil.copyfile(file, _place(file, folder))
        changed = read_rules(folder)
    books = _last_books(home, now, days)
    found = difference(books, now, changed)
    click.echo(f"重看了最近 {days} 天的 {found.books} 本工作簿,同一本只看最后一次交来的")
    for sentence in sentences(found):
        click.echo(sentence)


@rules.command()
@click.argument("word", required=False, metavar="[写法]")
@click.option("--as", "means", default="", metavar="意思", help="和哪个写法一个意思,例 再次;顾问写姓名")
@click.option("--in", "within", default="", metavar="栏目", help="哪一栏的写法,例 来访性质;只有一处对得上时不用写")
@click.option("--days", type=click.IntRange(min=1), default=30, show_default=True, help="看最近几天交来的表")
@home_option
def accept(word: str | None, means: str, within: str, days: int, home: Home) -> None:
    """认下一种写法,例 accept 二次邀约 --as 再次 --in 来访性质;什么都不跟,就列出最近不认识的写法。

    加进 vocabulary.yaml(顾问的小名加进 house.yaml),其余一字不动;先查过规则再存。因此退回的表再放进 inbox,下一夜就收下。
    """
    from pipeline.keep_rules import learn  # noqa: PLC0415
    from pipeline.read_rules import read_rules  # noqa: PLC0415
    from pipeline.teach import lesson, sentences  # noqa: PLC0415

    now = read_rules(home.rules)
    asked = _asked_words(home, now, days)
    if not word:
        for sentence in sentences(asked, days):
            click.echo(sentence)
        return
    if not means:
        raise UsageError("没有说是什么意思", f"例 daybook rules accept {word} --as 再次 --in 来访性质")
    found = lesson(word, means, within, asked, now)
    if found is None:
        click.echo(f"「{word}」本来就认识,没有改动")
        return
    learn(home.rules, found)
    cells = sum(one.cells for one in asked if one.word == word)
    again = f";最近有 {cells} 处因此没收下,退回的表再放进 inbox 就收" if cells else ""
    click.echo(f"rules/{found.file}:{found.under} 里「{word}」从今以后就是「{found.means}」{again}")


def _asked_words(home: Home, rules: Rulebook, days: int) -> tuple[AskedWord, ...]:
    """Return the unknown words of all stores; a home without an archive has none."""
    from pipeline.archive.engine import has_archive  # noqa: PLC0415
    from pipeline.archive.keep_archive import open_archive  # noqa: PLC0415
    from pipeline.teach import asked_words  # noqa: PLC0415

    found: list[AskedWord] = []
    for store in rules.house.store_ids:
        if has_archive(home.root, store):
            with open_archive(home.root, store, rules) as archive:
                found += asked_words(archive.view(date.max, ()), rules, days)
    return tuple(found)


def _place(file: Path, folder: Path) -> Path:
    """Return which file of the rules a changed one stands for: the form of its id, else the file of its name."""
    form = re.search(r"^form:\s*[\"']?([\w-]+)", file.read_bytes().decode("utf-8-sig", "replace"), re.MULTILINE)
    if form is None and not (folder / file.name).is_file():
        names = "、".join(sorted(path.name for path in folder.glob("*.yaml")))
        raise UsageError(f"{file.name} 不是表格规则(没有 form:),也不是规则文件的名字", f"规则文件有:{names}")
    return folder / "forms" / f"{form[1]}.yaml" if form else folder / file.name


def _last_books(home: Home, rules: Rulebook, days: int) -> dict[date, list[Book | Unreadable]]:
    """Read the originals of the last days, of each path the last, by the business day they came on."""
    from pipeline.archive.engine import has_archive  # noqa: PLC0415
    from pipeline.archive.keep_archive import open_archive  # noqa: PLC0415
    from pipeline.workers import read_books  # noqa: PLC0415

    last: dict[str, tuple[date, Path, datetime]] = {}
    for store in rules.house.store_ids:
        if not has_archive(home.root, store):
            continue
        with open_archive(home.root, store, rules) as archive:
            sent = archive.view(date.max, ()).tables["submission"]
        rows = [dict(zip(sent.names, row, strict=True)) for row in sent.rows]
        newest = max((row["on"] for row in rows), default=date.min)
        for row in rows:
            place = home.root / row["original"]
            if (newest - row["on"]).days < days and row["original"] and place.is_file():
                last[row["book"]] = (row["on"], place, row["received"])
    files = ((path, place.read_bytes(), received) for path, (_, place, received) in last.items())
    found: dict[date, list[Book | Unreadable]] = {}
    for book in read_books(files):
        found.setdefault(last[book.path][0], []).append(book)
    return found
