"""Makes two spellings equal: labels, words and names as people write them, compared as one.

The door to rapidfuzz. Free text is never rewritten with NFKC (`①` in a note stays `①`); only what is compared is.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import lru_cache

from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

# Zero-width and byte-order characters that NFKC keeps (domain 4, case 49).
_INVISIBLE = dict.fromkeys([0x200B, 0x200C, 0x200D, 0x200E, 0x200F, 0x2060, 0xFEFF, 0x00AD])
# Cyrillic and Greek letters that look like the Latin level letters (domain 4, case 23); NFKC does not map them.
_LOOK_ALIKES = str.maketrans("АВСЕНКМОРТХаеорсхΑΒΕΗΚΜΟΡΤΧ", "ABCEHKMOPTXaeopcxABEHKMOPTX")
_BRACKETED = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|【[^【】]*】")
_SHORT = 9  # digits of a phone that has no area code
_LONG_NUMBER = re.compile(r"\d{9,}")
_MOBILE = re.compile(r"(?<!\d)1[3-9]\d[ -]?\d{4}[ -]?\d{4}(?!\d)")
_ID_NUMBER = re.compile(r"(?<!\d)[1-9]\d{5}(?:19|20)\d{9}[\dXx](?!\d)")
_LABEL_NOISE = re.compile(r"[\s*:;,.。、_\-—/\\|'\"“”‘’?!#()\[\]【】<>《》]+")


def clean(value: object) -> str:
    """Return text as a person sees it: no invisible characters, no-break spaces as spaces, outer blanks gone."""
    text = value if isinstance(value, str) else str(value)
    return text if text.isalnum() else _clean(text)  # letters and digits alone are clean already


@lru_cache(maxsize=8192)
def _clean(text: str) -> str:
    return text.translate(_INVISIBLE).replace("\xa0", " ").strip()


@lru_cache(maxsize=8192)
def squeeze(text: str) -> str:
    r"""Return the form in which two labels are compared.

    >>> squeeze("客 户\n姓 名(必填)*：") == squeeze("客户姓名")
    True
    """
    flat = unicodedata.normalize("NFKC", text.translate(_INVISIBLE))
    bare = _LABEL_NOISE.sub("", _BRACKETED.sub("", flat))
    # A label that is nothing but its brackets, such as "(日期)", keeps what stands in them.
    return (bare or _LABEL_NOISE.sub("", flat)).casefold()


def narrow(text: str) -> str:
    """Return a code as Latin half-width letters and digits: `Ｈ级` → `H级`, Cyrillic `А` → `A`.

    >>> narrow("Ｈ ")
    'H'
    """
    return unicodedata.normalize("NFKC", clean(text)).translate(_LOOK_ALIKES).strip()


def width(text: object) -> int:
    """Return the columns a text takes on screen and paper, a 汉字 counted as two.

    >>> width("电话ab")
    6
    """
    said = str(text)
    return len(said) if said.isascii() else _width(said)


class _Letters(dict[str, int]):
    """The columns of each letter, asked once: texts have few letters."""

    def __missing__(self, letter: str) -> int:
        columns = self[letter] = 2 if unicodedata.east_asian_width(letter) in "WF" else 1
        return columns


_LETTERS = _Letters()


@lru_cache(maxsize=16384)
def _width(text: str) -> int:
    return sum(map(_LETTERS.__getitem__, text))


def nearest(word: str, known: Iterable[str], *, cutoff: float = 55.0) -> str:
    """Return the known word most like the given one, or '' if none is near."""
    found = process.extractOne(word, list(known), scorer=fuzz.ratio, score_cutoff=cutoff)
    return found[0] if found else ""


def likest(words: Iterable[str], known: Iterable[str], *, cutoff: float = 60.0) -> str:
    """Return which of the known texts is most like any of the words, or '' if none is near.

    >>> likest(["销售顾问", "销售员"], ["备注", "销售员工"])
    '销售员工'
    """
    texts, best = list(known), ("", cutoff)
    for word in words:
        found = process.extractOne(word, texts, scorer=fuzz.ratio, score_cutoff=best[1])
        if found and (found[1] > best[1] or not best[0]):
            best = (found[0], found[1])
    return best[0]


def meant_by(word: str, meanings: Mapping[str, str], *, cutoff: float = 55.0) -> tuple[str, str]:
    """Return the spelling most like a word and what it means; two blanks where none is near or the nearest mean two things.

    >>> meant_by("电销邀越", {"邀约": "return", "电销邀约": "return", "首次": "first"})
    ('电销邀约', 'return')
    """
    near = process.extract(word, list(meanings), scorer=fuzz.ratio, score_cutoff=cutoff, limit=None)
    best = [spelling for spelling, score, _ in near if score == near[0][1]]
    means = {meanings[spelling] for spelling in best}
    return (best[0], means.pop()) if len(means) == 1 else ("", "")


def alike(one: str, other: str) -> float:
    """Return how like two words are, from 0 to 100: the share of letters they have in common in order."""
    return fuzz.ratio(one, other)


def one_slip(written: str, known: str) -> str:
    """Return the one slip of the finger that makes `written` of `known`: short, long, other, swapped; '' where it takes more, or none.

    >>> one_slip("1380000111", "13800001111"), one_slip("13800001112", "13800001111"), one_slip("13800010111", "13800001111")
    ('short', 'other', 'swapped')
    """
    if OSA.distance(written, known, score_cutoff=1) != 1:
        return ""
    if len(written) != len(known):
        return "short" if len(written) < len(known) else "long"
    return "other" if sum(one != two for one, two in zip(written, known, strict=True)) == 1 else "swapped"


def mask(phone: str | None) -> str | None:
    """Return a phone as others may see it: the middle four digits hidden, and all but two of one too short for that.

    >>> mask("13800001111"), mask("02888880000"), mask("888800")
    ('138****1111', '028****0000', '****00')
    """
    if not phone:
        return None
    return f"{phone[:-8]}****{phone[-4:]}" if len(phone) > _SHORT else f"{'*' * (len(phone) - 2)}{phone[-2:]}"


def mask_id(number: str | None) -> str | None:
    """Return an ID number as others may see it: the first three and the last four letters, all of it hidden where it is short.

    >>> mask_id("410881199001015432"), mask_id("E12345")
    ('410***********5432', '******')
    """
    if not number:
        return None
    return f"{number[:3]}{'*' * (len(number) - 7)}{number[-4:]}" if len(number) > _SHORT else "*" * len(number)


def mask_in(text: str) -> str:
    """Return free text with every mobile number in it masked, and every other run of digits long enough to be one mistyped or an ID number.

    >>> mask_in("改打他太太 138-0000-1111"), mask_in("电话「136000047499」位数不对")
    ('改打他太太 138****1111', '电话「1360****7499」位数不对')
    """
    known = _MOBILE.sub(lambda found: str(mask(re.sub(r"\D", "", found[0]))), text)
    return _LONG_NUMBER.sub(lambda found: str(mask(found[0])), known)


def mask_who(text: str) -> str:
    """Return text with mobile numbers and ID numbers masked, and every other number in it (an invoice's, a contract's) as it stands.

    >>> mask_who("李女士13800001111,身份证 410881199001015432,发票 24312000000123456789")
    '李女士138****1111,身份证 410***********5432,发票 24312000000123456789'
    """
    if len(text) <= _SHORT:
        return text
    known = _ID_NUMBER.sub(lambda found: str(mask_id(found[0])), text)
    return _MOBILE.sub(lambda found: str(mask(re.sub(r"\D", "", found[0]))), known)
