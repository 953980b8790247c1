"""One zone for every screen, and one filled office for the tests that only read."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from tests.books import Books
from tests.screens import office as office_books


@pytest.fixture(autouse=True)
def utc(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Instants are shown in the time of the machine: here always UTC."""
    with monkeypatch.context() as patched:
        patched.setenv("TZ", "UTC")
        patched.delenv("NO_COLOR", raising=False)
        time.tzset()
        yield
    time.tzset()


@pytest.fixture(scope="module")
def office(module_books: Books) -> Books:
    """The small office, shared by the tests of a module."""
    office_books.fill(module_books)
    return module_books


@pytest.fixture
def own_office(books: Books) -> Books:
    """The small office, for one test that changes it."""
    office_books.fill(books)
    return books
