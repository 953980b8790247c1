"""The file under a statement: what it is, how large it may be, and a way to stop while it is read."""

from __future__ import annotations

import codecs
import io
import re
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Final, cast

from artui.errors import BadInput, Refused
from artui.text import safe

LARGEST: Final = 2 << 30
"""Bytes of the largest file that is read."""
LONGEST_LINE: Final = 1 << 16
"""Characters of the longest line of a text format."""
_BLOCK: Final = 1 << 16
_SNIFFED: Final = 1 << 14
_TAG = re.compile(rb"^:\d\d[A-Z]?:", re.MULTILINE)
_BAI2 = re.compile(rb"^01,[^,\r\n]*,[^,\r\n]*,\d{6},", re.MULTILINE)
_CAMT = re.compile(rb"camt\.05[234]|<(?:\w+:)?BkToCstmr(?:Acct)?(?:Rpt|Stmt|DbtCdtNtfctn)\b")

Watch = Callable[[int, int], None]
"""Told the bytes read and the bytes in all, now and then."""


class Stopped(Refused):
    """Somebody asked to stop before the file was read to its end."""

    code = "stopped"


@dataclass(frozen=True)
class Source:
    """A statement file: its format as its content says (`csv` when nothing else fits), its size and who is told about progress."""

    path: Path
    format: str
    size: int
    watch: Watch | None = None
    stopped: Callable[[], bool] | None = None

    @contextmanager
    def open(self) -> Iterator[BinaryIO]:
        """Open the file for reading from its beginning, in blocks that report progress and can be stopped."""
        with (
            self.path.open("rb", buffering=0) as raw,
            io.BufferedReader(cast(Any, _Watched(raw, self)), _BLOCK) as file,
        ):
            yield file

    @contextmanager
    def lines(self) -> Iterator[Iterator[str]]:
        """Open a text format line by line, without line ends. Raises BadInput for a line no bank would write."""
        encoding = self._encoding()
        with (
            self.open() as file,
            io.TextIOWrapper(file, encoding=encoding, errors="replace", newline="") as text,
        ):
            yield self._lines(text)

    def _lines(self, text: io.TextIOWrapper) -> Iterator[str]:
        while line := text.readline(LONGEST_LINE):
            if len(line) == LONGEST_LINE:
                raise BadInput(
                    f"{self.name} has a line longer than any bank writes.", "It is damaged, or no statement."
                )
            yield from line.rstrip("\r\n").split("\r")

    def _encoding(self) -> str:
        decoder = codecs.getincrementaldecoder("utf-8-sig")()
        with self.path.open("rb") as raw:
            try:
                while block := raw.read(_BLOCK):
                    decoder.decode(block)
                decoder.decode(b"", final=True)
            except UnicodeDecodeError:
                return "cp1252"
        return "utf-8-sig"

    @property
    def name(self) -> str:
        """The file's name as it may be shown."""
        return safe(self.path.name)


class _Watched(io.RawIOBase):
    """A raw file that tells how far it has been read."""

    def __init__(self, raw: io.FileIO, source: Source) -> None:
        self._raw, self._source = raw, source

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray) -> int:  # type: ignore[override]
        if self._source.stopped is not None and self._source.stopped():
            raise Stopped("Stopped as asked; nothing of the file was kept.", "Import it again when it suits.")
        count = self._raw.readinto(buffer)
        if self._source.watch is not None:
            self._source.watch(self._raw.tell(), self._source.size)
        return count or 0


def open_source(
    path: Path, *, watch: Watch | None = None, stopped: Callable[[], bool] | None = None
) -> Source:
    """Look at a file and tell its format. Raises BadInput when it is no file, empty, too large or not a statement."""
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            raise BadInput(f"{safe(str(path))} is not a file.", "Name a statement the bank has sent.")
        if status.st_size > LARGEST:
            raise BadInput(
                f"{safe(path.name)} is larger than {LARGEST >> 30} GB.", "Ask the bank for a shorter period."
            )
        with path.open("rb") as raw:
            start = raw.read(_SNIFFED)
    except OSError as error:
        raise BadInput(f"{safe(str(path))} cannot be read: {error.strerror}.", "Check the name.") from None
    return Source(path, _format(path, start), status.st_size, watch, stopped)


def _format(path: Path, start: bytes) -> str:
    shown = start.removeprefix(codecs.BOM_UTF8).lstrip()
    if not shown:
        raise BadInput(f"{safe(path.name)} is empty.", "Name a statement the bank has sent.")
    if shown[:64].upper().startswith((b"OFXHEADER", b"<?OFX", b"<OFX")) or b"<OFX>" in shown[:4096].upper():
        return "ofx"
    if shown.startswith(b"<") or b"\0<" in start[:8] or b"<\0" in start[:8]:
        if _CAMT.search(start.replace(b"\0", b"")):
            return "camt"
        raise BadInput(
            f"{safe(path.name)} is XML, but not a bank statement.", "CAMT.052, 053, 054 and OFX can be read."
        )
    if _TAG.search(start):
        booked = b":60F:" in start or b":60M:" in start
        return (
            "mt942"
            if not booked and (b":34F:" in start or b":13D:" in start or b":13:" in start)
            else "mt940"
        )
    return "bai2" if _BAI2.search(start[:4096]) else "csv"
