"""Hostile text on a real terminal: shown wherever it is stored or typed, and nothing of it is a command."""

from __future__ import annotations

import json
from pathlib import Path

from artui.text import safe
from tests.books import Books
from tests.screens.terminal import Terminal, strangers, terminal
from tests.screens.test_hostile import CONTROL, MARKUP, add, open_the_gates

OWN = [
    "\x1b]8;;http://evil.example\x1b\\link\x1b]8;;\x1b\\", "\x1b[31mred\x1b[0m", "\x1bc", "\x1b#8", "\x1b[?1003h", "\x1b]4;1;?\x07", "\x1b_G\x1b\\", "\x1b^pm\x1b\\",
    "\x1bPq#0\x1b\\", "\x05", "\x0e\x0f", "\x84\x85\x8d\x90", "a\u0301" * 40, "👩\u200d👩\u200d👧", "\u200fabc\u200e", "[@click=app.exit]go[/]", "[/", "{0}%s", "'; DROP TABLE x;--",
    "\U0001f1e8\U0001f1ff", "\ufffe", "\U000e0001", "\u3164", "\u115f", "ﷺ", "𒐫", "\x1b[200~rm -rf\x1b[201~",
]  # fmt: skip
ACCOUNT = "H0001"


def payloads(shared: Path) -> list[str]:
    """Every hostile string we know, but for what PostgreSQL stores in no text: NUL and halves of characters."""
    terminal_ones = [entry["text"] for entry in json.loads((shared / "cases/hostile/terminal_some.json").read_text())["strings"]]
    naughty = json.loads((shared / "cases/hostile/blns_every_third.json").read_text())
    known = [*terminal_ones, *(naughty if isinstance(naughty, list) else naughty["strings"]), *CONTROL.values(), *MARKUP, *OWN]
    texts = [text if isinstance(text, str) else text["text"] for text in known]
    return [text.replace("\x00", "").encode("utf-8", "ignore").decode() for text in texts if text.strip("\x00")]


def store(books: Books, texts: list[str]) -> None:
    """Put each payload where the card, the documents and the lookup show it."""
    open_the_gates(books)
    add(books, ACCOUNT, "Placeholder")
    party = f"(SELECT party_id FROM account WHERE number = '{ACCOUNT}')"
    for text in texts:
        books.query(f"INSERT INTO contact (party_id, name, title) VALUES ({party}, %s, %s)", text[:60], text[:60])
    for text in texts[:40]:
        books.query(f"INSERT INTO activity (account_id, direction, channel, outcome, note) SELECT id, 'in', 'phone', %s, %s FROM account WHERE number = '{ACCOUNT}'", text[:60], text[:300])
    everything = "".join(text[:12] for text in texts)[:600]
    books.query(f"UPDATE party SET name = %s, note = %s WHERE id = {party}", f"Hostile {everything}", everything)
    books.query(f"UPDATE account SET hold = true, hold_reason = %s WHERE number = '{ACCOUNT}'", everything)


def walk(screen: Terminal, pages: int) -> str:
    """Turn all pages of a list; return everything that was seen."""
    seen = screen.text()
    for _ in range(pages):
        before = screen.text()
        screen.press("pagedown")
        screen.settle(0.2)
        seen += screen.text()
        if screen.text() == before:
            break
    return seen


def test_stored_and_typed_payloads_are_text_on_every_screen(books: Books, shared: Path) -> None:
    texts = payloads(shared)
    store(books, texts)
    with terminal(books, size=(132, 60)) as screen:
        screen.shows("Type what the caller gives:")
        screen.press("hostile")
        screen.shows(f"▸ {ACCOUNT}")
        screen.press("enter")
        screen.shows(f"Customer {ACCOUNT}")
        for digit in "123456789":
            screen.answer(digit)
        screen.press("3")
        seen = walk(screen, 40)
        for key in ("1", "enter", "j", "f1", "f3", "f3", "f3", "f3"):
            screen.answer(key)
        for text in [*CONTROL.values(), *OWN]:
            # what is pasted, and what a terminal was tricked into sending as if it were typed
            screen.press(f"\x1b[200~{text.replace(chr(27) + '[201~', '')}\x1b[201~")
            screen.settle(0.02)
            screen.press("ctrl+u")
        screen.settle()
        assert screen.process.poll() is None, "the program is still there"
        assert not strangers(screen.output)
        assert b"Something unforeseen" not in screen.output
        plain = [safe(text[:60]) for text in texts]
        missing = [text for text in plain if text.isascii() and len(text) > 4 and " ".join(text.split()) not in " ".join(seen.split())]
        assert not missing, missing[:3]
