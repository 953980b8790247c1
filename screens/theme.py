"""What a look means on the terminal there is: the only place that knows colours."""

from __future__ import annotations

from collections.abc import Mapping

from rich.style import Style
from textual.dom import DOMNode

Looks = Mapping[str, Style]
"""The style of each look by its name."""

TERMINAL: Looks = {
    "": Style(),
    "title": Style(color="bright_white", bgcolor="blue", bold=True),
    "heading": Style(bold=True, underline=True),
    "strong": Style(bold=True),
    "key": Style(bold=True, color="cyan"),
    "late": Style(color="red", bold=True),
    "mark": Style(color="yellow", bold=True),
    "wrong": Style(color="red", bold=True),
    "here": Style(reverse=True),
    "cell": Style(bold=True, underline=True),
    "off": Style(dim=True),
}
"""The sixteen colours the person chose for their terminal; each look also differs by letter, sign or weight."""


def looks_of(node: DOMNode) -> Looks:
    """Return the looks of the program a widget runs in."""
    looks: Looks = getattr(node.app, "looks", TERMINAL)
    return looks
