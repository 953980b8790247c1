"""What happened to the customers of the cast, told as the documents people posted."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from artui.sample import notes
from artui.sample.acts import Decision, Script
from artui.sample.cast import CAST
from artui.sample.scale import DEMO_DATE, Scale
from artui.sample.trade import plain
from artui.session import Session

_LAST_CLOSED = DEMO_DATE.replace(year=DEMO_DATE.year - 1, month=12, day=1)


def tell(people: Mapping[str, Session], scale: Scale, progress: Callable[[str, int, int], None]) -> None:
    """Let everybody post their part, leave their notes, and close the old months."""
    script = Script()
    chapters = (_dvorak, _munoz, _harbor_point, _brightwater, _poland, _nguyen, _santos, _far_away, _mueller, _zilina, _obrien, _prairie, _copperfield, _lambert, _lucia, _bank)
    for chapter in chapters:
        chapter(script)
    progress("stories", 0, len(script.acts))
    script.play(people, scale)
    notes.mark(people, scale)
    notes.write(people, scale)
    _close_months(people["viktor"], scale)
    progress("stories", len(script.acts), len(script.acts))


def _dvorak(script: Script) -> None:
    """Two firms of one name: the first late and promising, the second paying in part, with interest charged."""
    firm, driver = CAST[0], CAST[19]
    open_bills = script.habit(firm, 14, 4)
    late = script.invoice(firm, 52, (32, 4), (38, 2), days=14, po="ST-0418")
    script.receipt(firm, 21, [late], late.amount * 4 // 10)
    script.invoice(firm, 39, (13, 10), (17, 3), days=14)
    script.invoice(firm, 6, (20, 14), days=14)
    assert not open_bills
    first, *_ = script.habit(driver, 14, 30, months=9)
    script.receipt(driver, 9, [first], first.amount // 2)
    script.act("jana", 5, "charge", number="CH100001", customer=driver.number, amount="18.40", currency="EUR", reason="interest")


def _munoz(script: Script) -> None:
    """A dispute over damaged goods, and a credit note for what was not delivered."""
    who = CAST[1]
    script.habit(who, 60, 6)
    damaged = script.invoice(who, 88, (55, 6), (59, 20), days=60, po="VAL-2291")
    short = script.invoice(who, 70, (57, 40), (58, 10), days=60)
    script.act("jana", 62, "credit_note", number="CN100001", customer=who.number, amount=plain(10 * who.price(58), "EUR"), currency="EUR", of=short.number)
    script.act("petr", 20, "dispute", document=damaged.number, amount=plain(2 * who.price(55), "EUR"), reason="damaged")


def _harbor_point(script: Script) -> None:
    """A group: the head pays for its houses with one cheque, and one invoice went to the wrong house."""
    head, hotel, catering, marina = CAST[2:6]
    for month in range(10, 1, -1):
        bills = [script.invoice(house, month * 30 + 3, (18 + house.place, 12), (month, 8), (30, month)) for house in (hotel, catering, marina)]
        if month > 2:
            script.receipt(head, month * 30 - 34, bills, reference=f"30{month:02d}17")
    script.invoice(head, 41, (28, 1), (29, 2))
    wrong = script.invoice(hotel, 34, (54, 3), (10, 4))
    script.act("jana", 30, "transfer", number="TR100001", document=wrong.number, to=marina.number, amount=plain(wrong.amount, "USD"), reason="billed to the wrong house")
    script.invoice(catering, 8, (19, 12), (20, 12))
    # a payment left unapplied until the remittance advice comes
    script.receipt(head, 2, [], 1_250_00, reference="301117")


def _brightwater(script: Script) -> None:
    """Two cheques came back, each with a fee."""
    who = CAST[6]
    script.habit(who, 30, 12, months=8)
    first = script.invoice(who, 97, (51, 9), (31, 6))
    second = script.invoice(who, 66, (34, 2), (1, 30))
    for bill, paid, back in ((first, 58, 54), (second, 27, 24)):
        number = script.receipt(who, paid, [bill])
        script.act("jana", back, "reversal", document=number, reason="nsf", fee="35.00")
    script.invoice(who, 29, (6, 40))


def _poland(script: Script) -> None:
    """A few groszy short, and an allocation that was taken back and made again."""
    who = CAST[7]
    script.habit(who, 14, 2)
    bill = script.invoice(who, 48, (36, 30), (37, 2), days=14)
    script.receipt(who, 33, [bill], bill.amount - 137)
    script.act("jana", 33, "small_difference", document=bill.number, amount="1.37", reason="bank fee of the payer")
    older, newer = script.invoice(who, 75, (45, 20), days=14), script.invoice(who, 61, (46, 20), days=14)
    receipt = script.receipt(who, 46, [older])
    amount = plain(older.amount, who.currency)
    script.act("jana", 12, "unallocation", moves=[{"from": receipt, "to": older.number, "amount": amount}])
    script.act("jana", 11, "allocation", moves=[{"from": receipt, "to": newer.number, "amount": plain(min(older.amount, newer.amount), who.currency)}])


def _nguyen(script: Script) -> None:
    """Paid twice: half of it refunded after a second look, the rest waits for the manager."""
    who = CAST[8]
    script.habit(who, 30, -3)
    bill = script.invoice(who, 63, (56, 8), (53, 2))
    script.receipt(who, 36, [bill])
    twice = script.receipt(who, 34, [], bill.amount)
    script.act("jana", 30, "refund", document=twice, amount="150.00", reason="paid twice, customer asks for part of it back", decision=Decision("marta", True, "Bank statement seen"))


def _santos(script: Script) -> None:
    """A customer who withholds tax, and a receipt in dollars for a bill in pesos."""
    who = CAST[9]
    script.habit(who, 30, 9, months=7)
    bill = script.invoice(who, 72, (32, 3), (17, 2))
    held = bill.amount // 100
    script.receipt(who, 38, [bill], bill.amount - held)
    script.act("jana", 38, "withholding", number="WT100001", customer=who.number, amount=plain(held, who.currency), currency=who.currency, reference="2307", allocate=[{"document": bill.number, "amount": plain(held, who.currency)}])


def _far_away(script: Script) -> None:
    """Currencies without decimals and with three of them."""
    script.habit(CAST[10], 45, 2, goods=((2, 60), (40, 25)))
    script.habit(CAST[11], 60, 14, goods=((26, 18), (12, 30)))
    script.invoice(CAST[11], 130, (55, 3), days=60)


def _mueller(script: Script) -> None:
    """Discount in time, discount too late, and an answer still owed."""
    who = CAST[12]
    for month in range(9, 1, -1):
        bill = script.invoice(who, month * 30, (35 + month, 12), (3 * month, 5))
        discount = bill.amount * 2 // 100
        if month % 3:
            number = script.number("RC")
            script.act("jana", month * 30 - 9, "receipt", number=number, customer=who.number, currency="EUR", amount=plain(bill.amount - discount, "EUR"), method="sepa",
                       reference=f"TX8800{month:03d}", allocate=[{"document": bill.number, "amount": plain(bill.amount - discount, "EUR"), "discount": plain(discount, "EUR")}])  # fmt: skip
        else:
            script.receipt(who, month * 30 - 24, [bill], bill.amount - discount, method="sepa")
    script.invoice(who, 7, (33, 5), (41, 12))


def _zilina(script: Script) -> None:
    """Instalments: two thirds of one invoice paid, the first third of another late."""
    who = CAST[13]
    script.habit(who, 90, 3, months=8, goods=((34, 4), (55, 1)))
    bill = script.invoice(who, 82, (54, 9), (28, 6), days=90)
    script.receipt(who, 50, [bill], bill.amount * 3333 // 10_000)
    script.receipt(who, 19, [bill], bill.amount * 3333 // 10_000)
    script.invoice(who, 44, (33, 7), days=90)


def _obrien(script: Script) -> None:
    """More credit than debt."""
    who = CAST[14]
    script.habit(who, 30, 1)
    bill = script.invoice(who, 40, (16, 12), (22, 8))
    script.receipt(who, 9, [bill])
    script.act("jana", 6, "credit_note", number="CN100002", customer=who.number, currency="GBP", amount=plain(12 * who.price(16), "GBP"), memo="Boots returned, wrong sizes")
    script.invoice(who, 3, (18, 3))


def _prairie(script: Script) -> None:
    """Owes nothing, yet two things are open: an invoice, and the money for it."""
    who = CAST[15]
    script.habit(who, 30, 0, months=9)
    bill = script.invoice(who, 45, (25, 10), (36, 24))
    script.receipt(who, 10, [], bill.amount)


def _copperfield(script: Script) -> None:
    """Bankrupt: one write-off approved, one waiting, one recovered a little."""
    who = CAST[16]
    script.habit(who, 14, 25, months=10, goods=((18, 6), (20, 4)))
    gone = script.invoice(who, 190, (43, 40), days=14)
    more = script.invoice(who, 150, (21, 30), (22, 20), days=14)
    script.act("petr", 60, "write_off", document=gone.number, amount=plain(gone.amount, "USD"), reason="Chapter 7, no assets for unsecured creditors", decision=Decision("viktor", True, "Notice of the court on file"))
    script.act("petr", 4, "write_off", document=more.number, amount=plain(more.amount, "USD"), reason="Chapter 7, second invoice of the same case")
    script.act("jana", 15, "recovery", document=gone.number, amount="25.00", currency="USD")


def _lambert(script: Script) -> None:
    """A deposit before the sale, and a receipt entered twice and taken back."""
    who = CAST[17]
    script.habit(who, 45, 5)
    number = script.number("RC")
    script.act("jana", 58, "receipt", number=number, customer=who.number, currency="EUR", amount="400.00", deposit=True, method="sepa", reference="TX9900412")
    bill = script.invoice(who, 37, (32, 4), (42, 15), days=45)
    script.act("jana", 36, "deposit_applied", document=number, customer=who.number, amount="250.00", currency="EUR", allocate=[{"document": bill.number, "amount": "250.00"}])
    twice = script.receipt(who, 18, [], 180_00)
    script.act("jana", 17, "reversal", document=twice, reason="duplicate")


def _lucia(script: Script) -> None:
    """Small payments on the first of each month, never quite enough; the latest waits to be applied."""
    who = CAST[18]
    bills = [script.invoice(who, ago, (ago % 50, 10), (5, 6)) for ago in (200, 165, 128, 91, 40)]
    for ago, bill in ((135, bills[0]), (104, bills[1]), (75, bills[2]), (45, bills[3])):
        script.receipt(who, ago, [bill], bill.amount * 6 // 10)
    script.receipt(who, 14, [], 75_00)


def _bank(script: Script) -> None:
    """Money nobody knew the sender of; one of them is known now. And what the bank took."""
    for ago, amount, reference in ((47, "612.30", "TX5500101"), (16, "89.90", "TX5500102"), (5, "1340.00", "TX5500103")):
        script.act("jana", ago, "receipt", number=script.number("RC"), currency="USD", amount=amount, method="ach", reference=reference, memo="payer unknown")
    first = script.acts[-3].document["number"]
    script.act("jana", 40, "identify", document=first, customer=CAST[8].number, amount="612.30", currency="USD")
    script.act("jana", 15, "bank_charge", amount="42.50", currency="USD", reference="May statement")
    script.act("viktor", 15, "allowance", amount="2500.00", currency="USD", memo="Quarterly review of doubtful accounts")


def _close_months(manager: Session, scale: Scale) -> None:
    with manager.transaction():
        manager.query(
            "SELECT api.set_period(m::date, 'closed', '') FROM generate_series(date_trunc('month', %s::date), %s::date, interval '1 month') m", (scale.start, _LAST_CLOSED)
        )
