"""The account card as lines: who it is, what to say, how old it is, and each tab."""

from __future__ import annotations

from collections.abc import Sequence

from artui.ledger.ageing import BUCKETS, bucket_label
from artui.ledger.items import Item
from artui.people.card import Balance, Card, Contacted, Member, Person
from screens.layout import Column, edges, flow, table, words
from screens.ledger.item_table import item_table
from screens.safe import NOTHING, Line, Part, amount, day, line, moment, part
from screens.sheet import Row

_MEMBERS = (Column("No.", 8), Column("Kind", 8), Column("Name", 20, grows=1, most=60))


def head(card: Card, width: int) -> list[Line]:
    """Draw identity, terms and state, what to say, and the ageing of each currency."""
    if card.kind == "vendor":
        return [*identity(card, width), *we_owe(card, width)]
    return [*identity(card, width), *say_this(card, width), *strips(card.balances, width)]


def identity(card: Card, width: int) -> list[Line]:
    """Draw who it is, where, on which terms, and whether something stands in the way."""
    states = [part(f"{card.status.upper()} ", "wrong")] if card.status != "active" else []
    if card.hold:
        states.append(part("H HOLD ", "wrong"))
    if any(balance.disputed for balance in card.balances):
        states.append(part("D dispute ", "mark"))
    name = line(" ", part(card.number, "strong"), " ", part(card.name, "strong"))
    where = card.address or card.country
    facts = [
        card.kind,
        f"terms {card.terms}" if card.terms else "no terms",
        f"limit {amount(card.credit_limit, card.currency)} {card.currency}" if card.credit_limit is not None else "",
        f"collector {card.collector}" if card.collector else "",
        f"tax id {card.tax_id}" if card.tax_id else "",
        where,
    ]
    lines = [edges(name, tuple(states), width), *flow([line(fact) for fact in facts if fact], width)]
    return lines + (words(f"Hold: {card.hold}", width, look="wrong")[:2] if card.hold else [])


def say_this(card: Card, width: int) -> list[Line]:
    """Draw what one says on the phone, each currency by itself."""
    lines: list[Line] = []
    for balance in card.balances:
        code, late = balance.currency, balance.past_due
        chunks = [line(part(f"{code} ", "strong"), Part(amount(balance.total, code), "strong"))]
        chunks.append(line(part("PAST DUE ", "late"), Part(amount(late, code), "late")) if late else line("past due -"))
        chunks.append(line("unapplied ", Part(amount(balance.unapplied, code) if balance.unapplied else NOTHING)))
        chunks.append(line("disputed ", Part(amount(balance.disputed, code), "mark")) if balance.disputed else line("disputed -"))
        lines += flow(chunks, width, between="   ")
    if not card.balances:
        lines.append(line(" ", part("Nothing is open.", "strong")))
    last = [last_paid(card)]
    if card.oldest_days is not None and card.oldest_days > 0:
        last.append(line(f"oldest {card.oldest_days} days past due"))
    return lines + flow(last, width)


def we_owe(card: Card, width: int) -> list[Line]:
    """Draw what a vendor still gets, negative as in the books, each currency by itself."""
    lines: list[Line] = []
    for balance in card.balances:
        code, total = balance.currency, balance.total
        lines += flow([line(part(f"{code} ", "strong"), Part(amount(total, code), "strong"), "  we owe" if total < 0 else "  they owe")], width)
    return [*(lines or [line(" ", part("Nothing is open.", "strong"))]), *flow([last_paid(card)], width)]


def last_paid(card: Card) -> Line:
    """Draw the last payment."""
    if card.last_paid is None:
        return line("never paid yet")
    on, paid, code, reference = card.last_paid
    return line("last paid ", Part(amount(paid, code)), f" {code} on ", Part(day(on)), f" {reference}")


def strips(balances: Sequence[Balance], width: int) -> list[Line]:
    """Draw the ageing of each currency, from not due to the oldest bucket."""
    lines: list[Line] = []
    for balance in balances:
        code = balance.currency
        chunks = []
        for name, owed in zip(BUCKETS, (balance.not_due, *balance.late), strict=True):
            look = "late" if owed and name != BUCKETS[0] else ""
            chunks.append(line(f"{bucket_label(name)} ", Part(amount(owed, code) if owed else NOTHING, look)))
        prefix = line(f"{code} ") if len(balances) > 1 else line()
        lines += flow([(*prefix, *chunks[0]), *chunks[1:]], width, between=" │ ")
    return lines


def tabs(names: Sequence[str], chosen: int, width: int) -> Line:
    """Draw the tabs with their digits, the chosen one in brackets."""
    chunks = []
    for place, name in enumerate(names):
        here = place == chosen
        chunks.append(line(part(f"[{place + 1} {name}]" if here else f" {place + 1} {name} ", "strong" if here else "")))
    return flow(chunks, width, between=" ", margin="")[0]


def items_tab(items: Sequence[Item], width: int) -> tuple[Line, list[Row]]:
    """Draw a heading and the open items, or the words that there are none."""
    heading, rows = item_table(items, width)
    return (heading, rows) if items else (line(), [Row(line("   Nothing is open."))])


def purchases_tab(purchases: Sequence[Item], items: Sequence[Item], width: int) -> tuple[Line, list[Row]]:
    """Draw a vendor's purchases, then what else is open there, such as payments on account."""
    known = {(item.document_id, item.seq) for item in purchases}
    others = [item for item in items if (item.document_id, item.seq) not in known]
    heading, rows = item_table([*purchases, *others], width)
    if others:
        rows[len(purchases) : len(purchases)] = [Row(line()), Row(line("   ", part("Also open", "strong")))]
    return (heading, rows) if rows else (line(), [Row(line("   Nothing has been bought here."))])


def contacts_tab(people: Sequence[Person], log: Sequence[Contacted], width: int) -> list[Row]:
    """Draw the people and how to reach them, then the last contacts."""
    rows = [Row(line())]
    for person in people:
        name = person.name or "the office"
        about = ", ".join(text for text in (person.title, person.purpose) if text)
        rows += [Row(drawn) for drawn in flow([line(part(name, "strong")), line(about)] if about else [line(part(name, "strong"))], width, margin="   ", between="  ")]
        for kind, value in person.reached_at:
            rows += [Row(drawn) for drawn in flow([line(f"{kind:8}"), line(value)], width, margin="     ", between=" ")]
    if not people:
        rows.append(Row(line("   No people are known.")))
    rows += [Row(line()), Row(line("   ", part("Contact log", "heading")))]
    for entry in log:
        told = [line(Part(moment(entry.happened_at))), line(f"{entry.direction} {entry.channel}"), line(part(entry.outcome, "strong")), line(f"({entry.by})")]
        rows += [Row(drawn) for drawn in flow(told, width, margin="   ", between="  ")]
        rows += [Row(drawn) for drawn in words(entry.note, width, margin="     ")]
    if not log:
        rows.append(Row(line("   Nobody has been in touch yet.")))
    return rows


def group_tab(group: Sequence[Member], width: int) -> tuple[Line, list[Row]]:
    """Draw the other accounts of the group, their key (kind, number)."""
    heading, lines = table(_MEMBERS, [[part(member.number), part(member.kind), part(member.name)] for member in group], width)
    return heading, [Row(drawn, (member.kind, member.number)) for drawn, member in zip(lines, group, strict=True)]
