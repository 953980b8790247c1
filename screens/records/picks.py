"""Fields that look up as one types: terms, people here, countries, groups, accounts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from artui.errors import BadInput
from artui.people import choices
from artui.people.entry import check_iban, check_tax_id
from screens.base import Page
from screens.widgets.field import Field, ReadField
from screens.widgets.pick import Choice, PickField

Ask = Callable[[], Page]
"""Gives the screen whose books are asked: a field is made before its screen is."""
NUMBER_LEFT = 44
"""Cells of the left field where two stand side by side."""


def chosen(offers: Sequence[choices.Offer]) -> list[Choice]:
    """Give offers of the books as choices."""
    return [Choice(offer.code, offer.words) for offer in offers]


class FewField(PickField):
    """A code out of a list that is read from the books once: terms, people."""

    def __init__(self, name: str, label: str, page: Ask, job: Any, *, room: int = 0, help: str = "") -> None:  # noqa: A002
        async def every(typed: str) -> Sequence[Choice]:
            found = chosen(await page().program.gateway.read(job))
            for choice in found:
                self.know(choice)
            self._all = tuple(found)
            return self.fitting(typed)

        super().__init__(name, label, every, room=room, help=help)

    async def look(self, text: str) -> Sequence[Choice]:
        """Return those that fit."""
        return await self._find(text) if self._find is not None else ()


def terms_field(page: Ask, *, room: int = 0) -> PickField:
    """Payment terms."""
    return FewField("terms", "Terms", page, choices.terms, room=room, help="When it is due: a code of the books. Empty: due on its date.")


def collector_field(page: Ask, *, room: int = 0) -> PickField:
    """Who looks after the account."""
    return FewField("collector", "Collector", page, choices.staff, room=room, help="Who calls them: a login.")


def country_field(*, room: int = 0) -> PickField:
    """A country by its two letters or its name."""
    return PickField("country", "Country", chosen(choices.countries()), room=room, help="Two letters, or type its name.")


async def accounts_for(page: Page, typed: str, kind: str) -> list[Choice]:
    """Find the accounts of a kind a text means: number, name, phone, document, anything the lookup takes."""
    return chosen(await page.program.gateway.read(choices.accounts, typed, kind))


def account_field(
    name: str, label: str, page: Ask, kind: str, *, but: str = "", room: int = 0, needed: bool = False, help: str = "A name, a number, a phone, a document: whatever is known of them."  # noqa: A002
) -> PickField:
    """An account by anything one knows of it; any `but` the one of that number."""

    async def look(typed: str) -> Sequence[Choice]:
        return [choice for choice in await accounts_for(page(), typed, kind) if choice.code != but]

    return PickField(name, label, look, room=room, needed=needed, help=help)


def parent_field(page: Ask, kind: str, ids: dict[str, int], *, room: int = 0) -> PickField:
    """The head of the group; `ids` learns which party stands behind each number."""

    async def look(typed: str) -> Sequence[Choice]:
        found = await page().program.gateway.read(choices.heads, typed, kind)
        ids.update({head.number: head.party_id for head in found})
        return [Choice(head.number, head.name) for head in found]

    return PickField("parent", "Group of", look, room=room, help="The head of the group they belong to; empty: none.")


def some(name: str, label: str, of: Sequence[tuple[str, str]], *, room: int = 0, needed: bool = False, help: str = "") -> PickField:  # noqa: A002
    """A word out of a few."""
    return PickField(name, label, [Choice(code, words) for code, words in of], room=room, needed=needed, help=help)


YES = Choice("yes")
NO = Choice("no")


def yes_field(name: str, label: str, *, room: int = 0, needed: bool = False, help: str = "") -> PickField:  # noqa: A002
    """Yes or no; a letter is enough."""
    return PickField(name, label, (YES, NO), room=room, needed=needed, auto=True, help=help)


def said_yes(answer: Choice | None) -> bool:
    """Tell whether yes was said; an empty field says no."""
    return answer == YES


def iban_field(name: str = "iban", *, room: int = 0, needed: bool = False) -> Field[str]:
    """An IBAN: its check digits are told as soon as it is left."""
    return _Checked(name, "IBAN", _iban, lambda _: "check digits right", room=room, needed=needed, help="Their bank account; its check digits are checked.")


def tax_field(country: Callable[[], str], *, room: int = 0) -> Field[str]:
    """A tax id: its check digits are told when the country is known; formats change, so a wrong one is a doubt."""

    def told(value: str) -> str:
        of = country()
        if not of:
            return ""
        return "check digits WRONG" if check_tax_id(value, of) else f"as {of} writes them"

    return _Checked("tax_id", "Tax id", str.strip, told, room=room, help="VAT number; checked by the rules of its country.")


def _iban(typed: str) -> str:
    value = "".join(typed.split()).upper()
    for fault in check_iban(value):
        raise BadInput(fault.message, fault.hint)
    return " ".join(value[place : place + 4] for place in range(0, len(value), 4))


class _Checked(ReadField[str]):
    """A text that says what its check digits are."""

    def __init__(self, name: str, label: str, read: Callable[[str], str], told: Callable[[str], str], *, room: int = 0, needed: bool = False, help: str = "") -> None:  # noqa: A002
        super().__init__(name, label, read, room=room, needed=needed, help=help)
        self._say = told

    def say_back(self, answer: str) -> str:
        """Say it."""
        return self._say(answer)
