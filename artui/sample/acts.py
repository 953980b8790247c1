"""Writing down what people will post: documents in the words of `artui post`, each with its day and its author."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from artui.ledger import posting
from artui.sample.cast import Member
from artui.sample.goods import GOODS
from artui.sample.scale import DEMO_DATE, Scale
from artui.sample.trade import plain
from artui.session import Session


@dataclass(frozen=True)
class Bill:
    """An invoice as its payer sees it: number, amount in minor units, how many days ago it fell due (negative: still to come)."""

    who: Member
    number: str
    amount: int
    due: int


@dataclass(frozen=True)
class Decision:
    """What a second person says of something that waits."""

    login: str
    approve: bool
    comment: str


@dataclass(frozen=True)
class Act:
    """One document somebody posts."""

    ago: int
    login: str
    document: Mapping[str, Any]
    decision: Decision | None = None


def on(ago: int) -> date:
    """Return the day that many days before the demo date."""
    return DEMO_DATE - timedelta(ago)


@dataclass
class Script:
    """Acts in the order they are thought of; `play` posts them by day."""

    acts: list[Act] = field(default_factory=list)
    _numbers: dict[str, int] = field(default_factory=dict)

    def number(self, prefix: str) -> str:
        """Give out the next number of a series."""
        self._numbers[prefix] = self._numbers.get(prefix, 100_000) + 1
        return f"{prefix}{self._numbers[prefix]}"

    def act(
        self, login: str, ago: int, kind: str, *, decision: Decision | None = None, **fields: Any
    ) -> None:
        """Let somebody post a document."""
        self.acts.append(Act(ago, login, {"kind": kind, "date": on(ago).isoformat(), **fields}, decision))

    def invoice(self, who: Member, ago: int, *goods: tuple[int, int], days: int = 30, **fields: Any) -> Bill:
        """Invoice goods (place in the list, quantity); `days` is what the customer's terms make of it, for whoever pays it later."""
        number = self.number("")
        prices = [(GOODS[good], quantity, who.price(good)) for good, quantity in goods]
        lines = [
            {"item": good.number, "quantity": str(quantity), "unit_price": plain(price, who.currency)}
            for good, quantity, price in prices
        ]
        self.act("jana", ago, "invoice", number=number, customer=who.number, lines=lines, **fields)
        return Bill(who, number, sum(quantity * price for _, quantity, price in prices), ago - days)

    def receipt(
        self,
        who: Member,
        ago: int,
        bills: Sequence[Bill],
        amount: int | None = None,
        *,
        login: str = "jana",
        **fields: Any,
    ) -> str:
        """Receive money for bills, oldest first as far as it goes; what is over stays on account."""
        number = self.number("RC")
        left = amount = sum(bill.amount for bill in bills) if amount is None else amount
        allocate = []
        for bill in bills:
            take = min(left, bill.amount)
            if take > 0:
                allocate.append({"document": bill.number, "amount": plain(take, who.currency)})
            left -= take
        fields.setdefault("method", "cheque" if who.country == "US" else "transfer")
        fields.setdefault("reference", f"{'20' if who.country == 'US' else 'TX7700'}{number[-3:]}")
        self.act(
            login,
            ago,
            "receipt",
            number=number,
            customer=who.number,
            currency=who.currency,
            amount=plain(amount, who.currency),
            allocate=allocate,
            **fields,
        )
        return number

    def habit(
        self,
        who: Member,
        days: int,
        late: int,
        *,
        months: int = 10,
        last: int = 1,
        goods: Sequence[tuple[int, int]] = ((0, 20), (9, 12), (19, 6)),
    ) -> list[Bill]:
        """Ordinary months, from `months` ago to `last` ago: one invoice each, paid `late` days after it fell due. Return those not paid yet."""
        unpaid = []
        for month in range(months, last - 1, -1):
            ago = month * 30 + who.place % 7
            order = [
                ((good + month + who.place) % len(GOODS), quantity + month % 4) for good, quantity in goods
            ]
            bill = self.invoice(who, ago, *order, days=days, po=f"{who.place + 1:02d}-{month:03d}")
            if bill.due - late >= 3:
                self.receipt(who, bill.due - late, [bill])
            else:
                unpaid.append(bill)
        return unpaid

    def play(self, people: Mapping[str, Session], scale: Scale) -> None:
        """Post everything, the oldest first, each by its author; a refusal is raised."""
        for place, act in sorted(enumerate(self.acts), key=lambda pair: -pair[1].ago):
            answer = posting.post(people[act.login], {"id": scale.key("story", place), **act.document})
            if act.decision and answer.approval is not None:
                posting.decide(
                    people[act.decision.login],
                    answer.approval,
                    approve=act.decision.approve,
                    reason=act.decision.comment,
                )
