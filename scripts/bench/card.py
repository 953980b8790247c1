"""The account card against the one prepared statement under it, on the same connection."""

from __future__ import annotations

import random
from contextlib import closing

from artui.config import Config
from artui.db.company import SAMPLE
from artui.people.card import ITEMS_SHOWN, card
from artui.session import open_session
from bench.measure import Measure, median, milliseconds

CARDS = 400


def measures(config: Config) -> list[Measure]:
    """Return the time of a card over the time of its statement."""
    with closing(open_session(config, database=SAMPLE)) as session:
        first, last = session.query("SELECT min(id), max(id) FROM ar.account WHERE kind = 'customer'")[0]
        some = random.Random(7).sample(range(first, last + 1), min(CARDS * 2, last - first))
        rows = session.query("SELECT number FROM ar.account WHERE id = ANY(%s) AND kind = 'customer'", (some,))
        numbers = [row[0] for row in rows[:CARDS]]
        card(session, "customer", numbers[0])
        cursor = session.db.connection().cursor()

        def statement(number: str) -> None:
            cursor.execute(
                "EXECUTE account_card(%s, %s, %s, %s)", ("customer", number, session.today, ITEMS_SHOWN)
            )
            cursor.fetchall()

        whole: list[float] = []
        alone: list[float] = []
        for _ in range(2):  # the first round warms
            whole, alone = [], []
            for number in numbers:
                whole.append(milliseconds(card, session, "customer", number))
                alone.append(milliseconds(statement, number))
        return [Measure("account card / its prepared statement", median(whole), median(alone), "ms", 1.2)]
