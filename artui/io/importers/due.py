"""When documents fall due: as their row says, by its terms, or by those of its account."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from artui import money
from artui.errors import BadInput
from artui.io.importers.chunk import Chunk
from artui.io.importers.outcome import RowFault
from artui.io.importers.values import NULL, escape
from artui.ledger.terms import Terms, parse_terms, schedule
from artui.session import Session
from artui.text import fold

DUE: Final = "\x01"
TERMS: Final = "\x02"
"""Stand in a staged row for what is worked out later; no cleaned text holds them."""
_DAYS: Final = ("", "net", "days", "netdays", "daysnet", "n", "d", "tage", "dni", "dias")


@dataclass(frozen=True, slots=True)
class Bill:
    """What of a document decides its instalments: its line, date, amount in minor units and currency."""

    line: int
    day: str
    minor: int
    currency: str


@dataclass(frozen=True, slots=True)
class Pending:
    """A document whose due date follows from its account's terms, and where its staged row is."""

    place: int
    account: str
    bill: Bill


class DueDates:
    """Work out due dates; `terms` are the rules of the books by code, `side` is whose accounts are meant."""

    def __init__(self, side: str, terms: Mapping[str, Any]) -> None:
        self._side = side
        self._rules = {code.casefold(): rule for code, rule in terms.items()}
        self._parsed: dict[str, Terms] = {}

    def by_terms(self, told: str, bill: Bill, chunk: Chunk) -> tuple[str, str]:
        """Give due date and terms for COPY, under terms told by code, in words such as "net 30", or as a rule."""
        if told.startswith(("[", "{")):
            return self._apply(told, told, bill, chunk)
        code = terms_code(told, self._rules)
        if code is None:
            raise RowFault("terms", told, "There are no such terms; artui terms list shows them.")
        return self._apply(told, self._rules[code], bill, chunk)

    def by_account(self, account: str, bill: Bill, chunk: Chunk) -> tuple[str, str]:
        """Leave it to `complete`: only the books know the account's terms. The row has to be staged next."""
        chunk.pending.append(Pending(len(chunk.rows["document"]), account, bill))
        return DUE, TERMS

    def complete(self, session: Session, chunk: Chunk) -> None:
        """Give documents without a due date the terms of their account; without any they are due on their date."""
        if not chunk.pending:
            return
        accounts = sorted({pending.account for pending in chunk.pending})
        rules: dict[str, Any] = dict(
            session.query(
                "SELECT a.number, t.rule FROM ar.account a JOIN ar.terms t ON t.code = a.terms WHERE a.kind = %s AND a.number = ANY (%s)",
                (self._side, accounts),
            )
        )
        rows = chunk.rows["document"]
        for pending in chunk.pending:
            due, terms = self._of_account(rules.get(pending.account), pending.bill, chunk)
            rows[pending.place] = rows[pending.place].replace(DUE, due, 1).replace(TERMS, terms, 1)
        chunk.pending.clear()

    def _of_account(self, rule: Any, bill: Bill, chunk: Chunk) -> tuple[str, str]:
        if rule is None:
            return bill.day, NULL
        try:
            return self._apply("", rule, bill, chunk)
        except RowFault as fault:
            told = f"The account's terms cannot be applied ({fault.message}); due on its date."
            chunk.warn(bill.line, "terms", "", told)
            return bill.day, NULL

    def _apply(self, shown: str, rule: Any, bill: Bill, chunk: Chunk) -> tuple[str, str]:
        text = rule if isinstance(rule, str) else json.dumps(rule)
        amount = money.from_minor(bill.minor, bill.currency)
        try:
            if text not in self._parsed:
                self._parsed[text] = parse_terms(text)
            parts = schedule(self._parsed[text], date.fromisoformat(bill.day), amount, bill.currency)
        except (BadInput, OverflowError) as error:
            raise RowFault("terms", shown, str(error)) from None
        if len(parts) > 1 and bill.minor > 0:
            chunk.rows["instalment"] += [
                f"{bill.line}\t{seq}\t{part.due}\t{money.to_minor(part.amount, bill.currency)}"
                for seq, part in enumerate(parts, 1)
            ]
        return parts[-1].due.isoformat(), escape(text)


def terms_code(told: str, rules: Mapping[str, Any]) -> str | None:
    """Give the code of terms told by code or as days ("net 30", "30 days"); None without any. Codes are in lower case."""
    word = told.casefold()
    if word in rules:
        return word
    bare = "".join(filter(str.isalnum, fold(told)))
    if bare in rules:
        return bare
    digits = "".join(char for char in bare if char in "0123456789")
    if not digits or len(digits) > 3 or bare.replace(digits, "") not in _DAYS:
        return None
    wanted = [{"days": int(digits)}] if int(digits) else []
    return next((code for code, rule in rules.items() if rule == wanted), None)
