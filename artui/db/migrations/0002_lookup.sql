-- Looking up: the words of names, and two indexes the answers stand on.

-- A folded name as its words: whatever stands between them is nothing, and abbreviations are also one word (s.r.o. and sro).
-- Ranges rather than character classes: the answer must be the same under every collation.
CREATE FUNCTION ar.name_words(value text) RETURNS text[] LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT string_to_array(nullif(trim(regexp_replace(value || CASE WHEN value ~ '[a-z]\.[a-z](\.|\s|$)' THEN ' ' || regexp_replace(value, '(?<=\m[a-z])\.(?=[a-z]\M)', '', 'g') ELSE '' END,
    '[\x01-\x2f\x3a-\x40\x5b-\x60\x7b-\xbf\u2000-\u206f\u3000-\u303f]+', ' ', 'g'), ' '), ''), ' ') $$;

-- A word and what is left of it without one of its letters: two words that share one of these differ by a slip of the finger.
CREATE FUNCTION ar.without_one(word text) RETURNS text[] LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT CASE WHEN length(word) BETWEEN 4 AND 40 THEN ARRAY(SELECT word UNION SELECT left(word, n - 1) || substr(word, n + 1) FROM generate_series(1, length(word)) n) ELSE ARRAY[word] END $$;

CREATE TABLE ar.name_word (      -- every word of the name of a party or a contact, once; kept by triggers, never shrinks
  word text COLLATE "C" PRIMARY KEY CHECK (word <> ''));
CREATE INDEX name_word_slips ON ar.name_word USING gin (ar.without_one(word));
CREATE INDEX name_word_trigrams ON ar.name_word USING gin (word ext.gin_trgm_ops);
INSERT INTO ar.name_word SELECT DISTINCT w COLLATE "C" FROM (SELECT unnest(ar.name_words(name_key)) AS w FROM ar.party UNION SELECT unnest(ar.name_words(ar.fold(name))) FROM ar.contact) x;

DROP INDEX ar.party_words, ar.contact_name;
CREATE INDEX party_words ON ar.party USING gin (array_to_tsvector(ar.name_words(name_key)));
CREATE INDEX contact_words ON ar.contact USING gin (array_to_tsvector(ar.name_words(ar.fold(name))));

DROP INDEX ar.party_tax;         -- a tax number is the same with and without its blanks and dashes
CREATE INDEX party_tax ON ar.party (upper(regexp_replace(tax_id, '[^0-9A-Za-z]+', '', 'g')) text_pattern_ops) WHERE tax_id IS NOT NULL;
CREATE INDEX document_paid ON ar.document (account_id, doc_date DESC, id DESC) WHERE kind IN ('receipt', 'vendor_payment');
CREATE INDEX audit_party ON ar.audit (((coalesce(after, before) ->> CASE table_name WHEN 'party' THEN 'id' ELSE 'party_id' END)::bigint), seq DESC)
  WHERE table_name IN ('party', 'account', 'contact', 'contact_point', 'address');
