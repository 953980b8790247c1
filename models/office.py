"""The office's own numbers and habits, and what was said to whom."""

from __future__ import annotations

from peewee import (
    BigAutoField,
    BooleanField,
    CompositeKey,
    DateField,
    ForeignKeyField,
    IntegerField,
    TextField,
    UUIDField,
)
from playhouse.postgres_ext import BinaryJSONField

from models.account import Account
from models.base import Base, LineField, NoteField
from models.fields import InstantField, LoginField
from models.party import ContactPoint


class Setting(Base):
    """A business number: its name, the day from which it holds, its value."""

    name = TextField()
    valid_from = DateField()
    value = BinaryJSONField()
    note = LineField()

    class Meta:
        table_name = "setting"
        primary_key = CompositeKey("name", "valid_from")


class Activity(Base):
    """A contact with a debtor. Append-only."""

    id = BigAutoField()
    key = UUIDField(unique=True)
    account = ForeignKeyField(Account, column_name="account_id", backref="activities")
    contact_point = ForeignKeyField(ContactPoint, column_name="contact_point_id", null=True, backref="activities")
    direction = TextField()
    channel = TextField()
    outcome = LineField()
    note = NoteField()
    happened_at = InstantField()
    by_login = LoginField()
    recorded_at = InstantField()

    class Meta:
        table_name = "activity"


class ImportProfile(Base):
    """A saved way of reading one kind of file."""

    name = LineField(primary_key=True)
    kind = TextField()
    options = BinaryJSONField()
    row_version = IntegerField()

    class Meta:
        table_name = "import_profile"


class SchemaVersion(Base):
    """What the database was last migrated to, one row."""

    one = BooleanField(primary_key=True)
    fingerprint = TextField()

    class Meta:
        table_name = "schema_version"
