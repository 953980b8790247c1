"""The corrections: what each asks, and the document it makes of the answers."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from artui import money
from artui.errors import BadInput
from artui.ledger import corrections
from artui.ledger.items import document, items
from artui.people.card import card
from artui.session import Session
from artui.text import fold
from screens.commands import (
    Apply,
    Bounced,
    Command,
    CreditNote,
    Identify,
    Net,
    Recover,
    Refund,
    SmallRest,
    Transfer,
    Unallocate,
    Undo,
    Void,
    WriteOff,
)
from screens.ledger.subject import Subject
from screens.records.picks import account_field
from screens.safe import amount
from screens.widgets.field import DateField, Field, MoneyField, ReadField, TextField
from screens.widgets.pick import Choice, PickField

if TYPE_CHECKING:
    from screens.base import Page

Answers = Mapping[str, Any]
Rows = list[Field[Any] | Sequence[Field[Any]]]
Build = Callable[[Session, str, Subject, Answers], dict[str, Any]]


@dataclass(frozen=True)
class Correction:
    """One correction: its name, the fields it asks for, and the document it makes of the answers."""

    word: str
    title: str
    fields: Callable[[Subject, Page], Rows]
    build: Build
    first: Callable[[Session, Subject], Mapping[str, str]] = lambda session, subject: {}
    """What stands in the fields at first, as text."""


WHY: Mapping[str, tuple[Choice, ...]] = {
    "write_off": (
        Choice("in", "insolvent"), Choice("ut", "cannot be found"), Choice("de", "deceased"), Choice("ti", "time-barred"), Choice("ch", "costs more to collect than it is"),
        Choice("se", "settled for less"), Choice("ot", "other, see the note"),
    ),
    "refund": (
        Choice("tw", "paid twice"), Choice("ov", "paid too much"), Choice("re", "goods returned"), Choice("cl", "account closed"), Choice("ot", "other, see the note"),
    ),
    "credit_note": (
        Choice("re", "goods returned"), Choice("sh", "short delivery"), Choice("pr", "wrong price"), Choice("qu", "poor quality"), Choice("tw", "billed twice"),
        Choice("go", "goodwill"), Choice("ot", "other, see the note"),
    ),
    "reversal": (
        Choice("duplicate", "entered twice"), Choice("wrong_account", "belongs to another account"), Choice("error", "entered in error"), Choice("stop", "payment was stopped"),
    ),
}  # fmt: skip
"""The reasons to pick from."""


def _why(kind: str) -> list[Field[Any]]:
    return [
        PickField("why", "Reason", WHY[kind], room=38, needed=True, auto=True, help="Why: whoever approves or audits it reads this."),
        TextField("note", "Note", help="Anything more to say about it."),
    ]


def _reason(answers: Answers) -> str:
    why, note = answers.get("why"), answers.get("note") or ""
    words = "" if why is None or why.code == "ot" else why.words
    return ": ".join(each for each in (words, note) if each)


def _amount(subject: Subject, label: str = "Amount", *, room: int = 30, needed: bool = False, help: str = "") -> MoneyField:  # noqa: A002
    return MoneyField("amount", label, subject.currency, room=room, needed=needed, help=help or "How much of it; empty: all that is open.")


def _date(page: Page, label: str = "Dated", help: str = "The day it takes effect.") -> DateField:  # noqa: A002
    session = page.program.session
    assert session is not None
    return DateField("date", label, lambda: session.today, room=34, past=True, help=help)


def _positive(value: Decimal | None) -> Decimal | None:
    if value is not None and value < 0:
        raise BadInput("The amount is negative.", "Give it without a sign.")
    return value


def _all_open(session: Session, subject: Subject) -> Mapping[str, str]:
    return {"amount": amount(abs(subject.open), subject.currency)} if subject.open else {}


# bounced


def _bounced_first(session: Session, subject: Subject) -> Mapping[str, str]:
    return {"date": "t", "fee": amount(corrections.nsf_fee(session, subject.number), subject.currency)}


def _bounced_fields(subject: Subject, page: Page) -> Rows:
    fee = MoneyField("fee", "Fee", subject.currency, help="Charged to the customer as an item of its own; 0 or empty: none.")
    return [[_date(page, "Bank notice", "The day of the bank's notice: the reversal is dated so."), fee]]


def _bounced(session: Session, key: str, subject: Subject, answers: Answers) -> dict[str, Any]:
    return corrections.returned_cheque(session, key, subject.number, day=answers["date"], fee=_positive(answers["fee"]) or Decimal(0))


# taken apart, and set against


def _unallocate_fields(subject: Subject, page: Page) -> Rows:
    other = TextField("with", "From", room=26, help="Only what links it to this document; empty: everything.")
    return [[other, _amount(subject, room=26, help="Only so much of the link; empty: all of it."), _date(page)]]


def _unallocate(session: Session, key: str, subject: Subject, answers: Answers) -> dict[str, Any]:
    return corrections.unallocate(session, key, subject.number, other=answers["with"] or None, amount=_positive(answers["amount"]), day=answers["date"])


def _apply_fields(subject: Subject, page: Page) -> Rows:
    return [[TextField("to", "To", room=48, help="The documents it is set against, in this order; empty: the oldest first."), _amount(subject)]]


def _apply(session: Session, key: str, subject: Subject, answers: Answers) -> dict[str, Any]:
    left = _positive(answers["amount"]) or -subject.open
    named = (answers["to"] or "").replace(",", " ").split()
    owed = [item for item in items(session, "customer", subject.account) if item.open > 0 and item.currency == subject.currency]
    known = {item.document for item in owed}
    missing = [number for number in named if number not in known]
    if missing:
        raise BadInput(f"{missing[0]} is not open in {subject.currency} on this account.", "The card lists what is.")
    wanted = sorted((item for item in owed if item.document in named), key=lambda item: named.index(item.document)) if named else owed
    moves: dict[str, Decimal] = {}
    for item in wanted:
        take = min(item.open, left)
        if take > 0:
            moves[item.document] = moves.get(item.document, Decimal(0)) + take
            left -= take
    if not moves:
        raise BadInput(f"Nothing is owed in {subject.currency} that this could be set against.", "It can be refunded, or stay for the next invoice.")
    pairs = [(subject.number, number, taken) for number, taken in moves.items()]
    return {"id": key, "kind": "allocation", "date": session.today.isoformat(), "moves": corrections.moves(pairs)}


# given away


def _write_off_fields(subject: Subject, page: Page) -> Rows:
    return [_why("write_off"), _amount(subject)]


def _write_off(session: Session, key: str, subject: Subject, answers: Answers) -> dict[str, Any]:
    return corrections.write_off(session, key, subject.number, reason=_reason(answers), amount=_positive(answers["amount"]))


def _refund_fields(subject: Subject, page: Page) -> Rows:
    return [_why("refund"), _amount(subject)]


def _refund(session: Session, key: str, subject: Subject, answers: Answers) -> dict[str, Any]:
    made = corrections.refund(
        session, key, reason=_reason(answers), amount=_positive(answers["amount"]), number=subject.number, customer="" if subject.number else subject.account
    )
    return made if subject.number else {**made, "currency": subject.currency}


def _small_fields(subject: Subject, page: Page) -> Rows:
    return [_amount(subject)]


def _small(session: Session, key: str, subject: Subject, answers: Answers) -> dict[str, Any]:
    return corrections.small_difference(session, key, subject.number, amount=_positive(answers["amount"]))


def _credit_fields(subject: Subject, page: Page) -> Rows:
    lines = ReadField(
        "lines", "Lines", _line_quantities, _written_lines, room=38, examples=("2      all of line 2", "1x5 3  five of line 1, all of line 3"),
        help="Lines of the invoice that come back, with how many of each; empty: an amount, or all of it.",
    )  # fmt: skip
    return [_why("credit_note"), [lines, _amount(subject, help="Tax included; empty: the whole invoice, or what the lines make.")]]


def _credit(session: Session, key: str, subject: Subject, answers: Answers) -> dict[str, Any]:
    lines: dict[int, Decimal] | None = None
    if answers["lines"]:
        sold = document(session, subject.number, kind="invoice").goods
        lines = {place: quantity if quantity is not None else sold[place - 1].quantity if place <= len(sold) else Decimal(1) for place, quantity in answers["lines"]}
        if answers["amount"] is not None:
            raise BadInput("Lines make the amount themselves.", "Leave one of the two empty.")
    return corrections.credit_note(session, key, subject.number, lines=lines, amount=_positive(answers["amount"]), reason=_reason(answers))


def _line_quantities(text: str) -> tuple[tuple[int, Decimal | None], ...]:
    found = []
    for word in text.lower().replace(",", " ").split():
        place, _, quantity = word.partition("x")
        if not place.isdecimal() or (quantity and not quantity.replace(".", "", 1).isdecimal()):
            raise BadInput(f"{word!r} is no line.", "Type 2 for all of line 2, 1x5 for five of line 1.")
        found.append((int(place), Decimal(quantity) if quantity else None))
    return tuple(found)


def _written_lines(lines: tuple[tuple[int, Decimal | None], ...]) -> str:
    return " ".join(str(place) if quantity is None else f"{place}x{quantity}" for place, quantity in lines)


# moved


def _members(page: Page, subject: Subject, kind: str) -> Callable[[str], Awaitable[Sequence[Choice]]]:
    async def look(text: str) -> Sequence[Choice]:
        group = (await page.program.gateway.read(card, "customer", subject.account)).group
        typed = fold(text)
        return [Choice(each.number, each.name) for each in group if each.kind == kind and typed in fold(f"{each.number} {each.name}")]

    return look


def _transfer_fields(subject: Subject, page: Page) -> Rows:
    return [[PickField("to", "To", _members(page, subject, "customer"), room=48, needed=True, help="The account of the same group that takes it."), _amount(subject)]]


def _transfer(session: Session, key: str, subject: Subject, answers: Answers) -> dict[str, Any]:
    return corrections.transfer(session, key, to=answers["to"].code, number=subject.number, amount=_positive(answers["amount"]))


def _net_fields(subject: Subject, page: Page) -> Rows:
    vendor = PickField("vendor", "Vendor", _members(page, subject, "vendor"), room=40, needed=True, help="Their account as a vendor.")
    purchase = TextField("purchase", "Purchase", help="Which of their invoices is closed; empty: none yet, it stays a credit there.")
    consent = TextField("reference", "Consent", needed=True, help="Where both sides agreed: a letter, a contract, its date.")
    return [[vendor, purchase], [_amount(subject, room=40), consent]]


def _net(session: Session, key: str, subject: Subject, answers: Answers) -> dict[str, Any]:
    return corrections.netting(
        session, key, customer=subject.account, vendor=answers["vendor"].code, amount=_positive(answers["amount"]) or subject.open, reference=answers["reference"] or "",
        number=subject.number, purchase=answers["purchase"] or "",
    )  # fmt: skip


def _recover_fields(subject: Subject, page: Page) -> Rows:
    return [[_amount(subject, needed=True, help="How much came in."), TextField("reference", "Reference", help="Cheque number or the bank's reference.")], _date(page)]


def _recover(session: Session, key: str, subject: Subject, answers: Answers) -> dict[str, Any]:
    return corrections.recovery(session, key, subject.number, amount=_positive(answers["amount"]) or Decimal(0), day=answers["date"], reference=answers["reference"] or "")


# undone


def _void_fields(subject: Subject, page: Page) -> Rows:
    return [TextField("note", "Note", help="Why, for whoever looks at it later.")]


def _void(session: Session, key: str, subject: Subject, answers: Answers) -> dict[str, Any]:
    return _noted(corrections.void(session, key, subject.number, kind=subject.kind), answers)


def _undo_fields(subject: Subject, page: Page) -> Rows:
    return [[*_why("reversal")], _date(page)]


def _undo(session: Session, key: str, subject: Subject, answers: Answers) -> dict[str, Any]:
    reason = answers["why"].code if answers["why"] else "error"
    return _noted(corrections.reverse(session, key, subject.number, reason=reason, day=answers["date"], kind=subject.kind), answers)


def _noted(document: dict[str, Any], answers: Answers) -> dict[str, Any]:
    return {**document, "memo": answers["note"]} if answers["note"] else document


def _identify_fields(subject: Subject, page: Page) -> Rows:
    return [[account_field("customer", "Customer", lambda: page, "customer", room=48, needed=True, help="Who sent it: a name, a number, an invoice, a phone."), _amount(subject)]]


def _identify(session: Session, key: str, subject: Subject, answers: Answers) -> dict[str, Any]:
    value = _positive(answers["amount"]) or abs(subject.open)
    return {"id": key, "kind": "identify", "date": session.today.isoformat(), "document": subject.number, "customer": answers["customer"].code, "amount": money.plain(value, subject.currency)}


CORRECTIONS: Mapping[type[Command], Correction] = {
    Bounced: Correction("bounced", "Returned payment", _bounced_fields, _bounced, _bounced_first),
    Unallocate: Correction("unallocate", "Un-allocate", _unallocate_fields, _unallocate, lambda session, subject: {"with": subject.other, "date": "t"}),
    WriteOff: Correction("write_off", "Propose to write off", _write_off_fields, _write_off, _all_open),
    Apply: Correction("apply", "Apply", _apply_fields, _apply, _all_open),
    Refund: Correction("refund", "Refund", _refund_fields, _refund, _all_open),
    CreditNote: Correction("credit_note", "Credit note of", _credit_fields, _credit),
    SmallRest: Correction("small_difference", "Let the difference go of", _small_fields, _small, _all_open),
    Transfer: Correction("transfer", "Transfer", _transfer_fields, _transfer, _all_open),
    Net: Correction("netting", "Set against what we owe them:", _net_fields, _net, _all_open),
    Recover: Correction("recovery", "Recovery of", _recover_fields, _recover, lambda session, subject: {"date": "t"}),
    Void: Correction("void", "Void", _void_fields, _void),
    Undo: Correction("reverse", "Reverse", _undo_fields, _undo, lambda session, subject: {"date": "t"}),
    Identify: Correction("identify", "Whose is", _identify_fields, _identify, _all_open),
}
"""What each command asks and makes."""
