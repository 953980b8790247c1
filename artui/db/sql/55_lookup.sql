-- Who is calling: the accounts a text means, best first. Each rung is asked only while those before it have not filled the list,
-- and looks at so many rows at most: what a keystroke costs does not follow the size of the company.
DO $$
BEGIN
  IF to_regtype('ar.found') IS NULL THEN
    CREATE TYPE ar.found AS (account_id bigint, how text, what text);
  END IF;
END $$;

-- Those of the found that are of the kind asked for and, where asked, have something open; of each account the first.
CREATE OR REPLACE FUNCTION ar.keep_found(p_found ar.found[], p_kind text, p_open boolean, p_limit int) RETURNS ar.found[]
LANGUAGE sql STABLE SET search_path = ar, pg_catalog, pg_temp AS $$
  SELECT coalesce(array_agg(ROW(k.account_id, k.how, k.what)::ar.found ORDER BY k.place), '{}') FROM (
    SELECT f.* FROM (SELECT DISTINCT ON (account_id) account_id, how, what, place FROM unnest(p_found) WITH ORDINALITY u(account_id, how, what, place) ORDER BY account_id, place) f
    JOIN account a ON a.id = f.account_id
    WHERE (p_kind IS NULL OR a.kind = p_kind) AND (NOT p_open OR EXISTS (SELECT FROM open_item i WHERE i.account_id = f.account_id AND i.open <> 0))
    ORDER BY f.place LIMIT p_limit) k $$;

-- The words of the vocabulary somebody means by a word, as alternatives of a text search: those that begin with it, and with
-- p_guess those a slip or two away. `known` says that one begins with it, a null `meant` that nothing comes near.
CREATE OR REPLACE FUNCTION ar.word_meant(p_word text, p_guess boolean, OUT known boolean, OUT meant text)
LANGUAGE plpgsql STABLE SET search_path = ar, ext, pg_catalog, pg_temp AS $$
DECLARE
  n int; near text; roof constant text := p_word || chr(1114111); widest constant int := 100;
BEGIN
  SELECT count(*), string_agg(quote_literal(word), '|') INTO n, meant FROM (SELECT word FROM name_word WHERE word >= p_word COLLATE "C" AND word < roof COLLATE "C" LIMIT widest + 1) w;
  known := n > 0;
  IF n > widest THEN
    -- of a letter or two half the company has a word that begins so: reading all of them would cost what the company is large
    meant := CASE WHEN length(p_word) > 2 THEN quote_literal(p_word) || ':*' ELSE (SELECT quote_literal(word) FROM name_word WHERE word = p_word COLLATE "C") END;
  END IF;
  IF NOT p_guess OR length(p_word) < 4 THEN
    RETURN;
  END IF;
  SELECT string_agg(quote_literal(word), '|') INTO near FROM (
    SELECT word FROM name_word WHERE ar.without_one(word) && ar.without_one(p_word) ORDER BY similarity(word, p_word) DESC, word LIMIT 12) w;
  IF near IS NULL AND NOT known THEN
    SELECT string_agg(quote_literal(word), '|') INTO near FROM (
      SELECT word FROM name_word WHERE p_word <% word ORDER BY similarity(p_word, left(word, length(p_word) + 1)) DESC, word LIMIT 6) w;
  END IF;
  meant := concat_ws('|', meant, near);
  meant := nullif(meant, '');
END $$;

-- Accounts whose name, or one of whose people, answers a text search.
CREATE OR REPLACE FUNCTION ar.found_by_words(p_query text, p_limit int) RETURNS ar.found[] LANGUAGE plpgsql STABLE SET search_path = ar, pg_catalog, pg_temp AS $$
DECLARE
  wanted constant tsquery := p_query::tsquery; hits ar.found[];
BEGIN
  hits := ARRAY(SELECT ROW(a.id, 'name', p.name)::ar.found FROM (SELECT id, name, name_key FROM party WHERE array_to_tsvector(ar.name_words(name_key)) @@ wanted LIMIT p_limit) p
    JOIN account a ON a.party_id = p.id ORDER BY p.name_key USING ~<~, a.kind, a.number);
  RETURN hits || ARRAY(SELECT ROW(a.id, 'contact', c.name)::ar.found FROM (SELECT party_id, name FROM contact WHERE array_to_tsvector(ar.name_words(ar.fold(name))) @@ wanted LIMIT p_limit) c
    JOIN account a ON a.party_id = c.party_id ORDER BY c.name, a.kind, a.number);
END $$;

-- p_text as it was typed, p_folded without capitals and accents, p_tails a phone number's digits backwards, the likeliest reading first, p_amounts in minor units.
-- The last two are null where the text is of another shape; with p_amounts nothing else is looked at.
CREATE OR REPLACE FUNCTION api.find_accounts(p_text text, p_folded text, p_tails text[], p_amounts bigint[], p_kind text, p_open boolean, p_limit int)
RETURNS SETOF ar.found LANGUAGE plpgsql STABLE ROWS 50 SET search_path = ar, ext, pg_catalog, pg_temp AS $$
DECLARE
  v_limit constant int := least(greatest(p_limit, 1), 500);
  v_scan constant int := CASE WHEN p_kind IS NULL AND NOT p_open THEN v_limit ELSE 20000 END;   -- how far a rung looks for those that may be shown
  v_roof constant text := chr(1114111);                                                        -- no text sorts after it
  v_lower constant text := lower(p_text); v_bare constant text := trim(ltrim(p_text, '#')); v_tax constant text := upper(regexp_replace(p_text, '[^0-9A-Za-z]+', '', 'g'));
  v_digits constant boolean := p_text ~ '[0-9]';
  v_tail text; v_phones ar.found[]; v_words text[]; v_near text[]; v_query text; v_known boolean; hits ar.found[] := '{}';
BEGIN
  IF p_amounts IS NOT NULL THEN
    hits := ARRAY(SELECT ROW(i.account_id, 'amount', d.number)::ar.found FROM (SELECT * FROM open_item WHERE open <> 0 AND original = ANY (p_amounts) LIMIT 2000) i
      JOIN document d ON d.id = i.document_id ORDER BY i.due_on, i.id);
    RETURN QUERY SELECT * FROM unnest(ar.keep_found(hits, p_kind, p_open, v_limit));
    RETURN;
  END IF;

  -- exactly this
  hits := ARRAY(SELECT ROW(id, 'number', number)::ar.found FROM account WHERE lower(number) = v_lower ORDER BY kind LIMIT v_limit);
  IF v_digits OR length(v_bare) >= 3 THEN
    hits := hits || ARRAY(SELECT ROW(account_id, CASE kind WHEN 'receipt' THEN 'receipt' WHEN 'purchase' THEN 'purchase' ELSE 'document' END, number)::ar.found
        FROM document WHERE number = ANY (ARRAY[v_bare, upper(v_bare)]) AND account_id IS NOT NULL LIMIT v_scan)
      || ARRAY(SELECT ROW(account_id, 'po', po)::ar.found FROM document WHERE po = ANY (ARRAY[v_bare, upper(v_bare)]) AND account_id IS NOT NULL LIMIT v_scan)
      || ARRAY(SELECT ROW(account_id, 'cheque', reference)::ar.found FROM document WHERE reference = ANY (ARRAY[v_bare, upper(v_bare)]) AND account_id IS NOT NULL LIMIT v_scan);
  END IF;
  IF v_digits THEN
    hits := hits || ARRAY(SELECT ROW(a.id, 'tax_id', p.tax_id)::ar.found FROM party p JOIN account a ON a.party_id = p.id WHERE v_tax <> '' AND p.tax_id IS NOT NULL AND upper(regexp_replace(p.tax_id, '[^0-9A-Za-z]+', '', 'g')) = v_tax LIMIT v_scan);
  END IF;
  IF p_text LIKE '%@%' THEN
    hits := hits || ARRAY(SELECT ROW(a.id, 'email', c.value)::ar.found FROM (SELECT party_id, value, value_key FROM contact_point WHERE type = 'email' AND value_key ~>=~ v_lower AND value_key ~<~ (v_lower || v_roof)
        ORDER BY value_key USING ~<~ LIMIT v_scan) c JOIN account a ON a.party_id = c.party_id ORDER BY c.value_key);
  END IF;
  FOREACH v_tail IN ARRAY coalesce(p_tails, '{}') LOOP
    v_phones := ARRAY(SELECT ROW(a.id, 'phone', c.value)::ar.found FROM (SELECT party_id, value, value_key FROM contact_point WHERE type IN ('phone', 'mobile', 'fax')
      AND reverse(value_key) ~>=~ v_tail AND reverse(value_key) ~<~ (v_tail || v_roof) LIMIT v_scan) c JOIN account a ON a.party_id = c.party_id ORDER BY length(c.value_key), a.kind, a.number);
    hits := hits || v_phones;
    EXIT WHEN cardinality(v_phones) > 0;
  END LOOP;

  -- what begins with it
  hits := hits || ARRAY(SELECT ROW(id, 'number', number)::ar.found FROM (SELECT id, number FROM account WHERE lower(number) ~>=~ v_lower AND lower(number) ~<~ (v_lower || v_roof)
      ORDER BY lower(number) USING ~<~ LIMIT v_scan) x);
  IF v_digits AND length(v_bare) >= 3 THEN
    hits := hits || ARRAY(SELECT ROW(account_id, 'document', number)::ar.found FROM (SELECT account_id, number FROM document WHERE number ~>=~ upper(v_bare) AND number ~<~ (upper(v_bare) || v_roof)
        AND account_id IS NOT NULL ORDER BY number USING ~<~ LIMIT v_limit) x)
      || ARRAY(SELECT ROW(account_id, 'po', po)::ar.found FROM (SELECT account_id, po FROM document WHERE po ~>=~ v_bare AND po ~<~ (v_bare || v_roof) AND account_id IS NOT NULL ORDER BY po USING ~<~ LIMIT v_limit) x);
  END IF;
  hits := hits || ARRAY(SELECT ROW(a.id, 'name', p.name)::ar.found FROM (SELECT id, name, name_key FROM party WHERE name_key ~>=~ p_folded AND name_key ~<~ (p_folded || v_roof)
      ORDER BY name_key USING ~<~ LIMIT v_scan) p JOIN account a ON a.party_id = p.id ORDER BY p.name_key USING ~<~, a.kind, a.number);
  hits := ar.keep_found(hits, p_kind, p_open, v_limit);

  -- what has all these words, in any order, in the name or among the people
  v_words := ARRAY(SELECT DISTINCT w FROM unnest(ar.name_words(p_folded)) w);
  IF EXISTS (SELECT FROM unnest(v_words) w WHERE length(w) > 1) THEN
    v_words := ARRAY(SELECT w FROM unnest(v_words) w WHERE length(w) > 1);   -- initials and the letters of a legal form tell nobody apart
  END IF;
  IF cardinality(hits) < v_limit AND cardinality(v_words) > 0 THEN
    -- short words that only begin others are left to the longer ones beside them
    SELECT string_agg('(' || m.meant || ')', ' & '), bool_and(m.known) INTO v_query, v_known FROM unnest(v_words) w CROSS JOIN LATERAL ar.word_meant(w, false) m;
    IF v_known AND v_query IS NOT NULL THEN
      hits := ar.keep_found(hits || ar.found_by_words(v_query, v_scan), p_kind, p_open, v_limit);
    END IF;
  END IF;
  IF cardinality(hits) = 0 AND length(p_folded) >= 3 THEN
    hits := ar.keep_found(ARRAY(SELECT ROW(a.id, 'name', p.name)::ar.found FROM (SELECT id, name, name_key FROM party
      WHERE name_key LIKE '%' || replace(replace(replace(p_folded, '\', '\\'), '%', '\%'), '_', '\_') || '%' LIMIT v_scan) p JOIN account a ON a.party_id = p.id ORDER BY p.name_key USING ~<~), p_kind, p_open, v_limit);
  END IF;

  -- what looks like it: each word a slip or two away; a word nothing comes near to is left out, and at last one that fits is enough
  IF cardinality(hits) = 0 AND length(p_folded) >= 4 THEN
    v_near := ARRAY(SELECT '(' || m.meant || ')' FROM unnest(v_words) w CROSS JOIN LATERAL ar.word_meant(w, true) m WHERE m.meant IS NOT NULL AND length(w) >= 2);
    FOREACH v_query IN ARRAY CASE cardinality(v_near) WHEN 0 THEN '{}' WHEN 1 THEN v_near ELSE ARRAY[array_to_string(v_near, ' & '), array_to_string(v_near, ' | ')] END LOOP
      hits := ar.keep_found(ARRAY(SELECT ROW(f.account_id, 'similar name', f.what)::ar.found FROM unnest(ar.found_by_words(v_query, greatest(v_scan, 100))) f
        ORDER BY similarity(ar.fold(f.what), p_folded) DESC, f.what), p_kind, p_open, v_limit);
      EXIT WHEN cardinality(hits) > 0;
    END LOOP;
  END IF;
  RETURN QUERY SELECT * FROM unnest(hits);
END $$;

GRANT EXECUTE ON FUNCTION ar.keep_found(ar.found[], text, boolean, int), ar.word_meant(text, boolean), ar.found_by_words(text, int), ar.name_words(text), ar.without_one(text) TO ar_reader;
