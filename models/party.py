"""Those one does business with: parties, the people at them, how they are reached."""

from __future__ import annotations

from peewee import BigAutoField, BooleanField, ForeignKeyField, IntegerField, TextField

from models.base import Base, LineField, NoteField
from models.ledger import Posting


class Party(Base):
    """A company or a person; `name_key` is made by the database for lookups."""

    id = BigAutoField()
    kind = TextField()
    name = LineField()
    name_key = TextField(null=True)
    legal_name = LineField(null=True)
    tax_id = LineField(null=True)
    registration_no = LineField(null=True)
    language = TextField(null=True)
    country = TextField(null=True)
    timezone = LineField(null=True)
    parent = ForeignKeyField("self", column_name="parent_id", null=True, backref="children")
    note = NoteField(null=True)
    row_version = IntegerField()
    load = ForeignKeyField(Posting, column_name="load_id", null=True, backref="parties")
    merged_into = ForeignKeyField("self", column_name="merged_into", object_id_name="merged_into_id", null=True, backref="merged_parties")

    class Meta:
        table_name = "party"


class Contact(Base):
    """A person one speaks to."""

    id = BigAutoField()
    party = ForeignKeyField(Party, column_name="party_id", backref="contacts")
    name = LineField()
    title = LineField(null=True)
    purpose = TextField()
    row_version = IntegerField()
    load = ForeignKeyField(Posting, column_name="load_id", null=True, backref="contacts")

    class Meta:
        table_name = "contact"


class ContactPoint(Base):
    """A number or an address one is reached at; `value_key` is what lookups compare."""

    id = BigAutoField()
    party = ForeignKeyField(Party, column_name="party_id", backref="contact_points")
    contact = ForeignKeyField(Contact, column_name="contact_id", null=True, backref="contact_points")
    type = TextField()
    value = LineField()
    value_key = LineField()
    preferred = BooleanField()
    bad = BooleanField()
    timezone = LineField(null=True)
    row_version = IntegerField()
    load = ForeignKeyField(Posting, column_name="load_id", null=True, backref="contact_points")

    class Meta:
        table_name = "contact_point"


class Address(Base):
    """A postal address."""

    id = BigAutoField()
    party = ForeignKeyField(Party, column_name="party_id", backref="addresses")
    type = TextField()
    lines = NoteField()
    city = LineField()
    region = LineField(null=True)
    postcode = LineField(null=True)
    country = TextField(null=True)
    row_version = IntegerField()
    load = ForeignKeyField(Posting, column_name="load_id", null=True, backref="addresses")

    class Meta:
        table_name = "address"


class NameWord(Base):
    """A word of the name of a party or a contact; kept by the database, for lookups."""

    word = TextField(primary_key=True)

    class Meta:
        table_name = "name_word"
