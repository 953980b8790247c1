"""A payment as far as it was entered: kept whole, and laid on an account that has changed meanwhile."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal

from artui.cash.payable import Credit, CreditUse, Payable
from artui.cash.unfinished import Unfinished, put_back
from artui.cash.worksheet import Mark, Worksheet

DAY = date(2026, 6, 1)
ITEMS = tuple(Payable(key, f"I-{key}", DAY, DAY, Decimal(100)) for key in (1, 2, 3))
MARKS = {1: Mark(Decimal(100)), 2: Mark(Decimal("60.50"), Decimal(2), Decimal("0.10"), Decimal(30), "price")}
USES = (CreditUse(9, "CN-9", 3, "I-3", Decimal(40)),)
SHEET = Worksheet(Decimal(200), "USD", ITEMS, (Credit(9, "CN-9", DAY, Decimal(50)),))


def test_what_is_kept_is_read_back_whole() -> None:
    kept = Unfinished({"from": "10442", "amount": "12k"}, "10442", MARKS, USES, on_account=True, by_hand=True, group=True, batch="B-1")
    assert Unfinished.of(json.loads(json.dumps(kept.body()))) == kept
    assert Unfinished.of({}) == Unfinished({}), "what an older program kept"


def test_marks_lie_where_they_did_as_far_as_they_fit() -> None:
    sheet, dropped = put_back(SHEET, MARKS, USES)
    assert (dict(sheet.marks), sheet.uses, dropped) == (MARKS, USES, ())
    paid = replace(SHEET, items=(ITEMS[0], replace(ITEMS[1], open=Decimal(80)), replace(ITEMS[2], open=Decimal(30))))
    sheet, dropped = put_back(paid, MARKS, USES)
    assert (set(sheet.marks), sheet.uses, dropped) == ({1}, (), ("I-3", "I-2"))
    sheet, dropped = put_back(replace(SHEET, amount=Decimal(120), items=ITEMS[1:]), MARKS, USES)
    assert (set(sheet.marks), dropped) == ({2}, ("an item that is closed now",)) and sheet.remaining >= 0
