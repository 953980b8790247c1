"""Text at the door, on the screen and in search: what is kept, what is shown, what counts as the same."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

REPLACEMENT: Final = "\ufffd"

# Drawn as nothing although Unicode calls them letters, marks or unassigned: two names that look alike
# would differ, and a screen cell would be counted that is never painted.
_INVISIBLE: Final = (
    (0x034F, 0x034F), (0x115F, 0x1160), (0x17B4, 0x17B5), (0x180B, 0x180F), (0x2065, 0x2065),
    (0x3164, 0x3164), (0xFE00, 0xFE0F), (0xFFA0, 0xFFA0), (0xFFF0, 0xFFF8), (0xE0000, 0xE0FFF),
)  # fmt: skip
_HIDDEN: Final = re.compile("[" + "".join(f"{chr(a)}-{chr(b)}" for a, b in _INVISIBLE) + "]")
_TIDY_ASCII: Final = re.compile(r"(?:[!-~]+(?: [!-~]+)*)?").fullmatch
_SPACES: Final = re.compile(r" {2,}")
_LINE_ENDS: Final = re.compile("\r\n|[\r\n\x85\u2028\u2029]")
_SEQUENCE: Final = re.compile(r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]|\x1b[\]P^_X][^\x07\x1b\r\n]*(?:\x07|\x1b\\)|\x1b[ -/]*[0-~]?")
_FORMULA_STARTS: Final = frozenset("=+-@\t\r\n\0＝＋－＠")


def _is_hidden(char: str) -> bool:
    return unicodedata.category(char) in ("Cf", "Cs") or _HIDDEN.match(char) is not None or _is_nonchar(char)


def _is_nonchar(char: str) -> bool:
    code = ord(char)
    return code & 0xFFFE == 0xFFFE or 0xFDD0 <= code <= 0xFDEF


def _door(char: str) -> str:
    kind = unicodedata.category(char)
    if char < " " or char == "\x85" or kind in ("Zs", "Zl", "Zp"):
        return " "
    return "" if kind == "Cc" or _is_hidden(char) else char


def _visible(char: str) -> str:
    code, kind = ord(char), unicodedata.category(char)
    if code < 0x20:
        return chr(0x2400 + code)
    if code == 0x7F:
        return "\u2421"
    if kind == "Zs":
        return " "
    # Newer Han characters than this Python knows are ordinary letters of people's names.
    newer_han = kind == "Cn" and 0x20000 <= code < 0x40000 and not _is_nonchar(char)
    harmless = kind[0] not in "CZ" or newer_han
    return char if harmless and not _HIDDEN.match(char) else REPLACEMENT


class _ByDoor(dict[int, str]):
    def __missing__(self, code: int) -> str:
        self[code] = _door(chr(code))
        return self[code]


class _BySight(dict[int, str]):
    def __missing__(self, code: int) -> str:
        self[code] = _visible(chr(code))
        return self[code]


_by_door = _ByDoor()
_by_sight = _BySight()


def clean(text: str) -> str:
    """Make text fit for a single-line field: NFC, no control or invisible characters, single spaces."""
    if _TIDY_ASCII(text):
        return text
    kept = unicodedata.normalize("NFC", text.translate(_by_door))
    return _SPACES.sub(" ", kept).strip(" ")


def clean_block(text: str) -> str:
    """Clean text of several lines, line by line; line ends become newlines, outer blank lines go."""
    return "\n".join(clean(line) for line in _LINE_ENDS.split(text)).strip("\n")


def lines_of(pasted: str) -> tuple[str, ...]:
    """Give the lines of pasted text, each clean, without empty ones; what a terminal would obey is gone whole, not only its first character."""
    lines = (clean(line) for line in _LINE_ENDS.split(_SEQUENCE.sub("", pasted)))
    return tuple(line for line in lines if line)


def safe(text: str) -> str:
    """Give text that can be shown: every character without a picture of its own becomes a symbol."""
    if text.isprintable() and (text.isascii() or not (_HIDDEN.search(text) or _leads_with_mark(text))):
        return text
    shown = text.translate(_by_sight)
    return "\u25cc" + shown if _leads_with_mark(shown) else shown


def _leads_with_mark(text: str) -> bool:
    """Tell whether the first character would be painted onto whatever stands before the text."""
    return unicodedata.category(text[:1] or " ")[0] == "M"


def unclean(text: str) -> str | None:
    """Say which character `clean` would remove and where; None when there is none."""
    if text.isascii() and text.isprintable():
        return None
    for place, char in enumerate(text, 1):
        what = _fault(char)
        if what:
            return f"{what} (U+{ord(char):04X}) at position {place}"
    return None


def _fault(char: str) -> str:
    kind = unicodedata.category(char)
    if char in "\r\n\x85\u2028\u2029":
        return "a line break"
    if kind == "Cc":
        return "a control character"
    if unicodedata.bidirectional(char) in ("LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"):
        return "a character that reverses the reading direction"
    if kind == "Cs":
        return "half a character"
    return "an invisible character" if _is_hidden(char) else ""


def spreadsheet_safe(text: str) -> str:
    """Prefix an apostrophe where a spreadsheet would take the text for a formula."""
    first = text.lstrip(" \u00a0")[:1] or text[:1]
    return "'" + text if first in _FORMULA_STARTS else text


# Letters that no decomposition brings to their base; the same as PostgreSQL's unaccent has them.
_BASE_LETTERS: Final = str.maketrans(
    dict(zip("øđðħıłŋŧĸəƀɓƈɖɗɛƒɠɨƙƚɲƥƭʋƴƶǥȥ", "oddhilntqəbbcddefgiklnptvyzgz", strict=True))
    | {"æ": "ae", "œ": "oe", "ß": "ss", "þ": "th", "ё": "е", "×": "*", "÷": "/", "⁄": "/"}
    | {"ʼ": "'", "‘": "'", "’": "'", "‛": "'", "′": "'", "“": '"', "”": '"', "„": ",,"}
    | {"«": "<<", "»": ">>", "¡": "!", "¿": "?"}
    | dict.fromkeys("‐‑‒–—―−", "-")
)
_MARKS: Final = re.compile(
    "(?<![\u0400-\u04ff])[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]+"
)


def fold(text: str) -> str:
    """Give the key under which text is matched: lower case, without accents, ß as ss, ł as l.

    Agrees with lower(unaccent(text)) in the database for Latin, Greek and Cyrillic; other scripts stay.
    """
    if text.isascii():
        return text.lower()
    bare = _MARKS.sub("", unicodedata.normalize("NFKD", text))
    # Letter by letter, as the database does it: a final capital sigma becomes an ordinary small one.
    lowered = unicodedata.normalize("NFC", bare).replace("Σ", "σ").lower()
    return _MARKS.sub("", lowered).translate(_BASE_LETTERS)


def literally(text: str) -> str:
    """Give a text for a LIKE pattern: what has a meaning there stands for itself."""
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


_DIGIT_RUN: Final = re.compile(r"(?<![0-9])(\+?)([A-Za-z]{2})?((?:[0-9][ .-]?){12,}[0-9])(?![0-9])", re.ASCII)


def card_number(text: str) -> str | None:
    """Give the number of a payment card a text holds, all but its first six and last four digits masked; None for none.

    Groups of digits that together are 13 to 19 long, of an issuer's range and with the right check digit (ISO/IEC 7812).
    A telephone number (a plus and at most 15 digits) and an IBAN are other things.
    """
    found = _first_card(text)
    return None if found is None else _mask(re.sub(r"[^0-9]", "", text[found[0] : found[1]]))


def mask_cards(text: str) -> str:
    """Give a text with the middle digits of every card number in it masked."""
    while (found := _first_card(text)) is not None:
        text = text[: found[0]] + _mask(re.sub(r"[^0-9]", "", text[found[0] : found[1]])) + text[found[1] :]
    return text


def _mask(number: str) -> str:
    return number[:6] + "*" * (len(number) - 10) + number[-4:]


def _first_card(text: str) -> tuple[int, int] | None:
    for match in _DIGIT_RUN.finditer(text):
        plus, letters, run = match.groups()
        digits = re.sub(r"[^0-9]", "", run)
        if (plus and len(digits) <= 15) or (letters and _is_iban(letters, digits)):
            continue
        groups = [(part.start(), part.end()) for part in re.finditer(r"[0-9]+", run)]
        for first, (begin, _) in enumerate(groups):
            for _, end in groups[first:]:
                number = re.sub(r"[^0-9]", "", run[begin:end])
                if 13 <= len(number) <= 19 and re.match(r"[3-6]|2[2-7]", number) and _luhn(number):
                    return match.start(3) + begin, match.start(3) + end
    return None


def _is_iban(letters: str, digits: str) -> bool:
    return len(digits) <= 32 and int(digits[2:] + "".join(str(ord(one) - 55) for one in letters.upper()) + digits[:2]) % 97 == 1


def _luhn(number: str) -> bool:
    doubled = [sum(divmod(int(one) * 2, 10)) for one in number[-2::-2]]
    return (sum(doubled) + sum(map(int, number[-1::-2]))) % 10 == 0


def counted(number: int, one: str, many: str = "") -> str:
    """Count in words: "1 option", "12 options"; `many` where an s does not make it: "2 entries"."""
    return f"{number} {one if number == 1 else many or f'{one}s'}"
