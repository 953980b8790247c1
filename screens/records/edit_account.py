"""Change what is kept of a customer or vendor: names, ids, terms, group, hold, note."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar, Literal, cast

from textual.app import ComposeResult

from artui import money
from artui.drafts import Draft
from artui.people import entry
from artui.people.choices import Head, head_of
from artui.people.entry import NewAccount
from artui.people.records import Record, file_of
from artui.session import Session
from screens.base import Page
from screens.commands import Command, Suspected
from screens.drafting import Unfinished, being_typed, lost_and_found, unfinished
from screens.records.editing import Bound, EditPage, Sheet
from screens.records.faults import refuse
from screens.records.new_account import PERSON, BlockField
from screens.records.picks import (
    NUMBER_LEFT,
    collector_field,
    country_field,
    parent_field,
    some,
    tax_field,
    terms_field,
)
from screens.records.suspects import Suspecting
from screens.widgets.field import MoneyField, TextField
from screens.widgets.pick import Choice

STATES = tuple((state, state.replace("_", " ")) for state in ("active", "prospect", "watch", "collections", "pre_legal", "legal", "agency", "closed"))
HOLD = (("n", "no"), ("y", "yes, on hold"))


@dataclass(frozen=True)
class Opened:
    """What stands behind the form: the records, the head of the group, and what was left unfinished."""

    records: dict[str, Record]
    head: Head | None
    left: Unfinished


def begin(session: Session, kind: str, number: str, draft: Draft | None, beside: frozenset[str]) -> Opened:
    """Return the records of an account for editing, with a draft of it that was left unless one is given."""
    left = Unfinished(draft) if draft is not None else unfinished(session, EditPage.KIND, f"{kind} {number}", beside)
    party, account, *_ = file_of(session, kind, number)
    parent = party.values["parent_id"]
    return Opened({"party": party, "account": account}, head_of(session, parent, kind) if parent else None, left)


async def edit_account(page: Page, kind: str, number: str, currency: str, done: Callable[[str], None], draft: Draft | None = None) -> None:
    """Open the form of an account, as it was left if it was left."""
    opened = await page.program.gateway.read(begin, kind, number, draft, being_typed(page))
    if opened.left.done is not None:
        done(lost_and_found(opened.left.done))
        return
    await page.app.push_screen(AccountPage(kind, number, currency, opened, done))


async def resume(page: Page, draft: Draft) -> None:
    """Go on with one that was left."""
    kind, _, number = draft.body["about"].partition(" ")
    currency = page.own_currency

    def done(told: str) -> None:
        page.say(told)

    await edit_account(page, kind, number, currency, done, draft)


class AccountPage(Suspecting, EditPage, inherit_bindings=False):
    """The facts of one account."""

    DEFAULT_CSS = "AccountPage #suspects { height: 1fr; }"
    OFFERED: ClassVar[tuple[type[Command], ...]] = (*EditPage.OFFERED, Suspected)

    def __init__(self, kind: str, number: str, currency: str, opened: Opened, done: Callable[[str], None]) -> None:
        self._kind, self._number, self._currency = cast("Literal['customer', 'vendor']", kind), number, currency
        self._parents: dict[str, int] = {}
        self._heads: dict[int, Choice] = {}
        if opened.head is not None:
            self._parents[opened.head.number] = opened.head.party_id
            self._heads[opened.head.party_id] = Choice(opened.head.number, opened.head.name)
        self._doubted: set[tuple[str, str]] = set()
        super().__init__(Sheet(f"Facts of {kind} {number}", f"{kind} {number}", self._rows(), opened.records), done, opened.left.draft)

    def _rows(self) -> list[Bound | list[Bound]]:
        left = NUMBER_LEFT
        one = _pick
        limit = MoneyField("credit_limit", "Limit", self._currency, help="How much they may owe; empty: no limit.")
        return [
            Bound(TextField("name", "Name", needed=True, help="As on their letterhead."), "party", "name"),
            [Bound(TextField("legal_name", "Legal name", room=left), "party", "legal_name"),
             Bound(some("person", "Is a", PERSON), "party", "kind", lambda choice: choice.words, lambda value: Choice(value[0], value))],
            [one(country_field(room=left), "party", "country"), Bound(TextField("timezone", "Time zone"), "party", "timezone")],
            [Bound(tax_field(self._country, room=left), "party", "tax_id"), Bound(TextField("registration_no", "Reg. no"), "party", "registration_no")],
            [one(terms_field(lambda: self, room=left), "account", "terms"), one(collector_field(lambda: self), "account", "collector")],
            [Bound(parent_field(lambda: self, self._kind, self._parents, room=left), "party", "parent_id", lambda choice: self._parents.get(choice.code), self._head),
             Bound(limit, "account", "credit_limit", lambda value: money.to_minor(value, self._currency), lambda value: money.from_minor(value, self._currency))],
            [Bound(some("status", "Status", STATES, room=left, needed=True), "account", "status", lambda choice: choice.code, lambda value: Choice(value, value.replace("_", " "))),
             Bound(TextField("language", "Language", help="Its two small letters, such as cs."), "party", "language")],
            [Bound(some("hold", "Hold", HOLD, room=left, help="On hold nothing more is sold."), "account", "hold", lambda choice: choice.code == "y", lambda value: Choice(*HOLD[1]), empty=False),
             Bound(TextField("hold_reason", "Why", help="Why it is on hold: whoever calls reads it."), "account", "hold_reason")],
            Bound(BlockField("note", "Note", help="What one should know. No card numbers."), "party", "note"),
        ]  # fmt: skip

    def _country(self) -> str:
        return self.form.field("country").value.strip().upper() if hasattr(self, "form") else ""

    def _head(self, party: int) -> Choice:
        found = [number for number, of in self._parents.items() if of == party]
        return self._heads.get(party) or Choice(found[0] if found else f"party {party}")

    def content(self) -> ComposeResult:
        """Lay out the form and who may be the same."""
        yield self.form
        yield from self.suspects_sheet()

    @property
    def but(self) -> int | None:
        """The party edited is no duplicate of itself."""
        return int(self.sheet.records["party"].id)

    def typed_account(self) -> NewAccount:
        """Return what is typed so far; the rest of an account stays as it is."""
        texts = {name: text.strip() for name, text in self.form.texts().items()}
        known: dict[str, Any] = {name: texts[name] for name in ("name", "legal_name", "tax_id", "registration_no", "country", "language", "timezone", "terms", "collector")}
        return NewAccount(self._kind, "", note=texts["note"], credit_limit=self.form.field("credit_limit").answer, **known)

    def why_not(self, command: type[Command]) -> str:
        """Looking needs somebody to look at."""
        return self.suspected_why_not() if command is Suspected else super().why_not(command)

    async def refused(self) -> bool:
        """Say what is wrong field by field."""
        found = await self.program.gateway.read(entry.faults, self.typed_account())
        return refuse(self, tuple(fault for fault in found if fault.field != "number"), self._doubted)


def _pick(field: Any, table: str, column: str) -> Bound:
    return Bound(field, table, column, lambda choice: choice.code, lambda value: Choice(str(value)))
