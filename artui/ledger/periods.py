"""Months: what is still open in one, closing it softly or for good, opening it again, and who did that."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from artui import money, text
from artui.session import Session

State = Literal["open", "soft_closed", "closed"]


@dataclass(frozen=True)
class Period:
    """A month somebody has touched; those not listed are open."""

    month: dt.date
    state: State
    reason: str


@dataclass(frozen=True)
class StillOpen:
    """Something of a month that is not done; `strands` when closing would leave it without a day to be posted on."""

    what: str
    strands: bool
    number: int
    example: str
    currency: str
    amount: Decimal | None


@dataclass(frozen=True)
class Step:
    """One change of a month's state."""

    state: State
    reason: str
    who: str
    at: dt.datetime


def periods(session: Session) -> tuple[Period, ...]:
    """Return the months that were ever touched, oldest first."""
    return tuple(Period(*row) for row in session.query("SELECT month, state, reason FROM period ORDER BY month"))


def months(session: Session) -> tuple[Period, ...]:
    """Return every month from the first posting to today's and those that were touched, newest first."""
    rows = session.query(
        """SELECT m::date, coalesce(p.state, 'open'), coalesce(p.reason, '') FROM generate_series(
             date_trunc('month', least((SELECT min(posted_on) FROM ledger_day), (SELECT min(month) FROM period), %(day)s::date)),
             date_trunc('month', greatest((SELECT max(month) FROM period), %(day)s::date)), interval '1 month') m
           LEFT JOIN period p ON p.month = m::date ORDER BY m DESC""",
        {"day": session.today},
    )
    return tuple(Period(*row) for row in rows)


def still_open(session: Session, month: dt.date) -> tuple[StillOpen, ...]:
    """Return what keeps a month from being done with, what closing would strand first."""
    rows = session.query("SELECT what, strands, number, example, currency, amount FROM api.open_in_period(%s) ORDER BY NOT strands, what, currency", (month,))
    return tuple(
        StillOpen(what, strands, number, example or "", currency or "", None if amount is None else money.from_minor(int(amount), currency))
        for what, strands, number, example, currency, amount in rows
    )


def set_state(session: Session, month: dt.date, state: State, reason: str = "") -> None:
    """Close a month softly or for good, or open it. Raises Refused without the right, or when closing would strand something and no reason is given."""
    with session.transaction():
        session.query("SELECT api.set_period(%s, %s, %s)", (month, state, text.clean(reason)))


def trail(session: Session, month: dt.date) -> tuple[Step, ...]:
    """Return every change of a month's state, the first one first."""
    return tuple(Step(*row) for row in session.query("SELECT state, reason, who, at FROM api.period_trail(%s)", (month,)))
