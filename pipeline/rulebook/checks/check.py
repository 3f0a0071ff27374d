"""Asks all cross checks of a Rulebook at once."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from pipeline.rulebook.checks.fault import Fault
from pipeline.rulebook.checks.fields import check_fields
from pipeline.rulebook.checks.ledgers import check_ledgers
from pipeline.rulebook.checks.outreach import check_outreach
from pipeline.rulebook.checks.parts import check_forms, check_part
from pipeline.rulebook.checks.scope import scopes
from pipeline.rulebook.checks.stock import check_stock
from pipeline.rulebook.checks.store import check_house, check_kinds, check_settings
from pipeline.rulebook.checks.verbs import check_derive, check_rules
from pipeline.rulebook.checks.words import check_words
from pipeline.rulebook.rulebook import Rulebook


def check(rules: Rulebook, doubtful: Mapping[str, Collection[str]]) -> Iterator[Fault]:
    """Yield every contradiction; `doubtful` gives, by file, names that stand there but could not be read, so that nobody is told they are missing."""

    def named(file: str, sound: Collection[str]) -> frozenset[str]:
        return frozenset((*sound, *doubtful.get(file, ())))

    vocabularies, sentences = named("vocabulary", rules.vocabulary), named("wording", rules.wording)
    yield from check_house(rules, named("forms", rules.forms))
    yield from check_settings(rules)
    yield from check_outreach(rules)
    yield from check_stock(rules)
    yield from check_kinds(rules)
    yield from check_words(rules, vocabularies)
    yield from check_forms(rules, named("kinds", rules.kinds))
    yield from check_ledgers(rules)
    for scope in scopes(rules):
        yield from check_part(scope)
        yield from check_fields(scope, rules, vocabularies)
        yield from check_derive(scope, rules, vocabularies)
        yield from check_rules(scope, rules, sentences)
