"""Fields of documents: an item that brings its price, a price, a quantity, a tax as an amount or in percent."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from artui import entry, money
from artui.errors import BadInput
from artui.people import choices
from artui.people.choices import Good
from screens.records.picks import Ask
from screens.widgets.field import ReadField
from screens.widgets.pick import Choice, PickField


@dataclass(frozen=True)
class Tax:
    """A tax as it was typed: an amount, or so many percent of the lines."""

    value: Decimal
    percent: bool

    def amount(self, net: Decimal, currency: str) -> Decimal:
        """Return it for a sum before tax."""
        return money.round_half_up(net * self.value / 100, currency) if self.percent else self.value


class ItemField(PickField):
    """An item by its number or any words of it; `goods` knows what was found."""

    def __init__(self, page: Ask, *, room: int) -> None:
        self.goods: dict[str, Good] = {}

        async def look(typed: str) -> Sequence[Choice]:
            found = await page().program.gateway.read(choices.items, typed)
            self.goods.update({good.number: good for good in found})
            return [Choice(good.number, f"{good.description}{f'  {_price(good, page().own_currency)}' if good.price is not None else ''}") for good in found]

        super().__init__("item", "Item", look, room=room, help="Number or words of it; fills in what it is and its price. Empty for what is no item.")


def _price(good: Good, own: str) -> str:
    return f"{good.currency} {price(good.price, good.currency or own)}".strip() if good.price is not None else ""


def number(value: Decimal) -> str:
    """Write a number plainly, with as many decimals as it has; three would look like thousands, so they get a zero."""
    plain = f"{value.normalize():f}"
    return f"{plain}0" if len(plain.partition(".")[2]) == 3 else plain


def price(value: Decimal, currency: str) -> str:
    """Write a price of one with the decimals of its currency, and more when it has more."""
    plain = number(value)
    return plain if -int(value.normalize().as_tuple().exponent) > money.digits(currency) else f"{value:.{money.digits(currency)}f}"


def read_number(text: str, what: str = "number") -> Decimal:
    """Read a quantity or a price: as many decimals as typed, up to six. Raises BadInput, which says `what` it is not."""
    try:
        value = money.parse_amount(text).amount
    except BadInput as refusal:
        raise BadInput(refusal.message.replace("is not an amount", f"is not a {what}"), refusal.hint) from None
    if value != round(value, 6):
        raise BadInput(f"{text!r} has more than six decimals.", "Round it.")
    return value


def read_tax(text: str) -> Tax:
    """Read 210 or 21%. Raises BadInput."""
    of_lines = text.strip().endswith("%")
    value = entry.percent(text)
    if value < 0 or (of_lines and value > 100):
        raise BadInput(f"{text!r} is no tax.", "Give an amount, or percent as 21%.")
    return Tax(value, of_lines)


def write_tax(tax: Tax) -> str:
    """Write it the way it can be read again."""
    return f"{number(tax.value)}{'%' if tax.percent else ''}"


def number_field(
    name: str, label: str, *, what: str = "number", write: Callable[[Decimal], str] = number, room: int = 0, help: str = ""  # noqa: A002
) -> ReadField[Decimal]:
    """A number with decimals; `what` it is, in the words of a refusal."""
    return ReadField(name, label, lambda text: read_number(text, what), write, room=room, examples=("3", "2.5", "0.333"), longest=40, help=help)


def tax_field(*, room: int = 0) -> ReadField[Tax]:
    """A tax."""
    return ReadField("tax", "Tax", read_tax, write_tax, room=room, examples=("21%", "210.00"), longest=40, help="An amount, or percent of the lines as 21%.")


def read_money(text: str) -> Decimal:
    """Read an amount whose currency is its account's. Raises BadInput."""
    return Decimal(f"{entry.amount(text, 'KWD').normalize():f}")
