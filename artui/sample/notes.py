"""What was said on the telephone, and the marks people put on accounts."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, time, timedelta
from random import Random

from artui.ledger import posting
from artui.sample.cast import CAST
from artui.sample.people import pick
from artui.sample.scale import DEMO_DATE, Scale
from artui.session import Session

_TOLD: tuple[tuple[int, int, str, str, str, str, str], ...] = (
    (0, 24, "petr", "out", "phone", "pp", "Mr Dvořák promises 40 % of the April order this week, the rest after his own customer pays."),
    (0, 8, "petr", "out", "phone", "pp", "Rest promised for Friday 19 June. Asked for a copy of the May invoice."),
    (0, 8, "petr", "out", "email", "iv", "Sent the copy."),
    (1, 20, "petr", "in", "phone", "ds", "Two pallet trucks damaged in transit, photos to follow. Will pay the rest when due."),
    (1, 12, "petr", "note", "note", "", "Photos arrived; passed to the carrier."),
    (2, 3, "jana", "in", "email", "", "Remittance advice for cheque 301117 will come tomorrow."),
    (6, 54, "jana", "note", "note", "", "Cheque returned, insufficient funds. Fee charged."),
    (6, 52, "petr", "out", "phone", "pp", "Says a draw from the bank comes on the 18th, will replace the cheque."),
    (6, 24, "jana", "note", "note", "", "Second cheque returned."),
    (6, 23, "petr", "out", "phone", "lm", "Left word with the office to call back."),
    (6, 15, "petr", "out", "phone", "rf", "Cannot pay this month. Told him the account goes on hold."),
    (8, 33, "jana", "in", "phone", "", "They paid 100-odd twice. Wants 150.00 back, the rest to stay for the next order."),
    (9, 39, "jana", "in", "email", "", "Certificate 2307 attached."),
    (13, 15, "petr", "out", "phone", "pp", "Third instalment as agreed; asks for nothing else."),
    (16, 61, "petr", "in", "letter", "bk", "Notice of Chapter 7 from the court. Stop calls."),
    (16, 60, "marta", "note", "note", "", "Claim filed with the trustee."),
    (18, 46, "petr", "out", "phone", "pp", "Pays part on the first, as always. Friendly."),
    (18, 14, "petr", "in", "phone", "pd", "Says 75 dollars are on the way."),
    (19, 31, "petr", "out", "phone", "na", "No answer, two attempts."),
    (19, 10, "petr", "out", "phone", "pp", "Half on Monday, the other half at the end of June."),
)  # fmt: skip
"""Place in the cast, days ago, who, direction, channel, outcome, note."""
_HEARD = (
    ("out", "phone", "lm", "Left a message with my name and number."),
    ("out", "phone", "na", "No answer."),
    ("out", "phone", "na", "Rang out; try before noon."),
    ("out", "phone", "pp", "Promised to pay by the end of next week."),
    ("out", "phone", "pp", "Payment run is on the 20th, we are on it."),
    ("out", "phone", "cb", "Bookkeeper is away until Tuesday, call back."),
    ("out", "phone", "br", "Busy."),
    ("out", "email", "", "Sent statement and copies of what is overdue."),
    ("in", "phone", "pd", "Says it was paid on Thursday; asked for the reference."),
    ("in", "email", "iv", "Asked for a copy of the invoice, sent."),
    ("in", "phone", "ds", "Prices do not match the order, sends details."),
    ("out", "phone", "wn", "Wrong number; the switchboard gave another one."),
    ("out", "letter", "", "First reminder by post."),
)  # fmt: skip
_UTC = UTC


def mark(people: Mapping[str, Session], scale: Scale) -> None:
    """Let clerk, collector and manager mark the accounts that need it, and raise the disputes of the crowd."""
    jana, petr, viktor = people["jana"], people["petr"], people["viktor"]
    for member in CAST:
        kind = "person" if member.person else "company"
        jana.query(
            "UPDATE ar.party SET note = nullif(%s, ''), kind = %s WHERE id = (SELECT party_id FROM ar.account WHERE kind = 'customer' AND number = %s)",
            (member.note, kind, member.number),
        )
    for place, status in ((6, "collections"), (16, "legal"), (18, "watch")):
        jana.query(
            "UPDATE ar.account SET status = %s WHERE kind = 'customer' AND number = %s",
            (status, CAST[place].number),
        )
    viktor.query(
        "UPDATE ar.account SET hold = true, hold_reason = 'Two cheques returned' WHERE kind = 'customer' AND number = %s",
        (CAST[6].number,),
    )
    late = petr.query(
        "SELECT DISTINCT d.number FROM ar.open_item i JOIN ar.document d ON d.id = i.document_id"
        " WHERE i.open > 0 AND NOT i.is_vendor AND i.due_on < %s AND i.posted_on > %s AND d.kind = 'invoice' AND d.number LIKE '2%%' ORDER BY 1 LIMIT 6",
        (DEMO_DATE - timedelta(35), DEMO_DATE - timedelta(150)),
    )
    for (number,), reason in zip(
        late, ("price", "quantity", "damaged", "not ordered", "price", "returned"), strict=False
    ):
        posting.post(
            petr,
            {"id": scale.key("dispute", number), "kind": "dispute", "document": number, "reason": reason},
        )


def write(people: Mapping[str, Session], scale: Scale) -> None:
    """Write the contact log: the cast's own, and a line or more for late customers of the crowd."""
    for order, (place, ago, login, direction, channel, outcome, note) in enumerate(_TOLD):
        _log(
            people[login],
            scale.key("note", order),
            CAST[place].number,
            ago,
            9 * 60 + order * 17,
            direction,
            channel,
            outcome,
            note,
        )
    rnd = Random(scale.source("notes"))
    petr = people["petr"]
    late = petr.query(
        "SELECT DISTINCT a.number FROM ar.account a JOIN ar.open_item i ON i.account_id = a.id WHERE a.kind = 'customer' AND i.open > 0 AND i.due_on < %s"
        " AND a.number BETWEEN %s AND %s ORDER BY 1 LIMIT 120",
        (DEMO_DATE - timedelta(12), "10021", "10999"),
    )
    with petr.transaction():
        for (number,) in late:
            for turn in range(1 + int(rnd.random() * 3)):
                direction, channel, outcome, note = pick(_HEARD, rnd)
                _log(
                    petr,
                    scale.key("heard", number, turn),
                    number,
                    1 + int(rnd.random() * 40),
                    8 * 60 + int(rnd.random() * 540),
                    direction,
                    channel,
                    outcome,
                    note,
                )


def _log(
    who: Session,
    key: str,
    number: str,
    ago: int,
    minute: int,
    direction: str,
    channel: str,
    outcome: str,
    note: str,
) -> None:
    happened = datetime.combine(DEMO_DATE - timedelta(ago), time(minute // 60 % 24, minute % 60), _UTC)
    who.query(
        "INSERT INTO ar.activity (key, account_id, direction, channel, outcome, note, happened_at)"
        " SELECT %s, id, %s, %s, %s, %s, %s FROM ar.account WHERE kind = 'customer' AND number = %s",
        (key, direction, channel, outcome, note, happened, number),
    )
