"""Telephone numbers as lookups compare them: digits with the country's code, however they were written."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_INTERNATIONAL = re.compile(r"\+[1-9](?:[0-9 .\-/]|\([1-9][0-9]*\)){6,24}").fullmatch
_NOT_DIGIT = re.compile(r"[^0-9]+")
_LONGEST = 15
_FEWEST = 5
"""Digits from which a text may be the end of a number."""
_ENOUGH = 9
"""Last digits that tell numbers apart whatever was dialled before them."""
_SHAPE = re.compile(r"(?:(?:tel|phone|mobile|mob|fax|call)?[.: ]*)[+(]*[0-9][0-9 ()./+\-‐-―]*", re.IGNORECASE).fullmatch
_EXTENSION = re.compile(r"\s*(?:ext|extension|x|kl|klapka|linka|app|poste|loc)[.:]? ?[0-9]{1,6}$|;ext=[0-9]+$|\s*#[0-9]{1,6}$", re.IGNORECASE)
_TRUNK = re.compile(r"\(\s*0\s*\)")
_DIALLED_FIRST = ("00", "011", "810", "06", "0", "8")
"""What is dialled before a number in one country or another and is no part of it."""


@lru_cache(maxsize=4096)
def value_key(value: str, country: str | None = None) -> str:
    """Give the digits a number is found by: "030 901244" in DE is "4930901244".

    `country` is the ISO code of where a number without a country code is dialled. Extensions are left out;
    what cannot be a number of that country keeps its own digits, and text without digits gives "".
    """
    if _INTERNATIONAL(value):
        digits = _NOT_DIGIT.sub("", value)
        if len(digits) <= _LONGEST:
            return digits
    return _by_plan(value, country) or _NOT_DIGIT.sub("", value)


def tails(text: str) -> tuple[str, ...]:
    """Give the digits a typed number may end with, the likeliest reading first; nothing for text of another shape.

    "+44 (0)20 7946 0958" and "011 44 20 7946 0958" both lead to "442079460958", "8 912 345-67-89" to "9123456789" too.
    """
    plain = _EXTENSION.sub("", unicodedata.normalize("NFKC", text).strip())
    if not _SHAPE(plain):
        return ()
    digits = _NOT_DIGIT.sub("", _TRUNK.sub("", plain))
    if len(digits) < _FEWEST:
        return ()
    stripped = digits.removeprefix("00").lstrip("0") or digits
    readings = [stripped]
    readings += [digits.removeprefix(first) for first in _DIALLED_FIRST if digits.startswith(first) and len(digits) - len(first) >= 7]
    readings += [digits[-_ENOUGH:]] if len(digits) > _ENOUGH else []
    return tuple(dict.fromkeys(readings))


def _by_plan(value: str, country: str | None) -> str:
    import phonenumbers

    try:
        number = phonenumbers.parse(value, country)
    except phonenumbers.NumberParseException:
        return ""
    if not phonenumbers.is_possible_number(number):
        return ""
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))[1:]
