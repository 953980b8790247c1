"""What is sold or bought."""

from __future__ import annotations

from peewee import BigAutoField, ForeignKeyField, IntegerField

from models.base import Base, LineField
from models.chart import Currency
from models.fields import NumberField
from models.ledger import Posting


class Item(Base):
    """A good or a service; `unit_price` in units of `currency`, never minor ones."""

    id = BigAutoField()
    number = LineField(unique=True)
    description = LineField()
    unit = LineField(null=True)
    unit_price = NumberField(null=True)
    currency = ForeignKeyField(Currency, column_name="currency", object_id_name="currency_code", null=True)
    tax_code = LineField(null=True)
    row_version = IntegerField()
    load = ForeignKeyField(Posting, column_name="load_id", null=True, backref="items")

    class Meta:
        table_name = "item"
