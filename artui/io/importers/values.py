"""Cells into the staging tables' text: cleaned, checked, and quick for the hundred thousandth time."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
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
