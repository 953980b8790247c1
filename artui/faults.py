"""What is wrong with one field of an entry, said field by field."""

from __future__ import annotations

from dataclasses import dataclass

from artui import text


@dataclass(frozen=True)
class Fault:
    """What is wrong with a field ("lines 2: quantity"), and what to do. A `doubt` may stay as it is, the rest is refused."""

    field: str
    message: str
    hint: str = ""
    doubt: bool = False


def no_card(name: str, value: str) -> list[Fault]:
    """Return the fault of a free text that holds the number of a payment card."""
    card = text.card_number(value)
    return [Fault(name, f"This holds the number of a payment card ({card}).", "Take it out: card numbers are kept nowhere here.")] if card else []
