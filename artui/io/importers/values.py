"""Cells into the staging tables' text: cleaned, checked, and quick for the hundred thousandth time."""

from __future__ import annotations

import re
from array import array
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from functools import cache
from typing import Final

from artui import money
from artui.clock import Order, date_parser
from artui.errors import BadInput
from artui.io.importers.outcome import RowFault
from artui.text import clean, clean_block, fold

NULL: Final = "\\N"
_LINE: Final = 500
_BLOCK: Final = 4000
_CENTS = re.compile(r"(-?[0-9]{1,12})\.([0-9]{2})").fullmatch
_PLAIN = re.compile(r"[!-\[\]-~]+(?: [!-\[\]-~]+)*").fullmatch
"""What `clean` and `escape` would leave as it is: most cells of most files."""
_MOST_REMEMBERED: Final = 20_000
_FEW: Final = 1 << 17
_codes: set[str] = set()
_YES: Final = frozenset(["yes", "y", "true", "t", "1", "x", "ja", "j", "ano", "a", "si", "s", "oui"])
_NO: Final = frozenset(["no", "n", "false", "f", "0", "nein", "ne", "non"])


def escape(text: str) -> str:
    """Write text for COPY; it has no control characters any more but the newlines of a block."""
    if "\\" in text:
        text = text.replace("\\", "\\\\")
    return text.replace("\n", "\\n") if "\n" in text else text


def words(cell: str, field: str, longest: int = _LINE) -> str:
    """Give a cell as one clean line, "" for none. Raises RowFault when it is too long."""
    text = cell if _PLAIN(cell) else clean(cell)
    if len(text) > longest:
        raise RowFault(field, text[:60] + "…", f"It is longer than {longest} characters.")
    return text


def optional(cell: str, field: str) -> str:
    """Give a cell as one line for COPY; NULL when nothing is left of it."""
    if not cell:
        return NULL
    if len(cell) <= _LINE and _PLAIN(cell):
        return cell
    return escape(words(cell, field)) or NULL


def block(cell: str, field: str) -> str:
    """Give a cell of several lines for COPY, NULL for an empty one."""
    text = clean_block(cell) if cell else ""
    if len(text) > _BLOCK:
        raise RowFault(field, text[:60] + "…", f"It is longer than {_BLOCK} characters.")
    return escape(text) or NULL


def days(order: Order | None) -> Callable[[str, str], str]:
    """Make a reader of days: (cell, field) to ISO text. Raises RowFault."""
    parse = date_parser(order)
    known: dict[str, str] = {}

    def read(cell: str, field: str) -> str:
        try:
            return known[cell]
        except KeyError:
            pass
        try:
            day = parse(clean(cell)).isoformat()
        except BadInput as error:
            raise RowFault(field, cell, str(error)) from None
        if len(known) >= _MOST_REMEMBERED:
            known.clear()
        known[cell] = day
        return day

    return read


class Amounts:
    """Read amounts into minor units; what rounding to the currency's decimals adds is kept in `rounding`."""

    def __init__(self, decimal: str | None) -> None:
        self._decimal = decimal
        self._cents = decimal != ","
        self._hundredths: set[str] = set()
        self.rounding: dict[str, Decimal] = {}

    def minor(self, cell: str, field: str, currency: str) -> int:
        """Give a cell in minor units. Raises RowFault."""
        if self._cents and currency in self._hundredths and (match := _CENTS(cell)):
            return int(match[1] + match[2])
        if money.digits(currency) == 2:
            self._hundredths.add(currency)
        try:
            parsed = money.parse_amount(clean(cell), decimal=self._decimal)
            if not parsed.fits(currency):
                raise RowFault(field, cell, f"It is not an amount in {currency}.")
            return self.rounded(parsed.amount, currency)
        except BadInput as error:
            raise RowFault(field, cell, str(error)) from None

    def rounded(self, amount: Decimal, currency: str) -> int:
        """Round half up to minor units and keep the difference. Raises BadInput when it is too large."""
        kept = money.round_half_up(amount, currency)
        minor = money.to_minor(kept, currency)
        if kept != amount:
            self.rounding[currency] = self.rounding.get(currency, Decimal(0)) + kept - amount
        return minor

    def number(self, cell: str, field: str) -> Decimal:
        """Give a cell as an exact number of any decimals. Raises RowFault."""
        try:
            return money.parse_amount(clean(cell), decimal=self._decimal).amount
        except BadInput as error:
            raise RowFault(field, cell, str(error)) from None


def currency(cell: str, field: str = "currency") -> str:
    """Give the currency code in a cell. Raises RowFault."""
    if cell in _codes:
        return cell
    code = clean(cell).upper()
    if not money.is_currency(code):
        raise RowFault(field, cell, "It is not the code of a currency.")
    _codes.add(code)
    return code


def yes(cell: str, field: str) -> bool:
    """Read a yes or no in one of a few languages; an empty cell is no. Raises RowFault."""
    word = fold(clean(cell))
    if word in _YES:
        return True
    if word and word not in _NO:
        raise RowFault(field, cell, "It is neither yes nor no.")
    return False


class Seen:
    """The keys met so far: a file may hold millions, so beyond some they are kept in eight bytes each."""

    def __init__(self) -> None:
        self._few: set[int] = set()
        self._slots = array("q")
        self._count = 0

    def add(self, key: object) -> bool:
        """Remember a key; tell whether it had been met before."""
        code = hash(key) or 1
        few = self._few
        if not self._slots:
            before = len(few)
            few.add(code)
            met = len(few) == before
            if before >= _FEW:
                self._rehash(few, 4 * _FEW)
                few.clear()
            return met
        met = self._put(code)
        if self._count * 2 > len(self._slots):
            self._rehash(self._slots, 2 * len(self._slots))
        return met

    def _put(self, code: int) -> bool:
        slots, mask = self._slots, len(self._slots) - 1
        place = code & mask
        while slots[place]:
            if slots[place] == code:
                return True
            place = (place + 1) & mask
        slots[place] = code
        self._count += 1
        return False

    def _rehash(self, codes: Iterable[int], size: int) -> None:
        self._slots, self._count = array("q", bytes(8 * size)), 0
        for code in codes:
            if code:
                self._put(code)


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

    named = {fold(text): code for code, text in Locale("en").languages.items() if re.fullmatch(r"[a-z]{2,3}", code)}
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
