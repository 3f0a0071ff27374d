"""Checks a form's place in 其他台账: whether its registers name kinds, columns and codes that exist."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pipeline.rulebook.checks.fault import Fault, Keys, unknown
from pipeline.rulebook.form import Form, Kind
from pipeline.rulebook.ledger import Due, Register
from pipeline.rulebook.rulebook import Rulebook


def check_ledgers(rules: Rulebook) -> Iterator[Fault]:
    """Yield what is wrong with the registers of every form."""
    for form in rules.forms.values():
        for kind, register in form.ledger.registers.items() if form.ledger else ():
            place: Keys = (form.form, "ledger", "registers", kind)
            if kind not in {part.yields for part in form.parts.values()}:
                yield unknown("forms", place, "记录种类(这张表里)", kind, {part.yields for part in form.parts.values()})
            elif kind in rules.kinds:
                yield from _register(form, rules.kinds[kind], register, place)


def _register(form: Form, kind: Kind, register: Register, place: Keys) -> Iterator[Fault]:
    yield from _known(kind, register.show, (*place, "show"))
    yield from _known(kind, register.complete, (*place, "complete"))
    for number, due in enumerate(register.due):
        yield from _due(kind, due, (*place, "due", number))
    if register.chain:
        chain = register.chain
        names = (*chain.per, chain.step, chain.done, *((chain.answer,) if chain.answer else ()))
        yield from _known(kind, names, (*place, "chain"))
        if not any(part.items for part in form.parts.values() if part.yields == place[-1]):
            yield Fault("forms", (*place, "chain"), "先后步骤要有一部分是 checklist,它的 items 就是顺序")


def _due(kind: Kind, due: Due, place: Keys) -> Iterator[Fault]:
    yield from _known(kind, (due.on, *due.last_of, *due.when, *due.after_by), place)
    yield from _known(kind, (due.done,) if due.done else (), (*place, "done"))
    if kind.columns.get(due.on, "date") != "date":
        yield Fault("forms", (*place, "on"), f"{due.on} 不是日期列")
    if due.after and due.after_by:
        yield Fault("forms", place, "after 和 after_by 只写一个")


def _known(kind: Kind, names: Iterable[str], place: Keys) -> Iterator[Fault]:
    return (unknown("forms", place, "列", name, kind.columns) for name in names if name not in kind.columns)
