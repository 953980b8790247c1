-- Roles and schemas. Safe to run again: every migration starts here.
-- ar_owner owns the tables and can never log in; ar_<role> are groups; each person has one login of their own.
DO $$
DECLARE
  role_name text;
  groups constant text[] := ARRAY['ar_reader', 'ar_clerk', 'ar_collector', 'ar_credit', 'ar_supervisor',
                                  'ar_manager', 'ar_controller', 'ar_auditor', 'ar_admin'];
BEGIN
  FOREACH role_name IN ARRAY groups || ARRAY['ar_owner'] LOOP
    IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = role_name) THEN
      BEGIN
        EXECUTE format('CREATE ROLE %I NOLOGIN', role_name);
      EXCEPTION WHEN duplicate_object OR unique_violation THEN
        NULL;  -- another database of the same server is being prepared at this moment
      END;
    END IF;
  END LOOP;
  IF NOT (SELECT rolcreaterole FROM pg_roles WHERE rolname = 'ar_owner') THEN
    ALTER ROLE ar_owner CREATEROLE NOLOGIN;
  END IF;
  FOREACH role_name IN ARRAY groups LOOP
    -- the owner hands out the groups (staff are added by a vault function) but never acts as one of them
    IF NOT EXISTS (SELECT 1 FROM pg_auth_members m WHERE m.roleid = role_name::regrole
                     AND m.member = 'ar_owner'::regrole AND m.admin_option) THEN
      EXECUTE format('GRANT %I TO ar_owner WITH ADMIN TRUE, INHERIT FALSE, SET FALSE', role_name);
    END IF;
    IF role_name <> 'ar_reader' AND NOT EXISTS (
        SELECT 1 FROM pg_auth_members m WHERE m.roleid = 'ar_reader'::regrole AND m.member = role_name::regrole) THEN
      EXECUTE format('GRANT ar_reader TO %I', role_name);
    END IF;
  END LOOP;
END $$;

DO $$
BEGIN
  EXECUTE format('REVOKE ALL ON DATABASE %I FROM PUBLIC', current_database());
  IF (SELECT datdba FROM pg_database WHERE datname = current_database()) <> 'ar_owner'::regrole THEN
    EXECUTE format('ALTER DATABASE %I OWNER TO ar_owner', current_database());
  END IF;
END $$;
REVOKE ALL ON SCHEMA public FROM PUBLIC;

CREATE SCHEMA IF NOT EXISTS ext AUTHORIZATION ar_owner;   -- extensions only; owned, because a restore builds indexes before it grants rights
CREATE SCHEMA IF NOT EXISTS ar AUTHORIZATION ar_owner;    -- tables
CREATE SCHEMA IF NOT EXISTS stage AUTHORIZATION ar_owner; -- where bulk rows wait for the vault
CREATE SCHEMA IF NOT EXISTS api AUTHORIZATION ar_owner;   -- the only door for money
CREATE EXTENSION IF NOT EXISTS pg_trgm SCHEMA ext;
CREATE EXTENSION IF NOT EXISTS unaccent SCHEMA ext;
GRANT USAGE ON SCHEMA ext TO ar_owner, ar_reader;
GRANT USAGE ON SCHEMA ar, api, stage TO ar_reader;
ALTER DEFAULT PRIVILEGES FOR ROLE ar_owner REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
-- nobody leaves files or large objects behind through SQL
REVOKE EXECUTE ON FUNCTION lo_creat(int), lo_create(oid), lo_from_bytea(oid, bytea), lo_put(oid, bigint, bytea) FROM PUBLIC;
