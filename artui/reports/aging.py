"""Ageing of receivables on any day: not due and unapplied in columns of their own, total = control account."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from artui import money
from artui.errors import WrongUsage
from artui.ledger.ageing import BUCKETS
from artui.reports.report import Column, Report
from artui.session import Session

NAME = "aging"
TITLE = "Ageing of receivables"
CONTROL = "1100"
FIGURES = (*BUCKETS, "unapplied", "total")


@dataclass(frozen=True)
class Params:
    """The day, and whether items age from their due date or their document date."""

    as_of: date
    basis: str = "due"

    def __post_init__(self) -> None:
        if self.basis not in ("due", "document"):
            raise WrongUsage(f"Ageing has no basis {self.basis}.", "Use due or document.")


def run(session: Session, params: Params) -> Report:
    """Age every customer's open items as of the day, one row per account and currency, never adding currencies up.

    Days late = as_of - due date (or document date); 1-30 means 1 to 30 days late; credits are unapplied, not aged.
    """
    rows = session.query(
        """SELECT a.number, p.name, g.currency, g.not_due, g.d1_30, g.d31_60, g.d61_90, g.d91_120, g.d121, g.unapplied, g.total, g.items
           FROM api.ageing(%s, %s) g JOIN account a ON a.id = g.account_id JOIN party p ON p.id = a.party_id ORDER BY a.number, g.currency""",
        (params.as_of, params.basis),
    )
    sums: defaultdict[str, list[int]] = defaultdict(lambda: [0] * len(FIGURES))
    shown = []
    for number, name, code, *figures, _count in rows:
        total = sums[code]
        for place, minor in enumerate(figures):
            total[place] += minor
        shown.append((number, name, code, *(money.from_minor(minor, code) for minor in figures)))
    ledger = {
        code: minor
        for code, minor, _base in session.query(
            "SELECT * FROM api.ledger_balance(%s, %s)", (CONTROL, params.as_of)
        )
        if minor
    }
    return Report(
        name=NAME,
        title=TITLE,
        as_of=params.as_of,
        params={"basis": params.basis},
        columns=(
            Column("number", "text"),
            Column("name", "text"),
            Column("currency", "text"),
            *(Column(name, "money") for name in FIGURES),
        ),
        rows=tuple(shown),
        totals={code: _named(sums[code], code) for code in sorted(sums)},
        counts={"accounts": len({row[0] for row in rows}), "open_items": sum(row[-1] for row in rows)},
        ties_to_ledger=ledger == {code: total[-1] for code, total in sums.items() if total[-1]},
    )


def _named(minors: list[int], code: str) -> dict[str, Decimal]:
    return {name: money.from_minor(minor, code) for name, minor in zip(FIGURES, minors, strict=True)}
