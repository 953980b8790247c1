-- The books. Amounts are bigint minor units of the row's currency; debit is positive, credit is negative.
-- Tables marked "append-only" are guarded by triggers (artui/db/sql/10_guards.sql), for their owner too.

CREATE DOMAIN ar.line_text AS text CHECK (
  VALUE !~ '[\x01-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e0fff]' AND length(VALUE) <= 500);
CREATE DOMAIN ar.note_text AS text CHECK (
  VALUE !~ '[\x01-\x09\x0b-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e0fff]' AND length(VALUE) <= 4000);
CREATE DOMAIN ar.currency_code AS text CHECK (VALUE ~ '^[A-Z]{3}$');
CREATE DOMAIN ar.ratio AS numeric CHECK (VALUE > 0 AND VALUE < 1000000000000);                     -- NaN and infinity are beyond it
CREATE DOMAIN ar.measure AS numeric CHECK (VALUE > -1000000000000000 AND VALUE < 1000000000000000);
CREATE DOMAIN ar.money AS bigint CHECK (VALUE BETWEEN -999999999999999 AND 999999999999999);

CREATE FUNCTION ar.fold(value text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
  AS $$ SELECT lower(ext.unaccent('ext.unaccent'::regdictionary, value)) $$;
-- Closed items are filed by how long they were open: exactly up to 63 days, then 16 classes an octave.
-- What was open on a past day is then one short range of each class (docs/decisions/0003).
CREATE FUNCTION ar.span_class(days int) RETURNS smallint LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
  AS $$ SELECT CASE WHEN days < 64 THEN days ELSE 64 + floor(16 * log(2.0, days / 64.0))::int END::smallint $$;

CREATE TABLE ar.currency (
  code ar.currency_code PRIMARY KEY, digits smallint NOT NULL CHECK (digits BETWEEN 0 AND 4), name ar.line_text NOT NULL);

CREATE TABLE ar.setting (      -- every business number: a name, a day from which it holds, a value
  name text NOT NULL CHECK (name ~ '^[a-z][a-z0-9_.]*$'), valid_from date NOT NULL DEFAULT '1900-01-01', value jsonb NOT NULL,
  note ar.line_text NOT NULL DEFAULT '', PRIMARY KEY (name, valid_from));

CREATE TABLE ar.exchange_rate (  -- units of company currency for one unit of `currency`
  currency ar.currency_code NOT NULL REFERENCES ar.currency, valid_from date NOT NULL, rate ar.ratio NOT NULL,
  PRIMARY KEY (currency, valid_from));

CREATE TABLE ar.gl_account (
  code text PRIMARY KEY CHECK (code ~ '^[0-9]{3,8}$'), name ar.line_text NOT NULL,
  kind text NOT NULL CHECK (kind IN ('asset', 'liability', 'equity', 'income', 'expense')));

CREATE TABLE ar.posting_rule (   -- how an event becomes ledger lines; control and control2 stand for the party's control account
  event text NOT NULL, line smallint NOT NULL,
  gl text NOT NULL CHECK (gl ~ '^([0-9]{3,8}|control2?)$'), side smallint NOT NULL CHECK (side IN (-1, 1)),
  part text NOT NULL CHECK (part IN ('gross', 'net', 'tax')), PRIMARY KEY (event, line));

CREATE TABLE ar.permission (     -- who may do what; the vault asks here, and so do the screens
  action text NOT NULL, role text NOT NULL CHECK (role ~ '^[a-z]+$'), PRIMARY KEY (action, role));
CREATE TABLE ar.role_conflict (  -- two roles one person may not hold together
  role_a text NOT NULL, role_b text NOT NULL, reason ar.line_text NOT NULL, PRIMARY KEY (role_a, role_b));
CREATE TABLE ar.approval_limit ( -- the most a role may approve, in units of any currency; no limit when null
  action text NOT NULL, role text NOT NULL, max_amount numeric CHECK (max_amount BETWEEN 0 AND 999999999999999), PRIMARY KEY (action, role));

CREATE TABLE ar.staff (
  id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, login name NOT NULL UNIQUE CHECK (login::text ~ '^[a-z_][a-z0-9_.-]{0,62}$'),
  full_name ar.line_text NOT NULL, added_at timestamptz NOT NULL DEFAULT now(), disabled_at timestamptz,
  row_version int NOT NULL DEFAULT 1);

CREATE TABLE ar.posting (        -- one act of one person: the idempotency key, what was asked, what was answered. Append-only
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, key uuid NOT NULL UNIQUE, kind text NOT NULL,
  body_hash bytea NOT NULL, business_date date NOT NULL,
  posted_by name NOT NULL DEFAULT session_user, posted_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  xid xid8 NOT NULL DEFAULT pg_current_xact_id(), bulk boolean NOT NULL DEFAULT false);
CREATE INDEX posting_xid ON ar.posting (xid);
CREATE INDEX posting_small_difference ON ar.posting (posted_by, posted_at) WHERE kind = 'small_difference';

CREATE TABLE ar.party (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, kind text NOT NULL DEFAULT 'company' CHECK (kind IN ('company', 'person')),
  name ar.line_text NOT NULL CHECK (name <> ''), name_key text GENERATED ALWAYS AS (ar.fold(name)) STORED,
  legal_name ar.line_text, tax_id ar.line_text, registration_no ar.line_text, language text CHECK (language ~ '^[a-z]{2,3}$'),
  country text CHECK (country ~ '^[A-Z]{2}$'), timezone ar.line_text, parent_id bigint REFERENCES ar.party, note ar.note_text,
  row_version int NOT NULL DEFAULT 1, load_id bigint, CHECK (parent_id <> id));

CREATE TABLE ar.terms (
  code ar.line_text PRIMARY KEY CHECK (code <> '' AND length(code) <= 20), name ar.line_text NOT NULL, rule jsonb NOT NULL,
  row_version int NOT NULL DEFAULT 1);

CREATE TABLE ar.account (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, kind text NOT NULL CHECK (kind IN ('customer', 'vendor')),
  number ar.line_text NOT NULL CHECK (number <> '' AND length(number) <= 60), party_id bigint NOT NULL REFERENCES ar.party,
  currency ar.currency_code NOT NULL REFERENCES ar.currency, terms text REFERENCES ar.terms,
  status text NOT NULL DEFAULT 'active'
    CHECK (status IN ('prospect', 'active', 'watch', 'collections', 'pre_legal', 'legal', 'agency', 'closed')),
  hold boolean NOT NULL DEFAULT false, hold_reason ar.line_text, credit_limit ar.money, collector name CHECK (collector::text ~ '^[a-z_][a-z0-9_.-]{0,62}$'), opened_on date,
  row_version int NOT NULL DEFAULT 1, load_id bigint, UNIQUE (kind, number));

CREATE TABLE ar.contact (        -- a person one speaks to
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, party_id bigint NOT NULL REFERENCES ar.party, name ar.line_text NOT NULL,
  title ar.line_text, purpose text NOT NULL DEFAULT 'general'
    CHECK (purpose IN ('general', 'collections', 'ap', 'dispute', 'orders', 'legal')),
  row_version int NOT NULL DEFAULT 1, load_id bigint);

CREATE TABLE ar.contact_point (  -- a number or an address one is reached at; value_key is what lookups compare
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, party_id bigint NOT NULL REFERENCES ar.party,
  contact_id bigint REFERENCES ar.contact, type text NOT NULL CHECK (type IN ('phone', 'mobile', 'fax', 'email', 'web')),
  value ar.line_text NOT NULL CHECK (value <> ''), value_key ar.line_text NOT NULL CHECK (value_key <> ''), preferred boolean NOT NULL DEFAULT false,
  bad boolean NOT NULL DEFAULT false, timezone ar.line_text, row_version int NOT NULL DEFAULT 1, load_id bigint);

CREATE TABLE ar.address (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, party_id bigint NOT NULL REFERENCES ar.party,
  type text NOT NULL DEFAULT 'bill' CHECK (type IN ('bill', 'ship', 'legal', 'mail')), lines ar.note_text NOT NULL DEFAULT '',
  city ar.line_text NOT NULL DEFAULT '', region ar.line_text, postcode ar.line_text, country text CHECK (country ~ '^[A-Z]{2}$'),
  row_version int NOT NULL DEFAULT 1, load_id bigint);

CREATE TABLE ar.item (           -- what is sold or bought
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, number ar.line_text NOT NULL UNIQUE CHECK (number <> ''),
  description ar.line_text NOT NULL, unit ar.line_text, unit_price ar.measure, currency ar.currency_code REFERENCES ar.currency,
  tax_code ar.line_text, row_version int NOT NULL DEFAULT 1, load_id bigint);

CREATE TABLE ar.period (         -- a month nobody named here is open
  month date PRIMARY KEY CHECK (month = date_trunc('month', month) AND month BETWEEN '1900-01-01' AND '2200-12-31'), state text NOT NULL CHECK (state IN ('open', 'soft_closed', 'closed')),
  reason ar.line_text NOT NULL DEFAULT '', row_version int NOT NULL DEFAULT 1);

CREATE TABLE ar.batch (          -- receipts of one deposit; posts only when what was entered equals the control total
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, number text NOT NULL UNIQUE, bank ar.line_text NOT NULL DEFAULT '',
  deposit_date date NOT NULL, currency ar.currency_code NOT NULL REFERENCES ar.currency, control_total ar.money NOT NULL,
  control_count int NOT NULL, state text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'balanced', 'posted', 'reversed')),
  opened_by name NOT NULL DEFAULT session_user, posted_by name, row_version int NOT NULL DEFAULT 1);
CREATE TABLE ar.batch_receipt (  -- what has been entered and not posted yet
  batch_id bigint NOT NULL REFERENCES ar.batch, line int NOT NULL, key uuid NOT NULL UNIQUE, amount ar.money NOT NULL CHECK (amount > 0),
  document jsonb NOT NULL, entered_by name NOT NULL DEFAULT session_user, PRIMARY KEY (batch_id, line));

-- Only the vault writes the four tables below, from rows it has just looked up: foreign keys stand where a wrong id could
-- hide, not on every column, because each costs as much as the row (10 million invoices are 60 million rows).
CREATE TABLE ar.document (       -- a posted act of the ledger, and the header of its journal entry. Append-only
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, posting_id bigint NOT NULL,
  kind text NOT NULL, event text NOT NULL, account_id bigint, number ar.line_text NOT NULL CHECK (number <> ''),
  doc_date date NOT NULL, posted_on date NOT NULL, due_on date, currency ar.currency_code NOT NULL,
  amount ar.money NOT NULL, tax ar.money NOT NULL DEFAULT 0, rate ar.ratio,
  po ar.line_text, method ar.line_text, reference ar.line_text, memo ar.line_text, terms jsonb,
  of_id bigint REFERENCES ar.document, reverses_id bigint REFERENCES ar.document, batch_id bigint REFERENCES ar.batch,
  bulk boolean NOT NULL DEFAULT false,
  CHECK (least(doc_date, posted_on, due_on) >= '1900-01-01' AND greatest(doc_date, posted_on, due_on) <= '2200-12-31'));
-- a number is unique within its kind, a purchase's within its vendor; not partial, so that a number is found whatever it stands for
CREATE UNIQUE INDEX document_by_number ON ar.document (number text_pattern_ops, kind, (CASE kind WHEN 'purchase' THEN account_id ELSE 0 END));
CREATE INDEX document_account ON ar.document (account_id, doc_date);
CREATE INDEX document_reference ON ar.document (reference text_pattern_ops) WHERE reference IS NOT NULL;
CREATE INDEX document_po ON ar.document (po text_pattern_ops) WHERE po IS NOT NULL;
CREATE INDEX document_of ON ar.document (of_id) WHERE of_id IS NOT NULL;
CREATE INDEX document_reverses ON ar.document (reverses_id) WHERE reverses_id IS NOT NULL;
CREATE INDEX document_batch ON ar.document (batch_id) WHERE batch_id IS NOT NULL;
CREATE INDEX document_posting ON ar.document (posting_id, id);

CREATE TABLE ar.document_line (  -- what was sold or bought. Append-only
  document_id bigint NOT NULL, line int NOT NULL, item_id bigint REFERENCES ar.item,
  description ar.line_text NOT NULL DEFAULT '', quantity ar.measure NOT NULL, unit_price ar.measure NOT NULL,
  discount numeric NOT NULL DEFAULT 0 CHECK (discount BETWEEN 0 AND 1), tax_code ar.line_text, amount ar.money NOT NULL,
  PRIMARY KEY (document_id, line));
CREATE INDEX document_line_item ON ar.document_line (item_id) WHERE item_id IS NOT NULL;

CREATE TABLE ar.journal_line (   -- append-only; an entry is the lines of one document and sums to nothing
  document_id bigint NOT NULL, line smallint NOT NULL, gl text NOT NULL,
  account_id bigint, posted_on date NOT NULL, currency ar.currency_code NOT NULL,
  amount ar.money NOT NULL, base_amount ar.money, PRIMARY KEY (document_id, line),
  CHECK (amount <> 0 OR base_amount <> 0), CHECK ((gl IN ('1100', '2000')) = (account_id IS NOT NULL)));
CREATE TABLE ar.ledger_day (     -- journal lines added up by day; many shards so that clerks do not wait for each other
  gl text NOT NULL, currency text NOT NULL, posted_on date NOT NULL, shard smallint NOT NULL, amount bigint NOT NULL,
  base_amount bigint NOT NULL, lines bigint NOT NULL, PRIMARY KEY (gl, currency, posted_on, shard)) WITH (fillfactor = 50);

CREATE TABLE ar.open_item (      -- one per instalment, receipt, credit or charge; only the vault moves the cached columns
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, document_id bigint NOT NULL,
  account_id bigint NOT NULL, seq smallint NOT NULL DEFAULT 1, is_vendor boolean NOT NULL DEFAULT false,
  currency ar.currency_code NOT NULL, doc_date date NOT NULL, posted_on date NOT NULL, due_on date NOT NULL,
  original ar.money NOT NULL CHECK (original <> 0), base ar.money,
  open ar.money NOT NULL,          -- original less every allocation, whatever its date
  first_on date, last_on date,     -- first and last day on which an allocation took effect
  disputed ar.money NOT NULL DEFAULT 0 CHECK (disputed >= 0), dispute_reason ar.line_text,
  span smallint GENERATED ALWAYS AS (CASE WHEN open = 0 THEN ar.span_class(last_on - posted_on) END) STORED,
  bulk boolean NOT NULL DEFAULT false,
  UNIQUE (document_id, seq),
  CHECK (CASE WHEN original > 0 THEN open BETWEEN 0 AND original ELSE open BETWEEN original AND 0 END),
  CHECK (open = original OR (first_on IS NOT NULL AND last_on IS NOT NULL)), CHECK (first_on >= posted_on AND last_on >= first_on),
  CHECK (least(doc_date, posted_on, due_on) >= '1900-01-01' AND greatest(doc_date, posted_on, due_on, last_on) <= '2200-12-31'));
CREATE INDEX open_item_account ON ar.open_item (account_id, due_on);
CREATE INDEX open_item_account_open ON ar.open_item (account_id) INCLUDE (currency, due_on, posted_on, original, open, first_on, last_on, disputed) WHERE open <> 0;
CREATE INDEX open_item_open ON ar.open_item (posted_on)
  INCLUDE (id, account_id, currency, due_on, doc_date, original, open, first_on, last_on) WHERE open <> 0 AND NOT is_vendor;
CREATE INDEX open_item_closed ON ar.open_item (span, last_on)
  INCLUDE (id, posted_on, account_id, currency, due_on, doc_date, original, first_on) WHERE open = 0 AND NOT is_vendor;
CREATE INDEX open_item_original ON ar.open_item (original) WHERE open <> 0;

CREATE TABLE ar.allocation (     -- a dated link between a debit and a credit; undone by a dated negative row. Append-only
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, posting_id bigint NOT NULL,
  debit_item_id bigint NOT NULL REFERENCES ar.open_item, credit_item_id bigint NOT NULL REFERENCES ar.open_item,
  amount ar.money NOT NULL CHECK (amount <> 0), effective_on date NOT NULL, kind text NOT NULL
    CHECK (kind IN ('payment', 'credit_note', 'discount', 'write_off', 'small_difference', 'refund', 'transfer', 'withholding',
                    'netting', 'reversal', 'deposit', 'other')),
  reverses_id bigint REFERENCES ar.allocation, CHECK ((amount < 0) = (reverses_id IS NOT NULL)));
CREATE INDEX allocation_debit ON ar.allocation (debit_item_id) INCLUDE (effective_on, amount);
CREATE INDEX allocation_credit ON ar.allocation (credit_item_id) INCLUDE (effective_on, amount);
CREATE INDEX allocation_reverses ON ar.allocation (reverses_id) WHERE reverses_id IS NOT NULL;
CREATE INDEX allocation_posting ON ar.allocation (posting_id);

CREATE TABLE ar.approval (       -- what waits for a second person
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, posting_id bigint NOT NULL UNIQUE REFERENCES ar.posting,
  action text NOT NULL, document jsonb NOT NULL, currency ar.currency_code NOT NULL, amount ar.money NOT NULL, reason ar.line_text NOT NULL,
  requested_by name NOT NULL DEFAULT session_user, requested_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  state text NOT NULL DEFAULT 'requested' CHECK (state IN ('requested', 'approved', 'rejected')),
  decided_by name, decided_at timestamptz, comment ar.line_text, result_posting_id bigint REFERENCES ar.posting,
  one_person boolean NOT NULL DEFAULT false,   -- an office of one person: allowed by setting, listed as an exception
  row_version int NOT NULL DEFAULT 1,
  CHECK (decided_by IS DISTINCT FROM requested_by OR decided_by IS NULL OR one_person OR state = 'rejected'));

CREATE TABLE ar.activity (       -- every contact with a debtor. Append-only
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, key uuid NOT NULL UNIQUE DEFAULT gen_random_uuid(),
  account_id bigint NOT NULL REFERENCES ar.account, contact_point_id bigint REFERENCES ar.contact_point,
  direction text NOT NULL CHECK (direction IN ('out', 'in', 'note')), channel text NOT NULL
    CHECK (channel IN ('phone', 'email', 'letter', 'fax', 'visit', 'note')),
  outcome ar.line_text NOT NULL DEFAULT '', note ar.note_text NOT NULL DEFAULT '', happened_at timestamptz NOT NULL DEFAULT now(),
  by_login name NOT NULL DEFAULT session_user, recorded_at timestamptz NOT NULL DEFAULT clock_timestamp());
CREATE INDEX activity_account ON ar.activity (account_id, happened_at DESC);

CREATE TABLE ar.import_profile ( -- a saved way of reading one kind of file
  name ar.line_text PRIMARY KEY CHECK (name <> ''), kind text NOT NULL CHECK (kind ~ '^[a-z_-]{1,40}$'), options jsonb NOT NULL, row_version int NOT NULL DEFAULT 1);

CREATE TABLE ar.audit (          -- every change of an editable row. Append-only
  seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
  at timestamptz NOT NULL DEFAULT clock_timestamp(), who name NOT NULL DEFAULT session_user,
  address inet DEFAULT inet_client_addr(), app text DEFAULT current_setting('application_name'),
  table_name name NOT NULL, op "char" NOT NULL, before jsonb, after jsonb);
CREATE INDEX audit_who ON ar.audit (who, at);
CREATE INDEX audit_xid ON ar.audit (xid);
CREATE TABLE ar.seal (           -- the hash chain over audit rows and postings, made in the background. Append-only
  position bigint PRIMARY KEY, source text NOT NULL CHECK (source IN ('audit', 'posting')), source_id bigint NOT NULL, hash bytea NOT NULL,
  UNIQUE (source, source_id));
CREATE TABLE ar.chain_head (     -- the chain's end; every row of a transaction before `settled` is in it, as numbered by the cluster `home`
  one boolean PRIMARY KEY DEFAULT true CHECK (one), position bigint NOT NULL, hash bytea NOT NULL,
  settled xid8 NOT NULL DEFAULT '0', home text NOT NULL DEFAULT '');
INSERT INTO ar.chain_head VALUES (true, 0, '\x00');

CREATE INDEX party_name ON ar.party (name_key text_pattern_ops);
CREATE INDEX party_words ON ar.party USING gin (to_tsvector('simple', name_key));
CREATE INDEX party_trigrams ON ar.party USING gin (name_key ext.gin_trgm_ops);
CREATE INDEX party_tax ON ar.party (upper(tax_id) text_pattern_ops) WHERE tax_id IS NOT NULL;
CREATE INDEX party_parent ON ar.party (parent_id) WHERE parent_id IS NOT NULL;
CREATE INDEX account_number ON ar.account (lower(number) text_pattern_ops);
CREATE INDEX account_party ON ar.account (party_id);
CREATE INDEX contact_party ON ar.contact (party_id);
CREATE INDEX contact_name ON ar.contact USING gin (to_tsvector('simple', ar.fold(name)));
CREATE INDEX contact_point_party ON ar.contact_point (party_id);
CREATE INDEX contact_point_value ON ar.contact_point (reverse(value_key) text_pattern_ops) WHERE type IN ('phone', 'mobile', 'fax');
CREATE INDEX contact_point_email ON ar.contact_point (value_key text_pattern_ops) WHERE type = 'email';
CREATE INDEX address_party ON ar.address (party_id);

-- Bulk rows wait here. Anyone who may import may add rows, nobody may read or change them; `by_login` cannot be forged.
CREATE UNLOGGED TABLE stage.party (
  load uuid NOT NULL, row int NOT NULL, kind text NOT NULL, number text NOT NULL, name text, legal_name text, tax_id text, registration_no text,
  language text, country text, timezone text, parent_number text, currency text, terms text, credit_limit bigint, collector text, note text, opened_on date,
  address text, city text, region text, postcode text, contact text, contact_title text, contact_purpose text,
  phone text, phone_key text, mobile text, mobile_key text, fax text, fax_key text, email text, web text,
  by_login name NOT NULL DEFAULT session_user, PRIMARY KEY (load, row));
CREATE UNLOGGED TABLE stage.item (
  load uuid NOT NULL, row int NOT NULL, number text NOT NULL, description text, unit text, unit_price numeric, currency text, tax_code text,
  by_login name NOT NULL DEFAULT session_user, PRIMARY KEY (load, row));
CREATE UNLOGGED TABLE stage.document (
  load uuid NOT NULL, row int NOT NULL, kind text NOT NULL, event text, account text, account_name text, number text NOT NULL,
  doc_date date NOT NULL, posted_on date, due_on date, currency text NOT NULL, amount bigint NOT NULL, tax bigint NOT NULL DEFAULT 0,
  open_amount bigint, po text, method text, reference text, memo text, terms jsonb, settled_on date, disputed boolean NOT NULL DEFAULT false,
  by_login name NOT NULL DEFAULT session_user, PRIMARY KEY (load, row));
CREATE UNLOGGED TABLE stage.instalment (
  load uuid NOT NULL, row int NOT NULL, seq smallint NOT NULL, due_on date NOT NULL, amount bigint NOT NULL,
  by_login name NOT NULL DEFAULT session_user, PRIMARY KEY (load, row, seq));
CREATE UNLOGGED TABLE stage.line (
  load uuid NOT NULL, row int NOT NULL, line int NOT NULL, item text, description text, quantity numeric NOT NULL, unit_price numeric NOT NULL,
  discount numeric NOT NULL DEFAULT 0, tax_code text, amount bigint NOT NULL, by_login name NOT NULL DEFAULT session_user, PRIMARY KEY (load, row, line));
CREATE UNLOGGED TABLE stage.allocation (   -- between rows of the same load, or from a row to a document already in the books (without an amount: as far as both go)
  load uuid NOT NULL, credit_row int NOT NULL, debit_row int, debit_seq smallint NOT NULL DEFAULT 1, debit_number text,
  amount bigint, effective_on date NOT NULL, kind text NOT NULL DEFAULT 'payment', by_login name NOT NULL DEFAULT session_user);
CREATE INDEX stage_allocation_load ON stage.allocation (load);
CREATE UNLOGGED TABLE stage.contact (      -- a row of a file in as many parts as it names ways to reach somebody
  load uuid NOT NULL, row int NOT NULL, part smallint NOT NULL DEFAULT 0, account text NOT NULL, account_kind text, name text, title text, purpose text,
  type text, value text, value_key text, preferred boolean NOT NULL DEFAULT false, by_login name NOT NULL DEFAULT session_user, PRIMARY KEY (load, row, part));

CREATE SEQUENCE ar.document_number;
CREATE SEQUENCE ar.batch_number;
