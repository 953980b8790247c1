"""The one thread that touches the connection: what is superseded is cancelled on the server, what is written is carried through."""

from __future__ import annotations

import asyncio
import gc
import threading
import time
import uuid
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

import pytest

from artui.db.gateway import Gateway, Tell
from artui.errors import ArtuiError, Refused, Unreachable
from artui.ledger import posting
from artui.ledger.settle import send, settle
from artui.session import Session, connect_session
from tests.books import Books
from tests.screens.pilot import run


@asynccontextmanager
async def gateway(books: Books, lost: list[Unreachable | None] | None = None) -> AsyncIterator[Gateway[Session]]:
    config = books.config("olga")
    opened = Gateway(
        lambda: connect_session(config, books.dsn("olga"), application="gateway test"),
        lambda session: connect_session(config, session.dsn, application="gateway test"),
        (lost if lost is not None else []).append,
    )
    opened.start()
    try:
        await opened.opened()
        yield opened
    finally:
        opened.close()


def asked(session: Session, what: str = "SELECT 42") -> object:
    return session.query(what)[0][0]


def sleep(session: Session, seconds: float) -> str:
    session.query(f"SELECT pg_sleep({seconds})")
    return "slept"


def running(books: Books) -> int:
    """How many statements sleep on the server."""
    return int(books.query("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND state = 'active' AND query LIKE '%%pg_sleep%%' AND pid <> pg_backend_pid()")[0][0])


async def on_the_server(books: Books, count: int) -> None:
    async with asyncio.timeout(30):
        while await asyncio.to_thread(running, books) != count:
            await asyncio.sleep(0.01)


def test_a_superseded_read_stops_on_the_server_and_the_next_is_answered_at_once(books: Books) -> None:
    async def story() -> None:
        async with gateway(books) as gate:
            slow = asyncio.create_task(gate.read(sleep, 30))
            await on_the_server(books, 1)
            begun = time.monotonic()
            slow.cancel()
            assert await gate.read(asked) == 42
            assert time.monotonic() - begun < 5
            await on_the_server(books, 0)
            assert slow.cancelled()

    run(story)


def test_forty_keystrokes_leave_one_answer_and_nothing_running(books: Books) -> None:
    async def story() -> None:
        async with gateway(books) as gate:
            begun = time.monotonic()
            for _ in range(40):
                task = asyncio.create_task(gate.read(sleep, 60))
                await asyncio.sleep(0.003)
                task.cancel()
            assert await gate.read(asked, "SELECT 7") == 7
            assert time.monotonic() - begun < 30
            await on_the_server(books, 0)

    run(story)


def test_a_read_that_never_started_is_never_run(books: Books) -> None:
    ran: list[int] = []

    async def story() -> None:
        async with gateway(books) as gate:
            first = asyncio.create_task(gate.read(sleep, 0.3))
            await on_the_server(books, 1)
            second = asyncio.create_task(gate.read(lambda session: ran.append(1)))
            await asyncio.sleep(0)
            second.cancel()
            assert await first == "slept"
            await gate.read(asked)
            assert ran == []

    run(story)


def test_a_cancel_that_arrives_late_does_not_hurt_the_next_read(books: Books) -> None:
    attempts: list[int] = []

    def hit_once(session: Session) -> object:
        attempts.append(1)
        if len(attempts) == 1:
            session.query("SELECT pg_cancel_backend(pg_backend_pid()), pg_sleep(1)")
        return asked(session)

    async def story() -> None:
        async with gateway(books) as gate:
            assert await gate.read(hit_once) == 42
            assert len(attempts) == 2

    run(story)


def test_a_write_is_carried_through_when_nobody_waits_any_more(books: Books) -> None:
    done = threading.Event()

    def write(session: Session) -> None:
        session.query("SELECT pg_sleep(0.2)")
        done.set()

    async def story() -> None:
        async with gateway(books) as gate:
            task = asyncio.create_task(gate.write(write))
            await on_the_server(books, 1)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            await gate.read(asked)
            assert done.is_set()

    run(story)


def test_closing_waits_for_a_write_but_not_for_a_read(books: Books) -> None:
    done = threading.Event()

    def write(session: Session) -> None:
        session.query("SELECT pg_sleep(0.3)")
        done.set()

    async def story() -> None:
        async with gateway(books) as gate:
            writing = asyncio.create_task(gate.write(write))
            await on_the_server(books, 1)
            gate.close()
            assert done.is_set()
            await writing
        async with gateway(books) as gate:
            reading = asyncio.create_task(gate.read(sleep, 30))
            await on_the_server(books, 1)
            begun = time.monotonic()
            gate.close()
            assert time.monotonic() - begun < 5
            with pytest.raises(ArtuiError):
                await reading
            await on_the_server(books, 0)

    run(story)


def test_a_lost_connection_is_told_made_again_and_the_read_is_run_again(books: Books) -> None:
    lost: list[Unreachable | None] = []

    async def story() -> None:
        async with gateway(books, lost) as gate:
            reading = asyncio.create_task(gate.read(sleep, 0.5))
            await on_the_server(books, 1)
            books.query("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'gateway test' AND datname = current_database()")
            assert await reading == "slept"
            assert isinstance(lost[0], Unreachable)
            assert lost[-1] is None

    run(story)


def test_a_write_on_a_lost_connection_is_not_repeated_but_told(books: Books) -> None:
    ran: list[int] = []

    def write(session: Session) -> None:
        ran.append(1)
        session.query("SELECT pg_terminate_backend(pg_backend_pid())")

    async def story() -> None:
        async with gateway(books) as gate:
            with pytest.raises(Unreachable):
                await gate.write(write)
            assert ran == [1]
            assert await gate.read(asked) == 42, "the next read makes the connection again"

    run(story)


def test_somebody_struck_off_while_away_is_told_and_not_asked_forever(books: Books) -> None:
    lost: list[Unreachable | None] = []

    async def story() -> None:
        async with gateway(books, lost) as gate:
            gate._reopening = _refuse
            books.query("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'gateway test' AND datname = current_database()")
            with pytest.raises(Refused):
                await gate.read(asked)
            assert lost[-1] is None, "it no longer says that it tries"

    run(story)


def _refuse(session: Session) -> Session:
    raise Refused("You are not on the staff list any more.")


def test_a_long_job_runs_beside_the_reads_tells_how_far_it_is_and_leaves_no_connection(books: Books) -> None:
    told: list[tuple[int, int]] = []
    answered = threading.Event()

    def report(session: Session, tell: Tell, seconds: float) -> str:
        for step in range(3):
            session.query(f"SELECT pg_sleep({seconds})")
            tell(step + 1, 3)
            assert answered.wait(30), "a look-up waits for the report"
        return "printed"

    async def story() -> None:
        async with gateway(books) as gate:
            work = asyncio.create_task(gate.long(report, lambda done, of: told.append((done, of)), 0.2))
            await on_the_server(books, 1)
            assert await gate.read(asked) == 42
            answered.set()
            assert await work == "printed"
            await asyncio.sleep(0)
            assert told == [(1, 3), (2, 3), (3, 3)]
            await connections(books, 1)

    run(story)


def test_a_long_job_called_off_stops_on_the_server_and_between_its_steps(books: Books) -> None:
    steps: list[int] = []

    def endless(session: Session, tell: Tell) -> None:
        while True:
            steps.append(1)
            time.sleep(0.01)
            tell(len(steps), 0)

    async def begun() -> None:
        async with asyncio.timeout(30):
            while not steps:
                await asyncio.sleep(0.01)

    async def story() -> None:
        async with gateway(books) as gate:
            for job in (lambda session, tell: sleep(session, 30), endless):
                work = asyncio.create_task(gate.long(job, lambda done, of: None))
                await (on_the_server(books, 1) if job is not endless else begun())
                work.cancel()
                with pytest.raises(asyncio.CancelledError):
                    await work
                await on_the_server(books, 0)
                await connections(books, 1)
            counted = len(steps)
            await asyncio.sleep(0.1)
            assert len(steps) == counted > 0

    run(story)


def test_a_connection_the_network_forgot_is_given_up_and_the_read_run_again(books: Books) -> None:
    ran: list[int] = []

    def stuck_once(session: Session) -> str:
        ran.append(1)
        return sleep(session, 30 if len(ran) == 1 else 0)

    async def story() -> None:
        async with gateway(books) as gate:
            reading = asyncio.create_task(gate.read(stuck_once))
            await on_the_server(books, 1)
            gate.cut(0.0)
            await asyncio.sleep(0.05)
            assert ran == [1], "what began later is left alone"
            gate.cut(time.monotonic())
            assert await reading == "slept"
            await on_the_server(books, 0)
            await connections(books, 1)

    run(story)


def test_what_is_asked_of_books_that_cannot_be_opened_is_called_off(books: Books) -> None:
    def refuse() -> Session:
        raise Refused("Nobody comes in.")

    async def story() -> None:
        gate: Gateway[Session] = Gateway(refuse, lambda session: session)
        reading = asyncio.ensure_future(gate.read(asked))
        await asyncio.sleep(0)
        gate.start()
        with pytest.raises(Refused, match="Nobody"):
            await gate.opened()
        with pytest.raises(asyncio.CancelledError):
            await reading
        gate.close()

    run(story)


def test_a_server_that_refuses_to_be_returned_to_is_heard_by_who_asks_and_by_nobody_else(books: Books) -> None:
    def refuse(session: Session) -> Session:
        raise Refused("olga left.")

    async def story() -> None:
        unheard: list[Mapping[str, Any]] = []
        asyncio.get_running_loop().set_exception_handler(lambda _, context: unheard.append(context))
        async with gateway(books) as gate:
            gate._reopening = refuse
            for _ in range(2):
                with pytest.raises(Unreachable):
                    await gate.write(asked, "SELECT pg_terminate_backend(pg_backend_pid())")
                async with asyncio.timeout(30):
                    while gate.returning:
                        await asyncio.sleep(0.01)
            async with asyncio.timeout(30):
                with pytest.raises(Refused, match="olga left"):
                    await gate.read(asked)
        del gate
        gc.collect()
        assert not unheard

    run(story)


def test_a_posting_whose_answer_was_lost_is_asked_for_by_its_key(books: Books, monkeypatch: pytest.MonkeyPatch) -> None:
    document = {"id": str(uuid.uuid4()), "kind": "invoice", "number": "S-1", "customer": "S", "customer_name": "S", "create_customer": True,
                "date": "2026-06-01", "due": "2026-06-30", "amount": "5.00"}  # fmt: skip
    real = posting.post

    def loses_the_answer(session: Session, sent: Mapping[str, Any]) -> posting.Answer:
        real(session, sent)
        raise Unreachable("The connection to the database was lost.")

    def never_arrives(session: Session, sent: Mapping[str, Any]) -> posting.Answer:
        session.query("SELECT pg_terminate_backend(pg_backend_pid())")
        raise AssertionError

    async def story() -> None:
        async with gateway(books) as gate:
            monkeypatch.setattr("artui.ledger.settle.post", never_arrives)
            with pytest.raises(Unreachable, match="before this was posted"):
                await send(gate, document)
            assert await settle(gate, document["id"]) is None
            monkeypatch.setattr("artui.ledger.settle.post", loses_the_answer)
            answer = await send(gate, document)
            assert (answer.status, answer.document) == ("exists", "S-1")

    run(story)


def test_what_a_lost_connection_was_still_doing_is_ended_before_anybody_asks_what_became_of_it(books: Books) -> None:
    def half_way(session: Session) -> None:
        session.query("BEGIN")
        session.query("SELECT 1")
        threading.Timer(0.3, lambda: gates[0].cut(time.monotonic())).start()
        session.query("SELECT pg_sleep(30)")

    gates: list[Gateway[Session]] = []

    async def story() -> None:
        async with gateway(books) as gate:
            gates.append(gate)
            with pytest.raises(Unreachable):
                await gate.write(half_way)
            assert await gate.read(running_of_mine) == 0

    run(story)


def running_of_mine(session: Session) -> object:
    return session.query("SELECT count(*) FROM pg_stat_activity WHERE usename = session_user AND datname = current_database() AND pid <> pg_backend_pid() AND query LIKE '%%pg_sleep(30)%%'")[0][0]


async def connections(books: Books, count: int) -> None:
    """Wait until the person has that many connections."""
    async with asyncio.timeout(30):
        while books.query("SELECT count(*) FROM pg_stat_activity WHERE usename = 'olga' AND datname = current_database()")[0][0] != count:
            await asyncio.sleep(0.02)
