"""Money that came in some unusual way: for a group, with a discount, twice, in part, from nobody known."""

from __future__ import annotations

from artui.sample.acts import Decision, Script
from artui.sample.cast import CAST
from artui.sample.trade import plain


def harbor_point(script: Script) -> None:
    """A group: the head pays for its houses with one cheque, and one invoice went to the wrong house."""
    head, hotel, catering, marina = CAST[2:6]
    for month in range(10, 1, -1):
        bills = [
            script.invoice(house, month * 30 + 3, (18 + house.place, 12), (month, 8), (30, month))
            for house in (hotel, catering, marina)
        ]
        if month > 2:
            script.receipt(head, month * 30 - 34, bills, reference=f"30{month:02d}17")
    script.invoice(head, 41, (28, 1), (29, 2))
    wrong = script.invoice(hotel, 34, (54, 3), (10, 4))
    script.act(
        "jana",
        30,
        "transfer",
        number="TR100001",
        document=wrong.number,
        to=marina.number,
        amount=plain(wrong.amount, "USD"),
        reason="billed to the wrong house",
    )
    script.invoice(catering, 8, (19, 12), (20, 12))
    # a payment left unapplied until the remittance advice comes
    script.receipt(head, 2, [], 1_250_00, reference="301117")


def poland(script: Script) -> None:
    """A few groszy short, and an allocation that was taken back and made again."""
    who = CAST[7]
    script.habit(who, 14, 2)
    bill = script.invoice(who, 48, (36, 30), (37, 2), days=14)
    script.receipt(who, 33, [bill], bill.amount - 137)
    script.act(
        "jana", 33, "small_difference", document=bill.number, amount="1.37", reason="bank fee of the payer"
    )
    older, newer = script.invoice(who, 75, (45, 20), days=14), script.invoice(who, 61, (46, 20), days=14)
    receipt = script.receipt(who, 46, [older])
    amount = plain(older.amount, who.currency)
    script.act("jana", 12, "unallocation", moves=[{"from": receipt, "to": older.number, "amount": amount}])
    script.act(
        "jana",
        11,
        "allocation",
        moves=[
            {
                "from": receipt,
                "to": newer.number,
                "amount": plain(min(older.amount, newer.amount), who.currency),
            }
        ],
    )


def nguyen(script: Script) -> None:
    """Paid twice: half of it refunded after a second look, the rest waits for the manager."""
    who = CAST[8]
    script.habit(who, 30, -3)
    bill = script.invoice(who, 63, (56, 8), (53, 2))
    script.receipt(who, 36, [bill])
    twice = script.receipt(who, 34, [], bill.amount)
    script.act(
        "jana",
        30,
        "refund",
        document=twice,
        amount="150.00",
        reason="paid twice, customer asks for part of it back",
        decision=Decision("marta", True, "Bank statement seen"),
    )


def santos(script: Script) -> None:
    """A customer who withholds tax, and a receipt in dollars for a bill in pesos."""
    who = CAST[9]
    script.habit(who, 30, 9, months=7)
    bill = script.invoice(who, 72, (32, 3), (17, 2))
    held = bill.amount // 100
    script.receipt(who, 38, [bill], bill.amount - held)
    script.act(
        "jana",
        38,
        "withholding",
        number="WT100001",
        customer=who.number,
        amount=plain(held, who.currency),
        currency=who.currency,
        reference="2307",
        allocate=[{"document": bill.number, "amount": plain(held, who.currency)}],
    )


def far_away(script: Script) -> None:
    """Currencies without decimals and with three of them."""
    script.habit(CAST[10], 45, 2, goods=((2, 60), (40, 25)))
    script.habit(CAST[11], 60, 14, goods=((26, 18), (12, 30)))
    script.invoice(CAST[11], 130, (55, 3), days=60)


def mueller(script: Script) -> None:
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


def obrien(script: Script) -> None:
    """More credit than debt."""
    who = CAST[14]
    script.habit(who, 30, 1)
    bill = script.invoice(who, 40, (16, 12), (22, 8))
    script.receipt(who, 9, [bill])
    script.act(
        "jana",
        6,
        "credit_note",
        number="CN100002",
        customer=who.number,
        currency="GBP",
        amount=plain(12 * who.price(16), "GBP"),
        memo="Boots returned, wrong sizes",
        decision=Decision("viktor", True, "Goods are back in stock"),
    )
    script.invoice(who, 3, (18, 3))


def prairie(script: Script) -> None:
    """Owes nothing, yet two things are open: an invoice, and the money for it."""
    who = CAST[15]
    script.habit(who, 30, 0, months=9, last=3)
    bill = script.invoice(who, 45, (25, 10), (36, 24))
    script.receipt(who, 10, [], bill.amount)


def lambert(script: Script) -> None:
    """A deposit before the sale, and a receipt entered twice and taken back."""
    who = CAST[17]
    script.habit(who, 45, 5)
    number = script.number("RC")
    script.act(
        "jana",
        58,
        "receipt",
        number=number,
        customer=who.number,
        currency="EUR",
        amount="400.00",
        deposit=True,
        method="sepa",
        reference="TX9900412",
    )
    bill = script.invoice(who, 37, (32, 4), (42, 15), days=45)
    script.act(
        "jana",
        36,
        "deposit_applied",
        document=number,
        customer=who.number,
        amount="250.00",
        currency="EUR",
        allocate=[{"document": bill.number, "amount": "250.00"}],
    )
    twice = script.receipt(who, 18, [], 180_00)
    script.act("jana", 17, "reversal", document=twice, reason="duplicate")


def bank(script: Script) -> None:
    """Money nobody knew the sender of; one of them is known now. And what the bank took."""
    for ago, amount, reference in (
        (47, "612.30", "TX5500101"),
        (16, "89.90", "TX5500102"),
        (5, "1340.00", "TX5500103"),
    ):
        script.act(
            "jana",
            ago,
            "receipt",
            number=script.number("RC"),
            currency="USD",
            amount=amount,
            method="ach",
            reference=reference,
            memo="payer unknown",
        )
    first = script.acts[-3].document["number"]
    script.act(
        "jana", 40, "identify", document=first, customer=CAST[8].number, amount="612.30", currency="USD"
    )
    script.act("jana", 15, "bank_charge", amount="42.50", currency="USD", reference="May statement")
    script.act(
        "viktor",
        15,
        "allowance",
        amount="2500.00",
        currency="USD",
        memo="Quarterly review of doubtful accounts",
    )
