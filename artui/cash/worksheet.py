"""The apply grid as a value: every typed option gives a new sheet, and none gives away more than there is.

At every moment remaining + cash applied = amount, and what an item is given (cash, discount, credit, small difference,
dispute) is at most what is open of it. A refusal leaves the sheet as it was.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cached_property
from typing import Final

from artui import money
from artui.cash.combinations import search
from artui.cash.desk import order_key
from artui.cash.payable import ZERO, Credit, CreditUse, Payable, Proposal, Rules
from artui.clock import spoken
from artui.errors import ArtuiError, BadInput, Refused

REASONS: Final = ("discount", "price", "quantity", "damage", "tax", "withheld", "freight", "unknown")


@dataclass(frozen=True, slots=True)
class Mark:
    """What one item is given: cash, discount, a small difference let go, and what of the rest is disputed and why."""

    cash: Decimal = ZERO
    discount: Decimal = ZERO
    difference: Decimal = ZERO
    dispute: Decimal = ZERO
    reason: str = ""

    @property
    def closed(self) -> Decimal:
        """What it takes off the item besides credits."""
        return self.cash + self.discount + self.difference


@dataclass(frozen=True, slots=True)
class Typed:
    """An option typed on a row (or on the sheet, without an item), with its amount or reason where it takes one."""

    option: str
    item: int | None = None
    amount: Decimal | None = None
    reason: str = ""
    credit: int | None = None


@dataclass(frozen=True)
class Run:
    """Where a pass of typed options ended: the sheet, what was not run yet, and why it stopped there (None: it did not)."""

    sheet: Worksheet
    left: tuple[Typed, ...]
    refusal: ArtuiError | None


class Several(BadInput):
    """More than one combination fits; `choices` are sets of items, each to be given to `take`."""

    code = "several"

    def __init__(self, choices: tuple[tuple[int, ...], ...]) -> None:
        super().__init__(f"{len(choices)} combinations add up to what remains.", "Choose one of them.")
        self.choices = choices


@dataclass(frozen=True)
class Worksheet:
    """A payment being applied. `small` is the most that may be let go on one item; marks and uses are by item key."""

    amount: Decimal
    currency: str
    items: tuple[Payable, ...]
    credits: tuple[Credit, ...] = ()
    small: Decimal = ZERO
    rules: Rules = field(default_factory=Rules)
    marks: Mapping[int, Mark] = field(default_factory=dict)
    uses: tuple[CreditUse, ...] = ()
    rest_on_account: bool = False

    @cached_property
    def _rows(self) -> dict[int, Payable]:
        return {item.key: item for item in self.items}

    @cached_property
    def _credited(self) -> dict[int, Decimal]:
        totals: dict[int, Decimal] = {}
        for use in self.uses:
            totals[use.item] = totals.get(use.item, ZERO) + use.amount
        return totals

    @cached_property
    def applied(self) -> Decimal:
        """The cash that has been set against items."""
        return sum((mark.cash for mark in self.marks.values()), ZERO)

    @cached_property
    def discounts(self) -> Decimal:
        """The discount granted with it."""
        return sum((mark.discount for mark in self.marks.values()), ZERO)

    @property
    def remaining(self) -> Decimal:
        """The cash that is not applied yet."""
        return self.amount - self.applied

    @property
    def ready(self) -> bool:
        """Whether it may be posted: nothing remains, or the rest is said to stay on account."""
        return self.remaining == 0 or self.rest_on_account

    def why_not(self) -> str:
        """Say what is missing before it can be posted; empty when nothing is."""
        if self.ready:
            return ""
        return f"{money.spoken(self.remaining, self.currency)} remains: apply it, or U leaves it on account"

    def mark(self, item: int) -> Mark:
        """What an item is given."""
        return self.marks.get(item, _NOTHING)

    def rest(self, item: int) -> Decimal:
        """What stays open of an item after this sheet, disputed parts included."""
        return self._row(item).open - self.mark(item).closed - self._credited.get(item, ZERO)

    def credit_left(self, credit: int) -> Decimal:
        """What is left of a credit after this sheet."""
        return self._credit(credit).open - sum(
            (use.amount for use in self.uses if use.credit == credit), ZERO
        )

    # options of one row

    def full(self, item: int) -> Worksheet:
        """X: pay all of it. Refused when less remains than that."""
        return self.take((item,))

    def part(self, item: int, amount: Decimal | None = None) -> Worksheet:
        """P: pay this much of it, or as much as remains."""
        if amount is None:
            amount = min(self.rest(item), self.remaining)
        elif amount < 0:
            raise BadInput("A part is an amount above nothing.", "Blank takes the row back.")
        else:  # typed again: instead of what was there
            return self.clear(item)._pay(item, amount, "Enter less.")
        return self._pay(item, amount, "Enter less.")

    def adjust(self, item: int) -> Worksheet:
        """A: pay it as far as the money goes and let the small rest go, within the limit for one item."""
        sheet = self if self.mark(item).cash else self.part(item)
        rest = sheet.rest(item)
        if rest <= 0:
            raise Refused(f"Nothing is left of {self._row(item).document} to let go.", "", code="AR004")
        if rest > self.small:
            raise Refused(
                f"{money.spoken(rest, self.currency)} of {self._row(item).document} is more than the small difference of {money.spoken(self.small, self.currency)}.",
                "S disputes the rest; a write-off is proposed from the card.",
                code="AR012",
            )
        mark = sheet.mark(item)
        return sheet._put(item, replace(mark, difference=mark.difference + rest, dispute=ZERO))

    def discount(self, item: int) -> Worksheet:
        """D: pay it less the discount that paying today earns. A discount that has ended is refused with its last day."""
        row = self._row(item)
        if row.discount <= 0:
            ended = f"ended on {spoken(row.until)}" if row.until else "was never offered"
            raise Refused(
                f"The discount of {row.document} {ended}.", "S disputes the missing rest.", code="AR010"
            )
        sheet = self.clear(item)
        rest = sheet.rest(item)
        granted = min(row.discount, rest)
        return sheet._pay(item, rest - granted, "P takes what remains.", granted)

    def use_credit(self, item: int, credit: int | None = None, amount: Decimal | None = None) -> Worksheet:
        """C: set older credits of the account against it: the one named, or the oldest ones until the item or they are used up."""
        sheet = self
        wanted = min(self.rest(item), amount) if amount is not None else self.rest(item)
        if amount is not None and amount <= 0:
            raise BadInput("A credit is used for an amount above nothing.", "")
        names = [credit] if credit is not None else [one.key for one in self.credits]
        for name in names:
            part = min(wanted, sheet.credit_left(name))
            if part > 0:
                wanted -= part
                sheet = sheet._use(name, item, part)
        if sheet is self:
            raise Refused("No credit is left, or nothing to use it on.", "", code="AR004")
        if amount is not None and wanted:
            raise Refused(f"{money.spoken(wanted, self.currency)} is more than is left.", "Enter less.", code="AR004")  # fmt: skip
        return sheet

    def short(self, item: int, reason: str = "unknown") -> Worksheet:
        """S: pay it as far as the money goes (or as it was paid); the rest becomes a dispute for this reason."""
        if reason not in REASONS:
            raise BadInput(f"{reason!r} is no reason for a short payment.", f"Use {', '.join(REASONS)}.")
        sheet = self if self.mark(item).cash else self.part(item)
        rest = sheet.rest(item)
        if rest <= 0:
            raise Refused(f"Nothing is left of {self._row(item).document} to dispute.", "", code="AR004")
        return sheet._put(item, replace(sheet.mark(item), dispute=rest, reason=reason))

    def clear(self, item: int) -> Worksheet:
        """Blank: take the row back, its credits too."""
        self._row(item)
        marks = {key: mark for key, mark in self.marks.items() if key != item}
        return replace(self, marks=marks, uses=tuple(use for use in self.uses if use.item != item), rest_on_account=False)  # fmt: skip

    # options of the whole sheet

    def clear_all(self) -> Worksheet:
        """Take everything back."""
        return replace(self, marks={}, uses=(), rest_on_account=False)

    def oldest(self) -> Worksheet:
        """O: pay what is not marked yet, oldest due first (or costs first, where that is the rule), until the money is used up."""
        marks, left = dict(self.marks), self.remaining
        for row in sorted(self._unmarked(), key=order_key(self.rules)):
            if left <= 0:
                break
            part = min(self.rest(row.key), left)
            marks[row.key] = Mark(part)
            left -= part
        return replace(self, marks=marks, rest_on_account=False)

    def find(self) -> Worksheet:
        """=: pay the one combination of unmarked items that adds up to what remains. Raises Several when there are more."""
        rows = sorted(self._unmarked(), key=order_key(self.rules))
        found = search(
            [money.to_minor(self.rest(row.key), self.currency) for row in rows],
            money.to_minor(self.remaining, self.currency),
            states=self.rules.states,
            seconds=self.rules.seconds,
        )
        sets = tuple(tuple(rows[place].key for place in places) for places in found.sets)
        if not sets or self.remaining <= 0:
            raise Refused("No combination adds up to what remains.", "O pays the oldest first.", code="AR004")
        if len(sets) > 1:
            raise Several(sets)
        return self.take(sets[0])

    def take(self, items: Iterable[int]) -> Worksheet:
        """Pay several items in full, or none of them."""
        marks, left = dict(self.marks), self.remaining
        for item in items:
            row, mark = self._row(item), marks.get(item, _NOTHING)
            rest = row.open - mark.closed - self._credited.get(item, ZERO)
            self._check(row, rest, rest, left, "P takes what remains.")
            marks[item] = replace(mark, cash=mark.cash + rest, dispute=ZERO)
            left -= rest
        return replace(self, marks=marks, rest_on_account=False)

    def all_but(self, items: Iterable[int]) -> Worksheet:
        """-: pay everything in full except these. Refused when the money does not reach."""
        out = set(items)
        for item in out:
            self._row(item)
        kept = [row.key for row in self.items if row.key not in out]
        return self.clear_all().take(kept)

    def span(self, first: int, last: int) -> Worksheet:
        """R: pay the rows from one to another in full, in the order they are shown, leaving alone those already marked."""
        keys = [item.key for item in self.items]
        self._row(first), self._row(last)
        low, high = sorted((keys.index(first), keys.index(last)))
        return self.take(key for key in keys[low : high + 1] if key not in self.marks)

    def accept(self, proposal: Proposal) -> Worksheet:
        """*: mark what a proposal says, instead of what was marked; what it leaves stays on account."""
        sheet = self.fill(proposal)
        return sheet.leave_on_account() if sheet.remaining else sheet

    def fill(self, proposal: Proposal) -> Worksheet:
        """Mark what a proposal says; whether a rest stays on account is still the clerk's own key."""
        sheet = self.clear_all()
        marks = {line.item: Mark(line.apply, line.discount, line.difference) for line in proposal.lines}
        sheet = replace(sheet, marks=marks, uses=proposal.uses)
        for item in marks.keys() | {use.item for use in proposal.uses}:
            if sheet.rest(item) < 0:
                raise Refused(f"{self._row(item).document} has less open than proposed.", "Read the account again.", code="AR005")  # fmt: skip
        if sheet.remaining < 0:
            raise Refused("The proposal is for another amount.", "Ask for it again.", code="AR005")
        return sheet

    def leave_on_account(self) -> Worksheet:
        """U: what remains stays on account."""
        return replace(self, rest_on_account=True)

    def run(self, typed: Sequence[Typed]) -> Run:
        """Run typed options in order, several rows in one pass; stop at the first that is refused and keep what follows.

        Every row with - is left out of one "all but these"; two rows with R are the ends of one range.
        """
        sheet, waiting = self, list(typed)
        while waiting:
            option = waiting[0].option.upper()
            if option == "-":
                now = [one for one in waiting if one.option == "-"]
            elif option == "R":
                now = [one for one in waiting if one.option.upper() == "R"][:2]
            else:
                now = waiting[:1]
            try:
                sheet = sheet._apply(now)
            except ArtuiError as refusal:
                return Run(sheet, tuple(waiting), refusal)
            done = {id(one) for one in now}
            waiting = [one for one in waiting if id(one) not in done]
        return Run(sheet, (), None)

    def _apply(self, now: Sequence[Typed]) -> Worksheet:
        one, option = now[0], now[0].option.upper()
        if option in _SHEET:
            return _SHEET[option](self)
        items = [each.item for each in now if each.item is not None]
        if len(items) < len(now):
            raise BadInput(f"{option} belongs on a row.", "Type it beside an item.")
        if option == "-":
            return self.all_but(items)
        if option == "R":
            if len(items) != 2:
                raise BadInput("A range has two ends.", "Type R on its first and its last row.")
            return self.span(items[0], items[1])
        if option not in _ROW:
            raise BadInput(f"{one.option!r} is no option here.", "Options: X P A D C S - R O = U.")
        return _ROW[option](self, one, items[0])

    def _unmarked(self) -> list[Payable]:
        return [row for row in self.items if row.key not in self.marks and self.rest(row.key) > 0]

    def _row(self, item: int) -> Payable:
        if item not in self._rows:
            raise BadInput("This item is not on the sheet.", "Read the account again.")
        return self._rows[item]

    def _credit(self, credit: int) -> Credit:
        for one in self.credits:
            if one.key == credit:
                return one
        raise BadInput("This credit is not on the sheet.", "Read the account again.")

    def _pay(self, item: int, amount: Decimal, hint: str, discount: Decimal = ZERO) -> Worksheet:
        row, mark = self._row(item), self.mark(item)
        money.to_minor(amount, self.currency)
        self._check(row, amount + discount, self.rest(item), self.remaining + discount, hint)
        paid = replace(mark, cash=mark.cash + amount, discount=mark.discount + discount)
        left = row.open - paid.closed - self._credited.get(item, ZERO)
        return self._put(item, replace(paid, dispute=min(paid.dispute, left)))

    def _check(self, row: Payable, wanted: Decimal, rest: Decimal, left: Decimal, hint: str) -> None:
        if wanted <= 0:
            why = f"Nothing is left of {row.document}." if rest <= 0 else "Nothing remains to pay it with."
            raise Refused(why, "", code="AR004")
        if wanted > rest:
            raise Refused(f"{row.document} has only {money.spoken(rest, self.currency)} open.", hint, code="AR004")  # fmt: skip
        if wanted > left:
            raise Refused(f"{row.document} needs {money.spoken(wanted, self.currency)}; {money.spoken(left, self.currency)} remains.", hint, code="AR004")  # fmt: skip

    def _put(self, item: int, mark: Mark) -> Worksheet:
        return replace(self, marks={**self.marks, item: mark}, rest_on_account=False)

    def _use(self, credit: int, item: int, amount: Decimal) -> Worksheet:
        old, row = self._credit(credit), self._row(item)
        use = CreditUse(credit, old.document, item, row.document, amount)
        sheet = replace(self, uses=(*self.uses, use))
        mark = sheet.mark(item)
        if mark.dispute > sheet.rest(item):
            return replace(sheet, marks={**sheet.marks, item: replace(mark, dispute=sheet.rest(item))})
        return sheet


_NOTHING: Final = Mark()
_SHEET: Final[dict[str, Callable[[Worksheet], Worksheet]]] = {
    "O": Worksheet.oldest,
    "=": Worksheet.find,
    "U": Worksheet.leave_on_account,
}
_ROW: Final[dict[str, Callable[[Worksheet, Typed, int], Worksheet]]] = {
    "X": lambda sheet, one, item: sheet.full(item),
    "Y": lambda sheet, one, item: sheet.full(item),
    "P": lambda sheet, one, item: sheet.part(item, one.amount),
    "A": lambda sheet, one, item: sheet.adjust(item),
    "D": lambda sheet, one, item: sheet.discount(item),
    "C": lambda sheet, one, item: sheet.use_credit(item, one.credit, one.amount),
    "S": lambda sheet, one, item: sheet.short(item, one.reason or "unknown"),
    " ": lambda sheet, one, item: sheet.clear(item),
    "": lambda sheet, one, item: sheet.clear(item),
}
