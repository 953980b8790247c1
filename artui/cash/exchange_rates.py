"""What one unit of a foreign currency is worth in the company's, each rate from a day on until the next."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from artui.cash.exchange import plain, read_rate
from artui.clock import spoken
from artui.errors import BadInput, Changed
from artui.session import Session


@dataclass(frozen=True, slots=True)
class ExchangeRate:
    """One `currency` is so many units of the company's currency from a day on; `before` is what it was until then."""

    currency: str
    valid_from: dt.date
    rate: Decimal
    before: Decimal | None = None


def exchange_rates(session: Session, most: int = 2000) -> tuple[ExchangeRate, ...]:
    """List the rates, those of each currency together, the newest first; at most so many."""
    rows = session.query(
        """SELECT currency::text, valid_from, rate, lag(rate) OVER (PARTITION BY currency ORDER BY valid_from)
           FROM exchange_rate ORDER BY currency, valid_from DESC LIMIT %s""",
        (most,),
    )
    return tuple(ExchangeRate(*row) for row in rows)


def figure(text: str) -> Decimal:
    """Read a rate to be kept. Raises BadInput."""
    rate = read_rate(text).rate
    if rate is None:
        raise BadInput(f"{text!r} is no rate.", "Type a number above nothing, such as 1.0852.")
    return rate


def set_exchange_rate(session: Session, currency: str, valid_from: dt.date, rate: Decimal, seen: Decimal | None = None) -> ExchangeRate:
    """Keep a rate from a day on, or correct that of the same day, which was `seen`; what was posted keeps the value it has. Returns it beside the one before.

    Raises BadInput for the company's own currency or one the books do not know, Refused without the right; Changed when
    that day has another rate than was seen.
    """
    session.need("exchange_rate")
    code = currency.strip().upper()
    if code == session.currency:
        raise BadInput(f"The books are kept in {code}: one is one.", "Type another currency.")
    if not session.query("SELECT 1 FROM currency WHERE code = %s", (code,)):
        raise BadInput(f"The books do not know the currency {code}.", "Type its three letters, such as EUR.")
    figure(plain(rate))
    with session.transaction():
        rows = session.query(
            """WITH new AS (INSERT INTO exchange_rate (currency, valid_from, rate) VALUES (%(code)s, %(day)s, %(rate)s)
                 ON CONFLICT (currency, valid_from) DO UPDATE SET rate = excluded.rate
                   WHERE exchange_rate.rate IN (excluded.rate, %(seen)s) RETURNING 1)
               SELECT (SELECT rate FROM exchange_rate WHERE currency = %(code)s AND valid_from <= %(day)s ORDER BY valid_from DESC LIMIT 1) FROM new""",
            {"code": code, "day": valid_from, "rate": rate, "seen": seen},
        )
    if not rows:
        there = session.query("SELECT rate FROM exchange_rate WHERE currency = %s AND valid_from = %s", (code, valid_from))[0][0]
        raise Changed(f"1 {code} is {plain(there)} {session.currency} from {spoken(valid_from)} already.", ExchangeRate(code, valid_from, there))
    return ExchangeRate(code, valid_from, rate, rows[0][0])
