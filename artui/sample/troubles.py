"""Customers one has to call: late, short, in dispute, bounced, bankrupt."""

from __future__ import annotations

from artui.sample.acts import Decision, Script
from artui.sample.cast import CAST
from artui.sample.trade import plain


def dvorak(script: Script) -> None:
    """Two firms of one name: the first late and promising, the second paying in part, with interest charged."""
    firm, driver = CAST[0], CAST[19]
    script.habit(firm, 14, 4)
    late = script.invoice(firm, 52, (32, 4), (38, 2), days=14, po="ST-0418")
    script.receipt(firm, 21, [late], late.amount * 4 // 10)
    script.invoice(firm, 39, (13, 10), (17, 3), days=14)
    script.invoice(firm, 6, (20, 14), days=14)
    first, *_ = script.habit(driver, 14, 30, months=9)
    script.receipt(driver, 9, [first], first.amount // 2)
    script.act(
        "jana",
        5,
        "charge",
        number="CH100001",
        customer=driver.number,
        amount="18.40",
        currency="EUR",
        reason="interest",
    )


def munoz(script: Script) -> None:
    """A dispute over damaged goods, and a credit note for what was not delivered."""
    who = CAST[1]
    script.habit(who, 60, 6)
    damaged = script.invoice(who, 88, (55, 6), (59, 20), days=60, po="VAL-2291")
    short = script.invoice(who, 70, (57, 40), (58, 10), days=60)
    script.act(
        "jana",
        62,
        "credit_note",
        number="CN100001",
        customer=who.number,
        amount=plain(10 * who.price(58), "EUR"),
        currency="EUR",
        of=short.number,
        decision=Decision("viktor", True, "Delivery note shows one box less"),
    )
    script.act(
        "petr",
        20,
        "dispute",
        document=damaged.number,
        amount=plain(2 * who.price(55), "EUR"),
        reason="damaged",
    )


def brightwater(script: Script) -> None:
    """Two cheques came back, each with a fee."""
    who = CAST[6]
    script.habit(who, 30, 12, months=8)
    first = script.invoice(who, 97, (51, 9), (31, 6))
    second = script.invoice(who, 66, (34, 2), (1, 30))
    for bill, paid, back in ((first, 58, 54), (second, 27, 24)):
        number = script.receipt(who, paid, [bill])
        script.act("jana", back, "reversal", document=number, reason="nsf", fee="35.00")
    script.invoice(who, 29, (6, 40))


def zilina(script: Script) -> None:
    """Instalments: two thirds of one invoice paid, the first third of another late."""
    who = CAST[13]
    script.habit(who, 90, 3, months=8, goods=((34, 4), (55, 1)))
    bill = script.invoice(who, 82, (54, 9), (28, 6), days=90)
    script.receipt(who, 50, [bill], bill.amount * 3333 // 10_000)
    script.receipt(who, 19, [bill], bill.amount * 3333 // 10_000)
    script.invoice(who, 44, (33, 7), days=90)


def copperfield(script: Script) -> None:
    """Bankrupt: one write-off approved, one waiting, one recovered a little."""
    who = CAST[16]
    script.habit(who, 14, 25, months=11, last=6, goods=((18, 6), (20, 4)))
    gone = script.invoice(who, 190, (43, 40), days=14)
    more = script.invoice(who, 150, (21, 30), (22, 20), days=14)
    script.act(
        "petr",
        60,
        "write_off",
        document=gone.number,
        amount=plain(gone.amount, "USD"),
        reason="Chapter 7, no assets for unsecured creditors",
        decision=Decision("viktor", True, "Notice of the court on file"),
    )
    script.act(
        "petr",
        4,
        "write_off",
        document=more.number,
        amount=plain(more.amount, "USD"),
        reason="Chapter 7, second invoice of the same case",
    )
    script.act("jana", 15, "recovery", document=gone.number, amount="25.00", currency="USD")


def lucia(script: Script) -> None:
    """Small payments on the first of each month, never quite enough; the latest waits to be applied."""
    who = CAST[18]
    bills = [script.invoice(who, ago, (ago % 50, 10), (5, 6)) for ago in (200, 165, 128, 91, 40)]
    for ago, bill in ((135, bills[0]), (104, bills[1]), (75, bills[2]), (45, bills[3])):
        script.receipt(who, ago, [bill], bill.amount * 6 // 10)
    script.receipt(who, 14, [], 75_00)
