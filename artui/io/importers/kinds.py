"""The kinds of file that can be imported: who may, which fields, which reader."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass
from typing import Any, Final

from artui import money
from artui.errors import BadInput, WrongUsage
from artui.io.importers import columns as matching
from artui.io.importers import fields
from artui.io.importers.chunk import Kind
from artui.io.importers.columns import Columns, Synonyms
from artui.io.importers.documents import Documents
from artui.io.importers.evidence import date_order, decimal_mark
from artui.io.importers.lines import Lines
from artui.io.importers.others import Contacts, Items
from artui.io.importers.outcome import Options
from artui.io.importers.parties import Parties
from artui.io.importers.reading import Table, open_table
from artui.io.importers.receipts import Receipts
from artui.io.importers.values import Amounts
from artui.session import Session
from artui.text import fold


@dataclass(frozen=True)
class _Plan:
    action: str
    fields: Synonyms
    needed: Sequence[str]
    days: Sequence[str] = ()
    amounts: Sequence[str] = ()


_PLANS: Final[Mapping[str, _Plan]] = {
    "customers": _Plan("customer", fields.CUSTOMERS, ("number",), ("opened_on",), ("credit_limit",)),
    "vendors": _Plan("vendor", fields.VENDORS, ("number",), ("opened_on",), ("credit_limit",)),
    "items": _Plan("item", fields.ITEMS, ("number",), (), ("unit_price",)),
    "invoices": _Plan(
        "invoice",
        fields.INVOICES,
        ("number", "customer", "date"),
        ("date", "posting_date", "due", "settled"),
        ("amount", "tax", "open_amount"),
    ),
    "receipts": _Plan("receipt", fields.RECEIPTS, ("date", "amount"), ("date",), ("amount",)),
    "purchases": _Plan(
        "purchase",
        fields.PURCHASES,
        ("number", "vendor", "date"),
        ("date", "posting_date", "due", "settled"),
        ("amount", "tax", "open_amount"),
    ),
    "contacts": _Plan("customer", fields.CONTACTS, ("account",)),
}
KINDS: Final = tuple(_PLANS)
_WITH_LINES: Final = ("invoices", "purchases")


def action(kind: str) -> str:
    """Give the action somebody needs the right to. Raises WrongUsage for a kind that cannot be imported."""
    if kind not in _PLANS:
        raise WrongUsage(f"{kind!r} cannot be imported.", f"Kinds: {', '.join(KINDS)}.")
    return _PLANS[kind].action


def reader(session: Session, kind: str, table: Table, options: Options, stack: ExitStack) -> Kind:
    """Make what stages the rows of this file. Raises BadInput when a needed column or the way it writes figures cannot be found."""
    plan = _PLANS[kind]
    found = matching.match(table.columns, options.columns, plan.fields, kind)
    needed = [*plan.needed, "amount"] if kind in _WITH_LINES and options.lines is None else plan.needed
    matching.need(found, needed, kind)
    if options.lines is not None and kind not in _WITH_LINES:
        raise BadInput(f"There are no lines for {kind}.", "Leave out --lines.")
    currency = options.currency or session.currency
    if not money.is_currency(currency):
        raise BadInput(f"{currency!r} is not the code of a currency.", "Use an ISO 4217 code such as EUR.")
    order = date_order(table, found, plan.days, options.date_order)
    amounts = Amounts(decimal_mark(table, found, plan.amounts, options.decimal))
    if kind in ("customers", "vendors"):
        return Parties(found, plan.action, currency, order, amounts, _terms(session), _staff(session))
    if kind in _WITH_LINES:
        side = "customer" if kind == "invoices" else "vendor"
        return Documents(found, side, currency, order, amounts, _terms(session), _lines(options, stack))
    if kind == "receipts":
        return Receipts(found, currency, order, amounts)
    return Items(found, amounts) if kind == "items" else Contacts(found)


def _lines(options: Options, stack: ExitStack) -> Lines | None:
    if options.lines is None:
        return None
    table = open_table(options.lines, options.encoding)
    found: Columns = matching.match(table.columns, options.line_columns, fields.LINES, "lines")
    matching.need(found, ("number", "unit_price"), "lines")
    mark = decimal_mark(
        table, found, ("quantity", "unit_price", "discount", "discount_percent"), options.decimal
    )
    return stack.enter_context(closing(Lines(table, found, Amounts(mark), options.rounding)))


def _terms(session: Session) -> dict[str, Any]:
    return dict(session.query("SELECT code, rule FROM ar.terms"))


def _staff(session: Session) -> dict[str, str]:
    found: dict[str, str] = {}
    for login, name in session.query(
        "SELECT login, full_name FROM ar.staff WHERE disabled_at IS NULL ORDER BY id DESC"
    ):
        found[fold(name)] = login
        found[fold(login)] = login
    return found
