"""The tables of the books as peewee knows them. A column left out of an insert is filled by the server's default.

`models.ALL` is every model; it is read only when asked for, because every program start passes through here.
`schema_migration` belongs to peewee's migration runner and has no model.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from models.base import Base

    ALL: tuple[type[Base], ...]


def __getattr__(name: str) -> object:
    if name == "ALL":
        from models import tables

        return tables.ALL
    raise AttributeError(name)
