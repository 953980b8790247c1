"""Money that came in another currency than the account's: how its rate is said, and what it is worth there.

A rate is said as the books keep it, in units of the company's currency: 1 EUR = 1.0852 USD where the company counts in
USD, whichever of the two came in. Between two foreign currencies it is how many of the lesser one makes of the other.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import Final

from artui import entry, money
from artui.clock import spoken
from artui.errors import BadInput
from artui.session import Session

LONGEST: Final = 12
"""Digits before and after the point of a rate that is typed."""
FAR: Final = 10
"""A rate so many times the known one, or so small a part of it, is taken for a slip of the finger."""
KEPT: Final = "-"
"""What is typed instead of a rate when the money stays in its own currency."""
_RATE = re.compile(rf"[0-9]{{1,{LONGEST}}}(?:[.,][0-9]{{0,{LONGEST}}})?|[.,][0-9]{{1,{LONGEST}}}")
_PLACES: Final = Context(prec=10, rounding=ROUND_HALF_UP)
_SHORT: Final = Context(prec=6, rounding=ROUND_HALF_UP)
_WIDE: Final = Context(prec=60, rounding=ROUND_HALF_UP)
_ONE: Final = Decimal(1)


@dataclass(frozen=True, slots=True)
class Rate:
    """What was typed as a rate: the rate, or what the money is worth altogether (`= 108.50`), or that it is kept as it is."""

    rate: Decimal | None = None
    worth: str = ""
    kept: bool = False


@dataclass(frozen=True, slots=True)
class Quote:
    """How the rate between what came and the account's currency is said: one `of` is so many `into`.

    `rate` is that of the day, known `since`; None when none is kept. `account_rate` is the company's currency for one of
    the account's, where that is known.
    """

    came: str
    account: str
    of: str
    into: str
    rate: Decimal | None
    since: dt.date | None
    account_rate: Decimal | None = None
    came_is_home: bool = False

    def words(self, rate: Decimal) -> str:
        """Say a rate: "1 EUR = 1.0852 USD"."""
        return f"1 {self.of} = {plain(rate)} {self.into}"

    def missing(self) -> str:
        """Ask for a rate that is not kept."""
        return f"No rate of {self.of} is known for that day: type how many {self.into} one {self.of} is, or = and what it is worth in {self.account}."


@dataclass(frozen=True, slots=True)
class Exchange:
    """Money that came, and what it is worth in the account's currency at which rate; `typed` when the rate is the clerk's."""

    came: Decimal
    quote: Quote
    rate: Decimal
    amount: Decimal
    typed: bool = False

    @property
    def account_rate(self) -> Decimal | None:
        """What one unit of the account's currency is worth in the company's for this receipt."""
        return self.rate if self.quote.came_is_home else self.quote.account_rate

    @property
    def received(self) -> Received:
        """What a receipt says of it: both sides are valued at this rate, so that nothing but a cent of rounding is left between them."""
        quote = self.quote
        if quote.came_is_home:      # the company's own money for an account in another
            return Received(self.came, quote.came, None, self.rate)
        if quote.account_rate is None:      # two foreign currencies, and the books know no value of the account's
            return Received(self.came, quote.came, None, None)
        of_one = _PLACES.multiply(quote.account_rate, self.rate) if quote.of == quote.came else _PLACES.divide(quote.account_rate, self.rate)
        return Received(self.came, quote.came, of_one, None)


@dataclass(frozen=True, slots=True)
class Received:
    """What came in its own currency; the company's currency for one of it, and for one of the account's, where the receipt says so."""

    amount: Decimal
    currency: str
    rate: Decimal | None = None
    account_rate: Decimal | None = None


def quote(session: Session, came: str, account: str, day: dt.date) -> Quote:
    """Read the rate of the day between two currencies. One round trip. BadInput for a currency the books do not know."""
    known = {
        code: (rate, since)
        for code, rate, since in session.query(
            """SELECT c.code::text, r.rate, r.valid_from FROM currency c
               LEFT JOIN LATERAL (SELECT e.rate, e.valid_from FROM exchange_rate e WHERE e.currency = c.code AND e.valid_from <= %s ORDER BY e.valid_from DESC LIMIT 1) r ON true
               WHERE c.code IN (%s, %s)""",
            (day, came, account),
        )
    }
    if came not in known:
        raise BadInput(f"The books do not know the currency {came}.", "Type another one, such as EUR 100.")
    return quoted(came, account, session.currency, known)


def quoted(came: str, account: str, home: str, known: dict[str, tuple[Decimal | None, dt.date | None]]) -> Quote:
    """Say the rate between two currencies by what each is worth in the company's, where that is known."""
    came_rate, came_since = (_ONE, None) if came == home else known.get(came, (None, None))
    account_rate, account_since = (_ONE, None) if account == home else known.get(account, (None, None))
    if came == home:
        return Quote(came, account, account, home, account_rate, account_since, account_rate, came_is_home=True)
    if account == home:
        return Quote(came, account, came, home, came_rate, came_since, _ONE)
    if not came_rate or not account_rate:
        return Quote(came, account, came, account, None, None, account_rate)
    days = [each for each in (came_since, account_since) if each]
    if came_rate >= account_rate:
        return Quote(came, account, came, account, _SHORT.divide(came_rate, account_rate), min(days), account_rate)
    return Quote(came, account, account, came, _SHORT.divide(account_rate, came_rate), min(days), account_rate)


def read_rate(text: str) -> Rate:
    """Read what is typed as a rate: 1.0852 or 1,0852; = 108.50 for what it is worth altogether; - to keep the money as it is."""
    word = text.strip()
    if word == KEPT:
        return Rate(kept=True)
    if word.startswith("="):
        return Rate(worth=word[1:].strip())
    if not _RATE.fullmatch(word) or not Decimal(word.replace(",", ".")):
        raise BadInput(f"{word if len(word) <= 40 else word[:39] + '…'!r} is no rate.", "Type a number above nothing, such as 1.0852.")
    return Rate(Decimal(word.replace(",", ".")))


def write_rate(rate: Rate) -> str:
    """Write a rate the way it can be read again."""
    return KEPT if rate.kept else f"= {rate.worth}" if rate.rate is None else plain(rate.rate)


def exchange(came: Decimal, quote: Quote, typed: Rate | None) -> Exchange | None:
    """Work out what money is worth in the account's currency, by the rate typed or that of the day; None when there is none.

    Rounded half up to the cent. BadInput for a rate that makes nothing of it, or more than an amount can be, and for one
    far from that of the day.
    """
    if typed is not None and typed.rate is None:
        return _worth(came, quote, typed.worth)
    rate = typed.rate if typed else quote.rate
    if rate is None:
        return None
    _check(quote, rate)
    exact = _WIDE.multiply(came, rate) if quote.of == quote.came else _WIDE.divide(came, rate)
    amount = money.round_half_up(exact, quote.account)
    money.to_minor(amount, quote.account)
    if not amount:
        raise BadInput(f"At {quote.words(rate)} {money.spoken(came, quote.came)} is worth nothing in {quote.account}.", "Correct the rate.")
    return Exchange(came, quote, rate, amount, typed is not None)


def _worth(came: Decimal, quote: Quote, text: str) -> Exchange:
    """Take what the bank says the money is worth; the rate follows from it."""
    amount = entry.amount(text, quote.account)
    if amount <= 0:
        raise BadInput(f"{text!r} is no amount in {quote.account} that came in.", f"Type = and what it is worth, such as = {money.spoken(came)}.")
    rate = _PLACES.divide(amount, came) if quote.of == quote.came else _PLACES.divide(came, amount)
    _check(quote, rate)
    return Exchange(came, quote, rate, amount, typed=True)


def _check(quote: Quote, rate: Decimal) -> None:
    """Refuse what is far from the rate of the day, or is that rate the other way round."""
    if quote.rate is None or rate == quote.rate:
        return
    known = f"{plain(quote.rate)} {quote.into}{f' of {spoken(quote.since)}' if quote.since else ''}"
    if not quote.rate / FAR <= rate <= quote.rate * FAR:
        raise BadInput(f"{quote.words(rate)} is far from the {known}.", "Correct it; a rate of the books that is wrong is put right first.")
    turned, off = _PLACES.multiply(rate, quote.rate), _PLACES.divide(rate, quote.rate)
    if Decimal("0.98") < turned < Decimal("1.02") and not Decimal("0.95") < off < Decimal("1.05"):
        raise BadInput(f"{plain(rate)} is the rate the other way round.", f"Type how many {quote.into} one {quote.of} is: {known}.")


def plain(rate: Decimal) -> str:
    """Write a rate with the digits it has and no more: 1.0852, 25, 0.0065."""
    shown = f"{rate:f}"
    return shown.rstrip("0").rstrip(".") if "." in shown else shown
