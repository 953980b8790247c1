"""A new customer or vendor: one form, what is wrong said field by field, who may be the same beside it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, ClassVar, Literal, cast

from textual.app import ComposeResult
from textual.widgets import Input

from artui import money
from artui.drafts import Draft
from artui.ledger.posting import posted
from artui.people import entry
from artui.people.entry import NewAccount
from artui.people.records import next_number
from artui.session import Session
from screens.base import Page
from screens.commands import FILLING, Back, Command, Go, Help, New, Suspected, Who
from screens.drafting import Drafting, Unfinished, being_typed, lost_and_found, unfinished
from screens.people.card import CardPage
from screens.progress import Progress
from screens.records.faults import refuse
from screens.records.picks import (
    NUMBER_LEFT,
    collector_field,
    country_field,
    iban_field,
    parent_field,
    some,
    tax_field,
    terms_field,
)
from screens.records.suspects import Suspecting
from screens.widgets.field import MoneyField, ReadField, TextField
from screens.widgets.form import Form, FormPage

Kind = Literal["customer", "vendor"]
PERSON = (("c", "company"), ("p", "person"))
_WORDS = frozenset(each.name for each in fields(NewAccount) if each.type == "str")


@dataclass(frozen=True)
class Begun:
    """What a new account begins with: the next free number, and one left unfinished."""

    number: str
    left: Unfinished


def begin(session: Session, kind: str, fresh: bool, beside: frozenset[str] = frozenset()) -> Begun:
    """Return the next number and, unless a fresh one is wanted, what was left unfinished."""
    return Begun(next_number(session, kind), Unfinished() if fresh else unfinished(session, NewAccountPage.KIND, kind, beside))


async def new_account(page: Page, kind: Kind, typed: str = "") -> None:
    """Open the form with what was typed; without any, as it was left."""
    session = page.program.session
    if session is not None:
        session.need(kind)
    begun = await page.program.gateway.read(begin, kind, bool(typed), being_typed(page))
    if begun.left.done is not None:
        page.say(lost_and_found(begun.left.done))
        return
    await page.app.push_screen(NewAccountPage(kind, {"number": begun.number, **first_texts(typed)}, begun.left.draft))


async def resume(page: Page, draft: Draft) -> None:
    """Go on with one that was left."""
    await page.app.push_screen(NewAccountPage(draft.body["about"], {}, draft))


def first_texts(typed: str) -> dict[str, str]:
    """Tell what was typed into the lookup: a telephone, an e-mail, a number, else a name."""
    digits = sum(letter.isdigit() for letter in typed)
    if "@" in typed:
        return {"email": typed}
    if typed and digits >= 7 and digits >= len(typed.replace(" ", "")) - 4:
        return {"phone": typed}
    if typed and digits and " " not in typed.strip():
        return {"number": typed}
    return {"name": typed} if typed else {}


def block(text: str) -> str:
    """Read lines written in one row: " / " begins a new one."""
    return "\n".join(each.strip() for each in text.split(" / "))


def unblocked(text: str) -> str:
    """Write several lines in one row."""
    return " / ".join(text.splitlines())


class BlockField(ReadField[str]):
    """Several lines in one row."""

    BETWEEN = " / "

    def __init__(self, name: str, label: str, *, longest: int = 4000, help: str = "") -> None:  # noqa: A002
        super().__init__(name, label, block, unblocked, longest=longest, help=f"{help} ' / ' begins a new line.")


class NewAccountPage(Drafting, Suspecting, FormPage, inherit_bindings=False):
    """Somebody new."""

    DEFAULT_CSS = "NewAccountPage #suspects { height: 1fr; }"
    KIND = "account"
    OFFERED: ClassVar[tuple[type[Command], ...]] = (Help, Who, Back, Go, *FILLING, Suspected, New)

    def __init__(self, kind: Kind, first: Mapping[str, str], draft: Draft | None = None) -> None:
        self._kind: Kind = kind
        self._parents: dict[str, int] = {}
        super().__init__(self._make())
        self._first = first
        self._doubted: set[tuple[str, str]] = set()
        self.keep(self.form, draft, kind)

    def _make(self) -> Form:
        left = NUMBER_LEFT
        return Form(
            TextField("name", "Name", needed=True, help="As on their letterhead."),
            [TextField("number", "Number", room=left, needed=True, help="How the account is known; the next free one is proposed."),
             ReadField("currency", "Currency", str.upper, longest=3, help="Three letters; empty: the company's own.")],
            [TextField("legal_name", "Legal name", room=left), some("person", "Is a", PERSON, help="A company or a person.")],
            [country_field(room=left), TextField("timezone", "Time zone", help="As Europe/Prague; empty: told from country and number.")],
            [tax_field(self._country, room=left), TextField("registration_no", "Reg. no")],
            [terms_field(lambda: self, room=left), collector_field(lambda: self)],
            [parent_field(lambda: self, self._kind, self._parents, room=left), MoneyField("credit_limit", "Limit", "", help="How much they may owe; empty: no limit.")],
            BlockField("street", "Street", longest=500, help="Street and house."),
            [TextField("postcode", "Postcode", room=left), TextField("city", "City")],
            [TextField("phone", "Phone", room=left, help="The office; the country makes it complete."), TextField("mobile", "Mobile")],
            [TextField("email", "E-mail", room=left, help="Of the company: where invoices and statements go."), TextField("web", "Web")],
            [TextField("contact", "Contact", room=left, help="Whom one speaks to."), TextField("contact_title", "Title")],
            [TextField("contact_phone", "Their phone", room=left), TextField("contact_email", "Their e-mail", help="Of the contact.")],
            iban_field(),
            BlockField("note", "Note", help="What one should know. No card numbers."),
        )  # fmt: skip

    @property
    def title_text(self) -> str:
        """Say whose."""
        return f"New {self._kind}"

    def _country(self) -> str:
        return self.form.field("country").value.strip().upper() if hasattr(self, "form") else ""

    def content(self) -> ComposeResult:
        """Lay out the form and who may be the same."""
        yield self.form
        yield from self.suspects_sheet()

    def on_mount(self) -> None:
        """Put in what is known."""
        self._limit_in("")
        for name, text in self._first.items():
            self.form.field(name).fill(text, as_first=True)
        if self._first.keys() - {"number"}:
            self.suspect_soon()

    def _limit_in(self, typed: str) -> None:
        """Let the limit be in the currency of the account: the one typed, else the company's."""
        code = typed.strip().upper()
        limit = cast("MoneyField", self.form.field("credit_limit"))
        limit.in_currency(code if money.is_currency(code) else self.own_currency)
        limit.empty = limit.currency
        limit.refresh()

    async def on_input_changed(self, event: Input.Changed) -> None:
        """Let the limit follow the currency."""
        if event.input is self.form.field("currency"):
            self._limit_in(event.value)

    def draft_subject(self) -> str:
        """Name it in the list of drafts."""
        return f"New {self._kind} {self.form.field('name').value}".strip()

    def typed_account(self) -> NewAccount:
        """Return who is typed so far."""
        texts = {name: text.strip() for name, text in self.form.texts().items()}
        known: dict[str, Any] = {name: texts[name] for name in _WORDS & texts.keys()}
        known |= {name: block(texts[name]) for name in ("street", "note")}
        return NewAccount(**{**known, "kind": self._kind, "person": texts["person"] == "p", "credit_limit": self.form.field("credit_limit").answer})

    def why_not(self, command: type[Command]) -> str:
        """Looking needs somebody to look at."""
        return self.suspected_why_not() if command is Suspected else super().why_not(command)

    async def finish(self, answers: dict[str, Any]) -> None:
        """Say the first thing that is wrong, or make it; what is only doubted F10 keeps the second time."""
        new = self.typed_account()

        async def work(progress: Progress) -> str:
            if refuse(self, await self.program.gateway.read(entry.faults, new), self._doubted):
                return ""
            await self.keeping.send(entry.create, posted, self.keeping.key, new)
            card = CardPage(new.kind, new.number)
            card.say(f"{new.kind.capitalize()} {new.number} is saved.")
            self.app.call_later(self.app.switch_screen, card)
            return ""

        self.long_work("Saving", work)

    async def do_new(self) -> None:
        """Begin another one; this one is found among the drafts."""
        await self.keeping.flush()
        begun = await self.program.gateway.read(begin, self._kind, True)
        self.app.call_later(self.app.switch_screen, NewAccountPage(self._kind, {"number": begun.number}))
