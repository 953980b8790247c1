"""What hangs on an account: people, how they are reached, addresses, bank accounts; new, changed, marked as bad."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from artui.drafts import Draft
from artui.faults import Fault
from artui.people import records
from artui.people.entry import NewAccount, faults, point
from artui.people.records import Change, Record, file_of
from screens.base import Page
from screens.commands import Close, PickDown, PickUp, Take
from screens.drafting import Unfinished, find_left, lost_and_found
from screens.panel import Panel
from screens.records.editing import Bound, EditPage, Sheet
from screens.records.faults import refuse
from screens.records.new_account import BlockField
from screens.records.picks import NUMBER_LEFT, YES, country_field, iban_field, said_yes, some, yes_field
from screens.safe import part
from screens.sheet import Drawn, Row
from screens.sheet import Sheet as Lines
from screens.widgets.act import carried
from screens.widgets.field import TextField
from screens.widgets.pick import Choice, PickField

PURPOSES = (("general", "anything"), ("collections", "what is owed"), ("ap", "who pays"), ("dispute", "what is disputed"), ("orders", "orders"), ("legal", "legal"))
REACHED = (("phone", "telephone"), ("mobile", "mobile"), ("fax", "fax"), ("email", "e-mail"), ("web", "web address"))
POST = (("bill", "for invoices"), ("ship", "for goods"), ("legal", "registered"), ("mail", "for letters"))
KINDS: Mapping[str, tuple[str, str]] = {
    "contact": ("Person", "somebody one speaks to"), "contact_point": ("Number", "a telephone, fax, e-mail or web address, of the office or of a person"),
    "address": ("Address", "where letters or goods go"), "party_bank": ("Bank account", "an IBAN, for refunds and matching"),
}  # fmt: skip
"""What can be new, by table."""


def part_sheet(table: str, title: str, about: str, rows: Sequence[Record], record: Record | None, country: str, person: Any = None) -> Sheet:
    """Return what is edited of one part; `rows` are all of the account, `person` whose a new number is."""
    party = next(each for each in rows if each.table == "party")
    people = [Choice(each.id, each.values["name"]) for each in rows if each.table == "contact"]
    found: Mapping[str, Record] = {} if record is None else {table: record}
    first: dict[str, Any] = {"contact": {"purpose": "general"}, "contact_point": {"type": "phone", "contact_id": person}, "address": {"type": "bill", "country": country}, "party_bank": {}}[table]
    return Sheet(title, about, _ROWS[table](people), found, {"party_id": int(party.id)}, first, partial(_with_key, record, country))


def _person(people: Sequence[Choice]) -> list[Bound | Sequence[Bound]]:
    return [
        Bound(TextField("name", "Name", needed=True, help="Whom one speaks to."), "contact", "name"),
        Bound(TextField("title", "Title", help="What they do there."), "contact", "title"),
        _picked(some("purpose", "For", PURPOSES, needed=True, help="What one asks them about."), "contact", "purpose"),
    ]


def _point(people: Sequence[Choice]) -> list[Bound | Sequence[Bound]]:
    whose = PickField("contact_id", "Of", [*people], help="Whose it is; empty: the office's.")
    return [
        _picked(some("type", "Kind", REACHED, needed=True), "contact_point", "type"),
        Bound(TextField("value", "Number", needed=True, help="The number with its country, or the address."), "contact_point", "value"),
        Bound(whose, "contact_point", "contact_id", lambda choice: int(choice.code), lambda value: next((each for each in people if each.code == str(value)), Choice(str(value)))),
        [_flag("preferred", "First", room=NUMBER_LEFT, help="Tried before the others."), _flag("bad", "Bad", help="It does not reach them.")],
        Bound(TextField("timezone", "Time zone", help="As Europe/Prague; empty: told from the number."), "contact_point", "timezone"),
    ]


def _address(people: Sequence[Choice]) -> list[Bound | Sequence[Bound]]:
    return [
        _picked(some("type", "For", POST, needed=True), "address", "type"),
        Bound(BlockField("street", "Street", help="Street and house."), "address", "lines", empty=""),
        [Bound(TextField("postcode", "Postcode", room=NUMBER_LEFT), "address", "postcode"), Bound(TextField("city", "City"), "address", "city", empty="")],
        [Bound(TextField("region", "Region", room=NUMBER_LEFT), "address", "region"), _picked(country_field(), "address", "country")],
    ]


def _bank(people: Sequence[Choice]) -> list[Bound | Sequence[Bound]]:
    return [
        Bound(iban_field(needed=True), "party_bank", "iban"),
        [Bound(TextField("bic", "BIC", room=NUMBER_LEFT), "party_bank", "bic"), Bound(TextField("holder", "Holder", help="In whose name it is."), "party_bank", "holder")],
    ]


_ROWS: Mapping[str, Callable[[Sequence[Choice]], list[Bound | Sequence[Bound]]]] = {"contact": _person, "contact_point": _point, "address": _address, "party_bank": _bank}


def _picked(field: PickField, table: str, column: str) -> Bound:
    def typed(value: Any) -> Choice:
        return next((each for each in field.fitting(str(value)) if each.code == value), Choice(str(value)))

    return Bound(field, table, column, lambda choice: choice.code, typed)


def _flag(name: str, label: str, *, room: int = 0, help: str) -> Bound:  # noqa: A002
    return Bound(yes_field(name, label, room=room, help=help), "contact_point", name, said_yes, lambda value: YES, empty=False)


def _with_key(record: Record | None, country: str, table: str, values: dict[str, Any]) -> dict[str, Any]:
    """Add the key lookups compare to what a number is changed to."""
    if table != "contact_point" or not {"value", "type"} & values.keys():
        return values
    was = record.values if record is not None else {}
    made = point(str(values.get("type", was.get("type"))), str(values.get("value", was.get("value", ""))), country, party=0).values
    return {**values, "value": made["value"], "value_key": made["value_key"]}


class PartPage(EditPage, inherit_bindings=False):
    """One person, number, address or bank account."""

    DEFAULT_CSS = "PartPage > Form { height: 1fr; }"

    def __init__(self, table: str, country: str, sheet: Sheet, done: Callable[[str], None], draft: Draft | None = None) -> None:
        self._table, self._country = table, country
        super().__init__(sheet, done, draft)

    async def refused(self) -> bool:
        """Say what is wrong with a number, an address or a name."""
        texts = {name: text.strip() for name, text in self.form.texts().items()}
        known: dict[str, Any] = {}
        if self._table == "contact_point":
            known = {texts["type"]: texts["value"]}
        elif self._table == "contact":
            known = {"contact": texts["name"], "contact_title": texts["title"]}
        elif self._table == "address":
            known = {"street": texts["street"], "country": texts["country"]}
        new = NewAccount("customer", "-", "-", **{"country": self._country, **known})
        back = {**dict.fromkeys(("phone", "mobile", "fax", "email", "web"), "value"), "contact": "name", "contact_title": "title"}
        found = [Fault(back.get(each.field, each.field), each.message, each.hint, each.doubt) for each in await self.program.gateway.read(faults, new) if each.field in (*known, "country")]
        return refuse(self, tuple(found), set())


async def open_part(
    page: Page, kind: str, number: str, country: str, table: str, record: Record | None, done: Callable[[str], None], person: Any = None, draft: Draft | None = None
) -> None:
    """Open the form of a part, as it was left if it was left; without a record, of a new one."""
    about = f"{kind} {number} {table} {record.id if record else 'new'}"
    left = Unfinished(draft) if draft is not None else await find_left(page, PartPage.KIND, about)
    if left.done is not None:
        done(lost_and_found(left.done))
        return
    rows = await page.program.gateway.read(file_of, kind, number)
    now = next((each for each in rows if record is not None and (each.table, each.id) == (record.table, record.id)), None)
    title = f"{KINDS[table][0]} of {kind} {number}" if record else f"New {KINDS[table][0].lower()} of {kind} {number}"
    await page.app.push_screen(PartPage(table, country, part_sheet(table, title, about, rows, now, country, person), done, left.draft))


async def resume(page: Page, draft: Draft) -> None:
    """Go on with one that was left."""
    kind, _, rest = draft.body["about"].partition(" ")
    number, table, ident = rest.rsplit(" ", 2)
    rows = await page.program.gateway.read(file_of, kind, number)
    record = next((each for each in rows if (each.table, each.id) == (table, ident)), None)
    country = next(each for each in rows if each.table == "party").values["country"] or ""

    def done(told: str) -> None:
        page.say(told)

    await open_part(page, kind, number, country, table, record, done, draft=draft)


async def mark_bad(page: Page, record: Record) -> str:
    """Mark a number as not reaching them any more, or as good again, and say so."""
    if refused := page.may_not("activity", "customer", "vendor"):
        return refused
    key, bad = str(uuid.uuid4()), not record.values["bad"]
    change = Change("contact_point", {"bad": bad}, record.id, record.version)
    gateway = page.program.gateway
    await carried(gateway.write(records.save, key, [change]), partial(gateway.read, records.save, key, [change]))    # again under its key: done once
    return f"{record.values['value']} {'does not reach them any more' if bad else 'reaches them again'}."


class WhatPanel(Panel):
    """Ask what is new: a person, a number, an address, a bank account."""

    DEFAULT_CSS = "WhatPanel Sheet { height: 4; }"
    TYPING = False
    OFFERED = (Take, PickUp, PickDown, Close)

    def __init__(self, then: Callable[[str], Any]) -> None:
        super().__init__()
        self._then = then

    def compose(self) -> Any:
        """Lay out the choices."""
        yield Lines(self._draw, ident="what")

    def _draw(self, width: int) -> Drawn:
        return Drawn(rows=[Row((part("   "), part(f"{name:14}", "strong"), part(about)), table) for table, (name, about) in KINDS.items()])

    def status(self) -> str:
        """Ask."""
        return "What is new? Enter begins it."

    def do_pickup(self) -> None:
        """One up."""
        self.query_one("#what", Lines).move(-1)

    def do_pickdown(self) -> None:
        """One down."""
        self.query_one("#what", Lines).move(1)

    async def do_take(self) -> None:
        """Begin the one with the mark."""
        table = str(self.query_one("#what", Lines).key)
        await self.page.close_panel()
        await self._then(table)
