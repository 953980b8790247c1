"""Statements as CSV: columns found by name or told, read into the same entries as the banks' own formats."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Final

from artui import money
from artui.cash.statements import formats, words
from artui.cash.statements.keeping import Outcome, keep, origin_of
from artui.cash.statements.matching import link_known
from artui.cash.statements.shapes import Balance, Entry, Reading, Statement
from artui.cash.statements.source import Source, Stopped, Watch, open_source
from artui.clock import date_parser
from artui.errors import BadInput
from artui.io.importers.columns import Columns, Synonyms, match, need
from artui.io.importers.outcome import Options
from artui.io.importers.reading import Table, Unreadable, open_table
from artui.session import Session
from artui.text import clean, safe

KIND: Final = "bank-statements"
"""Under which kind maps for statements are saved."""
FIELDS: Final[Synonyms] = {
    "date": "date bookingdate bookedon bookdate postingdate posted postedon transactiondate buchungstag buchungsdatum datumzauctovani datum fecha",
    "value_date": "valuedate valueon valuta wertstellung wertstellungsdatum datumvaluty fechavalor",
    "amount": "amount betrag umsatz castka objem importe transactionamount betragineur",
    "credit": "credit creditamount moneyin paidin deposits deposit haben gutschrift kredit prijem abono haber",
    "debit": "debit debitamount moneyout paidout withdrawals withdrawal soll lastschrift debet vydej cargo debe",
    "side": "side creditdebit debitcredit drcr crdr creditdebitindicator sollhaben shk",
    "currency": "currency currencycode curr ccy wahrung waehrung mena moneda divisa",
    "balance": "balance runningbalance balanceafter saldo kontostand zustatek saldonachbuchung",
    "own_account": "ownaccount bookingaccount auftragskonto konto cislouctu cuenta accountnumber account",
    "name": "name counterparty payer payername payee partner beguenstigterzahlungspflichtiger auftraggeber nazevprotistrany nazevprotiuctu ordenante beneficiario",
    "account": "payeraccount counterpartyaccount iban kontonummeriban partneriban protiucet cisloprotiuctu cuentacontraria",
    "text": "text details description remittance remittanceinformation purpose verwendungszweck narrative memo message zprava zpravaproprijemce popis concepto",
    "reference": "structuredreference creditorreference variablesymbol variabilnisymbol vs paymentreference",
    "end_to_end": "endtoend endtoendid endtoendreference kundenreferenz customerreference chequenumber checknumber reference ref",
    "bank_reference": "bankreference transactionid transactionreference fitid id",
    "code": "code type transactiontype transactioncode buchungstext typ tipo",
}  # fmt: skip
_CREDIT: Final = frozenset(("c", "cr", "crdt", "credit", "h", "haben", "+", "in", "k", "kredit"))
_DEBIT: Final = frozenset(("d", "dr", "dbit", "debit", "s", "soll", "-", "out"))


def read(source: Source, options: Options, account: str = "") -> Reading:
    """Yield the entries and statements of a file in any format, CSV read as `options` say. Raises BadInput."""
    if source.format != "csv":
        return formats.read(source)
    return _Csv(source, options, account).read()


def take(
    session: Session, path: Path, options: Options, account: str = "", *, watch: Watch | None = None, stopped: Callable[[], bool] | None = None, dry_run: bool = False
) -> tuple[Outcome, int]:
    """Take a file into the books, and let its new entries stand for documents booked before where that leaves no choice; return how many did.

    `account` is ours, where the file names none. Raises BadInput for a file that is no statement, Stopped when stopped.
    """
    source = open_source(path, watch=watch, stopped=stopped)
    outcome = keep(session, origin_of(source), read(source, options, account), account=account or None, currency=options.currency, dry_run=dry_run)
    if dry_run or "bank_entry" not in session.actor.may:
        return outcome, 0
    return outcome, sum(link_known(session, each.statement) for each in outcome.statements if each.statement and each.new)


class _Csv:
    def __init__(self, source: Source, options: Options, account: str) -> None:
        self._source, self._options, self._account = source, options, account
        self._table: Table = open_table(source.path, options.encoding)
        self._columns: Columns = match(self._table.columns, options.columns, FIELDS, "statements")
        need(self._columns, ["date"], "statements")
        if self._place("amount") < 0 and (self._place("credit") < 0 or self._place("debit") < 0):
            need(self._columns, ["amount"], "statements")
        self._day: Callable[[str], dt.date] = date_parser(options.date_order)

    def _place(self, field: str) -> int:
        return self._columns.place(field)

    def _cell(self, row: Sequence[str], field: str) -> str:
        place = self._place(field)
        return clean(row[place]) if 0 <= place < len(row) else ""

    def read(self) -> Reading:
        frame: _Frame | None = None
        position = [0]
        try:
            for line, row in self._table.records(position):
                if self._source.stopped is not None and self._source.stopped():
                    raise Stopped(
                        "Stopped as asked; nothing of the file was kept.", "Import it again when it suits."
                    )
                if self._source.watch is not None:
                    self._source.watch(position[0], self._source.size)
                entry, account, balance = self._line(line, row)
                if frame is not None and (frame.account, frame.currency) != (account, entry.currency):
                    yield frame.statement()
                    frame = None
                frame = frame or _Frame(account, entry.currency)
                frame.add(entry, balance)
                yield entry
        except Unreadable as error:
            raise BadInput(
                f"{self._source.name}, line {error.line}: {error.message}", "Correct the file."
            ) from None
        if frame is None:
            raise BadInput(
                f"{self._source.name} holds no statement.", "Below its first line stand the entries."
            )
        yield frame.statement()

    def _line(self, line: int, row: Sequence[str]) -> tuple[Entry, str, Decimal | None]:
        try:
            return self._entry(row)
        except BadInput as error:
            raise BadInput(f"{self._source.name}, line {line}: {error.message}", error.hint) from None

    def _entry(self, row: Sequence[str]) -> tuple[Entry, str, Decimal | None]:
        currency = self._cell(row, "currency").upper() or (self._options.currency or "")
        if not money.is_currency(currency):
            raise BadInput(
                f"{safe(currency)!r} is not a currency." if currency else "No currency is named.",
                "Say which it is with --currency.",
            )
        value = self._cell(row, "value_date")
        said = {
            name: words.line(self._cell(row, name))
            for name in ("name", "text", "reference", "end_to_end", "bank_reference", "code")
        }
        payer = self._cell(row, "account")
        entry = Entry(
            self._day(self._cell(row, "date")), self._day(value) if value else None, self._amount(row), currency, name=said["name"],
            account=words.account(payer) if payer else "", text=said["text"], reference=said["reference"], end_to_end=said["end_to_end"],
            bank_reference=said["bank_reference"], code=said["code"],
        )  # fmt: skip
        balance = self._cell(row, "balance")
        account = self._cell(row, "own_account") or self._account
        return entry, words.account(account) if account else "", self._number(balance) if balance else None

    def _amount(self, row: Sequence[str]) -> Decimal:
        cell = self._cell(row, "amount")
        if not cell:
            credit, debit = self._cell(row, "credit"), self._cell(row, "debit")
            taken = abs(self._number(debit)) if debit else Decimal(0)
            return (self._number(credit) if credit else Decimal(0)) - taken
        amount, side = self._number(cell), self._cell(row, "side").lower()
        if side in _DEBIT:
            return -abs(amount)
        if side and side not in _CREDIT:
            raise BadInput(
                f"{safe(side)!r} is neither credit nor debit.", "C, D, CR, DR, S and H are understood."
            )
        return amount

    def _number(self, cell: str) -> Decimal:
        return money.parse_amount(cell, decimal=self._options.decimal).amount


class _Frame:
    """What a run of rows of one account comes to; the balances are the running ones, whichever end is first."""

    def __init__(self, account: str, currency: str) -> None:
        self.account, self.currency = account, currency
        self._first: tuple[Entry, Decimal | None] | None = None
        self._last: tuple[Entry, Decimal | None] | None = None
        self._span: list[dt.date] = []

    def add(self, entry: Entry, balance: Decimal | None) -> None:
        self._first = self._first or (entry, balance)
        self._last = (entry, balance)
        self._span = [min([*self._span[:1], entry.booked_on]), max([*self._span[1:], entry.booked_on])]

    def statement(self) -> Statement:
        assert self._first is not None
        assert self._last is not None
        oldest, newest = self._first, self._last
        if oldest[0].booked_on > newest[0].booked_on:  # the newest entry stands on top
            oldest, newest = newest, oldest
        opening = (
            None if oldest[1] is None else Balance(oldest[1] - oldest[0].amount, self.currency, self._span[0])
        )
        closing = None if newest[1] is None else Balance(newest[1], self.currency, self._span[1])
        return Statement(
            "csv",
            self.account,
            self.currency,
            opening=opening,
            closing=closing,
            from_on=self._span[0],
            to_on=self._span[1],
        )
