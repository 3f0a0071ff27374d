"""The command `daybook`: its options, and how an error of ours becomes a sentence and an exit code."""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import Any

import click

from pipeline import __version__
from pipeline.errors import PipelineError

# Each command's file is loaded only when it is asked for, so that --help costs nothing.
_COMMANDS = {
    "run": ("night", "run", "跑一整夜:收表、检查、归档、出报表、退回"),
    "check": ("look", "check", "看看这些文件会被怎么说,不写任何东西"),
    "identify": ("look", "identify", "每张工作表是哪种表,差在哪里"),
    "report": ("night", "report", "按归档重做某天的报表"),
    "export": ("records", "export", "每种记录导出一张表"),
    "status": ("records", "status", "最近几夜和归档概况"),
    "history": ("people", "history", "一位客户的全部记录,按时间排"),
    "trace": ("people", "trace", "一条记录的来历和以后的每次改动"),
    "erase": ("privacy", "erase", "按本人要求删除一位客户的全部资料"),
    "purge": ("privacy", "purge", "清理到期的客户资料"),
    "verify": ("records", "verify", "核对数据库、原件指纹和记录数"),
    "doctor": ("records", "doctor", "看看哪里会出毛病,怎么办"),
    "undo": ("night", "undo", "撤销一夜,以前的样子回来"),
    "backup": ("backups", "backup", "把档案和规则备份到另一块盘"),
    "restore": ("backups", "restore", "从备份恢复,先把现在的另存一份"),
    "forms": ("forms", "forms", "表格:清单、字段与规则、空白表"),
    "rules": ("forms", "rules", "检查规则文件,试一试改动"),
    "schedule": ("schedule", "schedule", "每晚自动运行:打印或加上定时任务"),
    "init": ("homes", "init", "新建一个目录"),
    "demo": ("homes", "demo", "造一个演示目录,一夜一夜跑给你看"),
}


class Commands(click.Group):
    """The group that loads a command's file when it is called, and turns our errors into exit codes."""

    def list_commands(self, _ctx: click.Context) -> list[str]:
        """Return the commands in the order a day has them."""
        return list(_COMMANDS)

    def get_command(self, _ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Load and return the command."""
        if cmd_name not in _COMMANDS:
            return None
        module, name, _ = _COMMANDS[cmd_name]
        found = getattr(importlib.import_module(f"pipeline.cli.{module}"), name)
        assert isinstance(found, click.Command)
        return found

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands from their short helps alone, loading none."""
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl([(name, short) for name, (_, _, short) in _COMMANDS.items()])

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; a PipelineError is one sentence on stderr and its exit code."""
        try:
            return super().invoke(ctx)
        except PipelineError as error:
            click.echo(str(error), err=True)
            ctx.exit(error.exit_code)


@click.group(name="daybook", cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--home", type=click.Path(path_type=Path, file_okay=False), default=Path(), envvar="DAYBOOK_HOME", show_default="当前目录",
    help="Daybook 的目录(rules、inbox、outbox、archive 都在里面)",
)  # fmt: skip
@click.version_option(__version__, prog_name="daybook")
@click.pass_context
def main(ctx: click.Context, home: Path) -> None:
    """夜账 Daybook:填好的表收进来,该退的退回,其余归档,早上出报表。"""
    ctx.obj = home
