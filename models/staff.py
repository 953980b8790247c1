"""People of the office, what they may do, what waits for a second one, and the trail of it all."""

from __future__ import annotations

from peewee import (
    AutoField,
    BigAutoField,
    BigIntegerField,
    BlobField,
    BooleanField,
    CompositeKey,
    ForeignKeyField,
    IntegerField,
    TextField,
)  # fmt: skip
from playhouse.postgres_ext import BinaryJSONField

from models.base import Base, LineField, MinorField
from models.chart import Currency
from models.fields import AddressField, InstantField, LetterField, LoginField, NumberField, TransactionField
from models.ledger import Posting


class Staff(Base):
    """A person who works here, or did."""

    id = AutoField()
    login = LoginField(unique=True)
    full_name = LineField()
    added_at = InstantField()
    disabled_at = InstantField(null=True)
    row_version = IntegerField()

    class Meta:
        table_name = "staff"


class Permission(Base):
    """A role that may do an action."""

    action = TextField()
    role = TextField()

    class Meta:
        table_name = "permission"
        primary_key = CompositeKey("action", "role")


class RoleConflict(Base):
    """Two roles one person may not hold together."""

    role_a = TextField()
    role_b = TextField()
    reason = LineField()

    class Meta:
        table_name = "role_conflict"
        primary_key = CompositeKey("role_a", "role_b")


class ApprovalLimit(Base):
    """The most a role may approve, in units of any currency; no limit when null."""

    action = TextField()
    role = TextField()
    max_amount = NumberField(null=True)

    class Meta:
        table_name = "approval_limit"
        primary_key = CompositeKey("action", "role")


class Approval(Base):
    """What waits for a second person, or what they decided."""

    id = BigAutoField()
    posting = ForeignKeyField(Posting, column_name="posting_id", unique=True, backref="approvals")
    action = TextField()
    document = BinaryJSONField()
    currency = ForeignKeyField(Currency, column_name="currency", object_id_name="currency_code")
    amount = MinorField()
    reason = LineField()
    requested_by = LoginField()
    requested_at = InstantField()
    state = TextField()
    decided_by = LoginField(null=True)
    decided_at = InstantField(null=True)
    comment = LineField(null=True)
    result_posting = ForeignKeyField(Posting, column_name="result_posting_id", null=True, backref="decisions")
    one_person = BooleanField()
    row_version = IntegerField()

    class Meta:
        table_name = "approval"


class Audit(Base):
    """One change of an editable row: what it was, what it became, who did it."""

    seq = BigAutoField()
    xid = TransactionField()
    at = InstantField()
    who = LoginField()
    address = AddressField(null=True)
    app = TextField(null=True)
    table_name = LoginField()
    op = LetterField()
    before = BinaryJSONField(null=True)
    after = BinaryJSONField(null=True)

    class Meta:
        table_name = "audit"


class Seal(Base):
    """A link of the hash chain over audit rows and postings."""

    position = BigIntegerField(primary_key=True)
    source = TextField()
    source_id = BigIntegerField()
    hash = BlobField()

    class Meta:
        table_name = "seal"


class ChainHead(Base):
    """The end of the hash chain, one row."""

    one = BooleanField(primary_key=True)
    position = BigIntegerField()
    hash = BlobField()
    settled = TransactionField()
    home = TextField()

    class Meta:
        table_name = "chain_head"
