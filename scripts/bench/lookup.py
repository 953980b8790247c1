"""Lookup by every kind of text, in the large company and in one of a thousand customers that holds the same hits."""

from __future__ import annotations

import random
from contextlib import closing

from artui.config import Config
from artui.db.company import SAMPLE
from artui.people.lookup import find
from artui.session import Session, open_session
from bench import small
from bench.measure import Measure, median, milliseconds, percentile

QUERIES = 120
"""Of each kind."""
_PICK = """SELECT a.number, p.name, p.name_key, c.value, c.value_key, d.number, d.po, o.amount, o.digits FROM ar.account a JOIN ar.party p ON p.id = a.party_id
  JOIN LATERAL (SELECT value, value_key FROM ar.contact_point WHERE party_id = p.id AND type = 'phone' LIMIT 1) c ON true
  JOIN LATERAL (SELECT number, po FROM ar.document WHERE account_id = a.id AND kind = 'invoice' ORDER BY po IS NULL, number LIMIT 1) d ON true
  LEFT JOIN LATERAL (SELECT i.original AS amount, u.digits FROM ar.open_item i JOIN ar.currency u ON u.code = i.currency WHERE i.account_id = a.id AND i.open > 0 LIMIT 1) o ON true
  WHERE a.kind = 'customer' AND a.id IN (SELECT min(id) + floor(random() * (max(id) - min(id)))::bigint FROM ar.account, generate_series(1, %s) GROUP BY generate_series)"""


def measures(config: Config) -> list[Measure]:
    """Return p50 and p99 of each kind of query, the large company over the small one."""
    with closing(open_session(config, database=SAMPLE)) as large:
        queries = {kind: texts for kind, texts in _queries(large).items() if texts}
        hits = {hit.account_id for texts in queries.values() for text in texts for hit in find(large, text)}
        small.build(config, hits)
        with closing(open_session(config, database=small.NAME)) as little:
            return [
                measure for kind, texts in queries.items() for measure in _compare(kind, texts, large, little)
            ]


def _compare(kind: str, texts: list[str], large: Session, little: Session) -> list[Measure]:
    times: tuple[list[float], list[float]] = ([], [])
    for _ in range(2):  # the first round warms both
        times = ([], [])
        for text in texts:
            for session, spent in zip((large, little), times, strict=True):
                spent.append(milliseconds(find, session, text))
    same = sum(
        [hit.number for hit in find(large, text)] == [hit.number for hit in find(little, text)]
        for text in texts[:20]
    )
    return [
        Measure(
            f"lookup by {kind}, p50",
            median(times[0]),
            median(times[1]),
            "ms",
            1.2,
            note=f"same hits {same}/{len(texts[:20])}",
        ),
        Measure(f"lookup by {kind}, p99", percentile(times[0], 0.99), percentile(times[1], 0.99), "ms"),
    ]


def _queries(large: Session) -> dict[str, list[str]]:
    draw = random.Random(1)
    rows = large.query(_PICK, (QUERIES * 2,))[:QUERIES]
    return {
        "number": [row[0] for row in rows],
        "phone as written": [row[3] for row in rows],
        "phone, digits only": [row[4] for row in rows],
        "phone, last nine": [row[4][-9:] for row in rows],
        "invoice number": [row[5] for row in rows],
        "PO": [row[6] for row in rows if row[6]],
        "name prefix": [row[2][: draw.randint(3, 6)] for row in rows],
        "name": [row[1] for row in rows],
        "two words": [" ".join(sorted(row[2].replace(",", "").split()[:2], reverse=True)) for row in rows],
        "misspelt word": [_misspell(row[2], draw) for row in rows if len(row[2].split()[0]) > 5],
        "amount": [f"={_units(row[7], row[8])}" for row in rows if row[7]],
    }


def _misspell(name: str, draw: random.Random) -> str:
    word = name.split(maxsplit=1)[0]
    place = draw.randrange(1, len(word) - 1)
    return word[:place] + word[place + 1] + word[place] + word[place + 2 :]


def _units(minor: int, digits: int) -> str:
    return f"{minor / 10**digits:.{digits}f}"
