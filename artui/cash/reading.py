"""An account read and a payment proposed for it, in one go on the thread of the books."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from decimal import Decimal

from artui.cash.entry import PayingAccount, paying_account
from artui.cash.exchange import Exchange, Quote, Rate, exchange, quote
from artui.cash.payable import ZERO, Confidence, Payment, Proposal
from artui.errors import BadInput
from artui.session import Session


@dataclass(frozen=True)
class Worked:
    """An account as it was read, and what is proposed for the payment typed so far; `fresh` when it was read now.

    With a `quote` the money is in another currency than the account: `exchange` says what it is worth there, `trouble` why
    that cannot be said. Without either it stays in the currency it came in.
    """

    account: PayingAccount
    proposal: Proposal | None
    fresh: bool
    payment: Payment | None = None
    """What it was asked for."""
    amount: Decimal = ZERO
    """What is proposed for: what came, in the account's currency."""
    quote: Quote | None = None
    exchange: Exchange | None = None
    trouble: str = ""


def worked(
    session: Session, known: PayingAccount | None, who: str, payment: Payment | None, day: dt.date, group: bool, currency: str, rate: Rate | None = None
) -> Worked:
    """Read the account unless it is `known`, and propose what the payment is for.

    A payment is in its own currency, else in `currency` (that of a batch), else in the account's. One in another currency
    than the account pays what is open in its own, where something is; otherwise it is worth what the rate says.
    """
    account = known or paying_account(session, who, received_on=day, group=group)
    came_in = (payment.currency if payment else "") or currency or account.own
    open_there = came_in in account.elsewhere or (account.currency == came_in and bool(account.items or account.credits))
    kept = came_in == account.own or (open_there if rate is None else rate.kept)
    wanted = came_in if kept else account.own
    if account.currency != wanted:
        account = replace(paying_account(session, account.number, received_on=day, group=group, currency=wanted), named=account.named)
    fresh = account is not known
    asked = None if came_in == account.own else quote(session, came_in, account.own, day)
    if payment is None:
        return Worked(account, None, fresh)
    if kept or asked is None:
        done = Worked(account, account.propose(replace(payment, currency=wanted)), fresh, payment, payment.amount, asked)
    else:
        done = _exchanged(account, payment, asked, rate, fresh)
    return _with_group(session, done, day)


def _exchanged(account: PayingAccount, payment: Payment, asked: Quote, rate: Rate | None, fresh: bool) -> Worked:
    try:
        found = exchange(payment.amount, asked, rate)
    except BadInput as refusal:
        return Worked(account, None, fresh, payment, ZERO, asked, None, str(refusal))
    if found is None:
        return Worked(account, None, fresh, payment, ZERO, asked, None, asked.missing())
    told = replace(payment, amount=found.amount, currency=account.currency, came=payment.amount, came_in=asked.came)
    return Worked(account, account.propose(told), fresh, payment, found.amount, asked, found)


def _with_group(session: Session, done: Worked, day: dt.date) -> Worked:
    """Say so when money that does not fit the account fits its group: a parent pays for its subsidiaries."""
    account, payment, offered = done.account, done.payment, done.proposal
    if payment is None or offered is None or offered.fills or offered.confidence is Confidence.ASK or not account.group.items or account.group.together:
        return done
    whole = paying_account(session, account.number, received_on=day, group=True, currency=account.currency)
    found = whole.propose(replace(payment, amount=done.amount, currency=account.currency))
    if not found.fills:
        return done
    return replace(done, proposal=replace(offered, reason=f"with its group (g) {found.reason}; alone {offered.reason}"))
