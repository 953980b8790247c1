"""The sample company's banks agree with its ledger on every day, and its payers are recognised."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from artui.cash.payable import Confidence
from artui.cash.statements import reading
from artui.cash.statements.payers import numbers
from artui.cash.statements.reconciling import reconcile
from artui.sample import company
from artui.sample.scale import DEMO_DATE
from artui.sample.statements import iban
from tests.books import Books, Server
from tests.screens.pilot import line_with, marked, pressed, program, run, text


@pytest.fixture(scope="module")
def sample(server: Server) -> Iterator[Books]:
    """A sample company with enough payers for figures."""
    made = server.books(f"sample_bank_{os.getpid()}")
    with pytest.MonkeyPatch.context() as patch:
        if server.password:
            patch.setenv("PGPASSWORD", server.password)
        company.create(made.config(), customers=60, seed=3)
    yield made
    made.drop()


def test_bank_and_ledger_are_explained_on_every_day(sample: Books) -> None:
    session = sample.session("jana")
    accounts = reading.accounts(session)
    assert len(accounts) == 8
    first = date(2026, 1, 25)
    for account in accounts:
        for day in range((DEMO_DATE - first).days + 3):
            held = reconcile(session, account.id, first + timedelta(day), limit=0)
            assert held.off == 0, held
        assert (held.before, held.uncleared) == (0, 0), held
        listed = reconcile(session, account.id, DEMO_DATE, limit=1000)
        assert sum(each.amount for each in listed.on_statement_only) == listed.unbooked == sum(
            row.amount for row in reading.entries(session, state="open", limit=1000) if row.account == account.number
        )  # fmt: skip
        assert not listed.in_books_only
    sample.tie()


def test_what_the_statement_of_the_last_days_shows_waits_to_be_matched(sample: Books) -> None:
    session = sample.session("jana")
    waiting = [
        row
        for row in reading.entries(session, state="open", limit=1000)
        if row.booked_on == DEMO_DATE and row.end_to_end.startswith("TX99")
    ]
    assert len(waiting) >= 5
    assert all(statement.ties for statement in reading.statements(session)) and not reading.findings(session)


def test_most_payers_are_proposed_right_and_nothing_certain_is_wrong(sample: Books) -> None:
    sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "scripts"))
    try:
        from bench.matching import verdicts
    finally:
        sys.path.pop(0)
    found = [
        each
        for month in (date(2026, 3, 1), date(2026, 4, 1), date(2026, 5, 1))
        for each in verdicts(sample.session("jana"), month)
    ]
    assert len(found) >= 60
    wrong = [each for each in found if each.confidence is Confidence.CERTAIN and not each.right]
    assert not wrong, wrong
    right = sum(each.right for each in found) / len(found)
    assert right >= 0.85, f"{right:.0%} of {len(found)}"
    assert sum(each.confidence is Confidence.CERTAIN for each in found) > len(found) / 3, (
        "a proposal that never commits itself is no help"
    )


def test_account_numbers_of_the_sample_carry_their_check_digits() -> None:
    from stdnum.iso7064 import mod_97_10

    for seed in range(20):
        number = iban("DE", str(seed))
        assert mod_97_10.is_valid(number[4:] + number[:4])
    assert numbers(iban("DE", "x"))


def test_what_waits_is_worked_off_key_by_key_and_the_bank_is_explained(sample: Books) -> None:
    waiting = [row for row in reading.entries(sample.session("jana"), state="open", limit=1000) if row.end_to_end.startswith("TX99") or row.code == "FEES"]

    async def story() -> None:
        async with program(sample) as pilot:
            await pressed(pilot, "f7", *"bank", "enter", "enter", "A")
            decided = int(line_with(pilot, "Decide ").split()[1])
            assert decided > len(waiting) / 3
            await pressed(pilot, "f10")
            assert f"{decided} decided" in text(pilot)
            keys = 0
            while keys < len(waiting) - decided:
                shown = text(pilot)
                best = next((word for word in ("certain", "likely", "ask", "offered") if f"   1 {word} " in shown), "")
                out = " -" in marked(pilot)
                await pressed(pilot, "c" if out else {"certain": "a", "likely": "a", "ask": "1", "offered": "p", "": "p"}[best])
                keys += 1
            await pressed(pilot, "enter")
            assert f"Decide {keys} entries" in text(pilot)
            await pressed(pilot, "f10")
            assert f"{keys} decided" in text(pilot), text(pilot)
            await pressed(pilot, "f7", *"bank reconcile", "enter")
            assert "NOT EXPLAINED" not in text(pilot)

    run(story)
    assert {row.state for row in reading.entries(sample.session("jana"), limit=2000) if row.id in {each.id for each in waiting}} <= {"booked", "parked"}
    sample.tie()
