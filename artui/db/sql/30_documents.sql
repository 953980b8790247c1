-- Each kind of document: what it books and what it moves. api.post is the only door.

-- Which document an event stands for, and who pays or is paid: customer, vendor or nobody.
CREATE OR REPLACE FUNCTION ar.post_simple(p_posting bigint, p_doc jsonb, p_today date) RETURNS void
LANGUAGE plpgsql SET search_path = ar, pg_catalog, pg_temp AS $$
DECLARE
  v_kind constant text := p_doc ->> 'kind';
  v_event text := v_kind;
  v_account account; v_id bigint; v_of document; v_gross constant bigint := (p_doc ->> 'amount')::bigint; party_kind text := 'customer';
BEGIN
  CASE v_kind
    WHEN 'purchase', 'vendor_payment' THEN party_kind := 'vendor';
    WHEN 'bank_charge', 'bank_interest', 'allowance', 'exchange_close' THEN party_kind := NULL;
    WHEN 'bank_transfer' THEN     -- each side of a transfer between own accounts is booked when its own bank shows it
      v_event := CASE p_doc ->> 'reason' WHEN 'in' THEN 'bank_transfer_in' ELSE 'bank_transfer_out' END;
      party_kind := NULL;
    WHEN 'receipt' THEN
      IF coalesce((p_doc ->> 'deposit')::boolean, false) THEN v_event := 'deposit';
      ELSIF p_doc ->> 'customer' IS NULL THEN v_event := 'receipt_unidentified'; party_kind := NULL;
      ELSIF p_doc -> 'received' IS NOT NULL THEN v_event := 'receipt_exchange';
      END IF;
    WHEN 'charge' THEN
      v_event := coalesce(p_doc ->> 'reason', 'interest');
      IF v_event NOT IN ('interest', 'nsf_fee', 'fixed_sum', 'late_fee') THEN
        RAISE EXCEPTION 'a charge is for interest, nsf_fee, fixed_sum or late_fee, not %', v_event USING ERRCODE = 'AR008', HINT = 'Give one of these as the reason.';
      END IF;
    ELSE NULL;
  END CASE;
  IF p_doc ->> 'of' IS NOT NULL OR v_kind IN ('identify', 'deposit_applied') THEN
    v_of := ar.document_by_number(coalesce(p_doc ->> 'of', p_doc ->> 'document'), NULL, NULL);
  END IF;
  IF v_kind IN ('identify', 'deposit_applied') THEN
    PERFORM 1 FROM document WHERE id = v_of.id FOR NO KEY UPDATE;   -- one at a time, and not while it is being reversed
    IF v_of.event IS DISTINCT FROM (CASE v_kind WHEN 'identify' THEN 'receipt_unidentified' ELSE 'deposit' END) OR ar.is_reversed(v_of.id) OR v_of.currency <> coalesce(p_doc ->> 'currency', v_of.currency)
       OR v_of.amount < v_gross + coalesce((SELECT sum(amount) FROM document d WHERE d.of_id = v_of.id AND d.kind = v_kind AND NOT ar.is_reversed(d.id)), 0) THEN
      RAISE EXCEPTION '% holds no such %', v_of.number, CASE v_kind WHEN 'identify' THEN 'unidentified amount' ELSE 'deposit' END
        USING ERRCODE = 'AR004', HINT = format('%s at most what is left of it.', CASE v_kind WHEN 'identify' THEN 'Identify' ELSE 'Apply' END);
    END IF;
  END IF;
  IF party_kind = 'customer' AND v_kind = 'deposit_applied' AND p_doc ->> 'customer' IS NULL THEN
    SELECT * INTO v_account FROM account WHERE id = v_of.account_id;
  ELSIF party_kind IS NOT NULL THEN
    v_account := ar.account_by_number(party_kind, p_doc ->> party_kind);
  END IF;
  IF v_kind = 'invoice' AND v_account.status = 'closed' THEN
    RAISE EXCEPTION 'the account % is closed: nothing more is sold to it', v_account.number USING ERRCODE = 'AR010', HINT = 'Open it again first, or choose another account.';
  END IF;
  IF v_kind = 'deposit_applied' AND NOT coalesce(ar.same_group(v_account.id, v_of.account_id), false) THEN
    RAISE EXCEPTION 'the deposit % is not this customer''s', v_of.number USING ERRCODE = 'AR010', HINT = 'Apply it to its own customer or group.';
  END IF;
  IF v_kind = 'credit_note' AND v_of.id IS NOT NULL THEN
    PERFORM 1 FROM document WHERE id = v_of.id FOR NO KEY UPDATE;   -- two notes of one invoice at once would both fit
    IF v_of.account_id IS NOT NULL AND NOT coalesce(ar.same_group(v_account.id, v_of.account_id), false) OR coalesce(p_doc ->> 'currency', v_account.currency) <> v_of.currency THEN
      RAISE EXCEPTION '% is not an invoice of this customer in this currency', v_of.number USING ERRCODE = 'AR010', HINT = 'A credit note is of an invoice of the same account or group, in its currency.';
    END IF;
    PERFORM ar.check_credited(v_of, v_gross, false);
  END IF;
  IF v_event = 'receipt_exchange' THEN
    PERFORM ar.check_exchange(p_doc, coalesce(p_doc ->> 'currency', v_account.currency));
  END IF;
  v_id := ar.book(p_posting, v_event, v_kind, v_account, CASE WHEN v_kind IN ('identify', 'deposit_applied') THEN p_doc || jsonb_build_object('currency', v_of.currency) ELSE p_doc END, v_gross, v_of.id);
  PERFORM ar.allocate_all(p_posting, v_id, p_doc, p_today);
  IF v_kind = 'credit_note' AND v_of.id IS NOT NULL AND jsonb_typeof(p_doc -> 'allocate') IS DISTINCT FROM 'array' THEN
    -- a credit note of an invoice lowers that invoice as far as it is open; the rest stays on account
    PERFORM ar.spread(p_posting, v_of.id, v_id, NULL, (p_doc ->> 'date')::date, 'credit_note');
  END IF;
END $$;

-- An invoice is credited at most once over: what stands, what waits when that counts, and what is asked for now.
CREATE OR REPLACE FUNCTION ar.check_credited(p_of document, p_amount bigint, p_waiting boolean) RETURNS void LANGUAGE plpgsql SET search_path = ar, pg_catalog, pg_temp AS $$
DECLARE
  v_before bigint := ar.credited(p_of.id, NULL);
BEGIN
  IF p_waiting THEN
    v_before := v_before + coalesce((SELECT sum(amount) FROM approval WHERE state = 'requested' AND action = 'credit_note' AND document ->> 'of' = p_of.number AND currency = p_of.currency), 0);
  END IF;
  IF ar.is_reversed(p_of.id) THEN
    RAISE EXCEPTION '% was taken back and is owed no more', p_of.number USING ERRCODE = 'AR010', HINT = 'There is nothing left to credit.';
  ELSIF p_of.kind IN ('invoice', 'opening', 'charge') AND p_amount + v_before > p_of.amount THEN
    RAISE EXCEPTION '% cannot be credited: % is %, % of it is credited or waits to be', ar.units(p_amount, p_of.currency), p_of.number, ar.units(p_of.amount, p_of.currency), ar.units(v_before, p_of.currency)
      USING ERRCODE = 'AR004', HINT = 'Credit at most the rest.';
  END IF;
END $$;

-- "allocate": [{"document", "amount", "discount"}]: the new document against documents already in the books.
CREATE OR REPLACE FUNCTION ar.allocate_all(p_posting bigint, p_id bigint, p_doc jsonb, p_today date) RETURNS void
LANGUAGE plpgsql SET search_path = ar, pg_catalog, pg_temp AS $$
DECLARE
  me document; x jsonb; target document; v_amount bigint; v_discount bigint; v_tax bigint; v_discount_id bigint; v_sign int; v_kind text; v_account account;
BEGIN
  IF jsonb_typeof(p_doc -> 'allocate') IS DISTINCT FROM 'array' THEN
    RETURN;
  END IF;
  SELECT * INTO me FROM document WHERE id = p_id;
  SELECT sign(original) INTO v_sign FROM open_item WHERE document_id = p_id LIMIT 1;
  IF v_sign IS NULL AND jsonb_array_length(p_doc -> 'allocate') > 0 THEN
    RAISE EXCEPTION '% has nothing to allocate', me.number USING ERRCODE = 'AR010', HINT = 'Say whose it is first.';
  END IF;
  IF jsonb_array_length(p_doc -> 'allocate') > 1 THEN
    PERFORM ar.lock_items(ARRAY(SELECT y ->> 'document' FROM jsonb_array_elements(p_doc -> 'allocate') y));
  END IF;
  v_kind := CASE me.kind WHEN 'credit_note' THEN 'credit_note' WHEN 'receipt' THEN 'payment' WHEN 'vendor_payment' THEN 'payment' WHEN 'identify' THEN 'payment'
    WHEN 'withholding' THEN 'withholding' WHEN 'deposit_applied' THEN 'deposit' WHEN 'refund' THEN 'refund' ELSE 'other' END;
  FOR x IN SELECT * FROM jsonb_array_elements(p_doc -> 'allocate') LOOP
    target := ar.document_by_number(x ->> 'document', me.account_id, -v_sign);
    v_amount := (x ->> 'amount')::bigint;
    v_discount := coalesce((x ->> 'discount')::bigint, 0);
    IF v_amount < 0 OR v_discount < 0 THEN
      RAISE EXCEPTION 'an allocation cannot be negative' USING ERRCODE = 'AR008', HINT = 'Un-allocate instead.';
    END IF;
    IF v_sign > 0 THEN
      PERFORM ar.spread(p_posting, p_id, target.id, v_amount, me.posted_on, v_kind);
    ELSE
      IF v_amount IS DISTINCT FROM 0 THEN
        PERFORM ar.spread(p_posting, target.id, p_id, v_amount, me.posted_on, v_kind);
      END IF;
      IF v_discount > 0 AND NOT coalesce(ar.same_group(me.account_id, target.account_id), false) THEN
        RAISE EXCEPTION '% is not this customer''s', target.number USING ERRCODE = 'AR010', HINT = 'A discount goes with a payment of the same account or group.';
      ELSIF v_discount > 0 THEN
        PERFORM ar.need('discount');
        PERFORM 1 FROM open_item WHERE document_id = target.id ORDER BY id FOR UPDATE;   -- two discounts on it at once would both fit
        PERFORM ar.check_discount(target, v_discount);
        v_tax := CASE WHEN coalesce((ar.setting_on('discount.adjusts_tax', me.posted_on) #>> '{}')::boolean, false) AND target.amount > 0
                   THEN round(v_discount::numeric * target.tax / target.amount) ELSE 0 END;
        SELECT * INTO v_account FROM account WHERE id = target.account_id;
        v_discount_id := ar.book(p_posting, 'discount', 'discount', v_account,
          jsonb_build_object('date', me.doc_date, 'posting_date', me.posted_on, 'currency', me.currency, 'rate', me.rate, 'tax', v_tax), v_discount, p_id);
        PERFORM ar.spread(p_posting, target.id, v_discount_id, v_discount, me.posted_on, 'discount');
      END IF;
    END IF;
  END LOOP;
END $$;

-- What an account is given for money of another currency may differ from the day's rates by what banks take; more is given away.
CREATE OR REPLACE FUNCTION ar.check_exchange(p_doc jsonb, p_currency text) RETURNS void LANGUAGE plpgsql SET search_path = ar, pg_catalog, pg_temp AS $$
DECLARE
  received constant jsonb := p_doc -> 'received'; v_day constant date := coalesce(p_doc ->> 'posting_date', p_doc ->> 'date');
  v_came constant numeric := (received ->> 'amount')::bigint * ar.base_rate(received ->> 'currency', v_day, NULL);
  v_given constant numeric := (p_doc ->> 'amount')::bigint * ar.base_rate(p_currency, v_day, NULL);
BEGIN
  IF v_given > v_came * 11 / 10 AND NOT ar.within_limit(session_user, 'credit_note', ceil(v_given - v_came)::bigint, ar.setting_on('company.currency', v_day) #>> '{}') THEN
    RAISE EXCEPTION '% is far more than % are worth on %', ar.units((p_doc ->> 'amount')::bigint, p_currency), ar.units((received ->> 'amount')::bigint, received ->> 'currency'), ar.said(v_day)
      USING ERRCODE = 'AR012', HINT = 'Correct the rate, or ask for a credit note over the difference.';
  END IF;
END $$;

-- A discount is what the terms of the invoice promise, in time or late; beyond that it is a credit like any other, within what one may give away alone.
-- All that is given on the invoice counts; p_discount is what comes to it.
CREATE OR REPLACE FUNCTION ar.check_discount(p_of document, p_discount bigint) RETURNS void LANGUAGE plpgsql SET search_path = ar, pg_catalog, pg_temp AS $$
DECLARE
  -- written out, or the code of terms that are kept
  v_terms constant jsonb := coalesce((SELECT t.rule FROM terms t WHERE jsonb_typeof(p_of.terms) = 'string' AND t.code = p_of.terms #>> '{}'), p_of.terms);
  v_promised constant numeric := ceil(abs(p_of.amount) * coalesce((v_terms #>> '{discount,percent}')::ratio, 0) / 100)
    + coalesce((v_terms #>> '{discount,amount}')::ratio, 0) * power(10::numeric, (SELECT digits FROM currency WHERE code = p_of.currency));
  v_given constant bigint := p_discount + coalesce((SELECT sum(a.amount) FROM open_item i JOIN allocation a ON a.debit_item_id = i.id WHERE i.document_id = p_of.id AND a.kind = 'discount'), 0);
BEGIN
  IF v_given > v_promised AND NOT ar.within_limit(session_user, 'credit_note', v_given, p_of.currency) THEN
    RAISE EXCEPTION '% is more discount on % than its terms give and than % may give away', ar.units(v_given, p_of.currency), p_of.number, session_user
      USING ERRCODE = 'AR012', HINT = 'Ask for a credit note; somebody else approves it.';
  END IF;
END $$;

-- Set credits against debits, or undo it: "moves": [{"from", "to", "amount"}] by document number.
CREATE OR REPLACE FUNCTION ar.post_moves(p_posting bigint, p_doc jsonb, p_today date) RETURNS void
LANGUAGE plpgsql SET search_path = ar, pg_catalog, pg_temp AS $$
DECLARE
  x jsonb; v_from document; v_to document; v_day constant date := coalesce((p_doc ->> 'date')::date, p_today);
BEGIN
  IF jsonb_typeof(p_doc -> 'moves') IS DISTINCT FROM 'array' OR jsonb_array_length(p_doc -> 'moves') = 0 THEN
    RAISE EXCEPTION 'there is nothing to move' USING ERRCODE = 'AR008', HINT = 'Give "moves": [{"from", "to", "amount"}].';
  END IF;
  PERFORM ar.lock_items(ARRAY(SELECT y ->> side FROM jsonb_array_elements(p_doc -> 'moves') y, unnest(ARRAY['from', 'to']) side));
  FOR x IN SELECT * FROM jsonb_array_elements(p_doc -> 'moves') LOOP
    IF (x ->> 'amount')::bigint <= 0 THEN
      RAISE EXCEPTION 'an amount to move is positive' USING ERRCODE = 'AR008', HINT = 'To undo an allocation post an unallocation.';
    END IF;
    v_from := ar.document_by_number(x ->> 'from', NULL, -1);
    v_to := ar.document_by_number(x ->> 'to', v_from.account_id, 1);
    IF p_doc ->> 'kind' = 'allocation' THEN
      IF (p_doc ->> 'date') IS NOT NULL AND v_day < greatest(v_from.posted_on, v_to.posted_on) THEN
        RAISE EXCEPTION 'an allocation cannot take effect on %, before both sides are in the books', ar.said(v_day) USING ERRCODE = 'AR008',
          HINT = format('Use %s or later.', ar.said(greatest(v_from.posted_on, v_to.posted_on)));
      END IF;
      PERFORM ar.spread(p_posting, v_to.id, v_from.id, (x ->> 'amount')::bigint, v_day,
        CASE v_from.kind WHEN 'credit_note' THEN 'credit_note' WHEN 'receipt' THEN 'payment' WHEN 'identify' THEN 'payment' ELSE 'other' END);
    ELSE
      PERFORM ar.unlink(p_posting, v_from.id, v_to.id, (x ->> 'amount')::bigint, v_day, true);
    END IF;
  END LOOP;
END $$;

CREATE OR REPLACE FUNCTION ar.is_reversed(p_document bigint) RETURNS boolean LANGUAGE sql STABLE SET search_path = ar, pg_catalog, pg_temp AS $$
  SELECT EXISTS (SELECT 1 FROM document r WHERE r.reverses_id = p_document AND NOT EXISTS (SELECT 1 FROM document z WHERE z.reverses_id = r.id)) $$;

-- What the standing credit notes of an invoice make, all of them or those one person posted.
CREATE OR REPLACE FUNCTION ar.credited(p_of bigint, p_by name) RETURNS bigint LANGUAGE sql STABLE SET search_path = ar, pg_catalog, pg_temp AS $$
  SELECT coalesce(sum(d.amount), 0)::bigint FROM document d JOIN posting p ON p.id = d.posting_id
  WHERE d.of_id = p_of AND d.kind = 'credit_note' AND (p_by IS NULL OR p.posted_by = p_by) AND NOT ar.is_reversed(d.id) $$;

-- Reverse a document: undo what it is allocated to, mirror its lines, close its items with the mirror's.
-- Reversing a reversal puts the first document back, with the allocations the reversal undid as far as they still fit.
CREATE OR REPLACE FUNCTION ar.reverse(p_posting bigint, p_of ar.document, p_doc jsonb, p_day date, p_kind text DEFAULT 'reversal') RETURNS bigint
LANGUAGE plpgsql SET search_path = ar, pg_catalog, pg_temp AS $$
DECLARE
  v_id bigint; i record; a record; take bigint; dependent document;
BEGIN
  PERFORM 1 FROM document WHERE id = p_of.id FOR NO KEY UPDATE;
  IF ar.is_reversed(p_of.id) THEN
    RAISE EXCEPTION '% is already reversed', p_of.number USING ERRCODE = 'AR009', HINT = 'Reverse the reversal to put it back.';
  END IF;
  IF EXISTS (SELECT 1 FROM document WHERE id = p_of.reverses_id AND reverses_id IS NOT NULL) THEN
    RAISE EXCEPTION '% put a document back; reverse that document again', p_of.number USING ERRCODE = 'AR010', HINT = 'Name the first document.';
  END IF;
  IF p_of.kind = 'exchange_difference' THEN
    RAISE EXCEPTION 'an exchange difference follows its allocation' USING ERRCODE = 'AR010', HINT = 'Un-allocate instead.';
  END IF;
  IF p_of.reverses_id IS NULL THEN
    PERFORM ar.unlink(p_posting, p_of.id, NULL, NULL, p_day);
  ELSE
    PERFORM ar.unlink(p_posting, p_of.id, p_of.reverses_id, NULL, p_day);
  END IF;
  PERFORM ar.check_open(p_day);
  INSERT INTO document (posting_id, kind, event, account_id, number, doc_date, posted_on, currency, amount, tax, rate, memo, reference, method, of_id, reverses_id)
    VALUES (p_posting, p_kind, 'reversal', p_of.account_id, coalesce(nullif(p_doc ->> 'number', ''), ar.next_number('reversal')), p_day, p_day, p_of.currency, p_of.amount, p_of.tax, p_of.rate,
            coalesce(p_doc ->> 'memo', p_of.number), p_of.reference, p_doc ->> 'reason', p_of.id, p_of.id) RETURNING id INTO v_id;
  INSERT INTO journal_line (document_id, line, gl, account_id, posted_on, currency, amount, base_amount)
    SELECT v_id, line, gl, account_id, p_day, currency, -amount, -base_amount FROM journal_line WHERE document_id = p_of.id;
  FOR i IN SELECT * FROM open_item WHERE document_id = p_of.id ORDER BY seq LOOP
    INSERT INTO open_item (document_id, account_id, seq, is_vendor, currency, doc_date, posted_on, due_on, original, open, base)
      VALUES (v_id, i.account_id, i.seq, i.is_vendor, i.currency, p_day, p_day, p_day, -i.original, -i.original, -i.base);
  END LOOP;
  FOR i IN SELECT o.id AS one, m.id AS two, o.original FROM open_item o JOIN open_item m ON m.document_id = v_id AND m.seq = o.seq WHERE o.document_id = p_of.id ORDER BY o.seq LOOP
    PERFORM ar.move(p_posting, CASE WHEN i.original > 0 THEN i.one ELSE i.two END, CASE WHEN i.original > 0 THEN i.two ELSE i.one END, abs(i.original), p_day, 'reversal');
  END LOOP;
  -- what hangs on it goes with it, after it: the first document of a posting is the one the answer names
  FOR dependent IN SELECT d.* FROM document d WHERE d.of_id = p_of.id AND d.kind IN ('discount', 'small_difference', 'identify', 'deposit_applied')
      AND NOT ar.is_reversed(d.id) ORDER BY d.id LOOP
    PERFORM ar.reverse(p_posting, dependent, CASE WHEN p_doc ? 'reason' THEN jsonb_build_object('reason', p_doc ->> 'reason') ELSE '{}' END, p_day);
  END LOOP;
  IF p_of.reverses_id IS NOT NULL THEN   -- put back what the first reversal took apart
    FOR a IN SELECT r.debit_item_id, r.credit_item_id, r.kind, -sum(r.amount) AS amount FROM allocation r
             WHERE r.posting_id = p_of.posting_id AND r.amount < 0 AND r.kind <> 'reversal'
               AND EXISTS (SELECT 1 FROM open_item x WHERE x.id IN (r.debit_item_id, r.credit_item_id) AND x.document_id = p_of.reverses_id)
             GROUP BY 1, 2, 3 ORDER BY min(r.id) LOOP
      SELECT least(a.amount, x.open, -y.open) INTO take FROM open_item x, open_item y WHERE x.id = a.debit_item_id AND y.id = a.credit_item_id;
      IF take > 0 THEN
        PERFORM ar.move(p_posting, a.debit_item_id, a.credit_item_id, take, p_day, a.kind);
      END IF;
    END LOOP;
    FOR dependent IN SELECT r.* FROM document r JOIN document d ON d.id = r.reverses_id
        WHERE d.of_id = p_of.reverses_id AND r.posting_id = p_of.posting_id AND d.kind IN ('discount', 'small_difference', 'identify', 'deposit_applied')
          AND NOT EXISTS (SELECT 1 FROM document z WHERE z.reverses_id = r.id) ORDER BY r.id LOOP
      PERFORM ar.reverse(p_posting, dependent, '{}', p_day);
    END LOOP;
  END IF;
  PERFORM ar.check_standing(coalesce(p_of.reverses_id, p_of.id), p_of.reverses_id IS NOT NULL);
  RETURN v_id;
END $$;

-- A document has just been put back (p_back) or taken away: what leans on it, or was done anew meanwhile, must still have something to lean on.
CREATE OR REPLACE FUNCTION ar.check_standing(p_document bigint, p_back boolean) RETURNS void LANGUAGE plpgsql SET search_path = ar, pg_catalog, pg_temp AS $$
DECLARE
  d document; b document; v_used bigint; v_whole bigint; other text;
BEGIN
  SELECT * INTO d FROM document WHERE id = p_document;
  SELECT * INTO b FROM document WHERE id = d.of_id;
  IF p_back AND d.kind IN ('credit_note', 'write_off') AND ar.is_reversed(b.id) THEN
    RAISE EXCEPTION '% was taken back since: % would be given away twice', b.number, ar.units(d.amount, d.currency) USING ERRCODE = 'AR010', HINT = format('Put %s back first.', b.number);
  ELSIF p_back AND d.kind IN ('credit_note', 'identify', 'deposit_applied') AND b.id IS NOT NULL THEN
    v_used := (SELECT sum(amount) FROM document x WHERE x.of_id = b.id AND x.kind = d.kind AND NOT ar.is_reversed(x.id));
    v_whole := b.amount;
  ELSIF (p_back AND d.kind = 'recovery') OR (NOT p_back AND d.kind = 'write_off') THEN
    v_used := (SELECT sum(amount) FROM document x WHERE x.of_id = b.id AND x.kind = 'recovery' AND NOT ar.is_reversed(x.id));
    v_whole := (SELECT coalesce(sum(amount), 0) FROM document x WHERE x.of_id = b.id AND x.kind = 'write_off' AND NOT ar.is_reversed(x.id));
  ELSIF NOT p_back AND d.kind IN ('invoice', 'opening') THEN
    SELECT min(x.number) INTO other FROM document x WHERE x.of_id = d.id AND x.kind IN ('credit_note', 'write_off') AND NOT ar.is_reversed(x.id);
    IF other IS NOT NULL THEN
      RAISE EXCEPTION '% cannot be taken back while % stands: the account would be given its amount twice', d.number, other USING ERRCODE = 'AR010', HINT = format('Reverse %s first.', other);
    END IF;
  ELSIF p_back AND d.kind = 'discount' THEN
    IF EXISTS (SELECT 1 FROM open_item WHERE document_id = d.id AND open <> 0) THEN
      RAISE EXCEPTION '% cannot be put back with its discount of %: what that was given on is settled since', b.number, ar.units(d.amount, d.currency)
        USING ERRCODE = 'AR010', HINT = 'Un-allocate what settled it first, or enter the payment anew.';
    END IF;
    PERFORM ar.check_discount(x, 0) FROM document x WHERE x.id IN
      (SELECT i.document_id FROM open_item c JOIN allocation a ON a.credit_item_id = c.id AND a.kind = 'discount' JOIN open_item i ON i.id = a.debit_item_id WHERE c.document_id = d.id);
  ELSIF p_back AND d.kind = 'charge' THEN
    SELECT coalesce(c.number, 'waived') INTO other FROM charge_span s JOIN open_item i ON i.id = s.item_id JOIN charge_span t ON t.what = s.what AND t.id <> s.id JOIN open_item o ON o.id = t.item_id
      LEFT JOIN document c ON c.id = t.document_id
      WHERE s.document_id = d.id AND o.document_id = i.document_id AND (s.what = 'fixed_sum' OR (t.item_id = s.item_id AND t.first_on <= s.last_on AND t.last_on >= s.first_on)) AND ar.stands(t) LIMIT 1;
    IF other IS NOT NULL THEN
      RAISE EXCEPTION '% cannot be put back: its days were % since', d.number, CASE other WHEN 'waived' THEN 'waived' ELSE 'charged as ' || other END
        USING ERRCODE = 'AR009', HINT = 'A day is charged once.';
    END IF;
  END IF;
  IF v_used > v_whole THEN
    RAISE EXCEPTION '% of % cannot be %: % of its % would be used', replace(d.kind, '_', ' '), b.number, CASE WHEN p_back THEN 'put back' ELSE 'taken back' END,
      ar.units(v_used, b.currency), ar.units(v_whole, b.currency) USING ERRCODE = 'AR004', HINT = 'Reverse what was done since first.';
  END IF;
END $$;

-- Only void and "error" may keep the original's day; all else is dated when it happened, moved to the first open day.
CREATE OR REPLACE FUNCTION ar.post_reversal(p_posting bigint, p_doc jsonb, p_today date) RETURNS void
LANGUAGE plpgsql SET search_path = ar, pg_catalog, pg_temp AS $$
DECLARE
  v_of constant document := ar.document_by_number(p_doc ->> 'document', NULL, NULL, p_doc ->> 'document_kind');
  v_reason constant text := coalesce(p_doc ->> 'reason', 'error');
  v_day date; v_fee constant bigint := coalesce((p_doc ->> 'fee')::bigint, 0); v_account account; v_id bigint;
BEGIN
  -- what it was made of, before anything else: whoever uses the same money or the same days takes this lock first, too
  PERFORM 1 FROM document WHERE id = coalesce((SELECT of_id FROM document WHERE id = v_of.reverses_id), v_of.of_id) FOR NO KEY UPDATE;
  PERFORM 1 FROM open_item WHERE document_id IN (v_of.id, (SELECT o.document_id FROM charge_span c JOIN open_item o ON o.id = c.item_id WHERE c.document_id = coalesce(v_of.reverses_id, v_of.id))) ORDER BY id FOR UPDATE;
  IF v_reason = 'void' AND EXISTS (SELECT 1 FROM open_item WHERE document_id = v_of.id AND open <> original) THEN
    RAISE EXCEPTION '% is allocated and cannot be voided', v_of.number USING ERRCODE = 'AR010', HINT = 'Un-allocate it first, or issue a credit note.';
  END IF;
  v_day := greatest(coalesce((p_doc ->> 'date')::date, p_today), v_of.posted_on);
  v_day := greatest(v_day, coalesce((SELECT max(last_on) FROM open_item WHERE document_id = v_of.id AND v_reason NOT IN ('void')), v_day));
  v_day := ar.next_open_day(v_day);
  v_id := ar.reverse(p_posting, v_of, p_doc, v_day);
  IF v_fee <> 0 THEN
    SELECT * INTO v_account FROM account WHERE id = coalesce(v_of.account_id,   -- money of an unknown payer: of whoever it was found to come from
      (SELECT d.account_id FROM document d WHERE d.of_id = v_of.id AND d.kind = 'identify' ORDER BY d.id DESC LIMIT 1));
    PERFORM ar.book(p_posting, 'nsf_fee', 'charge', v_account, jsonb_build_object('date', v_day, 'currency', v_of.currency, 'memo', v_of.number), v_fee, v_id);
  END IF;
END $$;

-- Write-off, small difference, refund, recovery, transfer, netting: each books its own item and links it to what it closes.
CREATE OR REPLACE FUNCTION ar.post_adjustment(p_posting bigint, p_doc jsonb, p_today date) RETURNS void
LANGUAGE plpgsql SET search_path = ar, pg_catalog, pg_temp AS $$
DECLARE
  v_kind constant text := p_doc ->> 'kind';
  v_of document; v_account account; v_other account; v_id bigint; v_amount bigint := (p_doc ->> 'amount')::bigint; v_sign int; v_event text := v_kind; v_doc jsonb;
BEGIN
  v_doc := p_doc || jsonb_build_object('date', coalesce((p_doc ->> 'date')::date, p_today));
  IF p_doc ->> 'document' IS NOT NULL THEN
    v_of := ar.document_by_number(p_doc ->> 'document', NULL, CASE v_kind WHEN 'refund' THEN -1 WHEN 'write_off' THEN 1 END);
    SELECT * INTO v_account FROM account WHERE id = v_of.account_id;
    v_doc := v_doc || jsonb_build_object('currency', v_of.currency);
  ELSE
    v_account := ar.account_by_number('customer', p_doc ->> 'customer');
  END IF;
  v_sign := CASE WHEN v_of.id IS NULL THEN CASE WHEN v_kind = 'refund' THEN -1 ELSE 1 END
    ELSE (SELECT sign(original) FROM open_item WHERE document_id = v_of.id LIMIT 1) END;
  IF v_of.id IS NOT NULL AND v_amount IS NULL THEN
    SELECT abs(sum(open)) INTO v_amount FROM open_item WHERE document_id = v_of.id;
  END IF;
  IF v_kind = 'write_off' THEN
    v_event := CASE WHEN ar.setting_on('write_off.method', p_today) #>> '{}' = 'direct' THEN 'write_off_direct' ELSE 'write_off' END;
  END IF;
  IF (v_kind IN ('write_off', 'small_difference') AND v_of.id IS NULL) OR (v_kind = 'write_off' AND v_sign < 0) OR (v_kind = 'refund' AND v_sign > 0) THEN
    RAISE EXCEPTION 'a % names an open % ', replace(v_kind, '_', ' '), CASE v_kind WHEN 'refund' THEN 'credit' ELSE 'invoice' END USING ERRCODE = 'AR008', HINT = 'Give its number as "document".';
  END IF;
  IF coalesce(v_amount, 0) <= 0 THEN
    RAISE EXCEPTION 'the amount of a % is positive', replace(v_kind, '_', ' ') USING ERRCODE = 'AR008', HINT = 'Give an amount that is open.';
  END IF;
  IF v_kind = 'recovery' THEN
    PERFORM ar.check_recovery(v_of, v_amount);
    v_id := ar.book(p_posting, 'recovery', 'recovery', v_account, v_doc - 'number', v_amount, v_of.id);
    PERFORM ar.spread(p_posting, v_id, ar.book(p_posting, 'receipt', 'receipt', v_account, v_doc, v_amount, v_id), v_amount, (v_doc ->> 'date')::date, 'payment');
  ELSIF v_kind = 'transfer' THEN
    v_other := ar.account_by_number('customer', p_doc ->> 'to');
    IF NOT ar.same_group(v_account.id, v_other.id) OR v_account.id = v_other.id THEN
      RAISE EXCEPTION '% and % are not two accounts of one group', v_account.number, v_other.number USING ERRCODE = 'AR010', HINT = 'Only accounts of one group can exchange items.';
    END IF;
    -- a positive transfer moves debt from one account to the other, a negative one moves credit
    v_id := ar.book(p_posting, 'transfer', 'transfer', v_account, v_doc, v_amount * v_sign, v_of.id, v_other);
    IF v_of.id IS NOT NULL THEN
      PERFORM ar.spread_item(p_posting, v_of.id, v_id, v_amount, (v_doc ->> 'date')::date, 'transfer');
    END IF;
  ELSIF v_kind = 'netting' THEN
    IF nullif(p_doc ->> 'reference', '') IS NULL THEN
      RAISE EXCEPTION 'netting needs the reference of both parties'' consent' USING ERRCODE = 'AR008', HINT = 'Give it as "reference".';
    END IF;
    v_other := ar.account_by_number('vendor', p_doc ->> 'vendor');
    IF v_account.kind <> 'customer' OR (SELECT count(DISTINCT coalesce(parent_id, id)) FROM party WHERE id IN (v_account.party_id, v_other.party_id)) <> 1 THEN
      RAISE EXCEPTION '% and % are not one party', v_account.number, v_other.number USING ERRCODE = 'AR010', HINT = 'Only what one party owes both ways can be netted.';
    END IF;
    v_id := ar.book(p_posting, 'netting', 'netting', v_account, v_doc, v_amount, v_of.id, v_other);
    IF v_of.id IS NOT NULL THEN
      PERFORM ar.spread_item(p_posting, v_of.id, v_id, v_amount, (v_doc ->> 'date')::date, 'netting');
    END IF;
    IF p_doc ->> 'purchase' IS NOT NULL THEN
      PERFORM ar.spread_item(p_posting, (SELECT id FROM document WHERE kind = 'purchase' AND account_id = v_other.id AND number = p_doc ->> 'purchase'), v_id, v_amount, (v_doc ->> 'date')::date, 'netting');
    END IF;
  ELSE
    v_id := ar.book(p_posting, v_event, v_kind, v_account, v_doc, v_amount * CASE WHEN v_kind = 'small_difference' THEN v_sign ELSE 1 END, v_of.id);
    IF v_of.id IS NOT NULL AND v_sign > 0 THEN
      PERFORM ar.spread(p_posting, v_of.id, v_id, v_amount, (v_doc ->> 'date')::date, v_kind);
    ELSIF v_of.id IS NOT NULL THEN
      PERFORM ar.spread(p_posting, v_id, v_of.id, v_amount, (v_doc ->> 'date')::date, v_kind);
    ELSE
      PERFORM ar.refund_oldest(p_posting, v_id, v_account.id, v_doc ->> 'currency', v_amount, (v_doc ->> 'date')::date);
    END IF;
  END IF;
END $$;

-- No more is recovered than was written off. The document is locked, so that two recoveries do not both see the whole of it.
CREATE OR REPLACE FUNCTION ar.check_recovery(p_of ar.document, p_amount bigint) RETURNS void LANGUAGE plpgsql SET search_path = ar, pg_catalog, pg_temp AS $$
BEGIN
  PERFORM 1 FROM document WHERE id = p_of.id FOR NO KEY UPDATE;
  IF p_of.id IS NULL OR p_amount > coalesce((SELECT sum(amount) FROM document d WHERE d.of_id = p_of.id AND d.kind = 'write_off' AND NOT ar.is_reversed(d.id)), 0)
      - coalesce((SELECT sum(amount) FROM document d WHERE d.of_id = p_of.id AND d.kind = 'recovery' AND NOT ar.is_reversed(d.id)), 0) THEN
    RAISE EXCEPTION '% is more than was written off of %', ar.units(p_amount, p_of.currency), coalesce(p_of.number, 'nothing') USING ERRCODE = 'AR004',
      HINT = 'Recover at most what was written off; post the rest as a receipt.';
  END IF;
END $$;

-- A refund that names no document takes the account's oldest credits; there must be enough of them.
CREATE OR REPLACE FUNCTION ar.refund_oldest(p_posting bigint, p_refund bigint, p_account bigint, p_currency text, p_amount bigint, p_day date) RETURNS void
LANGUAGE plpgsql SET search_path = ar, pg_catalog, pg_temp AS $$
DECLARE
  c record; v_left bigint := p_amount; take bigint; v_debit open_item;
BEGIN
  SELECT * INTO v_debit FROM open_item WHERE document_id = p_refund;
  FOR c IN SELECT * FROM open_item WHERE account_id = p_account AND currency = v_debit.currency AND open < 0 ORDER BY posted_on, id FOR UPDATE LOOP
    take := least(-c.open, v_left);
    EXIT WHEN take <= 0;
    PERFORM ar.move(p_posting, v_debit.id, c.id, take, greatest(p_day, c.posted_on), 'refund');
    v_left := v_left - take;
  END LOOP;
  IF v_left > 0 THEN
    RAISE EXCEPTION 'the account has no credit of % to refund', ar.units(p_amount, v_debit.currency) USING ERRCODE = 'AR004', HINT = 'Refund at most what is unapplied.';
  END IF;
END $$;

-- Link a two-sided document (transfer, netting) to one document, on the side that belongs to the same account.
CREATE OR REPLACE FUNCTION ar.spread_item(p_posting bigint, p_of bigint, p_two_sided bigint, p_amount bigint, p_day date, p_kind text) RETURNS void
LANGUAGE plpgsql SET search_path = ar, pg_catalog, pg_temp AS $$
DECLARE
  i record; mine open_item; take bigint; v_left bigint := p_amount;
BEGIN
  SELECT m.* INTO mine FROM open_item m WHERE m.document_id = p_two_sided AND m.account_id = (SELECT account_id FROM document WHERE id = p_of);
  FOR i IN SELECT * FROM open_item WHERE document_id = p_of ORDER BY due_on, seq LOOP
    take := least(abs(i.open), v_left);
    CONTINUE WHEN take <= 0;
    PERFORM ar.move(p_posting, CASE WHEN i.original > 0 THEN i.id ELSE mine.id END, CASE WHEN i.original > 0 THEN mine.id ELSE i.id END, take, greatest(p_day, i.posted_on), p_kind);
    v_left := v_left - take;
  END LOOP;
  IF v_left > 0 THEN
    RAISE EXCEPTION '% has less than that open', (SELECT number FROM document WHERE id = p_of) USING ERRCODE = 'AR004', HINT = 'Read the account again.';
  END IF;
END $$;

CREATE OR REPLACE FUNCTION ar.post_dispute(p_posting bigint, p_doc jsonb, p_today date) RETURNS void
LANGUAGE plpgsql SET search_path = ar, pg_catalog, pg_temp AS $$
DECLARE
  v_of constant document := ar.document_by_number(p_doc ->> 'document', NULL, 1); v_left bigint; i record; take bigint;
BEGIN
  v_left := coalesce((p_doc ->> 'amount')::bigint, (SELECT sum(open) FROM open_item WHERE document_id = v_of.id AND original > 0));
  FOR i IN SELECT * FROM open_item WHERE document_id = v_of.id AND original > 0 ORDER BY due_on, seq FOR UPDATE LOOP
    take := least(i.open, v_left);
    UPDATE open_item SET disputed = take, dispute_reason = CASE WHEN take > 0 THEN p_doc ->> 'reason' END WHERE id = i.id AND (disputed, dispute_reason) IS DISTINCT FROM (take, p_doc ->> 'reason');
    v_left := v_left - take;
  END LOOP;
  IF v_left > 0 THEN
    RAISE EXCEPTION '% has less open than the amount in dispute', v_of.number USING ERRCODE = 'AR004', HINT = 'Dispute at most what is open.';
  END IF;
END $$;

-- An unknown customer is created only when the sender says so.
CREATE OR REPLACE FUNCTION ar.ensure_customer(p_doc jsonb, p_today date) RETURNS void LANGUAGE plpgsql SET search_path = ar, pg_catalog, pg_temp AS $$
DECLARE
  v_party bigint;
BEGIN
  IF coalesce((p_doc ->> 'create_customer')::boolean, false) AND nullif(p_doc ->> 'customer', '') IS NOT NULL
     AND NOT EXISTS (SELECT 1 FROM account WHERE kind = 'customer' AND number = p_doc ->> 'customer') THEN
    PERFORM ar.need('customer');
    INSERT INTO party (name) VALUES (coalesce(nullif(p_doc ->> 'customer_name', ''), p_doc ->> 'customer')) RETURNING id INTO v_party;
    INSERT INTO account (kind, number, party_id, currency, opened_on)
      VALUES ('customer', p_doc ->> 'customer', v_party, coalesce(p_doc ->> 'currency', ar.setting_on('company.currency', p_today) #>> '{}'), p_today)
      ON CONFLICT (kind, number) DO NOTHING;
  END IF;
END $$;

-- Carry out one document under a posting that has already been claimed.
CREATE OR REPLACE FUNCTION ar.carry_out(p_posting bigint, p_doc jsonb, p_today date) RETURNS void LANGUAGE plpgsql SET search_path = ar, pg_catalog, pg_temp AS $$
DECLARE
  v_kind constant text := p_doc ->> 'kind';
BEGIN
  PERFORM ar.ensure_customer(p_doc, p_today);
  IF p_doc ? 'apply' OR p_doc ? 'use' THEN PERFORM ar.post_entered(p_posting, p_doc, p_today);
  ELSIF v_kind IN ('allocation', 'unallocation') THEN PERFORM ar.post_moves(p_posting, p_doc, p_today);
  ELSIF v_kind = 'reversal' THEN PERFORM ar.post_reversal(p_posting, p_doc, p_today);
  ELSIF v_kind = 'dispute' THEN PERFORM ar.post_dispute(p_posting, p_doc, p_today);
  ELSIF v_kind IN ('write_off', 'small_difference', 'refund', 'recovery', 'transfer', 'netting') THEN PERFORM ar.post_adjustment(p_posting, p_doc, p_today);
  ELSIF v_kind IN ('invoice', 'credit_note', 'receipt', 'charge', 'opening', 'purchase', 'vendor_payment', 'withholding', 'bank_charge', 'bank_interest', 'bank_transfer', 'allowance',
                   'exchange_close', 'identify', 'deposit_applied') THEN PERFORM ar.post_simple(p_posting, p_doc, p_today);
  ELSE RAISE EXCEPTION 'a document of kind % cannot be posted', coalesce(v_kind, '(none)') USING ERRCODE = 'AR008', HINT = 'See artui post --help for the kinds.';
  END IF;
END $$;

-- Post one document. p_doc: amounts in minor units, accounts and documents by number. Answers
-- {"status": "posted" | "exists" | "waiting" | "refused", "document": number, "posting": id, "approval": id}.
-- p_today is the business date of the session; the server's own date is never used.
CREATE OR REPLACE FUNCTION api.post(p_key uuid, p_doc jsonb, p_today date) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = ar, pg_catalog, pg_temp AS $$
DECLARE
  v_kind constant text := coalesce(p_doc ->> 'kind', '');
  claimed record; needed jsonb;
BEGIN
  PERFORM ar.need(v_kind);
  IF p_doc ? 'batch_id' THEN
    RAISE EXCEPTION 'a receipt joins a batch only through the batch' USING ERRCODE = '42501', HINT = 'Add it to the batch while that is open.';
  END IF;
  IF p_key IS NULL OR p_today IS NULL THEN
    RAISE EXCEPTION 'a posting needs its key and the business date' USING ERRCODE = 'AR008';
  END IF;
  SELECT * INTO claimed FROM ar.claim(p_key, v_kind, p_doc, p_today);
  IF NOT claimed.fresh THEN
    RETURN ar.answer(claimed.posting, 'exists');
  END IF;
  IF v_kind = 'small_difference' THEN
    PERFORM ar.check_small(p_doc, p_today);
  ELSIF v_kind IN ('credit_note', 'opening', 'reversal') THEN
    PERFORM 1 FROM staff WHERE login = session_user FOR NO KEY UPDATE;   -- two credits of one person at once would both fit
  END IF;
  needed := ar.second_person(p_doc, p_today);
  IF needed IS NOT NULL THEN
    PERFORM ar.check_fields(p_doc);
    IF v_kind IN ('write_off', 'refund') AND nullif(btrim(p_doc ->> 'reason'), '') IS NULL THEN
      RAISE EXCEPTION 'a % needs a reason', replace(v_kind, '_', ' ') USING ERRCODE = 'AR008', HINT = 'The person who approves it will read it.';
    END IF;
    IF v_kind = 'credit_note' AND p_doc ->> 'of' IS NOT NULL THEN
      PERFORM ar.check_credited(ar.document_by_number(p_doc ->> 'of', NULL, NULL), (needed ->> 'amount')::bigint, true);
    END IF;
    BEGIN   -- what could not be posted is refused now, not when somebody approves it
      PERFORM ar.effects(v_kind, ar.with_amount(p_doc, needed), p_today);
    EXCEPTION WHEN SQLSTATE 'AR003' THEN   -- into a month closed softly those may post who decide
      IF EXISTS (SELECT 1 FROM period WHERE state = 'closed' AND month = date_trunc('month', coalesce((p_doc ->> 'posting_date')::date, (p_doc ->> 'date')::date, p_today))::date) THEN
        RAISE;
      END IF;
    END;
    IF v_kind = 'reversal' THEN
      PERFORM 1 FROM document WHERE id = (ar.document_by_number(p_doc ->> 'document', NULL, NULL, p_doc ->> 'document_kind')).id FOR NO KEY UPDATE;   -- asked for by two at once
      PERFORM ar.check_asked(p_doc);
    END IF;
    INSERT INTO approval (posting_id, action, document, currency, amount, reason)
      VALUES (claimed.posting, v_kind, ar.with_amount(p_doc, needed), needed ->> 'currency', (needed ->> 'amount')::bigint,
              coalesce(nullif(btrim(p_doc ->> 'reason'), ''), nullif(p_doc ->> 'memo', ''), replace(v_kind, '_', ' ') || coalesce(' of ' || (p_doc ->> 'of'), '')));
    RETURN ar.answer(claimed.posting, 'waiting');
  END IF;
  PERFORM ar.carry_out(claimed.posting, p_doc, p_today);
  RETURN ar.answer(claimed.posting, 'posted');
END $$;

-- Who may decide a request: those with the right and a limit high enough. What somebody may give away alone is measured by the same rows.
CREATE OR REPLACE FUNCTION ar.within_limit(p_login name, p_action text, p_amount bigint, p_currency text) RETURNS boolean LANGUAGE sql STABLE SET search_path = ar, pg_catalog, pg_temp AS $$
  SELECT coalesce(bool_or(l.max_amount IS NULL OR ar.in_currency(l.max_amount, p_currency, '2200-12-31') >= p_amount), false)
  FROM approval_limit l JOIN pg_roles r ON r.rolname = 'ar_' || l.role WHERE l.action = p_action AND pg_has_role(p_login, r.oid, 'MEMBER') $$;
CREATE OR REPLACE FUNCTION ar.deciders(p_action text, p_amount bigint, p_currency text, p_maker name) RETURNS name[] LANGUAGE sql STABLE SET search_path = ar, pg_catalog, pg_temp AS $$
  SELECT coalesce(array_agg(s.login ORDER BY s.login), '{}') FROM staff s WHERE s.disabled_at IS NULL AND EXISTS (SELECT 1 FROM pg_roles WHERE rolname = s.login)
    AND (s.login <> p_maker OR coalesce((ar.setting_on('one_person_office', '2200-12-31') #>> '{}')::boolean, false))
    AND EXISTS (SELECT 1 FROM permission p JOIN pg_roles r ON r.rolname = 'ar_' || p.role WHERE p.action = 'approve' AND pg_has_role(s.login, r.oid, 'MEMBER'))
    AND ar.within_limit(s.login, p_action, p_amount, p_currency) $$;

-- What the caller has given an account or its group in credits of no invoice that day and still stands, in another currency at the latest rates; an opening
-- credit is of none, whatever it names. What was put back that day is given again. The business date is the caller's word, the instant is not.
CREATE OR REPLACE FUNCTION ar.given_that_day(p_account bigint, p_kind text, p_currency text, p_today date) RETURNS bigint LANGUAGE sql STABLE SET search_path = ar, pg_catalog, pg_temp AS $$
  SELECT coalesce(ceil(sum(abs(d.amount) * ar.in_currency(1000000, p_currency, '2200-12-31') / nullif(ar.in_currency(1000000, d.currency, '2200-12-31'), 0))), 0)::bigint
  FROM account a JOIN party p ON p.id = a.party_id JOIN party q ON q.id = coalesce(p.parent_id, p.id) OR q.parent_id = coalesce(p.parent_id, p.id)
    JOIN account b ON b.party_id = q.id AND b.kind = a.kind JOIN document d ON d.account_id = b.id LEFT JOIN document i ON i.id = d.of_id
  WHERE a.id = p_account AND d.kind = p_kind AND CASE p_kind WHEN 'opening' THEN d.amount < 0 ELSE coalesce(i.kind NOT IN ('invoice', 'opening', 'charge'), true) END
    AND EXISTS (SELECT 1 FROM (SELECT d.posting_id AS id UNION ALL SELECT z.posting_id FROM document r JOIN document z ON z.reverses_id = r.id WHERE r.reverses_id = d.id) g
      JOIN posting o ON o.id = g.id WHERE o.posted_by = session_user AND (o.business_date = p_today OR o.posted_at > clock_timestamp() - interval '12 hours'))
    AND NOT ar.is_reversed(d.id) $$;

-- Whether a second person must decide: write-offs and refunds always; above its maker's own limit a credit note, an opening credit and the reversal of an invoice,
-- which give away as much. {"amount", "currency"}, else null.
CREATE OR REPLACE FUNCTION ar.second_person(p_doc jsonb, p_today date) RETURNS jsonb LANGUAGE plpgsql STABLE SET search_path = ar, pg_catalog, pg_temp AS $$
DECLARE
  v_kind constant text := p_doc ->> 'kind'; v_of document; v_back document; v_amount bigint; v_currency text; v_before bigint := 0;
BEGIN
  IF v_kind = 'reversal' THEN
    v_of := ar.document_by_number(p_doc ->> 'document', NULL, NULL, p_doc ->> 'document_kind');
    SELECT * INTO v_back FROM document WHERE id = v_of.reverses_id;   -- what comes back when a reversal is reversed
    IF v_back.kind = 'credit_note' AND (SELECT kind FROM document WHERE id = v_back.of_id) IN ('invoice', 'opening', 'charge') THEN   -- with what was given in its place
      v_before := ar.credited(v_back.of_id, session_user);
    ELSIF v_back.kind IN ('credit_note', 'opening') THEN
      v_before := ar.given_that_day(v_back.account_id, v_back.kind, v_back.currency, p_today);
    END IF;
    RETURN CASE WHEN v_back.kind IN ('write_off', 'refund')
        OR ((v_back.kind = 'credit_note' OR (v_back.kind = 'opening' AND v_back.amount < 0) OR (v_of.kind IN ('invoice', 'opening') AND v_of.amount > 0))
        AND NOT ar.within_limit(session_user, 'reversal', abs(v_of.amount) + v_before, v_of.currency)) THEN jsonb_build_object('amount', abs(v_of.amount), 'currency', v_of.currency) END;
  ELSIF v_kind = 'opening' AND (p_doc ->> 'amount')::bigint < 0 THEN
    v_amount := -(p_doc ->> 'amount')::bigint;
    v_currency := coalesce(p_doc ->> 'currency', (ar.account_by_number('customer', p_doc ->> 'customer')).currency);
    v_before := ar.given_that_day((SELECT id FROM account WHERE kind = 'customer' AND number = p_doc ->> 'customer'), v_kind, v_currency, p_today);
    RETURN CASE WHEN NOT ar.within_limit(session_user, v_kind, v_amount + v_before, v_currency) THEN jsonb_build_object('amount', v_amount, 'currency', v_currency) END;
  ELSIF v_kind NOT IN ('write_off', 'refund', 'credit_note') THEN
    RETURN NULL;
  ELSIF v_kind <> 'credit_note' AND nullif(p_doc ->> 'document', '') IS NOT NULL THEN
    v_of := ar.document_by_number(p_doc ->> 'document', NULL, CASE v_kind WHEN 'refund' THEN -1 ELSE 1 END);
    v_currency := v_of.currency;
    v_amount := coalesce((p_doc ->> 'amount')::bigint, (SELECT abs(sum(open)) FROM open_item WHERE document_id = v_of.id));
  ELSE
    v_amount := (p_doc ->> 'amount')::bigint;
    v_currency := coalesce(p_doc ->> 'currency', (SELECT currency FROM account WHERE kind = 'customer' AND number = p_doc ->> 'customer'));
    IF v_kind = 'credit_note' THEN
      IF p_doc ->> 'of' IS NOT NULL THEN
        v_of := ar.document_by_number(p_doc ->> 'of', NULL, NULL);
      END IF;
      IF v_of.kind IN ('invoice', 'opening', 'charge') THEN   -- a limit is not stretched by crediting one invoice in parts, nor by crediting no invoice in parts
        v_before := ar.credited(v_of.id, session_user);
      ELSE
        v_before := ar.given_that_day((SELECT id FROM account WHERE kind = 'customer' AND number = p_doc ->> 'customer'), v_kind, v_currency, p_today);
      END IF;
      RETURN CASE WHEN ar.within_limit(session_user, v_kind, v_amount + v_before, v_currency) THEN NULL ELSE jsonb_build_object('amount', v_amount, 'currency', v_currency) END;
    ELSIF v_currency IS NULL THEN
      v_currency := (ar.account_by_number('customer', p_doc ->> 'customer')).currency;
    END IF;
  END IF;
  IF coalesce(v_amount, 0) <= 0 THEN
    RAISE EXCEPTION 'nothing is open to %', replace(v_kind, '_', ' ') USING ERRCODE = 'AR004', HINT = 'Give an amount that is still open.';
  END IF;
  RETURN jsonb_build_object('amount', v_amount, 'currency', v_currency);
END $$;

-- What waits is kept as it came until somebody decides it, and shown to them by its fields: in one that nobody knows anything could stand.
CREATE OR REPLACE FUNCTION ar.check_fields(p_doc jsonb) RETURNS void LANGUAGE plpgsql SET search_path = ar, pg_catalog, pg_temp AS $$
DECLARE
  odd constant text := (SELECT min(k) FROM jsonb_path_query(p_doc - 'terms', 'strict $.**') o, jsonb_object_keys(CASE jsonb_typeof(o) WHEN 'object' THEN o ELSE '{}' END) k
    WHERE k <> ALL ('{kind,number,customer,vendor,customer_name,po,method,reference,memo,reason,of,document,document_kind,to,purchase,bank,date,due,posting_date,currency,rate,received,amount,tax,fee,
      create_customer,deposit,lines,item,description,quantity,unit_price,discount,tax_code,instalments,allocate,moves,from}'::text[]));
BEGIN
  IF odd IS NOT NULL THEN
    RAISE EXCEPTION 'there is no field "%" in a %', odd, replace(p_doc ->> 'kind', '_', ' ') USING ERRCODE = 'AR008', HINT = 'Check the spelling; nothing was asked for.';
  END IF;
END $$;

-- A reversal is asked for once: of two requests the second could only be refused when somebody decides it.
CREATE OR REPLACE FUNCTION ar.check_asked(p_doc jsonb) RETURNS void LANGUAGE plpgsql SET search_path = ar, pg_catalog, pg_temp AS $$
DECLARE
  v_of constant document := ar.document_by_number(p_doc ->> 'document', NULL, NULL, p_doc ->> 'document_kind'); earlier approval;
BEGIN
  SELECT * INTO earlier FROM approval a WHERE a.state = 'requested' AND a.action = 'reversal' AND a.document ->> 'document' = v_of.number
    AND (ar.document_by_number(v_of.number, NULL, NULL, a.document ->> 'document_kind')).id = v_of.id ORDER BY a.id LIMIT 1;
  IF earlier.id IS NOT NULL THEN
    RAISE EXCEPTION 'the reversal of % waits already, asked for by % on %', v_of.number, earlier.requested_by, ar.said(earlier.requested_at) USING ERRCODE = 'AR009', HINT = format('It is approval %s.', earlier.id);
  END IF;
END $$;

-- What waits is of a certain amount, also when everything open was asked for.
CREATE OR REPLACE FUNCTION ar.with_amount(p_doc jsonb, p_needed jsonb) RETURNS jsonb LANGUAGE sql IMMUTABLE SET search_path = ar, pg_catalog, pg_temp AS $$
  SELECT CASE WHEN p_doc ->> 'amount' IS NULL THEN p_doc || jsonb_build_object('amount', p_needed -> 'amount') ELSE p_doc END $$;

-- A clerk may let small differences go, up to a limit an item and a day.
CREATE OR REPLACE FUNCTION ar.check_small(p_doc jsonb, p_today date) RETURNS void LANGUAGE plpgsql SET search_path = ar, pg_catalog, pg_temp AS $$
DECLARE
  v_of constant document := ar.document_by_number(p_doc ->> 'document', NULL, NULL);
BEGIN
  PERFORM ar.check_small_amount(coalesce((p_doc ->> 'amount')::bigint, (SELECT abs(sum(open))::bigint FROM open_item WHERE document_id = v_of.id)), v_of.currency, p_today);
END $$;
-- A number that limits what one may do: that of the day, and never more than the latest. Somebody says which day it is, and a limit that was higher once is not so again.
CREATE OR REPLACE FUNCTION ar.least_setting(p_name text, p_today date) RETURNS numeric LANGUAGE sql STABLE SET search_path = ar, pg_catalog, pg_temp AS $$
  SELECT least((ar.setting_on(p_name, p_today) #>> '{}')::numeric, (ar.setting_on(p_name, '2200-12-31') #>> '{}')::numeric) $$;
CREATE OR REPLACE FUNCTION ar.check_small_amount(p_amount bigint, p_currency text, p_today date) RETURNS void LANGUAGE plpgsql SET search_path = ar, pg_catalog, pg_temp AS $$
DECLARE
  v_each constant numeric := ar.in_currency(ar.least_setting('small_difference.item', p_today), p_currency, '2200-12-31');
  v_day constant numeric := ar.least_setting('small_difference.day', p_today);
  v_daily constant numeric := ar.in_currency(v_day, p_currency, '2200-12-31');
BEGIN
  IF coalesce(p_amount, 0) <= 0 THEN
    RAISE EXCEPTION 'nothing is open to let go' USING ERRCODE = 'AR004', HINT = 'Give an amount that is still open.';
  END IF;
  PERFORM 1 FROM staff WHERE login = session_user FOR NO KEY UPDATE;   -- one difference of one person at a time, or two at once would both fit
  IF p_amount > v_each THEN
    RAISE EXCEPTION '% is more than the small difference of % one may let go', ar.units(p_amount, p_currency), ar.units(v_each::bigint, p_currency)
      USING ERRCODE = 'AR012', HINT = 'Propose a write-off; somebody else approves it.';
  ELSIF v_daily <= 0 OR p_amount / nullif(v_daily, 0) + coalesce((SELECT sum(abs(d.amount) / nullif(ar.in_currency(v_day, d.currency, p_today), 0)) FROM document d JOIN posting p ON p.id = d.posting_id
      WHERE p.kind = 'small_difference' AND d.kind = 'small_difference' AND p.posted_by = session_user   -- shares of the day's limit, whatever the currency
        AND (p.business_date = p_today OR p.posted_at > clock_timestamp() - interval '12 hours')), 0) > 1 THEN   -- the business date is the caller's word, the instant is not
    RAISE EXCEPTION 'small differences of % a day are used up', ar.units(v_daily::bigint, p_currency) USING ERRCODE = 'AR012', HINT = 'Propose a write-off; somebody else approves it.';
  END IF;
END $$;

-- Decide what waits. The maker is never the checker, except in an office of one person, with a reason and on record.
CREATE OR REPLACE FUNCTION api.decide(p_approval bigint, p_approve boolean, p_comment text, p_today date) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = ar, pg_catalog, pg_temp AS $$
DECLARE
  a approval; v_posting bigint; alone boolean;
BEGIN
  PERFORM ar.begin_posting();
  PERFORM ar.check_day(p_today);
  IF p_approve IS NULL THEN
    RAISE EXCEPTION 'a decision is yes or no' USING ERRCODE = 'AR008';
  END IF;
  SELECT * INTO a FROM approval WHERE id = p_approval FOR UPDATE;
  IF a.id IS NULL THEN
    RAISE EXCEPTION 'there is no approval %', p_approval USING ERRCODE = 'AR011', HINT = 'artui approvals list shows what waits.';
  END IF;
  PERFORM ar.need('approve');
  IF a.state <> 'requested' THEN
    IF (a.state = 'approved') = p_approve AND a.decided_by = session_user THEN
      RETURN ar.answer(a.posting_id, 'exists');
    END IF;
    RAISE EXCEPTION 'approval % was already % by %', a.id, a.state, a.decided_by USING ERRCODE = 'AR009', HINT = 'Nothing is left to decide.';
  END IF;
  IF NOT p_approve THEN
    UPDATE approval SET state = 'rejected', decided_by = session_user, decided_at = clock_timestamp(), comment = p_comment WHERE id = a.id;
    RETURN ar.answer(a.posting_id, 'refused');
  END IF;
  alone := a.requested_by = session_user;
  -- the business date is the caller's word: an office that was of one person once is not so again because somebody says it is that day
  IF alone AND NOT (coalesce((ar.setting_on('one_person_office', p_today) #>> '{}')::boolean AND (ar.setting_on('one_person_office', '2200-12-31') #>> '{}')::boolean, false) AND nullif(btrim(p_comment), '') IS NOT NULL) THEN
    RAISE EXCEPTION 'four eyes: % asked for this and cannot approve it', session_user USING ERRCODE = '42501',
      HINT = 'Somebody else with the right must decide, or the setting one_person_office must be on and a reason given.';
  END IF;
  IF NOT ar.within_limit(session_user, a.action, a.amount, a.currency) THEN
    RAISE EXCEPTION '% is above what % may approve', ar.units(a.amount, a.currency), session_user USING ERRCODE = '42501',
      HINT = coalesce((SELECT format('The limit is %s %s; somebody with a higher one must decide.', ar.setting_on('company.currency', p_today) #>> '{}', max(l.max_amount)) FROM approval_limit l
        JOIN pg_roles r ON r.rolname = 'ar_' || l.role WHERE l.action = a.action AND pg_has_role(session_user, r.oid, 'MEMBER') HAVING count(*) > 0), 'Somebody with a limit for this must decide.');
  END IF;
  INSERT INTO posting (key, kind, body_hash, business_date) VALUES (gen_random_uuid(), a.action, sha256(convert_to(a.document::text, 'UTF8')), p_today) RETURNING id INTO v_posting;
  PERFORM ar.carry_out(v_posting, a.document, p_today);
  UPDATE approval SET state = 'approved', decided_by = session_user, decided_at = clock_timestamp(), comment = p_comment, result_posting_id = v_posting, one_person = alone WHERE id = a.id;
  RETURN ar.answer(a.posting_id, 'posted');
END $$;

-- Whether a key has been posted: what a session asks after a lost connection instead of guessing.
CREATE OR REPLACE FUNCTION api.posted(p_key uuid) RETURNS jsonb LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ar, pg_catalog, pg_temp AS $$
  SELECT ar.answer(id, 'exists') FROM posting WHERE key = p_key AND posted_by = session_user $$;

-- Batches of receipts: entered as drafts, posted together when the total and count agree, reversed together.
DROP FUNCTION IF EXISTS api.open_batch(text, date, text, bigint, int);
CREATE OR REPLACE FUNCTION api.open_batch(p_bank text, p_deposit date, p_currency text, p_total bigint, p_count int, p_key uuid DEFAULT NULL, p_today date DEFAULT NULL) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = ar, pg_catalog, pg_temp AS $$
DECLARE
  v_number text; v_id bigint; claimed record;
BEGIN
  PERFORM ar.need('receipt'), ar.check_day(p_deposit), ar.check_control(p_total, p_count);
  IF p_key IS NOT NULL THEN   -- asked again under the same key: the same batch
    SELECT * INTO claimed FROM ar.claim(p_key, 'open_batch', jsonb_build_object('bank', p_bank, 'deposit', p_deposit, 'currency', p_currency, 'total', p_total, 'count', p_count), coalesce(p_today, p_deposit));
    IF NOT claimed.fresh THEN
      RETURN (SELECT b.number FROM record_change c JOIN batch b ON b.id = c.record::bigint WHERE c.posting_id = claimed.posting AND c.table_name = 'batch');
    END IF;
  END IF;
  v_number := 'B-' || lpad(nextval('ar.batch_number')::text, 5, '0');
  INSERT INTO batch (number, bank, deposit_date, currency, control_total, control_count) VALUES (v_number, p_bank, p_deposit, p_currency, p_total, p_count) RETURNING id INTO v_id;
  IF p_key IS NOT NULL THEN
    INSERT INTO record_change (posting_id, place, table_name, record, record_version) VALUES (claimed.posting, 1, 'batch', v_id::text, 1);
  END IF;
  RETURN v_number;
END $$;

CREATE OR REPLACE FUNCTION ar.check_control(p_total bigint, p_count int) RETURNS void LANGUAGE plpgsql SET search_path = ar, pg_catalog, pg_temp AS $$
BEGIN
  IF coalesce(p_total, 0) <= 0 OR coalesce(p_count, 0) <= 0 THEN
    RAISE EXCEPTION 'a deposit has some amount in some receipts' USING ERRCODE = 'AR008', HINT = 'Give the sum and the number that stand on its slip.';
  END IF;
END $$;

CREATE OR REPLACE FUNCTION api.add_to_batch(p_batch text, p_key uuid, p_doc jsonb) RETURNS int
LANGUAGE plpgsql SECURITY DEFINER SET search_path = ar, pg_catalog, pg_temp AS $$
DECLARE
  b batch; v_line int; total bigint; n int; entered jsonb;
BEGIN
  PERFORM ar.need('receipt');
  SELECT * INTO b FROM batch WHERE number = p_batch FOR UPDATE;
  PERFORM ar.check_text(p_doc);
  IF ar.holds_card_number(p_doc ->> 'memo') OR (p_doc ->> 'method' = 'card' AND ar.holds_card_number(p_doc ->> 'reference')) THEN
    RAISE EXCEPTION 'the receipt holds the number of a payment card' USING ERRCODE = '23514', HINT = 'Take it out: card numbers are kept nowhere here.';
  END IF;
  -- what counts is what came: money of the deposit's currency, whatever it is worth to the account that is paid
  IF b.id IS NULL OR b.state NOT IN ('open', 'balanced') OR p_doc ->> 'kind' IS DISTINCT FROM 'receipt' OR coalesce(p_doc -> 'received' ->> 'currency', p_doc ->> 'currency', b.currency) <> b.currency THEN
    RAISE EXCEPTION 'batch % takes no such receipt', p_batch USING ERRCODE = 'AR010', HINT = format('It must be open, and what came must be %s.', coalesce(b.currency::text, 'its currency'));
  END IF;
  entered := jsonb_build_object('currency', b.currency) || p_doc || jsonb_build_object('batch_id', b.id);
  SELECT line INTO v_line FROM batch_receipt WHERE key = p_key AND batch_id = b.id AND document = entered;
  IF v_line IS NULL AND EXISTS (SELECT 1 FROM batch_receipt WHERE key = p_key) THEN
    RAISE EXCEPTION 'the key % was already used for another receipt', p_key USING ERRCODE = 'AR002', HINT = 'Send a changed receipt under a new key.';
  ELSIF v_line IS NULL THEN
    SELECT coalesce(max(line), 0) + 1 INTO v_line FROM batch_receipt WHERE batch_id = b.id;
    INSERT INTO batch_receipt (batch_id, line, key, amount, document) VALUES (b.id, v_line, p_key, coalesce(p_doc -> 'received' ->> 'amount', p_doc ->> 'amount')::bigint, entered);
  END IF;
  SELECT coalesce(sum(amount), 0), count(*) INTO total, n FROM batch_receipt WHERE batch_id = b.id;
  UPDATE batch SET state = CASE WHEN (total, n) = (control_total, control_count) THEN 'balanced' ELSE 'open' END WHERE id = b.id;
  RETURN v_line;
END $$;

CREATE OR REPLACE FUNCTION api.post_batch(p_batch text, p_today date) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = ar, pg_catalog, pg_temp AS $$
DECLARE
  b batch; total bigint; n int; r record; claimed record;
BEGIN
  PERFORM ar.need('receipt');
  SELECT * INTO b FROM batch WHERE number = p_batch FOR UPDATE;
  IF b.state = 'posted' THEN
    RETURN 'exists';
  END IF;
  SELECT coalesce(sum(amount), 0), count(*) INTO total, n FROM batch_receipt WHERE batch_id = b.id;
  IF b.id IS NULL OR b.state = 'reversed' OR (total, n) IS DISTINCT FROM (b.control_total, b.control_count) THEN
    RAISE EXCEPTION 'batch % does not agree: control % in %, entered % in %', p_batch, ar.units(b.control_total, b.currency), b.control_count, ar.units(total, b.currency), n
      USING ERRCODE = 'AR013', HINT = format('The difference is %s.', ar.units(b.control_total - total, b.currency));
  END IF;
  PERFORM ar.begin_posting();
  PERFORM ar.lock_items(ARRAY(SELECT y ->> 'document' FROM batch_receipt x, jsonb_array_elements(CASE jsonb_typeof(x.document -> 'allocate') WHEN 'array' THEN x.document -> 'allocate' ELSE '[]' END) y WHERE x.batch_id = b.id));
  PERFORM ar.lock_entered(ARRAY(SELECT document FROM batch_receipt WHERE batch_id = b.id));
  FOR r IN SELECT * FROM batch_receipt WHERE batch_id = b.id ORDER BY line LOOP
    SELECT * INTO claimed FROM ar.claim(r.key, 'receipt', r.document, p_today);
    IF claimed.fresh THEN
      PERFORM ar.carry_out(claimed.posting, r.document, p_today);
    END IF;
  END LOOP;
  UPDATE batch SET state = 'posted', posted_by = session_user WHERE id = b.id;
  RETURN 'posted';
END $$;

CREATE OR REPLACE FUNCTION api.reverse_batch(p_key uuid, p_batch text, p_reason text, p_today date) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = ar, pg_catalog, pg_temp AS $$
DECLARE
  b batch; d document; claimed record;
BEGIN
  PERFORM ar.need('reversal');
  SELECT * INTO b FROM batch WHERE number = p_batch FOR UPDATE;
  SELECT * INTO claimed FROM ar.claim(p_key, 'reverse_batch', jsonb_build_object('batch', p_batch, 'reason', p_reason), p_today);
  IF NOT claimed.fresh THEN
    RETURN 'exists';
  ELSIF b.state IS DISTINCT FROM 'posted' THEN
    RAISE EXCEPTION 'batch % is not posted', p_batch USING ERRCODE = 'AR010', HINT = 'Only a posted batch can be reversed.';
  END IF;
  FOR d IN SELECT * FROM document x WHERE batch_id = b.id AND kind = 'receipt' AND NOT ar.is_reversed(x.id) ORDER BY id LOOP
    PERFORM ar.reverse(claimed.posting, d, jsonb_build_object('reason', p_reason), ar.next_open_day(greatest(p_today, d.posted_on)));
  END LOOP;
  UPDATE batch SET state = 'reversed' WHERE id = b.id;
  RETURN 'reversed';
END $$;
