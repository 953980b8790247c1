"""Text as cells of a terminal: one entry a cell, nothing in it that is not a picture."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from functools import lru_cache

from rich.cells import get_character_cell_size

from artui.text import safe

MOST_MARKS = 8
"""Accents drawn onto one letter; more are left out."""

_CERTAIN = ((0x20, 0x7E), (0xA0, 0x2FF), (0x370, 0x482), (0x48A, 0x52F), (0x1E00, 0x1EFF), (0x2010, 0x2027), (0x2030, 0x205E),
            (0x20A0, 0x20C0), (0x2190, 0x2193), (0x2400, 0x2426), (0x2500, 0x25FF), (0x3041, 0x3096), (0x30A1, 0x30FF),
            (0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xAC00, 0xD7A3), (0xFF01, 0xFF60))  # fmt: skip
"""Characters whose width every terminal agrees on."""

_GLYPHS = str.maketrans({
    "▸": ">", "◂": "<", "▾": "v", "▴": "^", "●": "*", "○": "o", "◌": "?", "•": "*", "·": ".", "…": "~", "→": ">", "←": "<", "↑": "^", "↓": "v",
    "│": "|", "┃": "|", "║": "|", "─": "-", "━": "-", "═": "=", "–": "-", "—": "-", "‘": "'", "’": "'", "“": '"', "”": '"', "„": '"',
    "✓": "+", "✗": "x", "×": "x", "§": "S", "€": "E", "£": "L", "ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "ß": "s", "æ": "a",
    "Æ": "A", "œ": "o", "Œ": "O", "þ": "t", "ð": "d", "ı": "i",
})  # fmt: skip
_BLOCKS = range(0x2580, 0x25A0)
_BOXES = range(0x2500, 0x2580)
_PICTURES = range(0x2400, 0x2422)


def cells(text: str, *, ascii_only: bool = False) -> Sequence[str]:
    """Split text into the cells it takes: a character with its accents, and an empty text after a wide one.

    What has no picture of its own and takes no room is left out; what takes room becomes a symbol.
    """
    if text.isascii() and text.isprintable():
        return text
    return _cells_in_ascii(text) if ascii_only else _cells(text)


def certain(cell: str) -> bool:
    """Tell whether every terminal agrees on how wide the cell is."""
    return cell.isascii() or _certain(cell)


@lru_cache(maxsize=4096)
def _certain(cell: str) -> bool:
    return len(cell) == 1 and any(first <= ord(cell) <= last for first, last in _CERTAIN)


@lru_cache(maxsize=4096)
def _cells(text: str) -> tuple[str, ...]:
    laid: list[str] = []
    base = -1
    for char in text:
        width = get_character_cell_size(char)
        if width:
            base = len(laid)
            laid.append(_picture(char))
            laid.extend([""] * (width - 1))
            if width > 1 and get_character_cell_size(laid[base]) != width:
                laid[base:] = laid[base] * width
        elif base >= 0 and len(laid[base]) <= MOST_MARKS and unicodedata.category(char)[0] == "M" and safe("x" + char) == "x" + char:
            laid[base] += char
    return tuple(laid)


@lru_cache(maxsize=4096)
def _cells_in_ascii(text: str) -> tuple[str, ...]:
    laid: list[str] = []
    for cell in _cells(text):
        # the second cell of a wide character
        laid.append(_in_ascii(cell) if cell else "?" if laid[-1] == "?" else " ")
    return tuple(laid)


def _picture(char: str) -> str:
    """Return the character, or what stands for one that has no picture."""
    return safe("x" + char)[1]


def _in_ascii(cell: str) -> str:
    code = ord(cell[0])
    if code in _BLOCKS:
        return "#"
    if code in _PICTURES:
        return "^"
    bare = unicodedata.normalize("NFKD", cell.translate(_GLYPHS))[:1]
    if bare.isascii() and bare.isprintable():
        return bare
    return "+" if code in _BOXES else "?"
