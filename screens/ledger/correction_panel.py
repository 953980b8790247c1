"""The panel of a correction: a few fields, below them what it does, F10 posts it."""

from __future__ import annotations

import uuid
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar, cast

from textual.app import ComposeResult
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
from artui.errors import ArtuiError, BadInput, Unreachable
from artui.ledger.corrections import Effects, effects
from artui.ledger.posting import Answer, post
from artui.session import Session
from screens.commands import FILLING, Close, Command, PageDown, PageUp
from screens.layout import words
from screens.ledger.correction import Correction
from screens.ledger.effects import effect_lines, either, happened
from screens.ledger.subject import Subject
from screens.progress import Progress
from screens.safe import Line, amount, line, part
from screens.sheet import Drawn, Row, Sheet
from screens.widgets.act import ABOVE, carried
from screens.widgets.form import Form, FormPanel
from screens.widgets.pick import PickField

if TYPE_CHECKING:
    from screens.ledger.correcting import Correcting

PAUSE = 0.15
"""Seconds without a keystroke before the effects are worked out again."""
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


class CorrectionPanel(FormPanel):
    """Fields and effects of one correction."""

    DEFAULT_CSS = """
    CorrectionPanel > Sheet { height: 1; }
    """
    OFFERED: ClassVar[tuple[type[Command], ...]] = (*FILLING, PageUp, PageDown, Close)

    def __init__(self, correction: Correction, subject: Subject, begun: Begun, page: Correcting) -> None:
        super().__init__(Form(*correction.fields(subject, page)))
        self._correction, self._subject, self._begun = correction, subject, begun
        self._sent_as = begun.draft.key if begun.draft is not None else str(uuid.uuid4())
        self._seen: Mapping[str, Any] | None = None
        self._document: Mapping[str, Any] = {}
        self._effects: Effects | None = None
        self._trouble = ""
        self._timer: Timer | None = None
        self._kept = begun.draft is not None

    def compose(self) -> ComposeResult:
        """Lay out the title, the form and the effects."""
        yield Sheet(self._title, ident="correction")
        yield self.form
        yield Sheet(self._draw, ident="effects")

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
        self.page.look_up(self._look)

    # what it shows

    def _title(self, width: int) -> Drawn:
        subject = self._subject
        owed = f"   {subject.currency} {amount(subject.amount, subject.currency)}" if subject.number else ""
        return Drawn([line(part(f" {self._correction.title} {subject.words}", "strong"), part(owed))])

    def _lines(self, width: int) -> list[Line]:
        if self._effects is not None:
            return effect_lines(self._effects, width)
        return words(self._trouble or "Working out what it does …", width, margin="   ", look="wrong" if self._seen is not None and self._trouble else "off")

    def _draw(self, width: int) -> Drawn:
        return Drawn(rows=[Row(drawn) for drawn in self._lines(width)])

    def _show(self) -> None:
        if self.is_mounted:
            sheet = self.query_one("#effects", Sheet)
            size = self.page.size
            sheet.styles.height = max(min(len(self._lines(size.width)), size.height - ABOVE - len(self.form.fields) // 3), 3)
            sheet.show(self._draw)
            self.page.refresh_foot()

    def on_resize(self) -> None:
        """Draw for the new height."""
        self._show()

    def status(self) -> str:
        """Say what F10 will do."""
        if self._effects is None:
            return ""
        hidden = len(self._lines(self.page.size.width)) > self.query_one("#effects", Sheet).size.height
        asks = "F10 asks for approval" if self._effects.needs_approval else "F10 posts it"
        return f"{asks}; PgDn shows the rest." if hidden else f"{asks}."

    def do_pageup(self) -> None:
        """Show the effects further up."""
        self.query_one("#effects", Sheet).page(-1)

    def do_pagedown(self) -> None:
        """Show the effects further down."""
        self.query_one("#effects", Sheet).page(1)

    # working it out

    def _read(self) -> dict[str, Any]:
        """Read what stands in the fields without touching it; raises BadInput."""
        return {each.word: each.parse(text) if (text := each.value.strip()) else None for each in self.form.fields}

    async def _look(self) -> None:
        if not self.is_attached:
            return
        self._effects, self._seen = None, None
        try:
            missing = next((each for each in self.form.fields if each.needed and each.word != "why" and not each.value.strip()), None)
            if missing is not None:
                self._trouble = f"{missing.label}?"
            else:
                answers = self._read()
                self._seen = answers
                self._document, self._effects = await self.page.program.gateway.read(look, self._correction, self._sent_as, self._subject, answers)
                self._trouble = ""
        except ArtuiError as error:
            self._trouble = str(error)
        self._show()

    async def on_input_changed(self, event: Input.Changed) -> None:
        """Narrow choices, work the effects out again, and keep what is typed."""
        await super().on_input_changed(event)
        here = self.form.here
        if here is event.input and not (isinstance(here, PickField) and here.unread):
            self._look_again(PAUSE)
        if here is event.input and self._timer is None:
            self._timer = self.set_timer(KEEP, self._keep_soon)

    async def do_nextfield(self) -> None:
        """Go on; the effects follow what was read."""
        await super().do_nextfield()
        self._look_again()

    def do_previousfield(self) -> None:
        """Go back; the effects follow what was read."""
        super().do_previousfield()
        self._look_again()

    def _look_again(self, pause: float = 0) -> None:
        try:
            changed = self._read() != self._seen
        except BadInput:
            changed = True
        if changed:
            self.page.look_up(self._look, pause)

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
        """Post what is shown; what was typed since is shown first."""
        if answers != self._seen or self._effects is None:
            await self._look()
        if self._effects is None:
            self.page.say(self._trouble, "wrong")
            return
        if self._timer is not None:
            self._timer.stop()
            self._timer = None
        self.page.long_work("Posting", self._send)

    async def _send(self, progress: Progress) -> str:
        page, shown = cast("Correcting", self.page), cast("Effects", self._effects)
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
