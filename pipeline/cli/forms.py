"""`forms` and `rules`: what the forms are, their blanks, and whether the YAML says what YAML may say."""

from __future__ import annotations

import click

from pipeline.cli.options import home_option
from pipeline.errors import UsageError
from pipeline.keep_home import Home


@click.group()
def forms() -> None:
    """表格:清单、字段与规则、空白表。"""


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
