"""The sample company itself: its name and day, its people, the rates of exchange."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, timedelta
from random import Random

from artui.clock import add_months
from artui.errors import Refused
from artui.sample.places import RATES
from artui.sample.scale import DEMO_DATE, Scale
from artui.session import Session

COMPANY = "Tamarack & Lowe Supply Co."
STAFF: Mapping[str, tuple[str, str]] = {
    "jana": ("Jana Horáková", "clerk"),
    "petr": ("Petr Lindqvist", "collector"),
    "marta": ("Marta Delgado", "supervisor"),
    "viktor": ("Viktor Okafor", "manager"),
}
"""Login to full name and role."""
MARKER = "sample.parameters"
_NEEDED = ("staff", "setting", "invoice", "receipt", "credit_note", "customer", "vendor", "item")


def found(session: Session, scale: Scale) -> None:
    """Set up the company as its owner: settings, staff, rates. Raises Refused without the rights."""
    for action in _NEEDED:
        session.need(action)
    put(session, "company.name", COMPANY)
    put(session, "company.currency", "USD")
    put(session, "company.today", DEMO_DATE.isoformat())
    for login, (name, role) in STAFF.items():
        rows = session.query(
            "SELECT ar.staff_roles(login) FROM ar.staff WHERE login = %s AND disabled_at IS NULL", (login,)
        )
        if not rows:
            session.query("SELECT api.add_staff(%s, %s, %s)", (login, name, [role]))
        elif rows[0][0] != [role]:
            raise Refused(
                f"{login} works here already, as {', '.join(rows[0][0])}.",
                f"The sample company needs {login} as its {role}.",
            )
    _set_rates(session, scale)
    _charge_for_being_late(session)


def put(session: Session, name: str, value: object) -> None:
    """Write one setting."""
    session.query(
        "INSERT INTO ar.setting AS s (name, value) VALUES (%s, %s::jsonb) ON CONFLICT (name, valid_from) DO UPDATE SET value = excluded.value",
        (name, json.dumps(value)),
    )


def _charge_for_being_late(session: Session) -> None:
    """Let the company's own terms ask 12 % a year of whoever is more than ten days late."""
    session.query(
        """INSERT INTO ar.interest_profile (code, name, margin, floats, grace_days, least, source)
           VALUES ('TERMS', %s, 12, false, 10, 5, 'General terms of sale, section 7') ON CONFLICT DO NOTHING""",
        ("Our terms: 12 % a year",),
    )
    put(session, "charges.profile", "TERMS")


def _set_rates(session: Session, scale: Scale) -> None:
    rows = [(code, day, rate) for code, level in RATES.items() for day, rate in _walk(scale, code, level)]
    marks = ", ".join(["(%s, %s, %s::numeric)"] * len(rows))
    session.query(
        f"INSERT INTO ar.exchange_rate (currency, valid_from, rate) VALUES {marks} ON CONFLICT DO NOTHING",
        tuple(value for row in rows for value in row),
    )


def _walk(scale: Scale, code: str, level: int) -> list[tuple[date, str]]:
    """Let a rate wander about its level, one step a quarter (in a large sample: a year), never further than a tenth.

    Each settlement across a step books an exchange difference, which few companies have by the million.
    """
    rnd = Random(scale.source("rate", code))
    steps, day, wandered = [], (scale.start.replace(day=1) - timedelta(40)).replace(day=1), 0
    while day <= DEMO_DATE:
        rate = level + level * wandered // 1000
        steps.append((day, f"{rate // 1_000_000}.{rate % 1_000_000:06d}"))
        wandered = max(-100, min(100, wandered + int(rnd.random() * 31) - 15))
        day = add_months(day, 3 if scale.detailed else 12)
    return steps
