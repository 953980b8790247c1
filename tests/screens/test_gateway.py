"""The one thread that touches the connection: what is superseded is cancelled on the server, what is written is carried through."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from artui.db.gateway import Gateway
from artui.errors import ArtuiError, Refused, Unreachable
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
    async with asyncio.timeout(10):
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
                task = asyncio.create_task(gate.read(sleep, 10))
                await asyncio.sleep(0.003)
                task.cancel()
            assert await gate.read(asked, "SELECT 7") == 7
            assert time.monotonic() - begun < 10
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
