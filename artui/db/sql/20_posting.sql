-- The engine under every posting: rights, keys, dates, booking by rule, moving open amounts. Not callable from outside.

CREATE OR REPLACE FUNCTION ar.may(p_action text) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ar, pg_catalog, pg_temp AS $$
  SELECT EXISTS (SELECT 1 FROM permission p JOIN pg_roles r ON r.rolname = 'ar_' || p.role
                 WHERE p.action = p_action AND pg_has_role(session_user, r.oid, 'MEMBER')) $$;

CREATE OR REPLACE FUNCTION ar.need(p_action text) RETURNS void LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = ar, pg_catalog, pg_temp AS $$
BEGIN
  IF NOT ar.may(p_action) THEN
    -- the right and who has it travel beside the sentence: the program says them in its own words
    RAISE EXCEPTION '% may not do this: %', session_user, replace(p_action, '_', ' ') USING ERRCODE = '42501', CONSTRAINT = coalesce(p_action, ''),
      DETAIL = coalesce((SELECT string_agg(role, ', ' ORDER BY role) FROM permission WHERE action = p_action), ''),
      HINT = coalesce('It needs one of the roles: ' || (SELECT string_agg(role, ', ' ORDER BY role) FROM permission WHERE action = p_action) || '.', 'Nobody has been given this right.');
  END IF;
END $$;

CREATE OR REPLACE FUNCTION ar.setting_on(p_name text, p_day date) RETURNS jsonb LANGUAGE sql STABLE SET search_path = ar, pg_catalog, pg_temp AS $$
  SELECT value FROM setting WHERE name = p_name AND valid_from <= p_day ORDER BY valid_from DESC LIMIT 1 $$;

CREATE OR REPLACE FUNCTION ar.units(p_minor bigint, p_currency text) RETURNS text LANGUAGE sql STABLE SET search_path = ar, pg_catalog, pg_temp AS $$
  SELECT p_currency || ' ' || (p_minor / power(10::numeric, digits))::numeric(20, 4)::numeric(20, 2)::text FROM currency WHERE code = p_currency AND digits = 2
  UNION ALL SELECT p_currency || ' ' || round(p_minor / power(10::numeric, digits), digits)::text FROM currency WHERE code = p_currency AND digits <> 2 $$;

-- A day in a sentence, as the screens write it.
CREATE OR REPLACE FUNCTION ar.said(p_day date) RETURNS text LANGUAGE sql STABLE SET search_path = ar, pg_catalog, pg_temp AS $$ SELECT to_char(p_day, 'FMDD Mon YYYY') $$;

-- An instant in a sentence.
CREATE OR REPLACE FUNCTION ar.said(p_at timestamptz) RETURNS text LANGUAGE sql STABLE SET search_path = ar, pg_catalog, pg_temp AS $$ SELECT to_char(p_at AT TIME ZONE 'UTC', 'FMDD Mon YYYY HH24:MI') || ' UTC' $$;

CREATE OR REPLACE FUNCTION ar.next_open_day(p_day date) RETURNS date LANGUAGE plpgsql STABLE SET search_path = ar, pg_catalog, pg_temp AS $$
DECLARE
  d date := p_day;
BEGIN
  WHILE EXISTS (SELECT 1 FROM period WHERE month = date_trunc('month', d)::date
                AND (state = 'closed' OR (state = 'soft_closed' AND NOT ar.may('post_soft_closed')))) LOOP
    d := (date_trunc('month', d) + interval '1 month')::date;
  END LOOP;
  RETURN d;
END $$;

CREATE OR REPLACE FUNCTION ar.refuse_closed(p_day date) RETURNS void LANGUAGE plpgsql SET search_path = ar, pg_catalog, pg_temp AS $$
BEGIN
  RAISE EXCEPTION '% is closed: nothing can be dated % any more', to_char(p_day, 'FMMonth YYYY'), ar.said(p_day)
    USING ERRCODE = 'AR003', HINT = format('The next open day is %s.', ar.said(ar.next_open_day(p_day)));
END $$;

CREATE OR REPLACE FUNCTION ar.check_day(p_day date) RETURNS void LANGUAGE plpgsql SET search_path = ar, pg_catalog, pg_temp AS $$
BEGIN
  IF p_day IS NULL OR p_day < '1900-01-01' OR p_day > '2200-12-31' THEN
    RAISE EXCEPTION 'a date is missing or out of range: %', coalesce(p_day::text, 'none') USING ERRCODE = 'AR008', HINT = 'Give a date between 1900 and 2200.';
  END IF;
END $$;

CREATE OR REPLACE FUNCTION ar.check_open(p_day date) RETURNS void LANGUAGE plpgsql SET search_path = ar, pg_catalog, pg_temp AS $$
BEGIN
  PERFORM ar.check_day(p_day);
  IF ar.next_open_day(p_day) <> p_day THEN
    PERFORM ar.refuse_closed(p_day);
  END IF;
END $$;

-- What every posting starts with. The checks look at what others have committed, so a snapshot of the past is refused; a month that is
-- being posted into cannot be closed meanwhile; and the checks of commit are due after the posting, not before it.
CREATE OR REPLACE FUNCTION ar.begin_posting() RETURNS void LANGUAGE plpgsql SET search_path = ar, pg_catalog, pg_temp AS $$
BEGIN
  IF current_setting('transaction_isolation') <> 'read committed' THEN
    RAISE EXCEPTION 'postings are made in transactions that read what is committed' USING ERRCODE = '25001', HINT = 'Use the isolation level READ COMMITTED.';
  END IF;
  LOCK TABLE period IN ROW SHARE MODE;
  SET CONSTRAINTS ALL DEFERRED;
END $$;

-- No control, bidi or invisible character anywhere in a document, not even where it is kept as it came.
CREATE OR REPLACE FUNCTION ar.check_text(p_body jsonb) RETURNS void LANGUAGE plpgsql
SET search_path = ar, pg_catalog, pg_temp SET standard_conforming_strings = on AS $$
BEGIN
  IF p_body::text ~ '[\x01-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e0fff]|(?:^|[^\\])(?:\\\\)*\\(?:u00[01][0-9a-f]|[bfnrt])' THEN
    RAISE EXCEPTION 'the document holds control or invisible characters' USING ERRCODE = '23514', HINT = 'Remove them and send it again.';
  END IF;
END $$;

-- A key is claimed before anything else. Same key and same body: the earlier answer. Same key, other body: AR002.
CREATE OR REPLACE FUNCTION ar.claim(p_key uuid, p_kind text, p_body jsonb, p_today date, p_bulk boolean DEFAULT false, OUT posting bigint, OUT fresh boolean)
LANGUAGE plpgsql SET search_path = ar, pg_catalog, pg_temp AS $$
DECLARE
  hash constant bytea := sha256(convert_to(p_kind || p_body::text, 'UTF8'));
  earlier posting;
BEGIN
  PERFORM ar.begin_posting();
  PERFORM ar.check_day(p_today);
  PERFORM ar.check_text(p_body);
  INSERT INTO posting (key, kind, body_hash, business_date, bulk) VALUES (p_key, p_kind, hash, p_today, p_bulk) ON CONFLICT (key) DO NOTHING RETURNING id INTO posting;
  fresh := posting IS NOT NULL;
  IF NOT fresh THEN
    SELECT * INTO earlier FROM posting p WHERE p.key = p_key;
    IF earlier.body_hash <> hash OR earlier.posted_by <> session_user THEN
      RAISE EXCEPTION 'the key % was already used for another posting', p_key USING ERRCODE = 'AR002', HINT = 'Send a changed document under a new key.';
    END IF;
    posting := earlier.id;
  ELSE
    DELETE FROM draft WHERE key = p_key AND owner = session_user;   -- what is posted is no draft any more, in the same breath
  END IF;
END $$;

CREATE OR REPLACE FUNCTION ar.answer(p_posting bigint, p_status text) RETURNS jsonb LANGUAGE sql STABLE SET search_path = ar, pg_catalog, pg_temp AS $$
  SELECT CASE WHEN a.id IS NULL THEN jsonb_build_object('status', p_status, 'document', d.number, 'posting', p_posting)
    ELSE jsonb_build_object('status', CASE a.state WHEN 'requested' THEN 'waiting' WHEN 'rejected' THEN 'refused' ELSE p_status END,
                            'document', CASE a.state WHEN 'approved' THEN d.number END, 'approval', a.id, 'posting', p_posting) END
  FROM (SELECT 1) one LEFT JOIN approval a ON a.posting_id = p_posting
  LEFT JOIN LATERAL (SELECT number FROM document WHERE posting_id = coalesce(a.result_posting_id, p_posting) ORDER BY id LIMIT 1) d ON true $$;

CREATE OR REPLACE FUNCTION ar.account_by_number(p_kind text, p_number text) RETURNS ar.account LANGUAGE plpgsql STABLE SET search_path = ar, pg_catalog, pg_temp AS $$
DECLARE
  found account;
BEGIN
  SELECT * INTO found FROM account WHERE kind = p_kind AND number = p_number;
  IF found.id IS NULL THEN
    RAISE EXCEPTION 'there is no % numbered %', p_kind, coalesce(p_number, '(none given)') USING ERRCODE = 'AR011',
      HINT = CASE p_kind WHEN 'customer' THEN 'Check the number, or send "create_customer": true with the document.' ELSE 'Check the number.' END;
  END IF;
  RETURN found;
END $$;

CREATE OR REPLACE FUNCTION ar.same_group(p_a bigint, p_b bigint) RETURNS boolean LANGUAGE sql STABLE SET search_path = ar, pg_catalog, pg_temp AS $$
  SELECT p_a = p_b OR (SELECT count(DISTINCT coalesce(p.parent_id, p.id)) = 1 AND count(*) = 2 AND count(DISTINCT a.kind) = 1
                       FROM account a JOIN party p ON p.id = a.party_id WHERE a.id IN (p_a, p_b)) $$;

CREATE OR REPLACE FUNCTION ar.next_number(p_kind text) RETURNS text LANGUAGE plpgsql SET search_path = ar, pg_catalog, pg_temp AS $$
DECLARE
  prefix constant text := coalesce('{"invoice":"INV","credit_note":"CRN","receipt":"RCP","charge":"CHG","write_off":"WOF","refund":"RFD","transfer":"TRF",
    "reversal":"REV","purchase":"PUR","vendor_payment":"PAY","opening":"OPN","discount":"DSC","small_difference":"DIF"}'::jsonb ->> p_kind, 'DOC');
  v_number text;
BEGIN
  LOOP
    v_number := prefix || '-' || lpad(nextval('ar.document_number')::text, 6, '0');
    EXIT WHEN NOT EXISTS (SELECT 1 FROM document d WHERE d.number = v_number AND d.kind = p_kind);
  END LOOP;
  RETURN v_number;
END $$;

-- What a document is worth in the company's currency: its own rate, else the latest known one, else nothing is claimed.
CREATE OR REPLACE FUNCTION ar.base_rate(p_currency text, p_day date, p_rate numeric) RETURNS numeric LANGUAGE sql STABLE SET search_path = ar, pg_catalog, pg_temp AS $$
  SELECT CASE WHEN p_currency = c.code THEN power(10::numeric, 0)
    ELSE coalesce(p_rate, (SELECT rate FROM exchange_rate WHERE currency = p_currency AND valid_from <= p_day ORDER BY valid_from DESC LIMIT 1))
         * power(10::numeric, c.digits - (SELECT digits FROM currency WHERE code = p_currency)) END
  FROM currency c WHERE c.code = ar.setting_on('company.currency', p_day) #>> '{}' $$;

-- What so many units of the company's currency are in minor units of another at the day's rate; without a rate the same number of its own units.
CREATE OR REPLACE FUNCTION ar.in_currency(p_units numeric, p_currency text, p_day date) RETURNS numeric LANGUAGE sql STABLE SET search_path = ar, pg_catalog, pg_temp AS $$
  SELECT trunc(p_units * coalesce(power(10::numeric, h.digits) / nullif(ar.base_rate(p_currency, p_day, NULL), 0), power(10::numeric, c.digits)))
  FROM currency c LEFT JOIN currency h ON h.code = ar.setting_on('company.currency', p_day) #>> '{}' WHERE c.code = p_currency $$;

-- Book one document: its header, its ledger lines by rule, its open items. Returns the document's id.
-- p_items: [{"due": date, "amount": minor units}] to split the party's amount into instalments; they must add up.
CREATE OR REPLACE FUNCTION ar.book(p_posting bigint, p_event text, p_kind text, p_account ar.account, p_doc jsonb, p_gross bigint,
    p_of bigint DEFAULT NULL, p_other ar.account DEFAULT NULL) RETURNS bigint
LANGUAGE plpgsql SET search_path = ar, pg_catalog, pg_temp AS $$
DECLARE
  v_id bigint;
  v_number text := nullif(p_doc ->> 'number', '');
  v_day constant date := (p_doc ->> 'date')::date;
  v_posted constant date := coalesce((p_doc ->> 'posting_date')::date, v_day);
  v_due constant date := coalesce((p_doc ->> 'due')::date, v_day);
  v_currency constant text := coalesce(p_doc ->> 'currency', p_account.currency);
  v_tax constant bigint := coalesce((p_doc ->> 'tax')::bigint, 0);
  v_rate numeric; v_base bigint; v_base_tax bigint; v_items bigint; v_n int := 0;
  rule posting_rule; line_amount bigint; line_base bigint; holder account; received jsonb := p_doc -> 'received'; other_rate numeric;
BEGIN
  PERFORM ar.check_open(v_posted);
  PERFORM ar.check_day(v_day), ar.check_day(v_due);
  IF NOT EXISTS (SELECT 1 FROM currency WHERE code = v_currency) THEN
    RAISE EXCEPTION 'the currency % is not known', coalesce(v_currency, '(none)') USING ERRCODE = 'AR008', HINT = 'Use an ISO 4217 code such as EUR.';
  END IF;
  IF p_gross IS NULL OR (p_gross < 0 AND p_event NOT IN ('opening', 'small_difference', 'transfer', 'exchange_close')) OR (p_gross = 0 AND p_event <> 'invoice') OR v_tax < 0 OR v_tax > abs(p_gross) THEN
    RAISE EXCEPTION 'the amount % is not one a % can have', coalesce(ar.units(p_gross, v_currency), '(none)'), replace(p_kind, '_', ' ') USING ERRCODE = 'AR008', HINT = 'Amounts are positive; tax is part of the amount.';
  END IF;
  IF v_number IS NULL THEN
    v_number := ar.next_number(p_kind);
  ELSIF EXISTS (SELECT 1 FROM document WHERE number = v_number AND kind = p_kind AND (kind <> 'purchase' OR account_id = p_account.id)) THEN
    RAISE EXCEPTION '% % is already in the books', replace(p_kind, '_', ' '), v_number USING ERRCODE = 'AR009', HINT = 'Posted documents are not changed: use another number, or reverse the first one.';
  END IF;
  v_rate := ar.base_rate(v_currency, v_posted, (p_doc ->> 'rate')::ratio);
  v_base := round(p_gross * v_rate);
  v_base_tax := round(v_tax * v_rate);

  INSERT INTO document (posting_id, kind, event, account_id, number, doc_date, posted_on, due_on, currency, amount, tax, rate, po, method, reference, memo, terms, of_id, batch_id)
    VALUES (p_posting, p_kind, p_event, p_account.id, v_number, v_day, v_posted, (p_doc ->> 'due')::date, v_currency, p_gross, v_tax, (p_doc ->> 'rate')::numeric,
            p_doc ->> 'po', p_doc ->> 'method', p_doc ->> 'reference', p_doc ->> 'memo', p_doc -> 'terms', p_of, (p_doc ->> 'batch_id')::bigint)
    RETURNING id INTO v_id;

  IF p_gross <> 0 THEN
    FOR rule IN SELECT * FROM posting_rule r WHERE r.event = p_event ORDER BY r.line LOOP
      line_amount := rule.side * CASE rule.part WHEN 'gross' THEN p_gross WHEN 'net' THEN p_gross - v_tax ELSE v_tax END;
      line_base := rule.side * CASE rule.part WHEN 'gross' THEN v_base WHEN 'net' THEN v_base - v_base_tax ELSE v_base_tax END;
      holder := CASE rule.gl WHEN 'control' THEN p_account WHEN 'control2' THEN p_other END;
      CONTINUE WHEN line_amount = 0 AND coalesce(line_base, 0) = 0;
      IF rule.gl LIKE 'control%' AND holder.id IS NULL THEN
        RAISE EXCEPTION 'a % needs an account', replace(p_kind, '_', ' ') USING ERRCODE = 'AR008', HINT = 'Say whose it is.';
      END IF;
      v_n := v_n + 1;
      INSERT INTO journal_line (document_id, line, gl, account_id, posted_on, currency, amount, base_amount)
        VALUES (v_id, v_n, CASE WHEN rule.gl LIKE 'control%' THEN CASE holder.kind WHEN 'vendor' THEN '2000' ELSE '1100' END WHEN rule.gl = '1000' THEN ar.bank_gl(p_doc, v_currency) ELSE rule.gl END,
                holder.id, v_posted, v_currency, line_amount, line_base);
      IF holder.id IS NOT NULL AND rule.gl = 'control' AND jsonb_typeof(p_doc -> 'instalments') = 'array' THEN
        SELECT coalesce(sum((x ->> 'amount')::bigint), 0) INTO v_items FROM jsonb_array_elements(p_doc -> 'instalments') x;
        IF EXISTS (SELECT 1 FROM jsonb_array_elements(p_doc -> 'instalments') x WHERE ((x ->> 'amount')::bigint > 0) IS DISTINCT FROM (p_gross > 0) OR (x ->> 'amount')::bigint = 0) THEN
          RAISE EXCEPTION 'an instalment of % has an amount it cannot have', v_number USING ERRCODE = 'AR008', HINT = 'Every instalment is a part of the amount.';
        END IF;
        PERFORM ar.check_day((x ->> 'due')::date) FROM jsonb_array_elements(p_doc -> 'instalments') x;
        IF v_items <> p_gross THEN
          RAISE EXCEPTION 'the instalments of % add up to %, not to %', v_number, ar.units(v_items, v_currency), ar.units(p_gross, v_currency)
            USING ERRCODE = 'AR008', HINT = 'Correct the instalments or the amount.';
        END IF;
        INSERT INTO open_item (document_id, account_id, seq, is_vendor, currency, doc_date, posted_on, due_on, original, open, base)
          SELECT v_id, holder.id, n, holder.kind = 'vendor', v_currency, v_day, v_posted, (x ->> 'due')::date, rule.side * (x ->> 'amount')::bigint,
                 rule.side * (x ->> 'amount')::bigint,
                 round(line_base * sum((x ->> 'amount')::bigint) OVER w / p_gross) - round(line_base * (sum((x ->> 'amount')::bigint) OVER w - (x ->> 'amount')::bigint) / p_gross)
          FROM jsonb_array_elements(p_doc -> 'instalments') WITH ORDINALITY e(x, n) WINDOW w AS (ORDER BY n);
      ELSIF holder.id IS NOT NULL THEN
        INSERT INTO open_item (document_id, account_id, seq, is_vendor, currency, doc_date, posted_on, due_on, original, open, base)
          VALUES (v_id, holder.id, CASE rule.gl WHEN 'control' THEN 1 ELSE 2 END, holder.kind = 'vendor', v_currency, v_day, v_posted, v_due, line_amount, line_amount, line_base);
      END IF;
    END LOOP;
    IF v_n = 0 THEN
      RAISE EXCEPTION 'there is no posting rule for %', p_event USING ERRCODE = 'AR008';
    END IF;
    IF received IS NOT NULL AND (p_event <> 'receipt_exchange' OR coalesce((received ->> 'amount')::bigint, 0) <= 0 OR coalesce(received ->> 'currency', v_currency) = v_currency) THEN
      RAISE EXCEPTION 'only a receipt of a customer can come in another currency, and it is some amount' USING ERRCODE = 'AR008', HINT = 'Correct or remove "received".';
    END IF;
    IF received IS NOT NULL THEN    -- money came in another currency: bank against exchange, in that currency
      other_rate := ar.base_rate(received ->> 'currency', v_posted, (received ->> 'rate')::ratio);
      INSERT INTO journal_line (document_id, line, gl, posted_on, currency, amount, base_amount)
        SELECT v_id, v_n + k, CASE k WHEN 1 THEN ar.bank_gl(p_doc, received ->> 'currency') ELSE '1990' END, v_posted, received ->> 'currency', (3 - 2 * k) * (received ->> 'amount')::bigint,
               CASE WHEN v_base IS NOT NULL THEN (3 - 2 * k) * coalesce(round((received ->> 'amount')::bigint * other_rate), v_base) END FROM generate_series(1, 2) k;
    END IF;
  END IF;
  INSERT INTO document_line (document_id, line, item_id, description, quantity, unit_price, discount, tax_code, amount)
    SELECT v_id, n, (SELECT id FROM item WHERE number = x ->> 'item'), coalesce(x ->> 'description', (SELECT description FROM item WHERE number = x ->> 'item'), ''),
           (x ->> 'quantity')::numeric, (x ->> 'unit_price')::numeric, coalesce((x ->> 'discount')::numeric, 0), x ->> 'tax_code', (x ->> 'amount')::bigint
    FROM jsonb_array_elements(p_doc -> 'lines') WITH ORDINALITY e(x, n) WHERE jsonb_typeof(p_doc -> 'lines') = 'array';
  RETURN v_id;
END $$;

-- Gain or loss when a foreign-currency item is settled at another rate: the control account's base value follows the items'.
CREATE OR REPLACE FUNCTION ar.settle_exchange(p_posting bigint, p_debit ar.open_item, p_credit ar.open_item, p_amount bigint, p_day date) RETURNS void
LANGUAGE plpgsql SET search_path = ar, pg_catalog, pg_temp AS $$
DECLARE
  gone_debit bigint; gone_credit bigint; v_delta bigint; v_id bigint; used bigint;
BEGIN
  used := p_debit.original - p_debit.open;
  gone_debit := round(p_debit.base::numeric * (used + p_amount) / p_debit.original) - round(p_debit.base::numeric * used / p_debit.original);
  used := p_credit.original - p_credit.open;
  gone_credit := round(p_credit.base::numeric * (used - p_amount) / p_credit.original) - round(p_credit.base::numeric * used / p_credit.original);
  v_delta := gone_debit + gone_credit;
  IF coalesce(v_delta, 0) <> 0 THEN
    INSERT INTO document (posting_id, kind, event, account_id, number, doc_date, posted_on, currency, amount)
      VALUES (p_posting, 'exchange_difference', 'exchange_difference', p_debit.account_id, ar.next_number('exchange_difference'), p_day, p_day, p_debit.currency, 0) RETURNING id INTO v_id;
    INSERT INTO journal_line (document_id, line, gl, account_id, posted_on, currency, amount, base_amount)
      VALUES (v_id, 1, CASE WHEN p_debit.is_vendor THEN '2000' ELSE '1100' END, p_debit.account_id, p_day, p_debit.currency, 0, -v_delta),
             (v_id, 2, '5150', NULL, p_day, p_debit.currency, 0, v_delta);
  END IF;
END $$;

-- Move an amount between a debit and a credit: positive allocates, negative undoes the allocation p_reverses.
-- Guarded: neither side can give more than it has left, on no day, whoever else is at work.
CREATE OR REPLACE FUNCTION ar.move(p_posting bigint, p_debit bigint, p_credit bigint, p_amount bigint, p_day date, p_kind text, p_reverses bigint DEFAULT NULL) RETURNS void
LANGUAGE plpgsql SET search_path = ar, pg_catalog, pg_temp AS $$
DECLARE
  d open_item; c open_item; peak bigint;
BEGIN
  PERFORM 1 FROM open_item WHERE id IN (p_debit, p_credit) ORDER BY id FOR UPDATE;
  SELECT * INTO d FROM open_item WHERE id = p_debit;
  SELECT * INTO c FROM open_item WHERE id = p_credit;
  IF d.original <= 0 OR c.original >= 0 OR d.currency <> c.currency OR NOT ar.same_group(d.account_id, c.account_id) THEN
    RAISE EXCEPTION 'these two cannot be set against each other' USING ERRCODE = 'AR010', HINT = 'A debit and a credit of one account or group, in one currency, can.';
  END IF;
  IF p_day < greatest(d.posted_on, c.posted_on) THEN
    RAISE EXCEPTION 'an allocation cannot take effect on %, before both sides are in the books', ar.said(p_day) USING ERRCODE = 'AR008', HINT = format('Use %s or later.', ar.said(greatest(d.posted_on, c.posted_on)));
  END IF;
  PERFORM ar.check_open(p_day);
  IF p_amount > 0 AND (d.open < p_amount OR -c.open < p_amount) THEN
    RAISE EXCEPTION '% is more than is left: the debit % has % open, the credit % has %', ar.units(p_amount, d.currency),
      (SELECT number FROM document WHERE id = d.document_id), ar.units(d.open, d.currency),
      (SELECT number FROM document WHERE id = c.document_id), ar.units(-c.open, d.currency)
      USING ERRCODE = 'AR004', HINT = 'Read the account again and allocate what is left.';
  END IF;
  IF p_amount > 0 AND (p_day < d.last_on OR p_day < c.last_on) THEN   -- dated back among other moves: enough must have been open on every day since
    SELECT max(level) INTO peak FROM (
      SELECT sum(amount) OVER (ORDER BY effective_on) - d.original AS level, effective_on FROM allocation WHERE debit_item_id = d.id
      UNION ALL SELECT sum(amount) OVER (ORDER BY effective_on) + c.original, effective_on FROM allocation WHERE credit_item_id = c.id
      UNION ALL SELECT coalesce(sum(amount), 0) - d.original, p_day FROM allocation WHERE debit_item_id = d.id AND effective_on <= p_day
      UNION ALL SELECT coalesce(sum(amount), 0) + c.original, p_day FROM allocation WHERE credit_item_id = c.id AND effective_on <= p_day) x
      WHERE effective_on >= p_day;
    IF peak + p_amount > 0 THEN
      RAISE EXCEPTION '% was not open on % and every day since', ar.units(p_amount, d.currency), ar.said(p_day) USING ERRCODE = 'AR004', HINT = format('Use %s or later.', ar.said(greatest(d.last_on, c.last_on)));
    END IF;
  END IF;
  INSERT INTO allocation (posting_id, debit_item_id, credit_item_id, amount, effective_on, kind, reverses_id)
    VALUES (p_posting, p_debit, p_credit, p_amount, p_day, p_kind, p_reverses);
  UPDATE open_item SET open = open - p_amount, first_on = least(first_on, p_day), last_on = greatest(last_on, p_day),
    disputed = least(disputed, greatest(open - p_amount, 0)) WHERE id = p_debit;
  UPDATE open_item SET open = open + p_amount, first_on = least(first_on, p_day), last_on = greatest(last_on, p_day) WHERE id = p_credit;
  IF d.base IS NOT NULL AND c.base IS NOT NULL THEN
    PERFORM ar.settle_exchange(p_posting, d, c, p_amount, p_day);
  END IF;
END $$;

-- Lock the items of documents about to be moved, in one order for everybody, so that two clerks never wait for each other in a circle.
CREATE OR REPLACE FUNCTION ar.lock_items(p_numbers text[]) RETURNS void LANGUAGE plpgsql SET search_path = ar, pg_catalog, pg_temp AS $$
BEGIN
  PERFORM 1 FROM open_item i WHERE i.document_id = ANY (ARRAY(SELECT id FROM document WHERE number = ANY (p_numbers))) ORDER BY i.id FOR UPDATE;
END $$;

-- The document a person means by a number: of this account's group, with something of the wanted sign, else any.
CREATE OR REPLACE FUNCTION ar.document_by_number(p_number text, p_account bigint, p_sign int, p_kind text DEFAULT NULL) RETURNS ar.document
LANGUAGE plpgsql STABLE SET search_path = ar, pg_catalog, pg_temp AS $$
DECLARE
  found document; n int;
BEGIN
  SELECT count(*) INTO n FROM document WHERE number = p_number AND (p_kind IS NULL OR kind = p_kind);
  SELECT d.* INTO found FROM document d WHERE d.number = p_number AND (p_kind IS NULL OR d.kind = p_kind)
    ORDER BY (n > 1 AND p_account IS NOT NULL AND NOT coalesce(ar.same_group(d.account_id, p_account), false)),
             (n > 1 AND p_sign IS NOT NULL AND NOT EXISTS (SELECT 1 FROM open_item i WHERE i.document_id = d.id AND sign(i.original) = p_sign)), d.id LIMIT 1;
  IF found.id IS NULL THEN
    RAISE EXCEPTION 'there is no document numbered %', coalesce(p_number, '(none given)') USING ERRCODE = 'AR011', HINT = 'Check the number; only posted documents can be named.';
  END IF;
  RETURN found;
END $$;

-- Spread an amount (all that is open when null) from credit items to debit items, oldest due first. Returns what was moved.
CREATE OR REPLACE FUNCTION ar.spread(p_posting bigint, p_debit_doc bigint, p_credit_doc bigint, p_amount bigint, p_day date, p_kind text) RETURNS bigint
LANGUAGE plpgsql SET search_path = ar, pg_catalog, pg_temp AS $$
DECLARE
  d record; c record; take bigint; v_left bigint := p_amount; moved bigint := 0; ids bigint[];
BEGIN
  SELECT array_agg(id ORDER BY id) INTO ids FROM open_item WHERE document_id IN (p_debit_doc, p_credit_doc);
  PERFORM 1 FROM open_item WHERE id = ANY (ids) ORDER BY id FOR UPDATE;
  FOR d IN SELECT id FROM open_item WHERE document_id = p_debit_doc AND original > 0 ORDER BY due_on, seq LOOP
    FOR c IN SELECT id FROM open_item WHERE document_id = p_credit_doc AND original < 0 ORDER BY due_on, seq LOOP
      SELECT least(x.open, -y.open, coalesce(v_left, x.open)) INTO take FROM open_item x, open_item y WHERE x.id = d.id AND y.id = c.id;
      CONTINUE WHEN take <= 0;
      PERFORM ar.move(p_posting, d.id, c.id, take, greatest(p_day, (SELECT max(posted_on) FROM open_item WHERE id IN (d.id, c.id))), p_kind);
      moved := moved + take;
      v_left := v_left - take;
    END LOOP;
  END LOOP;
  IF p_amount IS NOT NULL AND moved < p_amount THEN
    RAISE EXCEPTION '% cannot take %: only % is left to allocate', (SELECT number FROM document WHERE id = p_debit_doc),
      ar.units(p_amount, (SELECT currency FROM document WHERE id = p_debit_doc)), ar.units(moved, (SELECT currency FROM document WHERE id = p_debit_doc))
      USING ERRCODE = 'AR004', HINT = 'Read the account again and allocate what is left.';
  END IF;
  RETURN moved;
END $$;

-- Undo p_amount (all when null) of what links two documents, newest allocation first, each by a dated counter-row.
-- p_by_hand: not what a reversal or a second person's decision has linked; those are undone by reversing the document.
CREATE OR REPLACE FUNCTION ar.unlink(p_posting bigint, p_doc bigint, p_other bigint, p_amount bigint, p_day date, p_by_hand boolean DEFAULT false) RETURNS bigint
LANGUAGE plpgsql SET search_path = ar, pg_catalog, pg_temp AS $$
DECLARE
  a record; take bigint; undone bigint := 0; mine bigint[]; others bigint[];
BEGIN
  PERFORM 1 FROM open_item WHERE document_id IN (p_doc, p_other) ORDER BY id FOR UPDATE;
  mine := ARRAY(SELECT id FROM open_item WHERE document_id = p_doc);    -- found by their own indexes, however long the ledger is
  others := ARRAY(SELECT id FROM open_item WHERE document_id = p_other);
  FOR a IN SELECT l.*, l.amount + coalesce((SELECT sum(r.amount) FROM allocation r WHERE r.reverses_id = l.id), 0) AS live
           FROM (SELECT * FROM allocation x WHERE x.debit_item_id = ANY (mine) AND (p_other IS NULL OR x.credit_item_id = ANY (others))
                 UNION SELECT * FROM allocation x WHERE x.credit_item_id = ANY (mine) AND (p_other IS NULL OR x.debit_item_id = ANY (others))) l
           WHERE l.amount > 0 AND NOT (p_by_hand AND l.kind IN ('reversal', 'write_off', 'small_difference', 'refund', 'discount'))
           ORDER BY l.id DESC LOOP
    take := least(a.live, coalesce(p_amount - undone, a.live));
    CONTINUE WHEN take <= 0;
    PERFORM ar.move(p_posting, a.debit_item_id, a.credit_item_id, -take, greatest(p_day, a.effective_on), a.kind, a.id);
    undone := undone + take;
  END LOOP;
  IF p_amount IS NOT NULL AND undone < p_amount THEN
    RAISE EXCEPTION 'only % of this is allocated', ar.units(undone, (SELECT currency FROM document WHERE id = p_doc)) USING ERRCODE = 'AR004',
      HINT = 'Un-allocate at most that; a discount, write-off, refund or reversal is undone by reversing it.';
  END IF;
  RETURN undone;
END $$;
