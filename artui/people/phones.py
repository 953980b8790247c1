"""Telephone numbers as lookups compare them: digits with the country's code, however they were written."""

from __future__ import annotations

import re
from functools import lru_cache

_INTERNATIONAL = re.compile(r"\+[1-9](?:[0-9 .\-/]|\([1-9][0-9]*\)){6,24}").fullmatch
_NOT_DIGIT = re.compile(r"[^0-9]+")
_LONGEST = 15


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


def _by_plan(value: str, country: str | None) -> str:
    import phonenumbers

    try:
        number = phonenumbers.parse(value, country)
    except phonenumbers.NumberParseException:
        return ""
    if not phonenumbers.is_possible_number(number):
        return ""
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))[1:]
