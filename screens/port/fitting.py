"""Whether the library that draws is the one the port was tested with; with any other, its own output is used."""

from __future__ import annotations

import inspect
from pathlib import Path

TESTED = ("8.2.8",)
"""Versions of Textual under which every cell was compared with its own output."""


def misfit() -> str:
    """Say what of the library is not as the port knows it; nothing when all is."""
    try:
        import textual
        from textual import _compositor
        from textual._xterm_parser import XTermParser
        from textual.app import App
        from textual.driver import Driver
    except ImportError as error:
        return str(error)
    # its own __version__ is read out of the whole description of the package, which takes longer than all the rest here
    installed = Path(textual.__file__).parent.parent
    if not any((installed / f"textual-{version}.dist-info").is_dir() for version in TESTED) and textual.__version__ not in TESTED:
        return f"Textual {textual.__version__} was not tested; {', '.join(TESTED)} was"
    known = {
        "App._display": (App, "_display", ["self", "screen", "renderable"]),
        "App.post_display_hook": (App, "post_display_hook", ["self"]),
        "LayoutUpdate": (_compositor.LayoutUpdate, "__init__", ["self", "strips", "region"]),
        "ChopsUpdate": (_compositor.ChopsUpdate, "__init__", ["self", "chops", "spans", "chop_ends"]),
        "XTermParser.feed": (XTermParser, "feed", ["self", "data"]),
        "Driver.process_message": (Driver, "process_message", ["self", "message"]),
    }
    for name, (owner, method, parameters) in known.items():
        if list(inspect.signature(getattr(owner, method, _nothing)).parameters) != parameters:
            return f"{name} is not as it was"
    return ""


def _nothing(*nothing: None) -> None:
    """Stand for a method that is gone."""
