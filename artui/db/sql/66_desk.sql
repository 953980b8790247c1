-- The desk: drafts that are their owner's alone, what a posting would do before it is posted, months that are closed.

-- Keep what is being typed under the key it will be sent with. The version is the one the caller knows: another terminal's newer typing is not overwritten.
CREATE OR REPLACE FUNCTION api.save_draft(p_key uuid, p_kind text, p_subject text, p_body jsonb, p_terminal text, p_version int DEFAULT NULL, p_copy_of uuid DEFAULT NULL) RETURNS int
LANGUAGE plpgsql SECURITY DEFINER SET search_path = ar, pg_catalog, pg_temp AS $$
DECLARE
  v_version int; there draft;
BEGIN
  IF p_body::text ~ '[0-9](?:[ .-]?[0-9]){12}' AND EXISTS (SELECT 1 FROM jsonb_path_query(p_body, '$.**') o, jsonb_each(CASE jsonb_typeof(o) WHEN 'object' THEN o ELSE '{}' END) e(k, v)
      WHERE k ~ 'memo|note|reason|description|comment|text|subject|name|title|street|contact|bank|city' AND jsonb_typeof(v) = 'string' AND ar.holds_card_number(v #>> '{}')) THEN
    RAISE EXCEPTION 'the draft holds the number of a payment card' USING ERRCODE = '23514', HINT = 'Take it out: card numbers are kept nowhere here.';
  END IF;
  INSERT INTO draft AS d (key, kind, subject, body, terminal, copy_of) VALUES (p_key, p_kind, coalesce(p_subject, ''), p_body, coalesce(p_terminal, ''), p_copy_of)
    ON CONFLICT (key) DO UPDATE SET kind = excluded.kind, subject = excluded.subject, body = excluded.body, terminal = excluded.terminal, updated_at = clock_timestamp(), row_version = d.row_version + 1
      WHERE d.owner = session_user AND (d.terminal = excluded.terminal OR d.row_version = p_version)
    RETURNING row_version INTO v_version;
  IF v_version IS NULL THEN
    SELECT * INTO there FROM draft WHERE key = p_key;
    IF there.owner IS DISTINCT FROM session_user THEN
      RAISE EXCEPTION 'the key % belongs to somebody else''s entry', p_key USING ERRCODE = 'AR002', HINT = 'Start the entry again: it takes a new key.';
    END IF;
    RAISE EXCEPTION 'this entry goes on at %, since %', coalesce(nullif(there.terminal, ''), 'another terminal'), ar.said(there.updated_at)
      USING ERRCODE = 'AR005', HINT = 'Go on there, or take it over here as it is there.';
  ELSIF v_version = 1 THEN
    IF EXISTS (SELECT 1 FROM posting WHERE key = p_key) THEN
      RAISE EXCEPTION 'this entry is posted already' USING ERRCODE = 'AR009', HINT = 'Start the next one.';
    ELSIF (SELECT count(*) FROM draft WHERE owner = session_user) > 500 THEN
      RAISE EXCEPTION 'there are 500 drafts of % already', session_user USING ERRCODE = 'AR010', HINT = 'Finish or discard some.';
    END IF;
  END IF;
  RETURN v_version;
END $$;

CREATE OR REPLACE FUNCTION api.discard_draft(p_key uuid) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = ar, pg_catalog, pg_temp AS $$
BEGIN
  DELETE FROM draft WHERE key = p_key AND owner = session_user;
  RETURN FOUND;
END $$;

-- What became of an entry whose answer was lost: posted or waiting under its key (the draft is done and goes), a batch that was opened, entered into one, or null: it never arrived.
CREATE OR REPLACE FUNCTION api.settle_draft(p_key uuid) RETURNS jsonb LANGUAGE plpgsql SECURITY DEFINER SET search_path = ar, pg_catalog, pg_temp AS $$
DECLARE
  v_answer jsonb;
BEGIN
  SELECT ar.answer(p.id, 'exists') || coalesce((SELECT jsonb_build_object('document', b.number) FROM record_change c JOIN batch b ON b.id = CASE c.table_name WHEN 'batch' THEN c.record::bigint END
    WHERE c.posting_id = p.id), '{}') INTO v_answer FROM posting p WHERE p.key = p_key AND p.posted_by = session_user;
  IF v_answer IS NULL THEN
    SELECT jsonb_build_object('status', 'exists', 'batch', b.number) INTO v_answer FROM batch_receipt r JOIN batch b ON b.id = r.batch_id WHERE r.key = p_key AND r.entered_by = session_user;
  END IF;
  IF v_answer IS NOT NULL THEN
    DELETE FROM draft WHERE key = p_key AND owner = session_user;
  END IF;
  RETURN v_answer;
END $$;

-- That colleagues have drafts, and since when; what is in them stays theirs.
CREATE OR REPLACE FUNCTION api.drafts_of_all() RETURNS TABLE (owner name, kind text, started_at timestamptz, updated_at timestamptz)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = ar, pg_catalog, pg_temp AS $$
BEGIN
  PERFORM ar.need('read_drafts');
  RETURN QUERY SELECT d.owner, d.kind, d.started_at, d.updated_at FROM draft d ORDER BY d.updated_at;
END $$;

-- What a posting has done: its documents with their ledger lines, the items it opened or moved before and after.
CREATE OR REPLACE FUNCTION ar.effects_of(p_posting bigint) RETURNS jsonb LANGUAGE sql STABLE SET search_path = ar, pg_catalog, pg_temp AS $$
  SELECT jsonb_build_object(
    'documents', (SELECT coalesce(jsonb_agg(jsonb_build_object('number', d.number, 'kind', d.kind, 'event', d.event, 'date', d.posted_on, 'amount', d.amount, 'currency', d.currency, 'account', a.number,
        'lines', (SELECT jsonb_agg(jsonb_build_array(l.gl, g.name, l.currency, l.amount, l.base_amount, x.number) ORDER BY l.line) FROM journal_line l JOIN gl_account g ON g.code = l.gl LEFT JOIN account x ON x.id = l.account_id
                  WHERE l.document_id = d.id)) ORDER BY d.id), '[]') FROM document d LEFT JOIN account a ON a.id = d.account_id WHERE d.posting_id = p_posting),
    'items', (SELECT coalesce(jsonb_agg(jsonb_build_object('document', d.number, 'kind', d.kind, 'account', a.number, 'due', i.due_on, 'currency', i.currency, 'new', d.posting_id = p_posting,
        'before', CASE WHEN d.posting_id = p_posting THEN 0 ELSE i.open + coalesce(m.moved, 0) * sign(i.original) END, 'after', i.open) ORDER BY d.posting_id = p_posting, i.due_on, i.id), '[]')
      FROM (SELECT i.id, sum(x.amount) AS moved FROM (SELECT debit_item_id AS item, amount FROM allocation WHERE posting_id = p_posting
                                                       UNION ALL SELECT credit_item_id, amount FROM allocation WHERE posting_id = p_posting) x JOIN open_item i ON i.id = x.item GROUP BY 1
            UNION ALL SELECT i.id, 0 FROM document d JOIN open_item i ON i.document_id = d.id WHERE d.posting_id = p_posting
              AND NOT EXISTS (SELECT 1 FROM allocation l WHERE l.posting_id = p_posting AND (l.debit_item_id = i.id OR l.credit_item_id = i.id))) m
      JOIN open_item i ON i.id = m.id JOIN document d ON d.id = i.document_id JOIN account a ON a.id = i.account_id)) $$;

-- Carry a document out, look at what it does, and take it all back: the same path as the posting, the checks of commit included.
CREATE OR REPLACE FUNCTION ar.effects(p_kind text, p_doc jsonb, p_today date) RETURNS jsonb LANGUAGE plpgsql SET search_path = ar, pg_catalog, pg_temp AS $$
DECLARE
  v_posting bigint; v_answer jsonb;
BEGIN
  BEGIN
    PERFORM ar.begin_posting();
    INSERT INTO posting (key, kind, body_hash, business_date) VALUES (gen_random_uuid(), p_kind, '', p_today) RETURNING id INTO v_posting;
    PERFORM ar.carry_out(v_posting, p_doc, p_today);
    SET CONSTRAINTS ALL IMMEDIATE;
    v_answer := ar.effects_of(v_posting);
    RAISE EXCEPTION 'seen' USING ERRCODE = 'AR099';
  EXCEPTION WHEN SQLSTATE 'AR099' THEN
    RETURN v_answer;
  END;
END $$;

-- The effects of a document before it is sent, with who would have to decide it.
CREATE OR REPLACE FUNCTION api.effects(p_doc jsonb, p_today date) RETURNS jsonb LANGUAGE plpgsql SECURITY DEFINER SET search_path = ar, pg_catalog, pg_temp AS $$
DECLARE
  v_kind constant text := coalesce(p_doc ->> 'kind', ''); needed jsonb;
BEGIN
  PERFORM ar.need(v_kind);
  PERFORM ar.check_text(p_doc);
  IF p_doc ? 'batch_id' THEN
    RAISE EXCEPTION 'a receipt joins a batch only through the batch' USING ERRCODE = '42501', HINT = 'Add it to the batch while that is open.';
  ELSIF v_kind = 'small_difference' THEN
    PERFORM ar.check_small(p_doc, p_today);
  END IF;
  needed := ar.second_person(p_doc, p_today);
  IF needed IS NOT NULL AND v_kind = 'reversal' THEN
    PERFORM ar.check_asked(p_doc);
  END IF;
  RETURN ar.effects(v_kind, CASE WHEN needed IS NULL THEN p_doc ELSE ar.with_amount(p_doc, needed) END, p_today)
    || jsonb_build_object('approval', CASE WHEN needed IS NOT NULL THEN needed || jsonb_build_object('deciders', ar.deciders(v_kind, (needed ->> 'amount')::bigint, needed ->> 'currency', session_user)) END);
END $$;

-- The effects of what waits, for its maker and for those who may decide.
CREATE OR REPLACE FUNCTION api.approval_effects(p_approval bigint, p_today date) RETURNS jsonb LANGUAGE plpgsql SECURITY DEFINER SET search_path = ar, pg_catalog, pg_temp AS $$
DECLARE
  a approval;
BEGIN
  SELECT * INTO a FROM approval WHERE id = p_approval;
  IF a.id IS NULL THEN
    RAISE EXCEPTION 'there is no approval %', p_approval USING ERRCODE = 'AR011', HINT = 'artui approvals list shows what waits.';
  ELSIF a.requested_by <> session_user THEN
    PERFORM ar.need('approve');
  END IF;
  IF a.state <> 'requested' THEN
    RETURN ar.effects_of(a.result_posting_id) || jsonb_build_object('approval', NULL);
  END IF;
  RETURN ar.effects(a.action, a.document, p_today) || jsonb_build_object('approval', jsonb_build_object('amount', a.amount, 'currency', a.currency, 'deciders', ar.deciders(a.action, a.amount, a.currency, a.requested_by)));
END $$;

-- Payments of an account the bank has returned: how many, and the last one's day.
CREATE OR REPLACE FUNCTION api.returned_payments(p_account bigint, p_day date) RETURNS TABLE (times bigint, last_on date) LANGUAGE sql STABLE AS $$
  SELECT count(*), max(r.posted_on) FROM ar.document r JOIN ar.document o ON o.id = r.reverses_id
  WHERE r.account_id = p_account AND r.kind = 'reversal' AND r.method = 'nsf' AND r.posted_on <= p_day AND o.kind IN ('receipt', 'identify') AND NOT ar.is_reversed(r.id) $$;

-- What keeps a month from being done with, counted: anything of it that closing would strand, and what deserves a look.
CREATE OR REPLACE FUNCTION api.open_in_period(p_month date) RETURNS TABLE (what text, strands boolean, number bigint, example text, currency text, amount numeric)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = ar, pg_catalog, pg_temp AS $$
DECLARE
  first_day constant date := date_trunc('month', p_month); last_day constant date := date_trunc('month', p_month) + interval '1 month - 1 day';
BEGIN
  RETURN QUERY SELECT 'batches_not_posted', true, count(*), min(b.number), b.currency::text, sum(b.control_total) FROM batch b
    WHERE b.state IN ('open', 'balanced') AND b.deposit_date BETWEEN first_day AND last_day GROUP BY b.currency;
  RETURN QUERY SELECT 'approvals_waiting', true, count(*), min(a.id)::text, a.currency::text, sum(a.amount) FROM approval a
    WHERE a.state = 'requested' AND coalesce(a.document ->> 'posting_date', a.document ->> 'date') BETWEEN first_day::text AND last_day::text GROUP BY a.currency;
  RETURN QUERY SELECT 'cheques_to_deposit', false, count(*), min(q.cheque::text), q.currency::text, sum(q.amount) FROM postdated_cheque q
    WHERE q.state = 'held' AND q.deposit_on BETWEEN first_day AND last_day GROUP BY q.currency;
  RETURN QUERY SELECT 'unidentified_receipts', false, count(*), min(d.number::text), d.currency::text, sum(d.amount - d.used) FROM (SELECT d.*,
      coalesce((SELECT sum(x.amount) FROM document x WHERE x.of_id = d.id AND x.kind = 'identify' AND NOT ar.is_reversed(x.id)), 0) AS used FROM document d
      WHERE d.event = 'receipt_unidentified' AND d.posted_on BETWEEN first_day AND last_day AND NOT ar.is_reversed(d.id)) d WHERE d.amount > d.used GROUP BY d.currency;
  RETURN QUERY SELECT 'drafts', false, count(*), min(d.owner::text), NULL::text, NULL::numeric FROM draft d
    WHERE d.body ->> 'date' BETWEEN first_day::text AND last_day::text HAVING count(*) > 0;
  RETURN QUERY SELECT 'earlier_months_open', false, count(*), to_char(min(m.month), 'YYYY-MM'), NULL::text, NULL::numeric FROM (
      SELECT DISTINCT date_trunc('month', l.posted_on)::date AS month FROM ledger_day l WHERE l.posted_on < first_day) m LEFT JOIN period p ON p.month = m.month
    WHERE coalesce(p.state, 'open') <> 'closed' HAVING count(*) > 0;
END $$;

-- Months. Soft closed: only those with the right to post into them. Closed: nobody. What closing would strand is named; reopening needs the right and a reason.
-- Every change stays in the audit.
CREATE OR REPLACE FUNCTION api.set_period(p_month date, p_state text, p_reason text) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = ar, pg_catalog, pg_temp SET lock_timeout = '10s' AS $$
DECLARE
  v_month constant date := date_trunc('month', p_month)::date; before text; stranded text; why constant text := nullif(btrim(p_reason), '');
BEGIN
  PERFORM ar.need('close_period');
  LOCK TABLE period IN EXCLUSIVE MODE;   -- whoever has posted and not committed yet is waited for, so nothing lands in a closed month
  SELECT state INTO before FROM period WHERE month = v_month FOR UPDATE;
  IF coalesce(before, 'open') = 'closed' AND p_state <> 'closed' THEN
    PERFORM ar.need('reopen_period');
    IF why IS NULL THEN
      RAISE EXCEPTION 'reopening % needs a reason', to_char(v_month, 'Mon YYYY') USING ERRCODE = 'AR008', HINT = 'It stays in the audit.';
    END IF;
  ELSIF p_state = 'closed' AND coalesce(before, 'open') <> 'closed' AND why IS NULL THEN
    SELECT string_agg(o.number || ' ' || replace(o.what, '_', ' '), ', ' ORDER BY o.what) INTO stranded FROM api.open_in_period(v_month) o WHERE o.strands;
    IF stranded IS NOT NULL THEN
      RAISE EXCEPTION 'closing % would strand %', to_char(v_month, 'Mon YYYY'), stranded USING ERRCODE = 'AR010', HINT = 'Post or decide them first, or give a reason to close all the same.';
    END IF;
  END IF;
  INSERT INTO period AS p (month, state, reason) VALUES (v_month, p_state, coalesce(p_reason, ''))
    ON CONFLICT (month) DO UPDATE SET state = excluded.state, reason = excluded.reason;
  RETURN p_state;
END $$;

-- Each change of a month's state: who, when, why.
CREATE OR REPLACE FUNCTION api.period_trail(p_month date) RETURNS TABLE (state text, reason text, who name, at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ar, pg_catalog, pg_temp AS $$
  SELECT u.after ->> 'state', u.after ->> 'reason', u.who, u.at FROM audit u
  WHERE u.table_name = 'period' AND u.after ->> 'month' = date_trunc('month', p_month)::date::text ORDER BY u.seq $$;
