"""Matching: the entries of a statement above, what the one under the cursor may be below; options typed before rows decide them."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any, ClassVar, cast

from artui.cash.statements import choices
from artui.cash.statements.choices import Known
from artui.cash.statements.decisions import Decision
from artui.cash.statements.matching import Decided, decide
from artui.cash.statements.reading import EntryRow, StatementRow
from artui.errors import ArtuiError, BadInput, Refused
from artui.ledger.items import document
from artui.ledger.posting import posted
from screens.bank.asking import WORK, AskPanel, begin
from screens.bank.asking import why_not as asked_why_not
from screens.bank.entries import Entries, certain
from screens.bank.entry_lines import account_words, entry_lines
from screens.bank.marks import WAITING, Marks
from screens.bank.plans import NUMBERS, OPTIONS, REASONED, Plan, in_words, plan, plan_lines
from screens.commands import (
    LISTING,
    SIDEWAYS,
    All,
    Back,
    Certain,
    Clear,
    Command,
    Go,
    Help,
    Link,
    Open,
    Reread,
    Returned,
    Split,
    Who,
    Whose,
)
from screens.drafting import LEFT, being_typed, lost_and_found
from screens.layout import flow
from screens.ledger.document import DocumentPage
from screens.ledger.effects import effect_lines, happened
from screens.live import Watch
from screens.progress import Progress
from screens.safe import Line, amount, day, line, part
from screens.widgets.act import ActPanel, carried
from screens.widgets.field import TextField
from screens.widgets.form import Form
from screens.widgets.list import ListSheet
from screens.widgets.listing import ListPage
from screens.widgets.rows import Ask
from screens.widgets.seen import SeenPanel

PAUSE = 0.05
"""Seconds the cursor rests on an entry before it is looked into."""


class MatchPage(ListPage[EntryRow], inherit_bindings=False):
    """The entries of one statement, or all that wait."""

    OFFERED: ClassVar[tuple[type[Command], ...]] = (Help, Who, Clear, Back, Reread, Go, Open, All, Certain, Whose, Split, Returned, Link, *LISTING, *SIDEWAYS)
    OPTIONS: ClassVar[Mapping[str, str]] = {**OPTIONS, **dict.fromkeys(NUMBERS, "")}

    def __init__(self, of: StatementRow | None = None, at: EntryRow | None = None, ask: type[Command] | None = None) -> None:
        self._of, self._at, self._goes_on = of, at, ask
        waiting = of is None or of.open > 0 if at is None else at.state in ("open", "parked")
        super().__init__(Entries(of.id if of else None, waiting=waiting))
        self._known: dict[int, Known] = {}
        self._marks = Marks(self, str(of.id) if of else WAITING, self.title_text)

    async def on_mount(self) -> None:
        """Go on with what was typed and not booked, beside the screen: without the server it can be left."""
        self.begin_with(self._find_what_was_left)

    async def _find_what_was_left(self) -> None:
        await self._marks.find()
        if self._marks.plans:
            self.rows.options.update({ident: each.option for ident, each in self._marks.plans.items()})
            self.rows.repaint()
            self.say(LEFT)
        if self._goes_on is not None:
            await self._ask(self._goes_on)

    async def on_unmount(self) -> None:
        """Keep the last letters when the program is told to end."""
        await self._marks.flush()

    @property
    def title_text(self) -> str:
        """Name the statement; one that does not tie says so."""
        if self._of is None:
            return "Bank entries that wait"
        tie = "  DOES NOT TIE" if self._of.ties is False else ""
        return f"Match {account_words(self._of.account)}{f' no. {self._of.number}' if self._of.number else ''}{tie}"

    def list_head(self, width: int) -> Sequence[Line]:
        """Say which options there are."""
        told = [f"{letter}={word}" for letter, word in OPTIONS.items()]
        return flow([line(part(each, "off")) for each in ("Type options, Enter runs them:", "1-9=that choice", *told)], width, between=" ", margin="   ")

    def about(self, width: int) -> list[Line]:
        """Show what the entry under the cursor may be, always on as many lines: nothing moves."""
        if not self.is_mounted or self.panel is not None:
            return []
        room, row = max(7, min(16, self.app.size.height // 3)), self.rows.row
        lines = entry_lines(row, self._known.get(row.id), width, room) if row is not None else []
        if len(lines) > room:
            lines = [*lines[: room - 1], line(part("   … Enter shows all of it", "off"))]
        return [*lines, *[line()] * (room - len(lines))]

    def nothing(self) -> str:
        """Say that all is decided."""
        return "Nothing waits here: F8 shows all entries." if self.is_mounted and self.rows.empty else ""

    def status(self) -> str:
        """Say where the cursor is and what is typed."""
        if self._marks.plans and self.panel is None:
            return f"Typed: {in_words(tuple(self._marks.plans.values()))}. Enter shows what it does, Esc takes it away."
        only = "; only what waits, F8 shows all" if self.is_mounted and self.rows.row is not None and cast("Entries", self.rows.source).waiting else ""
        return f"{super().status()}{only}"

    def watches(self) -> Watch:
        """Entries, whoever decides them."""
        return Watch(areas=frozenset({"bank_entry", "bank_statement"}))

    def why_not(self, command: type[Command]) -> str:
        """Deciding needs the right."""
        if command in (Certain, *WORK) and (refused := self.may_not("bank_entry")):
            return refused
        if command in WORK:
            return asked_why_not(command, self.rows.row)
        return super().why_not(command)

    # what an entry may be

    def fetch(self, ask: Ask[EntryRow]) -> None:
        """Read rows; when others decide some, what is held is read again."""
        super().fetch(ask)
        self.live.reading(self._read_again)

    async def _read_again(self) -> None:
        self.rows.reread()

    def _take(self, ask: Ask[EntryRow], answer: tuple[Sequence[EntryRow], int | None]) -> None:
        if ask.after is None and ask.before is None:
            self._known.clear()
        super()._take(ask, answer)
        at, self._at = self._at, None
        if at is not None:
            self.rows.go_to(at)
        self._look()

    def on_list_sheet_moved(self, event: ListSheet.Moved) -> None:
        """Look into another entry."""
        self._look()

    def panel_closed(self) -> None:
        """Look into the entry that meanwhile came under the cursor."""
        self._look()

    def _look(self) -> None:
        row = self.rows.row
        if row is not None and self.panel is None and self._unknown(row):
            self.look_up(partial(self._find, row), PAUSE)

    def _unknown(self, row: EntryRow) -> bool:
        return row.id not in self._known and row.state in ("open", "parked")

    async def _find(self, row: EntryRow) -> None:
        try:
            self._known[row.id] = await self.program.gateway.read(choices.choices, row.id)
        except ArtuiError:
            self._known[row.id] = Known(row, ())  # keys that wait for it go on
            raise
        self.refresh_foot()

    async def _knows(self, row: EntryRow) -> Known:
        if self._unknown(row):
            await self._find(row)
        return self._known.get(row.id) or Known(row, ())

    # deciding

    def action_option(self, letter: str) -> None:
        """Take an option typed before a row, once it is known what the entry may be."""
        row = self.rows.row
        if self.rows.lacks(0) or (row is not None and self._unknown(row)):
            self.program.ahead.hold(self)
            self._look()
            return
        if row is not None and letter.strip():
            known = self._known.get(row.id) or Known(row, ())
            try:
                self._marks.put(plan(known, letter))
            except BadInput as refusal:
                self.fail(refusal)
                return
        elif row is not None:
            self._marks.take_back(row.id)
        self.say("")
        super().action_option(letter)

    async def do_clear(self) -> None:
        """Take typed options away first."""
        if self._marks.plans:
            await self._marks.take_away(list(self._marks.plans))
        await super().do_clear()

    def do_all(self) -> None:
        """Show all entries, or only those that wait."""
        source = cast("Entries", self.rows.source)
        self.rows.begin(Entries(source.statement, waiting=not source.waiting))

    async def do_open(self) -> None:
        """Show what the typed options do; without any, all of the entry, or what it was booked as."""
        if self._marks.plans:
            await self._review(tuple(self._marks.plans.values()), self._marks.run)
        elif self.rows.row is not None:
            await self.open_row(self.rows.row)

    async def open_row(self, row: EntryRow) -> None:
        """Show everything about an entry, or the document it stands for."""
        if row.documents and row.state == "booked":
            found = await self.program.gateway.read(document, row.documents[0])
            await self.app.push_screen(DocumentPage(found.id))
            return
        known = await self._knows(row)
        await self.open_panel(SeenPanel(f"{day(row.booked_on).strip()}  {row.currency} {amount(row.amount, row.currency)}", lambda width: entry_lines(row, known, width)))

    async def do_whose(self) -> None:
        """Ask whose it is."""
        await self._ask(Whose)

    async def do_split(self) -> None:
        """Ask who has how much of it."""
        await self._ask(Split)

    async def do_returned(self) -> None:
        """Ask what it returns."""
        await self._ask(Returned)

    async def do_link(self) -> None:
        """Ask what it stands for."""
        await self._ask(Link)

    async def _ask(self, command: type[Command]) -> None:
        known = await self._knows(cast("EntryRow", self.rows.row))
        reason = asked_why_not(command, known.row)
        if reason:
            self.say(reason)
            return
        begun = await self.program.gateway.read(begin, command, known, being_typed(self))
        if begun.left.done is not None:
            self.do_reread()
            self.say(lost_and_found(begun.left.done))
            return
        await self.open_panel(AskPanel(command, known.row, begun, self))

    def do_certain(self) -> None:
        """Look into every entry, then show those that are certain."""
        statement = self._of.id if self._of else None

        async def work(progress: Progress) -> str:
            found = await self.long(progress, certain, statement)
            if not found:
                return "No entry is certain enough to be taken without a look."
            await self._review(found, str(uuid.uuid4()))
            return ""

        self.long_work("Looking into entries", work)

    async def _review(self, plans: Sequence[Plan], run: str) -> None:
        """Show what decisions do before they are carried out, under keys made of `run`."""
        self.need("bank_entry")
        reasoned = any(each.option in REASONED for each in plans)
        only = plans[0] if len(plans) == 1 else None
        effect = await self.program.gateway.read(choices.effects, only.row.id, only.decision) if only is not None and only.option not in REASONED else None
        told = happened(effect) if effect is not None else ""

        def draw(width: int) -> Sequence[Line]:
            return [*plan_lines(plans, width), *(effect_lines(effect, width) if effect is not None else ())]

        title, act, asks = f"Decide {in_words(plans)}", partial(self._carry_out, plans, run, told), "F10 books it." if only else f"F10 books these {len(plans)}."
        if reasoned:
            reason = TextField("reason", "Reason", needed=True, help="Why it is left out, or opened again; it stays with the entry.")
            await self.open_panel(ActPanel(title, Form(reason), act, draw, doing="Booking", asks=asks))
        else:
            await self.open_panel(SeenPanel(title, draw, act, doing="Booking", asks=asks))

    async def _carry_out(self, plans: Sequence[Plan], run: str, told: str, answers: Mapping[str, Any]) -> str:
        progress, reason = cast("Progress", self._job), answers.get("reason") or ""
        done: list[Decided] = []
        faster: list[str] = []
        refused: list[str] = []
        settled: list[int] = []
        for place, each in enumerate(plans):
            if progress.stopped:
                break
            progress.at(place + 1, len(plans))
            try:
                done.append(await self.settle(each.key(run, reason), each.row.id, each.with_reason(reason)))
            except Refused as refusal:
                (faster if refusal.code == "AR009" else refused).append(refusal.message if refusal.code == "AR009" else str(refusal))
                if refusal.code != "AR009":
                    continue
            settled.append(each.row.id)
            self.rows.options.pop(each.row.id, None)
        if self._marks.plans.keys() & set(settled):
            await self._marks.take_away(settled)
        return _told(done, faster, refused, len(plans), told)

    async def settle(self, key: str, ident: int, decision: Decision) -> Decided:
        """Carry a decision out once; a lost answer is asked for by its key."""
        gateway = self.program.gateway

        async def ask() -> Decided | None:
            answer = await gateway.read(posted, key)
            return None if answer is None else Decided("exists", answer.document, "")

        return await carried(gateway.write(decide, key, ident, decision), ask)


def _told(done: Sequence[Decided], faster: Sequence[str], refused: Sequence[str], of: int, told: str) -> str:
    """Say what became of decisions; that a colleague was faster is no error."""
    documents = [each.document for each in done if each.document]
    named = f": {', '.join(documents[:3])}{f' and {len(documents) - 3} more' if len(documents) > 3 else ''}" if documents else ""
    words = [f"{len(done)} decided{named}.{told}"] if done else ["Nothing was booked."]
    if faster:
        words.append(f"{len(faster)} a colleague had decided meanwhile: {faster[0]}" if len(faster) > 1 else f"A colleague was faster: {faster[0]}")
    if refused:
        words.append(f"{len(refused)} refused, still typed: {refused[0]}")
    left = of - len(done) - len(faster) - len(refused)
    return " ".join([*words, f"{left} not begun." if left else ""]).strip()
