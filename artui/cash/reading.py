"""An account read and a payment proposed for it, in one go on the thread of the books."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from decimal import Decimal

from artui.cash.entry import PayingAccount, paying_account
from artui.cash.payable import ZERO, Payment, Proposal
from artui.session import Session


@dataclass(frozen=True)
class Worked:
    """An account as it was read, and what is proposed for the payment typed so far; `fresh` when it was read now."""

    account: PayingAccount
    proposal: Proposal | None
    fresh: bool
    amount: Decimal = ZERO
    """What is proposed for."""


def worked(session: Session, known: PayingAccount | None, who: str, payment: Payment | None, day: dt.date, group: bool, currency: str) -> Worked:
    """Read the account unless it is `known`, and propose what the payment is for; its currency is the account's, or the one that is wanted."""
    account = known or paying_account(session, who, received_on=day, group=group, currency=currency or None)
    if payment is None:
        return Worked(account, None, known is None)
    return Worked(account, account.propose(replace(payment, currency=account.currency)), known is None, payment.amount)
