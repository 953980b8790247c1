"""Lookup by every kind of text, in the large company and in one of a thousand customers that holds the same hits.

Two measures of each kind: the last keystroke of a text on a terminal, from the key to the last byte of its answer,
and the statement under it alone, on one connection to each company.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from contextlib import closing

from artui.config import SAMPLE, Config
from artui.people.lookup import find
from artui.session import Session, open_session
from bench import small
from bench.keystroke import keystrokes
from bench.measure import Measure, median, milliseconds, percentile
from screens.people.lookup import LIMIT

TEXTS = 8
"""Of each kind; fewer where their hits would no longer fit into a thousand customers."""
ROUNDS = 15
Texts = Mapping[str, Sequence[str]]
_PICK = """SELECT a.number, p.name, p.name_key, c.value, c.value_key, d.number, d.po, o.amount, o.digits, e.value FROM ar.account a JOIN ar.party p ON p.id = a.party_id
  JOIN LATERAL (SELECT value, value_key FROM ar.contact_point WHERE party_id = p.id AND type = 'phone' LIMIT 1) c ON true
  JOIN LATERAL (SELECT number, po FROM ar.document WHERE account_id = a.id AND kind = 'invoice' ORDER BY po IS NULL, number LIMIT 1) d ON true
  LEFT JOIN LATERAL (SELECT i.original AS amount, u.digits FROM ar.open_item i JOIN ar.currency u ON u.code = i.currency WHERE i.account_id = a.id AND i.open > 0 LIMIT 1) o ON true
  LEFT JOIN LATERAL (SELECT value FROM ar.contact_point WHERE party_id = p.id AND type = 'email' LIMIT 1) e ON true
  WHERE a.kind = 'customer' AND a.id = ANY (%s)"""


def measures(config: Config) -> list[Measure]:
    """Return each kind of text, the large company over the small one: keystrokes, then statements."""
    with closing(open_session(config, database=SAMPLE)) as large:
        texts, hits = _fitting(large, _texts(large))
        customers = small.build(config, hits)
        with closing(open_session(config, database=small.NAME)) as little:
            statements = [line for kind, some in texts.items() for line in _statements(kind, some, large, little)]
        typed = keystrokes(config, (SAMPLE, small.NAME), texts, f"{customers} customers in the small one")
    small.drop(config, small.NAME)
    return [*typed, *statements]


def _statements(kind: str, texts: Sequence[str], large: Session, little: Session) -> list[Measure]:
    for session in (large, little):
        for text in texts:
            find(session, text, LIMIT + 1)
    times: tuple[list[float], list[float]] = ([], [])
    for turn in range(ROUNDS):
        for text in texts:
            for which in (0, 1) if turn % 2 else (1, 0):
                times[which].append(milliseconds(find, (large, little)[which], text, LIMIT + 1))
    same = sum(_accounts(large, text) <= _accounts(little, text) for text in texts)
    return [
        Measure(f"statement, {kind}, p50", median(times[0]), median(times[1]), "ms", note=f"same hits {same}/{len(texts)}"),
        Measure(f"statement, {kind}, p95", percentile(times[0], 0.95), percentile(times[1], 0.95), "ms"),
    ]


def _accounts(session: Session, text: str) -> set[str]:
    return {hit.number for hit in find(session, text, LIMIT + 1)}


def _fitting(large: Session, texts: Texts) -> tuple[dict[str, list[str]], set[int]]:
    """Take texts of every kind in turn while all their hits fit into the small company; return them and the hits."""
    taken: dict[str, list[str]] = {kind: [] for kind in texts}
    hits: set[int] = set()
    for place in range(TEXTS):
        for kind, some in texts.items():
            if place < len(some):
                more = hits | {hit.account_id for hit in find(large, some[place], LIMIT + 1)}
                if len(more) <= small.CUSTOMERS:
                    taken[kind].append(some[place])
                    hits = more
    return {kind: some for kind, some in taken.items() if some}, hits


def _texts(large: Session) -> Texts:
    draw = random.Random(1)
    first, last = large.query("SELECT min(id), max(id) FROM ar.account WHERE kind = 'customer'")[0]
    rows = large.query(_PICK, (draw.sample(range(first, last + 1), min(TEXTS * 20, last + 1 - first)),))
    found = {
        "number": [row[0] for row in rows],
        "phone as written": [row[3] for row in rows],
        "phone, digits only": [row[4] for row in rows],
        "phone, last nine": [row[4][-9:] for row in rows],
        "invoice number": [row[5] for row in rows],
        "PO": [row[6] for row in rows if row[6]],
        "amount": [f"={row[7] / 10 ** row[8]:.{row[8]}f}" for row in rows if row[7]],
        "e-mail": [row[9] for row in rows if row[9]],
        "name": [row[1] for row in rows],
        "name without its last letter": [row[1][:-1] for row in rows],
        "two words": [" ".join(sorted(row[2].replace(",", "").split()[:2], reverse=True)) for row in rows],
        "misspelt word": [_misspell(row[2], draw) for row in rows if len(row[2].split()[0]) > 5],
        "nothing like it": [f"{row[2][:1]}qxz{row[2][-2:]}vkj" for row in rows],
        "first letter": sorted({row[2][:1] for row in rows}),
        "three letters": sorted({row[2][:3] for row in rows}),
        "five letters": sorted({row[2][:5] for row in rows}),
    }
    return {kind: some[:TEXTS] for kind, some in found.items()}


def _misspell(name: str, draw: random.Random) -> str:
    word = name.split(maxsplit=1)[0]
    place = draw.randrange(1, len(word) - 1)
    return word[:place] + word[place + 1] + word[place] + word[place + 2 :]
