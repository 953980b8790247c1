"""Late interest: reference rates, the rules of jurisdictions, and the days that have been charged."""

from __future__ import annotations

from peewee import (  # fmt: skip
    BigAutoField,
    BooleanField,
    CompositeKey,
    DateField,
    ForeignKeyField,
    IntegerField,
    SmallIntegerField,
    TextField,
)

from models.base import Base, LineField, MinorField
from models.document import Document, OpenItem
from models.fields import NumberField
from models.ledger import Posting


class ReferenceRate(Base):
    """A published rate in percent a year, from a day on."""

    name = LineField()
    valid_from = DateField()
    percent = NumberField()
    source = LineField()

    class Meta:
        table_name = "reference_rate"
        primary_key = CompositeKey("name", "valid_from")


class InterestProfile(Base):
    """What a jurisdiction or a contract lets one charge for being late, from a day on."""

    code = LineField()
    valid_from = DateField()
    name = LineField()
    reference = LineField(null=True)
    margin = NumberField()
    year_days = SmallIntegerField()
    floats = BooleanField()
    fixed_sum = NumberField(null=True)
    fixed_currency = TextField(null=True)
    grace_days = IntegerField()
    least = NumberField()
    with_disputed = BooleanField()
    source = LineField()

    class Meta:
        table_name = "interest_profile"
        primary_key = CompositeKey("code", "valid_from")


class ChargeSpan(Base):
    """Days of an item that have been charged by a document, or waived for a reason. Append-only."""

    id = BigAutoField()
    posting = ForeignKeyField(Posting, column_name="posting_id")
    item = ForeignKeyField(OpenItem, column_name="item_id", backref="charge_spans")
    what = TextField()
    first_on = DateField()
    last_on = DateField()
    amount = MinorField()
    document = ForeignKeyField(Document, column_name="document_id", null=True, unique=True, backref="charge_spans")  # fmt: skip
    reason = LineField(null=True)

    class Meta:
        table_name = "charge_span"
