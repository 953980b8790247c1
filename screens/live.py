"""A screen that follows the books: read again when others change what it shows, saying who did what to its record."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from artui.later import Later

if TYPE_CHECKING:
    from artui.db.listen import News
    from screens import changes
    from screens.reading import Reading
else:
    changes = Later("screens.changes")


class Watch(NamedTuple):
    """What a screen shows at this moment."""

    accounts: frozenset[int] = frozenset()
    areas: frozenset[str] = frozenset()
    """Tables that belong to no account: terms, period, setting, exchange_rate, item, staff, approval, batch …"""
    record: bool = False
    """Whether it is about these accounts alone, so that it says who changed what."""


class Live:
    """Repeat a screen's last read when it has become old: one at a time, only while it is seen, never beside the person's own."""

    def __init__(self, page: Reading) -> None:
        self.stale = False
        self.news = ""
        self._page = page
        self._last: Callable[[], Awaitable[None]] | None = None
        self._busy = False

    def reading(self, again: Callable[[], Awaitable[None]]) -> None:
        """Take note of a read the person asked for: it is newer than anything heard so far."""
        self.stale = False
        self._last = again
        self._page.workers.cancel_group(self._page, "again")

    def hear(self, news: News, own: str) -> None:
        """Note what others have changed, and read it again now or when the screen is seen."""
        watch = self._page.watches()
        mine = [change for change in news.changes if change.accounts & watch.accounts or (not change.accounts and change.what in watch.areas)]
        # what is on its way at this moment may be older than the news, and nobody knows yet what it is about
        if not (mine or news.everything or self._page.reading):
            return
        self.stale = True
        others = [change for change in mine if change.by != own and change.accounts]
        if watch.record and others:
            self.news = changes.in_words(others)
            self._page.refresh_foot()
        self.catch_up()

    def seen(self) -> None:
        """Take the news away: a key was pressed."""
        if self.news:
            self.news = ""
            self._page.refresh_foot()

    def catch_up(self) -> None:
        """Read again what is old, if the screen is seen and nothing else is being read."""
        if self._wanted and not self._busy and self._last is not None:
            self._busy = True
            work: Callable[[], Awaitable[None]] = partial(self._repeat, self._last)
            self._page.run_worker(work, group="again", description="again", exit_on_error=False)

    @property
    def _wanted(self) -> bool:
        return self.stale and self._page.is_current and not self._page.reading

    async def _repeat(self, again: Callable[[], Awaitable[None]]) -> None:
        try:
            while self._wanted:
                self.stale = False
                await again()
        except Exception as error:
            self._page.fail(error)
        finally:
            self._busy = False
