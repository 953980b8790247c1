"""Countries, languages and time zones as people write them in files."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Final

from artui.text import clean, fold

_COUNTRIES: Final[Mapping[str, str]] = {
    "uk": "GB", "greatbritain": "GB", "britain": "GB", "england": "GB", "scotland": "GB", "wales": "GB", "northernireland": "GB",
    "usa": "US", "unitedstatesofamerica": "US", "america": "US", "holland": "NL", "czechrepublic": "CZ", "korea": "KR",
    "southkorea": "KR", "russia": "RU", "uae": "AE", "brd": "DE", "slovakrepublic": "SK", "cr": "CZ", "sr": "SK", "deu": "DE",
    "gbr": "GB", "fra": "FR", "cze": "CZ", "svk": "SK", "aut": "AT", "che": "CH", "esp": "ES", "ita": "IT", "pol": "PL", "can": "CA",
    "phl": "PH", "macedonia": "MK", "turkey": "TR", "burma": "MM", "ivorycoast": "CI", "swaziland": "SZ", "capeverde": "CV",
}  # fmt: skip
_LETTERS = re.compile(r"[^\w]+")


@cache
def country_code(name: str) -> str | None:
    """Give the ISO code of a country named in English, Czech, German, Spanish or French, or by its code; None when unknown."""
    bare = _LETTERS.sub("", fold(clean(name)))
    if bare in _COUNTRIES:
        return _COUNTRIES[bare]
    if len(bare) == 2 and bare.isascii():
        return bare.upper() if bare.upper() in _territories().values() else None
    return _territories().get(bare)


@cache
def _territories() -> Mapping[str, str]:
    from babel import Locale

    found: dict[str, str] = {}
    for language in ("fr", "es", "de", "cs", "en"):
        for code, name in Locale(language).territories.items():
            if len(code) == 2 and code.isalpha() and code not in ("XA", "XB", "ZZ", "EU", "EZ", "UN", "QO"):
                found[_LETTERS.sub("", fold(name))] = code
    return found


@cache
def language_code(name: str) -> str | None:
    """Give the two or three letters of a language named by its code or in English; None when unknown."""
    word = fold(clean(name))
    code = re.split(r"[-_]", word)[0]
    if re.fullmatch(r"[a-z]{2,3}", code):
        return code
    from babel import Locale

    named = {
        fold(text): code for code, text in Locale("en").languages.items() if re.fullmatch(r"[a-z]{2,3}", code)
    }
    return named.get(word)


@cache
def is_timezone(name: str) -> bool:
    """Tell whether there is a time zone of that name."""
    from zoneinfo import ZoneInfo

    try:
        ZoneInfo(name)
    except (ValueError, OSError, KeyError):
        return False
    return True
