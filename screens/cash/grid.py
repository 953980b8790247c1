"""The apply grid as it is drawn: open items beside what each is given, and what is proposed in words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal

from artui.cash.entry import PayingAccount
from artui.cash.payable import Confidence, Payable, Proposal
from artui.cash.worksheet import Worksheet
from artui.text import counted
from screens.layout import Column, edges, flow, words
from screens.safe import Line, Part, amount, day, line, part
from screens.widgets.rows import Tuples

OPTIONS: Mapping[str, str] = {"X": "full", "P": "part", "A": "adjust", "D": "discount", "C": "credit", "S": "short", "-": "all but", "R": "range"}
"""What can be typed before a row; Y pays it in full, too."""
EXPLAINED = (
    "Options are typed before rows, as many as you like; Enter or F10 runs them.",
    "",
    "X, Y   pay it in full",
    "P      pay a part; it asks how much",
    "A      pay what is there and let the small rest go",
    "D      pay it less the discount earned that day",
    "C      use a credit on it; it asks which where there are several",
    "S      pay what is there, dispute the rest; it asks why",
    "-      pay all but these",
    "R      on the first and the last row: pay all between them",
    "blank  take the row back",
)
COLUMNS = (
    Column("Document", 10),
    Column("Date", 9, rank=5),
    Column("Due", 9),
    Column("Days", 5, right=True, rank=2),
    Column("PO", 6, rank=4, grows=1, most=14),
    Column("Open", 10, right=True),
    Column("Discount", 8, right=True, rank=1),
    Column("Apply", 10, right=True),
    Column("Left", 10, right=True),
    Column("Mark", 4),
)
SELDOM = ("PO", "Discount")
"""Columns that are there only when a row has something in them."""
HOW: Mapping[Confidence, str] = {Confidence.CERTAIN: "certain", Confidence.LIKELY: "likely", Confidence.OFFERED: "offered", Confidence.NOTHING: "nothing"}


def laid_out(sheet: Worksheet | None, account: PayingAccount | None, received: dt.date) -> Tuples[Payable]:
    """Return the open items as a list, drawn with what the sheet gives them."""

    def cells(row: Payable) -> Sequence[Part]:
        code = account.currency if account else ""
        given = sheet.mark(row.key) if sheet else None
        late = (received - row.due).days
        cash = given.cash if given else 0
        return [
            part(row.document, "strong" if cash else ""), Part(day(row.date)), Part(day(row.due)), part(late, "late" if late > 0 else ""), part(row.po), Part(amount(row.open, code)),
            Part(amount(row.discount, code)) if row.discount else part(""), Part(amount(given.cash, code), "strong") if given and cash else part(""),
            Part(amount(sheet.rest(row.key), code)) if sheet and given and given.closed and sheet.rest(row.key) else part(""), part(_mark(row, sheet, code), "mark"),
        ]  # fmt: skip

    items = account.items if account else ()
    kept = [place for place, column in enumerate(COLUMNS) if column.title not in SELDOM or _has(items, column.title)]
    by = {"Document": lambda row: row.document, "Date": lambda row: row.date, "Due": lambda row: row.due, "Open": lambda row: row.open}
    sorts = {at: by[COLUMNS[place].title] for at, place in enumerate(kept) if COLUMNS[place].title in by}

    def shown_cells(row: Payable) -> Sequence[Part]:
        drawn = cells(row)
        return [drawn[place] for place in kept]

    return Tuples(items, [COLUMNS[place] for place in kept], lambda row: row.key, shown_cells, sorts)


def _has(items: Sequence[Payable], title: str) -> bool:
    return any(item.po if title == "PO" else item.discount for item in items)


def _mark(row: Payable, sheet: Worksheet | None, code: str) -> str:
    """Say in letters what is special: a dispute, whose it is, and what besides cash it is given."""
    said = [row.account] if row.account else []
    if row.disputed:
        said.append("D")
    if sheet is not None:
        given = sheet.mark(row.key)
        for word, part_of in (("disc", given.discount), ("diff", given.difference), ("short", given.dispute), ("cred", sum(use.amount for use in sheet.uses if use.item == row.key))):
            if part_of:
                said.append(f"{word} {amount(part_of, code)}")
    return " ".join(said)


def account_lines(account: PayingAccount | None, width: int) -> list[Line]:
    """Say whose items these are, what is open, which credits there are, and what deserves a look."""
    if account is None:
        return [line()]
    code, count = account.currency, len(account.items)
    told = [
        line(part(f"{account.number} {account.name}", "strong"), *([f" and {counted(account.group.accounts, 'other account')} of its group"] if account.group.together and account.group.accounts else [])),
        line(f"{code} {amount(account.open, code)} open in {count:,} item{'' if count == 1 else 's'}{' and more' if account.more else ''}".replace(",", " ")),
    ]
    if account.credits:
        first = account.credits[0]
        told.append(line(f"credit {amount(sum((each.open for each in account.credits), first.open - first.open), code)} ({first.document}{f' and {len(account.credits) - 1} more' if len(account.credits) > 1 else ''})"))
    if account.group.items and not account.group.together:
        told.append(line("its group (", part("g", "key"), f") {amount(account.group.open, code)} in {account.group.items} more"))
    if account.others:
        told.append(line(f"{account.others} in other currencies"))
    if account.hold:
        told.append(line(part("on hold", "late")))
    return flow(told, width)


def options_line() -> Line:
    """Say which options can be typed before rows."""
    pieces: list[Part] = [part("   ")]
    for letter, word in OPTIONS.items():
        pieces += [part(letter, "key"), part(f" {word}  ")]
    return tuple(pieces)


def sums(sheet: Worksheet | None, width: int, more: Sequence[Line] = ()) -> list[Line]:
    """Return what has been applied, what else comes of it, and what remains."""
    if sheet is None or not (sheet.amount or sheet.uses):
        return []
    code = sheet.currency
    given = [line(f"applied {amount(sheet.applied, code)}")]
    if sheet.discounts:
        given.append(line(f"discount {amount(sheet.discounts, code)}"))
    used = sum((use.amount for use in sheet.uses), sheet.amount - sheet.amount)
    if used:
        given.append(line(f"credit used {amount(used, code)}"))
    if sheet.remaining and sheet.rest_on_account:
        given.append(line("the rest stays on account"))
    left = flow([*given, *more], width, margin="   ")[0]
    return [edges(left, line(part(f"remaining {amount(sheet.remaining, code)} ", "strong" if sheet.ready else "late")), width)]


def gained(gain: Decimal, code: str) -> list[Line]:
    """Say what is gained or lost by rates that have moved."""
    return [line(f"exchange {'gain' if gain > 0 else 'loss'} {code} {amount(abs(gain), code)}")] if gain else []


def proposal_lines(proposal: Proposal | None, sheet: Worksheet | None, *, filled: bool, width: int) -> list[Line]:
    """Say what is proposed, why and how sure that is, and what may have been entered before."""
    if proposal is None or sheet is None:
        return []
    more = f" ({len(proposal.choices)} answers: * shows the next)" if len(proposal.choices) > 1 else ""
    if proposal.confidence is Confidence.NOTHING:
        told = proposal.reason
    elif filled:
        told = f"proposed and filled in, {HOW[proposal.confidence]}: {proposal.reason}{more}"
    elif proposal.confidence is Confidence.ASK:
        told = f"a question: {proposal.reason}; * takes the first, once more the next"
    else:
        told = f"{HOW[proposal.confidence]}: {proposal.reason}; * takes it{more}"
    warned = [each for one in proposal.duplicates[:2] for each in words(f"! {one.words}", width, margin="   ", look="wrong")]
    settled = sheet.ready and not filled
    return [*([] if settled else words(told, width, margin="   ", look="off")[:2]), *warned]
