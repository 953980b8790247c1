"""What a screen needs of the program it runs in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from screens.ahead import Ahead
from screens.keymap import Keymap

if TYPE_CHECKING:
    from artui.config import Config
    from artui.db.gateway import Gateway
    from artui.session import Session
    from screens.base import Page


class Program(Protocol):
    """What a screen needs of the program it runs in."""

    config: Config
    gateway: Gateway[Session]
    session: Session | None
    offline: str
    standing: str
    keymap: Keymap
    ahead: Ahead

    def ask_server(self) -> None:
        """Find out whether the server is there, because something takes long."""
        ...

    def redraw(self) -> None:
        """Draw the whole terminal again, whatever else wrote on it."""
        ...

    async def who(self) -> None:
        """Go to the lookup box; one step back leads here again."""
        ...

    async def go(self, page: Page) -> None:
        """Open the line that takes a word of a command or a short path."""
        ...

    async def look_up(self, text: str) -> None:
        """Go to the lookup box with a text typed into it."""
        ...

    async def help(self, page: Page) -> None:
        """Show what can be done on a screen."""
        ...

    def copy(self, text: str) -> bool:
        """Hand text to the terminal's clipboard; tell whether that is allowed here."""
        ...
