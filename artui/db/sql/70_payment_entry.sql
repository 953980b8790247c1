-- A receipt as a clerk enters it: what each item gets, what is let go, what is disputed, which older credits help. One posting, one key.
-- "apply": [{"item", "open", "amount", "discount", "difference", "dispute", "reason"}], "use": [{"from", "from_open", "to", "to_open", "amount"}],
-- "on_account": what the receipt keeps. Items by id, amounts in minor units; each "open" is what the clerk saw, without its sign.

CREATE OR REPLACE FUNCTION ar.seen(p_doc jsonb) RETURNS TABLE (item bigint, open bigint) LANGUAGE sql STABLE SET search_path = ar, pg_catalog, pg_temp AS $$
  SELECT (x ->> 'item')::bigint, (x ->> 'open')::bigint FROM jsonb_array_elements(coalesce(p_doc -> 'apply', '[]')) x
  UNION ALL SELECT (x ->> 'from')::bigint, (x ->> 'from_open')::bigint FROM jsonb_array_elements(coalesce(p_doc -> 'use', '[]')) x
  UNION ALL SELECT (x ->> 'to')::bigint, (x ->> 'to_open')::bigint FROM jsonb_array_elements(coalesce(p_doc -> 'use', '[]')) x $$;

-- In one order for everybody, the clerk's own row before any item: differences let go at once are counted one after the other.
CREATE OR REPLACE FUNCTION ar.lock_entered(p_docs jsonb[]) RETURNS void LANGUAGE plpgsql SET search_path = ar, pg_catalog, pg_temp AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM unnest(p_docs) d, jsonb_array_elements(coalesce(d -> 'apply', '[]')) x WHERE (x ->> 'difference')::bigint > 0) THEN
    PERFORM 1 FROM staff WHERE login = session_user FOR NO KEY UPDATE;
  END IF;
  PERFORM 1 FROM open_item WHERE id = ANY (ARRAY(SELECT s.item FROM unnest(p_docs) d, ar.seen(d) s)) ORDER BY id FOR UPDATE;
END $$;

-- What a clerk saw open is open still, or they are told who changed it and when; nothing of theirs is posted then.
CREATE OR REPLACE FUNCTION ar.expect_open(p_doc jsonb) RETURNS void LANGUAGE plpgsql SET search_path = ar, pg_catalog, pg_temp AS $$
DECLARE
  v_item open_item; v_seen bigint; v_wanted bigint; by_whom record; v_story text;
BEGIN
  SELECT s.item, s.open INTO v_wanted, v_seen FROM ar.seen(p_doc) s LEFT JOIN open_item i ON i.id = s.item
    WHERE i.id IS NULL OR abs(i.open) < s.open ORDER BY s.item LIMIT 1;
  IF NOT FOUND THEN
    RETURN;
  END IF;
  SELECT * INTO v_item FROM open_item WHERE id = v_wanted;
  IF v_item.id IS NULL THEN
    RAISE EXCEPTION 'there is no open item %', coalesce(v_wanted::text, '(none given)') USING ERRCODE = 'AR011', HINT = 'Read the account again.';
  END IF;
  SELECT p.posted_by, p.posted_at, a.amount, d.number INTO by_whom FROM allocation a JOIN posting p ON p.id = a.posting_id
    JOIN open_item o ON o.id = CASE WHEN a.debit_item_id = v_item.id THEN a.credit_item_id ELSE a.debit_item_id END JOIN document d ON d.id = o.document_id
    WHERE v_item.id IN (a.debit_item_id, a.credit_item_id) ORDER BY a.id DESC LIMIT 1;
  v_story := format('%s has %s open now, not %s', (SELECT number FROM document WHERE id = v_item.document_id), ar.units(abs(v_item.open), v_item.currency), ar.units(v_seen, v_item.currency));
  IF by_whom IS NOT NULL THEN
    v_story := v_story || format(': %s %s %s with %s on %s', by_whom.posted_by, CASE WHEN by_whom.amount > 0 THEN 'settled' ELSE 'took back' END,
      ar.units(abs(by_whom.amount), v_item.currency), by_whom.number, ar.said(by_whom.posted_at));
  END IF;
  RAISE EXCEPTION '%', v_story
    USING ERRCODE = 'AR005', HINT = 'Nothing of yours was posted and nothing you typed is lost: read the account again, then choose.';
END $$;

CREATE OR REPLACE FUNCTION ar.post_entered(p_posting bigint, p_doc jsonb, p_today date) RETURNS void LANGUAGE plpgsql SET search_path = ar, pg_catalog, pg_temp AS $$
DECLARE
  me document; mine open_item; x jsonb; kept bigint; v_day date;
BEGIN
  IF p_doc ->> 'kind' NOT IN ('receipt', 'allocation') OR p_doc ? 'allocate' OR p_doc ? 'moves' OR (p_doc ? 'apply' AND p_doc ->> 'kind' <> 'receipt') THEN
    RAISE EXCEPTION 'only a receipt is applied to items, and in one way' USING ERRCODE = 'AR008', HINT = 'Name items in "apply" or documents in "allocate", not both.';
  END IF;
  PERFORM ar.need(a) FROM (SELECT DISTINCT CASE k.key WHEN 'difference' THEN 'small_difference' WHEN 'dispute' THEN 'dispute' WHEN 'discount' THEN 'discount' END AS a
    FROM jsonb_array_elements(coalesce(p_doc -> 'apply', '[]')) e, jsonb_each(e) k WHERE k.key IN ('difference', 'dispute', 'discount')) needed;
  IF p_doc ? 'use' THEN
    PERFORM ar.need('allocation');
  END IF;
  PERFORM ar.lock_entered(ARRAY[p_doc]);
  PERFORM ar.expect_open(p_doc);
  v_day := coalesce((p_doc ->> 'date')::date, p_today);
  IF p_doc ->> 'kind' = 'receipt' THEN
    PERFORM ar.post_simple(p_posting, p_doc, p_today);
    SELECT * INTO me FROM document WHERE posting_id = p_posting AND kind = 'receipt';
    SELECT * INTO mine FROM open_item WHERE document_id = me.id AND original < 0;
    kept := me.amount - (SELECT coalesce(sum((y ->> 'amount')::bigint), 0) FROM jsonb_array_elements(coalesce(p_doc -> 'apply', '[]')) y);
    IF kept <> coalesce((p_doc ->> 'on_account')::bigint, 0) THEN
      RAISE EXCEPTION '% is neither applied nor kept on account', ar.units(kept - coalesce((p_doc ->> 'on_account')::bigint, 0), me.currency)
        USING ERRCODE = 'AR008', HINT = 'Apply it, or say that it stays on account.';
    END IF;
    v_day := me.posted_on;
    FOR x IN SELECT * FROM jsonb_array_elements(coalesce(p_doc -> 'apply', '[]')) LOOP
      PERFORM ar.apply_entered(p_posting, me, mine, x, p_today);
    END LOOP;
  END IF;
  FOR x IN SELECT * FROM jsonb_array_elements(coalesce(p_doc -> 'use', '[]')) LOOP
    PERFORM ar.use_credit(p_posting, x, v_day);
  END LOOP;
  -- a dispute is of what is left when all has been applied
  FOR x IN SELECT * FROM jsonb_array_elements(coalesce(p_doc -> 'apply', '[]')) y WHERE (y ->> 'dispute')::bigint > 0 LOOP
    UPDATE open_item SET disputed = (x ->> 'dispute')::bigint, dispute_reason = coalesce(x ->> 'reason', 'short payment') WHERE id = (x ->> 'item')::bigint AND open >= (x ->> 'dispute')::bigint;
    IF NOT FOUND THEN
      RAISE EXCEPTION '% has less open than the amount in dispute', (SELECT d.number FROM open_item i JOIN document d ON d.id = i.document_id WHERE i.id = (x ->> 'item')::bigint)
        USING ERRCODE = 'AR004', HINT = 'Dispute at most what is open.';
    END IF;
  END LOOP;
END $$;

-- One line of the grid: the money, the discount that is granted with it, the small difference that is let go.
CREATE OR REPLACE FUNCTION ar.apply_entered(p_posting bigint, me ar.document, mine ar.open_item, x jsonb, p_today date) RETURNS void
LANGUAGE plpgsql SET search_path = ar, pg_catalog, pg_temp AS $$
DECLARE
  target open_item; bill document; v_account account; v_tax bigint; v_day date; v_id bigint; v_posting bigint;
  v_amount constant bigint := coalesce((x ->> 'amount')::bigint, 0);
  v_discount constant bigint := coalesce((x ->> 'discount')::bigint, 0);
  v_difference constant bigint := coalesce((x ->> 'difference')::bigint, 0);
BEGIN
  SELECT * INTO target FROM open_item WHERE id = (x ->> 'item')::bigint;
  IF least(v_amount, v_discount, v_difference) < 0 THEN
    RAISE EXCEPTION 'an allocation cannot be negative' USING ERRCODE = 'AR008', HINT = 'Un-allocate instead.';
  END IF;
  IF mine.id IS NULL OR NOT coalesce(ar.same_group(me.account_id, target.account_id), false) THEN
    RAISE EXCEPTION '% is not this customer''s', coalesce((SELECT number FROM document WHERE id = target.document_id), 'the item') USING ERRCODE = 'AR010', HINT = 'Say whose the receipt is; it pays items of that account or group.';
  END IF;
  v_day := greatest(me.posted_on, target.posted_on);
  IF v_amount > 0 THEN
    PERFORM ar.move(p_posting, target.id, mine.id, v_amount, v_day, 'payment');
  END IF;
  IF v_discount = 0 AND v_difference = 0 THEN
    RETURN;
  END IF;
  SELECT * INTO v_account FROM account WHERE id = target.account_id;
  IF v_discount > 0 THEN
    SELECT * INTO bill FROM document WHERE id = target.document_id;
    PERFORM ar.check_discount(bill, v_discount);
    v_tax := CASE WHEN coalesce((ar.setting_on('discount.adjusts_tax', me.posted_on) #>> '{}')::boolean, false) AND bill.amount > 0 THEN round(v_discount::numeric * bill.tax / bill.amount) ELSE 0 END;
    v_id := ar.book(p_posting, 'discount', 'discount', v_account, jsonb_build_object('date', me.doc_date, 'posting_date', me.posted_on, 'currency', me.currency, 'rate', me.rate, 'tax', v_tax), v_discount, me.id);
    PERFORM ar.move(p_posting, target.id, (SELECT id FROM open_item WHERE document_id = v_id), v_discount, v_day, 'discount');
  END IF;
  IF v_difference > 0 THEN   -- a posting of its own kind, so that the day's limit counts it wherever it was let go
    PERFORM ar.check_small_amount(v_difference, target.currency, p_today);
    INSERT INTO posting (key, kind, body_hash, business_date) VALUES (gen_random_uuid(), 'small_difference', sha256(convert_to(x::text, 'UTF8')), p_today) RETURNING id INTO v_posting;
    v_id := ar.book(v_posting, 'small_difference', 'small_difference', v_account, jsonb_build_object('date', me.doc_date, 'posting_date', me.posted_on, 'currency', me.currency, 'rate', me.rate), v_difference, me.id);
    PERFORM ar.move(v_posting, target.id, (SELECT id FROM open_item WHERE document_id = v_id), v_difference, v_day, 'small_difference');
  END IF;
END $$;

CREATE OR REPLACE FUNCTION ar.use_credit(p_posting bigint, x jsonb, p_day date) RETURNS void LANGUAGE plpgsql SET search_path = ar, pg_catalog, pg_temp AS $$
DECLARE
  c open_item; d open_item; v_kind text;
BEGIN
  SELECT * INTO c FROM open_item WHERE id = (x ->> 'from')::bigint;
  SELECT * INTO d FROM open_item WHERE id = (x ->> 'to')::bigint;
  IF coalesce((x ->> 'amount')::bigint, 0) <= 0 THEN
    RAISE EXCEPTION 'an amount to move is positive' USING ERRCODE = 'AR008', HINT = 'To undo an allocation post an unallocation.';
  END IF;
  SELECT CASE kind WHEN 'credit_note' THEN 'credit_note' WHEN 'receipt' THEN 'payment' WHEN 'identify' THEN 'payment' ELSE 'other' END INTO v_kind FROM document WHERE id = c.document_id;
  PERFORM ar.move(p_posting, d.id, c.id, (x ->> 'amount')::bigint, greatest(p_day, c.posted_on, d.posted_on), v_kind);
END $$;

-- A line typed wrong leaves its batch while that is open; the control total and count can be corrected as long as nothing is posted.
CREATE OR REPLACE FUNCTION api.take_from_batch(p_batch text, p_key uuid) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = ar, pg_catalog, pg_temp AS $$
DECLARE
  b batch; taken boolean;
BEGIN
  PERFORM ar.need('receipt');
  b := ar.open_batch_for_change(p_batch);
  DELETE FROM batch_receipt WHERE batch_id = b.id AND key = p_key;
  taken := FOUND;
  PERFORM ar.weigh_batch(b.id);
  RETURN taken;
END $$;
CREATE OR REPLACE FUNCTION api.set_batch_control(p_batch text, p_version int, p_total bigint, p_count int) RETURNS text LANGUAGE plpgsql SECURITY DEFINER SET search_path = ar, pg_catalog, pg_temp AS $$
DECLARE
  b batch;
BEGIN
  PERFORM ar.need('receipt'), ar.check_control(p_total, p_count);
  b := ar.open_batch_for_change(p_batch);
  IF b.row_version <> p_version THEN
    RAISE EXCEPTION 'batch % was changed meanwhile', p_batch USING ERRCODE = 'AR005', HINT = 'Read it again.';
  END IF;
  UPDATE batch SET control_total = p_total, control_count = p_count WHERE id = b.id;
  PERFORM ar.weigh_batch(b.id);
  RETURN (SELECT state FROM batch WHERE id = b.id);
END $$;
CREATE OR REPLACE FUNCTION ar.open_batch_for_change(p_batch text) RETURNS ar.batch LANGUAGE plpgsql SET search_path = ar, pg_catalog, pg_temp AS $$
DECLARE
  b batch;
BEGIN
  SELECT * INTO b FROM batch WHERE number = p_batch FOR UPDATE;
  IF b.id IS NULL THEN
    RAISE EXCEPTION 'there is no batch %', p_batch USING ERRCODE = 'AR011', HINT = 'Check the number.';
  ELSIF b.state NOT IN ('open', 'balanced') THEN
    RAISE EXCEPTION 'batch % is %', p_batch, b.state USING ERRCODE = 'AR010', HINT = 'What is posted stays; reverse the receipt or the batch.';
  END IF;
  RETURN b;
END $$;
CREATE OR REPLACE FUNCTION ar.weigh_batch(p_batch bigint) RETURNS void LANGUAGE sql SET search_path = ar, pg_catalog, pg_temp AS $$
  UPDATE batch b SET state = CASE WHEN (SELECT (coalesce(sum(r.amount), 0)::bigint, count(*)::int) FROM batch_receipt r WHERE r.batch_id = b.id) = (b.control_total::bigint, b.control_count) THEN 'balanced' ELSE 'open' END
  WHERE b.id = p_batch $$;

INSERT INTO ar.setting (name, value, note) VALUES
  ('cash.order', '"oldest"', 'what a payment pays first when nobody says: oldest, or costs_first (costs, interest, principal)'),
  ('cash.oldest_most', '5', 'so many oldest items that match exactly are filled in; more are only offered'),
  ('cash.tolerance', '0', 'difference on one item that still counts as a match'), ('cash.duplicate_days', '90', 'days in which the same instrument and amount are a duplicate'),
  ('cash.bank_fee', '50', 'most that banks on the way may have kept of a payment, in units of its currency; more is a short payment')
  ON CONFLICT DO NOTHING;
