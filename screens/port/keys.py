"""What was typed, taken apart into keys; where one ends does not depend on how much of it arrives together."""

from __future__ import annotations

import re
from collections.abc import Iterator

from textual._xterm_parser import XTermParser
from textual.events import Key, Paste
from textual.message import Message

PASTE, PASTE_ENDS = "\x1b[200~", "\x1b[201~"
LONGEST_PASTE = 65_536
SEQUENCE = re.compile(
    r"\x1b(?:\[\[[A-E]|\[\d+\$(?!y)|\[[0-?]*[ -/]*[@-~]"  # the Linux console, rxvt with Shift, everybody
    r"|O\d?[ -~]"
    r"|[]P^_X][^\x07\x1b]*(?:\x07|\x1b\\))"  # what a terminal answers to a question
)
BEGUN = re.compile(r"\x1b(?:\[\[?|\[[0-?]*[ -/]*|O\d?|[]P^_X][^\x07\x1b]*\x1b?)?")


class Keyboard:
    """Give the keys and pastes in what arrives.

    An Esc that begins no sequence is Esc, and what follows it are keys of their own: nothing here needs Alt. A whole
    sequence nobody knows is no key, nor are its letters.
    """

    def __init__(self) -> None:
        self._held = ""
        """The beginning of a sequence or a paste whose rest has not come."""
        self._parser = XTermParser()

    def feed(self, typed: str) -> Iterator[Message]:
        """Give what is complete."""
        self._held += typed
        while self._held:
            if self._held.startswith(PASTE):
                if PASTE_ENDS not in self._held[-LONGEST_PASTE:]:
                    self._held = self._held[: LONGEST_PASTE // 2] + self._held[LONGEST_PASTE // 2 :][-LONGEST_PASTE // 2 :]
                    return
                pasted, _, self._held = self._held.removeprefix(PASTE).partition(PASTE_ENDS)
                yield Paste(pasted)
            elif not self._held.startswith("\x1b"):
                letters, esc, rest = self._held.partition("\x1b")
                self._held = esc + rest
                yield from self._parser.feed(letters)
            elif whole := SEQUENCE.match(self._held):
                self._held = self._held[whole.end() :]
                yield from self._known(whole[0])
            elif BEGUN.fullmatch(self._held):
                return
            else:
                yield from self._esc()

    def rest(self) -> Iterator[Message]:
        """Give what is held, as it is: nothing more came within the time of a sequence. A paste goes on."""
        while self._held and not self._held.startswith(PASTE):
            yield from self._esc()
            yield from self.feed("")

    def _esc(self) -> Iterator[Message]:
        self._held = self._held[1:]
        yield Key("escape", "\x1b")

    def _known(self, sequence: str) -> Iterator[Message]:
        found = [*self._parser.feed(sequence)]
        if not found:
            # it waits for more of a sequence it does not know
            self._parser = XTermParser()
        yield from found
