"""The account card against the one prepared statement under it, and opening it on a terminal against a card of the library's own widgets."""

from __future__ import annotations

import random
import sys
from contextlib import closing
from pathlib import Path

from artui.config import SAMPLE, Config
from artui.people.card import ITEMS_SHOWN, card
from artui.session import Session, open_session
from bench.measure import Measure, median, milliseconds
from bench.pty_program import Answer, PtyProgram
from bench.stock_card import READY

CARDS = 400
ROUNDS = 3
OPENED = 12
LAST_BYTE_MS = 40.0
ENTER, BACK = b"\r", b"\x1bOR"


def measures(config: Config) -> list[Measure]:
    """Return the time of a card over its statement's, and what opening one takes."""
    with closing(open_session(config, database=SAMPLE)) as session:
        numbers = _some(session)
        whole, alone = _times(session, numbers)
    ours, stock = _opened(numbers[0])
    cpu = [median(answer.cpu for answer in answers) for answers in (ours, stock)]
    last = [median(answer.last for answer in answers) for answers in (ours, stock)]
    return [
        Measure("account card / its prepared statement", median(whole), median(alone), "ms", 1.2),
        Measure("opening a card, processor / twelve inputs and two tables", cpu[0], cpu[1], "CPU ms", 0.15),
        Measure("opening a card, last byte / limit", last[0], LAST_BYTE_MS, "ms", 1.0, note=f"the stock card {last[1]:.0f} ms"),
    ]


def _some(session: Session) -> list[str]:
    first, last = session.query("SELECT min(id), max(id) FROM ar.account WHERE kind = 'customer'")[0]
    some = random.Random(7).sample(range(first, last + 1), min(CARDS * 2, last - first))
    rows = session.query("SELECT number FROM ar.account WHERE id = ANY(%s) AND kind = 'customer'", (some,))
    return [str(row[0]) for row in rows[:CARDS]]


def _times(session: Session, numbers: list[str]) -> tuple[list[float], list[float]]:
    """Time each card and its statement, the one first in every other round: the second finds everything at hand."""
    card(session, "customer", numbers[0])
    cursor = session.db.connection().cursor()

    def statement(number: str) -> None:
        cursor.execute("EXECUTE account_card(%s, %s, %s, %s, %s)", ("customer", number, session.today, ITEMS_SHOWN, False))
        cursor.fetchall()

    def whole(number: str) -> None:
        card(session, "customer", number)

    for number in numbers:
        statement(number)
    times: dict[object, list[float]] = {whole: [], statement: []}
    for turn in range(ROUNDS * 2):
        for number in numbers:
            for act in (whole, statement) if turn % 2 else (statement, whole):
                times[act].append(milliseconds(act, number))
    return times[whole], times[statement]


def _opened(number: str) -> tuple[list[Answer], list[Answer]]:
    """Open our card and the library's in turn, and go back, many times; the first of each is left out. A machine is not as fast at every moment."""
    ours: list[Answer] = []
    stock: list[Answer] = []
    with (
        PtyProgram([sys.executable, "-P", "-m", "artui", "--sample"]) as program,
        PtyProgram([sys.executable, "-P", str(Path(__file__).with_name("stock_card.py"))]) as library,
    ):
        program.until(b"Type what the caller gives")
        library.until(READY)
        for each in (program, library):
            each.settle()
        program.press(number.encode())
        for _ in range(OPENED + 1):
            for each, answers in ((program, ours), (library, stock)):
                answers.append(each.press(ENTER))
                each.press(BACK)
    return ours[1:], stock[1:]
