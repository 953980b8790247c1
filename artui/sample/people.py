"""Customers and vendors: who they are, where they live, how they pay."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random
from typing import TypeVar

from artui import text
from artui.sample.names import WORDS
from artui.sample.places import COUNTRIES, PER_CENT, Country

PARTY_COLUMNS = (
    "load", "row", "kind", "number", "name", "tax_id", "language", "country", "timezone", "parent_number", "currency", "terms", "credit_limit",
    "collector", "opened_on", "address", "city", "region", "postcode", "contact", "contact_title", "contact_purpose", "phone", "phone_key",
    "mobile", "mobile_key", "email",
)  # fmt: skip
CONTACT_COLUMNS = (
    "load",
    "row",
    "account",
    "account_kind",
    "name",
    "title",
    "purpose",
    "type",
    "value",
    "value_key",
)
NULL = "\\N"
_T = TypeVar("_T")
_NOT_SLUG = re.compile(r"[^a-z0-9]+")
_KEEP_DIGITS = {code: None for code in map(ord, " +-()./")}
_TITLES = ("Accounts payable", "Bookkeeper", "Owner", "Office manager", "Financial controller", "Purchasing")
_DOMAINS = ("example.com", "example.com", "example.org", "example.net")
_COUNTRY_TABLE = tuple(country for country in COUNTRIES for _ in range(country.share))


@dataclass(frozen=True, slots=True)
class Habit:
    """How a customer pays: days after the due date from `soonest` to `latest`; thousandths of orders never paid, and paid short."""

    name: str
    share: int
    soonest: int
    latest: int
    never: int
    short: int


HABITS = (
    Habit("prompt", 52, -8, 4, 4, 4),
    Habit("regular", 29, -1, 20, 10, 10),
    Habit("slow", 13, 12, 64, 25, 25),
    Habit("disputing", 3, 2, 45, 60, 120),
    Habit("in trouble", 3, 35, 170, 150, 60),
)
_HABIT_TABLE = tuple(habit for habit in HABITS for _ in range(habit.share))


@dataclass(frozen=True, slots=True)
class Trader:
    """What trading needs to know of an account; `size` scales its orders, in percent."""

    number: str
    currency: str
    terms: str
    country: str
    methods: tuple[str, ...]
    habit: Habit
    size: int


def filler(template: str) -> Callable[[Random], str]:
    """Return a function that puts random digits where the template has #."""
    places = template.count("#")
    if not places:
        return lambda rnd: template
    pattern, span = template.replace("%", "%%").replace("#", "%s"), 10**places
    return lambda rnd: pattern % tuple(f"{int(rnd.random() * span):0{places}d}")


_FILLERS: dict[str, Callable[[Random], str]] = {}


def fill(template: str, rnd: Random) -> str:
    """Put random digits where the template has #."""
    known = _FILLERS.get(template)
    if known is None:
        known = _FILLERS[template] = filler(template)
    return known(rnd)


def phone_key(shown: str) -> str:
    """Return the digits by which a number in international form is found."""
    return shown.translate(_KEEP_DIGITS)


def slug(name: str) -> str:
    """Return a name as a label of a domain."""
    return _NOT_SLUG.sub("-", text.fold(name)).strip("-")[:40]


def pick(values: Sequence[_T], rnd: Random) -> _T:
    """Choose one."""
    return values[int(rnd.random() * len(values))]


def trader(number: int, rnd: Random, *, abroad: float = 1.0) -> tuple[Trader, Country]:
    """Invent how a customer trades; of those abroad the share `abroad` is billed in a currency of their own."""
    country = pick(_COUNTRY_TABLE, rnd)
    habit = pick(_HABIT_TABLE, rnd)
    draw = rnd.random()
    size = 20 + int(draw * draw * draw * 500)
    currency = pick(country.currencies, rnd) if rnd.random() < abroad else "USD"
    return Trader(
        str(number), currency, pick(country.terms, rnd), country.code, country.methods, habit, size
    ), country


def party(
    load: str,
    row: int,
    kind: str,
    who: Trader,
    country: Country,
    parent: str | None,
    opened: str,
    rnd: Random,
) -> str:
    """Return the account as a line for the staging table (PARTY_COLUMNS)."""
    words = WORDS[country.code]
    town = pick(country.towns, rnd)
    form = pick(words.forms, rnd)
    name = pick(words.patterns, rnd).format(
        s=pick(words.surnames, rnd),
        t=pick(words.surnames, rnd),
        w=pick(words.trades, rnd),
        c=town.name,
        f=form,
    )
    name = name[:1].upper() + name[1:]
    contact = f"{pick(words.given, rnd)} {pick(words.surnames, rnd)}"
    phone, mobile = fill(town.phone, rnd), fill(country.mobile, rnd)
    title = pick(_TITLES, rnd)
    address = country.street.format(n=1 + int(rnd.random() * 180), s=pick(country.streets, rnd))
    limit = (
        "\\N"
        if kind == "vendor" or rnd.random() < 0.3
        else str(who.size * 1_000 * PER_CENT[who.currency] // 100_000 * 10_000)
    )
    collector = "petr" if kind == "customer" and who.habit.soonest > 0 else "\\N"
    email = f"{slug(contact).replace('-', '.')}@{slug(name.removesuffix(form))}.{pick(_DOMAINS, rnd)}"
    return (
        f"{load}\t{row}\t{kind}\t{who.number}\t{name}\t{fill(country.tax_id, rnd)}\t{country.language}\t{country.code}\t{town.timezone}\t{parent or NULL}\t"
        f"{who.currency}\t{who.terms}\t{limit}\t{collector}\t{opened}\t{address}\t{town.name}\t{town.region or NULL}\t{fill(town.postcode, rnd)}\t{contact}\t{title}\t"
        f"{'collections' if title in ('Owner', 'Financial controller') else 'ap'}\t{phone}\t{phone_key(phone)}\t{mobile}\t{phone_key(mobile)}\t{email}\n"
    )


def second_contact(load: str, row: int, who: Trader, country: Country, rnd: Random) -> str:
    """Return another person of the account as a line for the staging table (CONTACT_COLUMNS)."""
    words = WORDS[country.code]
    phone = fill(country.mobile, rnd)
    purpose = pick(("collections", "dispute", "orders", "general"), rnd)
    return f"{load}\t{row}\t{who.number}\tcustomer\t{pick(words.given, rnd)} {pick(words.surnames, rnd)}\t{pick(_TITLES, rnd)}\t{purpose}\tmobile\t{phone}\t{phone_key(phone)}\n"
