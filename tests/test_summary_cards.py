"""经营汇总 › 概览, the cards: five seconds at breakfast, said in words and ▲ ▼ that a black and white print keeps."""

from __future__ import annotations

import pytest

from pipeline.facts.gather import gather
from pipeline.facts.indicators import compared
from pipeline.reports import summary
from tests.people import CHEN, SUN, WANG, ZHAO
from tests.told import view


@pytest.fixture
def cards(rules):
    """概览's cards of these records, by name."""

    def _cards(on, **tables):
        overview = summary.build(gather(view(rules, on, **tables), rules), rules).sheets[0]
        return {card.name: card for card in overview.cards}

    return _cards


def test_the_day_the_month_and_the_same_days_of_last_month_stand_on_one_card(cards):
    found = cards("11-05", visit=f"""
        visited_on | phone
        10-02      | {ZHAO}
        10-20      | {SUN}
        11-02      | {WANG}
        11-05      | {CHEN}
        11-05      |
    """)  # fmt: skip

    assert ("2 批", "本月 3 批", "▲ 多 2(上月同期 1)", "good") == (
        found["今日来店来电"].value, found["今日来店来电"].said, found["今日来店来电"].against, found["今日来店来电"].tone,
    )  # fmt: skip
    assert ("1 / 2 批", "本月 2 / 3 批") == (found["今日留档"].value, found["今日留档"].said)


def test_a_share_of_many_is_said_in_points_and_a_share_of_few_as_counts(cards):
    days = "\n".join(
        f"{month}-03 | {WANG if number < kept else ''}"
        for month, kept in (("10", 10), ("11", 15))
        for number in range(20)
    )
    found = cards("11-05", visit=f"visited_on | phone\n{days}")["今日留档"]

    assert ("0 / 0 批", "本月 75.0%(15 / 20)", "▲ 高 25 点(上月同期 50.0%)", "good") == (
        found.value, found.said, found.against, found.tone,
    )  # fmt: skip


def test_who_is_overdue_is_told_in_red_and_in_words_and_leads_to_the_list(cards):
    found = cards("11-05", customer=f"phone | first_contact_on | level\n {WANG} | 10-05 | H\n {CHEN} | 11-05 | H")[
        "逾期未跟进"
    ]

    assert ("1 位", "在跟 2 位,最久 30 天", "! 请看逾期名单", "bad", "逾期跟进 › 逾期") == (
        found.value, found.said, found.against, found.tone, str(found.to),
    )  # fmt: skip


def test_when_all_is_well_the_cards_say_so(cards):
    found = cards("11-05")

    assert ("0 位", "✓ 没有逾期", "good") == (found["逾期未跟进"].value, found["逾期未跟进"].against, found["逾期未跟进"].tone)  # fmt: skip
    assert ("0 张", "✓ 都交了", "good") == (found["本月缺交"].value, found["本月缺交"].against, found["本月缺交"].tone)


@pytest.mark.parametrize(
    ("now", "before", "said"),
    [
        (462, 305, ("▲ 增 51%(上月同期 305)", "good")),
        (150, 200, ("▼ 减 25%(上月同期 200)", "bad")),
        (6, 2, ("▲ 多 4(上月同期 2)", "good")),
        (0, 3, ("▼ 少 3(上月同期 3)", "bad")),
        (7, 7, ("持平(上月同期 7)", "")),
    ],
)
def test_a_count_is_compared_in_percent_only_where_there_are_enough(now, before, said):
    assert said == compared(now, before)
