"""Dates, amounts and texts as banks write them."""

from __future__ import annotations

import calendar
import re
from datetime import date
from decimal import Decimal
from typing import Final

from artui import money
from artui.errors import BadInput
from artui.text import clean, safe

_LONGEST: Final = 500
_AMOUNT = re.compile(r"[+-]?(?=[\d.,]*\d)\d{0,18}(?:[.,]\d{0,5})?")
_COMPACT = re.compile(r"[A-Z0-9]{1,64}")


def line(value: str) -> str:
    """Give a bank's text as one clean line no longer than a line is kept."""
    return clean(value)[:_LONGEST]


def account(value: str) -> str:
    """Give an account number the way it is compared: no spaces, capitals; an IBAN loses its printed groups."""
    shown = line(value)
    compact = re.sub(r"\s", "", shown).upper()
    return compact if _COMPACT.fullmatch(compact) and len(compact) >= 15 and compact[:2].isalpha() else shown


def amount(value: str, where: str) -> Decimal:
    """Read a number with a comma or a point as its only mark. Raises BadInput."""
    shown = value.strip()
    if not _AMOUNT.fullmatch(shown):
        raise BadInput(
            f"{where}: {safe(shown[:40])!r} is not an amount.", "The file is damaged, or no statement."
        )
    return Decimal(shown.replace(",", "."))


def currency(value: str, where: str) -> str:
    """Read a currency code. Raises BadInput."""
    code = value.strip().upper()
    if not money.is_currency(code):
        raise BadInput(
            f"{where}: {safe(code[:10])!r} is not a currency.", "The file is damaged, or no statement."
        )
    return code


def day(year: int, month: int, number: int, where: str) -> date:
    """Make a day; one that its month does not have (30 February, as interest is reckoned) is the month's last. Raises BadInput."""
    if not (1900 <= year <= 2200 and 1 <= month <= 12 and 1 <= number <= 31):
        raise BadInput(
            f"{where}: there is no day {year}-{month}-{number}.", "The file is damaged, or no statement."
        )
    return date(year, month, min(number, calendar.monthrange(year, month)[1]))


def short_day(value: str, where: str) -> date:
    """Read YYMMDD. Raises BadInput."""
    if not re.fullmatch(r"\d{6}", value):
        raise BadInput(
            f"{where}: {safe(value[:20])!r} is not a day.", "The file is damaged, or no statement."
        )
    year = int(value[:2])
    return day(year + (1900 if year >= 80 else 2000), int(value[2:4]), int(value[4:6]), where)


def long_day(value: str, where: str) -> date:
    """Read YYYY-MM-DD or YYYYMMDD, whatever time follows it: the bank's own day counts. Raises BadInput."""
    found = re.match(r"\s*(\d{4})-?(\d{2})-?(\d{2})", value)
    if not found:
        raise BadInput(
            f"{where}: {safe(value[:20])!r} is not a day.", "The file is damaged, or no statement."
        )
    return day(int(found[1]), int(found[2]), int(found[3]), where)
