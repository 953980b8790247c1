"""The panel of a correction: a few fields, below them what it does, F10 posts it."""

from __future__ import annotations

import uuid
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, cast

from textual.timer import Timer
from textual.widgets import Input

from artui.drafts import (
    Draft,
    Shelf,
    discard,
    drafts,
    save_draft,
    settle,
    take_back,
    take_over,
    this_terminal,
)
from artui.errors import ArtuiError, Unreachable
from artui.ledger.corrections import Effects, effects
from artui.ledger.posting import Answer, post
from artui.session import Session
from screens.ledger.correction import Correction
from screens.ledger.effects import either, happened
from screens.ledger.effects_panel import EffectsPanel
from screens.ledger.subject import Subject
from screens.progress import Progress
from screens.safe import Line, amount, line, part
from screens.widgets.act import carried
from screens.widgets.form import Form

if TYPE_CHECKING:
    from screens.ledger.correcting import Correcting

KEEP = 0.3
"""Seconds after a change at which the draft is written."""
KIND = "correction"


@dataclass(frozen=True)
class Begun:
    """What is known when a correction is opened: the first texts, one left unfinished, or what became of it meanwhile."""

    texts: Mapping[str, str]
    draft: Draft | None = None
    done: Answer | None = None


def begin(session: Session, correction: Correction, subject: Subject) -> Begun:
    """Return what stands in the fields at first, and what was typed before and not posted."""
    take_back(session, Shelf(session.config, session.dsn))
    first = correction.first(session, subject)
    name = subject.number or subject.account
    for draft in drafts(session):
        if draft.kind == KIND and (draft.body.get("what"), draft.body.get("of")) == (correction.word, name):
            answer = settle(session, draft.key)
            if answer is not None:
                return Begun(first, done=answer)
            return Begun(first, draft if draft.terminal == this_terminal() else take_over(session, draft))
    return Begun(first)


def look(session: Session, correction: Correction, key: str, subject: Subject, answers: Mapping[str, Any]) -> tuple[dict[str, Any], Effects]:
    """Return the document a correction makes and what it would do."""
    document = correction.build(session, key, subject, answers)
    return document, effects(session, document)


def send(session: Session, draft: Draft, document: Mapping[str, Any]) -> Answer:
    """Post the document; its draft with the key is on the server before."""
    save_draft(session, draft)
    return post(session, document)


class CorrectionPanel(EffectsPanel):
    """Fields and effects of one correction."""

    def __init__(self, correction: Correction, subject: Subject, begun: Begun, page: Correcting) -> None:
        super().__init__(Form(*correction.fields(subject, page)))
        self._correction, self._subject, self._begun = correction, subject, begun
        self._sent_as = begun.draft.key if begun.draft is not None else str(uuid.uuid4())
        self._document: Mapping[str, Any] = {}
        self._timer: Timer | None = None
        self._kept = begun.draft is not None

    def on_mount(self) -> None:
        """Fill in what is proposed or was typed before, and show what it does."""
        for name, text in self._begun.texts.items():
            self.form.field(name).fill(text, as_first=True)
        if self._begun.draft is not None:
            for name, text in self._begun.draft.body.get("texts", {}).items():
                if name in self.form.texts():
                    self.form.field(name).fill(str(text))
            self.page.say("As you left it: it was not posted.")
        super().on_mount()

    def heading(self, width: int) -> Sequence[Line]:
        """Name the correction and what it is about."""
        subject = self._subject
        owed = f"   {subject.currency} {amount(subject.amount, subject.currency)}" if subject.number else ""
        return [line(part(f" {self._correction.title} {subject.words}", "strong"), part(owed))]

    async def work_out(self, answers: Mapping[str, Any]) -> Effects:
        """Make the document and look at what it does."""
        self._document, shown = await self.page.program.gateway.read(look, self._correction, self._sent_as, self._subject, answers)
        return shown

    async def on_input_changed(self, event: Input.Changed) -> None:
        """Work the effects out again, and keep what is typed."""
        await super().on_input_changed(event)
        if self.form.here is event.input and self._timer is None:
            self._timer = self.set_timer(KEEP, self._keep_soon)

    # keeping it

    def _draft(self) -> Draft:
        name = self._subject.number or self._subject.account
        body = {"what": self._correction.word, "of": name, "account": self._subject.account, "texts": self.form.texts()}
        return Draft(KIND, body, f"{self._correction.title} {name}", self._sent_as)

    def _keep_soon(self) -> None:
        self._timer = None
        if self.form.changed:
            work: Callable[[], Awaitable[None]] = partial(self._keep, self._draft())
            self.page.run_worker(work, group="draft", description="draft", exit_on_error=False)

    async def _keep(self, draft: Draft) -> None:
        program = self.page.program
        try:
            await program.gateway.write(save_draft, draft)
            self._kept = True
        except Unreachable:
            session = cast("Session", program.session)
            Shelf(session.config, session.dsn).keep(draft)
        except ArtuiError as error:
            self.page.fail(error)

    async def do_close(self) -> None:
        """Close the choices, or the panel; what is given up is no draft any more."""
        if self.form.choosing or not self.page.may_leave():
            if self.form.choosing:
                await super().do_close()
            return
        if self._timer is not None:
            self._timer.stop()
        if self._kept:
            await self.page.program.gateway.write(discard, self._sent_as)
        await self.page.close_panel()

    # sending it

    async def finish(self, answers: dict[str, Any]) -> None:
        """Post what is shown; its draft is written with it."""
        await super().finish(answers)
        if self.effects is not None and self._timer is not None:
            self._timer.stop()
            self._timer = None

    async def send(self, progress: Progress) -> str:
        """Post it, a lost answer asked for by its key."""
        page, shown = cast("Correcting", self.page), cast("Effects", self.effects)
        gateway = page.program.gateway
        answer = await carried(gateway.write(send, self._draft(), self._document), partial(gateway.read, settle, self._sent_as))
        await page.close_panel()
        page.corrected()
        return told(answer, shown)


def told(answer: Answer, shown: Effects) -> str:
    """Say what became of it."""
    if answer.status == "waiting" or answer.approval is not None:
        return f"Approval {answer.approval} waits: {either(shown.deciders)} may decide."
    return f"Posted{f' {answer.document}' if answer.document else ''}.{happened(shown)}"
