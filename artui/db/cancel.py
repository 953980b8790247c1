"""Stopping a statement on the server while everything else goes on."""

from __future__ import annotations

import ctypes
from functools import cache
from typing import Any

from psycopg2 import _psycopg

_ROOM = 256


@cache
def _libpq() -> ctypes.CDLL:
    # the driver's own `cancel` holds the interpreter until the server has answered: one that hangs would hang the program.
    # Looked up through the driver's module, these are the functions of the libpq it was linked with.
    libpq = ctypes.CDLL(_psycopg.__file__)
    libpq.PQgetCancel.restype, libpq.PQgetCancel.argtypes = ctypes.c_void_p, [ctypes.c_void_p]
    libpq.PQcancel.restype, libpq.PQcancel.argtypes = ctypes.c_int, [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_int]
    libpq.PQfreeCancel.restype, libpq.PQfreeCancel.argtypes = None, [ctypes.c_void_p]
    return libpq


class Cancel:
    """What it takes to stop whatever runs on one connection; it stays good after that connection is gone."""

    def __init__(self, connection: Any) -> None:
        self._handle = _libpq().PQgetCancel(connection.pgconn_ptr)

    def send(self) -> None:
        """Ask the server to stop; returns when it has taken note, which may be never where it hangs."""
        if self._handle:
            _libpq().PQcancel(self._handle, ctypes.create_string_buffer(_ROOM), _ROOM)

    def __del__(self) -> None:
        """Give it back."""
        if self._handle:
            _libpq().PQfreeCancel(self._handle)
            self._handle = None
