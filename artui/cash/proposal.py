"""What a payment is for: a proposal with its reason and how sure it is. Pure, bounded, and never carried out by itself.

The order of the tries: what the customer states; documents named in the payer's text; a promise or a single item of
exactly the amount; the statement or due balance; up to five oldest exactly; any other combination; earned discounts;
a credit of the account taken off; everything but one; oldest first. Two answers of one rank are a question.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date

from artui import money
from artui.cash.combinations import search
from artui.cash.desk import Answer, Desk, Row, Take, in_full, lay_out, listed, until_used_up, with_discount
from artui.cash.payable import (
    Confidence,
    Credit,
    CreditUse,
    Duplicate,
    Earlier,
    Expected,
    Line,
    Nature,
    Order,
    Payable,
    Payment,
    Proposal,
    Rules,
)
from artui.cash.remittance import key
from artui.clock import spoken

__all__ = [
    "Confidence", "Credit", "CreditUse", "Duplicate", "Earlier", "Expected", "Line", "Nature", "Order", "Payable", "Payment", "Proposal",
    "Rules", "duplicates", "propose",
]  # fmt: skip

_CHOICES = 5
_PLAIN_RULES = Rules()


def propose(
    payment: Payment,
    items: Sequence[Payable],
    owed_back: Sequence[Credit] = (),
    *,
    earlier: Sequence[Earlier] = (),
    expected: Sequence[Expected] = (),
    statement_on: date | None = None,
    rules: Rules = _PLAIN_RULES,
) -> Proposal:
    """Propose what a payment pays; `items` and the credits `owed_back` are one account's (or group's) in the payment's currency.

    `earlier` are its receipts of the last months, `statement_on` the day of its last statement. The order in which
    items are given does not matter. Bounded: 2^18 sums or 50 ms, whatever is open. BadInput when the amount is not
    positive or has more decimals than its currency.
    """
    desk = lay_out(payment, items, owed_back, expected, rules)
    warned = duplicates(payment, earlier, rules)
    first, choices = _first_answer(desk, statement_on)
    if first.confidence is Confidence.CERTAIN and (doubt := _doubt(desk, warned, earlier)):
        first = replace(first, confidence=Confidence.LIKELY, words=f"{first.words}; {doubt}")
    used = sum((amount for _, _, amount in first.uses), 0)
    credit = money.from_minor(sum(open_ for _, open_ in desk.credits) - used, payment.currency)
    return replace(desk.proposal(first, choices), duplicates=warned, credit_offered=credit)


def duplicates(
    payment: Payment, earlier: Sequence[Earlier], rules: Rules = _PLAIN_RULES
) -> tuple[Duplicate, ...]:
    """Return the receipts with the same instrument and amount within 90 days (a rule), newest first, with the evidence."""
    if not payment.instrument.strip():
        return ()
    same = [
        one
        for one in earlier
        if _same_money(one, payment)
        and key(one.instrument).lstrip("0") == key(payment.instrument).lstrip("0")
        and abs((payment.received_on - one.received_on).days) <= rules.duplicate_days
    ]
    same.sort(key=lambda one: one.received_on, reverse=True)
    shown = money.spoken(payment.amount if payment.came is None else payment.came, payment.came_in or payment.currency)
    return tuple(
        Duplicate(
            one,
            f"{one.instrument} over {shown} is already {one.document}, received {spoken(one.received_on)}{f' ({one.by})' if one.by else ''}",
        )
        for one in same
    )


def _same_money(one: Earlier, payment: Payment) -> bool:
    """Tell whether it is as much; what came in another currency is as much as it was there, whatever the rate."""
    if one.came is not None and payment.came is not None:
        return (one.came, one.came_in) == (payment.came, payment.came_in)
    return one.amount == payment.amount


def _doubt(desk: Desk, warned: Sequence[Duplicate], earlier: Sequence[Earlier]) -> str:
    """Why what looks certain is not: a duplicate, a document named that is not open, the same amount just before."""
    if warned:
        return warned[0].words
    if desk.named.unknown:
        return f"the text also names {listed(desk.named.unknown)}, not open here"
    payment = desk.payment
    for one in earlier:
        days = abs((payment.received_on - one.received_on).days)
        if _same_money(one, payment) and days <= desk.rules.same_amount_days and not payment.text:
            return f"{one.document} of {spoken(one.received_on)} has the same amount"
    return ""


def _first_answer(desk: Desk, statement_on: date | None) -> tuple[Answer, tuple[Answer, ...]]:
    tries: tuple[Callable[[Desk], list[Answer]], ...] = (
        _as_stated, _as_named, _exactly_one, lambda desk: _balances(desk, statement_on), _oldest_few, _combination, _discounted,
        _within_tolerance, _less_a_credit, _all_but,
    )  # fmt: skip
    offered: list[Answer] = []
    for attempt in tries:
        answers = attempt(desk)
        if answers and all(one.confidence is Confidence.OFFERED for one in answers):
            offered = offered or answers  # good enough to show, unless a later try is sure
        elif answers:
            return _one_of(desk, answers, statement_on)
    return _one_of(desk, offered, statement_on) if offered else (_oldest_first(desk), ())


def _one_of(
    desk: Desk, answers: Sequence[Answer], statement_on: date | None
) -> tuple[Answer, tuple[Answer, ...]]:
    """Take the only answer; several of one rank are a question."""
    if len(answers) == 1:
        return _checked(desk, answers[0], statement_on)
    few = tuple(answers[:_CHOICES])
    fit = " or ".join(listed([take.row for take in one.takes]) for one in few)
    return Answer((), f"{len(answers)} answers fit equally well: {fit}", Confidence.ASK), few


def _checked(desk: Desk, answer: Answer, statement_on: date | None) -> tuple[Answer, tuple[Answer, ...]]:
    """Call an exact answer certain only when no other plain reading gives the same sum."""
    if answer.confidence is not Confidence.CERTAIN or desk.payment.designated or desk.named.documents:
        return answer, ()
    readings = _balances(desk, statement_on) + _oldest_few(desk) + _pairs(desk)
    others = {one.covers(): one for one in readings if one.covers() != answer.covers()}
    if not others:
        return answer, ()
    words = f"{answer.words}; so is {listed([take.row for take in next(iter(others.values())).takes])}"
    return replace(answer, confidence=Confidence.LIKELY, words=words), tuple(others.values())[:_CHOICES]


def _as_stated(desk: Desk) -> list[Answer]:
    """The customer's own word wins, also when it is less or more than the amount."""
    if not desk.payment.designated:
        return []
    rows = _rows_of(desk, desk.payment.designated)
    return [_for_documents(desk, rows, (), "as the customer says")] if rows else []


def _as_named(desk: Desk) -> list[Answer]:
    documents = desk.named.documents
    rows = _rows_of(desk, documents)
    if not rows:
        return []
    spare = tuple((credit, minor) for credit, minor in desk.credits if credit.document in documents)
    return [_for_documents(desk, rows, spare, "named in the payment")]


def _for_documents(desk: Desk, rows: Sequence[Row], spare: Sequence[tuple[Credit, int]], why: str) -> Answer:
    """Exactly what is named is certain: in full, less earned discount, or less named credits. Else as far as it goes."""
    total, net = sum(row.open for row in rows), sum(row.net for row in rows)
    if total == desk.amount:
        return Answer(in_full(rows), f"{why}: {listed(rows)}, exactly", Confidence.CERTAIN)
    if net == desk.amount:
        return Answer(with_discount(rows), f"{why}: {listed(rows)}, exactly, less earned discount {desk.spoken(total - net)}", Confidence.CERTAIN)  # fmt: skip
    off = sum(minor for _, minor in spare)
    if off and total - off == desk.amount:
        takes, uses = _with_credits(rows, spare, desk.amount)
        return Answer(takes, f"{why}: {listed(rows)} less {listed([credit.document for credit, _ in spare])}, exactly", Confidence.CERTAIN, uses)  # fmt: skip
    takes = until_used_up(rows, desk.amount)
    if total > desk.amount:
        return Answer(takes, f"{why}: {listed(rows)}; short by {desk.spoken(total - desk.amount)}", Confidence.LIKELY)  # fmt: skip
    return Answer(takes, f"{why}: {listed(rows)}; {desk.spoken(desk.amount - total)} more than that", Confidence.LIKELY)  # fmt: skip


def _with_credits(
    rows: Sequence[Row], spare: Sequence[tuple[Credit, int]], amount: int
) -> tuple[tuple[Take, ...], tuple[tuple[Credit, Row, int], ...]]:
    """Pay rows in order with the amount, then the rest of them with the credits."""
    takes = until_used_up(rows, amount)
    paid = {take.row.item.key: take.apply for take in takes}
    uses: list[tuple[Credit, Row, int]] = []
    waiting = [(row, row.open - paid.get(row.item.key, 0)) for row in rows]
    for credit, minor in spare:
        left = minor
        for place, (row, rest) in enumerate(waiting):
            part = min(left, rest)
            if part > 0:
                uses.append((credit, row, part))
                waiting[place] = (row, rest - part)
                left -= part
    return takes, tuple(uses)


def _rows_of(desk: Desk, documents: Sequence[str]) -> list[Row]:
    """The rows of documents in the order these are named, instalments in the order they are due."""
    place = {key(number): at for at, number in reversed(list(enumerate(documents)))}
    found = [row for row in desk.rows if key(row.item.document) in place]
    return sorted(found, key=lambda row: (place[key(row.item.document)], row.item.due, row.item.seq))


def _exactly_one(desk: Desk) -> list[Answer]:
    promised = [_promised(desk, one) for one in desk.expected if desk.minor(one.amount) == desk.amount]
    single = [
        Answer(in_full([row]), f"{row.item.document} is exactly {desk.spoken(row.open)}", Confidence.CERTAIN)
        for row in desk.rows
        if row.open == desk.amount
    ]
    if promised and len(single) <= 1 and all(one.covers() == promised[0].covers() for one in single):
        return promised
    return promised + single


def _promised(desk: Desk, one: Expected) -> Answer:
    rows = [row for row in desk.rows if not one.items or row.item.key in one.items]
    return Answer(until_used_up(rows, desk.amount), f"{one.label} over {desk.spoken(desk.amount)}", Confidence.LIKELY)  # fmt: skip


def _balances(desk: Desk, statement_on: date | None) -> list[Answer]:
    """The statement's balance, what is due, or everything; each also less all credits."""
    views: list[tuple[str, list[Row]]] = []
    if statement_on is not None:
        views.append((f"the statement of {spoken(statement_on)}", [row for row in desk.rows if row.item.date <= statement_on]))  # fmt: skip
    views.append(("everything due", [row for row in desk.rows if row.item.due <= desk.payment.received_on]))
    views.append(("everything open", list(desk.rows)))
    credit = sum(minor for _, minor in desk.credits)
    found: dict[frozenset[int], Answer] = {}
    for words, rows in views:
        total = sum(row.open for row in rows)
        if len(rows) > 1 and total == desk.amount:
            answer = Answer(in_full(rows), f"{words}: {desk.spoken(total)} in {len(rows)} items", Confidence.LIKELY)  # fmt: skip
        elif rows and credit and total - credit == desk.amount:
            takes, uses = _with_credits(rows, desk.credits, desk.amount)
            answer = Answer(takes, f"{words} less credits of {desk.spoken(credit)}", Confidence.LIKELY, uses)
        else:
            continue
        found.setdefault(answer.covers(), answer)
    return list(found.values())


def _oldest_few(desk: Desk) -> list[Answer]:
    total = 0
    for count, row in enumerate(desk.rows[: desk.rules.oldest_most], 1):
        total += row.open
        if total >= desk.amount:
            if total == desk.amount and count > 1:
                return [Answer(in_full(desk.rows[:count]), f"exact match of the {count} oldest", Confidence.LIKELY)]  # fmt: skip
            break
    return []


def _pairs(desk: Desk) -> list[Answer]:
    opens: dict[int, Row] = {}
    for row in desk.rows:
        other = opens.get(desk.amount - row.open)
        if other is not None:
            return [Answer(in_full([other, row]), "two items", Confidence.LIKELY)]
        opens.setdefault(row.open, row)
    return []


def _combination(desk: Desk) -> list[Answer]:
    """Any other set. One of up to five items that is proven to be the only one is filled in; a larger one is offered."""
    if len(desk.rows) < 2 or desk.total <= desk.amount:
        return []
    found = search([row.open for row in desk.rows], desk.amount, states=desk.rules.states, seconds=desk.rules.seconds, most=_CHOICES)  # fmt: skip
    sure = found.complete and len(found.sets) == 1
    answers = []
    for places in found.sets:
        rows = [desk.rows[place] for place in places]
        few = sure and len(rows) <= desk.rules.oldest_most
        words = f"{'the only' if sure else 'an'} exact combination: {listed(rows)}"
        answers.append(Answer(in_full(rows), words, Confidence.LIKELY if few else Confidence.OFFERED))
    return answers


def _discounted(desk: Desk) -> list[Answer]:
    """The amount is what is left of one item, of what is due or of the oldest after the discount earned today."""
    if not any(row.net < row.open for row in desk.rows):
        return []
    single = [[row] for row in desk.rows if row.net == desk.amount and row.net < row.open]
    if single:
        return [_less_discount(desk, rows) for rows in single]
    for rows in (
        list(desk.rows),
        [row for row in desk.rows if row.item.due <= desk.payment.received_on],
        *(list(desk.rows[:count]) for count in range(2, desk.rules.oldest_most + 1)),
        [row for row in desk.rows if row.net < row.open],
    ):
        if rows and sum(row.net for row in rows) == desk.amount and any(row.net < row.open for row in rows):
            return [_less_discount(desk, rows)]
    return []


def _less_discount(desk: Desk, rows: Sequence[Row]) -> Answer:
    off = sum(row.open - row.net for row in rows)
    return Answer(with_discount(rows), f"{listed(rows)} less earned discount {desk.spoken(off)}", Confidence.LIKELY)  # fmt: skip


def _within_tolerance(desk: Desk) -> list[Answer]:
    most = desk.minor(money.round_half_up(desk.rules.tolerance, desk.payment.currency))
    close = [row for row in desk.rows if 0 < abs(row.open - desk.amount) <= most]
    return [_nearly(desk, row) for row in close]


def _nearly(desk: Desk, row: Row) -> Answer:
    off = row.open - desk.amount
    if off > 0:
        return Answer((Take(row, desk.amount, 0, off),), f"{row.item.document} but for {desk.spoken(off)}, within the tolerance", Confidence.LIKELY)  # fmt: skip
    return Answer(in_full([row]), f"{row.item.document} and {desk.spoken(-off)} more, within the tolerance", Confidence.LIKELY)  # fmt: skip


def _less_a_credit(desk: Desk) -> list[Answer]:
    answers = []
    by_open: dict[int, list[Row]] = {}
    for row in desk.rows:
        by_open.setdefault(row.open, []).append(row)
    for credit, minor in desk.credits:
        for row in by_open.get(desk.amount + minor, []):
            answers.append(Answer((Take(row, desk.amount),), f"{row.item.document} less {credit.document} of {desk.spoken(minor)}", Confidence.LIKELY, ((credit, row, minor),)))  # fmt: skip
            if len(answers) >= _CHOICES:
                return answers
    return answers


def _all_but(desk: Desk) -> list[Answer]:
    """What is left out is easier to see than what is paid: one item, or two of the offered kind."""
    rest = desk.total - desk.amount
    if rest <= 0 or len(desk.rows) < 3:
        return []
    left_out = [(row,) for row in desk.rows if row.open == rest]
    confidence = Confidence.LIKELY
    if not left_out:
        found = search(
            [row.open for row in desk.rows], rest, states=0, seconds=desk.rules.seconds, most=_CHOICES
        )
        left_out = [tuple(desk.rows[place] for place in places) for places in found.sets]  # type: ignore[misc]
        confidence = Confidence.OFFERED
    answers = []
    for out in left_out[:_CHOICES]:
        missing = {row.item.key for row in out}
        rows = [row for row in desk.rows if row.item.key not in missing]
        answers.append(Answer(in_full(rows), f"everything but {listed(out)}", confidence))
    return answers


def _oldest_first(desk: Desk) -> Answer:
    takes = until_used_up(desk.rows, desk.amount)
    if not takes:
        return Answer((), f"nothing is open: {desk.spoken(desk.amount)} stays on account", Confidence.NOTHING)
    first = "costs, then interest, then principal" if desk.rules.order == "costs_first" else "oldest first"
    left = desk.amount - sum(take.apply for take in takes)
    rest = f"; {desk.spoken(left)} stays on account" if left else ""
    return Answer(takes, f"no exact match: {first}{rest}", Confidence.OFFERED)
