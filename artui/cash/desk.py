"""A payment laid out in whole minor units beside everything it could be for: what the tries of a proposal look at."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from artui import money
from artui.cash.payable import (
    Confidence,
    Credit,
    CreditUse,
    Expected,
    Line,
    Payable,
    Payment,
    Proposal,
    Rules,
)
from artui.cash.remittance import Named, named
from artui.errors import BadInput

_RANK: Final = {"cost": 0, "interest": 1, "principal": 2}


@dataclass(frozen=True, slots=True)
class Row:
    """An open debit in minor units; `net` is what pays it when its discount is earned."""

    item: Payable
    open: int
    net: int


@dataclass(frozen=True, slots=True)
class Take:
    """What one row gets, in minor units."""

    row: Row
    apply: int
    discount: int = 0
    difference: int = 0


@dataclass(frozen=True, slots=True)
class Answer:
    """One way to use the payment; `uses` are (credit, row, amount)."""

    takes: tuple[Take, ...]
    words: str
    confidence: Confidence
    uses: tuple[tuple[Credit, Row, int], ...] = ()

    def covers(self) -> frozenset[int]:
        """Return the items it touches."""
        return frozenset(take.row.item.key for take in self.takes) | {row.item.key for _, row, _ in self.uses}


@dataclass(frozen=True)
class Desk:
    """The payment, the debits in the order they are paid when nobody says otherwise, the credits, the rules."""

    payment: Payment
    amount: int
    rows: tuple[Row, ...]
    credits: tuple[tuple[Credit, int], ...]
    expected: tuple[Expected, ...]
    rules: Rules

    @cached_property
    def named(self) -> Named:
        """What the payer's text names, debits and credits alike."""
        numbers = [row.item.document for row in self.rows] + [credit.document for credit, _ in self.credits]
        return named(self.payment.text, numbers) if self.payment.text else Named((), ())

    @cached_property
    def total(self) -> int:
        """Everything open."""
        return sum(row.open for row in self.rows)

    def minor(self, amount: object) -> int:
        """Give an amount of this currency in minor units."""
        return money.to_minor(amount, self.payment.currency)  # type: ignore[arg-type]

    def spoken(self, minor: int) -> str:
        """Give minor units in words for a reason."""
        return money.spoken(money.from_minor(minor, self.payment.currency), self.payment.currency)

    def proposal(self, answer: Answer, choices: Iterable[Answer] = ()) -> Proposal:
        """Give an answer in amounts of the currency."""
        code = self.payment.currency
        lines = tuple(
            Line(
                take.row.item.key,
                take.row.item.document,
                money.from_minor(take.apply, code),
                money.from_minor(take.discount, code),
                money.from_minor(take.difference, code),
            )
            for take in answer.takes
        )
        uses = tuple(
            CreditUse(
                credit.key, credit.document, row.item.key, row.item.document, money.from_minor(amount, code)
            )
            for credit, row, amount in answer.uses
        )
        left = money.from_minor(self.amount - sum(take.apply for take in answer.takes), code)
        others = tuple(self.proposal(choice) for choice in choices)
        return Proposal(lines, answer.words, answer.confidence, left, uses, others)


def lay_out(
    payment: Payment,
    items: Sequence[Payable],
    owed_back: Sequence[Credit],
    expected: Sequence[Expected],
    rules: Rules,
) -> Desk:
    """Convert everything to minor units once and put the debits in order; BadInput for an amount nobody can pay."""
    code = payment.currency
    amount = money.to_minor(payment.amount, code)
    if amount <= 0:
        raise BadInput(
            f"{money.spoken(payment.amount, code)} is not a payment.", "Enter an amount above nothing."
        )
    places = money.digits(code)
    rows = []
    for item in sorted(items, key=order_key(rules)):
        minor = int(item.open.scaleb(places))
        if minor > 0:
            discount = int(item.discount.scaleb(places)) if item.discount else 0
            rows.append(Row(item, minor, minor - min(max(discount, 0), minor)))
    kept = tuple(
        (credit, int(credit.open.scaleb(places)))
        for credit in sorted(owed_back, key=lambda credit: (credit.date, credit.key))
        if credit.open > 0
    )
    return Desk(payment, amount, tuple(rows), kept, tuple(expected), rules)


def order_key(rules: Rules) -> Callable[[Payable], tuple[Any, ...]]:
    """Return the sort key of debits: by nature first where costs go first, then oldest due."""
    if rules.order == "costs_first":
        return lambda item: (_RANK[item.nature], item.due, item.date, item.key)
    return lambda item: (item.due, item.date, item.key)


def in_full(rows: Iterable[Row]) -> tuple[Take, ...]:
    """Take each row in full."""
    return tuple(Take(row, row.open) for row in rows)


def with_discount(rows: Iterable[Row]) -> tuple[Take, ...]:
    """Take each row in full, less what paying it now earns."""
    return tuple(Take(row, row.net, row.open - row.net) for row in rows)


def until_used_up(rows: Iterable[Row], amount: int) -> tuple[Take, ...]:
    """Take rows in order as far as the amount reaches."""
    takes = []
    for row in rows:
        part = min(row.open, amount)
        if part <= 0:
            break
        takes.append(Take(row, part))
        amount -= part
    return tuple(takes)


def listed(rows: Sequence[Row] | Sequence[str]) -> str:
    """Name documents in a sentence, at most five."""
    numbers = list(dict.fromkeys(row if isinstance(row, str) else row.item.document for row in rows))
    shown = ", ".join(numbers[:5])
    return shown if len(numbers) <= 5 else f"{shown} and {len(numbers) - 5} more"
