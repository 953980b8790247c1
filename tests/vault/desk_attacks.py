"""What somebody with psql might try at the desk: others' drafts, records, merges, cheques, credit notes, closed months."""

from __future__ import annotations

import json
from typing import Any

from tests.vault.attacks import KARLAS_DRAFT, Attack, post
from tests.vault.more_attacks import load, staged

CARD = "4111 1111 1111 1111"
ACME = "(SELECT id FROM ar.party WHERE name = 'Acme')"
WEST = "(SELECT id FROM ar.party WHERE name = 'Acme West')"
BETA = "(SELECT id FROM ar.party WHERE name = 'Beta')"
TWIN = "(SELECT id FROM ar.party WHERE name = 'Twin')"
MILL = "(SELECT id FROM ar.party WHERE name = 'Paper Mill')"


def records(*changes: dict[str, Any], id_of: str = "NULL") -> str:
    """The statement that changes records; ID stands for the row `id_of`, V for its version 1."""
    written = json.dumps(changes).replace("'", "''")
    return f"SELECT api.save_records(gen_random_uuid(), replace('{written}', '\"ID\"', coalesce(({id_of})::text, ''))::jsonb, '2026-06-15')"


def draft(body: str = "{}", key: str = "gen_random_uuid()", subject: str = "x", kind: str = "receipt") -> str:
    return f"SELECT api.save_draft({key}, '{kind}', '{subject}', '{body}', 'pts/9', 1)"


def party(values: dict[str, Any], version: int = 1) -> str:
    """The statement that changes Acme."""
    return records({"table": "party", "id": "ID", "version": version, "values": values}, id_of=ACME)


DRAFTS = [
    Attack("jana", "write into a colleague's draft", draft(key=f"'{KARLAS_DRAFT}'"), "AR002"),
    Attack("olga", "write into a clerk's draft", draft(key=f"'{KARLAS_DRAFT}'"), "AR002"),
    Attack("jana", "throw a colleague's draft away", f"SELECT api.discard_draft('{KARLAS_DRAFT}')", None),
    Attack("jana", "end a colleague's draft", f"SELECT api.settle_draft('{KARLAS_DRAFT}')", None),
    Attack("jana", "know of colleagues' drafts", "SELECT * FROM api.drafts_of_all()"),
    Attack("marta", "know of clerks' drafts without the right", "SELECT * FROM api.drafts_of_all()"),
    Attack("jana", "switch the policy off", "ALTER TABLE ar.draft DISABLE ROW LEVEL SECURITY"),
    Attack("jana", "read past the policy", "SET row_security = off; SELECT 1 / (count(*) - 1) FROM ar.draft WHERE false OR owner = 'karla'"),
    Attack("jana", "a policy of her own", "CREATE POLICY mine ON ar.draft USING (true)"),
    Attack("jana", "a card number in a draft", draft(json.dumps({"rows": [{"memo": f"by {CARD}"}]})), "23514"),
    Attack("jana", "a card number for a name in a draft", draft(json.dumps({"fields": {"full name": CARD}})), "23514"),
    Attack("jana", "a card number for a bank in a draft", draft(json.dumps({"texts": {"bank": CARD}})), "23514"),
    Attack("jana", "a card number in its subject", draft(subject=CARD), "23514"),
    Attack("jana", "a draft that is a list", draft("[]"), "23514"),
    Attack("jana", "a draft of a megabyte", "SELECT api.save_draft(gen_random_uuid(), 'receipt', 'x', jsonb_build_object('a', (SELECT string_agg(md5(n::text), '') FROM generate_series(1, 90000) n)), 'pts/9')", "23514"),
    Attack("jana", "an escape in its subject", draft(subject="' || E'\\x1b' || '"), "23514"),
    Attack("jana", "a kind of her own", draft(kind="x; y"), "23514"),
]  # fmt: skip

RECORDS = [
    Attack("petr", "a collector renames a customer", party({"name": "Mine"})),
    Attack("audrey", "an auditor keeps records", records({"table": "item", "values": {"number": "X", "description": "x"}})),
    Attack("cora", "credit control renames a customer", party({"name": "Mine"})),
    Attack("jana", "overwrite what she has not seen", party({"name": "Mine"}, version=1), "AR005"),
    Attack("jana", "a version of nothing", records({"table": "party", "id": "ID", "values": {"name": "Mine"}}, id_of=ACME), "AR005"),
    Attack("jana", "another identity", records({"table": "party", "values": {"id": 1, "name": "x"}})),
    Attack("jana", "a record that says it was loaded", records({"table": "party", "values": {"load_id": 1, "name": "x"}})),
    Attack("jana", "a version of her choice", party({"row_version": 99})),
    Attack("jana", "merged by hand", party({"merged_into": 1})),
    Attack("jana", "an account of another party", records({"table": "account", "id": "ID", "version": 1, "values": {"party_id": 1}}, id_of="SELECT id FROM ar.account WHERE number = '1002'")),
    Attack("jana", "a clerk sets a limit", records({"table": "account", "id": "ID", "version": 1, "values": {"credit_limit": 1}}, id_of="SELECT id FROM ar.account WHERE number = '1002'")),
    Attack("jana", "a new customer with a limit", records({"table": "account", "values": {"kind": "customer", "number": "N", "party_id": 1, "currency": "USD", "credit_limit": 1}})),
    Attack("cora", "credit control changes terms with the limit", records({"table": "account", "id": "ID", "version": 1, "values": {"credit_limit": 1, "terms": None}}, id_of="SELECT id FROM ar.account WHERE number = '1002'")),
    Attack("jana", "an account of no kind", records({"table": "account", "values": {"number": "N", "party_id": 1, "currency": "USD"}})),
    Attack("jana", "money as a record", records({"table": "document", "values": {"amount": 1}}), "AR008"),
    Attack("jana", "a table of the catalogue", records({"table": "pg_authid", "values": {"rolname": "x"}}), "AR008"),
    Attack("jana", "SQL for a column", records({"table": "item", "values": {"number) SELECT 1; --": "x"}})),
    Attack("jana", "delete a party", records({"table": "party", "id": "ID", "version": 2, "delete": True}, id_of=ACME)),
    Attack("jana", "a clerk changes terms", records({"table": "terms", "id": "NET30", "version": 1, "values": {"name": "x"}})),
    Attack("jana", "an escape in a name", records({"table": "party", "values": {"name": "a\u202eb"}}), "23514"),
    Attack("jana", "no list at all", "SELECT api.save_records(gen_random_uuid(), '{}', '2026-06-15')", "AR008"),
    Attack("audrey", "a record's history by way of another", "SELECT * FROM api.changes_since('staff', '1', 0)"),
    Attack("cora", "who changed what without keeping records", f"SELECT * FROM api.changes_since('party', {ACME}::text, 0)"),
]  # fmt: skip

CARDS = [
    Attack("jana", f"a card number in {where}", sql, "23514")
    for where, sql in (
        ("a note by hand", f"UPDATE ar.party SET note = 'card {CARD}'"), ("a name", f"INSERT INTO ar.party (name) VALUES ('{CARD}')"),
        ("an address", f"INSERT INTO ar.address (party_id, lines) SELECT id, '{CARD}' FROM ar.party LIMIT 1"),
        ("the contact log", f"INSERT INTO ar.activity (account_id, direction, channel, note) SELECT id, 'in', 'phone', '{CARD}' FROM ar.account LIMIT 1"),
        ("a memo", post(kind="receipt", customer="1001", date="2026-06-01", amount=1, memo=f"x {CARD.replace(' ', '-')} y")),
        ("a reference of a card", post(kind="receipt", customer="1001", date="2026-06-01", amount=1, method="card", reference=CARD)),
        ("a line", post(kind="invoice", customer="1001", date="2026-06-01", amount=1, lines=[{"quantity": "1", "unit_price": "1", "amount": 1, "description": CARD}])),
        ("a reason", post(kind="write_off", document="INV-1", amount=1, reason=CARD)), ("a dispute", post(kind="dispute", document="INV-1", amount=1, reason=CARD)),
        ("a batch's receipt", f"SELECT api.add_to_batch('B-00001', gen_random_uuid(), '{json.dumps({'kind': 'receipt', 'customer': '1001', 'date': '2026-06-01', 'amount': 5, 'memo': CARD})}')"),
        ("a batch's bank", f"SELECT api.open_batch('{CARD}', '2026-06-01', 'USD', 10, 1)"), ("a city", f"INSERT INTO ar.address (party_id, city) SELECT id, '{CARD}' FROM ar.party LIMIT 1"),
        ("a note by record", records({"table": "party", "id": "ID", "version": 2, "values": {"note": CARD}}, id_of=ACME)),
    )
]  # fmt: skip

MERGES = [
    Attack("jana", "a clerk merges", f"SELECT api.merge_parties(gen_random_uuid(), {BETA}, {ACME}, 'x', '2026-06-15')"),
    Attack("jana", "a clerk takes a merge back", "SELECT api.undo_merge(gen_random_uuid(), 1, '2026-06-15')"),
    Attack("marta", "without a reason", f"SELECT api.merge_parties(gen_random_uuid(), {BETA}, {ACME}, ' ', '2026-06-15')", "AR008"),
    Attack("marta", "a company into its subsidiary", f"SELECT api.merge_parties(gen_random_uuid(), {ACME}, {WEST}, 'x', '2026-06-15')", "AR010"),
    Attack("marta", "what is merged already", f"SELECT api.merge_parties(gen_random_uuid(), {TWIN}, {BETA}, 'x', '2026-06-15')", "AR010"),
    Attack("marta", "into what is merged", f"SELECT api.merge_parties(gen_random_uuid(), {BETA}, {TWIN}, 'x', '2026-06-15')", "AR010"),
    Attack("marta", "with itself", f"SELECT api.merge_parties(gen_random_uuid(), {MILL}, {MILL}, 'x', '2026-06-15')", "AR010"),
    Attack("marta", "take back what never was", "SELECT api.undo_merge(gen_random_uuid(), 99, '2026-06-15')", "AR011"),
]  # fmt: skip

CHEQUES = [
    Attack("jana", "pay a cheque in before its day", "SELECT api.deposit_cheque(gen_random_uuid(), 1, true, '2026-06-15')", "AR010"),
    Attack("jana", "pay in what was handed back", "SELECT api.deposit_cheque(gen_random_uuid(), 2, true, '2026-06-15')", "AR009"),
    Attack("jana", "hand back twice", "SELECT api.hand_back_cheque(2, '')", "AR009"),
    Attack("petr", "a collector pays a cheque in", "SELECT api.deposit_cheque(gen_random_uuid(), 1, true, '2026-07-01')"),
    Attack("petr", "a collector takes a cheque", "SELECT api.take_cheque(gen_random_uuid(), '{\"customer\": \"1001\"}', '2026-06-15')"),
    Attack("petr", "a collector hands a cheque back", "SELECT api.hand_back_cheque(1, '')"),
    Attack("jana", "the same cheque again", "SELECT api.take_cheque(gen_random_uuid(), '{\"customer\": \"1001\", \"cheque\": \"C-1\", \"amount\": 5000, \"deposit_on\": \"2026-07-01\"}', '2026-06-15')", "AR009"),
    Attack("jana", "a cheque of nothing", "SELECT api.take_cheque(gen_random_uuid(), '{\"customer\": \"1001\", \"cheque\": \"C-9\", \"amount\": 0, \"deposit_on\": \"2026-07-01\"}', '2026-06-15')", "23514"),
    Attack("jana", "a certificate before the tax was withheld", "SELECT api.receive_certificate('TAX-1', 'X', '2026-05-01')", "AR010"),
    Attack("jana", "a certificate for an invoice", "SELECT api.receive_certificate('INV-1', 'X', '2026-06-15')", "AR011"),
    Attack("petr", "a collector notes a certificate", "SELECT api.receive_certificate('TAX-1', 'X', '2026-06-15')"),
]  # fmt: skip

CARDS += [
    Attack("karel", "a card number in the note of a setting", f"UPDATE ar.setting SET note = '{CARD}' WHERE name = 'nsf_fee'", "23514"),
    Attack("viktor", "a card number where a rate was published", f"INSERT INTO ar.reference_rate VALUES ('X', '2026-01-01', 2, '{CARD}')", "23514"),
    Attack("viktor", "a card number for a profile", f"INSERT INTO ar.interest_profile (code, name, margin, floats) VALUES ('X', '{CARD}', 1, true)", "23514"),
    Attack("marta", "a card number for terms", f"INSERT INTO ar.terms (code, name, rule) VALUES ('X', '{CARD}', '[]')", "23514"),
]

BEYOND = [
    Attack(login, f"{what} on the day {day}", sql.replace("{day}", day), code)
    for day in ("infinity", "-infinity", "2202-01-01")
    for login, what, sql, code in (
        ("jana", "act", post(today="{day}", kind="dispute", document="INV-1"), "AR008"),
        ("jana", "open a batch", "SELECT api.open_batch('b', '{day}', 'USD', 10, 1)", "AR008"),
        ("marta", "decide", "SELECT api.decide((SELECT id FROM ar.approval WHERE reason = 'insolvent'), true, 'ok', '{day}')", "AR008"),
        ("karel", "a setting", "INSERT INTO ar.setting (name, valid_from, value) VALUES ('nsf_fee', '{day}', '1')", "23514"),
        ("karel", "an exchange rate", "INSERT INTO ar.exchange_rate VALUES ('EUR', '{day}', 1)", "23514"),
        ("viktor", "a reference rate", "INSERT INTO ar.reference_rate VALUES ('N', '{day}', 2)", "23514"),
        ("viktor", "a profile", "INSERT INTO ar.interest_profile (code, valid_from, name, margin, floats) VALUES ('N', '{day}', 'n', 1, true)", "23514"),
        ("jana", "an activity", "INSERT INTO ar.activity (account_id, direction, channel, happened_at) SELECT id, 'in', 'phone', '{day}' FROM ar.account LIMIT 1", "23514"),
    )
]  # fmt: skip
BEYOND += [Attack("jana", f"a certificate of the day {day}", f"SELECT api.receive_certificate('TAX-1', 'X', '{day}')", code) for day, code in (("infinity", "23514"), ("-infinity", "AR010"))]

BEYOND += [
    Attack("jana", f"{how} of {total} in {count}", sql.replace("TOTAL", total).replace("COUNT", count), "AR008")
    for total, count in (("-1", "1"), ("1", "-1"), ("0", "0"), ("NULL", "1"))
    for how, sql in (("a deposit", "SELECT api.open_batch('b', '2026-06-01', 'USD', TOTAL, COUNT)"), ("a deposit made one", "SELECT api.set_batch_control('B-00001', 1, TOTAL, COUNT)"))
]

LETTING_GO = [
    Attack("jana", "a credit note in another currency than its invoice", post(kind="credit_note", customer="1001", of="INV-1", currency="JPY", date="2026-06-01", amount=90, allocate=[]), "AR010"),
    Attack("jana", "another customer's invoice credited", post(kind="credit_note", customer="1002", of="INV-1", date="2026-06-01", amount=90, allocate=[]), "AR010"),
    Attack("jana", "a credit note above her limit into a closed month", post(kind="credit_note", customer="1001", date="2026-01-15", amount=60000), "AR003"),
    Attack("jana", "a request with a field nobody knows", post(kind="write_off", document="INV-1", amount=100, reason="gone", card="4111111111111111"), "AR008"),
    Attack("jana", "a request with such a field in a line", post(kind="credit_note", customer="1001", date="2026-06-01", amount=60000, lines=[{"amount": 60000, "note": "x"}]), "AR008"),
    Attack("jana", "a credit note above her limit for nobody", post(kind="credit_note", customer="9", date="2026-06-01", amount=60000), "AR011"),
    Attack("jana", "more than is open, to be approved later", post(kind="write_off", document="INV-2", amount=50001, reason="x"), "AR004"),
    Attack("jana", "a refund of what is not there, to be approved later", post(kind="refund", document="R1", amount=9999999, reason="x"), "AR004"),
    Attack("petr", "a collector looks what a receipt would do", "SELECT api.effects('{\"kind\": \"receipt\"}', '2026-06-15')"),
    Attack("jana", "look into a batch", "SELECT api.effects('{\"kind\": \"receipt\", \"batch_id\": 1}', '2026-06-15')"),
    Attack("jana", "looking leaves nothing", "SELECT api.effects('{\"kind\": \"receipt\", \"customer\": \"1001\", \"date\": \"2026-06-01\", \"amount\": 5}', '2026-06-15')", None),
    Attack("karla", "look what a colleague's request would do", "SELECT api.approval_effects((SELECT id FROM ar.approval WHERE reason = 'insolvent'), '2026-06-15')"),
    Attack("viktor", "close June over what waits in it", "SELECT api.set_period('2026-06-01', 'closed', ' ')", "AR010"),
    Attack("marta", "a supervisor closes a month", "SELECT api.set_period('2026-03-01', 'closed', 'x')"),
    Attack("karel", "a state that is none", "SELECT api.set_period('2026-03-01', 'ajar', 'x')", "23514"),
    Attack("jana", "the engine's effects", "SELECT ar.effects('receipt', '{}', '2026-06-15')"),
    Attack("jana", "the engine's effects of others", "SELECT ar.effects_of(1)"),
    Attack("jana", "whether a second person is needed", "SELECT ar.second_person('{}', '2026-06-15')"),
]  # fmt: skip

STAGING = [
    Attack("jana", "a credit note above her limit by way of a load", load(staged("1, 'credit_note', '1001', 'L-1', '2026-06-01', 'USD', 50000"), kind="credit_note")),
    Attack("jana", "a card number in a load", load(staged("1, 'receipt', '1001', 'L-1', '2026-06-01', 'USD', 50000, '" + CARD + "'", columns="load, row, kind, account, number, doc_date, currency, amount, memo")), "23514"),
]  # fmt: skip

ALL = [*DRAFTS, *RECORDS, *CARDS, *BEYOND, *MERGES, *CHEQUES, *LETTING_GO, *STAGING]
