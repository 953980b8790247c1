"""Which documents a payer names in the text of a payment."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

_WORDS = re.compile(r"[^\W_]+")
_TAIL = re.compile(r"0*([0-9]{4,})$")
_HEAD = re.compile(r"([A-Z]+)[0-9]{3,}$")
_LONGEST = 4
"""A number is looked for in up to so many words in a row: "INV 2026 00 17"."""


@dataclass(frozen=True, slots=True)
class Named:
    """Documents in the order of the text, and words shaped like this account's numbers that are none of its open ones."""

    documents: tuple[str, ...]
    unknown: tuple[str, ...]


def key(number: str) -> str:
    """Reduce a document's number to what survives banks: capitals and digits."""
    return "".join(_WORDS.findall(number)).upper()


def named(text: str, documents: Iterable[str]) -> Named:
    """Find documents by whole number, spaces and signs aside, or by their last digits where only one has them."""
    whole: dict[str, str] = {}
    tails: dict[str, str] = {}
    heads: set[str] = set()
    for document in dict.fromkeys(documents):
        short = key(document)
        if len(short) >= 3 and any(sign.isdigit() for sign in short):
            whole[short] = document
        if tail := _TAIL.search(short):
            tails[tail[1]] = "" if tail[1] in tails else document
        if head := _HEAD.match(short):
            heads.add(head[1])
    words = [word.upper() for word in _WORDS.findall(text)]
    found: dict[str, None] = {}
    unknown: dict[str, None] = {}
    place = 0
    while place < len(words):
        document, used = _at(words, place, whole, tails)
        if document:
            found[document] = None
        elif shaped := _shaped(words, place, heads):
            unknown[shaped] = None
        place += used
    return Named(tuple(found), tuple(unknown))


def _at(words: Sequence[str], place: int, whole: dict[str, str], tails: dict[str, str]) -> tuple[str, int]:
    for length in range(min(_LONGEST, len(words) - place), 0, -1):
        document = whole.get("".join(words[place : place + length]))
        if document:
            return document, length
    tail = _TAIL.search(words[place])
    return (tails.get(tail[1], "") if tail else ""), 1


def _shaped(words: Sequence[str], place: int, heads: set[str]) -> str:
    """A word of the account's own shape (its letters, then digits) that names nothing open."""
    word = words[place]
    if (head := _HEAD.match(word)) and head[1] in heads:
        return word
    following = words[place + 1] if place + 1 < len(words) else ""
    if word in heads and following.isdigit() and len(following) >= 3:
        return f"{word} {following}"
    return ""
