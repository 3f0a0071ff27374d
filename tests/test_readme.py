"""README cannot lie: its command and form tables are what the program says. `DAYBOOK_ACCEPT=1 pytest tests/test_readme.py` writes them anew."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from pipeline.cli.main import main
from pipeline.describe import form_text, forms_table

ROOT = Path(__file__).parent.parent
README = ROOT / "README.md"


def said(*arguments: str) -> str:
    result = CliRunner().invoke(main, ["--home", str(ROOT), *arguments])
    assert 0 == result.exit_code, result.output
    return result.output.rstrip()


def blocks() -> dict[str, str]:
    return {"commands": f"```\n{said('--help')}\n```", "forms": said("forms", "list", "--markdown")}


@pytest.mark.parametrize("name", ["commands", "forms"])
def test_the_readme_says_what_the_program_says(name):
    text = README.read_text("utf-8")
    pattern = re.compile(rf"(<!-- {name}:[^\n]*-->\n)(.*?)(<!-- /{name} -->)", re.DOTALL)
    wanted = f"{blocks()[name]}\n"
    if os.environ.get("DAYBOOK_ACCEPT"):
        README.write_text(pattern.sub(lambda found: found[1] + wanted + found[3], text), "utf-8")
        return

    assert wanted == "".join(found[2] for found in pattern.finditer(text))


def test_every_command_has_help_in_chinese():
    context = main.make_context("daybook", ["--home", str(ROOT), "status"])
    for name in main.list_commands(context):
        command = main.get_command(context, name)
        assert command is not None
        assert re.search("[\u4e00-\u9fff]", command.get_short_help_str()), name


def test_every_form_is_shown_with_its_fields_and_rules(rules):
    table = forms_table(rules, markdown=False)
    for name, form in rules.forms.items():
        assert name in table
        text = form_text(rules, name)
        assert all(
            spec.labels[0] in text for part in form.parts.values() for spec in part.fields.values() if spec.labels
        )
        assert all(rule.id in text for part in form.parts.values() for rule in part.rules)


def test_the_table_of_forms_names_each_field_and_rule(rules):
    rows = dict(
        re.findall(r"^\| (\w+) \| (.*)$", forms_table(rules, markdown=True).partition("<details>")[2], re.MULTILINE)
    )

    assert "**发票号码**" in rows["invoice_receipt"]
    assert "invoice.sum?, invoice_receipt.no-customer," in rows["invoice_receipt"]
    assert {*rules.forms, "form"} == set(rows)
