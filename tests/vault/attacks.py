"""What somebody with psql might try: who, what, and the code that refuses it.

The names used stand in the office `test_attacks.py` sets up. A code of None means: nothing is said, and nothing happens.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

DENIED = "42501"
INVOICE = "(SELECT id FROM ar.document WHERE number = 'INV-1')"
ITEM = f"(SELECT id FROM ar.open_item WHERE document_id = {INVOICE})"
ACME = "(SELECT id FROM ar.account WHERE number = '1001')"
KARLAS_KEY = "11111111-1111-4111-8111-111111111111"
KARLAS_DRAFT = "77777777-7777-4777-8777-777777777777"
KARLAS_LOAD = "22222222-2222-4222-8222-222222222222"


@dataclass(frozen=True)
class Attack:
    """One attempt: `login` runs `sql` in one transaction and is answered with SQLSTATE `code`."""

    login: str
    name: str
    sql: str
    code: str | None = DENIED
    alone: bool = False  # the statement cannot stand in a transaction

    def __str__(self) -> str:
        return f"{self.login}: {self.name}"


def post(today: str = "2026-06-15", key: str | None = None, **document: Any) -> str:
    """The statement that posts `document`, as somebody types it."""
    asked = f"'{key}'" if key else "gen_random_uuid()"
    escaped = json.dumps(document).replace("'", "''")
    return f"SELECT api.post({asked}, '{escaped}'::jsonb, '{today}')"


def decide(reason: str, approve: str = "true", comment: str = "ok") -> str:
    """The statement that decides the approval asked for with `reason`."""
    return f"SELECT api.decide((SELECT id FROM ar.approval WHERE reason = '{reason}'), {approve}, '{comment}', '2026-06-15')"


MONEY = {
    "posting": "kind = 'x'", "document": "amount = 1", "document_line": "amount = 1", "journal_line": "amount = 1", "ledger_day": "amount = 1",
    "open_item": "open = 0", "allocation": "amount = 1", "approval": "state = 'approved'", "audit": "who = 'karla'", "seal": "hash = ''",
    "chain_head": "position = 0", "batch": "state = 'posted'", "batch_receipt": "amount = 1", "period": "state = 'open'", "staff": "disabled_at = NULL",
    "posting_rule": "side = -side", "permission": "role = 'clerk'", "role_conflict": "reason = ''", "gl_account": "kind = 'income'",
    "charge_span": "amount = 1", "currency": "digits = 0", "schema_version": "fingerprint = ''", "schema_migration": "name = ''", "name_word": "word = 'x'",
    "draft": "body = '{}'", "record_change": "record = '1'", "merge": "undone_by = 'karla'", "postdated_cheque": "state = 'deposited'", "certificate": "number = 'X'", "party_bank": "iban = 'X'",
}  # fmt: skip
"""Every table nobody writes by hand, and a change somebody would like to make."""

TABLES = [
    Attack("jana", f"{verb.split()[0]} {table}", verb)
    for table, change in MONEY.items()
    for verb in (
        f"UPDATE ar.{table} SET {change}", f"DELETE FROM ar.{table}", f"TRUNCATE ar.{table} CASCADE",
        f"INSERT INTO ar.{table} DEFAULT VALUES", f"LOCK TABLE ar.{table} IN ACCESS EXCLUSIVE MODE",
    )
] + [
    Attack("jana", "change an activity", "UPDATE ar.activity SET note = 'never said so'"),
    Attack("jana", "delete an activity", "DELETE FROM ar.activity"),
    Attack("jana", "truncate the activities", "TRUNCATE ar.activity"),
    Attack("audrey", "an auditor writes an activity", f"INSERT INTO ar.activity (account_id, direction, channel) VALUES ({ACME}, 'note', 'note')"),
    Attack("jana", "an activity in a colleague's name", f"INSERT INTO ar.activity (account_id, direction, channel, by_login) VALUES ({ACME}, 'note', 'note', 'karla')"),
    Attack("jana", "an activity recorded at another time", f"INSERT INTO ar.activity (account_id, direction, channel, recorded_at) VALUES ({ACME}, 'note', 'note', now())"),
    Attack("jana", "merge into the journal", "MERGE INTO ar.journal_line j USING (SELECT 1) s ON true WHEN MATCHED THEN DELETE"),
    Attack("jana", "copy into the journal", "COPY ar.journal_line (document_id) FROM STDIN"),
    Attack("jana", "a change inside a select", "WITH gone AS (DELETE FROM ar.allocation RETURNING *) SELECT count(*) FROM gone"),
    Attack("jana", "a change inside explain", "EXPLAIN ANALYZE UPDATE ar.open_item SET open = 0"),
    Attack("jana", "hold the open items for herself", "SELECT * FROM ar.open_item FOR UPDATE"),
    Attack("jana", "a line for a posted document", f"INSERT INTO ar.journal_line (document_id, line, gl, posted_on, currency, amount) VALUES ({INVOICE}, 9, '4000', '2026-03-01', 'USD', -1)"),
    Attack("jana", "an item for a posted document", f"INSERT INTO ar.open_item (document_id, account_id, seq, currency, doc_date, posted_on, due_on, original, open) SELECT {INVOICE}, {ACME}, 9, 'USD', '2026-03-01', '2026-03-01', '2026-03-01', -1, -1"),
    Attack("jana", "mark a dispute by hand", "UPDATE ar.open_item SET disputed = 1"),
    Attack("jana", "another document number", "UPDATE ar.document SET number = 'INV-0' WHERE number = 'INV-1'"),
    Attack("jana", "wind a sequence back", "SELECT setval('ar.document_number', 1)"),
    Attack("jana", "use up numbers", "SELECT nextval('ar.document_id_seq')"),
    Attack("jana", "change the catalogue", "UPDATE pg_catalog.pg_class SET relowner = 10 WHERE relname = 'document'"),
]  # fmt: skip

IMPERSONATION = [
    *(Attack("jana", f"become {who}", f"SET ROLE {who}") for who in ("ar_owner", "ar_manager", "ar_clerk", "ar_reader", "karla")),
    Attack("jana", "become the owner for a transaction", "SET LOCAL ROLE ar_owner"),
    Attack("jana", "become a colleague for the session", "SET SESSION AUTHORIZATION karla"),
    Attack("olga", "even with every role become the owner", "SET ROLE ar_owner"),
    Attack("jana", "make herself a superuser", "ALTER ROLE jana SUPERUSER"),
    Attack("jana", "let herself make roles", "ALTER ROLE jana CREATEROLE"),
    Attack("jana", "be beyond row security", "ALTER ROLE jana BYPASSRLS"),
    Attack("jana", "log in as the owner", "ALTER ROLE ar_owner LOGIN"),
    Attack("jana", "a colleague's password", "ALTER ROLE karla PASSWORD 'x'"),
    Attack("jana", "a colleague's settings", "ALTER ROLE karla SET search_path = public"),
    Attack("jana", "give her group away", "GRANT ar_clerk TO petr"),
    Attack("jana", "give herself a group", "GRANT ar_manager TO jana"),
    Attack("jana", "give herself away", "GRANT jana TO petr"),
    Attack("adam", "an administrator gives out a group without the staff list", "GRANT ar_controller TO adam"),
    Attack("jana", "let somebody else write", "GRANT UPDATE ON ar.journal_line TO petr", None),
    Attack("jana", "let the public read the audit", "GRANT SELECT ON ar.audit TO PUBLIC"),
    Attack("jana", "drop a colleague", "DROP ROLE karla"),
    Attack("jana", "take over what a colleague owns", "REASSIGN OWNED BY ar_owner TO jana"),
    Attack("jana", "end a colleague's session", "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename <> 'jana' AND usename IS NOT NULL"),
    Attack("jana", "add a person", "SELECT api.add_staff('mallory', 'Mallory', ARRAY['controller'])"),
    Attack("jana", "take a role", "SELECT api.set_roles('jana', ARRAY['controller'])"),
    Attack("viktor", "a manager adds a person", "SELECT api.add_staff('mallory', 'Mallory', ARRAY['controller'])"),
    Attack("adam", "an administrator gives themselves money", "SELECT api.set_roles('adam', ARRAY['admin', 'controller'])"),
    Attack("adam", "the auditor keeps books too", "SELECT api.set_roles('audrey', ARRAY['auditor', 'clerk'])", "AR010"),
    Attack("adam", "a person named like a group", "SELECT api.add_staff('ar_owner', 'Owner', ARRAY['clerk'])"),
    Attack("adam", "a role nobody knows", "SELECT api.set_roles('jana', ARRAY['owner'])", "AR008"),
    Attack("adam", "a group that is no role", "SELECT api.set_roles('jana', ARRAY['reader'])", "AR008"),
    Attack("adam", "the last administrator leaves", "SELECT api.set_roles('olga', ARRAY['clerk']); SELECT api.disable_staff('adam')", "AR010"),
    Attack("jana", "disable a colleague", "SELECT api.disable_staff('karla')"),
]  # fmt: skip

SERVER = [
    Attack("jana", "switch the triggers off for the session", "SET session_replication_role = replica"),
    Attack("jana", "switch the triggers off", "ALTER TABLE ar.journal_line DISABLE TRIGGER ALL"),
    Attack("jana", "drop a trigger", "DROP TRIGGER a_no_change ON ar.journal_line"),
    Attack("jana", "put a trigger of her own", "CREATE TRIGGER mine BEFORE INSERT ON ar.party FOR EACH ROW EXECUTE FUNCTION ar.no_change()"),
    Attack("jana", "put a rule", "CREATE RULE mine AS ON INSERT TO ar.party DO INSTEAD NOTHING"),
    Attack("jana", "put a policy", "CREATE POLICY mine ON ar.journal_line"),
    Attack("jana", "drop a constraint", "ALTER TABLE ar.open_item DROP CONSTRAINT open_item_check"),
    Attack("jana", "own a table", "ALTER TABLE ar.party OWNER TO jana"),
    Attack("jana", "drop a table", "DROP TABLE ar.allocation"),
    Attack("jana", "replace a function of the vault", "CREATE OR REPLACE FUNCTION ar.may(p_action text) RETURNS boolean LANGUAGE sql AS 'SELECT true'"),
    Attack("jana", "make a function run as the caller", "ALTER FUNCTION api.post(uuid, jsonb, date) SECURITY INVOKER"),
    Attack("jana", "another search path for a function", "ALTER FUNCTION api.post(uuid, jsonb, date) SET search_path = public"),
    Attack("jana", "a schema", "CREATE SCHEMA mine"),
    *(Attack("jana", f"a table in {schema}", f"CREATE TABLE {schema}.mine (a int)") for schema in ("public", "ar", "api", "stage", "ext")),
    Attack("jana", "a temporary table that stands before the vault's", "CREATE TEMP TABLE permission (action text, role text)"),
    Attack("jana", "a temporary view", "CREATE TEMP VIEW period AS SELECT 1"),
    Attack("jana", "a temporary function", "CREATE FUNCTION pg_temp.may(text) RETURNS boolean LANGUAGE sql AS 'SELECT true'"),
    Attack("jana", "an operator that stands before the system's", "CREATE OPERATOR public.<> (LEFTARG = bigint, RIGHTARG = bigint, FUNCTION = int8eq)"),
    Attack("jana", "a cast", "CREATE CAST (text AS bigint) WITH INOUT AS IMPLICIT"),
    Attack("jana", "a type", "CREATE TYPE public.account AS (id bigint)"),
    Attack("jana", "a language", "CREATE LANGUAGE plpython3u", None),
    Attack("jana", "an extension", "CREATE EXTENSION pg_stat_statements", None),
    Attack("jana", "another database's tables", "SELECT * FROM dblink('dbname=postgres', 'SELECT 1') AS t(a int)", "42883"),
    Attack("jana", "a foreign server", "CREATE SERVER mine FOREIGN DATA WRAPPER postgres_fdw", None),
    Attack("jana", "a publication", "CREATE PUBLICATION mine FOR ALL TABLES"),
    Attack("jana", "an event trigger", "CREATE EVENT TRIGGER mine ON ddl_command_start EXECUTE FUNCTION ar.no_change()", None),
    Attack("jana", "a large object", "SELECT lo_create(0)"),
    Attack("jana", "a large object of bytes", "SELECT lo_from_bytea(0, 'x')"),
    Attack("jana", "a file into the database", "SELECT lo_import('/etc/passwd')"),
    Attack("jana", "read a file of the server", "SELECT pg_read_file('/etc/passwd')"),
    Attack("jana", "list the server's folder", "SELECT pg_ls_dir('.')"),
    Attack("jana", "copy from a file", "COPY ar.activity (account_id) FROM '/etc/passwd'"),
    Attack("jana", "copy to a file", "COPY ar.party TO '/tmp/party'"),
    Attack("jana", "run a program", "COPY ar.party TO PROGRAM 'id'"),
    Attack("jana", "the passwords", "SELECT * FROM pg_authid"),
    Attack("jana", "who may connect from where", "SELECT * FROM pg_hba_file_rules"),
    Attack("jana", "change the server's settings", "ALTER SYSTEM SET fsync = off", alone=True),
    Attack("jana", "reload the settings", "SELECT pg_reload_conf()"),
    Attack("jana", "statements out of the log", "SET log_statement = 'none'"),
    Attack("jana", "write to the catalogue", "SET allow_system_table_mods = on"),
    Attack("jana", "load a library", "LOAD '/tmp/evil.so'"),
    Attack("jana", "the database is hers", "ALTER DATABASE {database} OWNER TO jana"),
    Attack("jana", "settings of the database", "ALTER DATABASE {database} SET search_path = public"),
    Attack("jana", "a database", "CREATE DATABASE mine", alone=True),
    Attack("jana", "drop the database", "DROP DATABASE {database}", alone=True),
    Attack("jana", "a transaction that outlives her", f"{post(kind='receipt', customer='1001', date='2026-06-01', amount=100)}; PREPARE TRANSACTION 'mine'", "55000"),
    Attack("jana", "spoil statistics", "SELECT pg_stat_reset()"),
    Attack("jana", "another archive", "SELECT pg_switch_wal()"),
]  # fmt: skip

ENGINE = [
    Attack("jana", f"the engine's {call.split('(')[0]}", f"SELECT ar.{call}")
    for call in (
        f"book(1, 'receipt', 'receipt', (SELECT a FROM ar.account a WHERE a.id = {ACME}), '{{}}', 1)",
        f"move(1, {ITEM}, {ITEM}, 1, '2026-06-15', 'payment')", "claim(gen_random_uuid(), 'receipt', '{}', '2026-06-15')",
        "carry_out(1, '{}', '2026-06-15')", "spread(1, 1, 1, 1, '2026-06-15', 'payment')", "unlink(1, 1, 1, 1, '2026-06-15')",
        f"reverse(1, (SELECT d FROM ar.document d WHERE d.id = {INVOICE}), '{{}}', '2026-06-15')", "post_simple(1, '{}', '2026-06-15')",
        "post_adjustment(1, '{}', '2026-06-15')", "next_number('invoice')", "load_end(gen_random_uuid(), 'x', '{}')", "prove_item(1)", "begin_posting()",
    )
]  # fmt: skip
