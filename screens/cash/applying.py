"""Marking what money pays: a grid of open items, options typed before rows, the keys that mark many at once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, ClassVar, cast

from textual.binding import Binding, BindingType

from artui.cash.entry import PayingAccount
from artui.cash.payable import Payable, Proposal
from artui.cash.worksheet import Several, Typed, Worksheet
from artui.ledger.items import document
from screens.cash.asking import CreditPanel, OptionPanel, with_rest
from screens.cash.grid import EXPLAINED, OPTIONS, account_lines, laid_out, options_line, proposal_lines, sums
from screens.commands import Combination, Command, Done, Oldest, OnAccount, Open, Proposed, Together
from screens.ledger.document import DocumentPage
from screens.safe import Line
from screens.widgets.listing import ListPage

MARKING = frozenset({Oldest, Combination, OnAccount, Proposed, Open, Together, Done})
"""What waits while the account is being read or a proposal is worked out."""
ASKED = frozenset({"P", "S"})
"""Options that always ask for something; C asks which credit where there are several."""


class Applying(ListPage[Payable], inherit_bindings=False):
    """A screen whose list is an apply grid."""

    OPTIONS: ClassVar[Mapping[str, str]] = OPTIONS

    def __init__(self) -> None:
        super().__init__(laid_out(None, None, cast("Any", None)))
        self.account: PayingAccount | None = None
        self.proposal: Proposal | None = None
        self.sheet: Worksheet | None = None
        self.by_hand = False
        """The clerk has marked something: no proposal is filled in over it."""
        self._answers: list[Sequence[int]] = []
        """The sets of items that add up to what remained, the one shown first."""

    @property
    def received(self) -> dt.date:
        """The day the money came."""
        return self.today

    def was_marked(self) -> None:
        """Note that the sheet has changed."""

    # what it shows

    def draw_again(self) -> None:
        """Draw the grid anew; the cursor stays on its row."""
        self.rows.source = laid_out(self.sheet, self.account, self.received)
        self.rows.count = None
        self.rows.reread()
        self.refresh_foot()

    def stand_on_document(self, typed: str) -> None:
        """Put the cursor on the item of a document, if that is open."""
        account = cast("PayingAccount", self.account)
        found = next((item.key for item in account.items if item.document.lower() == typed.lower()), None)
        if found is not None:
            self.rows.stand_on(found)

    def list_head(self, width: int) -> Sequence[Line]:
        """Say whose items these are and what can be typed before them."""
        return [*account_lines(self.account, width), options_line()]

    def list_foot(self, width: int) -> Sequence[Line]:
        """Say what remains."""
        return sums(self.sheet, width)

    def about(self, width: int) -> list[Line]:
        """Say what is proposed and what warns."""
        filled = self.proposal is not None and self.proposal.fills and not self.by_hand
        return proposal_lines(self.proposal, self.sheet, filled=filled, width=width)

    def examples(self) -> tuple[str, ...]:
        """Explain the options."""
        return EXPLAINED

    def nothing(self) -> str:
        """Say that nothing is open."""
        return "" if self.account is None else f"Nothing is open on {self.account.number}: what comes in stays on account (U)."

    def why_not(self, command: type[Command]) -> str:
        """Marking needs an account and an amount."""
        if command in (Oldest, Combination, OnAccount, Proposed):
            if self.sheet is None:
                return "Who paid, and how much?"
            if not self.sheet.amount:
                return "How much came in? Tab leads to the fields."
            if command is Proposed and (self.proposal is None or not (self.proposal.lines or self.proposal.choices)):
                return "Nothing is proposed."
        return "" if command is Open and self.rows.options else super().why_not(command)

    def not_yet(self, command: type[Command]) -> bool:
        """What marks or posts waits for the account and for what is proposed."""
        if self.reading and command in MARKING and not self._looking:
            return True
        return super().not_yet(command)

    # marking

    def more_bindings(self) -> list[BindingType]:
        """Options are typed as letters of either case."""
        if self.panel is not None or self._job is not None:
            return []
        keys = {"minus": "-", "space": " ", "Y": "X"}
        for letter in OPTIONS:
            if letter.isalpha():
                keys |= {letter: letter, letter.lower(): letter}
        return [Binding(key, f"option('{letter}')", show=False, priority=True) for key, letter in keys.items()]

    def action_option(self, letter: str) -> None:
        """Take an option typed before a row, once the row is there; a blank takes the row back."""
        if self.reading:
            self.program.ahead.hold(self)
            return
        row = self.rows.row
        if letter == " " and row is not None and row.key not in self.rows.options:
            self._change(lambda sheet: sheet.clear(row.key))
            self.rows.move(1)
            return
        self.rows.type_option(letter)
        self.refresh_foot()

    def _change(self, change: Callable[[Worksheet], Worksheet]) -> None:
        """Mark something by hand."""
        self._set(change(cast("Worksheet", self.sheet)))

    def _set(self, sheet: Worksheet) -> None:
        if sheet is not self.sheet:
            self.sheet, self.by_hand = sheet, True
            self.was_marked()
            self.draw_again()

    def do_oldest(self) -> None:
        """Pay the oldest first."""
        self._change(Worksheet.oldest)

    def do_onaccount(self) -> None:
        """Leave the rest on account."""
        self._change(Worksheet.leave_on_account)

    def do_proposed(self) -> None:
        """Take the proposal, or the next of its answers."""
        proposal = cast("Proposal", self.proposal)
        answers = [proposal, *proposal.choices] if proposal.lines else list(proposal.choices)
        places = [place for place, one in enumerate(answers) if self.sheet is not None and {line.item for line in one.lines} == set(self.sheet.marks)]
        self._change(lambda sheet: sheet.accept(answers[(places[0] + 1) % len(answers) if places else 0]))

    def do_combination(self) -> None:
        """Find what adds up to what remains; several sets are shown one after the other."""
        sheet = cast("Worksheet", self.sheet)
        if self._answers:
            taken, *rest = self._answers
            self._answers = [*rest, taken]
            self._set(sheet.clear_all().take(self._answers[0]))
            self._tell_sets()
            return
        try:
            self._change(Worksheet.find)
        except Several as several:
            if sheet.marks:
                raise
            self._set(sheet.take(several.choices[0]))
            self._answers = list(several.choices)
            self._tell_sets()

    def _tell_sets(self) -> None:
        self.say(f"{len(self._answers)} sets add up to it: = shows the next.")

    # options

    async def open_row(self, row: Payable) -> None:
        """Open the document of a row."""
        found = await self.program.gateway.read(document, row.document, kind=row.kind)
        await self.app.push_screen(DocumentPage(found.id))

    async def do_open(self) -> None:
        """Carry out the options typed, or open the document."""
        if self.rows.options:
            await self.run_typed()
        else:
            await super().do_open()

    def typed(self) -> list[Typed]:
        """Return the options typed, in the order of the grid."""
        items = self.account.items if self.account else ()
        return [Typed(self.rows.options[item.key], item.key) for item in items if item.key in self.rows.options]

    async def run_typed(self, told: dict[int, Typed] | None = None) -> bool:
        """Carry out the options typed; ask for what one of them needs, and go on. Tell whether all are done."""
        told = told or {}
        options = [told.get(cast("int", one.item), one) for one in self.typed()]
        for place, one in enumerate(options):
            if one.item not in told and self._asks(one):
                # what stands before it is done first, so that the question says what remains
                return self._run(options[:place]) and await self._ask(one)
        return self._run(options)

    def _asks(self, one: Typed) -> bool:
        return one.option in ASKED or (one.option == "C" and len(with_rest(cast("Worksheet", self.sheet))) > 1)

    def _run(self, options: Sequence[Typed]) -> bool:
        sheet = cast("Worksheet", self.sheet)
        # what is paid in full already stays so
        ran = sheet.run([one for one in options if one.option != "X" or one.item is None or sheet.rest(one.item) or not sheet.mark(one.item).cash])
        left = {one.item for one in ran.left}
        for one in options:
            if one.item not in left:
                self.rows.options.pop(one.item, None)
        self._set(ran.sheet)
        self.rows.repaint()
        if ran.refusal is not None:
            self.rows.stand_on(ran.left[0].item)
            self.fail(ran.refusal)
        self.refresh_foot()
        return ran.refusal is None

    async def _ask(self, one: Typed) -> bool:
        sheet = cast("Worksheet", self.sheet)
        row = next(item for item in sheet.items if item.key == one.item)

        def told(answer: Typed) -> None:
            # no credit named means the oldest first: the other rows of this pass are not asked about again
            same = {each.item: each for each in self.typed() if each.option == "C" and each.item is not None} if answer.option == "C" and answer.credit is None else {}
            work = partial(self.run_typed, {**same, row.key: answer})
            self.run_worker(work(), group="options", description="options", exit_on_error=False)

        await self.open_panel(CreditPanel(one, row, sheet, told) if one.option == "C" else OptionPanel(one, row, sheet, told))
        return False
