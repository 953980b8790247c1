-- Bulk entry by sets. Rows were copied into stage.*; one call checks and books a chunk of them under one posting.
-- Each answers {"rows", "created", "updated", "unchanged", "rejected", "errors": [{"row", "column", "value", "message"}], "totals": {currency: minor}}.

CREATE OR REPLACE FUNCTION ar.load_begin(p_load uuid, p_kind text, p_today date, p_action text, OUT posting bigint, OUT earlier jsonb)
LANGUAGE plpgsql SET search_path = ar, pg_catalog, pg_temp AS $$
DECLARE
  claimed record;
BEGIN
  PERFORM ar.need(p_action);
  SELECT * INTO claimed FROM ar.claim(p_load, 'load_' || p_kind, to_jsonb(p_load), p_today, true);
  posting := claimed.posting;
  IF NOT claimed.fresh THEN
    SELECT after INTO earlier FROM audit WHERE table_name = 'load' AND who = session_user AND after ->> 'load' = p_load::text;
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

CREATE OR REPLACE FUNCTION ar.empty_to_null(p_text text) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT nullif(btrim(p_text), '') $$;

-- Customers and vendors. A known number is updated where the file says something else, never duplicated; an empty cell changes nothing.
CREATE OR REPLACE FUNCTION api.load_parties(p_load uuid, p_kind text, p_today date) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = ar, pg_catalog, pg_temp AS $$
DECLARE
  v_posting bigint; v_earlier jsonb; v_result jsonb; v_currency constant text := ar.setting_on('company.currency', p_today) #>> '{}';
BEGIN
  SELECT posting, earlier INTO v_posting, v_earlier FROM ar.load_begin(p_load, p_kind, p_today, p_kind);
  IF v_earlier IS NOT NULL THEN RETURN v_earlier; END IF;
  UPDATE stage.party s SET verdict = j.verdict, reason = j.reason, account_id = j.account_id, party_id = j.party_id
  FROM (SELECT r.row, a.id AS account_id, coalesce(a.party_id, nextval('ar.party_id_seq')) AS party_id,
               CASE WHEN problem.reason IS NOT NULL THEN 'rejected' WHEN a.id IS NULL THEN 'created' ELSE 'known' END AS verdict, problem.reason
        FROM (SELECT *, row_number() OVER (PARTITION BY number ORDER BY row) AS nth FROM stage.party WHERE load = p_load AND by_login = session_user) r
        LEFT JOIN account a ON a.kind = p_kind AND a.number = r.number
        CROSS JOIN LATERAL (SELECT CASE
          WHEN r.kind <> p_kind THEN 'kind|This row is not a ' || p_kind || '.'
          WHEN r.nth > 1 THEN 'number|' || r.number || ' appears more than once in the file; the first row counts.'
          WHEN a.id IS NULL AND ar.empty_to_null(r.name) IS NULL THEN 'name|A new ' || p_kind || ' needs a name.'
          WHEN r.currency IS NOT NULL AND NOT EXISTS (SELECT 1 FROM currency WHERE code = r.currency) THEN 'currency|' || r.currency || ' is not a currency known here.'
          WHEN r.terms IS NOT NULL AND NOT EXISTS (SELECT 1 FROM terms WHERE code = r.terms) THEN 'terms|There are no terms ' || r.terms || '.'
        END AS reason) problem) j
  WHERE s.load = p_load AND s.row = j.row;

  INSERT INTO party (id, name, legal_name, tax_id, registration_no, language, country, timezone, note, load_id) OVERRIDING SYSTEM VALUE
    SELECT party_id, name, legal_name, tax_id, registration_no, language, country, timezone, note, v_posting FROM stage.party WHERE load = p_load AND verdict = 'created' ORDER BY row;
  INSERT INTO account (kind, number, party_id, currency, terms, credit_limit, collector, opened_on, load_id)
    SELECT p_kind, number, party_id, coalesce(currency, v_currency), terms, credit_limit, collector, coalesce(opened_on, p_today), v_posting
    FROM stage.party WHERE load = p_load AND verdict = 'created' ORDER BY row;
  -- known ones: only what the file states and states differently
  UPDATE party p SET name = coalesce(s.name, p.name), legal_name = coalesce(s.legal_name, p.legal_name), tax_id = coalesce(s.tax_id, p.tax_id),
      registration_no = coalesce(s.registration_no, p.registration_no), language = coalesce(s.language, p.language), country = coalesce(s.country, p.country),
      timezone = coalesce(s.timezone, p.timezone), note = coalesce(s.note, p.note)
    FROM stage.party s WHERE s.load = p_load AND s.verdict = 'known' AND p.id = s.party_id
      AND (s.name, s.legal_name, s.tax_id, s.registration_no, s.language, s.country, s.timezone, s.note) IS DISTINCT FROM (NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL)
      AND (coalesce(s.name, p.name), coalesce(s.legal_name, p.legal_name), coalesce(s.tax_id, p.tax_id), coalesce(s.registration_no, p.registration_no), coalesce(s.language, p.language),
           coalesce(s.country, p.country), coalesce(s.timezone, p.timezone), coalesce(s.note, p.note))
          IS DISTINCT FROM (p.name::text, p.legal_name::text, p.tax_id::text, p.registration_no::text, p.language, p.country, p.timezone::text, p.note::text);
  UPDATE stage.party s SET verdict = 'updated' FROM party p WHERE s.load = p_load AND s.verdict = 'known' AND p.id = s.party_id AND p.xmin::text = pg_current_xact_id()::xid::text;
  UPDATE account a SET terms = coalesce(s.terms, a.terms), credit_limit = coalesce(s.credit_limit, a.credit_limit), collector = coalesce(s.collector, a.collector)
    FROM stage.party s WHERE s.load = p_load AND s.verdict IN ('known', 'updated') AND a.id = s.account_id
      AND (coalesce(s.terms, a.terms), coalesce(s.credit_limit, a.credit_limit::bigint), coalesce(s.collector, a.collector::text)) IS DISTINCT FROM (a.terms, a.credit_limit::bigint, a.collector::text);
  UPDATE stage.party s SET verdict = 'updated' FROM account a WHERE s.load = p_load AND s.verdict = 'known' AND a.id = s.account_id AND a.xmin::text = pg_current_xact_id()::xid::text;

  WITH fresh AS (
    INSERT INTO address (party_id, lines, city, region, postcode, country, load_id)
      SELECT s.party_id, coalesce(s.address, ''), coalesce(s.city, ''), s.region, s.postcode, s.country, v_posting FROM stage.party s
      WHERE s.load = p_load AND s.verdict IN ('created', 'known', 'updated') AND num_nonnulls(s.address, s.city, s.region, s.postcode) > 0
        AND (s.verdict = 'created' OR NOT EXISTS (SELECT 1 FROM address a WHERE a.party_id = s.party_id AND (a.lines::text, a.city::text, a.postcode::text) IS NOT DISTINCT FROM (coalesce(s.address, ''), coalesce(s.city, ''), s.postcode)))
      RETURNING party_id)
  UPDATE stage.party s SET verdict = 'updated' FROM fresh f WHERE s.load = p_load AND s.party_id = f.party_id AND s.verdict = 'known';
  WITH fresh AS (
    INSERT INTO contact (party_id, name, title, purpose, load_id)
      SELECT s.party_id, s.contact, s.contact_title, coalesce(s.contact_purpose, 'general'), v_posting FROM stage.party s
      WHERE s.load = p_load AND s.verdict IN ('created', 'known', 'updated') AND s.contact IS NOT NULL
        AND (s.verdict = 'created' OR NOT EXISTS (SELECT 1 FROM contact c WHERE c.party_id = s.party_id AND c.name = s.contact))
      RETURNING party_id)
  UPDATE stage.party s SET verdict = 'updated' FROM fresh f WHERE s.load = p_load AND s.party_id = f.party_id AND s.verdict = 'known';
  WITH fresh AS (
    INSERT INTO contact_point (party_id, contact_id, type, value, value_key, load_id)
      SELECT s.party_id, CASE WHEN s.contact IS NOT NULL THEN (SELECT id FROM contact c WHERE c.party_id = s.party_id AND c.name = s.contact ORDER BY id LIMIT 1) END, v.type, v.value, v.key, v_posting
      FROM stage.party s CROSS JOIN LATERAL (VALUES ('phone', s.phone, s.phone_key), ('mobile', s.mobile, s.mobile_key), ('fax', s.fax, s.fax_key),
        ('email', s.email, lower(s.email)), ('web', s.web, lower(s.web))) v(type, value, key)
      WHERE s.load = p_load AND s.verdict IN ('created', 'known', 'updated') AND v.value IS NOT NULL AND v.key <> ''
        AND (s.verdict = 'created' OR NOT EXISTS (SELECT 1 FROM contact_point p WHERE p.party_id = s.party_id AND p.type = v.type AND p.value_key = v.key))
      RETURNING party_id)
  UPDATE stage.party s SET verdict = 'updated' FROM fresh f WHERE s.load = p_load AND s.party_id = f.party_id AND s.verdict = 'known';
  UPDATE party p SET parent_id = up.party_id FROM stage.party s JOIN account up ON up.kind = p_kind AND up.number = s.parent_number
    WHERE s.load = p_load AND s.verdict <> 'rejected' AND p.id = s.party_id AND p.parent_id IS DISTINCT FROM up.party_id AND up.party_id <> p.id;

  SELECT jsonb_build_object('rows', count(*), 'created', count(*) FILTER (WHERE verdict = 'created'), 'updated', count(*) FILTER (WHERE verdict = 'updated'),
    'unchanged', count(*) FILTER (WHERE verdict = 'known'), 'rejected', count(*) FILTER (WHERE verdict = 'rejected'),
    'errors', coalesce(jsonb_agg(jsonb_build_object('row', row, 'column', split_part(reason, '|', 1), 'value', CASE split_part(reason, '|', 1) WHEN 'terms' THEN terms WHEN 'currency' THEN currency WHEN 'name' THEN name ELSE number END,
      'message', split_part(reason, '|', 2)) ORDER BY row) FILTER (WHERE verdict = 'rejected'), '[]'), 'totals', '{}'::jsonb) INTO v_result FROM stage.party WHERE load = p_load;
  DELETE FROM stage.party WHERE load = p_load;
  RETURN ar.load_end(p_load, p_kind, v_result);
END $$;

CREATE OR REPLACE FUNCTION api.load_items(p_load uuid, p_today date) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = ar, pg_catalog, pg_temp AS $$
DECLARE
  v_posting bigint; v_earlier jsonb; v_result jsonb;
BEGIN
  SELECT posting, earlier INTO v_posting, v_earlier FROM ar.load_begin(p_load, 'items', p_today, 'item');
  IF v_earlier IS NOT NULL THEN RETURN v_earlier; END IF;
  UPDATE stage.item s SET verdict = CASE WHEN j.reason IS NOT NULL THEN 'rejected' WHEN j.id IS NULL THEN 'created'
      WHEN (coalesce(s.description, j.description), coalesce(s.unit, j.unit), coalesce(s.unit_price, j.unit_price), coalesce(s.tax_code, j.tax_code), coalesce(s.currency, j.currency))
           IS DISTINCT FROM (j.description, j.unit, j.unit_price, j.tax_code, j.currency) THEN 'updated' ELSE 'unchanged' END, reason = j.reason
  FROM (SELECT r.row, i.id, i.description::text, i.unit::text, i.unit_price, i.tax_code::text, i.currency::text,
          CASE WHEN r.nth > 1 THEN 'number|' || r.number || ' appears more than once in the file; the first row counts.'
               WHEN r.currency IS NOT NULL AND NOT EXISTS (SELECT 1 FROM currency c WHERE c.code = r.currency) THEN 'currency|' || r.currency || ' is not a currency known here.' END AS reason
        FROM (SELECT *, row_number() OVER (PARTITION BY number ORDER BY row) AS nth FROM stage.item WHERE load = p_load AND by_login = session_user) r LEFT JOIN item i ON i.number = r.number) j
  WHERE s.load = p_load AND s.row = j.row;
  INSERT INTO item (number, description, unit, unit_price, currency, tax_code, load_id)
    SELECT number, coalesce(description, number), unit, unit_price, currency, tax_code, v_posting FROM stage.item WHERE load = p_load AND verdict = 'created' ORDER BY row;
  UPDATE item i SET description = coalesce(s.description, i.description), unit = coalesce(s.unit, i.unit), unit_price = coalesce(s.unit_price, i.unit_price),
    currency = coalesce(s.currency, i.currency), tax_code = coalesce(s.tax_code, i.tax_code) FROM stage.item s WHERE s.load = p_load AND s.verdict = 'updated' AND i.number = s.number;
  SELECT jsonb_build_object('rows', count(*), 'created', count(*) FILTER (WHERE verdict = 'created'), 'updated', count(*) FILTER (WHERE verdict = 'updated'),
    'unchanged', count(*) FILTER (WHERE verdict = 'unchanged'), 'rejected', count(*) FILTER (WHERE verdict = 'rejected'),
    'errors', coalesce(jsonb_agg(jsonb_build_object('row', row, 'column', split_part(reason, '|', 1), 'value', number, 'message', split_part(reason, '|', 2)) ORDER BY row) FILTER (WHERE verdict = 'rejected'), '[]'),
    'totals', '{}'::jsonb) INTO v_result FROM stage.item WHERE load = p_load;
  DELETE FROM stage.item WHERE load = p_load;
  RETURN ar.load_end(p_load, 'items', v_result);
END $$;

CREATE OR REPLACE FUNCTION api.load_contacts(p_load uuid, p_today date) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = ar, pg_catalog, pg_temp AS $$
DECLARE
  v_posting bigint; v_earlier jsonb; v_result jsonb;
BEGIN
  SELECT posting, earlier INTO v_posting, v_earlier FROM ar.load_begin(p_load, 'contacts', p_today, 'customer');
  IF v_earlier IS NOT NULL THEN RETURN v_earlier; END IF;
  UPDATE stage.contact s SET verdict = CASE WHEN a.id IS NULL THEN 'rejected' ELSE 'unchanged' END,
      reason = CASE WHEN a.id IS NULL THEN 'account|There is no account numbered ' || s.account || '.' END
    FROM stage.contact r LEFT JOIN LATERAL (SELECT id FROM account x WHERE x.number = r.account AND x.kind = coalesce(r.account_kind, x.kind) ORDER BY x.kind LIMIT 1) a ON true
    WHERE r.load = p_load AND r.by_login = session_user AND s.load = p_load AND s.row = r.row;
  WITH one AS (SELECT DISTINCT ON (a.party_id, s.name) a.party_id, s.name, s.title, s.purpose, s.row FROM stage.contact s
      JOIN LATERAL (SELECT party_id FROM account x WHERE x.number = s.account AND x.kind = coalesce(s.account_kind, x.kind) ORDER BY x.kind LIMIT 1) a ON true
      WHERE s.load = p_load AND s.verdict = 'unchanged' AND s.name IS NOT NULL ORDER BY a.party_id, s.name, s.row),
    made AS (INSERT INTO contact (party_id, name, title, purpose, load_id)
      SELECT party_id, name, title, coalesce(purpose, 'general'), v_posting FROM one WHERE NOT EXISTS (SELECT 1 FROM contact c WHERE c.party_id = one.party_id AND c.name = one.name) RETURNING party_id, name)
  UPDATE stage.contact s SET verdict = 'created' FROM one JOIN made USING (party_id, name) WHERE s.load = p_load AND s.row = one.row;
  WITH one AS (SELECT DISTINCT ON (a.party_id, s.type, s.value_key) a.party_id, s.* FROM stage.contact s
      JOIN LATERAL (SELECT party_id FROM account x WHERE x.number = s.account AND x.kind = coalesce(s.account_kind, x.kind) ORDER BY x.kind LIMIT 1) a ON true
      WHERE s.load = p_load AND s.verdict IN ('unchanged', 'created') AND s.value IS NOT NULL AND s.type IS NOT NULL ORDER BY a.party_id, s.type, s.value_key, s.row),
    made AS (INSERT INTO contact_point (party_id, contact_id, type, value, value_key, preferred, load_id)
      SELECT party_id, (SELECT id FROM contact c WHERE c.party_id = one.party_id AND c.name = one.name ORDER BY id LIMIT 1), type, value, value_key, preferred, v_posting FROM one
      WHERE NOT EXISTS (SELECT 1 FROM contact_point p WHERE p.party_id = one.party_id AND p.type = one.type AND p.value_key = one.value_key) RETURNING party_id, type, value_key)
  UPDATE stage.contact s SET verdict = 'created' FROM one JOIN made USING (party_id, type, value_key) WHERE s.load = p_load AND s.row = one.row;
  SELECT jsonb_build_object('rows', count(*), 'created', count(*) FILTER (WHERE verdict = 'created'), 'updated', 0, 'unchanged', count(*) FILTER (WHERE verdict = 'unchanged'),
    'rejected', count(*) FILTER (WHERE verdict = 'rejected'),
    'errors', coalesce(jsonb_agg(jsonb_build_object('row', row, 'column', 'account', 'value', account, 'message', split_part(reason, '|', 2)) ORDER BY row) FILTER (WHERE verdict = 'rejected'), '[]'),
    'totals', '{}'::jsonb) INTO v_result FROM stage.contact WHERE load = p_load;
  DELETE FROM stage.contact WHERE load = p_load;
  RETURN ar.load_end(p_load, 'contacts', v_result);
END $$;

-- Documents of any kind with their lines, instalments and allocations. A number already in the books with the same content is unchanged;
-- with other content it is rejected, because posted documents are not changed.
CREATE OR REPLACE FUNCTION api.load_documents(p_load uuid, p_kind text, p_today date) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = ar, pg_catalog, pg_temp AS $$
DECLARE
  v_posting bigint; v_earlier jsonb; v_result jsonb; v_side constant text := CASE p_kind WHEN 'purchase' THEN 'vendor' ELSE 'customer' END;
  v_first int; v_simple boolean; known record;
BEGIN
  SELECT posting, earlier INTO v_posting, v_earlier FROM ar.load_begin(p_load, p_kind, p_today, p_kind);
  IF v_earlier IS NOT NULL THEN RETURN v_earlier; END IF;
  -- accounts nobody has heard of are opened under their number; the number is the identity, the name only a label
  IF EXISTS (SELECT 1 FROM stage.document s WHERE s.load = p_load AND s.by_login = session_user AND s.account IS NOT NULL
             AND NOT EXISTS (SELECT 1 FROM account a WHERE a.kind = v_side AND a.number = s.account)) THEN
    PERFORM ar.need(v_side);
    WITH missing AS MATERIALIZED (SELECT nextval('ar.party_id_seq') AS id, * FROM (
        SELECT DISTINCT ON (s.account) s.account, coalesce(ar.empty_to_null(s.account_name), s.account) AS name, s.currency, s.doc_date FROM stage.document s
        WHERE s.load = p_load AND s.by_login = session_user AND s.account IS NOT NULL AND EXISTS (SELECT 1 FROM currency c WHERE c.code = s.currency)
          AND NOT EXISTS (SELECT 1 FROM account a WHERE a.kind = v_side AND a.number = s.account) ORDER BY s.account, s.row) m),
      parties AS (INSERT INTO party (id, name, load_id) OVERRIDING SYSTEM VALUE SELECT id, name, v_posting FROM missing)
    INSERT INTO account (kind, number, party_id, currency, opened_on, load_id) SELECT v_side, account, id, currency, doc_date, v_posting FROM missing;
  END IF;

  UPDATE stage.document s SET verdict = CASE WHEN j.reason IS NOT NULL THEN 'rejected' WHEN j.known IS NOT NULL THEN 'unchanged' ELSE 'created' END, reason = j.reason,
      account_id = j.account_id, document_id = coalesce(j.known, CASE WHEN j.reason IS NULL THEN nextval('ar.document_id_seq') END), posted_on = coalesce(s.posted_on, s.doc_date),
      event = coalesce(s.event, CASE WHEN s.open_amount IS NOT NULL THEN 'opening' WHEN s.kind = 'receipt' AND s.account IS NULL THEN 'receipt_unidentified' ELSE s.kind END)
  FROM (SELECT r.row, a.id AS account_id, k.id AS known, CASE
          WHEN r.kind NOT IN ('invoice', 'credit_note', 'receipt', 'purchase', 'charge', 'discount', 'opening') OR (p_kind <> r.kind AND NOT ar.may(r.kind)) THEN 'kind|A ' || r.kind || ' cannot be loaded by ' || session_user || '.'
          WHEN r.nth > 1 THEN 'number|' || r.number || ' appears more than once in the file; the first row counts.'
          WHEN NOT EXISTS (SELECT 1 FROM currency c WHERE c.code = r.currency) THEN 'currency|' || r.currency || ' is not a currency known here.'
          WHEN a.id IS NULL AND r.kind <> 'receipt' THEN 'account|There is no account given.'
          WHEN k.id IS NOT NULL AND (k.account_id, k.doc_date, k.currency::text, k.amount::bigint) IS DISTINCT FROM (a.id, r.doc_date, r.currency, coalesce(r.open_amount, r.amount))
            THEN 'number|' || r.number || ' is already in the books with another customer, date or amount; posted documents are not changed.'
          WHEN k.id IS NULL AND p.month IS NOT NULL AND ar.next_open_day(coalesce(r.posted_on, r.doc_date)) <> coalesce(r.posted_on, r.doc_date)
            THEN 'date|' || to_char(p.month, 'Mon YYYY') || ' is closed; the next open day is ' || ar.next_open_day(coalesce(r.posted_on, r.doc_date)) || '.'
          WHEN r.open_amount IS NOT NULL AND (r.settled_on IS NOT NULL OR sign(r.open_amount) <> sign(r.amount) OR abs(r.open_amount) > abs(r.amount)) THEN 'open_amount|The open amount must lie between nothing and the amount, and not be settled.'
          WHEN (r.amount < 0 OR r.tax < 0 OR r.tax > r.amount) AND r.open_amount IS NULL THEN 'amount|The amount cannot be negative, nor smaller than the tax in it.'
          WHEN r.amount = 0 AND r.kind <> 'invoice' THEN 'amount|The amount is zero.'
          WHEN abs(r.amount) > 999999999999999 THEN 'amount|The amount is too large.'
        END AS reason
        FROM (SELECT *, row_number() OVER (PARTITION BY kind, number, CASE WHEN kind = 'purchase' THEN account END ORDER BY row) AS nth FROM stage.document WHERE load = p_load AND by_login = session_user) r
        LEFT JOIN account a ON a.kind = v_side AND a.number = r.account
        LEFT JOIN document k ON k.number = r.number AND k.kind = r.kind AND (k.kind <> 'purchase' OR k.account_id = a.id)
        LEFT JOIN period p ON p.month = date_trunc('month', coalesce(r.posted_on, r.doc_date))::date) j
  WHERE s.load = p_load AND s.row = j.row;

  -- "settled on that day" is a receipt of that day, for all of it
  SELECT max(row) INTO v_first FROM stage.document WHERE load = p_load;
  INSERT INTO stage.document (load, row, kind, event, number, doc_date, posted_on, currency, amount, method, verdict, account_id, document_id, by_login)
    SELECT p_load, v_first + row_number() OVER (ORDER BY s.row), CASE s.kind WHEN 'purchase' THEN 'vendor_payment' ELSE 'receipt' END, CASE s.kind WHEN 'purchase' THEN 'vendor_payment' ELSE 'receipt' END,
           'PAID-' || s.number, ar.next_open_day(s.settled_on), ar.next_open_day(s.settled_on), s.currency, s.amount, 'import', 'derived', s.account_id, nextval('ar.document_id_seq'), session_user
    FROM stage.document s WHERE s.load = p_load AND s.verdict = 'created' AND s.settled_on IS NOT NULL AND s.amount > 0 AND s.kind IN ('invoice', 'charge', 'purchase');
  INSERT INTO stage.allocation (load, credit_row, debit_row, amount, effective_on, kind)
    SELECT p_load, CASE s.kind WHEN 'purchase' THEN s.row ELSE r.row END, CASE s.kind WHEN 'purchase' THEN r.row ELSE s.row END, s.amount, greatest(r.posted_on, s.posted_on), 'payment'
    FROM stage.document s JOIN stage.document r ON r.load = p_load AND r.verdict = 'derived' AND r.number = 'PAID-' || s.number AND r.account_id = s.account_id WHERE s.load = p_load AND s.verdict = 'created';
  DELETE FROM stage.instalment i USING stage.document s WHERE i.load = p_load AND s.load = p_load AND s.row = i.row AND s.verdict NOT IN ('created', 'derived');

  INSERT INTO document (id, posting_id, kind, event, account_id, number, doc_date, posted_on, due_on, currency, amount, tax, po, method, reference, memo, bulk) OVERRIDING SYSTEM VALUE
    SELECT document_id, v_posting, kind, event, account_id, number, doc_date, posted_on, due_on, currency, coalesce(open_amount, amount), CASE WHEN open_amount IS NULL THEN tax ELSE 0 END, po, method, reference, memo, true
    FROM stage.document WHERE load = p_load AND verdict IN ('created', 'derived') ORDER BY row;
  INSERT INTO document_line (document_id, line, item_id, description, quantity, unit_price, discount, tax_code, amount)
    SELECT s.document_id, l.line, i.id, coalesce(l.description, i.description, l.item, ''), l.quantity, l.unit_price, l.discount, l.tax_code, l.amount
    FROM stage.line l JOIN stage.document s ON s.load = p_load AND s.row = l.row AND s.verdict = 'created' LEFT JOIN item i ON i.number = l.item WHERE l.load = p_load;

  INSERT INTO journal_line (document_id, line, gl, account_id, posted_on, currency, amount, base_amount)
    SELECT s.document_id, r.line, CASE r.gl WHEN 'control' THEN CASE WHEN s.kind IN ('purchase', 'vendor_payment') THEN '2000' ELSE '1100' END ELSE r.gl END,
           CASE r.gl WHEN 'control' THEN s.account_id END, s.posted_on, s.currency, r.side * v.amount,
           r.side * CASE r.part WHEN 'gross' THEN round(s.gross * b.rate) WHEN 'tax' THEN round(s.tax * b.rate) ELSE round(s.gross * b.rate) - round(s.tax * b.rate) END
    FROM (SELECT *, coalesce(open_amount, amount) AS gross FROM stage.document WHERE load = p_load AND verdict IN ('created', 'derived')) s
    JOIN posting_rule r ON r.event = s.event
    CROSS JOIN LATERAL (SELECT CASE r.part WHEN 'gross' THEN s.gross WHEN 'tax' THEN s.tax ELSE s.gross - s.tax END AS amount) v
    JOIN (SELECT currency, posted_on, ar.base_rate(currency, posted_on, NULL) AS rate FROM (SELECT DISTINCT currency, posted_on FROM stage.document WHERE load = p_load) x) b
      ON b.currency = s.currency AND b.posted_on = s.posted_on
    WHERE v.amount <> 0;

  v_simple := NOT EXISTS (SELECT 1 FROM stage.instalment WHERE load = p_load);
  INSERT INTO open_item (document_id, account_id, seq, is_vendor, currency, doc_date, posted_on, due_on, original, open, base, first_on, last_on, disputed, dispute_reason, bulk)
    SELECT s.document_id, s.account_id, coalesce(i.seq, 1), s.kind IN ('purchase', 'vendor_payment'), s.currency, s.doc_date, s.posted_on, coalesce(i.due_on, s.due_on, s.doc_date),
           s.side * coalesce(i.amount, s.gross), s.side * (coalesce(i.amount, s.gross) - coalesce(a.used, 0)),
           CASE WHEN s.currency = ar.setting_on('company.currency', p_today) #>> '{}' THEN s.side * coalesce(i.amount, s.gross)
             WHEN i.row IS NULL THEN (SELECT l.base_amount FROM journal_line l WHERE l.document_id = s.document_id AND l.account_id IS NOT NULL) END,
           a.first_on, a.last_on, CASE WHEN s.disputed THEN greatest(s.side * (coalesce(i.amount, s.gross) - coalesce(a.used, 0)), 0) ELSE 0 END, CASE WHEN s.disputed THEN 'imported' END, true
    FROM (SELECT d.*, coalesce(open_amount, amount) AS gross, r.side FROM stage.document d JOIN posting_rule r ON r.event = d.event AND r.gl = 'control' WHERE d.load = p_load AND d.verdict IN ('created', 'derived')) s
    LEFT JOIN stage.instalment i ON NOT v_simple AND i.load = p_load AND i.row = s.row
    LEFT JOIN (SELECT row, seq, sum(amount) AS used, min(effective_on) AS first_on, max(effective_on) AS last_on FROM (
        SELECT debit_row AS row, debit_seq AS seq, amount, effective_on FROM stage.allocation WHERE load = p_load AND debit_row IS NOT NULL AND by_login = session_user
        UNION ALL SELECT credit_row, 1, amount, effective_on FROM stage.allocation WHERE load = p_load AND debit_row IS NOT NULL AND by_login = session_user) x GROUP BY 1, 2) a
      ON a.row = s.row AND a.seq = coalesce(i.seq, 1)
    WHERE s.gross <> 0 ORDER BY s.row;
  INSERT INTO allocation (posting_id, debit_item_id, credit_item_id, amount, effective_on, kind)
    SELECT v_posting, d.id, c.id, a.amount, a.effective_on, a.kind FROM stage.allocation a
    JOIN stage.document ds ON ds.load = p_load AND ds.row = a.debit_row AND ds.verdict IN ('created', 'derived') JOIN open_item d ON d.document_id = ds.document_id AND d.seq = a.debit_seq
    JOIN stage.document cs ON cs.load = p_load AND cs.row = a.credit_row AND cs.verdict IN ('created', 'derived') JOIN open_item c ON c.document_id = cs.document_id AND c.seq = 1
    WHERE a.load = p_load AND a.by_login = session_user AND a.debit_row IS NOT NULL;
  -- against documents that were there before: one by one, through the same guard as any clerk's allocation
  FOR known IN SELECT a.*, s.document_id, s.number FROM stage.allocation a JOIN stage.document s ON s.load = p_load AND s.row = a.credit_row AND s.verdict = 'created'
      WHERE a.load = p_load AND a.by_login = session_user AND a.debit_number IS NOT NULL ORDER BY a.credit_row LOOP
    PERFORM ar.spread(v_posting, (ar.document_by_number(known.debit_number, (SELECT account_id FROM document WHERE id = known.document_id), 1)).id, known.document_id, known.amount, known.effective_on, known.kind);
  END LOOP;

  SELECT jsonb_build_object('rows', count(*), 'created', count(*) FILTER (WHERE verdict = 'created'), 'updated', 0, 'unchanged', count(*) FILTER (WHERE verdict = 'unchanged'),
    'rejected', count(*) FILTER (WHERE verdict = 'rejected'),
    'errors', coalesce(jsonb_agg(jsonb_build_object('row', row, 'column', split_part(reason, '|', 1),
      'value', CASE split_part(reason, '|', 1) WHEN 'account' THEN account WHEN 'date' THEN doc_date::text WHEN 'currency' THEN currency WHEN 'amount' THEN amount::text WHEN 'open_amount' THEN open_amount::text ELSE number END,
      'message', split_part(reason, '|', 2)) ORDER BY row) FILTER (WHERE verdict = 'rejected'), '[]')) INTO v_result FROM stage.document WHERE load = p_load AND verdict <> 'derived';
  SELECT v_result || jsonb_build_object('totals', coalesce(jsonb_object_agg(currency, total), '{}')) INTO v_result
    FROM (SELECT currency, sum(coalesce(open_amount, amount)) AS total FROM stage.document WHERE load = p_load AND verdict = 'created' GROUP BY 1) t;
  SELECT v_result || jsonb_build_object('hash', coalesce(sum(hashtextextended(l.document_id || ':' || l.gl || ':' || l.amount, 0)::numeric), 0)::text) INTO v_result
    FROM journal_line l JOIN document d ON d.id = l.document_id WHERE d.posting_id = v_posting;
  DELETE FROM stage.document WHERE load = p_load;
  DELETE FROM stage.line WHERE load = p_load;
  DELETE FROM stage.instalment WHERE load = p_load;
  DELETE FROM stage.allocation WHERE load = p_load;
  RETURN ar.load_end(p_load, p_kind, v_result - 'status');
END $$;
