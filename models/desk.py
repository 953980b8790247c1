"""What lies on a clerk's desk: drafts, keyed changes of records, merged parties, post-dated cheques, certificates."""

from __future__ import annotations

from peewee import (
    BigAutoField,
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
from models.document import Document
from models.fields import InstantField, LoginField
from models.ledger import Posting
from models.party import Party


class Draft(Base):
    """An entry not sent yet, with the key it will be sent under. Only its owner sees it."""

    key = UUIDField(primary_key=True)
    owner = LoginField()
    kind = TextField()
    subject = LineField()
    body = BinaryJSONField()
    terminal = LineField()
    copy_of = UUIDField(null=True)
    started_at = InstantField()
    updated_at = InstantField()
    row_version = IntegerField()

    class Meta:
        table_name = "draft"


class RecordChange(Base):
    """Which record a keyed change made or changed. Append-only."""

    posting = ForeignKeyField(Posting, column_name="posting_id", backref="record_changes")
    place = SmallIntegerField()
    table_name = LoginField()
    record = TextField()
    record_version = IntegerField()

    class Meta:
        table_name = "record_change"
        primary_key = CompositeKey("posting", "place")


class PartyBank(Base):
    """A bank account of a party; `iban_key` is made by the database and is what lookups compare."""

    id = BigAutoField()
    party = ForeignKeyField(Party, column_name="party_id", backref="bank_accounts")
    iban = LineField()
    iban_key = TextField(null=True)
    bic = LineField(null=True)
    holder = LineField(null=True)
    row_version = IntegerField()
    load = ForeignKeyField(Posting, column_name="load_id", null=True, backref="bank_accounts")

    class Meta:
        table_name = "party_bank"


class Merge(Base):
    """Two records of one party made one; `moved` says what to put back."""

    id = BigAutoField()
    posting = ForeignKeyField(Posting, column_name="posting_id", unique=True, backref="merges")
    source = ForeignKeyField(Party, column_name="from_id", backref="merged")
    target = ForeignKeyField(Party, column_name="into_id", backref="took_in")
    reason = LineField()
    moved = BinaryJSONField()
    merged_by = LoginField()
    merged_at = InstantField()
    undone_by = LoginField(null=True)
    undone_at = InstantField(null=True)
    row_version = IntegerField()

    class Meta:
        table_name = "merge"


class PostdatedCheque(Base):
    """A cheque taken now and paid in on its day."""

    id = BigAutoField()
    posting = ForeignKeyField(Posting, column_name="posting_id", unique=True, backref="cheques_taken")
    account = ForeignKeyField(Account, column_name="account_id", backref="postdated_cheques")
    cheque = LineField()
    bank = LineField()
    currency = ForeignKeyField(Currency, column_name="currency", object_id_name="currency_code")
    amount = MinorField()
    deposit_on = DateField()
    allocate = BinaryJSONField()
    note = LineField()
    state = TextField()
    taken_by = LoginField()
    taken_at = InstantField()
    settled_by = LoginField(null=True)
    settled_posting = ForeignKeyField(Posting, column_name="settled_posting_id", null=True, backref="cheques_deposited")
    row_version = IntegerField()

    class Meta:
        table_name = "postdated_cheque"


class Certificate(Base):
    """The paper that proves tax a customer withheld."""

    document = ForeignKeyField(Document, column_name="document_id", primary_key=True, backref="certificates")
    number = LineField()
    received_on = DateField()
    received_by = LoginField()
    received_at = InstantField()
    row_version = IntegerField()

    class Meta:
        table_name = "certificate"
