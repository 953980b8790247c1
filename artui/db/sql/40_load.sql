-- Bulk entry by sets. Rows were copied into stage.*; one call checks and books a chunk of them under one posting.
-- Each answers {"rows", "created", "updated", "unchanged", "rejected", "errors": [{"row", "column", "value", "message"}], "warnings": likewise,
-- "totals": {currency: minor units}}. A chunk is judged in a table of the transaction's own (pg_temp, nobody else has the right to make one),
-- whose size the planner is told: the staging tables are filled and emptied too quickly for statistics.

CREATE OR REPLACE FUNCTION ar.load_begin(p_load uuid, p_kind text, p_today date, p_action text, OUT posting bigint, OUT earlier jsonb)
LANGUAGE plpgsql SET search_path = ar, pg_catalog, pg_temp AS $$
DECLARE
  claimed record;
BEGIN
  PERFORM ar.need(p_action);
  IF p_load IS NULL OR p_today IS NULL THEN
    RAISE EXCEPTION 'a load needs its key and the business date' USING ERRCODE = 'AR008';
  END IF;
  SELECT * INTO claimed FROM ar.claim(p_load, 'load_' || p_kind, to_jsonb(p_load), p_today, true);
  posting := claimed.posting;
  IF NOT claimed.fresh THEN
    SELECT a.after INTO earlier FROM audit a WHERE a.xid = (SELECT p.xid FROM posting p WHERE p.id = claimed.posting) AND a.table_name = 'load' AND a.after ->> 'load' = p_load::text;
    earlier := coalesce(earlier, '{}') || '{"status": "exists"}';
  END IF;
END $$;

-- One audit row for the whole chunk: what it was, how much, and a hash of what came of it.
CREATE OR REPLACE FUNCTION ar.load_end(p_load uuid, p_kind text, p_result jsonb) RETURNS jsonb
LANGUAGE plpgsql SET search_path = ar, pg_catalog, pg_temp AS $$
BEGIN
  INSERT INTO audit (table_name, op, after) VALUES ('load', 'I', p_result || jsonb_build_object('load', p_load, 'kind', p_kind));
  RETURN p_result;
END $$;

-- Reasons are written "field|sentence".
CREATE OR REPLACE FUNCTION ar.load_finding(p_row int, p_reason text, p_value text) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
  SELECT jsonb_build_object('row', p_row, 'column', split_part(p_reason, '|', 1), 'value', coalesce(p_value, ''), 'message', substr(p_reason, strpos(p_reason, '|') + 1)) $$;

CREATE OR REPLACE FUNCTION ar.empty_to_null(p_text text) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT nullif(btrim(p_text), '') $$;

CREATE OR REPLACE FUNCTION ar.closed_months() RETURNS date[] LANGUAGE sql STABLE SET search_path = ar, pg_catalog, pg_temp AS $$
  SELECT array_agg(month) FROM period WHERE state = 'closed' OR (state = 'soft_closed' AND NOT ar.may('post_soft_closed')) $$;

CREATE OR REPLACE FUNCTION ar.forget_load() RETURNS void LANGUAGE plpgsql SET search_path = ar, pg_catalog, pg_temp AS $$
DECLARE
  t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['load_row', 'load_move', 'load_party'] LOOP   -- of an earlier chunk of this transaction
    IF to_regclass('pg_temp.' || t) IS NOT NULL THEN
      EXECUTE 'DROP TABLE pg_temp.' || t;
    END IF;
  END LOOP;
END $$;

-- Customers and vendors. A known number is updated where the file says something else, never duplicated; an empty cell changes nothing.
-- "orphans" of the answer are rows whose parent is not known yet.
CREATE OR REPLACE FUNCTION api.load_parties(p_load uuid, p_kind text, p_today date) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = ar, pg_catalog, pg_temp AS $$
DECLARE
  v_posting bigint; v_earlier jsonb; v_result jsonb; v_currency constant text := ar.setting_on('company.currency', p_today) #>> '{}';
  v_credit constant boolean := has_column_privilege(session_user, 'ar.account', 'credit_limit', 'UPDATE');
BEGIN
  IF p_kind NOT IN ('customer', 'vendor') THEN
    RAISE EXCEPTION 'accounts are of a customer or a vendor' USING ERRCODE = 'AR008';
  END IF;
  SELECT posting, earlier INTO v_posting, v_earlier FROM ar.load_begin(p_load, p_kind, p_today, p_kind);
  IF v_earlier IS NOT NULL THEN RETURN v_earlier; END IF;
  PERFORM ar.forget_load();
  CREATE TEMP TABLE load_party ON COMMIT DROP AS
  SELECT j.*, CASE WHEN j.reason IS NOT NULL THEN 'rejected' WHEN j.account_id IS NULL THEN 'created' ELSE 'known' END AS verdict,
    CASE WHEN j.reason IS NULL THEN coalesce(j.known_party, nextval('ar.party_id_seq')) END AS party_id
  FROM (SELECT r.row, r.number, r.name, r.legal_name, r.tax_id, r.registration_no, r.language, r.country, r.timezone, r.parent_number, r.currency, r.terms,
          CASE WHEN v_credit THEN r.credit_limit END AS credit_limit, r.credit_limit IS NOT NULL AND NOT v_credit AND r.credit_limit IS DISTINCT FROM a.credit_limit AS limit_ignored,
          r.collector, r.note, r.opened_on, r.address, r.city, r.region, r.postcode, r.contact, r.contact_title, r.contact_purpose,
          r.phone, r.phone_key, r.mobile, r.mobile_key, r.fax, r.fax_key, r.email, r.web, a.id AS account_id, a.party_id AS known_party, a.currency::text AS known_currency,
          CASE
            WHEN r.kind <> p_kind THEN 'kind|This row is not a ' || p_kind || '.'
            WHEN r.nth > 1 THEN 'number|' || r.number || ' appears more than once in the file; the first row counts.'
            WHEN r.number = '' OR length(r.number) > 60 THEN 'number|A number has 1 to 60 characters.'
            WHEN a.id IS NULL AND ar.empty_to_null(r.name) IS NULL THEN 'name|A new ' || p_kind || ' needs a name.'
            WHEN r.currency IS NOT NULL AND NOT EXISTS (SELECT 1 FROM currency WHERE code = r.currency) THEN 'currency|' || r.currency || ' is not a currency known here.'
            WHEN r.terms IS NOT NULL AND NOT EXISTS (SELECT 1 FROM terms WHERE code = r.terms) THEN 'terms|There are no terms ' || r.terms || '.'
            WHEN r.language !~ '^[a-z]{2,3}$' THEN 'language|' || r.language || ' is not the code of a language.'
            WHEN r.country !~ '^[A-Z]{2}$' THEN 'country|' || r.country || ' is not the code of a country.'
            WHEN r.collector !~ '^[a-z_][a-z0-9_.-]{0,62}$' THEN 'collector|' || r.collector || ' is not a login.'
            WHEN r.contact_purpose NOT IN ('general', 'collections', 'ap', 'dispute', 'orders', 'legal') THEN 'contact_purpose|' || r.contact_purpose || ' is no purpose of a contact.'
            WHEN abs(r.credit_limit) > 999999999999999 THEN 'credit_limit|The credit limit is too large.'
          END AS reason
        FROM (SELECT *, row_number() OVER (PARTITION BY number ORDER BY row) AS nth FROM stage.party WHERE load = p_load AND by_login = session_user) r
        LEFT JOIN account a ON a.kind = p_kind AND a.number = r.number) j ORDER BY j.row;
  CREATE INDEX ON pg_temp.load_party (party_id);
  ANALYZE pg_temp.load_party (row, party_id, verdict);

  INSERT INTO party (id, name, legal_name, tax_id, registration_no, language, country, timezone, note, load_id) OVERRIDING SYSTEM VALUE
    SELECT party_id, name, legal_name, tax_id, registration_no, language, country, timezone, note, v_posting FROM pg_temp.load_party WHERE verdict = 'created';
  INSERT INTO account (kind, number, party_id, currency, terms, credit_limit, collector, opened_on, load_id)
    SELECT p_kind, number, party_id, coalesce(currency, v_currency), terms, credit_limit, collector, coalesce(opened_on, p_today), v_posting
    FROM pg_temp.load_party WHERE verdict = 'created';
  -- known ones: only what the file states and states differently
  WITH changed AS (
    UPDATE party p SET name = coalesce(s.name, p.name), legal_name = coalesce(s.legal_name, p.legal_name), tax_id = coalesce(s.tax_id, p.tax_id),
        registration_no = coalesce(s.registration_no, p.registration_no), language = coalesce(s.language, p.language), country = coalesce(s.country, p.country),
        timezone = coalesce(s.timezone, p.timezone), note = coalesce(s.note, p.note)
      FROM pg_temp.load_party s WHERE s.verdict = 'known' AND p.id = s.party_id
        AND (coalesce(s.name, p.name), coalesce(s.legal_name, p.legal_name), coalesce(s.tax_id, p.tax_id), coalesce(s.registration_no, p.registration_no), coalesce(s.language, p.language),
             coalesce(s.country, p.country), coalesce(s.timezone, p.timezone), coalesce(s.note, p.note))
            IS DISTINCT FROM (p.name::text, p.legal_name::text, p.tax_id::text, p.registration_no::text, p.language, p.country, p.timezone::text, p.note::text)
      RETURNING p.id)
  UPDATE pg_temp.load_party s SET verdict = 'updated' FROM changed c WHERE s.party_id = c.id;
  WITH changed AS (
    UPDATE account a SET terms = coalesce(s.terms, a.terms), credit_limit = coalesce(s.credit_limit, a.credit_limit), collector = coalesce(s.collector, a.collector)
      FROM pg_temp.load_party s WHERE s.verdict IN ('known', 'updated') AND a.id = s.account_id
        AND (coalesce(s.terms, a.terms), coalesce(s.credit_limit, a.credit_limit::bigint), coalesce(s.collector, a.collector::text)) IS DISTINCT FROM (a.terms, a.credit_limit::bigint, a.collector::text)
      RETURNING a.id)
  UPDATE pg_temp.load_party s SET verdict = 'updated' FROM changed c WHERE s.account_id = c.id;

  -- the place bills go to: one, kept up to date; what a row leaves out stays as it was
  WITH changed AS (
    UPDATE address a SET lines = coalesce(s.address, a.lines), city = coalesce(s.city, a.city), region = coalesce(s.region, a.region), postcode = coalesce(s.postcode, a.postcode), country = coalesce(s.country, a.country)
      FROM pg_temp.load_party s WHERE s.verdict IN ('known', 'updated') AND num_nonnulls(s.address, s.city, s.region, s.postcode) > 0
        AND a.id = (SELECT min(x.id) FROM address x WHERE x.party_id = s.party_id AND x.type = 'bill')
        AND (coalesce(s.address, a.lines), coalesce(s.city, a.city), coalesce(s.region, a.region), coalesce(s.postcode, a.postcode), coalesce(s.country, a.country))
            IS DISTINCT FROM (a.lines::text, a.city::text, a.region::text, a.postcode::text, a.country)
      RETURNING a.party_id)
  UPDATE pg_temp.load_party s SET verdict = 'updated' FROM changed c WHERE s.party_id = c.party_id;
  WITH fresh AS (
    INSERT INTO address (party_id, lines, city, region, postcode, country, load_id)
      SELECT s.party_id, coalesce(s.address, ''), coalesce(s.city, ''), s.region, s.postcode, s.country, v_posting FROM pg_temp.load_party s
      WHERE s.verdict <> 'rejected' AND num_nonnulls(s.address, s.city, s.region, s.postcode) > 0
        AND (s.verdict = 'created' OR NOT EXISTS (SELECT 1 FROM address a WHERE a.party_id = s.party_id AND a.type = 'bill'))
      RETURNING party_id)
  UPDATE pg_temp.load_party s SET verdict = 'updated' FROM fresh f WHERE s.party_id = f.party_id AND s.verdict = 'known';
  WITH fresh AS (
    INSERT INTO contact (party_id, name, title, purpose, load_id)
      SELECT s.party_id, s.contact, s.contact_title, coalesce(s.contact_purpose, 'general'), v_posting FROM pg_temp.load_party s
      WHERE s.verdict <> 'rejected' AND s.contact IS NOT NULL
        AND (s.verdict = 'created' OR NOT EXISTS (SELECT 1 FROM contact c WHERE c.party_id = s.party_id AND c.name = s.contact))
      RETURNING party_id)
  UPDATE pg_temp.load_party s SET verdict = 'updated' FROM fresh f WHERE s.party_id = f.party_id AND s.verdict = 'known';
  WITH fresh AS (
    INSERT INTO contact_point (party_id, contact_id, type, value, value_key, load_id)
      SELECT s.party_id, CASE WHEN s.contact IS NOT NULL THEN (SELECT min(id) FROM contact c WHERE c.party_id = s.party_id AND c.name = s.contact) END, v.type, v.value, v.key, v_posting
      FROM pg_temp.load_party s CROSS JOIN LATERAL (VALUES ('phone', s.phone, s.phone_key), ('mobile', s.mobile, s.mobile_key), ('fax', s.fax, s.fax_key),
        ('email', s.email, lower(s.email)), ('web', s.web, lower(s.web))) v(type, value, key)
      WHERE s.verdict <> 'rejected' AND v.value IS NOT NULL AND v.key <> ''
        AND (s.verdict = 'created' OR NOT EXISTS (SELECT 1 FROM contact_point p WHERE p.party_id = s.party_id AND p.type = v.type AND p.value_key = v.key))
      RETURNING party_id)
  UPDATE pg_temp.load_party s SET verdict = 'updated' FROM fresh f WHERE s.party_id = f.party_id AND s.verdict = 'known';
  WITH changed AS (
    UPDATE party p SET parent_id = up.party_id FROM pg_temp.load_party s JOIN account up ON up.kind = p_kind AND up.number = s.parent_number
      WHERE s.verdict <> 'rejected' AND p.id = s.party_id AND p.parent_id IS DISTINCT FROM up.party_id AND up.party_id <> p.id
        AND NOT EXISTS (SELECT 1 FROM party h WHERE h.id = up.party_id AND h.parent_id IS NOT NULL) AND NOT EXISTS (SELECT 1 FROM party c WHERE c.parent_id = p.id)
        AND NOT EXISTS (SELECT 1 FROM pg_temp.load_party t JOIN account u ON u.kind = p_kind AND u.number = t.parent_number WHERE t.party_id = up.party_id AND u.party_id <> t.party_id)
      RETURNING p.id)
  UPDATE pg_temp.load_party s SET verdict = 'updated' FROM changed c WHERE s.party_id = c.id AND s.verdict = 'known';

  SELECT jsonb_build_object('rows', count(*), 'created', count(*) FILTER (WHERE verdict = 'created'), 'updated', count(*) FILTER (WHERE verdict = 'updated'),
    'unchanged', count(*) FILTER (WHERE verdict = 'known'), 'rejected', count(*) FILTER (WHERE verdict = 'rejected'),
    'errors', coalesce(jsonb_agg(ar.load_finding(row, reason, CASE split_part(reason, '|', 1) WHEN 'terms' THEN terms WHEN 'currency' THEN currency WHEN 'name' THEN name ELSE number END) ORDER BY row)
                       FILTER (WHERE verdict = 'rejected'), '[]'),
    'warnings', coalesce(jsonb_agg(ar.load_finding(row, 'credit_limit|Left out: ' || session_user || ' may not set credit limits.', NULL) ORDER BY row) FILTER (WHERE limit_ignored AND verdict <> 'rejected'), '[]')
      || coalesce(jsonb_agg(ar.load_finding(row, 'currency|' || number || ' keeps its currency ' || known_currency || '.', currency) ORDER BY row) FILTER (WHERE currency <> known_currency AND verdict <> 'rejected'), '[]')
      || (SELECT coalesce(jsonb_agg(ar.load_finding(s.row, 'parent|A group has one head and its parts: ' || s.parent_number || ' is part of another one, or ' || s.number || ' has parts; it stays as it is.', s.parent_number) ORDER BY s.row), '[]')
          FROM pg_temp.load_party s JOIN party p ON p.id = s.party_id JOIN account up ON up.kind = p_kind AND up.number = s.parent_number
          WHERE s.verdict <> 'rejected' AND up.party_id <> p.id AND p.parent_id IS DISTINCT FROM up.party_id),
    'totals', '{}'::jsonb) INTO v_result FROM pg_temp.load_party;
  SELECT v_result || jsonb_build_object('orphans', coalesce(jsonb_agg(s.row ORDER BY s.row), '[]')) INTO v_result FROM pg_temp.load_party s
    WHERE s.parent_number IS NOT NULL AND s.verdict <> 'rejected' AND NOT EXISTS (SELECT 1 FROM account up WHERE up.kind = p_kind AND up.number = s.parent_number);
  DELETE FROM stage.party WHERE load = p_load AND by_login = session_user;
  RETURN ar.load_end(p_load, p_kind, v_result);
END $$;

CREATE OR REPLACE FUNCTION api.load_items(p_load uuid, p_today date) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = ar, pg_catalog, pg_temp AS $$
DECLARE
  v_posting bigint; v_earlier jsonb; v_result jsonb;
BEGIN
  SELECT posting, earlier INTO v_posting, v_earlier FROM ar.load_begin(p_load, 'items', p_today, 'item');
  IF v_earlier IS NOT NULL THEN RETURN v_earlier; END IF;
  PERFORM ar.forget_load();
  CREATE TEMP TABLE load_row ON COMMIT DROP AS
  SELECT r.row, r.number, r.description, r.unit, r.unit_price, r.currency, r.tax_code, i.id,
    CASE WHEN r.nth > 1 THEN 'number|' || r.number || ' appears more than once in the file; the first row counts.'
         WHEN r.number = '' THEN 'number|An item needs its number.'
         WHEN r.currency IS NOT NULL AND NOT EXISTS (SELECT 1 FROM currency c WHERE c.code = r.currency) THEN 'currency|' || r.currency || ' is not a currency known here.' END AS reason,
    (coalesce(r.description, i.description), coalesce(r.unit, i.unit), coalesce(r.unit_price, i.unit_price), coalesce(r.tax_code, i.tax_code), coalesce(r.currency, i.currency))
      IS DISTINCT FROM (i.description::text, i.unit::text, i.unit_price::numeric, i.tax_code::text, i.currency::text) AS differs
  FROM (SELECT *, row_number() OVER (PARTITION BY number ORDER BY row) AS nth FROM stage.item WHERE load = p_load AND by_login = session_user) r LEFT JOIN item i ON i.number = r.number ORDER BY r.row;
  ANALYZE pg_temp.load_row (row);
  INSERT INTO item (number, description, unit, unit_price, currency, tax_code, load_id)
    SELECT number, coalesce(description, number), unit, unit_price, currency, tax_code, v_posting FROM pg_temp.load_row WHERE reason IS NULL AND id IS NULL;
  UPDATE item i SET description = coalesce(s.description, i.description), unit = coalesce(s.unit, i.unit), unit_price = coalesce(s.unit_price, i.unit_price),
    currency = coalesce(s.currency, i.currency), tax_code = coalesce(s.tax_code, i.tax_code) FROM pg_temp.load_row s WHERE s.reason IS NULL AND s.differs AND i.id = s.id;
  SELECT jsonb_build_object('rows', count(*), 'created', count(*) FILTER (WHERE reason IS NULL AND id IS NULL), 'updated', count(*) FILTER (WHERE reason IS NULL AND id IS NOT NULL AND differs),
    'unchanged', count(*) FILTER (WHERE reason IS NULL AND id IS NOT NULL AND NOT differs), 'rejected', count(*) FILTER (WHERE reason IS NOT NULL),
    'errors', coalesce(jsonb_agg(ar.load_finding(row, reason, number) ORDER BY row) FILTER (WHERE reason IS NOT NULL), '[]'), 'warnings', '[]'::jsonb,
    'totals', '{}'::jsonb) INTO v_result FROM pg_temp.load_row;
  DELETE FROM stage.item WHERE load = p_load AND by_login = session_user;
  RETURN ar.load_end(p_load, 'items', v_result);
END $$;

-- People and the numbers they are reached at, of accounts that are there. A row may come in parts, one for each way to reach somebody; it counts once.
CREATE OR REPLACE FUNCTION api.load_contacts(p_load uuid, p_today date) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = ar, pg_catalog, pg_temp AS $$
DECLARE
  v_posting bigint; v_earlier jsonb; v_result jsonb;
BEGIN
  SELECT posting, earlier INTO v_posting, v_earlier FROM ar.load_begin(p_load, 'contacts', p_today, 'customer');
  IF v_earlier IS NOT NULL THEN RETURN v_earlier; END IF;
  PERFORM ar.forget_load();
  CREATE TEMP TABLE load_row ON COMMIT DROP AS
  SELECT s.row, s.part, s.account, s.name, s.title, s.purpose, s.type, s.value, s.value_key, s.preferred, a.party_id, false AS fresh,
    CASE WHEN a.party_id IS NULL THEN 'account|There is no account numbered ' || s.account || '.'
         WHEN s.purpose NOT IN ('general', 'collections', 'ap', 'dispute', 'orders', 'legal') THEN 'purpose|' || s.purpose || ' is no purpose of a contact.'
         WHEN s.value IS NOT NULL AND (s.type IS NULL OR s.type NOT IN ('phone', 'mobile', 'fax', 'email', 'web')) THEN 'type|A contact is reached by phone, mobile, fax, email or web.' END AS reason
  FROM stage.contact s LEFT JOIN LATERAL (SELECT x.party_id FROM account x WHERE x.number = s.account AND x.kind = coalesce(s.account_kind, x.kind) ORDER BY x.kind LIMIT 1) a ON true
  WHERE s.load = p_load AND s.by_login = session_user ORDER BY s.row, s.part;
  CREATE INDEX ON pg_temp.load_row (party_id);
  ANALYZE pg_temp.load_row (row, party_id);
  UPDATE pg_temp.load_row r SET reason = b.reason FROM (SELECT DISTINCT ON (row) row, reason FROM pg_temp.load_row WHERE reason IS NOT NULL ORDER BY row, part) b WHERE r.row = b.row AND r.reason IS NULL;
  WITH one AS (SELECT DISTINCT ON (party_id, name) party_id, name, title, purpose, row, part FROM pg_temp.load_row WHERE reason IS NULL AND name IS NOT NULL ORDER BY party_id, name, row, part),
    made AS (INSERT INTO contact (party_id, name, title, purpose, load_id)
      SELECT party_id, name, title, coalesce(purpose, 'general'), v_posting FROM one WHERE NOT EXISTS (SELECT 1 FROM contact c WHERE c.party_id = one.party_id AND c.name = one.name) RETURNING party_id, name)
  UPDATE pg_temp.load_row s SET fresh = true FROM one JOIN made USING (party_id, name) WHERE s.row = one.row AND s.part = one.part;
  WITH one AS (SELECT DISTINCT ON (party_id, type, value_key) * FROM pg_temp.load_row WHERE reason IS NULL AND value IS NOT NULL AND value_key <> '' ORDER BY party_id, type, value_key, row, part),
    made AS (INSERT INTO contact_point (party_id, contact_id, type, value, value_key, preferred, load_id)
      SELECT party_id, (SELECT min(id) FROM contact c WHERE c.party_id = one.party_id AND c.name = one.name), type, value, value_key, preferred, v_posting FROM one
      WHERE NOT EXISTS (SELECT 1 FROM contact_point p WHERE p.party_id = one.party_id AND p.type = one.type AND p.value_key = one.value_key) RETURNING party_id, type, value_key)
  UPDATE pg_temp.load_row s SET fresh = true FROM one JOIN made USING (party_id, type, value_key) WHERE s.row = one.row AND s.part = one.part;
  SELECT jsonb_build_object('rows', count(*), 'created', count(*) FILTER (WHERE fresh), 'updated', 0, 'unchanged', count(*) FILTER (WHERE reason IS NULL AND NOT fresh),
    'rejected', count(*) FILTER (WHERE reason IS NOT NULL),
    'errors', coalesce(jsonb_agg(ar.load_finding(row, reason, account) ORDER BY row) FILTER (WHERE reason IS NOT NULL), '[]'), 'warnings', '[]'::jsonb,
    'totals', '{}'::jsonb) INTO v_result FROM (SELECT row, min(account) AS account, min(reason) AS reason, bool_or(fresh) AS fresh FROM pg_temp.load_row GROUP BY row) x;
  DELETE FROM stage.contact WHERE load = p_load AND by_login = session_user;
  RETURN ar.load_end(p_load, 'contacts', v_result);
END $$;

CREATE OR REPLACE FUNCTION ar.payment_number(p_side text, p_account text, p_number text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE p_side WHEN 'vendor' THEN 'PAID-' || p_account || '-' || p_number ELSE 'PAID-' || p_number END $$;

-- Documents: every row is judged first. What passes has its id, its ledger side and its value in the company's currency.
CREATE OR REPLACE FUNCTION ar.load_judge(p_load uuid, p_kind text, p_side text, p_today date) RETURNS void
LANGUAGE plpgsql SET search_path = ar, pg_catalog, pg_temp AS $$
DECLARE
  v_closed constant date[] := ar.closed_months();
  v_home constant text := ar.setting_on('company.currency', p_today) #>> '{}';
  v_kinds constant text[] := ARRAY(SELECT k FROM unnest(CASE p_side WHEN 'vendor' THEN ARRAY['purchase', 'vendor_payment']
    ELSE ARRAY['invoice', 'credit_note', 'receipt', 'charge', 'discount', 'opening'] END) k WHERE k = p_kind OR ar.may(k));
  v_pays constant boolean := ar.may(CASE p_side WHEN 'vendor' THEN 'vendor_payment' ELSE 'receipt' END);
  v_opens constant boolean := ar.may('opening');
  v_currencies constant text[] := ARRAY(SELECT code FROM currency);
  v_sides constant jsonb := (SELECT jsonb_object_agg(event, side) FROM posting_rule WHERE gl = 'control');
  v_rates jsonb := '{}';     -- of the foreign currencies' days
  v_split int[] := '{}';     -- rows whose instalments do not make up their amount
BEGIN
  SELECT coalesce(jsonb_object_agg(x.currency || x.day, ar.base_rate(x.currency, x.day, NULL)), '{}') INTO v_rates
    FROM (SELECT DISTINCT currency, coalesce(posted_on, doc_date) AS day FROM stage.document WHERE load = p_load AND by_login = session_user AND currency <> v_home AND currency = ANY (v_currencies)) x;
  IF EXISTS (SELECT 1 FROM stage.instalment WHERE load = p_load) THEN
    v_split := ARRAY(SELECT i.row FROM (SELECT row, sum(amount) AS total, min(amount) AS least FROM stage.instalment WHERE load = p_load AND by_login = session_user GROUP BY row) i
      JOIN stage.document s ON s.load = p_load AND s.row = i.row AND s.by_login = session_user WHERE i.total <> coalesce(s.open_amount, s.amount) OR i.least <= 0);
  END IF;
  CREATE TEMP TABLE load_row ON COMMIT DROP AS
  SELECT j.row, j.kind, j.event, (v_sides ->> j.event)::smallint AS side, j.account, j.account_name, j.account_id, j.number, j.doc_date, j.posted_on, j.due_on, j.currency,
    CASE WHEN j.reason IS NULL THEN j.currency END::ar.currency_code AS code,     -- looked at once here, not with each row of the ledger it becomes
    j.amount, j.gross, j.tax, CASE WHEN j.currency = v_home THEN j.gross ELSE round(j.gross * (v_rates ->> (j.currency || j.posted_on))::numeric) END::bigint AS base,
    CASE WHEN j.currency = v_home THEN j.tax ELSE round(j.tax * (v_rates ->> (j.currency || j.posted_on))::numeric) END::bigint AS base_tax,
    j.po, j.method, j.reference, j.memo, j.terms, j.settled_on, j.disputed, j.reason,
    CASE WHEN j.reason IS NOT NULL THEN 'rejected' WHEN j.known_id IS NOT NULL THEN 'unchanged' ELSE 'created' END AS verdict,
    coalesce(j.known_id, CASE WHEN j.reason IS NULL THEN nextval('ar.document_id_seq') END) AS document_id
  FROM (SELECT r.row, r.kind, v.event, r.account, r.account_name, a.id AS account_id, r.number, r.doc_date, v.posted_on, r.due_on, r.currency, v.amount,
          CASE WHEN v.event = 'opening' AND r.kind IN ('credit_note', 'receipt', 'purchase') THEN -v.amount ELSE v.amount END AS gross,
          CASE WHEN r.open_amount IS NULL THEN r.tax ELSE 0 END AS tax, r.po, r.method, r.reference, r.memo, r.terms, r.settled_on, r.disputed, k.id AS known_id,
          CASE
            WHEN r.kind = 'credit_note' AND v.event = 'credit_note' AND k.id IS NULL AND r.currency = ANY (v_currencies) AND NOT ar.within_limit(session_user, 'credit_note', v.amount, r.currency)
              THEN 'amount|It is above what ' || session_user || ' may credit alone; somebody with a higher limit loads it, or it is posted and approved.'
            WHEN p_side = 'customer' AND v.event = 'opening' AND (r.kind = 'credit_note' OR v.amount < 0) AND k.id IS NULL AND r.currency = ANY (v_currencies)
                AND NOT ar.within_limit(session_user, 'opening', abs(v.amount), r.currency)
              THEN 'amount|It is a credit above what ' || session_user || ' may give alone; somebody with a higher limit loads it, or it is posted and approved.'
            WHEN r.kind <> ALL (v_kinds) THEN 'kind|A ' || replace(r.kind, '_', ' ') || ' cannot be loaded here by ' || session_user || '.'
            WHEN v.event <> r.kind AND (r.kind, v.event) NOT IN (('receipt', 'receipt_unidentified'), ('charge', 'interest'), ('charge', 'nsf_fee'), ('charge', 'fixed_sum'), ('charge', 'late_fee'),
                ('invoice', 'opening'), ('credit_note', 'opening'), ('purchase', 'opening')) THEN 'kind|A ' || replace(r.kind, '_', ' ') || ' cannot be booked as ' || v.event || '.'
            WHEN v.event = 'opening' AND NOT v_opens THEN 'open_amount|' || session_user || ' may not load opening balances.'
            WHEN r.number = '' THEN 'number|There is no number.'
            WHEN r.currency <> ALL (v_currencies) THEN 'currency|' || r.currency || ' is not a currency known here.'
            WHEN coalesce(r.account, '') = '' AND r.kind <> 'receipt' THEN 'account|There is no account given.'
            WHEN length(r.account) > 60 THEN 'account|A number has 1 to 60 characters.'
            WHEN least(r.doc_date, v.posted_on, r.due_on, r.settled_on) < '1900-01-01' OR greatest(r.doc_date, v.posted_on, r.due_on, r.settled_on) > '2200-12-31' THEN 'date|Dates lie between 1900 and 2200.'
            WHEN k.id IS NOT NULL THEN CASE WHEN (k.account_id, k.doc_date, k.currency::text, abs(k.amount))
                IS DISTINCT FROM (coalesce(a.id, CASE WHEN r.kind = 'receipt' AND r.account IS NULL THEN k.account_id END), r.doc_date, r.currency, abs(v.amount))
              THEN 'number|' || r.number || ' is already in the books with another ' || p_side || ', date, currency or amount; posted documents are not changed.' END
            WHEN date_trunc('month', v.posted_on)::date = ANY (v_closed)
              THEN 'date|' || to_char(v.posted_on, 'FMMonth YYYY') || ' is closed; the next open day is ' || ar.said(ar.next_open_day(v.posted_on)) || '.'
            WHEN r.open_amount IS NOT NULL AND (r.settled_on IS NOT NULL OR sign(r.open_amount) <> sign(r.amount) OR abs(r.open_amount) > abs(r.amount))
              THEN 'open_amount|The open amount must lie between nothing and the amount, and not be settled.'
            WHEN r.kind <> 'opening' AND (r.amount < 0 OR r.tax < 0 OR r.tax > r.amount) THEN 'amount|The amount cannot be negative, nor smaller than the tax in it.'
            WHEN r.amount = 0 AND r.kind <> 'invoice' THEN 'amount|The amount is zero.'
            WHEN abs(r.amount) > 999999999999999 THEN 'amount|The amount is too large.'
            WHEN r.settled_on IS NOT NULL AND r.kind NOT IN ('invoice', 'purchase') THEN 'settled|Only an invoice or a purchase is settled.'
            WHEN r.settled_on IS NOT NULL AND NOT v_pays THEN 'settled|' || session_user || ' may not book payments.'
            WHEN r.settled_on IS NOT NULL AND EXISTS (SELECT 1 FROM document x WHERE x.number = ar.payment_number(p_side, r.account, r.number))
              THEN 'settled|Its payment ' || ar.payment_number(p_side, r.account, r.number) || ' is already in the books.'
            WHEN r.row = ANY (v_split) THEN 'due|The instalments do not add up to the amount.'
          END AS reason
        FROM stage.document r
        CROSS JOIN LATERAL (SELECT coalesce(r.posted_on, r.doc_date) AS posted_on, coalesce(r.open_amount, r.amount) AS amount,
          coalesce(r.event, CASE WHEN r.open_amount IS NOT NULL THEN 'opening' WHEN r.kind = 'receipt' AND r.account IS NULL THEN 'receipt_unidentified' ELSE r.kind END) AS event) v
        LEFT JOIN account a ON a.kind = p_side AND a.number = r.account
        LEFT JOIN document k ON k.number = r.number AND k.kind = r.kind AND CASE k.kind WHEN 'purchase' THEN k.account_id ELSE 0 END = CASE r.kind WHEN 'purchase' THEN a.id ELSE 0 END 
        WHERE r.load = p_load AND r.by_login = session_user OFFSET 0) j ORDER BY j.row;
  CREATE INDEX ON pg_temp.load_row (row);     -- whatever is joined to it is joined by index, or hashed, never row by row
  ANALYZE pg_temp.load_row (row, verdict, currency, account_id);
  IF EXISTS (SELECT 1 FROM pg_temp.load_row GROUP BY kind, number, CASE WHEN kind = 'purchase' THEN account END HAVING count(*) > 1) THEN
    UPDATE pg_temp.load_row r SET verdict = 'rejected', reason = 'number|' || r.number || ' appears more than once in the file; the first row counts.'
      FROM (SELECT row, row_number() OVER (PARTITION BY kind, number, CASE WHEN kind = 'purchase' THEN account END ORDER BY row) AS nth FROM pg_temp.load_row) x
      WHERE x.row = r.row AND x.nth > 1 AND r.reason IS NULL;
  END IF;
END $$;

-- Accounts nobody has heard of are opened under their number; the number is the identity, the name only a label.
CREATE OR REPLACE FUNCTION ar.load_accounts(p_posting bigint, p_side text) RETURNS void LANGUAGE plpgsql SET search_path = ar, pg_catalog, pg_temp SET enable_nestloop = off AS $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM pg_temp.load_row WHERE verdict = 'created' AND account IS NOT NULL AND account_id IS NULL) THEN
    RETURN;
  END IF;
  PERFORM ar.need(p_side);
  WITH missing AS MATERIALIZED (SELECT nextval('ar.party_id_seq') AS id, * FROM (
      SELECT DISTINCT ON (r.account COLLATE "C") r.account, coalesce(ar.empty_to_null(r.account_name), r.account) AS name, r.currency, r.doc_date FROM pg_temp.load_row r
      WHERE r.verdict = 'created' AND r.account IS NOT NULL AND r.account_id IS NULL ORDER BY r.account COLLATE "C", r.row) m),
    parties AS (INSERT INTO party (id, name, load_id) OVERRIDING SYSTEM VALUE SELECT id, name, p_posting FROM missing),
    opened AS (INSERT INTO account (kind, number, party_id, currency, opened_on, load_id) SELECT p_side, account, id, currency, doc_date, p_posting FROM missing RETURNING id, number)
  UPDATE pg_temp.load_row r SET account_id = o.id FROM opened o WHERE r.account = o.number AND r.account_id IS NULL;
END $$;

-- What is to be set against what: between rows of this load, or from a row to a document already in the books. A row that asks for what cannot be is rejected.
CREATE OR REPLACE FUNCTION ar.load_moves(p_load uuid, p_side text) RETURNS void LANGUAGE plpgsql SET search_path = ar, pg_catalog, pg_temp AS $$
DECLARE
  v_closed constant date[] := ar.closed_months();
BEGIN
  CREATE TEMP TABLE load_move ON COMMIT DROP AS
    SELECT row_number() OVER (ORDER BY a.credit_row, a.debit_row, a.debit_seq)::int AS id, a.credit_row, a.debit_row, a.debit_seq, a.debit_number, NULL::bigint AS debit_document,
           a.amount, greatest(a.effective_on, c.posted_on, d.posted_on) AS effective_on, a.kind, d.verdict = 'unchanged' AS earlier
    FROM stage.allocation a JOIN pg_temp.load_row c ON c.row = a.credit_row AND c.verdict = 'created' LEFT JOIN pg_temp.load_row d ON d.row = a.debit_row
    WHERE a.load = p_load AND a.by_login = session_user;
  ANALYZE pg_temp.load_move (id, credit_row, debit_row);
  IF NOT EXISTS (SELECT 1 FROM pg_temp.load_move) THEN
    RETURN;
  END IF;
  UPDATE pg_temp.load_move m SET debit_document = x.document, earlier = true
    FROM (SELECT DISTINCT ON (m.id) m.id, d.id AS document FROM pg_temp.load_move m JOIN pg_temp.load_row c ON c.row = m.credit_row
          LEFT JOIN pg_temp.load_row r ON m.earlier AND r.row = m.debit_row
          JOIN document d ON d.number = coalesce(m.debit_number, r.number)
          WHERE (m.debit_number IS NOT NULL OR m.earlier) AND d.currency = c.currency AND (d.account_id = c.account_id OR ar.same_group(d.account_id, c.account_id))
            AND EXISTS (SELECT 1 FROM open_item i WHERE i.document_id = d.id AND i.original > 0) ORDER BY m.id, d.kind <> 'invoice', d.id) x WHERE x.id = m.id;
  PERFORM 1 FROM open_item WHERE document_id IN (SELECT debit_document FROM pg_temp.load_move) AND original > 0 ORDER BY id FOR UPDATE;
  UPDATE pg_temp.load_row r SET verdict = 'rejected', reason = bad.reason FROM (
    SELECT DISTINCT ON (w.credit_row) w.credit_row, w.reason FROM (
      SELECT m.id, m.credit_row, CASE
        WHEN m.kind NOT IN ('payment', 'credit_note', 'discount') THEN 'invoice|A load cannot allocate as ' || m.kind || '.'
        WHEN c.side > 0 OR c.side IS NULL THEN 'invoice|A ' || replace(c.kind, '_', ' ') || ' without an account pays nothing.'
        WHEN m.debit_row IS NULL AND m.debit_document IS NULL THEN 'invoice|There is no document ' || coalesce(m.debit_number, '') || ' of this ' || p_side || ' in ' || c.currency || '.'
        WHEN m.debit_document IS NULL AND (d.row IS NULL OR d.verdict = 'rejected') THEN 'invoice|The document it pays is not in the load.'
        WHEN m.debit_document IS NULL AND (d.side < 0 OR d.currency <> c.currency OR (d.account <> c.account AND NOT coalesce(ar.same_group(d.account_id, c.account_id), false)))
          THEN 'invoice|These two cannot be set against each other.'
        WHEN m.amount <= 0 OR (m.amount IS NULL AND m.debit_document IS NULL) THEN 'invoice|An amount to allocate is positive.'
        WHEN m.debit_document IS NULL AND sum(m.amount) OVER (PARTITION BY m.debit_document, m.debit_row, m.debit_seq ORDER BY m.credit_row, m.id) > CASE WHEN d.settled_on IS NULL THEN coalesce(i.amount, d.gross) ELSE 0 END
          THEN 'invoice|' || d.number || ' has less open than is to be allocated to it.'
        WHEN m.debit_document IS NOT NULL AND sum(m.amount) OVER (PARTITION BY m.debit_document ORDER BY m.credit_row, m.id) > (SELECT sum(o.open) FROM open_item o WHERE o.document_id = m.debit_document AND o.original > 0)
          THEN 'invoice|' || coalesce(m.debit_number, d.number) || ' has less open than is to be allocated to it.'
        WHEN sum(m.amount) OVER (PARTITION BY m.credit_row ORDER BY m.id) > abs(c.gross) THEN 'amount|More would be allocated than the amount.'
        WHEN date_trunc('month', m.effective_on)::date = ANY (v_closed) THEN 'date|' || to_char(m.effective_on, 'FMMonth YYYY') || ' is closed.'
      END AS reason
      FROM pg_temp.load_move m JOIN pg_temp.load_row c ON c.row = m.credit_row LEFT JOIN pg_temp.load_row d ON d.row = m.debit_row
      LEFT JOIN stage.instalment i ON i.load = p_load AND i.row = m.debit_row AND i.seq = m.debit_seq AND i.by_login = session_user) w
    WHERE w.reason IS NOT NULL ORDER BY w.credit_row, w.id) bad WHERE r.row = bad.credit_row;
  DELETE FROM pg_temp.load_move m USING pg_temp.load_row c WHERE c.row = m.credit_row AND c.verdict <> 'created';
END $$;

-- "Settled on that day" is a payment of that day for all of it, one move for each instalment.
CREATE OR REPLACE FUNCTION ar.load_settled(p_load uuid, p_side text, p_today date) RETURNS void LANGUAGE plpgsql SET search_path = ar, pg_catalog, pg_temp AS $$
DECLARE
  v_event constant text := CASE p_side WHEN 'vendor' THEN 'vendor_payment' ELSE 'receipt' END;
  v_side constant smallint := (SELECT side FROM posting_rule WHERE event = v_event AND gl = 'control');
  v_closed constant date[] := ar.closed_months();
  v_home constant text := ar.setting_on('company.currency', p_today) #>> '{}';
  v_first int;
BEGIN
  SELECT max(row) INTO v_first FROM pg_temp.load_row;
  INSERT INTO pg_temp.load_row (row, kind, event, side, account, account_id, number, doc_date, posted_on, currency, code, amount, gross, tax, base, base_tax, method, disputed, verdict, document_id)
    SELECT v_first + row_number() OVER (ORDER BY s.row), v_event, v_event, v_side, s.account, s.account_id, ar.payment_number(p_side, s.account, s.number), p.day, p.day, s.currency, s.code, s.amount, s.amount, 0,
           CASE WHEN s.currency = v_home THEN s.amount ELSE round(s.amount * ar.base_rate(s.currency, p.day, NULL)) END, 0, 'import', false, 'derived', nextval('ar.document_id_seq')
    FROM pg_temp.load_row s
    CROSS JOIN LATERAL (SELECT CASE WHEN date_trunc('month', s.settled_on)::date = ANY (v_closed) THEN ar.next_open_day(s.settled_on) ELSE s.settled_on END AS day) p
    WHERE s.verdict = 'created' AND s.settled_on IS NOT NULL AND s.amount > 0;
  INSERT INTO pg_temp.load_move (id, credit_row, debit_row, debit_seq, amount, effective_on, kind)
    SELECT 0, CASE p_side WHEN 'vendor' THEN s.row ELSE n.row END, CASE p_side WHEN 'vendor' THEN n.row ELSE s.row END, coalesce(i.seq, 1), coalesce(i.amount, s.amount), greatest(n.posted_on, s.posted_on), 'payment'
    FROM (SELECT *, row_number() OVER (ORDER BY row) AS place FROM pg_temp.load_row WHERE verdict = 'created' AND settled_on IS NOT NULL AND amount > 0) s
    JOIN pg_temp.load_row n ON n.row = v_first + s.place LEFT JOIN stage.instalment i ON i.load = p_load AND i.row = s.row AND i.by_login = session_user;
  ANALYZE pg_temp.load_move (credit_row, debit_row);
  ANALYZE pg_temp.load_row (row, verdict, currency);
END $$;

-- Book what was judged good: documents, lines, ledger lines, open items, allocations.
CREATE OR REPLACE FUNCTION ar.load_book(p_load uuid, p_posting bigint, p_side text, p_today date) RETURNS text LANGUAGE plpgsql SET search_path = ar, pg_catalog, pg_temp AS $$
DECLARE
  v_control constant text := CASE p_side WHEN 'vendor' THEN '2000' ELSE '1100' END;
  v_moves constant boolean := EXISTS (SELECT 1 FROM pg_temp.load_move WHERE debit_document IS NULL);
  v_split constant boolean := EXISTS (SELECT 1 FROM stage.instalment WHERE load = p_load AND by_login = session_user);
  v_hash numeric;
BEGIN
  INSERT INTO document (id, posting_id, kind, event, account_id, number, doc_date, posted_on, due_on, currency, amount, tax, po, method, reference, memo, terms, bulk) OVERRIDING SYSTEM VALUE
    SELECT document_id, p_posting, kind, event, account_id, number, doc_date, posted_on, due_on, code, amount, tax, po, method, reference, memo, terms, true
    FROM pg_temp.load_row WHERE verdict IN ('created', 'derived');
  IF EXISTS (SELECT 1 FROM stage.line WHERE load = p_load) THEN
    INSERT INTO document_line (document_id, line, item_id, description, quantity, unit_price, discount, tax_code, amount)
      SELECT s.document_id, l.line, i.id, coalesce(l.description, i.description, l.item, ''), l.quantity, l.unit_price, l.discount, l.tax_code, l.amount
      FROM stage.line l JOIN pg_temp.load_row s ON s.row = l.row AND s.verdict = 'created' LEFT JOIN item i ON i.number = l.item WHERE l.load = p_load AND l.by_login = session_user;
  END IF;
  WITH booked AS (
    INSERT INTO journal_line (document_id, line, gl, account_id, posted_on, currency, amount, base_amount)
      SELECT s.document_id, r.line, CASE r.gl WHEN 'control' THEN v_control ELSE r.gl END, CASE r.gl WHEN 'control' THEN s.account_id END, s.posted_on, s.code, r.side * v.amount, r.side * v.base
      FROM pg_temp.load_row s JOIN posting_rule r ON r.event = s.event
      CROSS JOIN LATERAL (SELECT CASE r.part WHEN 'gross' THEN s.gross WHEN 'tax' THEN s.tax ELSE s.gross - s.tax END AS amount,
                                 CASE r.part WHEN 'gross' THEN s.base WHEN 'tax' THEN s.base_tax ELSE s.base - s.base_tax END AS base) v
      WHERE s.verdict IN ('created', 'derived') AND v.amount <> 0
      RETURNING document_id, gl, amount)
  SELECT coalesce(sum(hashint8extended(amount, hashtextextended(gl, document_id))), 0) INTO v_hash FROM booked;

  IF NOT v_moves AND NOT v_split THEN
    INSERT INTO open_item (document_id, account_id, seq, is_vendor, currency, doc_date, posted_on, due_on, original, open, base, disputed, dispute_reason, bulk)
      SELECT document_id, account_id, 1, p_side = 'vendor', code, doc_date, posted_on, coalesce(due_on, doc_date), side * gross, side * gross, side * base,
             CASE WHEN disputed THEN greatest(side * gross, 0) ELSE 0 END, CASE WHEN disputed THEN 'imported' END, true
      FROM pg_temp.load_row WHERE verdict IN ('created', 'derived') AND side IS NOT NULL AND gross <> 0;
    RETURN v_hash::text;
  END IF;
  INSERT INTO open_item (document_id, account_id, seq, is_vendor, currency, doc_date, posted_on, due_on, original, open, base, first_on, last_on, disputed, dispute_reason, bulk)
    SELECT s.document_id, s.account_id, s.seq, p_side = 'vendor', s.code, s.doc_date, s.posted_on, s.due_on, s.side * s.part, s.side * (s.part - coalesce(a.used, 0)),
           s.side * (round(s.base::numeric * s.upto / s.gross) - round(s.base::numeric * (s.upto - s.part) / s.gross)), a.first_on, a.last_on,
           CASE WHEN s.disputed THEN greatest(s.side * (s.part - coalesce(a.used, 0)), 0) ELSE 0 END, CASE WHEN s.disputed THEN 'imported' END, true
    FROM (SELECT d.row, d.document_id, d.account_id, d.code, d.doc_date, d.posted_on, coalesce(i.due_on, d.due_on, d.doc_date) AS due_on, d.side, d.gross, d.base, d.disputed, coalesce(i.seq, 1) AS seq,
                 sign(d.gross) * coalesce(i.amount, abs(d.gross)) AS part, sign(d.gross) * sum(coalesce(i.amount, abs(d.gross))) OVER (PARTITION BY d.row ORDER BY i.seq) AS upto
          FROM pg_temp.load_row d LEFT JOIN stage.instalment i ON v_split AND i.load = p_load AND i.row = d.row AND i.by_login = session_user
          WHERE d.verdict IN ('created', 'derived') AND d.side IS NOT NULL AND d.gross <> 0) s
    LEFT JOIN (SELECT row, seq, sum(amount) AS used, min(effective_on) AS first_on, max(effective_on) AS last_on FROM (
        SELECT debit_row AS row, CASE p_side WHEN 'vendor' THEN 1 ELSE debit_seq END AS seq, amount, effective_on FROM pg_temp.load_move WHERE debit_document IS NULL
        UNION ALL SELECT credit_row, CASE p_side WHEN 'vendor' THEN debit_seq ELSE 1 END, amount, effective_on FROM pg_temp.load_move WHERE debit_document IS NULL) x GROUP BY 1, 2) a
      ON a.row = s.row AND a.seq = s.seq;
  IF v_moves THEN
    INSERT INTO allocation (posting_id, debit_item_id, credit_item_id, amount, effective_on, kind)
      SELECT p_posting, d.id, c.id, a.amount, a.effective_on, a.kind FROM pg_temp.load_move a
      JOIN pg_temp.load_row ds ON ds.row = a.debit_row JOIN open_item d ON d.document_id = ds.document_id AND d.seq = CASE p_side WHEN 'vendor' THEN 1 ELSE a.debit_seq END
      JOIN pg_temp.load_row cs ON cs.row = a.credit_row JOIN open_item c ON c.document_id = cs.document_id AND c.seq = CASE p_side WHEN 'vendor' THEN a.debit_seq ELSE 1 END
      WHERE a.debit_document IS NULL ORDER BY a.credit_row, a.id;
    PERFORM ar.load_exchange(p_posting, p_today);
  END IF;
  RETURN v_hash::text;
END $$;

-- Gain or loss where foreign rows of one load were set against each other at different rates: what ar.settle_exchange does for one allocation, for all.
CREATE OR REPLACE FUNCTION ar.load_exchange(p_posting bigint, p_today date) RETURNS void LANGUAGE plpgsql SET search_path = ar, pg_catalog, pg_temp AS $$
DECLARE
  v_home constant text := ar.setting_on('company.currency', p_today) #>> '{}';
BEGIN
  IF NOT EXISTS (SELECT 1 FROM pg_temp.load_row WHERE currency <> v_home AND base IS NOT NULL AND verdict = 'created') THEN
    RETURN;
  END IF;
  WITH moved AS (
      SELECT a.id, a.amount, a.effective_on, d.account_id, d.currency, d.is_vendor, d.base AS db, d.original AS d0, c.base AS cb, c.original AS c0,
             sum(a.amount) OVER (PARTITION BY a.debit_item_id ORDER BY a.id) AS du, sum(a.amount) OVER (PARTITION BY a.credit_item_id ORDER BY a.id) AS cu
      FROM allocation a JOIN open_item d ON d.id = a.debit_item_id JOIN open_item c ON c.id = a.credit_item_id
      WHERE a.posting_id = p_posting AND d.currency <> v_home AND d.base IS NOT NULL AND c.base IS NOT NULL),
    off AS MATERIALIZED (
      SELECT nextval('ar.document_id_seq') AS document_id, * FROM (
        SELECT moved.*, round(db::numeric * du / d0) - round(db::numeric * (du - amount) / d0) + round(cb::numeric * -cu / c0) - round(cb::numeric * -(cu - amount) / c0) AS delta FROM moved) x
      WHERE delta <> 0),
    documents AS (
      INSERT INTO document (id, posting_id, kind, event, account_id, number, doc_date, posted_on, currency, amount) OVERRIDING SYSTEM VALUE
        SELECT document_id, p_posting, 'exchange_difference', 'exchange_difference', account_id, ar.next_number('exchange_difference'), effective_on, effective_on, currency, 0 FROM off ORDER BY id
        RETURNING id)
  INSERT INTO journal_line (document_id, line, gl, account_id, posted_on, currency, amount, base_amount)
    SELECT o.document_id, n.line, CASE n.line WHEN 2 THEN '5150' WHEN 1 THEN CASE WHEN o.is_vendor THEN '2000' ELSE '1100' END END, CASE n.line WHEN 1 THEN o.account_id END,
           o.effective_on, o.currency, 0, CASE n.line WHEN 1 THEN -o.delta ELSE o.delta END
    FROM off o CROSS JOIN generate_series(1, 2) n(line);
END $$;

-- Set what was just booked against documents that were there before, oldest due first, as far as both go; what is left stays on account.
-- A row that is alone with its documents goes by sets; where several share one, or rates differ, each goes through the guard of a clerk's allocation.
CREATE OR REPLACE FUNCTION ar.load_paid(p_posting bigint, p_today date) RETURNS jsonb LANGUAGE plpgsql SET search_path = ar, pg_catalog, pg_temp AS $$
DECLARE
  v_home constant text := ar.setting_on('company.currency', p_today) #>> '{}';
  v_closed constant date[] := ar.closed_months();
  v_warnings jsonb := '[]';
  m record; v_left jsonb;
BEGIN
  ALTER TABLE pg_temp.load_move ADD COLUMN alone boolean NOT NULL DEFAULT false;
  UPDATE pg_temp.load_move SET alone = true WHERE credit_row IN (
    SELECT x.credit_row FROM (SELECT y.*, count(*) OVER (PARTITION BY y.debit_document) AS times FROM pg_temp.load_move y) x JOIN pg_temp.load_row c ON c.row = x.credit_row
    GROUP BY x.credit_row HAVING bool_and(x.amount IS NULL AND x.debit_document IS NOT NULL AND x.times = 1 AND c.currency = v_home
      AND NOT EXISTS (SELECT 1 FROM open_item i JOIN allocation a ON a.debit_item_id = i.id AND a.amount < 0 WHERE i.document_id = x.debit_document)));
  WITH items AS (
      SELECT w.kind, i.id, i.open, c.id AS credit_id, -c.open AS there, greatest(w.effective_on, i.posted_on) AS day, sum(i.open) OVER (PARTITION BY w.credit_row ORDER BY i.due_on, i.id) AS upto
      FROM pg_temp.load_move w JOIN pg_temp.load_row r ON r.row = w.credit_row JOIN open_item c ON c.document_id = r.document_id
      JOIN open_item i ON i.document_id = w.debit_document AND i.original > 0 AND i.open > 0 WHERE w.alone),
    moved AS (
      INSERT INTO allocation (posting_id, debit_item_id, credit_item_id, amount, effective_on, kind)
        SELECT p_posting, id, credit_id, least(open, there - (upto - open)), CASE WHEN date_trunc('month', day)::date = ANY (v_closed) THEN ar.next_open_day(day) ELSE day END, kind
        FROM items WHERE there > upto - open ORDER BY credit_id, upto
        RETURNING debit_item_id, credit_item_id, amount, effective_on),
    debits AS (
      UPDATE open_item i SET open = i.open - x.amount, first_on = least(i.first_on, x.effective_on), last_on = greatest(i.last_on, x.effective_on), disputed = least(i.disputed, i.open - x.amount)
        FROM moved x WHERE i.id = x.debit_item_id)
  UPDATE open_item i SET open = i.open + x.amount, first_on = least(i.first_on, x.f), last_on = greatest(i.last_on, x.l)
    FROM (SELECT credit_item_id, sum(amount) AS amount, min(effective_on) AS f, max(effective_on) AS l FROM moved GROUP BY 1) x WHERE i.id = x.credit_item_id;
  FOR m IN SELECT w.*, r.document_id FROM pg_temp.load_move w JOIN pg_temp.load_row r ON r.row = w.credit_row WHERE w.debit_document IS NOT NULL AND NOT w.alone
      ORDER BY r.posted_on, w.credit_row, (SELECT min(i.due_on) FROM open_item i WHERE i.document_id = w.debit_document AND i.open > 0), w.id LOOP
    BEGIN
      PERFORM ar.spread(p_posting, m.debit_document, m.document_id, m.amount, m.effective_on, m.kind);
    EXCEPTION WHEN SQLSTATE 'AR003' OR SQLSTATE 'AR004' OR SQLSTATE 'AR008' OR SQLSTATE 'AR010' THEN
      v_warnings := v_warnings || ar.load_finding(m.credit_row, 'invoice|Left on account: ' || SQLERRM || '.', m.debit_number);
    END;
  END LOOP;
  SELECT coalesce(jsonb_agg(ar.load_finding(r.row, 'amount|' || ar.units(-i.open, r.currency) || ' of it stays on account.', NULL) ORDER BY r.row), '[]') INTO v_left
    FROM (SELECT DISTINCT credit_row FROM pg_temp.load_move WHERE debit_document IS NOT NULL) w JOIN pg_temp.load_row r ON r.row = w.credit_row JOIN open_item i ON i.document_id = r.document_id WHERE i.open <> 0;
  RETURN v_warnings || v_left;
END $$;

-- Documents of any kind with their lines, instalments and allocations. A number already in the books with the same content is unchanged;
-- with other content it is rejected, because posted documents are not changed. p_kind: invoice, credit_note, receipt, charge, opening, purchase.
CREATE OR REPLACE FUNCTION api.load_documents(p_load uuid, p_kind text, p_today date) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = ar, pg_catalog, pg_temp AS $$
DECLARE
  v_posting bigint; v_earlier jsonb; v_result jsonb; v_hash text; v_warnings jsonb := '[]';
  v_side constant text := CASE WHEN p_kind IN ('purchase', 'vendor_payment') THEN 'vendor' ELSE 'customer' END;
  v_moves constant boolean := EXISTS (SELECT 1 FROM stage.allocation WHERE load = p_load AND by_login = session_user);
BEGIN
  SELECT posting, earlier INTO v_posting, v_earlier FROM ar.load_begin(p_load, p_kind, p_today, p_kind);
  IF v_earlier IS NOT NULL THEN RETURN v_earlier; END IF;
  PERFORM ar.forget_load();
  IF v_moves AND p_kind = 'receipt' THEN   -- money without a customer that names an invoice is that customer's
    UPDATE stage.document s SET account = x.number FROM (
        SELECT DISTINCT ON (m.credit_row) m.credit_row, a.number FROM stage.allocation m JOIN document d ON d.number = m.debit_number AND d.kind = 'invoice' JOIN account a ON a.id = d.account_id
        WHERE m.load = p_load AND m.by_login = session_user ORDER BY m.credit_row, d.id) x
      WHERE s.load = p_load AND s.row = x.credit_row AND s.by_login = session_user AND s.account IS NULL;
  END IF;
  PERFORM ar.load_judge(p_load, p_kind, v_side, p_today);
  PERFORM ar.load_moves(p_load, v_side);
  PERFORM ar.load_accounts(v_posting, v_side);
  IF EXISTS (SELECT 1 FROM pg_temp.load_row WHERE settled_on IS NOT NULL AND verdict = 'created') THEN
    PERFORM ar.load_settled(p_load, v_side, p_today);
  END IF;
  v_hash := ar.load_book(p_load, v_posting, v_side, p_today);
  IF v_moves AND EXISTS (SELECT 1 FROM pg_temp.load_move WHERE debit_document IS NOT NULL) THEN
    v_warnings := ar.load_paid(v_posting, p_today);
  END IF;

  SELECT jsonb_build_object('rows', count(*), 'created', count(*) FILTER (WHERE verdict = 'created'), 'updated', 0, 'unchanged', count(*) FILTER (WHERE verdict = 'unchanged'),
    'rejected', count(*) FILTER (WHERE verdict = 'rejected'),
    'errors', coalesce(jsonb_agg(ar.load_finding(row, reason,
      CASE split_part(reason, '|', 1) WHEN 'account' THEN account WHEN 'date' THEN doc_date::text WHEN 'currency' THEN currency WHEN 'amount' THEN amount::text WHEN 'open_amount' THEN amount::text ELSE number END)
      ORDER BY row) FILTER (WHERE verdict = 'rejected'), '[]'), 'warnings', v_warnings, 'hash', v_hash) INTO v_result FROM pg_temp.load_row WHERE verdict <> 'derived';
  SELECT v_result || jsonb_build_object('totals', coalesce(jsonb_object_agg(currency, total), '{}')) INTO v_result
    FROM (SELECT currency, sum(CASE WHEN kind = p_kind OR kind IN ('invoice', 'charge', 'opening') THEN amount WHEN kind IN ('credit_note', 'discount') THEN -amount ELSE 0 END) AS total
          FROM pg_temp.load_row WHERE verdict = 'created' GROUP BY 1) t;
  DELETE FROM stage.document WHERE load = p_load AND by_login = session_user;
  DELETE FROM stage.line WHERE load = p_load AND by_login = session_user;
  DELETE FROM stage.instalment WHERE load = p_load AND by_login = session_user;
  DELETE FROM stage.allocation WHERE load = p_load AND by_login = session_user;
  RETURN ar.load_end(p_load, p_kind, v_result);
END $$;
