"""The account card as lines: who it is, what to say, how old it is, and each tab."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from artui.ledger.ageing import BUCKETS, bucket_label
from artui.ledger.items import Figure
from artui.people.card import Balance, Card, Contacted, Point
from artui.people.local_time import there
from screens.layout import edges, flow, words
from screens.people.time_there import time_there
from screens.safe import NOTHING, Line, Part, amount, day, line, moment, part

HEAD_AT_MOST = 12
"""Lines the head may take: the list below keeps the rest."""
YEARS = 3
"""Of what was bought from a vendor, told one by one."""


def head(card: Card, now: datetime, width: int) -> list[Line]:
    """Draw identity, whom to call, what to say, and the ageing of each currency; every figure leads to what it is made of."""
    told = we_owe(card, width) if card.kind == "vendor" else say_this(card, width)
    strip = [] if card.kind == "vendor" else ageing(card.balances, width)
    return [*identity(card, now, width), *told, *strip][:HEAD_AT_MOST]


def identity(card: Card, now: datetime, width: int) -> list[Line]:
    """Draw who it is, the time there and whom to ask for, on which terms, and whether something stands in the way."""
    states = [part(f"{card.status.upper()} ", "wrong")] if card.status != "active" else []
    if card.hold:
        states.append(part("H HOLD ", "wrong"))
    if any(balance.disputed for balance in card.balances):
        states.append(part("D dispute ", "mark"))
    name = line(" ", part(card.number, "strong"), " ", part(card.name, "strong"))
    group = f"group of {len(card.group) + 1}{', together' if card.together else ''}" if card.group else ""
    facts = [
        group,
        f"terms {card.terms}" if card.terms else "no terms",
        f"limit {card.currency} {amount(card.credit_limit, card.currency)}" if card.credit_limit is not None else "",
        f"collector {card.collector}" if card.collector else "",
        f"tax id {card.tax_id}" if card.tax_id else "",
        card.address or card.country,
    ]
    chunks = [*whom_to_call(card, now), *(line(part(fact, "strong") if card.together and fact == group else fact) for fact in facts if fact)]
    hold = words(f"Hold: {card.hold}", width, look="wrong")[:2] if card.hold else []
    return [edges(name, tuple(states), width), *flow(chunks, width)[:3], *hold]


def whom_to_call(card: Card, now: datetime) -> list[Line]:
    """Draw the person to ask for, the end of the number, and whether to call now."""
    person = card.speaker
    phone = person.phone if person else None
    at = there(now, card.call_hours, timezone=(phone.timezone if phone else "") or card.timezone, phone=phone.key if phone else "", country=card.country)
    who = [person.name if person else "", f"…{phone.key[-4:]}" if phone else ""]
    chunks = [line(" ".join(each for each in who if each))] if any(who) else []
    return [*chunks, time_there(at)] if at is not None else chunks


def say_this(card: Card, width: int) -> list[Line]:
    """Draw what one says on the phone, each currency by itself."""
    lines = [said for balance in card.balances for said in _said(balance, width)] or [line(" ", part("Nothing is open.", "strong"))]
    last = [last_paid(card)]
    if card.oldest is not None and card.oldest_days is not None:
        number, document = card.oldest
        last.append(line("oldest ", part(number, "", ("document", document)), f" {card.oldest_days} days past due"))
    return lines + flow(last, width)


def _said(balance: Balance, width: int) -> list[Line]:
    code, late = balance.currency, balance.past_due
    chunks = [line(part(f"{code} ", "strong"), _figure(balance.total, code, "total", "strong"))]
    chunks.append(line(part("PAST DUE ", "late"), _figure(late, code, "past_due", "late")) if late else line("past due -"))
    chunks.append(line("unapplied ", _figure(balance.unapplied, code, "unapplied") if balance.unapplied else part(NOTHING)))
    chunks.append(line("disputed ", _figure(balance.disputed, code, "disputed", "mark")) if balance.disputed else line("disputed -"))
    return flow(chunks, width, between="   ")


def _figure(value: Decimal, code: str, which: str, look: str = "") -> Part:
    return Part(amount(value, code), look, Figure(code, which))


def we_owe(card: Card, width: int) -> list[Line]:
    """Draw what a vendor still gets, negative as in the books, each currency by itself."""
    lines: list[Line] = []
    for balance in card.balances:
        code, total = balance.currency, balance.total
        lines += flow([line(part(f"{code} ", "strong"), _figure(total, code, "total", "strong"), "  we owe" if total < 0 else "  they owe")], width)
    return [*(lines or [line(" ", part("Nothing is open.", "strong"))]), *flow([last_paid(card)], width), *bought(card, width)]


def bought(card: Card, width: int) -> list[Line]:
    """Draw what was bought from a vendor in the last years and in all, each currency by itself."""
    lines: list[Line] = []
    for code in dict.fromkeys(each.currency for each in card.bought):
        years = [each for each in card.bought if each.currency == code]
        chunks = [line(Part(amount(each.amount, code), "", ("bought", code, each.year)), f" in {each.year}") for each in years[:YEARS]]
        if len(years) > 1:
            chunks.append(line(Part(amount(sum((each.amount for each in years), Decimal(0)), code), "strong", ("bought", code, 0)), " in all"))
        lines += flow([line(f"bought {code} ", *chunks[0]), *chunks[1:]], width)
    return lines


def last_paid(card: Card) -> Line:
    """Draw the last payment."""
    if card.last_paid is None:
        return line("never paid yet")
    on, paid, code, reference = card.last_paid
    return line(f"last paid {code} ", Part(amount(paid, code), "", ("document", card.last_paid_id)), f" on {day(on).strip()} {reference}")


def ageing(balances: Sequence[Balance], width: int) -> list[Line]:
    """Draw the ageing of each currency, from not due to the oldest bucket."""
    lines: list[Line] = []
    for balance in balances:
        code = balance.currency
        chunks = []
        for name, owed in zip(BUCKETS, (balance.not_due, *balance.late), strict=True):
            look = "late" if owed and name != BUCKETS[0] else ""
            chunks.append(line(f"{bucket_label(name)} ", _figure(owed, code, name, look) if owed else part(NOTHING)))
        prefix = line(f"{code} ") if len(balances) > 1 else line()
        strip = [(*prefix, *chunks[0]), *chunks[1:]]
        wide = flow(strip, width, between=" │ ")
        lines += wide if len(wide) == 1 else flow(strip, width, between="│ ")
    return lines


def balances_and_ageing(balances: Sequence[Balance], width: int) -> list[Line]:
    """Draw each balance with its ageing below it, leading nowhere: for a preview."""
    lines = [each for balance in balances for each in (*_said(balance, width), *ageing([balance], width))]
    return [tuple(Part(piece.text, piece.look) for piece in drawn) for drawn in lines] or [line(" ", part("Nothing is open.", "strong"))]


def tab_names(shown: Card) -> list[tuple[str, str]]:
    """Return the tabs of a card, by their digit."""
    vendor = shown.kind == "vendor"
    names = {
        "1": "Purchases" if vendor else f"Items {shown.items_count}", "2": "History", "3": f"Contacts {len(shown.people)}",
        "8": "Bought" if vendor else "Sales", "9": "Changes", "0": f"Group {len(shown.group)}",
    }  # fmt: skip
    return [(digit, name) for digit, name in names.items() if digit != "0" or shown.group]


def tabs(names: Sequence[tuple[str, str]], chosen: str, width: int) -> Line:
    """Draw the tabs with their digits, the chosen one in brackets."""
    chunks = [line(part(f"[{digit} {name}]" if digit == chosen else f" {digit} {name} ", "strong" if digit == chosen else "")) for digit, name in names]
    return flow(chunks, width, between="", margin="")[0]


def contact_log(log: Sequence[Contacted], width: int, margin: str = " ") -> list[Line]:
    """Draw when, how and by whom there was contact, and what was said."""
    lines: list[Line] = []
    for entry in log:
        told = [line(Part(moment(entry.happened_at))), line(f"{entry.direction} {entry.channel}"), line(part(entry.outcome, "strong")), line(f"({entry.by})")]
        lines += [*flow(told, width, margin=margin, between="  "), *words(entry.note, width, margin=margin + "  ")]
    return lines


def in_full(point: Point, card: Card, now: datetime) -> str:
    """Write a way to reach somebody, with the time there for a number; what does not reach them says so."""
    if point.bad:
        return f"{point.value}  does not reach them"
    if point.type not in ("phone", "mobile"):
        return point.value
    at = there(now, card.call_hours, timezone=point.timezone or card.timezone, phone=point.key, country=card.country)
    return point.value + ("  " + "".join(piece.text for piece in time_there(at)) if at else "")
