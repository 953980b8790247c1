-- What was open on a day, and how it ages. One rule for today and for any past day.

-- An item's open amount at the end of a day: nothing before it was posted, all of it until its first allocation,
-- the cached amount after its last one, and only in between the sum of what had taken effect.
CREATE OR REPLACE FUNCTION ar.open_on(i ar.open_item, p_day date) RETURNS bigint LANGUAGE sql STABLE SET search_path = ar, pg_catalog, pg_temp AS $$
  SELECT CASE WHEN i.posted_on > p_day THEN 0 WHEN i.first_on IS NULL OR i.first_on > p_day THEN i.original WHEN i.last_on <= p_day THEN i.open
    WHEN i.original > 0 THEN i.original - (SELECT coalesce(sum(amount), 0) FROM allocation WHERE debit_item_id = i.id AND effective_on <= p_day)
    ELSE i.original + (SELECT coalesce(sum(amount), 0) FROM allocation WHERE credit_item_id = i.id AND effective_on <= p_day) END $$;

CREATE OR REPLACE FUNCTION ar.span_days(p_class int) RETURNS int LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
  AS $$ SELECT CASE WHEN p_class < 64 THEN p_class ELSE ceil(64 * power(2.0, (p_class - 63) / 16.0))::int END $$;

-- Customer items open at the end of a day: those open still, and of those closed since one short range of each class of age.
-- (A closed item's class says how long it was open at most, so its closing day lies within that many days.)
-- Both indexes hold every column asked for, the id of the few whose allocations must be read included: the table itself is not visited.
CREATE OR REPLACE FUNCTION api.open_items_on(p_day date) RETURNS TABLE (account_id bigint, currency text, due_on date, doc_date date, amount bigint)
LANGUAGE sql STABLE PARALLEL SAFE ROWS 500000 AS $$
  SELECT account_id, currency::text, due_on, doc_date,
         CASE WHEN first_on IS NULL OR first_on > p_day THEN original::bigint WHEN last_on <= p_day THEN open::bigint
           WHEN original > 0 THEN original - (SELECT coalesce(sum(a.amount), 0)::bigint FROM ar.allocation a WHERE a.debit_item_id = i.id AND a.effective_on <= p_day)
           ELSE original + (SELECT coalesce(sum(a.amount), 0)::bigint FROM ar.allocation a WHERE a.credit_item_id = i.id AND a.effective_on <= p_day) END
  FROM ar.open_item i WHERE open <> 0 AND NOT is_vendor AND posted_on <= p_day
  UNION ALL
  SELECT i.account_id, i.currency::text, i.due_on, i.doc_date,
         CASE WHEN i.first_on > p_day THEN i.original::bigint
           WHEN i.original > 0 THEN i.original - (SELECT coalesce(sum(a.amount), 0)::bigint FROM ar.allocation a WHERE a.debit_item_id = i.id AND a.effective_on <= p_day)
           ELSE i.original + (SELECT coalesce(sum(a.amount), 0)::bigint FROM ar.allocation a WHERE a.credit_item_id = i.id AND a.effective_on <= p_day) END
  FROM generate_series(0, 240) s(class)
  CROSS JOIN LATERAL (SELECT x.id, x.account_id, x.currency, x.due_on, x.doc_date, x.original, x.first_on FROM ar.open_item x WHERE x.open = 0 AND NOT x.is_vendor
    AND x.span = s.class AND x.last_on > p_day AND x.last_on <= p_day + ar.span_days(s.class) AND x.posted_on <= p_day OFFSET 0) i
  OFFSET 0 $$;

-- Ageing per account and currency, minor units: credits are "unapplied", never aged; the columns add up to the total.
CREATE OR REPLACE FUNCTION api.ageing(p_day date, p_basis text DEFAULT 'due') RETURNS TABLE (account_id bigint, currency text,
  not_due bigint, d1_30 bigint, d31_60 bigint, d61_90 bigint, d91_120 bigint, d121 bigint, unapplied bigint, total bigint, items bigint)
LANGUAGE sql STABLE AS $$
  SELECT account_id, currency,
    coalesce(sum(amount) FILTER (WHERE amount > 0 AND late <= 0), 0)::bigint, coalesce(sum(amount) FILTER (WHERE amount > 0 AND late BETWEEN 1 AND 30), 0)::bigint,
    coalesce(sum(amount) FILTER (WHERE amount > 0 AND late BETWEEN 31 AND 60), 0)::bigint, coalesce(sum(amount) FILTER (WHERE amount > 0 AND late BETWEEN 61 AND 90), 0)::bigint,
    coalesce(sum(amount) FILTER (WHERE amount > 0 AND late BETWEEN 91 AND 120), 0)::bigint, coalesce(sum(amount) FILTER (WHERE amount > 0 AND late > 120), 0)::bigint,
    coalesce(sum(amount) FILTER (WHERE amount < 0), 0)::bigint, sum(amount)::bigint, count(*)
  FROM (SELECT account_id, currency, amount, p_day - CASE p_basis WHEN 'document' THEN doc_date ELSE due_on END AS late FROM api.open_items_on(p_day) WHERE amount <> 0) o
  GROUP BY 1, 2 $$;

-- Balance of a ledger account per currency at the end of a day, from the journal (added up by day as it is written).
CREATE OR REPLACE FUNCTION api.ledger_balance(p_gl text, p_day date) RETURNS TABLE (currency text, amount bigint, base_amount bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ar, pg_catalog, pg_temp AS $$
  SELECT currency, sum(amount)::bigint, sum(base_amount)::bigint FROM ledger_day WHERE gl = p_gl AND posted_on <= p_day GROUP BY 1 $$;

-- Every invariant of the books, each from the rows themselves: (name, findings, example). Findings of zero everywhere mean the books tie.
CREATE OR REPLACE FUNCTION api.prove(p_day date) RETURNS TABLE (name text, findings bigint, example text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = ar, pg_catalog, pg_temp AS $$
BEGIN
  RETURN QUERY SELECT 'entries_balance', count(*), min(number::text) FROM (SELECT d.number FROM document d JOIN journal_line l ON l.document_id = d.id
    GROUP BY d.id, d.number, l.currency HAVING sum(l.amount) <> 0) x;
  RETURN QUERY SELECT 'entries_balance_in_base', count(*), min(number::text) FROM (SELECT d.number FROM document d JOIN journal_line l ON l.document_id = d.id
    GROUP BY d.id, d.number HAVING count(l.base_amount) = count(*) AND sum(l.base_amount) <> 0) x;
  RETURN QUERY SELECT 'entries_have_lines', count(*), min(d.number::text) FROM document d WHERE d.amount <> 0 AND NOT EXISTS (SELECT 1 FROM journal_line l WHERE l.document_id = d.id);
  -- a parent's receipt may pay its subsidiaries' invoices, which moves open amounts between accounts and posts nothing: that much is added back,
  -- so that the proof holds also after the group has been taken apart
  RETURN QUERY SELECT 'subledger_equals_control', count(*), min(a.number::text) FROM (
    SELECT coalesce(s.account_id, g.account_id) AS account_id, currency, coalesce(s.amount, 0) - coalesce(g.amount, 0) AS off FROM
      (SELECT i.account_id, i.currency, sum(ar.open_on(i, p_day)) AS amount FROM open_item i GROUP BY 1, 2) s
      FULL JOIN (SELECT l.account_id, l.currency, sum(l.amount) AS amount FROM journal_line l WHERE l.account_id IS NOT NULL AND l.gl IN ('1100', '2000') AND l.posted_on <= p_day GROUP BY 1, 2) g
      USING (account_id, currency) WHERE coalesce(s.amount, 0) <> coalesce(g.amount, 0)) x JOIN account a ON a.id = x.account_id
    WHERE x.off + coalesce((SELECT sum(al.amount) FROM open_item i JOIN allocation al ON al.debit_item_id = i.id JOIN open_item o ON o.id = al.credit_item_id
                            WHERE i.account_id = x.account_id AND i.currency = x.currency AND o.account_id <> x.account_id AND al.effective_on <= p_day), 0)
                - coalesce((SELECT sum(al.amount) FROM open_item i JOIN allocation al ON al.credit_item_id = i.id JOIN open_item o ON o.id = al.debit_item_id
                            WHERE i.account_id = x.account_id AND i.currency = x.currency AND o.account_id <> x.account_id AND al.effective_on <= p_day), 0) <> 0;
  RETURN QUERY SELECT 'control_lines_name_their_account', count(*), min(document_id::text) FROM journal_line l WHERE (l.gl IN ('1100', '2000')) <> (l.account_id IS NOT NULL);
  RETURN QUERY SELECT 'day_totals_equal_journal', count(*), min(x.gl || ' ' || x.posted_on) FROM (
    SELECT gl, posted_on FROM (SELECT gl, currency::text, posted_on, sum(amount) a, coalesce(sum(base_amount), 0) b, count(*) n FROM journal_line GROUP BY 1, 2, 3) j
      FULL JOIN (SELECT gl, currency, posted_on, sum(amount) a, sum(base_amount) b, sum(lines) n FROM ledger_day GROUP BY 1, 2, 3) d USING (gl, currency, posted_on)
      WHERE j.a IS DISTINCT FROM d.a OR j.b IS DISTINCT FROM d.b OR j.n IS DISTINCT FROM d.n) x;
  RETURN QUERY SELECT 'open_amounts_equal_allocations', count(*), min(d.number::text) FROM open_item i JOIN document d ON d.id = i.document_id
    LEFT JOIN (SELECT item, sum(amount) used, min(effective_on) f, max(effective_on) l FROM (SELECT debit_item_id item, amount, effective_on FROM allocation
               UNION ALL SELECT credit_item_id, -amount, effective_on FROM allocation) u GROUP BY 1) a ON a.item = i.id
    WHERE i.open <> i.original - coalesce(a.used, 0) OR i.first_on IS DISTINCT FROM a.f OR i.last_on IS DISTINCT FROM a.l;
  RETURN QUERY SELECT 'never_over_allocated', count(*), min(d.number::text) FROM (SELECT DISTINCT item FROM (
      SELECT item, sum(amount) OVER (PARTITION BY item ORDER BY effective_on) AS level FROM (SELECT debit_item_id item, amount, effective_on FROM allocation
        UNION ALL SELECT credit_item_id, -amount, effective_on FROM allocation) u) w JOIN open_item i ON i.id = w.item
      WHERE w.level * sign(i.original) < 0 OR w.level * sign(i.original) > abs(i.original)) bad JOIN open_item i ON i.id = bad.item JOIN document d ON d.id = i.document_id;
  RETURN QUERY SELECT 'allocations_link_one_group_and_currency', count(*), min(al.id::text) FROM allocation al JOIN open_item x ON x.id = al.debit_item_id JOIN open_item y ON y.id = al.credit_item_id
    WHERE x.currency <> y.currency OR x.original < 0 OR y.original > 0 OR (x.account_id <> y.account_id AND NOT ar.same_group(x.account_id, y.account_id)
      AND NOT EXISTS (SELECT 1 FROM audit u JOIN account a ON a.id IN (x.account_id, y.account_id)   -- a group of that time, which has been taken apart since
                      WHERE u.op = 'U' AND ((u.table_name = 'party' AND (u.before ->> 'id')::bigint = a.party_id AND u.before ->> 'parent_id' IS DISTINCT FROM u.after ->> 'parent_id')
                        OR (u.table_name = 'account' AND (u.before ->> 'id')::bigint = a.id AND u.before ->> 'party_id' IS DISTINCT FROM u.after ->> 'party_id'))));
  RETURN QUERY SELECT 'reversals_mirror', count(*), min(r.number::text) FROM document r WHERE r.reverses_id IS NOT NULL AND EXISTS (
    SELECT 1 FROM (SELECT gl, account_id, currency, amount FROM journal_line WHERE document_id = r.id) m FULL JOIN (SELECT gl, account_id, currency, -amount AS amount FROM journal_line WHERE document_id = r.reverses_id) o
      ON m.gl = o.gl AND m.amount = o.amount AND m.currency = o.currency AND m.account_id IS NOT DISTINCT FROM o.account_id WHERE m.gl IS NULL OR o.gl IS NULL);
  RETURN QUERY SELECT 'batches_agree', count(*), min(b.number) FROM batch b WHERE b.state IN ('posted', 'reversed')
    AND (SELECT (coalesce(sum(CASE d.event WHEN 'receipt_exchange' THEN (SELECT l.amount FROM journal_line l WHERE l.document_id = d.id AND l.currency = b.currency AND l.currency <> d.currency AND l.amount > 0)
                                     ELSE d.amount END), 0), count(*)) FROM document d WHERE d.batch_id = b.id AND d.kind = 'receipt') IS DISTINCT FROM (b.control_total::numeric, b.control_count::bigint);
END $$;

-- The hash chain: audit rows and postings whose transaction can no longer appear late. Anyone's session may advance it.
-- Nulls are left out, so that a column added later changes no digest made before it.
CREATE OR REPLACE FUNCTION ar.posting_digest(p ar.posting) RETURNS text LANGUAGE sql STABLE SET search_path = ar, pg_catalog, pg_temp SET datestyle = 'ISO, YMD' AS $$
  SELECT jsonb_build_array(p.id, p.key, p.kind, encode(p.body_hash, 'hex'), p.business_date, p.posted_by, extract(epoch FROM p.posted_at)::text, p.bulk,
    CASE WHEN p.bulk THEN (SELECT jsonb_build_array(
        (SELECT jsonb_build_array(count(*), coalesce(sum(hashtextextended(ROW(d.id, d.kind, d.event, d.account_id, d.number, d.doc_date, d.posted_on, d.due_on, d.currency, d.amount, d.tax, d.rate, d.po, d.method, d.reference, d.memo)::text, 0)::numeric), 0)::text)
         FROM document d WHERE d.posting_id = p.id),
        (SELECT jsonb_build_array(count(*), coalesce(sum(l.amount) FILTER (WHERE l.amount > 0), 0), coalesce(sum(hashtextextended(ROW(l.document_id, l.line, l.gl, l.account_id, l.posted_on, l.currency, l.amount, l.base_amount)::text, 0)::numeric), 0)::text)
         FROM document d JOIN journal_line l ON l.document_id = d.id WHERE d.posting_id = p.id),
        (SELECT jsonb_build_array(count(*), coalesce(sum(hashtextextended(ROW(l.document_id, l.line, l.item_id, l.description, l.quantity, l.unit_price, l.discount, l.amount)::text, 0)::numeric), 0)::text)
         FROM document d JOIN document_line l ON l.document_id = d.id WHERE d.posting_id = p.id),
        (SELECT jsonb_build_array(count(*), coalesce(sum(hashtextextended(ROW(i.id, i.document_id, i.account_id, i.seq, i.currency, i.posted_on, i.due_on, i.original)::text, 0)::numeric), 0)::text)
         FROM document d JOIN open_item i ON i.document_id = d.id WHERE d.posting_id = p.id),
        (SELECT jsonb_build_array(count(*), coalesce(sum(hashtextextended(ROW(a.id, a.debit_item_id, a.credit_item_id, a.amount, a.effective_on, a.kind)::text, 0)::numeric), 0)::text)
         FROM allocation a WHERE a.posting_id = p.id)))
      ELSE (SELECT jsonb_build_array(
        (SELECT jsonb_agg(jsonb_strip_nulls(to_jsonb(d)) ORDER BY d.id) FROM document d WHERE d.posting_id = p.id),
        (SELECT jsonb_agg(jsonb_strip_nulls(to_jsonb(l)) ORDER BY l.document_id, l.line) FROM document d JOIN journal_line l ON l.document_id = d.id WHERE d.posting_id = p.id),
        (SELECT jsonb_agg(jsonb_strip_nulls(to_jsonb(l)) ORDER BY l.document_id, l.line) FROM document d JOIN document_line l ON l.document_id = d.id WHERE d.posting_id = p.id),
        (SELECT jsonb_agg(jsonb_build_array(i.id, i.document_id, i.account_id, i.seq, i.currency, i.doc_date, i.posted_on, i.due_on, i.original, i.base) ORDER BY i.id)
         FROM document d JOIN open_item i ON i.document_id = d.id WHERE d.posting_id = p.id),
        (SELECT jsonb_agg(jsonb_strip_nulls(to_jsonb(a)) ORDER BY a.id) FROM allocation a WHERE a.posting_id = p.id))) END)::text $$;
CREATE OR REPLACE FUNCTION ar.audit_digest(a ar.audit) RETURNS text LANGUAGE sql STABLE SET search_path = ar, pg_catalog, pg_temp AS $$
  SELECT jsonb_build_array(a.seq, a.xid::text, extract(epoch FROM a.at)::text, a.who, a.address, a.app, a.table_name, a.op, a.before, a.after)::text $$;

CREATE OR REPLACE FUNCTION api.seal(p_max int DEFAULT 2000) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = ar, pg_catalog, pg_temp AS $$
DECLARE
  head chain_head; r record; n bigint := 0; v_max constant int := greatest(coalesce(p_max, 2000), 1); here text; moved boolean;
  floor_xid constant xid8 := pg_snapshot_xmin(pg_current_snapshot()); roof_xid constant xid8 := pg_snapshot_xmax(pg_current_snapshot());
  audits int := 0; postings int := 0; last_audit xid8; last_posting xid8; settled_now xid8 := floor_xid;
BEGIN
  SELECT * INTO head FROM chain_head FOR UPDATE SKIP LOCKED;
  IF head.one IS NULL THEN
    RETURN 0;     -- another session is sealing
  END IF;
  SELECT c.system_identifier || '/' || d.oid INTO here FROM pg_control_system() c, pg_database d WHERE d.datname = current_database();
  -- a restored database carries transaction numbers of its former life: those beyond the present roof are equally settled, and no mark holds
  moved := head.home NOT IN ('', here);
  IF moved THEN
    head.settled := '0';
  END IF;
  FOR r IN SELECT * FROM (
      (SELECT 'audit' AS source, a.seq AS id, a.at, a.xid, ar.audit_digest(a) AS digest FROM audit a
         WHERE a.xid >= head.settled AND (a.xid < floor_xid OR (moved AND a.xid >= roof_xid))
           AND NOT EXISTS (SELECT 1 FROM seal s WHERE s.source = 'audit' AND s.source_id = a.seq) ORDER BY a.xid, a.seq LIMIT v_max)
      UNION ALL
      (SELECT 'posting', p.id, p.posted_at, p.xid, ar.posting_digest(p) FROM posting p
         WHERE p.xid >= head.settled AND (p.xid < floor_xid OR (moved AND p.xid >= roof_xid))
           AND NOT EXISTS (SELECT 1 FROM seal s WHERE s.source = 'posting' AND s.source_id = p.id) ORDER BY p.xid, p.id LIMIT v_max)) x ORDER BY at, source, id LOOP
    head.position := head.position + 1;
    head.hash := sha256(head.hash || convert_to(r.digest, 'UTF8'));
    INSERT INTO seal (position, source, source_id, hash) VALUES (head.position, r.source, r.id, head.hash);
    n := n + 1;
    IF r.source = 'audit' THEN
      audits := audits + 1;
      last_audit := greatest(last_audit, r.xid);
    ELSE
      postings := postings + 1;
      last_posting := greatest(last_posting, r.xid);
    END IF;
  END LOOP;
  IF moved THEN
    settled_now := '0';
    here := CASE WHEN audits = v_max OR postings = v_max THEN head.home ELSE here END;
  ELSE
    settled_now := least(settled_now, CASE WHEN audits = v_max THEN last_audit END, CASE WHEN postings = v_max THEN last_posting END);
  END IF;
  UPDATE chain_head SET position = head.position, hash = head.hash, settled = settled_now, home = here WHERE one;
  RETURN n;
END $$;

CREATE OR REPLACE FUNCTION api.verify_chain() RETURNS TABLE (bad_position bigint, source text, source_id bigint, why text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = ar, pg_catalog, pg_temp AS $$
DECLARE
  h bytea := '\x00'; pos bigint := 0; r record;
BEGIN
  FOR r IN SELECT s.position, s.hash, s.source, s.source_id, CASE WHEN a.seq IS NOT NULL THEN ar.audit_digest(a) WHEN p.id IS NOT NULL THEN ar.posting_digest(p) END AS digest
      FROM seal s LEFT JOIN audit a ON s.source = 'audit' AND a.seq = s.source_id LEFT JOIN posting p ON s.source = 'posting' AND p.id = s.source_id ORDER BY s.position LOOP
    pos := pos + 1;
    IF r.position <> pos OR r.digest IS NULL THEN
      RETURN QUERY SELECT pos, r.source, r.source_id, 'missing'::text;
      RETURN;
    END IF;
    h := sha256(h || convert_to(r.digest, 'UTF8'));
    IF h <> r.hash THEN
      RETURN QUERY SELECT pos, r.source, r.source_id, 'altered'::text;
      RETURN;
    END IF;
  END LOOP;
  IF (SELECT (c.position, c.hash) IS DISTINCT FROM (pos, h) FROM chain_head c) THEN
    RETURN QUERY SELECT pos, NULL::text, NULL::bigint, 'head'::text;
  END IF;
END $$;

CREATE OR REPLACE VIEW ar.own_audit WITH (security_barrier) AS SELECT * FROM ar.audit WHERE who = session_user;
-- What a document has come to: derived from its items, never stored (state machines A and B).
CREATE OR REPLACE FUNCTION ar.document_state(p_document bigint, p_kind text) RETURNS text LANGUAGE sql STABLE SET search_path = ar, pg_catalog, pg_temp AS $$
  SELECT CASE
    WHEN ar.is_reversed(p_document) THEN CASE WHEN (SELECT r.method FROM document r WHERE r.reverses_id = p_document ORDER BY r.id DESC LIMIT 1) = 'void' THEN 'void' ELSE 'reversed' END
    WHEN p_kind = 'receipt' AND NOT EXISTS (SELECT 1 FROM open_item WHERE document_id = p_document) THEN
      CASE WHEN EXISTS (SELECT 1 FROM document d WHERE d.of_id = p_document AND d.kind = 'identify' AND NOT ar.is_reversed(d.id)) THEN 'identified' ELSE 'posted_unidentified' END
    WHEN i.open IS NULL OR i.open = 0 THEN CASE
      WHEN EXISTS (SELECT 1 FROM allocation a JOIN open_item x ON x.document_id = p_document AND x.id = a.debit_item_id WHERE a.kind = 'write_off' AND a.amount > 0
                   AND NOT EXISTS (SELECT 1 FROM allocation r WHERE r.reverses_id = a.id))
        THEN CASE WHEN EXISTS (SELECT 1 FROM document d WHERE d.of_id = p_document AND d.kind = 'recovery' AND NOT ar.is_reversed(d.id)) THEN 'recovered' ELSE 'written_off' END
      WHEN p_kind IN ('receipt', 'credit_note') THEN CASE WHEN EXISTS (SELECT 1 FROM allocation a JOIN open_item x ON x.document_id = p_document AND x.id = a.credit_item_id
                   WHERE a.kind = 'refund' AND a.amount > 0 AND NOT EXISTS (SELECT 1 FROM allocation r WHERE r.reverses_id = a.id)) THEN 'refunded' ELSE 'applied' END
      ELSE 'paid' END
    WHEN i.open = i.original THEN CASE WHEN p_kind = 'receipt' THEN 'posted_unapplied' ELSE 'open' END
    ELSE CASE WHEN p_kind = 'receipt' THEN 'part_applied' ELSE 'part_paid' END END
  FROM (SELECT sum(open) AS open, sum(original) AS original FROM open_item WHERE document_id = p_document) i $$;
