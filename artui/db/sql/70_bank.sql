-- Bank statements: taken in once whatever overlaps, validated only when they tie, each entry decided once and booked by the rules of any posting.

-- Why two statements of one account are known to show different entries of the bank's tape; null when nothing says so. Only then are entries that look
-- alike in both two entries; in every other case they are one, because booking money twice is worse than asking. Symmetric, and a matter of the two
-- alone, so that it does not depend on which came first. The same statement sent again is never apart from itself.
CREATE OR REPLACE FUNCTION ar.bank_apart(a ar.bank_statement, b ar.bank_statement) RETURNS text LANGUAGE sql IMMUTABLE SET search_path = ar, pg_catalog, pg_temp AS $$
  SELECT CASE
    WHEN (a.format, a.number, a.opening, a.closing, a.opening_on, a.closing_on, a.entries, a.credits, a.debits, a.first_on, a.last_on)
      IS NOT DISTINCT FROM (b.format, b.number, b.opening, b.closing, b.opening_on, b.closing_on, b.entries, b.credits, b.debits, b.first_on, b.last_on) THEN NULL
    WHEN a.format = b.format AND a.format IN ('camt.053', 'mt940') AND split_part(a.number, '/', 1) = split_part(b.number, '/', 1)
      AND split_part(a.number, '/', 2) <> split_part(b.number, '/', 2) AND '' NOT IN (split_part(a.number, '/', 2), split_part(b.number, '/', 2)) THEN 'pages'
    WHEN a.file_hash = b.file_hash AND a.place <> b.place THEN 'one file'
    WHEN (a.closing = b.opening AND a.closing_on <= b.opening_on) OR (b.closing = a.opening AND b.closing_on <= a.opening_on) THEN 'one opens where the other closed'
    WHEN a.format = b.format AND a.format IN ('camt.053', 'mt940') AND a.first_on = b.first_on AND a.last_on = b.last_on AND a.first_on = a.last_on
      AND a.opening <> b.opening AND a.closing <> b.closing AND a.number ~ '^[0-9]{1,9}$' AND b.number ~ '^[0-9]{1,9}$' THEN
      CASE WHEN abs(a.number::int - b.number::int) BETWEEN 1 AND 20 THEN 'one day, numbered one after the other' END END $$;

-- The account of ours a statement is about; made when it is new: on the bank account of the chart while that is free in this currency, else on one of its own.
CREATE OR REPLACE FUNCTION ar.bank_account_for(p_number text, p_currency text) RETURNS ar.bank_account LANGUAGE plpgsql SET search_path = ar, pg_catalog, pg_temp AS $$
DECLARE
  found bank_account; v_gl text := '1000';
BEGIN
  SELECT * INTO found FROM bank_account WHERE number = p_number AND currency = p_currency FOR UPDATE;
  IF found.id IS NULL THEN
    LOCK TABLE bank_account IN SHARE ROW EXCLUSIVE MODE;   -- two clerks with the first statement of a new account
    SELECT * INTO found FROM bank_account WHERE number = p_number AND currency = p_currency FOR UPDATE;
  END IF;
  IF found.id IS NULL THEN
    IF EXISTS (SELECT 1 FROM bank_account WHERE gl = v_gl AND currency = p_currency) THEN
      SELECT min(n)::text INTO v_gl FROM (SELECT generate_series(1001, 1009) UNION ALL SELECT generate_series(100010, 100999)) free(n)   -- 1010 and beyond are taken
        WHERE NOT EXISTS (SELECT 1 FROM bank_account WHERE gl = n::text AND currency = p_currency)
          AND NOT EXISTS (SELECT 1 FROM gl_account g WHERE g.code = n::text AND NOT EXISTS (SELECT 1 FROM bank_account b WHERE b.gl = g.code));
      IF v_gl IS NULL THEN
        RAISE EXCEPTION 'there is no ledger account left for another bank account in %', p_currency USING ERRCODE = 'AR008', HINT = 'A thousand accounts of one currency can be kept.';
      END IF;
      INSERT INTO gl_account (code, name, kind) VALUES (v_gl, 'Bank ' || (CASE WHEN v_gl::int < 2000 THEN v_gl::int - 999 ELSE v_gl::int - 99999 END), 'asset') ON CONFLICT DO NOTHING;
    END IF;
    INSERT INTO bank_account (number, currency, gl) VALUES (p_number, p_currency, v_gl) RETURNING * INTO found;
  END IF;
  RETURN found;
END $$;

-- The ledger account of the bank account a document names; 1000 when it names none.
CREATE OR REPLACE FUNCTION ar.bank_gl(p_doc jsonb, p_currency text) RETURNS text LANGUAGE plpgsql STABLE SET search_path = ar, pg_catalog, pg_temp AS $$
DECLARE
  v_gl text := '1000';
BEGIN
  IF nullif(p_doc ->> 'bank', '') IS NOT NULL THEN
    SELECT gl INTO v_gl FROM bank_account WHERE number = p_doc ->> 'bank' AND currency = p_currency;
    IF v_gl IS NULL THEN
      RAISE EXCEPTION 'there is no bank account % in %', p_doc ->> 'bank', p_currency USING ERRCODE = 'AR011', HINT = 'artui bank list shows the accounts.';
    END IF;
  END IF;
  RETURN v_gl;
END $$;

-- Take one staged statement. Entries other statements have shown before are recognised, never booked again; two that look alike in one statement are two.
-- An entry is recognised by day, amount and the bank's reference (without one: by everything it says) and by how many alike there are; across formats, which
-- word the same entry differently, by day, amount and how many.
CREATE OR REPLACE FUNCTION api.take_statement(p_load uuid, p_place int, p_head jsonb, p_today date) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = ar, pg_catalog, pg_temp AS $$
DECLARE
  b bank_account; s bank_statement; v_hash constant bytea := decode(p_head ->> 'file_hash', 'hex'); apart bigint[]; v_known int; v_sequence text; v_end bigint;
BEGIN
  PERFORM ar.need('bank_statement'), ar.begin_posting(), ar.check_text(p_head);
  IF nullif(p_head ->> 'account', '') IS NULL OR NOT EXISTS (SELECT 1 FROM currency WHERE code = p_head ->> 'currency') OR v_hash IS NULL OR nullif(p_head ->> 'file', '') IS NULL THEN
    RAISE EXCEPTION 'a statement names its account, its currency and its file' USING ERRCODE = 'AR008', HINT = 'Say whose it is with --account, in which currency with --currency.';
  END IF;
  b := ar.bank_account_for(p_head ->> 'account', p_head ->> 'currency');
  SELECT * INTO s FROM bank_statement WHERE bank_account_id = b.id AND file_hash = v_hash AND place = p_place;
  IF s.id IS NOT NULL THEN
    DELETE FROM stage.bank_entry WHERE load = p_load AND place = p_place AND by_login = session_user;
    RETURN jsonb_build_object('statement', s.id, 'new', 0, 'known', s.entries, 'ties', s.ties, 'status', 'exists');
  END IF;
  UPDATE stage.bank_entry e SET entry_id = NULL, fresh = false, likeness = sha256(convert_to(jsonb_build_array(booked_on, amount,
      CASE WHEN bank_reference <> '' THEN jsonb_build_array(bank_reference) ELSE jsonb_build_array(value_on, reversal, e.name, account, e.text, reference, end_to_end, code, parts) END)::text, 'UTF8'))
    WHERE load = p_load AND place = p_place AND by_login = session_user;
  GET DIAGNOSTICS v_known = ROW_COUNT;
  IF v_known > 1000 THEN   -- the plans below follow what has just been staged, of which the server knows nothing yet
    ANALYZE stage.bank_entry;
  END IF;
  INSERT INTO bank_statement (bank_account_id, format, ident, number, file, file_hash, place, opening, closing, opening_on, closing_on, from_on, to_on,
      entries, credits, debits, first_on, last_on, known, pending, ties, faults)
    SELECT b.id, p_head ->> 'format', coalesce(p_head ->> 'ident', ''), coalesce(p_head ->> 'number', ''), p_head ->> 'file', v_hash, p_place,
      (p_head ->> 'opening')::bigint, (p_head ->> 'closing')::bigint, (p_head ->> 'opening_on')::date, (p_head ->> 'closing_on')::date,
      coalesce((p_head ->> 'from_on')::date, min(booked_on)), coalesce((p_head ->> 'to_on')::date, max(booked_on)),
      count(*), coalesce(sum(amount) FILTER (WHERE amount > 0), 0), coalesce(-sum(amount) FILTER (WHERE amount < 0), 0), min(booked_on), max(booked_on), 0,
      coalesce((p_head ->> 'pending')::int, 0),
      (p_head ->> 'opening')::bigint + coalesce(sum(amount), 0) = (p_head ->> 'closing')::bigint AND NOT coalesce((p_head ->> 'mixed')::boolean, false),
      coalesce(p_head ->> 'faults', '')
    FROM stage.bank_entry WHERE load = p_load AND place = p_place AND by_login = session_user RETURNING * INTO s;
  apart := ARRAY(SELECT t.id FROM bank_statement t WHERE t.bank_account_id = b.id AND t.id <> s.id AND t.first_on <= s.last_on AND t.last_on >= s.first_on
    AND (ar.bank_apart(s, t) = 'pages' OR (ar.bank_apart(s, t) IS NOT NULL AND NOT (
      -- but of the days both show, one shows nothing the other does not at the same balance: then they may overlap, whatever else speaks against that
      WITH mine AS (SELECT * FROM (SELECT g.booked_on, g.amount, s.opening + sum(g.amount) OVER (ORDER BY g.row) - g.amount FROM stage.bank_entry g
            WHERE g.load = p_load AND g.place = p_place) x WHERE booked_on BETWEEN greatest(s.first_on, t.first_on) AND least(s.last_on, t.last_on)),
        theirs AS (SELECT * FROM (SELECT k.booked_on, k.amount, t.opening + sum(k.amount) OVER (ORDER BY l.position) - k.amount FROM bank_statement_line l JOIN bank_entry k ON k.id = l.entry_id
            WHERE l.statement_id = t.id) x WHERE booked_on BETWEEN greatest(s.first_on, t.first_on) AND least(s.last_on, t.last_on))
      SELECT s.opening IS NOT NULL AND t.opening IS NOT NULL AND (SELECT count(*) FROM (TABLE mine INTERSECT ALL TABLE theirs) common_rows) >= least((SELECT count(*) FROM mine), (SELECT count(*) FROM theirs))))));
  WITH wanted AS (SELECT row, likeness, row_number() OVER (PARTITION BY likeness ORDER BY row) AS n FROM stage.bank_entry WHERE load = p_load AND place = p_place AND by_login = session_user),
    there AS (SELECT entry_id, likeness, row_number() OVER (PARTITION BY likeness ORDER BY entry_id) AS n FROM (
      SELECT l.entry_id, min(l.likeness) AS likeness FROM bank_statement_line l JOIN bank_statement t ON t.id = l.statement_id
      WHERE t.bank_account_id = b.id AND l.likeness IN (SELECT likeness FROM wanted)
        AND NOT EXISTS (SELECT 1 FROM bank_statement_line x WHERE x.entry_id = l.entry_id AND x.statement_id = ANY (apart)) GROUP BY 1) d)
  UPDATE stage.bank_entry e SET entry_id = t.entry_id FROM wanted w JOIN there t USING (likeness, n) WHERE e.load = p_load AND e.place = p_place AND e.row = w.row;
  WITH wanted AS (SELECT row, booked_on, amount, row_number() OVER (PARTITION BY booked_on, amount ORDER BY row) AS n FROM stage.bank_entry
      WHERE load = p_load AND place = p_place AND by_login = session_user AND entry_id IS NULL),
    there AS (SELECT id AS entry_id, booked_on, amount, row_number() OVER (PARTITION BY booked_on, amount ORDER BY id) AS n FROM bank_entry k
      WHERE bank_account_id = b.id AND booked_on BETWEEN s.first_on AND s.last_on
        AND NOT EXISTS (SELECT 1 FROM stage.bank_entry g WHERE g.load = p_load AND g.place = p_place AND g.entry_id = k.id)
        AND NOT EXISTS (SELECT 1 FROM bank_statement_line x JOIN bank_statement t ON t.id = x.statement_id WHERE x.entry_id = k.id AND (t.format = s.format OR x.statement_id = ANY (apart))))
  UPDATE stage.bank_entry e SET entry_id = t.entry_id FROM wanted w JOIN there t USING (booked_on, amount, n) WHERE e.load = p_load AND e.place = p_place AND e.row = w.row;
  GET DIAGNOSTICS v_known = ROW_COUNT;
  v_sequence := pg_get_serial_sequence('ar.bank_entry', 'id');
  UPDATE stage.bank_entry SET fresh = true WHERE load = p_load AND place = p_place AND by_login = session_user AND entry_id IS NULL;
  WITH numbered AS (SELECT row FROM stage.bank_entry WHERE load = p_load AND place = p_place AND fresh ORDER BY row),
    given AS (SELECT row, nextval(v_sequence) AS id FROM numbered)
  UPDATE stage.bank_entry e SET entry_id = g.id FROM given g WHERE e.load = p_load AND e.place = p_place AND e.row = g.row;
  INSERT INTO bank_entry (id, bank_account_id, booked_on, value_on, amount, reversal, name, account, text, reference, end_to_end, bank_reference, code, parts) OVERRIDING SYSTEM VALUE
    SELECT entry_id, b.id, booked_on, value_on, amount, reversal, name, account, text, reference, end_to_end, bank_reference, code, parts
    FROM stage.bank_entry WHERE load = p_load AND place = p_place AND by_login = session_user AND fresh ORDER BY row;
  INSERT INTO bank_statement_line (statement_id, position, entry_id, likeness)
    SELECT s.id, row_number() OVER (ORDER BY row), entry_id, likeness FROM stage.bank_entry WHERE load = p_load AND place = p_place AND by_login = session_user;
  SELECT count(*) FILTER (WHERE NOT fresh) INTO v_known FROM stage.bank_entry WHERE load = p_load AND place = p_place AND by_login = session_user;
  DELETE FROM stage.bank_entry WHERE load = p_load AND place = p_place AND by_login = session_user;
  UPDATE bank_statement SET known = v_known WHERE id = s.id AND v_known > 0;
  RETURN jsonb_build_object('statement', s.id, 'new', s.entries - v_known, 'known', v_known, 'ties', s.ties, 'status', 'taken');
END $$;

-- Validating says that the bank's own sum holds; a statement whose sum does not is never validated.
CREATE OR REPLACE FUNCTION api.validate_statement(p_statement bigint) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = ar, pg_catalog, pg_temp AS $$
DECLARE
  s bank_statement; v_currency text;
BEGIN
  PERFORM ar.need('bank_validate');
  SELECT * INTO s FROM bank_statement WHERE id = p_statement FOR UPDATE;
  IF s.id IS NULL THEN
    RAISE EXCEPTION 'there is no statement %', p_statement USING ERRCODE = 'AR011', HINT = 'artui bank list shows what has been read.';
  ELSIF s.state = 'validated' THEN
    RETURN 'exists';
  END IF;
  SELECT currency INTO v_currency FROM bank_account WHERE id = s.bank_account_id;
  IF s.ties IS NULL THEN
    RAISE EXCEPTION 'the bank gave no % balance: nothing says that the statement is whole', CASE WHEN s.opening IS NULL THEN 'opening' ELSE 'closing' END
      USING ERRCODE = 'AR013', HINT = 'Ask the bank for a statement with both balances.';
  ELSIF NOT s.ties THEN
    RAISE EXCEPTION 'the statement does not tie: opening % and entries of % make %, the bank says %', ar.units(s.opening, v_currency), ar.units(s.credits - s.debits, v_currency),
      ar.units(s.opening + s.credits - s.debits, v_currency), ar.units(s.closing, v_currency) USING ERRCODE = 'AR013', HINT = 'Ask the bank for the whole statement.';
  END IF;
  UPDATE bank_statement SET state = 'validated', validated_by = session_user WHERE id = s.id;
  RETURN 'validated';
END $$;

-- What banks on the way kept of payments is so much of each at most; what is more is a short payment, and letting it go gives it away like a credit note.
CREATE OR REPLACE FUNCTION ar.check_bank_fee(e ar.bank_entry, b ar.bank_account, p_documents bigint[]) RETURNS void LANGUAGE plpgsql SET search_path = ar, pg_catalog, pg_temp AS $$
DECLARE
  v_most constant numeric := coalesce((ar.setting_on('cash.bank_fee', e.booked_on) #>> '{}')::numeric, 0) * power(10::numeric, (SELECT digits FROM currency WHERE code = b.currency));
  v_kept bigint; v_may bigint;
BEGIN
  SELECT -sum(l.amount) FILTER (WHERE d.kind = 'bank_charge'), trunc(sum(least(l.amount, v_most)) FILTER (WHERE d.kind = 'receipt')) INTO v_kept, v_may
    FROM document d JOIN journal_line l ON l.document_id = d.id WHERE d.id = ANY (p_documents) AND l.gl = b.gl AND l.currency = b.currency;
  IF v_kept > v_may AND NOT ar.within_limit(session_user, 'credit_note', v_kept, b.currency) THEN   -- both null where it is no receipt, or no charge
    RAISE EXCEPTION '% is more than banks on the way may have kept of this payment and than % may give away', ar.units(v_kept, b.currency), session_user
      USING ERRCODE = 'AR012', HINT = format('Up to %s of a payment is a charge of the bank; more is a short payment.', ar.units(trunc(v_most)::bigint, b.currency));
  END IF;
END $$;

-- Tie documents to an entry and prove that the money is the same on both sides: what they move on the bank's ledger account is the entry's amount.
CREATE OR REPLACE FUNCTION ar.bank_settle(e ar.bank_entry, b ar.bank_account, p_documents bigint[]) RETURNS void
LANGUAGE plpgsql SET search_path = ar, pg_catalog, pg_temp AS $$
DECLARE
  total bigint; busy text;
BEGIN
  PERFORM 1 FROM document WHERE id = ANY (p_documents) ORDER BY id FOR NO KEY UPDATE;
  SELECT d.number INTO busy FROM bank_match m JOIN document d ON d.id = m.document_id WHERE m.document_id = ANY (p_documents) AND m.undone_at IS NULL AND m.amount <> 0 LIMIT 1;
  IF busy IS NOT NULL THEN
    RAISE EXCEPTION '% already stands for another entry of the bank', busy USING ERRCODE = 'AR009', HINT = 'Choose another document, or reopen that entry.';
  END IF;
  SELECT coalesce(sum(amount), 0) INTO total FROM journal_line WHERE document_id = ANY (p_documents) AND gl = b.gl AND currency = b.currency;
  IF total <> e.amount THEN
    RAISE EXCEPTION 'the entry is %, the documents move %', ar.units(e.amount, b.currency), ar.units(total, b.currency) USING ERRCODE = 'AR013',
      HINT = format('The difference is %s; say what it is.', ar.units(e.amount - total, b.currency));
  END IF;
  PERFORM ar.check_bank_fee(e, b, p_documents);
  INSERT INTO bank_match (entry_id, document_id, amount)
    SELECT e.id, d, coalesce((SELECT sum(amount) FROM journal_line l WHERE l.document_id = d AND l.gl = b.gl AND l.currency = b.currency), 0)
    FROM unnest(p_documents) d GROUP BY d;
END $$;

-- Decide an entry, once. p_decision, amounts in minor units:
--   {"documents": [...]}   book them (receipt, bank_charge, bank_interest, bank_transfer, reversal, vendor_payment, allocation) and let the entry stand for them
--   {"link": [numbers]}    it stands for documents that are in the books already
--   {"identify": {...}}    a parked entry: whose it was after all
--   {"ignore": reason}     it stands for nothing in these books
--   {"reopen": reason}     undo the decision; what it has booked stays and is reversed by reversing it
CREATE OR REPLACE FUNCTION api.decide_entry(p_key uuid, p_entry bigint, p_decision jsonb, p_today date) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = ar, pg_catalog, pg_temp AS $$
DECLARE
  e bank_entry; b bank_account; claimed record; x jsonb; v_parked document; v_after text := 'booked'; v_reason text := '';
  v_verb constant text := (SELECT min(k) FROM jsonb_object_keys(p_decision) k); v_day date; v_documents bigint[];
BEGIN
  PERFORM ar.need('bank_entry');
  IF p_key IS NULL OR p_today IS NULL OR v_verb IS NULL OR (SELECT count(*) FROM jsonb_object_keys(p_decision)) <> 1 THEN
    RAISE EXCEPTION 'a decision is one thing, with its key and the business date' USING ERRCODE = 'AR008';
  END IF;
  SELECT * INTO claimed FROM ar.claim(p_key, 'bank_entry', jsonb_build_object('entry', p_entry) || p_decision, p_today);
  IF NOT claimed.fresh THEN
    RETURN ar.answer(claimed.posting, 'exists');
  END IF;
  SELECT * INTO e FROM bank_entry WHERE id = p_entry FOR UPDATE;
  IF e.id IS NULL THEN
    RAISE EXCEPTION 'there is no entry %', p_entry USING ERRCODE = 'AR011', HINT = 'Read the statement again.';
  ELSIF (v_verb = 'identify' AND e.state <> 'parked') OR (v_verb = 'reopen' AND e.state = 'open') OR (v_verb NOT IN ('identify', 'reopen') AND e.state <> 'open') THEN
    RAISE EXCEPTION 'the entry is %', CASE e.state WHEN 'open' THEN 'not decided yet' ELSE format('already %s, by %s', e.state, e.decided_by) END
      USING ERRCODE = 'AR009', HINT = 'Read it again; reopen it to decide otherwise.';
  END IF;
  SELECT * INTO b FROM bank_account WHERE id = e.bank_account_id;
  v_day := ar.next_open_day(e.booked_on);
  IF v_verb = 'documents' THEN
    PERFORM ar.lock_items(ARRAY(SELECT y ->> 'document' FROM jsonb_array_elements(p_decision -> 'documents') d, jsonb_array_elements(CASE jsonb_typeof(d -> 'allocate') WHEN 'array' THEN d -> 'allocate' ELSE '[]' END) y));
    FOR x IN SELECT * FROM jsonb_array_elements(p_decision -> 'documents') LOOP
      IF coalesce(x ->> 'kind', '') NOT IN ('receipt', 'bank_charge', 'bank_interest', 'bank_transfer', 'reversal', 'vendor_payment', 'allocation') OR x ? 'batch_id' THEN
        RAISE EXCEPTION 'an entry of the bank is not booked as %', coalesce(x ->> 'kind', 'nothing') USING ERRCODE = 'AR008',
          HINT = 'As a receipt, bank charge, bank interest, transfer between own accounts, returned payment or payment of a vendor.';
      END IF;
      PERFORM ar.need(x ->> 'kind');
      IF ar.second_person(x, p_today) IS NOT NULL THEN
        RAISE EXCEPTION '% takes a second person, and is no movement of the bank', coalesce(x ->> 'document', 'this') USING ERRCODE = '42501', HINT = 'Ask for it on the document itself.';
      END IF;
      IF x ->> 'kind' = 'receipt' AND x ->> 'customer' IS NULL THEN
        v_after := 'parked';
      END IF;
      IF x ->> 'kind' = 'reversal' THEN
        x := jsonb_build_object('date', e.booked_on) || x;
      ELSIF x ->> 'kind' <> 'allocation' THEN   -- credits set against what the money left open are set today
        x := jsonb_build_object('date', e.booked_on, 'posting_date', v_day, 'currency', b.currency) || x || jsonb_build_object('bank', b.number);
      END IF;
      PERFORM ar.carry_out(claimed.posting, x, p_today);
    END LOOP;
    SELECT array_agg(id ORDER BY id) INTO v_documents FROM document d WHERE d.posting_id = claimed.posting
      AND EXISTS (SELECT 1 FROM journal_line l WHERE l.document_id = d.id AND l.gl = b.gl AND l.currency = b.currency);
    PERFORM ar.bank_settle(e, b, v_documents);
    v_reason := coalesce(left((SELECT string_agg(DISTINCT y ->> 'kind', ', ') FROM jsonb_array_elements(p_decision -> 'documents') y), 500), '');
  ELSIF v_verb = 'link' THEN
    SELECT array_agg(DISTINCT d.id) INTO v_documents FROM jsonb_array_elements_text(p_decision -> 'link') n JOIN document d ON d.number = n
      WHERE EXISTS (SELECT 1 FROM journal_line l WHERE l.document_id = d.id AND l.gl = b.gl AND l.currency = b.currency);
    IF coalesce(array_length(v_documents, 1), 0) <> jsonb_array_length(p_decision -> 'link') THEN
      RAISE EXCEPTION 'not every one of these is a document of this bank account' USING ERRCODE = 'AR011', HINT = 'Check the numbers.';
    END IF;
    PERFORM ar.bank_settle(e, b, v_documents);
    IF (SELECT bool_or(event = 'receipt_unidentified') FROM document WHERE id = ANY (v_documents)) THEN
      v_after := 'parked';
    END IF;
    v_reason := 'link';
  ELSIF v_verb = 'identify' THEN
    PERFORM ar.need('identify');
    SELECT d.* INTO v_parked FROM bank_match m JOIN document d ON d.id = m.document_id WHERE m.entry_id = e.id AND m.undone_at IS NULL AND d.event = 'receipt_unidentified' ORDER BY d.id LIMIT 1;
    x := jsonb_build_object('date', p_today, 'amount', v_parked.amount) || (p_decision -> 'identify') || jsonb_build_object('kind', 'identify', 'document', v_parked.number, 'currency', b.currency);
    PERFORM ar.carry_out(claimed.posting, x, p_today);
    IF v_parked.amount > (SELECT coalesce(sum(amount), 0) FROM document d WHERE d.of_id = v_parked.id AND d.kind = 'identify' AND NOT ar.is_reversed(d.id)) THEN
      v_after := 'parked';
    END IF;
    v_reason := 'identify';
  ELSIF v_verb = 'ignore' THEN
    v_after := 'ignored';
    v_reason := coalesce(btrim(p_decision ->> 'ignore'), '');
    IF v_reason = '' THEN
      RAISE EXCEPTION 'leaving an entry out needs a reason' USING ERRCODE = 'AR008', HINT = 'It stays on the reconciliation under that reason.';
    END IF;
  ELSIF v_verb = 'reopen' THEN
    v_after := 'open';
    v_reason := coalesce(btrim(p_decision ->> 'reopen'), '');
    UPDATE bank_match SET undone_at = clock_timestamp(), undone_by = session_user WHERE entry_id = e.id AND undone_at IS NULL;
  ELSE
    RAISE EXCEPTION 'there is no decision %', v_verb USING ERRCODE = 'AR008', HINT = 'documents, link, identify, ignore or reopen.';
  END IF;
  UPDATE bank_entry SET state = v_after, reason = v_reason, decided_by = CASE WHEN v_after <> 'open' THEN session_user END,
    decided_at = CASE WHEN v_after <> 'open' THEN clock_timestamp() END WHERE id = e.id;
  RETURN coalesce(ar.answer(claimed.posting, 'posted'), '{}') || jsonb_build_object('entry', e.id, 'state', v_after);
END $$;

-- What a decision would do, without doing it: the same path, the checks of commit included, taken back.
CREATE OR REPLACE FUNCTION api.entry_effects(p_entry bigint, p_decision jsonb, p_today date) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = ar, pg_catalog, pg_temp AS $$
DECLARE
  v_key constant uuid := gen_random_uuid(); v_answer jsonb;
BEGIN
  BEGIN
    PERFORM api.decide_entry(v_key, p_entry, p_decision, p_today);
    SET CONSTRAINTS ALL IMMEDIATE;
    SELECT ar.effects_of(id) || '{"approval": null}' INTO v_answer FROM posting WHERE key = v_key;
    RAISE EXCEPTION 'seen' USING ERRCODE = 'AR099';
  EXCEPTION WHEN SQLSTATE 'AR099' THEN
    RETURN v_answer;
  END;
END $$;

-- Entries that stand for documents booked before the bank showed them (a cheque entered by hand, a card settlement): the same amount within some days, and the
-- document's number or reference among the entry's references. Only where one entry and one document point at each other. Returns how many.
CREATE OR REPLACE FUNCTION api.link_known(p_statement bigint, p_days int DEFAULT 15) RETURNS int
LANGUAGE plpgsql SECURITY DEFINER SET search_path = ar, pg_catalog, pg_temp AS $$
DECLARE
  b bank_account; n int;
BEGIN
  PERFORM ar.need('bank_entry'), ar.begin_posting();
  SELECT a.* INTO b FROM bank_account a JOIN bank_statement s ON s.bank_account_id = a.id WHERE s.id = p_statement FOR UPDATE OF a;
  WITH e AS (SELECT e.* FROM bank_entry e JOIN bank_statement_line l ON l.entry_id = e.id WHERE l.statement_id = p_statement AND e.state = 'open' FOR UPDATE OF e),
    word AS (SELECT DISTINCT e.id, e.amount, e.booked_on, w FROM e, unnest(ARRAY[e.reference, e.end_to_end, e.bank_reference] || regexp_split_to_array(e.text, '[\s,;]+')) w WHERE length(w) >= 4),
    found AS (SELECT w.id AS entry_id, d.id AS document_id FROM word w JOIN document d ON d.reference = w.w AND abs(d.posted_on - w.booked_on) <= p_days
              UNION SELECT w.id, d.id FROM word w JOIN document d ON d.number = w.w AND d.kind IN ('receipt', 'vendor_payment', 'refund', 'reversal', 'bank_charge') AND abs(d.posted_on - w.booked_on) <= p_days),
    fit AS (SELECT f.*, j.amount FROM found f JOIN e ON e.id = f.entry_id
            CROSS JOIN LATERAL (SELECT sum(l.amount) AS amount FROM journal_line l WHERE l.document_id = f.document_id AND l.gl = b.gl AND l.currency = b.currency) j
            WHERE j.amount = e.amount AND NOT EXISTS (SELECT 1 FROM bank_match m WHERE m.document_id = f.document_id AND m.undone_at IS NULL)),
    one AS (SELECT * FROM fit f WHERE (SELECT count(*) FROM fit x WHERE x.entry_id = f.entry_id) = 1 AND (SELECT count(*) FROM fit x WHERE x.document_id = f.document_id) = 1),
    linked AS (INSERT INTO bank_match (entry_id, document_id, amount) SELECT entry_id, document_id, amount FROM one RETURNING entry_id, document_id)
  UPDATE bank_entry e SET state = CASE d.event WHEN 'receipt_unidentified' THEN 'parked' ELSE 'booked' END, reason = 'link', decided_by = session_user, decided_at = clock_timestamp()
    FROM linked JOIN document d ON d.id = linked.document_id WHERE e.id = linked.entry_id;
  GET DIAGNOSTICS n = ROW_COUNT;
  RETURN n;
END $$;

-- The bank against the ledger on a day, in minor units: what each says, and what explains the difference.
-- before: what stood at the bank before the first statement and is in no document of that time; unbooked: entries no document stands for;
-- uncleared: documents no entry stands for (a document and its reversal, both uncleared, cancel out and are left out).
CREATE OR REPLACE FUNCTION api.reconcile_bank(p_account bigint, p_day date) RETURNS TABLE (bank bigint, ledger bigint, before bigint, unbooked bigint, uncleared bigint, first_on date, last_on date)
LANGUAGE sql STABLE SET search_path = ar, pg_catalog, pg_temp AS $$
  WITH b AS (SELECT * FROM bank_account WHERE id = p_account),
    given AS (SELECT s.*, coalesce(s.first_on, s.from_on) AS since FROM bank_statement s, b WHERE s.bank_account_id = b.id),
    start AS (SELECT min(since) AS first_on, coalesce(   -- the first balance the bank gave, brought back to the first day
        (SELECT g.opening - coalesce((SELECT sum(e.amount) FROM bank_entry e WHERE e.bank_account_id = p_account AND e.booked_on < g.since), 0)
         FROM given g WHERE g.opening IS NOT NULL ORDER BY g.since, g.opening_on, g.number, g.place, g.id LIMIT 1),
        (SELECT g.closing - coalesce((SELECT sum(e.amount) FROM bank_entry e WHERE e.bank_account_id = p_account AND e.booked_on <= g.closing_on), 0)
         FROM given g WHERE g.closing IS NOT NULL AND g.closing_on IS NOT NULL ORDER BY g.closing_on, g.id LIMIT 1), 0) AS opening FROM given),
    m AS (SELECT m.*, e.booked_on, d.posted_on FROM bank_match m JOIN bank_entry e ON e.id = m.entry_id JOIN document d ON d.id = m.document_id, b
          WHERE e.bank_account_id = b.id AND m.undone_at IS NULL),
    seen AS (SELECT coalesce(sum(e.amount), 0) AS amount FROM bank_entry e, b WHERE e.bank_account_id = b.id AND e.booked_on <= p_day),
    led AS (SELECT coalesce(sum(t.amount), 0) AS amount FROM ledger_day t, b WHERE t.gl = b.gl AND t.currency = b.currency AND t.posted_on <= p_day),
    early AS (SELECT coalesce(sum(t.amount), 0) AS amount FROM ledger_day t, b, start WHERE t.gl = b.gl AND t.currency = b.currency AND t.posted_on < start.first_on AND t.posted_on <= p_day),
    early_matched AS (SELECT coalesce(sum(m.amount), 0) AS amount FROM m, start WHERE m.posted_on < start.first_on AND m.posted_on <= p_day),
    paired AS (SELECT coalesce(sum(m.amount), 0) AS amount FROM m WHERE m.booked_on <= p_day AND m.posted_on <= p_day)
  SELECT (CASE WHEN start.first_on <= p_day THEN start.opening + seen.amount END)::bigint, led.amount::bigint,
         (CASE WHEN start.first_on <= p_day THEN start.opening - (early.amount - early_matched.amount) END)::bigint,
         (seen.amount - paired.amount)::bigint,
         (led.amount - paired.amount - (early.amount - early_matched.amount))::bigint,
         start.first_on, (SELECT max(coalesce(s.to_on, s.last_on)) FROM bank_statement s, b WHERE s.bank_account_id = b.id)
  FROM start, seen, led, early, early_matched, paired $$;

DO $$
DECLARE
  t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['bank_statement_line'] LOOP
    EXECUTE format('CREATE OR REPLACE TRIGGER a_no_change BEFORE UPDATE OR DELETE ON ar.%I FOR EACH ROW EXECUTE FUNCTION ar.no_change()', t);
  END LOOP;
  FOREACH t IN ARRAY ARRAY['bank_statement_line', 'bank_statement', 'bank_entry', 'bank_match', 'bank_account'] LOOP
    EXECUTE format('CREATE OR REPLACE TRIGGER a_no_truncate BEFORE TRUNCATE ON ar.%I FOR EACH STATEMENT EXECUTE FUNCTION ar.no_change()', t);
  END LOOP;
  FOREACH t IN ARRAY ARRAY['bank_statement', 'bank_entry', 'bank_match', 'bank_account'] LOOP
    EXECUTE format('CREATE OR REPLACE TRIGGER a_no_delete BEFORE DELETE ON ar.%I FOR EACH ROW EXECUTE FUNCTION ar.no_change()', t);
  END LOOP;
  FOREACH t IN ARRAY ARRAY['bank_account', 'bank_statement', 'bank_entry'] LOOP
    EXECUTE format('CREATE OR REPLACE TRIGGER b_version BEFORE UPDATE ON ar.%I FOR EACH ROW EXECUTE FUNCTION ar.next_version()', t);
  END LOOP;
  CREATE OR REPLACE TRIGGER z_audit AFTER INSERT OR UPDATE ON ar.bank_account FOR EACH ROW EXECUTE FUNCTION ar.audit_row();
  CREATE OR REPLACE TRIGGER z_audit AFTER INSERT OR UPDATE ON ar.bank_statement FOR EACH ROW EXECUTE FUNCTION ar.audit_row();
  CREATE OR REPLACE TRIGGER z_audit AFTER UPDATE ON ar.bank_entry FOR EACH ROW EXECUTE FUNCTION ar.audit_row();
  CREATE OR REPLACE TRIGGER z_audit AFTER UPDATE ON ar.bank_match FOR EACH ROW EXECUTE FUNCTION ar.audit_row();
END $$;

-- What the bank sent stays as it was sent: of an entry only its decision may move, of a statement its state, of a match whether it holds.
CREATE OR REPLACE FUNCTION ar.bank_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  may_move constant text[] := CASE TG_TABLE_NAME WHEN 'bank_entry' THEN ARRAY['state', 'reason', 'decided_by', 'decided_at', 'row_version']
    WHEN 'bank_statement' THEN ARRAY['state', 'validated_by', 'known', 'row_version'] ELSE ARRAY['undone_at', 'undone_by'] END;
BEGIN
  IF to_jsonb(OLD) - may_move IS DISTINCT FROM to_jsonb(NEW) - may_move THEN
    RAISE EXCEPTION 'what the bank sent stays as it was sent' USING ERRCODE = '42501';
  END IF;
  RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER b_as_sent BEFORE UPDATE ON ar.bank_entry FOR EACH ROW EXECUTE FUNCTION ar.bank_guard();
CREATE OR REPLACE TRIGGER b_as_sent BEFORE UPDATE ON ar.bank_statement FOR EACH ROW EXECUTE FUNCTION ar.bank_guard();
CREATE OR REPLACE TRIGGER b_as_sent BEFORE UPDATE ON ar.bank_match FOR EACH ROW EXECUTE FUNCTION ar.bank_guard();

INSERT INTO ar.posting_rule (event, line, gl, side, part) VALUES
  ('bank_interest', 1, '1000', 1, 'gross'), ('bank_interest', 2, '4120', -1, 'gross'),
  ('bank_transfer_in', 1, '1000', 1, 'gross'), ('bank_transfer_in', 2, '1010', -1, 'gross'),
  ('bank_transfer_out', 1, '1010', 1, 'gross'), ('bank_transfer_out', 2, '1000', -1, 'gross') ON CONFLICT DO NOTHING;
INSERT INTO ar.setting (name, value, note) VALUES ('bank.undecided_days', '3', 'days after which an entry of the bank nobody has decided is a discrepancy') ON CONFLICT DO NOTHING;
INSERT INTO ar.permission (action, role)
  SELECT a, r FROM unnest(ARRAY['bank_statement', 'bank_validate', 'bank_entry', 'bank_interest', 'bank_transfer']) a, unnest(ARRAY['clerk', 'supervisor', 'manager', 'controller']) r
  ON CONFLICT DO NOTHING;
