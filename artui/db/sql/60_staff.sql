-- People: a staff row, a login role, and the groups it belongs to. Only those with the right to, and never SET ROLE.

CREATE OR REPLACE FUNCTION ar.staff_roles(p_login name) RETURNS text[] LANGUAGE sql STABLE SET search_path = ar, pg_catalog, pg_temp AS $$
  SELECT coalesce(array_agg(substr(g.rolname, 4) ORDER BY g.rolname), '{}') FROM pg_auth_members m JOIN pg_roles g ON g.oid = m.roleid JOIN pg_roles p ON p.oid = m.member
  WHERE p.rolname = p_login AND g.rolname LIKE 'ar\_%' AND g.rolname NOT IN ('ar_reader', 'ar_owner') $$;

CREATE OR REPLACE FUNCTION api.set_roles(p_login name, p_roles text[]) RETURNS text[] LANGUAGE plpgsql SECURITY DEFINER SET search_path = ar, pg_catalog, pg_temp AS $$
DECLARE
  r text; clash role_conflict;
BEGIN
  PERFORM ar.need('staff');
  PERFORM 1 FROM staff WHERE login = p_login FOR UPDATE;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'there is nobody with the login %', p_login USING ERRCODE = 'AR011', HINT = 'artui staff list shows who works here.';
  END IF;
  FOREACH r IN ARRAY p_roles LOOP
    IF r NOT IN ('clerk', 'collector', 'credit', 'supervisor', 'manager', 'controller', 'auditor', 'admin') THEN
      RAISE EXCEPTION 'there is no role %', r USING ERRCODE = 'AR008', HINT = 'Roles: clerk collector credit supervisor manager controller auditor admin.';
    END IF;
  END LOOP;
  IF session_user = p_login AND NOT p_roles <@ ar.staff_roles(p_login) AND NOT coalesce((ar.setting_on('one_person_office', '2200-12-31') #>> '{}')::boolean, false) THEN
    RAISE EXCEPTION 'nobody gives themselves a role' USING ERRCODE = '42501', HINT = 'Another administrator can.';
  END IF;
  SELECT * INTO clash FROM role_conflict WHERE role_a = ANY (p_roles) AND role_b = ANY (p_roles) LIMIT 1;
  IF clash.role_a IS NOT NULL THEN
    RAISE EXCEPTION 'one person may not be % and %: %', clash.role_a, clash.role_b, clash.reason USING ERRCODE = 'AR010', HINT = 'Give one of them to somebody else.';
  END IF;
  IF session_user = p_login AND NOT 'admin' = ANY (p_roles) AND (SELECT count(*) FROM staff s WHERE s.disabled_at IS NULL AND 'admin' = ANY (ar.staff_roles(s.login))) <= 1 THEN
    RAISE EXCEPTION 'the last administrator keeps the role' USING ERRCODE = 'AR010', HINT = 'Make somebody else an administrator first.';
  END IF;
  FOREACH r IN ARRAY ar.staff_roles(p_login) LOOP
    IF NOT r = ANY (p_roles) THEN EXECUTE format('REVOKE %I FROM %I', 'ar_' || r, p_login); END IF;
  END LOOP;
  FOREACH r IN ARRAY p_roles LOOP
    IF NOT r = ANY (ar.staff_roles(p_login)) THEN EXECUTE format('GRANT %I TO %I WITH INHERIT TRUE, SET FALSE, ADMIN FALSE', 'ar_' || r, p_login); END IF;
  END LOOP;
  INSERT INTO audit (table_name, op, after) VALUES ('role', 'U', jsonb_build_object('login', p_login, 'roles', p_roles));
  RETURN ar.staff_roles(p_login);
END $$;

CREATE OR REPLACE FUNCTION api.add_staff(p_login name, p_name text, p_roles text[]) RETURNS text[] LANGUAGE plpgsql SECURITY DEFINER SET search_path = ar, pg_catalog, pg_temp AS $$
BEGIN
  PERFORM ar.need('staff');
  IF p_login LIKE 'ar\_%' OR p_login LIKE 'pg\_%' OR EXISTS (SELECT 1 FROM pg_roles WHERE rolname = p_login AND (rolsuper OR rolcreaterole OR rolcreatedb OR rolreplication OR rolbypassrls)) THEN
    RAISE EXCEPTION 'the login % is not one a person may have', p_login USING ERRCODE = '42501', HINT = 'Use the person''s own user name.';
  END IF;
  IF EXISTS (SELECT 1 FROM staff WHERE login = p_login AND disabled_at IS NULL) THEN
    RAISE EXCEPTION '% already works here', p_login USING ERRCODE = 'AR009', HINT = 'artui staff role changes the roles.';
  END IF;
  INSERT INTO staff AS s (login, full_name) VALUES (p_login, p_name) ON CONFLICT (login) DO UPDATE SET full_name = excluded.full_name, disabled_at = NULL;
  IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = p_login) THEN
    EXECUTE format('CREATE ROLE %I LOGIN CONNECTION LIMIT 40', p_login);
  END IF;
  EXECUTE format('GRANT CONNECT ON DATABASE %I TO %I', current_database(), p_login);
  RETURN api.set_roles(p_login, p_roles);
END $$;

-- Who leaves loses every right here at once; what they posted stays theirs.
CREATE OR REPLACE FUNCTION api.disable_staff(p_login name) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = ar, pg_catalog, pg_temp AS $$
BEGIN
  PERFORM api.set_roles(p_login, '{}');
  UPDATE staff SET disabled_at = clock_timestamp() WHERE login = p_login;
  EXECUTE format('REVOKE CONNECT ON DATABASE %I FROM %I', current_database(), p_login);
END $$;

-- Who am I, what may I do, what do amounts look like here: everything a session asks once.
CREATE OR REPLACE FUNCTION api.hello(p_today date) RETURNS jsonb LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ar, pg_catalog, pg_temp AS $$
  SELECT jsonb_build_object('login', session_user, 'name', (SELECT full_name FROM staff WHERE login = session_user AND disabled_at IS NULL),
    'roles', ar.staff_roles(session_user), 'may', (SELECT coalesce(jsonb_agg(DISTINCT p.action), '[]') FROM permission p WHERE ar.may(p.action)),
    'currency', ar.setting_on('company.currency', p_today), 'company', ar.setting_on('company.name', p_today), 'demo_date', ar.setting_on('company.today', p_today),
    'digits', (SELECT jsonb_object_agg(code, digits) FROM currency)) $$;
