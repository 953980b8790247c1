"""Simple interest on what was late, day by day: pure, exact until it is rounded once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from artui import money
from artui.cash.payable import ZERO
from artui.clock import spoken
from artui.errors import BadInput

_DAY = dt.timedelta(1)


@dataclass(frozen=True, slots=True)
class Rate:
    """A reference rate in percent a year, from a day on."""

    valid_from: dt.date
    percent: Decimal


@dataclass(frozen=True, slots=True)
class Profile:
    """The rule of a jurisdiction or contract as it stood when an item fell into default, with its reference rates in order.

    Without a `reference` the margin is the whole rate. `floats`: follows the reference rate; else keeps that of the
    first day of default. `fixed_sum` is asked once an invoice, in `fixed_currency` only.
    """

    code: str
    name: str
    margin: Decimal
    reference: str = ""
    year_days: int = 365
    floats: bool = True
    fixed_sum: Decimal = ZERO
    fixed_currency: str = ""
    grace_days: int = 0
    least: Decimal = ZERO
    with_disputed: bool = False
    rates: tuple[Rate, ...] = ()

    def percent_on(self, day: dt.date) -> Decimal:
        """Give the whole rate of a day. Raises BadInput naming the reference rate that is missing."""
        if not self.reference:
            return self.margin
        known = [rate.percent for rate in self.rates if rate.valid_from <= day]
        if not known:
            raise BadInput(
                f"The reference rate {self.reference} of {spoken(day)} is not known.",
                "A manager enters it with the place where it was published.",
            )
        return known[-1] + self.margin


@dataclass(frozen=True, slots=True)
class Segment:
    """Days on which neither what was owed nor the rate changed; `interest` is not rounded."""

    first: dt.date
    last: dt.date
    principal: Decimal
    percent: Decimal
    interest: Decimal

    @property
    def days(self) -> int:
        """How many days it has, both ends counted."""
        return (self.last - self.first).days + 1


def segments(
    due: dt.date,
    owed: Decimal,
    payments: Sequence[tuple[dt.date, Decimal]],
    first: dt.date,
    last: dt.date,
    profile: Profile,
) -> tuple[Segment, ...]:
    """Split the days `first` to `last` of an item of `owed` due on `due` where a payment or a rate changes something.

    Interest = principal x rate / 100 x days / 365 (or 360), for the days after the due date up to and including the
    day of payment (Directive 2011/7/EU, article 3: from the day after the due date, no reminder needed). A payment
    lowers the principal from the next day on.
    """
    begin = max(first, due + _DAY)
    if begin > last:
        return ()
    cuts = {day + _DAY for day, _ in payments} | {begin}
    if profile.floats:
        cuts |= {rate.valid_from for rate in profile.rates}
    starts = sorted(day for day in cuts if begin <= day <= last)
    found = []
    for place, start in enumerate(starts):
        end = starts[place + 1] - _DAY if place + 1 < len(starts) else last
        principal = owed - sum((paid for day, paid in payments if day < start), ZERO)
        if principal <= 0:
            continue
        percent = profile.percent_on(start if profile.floats else due + _DAY)
        days = (end - start).days + 1
        found.append(
            Segment(start, end, principal, percent, principal * percent * days / (100 * profile.year_days))
        )
    return tuple(found)


def total(parts: Sequence[Segment], currency: str) -> Decimal:
    """Add segments up and round once, halves away from zero."""
    return money.round_half_up(sum((part.interest for part in parts), ZERO), currency)
