"""What F10 sends of a payment as it stands: a receipt, a receipt for a batch, money of an unknown payer, or only older credits."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from artui.cash.entry import PayingAccount, Receipt, apply_credits, post_receipt, receipt_of, used_credits
from artui.cash.payable import ZERO
from artui.cash.unfinished import into_batch, named
from artui.cash.worksheet import Worksheet
from artui.ledger.posting import Answer
from artui.session import Session
from screens.cash.fields import UNKNOWN
from screens.safe import amount
from screens.widgets.field import Field

if TYPE_CHECKING:
    from screens.cash.payment import PaymentPage


@dataclass(frozen=True)
class Outgoing:
    """What is carried out on the thread of the books, and what is said when it is done."""

    job: Callable[[Session], Answer]
    told: Callable[[Answer], str]


def missing(page: PaymentPage) -> tuple[Field[Any], str] | None:
    """Return the first field that cannot be read or is empty, and why."""
    fields = page.entry
    found = fields.form.first_trouble()
    if found is not None and found[0] is fields.amount and only_credits(page):
        return None
    if found is None and page.batch_number and fields.amount.named:
        return fields.amount, f"The deposit takes {page.currency} only: enter {fields.amount.named} as a payment of its own."
    if found is None and (fields.amount.answer or ZERO) <= 0:
        return fields.amount, "Amount: what came in is more than nothing."
    return found


def only_credits(page: PaymentPage) -> bool:
    """Tell whether no money came in and older credits are set against items."""
    return not page.entry.amount.value.strip() and page.sheet is not None and bool(page.sheet.uses) and not page.batch_number


def outgoing(page: PaymentPage) -> Outgoing:
    """Return what F10 sends; everything was read and the sheet is ready."""
    if page.entry.payer.value == UNKNOWN.code:
        return _of_nobody(page)
    return _credits(page) if only_credits(page) else _receipt(page)


def _receipt(page: PaymentPage) -> Outgoing:
    fields, account = page.entry, cast("PayingAccount", page.account)
    receipt = receipt_of(
        cast("Worksheet", page.sheet), key=page.keeping.key, account=account.number, received_on=page.received,
        method=fields.method.answer.code if fields.method.answer else "", instrument=fields.cheque.answer or "",
        payer=fields.text.answer or "", received=page.exchange.received if page.exchange else None,
    )  # fmt: skip

    names = {item.key: item.document for item in account.items}
    paid = list(dict.fromkeys(names[item] for item in (*(one.item for one in receipt.used), *(one.item for one in receipt.applied))))
    what = f" for {named(paid)}" if paid else ""
    rest = f", {amount(receipt.on_account, receipt.currency)} on account" if receipt.on_account else ""
    return _sent(page, receipt, f"{_came(receipt)}{receipt.currency} {amount(receipt.amount, receipt.currency)} of {account.number} {account.name}{what}{rest}{_besides(receipt)}.")


def _came(receipt: Receipt) -> str:
    """Say what came, where that was another currency."""
    came = receipt.received
    return f"{came.currency} {amount(came.amount, came.currency)} = " if came else ""


def _besides(receipt: Receipt) -> str:
    """Say what is posted with the money: discounts, small differences, disputes, older credits."""
    rows = receipt.applied
    sums = (
        ("discount", sum((one.discount for one in rows), ZERO)), ("let go", sum((one.difference for one in rows), ZERO)),
        ("disputed", sum((one.dispute for one in rows), ZERO)), ("credit used", sum((one.amount for one in receipt.used), ZERO)),
    )  # fmt: skip
    return "".join(f", {word} {amount(total, receipt.currency)}" for word, total in sums if total)


def _of_nobody(page: PaymentPage) -> Outgoing:
    fields = page.entry
    came, code = cast("Any", fields.amount.answer), fields.amount.code
    receipt = Receipt(page.keeping.key, "", came, code, page.received, fields.method.answer.code if fields.method.answer else "", fields.cheque.answer or "", fields.text.answer or "")
    return _sent(page, receipt, f"{code} {amount(came, code)} of an unknown payer; I on it says later whose it is.")


def _sent(page: PaymentPage, receipt: Receipt, words: str) -> Outgoing:
    batch = page.batch_number
    if batch:
        return Outgoing(lambda session: into_batch(session, receipt, batch), lambda answer: f"Entered: {words}")
    return Outgoing(lambda session: post_receipt(session, receipt), lambda answer: f"{answer.document or 'Posted'}: {words}")


def _credits(page: PaymentPage) -> Outgoing:
    sheet, key, day = cast("Worksheet", page.sheet), page.keeping.key, page.received
    used, code = used_credits(sheet), sheet.currency
    total = sum((one.amount for one in used), ZERO)
    credits_, documents = named(list(dict.fromkeys(use.credit_document for use in sheet.uses))), named(list(dict.fromkeys(use.document for use in sheet.uses)))
    words = f"Applied: {code} {amount(total, code)} of {credits_} to {documents}."
    return Outgoing(lambda session: apply_credits(session, key, used, code, day), lambda answer: words)
