"""More of what somebody with psql might try: through the doors that are open to them, and at what they may not see."""

from __future__ import annotations

from typing import Any

from tests.vault.attacks import KARLAS_KEY, KARLAS_LOAD, Attack, decide, post

LOAD = "33333333-3333-4333-8333-333333333333"
RECEIPT: dict[str, Any] = {"kind": "receipt", "customer": "1001", "date": "2026-06-01", "amount": 100}
ODD = post(**RECEIPT, terms={"note": "\x1b[2J"}).replace("\\", "\\" * 2)
BILL: dict[str, Any] = {"kind": "invoice", "customer": "1001", "date": "2026-06-01"}


def by_item(number: str, **document: Any) -> str:
    """The statement that posts `document`, with the item of document `number` for every "?" in it."""
    item = f"(SELECT i.id FROM ar.open_item i JOIN ar.document d ON d.id = i.document_id WHERE d.number = '{number}')"
    return post(**document).replace('"?"', f"' || {item} || '").replace(", '{", ", ('{").replace("}'::jsonb", "}')::jsonb")


def charged(number: str, act: str, **changed: Any) -> str:
    """The statement that charges or waives interest on document `number`."""
    return by_item(number, **{"item": "?", "what": "interest", "first": "2026-04-01", "last": "2026-06-15", "amount": 100, "reason": "x", **changed}).replace("api.post", f"api.{act}")


def load(rows: str, kind: str = "receipt") -> str:
    """Stage rows, then have the vault load them, with the checks of commit called for too early."""
    return f"SET CONSTRAINTS ALL IMMEDIATE; {rows}; SELECT api.load_documents('{LOAD}', '{kind}', '2026-06-15')"


def staged(*rows: str, columns: str = "load, row, kind, account, number, doc_date, currency, amount") -> str:
    """The statement that stages documents."""
    return f"INSERT INTO stage.document ({columns}) VALUES " + ", ".join(f"('{LOAD}', {row})" for row in rows)


PAIR = staged("1, 'invoice', '1001', 'L-1', '2026-06-01', 'USD', 1000", "2, 'receipt', '1001', 'L-2', '2026-06-01', 'USD', 1000")

POSTINGS = [
    Attack("petr", "a collector takes money in", post(**RECEIPT)),
    Attack("petr", "a collector issues a credit note", post(kind="credit_note", customer="1001", date="2026-06-01", amount=100)),
    Attack("cora", "credit control posts an invoice", post(**BILL, amount=100)),
    Attack("audrey", "an auditor posts", post(**RECEIPT)),
    Attack("adam", "an administrator posts", post(**RECEIPT)),
    Attack("jana", "a clerk tops the allowance up", post(kind="allowance", amount=100, date="2026-06-01")),
    Attack("jana", "a kind that is a right and no document", post(kind="customer"), "AR008"),
    Attack("jana", "no kind at all", "SELECT api.post(gen_random_uuid(), '[]', '2026-06-15')"),
    Attack("jana", "into a closed month", post(**{**BILL, "date": "2026-01-15"}, amount=100), "AR003"),
    Attack("jana", "into a closed month by its posting date", post(**BILL, posting_date="2026-01-31", amount=100), "AR003"),
    Attack("karel", "not even the controller into a closed month", post(**{**BILL, "date": "2026-01-15"}, amount=100), "AR003"),
    Attack("jana", "into a half-closed month", post(**{**BILL, "date": "2026-02-15"}, amount=100), "AR003"),
    Attack("jana", "an allocation effective in a closed month", post(kind="allocation", date="2026-01-31", moves=[{"from": "OLD-R", "to": "OLD-I", "amount": 1}]), "AR003"),
    Attack("jana", "open the month again", "SELECT api.set_period('2026-01-01', 'open', 'please')"),
    Attack("karel", "open the month without a reason", "SELECT api.set_period('2026-01-01', 'open', ' ')", "AR008"),
    Attack("jana", "instalments that do not add up", post(**BILL, amount=1000, instalments=[{"due": "2026-07-01", "amount": 999}]), "AR008"),
    Attack("jana", "a negative instalment", post(**BILL, amount=1000, instalments=[{"due": "2026-07-01", "amount": 2000}, {"due": "2026-08-01", "amount": -1000}]), "AR008"),
    Attack("jana", "an instalment due never", post(**BILL, amount=1000, instalments=[{"due": "infinity", "amount": 1000}]), "AR008"),
    Attack("jana", "due never", post(**BILL, amount=1000, due="infinity"), "AR008"),
    Attack("jana", "dated never, posted now", post(**{**BILL, "date": "infinity"}, posting_date="2026-06-01", amount=1000), "AR008"),
    Attack("jana", "a negative receipt", post(**{**RECEIPT, "amount": -100}), "AR008"),
    Attack("jana", "an amount of nothing", post(**{**RECEIPT, "amount": 0}), "AR008"),
    Attack("jana", "an amount beyond 15 digits", post(**{**RECEIPT, "amount": 1_000_000_000_000_000}), "23514"),
    Attack("jana", "an amount beyond everything", post(**{**RECEIPT, "amount": 10**30}), "22003"),
    Attack("jana", "half a cent", post(**{**RECEIPT, "amount": 10.5}), "22P02"),
    Attack("jana", "a rate that is no number", post(**RECEIPT, rate="NaN"), "23514"),
    Attack("jana", "a rate without end", post(**{**RECEIPT, "currency": "EUR"}, rate="Infinity"), "23514"),
    Attack("jana", "more tax than amount", post(**BILL, amount=100, tax=101), "AR008"),
    Attack("jana", "a currency nobody knows", post(**BILL, amount=100, currency="ZZZ"), "AR008"),
    Attack("jana", "the number of a posted document", post(**BILL, amount=100, number="INV-1"), "AR009"),
    Attack("jana", "a quantity that is no number", post(**BILL, amount=100, lines=[{"quantity": "NaN", "unit_price": "1", "amount": 100}]), "23514"),
    Attack("jana", "more than is open", post(kind="allocation", moves=[{"from": "R1", "to": "INV-1", "amount": 80001}]), "AR004"),
    Attack("jana", "another customer's invoice", post(kind="allocation", moves=[{"from": "R1", "to": "INV-2", "amount": 100}]), "AR010"),
    Attack("jana", "a discount on another customer's invoice", post(**RECEIPT, allocate=[{"document": "INV-2", "amount": 0, "discount": 50}]), "AR010"),
    Attack("jana", "an item of another customer", by_item("INV-2", **RECEIPT, apply=[{"item": "?", "open": 50_000, "amount": 100}]), "AR010"),
    Attack("petr", "a collector enters a receipt", post(**RECEIPT, apply=[])),
    Attack("jana", "an item and its document at once", post(**RECEIPT, apply=[], allocate=[]), "AR008"),
    Attack("jana", "an invoice applied like money", post(**BILL, amount=100, apply=[]), "AR008"),
    Attack("jana", "a receipt that loses money", post(**RECEIPT, apply=[]), "AR008"),
    Attack("jana", "a credit used backwards", by_item("INV-2", kind="allocation", use=[{"from": "?", "to": "?", "amount": 100}]), "AR010"),
    Attack("petr", "a collector charges interest", charged("INV-1", "charge")),
    Attack("jana", "interest on interest", charged("R1", "charge"), "AR010"),
    Attack("jana", "interest before it was late", charged("INV-1", "charge", first="2026-03-31"), "AR008"),
    Attack("jana", "interest for days to come", charged("INV-1", "charge", last="2026-06-16"), "AR008"),
    Attack("jana", "interest that pays the customer", charged("INV-1", "charge", amount=-1), "AR008"),
    Attack("jana", "a clerk waives", charged("INV-1", "waive_charge")),
    Attack("marta", "a supervisor waives above her limit", charged("INV-1", "waive_charge", amount=10_001)),
    Attack("viktor", "waiving without a reason", charged("INV-1", "waive_charge", reason=" "), "AR008"),
    Attack("viktor", "waiving a charge that is none", "SELECT api.waive_charge(gen_random_uuid(), '{\"document\": \"INV-1\", \"reason\": \"x\"}', '2026-06-15')", "AR011"),
    Attack("jana", "a clerk enters a reference rate", "INSERT INTO ar.reference_rate (name, valid_from, percent) VALUES ('ECB', '2026-01-01', 50)"),
    Attack("jana", "a clerk raises a margin", "UPDATE ar.interest_profile SET margin = 99"),
    Attack("jana", "a clerk chooses the profile", "UPDATE ar.account SET interest_profile = 'EU-B2B'"),
    Attack("viktor", "a rate that is no number", "INSERT INTO ar.reference_rate (name, valid_from, percent) VALUES ('ECB', '2026-01-01', 'NaN')", "23514"),
    Attack("karel", "a profile is not deleted", "DELETE FROM ar.interest_profile"),
    Attack("jana", "a discount without a payer", post(kind="receipt", date="2026-06-01", currency="USD", amount=1, allocate=[{"document": "INV-1", "amount": 0, "discount": 50}]), "AR010"),
    Attack("jana", "a negative allocation", post(**RECEIPT, allocate=[{"document": "INV-1", "amount": -1}]), "AR008"),
    Attack("jana", "a small difference that makes money", post(kind="small_difference", document="INV-1", amount=-100_000), "AR004"),
    Attack("jana", "a small difference above the limit", post(kind="small_difference", document="INV-1", amount=501), "AR012"),
    Attack("jana", "a small difference once the day's are used up", post(kind="small_difference", document="DIFF", amount=500), "AR012"),
    Attack("jana", "the same on what she calls another day", post("2026-06-16", kind="small_difference", document="DIFF", amount=500), "AR012"),
    Attack("jana", "a negative transfer", post(kind="transfer", document="INV-1", to="1001B", amount=-100, date="2026-06-01"), "AR008"),
    Attack("jana", "a transfer out of the group", post(kind="transfer", document="INV-1", to="1002", amount=100, date="2026-06-01"), "AR010"),
    Attack("jana", "identify money that bounced", post(kind="identify", document="U-BACK", customer="1001", amount=100, date="2026-06-01"), "AR004"),
    Attack("jana", "identify more than came", post(kind="identify", document="U-1", customer="1001", amount=30_001, date="2026-06-01"), "AR004"),
    Attack("jana", "another customer's deposit", post(kind="deposit_applied", document="D-1", customer="1002", amount=100, date="2026-06-01"), "AR010"),
    Attack("jana", "net two strangers", post(kind="netting", customer="1002", vendor="V1", amount=100, date="2026-06-01", reference="x"), "AR010"),
    Attack("jana", "recover what was never written off", post(kind="recovery", document="INV-1", amount=100, date="2026-06-01"), "AR004"),
    Attack("jana", "money in another currency beside an invoice", post(**BILL, amount=100, received={"currency": "EUR", "amount": 10**9, "rate": "1"}), "AR008"),
    Attack("jana", "a fee nobody owes", post(kind="reversal", document="U-1", fee=2500, reason="nsf"), "AR008"),
    Attack("jana", "reverse twice", post(kind="reversal", document="U-BACK"), "AR009"),
    Attack("jana", "take a reversal off what it reverses", post(kind="unallocation", moves=[{"from": "INV-VOID-REV", "to": "INV-VOID", "amount": 100}]), "AR004"),
    Attack("jana", "slip a receipt into a posted batch", post(**RECEIPT, batch_id=1)),
    Attack("jana", "a colleague's key", post(key=KARLAS_KEY, **RECEIPT), "AR002"),
    Attack("karla", "her own key with another amount", post(key=KARLAS_KEY, **{**RECEIPT, "amount": 101}), "AR002"),
    Attack("jana", "a snapshot of the past", f"SET TRANSACTION ISOLATION LEVEL REPEATABLE READ; {post(kind='reversal', document='CHARGE-1')}", "25001"),
    Attack("jana", "colour in a number", post(**RECEIPT, number="\x1b[31mR"), "23514"),
    Attack("jana", "a title in a memo", post(**RECEIPT, memo="\x1b]0;pwned\x07"), "23514"),
    Attack("jana", "text turned round in a reference", post(**RECEIPT, reference="abc\u202edcba"), "23514"),
    Attack("jana", "an 8-bit escape in the means of payment", post(**RECEIPT, method="\x9b2J"), "23514"),
    Attack("jana", "an escape hidden in the terms", post(**BILL, amount=100, terms={"note": "\x1b[2J"}), "23514"),
    Attack("jana", "an escape in what is asked to be approved", post(kind="write_off", document="INV-1", amount=1, reason="x", memo="\u200bx"), "23514"),
    Attack("jana", "the same with another way to read strings", f"DO $do$ BEGIN SET LOCAL standard_conforming_strings = off; EXECUTE $q${ODD}$q$; END $do$", "23514"),
]  # fmt: skip

APPROVALS = [
    Attack("jana", "a clerk approves", decide("insolvent")),
    Attack("petr", "a collector approves", decide("insolvent")),
    Attack("marta", "above the limit", decide("insolvent")),
    Attack("marta", "her own request", decide("marta asks")),
    Attack("viktor", "a small step above the limit", decide("above viktor")),
    Attack("audrey", "an auditor rejects", decide("insolvent", "false")),
    Attack("olga", "her own, with a reason but no such office", decide("olga asks", comment="alone here")),
    Attack("viktor", "decide again what is decided", decide("decided", "false"), "AR009"),
    Attack("viktor", "decide what was never asked", "SELECT api.decide(99999, true, '', '2026-06-15')", "AR011"),
    Attack("jana", "without a reason", post(kind="write_off", document="INV-1", amount=1), "AR008"),
    Attack("petr", "a refund asked by a collector", post(kind="refund", document="R1", amount=1, reason="x")),
    Attack("jana", "office of one", "INSERT INTO ar.setting (name, value) VALUES ('one_person_office', 'true')"),
    Attack("jana", "more may be approved", "UPDATE ar.approval_limit SET max_amount = NULL"),
    Attack("viktor", "a manager lifts the limit", "UPDATE ar.approval_limit SET max_amount = NULL"),
    Attack("karel", "a limit that is no number", "UPDATE ar.approval_limit SET max_amount = 'NaN'", "23514"),
]  # fmt: skip

STAGING = [
    Attack("jana", "read what others load", "SELECT * FROM stage.document"),
    Attack("jana", "read it back while writing", f"INSERT INTO stage.item (load, row, number) VALUES ('{LOAD}', 1, 'x') RETURNING *"),
    Attack("jana", "change what others load", "UPDATE stage.document SET amount = 1"),
    Attack("jana", "delete what others load", "DELETE FROM stage.document"),
    Attack("jana", "load in a colleague's name", f"INSERT INTO stage.item (load, row, number, by_login) VALUES ('{LOAD}', 1, 'x', 'karla')"),
    Attack("petr", "a collector loads", staged("1, 'receipt', '1001', 'L-1', '2026-06-01', 'USD', 1")),
    Attack("audrey", "an auditor loads", f"SELECT api.load_documents('{LOAD}', 'receipt', '2026-06-15')"),
    Attack("jana", "load what a colleague has loaded", f"SELECT api.load_documents('{KARLAS_LOAD}', 'receipt', '2026-06-15')", "AR002"),
    Attack("jana", "a write-off that calls itself a credit note", load(staged("1, 'credit_note', 'write_off', '1001', 'L-1', '2026-06-01', 'USD', 1000", columns="load, row, kind, event, account, number, doc_date, currency, amount"))),
    Attack("jana", "a receipt that books a refund", load(staged("1, 'receipt', 'refund', '1001', 'L-1', '2026-06-01', 'USD', 1000", columns="load, row, kind, event, account, number, doc_date, currency, amount"))),
    Attack("jana", "a purchase on a customer's account", load(staged("1, 'purchase', '1001', 'L-1', '2026-06-01', 'USD', 1000"), "invoice"), "AR001"),
    Attack("jana", "instalments of more than the invoice", load(f"{PAIR}; INSERT INTO stage.instalment (load, row, seq, due_on, amount) VALUES ('{LOAD}', 1, 1, '2026-07-01', 5000)"), "AR001"),
    Attack("jana", "a staged payment of a stranger's invoice", load(staged("1, 'invoice', '1002', 'L-1', '2026-06-01', 'USD', 1000", "2, 'receipt', '1001', 'L-2', '2026-06-01', 'USD', 1000") + f"; INSERT INTO stage.allocation (load, credit_row, debit_row, amount, effective_on) VALUES ('{LOAD}', 2, 1, 1000, '2026-06-01')"), "AR010"),
    Attack("jana", "a payment turned round", load(f"{PAIR}; INSERT INTO stage.allocation (load, credit_row, debit_row, amount, effective_on) VALUES ('{LOAD}', 1, 2, 1000, '2026-06-01')"), "AR001"),
    Attack("jana", "a staged write-off mark", load(f"{PAIR}; INSERT INTO stage.allocation (load, credit_row, debit_row, amount, effective_on, kind) VALUES ('{LOAD}', 2, 1, 1000, '2026-06-01', 'write_off')"), "AR010"),
    Attack("jana", "more allocated than there is", load(f"{PAIR}; INSERT INTO stage.allocation (load, credit_row, debit_row, amount, effective_on) VALUES ('{LOAD}', 2, 1, 1001, '2026-06-01')"), "23514"),
    Attack("jana", "an allocation that never takes effect", load(f"{PAIR}; INSERT INTO stage.allocation (load, credit_row, debit_row, amount, effective_on) VALUES ('{LOAD}', 2, 1, 1000, 'infinity')"), "22008"),
    Attack("jana", "allocated in a closed month", load(staged("1, 'invoice', '1001', 'L-1', '2025-12-01', 'USD', 1000", "2, 'receipt', '1001', 'L-2', '2025-12-01', 'USD', 1000") + f"; INSERT INTO stage.allocation (load, credit_row, debit_row, amount, effective_on) VALUES ('{LOAD}', 2, 1, 1000, '2026-01-10')"), "AR003"),
    Attack("jana", "due never, by the back door", load(staged("1, 'invoice', '1001', 'L-1', '2026-06-01', 'USD', 1000, 'infinity'", columns="load, row, kind, account, number, doc_date, currency, amount, due_on")), "23514"),
    Attack("jana", "colour by the back door", load(staged("1, 'invoice', '1001', E'\\x1b[31m', '2026-06-01', 'USD', 1000")), "23514"),
    Attack("jana", "a credit limit by the back door", f"INSERT INTO stage.party (load, row, kind, number, name, credit_limit) VALUES ('{LOAD}', 1, 'customer', '1001', 'Acme', 999999999); SELECT api.load_parties('{LOAD}', 'customer', '2026-06-15')"),
]  # fmt: skip

READING = [
    *(Attack(who, "read the audit", "SELECT * FROM ar.audit") for who in ("jana", "petr", "cora", "adam")),
    Attack("jana", "read the chain", "SELECT * FROM ar.seal"),
    Attack("jana", "read the chain's head", "SELECT * FROM ar.chain_head"),
    Attack("jana", "check the chain", "SELECT * FROM api.verify_chain()"),
    Attack("jana", "what colleagues sent, to try keys", "SELECT body_hash FROM ar.posting"),
    Attack("jana", "the whole posting row", "SELECT * FROM ar.posting"),
    Attack("jana", "the audit through her own view, made wider", "CREATE OR REPLACE VIEW ar.own_audit AS SELECT * FROM ar.audit"),
    Attack("jana", "delete through her own view", "DELETE FROM ar.own_audit"),
    Attack("audrey", "an auditor tidies the audit", "DELETE FROM ar.audit"),
    Attack("marta", "a supervisor tidies the audit", "UPDATE ar.audit SET after = NULL"),
]  # fmt: skip

RECORDS = [
    Attack("jana", "bidi in a name", "INSERT INTO ar.party (name) VALUES (E'Acme\\u202emoc')", "23514"),
    Attack("jana", "an escape in a name", "UPDATE ar.party SET name = E'\\x1b]52;c;eA==\\x07'", "23514"),
    Attack("jana", "nothing visible in a name", "UPDATE ar.party SET name = E'Acme\\u200b'", "23514"),
    Attack("jana", "an Arabic mark in a name", "UPDATE ar.party SET name = E'Acme\\u061c'", "23514"),
    Attack("jana", "a tag character in a note", "UPDATE ar.party SET note = E'\\U000E0041'", "23514"),
    Attack("jana", "an escape in the collector", "UPDATE ar.account SET collector = E'\\x1b[2J'", "23514"),
    Attack("petr", "an escape in what a number is compared by", "UPDATE ar.contact_point SET value_key = E'\\x1b[2J'", "23514"),
    Attack("jana", "an escape in the name of a profile", "INSERT INTO ar.import_profile (name, kind, options) VALUES (E'\\x1b', 'invoices', '{}')", "23514"),
    Attack("marta", "an escape in terms", "INSERT INTO ar.terms (code, name, rule) VALUES (E'\\x1b', 'x', '[]')", "23514"),
    Attack("jana", "a price that is no number", "INSERT INTO ar.item (number, description, unit_price) VALUES ('X', 'x', 'NaN')", "23514"),
    Attack("jana", "a head under its own part", "UPDATE ar.party SET parent_id = (SELECT id FROM ar.party WHERE name = 'Acme West') WHERE name = 'Acme'", "AR010"),
    Attack("jana", "a part of a part", "UPDATE ar.party SET parent_id = (SELECT id FROM ar.party WHERE name = 'Acme West') WHERE name = 'Beta'", "AR010"),
    Attack("jana", "a new part of a part", "INSERT INTO ar.party (name, parent_id) SELECT 'x', id FROM ar.party WHERE name = 'Acme West'", "AR010"),
    Attack("jana", "a head with parts under another head", "UPDATE ar.party SET parent_id = (SELECT id FROM ar.party WHERE name = 'Beta') WHERE name = 'Acme'", "AR010"),
    Attack("jana", "another version number", "UPDATE ar.party SET row_version = 99"),
    Attack("jana", "a record that says it was loaded", "INSERT INTO ar.party (name, load_id) VALUES ('x', 1)"),
    Attack("jana", "a record with an identity of her choice", "INSERT INTO ar.party (id, name) OVERRIDING SYSTEM VALUE VALUES (1, 'x')"),
    Attack("jana", "another number for an account", "UPDATE ar.account SET number = '9'"),
    Attack("jana", "an account of another party", "UPDATE ar.account SET party_id = party_id"),
    Attack("jana", "a clerk lifts the credit limit", "UPDATE ar.account SET credit_limit = NULL"),
    Attack("jana", "a clerk lifts the hold", "UPDATE ar.account SET hold = false"),
    Attack("cora", "credit control changes terms", "UPDATE ar.account SET terms = NULL"),
    Attack("petr", "a collector renames a customer", "UPDATE ar.party SET name = 'Mine'"),
    Attack("audrey", "an auditor keeps records", "INSERT INTO ar.party (name) VALUES ('x')"),
    Attack("jana", "delete a customer", "DELETE FROM ar.account"),
    Attack("jana", "delete a party", "DELETE FROM ar.party"),
    Attack("jana", "another rate", "INSERT INTO ar.exchange_rate VALUES ('EUR', '2026-01-01', 2)"),
    Attack("karel", "a rate that is no number", "INSERT INTO ar.exchange_rate VALUES ('EUR', '2026-01-01', 'NaN')", "23514"),
    Attack("adam", "an administrator unmakes a setting", "DELETE FROM ar.setting"),
    Attack("jana", "a batch for a posted receipt", "SELECT api.add_to_batch('B-00001', gen_random_uuid(), '{\"kind\": \"receipt\", \"customer\": \"1001\", \"date\": \"2026-06-01\", \"amount\": 1}')", "AR010"),
    Attack("jana", "the same receipt with another amount in a batch", "SELECT api.add_to_batch('B-00002', '44444444-4444-4444-8444-444444444444', '{\"kind\": \"receipt\", \"customer\": \"1001\", \"date\": \"2026-06-01\", \"amount\": 999}')", "AR002"),
    Attack("jana", "something else in a batch", "SELECT api.add_to_batch('B-00002', gen_random_uuid(), '{\"amount\": 1}')", "AR010"),
    Attack("jana", "a batch that does not agree", "SELECT api.post_batch('B-00002', '2026-06-15')", "AR013"),
    Attack("jana", "a receipt out of a posted batch", "SELECT api.take_from_batch('B-00001', '55555555-5555-4555-8555-555555555555')", "AR010"),
    Attack("jana", "another control total for a posted batch", "SELECT api.set_batch_control('B-00001', 1, 1, 1)", "AR010"),
    Attack("petr", "a collector empties a batch", "SELECT api.take_from_batch('B-00002', '44444444-4444-4444-8444-444444444444')"),
    Attack("petr", "a collector opens a batch", "SELECT api.open_batch('x', '2026-06-01', 'USD', 1, 1)"),
]  # fmt: skip
