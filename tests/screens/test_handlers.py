"""A handler runs once for an event: the library itself calls that of every class, from the subclass up."""

from __future__ import annotations

import re
from pathlib import Path

import screens

CALLS_AGAIN = re.compile(r"super\(\)\._?on_(?!event\b)\w+")
"""`on_event` is no handler but the method that calls them."""


def test_no_handler_calls_the_one_it_is_called_beside() -> None:
    assert CALLS_AGAIN.search("        await super().on_mount()")
    folder = Path(screens.__file__).parent
    found = [f"{path.relative_to(folder)}: {call}" for path in sorted(folder.rglob("*.py")) for call in CALLS_AGAIN.findall(path.read_text(encoding="utf-8"))]
    assert found == []
