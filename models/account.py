"""Accounts of customers and vendors, and the terms they buy or sell on."""

from __future__ import annotations

from peewee import BigAutoField, BooleanField, DateField, ForeignKeyField, IntegerField, TextField
from playhouse.postgres_ext import BinaryJSONField

from models.base import Base, LineField, MinorField
from models.chart import Currency
from models.fields import LoginField
from models.ledger import Posting
from models.party import Party


class Terms(Base):
    """When an invoice falls due; `artui.ledger.terms` reads the rule."""

    code = LineField(primary_key=True)
    name = LineField()
    rule = BinaryJSONField()
    row_version = IntegerField()

    class Meta:
        table_name = "terms"


class Account(Base):
    """What a party owes as a customer, or is owed as a vendor."""

    id = BigAutoField()
    kind = TextField()
    number = LineField()
    party = ForeignKeyField(Party, column_name="party_id", backref="accounts")
    currency = ForeignKeyField(Currency, column_name="currency", object_id_name="currency_code")
    terms = ForeignKeyField(Terms, column_name="terms", object_id_name="terms_code", null=True)
    status = TextField()
    hold = BooleanField()
    hold_reason = LineField(null=True)
    credit_limit = MinorField(null=True)
    collector = LoginField(null=True)
    opened_on = DateField(null=True)
    row_version = IntegerField()
    load = ForeignKeyField(Posting, column_name="load_id", null=True, backref="accounts")
    interest_profile = LineField(null=True)

    class Meta:
        table_name = "account"
