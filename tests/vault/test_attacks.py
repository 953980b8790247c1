"""Somebody opens psql under their own name and tries: everything is refused and nothing has changed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import psycopg2
import pytest

from tests.books import Books
from tests.vault import attacks, desk_attacks, more_attacks
from tests.vault.attacks import Attack
from tests.vault.office import Watch, furnish

ALL = [
    *attacks.TABLES, *attacks.IMPERSONATION, *attacks.SERVER, *attacks.ENGINE,
    *more_attacks.POSTINGS, *more_attacks.APPROVALS, *more_attacks.STAGING, *more_attacks.READING, *more_attacks.RECORDS, *desk_attacks.ALL,
]  # fmt: skip

LEFT_OUT = "left out"


@pytest.fixture(scope="module")
def office(module_books: Books) -> Books:
    furnish(module_books)
    return module_books


@pytest.fixture(scope="module")
def watch(office: Books) -> Iterator[Watch]:
    with closing(Watch(office)) as watching:
        yield watching


def attempt(books: Books, attack: Attack) -> str | None:
    """Run the attack as its login; the SQLSTATE it met, at the statement or at commit, or that a load left the bad row out."""
    with closing(books.raw(attack.login)) as connection:
        connection.autocommit = attack.alone
        try:
            with connection.cursor() as cursor:
                cursor.execute(attack.sql.replace("{database}", books.name))
                rows = cursor.fetchall() if cursor.description else []
                if not attack.alone:
                    cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            answer = rows[0][0] if rows else None
            if isinstance(answer, dict) and (answer.get("rejected") or answer.get("warnings")):
                connection.rollback()
                return LEFT_OUT
            if not attack.alone:
                connection.commit()
        except psycopg2.Error as error:
            return error.pgcode
    return None


@pytest.mark.parametrize("attack", ALL, ids=str)
def test_it_is_refused_and_nothing_has_changed(office: Books, watch: Watch, attack: Attack) -> None:
    met = attempt(office, attack)
    assert watch.changed() == set()
    if attack.code is not None:
        assert met in ((attack.code, LEFT_OUT) if attack in (*more_attacks.STAGING, *desk_attacks.STAGING) else (attack.code,))


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
