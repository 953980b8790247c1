"""What may be charged for being late: profiles of the law or of contracts, and published reference rates, each from a day on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from artui import text
from artui.cash.interest import Profile, Rate
from artui.clock import spoken
from artui.errors import BadInput, Refused
from artui.security import settings
from artui.session import Session

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
    found = session.query(
        """SELECT valid_from, source, code, name, margin, coalesce(reference, ''), year_days, floats, coalesce(fixed_sum, 0), coalesce(fixed_currency, ''), grace_days, least, with_disputed
           FROM interest_profile ORDER BY code, valid_from"""
    )
    return tuple(
        DatedProfile(valid_from, replace(Profile(*rule), rates=tuple(rates.get(rule[3], ()))), source)
        for valid_from, source, *rule in found
    )


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


def set_reference_rate(session: Session, name: str, valid_from: dt.date, percent: Decimal, source: str) -> None:
    """Enter a published rate, or correct that of the same day. Raises BadInput without a source, Refused without the right."""
    session.need("charge_rules")
    if not source.strip():
        raise BadInput("A reference rate needs its source.", "Say where it was published.")
    _within(percent, -100, 1000, "A rate")
    with session.transaction():
        session.query(
            """INSERT INTO reference_rate (name, valid_from, percent, source) VALUES (%s, %s, %s, %s)
               ON CONFLICT (name, valid_from) DO UPDATE SET percent = excluded.percent, source = excluded.source""",
            (text.clean(name), valid_from, percent, text.clean(source)),
        )


def set_profile(session: Session, dated: DatedProfile) -> None:
    """Enter a profile from a day on, or correct that of the same day; what was charged before stays.

    Raises BadInput for figures out of range, Refused without the right.
    """
    session.need("charge_rules")
    rule = dated.profile
    _within(rule.margin, 0, 1000, "A rate")
    _within(rule.fixed_sum, 0, 999_999, "A fixed sum")
    if rule.year_days not in (360, 365):
        raise BadInput("A year has 365 days of interest, or 360.", "Type one of the two.")
    with session.transaction():
        session.query(
            """INSERT INTO interest_profile (code, valid_from, name, reference, margin, year_days, floats, fixed_sum, fixed_currency, grace_days, least, with_disputed, source)
               VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
               ON CONFLICT (code, valid_from) DO UPDATE SET (name, reference, margin, year_days, floats, fixed_sum, fixed_currency, grace_days, least, with_disputed, source)
                 = (excluded.name, excluded.reference, excluded.margin, excluded.year_days, excluded.floats, excluded.fixed_sum, excluded.fixed_currency, excluded.grace_days, excluded.least, excluded.with_disputed, excluded.source)""",
            (
                text.clean(rule.code), dated.valid_from, text.clean(rule.name), text.clean(rule.reference) or None, rule.margin, rule.year_days, rule.floats,
                rule.fixed_sum or None, rule.fixed_currency if rule.fixed_sum else None, rule.grace_days, rule.least, rule.with_disputed, text.clean(dated.source),
            ),
        )  # fmt: skip


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
