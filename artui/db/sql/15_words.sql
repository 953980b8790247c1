-- A word and what is left of it without one of its letters, for the index of misspelt words: the same set as when the migration made it, without a query
-- for every word. A text twice in it is one to the index.
CREATE OR REPLACE FUNCTION ar.without_one(word text) RETURNS text[] LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  slips text[] := ARRAY[word];
BEGIN
  IF length(word) BETWEEN 4 AND 40 THEN
    FOR n IN 1 .. length(word) LOOP
      slips := slips || (left(word, n - 1) || substr(word, n + 1));
    END LOOP;
  END IF;
  RETURN slips;
END $$;

-- The list of words follows the names: what is new in a statement is added once, in the order of the words, so that two loads do not wait for each other in a circle.
CREATE OR REPLACE FUNCTION ar.keep_words() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = ar, pg_catalog, pg_temp AS $$
BEGIN
  INSERT INTO name_word SELECT w FROM (SELECT DISTINCT unnest(ar.name_words(ar.fold(name))) COLLATE "C" AS w FROM fresh) x
    WHERE NOT EXISTS (SELECT FROM name_word k WHERE k.word = x.w) ORDER BY w ON CONFLICT DO NOTHING;
  RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER e_words_new AFTER INSERT ON ar.party REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION ar.keep_words();
CREATE OR REPLACE TRIGGER e_words AFTER UPDATE ON ar.party REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION ar.keep_words();
CREATE OR REPLACE TRIGGER e_words_new AFTER INSERT ON ar.contact REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION ar.keep_words();
CREATE OR REPLACE TRIGGER e_words AFTER UPDATE ON ar.contact REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION ar.keep_words();
