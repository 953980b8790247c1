-- The desk of a clerk: what is being typed, records changed under a key, parties made one, cheques that wait for their day.

CREATE TABLE ar.draft (          -- an entry not sent yet, with the key it will be sent under; its owner's alone
  key uuid PRIMARY KEY, owner name NOT NULL DEFAULT session_user, kind text NOT NULL CHECK (kind ~ '^[a-z_]{1,40}$'),
  subject ar.line_text NOT NULL DEFAULT '', body jsonb NOT NULL CHECK (jsonb_typeof(body) = 'object' AND pg_column_size(body) <= 1000000),
  terminal ar.line_text NOT NULL DEFAULT '', copy_of uuid, started_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  updated_at timestamptz NOT NULL DEFAULT clock_timestamp(), row_version int NOT NULL DEFAULT 1) WITH (fillfactor = 50);
CREATE INDEX draft_owner ON ar.draft (owner);
ALTER TABLE ar.draft ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON ar.draft FOR SELECT USING (owner = session_user);

CREATE TABLE ar.record_change (  -- which record a keyed change made or changed: what a repeated key is answered with. Append-only
  posting_id bigint NOT NULL REFERENCES ar.posting, place smallint NOT NULL, table_name name NOT NULL, record text NOT NULL,
  record_version int NOT NULL, PRIMARY KEY (posting_id, place));
CREATE INDEX audit_record ON ar.audit (table_name, (coalesce(after, before) ->> 'id')) WHERE op <> 'I';

CREATE TABLE ar.party_bank (     -- bank accounts money of a party comes from or goes to; iban_key is what is compared
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, party_id bigint NOT NULL REFERENCES ar.party, iban ar.line_text NOT NULL CHECK (iban <> ''),
  iban_key text GENERATED ALWAYS AS (upper(regexp_replace(iban, '[^0-9A-Za-z]', '', 'g'))) STORED, bic ar.line_text, holder ar.line_text,
  row_version int NOT NULL DEFAULT 1, load_id bigint);
CREATE INDEX party_bank_party ON ar.party_bank (party_id);
CREATE INDEX party_bank_iban ON ar.party_bank (iban_key);

ALTER TABLE ar.party ADD COLUMN merged_into bigint REFERENCES ar.party CHECK (merged_into <> id);
CREATE INDEX party_merged ON ar.party (merged_into) WHERE merged_into IS NOT NULL;
CREATE TABLE ar.merge (          -- two records of one party made one; `moved` says what to put back
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, posting_id bigint NOT NULL UNIQUE REFERENCES ar.posting,
  from_id bigint NOT NULL REFERENCES ar.party, into_id bigint NOT NULL REFERENCES ar.party, reason ar.line_text NOT NULL CHECK (reason <> ''),
  moved jsonb NOT NULL, merged_by name NOT NULL DEFAULT session_user, merged_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  undone_by name, undone_at timestamptz, row_version int NOT NULL DEFAULT 1, CHECK (from_id <> into_id), CHECK ((undone_by IS NULL) = (undone_at IS NULL)));

CREATE TABLE ar.postdated_cheque ( -- taken today, paid in on its day; a receipt only then
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, posting_id bigint NOT NULL UNIQUE REFERENCES ar.posting, account_id bigint NOT NULL REFERENCES ar.account,
  cheque ar.line_text NOT NULL CHECK (cheque <> ''), bank ar.line_text NOT NULL DEFAULT '', currency ar.currency_code NOT NULL REFERENCES ar.currency,
  amount ar.money NOT NULL CHECK (amount > 0), deposit_on date NOT NULL CHECK (deposit_on BETWEEN '1900-01-01' AND '2200-12-31'),
  allocate jsonb NOT NULL DEFAULT '[]', note ar.line_text NOT NULL DEFAULT '',
  state text NOT NULL DEFAULT 'held' CHECK (state IN ('held', 'deposited', 'handed_back')),
  taken_by name NOT NULL DEFAULT session_user, taken_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  settled_by name, settled_posting_id bigint REFERENCES ar.posting, row_version int NOT NULL DEFAULT 1,
  CHECK ((state = 'held') = (settled_by IS NULL)), CHECK ((state = 'deposited') = (settled_posting_id IS NOT NULL)));
CREATE INDEX postdated_cheque_held ON ar.postdated_cheque (deposit_on) WHERE state = 'held';
CREATE INDEX postdated_cheque_account ON ar.postdated_cheque (account_id);

CREATE TABLE ar.certificate (    -- the paper for tax a customer withheld: pending until it is here
  document_id bigint PRIMARY KEY REFERENCES ar.document, number ar.line_text NOT NULL CHECK (number <> ''), received_on date NOT NULL,
  received_by name NOT NULL DEFAULT session_user, received_at timestamptz NOT NULL DEFAULT clock_timestamp(), row_version int NOT NULL DEFAULT 1);

-- few rows each, and asked for at every sign-in
CREATE INDEX document_unidentified ON ar.document (posted_on) WHERE event = 'receipt_unidentified';
CREATE INDEX document_returned ON ar.document (account_id, posted_on) WHERE kind = 'reversal' AND method = 'nsf';
CREATE INDEX document_withheld ON ar.document (posted_on) WHERE kind = 'withholding';
CREATE INDEX document_posted ON ar.document USING brin (posted_on) WITH (pages_per_range = 32);
CREATE INDEX open_item_credit ON ar.open_item (posted_on) WHERE open < 0 AND NOT is_vendor;
CREATE INDEX open_item_due_early ON ar.open_item (posted_on) WHERE open <> 0 AND due_on < doc_date;
CREATE INDEX approval_waiting ON ar.approval (id) WHERE state = 'requested';

-- Whether a text holds the number of a payment card: groups of digits, together 13 to 19 of an issuer's range, whose check digit is right.
-- A telephone number (a plus and at most 15 digits) and an IBAN are other things. `artui.text.card_number` says the same.
CREATE FUNCTION ar.holds_card_number(value text) RETURNS boolean LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  found text[]; parts text[]; digits text; total int; n int;
BEGIN
  FOR found IN SELECT regexp_matches(value, '(?:^|[^0-9])(\+?)([A-Za-z]{2})?((?:[0-9][ .-]?){12,}[0-9])', 'g') LOOP
    digits := regexp_replace(found[3], '[^0-9]', '', 'g');
    CONTINUE WHEN found[1] = '+' AND length(digits) <= 15;
    CONTINUE WHEN found[2] IS NOT NULL AND length(digits) <= 32
      AND mod((substr(digits, 3) || (ascii(upper(left(found[2], 1))) - 55) || (ascii(upper(right(found[2], 1))) - 55) || left(digits, 2))::numeric, 97) = 1;
    parts := regexp_split_to_array(found[3], '[ .-]');
    FOR a IN 1 .. cardinality(parts) LOOP
      digits := '';
      FOR b IN a .. cardinality(parts) LOOP
        digits := digits || parts[b];
        n := length(digits);
        EXIT WHEN n > 19;
        CONTINUE WHEN n < 13 OR digits !~ '^(?:[3-6]|2[2-7])';
        SELECT sum(CASE WHEN (n - i) % 2 = 1 THEN d * 2 / 10 + d * 2 % 10 ELSE d END) INTO total
          FROM (SELECT i, substr(digits, i, 1)::int AS d FROM generate_series(1, n) i) x;
        IF total % 10 = 0 THEN
          RETURN true;
        END IF;
      END LOOP;
    END LOOP;
  END LOOP;
  RETURN false;
END $$;
