-- Late interest and fixed sums become open items of their own. A day of an item is charged once, or waived once, whoever asks and however often.

-- Whether a span still stands: waived, or charged by a document that was not reversed since.
CREATE OR REPLACE FUNCTION ar.stands(s ar.charge_span) RETURNS boolean LANGUAGE sql STABLE SET search_path = ar, pg_catalog, pg_temp AS $$
  SELECT s.document_id IS NULL OR NOT ar.is_reversed(s.document_id) $$;

-- The item is locked first, so that of two who charge the same days the second sees the first.
CREATE OR REPLACE FUNCTION ar.check_span(p_item bigint, p_what text, p_first date, p_last date, p_amount bigint, p_today date) RETURNS ar.open_item
LANGUAGE plpgsql SET search_path = ar, pg_catalog, pg_temp AS $$
DECLARE
  i open_item; earlier record;
BEGIN
  SELECT * INTO i FROM open_item WHERE id = p_item FOR UPDATE;
  IF i.id IS NULL OR i.original < 0 OR i.is_vendor OR NOT EXISTS (SELECT 1 FROM document d WHERE d.id = i.document_id AND d.kind IN ('invoice', 'opening')) THEN
    RAISE EXCEPTION 'only an invoice of a customer is charged for being late' USING ERRCODE = 'AR010', HINT = 'Interest bears no interest.';
  END IF;
  PERFORM 1 FROM open_item WHERE document_id = i.document_id ORDER BY id FOR UPDATE;
  IF p_what IS NULL OR p_what NOT IN ('interest', 'fixed_sum') OR coalesce(p_amount, 0) <= 0 OR p_first IS NULL OR p_last IS NULL OR p_first <= i.due_on OR p_last < p_first OR p_last > p_today THEN
    RAISE EXCEPTION 'a charge is some amount for days after % and not after %', ar.said(i.due_on), ar.said(p_today) USING ERRCODE = 'AR008', HINT = 'Ask for the proposal again.';
  END IF;
  SELECT s.first_on, s.last_on, s.document_id, d.number, p.posted_by, p.posted_at INTO earlier FROM charge_span s JOIN open_item o ON o.id = s.item_id JOIN posting p ON p.id = s.posting_id LEFT JOIN document d ON d.id = s.document_id
    WHERE s.what = p_what AND ar.stands(s) AND o.document_id = i.document_id
      AND (p_what = 'fixed_sum' OR (s.item_id = i.id AND s.first_on <= p_last AND s.last_on >= p_first)) ORDER BY s.id LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION '% of % was already % by % for % to %', CASE p_what WHEN 'interest' THEN 'interest' ELSE 'the fixed sum' END, (SELECT number FROM document WHERE id = i.document_id),
      CASE WHEN earlier.document_id IS NULL THEN 'waived' ELSE 'charged as ' || earlier.number END, earlier.posted_by, ar.said(earlier.first_on), ar.said(earlier.last_on)
      USING ERRCODE = 'AR009', HINT = 'Ask for the proposals again; only days after that are charged.';
  END IF;
  RETURN i;
END $$;

-- {"item": id, "what": "interest" | "fixed_sum", "first": date, "last": date, "amount": minor units, "memo"}. Answers like api.post.
CREATE OR REPLACE FUNCTION api.charge(p_key uuid, p_doc jsonb, p_today date) RETURNS jsonb LANGUAGE plpgsql SECURITY DEFINER SET search_path = ar, pg_catalog, pg_temp AS $$
DECLARE
  claimed record; i open_item; v_account account; v_id bigint; v_amount constant bigint := (p_doc ->> 'amount')::bigint; v_what constant text := p_doc ->> 'what';
BEGIN
  PERFORM ar.need('charge');
  PERFORM ar.check_day(p_today);
  SELECT * INTO claimed FROM ar.claim(p_key, 'charge', p_doc, p_today);
  IF NOT claimed.fresh THEN
    RETURN ar.answer(claimed.posting, 'exists');
  END IF;
  i := ar.check_span((p_doc ->> 'item')::bigint, v_what, (p_doc ->> 'first')::date, (p_doc ->> 'last')::date, v_amount, p_today);
  SELECT * INTO v_account FROM account WHERE id = i.account_id;
  v_id := ar.book(claimed.posting, v_what, 'charge', v_account, jsonb_build_object('date', p_today, 'currency', i.currency, 'memo', p_doc ->> 'memo'), v_amount, i.document_id);
  INSERT INTO charge_span (posting_id, item_id, what, first_on, last_on, amount, document_id)
    VALUES (claimed.posting, i.id, v_what, (p_doc ->> 'first')::date, (p_doc ->> 'last')::date, v_amount, v_id);
  RETURN ar.answer(claimed.posting, 'posted');
END $$;

-- Waive what is proposed (as in api.charge, with a "reason") or what was posted ({"document": number, "reason"}): the days are not asked for again.
CREATE OR REPLACE FUNCTION api.waive_charge(p_key uuid, p_doc jsonb, p_today date) RETURNS jsonb LANGUAGE plpgsql SECURITY DEFINER SET search_path = ar, pg_catalog, pg_temp AS $$
DECLARE
  claimed record; i open_item; s charge_span; d document; v_reason constant text := nullif(btrim(p_doc ->> 'reason'), '');
BEGIN
  PERFORM ar.need('waive_charge');
  PERFORM ar.check_day(p_today);
  IF v_reason IS NULL THEN
    RAISE EXCEPTION 'waiving needs a reason' USING ERRCODE = 'AR008', HINT = 'It stays with the account.';
  END IF;
  SELECT * INTO claimed FROM ar.claim(p_key, 'waive_charge', p_doc, p_today);
  IF NOT claimed.fresh THEN
    RETURN ar.answer(claimed.posting, 'exists');
  END IF;
  IF p_doc ->> 'document' IS NOT NULL THEN
    d := ar.document_by_number(p_doc ->> 'document', NULL, 1, 'charge');
    SELECT * INTO s FROM charge_span c WHERE c.document_id = d.id;
    PERFORM 1 FROM open_item o WHERE o.document_id IN (d.id, d.of_id) ORDER BY o.id FOR UPDATE;
    IF s.id IS NULL OR NOT ar.stands(s) THEN
      RAISE EXCEPTION '% is not a charge that stands', d.number USING ERRCODE = 'AR010', HINT = 'Other charges are reversed, or written off.';
    END IF;
  ELSE
    i := ar.check_span((p_doc ->> 'item')::bigint, p_doc ->> 'what', (p_doc ->> 'first')::date, (p_doc ->> 'last')::date, (p_doc ->> 'amount')::bigint, p_today);
    s.item_id := i.id; s.what := p_doc ->> 'what'; s.first_on := (p_doc ->> 'first')::date; s.last_on := (p_doc ->> 'last')::date; s.amount := (p_doc ->> 'amount')::bigint;
  END IF;
  SELECT * INTO i FROM open_item WHERE id = s.item_id;
  IF NOT ar.within_limit(session_user, 'waive_charge', s.amount, i.currency) THEN
    RAISE EXCEPTION '% is above what % may waive', ar.units(s.amount, i.currency), session_user USING ERRCODE = '42501', HINT = 'Somebody with a higher limit can.';
  END IF;
  IF d.id IS NOT NULL THEN
    PERFORM ar.reverse(claimed.posting, d, jsonb_build_object('reason', 'waived', 'memo', v_reason),
      ar.next_open_day(greatest(p_today, d.posted_on, (SELECT max(last_on) FROM open_item WHERE document_id = d.id))));
  END IF;
  INSERT INTO charge_span (posting_id, item_id, what, first_on, last_on, amount, reason) VALUES (claimed.posting, s.item_id, s.what, s.first_on, s.last_on, s.amount, v_reason);
  RETURN ar.answer(claimed.posting, 'posted');
END $$;

CREATE OR REPLACE TRIGGER a_no_change BEFORE UPDATE OR DELETE ON ar.charge_span FOR EACH ROW EXECUTE FUNCTION ar.no_change();
CREATE OR REPLACE TRIGGER a_no_truncate BEFORE TRUNCATE ON ar.charge_span FOR EACH STATEMENT EXECUTE FUNCTION ar.no_change();
CREATE OR REPLACE TRIGGER b_posting_guard AFTER INSERT ON ar.charge_span REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION ar.posting_guard();
CREATE OR REPLACE TRIGGER z_audit AFTER INSERT OR UPDATE OR DELETE ON ar.reference_rate FOR EACH ROW EXECUTE FUNCTION ar.audit_row();
CREATE OR REPLACE TRIGGER z_audit AFTER INSERT OR UPDATE OR DELETE ON ar.interest_profile FOR EACH ROW EXECUTE FUNCTION ar.audit_row();

-- Only the row read in a source is here; national rules and every reference rate are entered by the company, with where they were published.
INSERT INTO ar.interest_profile (code, name, reference, margin, year_days, floats, fixed_sum, fixed_currency, source) VALUES
  ('EU-B2B', 'EU, between businesses: ECB reference rate and 8 points', 'ECB', 8, 365, true, 40, 'EUR', 'Directive 2011/7/EU, articles 2, 3 and 6; the law of the country may add to it')
  ON CONFLICT DO NOTHING;
INSERT INTO ar.permission (action, role) SELECT a, r FROM unnest(ARRAY['waive_charge', 'interest_profile']) a, unnest(ARRAY['supervisor', 'manager', 'controller']) r ON CONFLICT DO NOTHING;
INSERT INTO ar.approval_limit (action, role, max_amount) VALUES ('waive_charge', 'supervisor', 100), ('waive_charge', 'manager', 5000), ('waive_charge', 'controller', NULL) ON CONFLICT DO NOTHING;
INSERT INTO ar.setting (name, value, note) VALUES ('charges.profile', '""', 'interest profile of customers who have none of their own; empty: nothing is proposed for them') ON CONFLICT DO NOTHING;
INSERT INTO ar.permission (action, role) SELECT 'charge_rules', r FROM unnest(ARRAY['manager', 'controller']) r ON CONFLICT DO NOTHING;
