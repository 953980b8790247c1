"""Somebody opens psql under their own name and tries: everything is refused and nothing has changed."""

from __future__ import annotations

from contextlib import closing

import psycopg2
import pytest

from tests.books import Books
from tests.vault import attacks, more_attacks
from tests.vault.attacks import Attack
from tests.vault.office import digest, furnish

ALL = [
    *attacks.TABLES, *attacks.IMPERSONATION, *attacks.SERVER, *attacks.ENGINE,
    *more_attacks.POSTINGS, *more_attacks.APPROVALS, *more_attacks.STAGING, *more_attacks.READING, *more_attacks.RECORDS,
]  # fmt: skip


@pytest.fixture(scope="module")
def office(module_books: Books) -> Books:
    furnish(module_books)
    return module_books


@pytest.fixture(scope="module")
def before(office: Books) -> dict[str, tuple[int, str]]:
    return digest(office)


def attempt(books: Books, attack: Attack) -> str | None:
    """Run the attack as its login; the SQLSTATE it met, at the statement or at commit."""
    with closing(books.raw(attack.login)) as connection:
        connection.autocommit = attack.alone
        try:
            with connection.cursor() as cursor:
                cursor.execute(attack.sql.replace("{database}", books.name))
            if not attack.alone:
                connection.commit()
        except psycopg2.Error as error:
            return error.pgcode
    return None


@pytest.mark.parametrize("attack", ALL, ids=str)
def test_it_is_refused_and_nothing_has_changed(office: Books, before: dict[str, tuple[int, str]], attack: Attack) -> None:
    met = attempt(office, attack)
    after = digest(office)
    assert {name for name in before if before[name] != after.get(name)} == set()
    assert after.keys() == before.keys()
    if attack.code is not None:
        assert met == attack.code


def test_own_audit_shows_only_ones_own_rows(office: Books) -> None:
    seen = {login: {row[0] for row in office.session(login).query("SELECT DISTINCT who FROM ar.own_audit")} for login in ("jana", "karla", "karel", "audrey")}
    assert seen == {"jana": {"jana"}, "karla": {"karla"}, "karel": {"karel"}, "audrey": set()}
    assert office.session("audrey").query("SELECT count(DISTINCT who) > 3 FROM ar.audit") == [(True,)]


def test_nobody_asks_what_became_of_a_colleagues_key(office: Books) -> None:
    key = (attacks.KARLAS_KEY,)
    assert office.session("jana").query("SELECT api.posted(%s)", key) == [(None,)]
    assert office.session("karla").query("SELECT api.posted(%s)->>'status'", key) == [("exists",)]


def test_no_function_of_the_vault_is_open_to_everybody(office: Books) -> None:
    inside = office.query("""SELECT p.oid::regprocedure::text FROM pg_proc p WHERE pronamespace::regnamespace::text IN ('ar', 'api', 'stage')
        AND EXISTS (SELECT 1 FROM aclexplode(coalesce(proacl, acldefault('f', proowner))) a WHERE a.grantee = 0)""")
    assert inside == []


def test_what_runs_with_the_owners_rights_has_a_search_path_of_its_own(office: Books) -> None:
    loose = office.query("""SELECT p.oid::regprocedure::text FROM pg_proc p WHERE pronamespace::regnamespace::text IN ('ar', 'api') AND prosecdef
        AND NOT coalesce(array_to_string(proconfig, ' ') ~ 'search_path=ar, pg_catalog, pg_temp', false)""")
    assert loose == []
