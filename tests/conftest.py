"""Real servers, real logins: what the tests stand on."""

from __future__ import annotations

import os
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from tests.books import Books, Server, embedded_server, tcp_server

# the same examples on every machine, and no limit of time for one: a busy machine is no fault; --hypothesis-profile=default tries others
settings.load_profile("ci")

_skipped_for_data: list[str] = []


@pytest.fixture
def shared(request: pytest.FixtureRequest) -> Path:
    """The folder of reference data named by ARTUI_SHARED; without it the test is skipped, with a wrong one it fails."""
    named = os.environ.get("ARTUI_SHARED")
    if named:
        folder = Path(named)
        if not (folder / "cases").is_dir():
            pytest.fail(f"ARTUI_SHARED names {folder}, which holds no reference data")
        return folder
    beside = Path(__file__).resolve().parents[2] / "shared"
    if (beside / "cases").is_dir():
        return beside
    _skipped_for_data.append(request.node.nodeid)
    pytest.skip("no reference data: set ARTUI_SHARED")


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One PostgreSQL for the whole run: embedded, or over TCP with passwords when ARTUI_TEST_SERVER=tcp."""
    base = tmp_path_factory.getbasetemp()
    root = base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base
    make = tcp_server if os.environ.get("ARTUI_TEST_SERVER") == "tcp" else embedded_server
    with make(root) as running:
        yield running


@pytest.fixture
def new_books(server: Server) -> Iterator[Callable[[], Books]]:
    """Make any number of empty books, each a database of its own with the staff of the sample office."""
    made: list[Books] = []

    def make() -> Books:
        made.append(server.books(f"t_{uuid.uuid4().hex[:12]}"))
        return made[-1]

    yield make
    for books in made:
        books.drop()


@pytest.fixture
def books(new_books: Callable[[], Books]) -> Books:
    """Empty books."""
    return new_books()


@pytest.fixture(scope="module")
def module_books(server: Server) -> Iterator[Books]:
    """Books shared by the tests of one module, for tests that only read or that leave no trace."""
    made = server.books(f"m_{uuid.uuid4().hex[:12]}")
    yield made
    made.drop()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say how many tests did not run for want of the reference data."""
    skipped = [
        report
        for report in terminalreporter.stats.get("skipped", [])
        if "no reference data" in str(report.longrepr)
    ]
    if skipped:
        terminalreporter.write_line(
            f"skipped for missing reference data: {len(skipped)} (set ARTUI_SHARED=DIR)"
        )
