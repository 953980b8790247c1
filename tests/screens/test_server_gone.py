"""A server of its own is stopped, killed, frozen and thrown out of, while somebody types: nothing typed is lost, and the screen comes back by itself."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import subprocess
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import pytest
from textual.pilot import Pilot

from artui.config import load_config
from artui.db.embedded import EmbeddedServer
from artui.session import connect_session, reopen_session
from screens.people.lookup import Box
from tests.books import Books, Server, embedded_server
from tests.screens import office
from tests.screens.pilot import pressed, program, run, settled, text, typed, until

BACK = 3.0
"""Seconds from the server's first answer to a screen that is true again."""
NOTICED = 6.0
"""Seconds in which a server that hangs is noticed, where it is asked every second and given one to answer."""


@pytest.fixture(scope="module")
def lonely(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server nobody else works on."""
    with embedded_server(tmp_path_factory.mktemp("lonely")) as server:
        yield server


@pytest.fixture
def fragile(lonely: Server) -> Iterator[Books]:
    """The small office on that server."""
    made = lonely.books(f"f_{os.getpid()}_{time.monotonic_ns()}")
    # the sequences of a cloned database are not in the log until the next checkpoint: a server killed before would count back
    lonely.run("CHECKPOINT")
    office.fill(made)
    yield made
    made.drop()


def embedded(books: Books) -> EmbeddedServer:
    return EmbeddedServer(load_config(books.server.environ))


def family(books: Books) -> list[int]:
    """The processes of the server, its postmaster first."""
    postmaster = embedded(books).status().pid
    assert postmaster is not None
    listing = subprocess.run(["ps", "-A", "-o", "pid=,ppid="], capture_output=True, text=True, check=True).stdout
    return [postmaster, *(int(pid) for pid, parent in (line.split() for line in listing.splitlines()) if int(parent) == postmaster)]


def send(pids: list[int], what: signal.Signals) -> None:
    for pid in pids:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, what)


def change_somebody(books: Books, name: str) -> None:
    books.query("UPDATE party SET name = %s WHERE id = (SELECT party_id FROM account WHERE number = '10442')", name)


@asynccontextmanager
async def half_typed(books: Books) -> AsyncIterator[Pilot[None]]:
    """Jana has looked at 10442, and has begun to type something else."""
    async with program(books) as pilot:
        await typed(pilot, "10442")
        await pressed(pilot, "enter", "f2")
        await typed(pilot, "reyes")
        yield pilot


async def back_in_time(pilot: Pilot[None], words: str, since: float) -> None:
    await until(pilot, lambda: words in text(pilot) and "Trying again" not in text(pilot))
    took = time.monotonic() - since
    print(f"current again {took:.2f} s after the server's return")
    assert took < BACK


@pytest.mark.parametrize("how", ["stopped", "killed"])
def test_the_server_goes_and_comes_back(fragile: Books, how: str) -> None:
    async def story() -> None:
        async with half_typed(fragile) as pilot:
            server = embedded(fragile)
            if how == "killed":
                send(family(fragile), signal.SIGKILL)
            else:
                await asyncio.to_thread(server.stop)
            await until(pilot, lambda: "Trying again; what you typed stays." in text(pilot))
            await pilot.press("x")
            await until(pilot, lambda: "> reyesx" in text(pilot))
            await pilot.press("backspace")
            await asyncio.to_thread(server.ensure_running)
            since = time.monotonic()
            await asyncio.to_thread(change_somebody, fragile, f"Reyes {how}")
            await back_in_time(pilot, f"Reyes {how}", since)
            assert pilot.app.screen.query_one(Box).value == "reyes"

    run(story)


def test_everybody_is_thrown_out_and_what_changed_meanwhile_is_shown(fragile: Books) -> None:
    async def story() -> None:
        async with half_typed(fragile) as pilot:
            fragile.query("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()")
            change_somebody(fragile, "Reyes Thrown Out")
            await back_in_time(pilot, "Reyes Thrown Out", time.monotonic())
            await settled(pilot)
            rows = "SELECT application_name, count(*) FROM pg_stat_activity WHERE datname = current_database() AND usename = 'jana' GROUP BY 1 ORDER BY 1"
            # one connection to read, one to listen: that one may come a moment later
            await until(pilot, lambda: fragile.query(rows) == [("artui", 1), ("artui listening", 1)])

    run(story)


def test_a_server_that_hangs_is_noticed_and_the_keyboard_stays_alive(fragile: Books, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("artui.db.listen.HEARTBEAT", 1.0)
    monkeypatch.setattr("artui.db.listen.ANSWER", 1.0)

    async def story() -> None:
        async with half_typed(fragile) as pilot:
            pids = family(fragile)
            send(pids, signal.SIGSTOP)
            try:
                frozen = time.monotonic()
                await pilot.press("x", "backspace")
                async with asyncio.timeout(NOTICED):
                    while "The database does not answer." not in text(pilot):
                        await asyncio.sleep(0.05)
                        begun = time.monotonic()
                        await pilot.press("x", "backspace")
                        assert time.monotonic() - begun < 1.5, "keys are answered while the server hangs"
                print(f"noticed after {time.monotonic() - frozen:.2f} s")
            finally:
                send(pids, signal.SIGCONT)
            since = time.monotonic()
            await asyncio.to_thread(change_somebody, fragile, "Reyes Farms Thawed")
            await back_in_time(pilot, "Reyes Farms Thawed", since)

    run(story)


def test_an_embedded_server_that_died_is_started_again_and_one_that_was_stopped_is_not(fragile: Books) -> None:
    config = load_config({**fragile.server.environ, "ARTUI_TODAY": "2026-06-15"})
    session = connect_session(config, fragile.dsn("jana"))
    send(family(fragile), signal.SIGKILL)
    server = embedded(fragile)
    deadline = time.monotonic() + 30
    while not server.died():
        assert time.monotonic() < deadline
        time.sleep(0.01)
    again = reopen_session(session)
    assert again.query("SELECT 1") == [(1,)]
    again.close()
    server.stop()
    assert not server.died()
    with pytest.raises(Exception, match="does not answer"):
        reopen_session(session)
    server.ensure_running()
