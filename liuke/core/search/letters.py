"""The letter under which a name stands in an address book: that of its pinyin, surnames as surnames are read."""

from __future__ import annotations

import string

from .spelling import clean, readings

OTHERS = "#"  # names that begin with no letter
LETTERS = (*string.ascii_uppercase, OTHERS)
SURNAMES = {
    "单": "S", "仇": "Q", "曾": "Z", "解": "X", "查": "Z", "区": "O", "种": "C", "召": "S", "折": "S", "薄": "B",
    "盖": "G", "乐": "Y", "缪": "M", "朴": "P", "翟": "Z", "覃": "Q", "尉": "W", "冼": "X", "洗": "X", "员": "Y",
    "繁": "P", "秘": "B",
}  # fmt: skip


def letter_of(name: str) -> str:
    """A to Z, or `#`."""
    first = clean(name).strip()[:1]
    if not first:
        return OTHERS
    letter = SURNAMES.get(first) or readings(first)[0][0][1][:1].upper()
    return letter if letter in LETTERS else OTHERS
