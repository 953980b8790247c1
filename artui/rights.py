"""Rights in words: what somebody may not do, and who may."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

RANKS = ("clerk", "collector", "credit", "supervisor", "manager", "controller", "admin", "auditor")
"""The roles in the order they are named."""
WHAT: Mapping[str, str] = {
    "activity": "Contacts are noted", "allocation": "Credits are applied", "allowance": "The allowance for doubtful debts is booked", "approve": "Requests are decided",
    "bank_charge": "Charges of the bank are booked", "bank_entry": "Entries of the bank are decided", "bank_interest": "Interest of the bank is booked",
    "bank_statement": "Bank statements are read in", "bank_transfer": "Transfers between own accounts are booked", "bank_validate": "Bank statements are validated",
    "charge": "Charges are posted", "charge_rules": "Charge rules are set", "close_period": "Months are closed", "credit_note": "Credit notes are posted",
    "customer": "Customer records are kept", "deposit_applied": "Deposits are used", "discount": "Discounts are booked", "dispute": "Disputes are noted",
    "edit_terms": "Terms are changed", "exchange_close": "Exchange rates of a month's end are booked", "exchange_rate": "Exchange rates are set", "identify": "Payers are named", "import_profile": "Imports are set up",
    "interest_profile": "Interest profiles are given to customers", "invoice": "Invoices are posted", "item": "Items are changed", "merge": "Records are made one and taken apart",
    "migrate": "The database is brought up to date", "netting": "Customers are set against vendors", "opening": "Opening balances are posted", "post_soft_closed": "A month that is being closed is posted into",
    "purchase": "Purchases are posted", "read_audit": "The audit trail is read", "read_drafts": "What others have typed is read", "receipt": "Payments are entered",
    "recovery": "Recoveries are posted", "refund": "Refunds are asked for", "reopen_period": "Months are opened again", "reversal": "Documents are reversed",
    "setting": "Settings are changed", "small_difference": "Small differences are let go", "staff": "The staff list is changed", "terms": "Terms are changed",
    "transfer": "Open amounts are moved to another account", "unallocation": "Payments are un-allocated", "vendor": "Vendor records are kept",
    "vendor_payment": "Vendors are paid", "waive_charge": "Charges are waived", "withholding": "Withheld tax is booked", "write_off": "Write-offs are proposed",
}  # fmt: skip
"""What each right lets one do, as the first half of a sentence."""


def refusal(right: str, roles: Sequence[str]) -> str:
    """Say what somebody without the right may not do and which roles may: "Charge rules are set by a manager or controller."."""
    what = WHAT.get(right) or f"{right.replace('_', ' ').capitalize()}: that is done"
    if not roles:
        return f"{what} by nobody: no role has been given this right."
    named = sorted(roles, key=lambda role: (RANKS.index(role) if role in RANKS else len(RANKS), role))
    article = "an" if named[0][0] in "aeiou" else "a"
    return f"{what} by {article} {' or '.join(filter(None, (', '.join(named[:-1]), named[-1])))}."
