"""A clerk's slip in the YAML is refused with its file, line and key, and the word that was probably meant; all slips at once."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from pipeline.errors import Problem, RulesError
from pipeline.read_rules import read_rules
from pipeline.rulebook.rulebook import Rulebook
from tests.spoilt import REGISTER, copied, line_of, refusal

TRACKER = "forms/level_tracker.yaml"
CARD = "forms/customer_card.yaml"
DAILY = "forms/daily_activity.yaml"
PROFILE = "forms/customer_profile.yaml"
LOAN = "forms/file_loan.yaml"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A copy of the shipped rules to spoil."""
    return copied(tmp_path)


@pytest.fixture
def refused(home: Path) -> Callable[..., tuple[Problem, ...]]:
    """Spoils the rules by (file, old text, new text) edits and returns what is said of them."""
    return partial(refusal, home)


def test_the_shipped_rules_are_sound(rules: Rulebook):
    assert {"visitor_register", "level_tracker", "customer_card", "daily_activity"} <= set(rules.forms)


# file, old, new, the text on the line that is told, key, part of the message, nearest
MISTAKES: dict[str, tuple[str, str, str, str, str, str, str]] = {
    "an unknown key of a field": (REGISTER, "missing: held", "mising: held", "mising", "above.visited_on.mising", "不认识「mising」", "missing"),
    "an unknown key of the house": ("house.yaml", "opens_at:", "opens_att:", "opens_att", "opens_att", "不认识「opens_att」", "opens_at"),
    "an unknown key of a deadline": ("house.yaml", "per: store", "pro: store", "pro: store", "deadlines.0.pro", "不认识「pro」", "per"),
    "an unknown layout": (REGISTER, "kind: list", "kind: lst", "kind: lst", "parts.visits.layout.kind", "「lst」不行", "list"),
    "an unknown meaning": (REGISTER, "is: date, missing", "is: dat, missing", "is: dat,", "above.visited_on.is", "「dat」不行", "date"),
    "a missing key": (REGISTER, "    yields: visit\n", "", "  visits:", "parts.visits.yields", "缺少这一项", ""),
    "a text where a list belongs": (REGISTER, "needs: [arrived_at, consultant]", "needs: arrived_at", "needs: arrived_at", "parts.visits.needs", "应写成列表", ""),
    "a number where a text belongs": ("house.yaml", "name: 我们店", "name: 12", "name: 12", "name", "应写成文字", ""),
    "a text where a whole number belongs": ("house.yaml", "window_days: 90", "window_days: 三月", "三月", "window_days", "应写整数", ""),
    "a text where yes or no belongs": ("privacy.yaml", "mask_phones: true", "mask_phones: 看情况", "看情况", "mask_phones", "应写 true 或 false", ""),
    "a number where a day belongs": ("house.yaml", "closed_on: []", "closed_on: [20261001]", "20261001", "closed_on.0", "应写日期", ""),
    "a day no calendar has": ("house.yaml", "closed_on: []", "closed_on: [2026-02-30]", "2026-02-30", "closed_on.0", "应写日期", ""),
    "a form that needs one label": (REGISTER, "recognise: {labels: 5}", "recognise: {labels: 1}", "labels: 1", "recognise.labels", "不能小于 2", ""),
    "a form nobody can fill": (REGISTER, "recognise: {labels: 5}", "recognise: {labels: 55}", "labels: 55", "recognise.labels", "永远认不出来", ""),
    "a comparison of three": (REGISTER, "minutes_between: [arrived_at, left_at]", "minutes_between: [arrived_at]", "[arrived_at]", "parts.visits.derive.stay_minutes.minutes_between.1", "缺少", ""),
    "an unknown kind": (REGISTER, "yields: visit", "yields: vist", "yields: vist", "parts.visits.yields", "没有「vist」这个记录种类", "visit"),
    "a part under nothing": (TRACKER, "    under: rows\n", "    under: row\n", "under: row", "parts.rounds.under", "没有「row」这个部分", "rows"),
    "a part under itself": (TRACKER, "    under: rows\n", "    under: rounds\n", "under: rounds", "parts.rounds.under", "绕了一圈", ""),
    "groups that stand nowhere": (TRACKER, "    under: rows\n", "", "kind: groups", "parts.rounds.layout.kind", "要写明 under", ""),
    "a group head without its number": (TRACKER, "第{n}次联系", "第几次联系", "第几次联系", "parts.rounds.layout.heads.2", "{n}", ""),
    "a needed field that is none": (REGISTER, "needs: [arrived_at, consultant]", "needs: [arived_at, consultant]", "arived_at", "parts.visits.needs", "没有「arived_at」", "arrived_at"),
    "an inherited field that is none": (TRACKER, "inherits: [consultant,", "inherits: [consultnt,", "consultnt", "parts.rounds.inherits", "没有「consultnt」", "consultant"),
    "a period field that is none": (REGISTER, "covers: [visited_on]", "covers: [visited]", "covers: [visited]", "covers", "没有「visited」", "visited_on"),
    "a period field of a part that is none": ("forms/test_drive.yaml", "covers: [driven_on, consultant, phone]", "covers: [driven_on, consultant, phon]", "phon]", "parts.pledge.covers", "没有「phon」", "phone"),
    "a recognition that is no yes or no": ("forms/intent_follow_up.yaml", "titled: true", "titled: maybe", "titled: maybe", "recognise.titled", "", ""),
    "an owner field that is none": (REGISTER, "owned_by: customer_name", "owned_by: custmer_name", "custmer_name", "parts.visits.owned_by", "没有「custmer_name」", "customer_name"),
    "a signature that does not close a table": (REGISTER, "recognise: {labels: 5}", "signs: [审合]\nrecognise: {labels: 5}", "signs:", "signs.0", "没有「审合」", "审核"),
    "a field no column takes": (REGISTER, "      plate: {", "      plat: {", "      plat: {", "parts.visits.fields.plat", "没有「plat」这个列", "plate"),
    "an into that is no column": (REGISTER, "into: [arrived_at, left_at]", "into: [arrived_at, left_att]", "left_att", "parts.visits.fields.stay.into", "没有「left_att」", "left_at"),
    "a range with one end": (REGISTER, "into: [arrived_at, left_at]", "into: [arrived_at]", "into: [arrived_at]", "parts.visits.fields.stay.into", "两个去处", ""),
    "a meaning its column cannot hold": (REGISTER, "is: count, wrong", "is: date, wrong", "is: date, wrong", "parts.visits.fields.party_size.is", "存的是整数", ""),
    "a code without a vocabulary": (REGISTER, "is: code, words: channel}", "is: code}", "is: code}", "parts.visits.fields.channel", "用哪一个词表", ""),
    "an unknown vocabulary": (REGISTER, "words: channel}", "words: chanel}", "chanel}", "parts.visits.fields.channel.words", "没有「chanel」这个词表", "channel"),
    "a vocabulary where none is used": (REGISTER, "is: count, wrong", "is: count, words: channel, wrong", "is: count, words", "parts.visits.fields.party_size.words", "不用词表", ""),
    "an outcome nobody knows": (TRACKER, "once: [lost]", "once: [lots]", "once: [lots]", "parts.rounds.fields.lost_reason.once", "没有「lots」", "lost"),
    "a header word that means two fields": (REGISTER, "labels: [人数,", "labels: [手机,", "labels: [手机, 来店人数", "parts.visits.fields.party_size.labels", "已经是 phone 的", ""),
    "a field without header words": (DAILY, "model: {labels: [车型, 拟购车型, 意向车型]}", "model: {is: text}", "model: {is: text}", "parts.summary.fields.model", "没有 labels", ""),
    "two verbs in a need": (REGISTER, "need: {not_future: visited_on}", "need: {not_future: visited_on, filled: phone}", "filled: phone", "parts.visits.rules.2.need", "恰好写一个动词", ""),
    "no verb in a need": (REGISTER, "need: {not_future: visited_on}", "need: {}", "need: {}", "parts.visits.rules.2.need", "零个", ""),
    "an unknown verb": (REGISTER, "{not_future: visited_on}", "{not_futur: visited_on}", "not_futur:", "parts.visits.rules.2.need.not_futur", "不认识「not_futur」", "not_future"),
    "no verb in a derivation": (REGISTER, "captured: {present: phone}", "captured: {always: true}", "captured: {always", "parts.visits.derive.captured", "零个", ""),
    "a derivation of nothing": (REGISTER, "      captured: {", "      captred: {", "captred", "parts.visits.derive.captred", "没有「captred」", "captured"),
    "a derivation from nothing": (REGISTER, "{present: phone}", "{present: phon}", "present: phon}", "parts.visits.derive.captured.present", "没有「phon」", "phone"),
    "a derivation that does not fit": (REGISTER, "captured: {present: phone}", "note: {present: phone}", "note: {present", "parts.visits.derive.note.present", "给出的是打勾", ""),
    "a code that is none": (REGISTER, "constant: walk_in", "constant: walkin", "walkin", "parts.visits.derive.channel.constant", "没有「walkin」", "walk_in"),
    "words looked for that are none": (CARD, "mentions: note, words: unreached", "mentions: note, words: unreachd", "unreachd", "parts.contacts.derive.reached.words", "没有「unreachd」", "unreached"),
    "a rule over an unknown field": (REGISTER, "not_future: visited_on", "not_future: visted_on", "visted_on", "parts.visits.rules.2.need.not_future", "没有「visted_on」", "visited_on"),
    "a rule comparing what has no order": (REGISTER, "not_after: [arrived_at, left_at]", "not_after: [visited_on, left_at]", "visited_on, left_at", "parts.visits.rules.1.need.not_after", "不能比先后", ""),
    "a rule over the wrong kind of value": (REGISTER, "not_future: visited_on", "not_future: note", "not_future: note", "parts.visits.rules.2.need.not_future", "要的是日期", ""),
    "a sum of what is no number": (REGISTER, "need: {not_future: visited_on}", "need: {adds_up: [stay_minutes, party_size, note]}", "adds_up: [", "parts.visits.rules.2.need.adds_up", "要的是整数或数字,note 是文字", ""),
    "letters counted of what is no text": (REGISTER, "not_future: visited_on", "at_most: [visited_on, 20]", "at_most: [", "parts.visits.rules.2.need.at_most", "要的是文字", ""),
    "a rule without a sentence": (REGISTER, "id: visit.future", "id: visit.futur", "visit.futur,", "parts.visits.rules.2.id", "没有句子", "visit.future"),
    "a rule written twice": (REGISTER, "id: visit.future", "id: visit.no-name", "id: visit.no-name, need: {not_future", "parts.visits.rules.2.id", "写了两次", ""),
    "a guilty cell that is none": (REGISTER, "cell: left_at", "cell: leftat", "leftat", "parts.visits.rules.1.cell", "没有「leftat」", "left_at"),
    "a condition on an unknown code": (REGISTER, "when: {visit_kind: [first,", "when: {visit_kind: [frst,", "frst", "parts.visits.rules.3.when.visit_kind", "没有「frst」", "first"),
    "a condition on an unknown field": (REGISTER, "when: {visit_kind: [", "when: {visitkind: [", "visitkind", "parts.visits.rules.3.when.visitkind", "没有「visitkind」", "visit_kind"),
    "a clerk's sentence with a slot nothing fills": (REGISTER, "{id: visit.future, need", "{id: visit.future, say: '{fund} 不对', need", "{fund}", "parts.visits.rules.2.say", "{fund}", "found"),
    "a spelling with two meanings": ("vocabulary.yaml", "[战败, F1,", "[战败, 订单,", "[战败, 订单,", "outcome.words.lost.1", "「订单」已经是 ordered 的", ""),
    "a spelling that is blank and a code": ("vocabulary.yaml", "blank: [无, 咨询新车", "blank: [首次, 咨询新车", "blank: [首次", "visit_kind.blank.0", "又算没填", ""),
    "a code written as a number": ("vocabulary.yaml", "    full: [全款", "    1: [全款", "    1: [全款", "payment.words.1", "应写成文字", ""),
    "an unknown group of row words": ("row_words.yaml", "stand_in:", "stand_on:", "stand_on", "stand_on", "没有「stand_on」", "stand_in"),
    "a sum that is no total": ("row_words.yaml", "summed: [合计, 小计", "summed: [合计, 小结", "小结", "summed.1", "要先写进 total", ""),
    "days counted from nothing": (LOAN, "counts_from: lent_on", "counts_from: lent_onn", "counts_from: lent_onn", "parts.loans.fields.due_on.counts_from", "没有「lent_onn」", "lent_on"),
    "days counted from a text": (LOAN, "counts_from: lent_on", "counts_from: reason", "counts_from: reason", "parts.loans.fields.due_on.counts_from", "不是日期", ""),
    "days counted to a text": (LOAN, "labels: [备注, 说明]}", "labels: [备注, 说明], counts_from: lent_on}", "说明], counts_from", "parts.loans.fields.note.counts_from", "只用于日期", ""),
    "a whole file of columns that are none": (PROFILE, "complete: [credit_code,", "complete: [credt_code,", "credt_code", "ledger.registers.customer_profile.complete", "没有「credt_code」", "credit_code"),
    "a block before no field": (PROFILE, "客户特征: region", "客户特征: regoin", "regoin", "parts.profile.layout.blocks.客户特征", "没有「regoin」", "region"),
    "a block of a list": (LOAN, "layout: {kind: list, rows: 20}", "layout: {kind: list, blocks: {借出: lent_on}}", "blocks:", "parts.loans.layout.blocks", "只用于 card", ""),
    "an answer of none in a date": (PROFILE, "said_none: {said_none: true}", "filed_on: {said_none: true}", "filed_on: {said_none", "parts.profile.derive.filed_on.said_none", "给出的是文字", ""),
    "one more than a text": (REGISTER, "one_more: companions", "one_more: note", "one_more: note", "parts.visits.derive.party_size.one_more", "note", ""),
    "a sentence with a slot nothing fills": ("wording.yaml", '"{label}没有填"', '"{lable}没有填"', "{lable}没有填", "missing.say", "{lable}", "label"),
    "a key of a kind that is no column": ("kinds.yaml", "phone|customer_name|plate]", "phone|customer_nam|plate]", "customer_nam|", "visit.key", "没有「customer_nam」", "customer_name"),
    "a kind dated by a text": ("kinds.yaml", "dated: [visited_on]", "dated: [note]", "dated: [note]", "visit.dated", "不是日期列", ""),
    "a column of an unknown type": ("kinds.yaml", "channel: text", "channel: txt", "channel: txt", "visit.columns.channel", "「txt」不行", "text"),
    "a deadline for no form": ("house.yaml", "form: daily_activity", "form: daily_activty", "daily_activty", "deadlines.1.form", "没有「daily_activty」", "daily_activity"),
    "an hour that is none": ("house.yaml", '"08:00"', '"8点"', "8点", "opens_at", "不是时间", ""),
    "pressing for no day": ("house.yaml", "press_days: 31", "press_days: 0", "press_days: 0", "press_days", "不能小于 1", ""),
    "an interval for no level": ("follow_up.yaml", "{O: 7, H: 2,", "{O: 7, HH: 2,", "HH: 2", "interval_days.HH", "没有「HH」这个级别", "H"),
    "an interval of no day": ("follow_up.yaml", "{O: 7, H: 2,", "{O: 7, H: 0,", "H: 0", "interval_days.H", "至少是 1", ""),
}  # fmt: skip


@pytest.mark.parametrize("slip", MISTAKES)
def test_a_slip_is_told_with_its_file_line_key_and_the_nearest_word(slip: str, home: Path, refused):
    file, old, new, marked, key, message, like = MISTAKES[slip]

    problems = refused((file, old, new))

    told = [problem for problem in problems if problem.key == key]
    assert [(f"rules/{file}", line_of(home, file, marked), like)] == [
        (each.file, each.line, each.nearest) for each in told
    ]
    assert message in told[0].message
    # Nothing else is blamed, save what hangs on a renamed part, column or spelling.
    assert (
        all(problem.file == f"rules/{file}" for problem in problems) or old.startswith("[战败") or file == "kinds.yaml"
    )


def test_every_slip_of_every_file_is_told_at_once(refused):
    problems = refused(
        (REGISTER, "needs: [arrived_at, consultant]", "needs: [arived_at, consultant]"),
        (TRACKER, "is: phone, missing", "is: phon, missing"),
        ("house.yaml", "opens_at:", "opens_att:"),
        ("vocabulary.yaml", "[战败, F1,", "[战败, 订单,"),
    )

    assert [
        "rules/forms/level_tracker.yaml",
        "rules/forms/visitor_register.yaml",
        "rules/house.yaml",
        "rules/vocabulary.yaml",
    ] == [each.file for each in problems]


def test_a_form_that_cannot_be_read_is_not_also_said_to_be_missing(refused):
    (problem,) = refused((DAILY, "recognise: {labels: 4}", "recognize: {labels: 4}"))

    assert ("recognize", "recognise") == (problem.key, problem.nearest)


def test_a_vocabulary_that_cannot_be_read_is_not_also_said_to_be_missing(refused):
    (problem,) = refused(("vocabulary.yaml", "unreached:\n  contains: true", "unreached:\n  contain: true"))

    assert ("unreached.contain", "contains") == (problem.key, problem.nearest)


def test_people_of_the_house_are_told_apart(home: Path, refused):
    twice = "consultants:\n  - {name: 李明, aliases: [小李]}\n  - {name: 李亮, aliases: [小李]}\n"

    (problem,) = refused(("house.yaml", "consultants: []", twice))

    assert ("consultants.1.aliases", line_of(home, "house.yaml", "李亮")) == (problem.key, problem.line)
    assert "小李" in problem.message


def test_a_person_of_a_store_that_is_none_and_a_target_for_nobody_are_told(refused):
    problems = refused(
        ("house.yaml", "stores: []", "stores: [{id: east, folders: [东店]}, {id: west, folders: [东店]}]"),
        ("house.yaml", "consultants: []", "consultants: [{name: 李明, store: eest}]"),
        ("targets.yaml", "\nconsultants: {}", "\nconsultants: {李朋: {prospects: 1, conversions: 1}}"),
        ("targets.yaml", "least: 3, consultants: {}", "least: 3, consultants: {李敏: 2}"),
    )

    assert {
        ("consultants.0.store", "east"), ("stores.1.folders", ""), ("consultants.李朋", "李明"), ("daily.consultants.李敏", "李明"),
    } == {(each.key, each.nearest) for each in problems}  # fmt: skip


def test_a_daily_goal_counts_calendar_or_working_days_and_never_asks_for_less_than_nothing(refused):
    problems = refused(("targets.yaml", "{count: calendar, least: 3", "{count: workdays, least: -3"))

    assert {("daily.count", ""), ("daily.least", "")} == {(each.key, each.nearest) for each in problems}
    assert {"「workdays」不行,只能写 calendar、working", "不能小于 0"} == {each.message for each in problems}


def test_a_form_brings_its_own_record_kind(home: Path, refused):
    own = "kinds:\n  bonus: {title: 奖金, columns: {paid_on: date, note: text}, key: [paid_on], dated: [paid_on]}\n"
    form = "form: bonus\ntitle: 奖金表\nrecognise: {labels: 2}\nparts:\n  rows:\n    layout: {kind: list}\n    yields: bonus\n"
    fields = "    fields: {paid_on: {labels: [日期], is: date}, note: {labels: [备注]}}\n"
    (home / "forms" / "bonus.yaml").write_text(form + fields + own, "utf-8")

    assert "奖金" == read_rules(home).kinds["bonus"].title

    (problem,) = refused(
        ("forms/bonus.yaml", "  bonus: {title", "  visit: {title"),
        ("forms/bonus.yaml", "yields: bonus", "yields: visit"),
    )
    assert "kinds.visit" == problem.key


def test_a_clerks_rule_on_trial_with_a_sentence_of_her_own_is_taken(home: Path):
    text = (home / REGISTER).read_text("utf-8")
    rule = "    rules:\n      - {id: ours.party, need: {between: [party_size, 1, 9]}, trial: true, say: '{label}写了 {found}'}\n"
    (home / REGISTER).write_text(text.replace("    rules:\n", rule, 1), "utf-8")

    assert "ours.party" == read_rules(home).forms["visitor_register"].parts["visits"].rules[0].id


def test_words_are_words_and_never_patterns(home: Path):
    text = (home / "vocabulary.yaml").read_text("utf-8")
    (home / "vocabulary.yaml").write_text(text.replace("[全款,", "['全.*款(', 全款,", 1), "utf-8")

    payment = read_rules(home).vocabulary["payment"]

    assert ("full", None) == (payment.code("全.*款("), payment.code("全部的款"))


def test_an_item_prints_only_what_has_a_printed_column(refused):
    (problem,) = refused(("forms/routine_check.yaml", "text: 值班顾问在接待位置, scale: 5/0, prints: {interval: 1次/天", "text: 值班顾问在接待位置, scale: 5/0, prints: {intervall: 1次/天"))  # fmt: skip

    assert ("parts.items.items.10.prints", "interval") == (problem.key, problem.nearest)


def test_a_rule_changed_between_two_nights_of_one_process_counts_at_once_and_back_again(home: Path):
    house = home / "house.yaml"
    as_it_was = house.read_text("utf-8")
    first = read_rules(home)
    house.write_text(as_it_was.replace("consultants:", "consultants: [{name: 李明}]\n#", 1), "utf-8")

    assert ["李明"] == [person.name for person in read_rules(home).house.consultants]
    house.write_text(as_it_was, "utf-8")
    assert first == read_rules(home)


def test_rules_that_say_what_they_said_are_not_made_out_again_and_a_slip_among_them_is_still_refused(home: Path):
    house = home / "house.yaml"
    as_it_was = house.read_text("utf-8")
    first = read_rules(home)
    assert first is read_rules(home)
    house.write_text(as_it_was + "nonsense: 1\n", "utf-8")
    for _ in range(2):
        with pytest.raises(RulesError):
            read_rules(home)
    house.write_text(as_it_was, "utf-8")
    (home / "forms" / "own.yml").write_text("", "utf-8")
    with pytest.raises(RulesError):
        read_rules(home)


def test_what_is_made_of_the_rules_is_made_once_and_anew_for_other_rules(rules: Rulebook):
    made: list[Rulebook] = []
    own = rules.model_copy()
    for _ in range(2):
        own.once(made.append)
    other = own.model_copy(update={"house": own.house.model_copy(update={"consultants": ()})})
    other.once(made.append)
    assert [own, other] == made
    assert (True, {}) == (len(own.aliases) == len(rules.aliases), dict(other.aliases))


def test_rules_that_were_worked_with_are_sent_to_another_process_without_what_was_made_of_them(rules: Rulebook):
    own = rules.model_copy()
    own.once(lambda _: open)

    assert own.text
    assert rules == pickle.loads(pickle.dumps(own))  # noqa: S301 - our own words
    assert len(pickle.dumps(rules.model_copy())) == len(pickle.dumps(own))
