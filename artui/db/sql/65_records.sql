-- Records people keep: changed under a key and the version one has read; parties made one; cheques that wait; no card numbers in any text.

-- The number of a payment card is nobody's business here: refused in every free text, whatever door it comes through.
CREATE OR REPLACE FUNCTION ar.no_card_number() RETURNS trigger LANGUAGE plpgsql SET search_path = ar, pg_catalog, pg_temp AS $$
BEGIN
  FOR i IN 0 .. TG_NARGS - 1 LOOP
    IF ar.holds_card_number(to_jsonb(NEW) ->> TG_ARGV[i]) THEN
      RAISE EXCEPTION 'the % holds the number of a payment card', replace(TG_ARGV[i], '_', ' ') USING ERRCODE = '23514', HINT = 'Take it out: card numbers are kept nowhere here.';
    END IF;
  END LOOP;
  RETURN NEW;
END $$;
DO $$
DECLARE
  t record; maybe text;
BEGIN
  FOR t IN SELECT * FROM (VALUES ('party', ARRAY['note', 'name', 'legal_name']), ('contact', ARRAY['name', 'title']), ('address', ARRAY['lines', 'city']), ('activity', ARRAY['outcome', 'note']),
      ('document', ARRAY['memo']), ('document_line', ARRAY['description']), ('item', ARRAY['description']), ('account', ARRAY['hold_reason']), ('approval', ARRAY['reason', 'comment']),
      ('open_item', ARRAY['dispute_reason']), ('period', ARRAY['reason']), ('merge', ARRAY['reason']), ('postdated_cheque', ARRAY['note', 'bank']), ('party_bank', ARRAY['holder']),
      ('draft', ARRAY['subject']), ('charge_span', ARRAY['reason']), ('bank_entry', ARRAY['reason']), ('bank_account', ARRAY['name']), ('batch', ARRAY['bank']), ('terms', ARRAY['name']),
      ('setting', ARRAY['note']), ('reference_rate', ARRAY['source']), ('interest_profile', ARRAY['name', 'source'])) v(name, columns) LOOP
    SELECT string_agg(format('NEW.%I ~ ''[0-9](?:[ .-]?[0-9]){12}''', c), ' OR ') INTO maybe FROM unnest(t.columns) c;
    EXECUTE format('CREATE OR REPLACE TRIGGER b_no_card_number BEFORE INSERT OR UPDATE OF %s ON ar.%I FOR EACH ROW WHEN (%s) EXECUTE FUNCTION ar.no_card_number(%s)',
      array_to_string(t.columns, ', '), t.name, maybe, (SELECT string_agg(quote_literal(c), ', ') FROM unnest(t.columns) c));
  END LOOP;
  -- paid by card, the reference is where somebody would write the card
  CREATE OR REPLACE TRIGGER b_no_card_reference BEFORE INSERT ON ar.document FOR EACH ROW WHEN (NEW.method = 'card' AND NEW.reference ~ '[0-9](?:[ .-]?[0-9]){12}')
    EXECUTE FUNCTION ar.no_card_number('reference');
  FOR t IN SELECT unnest(ARRAY['merge', 'postdated_cheque', 'certificate', 'party_bank']) AS name LOOP
    EXECUTE format('CREATE OR REPLACE TRIGGER z_audit AFTER INSERT OR UPDATE OR DELETE ON ar.%I FOR EACH ROW EXECUTE FUNCTION ar.audit_row()', t.name);
    EXECUTE format('CREATE OR REPLACE TRIGGER b_version BEFORE UPDATE ON ar.%I FOR EACH ROW EXECUTE FUNCTION ar.next_version()', t.name);
  END LOOP;
  FOR t IN SELECT unnest(ARRAY['merge', 'postdated_cheque', 'record_change']) AS name LOOP
    EXECUTE format('CREATE OR REPLACE TRIGGER a_no_truncate BEFORE TRUNCATE ON ar.%I FOR EACH STATEMENT EXECUTE FUNCTION ar.no_change()', t.name);
    EXECUTE format('CREATE OR REPLACE TRIGGER a_no_delete BEFORE DELETE ON ar.%I FOR EACH ROW EXECUTE FUNCTION ar.no_change()', t.name);
  END LOOP;
  CREATE OR REPLACE TRIGGER a_no_change BEFORE UPDATE ON ar.record_change FOR EACH ROW EXECUTE FUNCTION ar.no_change();
END $$;

-- What of each record people write: at first, later, and with which right (account: that of its kind).
CREATE OR REPLACE FUNCTION ar.record_rule(p_table text, OUT key_column text, OUT new_columns text[], OUT columns text[], OUT rights text[])
LANGUAGE sql IMMUTABLE SET search_path = ar, pg_catalog, pg_temp AS $$
  SELECT k, n || c, c, r FROM (VALUES
    ('party', 'id', '{}'::text[], '{kind,name,legal_name,tax_id,registration_no,language,country,timezone,parent_id,note}'::text[], '{customer,vendor}'::text[]),
    ('account', 'id', '{kind,number,party_id,currency,opened_on}', '{terms,collector,status,credit_limit,hold,hold_reason}', '{}'),
    ('contact', 'id', '{party_id}', '{name,title,purpose}', '{customer,vendor,activity}'),
    ('contact_point', 'id', '{party_id}', '{contact_id,type,value,value_key,preferred,bad,timezone}', '{customer,vendor,activity}'),
    ('address', 'id', '{party_id}', '{type,lines,city,region,postcode,country}', '{customer,vendor}'),
    ('party_bank', 'id', '{party_id}', '{iban,bic,holder}', '{customer,vendor}'),
    ('item', 'id', '{}', '{number,description,unit,unit_price,currency,tax_code}', '{item}'),
    ('terms', 'code', '{code}', '{name,rule}', '{edit_terms}')) v(t, k, n, c, r) WHERE t = p_table $$;

-- What has happened to a record since somebody read it: who, when, and what it was and became. For those who may change records.
CREATE OR REPLACE FUNCTION api.changes_since(p_table text, p_record text, p_version int) RETURNS TABLE (who name, at timestamptz, before jsonb, after jsonb)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = ar, pg_catalog, pg_temp AS $$
DECLARE
  rule record;
BEGIN
  SELECT * INTO rule FROM ar.record_rule(p_table);
  IF rule.key_column IS NULL OR NOT (ar.may('customer') OR ar.may('vendor') OR ar.may('item') OR ar.may('activity') OR ar.may('read_audit')) THEN
    RAISE EXCEPTION '% may not read who changed what', session_user USING ERRCODE = '42501';
  ELSIF rule.key_column = 'id' THEN
    RETURN QUERY SELECT u.who, u.at, u.before, u.after FROM audit u
      WHERE u.table_name = p_table::name AND u.op <> 'I' AND coalesce(u.after, u.before) ->> 'id' = p_record AND (u.before ->> 'row_version')::int >= p_version ORDER BY u.seq;
  ELSE
    RETURN QUERY SELECT u.who, u.at, u.before, u.after FROM audit u
      WHERE u.table_name = p_table::name AND u.op <> 'I' AND coalesce(u.after, u.before) ->> rule.key_column = p_record AND (u.before ->> 'row_version')::int >= p_version ORDER BY u.seq;
  END IF;
END $$;

-- Change records: [{"table", "id", "version", "values", "delete", "ref"}], all or none, under one key. A value {"ref": "p"} is the id of the record
-- an earlier change of the list made under that name. A record changed since `version` was read is refused with AR005.
CREATE OR REPLACE FUNCTION api.save_records(p_key uuid, p_changes jsonb, p_today date) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = ar, pg_catalog, pg_temp AS $$
DECLARE
  claimed record; c record; v_table text; rule record; v_values jsonb; v_names text[]; refs jsonb := '{}'; v_id text; v_version int; v_kind text; odd text; last record;
BEGIN
  IF p_key IS NULL OR p_today IS NULL OR jsonb_typeof(p_changes) IS DISTINCT FROM 'array' THEN
    RAISE EXCEPTION 'a change of records needs its key, the business date and a list' USING ERRCODE = 'AR008';
  END IF;
  SELECT * INTO claimed FROM ar.claim(p_key, 'records', jsonb_build_object('sha256', encode(sha256(convert_to(p_changes::text, 'UTF8')), 'hex')), p_today);
  IF NOT claimed.fresh THEN
    RETURN jsonb_build_object('status', 'exists', 'records', (SELECT jsonb_agg(jsonb_build_object('table', table_name, 'id', record, 'version', record_version) ORDER BY place) FROM record_change WHERE posting_id = claimed.posting));
  END IF;
  FOR c IN SELECT x, n FROM jsonb_array_elements(p_changes) WITH ORDINALITY e(x, n) ORDER BY n LOOP
    v_table := c.x ->> 'table';
    SELECT * INTO rule FROM ar.record_rule(v_table);
    IF rule.key_column IS NULL THEN
      RAISE EXCEPTION 'records of % are not changed this way', coalesce(v_table, '(none)') USING ERRCODE = 'AR008';
    END IF;
    SELECT coalesce(jsonb_object_agg(k, CASE WHEN jsonb_typeof(v) = 'object' AND v ? 'ref' AND rule.key_column = 'id' THEN refs -> (v ->> 'ref') ELSE v END), '{}'),
      coalesce(array_agg(k ORDER BY k), '{}') INTO v_values, v_names FROM jsonb_each(CASE jsonb_typeof(c.x -> 'values') WHEN 'object' THEN c.x -> 'values' ELSE '{}' END) j(k, v);
    v_id := c.x ->> 'id';
    SELECT n INTO odd FROM unnest(v_names) n WHERE n <> ALL (CASE WHEN v_id IS NULL THEN rule.new_columns ELSE rule.columns END) LIMIT 1;
    IF odd IS NOT NULL THEN
      RAISE EXCEPTION 'the % of a % cannot be set', replace(odd, '_', ' '), replace(v_table, '_', ' ') USING ERRCODE = '42501', HINT = 'It is given once, or not by hand.';
    END IF;
    IF v_table = 'account' THEN
      v_kind := coalesce((SELECT kind FROM account WHERE id = v_id::bigint), v_values ->> 'kind');
      rule.rights := CASE WHEN v_id IS NOT NULL AND v_names <@ ARRAY['credit_limit', 'hold', 'hold_reason'] AND has_column_privilege(session_user, 'ar.account', 'credit_limit', 'UPDATE')
        THEN '{}'::text[] ELSE ARRAY[v_kind] END;
    END IF;
    IF cardinality(rule.rights) > 0 AND NOT EXISTS (SELECT 1 FROM unnest(rule.rights) r WHERE ar.may(r)) THEN
      PERFORM ar.need(rule.rights[1]);
    END IF;
    IF coalesce((c.x ->> 'delete')::boolean, false) THEN
      IF v_table NOT IN ('contact', 'contact_point', 'address', 'party_bank') THEN
        RAISE EXCEPTION 'a % is never deleted', replace(v_table, '_', ' ') USING ERRCODE = '42501', HINT = 'Close it instead.';
      END IF;
      EXECUTE format('DELETE FROM ar.%I WHERE id = $1::bigint AND row_version = $2 RETURNING row_version', v_table) INTO v_version USING v_id, (c.x ->> 'version')::int;
    ELSIF v_id IS NULL THEN
      IF cardinality(v_names) = 0 THEN
        RAISE EXCEPTION 'a new % needs something in it', replace(v_table, '_', ' ') USING ERRCODE = 'AR008';
      END IF;
      IF v_table = 'account' AND EXISTS (SELECT 1 FROM account WHERE kind = v_kind AND number = v_values ->> 'number') THEN
        RAISE EXCEPTION 'there is already a % numbered %', v_kind, v_values ->> 'number' USING ERRCODE = 'AR009', HINT = 'Use another number.';
      END IF;
      EXECUTE format('INSERT INTO ar.%1$I (%2$s) SELECT %2$s FROM jsonb_populate_record(NULL::ar.%1$I, $1) RETURNING %3$I::text, row_version', v_table,
        (SELECT string_agg(quote_ident(n), ', ') FROM unnest(v_names) n), rule.key_column) INTO v_id, v_version USING v_values;
      refs := refs || CASE WHEN c.x ? 'ref' AND rule.key_column = 'id' THEN jsonb_build_object(c.x ->> 'ref', v_id::bigint) ELSE '{}' END;
    ELSE
      CONTINUE WHEN cardinality(v_names) = 0;
      EXECUTE format('UPDATE ar.%1$I t SET %2$s FROM jsonb_populate_record(NULL::ar.%1$I, $1) r WHERE t.%3$I::text = $2 AND t.row_version = $3 RETURNING t.row_version', v_table,
        (SELECT string_agg(format('%1$I = r.%1$I', n), ', ') FROM unnest(v_names) n), rule.key_column) INTO v_version USING v_values, v_id, (c.x ->> 'version')::int;
    END IF;
    IF v_version IS NULL THEN
      last := NULL;
      SELECT u.who, u.at INTO last FROM audit u WHERE u.table_name = v_table::name AND u.op <> 'I' AND CASE rule.key_column WHEN 'id' THEN coalesce(u.after, u.before) ->> 'id' ELSE coalesce(u.after, u.before) ->> 'code' END = v_id ORDER BY u.seq DESC LIMIT 1;
      RAISE EXCEPTION 'this % was changed meanwhile by %', replace(v_table, '_', ' '), coalesce(last.who::text || ' on ' || ar.said(last.at), 'somebody else')
        USING ERRCODE = 'AR005', HINT = 'Nothing you typed is lost: look at their version beside yours and save again.';
    END IF;
    INSERT INTO record_change (posting_id, place, table_name, record, record_version) VALUES (claimed.posting, c.n, v_table, v_id, v_version);
    v_version := NULL;
  END LOOP;
  RETURN jsonb_build_object('status', 'posted', 'records', (SELECT coalesce(jsonb_agg(jsonb_build_object('table', table_name, 'id', record, 'version', record_version) ORDER BY place), '[]') FROM record_change WHERE posting_id = claimed.posting));
END $$;

-- Make two records of one party one: accounts (their numbers stay and are still found), people, addresses and subsidiaries move; nothing posted does.
CREATE OR REPLACE FUNCTION api.merge_parties(p_key uuid, p_from bigint, p_into bigint, p_reason text, p_today date) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = ar, pg_catalog, pg_temp AS $$
DECLARE
  claimed record; a party; b party; v_moved jsonb := '{}'; v_merge bigint; t text; ids jsonb;
BEGIN
  PERFORM ar.need('merge');
  SELECT * INTO claimed FROM ar.claim(p_key, 'merge', jsonb_build_array(p_from, p_into, p_reason), p_today);
  IF NOT claimed.fresh THEN
    RETURN (SELECT id FROM merge WHERE posting_id = claimed.posting);
  END IF;
  PERFORM 1 FROM party WHERE id IN (p_from, p_into) ORDER BY id FOR UPDATE;
  SELECT * INTO a FROM party WHERE id = p_from;
  SELECT * INTO b FROM party WHERE id = p_into;
  IF a.id IS NULL OR b.id IS NULL OR a.id = b.id OR a.merged_into IS NOT NULL OR b.merged_into IS NOT NULL THEN
    RAISE EXCEPTION 'these are not two parties that can be made one' USING ERRCODE = 'AR010', HINT = 'Name two that still stand for themselves.';
  END IF;
  IF nullif(btrim(p_reason), '') IS NULL THEN
    RAISE EXCEPTION 'making two parties one needs a reason' USING ERRCODE = 'AR008', HINT = 'It stays in the log.';
  END IF;
  IF a.parent_id = b.id OR b.parent_id = a.id THEN
    RAISE EXCEPTION '% and % are a company and its subsidiary', a.name, b.name USING ERRCODE = 'AR010', HINT = 'Take the group apart first.';
  END IF;
  IF b.parent_id IS NOT NULL AND EXISTS (SELECT 1 FROM party WHERE parent_id = a.id) THEN
    RAISE EXCEPTION '% has subsidiaries and % is one', a.name, b.name USING ERRCODE = 'AR010', HINT = 'Merge the other way round, or take a group apart first.';
  END IF;
  FOREACH t IN ARRAY ARRAY['account', 'contact', 'contact_point', 'address', 'party_bank'] LOOP
    EXECUTE format('WITH m AS (UPDATE ar.%I SET party_id = $2 WHERE party_id = $1 RETURNING id) SELECT coalesce(jsonb_agg(id ORDER BY id), ''[]'') FROM m', t) INTO ids USING a.id, b.id;
    v_moved := v_moved || jsonb_build_object(t, ids);
  END LOOP;
  WITH m AS (UPDATE party SET parent_id = b.id WHERE parent_id = a.id RETURNING id) SELECT coalesce(jsonb_agg(id ORDER BY id), '[]') INTO ids FROM m;
  v_moved := v_moved || jsonb_build_object('party', ids);
  UPDATE party SET merged_into = b.id WHERE id = a.id;
  INSERT INTO merge (posting_id, from_id, into_id, reason, moved) VALUES (claimed.posting, a.id, b.id, p_reason, v_moved) RETURNING id INTO v_merge;
  RETURN v_merge;
END $$;

-- Take a merge back: what it moved, and is still there, returns.
CREATE OR REPLACE FUNCTION api.undo_merge(p_key uuid, p_merge bigint, p_today date) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = ar, pg_catalog, pg_temp AS $$
DECLARE
  claimed record; m merge; t text;
BEGIN
  PERFORM ar.need('merge');
  SELECT * INTO claimed FROM ar.claim(p_key, 'undo_merge', jsonb_build_array(p_merge), p_today);
  SELECT * INTO m FROM merge WHERE id = p_merge FOR UPDATE;
  IF NOT claimed.fresh THEN
    RETURN m.id;
  ELSIF m.id IS NULL OR m.undone_at IS NOT NULL THEN
    RAISE EXCEPTION 'there is no merge % to take back', p_merge USING ERRCODE = CASE WHEN m.id IS NULL THEN 'AR011' ELSE 'AR009' END, HINT = 'The log of merges names those that stand.';
  ELSIF EXISTS (SELECT 1 FROM party WHERE id = m.into_id AND merged_into IS NOT NULL) THEN
    RAISE EXCEPTION 'the party it went into was itself merged since' USING ERRCODE = 'AR010', HINT = 'Take the later merge back first.';
  END IF;
  FOREACH t IN ARRAY ARRAY['account', 'contact', 'contact_point', 'address', 'party_bank'] LOOP
    EXECUTE format('UPDATE ar.%I SET party_id = $1 WHERE party_id = $2 AND id IN (SELECT x::bigint FROM jsonb_array_elements_text($3) x)', t) USING m.from_id, m.into_id, m.moved -> t;
  END LOOP;
  UPDATE party SET parent_id = m.from_id WHERE parent_id = m.into_id AND id IN (SELECT x::bigint FROM jsonb_array_elements_text(m.moved -> 'party') x);
  UPDATE party SET merged_into = NULL WHERE id = m.from_id;
  UPDATE merge SET undone_by = session_user, undone_at = clock_timestamp() WHERE id = m.id;
  RETURN m.id;
END $$;

-- Cheques dated ahead: taken, listed on their day, paid in as a receipt under the key of the deposit, or handed back.
CREATE OR REPLACE FUNCTION api.take_cheque(p_key uuid, p_cheque jsonb, p_today date) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = ar, pg_catalog, pg_temp AS $$
DECLARE
  claimed record; v_account account; v_id bigint;
BEGIN
  PERFORM ar.need('receipt');
  SELECT * INTO claimed FROM ar.claim(p_key, 'postdated_cheque', p_cheque, p_today);
  IF NOT claimed.fresh THEN
    RETURN (SELECT id FROM postdated_cheque WHERE posting_id = claimed.posting);
  END IF;
  v_account := ar.account_by_number('customer', p_cheque ->> 'customer');
  PERFORM ar.check_day((p_cheque ->> 'deposit_on')::date);
  IF EXISTS (SELECT 1 FROM postdated_cheque WHERE account_id = v_account.id AND cheque = p_cheque ->> 'cheque' AND bank = coalesce(p_cheque ->> 'bank', '') AND state <> 'handed_back') THEN
    RAISE EXCEPTION 'cheque % of this customer is already here', p_cheque ->> 'cheque' USING ERRCODE = 'AR009', HINT = 'Look for it in the list of cheques.';
  END IF;
  INSERT INTO postdated_cheque (posting_id, account_id, cheque, bank, currency, amount, deposit_on, allocate, note)
    VALUES (claimed.posting, v_account.id, p_cheque ->> 'cheque', coalesce(p_cheque ->> 'bank', ''), coalesce(p_cheque ->> 'currency', v_account.currency), (p_cheque ->> 'amount')::bigint,
            (p_cheque ->> 'deposit_on')::date, coalesce(p_cheque -> 'allocate', '[]'), coalesce(p_cheque ->> 'note', '')) RETURNING id INTO v_id;
  RETURN v_id;
END $$;

CREATE OR REPLACE FUNCTION api.deposit_cheque(p_key uuid, p_cheque bigint, p_allocate boolean, p_today date) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = ar, pg_catalog, pg_temp AS $$
DECLARE
  claimed record; q postdated_cheque;
BEGIN
  PERFORM ar.need('receipt');
  SELECT * INTO claimed FROM ar.claim(p_key, 'receipt', jsonb_build_object('cheque', p_cheque, 'allocate', p_allocate), p_today);
  IF NOT claimed.fresh THEN
    RETURN ar.answer(claimed.posting, 'exists');
  END IF;
  SELECT * INTO q FROM postdated_cheque WHERE id = p_cheque FOR UPDATE;
  IF q.state IS DISTINCT FROM 'held' THEN
    RAISE EXCEPTION 'there is no such cheque to pay in' USING ERRCODE = CASE WHEN q.id IS NULL THEN 'AR011' ELSE 'AR009' END, HINT = 'It was paid in or handed back already, or never taken.';
  ELSIF q.deposit_on > p_today THEN
    RAISE EXCEPTION 'cheque % may be paid in on % and not before', q.cheque, ar.said(q.deposit_on) USING ERRCODE = 'AR010', HINT = 'The bank would return it.';
  END IF;
  PERFORM ar.carry_out(claimed.posting, jsonb_build_object('kind', 'receipt', 'customer', (SELECT number FROM account WHERE id = q.account_id), 'date', p_today, 'amount', q.amount,
    'currency', q.currency, 'method', 'cheque', 'reference', q.cheque) || CASE WHEN coalesce(p_allocate, true) THEN jsonb_build_object('allocate', q.allocate) ELSE '{}' END, p_today);
  UPDATE postdated_cheque SET state = 'deposited', settled_by = session_user, settled_posting_id = claimed.posting WHERE id = q.id;
  RETURN ar.answer(claimed.posting, 'posted');
END $$;

CREATE OR REPLACE FUNCTION api.hand_back_cheque(p_cheque bigint, p_note text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = ar, pg_catalog, pg_temp AS $$
BEGIN
  PERFORM ar.need('receipt');
  UPDATE postdated_cheque SET state = 'handed_back', settled_by = session_user, note = coalesce(nullif(btrim(p_note), ''), note) WHERE id = p_cheque AND state = 'held';
  IF NOT FOUND THEN
    RAISE EXCEPTION 'there is no such cheque to hand back' USING ERRCODE = 'AR009', HINT = 'It was paid in or handed back already, or never taken.';
  END IF;
END $$;

-- The certificate for withheld tax has come. Sent again it corrects the number.
CREATE OR REPLACE FUNCTION api.receive_certificate(p_document text, p_number text, p_day date) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = ar, pg_catalog, pg_temp AS $$
DECLARE
  v_of document;
BEGIN
  PERFORM ar.need('withholding');
  v_of := ar.document_by_number(p_document, NULL, NULL, 'withholding');
  IF ar.is_reversed(v_of.id) OR p_day IS NULL OR p_day < v_of.doc_date OR nullif(btrim(p_number), '') IS NULL THEN
    RAISE EXCEPTION 'no certificate belongs to % like this', p_document USING ERRCODE = 'AR010', HINT = 'Give its number and a day not before the tax was withheld; a reversed withholding has none.';
  END IF;
  INSERT INTO certificate AS c (document_id, number, received_on) VALUES (v_of.id, p_number, p_day)
    ON CONFLICT (document_id) DO UPDATE SET number = excluded.number, received_on = excluded.received_on;
END $$;
