"""What may be charged for being late: profiles of the law or of contracts, and published reference rates, each from a day on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, TypeVar

from artui import text
from artui.cash.interest import Profile, Rate
from artui.clock import spoken
from artui.errors import BadInput, Changed, Refused
from artui.security import settings
from artui.session import Session

T = TypeVar("T")
EVERYBODY = "charges.profile"
"""The setting that names the profile of customers who have none of their own."""


@dataclass(frozen=True)
class PublishedRate:
    """A reference rate in percent a year, from a day on, and where it was published."""

    name: str
    valid_from: dt.date
    percent: Decimal
    source: str


@dataclass(frozen=True)
class DatedProfile:
    """A profile from a day on, and what it rests on."""

    valid_from: dt.date
    profile: Profile
    source: str


def reference_rates(session: Session) -> tuple[PublishedRate, ...]:
    """List every reference rate, the newest of each name first."""
    found = session.query(
        "SELECT name, valid_from, percent, source FROM reference_rate ORDER BY name, valid_from DESC"
    )
    return tuple(PublishedRate(*row) for row in found)


def dated_profiles(session: Session) -> tuple[DatedProfile, ...]:
    """List every profile with its reference rates, by code and day."""
    rates: dict[str, list[Rate]] = {}
    for row in reversed(reference_rates(session)):
        rates.setdefault(row.name, []).append(Rate(row.valid_from, row.percent))
    found = (_dated(*row) for row in session.query(f"SELECT {_PROFILE} FROM interest_profile ORDER BY code, valid_from"))
    return tuple(replace(each, profile=replace(each.profile, rates=tuple(rates.get(each.profile.reference, ())))) for each in found)


_PROFILE = """valid_from, source, code, name, margin, coalesce(reference, ''), year_days, floats, coalesce(fixed_sum, 0), coalesce(fixed_currency, ''), grace_days, least, with_disputed"""


def _dated(valid_from: dt.date, source: str, *rule: Any) -> DatedProfile:
    return DatedProfile(valid_from, Profile(*rule), source)


def profiles_by_code(session: Session) -> dict[str, list[DatedProfile]]:
    """Return the profiles of each code, by day."""
    known: dict[str, list[DatedProfile]] = {}
    for each in dated_profiles(session):
        known.setdefault(each.profile.code, []).append(each)
    return known


def profile_on(known: Mapping[str, Sequence[DatedProfile]], code: str, day: dt.date) -> Profile:
    """Return the profile that holds on a day. Raises BadInput when none does."""
    valid = [each.profile for each in known.get(code, ()) if each.valid_from <= day]
    if not valid:
        raise BadInput(f"There is no interest profile {code} for {spoken(day)}.", "A manager enters it: F7 profiles.")
    return valid[-1]


def profile_of_everybody(session: Session) -> str:
    """Return the code of the profile that holds today for customers without one of their own; empty for none."""
    return next((str(row["value"]) for row in settings.in_force(session, session.today) if row["name"] == EVERYBODY), "")


def let_everybody_have(session: Session, code: str) -> None:
    """Let a profile hold from today for customers without one of their own; an empty code: none. Needs the right to set."""
    if code and code not in profiles_by_code(session):
        raise BadInput(f"There is no interest profile {text.safe(code)}.", "F7 profiles lists them.")
    settings.change(session, EVERYBODY, code, session.today)


def set_reference_rate(session: Session, name: str, valid_from: dt.date, percent: Decimal, source: str, seen: PublishedRate | None = None) -> None:
    """Enter a published rate, or correct that of the same day, which was `seen`.

    Raises BadInput without a source, Refused without the right, Changed when that day has another than was seen.
    """
    session.need("charge_rules")
    if not source.strip():
        raise BadInput("A reference rate needs its source.", "Say where it was published.")
    _within(percent, -100, 1000, "A rate")
    wanted = PublishedRate(text.clean(name), valid_from, percent, text.clean(source))

    def there() -> PublishedRate | None:
        rows = session.query("SELECT name, valid_from, percent, source FROM reference_rate WHERE (name, valid_from) = (%s, %s) FOR UPDATE", (wanted.name, valid_from))
        return PublishedRate(*rows[0]) if rows else None

    def write(known: bool) -> bool:
        return bool(session.query(
            """INSERT INTO reference_rate (name, valid_from, percent, source) VALUES (%s, %s, %s, %s)
               ON CONFLICT (name, valid_from) DO UPDATE SET percent = excluded.percent, source = excluded.source WHERE %s RETURNING 1""",
            (wanted.name, valid_from, percent, wanted.source, known),
        ))  # fmt: skip

    _keep(session, there, write, (wanted, seen), lambda rate: f"{rate.name} is {rate.percent:f} % from {spoken(rate.valid_from)} already ({rate.source}).")


def set_profile(session: Session, dated: DatedProfile, seen: DatedProfile | None = None) -> None:
    """Enter a profile from a day on, or correct that of the same day, which was `seen`; what was charged before stays.

    Raises BadInput for figures out of range, Refused without the right, Changed when that day has another than was seen.
    """
    session.need("charge_rules")
    rule = dated.profile
    _within(rule.margin, 0, 1000, "A rate")
    _within(rule.fixed_sum, 0, 999_999, "A fixed sum")
    if rule.year_days not in (360, 365):
        raise BadInput("A year has 365 days of interest, or 360.", "Type one of the two.")
    kept = replace(
        rule, code=text.clean(rule.code), name=text.clean(rule.name), reference=text.clean(rule.reference), fixed_currency=rule.fixed_currency if rule.fixed_sum else "", rates=()
    )
    wanted = DatedProfile(dated.valid_from, kept, text.clean(dated.source))

    def there() -> DatedProfile | None:
        rows = session.query(f"SELECT {_PROFILE} FROM interest_profile WHERE (code, valid_from) = (%s, %s) FOR UPDATE", (kept.code, dated.valid_from))
        return _dated(*rows[0]) if rows else None

    def write(known: bool) -> bool:
        return bool(session.query(
            """INSERT INTO interest_profile (code, valid_from, name, reference, margin, year_days, floats, fixed_sum, fixed_currency, grace_days, least, with_disputed, source)
               VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
               ON CONFLICT (code, valid_from) DO UPDATE SET (name, reference, margin, year_days, floats, fixed_sum, fixed_currency, grace_days, least, with_disputed, source)
                 = (excluded.name, excluded.reference, excluded.margin, excluded.year_days, excluded.floats, excluded.fixed_sum, excluded.fixed_currency, excluded.grace_days, excluded.least, excluded.with_disputed, excluded.source)
                 WHERE %s RETURNING 1""",
            (
                kept.code, dated.valid_from, kept.name, kept.reference or None, kept.margin, kept.year_days, kept.floats,
                kept.fixed_sum or None, kept.fixed_currency or None, kept.grace_days, kept.least, kept.with_disputed, wanted.source, known,
            ),
        ))  # fmt: skip

    before = replace(seen, profile=replace(seen.profile, rates=())) if seen is not None else None
    _keep(session, there, write, (wanted, before), lambda other: _otherwise(other, wanted))


def _keep(session: Session, there: Callable[[], T | None], write: Callable[[bool], bool], expected: Sequence[T | None], words: Callable[[T], str]) -> None:
    """Write unless something unexpected is `there`, which is said in words; `write` is told whether there is anything, and does nothing when that is so no more."""
    with session.transaction():
        found = there()
        if not (found is None or found in expected) or not write(found is not None):
            found = found or there()
            assert found is not None    # whoever made the row did so in the same moment
            raise Changed(words(found), found)


_SPOKEN = {
    "name": "name", "margin": "percent", "reference": "rate", "year_days": "days of a year", "floats": "floats", "fixed_sum": "fixed sum", "fixed_currency": "its currency",
    "grace_days": "grace days", "least": "least to charge", "with_disputed": "on disputed",
}  # fmt: skip


def _otherwise(there: DatedProfile, wanted: DatedProfile) -> str:
    """Say in what a profile that is there differs from the one wanted."""
    parts = {words: (getattr(there.profile, name), getattr(wanted.profile, name)) for name, words in _SPOKEN.items()} | {"rests on": (there.source, wanted.source)}
    told = ", ".join(f"{words} {_shown(one)}" for words, (one, other) in parts.items() if one != other)
    return f"{there.profile.code} is kept from {spoken(there.valid_from)} already, with {told}."


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:f}" if isinstance(value, Decimal) else str(value or "nothing")


def assign_profile(session: Session, account: str, code: str | None) -> None:
    """Give a customer an interest profile of their own, or with None the company's again."""
    session.need("interest_profile")
    if code is not None and code not in profiles_by_code(session):
        raise BadInput(f"There is no interest profile {text.safe(code)}.", "F7 profiles lists them.")
    with session.transaction():
        rows = session.query(
            "UPDATE account SET interest_profile = %s WHERE kind = 'customer' AND number = %s RETURNING id",
            (code, account),
        )
    if not rows:
        raise Refused(f"There is no customer {text.safe(account)}.", "Check the number.", code="AR011")


def _within(figure: Decimal, least: int, most: int, what: str) -> None:
    if not least <= figure <= most:
        raise BadInput(f"{what} of {figure:f} is not possible.", f"It lies between {least} and {most}.")
