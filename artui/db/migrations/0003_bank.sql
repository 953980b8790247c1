-- Bank statements: our own accounts at banks, what the banks sent, and which documents of the books each entry stands for.

INSERT INTO ar.gl_account (code, name, kind) VALUES ('1010', 'Money between own accounts', 'asset'), ('4120', 'Interest from banks', 'income') ON CONFLICT DO NOTHING;

CREATE TABLE ar.bank_account (   -- an account of ours in one currency; the ledger account that mirrors it is its own in that currency
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, number ar.line_text NOT NULL CHECK (number <> '' AND length(number) <= 60),
  currency ar.currency_code NOT NULL REFERENCES ar.currency, name ar.line_text NOT NULL DEFAULT '', gl text NOT NULL REFERENCES ar.gl_account,
  row_version int NOT NULL DEFAULT 1, UNIQUE (number, currency), UNIQUE (gl, currency));

CREATE TABLE ar.bank_statement ( -- what a bank sent; `place` is its place in the file. Only its state moves
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, bank_account_id bigint NOT NULL REFERENCES ar.bank_account,
  format text NOT NULL CHECK (format ~ '^[a-z0-9.]{1,20}$'), ident ar.line_text NOT NULL DEFAULT '', number ar.line_text NOT NULL DEFAULT '',
  file ar.line_text NOT NULL, file_hash bytea NOT NULL, place int NOT NULL,
  opening ar.money, closing ar.money, opening_on date, closing_on date, from_on date, to_on date,
  entries int NOT NULL, credits ar.money NOT NULL, debits ar.money NOT NULL, first_on date, last_on date,
  known int NOT NULL,            -- entries another statement had brought before
  pending int NOT NULL DEFAULT 0, ties boolean,   -- opening + entries = closing; null when the bank gave only one of the two
  faults ar.note_text NOT NULL DEFAULT '',
  state text NOT NULL DEFAULT 'read' CHECK (state IN ('read', 'validated')), validated_by name,
  imported_by name NOT NULL DEFAULT session_user, imported_at timestamptz NOT NULL DEFAULT clock_timestamp(), row_version int NOT NULL DEFAULT 1,
  UNIQUE (bank_account_id, file_hash, place), CHECK (state = 'read' OR (ties IS TRUE AND validated_by IS NOT NULL)));
CREATE INDEX bank_statement_span ON ar.bank_statement (bank_account_id, last_on, first_on);

CREATE TABLE ar.bank_entry (     -- one movement of money at the bank, however many statements show it; positive is money in
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, bank_account_id bigint NOT NULL REFERENCES ar.bank_account,
  booked_on date NOT NULL CHECK (booked_on BETWEEN '1900-01-01' AND '2200-12-31'), value_on date, amount ar.money NOT NULL CHECK (amount <> 0),
  reversal boolean NOT NULL DEFAULT false, name ar.line_text NOT NULL DEFAULT '', account ar.line_text NOT NULL DEFAULT '',
  text ar.line_text NOT NULL DEFAULT '', reference ar.line_text NOT NULL DEFAULT '', end_to_end ar.line_text NOT NULL DEFAULT '',
  bank_reference ar.line_text NOT NULL DEFAULT '', code ar.line_text NOT NULL DEFAULT '', parts jsonb,
  state text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'booked', 'parked', 'ignored')),
  reason ar.line_text NOT NULL DEFAULT '', decided_by name, decided_at timestamptz, row_version int NOT NULL DEFAULT 1,
  CHECK ((state = 'open') = (decided_by IS NULL)), CHECK (state <> 'ignored' OR reason <> ''));
CREATE INDEX bank_entry_day ON ar.bank_entry (bank_account_id, booked_on, id);
CREATE INDEX bank_entry_open ON ar.bank_entry (bank_account_id, id) WHERE state IN ('open', 'parked');
CREATE INDEX bank_entry_payer ON ar.bank_entry (account) WHERE account <> '';
CREATE INDEX bank_entry_named ON ar.bank_entry (ar.fold(name)) WHERE name <> '';

CREATE TABLE ar.bank_statement_line (  -- where an entry stands in a statement. Append-only
  statement_id bigint NOT NULL REFERENCES ar.bank_statement, position int NOT NULL, entry_id bigint NOT NULL REFERENCES ar.bank_entry,
  likeness bytea NOT NULL, PRIMARY KEY (statement_id, position), UNIQUE (statement_id, entry_id));
CREATE INDEX bank_statement_line_likeness ON ar.bank_statement_line (likeness);
CREATE INDEX bank_statement_line_entry ON ar.bank_statement_line (entry_id);

CREATE TABLE ar.bank_match (     -- which document of the books an entry of the bank stands for, and for how much of it. Only `undone_at` moves
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, entry_id bigint NOT NULL REFERENCES ar.bank_entry, document_id bigint NOT NULL REFERENCES ar.document,
  amount ar.money NOT NULL, undone_at timestamptz, undone_by name);
CREATE UNIQUE INDEX bank_match_document ON ar.bank_match (document_id) WHERE undone_at IS NULL AND amount <> 0;   -- a document clears once
CREATE INDEX bank_match_entry ON ar.bank_match (entry_id);

CREATE UNLOGGED TABLE stage.bank_entry (
  load uuid NOT NULL, place int NOT NULL, row int NOT NULL, booked_on date NOT NULL, value_on date, amount bigint NOT NULL, reversal boolean NOT NULL DEFAULT false,
  name text NOT NULL DEFAULT '', account text NOT NULL DEFAULT '', text text NOT NULL DEFAULT '', reference text NOT NULL DEFAULT '', end_to_end text NOT NULL DEFAULT '',
  bank_reference text NOT NULL DEFAULT '', code text NOT NULL DEFAULT '', parts jsonb, likeness bytea, entry_id bigint, fresh boolean,
  by_login name NOT NULL DEFAULT session_user, PRIMARY KEY (load, place, row));
