"""A long piece of work: how far it is, and whether it was asked to stop."""

from __future__ import annotations

from collections.abc import Callable


class Progress:
    """Handed to the work, which says `at(n, of)` and looks at `stopped` between steps."""

    def __init__(self, what: str, told: Callable[[], None]) -> None:
        self.what = what
        self.stopped = False
        self.when_stopped: Callable[[], object] | None = None
        self._told = told
        self._at: tuple[int, int | None] = (0, None)

    def at(self, done: int, of: int | None = None) -> None:
        """Say how much is done."""
        self._at = (done, of)
        self._told()

    def stop(self) -> None:
        """Ask the work to stop after the step it is at."""
        self.stopped = True
        if self.when_stopped is not None:
            self.when_stopped()
        self._told()

    def words(self) -> str:
        """Say it in words: "Printing: 3 of 12. Esc stops."""
        done, of = self._at
        how = f": {done} of {of}" if of is not None else f": {done}" if done else ""
        return f"{self.what}{how}. " + ("Stopping after this one …" if self.stopped else "Esc stops.")
