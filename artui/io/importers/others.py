"""Items, and the people one speaks to."""

from __future__ import annotations

from typing import Final

from artui.io.importers.chunk import Chunk, Plain
from artui.io.importers.columns import Columns
from artui.io.importers.outcome import RowFault
from artui.io.importers.seen import Seen
from artui.io.importers.values import NULL, Amounts, currency, escape, optional, words, yes
from artui.people.phones import value_key
from artui.session import Session
from artui.text import clean, fold

_ITEM: Final = ("row", "number", "description", "unit", "unit_price", "currency", "tax_code")
_CONTACT: Final = (
    "row",
    "part",
    "account",
    "account_kind",
    "name",
    "title",
    "purpose",
    "type",
    "value",
    "value_key",
    "preferred",
)
_WAYS: Final = ("phone", "mobile", "fax", "email", "web")
_PURPOSES: Final = ("general", "collections", "ap", "dispute", "orders", "legal")
_SIDES: Final = {
    "customer": "customer",
    "debtor": "customer",
    "vendor": "vendor",
    "supplier": "vendor",
    "creditor": "vendor",
}
_LARGEST: Final = 10**15
_KEY = "\x01"
"""Stands in a staged row for the key of a number until its country is known; no cleaned text holds it."""


class Items(Plain):
    """Stage what is sold and bought."""

    def __init__(self, columns: Columns, amounts: Amounts) -> None:
        self.columns = columns
        self._amounts = amounts
        self._seen = Seen()
        self.tables: dict[str, tuple[str, ...]] = {"item": _ITEM}
        self.call = "api.load_items(%s::uuid, %s)"
        self.fields: dict[str, str] = {}
        self._place = {field: columns.place(field) for field in _ITEM[1:]}

    def read(self, line: int, cells: list[str], chunk: Chunk) -> None:
        """Stage one item. Raises RowFault."""
        place = self._place
        number = words(cells[place["number"]], "number", 100)
        if not number:
            raise RowFault("number", "", "There is no number.")
        shown = cells[place["unit_price"]]
        price = self._amounts.number(shown, "unit_price") if shown and not shown.isspace() else None
        if price is not None and abs(price) >= _LARGEST:
            raise RowFault("unit_price", shown, "The price is too large.")
        code = currency(cells[place["currency"]]) if cells[place["currency"]] else NULL
        description, unit, tax_code = (
            optional(cells[place[field]], field) for field in ("description", "unit", "tax_code")
        )
        if self._seen.add(number):
            raise RowFault(
                "number", number, f"{number} appears more than once in the file; the first row counts."
            )
        chunk.rows["item"].append(
            f"{line}\t{escape(number)}\t{description}\t{unit}\t{NULL if price is None else format(price, 'f')}\t{code}\t{tax_code}"
        )


class Contacts(Plain):
    """Stage people of known accounts, in as many parts as there are ways to reach them."""

    def __init__(self, columns: Columns) -> None:
        self.columns = columns
        self.tables: dict[str, tuple[str, ...]] = {"contact": _CONTACT}
        self.call = "api.load_contacts(%s::uuid, %s)"
        self.fields: dict[str, str] = {}
        self._place = {
            field: columns.place(field)
            for field in (
                "account",
                "account_kind",
                "name",
                "title",
                "purpose",
                "type",
                "value",
                "preferred",
                *_WAYS,
            )
        }

    def read(self, line: int, cells: list[str], chunk: Chunk) -> None:
        """Stage one person. Raises RowFault."""
        place = self._place
        account = words(cells[place["account"]], "account", 60)
        name = optional(cells[place["name"]], "name")
        if not account:
            raise RowFault("account", "", "There is no account.")
        ways = self._ways(cells)
        if name == NULL and not ways:
            raise RowFault("name", "", "There is neither a name nor a way to reach anybody.")
        purpose = fold(clean(cells[place["purpose"]]))
        if purpose and purpose not in _PURPOSES:
            chunk.warn(
                line,
                "purpose",
                cells[place["purpose"]],
                f"{purpose} is none of {', '.join(_PURPOSES)}; left out.",
            )
            purpose = ""
        preferred = "t" if yes(cells[place["preferred"]], "preferred") else "f"
        head = f"{escape(account)}\t{self._side(cells[place['account_kind']])}\t{name}\t{optional(cells[place['title']], 'title')}\t{purpose or NULL}"
        for part, (way, value, key) in enumerate(ways or [(NULL, NULL, NULL)]):
            if key == _KEY:
                chunk.pending.append((len(chunk.rows["contact"]), account, clean(value)))
            chunk.rows["contact"].append(
                f"{line}\t{part}\t{head}\t{way}\t{escape(value) if key != NULL else NULL}\t{key}\t{preferred}"
            )

    def complete(self, session: Session, chunk: Chunk) -> None:
        """Read numbers without a country code as those of their account's country."""
        if not chunk.pending:
            return
        accounts = sorted({account for _, account, _ in chunk.pending})
        countries: dict[str, str | None] = dict(
            session.query(
                "SELECT a.number, p.country FROM ar.account a JOIN ar.party p ON p.id = a.party_id WHERE a.number = ANY (%s) ORDER BY a.kind DESC",
                (accounts,),
            )
        )
        rows = chunk.rows["contact"]
        for place, account, number in chunk.pending:
            rows[place] = rows[place].replace(_KEY, value_key(number, countries.get(account)), 1)
        chunk.pending.clear()

    def _side(self, cell: str) -> str:
        word = fold(clean(cell))
        if word and word not in _SIDES:
            raise RowFault("account_kind", cell, "It is neither customer nor vendor.")
        return _SIDES.get(word, NULL)

    def _ways(self, cells: list[str]) -> list[tuple[str, str, str]]:
        found = [(way, cells[self._place[way]]) for way in _WAYS if cells[self._place[way]]]
        shown = cells[self._place["value"]]
        if shown:
            way = fold(clean(cells[self._place["type"]])) or ("email" if "@" in shown else "phone")
            if way not in _WAYS:
                raise RowFault("type", cells[self._place["type"]], f"It is none of {', '.join(_WAYS)}.")
            found.append((way, shown))
        ways = []
        for way, cell in found:
            text = words(cell, way)
            if way in ("email", "web"):
                key = escape(text.lower())
            else:
                key = _KEY if value_key(text) else ""
            if key:
                ways.append((way, text, key))
        return ways
