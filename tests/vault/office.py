"""An office with something of everything in its books, and a digest of all of it."""

from __future__ import annotations

from contextlib import closing

import psycopg2
from psycopg2.extras import Json

from artui.ledger import posting
from tests.books import STAFF, Books
from tests.vault.attacks import KARLAS_DRAFT, KARLAS_KEY, KARLAS_LOAD
from tests.vault.more_attacks import RECEIPT

_SCHEMAS = "('ar', 'api', 'stage', 'ext', 'public')"
_CATALOGUE = {
    "tables": f"SELECT c.relname, c.relowner, c.relacl::text FROM pg_class c WHERE relnamespace::regnamespace::text IN {_SCHEMAS}",
    "functions": f"SELECT oid::regprocedure::text, prosrc, proacl::text, proconfig::text, prosecdef, proowner FROM pg_proc WHERE pronamespace::regnamespace::text IN {_SCHEMAS}",
    "triggers": "SELECT tgrelid::regclass::text, tgname, tgenabled FROM pg_trigger",
    "constraints": "SELECT conrelid::regclass::text, conname FROM pg_constraint",
    "schemas": "SELECT nspname, nspacl::text FROM pg_namespace WHERE nspname !~ '^pg_'",
    "database": "SELECT datdba, datacl::text FROM pg_database WHERE datname = current_database()",
    "roles": f"SELECT rolname, rolsuper, rolcreaterole, rolbypassrls, rolcanlogin, rolconfig::text FROM pg_roles WHERE rolname IN {tuple(STAFF)} OR rolname LIKE 'ar\\_%'",
    "members": f"SELECT roleid::regrole::text, member::regrole::text, set_option, admin_option FROM pg_auth_members WHERE member::regrole::text IN {tuple(STAFF)}",
    "objects": "SELECT oid, lomowner FROM pg_largeobject_metadata",
}  # fmt: skip


class Watch:
    """A digest of every table of the books and of what the catalogue says of them: how many rows, and what is in them."""

    def __init__(self, books: Books) -> None:
        tables = books.query("SELECT oid::regclass::text FROM pg_class WHERE relkind = 'r' AND relnamespace::regnamespace::text IN ('ar', 'stage')")
        sources = {name: f"SELECT * FROM ar.{name}" if "." not in name else f"SELECT * FROM {name}" for (name,) in tables} | _CATALOGUE
        parts = [f"SELECT '{name}', count(*), coalesce(sum(hashtextextended(x::text, 0)::numeric), 0) FROM ({source}) x" for name, source in sources.items()]
        self._question = " UNION ALL ".join(parts)
        self._connection = psycopg2.connect(books.server.dsn(books.server.superuser, books.name))
        self._connection.autocommit = True
        self.before = self.now()

    def now(self) -> dict[str, tuple[int, int]]:
        with self._connection.cursor() as cursor:
            cursor.execute(self._question)
            return {str(name): (int(count), int(hashed)) for name, count, hashed in cursor.fetchall()}

    def changed(self) -> set[str]:
        """The tables that are not what they were."""
        now = self.now()
        return {name for name in now.keys() | self.before.keys() if now.get(name) != self.before.get(name)}

    def close(self) -> None:
        self._connection.close()


def furnish(books: Books) -> None:
    """Fill the books: documents, allocations, approvals, batches, loads, closed months."""
    _parties(books)
    _documents(books)
    _batches(books)
    _approvals(books)
    _karlas_work(books)
    _desk(books)
    karel = books.session("karel")
    karel.query("SELECT api.set_period('2026-01-01', 'closed', '')")
    karel.query("SELECT api.set_period('2026-02-01', 'soft_closed', '')")
    books.seal()
    books.tie()


def _parties(books: Books) -> None:
    for number, name in (("1001", "Acme"), ("1001B", "Acme West"), ("1002", "Beta")):
        books.query("INSERT INTO party (name) VALUES (%s)", name)
        books.query("INSERT INTO account (kind, number, party_id, currency) SELECT 'customer', %s, id, 'USD' FROM party WHERE name = %s", number, name)
    books.query("UPDATE party SET parent_id = (SELECT id FROM party WHERE name = 'Acme') WHERE name = 'Acme West'")
    books.query("INSERT INTO party (name) VALUES ('Paper Mill')")
    books.query("INSERT INTO account (kind, number, party_id, currency) SELECT 'vendor', 'V1', id, 'USD' FROM party WHERE name = 'Paper Mill'")
    books.query("INSERT INTO contact_point (party_id, type, value, value_key) SELECT id, 'phone', '+1 555 0100', '15550100' FROM party WHERE name = 'Acme'")
    books.query("INSERT INTO item (number, description) VALUES ('PEN', 'Pen')")


def _documents(books: Books) -> None:
    books.post("invoice", number="INV-1", customer="1001", date="2026-03-01", due="2026-03-31", amount="1210", tax="210",
               lines=[{"item": "PEN", "quantity": "10", "unit_price": "100"}])  # fmt: skip
    books.post("invoice", number="INV-2", customer="1002", date="2026-03-01", amount="500")
    books.post("invoice", number="BIG", customer="1002", date="2026-03-01", amount="6000")
    books.post("invoice", number="DIFF", customer="1001", date="2026-03-01", amount="60")
    books.post("invoice", number="OLD-I", customer="1001", date="2025-12-01", amount="100")
    books.post("receipt", number="OLD-R", customer="1001", date="2025-12-01", amount="100")
    books.post("receipt", number="R1", customer="1001", date="2026-03-10", amount="800")
    books.post("receipt", number="R2", customer="1001", date="2026-03-11", amount="10", allocate=[{"document": "INV-1", "amount": "10"}])
    books.post("receipt", number="U-1", date="2026-03-10", amount="300")
    books.post("receipt", number="U-BACK", date="2026-03-10", amount="100")
    books.post("reversal", document="U-BACK")
    books.post("receipt", number="D-1", customer="1001", date="2026-03-10", amount="200", deposit=True)
    books.post("invoice", number="INV-VOID", customer="1001", date="2026-03-01", amount="50")
    books.post("reversal", document="INV-VOID", number="INV-VOID-REV")
    books.post("bank_charge", number="CHARGE-1", amount="15", date="2026-03-02")
    for _ in range(10):
        books.post("small_difference", login="jana", document="DIFF", amount="5")
    books.post("dispute", document="INV-2", amount="100", reason="short delivery")


def _batches(books: Books) -> None:
    jana = books.session("jana")
    receipt = {"kind": "receipt", "customer": "1001", "date": "2026-06-01", "amount": 100}
    for key in ("55555555-5555-4555-8555-555555555555", "44444444-4444-4444-8444-444444444444"):
        number = jana.query("SELECT api.open_batch('Main', '2026-06-01', 'USD', 100, %s)", (1 if key.startswith("5") else 2,))[0][0]
        jana.query("SELECT api.add_to_batch(%s, %s, %s)", (number, key, Json(receipt)))
        if key.startswith("5"):
            jana.query("SELECT api.post_batch(%s, %s)", (number, jana.today))


def _approvals(books: Books) -> None:
    for login, document, amount, reason in (("jana", "INV-1", "510", "insolvent"), ("marta", "INV-1", "100", "marta asks"), ("olga", "INV-1", "10", "olga asks"),
                                            ("jana", "BIG", "5000.01", "above viktor"), ("jana", "BIG", "1", "decided")):  # fmt: skip
        asked = books.post("write_off", login=login, document=document, amount=amount, reason=reason)
    assert asked.approval is not None
    posting.decide(books.session("viktor"), asked.approval, approve=True)


def _karlas_work(books: Books) -> None:
    with closing(books.raw("karla")) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT api.post(%s, %s, '2026-06-15')", (KARLAS_KEY, Json(RECEIPT)))
        stage = "INSERT INTO stage.document (load, row, kind, account, number, doc_date, currency, amount) VALUES (%s, %s, 'receipt', '1001', %s, '2026-06-01', 'USD', 100)"
        cursor.execute(stage, (KARLAS_LOAD, 1, "K-1"))
        cursor.execute("SELECT api.load_documents(%s, 'receipt', '2026-06-15')", (KARLAS_LOAD,))
        cursor.execute(stage, ("66666666-6666-4666-8666-666666666666", 1, "K-2"))
        cursor.execute("INSERT INTO ar.activity (account_id, direction, channel, note) SELECT id, 'out', 'phone', 'promised' FROM ar.account WHERE number = '1001'")
        cursor.execute("UPDATE ar.party SET note = 'calls on Fridays' WHERE name = 'Acme'")
        connection.commit()


def _desk(books: Books) -> None:
    jana, karla = books.session("jana"), books.session("karla")
    karla.query("SELECT api.save_draft(%s, 'receipt', 'Acme', '{\"amount\": \"12\"}', 'pts/1')", (KARLAS_DRAFT,))
    karla.query("SELECT api.take_cheque(gen_random_uuid(), %s, '2026-06-15')", (Json({"customer": "1001", "cheque": "C-1", "amount": 5000, "deposit_on": "2026-07-01"}),))
    jana.query("SELECT api.take_cheque(gen_random_uuid(), %s, '2026-06-15')", (Json({"customer": "1001", "cheque": "C-2", "amount": 5000, "deposit_on": "2026-06-01"}),))
    jana.query("SELECT api.hand_back_cheque(2, '')")
    books.post("withholding", number="TAX-1", customer="1001", date="2026-06-01", amount="1")
    jana.query("SELECT api.receive_certificate('TAX-1', 'N-1', '2026-06-02')")
    changes = [{"table": "party", "values": {"name": "Twin"}, "ref": "p"}, {"table": "account", "values": {"kind": "vendor", "number": "V2", "party_id": {"ref": "p"}, "currency": "USD"}},
               {"table": "party_bank", "values": {"party_id": {"ref": "p"}, "iban": "DE89370400440532013000"}}]  # fmt: skip
    jana.query("SELECT api.save_records(gen_random_uuid(), %s, '2026-06-15')", (Json(changes),))
    ids = "(SELECT id FROM ar.party WHERE name = 'Twin'), (SELECT id FROM ar.party WHERE name = 'Paper Mill')"
    books.session("marta").query(f"SELECT api.merge_parties(gen_random_uuid(), {ids}, 'one mill', '2026-06-15')")
