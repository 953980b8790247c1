"""What the ledger is kept in: currencies and rates, ledger accounts, posting rules, months."""

from __future__ import annotations

from peewee import CompositeKey, DateField, ForeignKeyField, IntegerField, SmallIntegerField, TextField

from models.base import Base, LineField
from models.fields import NumberField


class Currency(Base):
    """A currency and the digits of its minor unit."""

    code = TextField(primary_key=True)
    digits = SmallIntegerField()
    name = LineField()

    class Meta:
        table_name = "currency"


class ExchangeRate(Base):
    """Units of company currency for one unit of `currency`, from a day on."""

    currency = ForeignKeyField(Currency, column_name="currency", object_id_name="currency_code")
    valid_from = DateField()
    rate = NumberField()

    class Meta:
        table_name = "exchange_rate"
        primary_key = CompositeKey("currency", "valid_from")


class GlAccount(Base):
    """An account of the general ledger."""

    code = TextField(primary_key=True)
    name = LineField()
    kind = TextField()

    class Meta:
        table_name = "gl_account"


class PostingRule(Base):
    """One ledger line an event becomes."""

    event = TextField()
    line = SmallIntegerField()
    gl = TextField()
    side = SmallIntegerField()
    part = TextField()

    class Meta:
        table_name = "posting_rule"
        primary_key = CompositeKey("event", "line")


class Period(Base):
    """A month that has been closed or opened; any other is open."""

    month = DateField(primary_key=True)
    state = TextField()
    reason = LineField()
    row_version = IntegerField()

    class Meta:
        table_name = "period"
