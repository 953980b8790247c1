"""Who posted what and when: the rows every other family points to."""

from __future__ import annotations

from peewee import BigAutoField, BlobField, BooleanField, DateField, TextField, UUIDField

from models.base import Base
from models.fields import InstantField, LoginField, TransactionField


class Posting(Base):
    """One act of one person: its key, what was asked, on which business day. Append-only."""

    id = BigAutoField()
    key = UUIDField(unique=True)
    kind = TextField()
    body_hash = BlobField()
    business_date = DateField()
    posted_by = LoginField()
    posted_at = InstantField()
    xid = TransactionField()
    bulk = BooleanField()

    class Meta:
        table_name = "posting"
