"""Reading a document as scripts send it: every field understood or refused by name before the vault sees it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from artui import money, text
from artui.errors import BadInput
from artui.session import Session

_TEXT = (
    "number", "customer", "vendor", "customer_name", "po", "method", "reference", "memo", "reason", "of", "document", "document_kind",
    "to", "purchase",
)  # fmt: skip
_DATES = ("date", "due", "posting_date")
_AMOUNTS = ("amount", "tax", "fee")
_FLAGS = ("create_customer", "deposit")
_STRUCTURED = (
    "id",
    "kind",
    "currency",
    "rate",
    "terms",
    "lines",
    "instalments",
    "allocate",
    "moves",
    "received",
)
_FIELDS = frozenset((*_TEXT, *_DATES, *_AMOUNTS, *_FLAGS, *_STRUCTURED))
_NEEDS_DATE = frozenset(
    ("invoice", "credit_note", "receipt", "charge", "opening", "purchase", "vendor_payment")
)
_PLAIN = re.compile(r"[+-]?\d{1,15}(\.\d{1,6})?")
_RATE = re.compile(r"[0-9]{1,12}(\.[0-9]{1,12})?")


class Reader:
    """Read one document; `read()` returns what `api.post` takes."""

    def __init__(self, session: Session, document: Mapping[str, Any]) -> None:
        self._session = session
        self._document = {name: value for name, value in document.items() if value is not None}
        self._kind = str(document.get("kind", ""))
        self._currency = ""

    def read(self) -> dict[str, Any]:
        """Return the document for the vault. Raises BadInput naming the field."""
        unknown = sorted(set(self._document) - _FIELDS)
        if unknown:
            raise BadInput(
                f'There is no field "{unknown[0]}" in a {self._kind or "document"}.',
                "Check the spelling; nothing was posted.",
            )
        body: dict[str, Any] = {"kind": self._kind}
        body.update({name: self._line(name) for name in _TEXT if name in self._document})
        body.update({name: self._day(name).isoformat() for name in _DATES if name in self._document})
        body.update({name: bool(self._document[name]) for name in _FLAGS if name in self._document})
        if "date" not in body and self._kind in _NEEDS_DATE | {
            "identify",
            "deposit_applied",
            "withholding",
            "bank_charge",
            "allowance",
            "exchange_close",
        }:
            if self._kind in _NEEDS_DATE:
                raise BadInput(
                    f'A {self._kind.replace("_", " ")} needs its "date".', "Give it as YYYY-MM-DD."
                )
            body["date"] = self._session.today.isoformat()
        self._currency = self._find_currency(body)
        if self._kind not in ("allocation", "unallocation", "reversal"):
            body["currency"] = self._currency
        body.update(
            {name: self._minor(self._document[name], name) for name in _AMOUNTS if name in self._document}
        )
        if "rate" in self._document:
            body["rate"] = self._rate(self._document["rate"], "rate")
        self._read_parts(body)
        return body

    def _read_parts(self, body: dict[str, Any]) -> None:
        if "lines" in self._document:
            body["lines"] = [self._goods(line, place) for place, line in enumerate(self._rows("lines"), 1)]
            body.setdefault("amount", sum(line["amount"] for line in body["lines"]) + body.get("tax", 0))
        if "instalments" in self._document:
            body["instalments"] = [
                {
                    "due": self._date(row.get("due"), f"instalments {place}: due").isoformat(),
                    "amount": self._minor(row.get("amount"), f"instalments {place}: amount"),
                }
                for place, row in enumerate(self._rows("instalments"), 1)
            ]
        elif self._kind in ("invoice", "purchase") and "due" not in body and "amount" in body:
            self._apply_terms(body)
        if "allocate" in self._document and not isinstance(self._document["allocate"], bool):
            body["allocate"] = [
                self._move(row, ("document",), place) for place, row in enumerate(self._rows("allocate"), 1)
            ]
        if "moves" in self._document:
            body["moves"] = [
                self._move(row, ("from", "to"), place) for place, row in enumerate(self._rows("moves"), 1)
            ]
        if "received" in self._document:
            received = self._document["received"]
            if not isinstance(received, Mapping) or not money.is_currency(str(received.get("currency"))):
                raise BadInput(
                    '"received" names a currency and an amount.',
                    'For example {"currency": "EUR", "amount": "100.00"}.',
                )
            code = str(received["currency"])
            body["received"] = {
                "currency": code,
                "amount": money.to_minor(self._number(received.get("amount"), "received: amount"), code),
            }
            if "rate" in received:
                body["received"]["rate"] = self._rate(received["rate"], "received: rate")

    def _apply_terms(self, body: dict[str, Any]) -> None:
        """Give an invoice without a due date its account's terms; without any it is due on its date."""
        from artui.ledger.posting import due_instalments

        rule = self._document.get("terms") or self._account_terms(body)
        if rule is None or body["amount"] <= 0:
            return
        amount = money.from_minor(body["amount"], self._currency)
        parts = due_instalments(self._session, rule, date.fromisoformat(body["date"]), amount, self._currency)
        body["due"] = parts[-1]["due"]
        body["terms"] = rule
        if len(parts) > 1:
            body["instalments"] = parts

    def _account_terms(self, body: Mapping[str, Any]) -> object:
        side = "vendor" if self._kind == "purchase" else "customer"
        rows = self._session.query(
            "SELECT t.rule FROM ar.account a JOIN ar.terms t ON t.code = a.terms WHERE a.kind = %s AND a.number = %s",
            (side, body.get(side)),
        )
        return rows[0][0] if rows else None

    def _find_currency(self, body: Mapping[str, Any]) -> str:
        if "currency" in self._document:
            code = str(self._document["currency"])
            if not money.is_currency(code):
                raise BadInput(
                    f"{text.safe(code)!r} is not a currency code.", "Use an ISO 4217 code such as EUR."
                )
            return code
        named = body.get("document") or body.get("of")
        moves = self._document.get("moves")
        if isinstance(moves, list) and moves and isinstance(moves[0], Mapping):
            named = moves[0].get("from")
        if named:
            rows = self._session.query(
                "SELECT currency FROM ar.document WHERE number = %s ORDER BY id LIMIT 1", (str(named),)
            )
        else:
            side = "vendor" if body.get("vendor") and not body.get("customer") else "customer"
            rows = self._session.query(
                "SELECT currency FROM ar.account WHERE kind = %s AND number = %s", (side, body.get(side))
            )
        return str(rows[0][0]) if rows else self._session.currency

    def _goods(self, line: Mapping[str, Any], place: int) -> dict[str, Any]:
        where = f"lines {place}"
        quantity = self._number(line.get("quantity", "1"), f"{where}: quantity")
        price = self._number(line.get("unit_price"), f"{where}: unit_price")
        discount = (
            self._number(line["discount"], f"{where}: discount")
            if line.get("discount") is not None
            else Decimal(0)
        )
        if line.get("discount_percent") is not None:
            discount = self._number(line["discount_percent"], f"{where}: discount_percent") / 100
        if not 0 <= discount <= 1:
            raise BadInput(
                f"{where}: the discount is not between nothing and all.",
                "Give discount as a fraction or discount_percent in percent.",
            )
        amount = line.get("amount")
        goods = (
            quantity * price * (1 - discount) if amount is None else self._number(amount, f"{where}: amount")
        )
        return {
            "item": text.clean(str(line["item"])) if line.get("item") is not None else None,
            "description": text.clean(str(line["description"])) if line.get("description") is not None else None,
            "quantity": str(quantity), "unit_price": str(price), "discount": str(discount), "tax_code": line.get("tax_code"),
            "amount": money.to_minor(money.round_half_up(goods, self._currency), self._currency),
        }  # fmt: skip

    def _move(self, row: Mapping[str, Any], names: tuple[str, ...], place: int) -> dict[str, Any]:
        move: dict[str, Any] = {}
        for name in names:
            if not row.get(name):
                raise BadInput(f'Entry {place} has no "{name}".', "Name the document by its number.")
            move[name] = text.clean(str(row[name]))
        for name in ("amount", "discount"):
            if row.get(name) is not None:
                move[name] = self._minor(row[name], f"entry {place}: {name}")
        return move

    def _rows(self, name: str) -> list[Mapping[str, Any]]:
        rows = self._document[name]
        if not isinstance(rows, list) or not all(isinstance(row, Mapping) for row in rows):
            raise BadInput(f'"{name}" is a list of objects.', "See docs/guide.md for an example.")
        return rows

    def _line(self, name: str) -> str:
        value = self._document[name]
        if isinstance(value, (Mapping, list, bool)):
            raise BadInput(f'"{name}" is a text.', "Write it in quotes.")
        return text.clean(str(value))

    def _day(self, name: str) -> date:
        return self._date(self._document[name], name)

    @staticmethod
    def _date(value: object, where: str) -> date:
        try:
            return date.fromisoformat(str(value))
        except ValueError:
            raise BadInput(f'"{where}" is not a date: {value!r}.', "Write dates as YYYY-MM-DD.") from None

    def _minor(self, value: object, where: str) -> int:
        try:
            return money.to_minor(self._number(value, where), self._currency)
        except BadInput as error:
            raise BadInput(f'"{where}": {error.message}', error.hint) from None

    def _rate(self, value: object, where: str) -> str:
        """Read a rate: plain, above nothing, with at most twelve digits before and after the point."""
        if isinstance(value, (bool, float)) or not _RATE.fullmatch(str(value)) or not Decimal(str(value)):
            raise BadInput(f'"{where}" is no rate: {value!r}.', 'Write a plain number above nothing in quotes, as "1.0852".')
        return str(value)

    @staticmethod
    def _number(value: object, where: str) -> Decimal:
        shown = str(value)
        if isinstance(value, (bool, float)) or not _PLAIN.fullmatch(shown):
            hint = (
                'Write amounts in quotes, as "1234.50".'
                if isinstance(value, float)
                else 'Write numbers plainly, as "1234.50".'
            )
            raise BadInput(f'"{where}" is not an exact number: {value!r}.', hint)
        try:
            return Decimal(shown)
        except InvalidOperation:
            raise BadInput(f'"{where}" is not a number: {value!r}.') from None
