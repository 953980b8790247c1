"""How often a month of the sample company's credit lines is proposed right, and whether anything shown as certain is wrong.

Every credit the banks showed in a month and the books know the purpose of is proposed again from what was open the day
before, knowing only the entries before it. Some reach the bank short of what banks on the way have kept. Right is the
customer's group, and each invoice with the amount (and discount) that was allocated to it; a payment that was left on
account is right when nothing is filled in for it.

    python scripts/bench/run.py --home DIR matching
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass, replace
from decimal import Decimal
from random import Random

from artui import money
from artui.cash.payable import Confidence
from artui.cash.statements import matching
from artui.cash.statements.matching import Candidate
from artui.cash.statements.reading import EntryRow, entry
from artui.config import SAMPLE, Config
from artui.session import Session, open_session
from bench.measure import Measure

MONTH = dt.date(2026, 5, 1)
_LINES = """SELECT e.id, d.id, d.posted_on, coalesce(p.parent_id, p.id) FROM ar.bank_entry e JOIN ar.bank_match m ON m.entry_id = e.id AND m.undone_at IS NULL
  JOIN ar.document d ON d.id = m.document_id LEFT JOIN ar.account a ON a.id = d.account_id LEFT JOIN ar.party p ON p.id = a.party_id
  WHERE e.amount > 0 AND d.kind = 'receipt' AND e.booked_on >= %s AND e.booked_on < %s ORDER BY e.id"""
_TRUTH = """SELECT t.number, sum(x.amount) FROM ar.open_item c JOIN ar.document r ON r.id = c.document_id
  JOIN ar.allocation x ON x.credit_item_id = c.id AND x.posting_id = r.posting_id AND x.amount > 0
  JOIN ar.open_item o ON o.id = x.debit_item_id JOIN ar.document t ON t.id = o.document_id WHERE r.id = %s GROUP BY 1"""


@dataclass(frozen=True)
class Verdict:
    """One line: whether the first proposal is right, how sure it is, and what was proposed against what was meant."""

    right: bool
    confidence: Confidence
    row: EntryRow
    proposed: dict[str, Decimal]
    meant: dict[str, Decimal]
    reason: str


def verdicts(session: Session, month: dt.date = MONTH, seed: int = 1) -> list[Verdict]:
    """Propose every credit line of a month again and hold each proposal against what was done."""
    after = (month + dt.timedelta(32)).replace(day=1)
    rnd = Random(seed)
    lines = session.query(_LINES, (month, after))
    return [_judge(session, ident, document, day, group, rnd) for ident, document, day, group in lines]


def _judge(
    session: Session, ident: int, document: int, posted_on: dt.date, group: int | None, rnd: Random
) -> Verdict:
    row = entry(session, ident)
    meant = {
        number: money.from_minor(int(amount), row.currency)
        for number, amount in session.query(_TRUTH, (document,))
    }
    hint = matching.hint_of(row)
    if meant and rnd.random() < 0.03 and row.amount > 200:
        hint = replace(
            hint, amount=row.amount - money.round_half_up(Decimal(rnd.choice((5, 10, 15))), row.currency)
        )
    found = matching.candidates_for(session, hint, as_of=posted_on - dt.timedelta(1))
    best: Candidate | None = found[0] if found else None
    if (
        best is None
        or not best.proposal.fills
        or best.confidence not in (Confidence.CERTAIN, Confidence.LIKELY)
    ):
        return Verdict(
            not meant,
            best.confidence if best else Confidence.NOTHING,
            row,
            {},
            meant,
            best.reason if best else "",
        )
    proposed: dict[str, Decimal] = {}
    for line in best.proposal.lines:
        proposed[line.document] = proposed.get(line.document, Decimal(0)) + line.apply
    right = proposed == meant and best.party.group == group
    return Verdict(right, best.confidence, row, proposed, meant, best.reason)


def measures(config: Config) -> list[Measure]:
    """Measure the sample company under the configured home."""
    session = open_session(config, database=SAMPLE)
    try:
        found = verdicts(session)
    finally:
        session.close()
    if not found:
        return [Measure("credit lines proposed right", 0, 0, "%", note="the company has no matched bank entries of that month: measure a smaller one")]
    wrong = sum(1 for each in found if each.confidence is Confidence.CERTAIN and not each.right)
    by = Counter(each.confidence.value for each in found)
    share = 100 * sum(each.right for each in found) / max(1, len(found))
    shown = ", ".join(f"{count} {name}" for name, count in by.most_common())
    return [
        Measure(f"credit lines proposed right, of {len(found)} ({shown})", share, 85, "%", 1, at_least=True),
        Measure("shown as certain and wrong", wrong, 1, "lines", 0),
    ]
