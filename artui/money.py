"""Amounts: exact Decimals outside the database, whole minor units inside, never float."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from decimal import ROUND_HALF_UP, Context, Decimal, Inexact, InvalidOperation
from functools import cache
from typing import Final, NamedTuple

from artui.errors import BadInput

MAX_DIGITS: Final = 15
MAX_MINOR: Final = 10**MAX_DIGITS - 1

# The process-wide decimal context belongs to whoever imported us; exactness must not depend on it.
_EXACT = Context(prec=60, rounding=ROUND_HALF_UP, traps=[InvalidOperation, Inexact])
_ROUNDING = Context(prec=60, rounding=ROUND_HALF_UP, traps=[InvalidOperation])

# CLDR gives the decimals people still print; invoices and banks keep those of ISO 4217.
_ISO_DIGITS: Final = {"IQD": 3} | dict.fromkeys(
    ["AFN", "ALL", "IRR", "KPW", "LAK", "LBP", "MGA", "MMK", "RSD", "SLL", "SOS", "SYP", "YER"], 2
)
_CODE = re.compile(r"[A-Z]{3}")
_known: dict[str, int] = {}


def know(currencies: Mapping[str, int]) -> None:
    """Remember the minor digits of the database's currency table, code to digits."""
    _known.update(currencies)


def digits(currency: str) -> int:
    """Tell how many decimals a currency has: JPY 0, KWD 3, 2 where nothing else is known."""
    known = _known.get(currency)
    return _published_digits(currency) if known is None else known


def is_currency(code: str) -> bool:
    """Tell whether the code is one of the database's or of ISO 4217, past ones included."""
    return code in _known or code in _published_codes()


def read_currency(text: str) -> str:
    """Read the code of a currency as somebody types it. Raises BadInput."""
    code = text.strip().upper()
    if not is_currency(code):
        raise BadInput(f"{text!r} is no currency.", "Type its three letters, such as USD.")
    return code


@cache
def _published_digits(currency: str) -> int:
    if not _CODE.fullmatch(currency):
        raise BadInput(f"{currency!r} is not a currency code.", "Use three capitals such as USD.")
    if currency in _ISO_DIGITS:
        return _ISO_DIGITS[currency]
    from babel.core import get_global

    fractions = get_global("currency_fractions")
    return int(fractions.get(currency, fractions["DEFAULT"])[0])


@cache
def _published_codes() -> frozenset[str]:
    from babel.core import get_global

    return frozenset(get_global("all_currencies"))


@cache
def _unit(places: int) -> Decimal:
    return Decimal(1).scaleb(-places)


def _finite(amount: Decimal) -> Decimal:
    if not isinstance(amount, Decimal) or not amount.is_finite():
        raise BadInput(f"{amount!r} is not an amount.", "Amounts are finite decimal numbers.")
    return amount or amount.copy_abs()


def _exactly(amount: Decimal, currency: str) -> Decimal:
    amount = _finite(amount)
    places = digits(currency)
    try:
        return amount.quantize(_unit(places), context=_EXACT)
    except Inexact:
        raise BadInput(
            f"{amount:f} has more decimals than {currency} ({places}).", "Round it first."
        ) from None
    except InvalidOperation:
        raise _too_large(f"{amount:.6g}") from None


def _too_large(shown: str) -> BadInput:
    return BadInput(f"{shown} is too large: amounts have at most {MAX_DIGITS} digits.", "Check the figure.")


def to_minor(amount: Decimal, currency: str) -> int:
    """Give the amount in whole minor units; BadInput when it does not fit exactly."""
    exact = _exactly(amount, currency)
    minor = int(exact.scaleb(digits(currency), context=_EXACT))
    if not -MAX_MINOR <= minor <= MAX_MINOR:
        raise _too_large(f"{exact:f}")
    return minor


def from_minor(minor: int, currency: str) -> Decimal:
    """Give minor units as an amount with exactly the currency's decimals."""
    return Decimal(minor).scaleb(-digits(currency), context=_EXACT)


def round_half_up(amount: Decimal, currency: str) -> Decimal:
    """Round to the currency's decimals, halves away from zero."""
    try:
        rounded = _finite(amount).quantize(_unit(digits(currency)), context=_ROUNDING)
    except InvalidOperation:
        raise _too_large(f"{amount:.6g}") from None
    return rounded or rounded.copy_abs()


def by_currency(amounts: Iterable[tuple[str, Decimal]]) -> dict[str, Decimal]:
    """Add amounts up, each with its currency, per currency in the order of their codes."""
    sums: dict[str, Decimal] = {}
    for currency, amount in amounts:
        sums[currency] = sums.get(currency, Decimal(0)) + amount
    return dict(sorted(sums.items()))


def plain(amount: Decimal, currency: str) -> str:
    """Write the amount for JSON and files, "5725.06"; BadInput when digits would be lost."""
    return f"{_exactly(amount, currency):f}"


def display(amount: Decimal, currency: str) -> str:
    """Write the amount for people, "-48 200.00"; surplus decimals are shown, never cut."""
    return _grouped(_finite(amount), digits(currency))


def spoken(amount: Decimal, currency: str = "") -> str:
    """Write the amount for a sentence: "USD 48 200.00", or with its own decimals without a currency."""
    return f"{currency} {display(amount, currency)}" if currency else _grouped(_finite(amount), 0)


def _grouped(amount: Decimal, least: int) -> str:
    exponent = amount.as_tuple().exponent
    places = max(least, -exponent) if isinstance(exponent, int) else least
    return f"{amount:,.{places}f}".replace(",", " ")


class ParsedAmount(NamedTuple):
    """An amount as read, and what the text said about its currency.

    `currency` is a code only where the text is certain; "$", "¥" or "kr" stay in `symbol`.
    """

    amount: Decimal
    currency: str | None = None
    symbol: str = ""

    def fits(self, currency: str) -> bool:
        """Tell whether the text can mean this currency; text that names none fits all."""
        if self.currency is not None:
            return self.currency == currency
        return not self.symbol or currency in _SYMBOLS.get(self.symbol, "").split()


# Where one sign serves several currencies the text cannot decide between them.
_SYMBOLS: Final = {
    "$": "USD CAD AUD NZD HKD SGD TWD MXN ARS CLP COP BBD BMD BND BSD BZD FJD JMD KYD LRD NAD SBD TTD XCD",
    "US$": "USD", "C$": "CAD", "CA$": "CAD", "A$": "AUD", "AU$": "AUD", "NZ$": "NZD", "HK$": "HKD",
    "S$": "SGD", "NT$": "TWD", "MX$": "MXN", "R$": "BRL", "€": "EUR", "£": "GBP", "¥": "JPY CNY",
    "￥": "JPY CNY", "円": "JPY", "元": "CNY", "Kč": "CZK", "Kc": "CZK", "₱": "PHP", "zł": "PLN", "₹": "INR", "₩": "KRW",
    "₫": "VND", "฿": "THB", "₺": "TRY", "₴": "UAH", "₽": "RUB", "₦": "NGN", "₪": "ILS", "₲": "PYG",
    "₡": "CRC", "₸": "KZT", "₵": "GHS", "₾": "GEL", "Ft": "HUF", "kr": "SEK NOK DKK ISK", "kr.": "DKK",
    "Fr.": "CHF", "Rs": "INR PKR LKR NPR MUR", "Rs.": "INR PKR LKR NPR MUR", "RM": "MYR", "Rp": "IDR",
    "лв": "BGN", "лв.": "BGN",
}  # fmt: skip
_NAMED = "|".join(re.escape(s) for s in sorted(_SYMBOLS, key=len, reverse=True)) + r"|[A-Z]{3}(?![A-Za-z])"
_SHAPE = re.compile(
    rf"(?P<s1>[-+])? *+(?P<c1>{_NAMED})? *+(?P<s2>[-+])? *+(?P<open>\()? *+(?P<c2>{_NAMED})? *+"
    rf"(?P<s3>[-+])? *+(?P<number>[0-9., ']*[0-9][.,]?)(?P<whole>(?<=[.,])-)? *+"
    rf"(?P<s4>[-+])? *+(?P<c3>{_NAMED})? *+(?P<close>\))? *+(?P<c4>{_NAMED})? *+"
    rf"(?P<s5>[-+]|[CcDd][Rr])? *+(?P<c5>{_NAMED})?"
)
_ALIKE = str.maketrans(
    {c: " " for c in "\u00a0\u2007\u2009\u200a\u202f"}
    | {c: "-" for c in "\u2010\u2011\u2013\u2212"}
    | {"\u2019": "'", "\u02bc": "'"}
)
_PLAIN: Final[dict[str | None, Callable[[str], object]]] = {
    None: re.compile(r"-?[0-9]{1,13}(?:\.[0-9]{1,2})?").fullmatch,
    ".": re.compile(r"-?[0-9]{1,11}(?:\.[0-9]{1,4})?").fullmatch,
    ",": re.compile(r"-?[0-9]{1,13}").fullmatch,
}


def parse_amount(text: str, *, decimal: str | None = None, lenient_grouping: bool = False) -> ParsedAmount:
    """Read an amount as people and banks write it; BadInput when it is none or could be two.

    `decimal` is the decimal mark, "." or ","; without it the mark is inferred where only one reading
    is possible. Groups are in threes unless `lenient_grouping`. CR and parentheses mean negative.
    """
    if decimal not in _PLAIN:
        raise BadInput(f"{decimal!r} is not a decimal mark.", "Use --decimal . or --decimal ,")
    if _PLAIN[decimal](text):
        amount = Decimal(text)
        return ParsedAmount(amount or amount.copy_abs())
    return _read(text, decimal, lenient_grouping)


def _shown(text: str) -> str:
    return repr(text if len(text) <= 40 else text[:39] + "…")


def _refusal(text: str) -> BadInput:
    return BadInput(f"{_shown(text)} is not an amount.", "Write it like 1234.56.")


def _read(text: str, decimal: str | None, lenient: bool) -> ParsedAmount:
    # The bound keeps the shape's optional parts from being tried against a whole document.
    match = _SHAPE.fullmatch(text.strip().translate(_ALIKE)) if len(text) <= 80 else None
    if match is None or bool(match["open"]) != bool(match["close"]):
        raise _refusal(text)
    signs = [s for s in (match["s1"], match["s2"], match["s3"], match["s4"], match["s5"], match["open"]) if s]
    if len(signs) > 1 or (match["whole"] and match["s4"]):
        raise _refusal(text)
    number = match["number"][:-1] if match["whole"] else match["number"]
    whole, fraction = _split(text, number, decimal, lenient)
    if len(whole.lstrip("0")) + len(fraction.rstrip("0")) > MAX_DIGITS:
        raise _too_large(_shown(text))
    amount = Decimal(f"{whole or 0}.{fraction}" if fraction else whole)
    if signs and signs[0].upper() in ("-", "CR", "(") and amount:
        amount = amount.copy_negate()
    named = [c for c in (match["c1"], match["c2"], match["c3"], match["c4"], match["c5"]) if c]
    return _with_currency(text, amount, named)


def _with_currency(text: str, amount: Decimal, named: list[str]) -> ParsedAmount:
    symbols = [name for name in named if name in _SYMBOLS]
    codes = [name for name in named if name not in _SYMBOLS]
    if len(symbols) > 1 or len(codes) > 1 or not all(map(is_currency, codes)):
        raise _refusal(text)
    symbol = symbols[0] if symbols else ""
    meant = _SYMBOLS[symbol].split() if symbol else []
    if codes and meant and codes[0] not in meant:
        raise _refusal(text)
    certain = codes[0] if codes else meant[0] if len(meant) == 1 else None
    return ParsedAmount(amount, certain, symbol)


def _split(text: str, number: str, decimal: str | None, lenient: bool) -> tuple[str, str]:
    """Part the number into whole and fractional digits."""
    mark = decimal or _inferred_mark(text, number)
    whole, found, fraction = number.partition(mark) if mark else (number, "", "")
    if not fraction.isdigit() and (fraction or (found and not decimal)):
        raise _ambiguous(text, decimal) if number.count(mark) == 1 else _refusal(text)
    groups = re.split(r"[., ']", whole)
    if len(groups) > 1:
        marks = set(re.sub(r"[0-9]", "", whole))
        threes = len(groups[0]) in (1, 2, 3) and all(len(group) == 3 for group in groups[1:])
        loose = lenient and all(groups) and (bool(found) or len(groups[-1]) == 3)
        if len(marks) > 1 or groups[0].startswith("0") or not (threes or loose):
            raise _ambiguous(text, decimal)
    return "".join(groups), fraction


def _inferred_mark(text: str, number: str) -> str:
    """Find the one possible decimal mark, "" for none; BadInput when two readings remain."""
    marks = [c for c in number if c in ".,"]
    if len(set(marks)) == 2:
        return marks[-1]
    if len(marks) != 1:
        return ""
    before, _, after = number.partition(marks[0])
    could_group = len(after) == 3 and before.isdigit() and len(before) <= 3 and before != "0"
    if could_group:
        raise _ambiguous(text, None)
    return marks[0]


def _ambiguous(text: str, decimal: str | None) -> BadInput:
    if decimal is None:
        return BadInput(
            f"{_shown(text)} can be read in more than one way.",
            "Say which decimal mark is meant: --decimal . or --decimal ,",
        )
    return BadInput(
        f"{_shown(text)} does not group its digits in threes before the decimal mark {decimal!r}.",
        "Correct it, or name the other mark with --decimal.",
    )
