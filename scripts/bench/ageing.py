"""Ageing of the whole book: today, on past days against today, and with all history against a tenth of it."""

from __future__ import annotations

from contextlib import closing
from datetime import date, timedelta

from artui.config import SAMPLE, Config
from artui.session import Session, open_session
from bench import small
from bench.measure import Measure, median, milliseconds

DATES = 20


def measures(config: Config) -> list[Measure]:
    """Return the median and the slowest of twenty past days over today."""
    with closing(open_session(config, database=SAMPLE)) as session:
        first = session.query("SELECT min(posted_on) FROM ar.open_item")[0][0]
        span = (session.today - first).days
        days = [session.today - timedelta(span * place // DATES) for place in range(1, DATES)] + [
            session.today - timedelta(1)
        ]
        _age(session, session.today)
        now = median(milliseconds(_age, session, session.today) for _ in range(7))
        past = {
            day: median(milliseconds(_age, session, day) for _ in range(3)) for day in days
        }
        slowest = max(past, key=lambda day: past[day])
        return [
            _with_a_tenth_of_the_history(config, session),
            Measure("ageing on a past day / now, median of 20", median(past.values()), now, "ms", 1.2),
            Measure(
                "ageing on a past day / now, slowest of 20",
                past[slowest],
                now,
                "ms",
                2.0,
                note=slowest.isoformat(),
            ),
        ]


def _age(session: Session, day: date) -> None:
    session.query("SELECT count(*), sum(total), sum(not_due), sum(d121) FROM api.ageing(%s)", (day,))


def _with_a_tenth_of_the_history(config: Config, session: Session) -> Measure:
    small.build_tenth(config)
    whole, part = [], []
    with closing(open_session(config, database=small.TENTH)) as tenth:
        items = [each.query("SELECT count(*) FROM ar.open_item")[0][0] for each in (session, tenth)]
        for _ in range(7):  # in turn, so that what else the machine does falls on both
            whole.append(milliseconds(_age, session, session.today))
            part.append(milliseconds(_age, tenth, session.today))
    small.drop(config, small.TENTH)
    return Measure(
        "ageing today / with the same open items and a tenth of the history", median(whole), median(part), "ms", 1.1,
        note=f"{items[0]:,} and {items[1]:,} items",
    )  # fmt: skip
