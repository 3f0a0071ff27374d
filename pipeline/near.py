"""Says in words which form an unread sheet comes nearest to, what it lacks, and which of its headers may have been meant."""

from __future__ import annotations

from pipeline.model import Lack, Match
from pipeline.rulebook.rulebook import Rulebook
from pipeline.say import fill


def near_text(match: Match, rules: Rulebook) -> str:
    """Return `3月 A1 像来店(电)顾客登记表,但没有找到 销售顾问,最接近的表头是 F3 的「销售员工」`; the words stand in `wording.yaml`."""
    form, labels = rules.forms[match.runner_up[0]], match.runner_up[1]
    place = f"{match.sheet} {match.header_cell}".strip()
    lacks = [_lack(lack, rules) for lack in match.lacks]
    if not lacks and labels < form.recognise.labels:
        lacks = [_words(rules, "near.few", found=str(labels), other=str(form.recognise.labels))]
    elif not lacks:
        lacks = [_words(rules, "near.other")]
    return f"{place} {_words(rules, 'near.form', found=form.title, other=';'.join(lacks))}"


def _lack(lack: Lack, rules: Rulebook) -> str:
    code = "near.nearest" if lack.cell else "near.missing"
    return _words(rules, code, label=lack.label, found=lack.found, other=lack.cell)


def _words(rules: Rulebook, code: str, **words: str) -> str:
    return fill(rules.wording[code].say, words) if code in rules.wording else code
