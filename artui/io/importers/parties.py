"""Customers and vendors: one record, one account with its party, address, contact and numbers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from artui.io.importers.chunk import Chunk, Plain
from artui.io.importers.columns import Columns
from artui.io.importers.due import terms_code
from artui.io.importers.outcome import Finding, RowFault
from artui.io.importers.places import country_code, is_timezone, language_code
from artui.io.importers.seen import Seen
from artui.io.importers.values import NULL, Amounts, block, currency, days, escape, optional, words
from artui.people.phones import value_key
from artui.session import Session
from artui.text import clean, fold

_COLUMNS: Final = (
    "row", "kind", "number", "name", "legal_name", "tax_id", "registration_no", "language", "country", "timezone", "parent_number", "currency", "terms",
    "credit_limit", "collector", "note", "opened_on", "address", "city", "region", "postcode", "contact", "contact_title", "phone", "phone_key", "mobile",
    "mobile_key", "fax", "fax_key", "email", "web",
)  # fmt: skip
_AS_THEY_ARE: Final = ("city", "region", "postcode", "contact", "contact_title")
_MOST_ORPHANS: Final = 100_000


class Parties(Plain):
    """Stage accounts of one side. `staff` are logins and folded names to logins."""

    def __init__(
        self,
        columns: Columns,
        side: str,
        currency_code: str,
        order: Any,
        amounts: Amounts,
        terms: Mapping[str, Any],
        staff: Mapping[str, str],
    ) -> None:
        self.columns = columns
        self._side = side
        self._default = currency_code
        self._amounts = amounts
        self._day = days(order)
        self._codes = {code.casefold(): code for code in terms}
        self._rules = {code.casefold(): rule for code, rule in terms.items()}
        self._staff = staff
        self._seen = Seen()
        self._orphans: dict[int, tuple[str, str]] = {}
        self.tables: dict[str, tuple[str, ...]] = {"party": _COLUMNS}
        self.call = f"api.load_parties(%s::uuid, '{side}', %s)"
        self.fields: dict[str, str] = {}
        self._place = {field: columns.place(field) for field in (*_COLUMNS[2:], "parent")}

    def read(self, line: int, cells: list[str], chunk: Chunk) -> None:
        """Stage one account. Raises RowFault; what is only unknown is left out with a warning."""
        place = self._place

        def cell(field: str) -> str:
            return cells[place[field]]

        number = words(cell("number"), "number", 60)
        if not number:
            raise RowFault("number", "", "There is no number.")
        name = optional(cell("name"), "name")
        code = currency(cell("currency")) if cell("currency") else ""
        country = self._known(
            line, cell("country"), "country", country_code(cell("country")), "is no country known here", chunk
        )
        limit = (
            str(self._amounts.minor(cell("credit_limit"), "credit_limit", code or self._default))
            if cell("credit_limit")
            else NULL
        )
        row = [
            str(line), self._side, escape(number), name, optional(cell("legal_name"), "legal_name"), optional(cell("tax_id"), "tax_id"),
            optional(cell("registration_no"), "registration_no"),
            self._known(line, cell("language"), "language", language_code(cell("language")), "is no language known here", chunk), country,
            self._timezone(line, cell("timezone"), chunk), optional(cell("parent"), "parent"), code or NULL, self._terms(cell("terms")), limit,
            self._collector(line, cell("collector"), chunk), block(cell("note"), "note"),
            self._day(cell("opened_on"), "opened_on") if cell("opened_on") else NULL, block(cell("address"), "address"),
            *(optional(cell(field), field) for field in _AS_THEY_ARE),
        ]  # fmt: skip
        for field in ("phone", "mobile", "fax"):
            row += self._phone(line, cell(field), field, None if country == NULL else country, chunk)
        row += [optional(cell("email"), "email"), optional(cell("web"), "web")]
        if self._seen.add(number):
            raise RowFault(
                "number", number, f"{number} appears more than once in the file; the first row counts."
            )
        chunk.rows["party"].append("\t".join(row))

    def _known(self, line: int, shown: str, field: str, code: str | None, problem: str, chunk: Chunk) -> str:
        if code or not clean(shown):
            return code or NULL
        chunk.warn(line, field, shown, f"{clean(shown)} {problem}; left out.")
        return NULL

    def _timezone(self, line: int, shown: str, chunk: Chunk) -> str:
        name = clean(shown)
        return self._known(
            line, shown, "timezone", name if name and is_timezone(name) else None, "is no time zone", chunk
        )

    def _terms(self, shown: str) -> str:
        told = clean(shown)
        if not told:
            return NULL
        code = terms_code(told, self._rules)
        if code is None:
            raise RowFault("terms", shown, f"There are no terms {told}; artui terms list shows them.")
        return escape(self._codes[code])

    def _collector(self, line: int, shown: str, chunk: Chunk) -> str:
        return self._known(
            line, shown, "collector", self._staff.get(fold(clean(shown))), "is not on the staff list", chunk
        )

    def _phone(self, line: int, shown: str, field: str, country: str | None, chunk: Chunk) -> tuple[str, str]:
        if not shown or (text := words(shown, field)) == "":
            return NULL, NULL
        key = value_key(text, country)
        if not key:
            chunk.warn(line, field, shown, f"{text} has no digits; left out.")
            return NULL, NULL
        return escape(text), key

    def after(self, session: Session, chunk: Chunk, answer: dict[str, Any]) -> None:
        """Remember whose parent was not there yet: it may stand further down in the file."""
        for line in answer.get("orphans", ()):
            if len(self._orphans) < _MOST_ORPHANS and line in chunk.records:
                cells = chunk.records[line]
                self._orphans[line] = clean(cells[self._place["number"]]), clean(cells[self._place["parent"]])

    def last(self) -> Chunk | None:
        """Give the rows whose parent was missing once more."""
        if not self._orphans:
            return None
        empty = [NULL] * len(_COLUMNS)
        rows = []
        for line, (number, parent) in self._orphans.items():
            row = [*empty]
            row[0], row[1], row[2], row[_COLUMNS.index("parent_number")] = (
                str(line),
                self._side,
                escape(number),
                escape(parent),
            )
            rows.append("\t".join(row))
        told, self._orphans = self._orphans, {}
        chunk = Chunk({"party": rows})
        chunk.records = {line: self._record(number, parent) for line, (number, parent) in told.items()}
        return chunk

    def _record(self, number: str, parent: str) -> list[str]:
        cells = [""] * (len(self.columns.names) + 1)
        cells[self._place["number"]], cells[self._place["parent"]] = number, parent
        return cells

    def rest(self) -> list[Finding]:
        """Give the parents that were nowhere."""
        return [
            Finding(
                line,
                self.columns.name("parent"),
                parent,
                f"There is no {self._side} {parent}; {number} stands alone.",
            )
            for line, (number, parent) in self._orphans.items()
        ]
