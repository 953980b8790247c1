"""Driving the program as a person does, and reading the screen as text."""

from __future__ import annotations

import asyncio
import os
import re
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

from textual.pilot import Pilot
from textual.worker import Worker

from screens.app import ArtuiApp
from screens.people.lookup import Box, Lookup
from tests.books import Books

GOLDENS = Path(__file__).parent / "goldens"


@asynccontextmanager
async def program(books: Books, login: str = "jana", size: tuple[int, int] = (80, 24), state: Path | None = None, **more: Any) -> AsyncIterator[Pilot[None]]:
    """The program on these books, opened and at rest; `state` is the person's own folder, empty when none is named; `more` are settings, such as `keys`."""
    with tempfile.TemporaryDirectory() as empty:
        app = ArtuiApp(replace(books.config(login), state_dir=state or Path(empty), **more))
        app.look_after = None
        app.gateway.start()
        try:
            async with app.run_test(size=size, notifications=True, tooltips=True) as pilot:
                # whoever begins to listen takes all that is shown for old: it would be read again at any moment of the story
                await until(pilot, lambda: listens(app) or app.return_code is not None)
                await settled(pilot)
                yield pilot
        finally:
            app.gateway.close()


async def settled(pilot: Pilot[None]) -> None:
    """Wait until nothing is under way: no read, no look-up waiting for its pause, no lost connection being made again, no message on its way, the same picture twice."""
    before = ""
    while True:
        await pilot._wait_for_screen()
        await asyncio.sleep(0.004)
        pages = [page for page in pilot.app.screen_stack if isinstance(page, Lookup)]
        now = text(pilot)
        app = cast("ArtuiApp", pilot.app)
        screen = app.screen
        unpainted = app.return_code is None and (screen._layout_required or screen._dirty_widgets)
        busy = unpainted or any(page.looking_up for page in pages) or under_way(pilot) or app.gateway.returning or app.ahead.waiting or app.ahead.carrying_out
        if not busy and now.strip() and now == before:
            return
        before = now


def listens(app: ArtuiApp) -> bool:
    """Tell whether the program hears what others do."""
    return app._listener is not None and bool(app._listener._snapshot)


def deaf(pilot: Pilot[None]) -> None:
    """Let the program hear no more of what others do: what is shown may then be old."""
    pilot.app._listening.cancel()  # type: ignore[attr-defined]


def under_way(pilot: Pilot[None]) -> list[Worker[Any]]:
    """What works by itself; a long work that waits for a screen it opened waits for a person."""
    return [worker for worker in pilot.app.workers if worker.group != "work" or worker.node is pilot.app.screen]


async def until(pilot: Pilot[None], true: Callable[[], bool]) -> None:
    """Wait until something is true; when half a minute was not enough, fail with what the screen shows."""
    try:
        async with asyncio.timeout(30):
            while not true():
                await pilot.pause(0.01)
    except TimeoutError:
        raise AssertionError(text(pilot)) from None


async def typed(pilot: Pilot[None], text: str) -> None:
    """Put text into the box in one go, and wait for the answer; `pressed` types key by key."""
    box = pilot.app.screen.query_one(Box)
    if box.selection.is_empty:
        box.insert_text_at_cursor(text)
    else:
        box.replace(text, *box.selection)
    await settled(pilot)


async def pressed(pilot: Pilot[None], *keys: str) -> None:
    """Press keys, waiting for the answer after each."""
    for key in keys:
        pilot.app.simulate_key(key)
        await settled(pilot)


async def seconds(pilot: Pilot[None], key: str) -> float:
    """Press a key and return how long its answer took."""
    begun = time.monotonic()
    await pressed(pilot, key)
    return time.monotonic() - begun


def text(pilot: Pilot[None]) -> str:
    """What the screen shows, line by line, without trailing blanks."""
    strips = pilot.app.screen._compositor.render_strips()
    return "\n".join("".join(segment.text for segment in strip).rstrip() for strip in strips)


def line_with(pilot: Pilot[None], words: str) -> str:
    """The first line that holds these words."""
    found = [line for line in text(pilot).splitlines() if words in line]
    assert found, f"no line has {words!r}:\n{text(pilot)}"
    return found[0]


def marked(pilot: Pilot[None]) -> str:
    """The row with the cursor."""
    return line_with(pilot, "▸")


def compare(pilot: Pilot[None], name: str) -> None:
    """Compare the screen with the picture of that name; ARTUI_GOLDENS=write makes the pictures anew.

    Instants of the server's clock are written as dots.
    """
    compare_text(text(pilot), name)


def compare_text(picture: str, name: str) -> None:
    """Compare what any terminal shows with the picture of that name."""
    shown = re.sub(r"(by \w+) +\d{1,2} \w{3} \d\d \d\d:\d\d", r"\1 ...", picture) + "\n"
    shown = re.sub(r"\d\d:\d\d UTC on \d{4}-\d\d-\d\d", "... UTC", shown)
    golden = GOLDENS / f"{name}.txt"
    if os.environ.get("ARTUI_GOLDENS") == "write":
        golden.write_text(shown, encoding="utf-8")
    assert golden.read_text(encoding="utf-8") == shown


def run(story: Callable[[], Awaitable[None]]) -> None:
    """Run a story to its end."""
    asyncio.run(_bounded(story))


async def _bounded(story: Callable[[], Awaitable[None]]) -> None:
    async with asyncio.timeout(240):
        await story()
