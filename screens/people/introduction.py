"""What the lookup says while there is nothing to list."""

from __future__ import annotations

from collections.abc import Sequence

from screens.safe import line
from screens.sheet import Drawn, Row

INTRODUCTION = (
    "Type what the caller gives:",
    "",
    "any part of a name, in any order, without accents     reyes farm",
    "an account, invoice, receipt, PO or cheque number     10442",
    "a phone number in any shape                           555 0134",
    "the amount of an open item                            =1234.56",
    "a tax number or an e-mail address                     ana@",
)
FIRST_STEPS = (
    "These books are empty.",
    "",
    "Bring in what there is:    artui import customers FILE",
    "See a sample company:      artui demo",
    "Know what can be done:     F1",
)


def words(lines: Sequence[str]) -> Drawn:
    """Draw words of our own in place of the list."""
    return Drawn(rows=[Row(line("   ", text)) for text in ("", *lines)])
