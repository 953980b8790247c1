-- Who may read and write what. Nobody may insert, change or delete money: that is what api.* is for.
GRANT SELECT ON ALL TABLES IN SCHEMA ar TO ar_reader;
REVOKE SELECT ON ar.audit, ar.seal, ar.chain_head, ar.posting FROM ar_reader;
GRANT SELECT (id, key, kind, business_date, posted_by, posted_at, bulk) ON ar.posting TO ar_reader;
GRANT SELECT ON ar.audit, ar.seal, ar.chain_head, ar.posting TO ar_auditor, ar_supervisor, ar_manager, ar_controller;
GRANT EXECUTE ON FUNCTION ar.fold(text), ar.span_class(int), ar.span_days(int), ar.open_on(ar.open_item, date), ar.document_state(bigint, text), ar.is_reversed(bigint), ar.stands(ar.charge_span),
  ar.may(text), ar.staff_roles(name), ar.setting_on(text, date), ar.next_open_day(date), ar.same_group(bigint, bigint), ar.units(bigint, text) TO ar_reader;
GRANT EXECUTE ON FUNCTION ar.holds_card_number(text), ar.deciders(text, bigint, text, name), ar.within_limit(name, text, bigint, text), ar.in_currency(numeric, text, date), ar.base_rate(text, date, numeric) TO ar_reader;
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA api TO ar_reader;
REVOKE EXECUTE ON FUNCTION api.verify_chain() FROM ar_reader;
GRANT EXECUTE ON FUNCTION api.verify_chain() TO ar_auditor, ar_supervisor, ar_manager, ar_controller, ar_admin;

-- records people keep by hand, column by column; identity, links to loads and versions are not theirs to write
GRANT INSERT (kind, name, legal_name, tax_id, registration_no, language, country, timezone, parent_id, note),
      UPDATE (kind, name, legal_name, tax_id, registration_no, language, country, timezone, parent_id, note) ON ar.party TO ar_clerk, ar_supervisor, ar_manager, ar_controller;
GRANT INSERT (kind, number, party_id, currency, terms, collector, opened_on), UPDATE (terms, collector, status) ON ar.account TO ar_clerk, ar_supervisor, ar_manager, ar_controller;
GRANT UPDATE (credit_limit, hold, hold_reason) ON ar.account TO ar_credit, ar_manager, ar_controller;
GRANT INSERT (party_id, name, title, purpose), UPDATE (name, title, purpose), DELETE ON ar.contact TO ar_clerk, ar_collector, ar_supervisor, ar_manager, ar_controller;
GRANT INSERT (party_id, contact_id, type, value, value_key, preferred, bad, timezone), UPDATE (contact_id, type, value, value_key, preferred, bad, timezone), DELETE ON ar.contact_point
  TO ar_clerk, ar_collector, ar_supervisor, ar_manager, ar_controller;
GRANT INSERT (party_id, type, lines, city, region, postcode, country), UPDATE (type, lines, city, region, postcode, country), DELETE ON ar.address TO ar_clerk, ar_supervisor, ar_manager, ar_controller;
GRANT INSERT (number, description, unit, unit_price, currency, tax_code), UPDATE (description, unit, unit_price, currency, tax_code) ON ar.item TO ar_clerk, ar_supervisor, ar_manager, ar_controller;
GRANT INSERT (code, name, rule), UPDATE (name, rule) ON ar.terms TO ar_supervisor, ar_manager, ar_controller;
GRANT INSERT (key, account_id, contact_point_id, direction, channel, outcome, note, happened_at) ON ar.activity TO ar_clerk, ar_collector, ar_supervisor, ar_manager, ar_controller;
GRANT INSERT (name, kind, options), UPDATE (kind, options), DELETE ON ar.import_profile TO ar_clerk, ar_supervisor, ar_manager, ar_controller;
GRANT INSERT, UPDATE ON ar.setting, ar.exchange_rate, ar.approval_limit TO ar_controller;
GRANT INSERT, UPDATE ON ar.reference_rate, ar.interest_profile TO ar_manager, ar_controller;
GRANT UPDATE (interest_profile) ON ar.account TO ar_supervisor, ar_manager, ar_controller;
GRANT INSERT, UPDATE ON ar.setting TO ar_admin;

-- staging: rows go in, only the vault takes them out; the column by_login cannot be given
DO $$
DECLARE
  t record;
BEGIN
  FOR t IN SELECT c.relname, string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum) AS columns FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
      WHERE c.relnamespace = 'stage'::regnamespace AND c.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped
        AND a.attname NOT IN ('by_login', 'verdict', 'reason', 'account_id', 'document_id', 'party_id', 'entry_id', 'likeness', 'fresh') GROUP BY 1 LOOP
    EXECUTE format('GRANT INSERT (%s) ON stage.%I TO ar_clerk, ar_supervisor, ar_manager, ar_controller', t.columns, t.relname);
  END LOOP;
END $$;
