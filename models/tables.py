"""Every model, for those who need them all."""

from __future__ import annotations

from models.account import Account, Terms
from models.bank import BankAccount, BankEntry, BankMatch, BankStatement, BankStatementLine
from models.base import Base
from models.charges import ChargeSpan, InterestProfile, ReferenceRate
from models.chart import Currency, ExchangeRate, GlAccount, Period, PostingRule
from models.desk import Certificate, Draft, Merge, PartyBank, PostdatedCheque, RecordChange
from models.document import (
    Allocation,
    Batch,
    BatchReceipt,
    Document,
    DocumentLine,
    JournalLine,
    LedgerDay,
    OpenItem,
)
from models.items import Item
from models.ledger import Posting
from models.office import Activity, ImportProfile, SchemaVersion, Setting
from models.party import Address, Contact, ContactPoint, NameWord, Party
from models.staff import Approval, ApprovalLimit, Audit, ChainHead, Permission, RoleConflict, Seal, Staff

ALL: tuple[type[Base], ...] = (
    Currency, ExchangeRate, GlAccount, PostingRule, Period, Posting, Party, Contact, ContactPoint, Address, NameWord, Terms, Account, Item,
    Batch, BatchReceipt, Document, DocumentLine, JournalLine, LedgerDay, OpenItem, Allocation, ReferenceRate, InterestProfile, ChargeSpan,
    Staff, Permission, RoleConflict, ApprovalLimit, Approval, Audit, Seal, ChainHead, Setting, Activity, ImportProfile, SchemaVersion,
    Draft, RecordChange, PartyBank, Merge, PostdatedCheque, Certificate,
    BankAccount, BankStatement, BankEntry, BankStatementLine, BankMatch,
)  # fmt: skip
"""Every table of schema `ar`."""
