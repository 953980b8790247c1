"""What a clerk has typed before entries of the bank, as decisions: checked as they are typed, carried out together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from artui.cash.statements import decisions
from artui.cash.statements.choices import Choice, Known
from artui.cash.statements.decisions import Decision
from artui.cash.statements.reading import EntryRow
from artui.errors import BadInput
from artui.ledger.posting import key_for
from artui.money import by_currency
from artui.text import counted
from screens.layout import Column, table
from screens.safe import Line, Part, amount, day, part

OPTIONS: Mapping[str, str] = {"a": "accept", "p": "park", "c": "charge", "i": "interest", "m": "transfer", "x": "leave out", "o": "reopen"}
NUMBERS = "123456789"
REASONED = "xo"
"""Options that ask for a reason."""
_COLUMNS = (Column("Day", 9), Column("Amount", 11, right=True), Column("", 9), Column("As", 20, grows=1, most=90))


@dataclass(frozen=True)
class Plan:
    """One decision about one entry, with what it is in words; the reason of leaving out or reopening comes later."""

    row: EntryRow
    option: str
    words: str
    decision: Decision

    def with_reason(self, reason: str) -> Decision:
        """Give the decision as it is sent."""
        return {"x": decisions.ignored, "o": decisions.reopened}[self.option](reason) if self.option in REASONED else self.decision

    def key(self, run: str, reason: str) -> str:
        """Give the key it is sent under: the same for the same decision of one run, however often it is sent."""
        return key_for(run, self.row.id, self.with_reason(reason))


def plan(known: Known, option: str) -> Plan:
    """Make the decision an option stands for. Raises BadInput when it is of no use for the entry."""
    row = known.row
    if row.state in ("booked", "ignored") and option != "o":
        raise BadInput(f"It is {row.state}, by {row.decided_by}.", "o opens it again.")
    if option == "o":
        return _reopened(row)
    if option == "a" or option in NUMBERS:
        choice = _chosen(known, option)
        return Plan(row, option, f"{choice.number}: {choice.what} ({choice.name})", choice.decision)
    if row.state == "parked":
        raise BadInput("It is parked.", "A number or w says whose it is, o opens it again.")
    if option == "x":
        return Plan(row, option, "left out of these books", {})
    made = {"p": decisions.parked, "c": decisions.charged, "i": decisions.interest, "m": decisions.moved}[option](row)
    told = {"p": "an unidentified receipt", "c": "charges of the bank", "i": "interest of the bank", "m": "one side of a transfer between own accounts"}[option]
    return Plan(row, option, told, made)


def _reopened(row: EntryRow) -> Plan:
    if row.state == "open":
        raise BadInput("It is not decided yet.", "Nothing needs to be opened again.")
    stays = f"; {', '.join(row.documents)} stays in the books until it is reversed there" if row.documents else ""
    return Plan(row, "o", f"open again{stays}", {})


def _chosen(known: Known, option: str) -> Choice:
    if not known.choices:
        raise BadInput("Nothing is known of whose it is.", "w says whose it is, p parks it.")
    if option == "a":
        if not known.choices[0].sure:
            raise BadInput("Nothing is sure enough to accept.", "A number takes one of the choices.")
        return known.choices[0]
    if int(option) > len(known.choices):
        raise BadInput(f"There is no choice {option}.", f"There {'is one' if len(known.choices) == 1 else f'are {len(known.choices)}'}.")
    return known.choices[int(option) - 1]


def plan_lines(plans: Sequence[Plan], width: int) -> list[Line]:
    """Draw decisions, one line each."""
    cells = [[Part(day(each.row.booked_on)), Part(amount(each.row.amount, each.row.currency), "strong"), part(OPTIONS.get(each.option, "accept")), part(each.words)] for each in plans]
    heading, rows = table(_COLUMNS, cells, width)
    return [heading, *rows]


def in_words(plans: Sequence[Plan]) -> str:
    """Say how many there are and how much they come to: "3 entries, USD 1 200.00"."""
    sums = by_currency((each.row.currency, each.row.amount) for each in plans)
    totals = ", ".join(f"{code} {amount(total, code)}" for code, total in sums.items())
    return f"{counted(len(plans), 'entry', 'entries')}, {totals}"
