"""The books in plain Python: what the database is held against. Amounts are minor units, a refusal is its code."""

from __future__ import annotations

import calendar
from dataclasses import dataclass, field
from datetime import date, timedelta

from artui.ledger.ageing import bucket_of, days_late

DEPENDENTS = ("discount", "small_difference")
BY_DECISION = ("reversal", "write_off", "small_difference", "refund", "discount")
RULES = {
    "invoice": (("control", 1, "gross"), ("4000", -1, "net"), ("2200", -1, "tax")), "credit_note": (("4090", 1, "net"), ("2200", 1, "tax"), ("control", -1, "gross")),
    "receipt": (("1000", 1, "gross"), ("control", -1, "gross")), "discount": (("5110", 1, "net"), ("2200", 1, "tax"), ("control", -1, "gross")),
    "small_difference": (("5120", 1, "gross"), ("control", -1, "gross")), "write_off": (("1190", 1, "gross"), ("control", -1, "gross")),
    "refund": (("control", 1, "gross"), ("1000", -1, "gross")), "transfer": (("control2", 1, "gross"), ("control", -1, "gross")),
}  # fmt: skip


class Refusal(Exception):
    """The code the vault answers with."""


@dataclass(eq=False)
class Document:
    kind: str
    account: str
    currency: str
    amount: int
    tax: int
    day: date
    posting: int
    of: Document | None = None
    reverses: Document | None = None
    number: str = ""
    lines: list[tuple[str, int]] = field(default_factory=list)
    items: list[Item] = field(default_factory=list)


@dataclass(eq=False)
class Item:
    document: Document
    account: str
    seq: int
    due: date
    original: int
    open: int

    @property
    def day(self) -> date:
        return self.document.day


@dataclass(eq=False)
class Allocation:
    posting: int
    debit: Item
    credit: Item
    amount: int
    day: date
    kind: str
    reverses: Allocation | None = None


@dataclass
class Books:
    """`groups` tells the group of each account; `closed` the months closed, `soft` those closed for clerks."""

    groups: dict[str, str]
    documents: list[Document] = field(default_factory=list)
    allocations: list[Allocation] = field(default_factory=list)
    closed: set[date] = field(default_factory=set)
    soft: set[date] = field(default_factory=set)
    clerk: bool = True
    posting: int = 0

    # days

    def shut(self, day: date) -> bool:
        month = day.replace(day=1)
        return month in self.closed or (self.clerk and month in self.soft)

    def next_open_day(self, day: date) -> date:
        while self.shut(day):
            day = day.replace(day=calendar.monthrange(day.year, day.month)[1]) + timedelta(1)
        return day

    def check_open(self, day: date) -> None:
        if self.shut(day):
            raise Refusal("AR003")

    # booking

    def book(self, kind: str, account: str, currency: str, amount: int, day: date, *, tax: int = 0, due: date | None = None,
             instalments: list[tuple[date, int]] | None = None, of: Document | None = None, other: str = "") -> Document:  # fmt: skip
        self.check_open(day)
        if amount == 0 or (amount < 0 and kind not in ("small_difference", "transfer")):
            raise Refusal("AR008")
        paper = Document(kind, account, currency, amount, tax, day, self.posting, of)
        for gl, side, part in RULES[kind]:
            value = side * {"gross": amount, "net": amount - tax, "tax": tax}[part]
            if value == 0:
                continue
            paper.lines.append(("1100" if gl.startswith("control") else gl, value))
            if gl == "control" and instalments:
                paper.items += [Item(paper, account, n, on, side * part_of, side * part_of) for n, (on, part_of) in enumerate(instalments, 1)]
            elif gl.startswith("control"):
                paper.items.append(Item(paper, other if gl == "control2" else account, 2 if gl == "control2" else 1, due or day, value, value))
        self.documents.append(paper)
        return paper

    # moving open amounts

    def days_of(self, item: Item) -> list[date]:
        return [a.day for a in self.allocations if item in (a.debit, a.credit)]

    def level(self, item: Item, day: date) -> int:
        return sum(a.amount for a in self.allocations if item in (a.debit, a.credit) and a.day <= day)

    def move(self, debit: Item, credit: Item, amount: int, day: date, kind: str, reverses: Allocation | None = None) -> None:
        fits = debit.original > 0 > credit.original and debit.document.currency == credit.document.currency
        if not fits or self.groups[debit.account] != self.groups[credit.account]:
            raise Refusal("AR010")
        if day < max(debit.day, credit.day):
            raise Refusal("AR008")
        self.check_open(day)
        if amount > 0 and (debit.open < amount or -credit.open < amount):
            raise Refusal("AR004")
        for item in (debit, credit):
            later = [day, *(on for on in self.days_of(item) if on > day)]
            if amount > 0 and max(self.level(item, on) for on in later) + amount > abs(item.original):
                raise Refusal("AR004")
        self.allocations.append(Allocation(self.posting, debit, credit, amount, day, kind, reverses))
        debit.open -= amount
        credit.open += amount

    def spread(self, debit: Document, credit: Document, amount: int | None, day: date, kind: str) -> None:
        left = amount
        for d in sorted((i for i in debit.items if i.original > 0), key=lambda i: (i.due, i.seq)):
            for c in sorted((i for i in credit.items if i.original < 0), key=lambda i: (i.due, i.seq)):
                take = min(d.open, -c.open, d.open if left is None else left)
                if take > 0:
                    self.move(d, c, take, max(day, d.day, c.day), kind)
                    left = None if left is None else left - take
        if left:
            raise Refusal("AR004")

    def live(self, allocation: Allocation) -> int:
        return allocation.amount + sum(a.amount for a in self.allocations if a.reverses is allocation)

    def unlink(self, paper: Document, other: Document | None, amount: int | None, day: date, *, by_hand: bool = False) -> None:
        undone = 0
        found = [a for a in self.allocations if a.amount > 0 and not (by_hand and a.kind in BY_DECISION) and _joins(a, paper, other)]
        for a, live in [(a, self.live(a)) for a in reversed(found)]:
            take = live if amount is None else min(live, amount - undone)
            if take > 0:
                self.move(a.debit, a.credit, -take, max(day, a.day), a.kind, a)
                undone += take
        if amount is not None and undone < amount:
            raise Refusal("AR004")

    # the acts

    def receipt(self, account: str, currency: str, amount: int, day: date, allocate: list[tuple[Document, int, int]]) -> None:
        paper = self.book("receipt", account, currency, amount, day)
        for target, paid, discount in allocate:
            if paid:
                self.spread(target, paper, paid, day, "payment")
            if discount:
                if self.groups[target.account] != self.groups[account]:
                    raise Refusal("AR010")
                allowed = self.book("discount", target.account, currency, discount, day, of=paper)
                self.spread(target, allowed, discount, day, "discount")

    def allocate(self, credit: Document, debit: Document, amount: int, day: date) -> None:
        if day < max(credit.day, debit.day):
            raise Refusal("AR008")
        kind = {"credit_note": "credit_note", "receipt": "payment"}.get(credit.kind, "other")
        self.spread(debit, credit, amount, day, kind)

    def small_difference(self, paper: Document, day: date) -> None:
        amount = abs(sum(i.open for i in paper.items))
        if not amount:
            raise Refusal("AR004")
        sign = 1 if paper.items[0].original > 0 else -1
        gone = self.book("small_difference", paper.account, paper.currency, amount * sign, day, of=paper)
        self.spread(*((paper, gone) if sign > 0 else (gone, paper)), amount, day, "small_difference")

    def decided(self, kind: str, paper: Document, amount: int, day: date) -> None:
        gone = self.book(kind, paper.account, paper.currency, amount, day, of=paper)
        self.spread(*((paper, gone) if kind == "write_off" else (gone, paper)), amount, day, kind)

    def transfer(self, paper: Document, to: str, amount: int, day: date) -> None:
        if paper.account == to or self.groups[paper.account] != self.groups[to]:
            raise Refusal("AR010")
        sign = 1 if paper.items[0].original > 0 else -1
        moved = self.book("transfer", paper.account, paper.currency, amount * sign, day, of=paper, other=to)
        mine = next(i for i in moved.items if i.account == paper.account)
        left = amount
        for i in sorted(paper.items, key=lambda i: (i.due, i.seq)):
            take = min(abs(i.open), left)
            if take > 0:
                self.move(*((i, mine) if i.original > 0 else (mine, i)), take, max(day, i.day), "transfer")
                left -= take
        if left:
            raise Refusal("AR004")

    def is_reversed(self, paper: Document) -> bool:
        return any(r.reverses is paper and not any(z.reverses is r for z in self.documents) for r in self.documents)

    def post_reversal(self, paper: Document, day: date) -> None:
        on = max([day, paper.day, *(d for i in paper.items for d in self.days_of(i))])
        self.reverse(paper, self.next_open_day(on))

    def check_credited(self, paper: Document, amount: int) -> None:
        """An invoice is credited at most once over, and not when it was taken back."""
        if self.is_reversed(paper):
            raise Refusal("AR010")
        notes = [each for each in self.documents if each.kind == "credit_note" and each.of is paper and not self.is_reversed(each)]
        if amount + sum(each.amount for each in notes) > paper.amount:
            raise Refusal("AR004")

    def reverse(self, paper: Document, day: date) -> None:
        if self.is_reversed(paper):
            raise Refusal("AR009")
        if paper.reverses and paper.reverses.reverses:
            raise Refusal("AR010")
        self.unlink(paper, paper.reverses, None, day)
        self.check_open(day)
        back = Document("reversal", paper.account, paper.currency, paper.amount, paper.tax, day, self.posting, paper, paper)
        back.lines = [(gl, -amount) for gl, amount in paper.lines]
        pairs = sorted(paper.items, key=lambda i: i.seq)
        back.items = [Item(back, i.account, i.seq, day, -i.original, -i.original) for i in pairs]
        self.documents.append(back)
        for i, mirror in zip(pairs, back.items, strict=True):
            self.move(*((i, mirror) if i.original > 0 else (mirror, i)), abs(i.original), day, "reversal")
        # in the order the books do it: what hangs on a document goes after it
        for dependent in [d for d in self.documents if d.of is paper and d.kind in DEPENDENTS and not self.is_reversed(d)]:
            self.reverse(dependent, day)
        if paper.reverses:
            self._put_back(paper, paper.reverses, day)
        self._check_standing(paper.reverses or paper, back=paper.reverses is not None)

    def _check_standing(self, paper: Document, *, back: bool) -> None:
        """Nothing is given away twice: by what comes back, or by what still leans on a document that goes."""
        if back and paper.kind in ("credit_note", "write_off") and paper.of:
            if self.is_reversed(paper.of):
                raise Refusal("AR010")
            if paper.kind == "credit_note":
                self.check_credited(paper.of, 0)
        if not back and paper.kind == "invoice" and any(d.of is paper and d.kind in ("credit_note", "write_off") and not self.is_reversed(d) for d in self.documents):
            raise Refusal("AR010")

    def _put_back(self, reversal: Document, first: Document, day: date) -> None:
        undone: dict[tuple[Item, Item, str], int] = {}
        for a in self.allocations:
            if a.posting == reversal.posting and a.amount < 0 and a.kind != "reversal" and first in (a.debit.document, a.credit.document):
                key = (a.debit, a.credit, a.kind)
                undone[key] = undone.get(key, 0) - a.amount
        for (debit, credit, kind), amount in undone.items():
            take = min(amount, debit.open, -credit.open)
            if take > 0:
                self.move(debit, credit, take, day, kind)
        for r in [r for r in self.documents if r.posting == reversal.posting and r.reverses and r.reverses.of is first and r.reverses.kind in DEPENDENTS]:
            if not any(z.reverses is r for z in self.documents):
                self.reverse(r, day)

    # what there is on a day

    def open_on(self, item: Item, day: date) -> int:
        if item.day > day:
            return 0
        return item.original - (1 if item.original > 0 else -1) * self.level(item, day)

    def ageing(self, day: date) -> dict[tuple[str, str], dict[str, int]]:
        rows: dict[tuple[str, str], dict[str, int]] = {}
        for item in (i for d in self.documents for i in d.items):
            left = self.open_on(item, day)
            if left:
                row = rows.setdefault((item.account, item.document.currency), {})
                name = bucket_of(days_late(day, item.due)) if left > 0 else "unapplied"
                row[name] = row.get(name, 0) + left
        return rows

    def control(self, day: date) -> dict[str, int]:
        total: dict[str, int] = {}
        for paper in self.documents:
            for gl, amount in paper.lines:
                if gl == "1100" and paper.day <= day:
                    total[paper.currency] = total.get(paper.currency, 0) + amount
        return {currency: amount for currency, amount in total.items() if amount}


def _joins(a: Allocation, paper: Document, other: Document | None) -> bool:
    ends = (a.debit.document, a.credit.document)
    return any(ends[n] is paper and (other is None or ends[1 - n] is other) for n in (0, 1))
