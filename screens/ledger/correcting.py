"""A screen with documents on it: every correction from where the cursor stands."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Coroutine, Mapping
from functools import partial
from typing import Any

from artui.cash.charges import waive_posted
from artui.ledger.posting import key_for, posted
from screens.base import Page
from screens.commands import CORRECTING, Command
from screens.drafting import being_typed, lost_and_found
from screens.ledger.correction import CORRECTIONS
from screens.ledger.correction_panel import CorrectionPanel, begin
from screens.ledger.subject import RIGHTS, Subject, why_not
from screens.safe import amount
from screens.widgets.act import ActPanel, carried
from screens.widgets.field import TextField
from screens.widgets.form import Form


class Correcting(Page, inherit_bindings=False):
    """Offer CORRECTING on a screen that knows the `subject` under its cursor."""

    def subject(self) -> Subject | None:
        """Return the document the cursor stands on."""
        return None

    async def subject_for(self, command: type[Command]) -> Subject | None:
        """Return the document a correction is about, when that is not the one under the cursor."""
        return self.subject()

    def slid(self) -> bool:
        """Tell, once, that the row under the cursor went and the cursor came to another one by itself."""
        return False

    def _not_that_one(self, subject: Subject) -> bool:
        """Say once which document a letter would act on that was not chosen; the same key once more acts on it."""
        if subject != self.subject() or not self.slid():
            return False
        self.say(f"The cursor slid to {subject.words}: the same key again acts on it.", "mark")
        return True

    def corrected(self) -> None:
        """Show the books as they are after a correction."""
        raise NotImplementedError

    def correction_why_not(self, command: type[Command]) -> str:
        """Say why a correction is of no use here: the right, the document, its state."""
        if refused := self.may_not(RIGHTS[command]):
            return refused
        subject = self.subject()
        return why_not(command, subject) if subject is not None else "Put the cursor on a document."

    async def correct(self, command: type[Command]) -> None:
        """Open the panel of a correction, as it was left if it was left."""
        subject = await self.subject_for(command)
        if subject is not None and not self._not_that_one(subject):
            await self.correct_this(command, subject)

    async def correct_this(self, command: type[Command], subject: Subject) -> None:
        """Open the panel of a correction of a document, or of an account in credit."""
        reason = why_not(command, subject)
        if reason:
            self.say(reason)
            return
        correction = CORRECTIONS[command]
        begun = await self.program.gateway.read(begin, correction, subject, being_typed(self))
        if begun.left.done is not None:
            self.corrected()
            self.say(lost_and_found(begun.left.done))
            return
        await self.open_panel(CorrectionPanel(correction, subject, begun, self))

    def waive_why_not(self) -> str:
        """Say why nothing can be waived here."""
        subject = self.subject()
        if subject is None or subject.kind != "charge":
            return "Only a charge is waived."
        if subject.reversed:
            return f"{subject.number} is reversed."
        return self.may_not("waive_charge")

    async def do_waive(self) -> None:
        """Ask why; F10 gives the charge up for good."""
        subject, run = self.subject(), str(uuid.uuid4())
        if subject is None or self._not_that_one(subject):
            return
        number, gateway = subject.number, self.program.gateway
        reason = TextField("reason", "Reason", needed=True, help="Why it is given up: it stays with the account.")

        async def act(answers: Mapping[str, Any]) -> str:
            key = key_for(run, answers["reason"])
            answer = await carried(gateway.write(waive_posted, key, number, answers["reason"]), partial(gateway.read, posted, key))
            return f"{number} is waived{f' by {answer.document}' if answer.document else ''}: its days are not charged again."

        asks = "F10 reverses it; what paid it is unapplied again, its days are not charged again."
        await self.open_panel(ActPanel(f"Waive charge {number}   {subject.currency} {amount(subject.amount, subject.currency)}", Form(reason), act, asks=asks))


def _doer(command: type[Command]) -> Callable[[Correcting], Coroutine[Any, Any, None]]:
    async def do(self: Correcting) -> None:
        await self.correct(command)

    do.__doc__ = command.help()
    return do


for _command in CORRECTING:
    setattr(Correcting, f"do_{_command.word()}", _doer(_command))
