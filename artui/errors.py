"""What the program says when it cannot do what was asked. Nothing here imports anything else of ours."""

from __future__ import annotations

from typing import Any


class ArtuiError(Exception):
    """A refusal a person can act on: what is wrong, and what to do next.

    `code` is stable for scripts (AR001 ... or a word); `exit_status` is what the command line returns.
    """

    title = "Not done"
    exit_status = 1
    code = "refused"

    def __init__(self, message: str, hint: str = "", *, code: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        if code is not None:
            self.code = code

    def __str__(self) -> str:
        return f"{self.message} {self.hint}".strip()


class Refused(ArtuiError):
    """The books, the rights or the rules do not allow it; nothing was changed."""

    title = "Refused"


class Changed(Refused):
    """Something else than was seen is kept already: `there`. Asked once more with that as what was seen, it is corrected."""

    code = "AR005"

    def __init__(self, message: str, there: Any) -> None:
        super().__init__(message, "F10 once more corrects it.")
        self.there = there


class BadInput(ArtuiError):
    """What was typed or read cannot be understood; nothing was lost."""

    title = "Not understood"
    code = "bad_input"


class WrongUsage(ArtuiError):
    """The command was called in a way it does not offer."""

    title = "Wrong usage"
    exit_status = 2
    code = "usage"


class Unreachable(ArtuiError):
    """The database does not answer; what was acknowledged is safe."""

    title = "Database unreachable"
    exit_status = 3
    code = "unreachable"
