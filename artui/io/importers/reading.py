"""Files of rows: which characters, which separator, which columns; then record by record, in constant memory."""

from __future__ import annotations

import codecs
import csv
import io
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path
from typing import BinaryIO, Final

from artui.errors import BadInput
from artui.text import clean, safe

_BLOCK: Final = 1 << 20
_SNIFFED: Final = 1 << 16
_SEPARATORS: Final = ",;\t|"
_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)  # fmt: skip
LONGEST_CELL: Final = 131_072
"""Characters of one cell; a longer one is a quote that was never closed. The csv module's own limit."""


class Unreadable(Exception):
    """From this line on the file makes no sense."""

    def __init__(self, line: int, message: str) -> None:
        super().__init__(message)
        self.line = line
        self.message = message


@dataclass(frozen=True)
class Table:
    """A file that can be read: its encoding, separator and columns; `guessed` says the encoding is a guess."""

    path: Path
    encoding: str
    separator: str
    columns: tuple[str, ...]
    size: int
    guessed: bool = False

    def records(self, position: list[int] | None = None) -> Iterator[tuple[int, list[str]]]:
        """Yield each record with the line it starts on; blank ones are left out. Raises Unreadable.

        `position` gets the bytes read so far as its only entry, now and then.
        """
        with self.path.open("rb") as raw:
            rows = _rows(io.TextIOWrapper(raw, encoding=self.encoding, newline=""), self.separator)
            next(rows, None)
            for count, row in enumerate(rows):
                if position is not None and not count & 1023:
                    position[:] = [raw.tell()]
                yield row


def open_table(path: Path, encoding: str | None = None) -> Table:
    """Find out how to read a file. Raises BadInput when it is none, is empty or is not in that encoding."""
    try:
        with path.open("rb") as raw:
            status = stat.S_IFMT(path.stat().st_mode)
            if status != stat.S_IFREG:
                raise BadInput(f"{safe(str(path))} is not a file.", "Name a CSV file.")
            size = path.stat().st_size
            chosen, guessed = (_named(encoding, raw), False) if encoding else _found(raw)
            _check(path, raw, chosen, guessed)
            raw.seek(0)
            start = io.TextIOWrapper(raw, encoding=chosen, newline="").read(_SNIFFED)
    except OSError as error:
        raise BadInput(f"{safe(str(path))} cannot be read: {error.strerror}.", "Check the name.") from None
    try:
        separator, columns = _sniff(start)
    except (Unreadable, csv.Error):
        raise BadInput(
            f"{safe(str(path))} has no readable first line.", "The first line names the columns."
        ) from None
    if not columns:
        raise BadInput(f"{safe(str(path))} is empty.", "The first line names the columns.")
    return Table(path, chosen, separator, columns, size, guessed)


def _rows(stream: io.TextIOBase, separator: str) -> Iterator[tuple[int, list[str]]]:
    """Yield the records that are not blank, the header first, each with the line it starts on."""
    first = stream.readline()
    given = _given_separator(first)
    reader = csv.reader(stream if given else chain((first,), stream), delimiter=separator)
    before = 1 if given else 0
    start = before + 1
    held: tuple[int, list[str]] | None = None
    try:
        for cells in reader:
            line, start = start, reader.line_num + before + 1
            if held is not None:
                yield held
                held = None
            if not any(cells):
                continue
            if start - line > 1:
                held = line, cells
            else:
                yield line, cells
    except (csv.Error, UnicodeError) as error:
        if held is not None:
            yield held
        raise Unreadable(start, f"The file cannot be read from here on: {error}.") from None
    if held is not None:
        _check_closed(held[0], stream)
        yield held


def _check_closed(line: int, stream: io.TextIOBase) -> None:
    """Refuse a last record that swallowed the rest of the file through a quote nobody closed."""
    stream.seek(0)
    if sum(text.count('"') for text in islice(stream, line - 1, None)) % 2:
        raise Unreadable(line, "A quote opened here is never closed; nothing after it was read.")


def _given_separator(line: str) -> str:
    """Return the separator a spreadsheet wrote down as "sep=;", or nothing."""
    word = line.lstrip("\ufeff").strip().lower().strip('"')
    return word[4] if len(word) == 5 and word.startswith("sep=") and word[4] in _SEPARATORS else ""


def _sniff(start: str) -> tuple[str, tuple[str, ...]]:
    start = start.removeprefix("\ufeff")
    given = _given_separator(start.split("\n", 1)[0])
    best: tuple[str, tuple[str, ...]] = ",", ()
    for separator in given or _SEPARATORS:
        _, cells = next(_rows(io.StringIO(start, newline=""), separator), (0, []))
        if len(cells) > len(best[1]):
            best = separator, tuple(clean(cell) for cell in cells)
    return best


def _found(raw: BinaryIO) -> tuple[str, bool]:
    start = raw.read(4)
    raw.seek(0)
    for mark, name in _MARKS:
        if start.startswith(mark):
            return name, False
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        while block := raw.read(_BLOCK):
            decoder.decode(block)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return "cp1252", True
    return "utf-8", False


def _named(encoding: str, raw: BinaryIO) -> str:
    """Return the encoding to use, with the mark at the start of the file taken into account."""
    try:
        name = codecs.lookup(encoding).name
        "".encode(name)
    except (LookupError, ValueError):
        raise BadInput(
            f"There is no encoding {safe(encoding)!r}.",
            "Common ones: utf-8, cp1250, cp1252, iso-8859-2, utf-16.",
        ) from None
    return "utf-8-sig" if name == "utf-8" else name


def _check(path: Path, raw: BinaryIO, encoding: str, guessed: bool) -> None:
    """Read the file through once, so that a wrong encoding is known before anything is booked."""
    raw.seek(0)
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        while block := raw.read(_BLOCK):
            decoder.decode(block)
        decoder.decode(b"", final=True)
    except UnicodeError:
        told = (
            "is neither in UTF-8 nor in cp1252" if guessed else f"is not in {encoding.removesuffix('-sig')}"
        )
        raise BadInput(
            f"{safe(str(path))} {told}.", "Name its encoding with --encoding, such as cp1250 or utf-16."
        ) from None
