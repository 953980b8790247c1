-- Telling open programs that something has changed. The word carries nothing: whoever hears it asks api.changes what was committed since they last
-- asked, from the rows that are kept anyway. A forged word makes somebody ask once more, and a lost one is made up for by the next.

-- NOTIFY holds a lock of the whole cluster from here until the commit is on disk. So only one transaction at a time gives the word, and nobody waits
-- for it: who does not get the turn commits beside somebody who gives the word, and whoever hears it asks again until all who were under way have
-- ended (docs/decisions/0007-words-of-change.md).
CREATE OR REPLACE FUNCTION ar.wake() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = ar, pg_catalog, pg_temp AS $$
BEGIN
  IF pg_try_advisory_xact_lock(727, 3) THEN
    PERFORM pg_notify('artui_changed', '');
  END IF;
  RETURN NULL;
END $$;

DO $$
DECLARE
  t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['posting', 'audit', 'activity'] LOOP
    EXECUTE format('DROP TRIGGER IF EXISTS d_wake ON ar.%I', t);
    EXECUTE format('CREATE CONSTRAINT TRIGGER d_wake AFTER INSERT ON ar.%I DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION ar.wake()', t);
  END LOOP;
END $$;

-- What was committed since a snapshot, as far as it touches these accounts or no account at all: who, when, and what kind of thing.
-- "more": too much to list, anything may have changed. "any": something changed, listed or not.
CREATE OR REPLACE FUNCTION api.changes(p_since pg_snapshot, p_accounts bigint[]) RETURNS jsonb
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = ar, pg_catalog, pg_temp AS $$
DECLARE
  s constant pg_snapshot := pg_current_snapshot();
  n constant bigint := pg_snapshot_xmax(s)::text::bigint;
  most constant int := 200;
  -- after a restore rows may bear transaction numbers that are still to come here: what is old is not news
  fresh constant timestamptz := now() - interval '6 hours';
  v_made jsonb; v_edited jsonb; v_noted jsonb; v_count int := 0; v_some int;
  head constant jsonb := jsonb_build_object('now', s::text, 'oldest', pg_snapshot_xmin(s)::text, 'next', pg_snapshot_xmax(s)::text);
BEGIN
  IF p_since IS NULL THEN
    RETURN head || '{"changes": [], "any": false, "more": false}';
  END IF;
  IF cardinality(p_accounts) > 1000 THEN
    RAISE EXCEPTION 'nobody watches so many accounts' USING ERRCODE = 'AR008';
  END IF;
  WITH made AS MATERIALIZED (
    SELECT p.id, p.kind, p.posted_by, p.posted_at, p.bulk FROM posting p
    WHERE p.xid >= pg_snapshot_xmin(p_since) AND p.xid < pg_snapshot_xmax(s) AND NOT pg_visible_in_snapshot(p.xid, p_since) AND p.posted_at > fresh
    ORDER BY p.xid DESC LIMIT most + 1)
  SELECT count(*), jsonb_agg(jsonb_build_object('by', m.posted_by, 'at', m.posted_at, 'what', coalesce(d.kind, m.kind), 'op', 'P', 'bulk', m.bulk,
      'accounts', t.ids, 'number', d.number, 'amount', d.amount, 'currency', d.currency)) FILTER (WHERE t.ids IS NOT NULL)
    INTO v_count, v_made
    FROM made m
    CROSS JOIN LATERAL (SELECT jsonb_agg(DISTINCT x.account_id) AS ids FROM (
      SELECT d.account_id FROM document d WHERE d.posting_id = m.id
      UNION ALL SELECT i.account_id FROM document d JOIN open_item i ON i.document_id = d.id WHERE d.posting_id = m.id AND NOT m.bulk
      UNION ALL SELECT i.account_id FROM allocation a JOIN open_item i ON i.id = a.debit_item_id WHERE a.posting_id = m.id
      UNION ALL SELECT i.account_id FROM allocation a JOIN open_item i ON i.id = a.credit_item_id WHERE a.posting_id = m.id) x
      WHERE x.account_id = ANY (p_accounts)) t
    LEFT JOIN LATERAL (SELECT d.kind, d.number, d.amount, d.currency FROM document d WHERE t.ids IS NOT NULL AND d.posting_id = m.id AND NOT m.bulk
      ORDER BY d.account_id = ANY (p_accounts) DESC, d.id LIMIT 1) d ON true;

  WITH edited AS MATERIALIZED (
    SELECT a.who, a.at, a.table_name, a.op, a.before, a.after, coalesce(a.after, a.before) AS row FROM audit a
    WHERE a.xid >= pg_snapshot_xmin(p_since) AND a.xid < pg_snapshot_xmax(s) AND NOT pg_visible_in_snapshot(a.xid, p_since) AND a.at > fresh AND a.table_name <> 'load'
    ORDER BY a.xid DESC LIMIT most + 1)
  SELECT count(*), jsonb_agg(jsonb_build_object('by', e.who, 'at', e.at, 'what', e.table_name, 'op', e.op, 'kind', e.row ->> 'type', 'accounts', coalesce(t.ids, '[]'),
      'columns', (SELECT jsonb_agg(k ORDER BY k) FROM jsonb_object_keys(e.row) k WHERE e.op = 'U' AND e.before -> k IS DISTINCT FROM e.after -> k AND k NOT IN ('row_version', 'value_key', 'name_key'))))
      FILTER (WHERE t.ids IS NOT NULL OR e.table_name NOT IN ('account', 'party', 'contact', 'contact_point', 'address', 'party_bank', 'open_item'))
    INTO v_some, v_edited
    FROM edited e
    CROSS JOIN LATERAL (SELECT jsonb_agg(a.id) AS ids FROM account a WHERE a.id = ANY (p_accounts) AND CASE e.table_name
      WHEN 'account' THEN a.id = (e.row ->> 'id')::bigint WHEN 'open_item' THEN a.id = (e.row ->> 'account_id')::bigint
      WHEN 'party' THEN a.party_id = (e.row ->> 'id')::bigint
      WHEN 'contact' THEN a.party_id = (e.row ->> 'party_id')::bigint WHEN 'contact_point' THEN a.party_id = (e.row ->> 'party_id')::bigint
      WHEN 'address' THEN a.party_id = (e.row ->> 'party_id')::bigint WHEN 'party_bank' THEN a.party_id = (e.row ->> 'party_id')::bigint END) t;
  v_count := greatest(v_count, v_some);

  -- contacts bear no transaction number of their own: the row's, counted on to 64 bits
  SELECT count(*), jsonb_agg(jsonb_build_object('by', c.by_login, 'at', c.recorded_at, 'what', 'activity', 'op', 'I', 'kind', c.channel, 'accounts', jsonb_build_array(c.account_id)))
    INTO v_some, v_noted
    FROM (SELECT a.*, (n & ~4294967295) + a.xmin::text::bigint - CASE WHEN (n & ~4294967295) + a.xmin::text::bigint >= n THEN 4294967296 ELSE 0 END AS made_by
          FROM activity a WHERE a.account_id = ANY (p_accounts) AND a.recorded_at > fresh) c
    WHERE c.made_by > 0 AND NOT pg_visible_in_snapshot(c.made_by::text::xid8, p_since);
  RETURN head || jsonb_build_object('changes', coalesce(v_made, '[]') || coalesce(v_edited, '[]') || coalesce(v_noted, '[]'),
    'any', v_count + v_some > 0, 'more', v_count > most);
END $$;
