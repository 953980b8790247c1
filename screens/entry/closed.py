"""A day of a closed month, told as soon as its field is left: nobody types the rest for nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Awaitable, Callable
from functools import partial

from artui.ledger.entries import next_open
from screens.base import Page
from screens.safe import plain_day


def tell_closed(page: Page, day: dt.date) -> None:
    """Say on the screen that the month of a day is closed, and which day is the next open one; nothing while it is open."""
    work: Callable[[], Awaitable[None]] = partial(_tell, page, day)
    page.run_worker(work, group="closed", description="closed", exclusive=True, exit_on_error=False)


async def _tell(page: Page, day: dt.date) -> None:
    try:
        free = await page.program.gateway.read(next_open, day)
    except Exception as error:
        page.fail(error)
        return
    if free != day:
        page.say(f"{day:%B %Y} is closed. The next open day is {plain_day(free)}.", "wrong")
