"""What is typed before entries of the bank and not booked yet: kept as it is typed, found again after whatever ended the program."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from artui.cash.statements.reading import entry
from artui.drafts import Draft
from artui.errors import ArtuiError
from artui.session import Session
from screens.bank.plans import Plan
from screens.drafting import Keeping, being_typed, unfinished

if TYPE_CHECKING:
    from screens.base import Page

KIND = "bank_match"
WAITING = "waiting"
"""What marks are about when they are not those of one statement."""


def left(session: Session, about: str, beside: frozenset[str]) -> tuple[Draft | None, tuple[Plan, ...]]:
    """Return the marks left on a statement, without those whose entry was decided meanwhile."""
    draft = unfinished(session, KIND, about, beside).draft
    plans = [_plan(session, each) for each in draft.body.get("plans", ())] if draft is not None else []
    return draft, tuple(each for each in plans if each is not None)


def _plan(session: Session, kept: Mapping[str, Any]) -> Plan | None:
    try:
        row = entry(session, int(kept["entry"]))
    except ArtuiError:
        return None
    return Plan(row, kept["option"], kept["words"], kept["decision"]) if row.state == kept["state"] else None


class Marks:
    """The decisions typed on one screen, by their entry."""

    def __init__(self, page: Page, about: str, subject: str) -> None:
        self.plans: dict[int, Plan] = {}
        self._page, self._about, self._subject = page, about, subject
        self._keeping = Keeping(page, KIND, self._what)

    @property
    def run(self) -> str:
        """What the keys of these decisions are made of: another one once they are booked."""
        return self._keeping.key

    def _what(self) -> tuple[str, Mapping[str, Any]]:
        kept = [{"entry": ident, "state": each.row.state, "option": each.option, "words": each.words, "decision": each.decision} for ident, each in self.plans.items()]
        return self._subject, {"about": self._about, "plans": kept}

    async def find(self) -> None:
        """Go on with what was left; what has been typed meanwhile stays."""
        draft, plans = await self._page.program.gateway.read(left, self._about, being_typed(self._page))
        if draft is None:
            return
        fresh, self._keeping = self._keeping, Keeping(self._page, KIND, self._what, draft)
        typed, self.plans = self.plans, {**{each.row.id: each for each in plans}, **self.plans}
        if typed:
            await fresh.discard()
            self._keeping.typed()

    def put(self, plan: Plan) -> None:
        """Type a decision."""
        self.plans[plan.row.id] = plan
        self._keeping.typed()

    def take_back(self, ident: int) -> None:
        """Take one decision back."""
        if self.plans.pop(ident, None) is None:
            return
        if self.plans:
            self._keeping.typed()
        else:
            self._page.run_worker(self.take_away(()), group="draft", description="draft", exit_on_error=False)

    async def take_away(self, idents: Iterable[int]) -> None:
        """Take decisions away: they were given up, or booked. What is typed next is sent under keys of its own."""
        for ident in idents:
            self.plans.pop(ident, None)
        await self._keeping.discard()
        self._keeping.start_over()
        if self.plans:
            self._keeping.typed()

    async def flush(self) -> None:
        """Keep the last letters: the program is told to end."""
        await self._keeping.flush()
