"""Checks what part-timers are paid: rates under which a day costs its worker money, or nobody earns anything."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.rulebook.checks.fault import Fault
from pipeline.rulebook.rulebook import Rulebook


def check_outreach(rules: Rulebook) -> Iterator[Fault]:
    """Yield rates of `outreach.yaml` that contradict each other."""
    pay = rules.outreach
    if not (pay.day_pay or pay.phone_pay or pay.leaflet_pay):
        yield Fault("outreach", ("day_pay",), "单价、电话提成、传单提成都是 0,谁也没有工资")
    if pay.short_day_deduction > pay.day_pay:
        said = f"电话不够的一天扣 {pay.short_day_deduction:g} 元,比单价 {pay.day_pay:g} 元还多"
        yield Fault("outreach", ("short_day_deduction",), said)
    if pay.short_day_deduction and not pay.least_phones:
        yield Fault(
            "outreach", ("short_day_deduction",), "least_phones 是 0,没有一天会不够;不扣请把 short_day_deduction 写成 0"
        )
