"""Vendors and what is bought from them, as staging rows."""

from __future__ import annotations

from random import Random

from artui.sample import people, trade
from artui.sample.goods import GOODS
from artui.sample.places import COUNTRIES, PER_CENT
from artui.sample.scale import FIRST_VENDOR, Scale

PURCHASE_COLUMNS = (
    "load",
    "row",
    "kind",
    "account",
    "number",
    "doc_date",
    "due_on",
    "currency",
    "amount",
    "tax",
    "reference",
    "settled_on",
)


def parties(scale: Scale, load: str, rnd: Random) -> tuple[list[people.Trader], list[str]]:
    """Return the vendors and their rows for the staging table."""
    traders, rows = [], []
    for row in range(1, scale.vendors + 1):
        country = COUNTRIES[0] if rnd.random() < 0.5 else people.pick(COUNTRIES[1:8], rnd)
        who = people.Trader(
            f"V{FIRST_VENDOR + row - 1}", country.currencies[0], people.pick(("NET30", "NET30", "NET14", "NET45"), rnd), country.code, country.methods,
            people.HABITS[0], 100,
        )  # fmt: skip
        traders.append(who)
        rows.append(people.party(load, row, "vendor", who, country, None, scale.start.isoformat(), rnd))
    return traders, rows


def purchases(
    scale: Scale, calendar: trade.Calendar, traders: list[people.Trader], load: str, rnd: Random
) -> trade.Staged:
    """Return their invoices of the last year with lines, the old ones paid."""
    staged = trade.Staged()
    row = 0
    for who in traders:
        for _ in range(3 + int(rnd.random() * 7)):
            row += 1
            day = calendar.today - int(rnd.random() * 360)
            total = 0
            for line in range(1, 2 + int(rnd.random() * 3)):
                good = people.pick(GOODS, rnd)
                quantity = 10 * (1 + int(rnd.random() * 20))
                price = max(1, good.cents * 6 // 10 * PER_CENT[who.currency] // 1000)
                total += quantity * price
                staged.lines.append(
                    f"{load}\t{row}\t{line}\t{good.number}\t{quantity}\t{trade.plain(price, who.currency)}\t0\t{people.NULL}\t{quantity * price}\n"
                )
            due = calendar.due(who.terms, day)
            paid = due - 2 + int(rnd.random() * 5)
            settled = calendar.iso(paid) if paid <= calendar.today else people.NULL
            staged.documents.append(
                f"{load}\t{row}\tpurchase\t{who.number}\tA{100_000 + 7 * row}\t{calendar.iso(day)}\t{calendar.iso(due)}\t{who.currency}\t{total}\t0\t"
                f"{people.fill('PO 4####', rnd)}\t{settled}\n"
            )
    return staged
