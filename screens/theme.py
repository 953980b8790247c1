"""What a look means on the terminal there is: the only place that knows colours."""

from __future__ import annotations

import locale
from collections.abc import Mapping
from typing import Any, NamedTuple
from weakref import WeakKeyDictionary

from rich.style import Style
from textual.app import App
from textual.dom import DOMNode
from textual.theme import Theme as Drawing

from artui.errors import BadInput

Looks = Mapping[str, Style]
"""The style of each look by its name."""


class Theme(NamedTuple):
    """Looks under a name, and what fields and empty ground are drawn with; None is the terminal's own."""

    name: str
    drawing: Drawing | None
    looks: Looks


TERMINAL: Looks = {
    "": Style(),
    "title": Style(color="bright_white", bgcolor="blue", bold=True),
    "heading": Style(bold=True, underline=True),
    "strong": Style(bold=True),
    "key": Style(bold=True, color="cyan"),
    "late": Style(color="red", bold=True),
    "mark": Style(color="yellow", bold=True),
    "wrong": Style(color="red", bold=True),
    "here": Style(color="black", bgcolor="cyan"),
    "off": Style(dim=True),
}
"""The sixteen colours the person chose for their terminal; each look also differs by letter, sign or weight."""

CONTRAST: Looks = {
    "": Style(),
    "title": Style(reverse=True, bold=True),
    "heading": Style(bold=True, underline=True),
    "strong": Style(bold=True),
    "key": Style(bold=True),
    "late": Style(bold=True),
    "mark": Style(bold=True),
    "wrong": Style(bold=True, reverse=True),
    "here": Style(reverse=True),
    "off": Style(),
}
"""The terminal's own text and ground, nothing dim, what matters bold or reversed."""



def _painted(name: str, *, ink: str, ground: str, band: str, title: str, key: str, late: str, mark: str, here: str, off: str) -> Theme:
    """Return a theme on a ground of its own; what is not named here, the library mixes from these."""
    return Theme(
        name, Drawing(name=f"artui-{name}", dark=name == "dark", primary=band, foreground=ink, background=ground, surface=ground, panel=ground, text_alpha=1.0),
        {
            "": Style(),
            "title": Style(color=title, bgcolor=band, bold=True),
            "heading": Style(bold=True, underline=True),
            "strong": Style(bold=True),
            "key": Style(color=key, bold=True),
            "late": Style(color=late, bold=True),
            "mark": Style(color=mark, bold=True),
            "wrong": Style(color=late, bold=True),
            "here": Style(bgcolor=here),
            "off": Style(color=off),
        },
    )  # fmt: skip


THEMES: Mapping[str, Theme] = {
    theme.name: theme
    for theme in (
        Theme("terminal", None, TERMINAL),
        Theme("contrast", None, CONTRAST),
        _painted("dark", ink="#e4e4e4", ground="#1c1c1c", band="#005f87", title="#ffffff", key="#5fd7d7", late="#ff8787", mark="#ffd75f", here="#005f87", off="#9e9e9e"),
        _painted("light", ink="#1c1c1c", ground="#ffffff", band="#005f87", title="#ffffff", key="#005f5f", late="#af0000", mark="#875f00", here="#afd7ff", off="#585858"),
    )
}
"""By name: the terminal's own colours, its own text and ground alone, and two with a ground of their own."""


class Appearance(NamedTuple):
    """How the program looks on one terminal: its theme, whether it keeps to ASCII, and whether the library draws by itself."""

    theme: str = "terminal"
    ascii_only: bool = False
    stock_output: bool = False

    def dress(self, app: App[Any]) -> None:
        """Give a program its colours."""
        drawing = THEMES[self.theme].drawing
        if drawing is not None:
            app.register_theme(drawing)
            app.ansi_color = False
        # not `app.theme = …`: that would have all styles read and applied once more at the start
        app.set_reactive(App.theme, drawing.name if drawing else "ansi-dark")
        app.stylesheet.set_variables(app.get_css_variables())


def appearance(settings: Mapping[str, object], environ: Mapping[str, str], *, ascii_only: bool = False) -> Appearance:
    """Read the section [screen] of the configuration, ARTUI_THEME, ARTUI_STOCK_OUTPUT and what the terminal is said to be.

    Raises BadInput for a theme there is not, and for a switch that is neither true nor false.
    """
    theme = environ.get("ARTUI_THEME") or settings.get("theme", "terminal")
    if not isinstance(theme, str) or theme not in THEMES:
        raise BadInput(f"The theme of the screens is {theme!r}.", f"There are {', '.join(THEMES)}.")
    return Appearance(
        theme,
        ascii_only or _switch(settings, "ascii") or not takes_unicode(environ),
        _switch(settings, "stock_output") or environ.get("ARTUI_STOCK_OUTPUT", "") not in ("", "0"),
    )


def takes_unicode(environ: Mapping[str, str]) -> bool:
    """Tell whether the terminal is said to be in UTF-8: only a locale that names another encoding says no."""
    named = environ.get("LC_ALL") or environ.get("LC_CTYPE") or environ.get("LANG") or ""
    encoding = named.partition(".")[2].partition("@")[0] or locale.getpreferredencoding(False)
    return encoding.replace("-", "").lower() in ("utf8", "")


def _switch(settings: Mapping[str, object], name: str) -> bool:
    value = settings.get(name, False)
    if not isinstance(value, bool):
        raise BadInput(f"[screen] {name} is {value!r}.", "Write true or false.")
    return value


def looks_of(node: DOMNode) -> Looks:
    """Return the looks of the program a widget runs in."""
    looks: Looks = getattr(node.app, "looks", TERMINAL)
    return looks


_DRAWN: WeakKeyDictionary[App[Any], Looks] = WeakKeyDictionary()


def drawn_looks(node: DOMNode) -> Looks:
    """Return the looks on the ink and ground of the program, found out once: they are the same under every sheet."""
    drawn = _DRAWN.get(node.app)
    if drawn is None:
        ground = node.rich_style
        drawn = _DRAWN[node.app] = {name: ground + look for name, look in looks_of(node).items()}
    return drawn
