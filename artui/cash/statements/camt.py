"""CAMT.052, 053 and 054 (ISO 20022, every version): read as it streams by, nothing kept but the entry being read.

Namespaces are ignored, so that a version is told by its content. No document type, no entities, bounded depth and size.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any, Final, NoReturn
from xml.parsers import expat

from artui.cash.statements import words
from artui.cash.statements.shapes import Balance, Entry, Part, Reading, Statement
from artui.cash.statements.source import Source
from artui.errors import BadInput

_DEEPEST: Final = 64
_LONGEST_TEXT: Final = 1 << 16
_MOST_FIELDS: Final = 20_000
_MOST_PARTS: Final = 100_000
_BLOCK: Final = 1 << 16
_STATEMENTS: Final = {"Stmt": "camt.053", "Rpt": "camt.052", "Ntfctn": "camt.054"}
_OPENING: Final = ("OPBD", "PRCD", "ITBD")
_CLOSING: Final = ("CLBD", "ITBD")

Fields = dict[str, list[str]]
"""Path below the element to the texts found there; `path@Ccy` for the currency of an amount."""


def read(source: Source) -> Reading:
    """Yield entries and statements. Raises BadInput when the file is damaged or holds no statement."""
    reader = _Camt(source.name)
    with source.open() as file:
        while block := file.read(_BLOCK):
            reader.feed(block)
            yield from reader.take()
    reader.feed(b"", final=True)
    yield from reader.take()
    if not reader.statements:
        raise BadInput(
            f"{source.name} holds no statement: it is not what its heading says.",
            "Ask the bank for it again.",
        )


class _Scope:
    """An element whose fields are kept until it ends."""

    def __init__(self, tag: str, depth: int) -> None:
        self.tag, self.depth = tag, depth
        self.fields: Fields = {}
        self.count = 0

    def add(self, path: str, value: str) -> None:
        self.count += 1
        if self.count > _MOST_FIELDS:
            raise BadInput(f"A {self.tag} has more fields than any bank writes.", "The file is damaged.")
        self.fields.setdefault(path, []).append(value)


class _Camt:
    def __init__(self, name: str) -> None:
        self._name = name
        self._path: list[str] = []
        self._scopes: list[_Scope] = []
        self._text: list[str] = []
        self._length = 0
        self._ready: list[Entry | Statement] = []
        self._parts: list[tuple[Part, str]] = []
        self._balances: list[tuple[str, Balance]] = []
        self._pending = 0
        self.statements = 0
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._characters
        parser.StartDoctypeDeclHandler = self._forbidden
        parser.EntityDeclHandler = self._forbidden
        parser.ExternalEntityRefHandler = self._forbidden
        self._parser = parser

    def feed(self, block: bytes, final: bool = False) -> None:
        try:
            self._parser.Parse(block, final)
        except expat.ExpatError as error:
            raise BadInput(
                f"{self._name} is not whole XML: line {error.lineno}, {expat.ErrorString(error.code)}.",
                "Ask the bank for it again.",
            ) from None

    def take(self) -> Iterator[Entry | Statement]:
        ready, self._ready = self._ready, []
        yield from ready

    def _forbidden(self, *_: Any) -> NoReturn:
        raise BadInput(
            f"{self._name} declares a document type, which no bank statement needs.",
            "It is refused as unsafe.",
        )

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        tag = name.rsplit(" ", 1)[-1]
        self._path.append(tag)
        if len(self._path) > _DEEPEST:
            raise BadInput(f"{self._name} is nested deeper than any bank writes.", "It is refused as unsafe.")
        self._text, self._length = [], 0
        if tag in _STATEMENTS and not self._scopes:
            self._balances, self._pending, self._parts = [], 0, []
            self._scopes.append(_Scope(tag, len(self._path)))
        elif self._scopes and tag in ("Bal", "Ntry", "TxDtls"):
            self._scopes.append(_Scope(tag, len(self._path)))
        elif self._scopes and "Ccy" in attributes:
            scope = self._scopes[-1]
            scope.add("/".join(self._path[scope.depth :]) + "@Ccy", attributes["Ccy"])

    def _characters(self, text: str) -> None:
        if self._scopes:
            self._length += len(text)
            if self._length > _LONGEST_TEXT:
                raise BadInput(
                    f"{self._name} has a text longer than any bank writes.", "It is refused as unsafe."
                )
            self._text.append(text)

    def _end(self, _: str) -> None:
        if self._scopes:
            scope = self._scopes[-1]
            value = "".join(self._text).strip()
            if len(self._path) == scope.depth:
                self._scopes.pop()
                self._finish(scope)
            elif value:
                scope.add("/".join(self._path[scope.depth :]), value)
        self._text, self._length = [], 0
        self._path.pop()

    def _finish(self, scope: _Scope) -> None:
        if scope.tag == "TxDtls":
            if len(self._parts) >= _MOST_PARTS:
                raise BadInput(f"{self._name} has an entry of too many payments.", "It is refused as unsafe.")
            self._parts.append(_part(scope.fields))
        elif scope.tag == "Bal":
            self._balances.append(_balance(scope.fields))
        elif scope.tag == "Ntry":
            parts, self._parts = self._parts, []
            if (_first(scope.fields, "Sts", "Sts/Cd") or "BOOK") == "BOOK":
                self._ready.append(_entry(scope.fields, parts))
            else:
                self._pending += 1
        elif scope.tag in _STATEMENTS:
            self.statements += 1
            self._ready.append(self._statement(scope))

    def _statement(self, scope: _Scope) -> Statement:
        fields = scope.fields
        opening = _pick(self._balances, _OPENING)
        closing = _pick(self._balances[::-1], _CLOSING)
        if closing is opening:
            opening = None if not any(code in ("OPBD", "PRCD") for code, _ in self._balances) else opening
        currency = _first(fields, "Acct/Ccy") or (opening.currency if opening else "")
        if not currency and closing is not None:
            currency = closing.currency
        from_on = _day(fields, "FrToDt/FrDtTm", "FrToDt/FrDt")
        to_on = _day(fields, "FrToDt/ToDtTm", "FrToDt/ToDt")
        faults = () if not opening or not closing or opening.currency == closing.currency else (
            f"The bank gives the opening balance in {opening.currency} and the closing one in {closing.currency}.",
        )  # fmt: skip
        page = _first(fields, "StmtPgntn/PgNb", "RptPgntn/PgNb", "NtfctnPgntn/PgNb")
        number = _first(fields, "ElctrncSeqNb", "LglSeqNb")
        return Statement(
            format=_STATEMENTS[scope.tag],
            account=words.account(_first(fields, "Acct/Id/IBAN", "Acct/Id/Othr/Id", "Acct/Id/PrtryAcct/Id", "Acct/Id/BBAN")),
            currency=words.currency(currency, "Acct") if currency else "",
            ident=words.line(_first(fields, "Id")),
            number=words.line(f"{number}/{page}" if number and page else number or page),
            opening=opening, closing=closing,
            from_on=from_on or (opening.on if opening else None),
            to_on=to_on or (closing.on if closing else None),
            pending=self._pending, faults=faults,
        )  # fmt: skip


def _first(fields: Fields, *paths: str) -> str:
    for path in paths:
        if fields.get(path):
            return fields[path][0]
    return ""


def _all(fields: Fields, *paths: str) -> str:
    return " ".join(value for path in paths for value in fields.get(path, ()))


def _day(fields: Fields, *paths: str) -> date | None:
    shown = _first(fields, *paths)
    return words.long_day(shown, paths[0]) if shown else None


def _signed(fields: Fields, value: str) -> Decimal:
    amount = words.amount(value, "Amt")
    return -amount if _first(fields, "CdtDbtInd") == "DBIT" else amount


def _balance(fields: Fields) -> tuple[str, Balance]:
    code = _first(fields, "Tp/CdOrPrtry/Cd", "Tp/CdOrPrtry/Prtry")
    amount = _signed(fields, _first(fields, "Amt"))
    return code, Balance(
        amount, words.currency(_first(fields, "Amt@Ccy"), "Bal"), _day(fields, "Dt/Dt", "Dt/DtTm")
    )


def _pick(balances: list[tuple[str, Balance]], codes: tuple[str, ...]) -> Balance | None:
    return next((balance for code in codes for found, balance in balances if found == code), None)


def _part(fields: Fields) -> tuple[Part, str]:
    """Give one payment and the bank's reference of it. The other side is the payer of a credit, the payee of a debit."""
    debit = _first(fields, "CdtDbtInd") == "DBIT"
    shown = _first(fields, "Amt", "AmtDtls/TxAmt/Amt")
    sides = ("Cdtr", "Dbtr") if debit else ("Dbtr", "Cdtr")
    names = [_first(fields, f"RltdPties/{side}/Nm", f"RltdPties/{side}/Pty/Nm", f"RltdPties/Ultmt{side}/Nm", f"RltdPties/Ultmt{side}/Pty/Nm") for side in sides]  # fmt: skip
    accounts = [
        _first(fields, f"RltdPties/{side}Acct/Id/IBAN", f"RltdPties/{side}Acct/Id/Othr/Id") for side in sides
    ]
    end_to_end = _first(fields, "Refs/EndToEndId")
    part = Part(
        amount=_signed(fields, shown) if shown else None,
        name=words.line(names[0]),
        account=words.account(accounts[0]) if accounts[0] else "",
        text=words.line(_all(fields, "RmtInf/Ustrd", "RmtInf/Strd/RfrdDocInf/Nb", "RmtInf/Strd/AddtlRmtInf") or _all(fields, "AddtlTxInf")),
        reference=words.line(_all(fields, "RmtInf/Strd/CdtrRefInf/Ref")),
        end_to_end="" if end_to_end == "NOTPROVIDED" else words.line(end_to_end),
    )  # fmt: skip
    return part, _first(fields, "Refs/AcctSvcrRef", "Refs/TxId", "Refs/Prtry/Ref")


def _entry(fields: Fields, details: list[tuple[Part, str]]) -> Entry:
    currency = words.currency(_first(fields, "Amt@Ccy"), "Ntry")
    amount = _signed(fields, _first(fields, "Amt"))
    value_on = _day(fields, "ValDt/Dt", "ValDt/DtTm")
    booked_on = _day(fields, "BookgDt/Dt", "BookgDt/DtTm") or value_on
    if booked_on is None:
        raise BadInput("An entry has neither a booking nor a value day.", "The file is damaged.")
    code = "-".join(
        filter(None, (_first(fields, f"BkTxCd/Domn/{path}") for path in ("Cd", "Fmly/Cd", "Fmly/SubFmlyCd")))
    )
    one = details[0][0] if len(details) == 1 else None
    more = words.line(_all(fields, "AddtlNtryInf"))
    sign = -1 if amount < 0 else 1
    parts = tuple(
        Part(None if part.amount is None else sign * abs(part.amount), part.name, part.account, part.text, part.reference, part.end_to_end)
        for part, _ in details
    ) if len(details) > 1 else ()  # fmt: skip
    return Entry(
        booked_on, value_on, amount, currency,
        reversal=_first(fields, "RvslInd") in ("true", "1"),
        name=one.name if one else "", account=one.account if one else "",
        text=(one.text if one else "") or more, reference=one.reference if one else "", end_to_end=one.end_to_end if one else "",
        bank_reference=words.line(_first(fields, "AcctSvcrRef") or (details[0][1] if one else "")),
        code=words.line(code or _first(fields, "BkTxCd/Prtry/Cd")), parts=parts,
    )  # fmt: skip
