"""Reads numbers that name something: ID documents, credit codes, invoices, contracts."""

from __future__ import annotations

import re

from pipeline.grid import Value
from pipeline.values.meant import NOTHING, Meant
from pipeline.values.plain import half_width, text_of

_BLANKS = re.compile(r"\s+")


def read_id(value: Value) -> Meant:
    """Return an identifying number as text, letters upper case, without blanks.

    >>> read_id(" 4108 8119 9001 0112 3x ").value
    '41088119900101123X'
    """
    text = _BLANKS.sub("", half_width(text_of(value))).upper()
    return Meant(text) if text else NOTHING
