"""Documents, their ledger lines, open items and allocations, batches. Read here; only the vault writes them."""

from __future__ import annotations

from peewee import (
    BigAutoField,
    BigIntegerField,
    BooleanField,
    CompositeKey,
    DateField,
    ForeignKeyField,
    IntegerField,
    SmallIntegerField,
    TextField,
    UUIDField,
)  # fmt: skip
from playhouse.postgres_ext import BinaryJSONField

from models.account import Account
from models.base import Base, LineField, MinorField
from models.chart import Currency
from models.fields import LoginField, NumberField
from models.items import Item


class Batch(Base):
    """Receipts of one deposit; posts only when what was entered equals the control total."""

    id = BigAutoField()
    number = TextField(unique=True)
    bank = LineField()
    deposit_date = DateField()
    currency = ForeignKeyField(Currency, column_name="currency", object_id_name="currency_code")
    control_total = MinorField()
    control_count = IntegerField()
    state = TextField()
    opened_by = LoginField()
    posted_by = LoginField(null=True)
    row_version = IntegerField()

    class Meta:
        table_name = "batch"


class BatchReceipt(Base):
    """A receipt that has been entered and not posted yet."""

    batch = ForeignKeyField(Batch, column_name="batch_id", backref="receipts")
    line = IntegerField()
    key = UUIDField(unique=True)
    amount = MinorField()
    document = BinaryJSONField()
    entered_by = LoginField()

    class Meta:
        table_name = "batch_receipt"
        primary_key = CompositeKey("batch", "line")


class Document(Base):
    """A posted act of the ledger, and the header of its journal entry. Append-only."""

    id = BigAutoField()
    posting_id = BigIntegerField()
    kind = TextField()
    event = TextField()
    account = ForeignKeyField(Account, column_name="account_id", null=True, backref="documents")
    number = LineField()
    doc_date = DateField()
    posted_on = DateField()
    due_on = DateField(null=True)
    currency = TextField()
    amount = MinorField()
    tax = MinorField()
    rate = NumberField(null=True)
    po = LineField(null=True)
    method = LineField(null=True)
    reference = LineField(null=True)
    memo = LineField(null=True)
    terms = BinaryJSONField(null=True)
    of = ForeignKeyField("self", column_name="of_id", null=True, backref="followed_by")
    reverses = ForeignKeyField("self", column_name="reverses_id", null=True, backref="reversals")
    batch = ForeignKeyField(Batch, column_name="batch_id", null=True, backref="documents")
    bulk = BooleanField()

    class Meta:
        table_name = "document"


class DocumentLine(Base):
    """What was sold or bought. Append-only."""

    document = ForeignKeyField(Document, column_name="document_id", backref="lines")
    line = IntegerField()
    item = ForeignKeyField(Item, column_name="item_id", null=True, backref="document_lines")
    description = LineField()
    quantity = NumberField()
    unit_price = NumberField()
    discount = NumberField()
    tax_code = LineField(null=True)
    amount = MinorField()

    class Meta:
        table_name = "document_line"
        primary_key = CompositeKey("document", "line")


class JournalLine(Base):
    """A ledger line, debit positive; the lines of one document sum to nothing. Append-only."""

    document = ForeignKeyField(Document, column_name="document_id", backref="journal_lines")
    line = SmallIntegerField()
    gl = TextField()
    account_id = BigIntegerField(null=True)
    posted_on = DateField()
    currency = TextField()
    amount = MinorField()
    base_amount = MinorField(null=True)

    class Meta:
        table_name = "journal_line"
        primary_key = CompositeKey("document", "line")


class LedgerDay(Base):
    """Journal lines added up by day, in shards."""

    gl = TextField()
    currency = TextField()
    posted_on = DateField()
    shard = SmallIntegerField()
    amount = BigIntegerField()
    base_amount = BigIntegerField()
    lines = BigIntegerField()

    class Meta:
        table_name = "ledger_day"
        primary_key = CompositeKey("gl", "currency", "posted_on", "shard")


class OpenItem(Base):
    """One per instalment, receipt, credit or charge; `open` is what no allocation has taken, whatever its date."""

    id = BigAutoField()
    document = ForeignKeyField(Document, column_name="document_id", backref="open_items")
    account_id = BigIntegerField()
    seq = SmallIntegerField()
    is_vendor = BooleanField()
    currency = TextField()
    doc_date = DateField()
    posted_on = DateField()
    due_on = DateField()
    original = MinorField()
    base = MinorField(null=True)
    open = MinorField()
    first_on = DateField(null=True)
    last_on = DateField(null=True)
    disputed = MinorField()
    dispute_reason = LineField(null=True)
    span = SmallIntegerField(null=True)
    bulk = BooleanField()

    class Meta:
        table_name = "open_item"


class Allocation(Base):
    """A dated link between a debit and a credit; undone by a dated negative row. Append-only."""

    id = BigAutoField()
    posting_id = BigIntegerField()
    debit_item = ForeignKeyField(OpenItem, column_name="debit_item_id", backref="as_debit")
    credit_item = ForeignKeyField(OpenItem, column_name="credit_item_id", backref="as_credit")
    amount = MinorField()
    effective_on = DateField()
    kind = TextField()
    reverses = ForeignKeyField("self", column_name="reverses_id", null=True, backref="undone_by")

    class Meta:
        table_name = "allocation"
