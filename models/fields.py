"""Column types of PostgreSQL that peewee does not name."""

from __future__ import annotations

from peewee import DateTimeField, DecimalField, Field, TextField


class InstantField(DateTimeField):
    """A moment, aware of its time zone."""

    field_type = "TIMESTAMPTZ"


class LoginField(TextField):
    """The name of a database login."""

    field_type = "NAME"


class LetterField(TextField):
    """One ASCII letter."""

    field_type = '"char"'


class NumberField(DecimalField):
    """An exact number of any length: a quantity, a unit price, a rate. Amounts are `MinorField`."""

    field_type = "NUMERIC"


class AddressField(Field):
    """A network address."""

    field_type = "INET"


class TransactionField(Field):
    """The number of a transaction of the cluster."""

    field_type = "XID8"
