"""Tells cells that hold no value although they are not blank: an error, a picture lying in the cell, a formula never computed."""

from __future__ import annotations

from pipeline.grid import Value
from pipeline.values.meant import Slip

# Excel's seven old errors and its newer ones; what a text file or a copy "as values" keeps of them is their text.
_ERRORS = frozenset({
    "#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!", "#GETTING_DATA", "#SPILL!", "#CALC!", "#FIELD!", "#BLOCKED!", "#BUSY!",
    "#UNKNOWN!", "#CONNECT!",
})  # fmt: skip
# WPS keeps a picture in a cell as the text of the formula that shows it.
_PICTURES = ("=DISPIMG(", "=_xlfn.DISPIMG(", "DISPIMG(", "_xlfn.DISPIMG(")
_CODES = {"uncached": "cell.uncached", "picture": "cell.picture"}


def no_value(value: Value) -> Slip | None:
    """Return the slip of a text that is an error's or a picture's, None for every other value.

    >>> no_value("#N/A"), no_value('=DISPIMG("ID_7C",1)').code, no_value("#1")
    (Slip(code='cell.error', other='', want='', readings=()), 'cell.picture', None)
    """
    if not isinstance(value, str) or value[:1] not in "#=D_":
        return None
    text = value.strip()
    if text.upper() in _ERRORS:
        return Slip("cell.error")
    return Slip("cell.picture") if text.startswith(_PICTURES) else None


def slip_of(fault: str) -> Slip:
    """Return the slip of a cell whose value the reader could not trust (`Grid.faults`)."""
    return Slip(_CODES.get(fault, "cell.error"))
