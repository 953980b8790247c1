"""Reading ahead: one chunk of a file is checked while another is being booked."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator
from queue import Empty, Full, Queue
from typing import Any, Final

from artui.io.importers.chunk import Chunk, Kind
from artui.io.importers.outcome import Finding, RowFault
from artui.io.importers.reading import Table, Unreadable

CHUNK: Final = 20_000
_FIRST: Final = 5_000
"""The first chunk is small: the server has nothing to do until it is read."""
_PATIENCE: Final = 0.1
_TURN: Final = 0.0005
"""Seconds the reading thread keeps the interpreter while the other wants it: the server waits for that one, ten times a chunk."""


class Ahead:
    """The thread that reads ahead: one chunk is parsed while another is booked, and no more."""

    def __init__(self, kind: Kind, table: Table) -> None:
        self._kind = kind
        self._table = table
        self._queue: Queue[Chunk | BaseException | None] = Queue(1)
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._read, name="import reader", daemon=True)

    def __enter__(self) -> Ahead:
        self._usual_turn = sys.getswitchinterval()
        sys.setswitchinterval(_TURN)
        self._thread.start()
        return self

    def __exit__(self, *_: Any) -> None:
        self._stop.set()
        self._thread.join()
        sys.setswitchinterval(self._usual_turn)

    def chunks(self, cancelled: Callable[[], bool]) -> Iterator[Chunk]:
        """Yield what was read, in order, until the end or until it is called off. Raises what reading raised."""
        while not cancelled():
            try:
                found = self._queue.get(timeout=_PATIENCE)
            except Empty:
                continue
            if found is None:
                return
            if isinstance(found, BaseException):
                raise found
            yield found

    def _read(self) -> None:
        try:
            for chunk in self._parsed():
                if not self._put(chunk):
                    return
            self._put(None)
        except BaseException as error:
            self._put(error)

    def _put(self, found: Chunk | BaseException | None) -> bool:
        while not self._stop.is_set():
            try:
                self._queue.put(found, timeout=_PATIENCE)
                return True
            except Full:
                continue
        return False

    def _parsed(self) -> Iterator[Chunk]:
        width, position = len(self._table.columns), [0]
        chunk, most = self._empty(), min(_FIRST, CHUNK)
        read, name = self._kind.read, self._kind.columns.name
        try:
            for line, cells in self._table.records(position):
                if len(cells) != width:
                    self._fit(cells, width)
                cells.append("")
                chunk.records[line] = cells
                try:
                    if len(cells) > width + 1:
                        raise RowFault("", "", f"The row has {len(cells) - 1} cells, the first line {width}.")
                    read(line, cells, chunk)
                except RowFault as fault:
                    chunk.errors.append(Finding(line, name(fault.field), fault.value, fault.message))
                if len(chunk.records) >= most:
                    chunk.bytes_read = position[0]
                    yield chunk
                    chunk, most = self._empty(), CHUNK
        except Unreadable as error:
            chunk.records[error.line] = [""]
            chunk.errors.append(Finding(error.line, "", "", error.message))
        chunk.bytes_read = self._table.size
        if chunk.records:
            yield chunk

    def _empty(self) -> Chunk:
        return Chunk({table: [] for table in self._kind.tables})

    @staticmethod
    def _fit(cells: list[str], width: int) -> None:
        """Fill up a short row with the empty cells a spreadsheet leaves out; drop empty ones beyond the last column."""
        cells += [""] * (width - len(cells))
        while len(cells) > width and not cells[-1]:
            cells.pop()
