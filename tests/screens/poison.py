"""Books in which every free text is hostile: each column has a mark of its own, each row another payload behind it."""

from __future__ import annotations

import re
import string
import unicodedata

import psycopg2

from artui.text import safe
from tests.books import Books
from tests.screens.test_hostile import CONTROL, MARKUP, open_the_gates

MORE = [
    "\x1b]8;;http://evil.example\x1b\\link\x1b]8;;\x1b\\", "\x1b[31mred\x1b[0m", "\x1bc", "\x1b#8", "\x1b[?1003h", "\x1b]4;1;?\x07", "\x1b_G\x1b\\", "\x1b^pm\x1b\\",
    "\x1bPq#0\x1b\\", "\x05", "\x0e\x0f", "\x84\x85\x8d\x90", "a\u0301" * 40, "👩\u200d👩\u200d👧", "\u200fabc\u200e", "[@click=app.exit]go[/]", "[/", "{0}%s", "'; DROP TABLE x;--",
    "\U0001f1e8\U0001f1ff", "\ufffe", "\U000e0001", "\u3164", "\u115f", "ﷺ", "𒐫", "\x1b[200~rm -rf\x1b[201~", "株" * 30, "W" * 150, "[link=x]y[/link]", "\\[b]", "$name ${HOME}", "\x08\x08\x08", "\r\n\tx",
]  # fmt: skip
PAYLOADS = [*CONTROL.values(), *MARKUP, *MORE]
"""Commands to a terminal, markup, what cannot be seen, what is wide, long or piled up. PostgreSQL stores no NUL; that is typed."""
EXEMPT = {"interest_profile.code", "reference_rate.name", "import_profile.name", "account.interest_profile", "bank_entry.reason", "role_conflict.reason"}
"""Keys the program itself looks for."""
NUMBERS = {"account.number", "document.number", "item.number", "bank_account.number", "batch.number"}
"""What must stay different in every row."""
TYPED = {"account.number", "document.number"}
"""What a field of a form holds to be read again: nothing a keyboard could not type."""
_LETTERS = string.ascii_letters + string.digits
_MARK = re.compile(r"Q([a-z]{2})([A-Za-z0-9])")


def poison(books: Books) -> dict[str, str]:
    """Put a payload into every free text there is, triggers or not; names keep their first two words. Return which mark stands for which column."""
    open_the_gates(books)
    marks: dict[str, str] = {}
    for place, (table, column) in enumerate(_columns(books)):
        mark = f"Q{_LETTERS[place // 26]}{_LETTERS[place % 26]}"
        name = f"{table}.{column}"
        texts = [f"{mark}{_LETTERS[at]}{text}" for at, text in enumerate(PAYLOADS) if name not in TYPED or (safe(text) == text and len(text) < 25)]
        begin, number = "split_part(x.name, ' ', 1) || ' ' || split_part(x.name, ' ', 2) || ' ' || " if name == "party.name" else "", " || n" if name in NUMBERS else ""
        statement = (
            f"UPDATE ar.{table} x SET {column} = {begin}left(v.value, 180){number} FROM (SELECT ctid, row_number() OVER () AS n FROM ar.{table}) r, unnest(%s) WITH ORDINALITY v(value, place)"
            f" WHERE x.ctid = r.ctid AND v.place = 1 + (r.n * 7 + {place}) %% {len(texts)} AND x.{column} IS NOT NULL"
        )
        if any(_done(books, before + statement, texts) for before in ("", "SET LOCAL session_replication_role = replica; ")):
            marks[mark] = name
    books.query("UPDATE setting SET value = to_jsonb(%s::text) WHERE name = 'company.name'", f"Company {''.join(text[:6] for text in PAYLOADS)}")
    return marks


def _columns(books: Books) -> list[tuple[str, str]]:
    found = books.query(
        """SELECT c.relname::text, a.attname::text FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid JOIN pg_type t ON t.oid = a.atttypid
           WHERE c.relnamespace = 'ar'::regnamespace AND c.relkind IN ('r', 'p') AND NOT a.attisdropped AND a.attgenerated = ''
             AND (t.typname IN ('line_text', 'note_text') OR c.relname || '.' || a.attname = ANY (%s)) AND c.relname || '.' || a.attname <> ALL (%s) ORDER BY 1, 2""",
        sorted(NUMBERS),
        sorted(EXEMPT),
    )
    return [(table, column) for table, column in found]


def _done(books: Books, statement: str, texts: list[str]) -> bool:
    try:
        books.query(statement, texts)
    except psycopg2.Error:
        return False
    return True


def misread(screen: str, marks: dict[str, str]) -> list[str]:
    """Every marked text of a screen that is not what was stored, in its safe form, up to where the column ends."""
    return [f"{marks[f'Q{column}']}: {rest[:20]!r} for {expected[:20]!r}" for column, expected, rest in _marked(screen, marks) if not _agrees(expected, rest)]


def whole(screen: str, marks: dict[str, str]) -> set[str]:
    """The payloads that are there from the first to the last letter."""
    return {expected for _, expected, rest in _marked(screen, marks) if rest.startswith(expected)}


def _marked(screen: str, marks: dict[str, str]) -> list[tuple[str, str, str]]:
    found = []
    for row in screen.splitlines():
        for match in _MARK.finditer(row):
            at = _LETTERS.index(match[2])
            if f"Q{match[1]}" in marks and at < len(PAYLOADS):
                found.append((match[1], _blanks(safe(PAYLOADS[at])), _blanks(row[match.end() :])))
    return [each for each in found if all(char < "\u2500" for char in each[1])]


def _blanks(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).split())


def _agrees(expected: str, rest: str) -> bool:
    same = next((at for at, (one, other) in enumerate(zip(expected, rest, strict=False)) if one != other), min(len(expected), len(rest)))
    return same == len(expected) or rest[same : same + 1] in ("", " ", "…", "\u2502")
