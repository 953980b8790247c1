"""The panel of a correction: a few fields, below them what it does, F10 posts it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, cast

from artui.drafts import settle
from artui.ledger.corrections import Effects, effects
from artui.ledger.posting import Answer, post
from artui.session import Session
from screens.drafting import Drafting, Unfinished, unfinished
from screens.ledger.correction import Correction
from screens.ledger.effects import either, happened
from screens.ledger.effects_panel import EffectsPanel
from screens.ledger.subject import Subject
from screens.progress import Progress
from screens.safe import Line, amount, line, part
from screens.widgets.form import Form

if TYPE_CHECKING:
    from screens.ledger.correcting import Correcting

KIND = "correction"


@dataclass(frozen=True)
class Begun:
    """What is known when a correction is opened: the first texts, and what was left unfinished."""

    texts: Mapping[str, str]
    left: Unfinished


def begin(session: Session, correction: Correction, subject: Subject, beside: frozenset[str]) -> Begun:
    """Return what stands in the fields at first, and what was typed before and not posted."""
    return Begun(correction.first(session, subject), unfinished(session, KIND, about(correction, subject), beside))


def about(correction: Correction, subject: Subject) -> str:
    """Return what a draft is about: this correction of this document, or of the account."""
    return f"{correction.word} {subject.number or subject.account}"


def look(session: Session, correction: Correction, key: str, subject: Subject, answers: Mapping[str, Any]) -> tuple[dict[str, Any], Effects]:
    """Return the document a correction makes and what it would do."""
    document = correction.build(session, key, subject, answers)
    return document, effects(session, document)


class CorrectionPanel(Drafting, EffectsPanel):
    """Fields and effects of one correction."""

    KIND: ClassVar = KIND

    def __init__(self, correction: Correction, subject: Subject, begun: Begun, page: Correcting) -> None:
        super().__init__(Form(*correction.fields(subject, page)))
        self._correction, self._subject, self._first = correction, subject, begun.texts
        self._document: Mapping[str, Any] = {}
        self.keep(self.form, begun.left.draft, about(correction, subject))

    def draft_subject(self) -> str:
        """Name the correction and what it is about."""
        return f"{self._correction.title} {self._subject.number or self._subject.account}"

    def draft_body(self) -> dict[str, Any]:
        """Keep where it belongs, too."""
        subject = self._subject
        return {**super().draft_body(), "account": subject.account, "document": subject.number, "kind": subject.kind, "currency": subject.currency, "open": str(subject.open)}

    def on_mount(self) -> None:
        """Fill in what is proposed; what was typed before comes over it."""
        for name, text in self._first.items():
            self.form.field(name).fill(text, as_first=True)

    def heading(self, width: int) -> Sequence[Line]:
        """Name the correction and what it is about."""
        subject = self._subject
        owed = _amounts(subject) if subject.number else ""
        return [line(part(f" {self._correction.title} {subject.words}", "strong"), part(owed))]

    async def work_out(self, answers: Mapping[str, Any]) -> Effects:
        """Make the document and look at what it does."""
        self._document, shown = await self.page.program.gateway.read(look, self._correction, self.keeping.key, self._subject, answers)
        return shown

    # sending it

    async def send(self, progress: Progress) -> str:
        """Post it, a lost answer asked for by its key."""
        page, shown = cast("Correcting", self.page), cast("Effects", self.effects)
        answer = await self.keeping.send(post, settle, {**self._document, "id": self.keeping.key})
        await page.close_panel()
        page.corrected()
        return told(answer, shown)


def _amounts(subject: Subject) -> str:
    """Say what the document is over, and what of it is open: "   of USD 231.20, open 17.48"."""
    whole = amount(subject.amount, subject.currency)
    return f"   {subject.currency} {whole}" if subject.open == subject.amount else f"   of {subject.currency} {whole}, open {amount(subject.open, subject.currency)}"


def told(answer: Answer, shown: Effects) -> str:
    """Say what became of it."""
    if answer.status == "waiting" or answer.approval is not None:
        return f"Approval {answer.approval} waits: {either(shown.deciders)} may decide."
    return f"Posted{f' {answer.document}' if answer.document else ''}.{happened(shown)}"
