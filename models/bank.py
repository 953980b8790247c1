"""Our accounts at banks, what the banks sent, and what it stands for in the books."""

from __future__ import annotations

from peewee import (
    BigAutoField,
    BlobField,
    BooleanField,
    CompositeKey,
    DateField,
    ForeignKeyField,
    IntegerField,
    TextField,
)
from playhouse.postgres_ext import BinaryJSONField

from models.base import Base, LineField, MinorField, NoteField
from models.chart import Currency, GlAccount
from models.document import Document
from models.fields import InstantField, LoginField


class BankAccount(Base):
    """An account of ours in one currency, and the ledger account that mirrors it."""

    id = BigAutoField()
    number = LineField()
    currency = ForeignKeyField(Currency, column_name="currency", backref="bank_accounts")
    name = LineField()
    gl = ForeignKeyField(GlAccount, column_name="gl", backref="bank_accounts")
    row_version = IntegerField()

    class Meta:
        table_name = "bank_account"
        indexes = ((("number", "currency"), True), (("gl", "currency"), True))


class BankStatement(Base):
    """What a bank sent: its balances, its sums, and whether they tie. Only its state moves."""

    id = BigAutoField()
    bank_account = ForeignKeyField(BankAccount, column_name="bank_account_id", backref="statements")
    format = TextField()
    ident = LineField()
    number = LineField()
    file = LineField()
    file_hash = BlobField()
    place = IntegerField()
    opening = MinorField(null=True)
    closing = MinorField(null=True)
    opening_on = DateField(null=True)
    closing_on = DateField(null=True)
    from_on = DateField(null=True)
    to_on = DateField(null=True)
    entries = IntegerField()
    credits = MinorField()
    debits = MinorField()
    first_on = DateField(null=True)
    last_on = DateField(null=True)
    known = IntegerField()
    pending = IntegerField()
    ties = BooleanField(null=True)
    faults = NoteField()
    state = TextField()
    validated_by = LoginField(null=True)
    imported_by = LoginField()
    imported_at = InstantField()
    row_version = IntegerField()

    class Meta:
        table_name = "bank_statement"


class BankEntry(Base):
    """One movement of money at the bank, however many statements show it. Only its decision moves."""

    id = BigAutoField()
    bank_account = ForeignKeyField(BankAccount, column_name="bank_account_id", backref="entries")
    booked_on = DateField()
    value_on = DateField(null=True)
    amount = MinorField()
    reversal = BooleanField()
    name = LineField()
    account = LineField()
    text = LineField()
    reference = LineField()
    end_to_end = LineField()
    bank_reference = LineField()
    code = LineField()
    parts = BinaryJSONField(null=True)
    state = TextField()
    reason = LineField()
    decided_by = LoginField(null=True)
    decided_at = InstantField(null=True)
    row_version = IntegerField()

    class Meta:
        table_name = "bank_entry"


class BankStatementLine(Base):
    """Where an entry stands in a statement. Append-only."""

    statement = ForeignKeyField(BankStatement, column_name="statement_id", backref="lines")
    position = IntegerField()
    entry = ForeignKeyField(BankEntry, column_name="entry_id", backref="lines")
    likeness = BlobField()

    class Meta:
        table_name = "bank_statement_line"
        primary_key = CompositeKey("statement", "position")


class BankMatch(Base):
    """Which document an entry stands for, and what that moves at the bank."""

    id = BigAutoField()
    entry = ForeignKeyField(BankEntry, column_name="entry_id", backref="matches")
    document = ForeignKeyField(Document, column_name="document_id", backref="bank_matches")
    amount = MinorField()
    undone_at = InstantField(null=True)
    undone_by = LoginField(null=True)

    class Meta:
        table_name = "bank_match"
