"""A list that is read at once and kept in memory: what waits, the months, the charges of a run."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Generic, TypeVar

from artui.session import Session
from screens.widgets.listing import ListPage
from screens.widgets.rows import Tuples

R = TypeVar("R")


class WholePage(ListPage[R], Generic[R], inherit_bindings=False):
    """A screen whose rows come in one answer; read again, the cursor stays on its row."""

    def __init__(self) -> None:
        super().__init__(self.laid_out(()))
        self.answered = False

    def job(self, session: Session) -> Sequence[R]:
        """Return the rows; runs on the thread of the books."""
        raise NotImplementedError

    def laid_out(self, rows: Sequence[R]) -> Tuples[R]:
        """Return the rows as a list with its columns."""
        raise NotImplementedError

    async def on_mount(self) -> None:
        """Read them."""
        self.do_reread()

    def do_reread(self) -> None:
        """Read again."""
        self.read(self.show, self.job)

    def show(self, rows: Sequence[R]) -> None:
        """Show an answer."""
        source = self.laid_out(rows)
        if self.answered:
            self.rows.source = source
            self.rows.reread()
        else:
            self.answered = True
            self.rows.begin(source)
        self.refresh_title()
        self.refresh_foot()

    def nothing(self) -> str:
        """Say that there is nothing, once that is known."""
        return self.empty() if self.answered else ""

    def empty(self) -> str:
        """Return what an empty list says."""
        return "There is nothing here."
