-- What must hold whoever writes: append-only, balanced, closed months, the cached open amount, the audit trail.

CREATE OR REPLACE FUNCTION ar.no_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% on %.% is forbidden: what is posted stays; correct it with a dated reversal', TG_OP, TG_TABLE_SCHEMA, TG_TABLE_NAME
    USING ERRCODE = '42501';
END $$;

-- Lines and items join only the transaction that made their document, in a month that is open. The documents of one statement have numbers
-- close together, so they are read as one range: the cost follows what was added, whatever the planner believes of a table that has just grown.
CREATE OR REPLACE FUNCTION ar.lines_guard() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = ar, pg_catalog, pg_temp AS $$
DECLARE
  first_id bigint; last_id bigint;
BEGIN
  SELECT min(document_id), max(document_id) INTO first_id, last_id FROM added;
  IF EXISTS (SELECT 1 FROM added a WHERE a.document_id NOT IN (SELECT d.id FROM document d JOIN posting p ON p.id = d.posting_id
             WHERE d.id BETWEEN first_id AND last_id AND p.xid = pg_current_xact_id())) THEN
    RAISE EXCEPTION 'this document is already posted: nothing can be added to it' USING ERRCODE = '42501';
  END IF;
  RETURN NULL;
END $$;

-- Documents and allocations join only a posting of this transaction; a document of a load only a load's posting.
CREATE OR REPLACE FUNCTION ar.posting_guard() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = ar, pg_catalog, pg_temp AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM (SELECT DISTINCT posting_id FROM added) a LEFT JOIN posting p ON p.id = a.posting_id WHERE p.xid IS DISTINCT FROM pg_current_xact_id()) THEN
    RAISE EXCEPTION 'this posting is finished: nothing can be added to it' USING ERRCODE = '42501';
  END IF;
  IF TG_TABLE_NAME = 'document' THEN
    IF EXISTS (SELECT 1 FROM (SELECT DISTINCT account_id FROM added) a WHERE a.account_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM account c WHERE c.id = a.account_id)) THEN
      RAISE EXCEPTION 'a document names an account that does not exist' USING ERRCODE = '23503';
    END IF;
    IF EXISTS (SELECT 1 FROM (SELECT DISTINCT posting_id FROM added WHERE bulk) a JOIN posting p ON p.id = a.posting_id WHERE NOT p.bulk) THEN
      RAISE EXCEPTION 'only a load books in bulk' USING ERRCODE = '42501';
    END IF;
  END IF;
  RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION ar.journal_guard() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = ar, pg_catalog, pg_temp AS $$
DECLARE
  late date;
BEGIN
  LOCK TABLE period IN ROW SHARE MODE;   -- a month is not closed under a transaction that has posted
  SELECT min(a.posted_on) INTO late FROM (SELECT DISTINCT posted_on FROM added) a
    JOIN period p ON p.month = date_trunc('month', a.posted_on)::date
    WHERE p.state = 'closed' OR (p.state = 'soft_closed' AND NOT ar.may('post_soft_closed'));
  IF late IS NOT NULL THEN
    PERFORM ar.refuse_closed(late);
  END IF;
  INSERT INTO ledger_day AS t (gl, currency, posted_on, shard, amount, base_amount, lines)
    SELECT gl, currency, posted_on, pg_backend_pid() % 256, sum(amount), coalesce(sum(base_amount), 0), count(*) FROM added
    GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
    ON CONFLICT (gl, currency, posted_on, shard) DO UPDATE
      SET amount = t.amount + excluded.amount, base_amount = t.base_amount + excluded.base_amount, lines = t.lines + excluded.lines;
  RETURN NULL;
END $$;

-- An entry balances in each currency and in the company's, and a document of any amount has at least two lines.
CREATE OR REPLACE FUNCTION ar.balanced() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = ar, pg_catalog, pg_temp AS $$
DECLARE
  n int; off bigint; base bigint; missing int;
BEGIN
  SELECT coalesce(sum(k), 0), coalesce(max(abs(s)), 0), coalesce(sum(b), 0), coalesce(sum(no_base), 0) INTO n, off, base, missing
    FROM (SELECT count(*) k, sum(amount) s, sum(base_amount) b, count(*) FILTER (WHERE base_amount IS NULL) no_base
          FROM journal_line WHERE document_id = NEW.id GROUP BY currency) c;
  IF off <> 0 OR (base <> 0 AND missing = 0) OR (missing NOT IN (0, n)) OR (n < 2 AND NOT (n = 0 AND NEW.amount = 0)) THEN
    RAISE EXCEPTION 'document % does not balance (off by % in % lines, base %)', NEW.number, off, n, base USING ERRCODE = 'AR001';
  END IF;
  IF EXISTS (SELECT 1 FROM (SELECT account_id, currency::text AS currency, amount FROM journal_line WHERE document_id = NEW.id AND account_id IS NOT NULL
                            UNION ALL SELECT account_id, currency::text, -original FROM open_item WHERE document_id = NEW.id) x
             GROUP BY account_id, currency HAVING sum(amount) <> 0) THEN
    RAISE EXCEPTION 'the open items of document % do not add up to its ledger lines', NEW.number USING ERRCODE = 'AR001';
  END IF;
  RETURN NULL;
END $$;

-- The same for a bulk load, once, over all its documents; and what a clerk's own posting would be held to.
-- Its documents, lines and items have numbers close together, so each table is read once as a range and the sums are hashed or merged: the cost
-- follows the load, whatever the planner believes of tables that have just grown.
CREATE OR REPLACE FUNCTION ar.unbalanced_of_load(p_posting bigint) RETURNS text LANGUAGE plpgsql SET search_path = ar, pg_catalog, pg_temp SET enable_nestloop = off AS $$
DECLARE
  bad text; first_id bigint; last_id bigint; first_item bigint; last_item bigint;
BEGIN
  SELECT min(id), max(id) INTO first_id, last_id FROM document WHERE posting_id = p_posting;
  SELECT min(id), max(id) INTO first_item, last_item FROM open_item WHERE document_id BETWEEN first_id AND last_id;
  SELECT d.number INTO bad FROM document d
    LEFT JOIN (SELECT l.document_id, count(*) n, sum(l.amount) s, coalesce(sum(l.base_amount), 0) b, count(l.base_amount) nb, coalesce(sum(l.amount) FILTER (WHERE l.account_id IS NOT NULL), 0) c
               FROM journal_line l WHERE l.document_id BETWEEN first_id AND last_id GROUP BY 1) j ON j.document_id = d.id
    LEFT JOIN (SELECT i.document_id, sum(i.original) s, min(i.original) < 0 AND max(i.original) > 0 AS mixed,
                 bool_or(i.open <> i.original - coalesce(CASE WHEN i.original > 0 THEN x.used ELSE -y.used END, 0)) AS off
               FROM open_item i
               LEFT JOIN (SELECT debit_item_id, sum(amount) AS used FROM allocation WHERE debit_item_id BETWEEN first_item AND last_item GROUP BY 1) x ON x.debit_item_id = i.id
               LEFT JOIN (SELECT credit_item_id, sum(amount) AS used FROM allocation WHERE credit_item_id BETWEEN first_item AND last_item GROUP BY 1) y ON y.credit_item_id = i.id
               WHERE i.document_id BETWEEN first_id AND last_id GROUP BY 1) i ON i.document_id = d.id
    WHERE d.posting_id = p_posting AND (coalesce(j.s, 0) <> 0 OR coalesce(j.b, 0) <> 0 OR coalesce(j.nb, 0) NOT IN (0, coalesce(j.n, 0)) OR coalesce(j.c, 0) <> coalesce(i.s, 0) OR coalesce(i.off, false)
          OR (coalesce(j.n, 0) < 2 AND NOT (j.n IS NULL AND d.amount = 0)) OR (d.bulk AND coalesce(i.mixed, false))) LIMIT 1;
  RETURN bad;
END $$;

CREATE OR REPLACE FUNCTION ar.balanced_bulk() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = ar, pg_catalog, pg_temp AS $$
DECLARE
  bad text := ar.unbalanced_of_load(NEW.id); first_id bigint; last_id bigint;
BEGIN
  IF bad IS NULL THEN
    SELECT min(id), max(id) INTO first_id, last_id FROM document WHERE posting_id = NEW.id;
    SELECT d.number INTO bad FROM (SELECT l.account_id, l.gl, min(l.document_id) AS document_id FROM journal_line l JOIN document m ON m.id = l.document_id AND m.posting_id = NEW.id
        WHERE l.document_id BETWEEN first_id AND last_id AND l.account_id IS NOT NULL GROUP BY 1, 2) g JOIN document d ON d.id = g.document_id
      WHERE NOT EXISTS (SELECT 1 FROM account a WHERE a.id = g.account_id AND a.kind = CASE g.gl WHEN '1100' THEN 'customer' WHEN '2000' THEN 'vendor' END) LIMIT 1;
  END IF;
  IF bad IS NOT NULL THEN
    RAISE EXCEPTION 'document % of the load does not balance', bad USING ERRCODE = 'AR001';
  END IF;
  SELECT d.number INTO bad FROM document d WHERE d.posting_id = NEW.id AND d.bulk AND d.event <> d.kind
    AND (d.kind, d.event) NOT IN (('receipt', 'receipt_unidentified'), ('charge', 'interest'), ('charge', 'nsf_fee'), ('charge', 'fixed_sum'), ('charge', 'late_fee'))
    AND d.event <> 'opening' LIMIT 1;
  IF bad IS NOT NULL THEN
    RAISE EXCEPTION 'document % of the load is booked as something it is not', bad USING ERRCODE = '42501';
  END IF;
  SELECT d.number INTO bad FROM allocation a JOIN open_item x ON x.id = a.debit_item_id JOIN open_item y ON y.id = a.credit_item_id JOIN document d ON d.id = y.document_id
    WHERE a.posting_id = NEW.id AND (x.original < 0 OR y.original > 0 OR x.currency <> y.currency OR a.kind NOT IN ('payment', 'credit_note', 'discount', 'deposit', 'withholding', 'other')
      OR (x.account_id <> y.account_id AND NOT ar.same_group(x.account_id, y.account_id))) LIMIT 1;
  IF bad IS NOT NULL THEN
    RAISE EXCEPTION 'the load sets % against something it cannot be set against', bad USING ERRCODE = 'AR010';
  END IF;
  PERFORM ar.check_open(day) FROM (SELECT DISTINCT effective_on AS day FROM allocation WHERE posting_id = NEW.id OFFSET 0) days;
  RETURN NULL;
END $$;

-- What a posting has allocated is what its items say, whoever wrote the rows.
CREATE OR REPLACE FUNCTION ar.allocated() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = ar, pg_catalog, pg_temp AS $$
BEGIN
  PERFORM ar.prove_item(i.id) FROM (SELECT debit_item_id AS id FROM allocation WHERE posting_id = NEW.id UNION SELECT credit_item_id FROM allocation WHERE posting_id = NEW.id) i;
  RETURN NULL;
END $$;

-- Of an open item only the vault's caches and the dispute mark may move, and at commit they agree with the allocations.
CREATE OR REPLACE FUNCTION ar.item_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (NEW.id, NEW.document_id, NEW.account_id, NEW.seq, NEW.is_vendor, NEW.currency, NEW.doc_date, NEW.posted_on, NEW.due_on, NEW.original, NEW.bulk)
     IS DISTINCT FROM
     (OLD.id, OLD.document_id, OLD.account_id, OLD.seq, OLD.is_vendor, OLD.currency, OLD.doc_date, OLD.posted_on, OLD.due_on, OLD.original, OLD.bulk)
     OR NEW.base IS DISTINCT FROM OLD.base THEN
    RAISE EXCEPTION 'open item % is posted: what is posted stays; correct it with a dated reversal', OLD.id USING ERRCODE = '42501';
  END IF;
  RETURN NEW;
END $$;
CREATE OR REPLACE FUNCTION ar.prove_item(p_item bigint) RETURNS void LANGUAGE plpgsql SET search_path = ar, pg_catalog, pg_temp AS $$
DECLARE
  used bigint; first_day date; last_day date; item open_item;
BEGIN
  SELECT * INTO item FROM open_item WHERE id = p_item;
  IF item.original > 0 THEN
    SELECT coalesce(sum(amount), 0), min(effective_on), max(effective_on) INTO used, first_day, last_day FROM allocation WHERE debit_item_id = item.id;
  ELSE
    SELECT -coalesce(sum(amount), 0), min(effective_on), max(effective_on) INTO used, first_day, last_day FROM allocation WHERE credit_item_id = item.id;
  END IF;
  IF item.open <> item.original - used OR item.first_on IS DISTINCT FROM first_day OR item.last_on IS DISTINCT FROM last_day THEN
    RAISE EXCEPTION 'open item % disagrees with its allocations', item.id USING ERRCODE = 'AR001';
  END IF;
END $$;
CREATE OR REPLACE FUNCTION ar.item_proof() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = ar, pg_catalog, pg_temp AS $$
BEGIN
  PERFORM ar.prove_item(NEW.id);
  RETURN NULL;
END $$;

-- A credit limit and a hold are credit control's, through whatever door they come.
CREATE OR REPLACE FUNCTION ar.credit_guard() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = ar, pg_catalog, pg_temp AS $$
BEGIN
  IF NOT has_column_privilege(session_user, 'ar.account', 'credit_limit', 'UPDATE') THEN
    RAISE EXCEPTION '% may not set credit limits or holds', session_user USING ERRCODE = '42501', HINT = 'Leave the column out, or ask credit control.';
  END IF;
  RETURN NEW;
END $$;

-- A group is one head and its parts: whose head stands under another one, or has this party under itself, would be of two groups. The head is held
-- until commit, so that of two who put each other under themselves the second is refused; a snapshot of the past would not see the first.
CREATE OR REPLACE FUNCTION ar.group_guard() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = ar, pg_catalog, pg_temp AS $$
DECLARE
  head party;
BEGIN
  IF current_setting('transaction_isolation') <> 'read committed' THEN
    RAISE EXCEPTION 'groups are made in transactions that read what is committed' USING ERRCODE = '25001', HINT = 'Use the isolation level READ COMMITTED.';
  END IF;
  SELECT * INTO head FROM party WHERE id = NEW.parent_id FOR SHARE;
  IF head.parent_id IS NOT NULL THEN
    RAISE EXCEPTION '% is itself part of a group', head.name USING ERRCODE = 'AR010', HINT = format('Name the head of that group: %s.', (SELECT name FROM party WHERE id = head.parent_id));
  ELSIF EXISTS (SELECT 1 FROM party WHERE parent_id = NEW.id) THEN
    RAISE EXCEPTION '% is the head of a group and cannot be part of another one', NEW.name USING ERRCODE = 'AR010', HINT = 'Take its group apart first.';
  END IF;
  RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION ar.audit_row() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = ar, pg_catalog, pg_temp AS $$
BEGIN
  INSERT INTO audit (table_name, op, before, after) VALUES (TG_TABLE_NAME, left(TG_OP, 1)::"char",
    CASE WHEN TG_OP <> 'INSERT' THEN to_jsonb(OLD) END, CASE WHEN TG_OP <> 'DELETE' THEN to_jsonb(NEW) END);
  RETURN NULL;
END $$;
-- The optimistic lock: whoever changes a row read by someone else since is told so, not overwritten (AR005 is raised by the caller on 0 rows).
CREATE OR REPLACE FUNCTION ar.next_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.row_version := OLD.row_version + 1;
  RETURN NEW;
END $$;

DO $$
DECLARE
  t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['posting', 'document', 'document_line', 'journal_line', 'allocation', 'activity', 'audit', 'seal'] LOOP
    EXECUTE format('CREATE OR REPLACE TRIGGER a_no_change BEFORE UPDATE OR DELETE ON ar.%I FOR EACH ROW EXECUTE FUNCTION ar.no_change()', t);
  END LOOP;
  FOREACH t IN ARRAY ARRAY['posting', 'document', 'document_line', 'journal_line', 'allocation', 'activity', 'audit', 'seal', 'open_item', 'ledger_day',
                           'approval', 'account', 'party', 'period', 'staff'] LOOP
    EXECUTE format('CREATE OR REPLACE TRIGGER a_no_truncate BEFORE TRUNCATE ON ar.%I FOR EACH STATEMENT EXECUTE FUNCTION ar.no_change()', t);
  END LOOP;
  FOREACH t IN ARRAY ARRAY['open_item', 'approval', 'account', 'party', 'period', 'staff'] LOOP
    EXECUTE format('CREATE OR REPLACE TRIGGER a_no_delete BEFORE DELETE ON ar.%I FOR EACH ROW EXECUTE FUNCTION ar.no_change()', t);
  END LOOP;
  FOREACH t IN ARRAY ARRAY['document_line', 'open_item'] LOOP
    EXECUTE format('CREATE OR REPLACE TRIGGER b_lines_guard AFTER INSERT ON ar.%I REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION ar.lines_guard()', t);
  END LOOP;
  FOREACH t IN ARRAY ARRAY['document', 'allocation'] LOOP
    EXECUTE format('CREATE OR REPLACE TRIGGER b_posting_guard AFTER INSERT ON ar.%I REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION ar.posting_guard()', t);
  END LOOP;
  CREATE OR REPLACE TRIGGER b_credit_guard_new BEFORE INSERT ON ar.account FOR EACH ROW WHEN (NEW.credit_limit IS NOT NULL OR NEW.hold OR NEW.hold_reason IS NOT NULL)
    EXECUTE FUNCTION ar.credit_guard();
  CREATE OR REPLACE TRIGGER b_credit_guard BEFORE UPDATE ON ar.account FOR EACH ROW
    WHEN ((NEW.credit_limit, NEW.hold, NEW.hold_reason) IS DISTINCT FROM (OLD.credit_limit, OLD.hold, OLD.hold_reason)) EXECUTE FUNCTION ar.credit_guard();
  CREATE OR REPLACE TRIGGER b_group_guard_new BEFORE INSERT ON ar.party FOR EACH ROW WHEN (NEW.parent_id IS NOT NULL) EXECUTE FUNCTION ar.group_guard();
  CREATE OR REPLACE TRIGGER b_group_guard BEFORE UPDATE OF parent_id ON ar.party FOR EACH ROW
    WHEN (NEW.parent_id IS NOT NULL AND NEW.parent_id IS DISTINCT FROM OLD.parent_id) EXECUTE FUNCTION ar.group_guard();
  CREATE OR REPLACE TRIGGER b_lines_guard AFTER INSERT ON ar.journal_line REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION ar.lines_guard();
  CREATE OR REPLACE TRIGGER c_journal_guard AFTER INSERT ON ar.journal_line REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION ar.journal_guard();
  CREATE OR REPLACE TRIGGER b_item_guard BEFORE UPDATE ON ar.open_item FOR EACH ROW EXECUTE FUNCTION ar.item_guard();
  -- editable tables: the row's own trail; a bulk load writes one audit row itself
  FOREACH t IN ARRAY ARRAY['party', 'account', 'contact', 'contact_point', 'address', 'item'] LOOP
    EXECUTE format('CREATE OR REPLACE TRIGGER z_audit_new AFTER INSERT ON ar.%I FOR EACH ROW WHEN (NEW.load_id IS NULL) EXECUTE FUNCTION ar.audit_row()', t);
    EXECUTE format('CREATE OR REPLACE TRIGGER z_audit AFTER UPDATE OR DELETE ON ar.%I FOR EACH ROW EXECUTE FUNCTION ar.audit_row()', t);
    EXECUTE format('CREATE OR REPLACE TRIGGER b_version BEFORE UPDATE ON ar.%I FOR EACH ROW EXECUTE FUNCTION ar.next_version()', t);
  END LOOP;
  FOREACH t IN ARRAY ARRAY['terms', 'period', 'batch', 'staff', 'approval', 'import_profile'] LOOP
    EXECUTE format('CREATE OR REPLACE TRIGGER z_audit AFTER INSERT OR UPDATE OR DELETE ON ar.%I FOR EACH ROW EXECUTE FUNCTION ar.audit_row()', t);
    EXECUTE format('CREATE OR REPLACE TRIGGER b_version BEFORE UPDATE ON ar.%I FOR EACH ROW EXECUTE FUNCTION ar.next_version()', t);
  END LOOP;
  FOREACH t IN ARRAY ARRAY['setting', 'exchange_rate', 'gl_account', 'posting_rule', 'permission', 'role_conflict', 'approval_limit', 'currency', 'batch_receipt'] LOOP
    EXECUTE format('CREATE OR REPLACE TRIGGER z_audit AFTER INSERT OR UPDATE OR DELETE ON ar.%I FOR EACH ROW EXECUTE FUNCTION ar.audit_row()', t);
  END LOOP;
  CREATE OR REPLACE TRIGGER z_audit_dispute AFTER UPDATE ON ar.open_item FOR EACH ROW
    WHEN (OLD.disputed IS DISTINCT FROM NEW.disputed OR OLD.dispute_reason IS DISTINCT FROM NEW.dispute_reason) EXECUTE FUNCTION ar.audit_row();
END $$;
DROP TRIGGER IF EXISTS d_balanced ON ar.document;
CREATE CONSTRAINT TRIGGER d_balanced AFTER INSERT ON ar.document DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NOT NEW.bulk) EXECUTE FUNCTION ar.balanced();
DROP TRIGGER IF EXISTS d_balanced_bulk ON ar.posting;
CREATE CONSTRAINT TRIGGER d_balanced_bulk AFTER INSERT ON ar.posting DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.bulk) EXECUTE FUNCTION ar.balanced_bulk();
DROP TRIGGER IF EXISTS d_item_proof ON ar.open_item;
CREATE CONSTRAINT TRIGGER d_item_proof AFTER UPDATE OF open, first_on, last_on ON ar.open_item DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION ar.item_proof();
DROP TRIGGER IF EXISTS d_allocated ON ar.posting;
CREATE CONSTRAINT TRIGGER d_allocated AFTER INSERT ON ar.posting DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NOT NEW.bulk) EXECUTE FUNCTION ar.allocated();
