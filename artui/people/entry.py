"""Entering a customer or vendor: what is wrong is said field by field, then everything is made at once."""

from __future__ import annotations

import re
import zoneinfo
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Literal

from artui import money, text
from artui.errors import BadInput
from artui.faults import Fault, no_card
from artui.people.phones import value_key
from artui.people.records import Change, Saved, save
from artui.session import Session

_MAIL = re.compile(r"[^@\s]{1,64}@[^@\s.]+(\.[^@\s.]+)+").fullmatch
_WEB = re.compile(r"(https?://)?[^\s/.]+(\.[^\s/.]+)+(/\S*)?").fullmatch


@dataclass(frozen=True)
class NewAccount:
    """A customer or vendor as it is typed; empty means not given. `parent` is an account number of the head of the group."""

    kind: Literal["customer", "vendor"]
    number: str
    name: str
    person: bool = False
    legal_name: str = ""
    tax_id: str = ""
    registration_no: str = ""
    country: str = ""
    language: str = ""
    timezone: str = ""
    currency: str = ""
    terms: str = ""
    collector: str = ""
    credit_limit: Decimal | None = None
    opened_on: date | None = None
    parent: str = ""
    note: str = ""
    street: str = ""
    city: str = ""
    region: str = ""
    postcode: str = ""
    phone: str = ""
    mobile: str = ""
    fax: str = ""
    email: str = ""
    web: str = ""
    contact: str = ""
    contact_title: str = ""
    contact_purpose: str = "general"
    contact_phone: str = ""
    contact_email: str = ""
    iban: str = ""


def faults(session: Session, new: NewAccount) -> tuple[Fault, ...]:
    """Return everything wrong with a new account, in the order of its fields; empty when it can be created."""
    found = [*_shape(new), *_checks(new), *_against_books(session, new)]
    return tuple(found)


def _shape(new: NewAccount) -> list[Fault]:
    found = []
    if not new.number.strip():
        found.append(Fault("number", "There is no number.", "Give one, or take the proposed one."))
    elif len(new.number) > 60:
        found.append(Fault("number", "A number has at most 60 characters."))
    if not new.name.strip():
        found.append(Fault("name", "There is no name.", "Write it as on their letterhead."))
    for name, value in vars(new).items():
        if not isinstance(value, str):
            continue
        if len(value) > (4000 if name in ("note", "street") else 500):
            found.append(Fault(name, "This is too long.", "Shorten it."))
        if name in ("note", "name", "legal_name", "street", "contact", "contact_title"):
            found += no_card(name, value)
    return found


def _checks(new: NewAccount) -> list[Fault]:
    found = []
    if new.country and not (len(new.country) == 2 and new.country.isalpha() and new.country.isupper()):
        found.append(Fault("country", f"{new.country} is not a country.", "Give its two capital letters, such as CZ."))
    if new.language and not re.fullmatch(r"[a-z]{2,3}", new.language):
        found.append(Fault("language", f"{new.language} is not a language.", "Give its two small letters, such as cs."))
    if new.timezone and new.timezone not in zoneinfo.available_timezones():
        found.append(Fault("timezone", f"{new.timezone} is not a time zone.", "Write it as Europe/Prague."))
    if new.currency and not money.is_currency(new.currency):
        found.append(Fault("currency", f"{new.currency} is not a currency.", "Use an ISO 4217 code such as EUR."))
    if new.credit_limit is not None and new.credit_limit < 0:
        found.append(Fault("credit_limit", "A limit is not negative.", "Leave it empty for none."))
    for name in ("phone", "mobile", "fax", "contact_phone"):
        value = getattr(new, name)
        if value and len(value_key(value, new.country or None)) < 5:
            found.append(Fault(name, f"{value} is not a telephone number.", "Write it as +420 601 234 567."))
    for name in ("email", "contact_email"):
        if getattr(new, name) and not _MAIL(getattr(new, name)):
            found.append(Fault(name, f"{getattr(new, name)} is not an e-mail address.", "It has one @ and a domain."))
    if new.web and not _WEB(new.web):
        found.append(Fault("web", f"{new.web} is not a web address.", "Write it as www.example.com."))
    return [*found, *check_tax_id(new.tax_id, new.country), *check_iban(new.iban)]


def check_tax_id(tax_id: str, country: str) -> list[Fault]:
    """Doubt a tax id whose check digits are wrong for its country; formats change, so it may be kept."""
    from stdnum import get_cc_module

    if not tax_id or not country:
        return []
    module = get_cc_module(country, "vat")
    if module is None or module.is_valid(tax_id):
        return []
    return [Fault("tax_id", f"{tax_id} is not a tax id of {country}: its check digits are wrong.", "Read it again; keep it only when you have it in writing.", doubt=True)]


def check_iban(iban: str) -> list[Fault]:
    """Refuse a bank account number whose check digits are wrong."""
    from stdnum import iban as number

    if not iban or number.is_valid(iban):
        return []
    return [Fault("iban", f"{iban} is not an IBAN: its check digits or its length are wrong.", "Read it again from their invoice.")]


def _against_books(session: Session, new: NewAccount) -> list[Fault]:
    taken, terms, parent, staff = session.query(
        """SELECT EXISTS (SELECT 1 FROM account WHERE kind = %(kind)s AND number = %(number)s), %(terms)s = '' OR EXISTS (SELECT 1 FROM terms WHERE code = %(terms)s),
             %(parent)s = '' OR EXISTS (SELECT 1 FROM account WHERE kind = %(kind)s AND number = %(parent)s),
             %(collector)s = '' OR EXISTS (SELECT 1 FROM staff WHERE login::text = %(collector)s AND disabled_at IS NULL)""",
        vars(new),
    )[0]
    found = []
    if taken:
        found.append(Fault("number", f"There is already a {new.kind} numbered {new.number}.", "Use another number, or open that one."))
    if not terms:
        found.append(Fault("terms", f"There are no terms {new.terms}.", "F4 lists them."))
    if not parent:
        found.append(Fault("parent", f"There is no {new.kind} numbered {new.parent}.", "Name the head of the group by its number."))
    if not staff:
        found.append(Fault("collector", f"Nobody here has the login {new.collector}.", "F4 lists who works here."))
    return found


def create(session: Session, key: str, new: NewAccount) -> Saved:
    """Make a customer or vendor with everything typed, once for the key. Raises BadInput naming the first field that is wrong."""
    for fault in faults(session, new):
        # sent again, the number is taken by ourselves: the vault answers by the key
        if not fault.doubt and not (fault.field == "number" and session.query("SELECT api.posted(%s::uuid)", (key,))[0][0]):
            raise BadInput(f"{fault.field.replace('_', ' ').capitalize()}: {fault.message}", fault.hint)
    return save(session, key, changes(session, new))


def changes(session: Session, new: NewAccount) -> list[Change]:
    """Return the records a new account consists of."""
    currency = new.currency or session.currency
    party: dict[str, Any] = {"kind": "person" if new.person else "company", "name": text.clean(new.name)}
    party.update({name: text.clean(getattr(new, name)) for name in ("legal_name", "tax_id", "registration_no", "country", "language", "timezone") if getattr(new, name).strip()})
    if new.note.strip():
        party["note"] = text.clean_block(new.note)
    if new.parent:
        party["parent_id"] = session.query(
            "SELECT coalesce(p.parent_id, p.id) FROM account a JOIN party p ON p.id = a.party_id WHERE a.kind = %s AND a.number = %s", (new.kind, new.parent)
        )[0][0]
    account: dict[str, Any] = {
        "kind": new.kind, "number": text.clean(new.number), "party_id": {"ref": "party"}, "currency": currency,
        "opened_on": (new.opened_on or session.today).isoformat(),
    }  # fmt: skip
    account.update({name: getattr(new, name) for name in ("terms", "collector") if getattr(new, name)})
    if new.credit_limit is not None:
        account["credit_limit"] = money.to_minor(new.credit_limit, currency)
    made = [Change("party", party, ref="party"), Change("account", account)]
    if any((new.street, new.city, new.region, new.postcode)):
        address = {"party_id": {"ref": "party"}, "type": "bill", "lines": text.clean_block(new.street), "city": text.clean(new.city)}
        address.update({name: text.clean(getattr(new, name)) for name in ("region", "postcode", "country") if getattr(new, name)})
        made.append(Change("address", address))
    made += [point(name, getattr(new, name), new.country) for name in ("phone", "mobile", "fax", "email", "web") if getattr(new, name).strip()]
    if new.contact.strip():
        made.append(Change("contact", {"party_id": {"ref": "party"}, "name": text.clean(new.contact), "purpose": new.contact_purpose,
                                       **({"title": text.clean(new.contact_title)} if new.contact_title else {})}, ref="contact"))  # fmt: skip
        made += [
            point(type_, value, new.country, contact={"ref": "contact"})
            for type_, value in (("phone", new.contact_phone), ("email", new.contact_email))
            if value.strip()
        ]
    if new.iban.strip():
        made.append(Change("party_bank", {"party_id": {"ref": "party"}, "iban": text.clean(new.iban).upper()}))
    return made


def point(type_: str, value: str, country: str, *, party: object = None, contact: object = None) -> Change:
    """Return the new record of a way to reach somebody, with the key lookups compare."""
    shown = text.clean(value)
    key = value_key(shown, country or None) if type_ in ("phone", "mobile", "fax") else shown.lower()
    values: dict[str, Any] = {"party_id": party or {"ref": "party"}, "type": type_, "value": shown, "value_key": key}
    return Change("contact_point", values | ({"contact_id": contact} if contact is not None else {}))
