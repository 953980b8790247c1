"""The rate of a payment that came in another currency than the account's: a field that is there only then."""

from __future__ import annotations

from typing import ClassVar

from artui.cash.exchange import Exchange, Quote, Rate, plain, read_rate, write_rate
from screens.safe import Line, amount, day, line, part, plain_day
from screens.widgets.field import Field


class RateField(Field[Rate]):
    """Holds the rate of the day until another one is typed; empty where the money pays what is open in its own currency."""

    EXAMPLES: ClassVar[tuple[str, ...]] = (
        "1.0852     the rate", "= 108.50   what it is worth in the account's currency", "-          it stays in the currency it came in", "empty      the rate of the day",
    )  # fmt: skip

    def __init__(self) -> None:
        super().__init__("rate", "Rate", longest=40, help="What one unit is worth; the rate of the day stands there when the books know it.")
        self.quote: Quote | None = None
        self.exchange: Exchange | None = None
        self.disabled, self.display = True, False
        self._proposed, self._told, self._stays = "", "", ""

    @property
    def asked(self) -> Rate | None:
        """What was typed; None for the rate of the day."""
        return None if self.value.strip() in ("", self._proposed) else self.answer

    def quoted(self, quote: Quote | None, exchange: Exchange | None = None, trouble: str = "", stays: str = "") -> None:
        """Show the rate of this pair, or go away; `stays` is the currency the money is kept in, `trouble` why it cannot be said what it is worth."""
        other = self.quote is not None and (quote is None or (quote.came, quote.account) != (self.quote.came, self.quote.account))
        self.quote, self.exchange, self._told, self._stays = quote, exchange, trouble, stays
        proposed = plain(quote.rate) if quote and quote.rate and not stays else ""
        before, self._proposed = self._proposed, proposed
        if quote is not None:
            self.label = f"1 {quote.of}"
            self.empty = f"{stays} stays {stays}; a rate makes {quote.account} of it" if stays else f"how many {quote.into} is one {quote.of}?"
        if other or (self.value.strip() in ("", before) and not (self.has_focus and self.unread)):
            self.fill(proposed, as_first=True)
        else:
            self._first = proposed
        if self.answer is not None:
            self.trouble = trouble
        self.disabled, self.display = quote is None, quote is not None
        self.refresh()

    def parse(self, text: str) -> Rate:
        """Read a rate."""
        return read_rate(text)

    def write(self, answer: Rate) -> str:
        """Write it as it can be read again."""
        return write_rate(answer)

    def say_back(self, answer: Rate) -> str:
        """Say of what it is the rate, and of which day."""
        quote = self.quote
        if quote is None or self._stays:
            return f"{self._stays} stays {self._stays}" if self._stays else ""
        if answer.rate is None:
            return f"{quote.words(self.exchange.rate)}" if self.exchange else ""
        return f"{quote.into}, the rate of {plain_day(quote.since)}" if quote.since and answer.rate == quote.rate else quote.into

    def missing(self) -> str:
        """Say which rate is needed."""
        if self.quote is None or self.exchange is not None or self._stays:
            return ""
        return self._told or self.quote.missing()

    def told(self) -> Line | None:
        """Say above the grid what came and what it is worth; nothing while that is not known."""
        found = self.exchange
        if found is None:
            return None
        quote = found.quote
        known = "" if found.typed or quote.since is None else f", {day(quote.since).strip()}"
        return line(
            f" received {quote.came} {amount(found.came, quote.came)} at {quote.words(found.rate)}{known}: ", part(f"{quote.account} {amount(found.amount, quote.account)}", "strong")
        )
