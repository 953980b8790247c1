"""Anything a clerk may do, in any order, against the plain model: same answers, same books, on any day."""

from __future__ import annotations

import copy
import json
import os
import random
import uuid
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import date, timedelta
from typing import Any

import psycopg2
import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from tests.books import Books
from tests.ledger import model

EXAMPLES = int(os.environ.get("ARTUI_EXAMPLES", "25"))
TODAY = date(2026, 6, 15)
FIRST = date(2026, 1, 1)
MONTHS = [date(2026, month, 1) for month in range(1, 8)]
RATES = {"USD": None, "EUR": "1.10", "JPY": None}
days = st.integers(0, 200).map(lambda n: FIRST + timedelta(n))
amounts = st.one_of(st.integers(1, 40), st.integers(1, 100_000))
pick = st.integers(0, 10_000)
OPEN_ITEMS = """SELECT a.number, i.currency::text, i.posted_on, i.due_on, i.original::bigint, i.open::bigint FROM ar.open_item i JOIN ar.account a ON a.id = i.account_id
    WHERE a.number = ANY (%s) ORDER BY 1, 2, 3, 4, 5, 6"""
SEEN = """SELECT (SELECT md5(string_agg(d::text, ' ' ORDER BY id)) FROM ar.document d WHERE id > %(first)s AND id <= %(last)s),
    (SELECT md5(string_agg(l::text, ' ' ORDER BY document_id, line)) FROM ar.journal_line l WHERE document_id > %(first)s AND document_id <= %(last)s),
    (SELECT md5(string_agg(a::text, ' ' ORDER BY id)) FROM ar.allocation a WHERE id > %(first_move)s AND id <= %(last_move)s)"""
BASE = """SELECT x.currency, sum(x.amount) FROM (
        SELECT account_id, currency::text, base_amount AS amount FROM ar.journal_line WHERE account_id IS NOT NULL AND base_amount IS NOT NULL
        UNION ALL SELECT account_id, currency::text, -(base - round(base::numeric * (original - open) / original)) FROM ar.open_item WHERE base IS NOT NULL) x
    JOIN ar.account a ON a.id = x.account_id WHERE a.number = ANY (%s) GROUP BY 1 HAVING sum(x.amount) <> 0"""
"""What the control account is worth in company currency and what is left of the items: nothing when they agree."""


class Office:
    """The real books: one connection a person, one database for the whole run, new customers for every example."""

    def __init__(self, books: Books) -> None:
        self.books = books
        self.cursors = {login: self._connect(login) for login in ("jana", "karel")}
        self.dates_checked = 0

    def _connect(self, login: str) -> Any:
        connection = psycopg2.connect(self.books.dsn(login))
        connection.autocommit = True
        return connection.cursor()

    def close(self) -> None:
        for cursor in self.cursors.values():
            cursor.connection.close()

    def ask(self, sql: str, *parameters: Any, login: str = "karel") -> list[tuple[Any, ...]]:
        cursor = self.cursors[login]
        cursor.execute(sql, parameters or None)
        return list(cursor.fetchall())

    def post(self, document: dict[str, Any], key: str, login: str = "jana") -> dict[str, Any]:
        answer: dict[str, Any] = self.ask("SELECT api.post(%s, %s, %s)", key, json.dumps(document, default=str), TODAY, login=login)[0][0]
        return answer


class Machine(RuleBasedStateMachine):
    """One example: three customers, two of them of one group."""

    office: Office

    @initialize()
    def start(self) -> None:
        self.office.books.query("INSERT INTO approval_limit (action, role, max_amount) VALUES ('credit_note', 'clerk', NULL), ('reversal', 'clerk', NULL) ON CONFLICT (action, role) DO UPDATE SET max_amount = NULL")
        tag = uuid.uuid4().hex[:8]
        self.accounts = [f"{tag}-{n}" for n in range(3)]
        self.office.books.query(
            """WITH p AS (INSERT INTO party (name) SELECT unnest(%s::text[]) RETURNING id, name),
                 a AS (INSERT INTO account (kind, number, party_id, currency) SELECT 'customer', name, id, 'USD' FROM p)
               SELECT 1""", self.accounts)  # fmt: skip
        self.office.books.query("UPDATE party SET parent_id = (SELECT party_id FROM account WHERE number = %s) WHERE name = %s", *self.accounts[:2])
        self.model = model.Books(dict(zip(self.accounts, "AAC", strict=True)))
        self.keys: list[tuple[str, dict[str, Any]]] = []
        self.marks = dict(self.office.ask("SELECT 'first', coalesce(max(id), 0) FROM ar.document UNION ALL SELECT 'first_move', coalesce(max(id), 0) FROM ar.allocation"))
        self.marks |= {"last": self.marks["first"], "last_move": self.marks["first_move"]}
        self.numbered = self.marks["first"]
        self.seen: Any = None
        self.invoice(who=0, currency="USD", amount=9_000, tax=21, day=FIRST, parts=3, clerk=True)
        self.invoice(who=1, currency="USD", amount=4_000, tax=0, day=FIRST + timedelta(40), parts=1, clerk=True)
        self.invoice(who=0, currency="EUR", amount=3_333, tax=0, day=FIRST, parts=2, clerk=True)
        self.act({"kind": "receipt", "customer": self.accounts[0], "currency": "EUR", "amount": 2_222, "date": FIRST + timedelta(5), "rate": "1.23"},
                 lambda m: m.receipt(self.accounts[0], "EUR", 2_222, FIRST + timedelta(5), []))  # fmt: skip
        for who, amount, day in ((0, 5_000, FIRST + timedelta(10)), (1, 8_000, FIRST + timedelta(60))):
            self.receipt(who=who, amount=amount, day=day, paid_for=[], exact=False)

    # one act on both sides

    def act(self, document: dict[str, Any], expected: Callable[[model.Books], None], *, clerk: bool = True, by_decision: bool = False) -> bool:
        """Do it in a copy of the model and in the books; they agree on the refusal or on everything that came of it."""
        tried = copy.deepcopy(self.model)
        tried.posting += 1
        tried.clerk = clerk and not by_decision
        refusal = None
        try:
            expected(tried)
        except model.Refusal as found:
            refusal = str(found)
        key = str(uuid.uuid4())
        answered = None
        try:
            answer = self.office.post(document, key, "jana" if clerk else "karel")
            if by_decision:
                self.office.ask("SELECT api.decide(%s, true, 'seen', %s)", answer["approval"], TODAY)
        except psycopg2.Error as error:
            answered = error.pgcode
        assert answered == refusal, (document, answered, refusal)
        if refusal is None:
            tried.clerk = True
            self.model = tried
            self.number_new()
            if clerk and not by_decision:
                self.keys.append((key, document))
        return refusal is None

    def number_new(self) -> None:
        fresh = [d for d in self.model.documents if not d.number]
        rows = self.office.ask("SELECT number, kind, id FROM ar.document WHERE id > %s ORDER BY id", self.numbered)
        self.numbered = max([self.numbered, *(row[2] for row in rows)])
        rows = [row for row in rows if row[1] != "exchange_difference"]
        assert [row[1] for row in rows] == [d.kind for d in fresh]
        for paper, row in zip(fresh, rows, strict=True):
            paper.number = row[0]

    def same(self, books: model.Books, paper: model.Document) -> model.Document:
        """The document of the same number in a copy of the model."""
        return next(d for d in books.documents if d.number == paper.number)

    def one(self, number: int, *kinds: str) -> model.Document | None:
        found = [d for d in self.model.documents if not kinds or d.kind in kinds]
        return found[number % len(found)] if found else None

    # rules

    @rule(who=pick, currency=st.sampled_from(list(RATES)), amount=amounts, tax=st.integers(0, 25), day=days, parts=st.integers(1, 3), clerk=st.booleans())
    def invoice(self, who: int, currency: str, amount: int, tax: int, day: date, parts: int, clerk: bool) -> None:
        account = self.accounts[who % 3]
        document = {"kind": "invoice", "customer": account, "currency": currency, "amount": amount, "tax": amount * tax // 100, "date": day, "due": day + timedelta(30), "rate": RATES[currency]}
        shares = [amount // parts] * (parts - 1) + [amount - amount // parts * (parts - 1)]
        instalments = [(day + timedelta(30 * n), share) for n, share in enumerate(shares, 1)] if parts > 1 and amount >= parts else None
        if instalments:
            document["instalments"] = [{"due": due, "amount": share} for due, share in instalments]
        self.act(document, lambda m: void(m.book("invoice", account, currency, amount, day, tax=amount * tax // 100, due=day + timedelta(30), instalments=instalments)), clerk=clerk)

    @rule(who=pick, amount=amounts, day=days, paid_for=st.lists(st.tuples(pick, amounts, st.sampled_from([0, 0, 1, 30])), max_size=2), exact=st.booleans())
    def receipt(self, who: int, amount: int, day: date, paid_for: list[tuple[int, int, int]], exact: bool) -> None:
        account, currency = self.accounts[who % 3], "USD"
        chosen = [(paper, paid, discount) for n, paid, discount in paid_for if (paper := self.one(n, "invoice", "transfer"))]
        if exact and chosen:   # the usual case: what is open is paid, by whom it is owed
            account, currency = chosen[0][0].account, chosen[0][0].currency
            chosen = [(p, max(sum(i.open for i in p.items) - discount, 0), discount) for p, _, discount in chosen[:1]]
            amount = max(chosen[0][1], 1)
        document = {"kind": "receipt", "customer": account, "currency": currency, "amount": amount, "date": day, "rate": "1.20" if currency == "EUR" else None,
                    "allocate": [{"document": p.number, "amount": paid, "discount": discount} for p, paid, discount in chosen]}  # fmt: skip
        self.act(document, lambda m: m.receipt(account, currency, amount, day, [(self.same(m, p), paid, discount) for p, paid, discount in chosen]))

    @rule(who=pick, of=pick, amount=amounts, day=days, tied=st.booleans())
    def credit_note(self, who: int, of: int, amount: int, day: date, tied: bool) -> None:
        paper = self.one(of, "invoice") if tied else None
        account, currency = (paper.account, paper.currency) if paper else (self.accounts[who % 3], "USD")

        def expected(m: model.Books) -> None:
            target = self.same(m, paper) if paper else None
            if target:
                m.check_credited(target, amount)
            note = m.book("credit_note", account, currency, amount, day, of=target)
            if target:
                m.spread(target, note, None, day, "credit_note")

        document = {"kind": "credit_note", "customer": account, "currency": currency, "amount": amount, "date": day, "of": paper.number if paper else None}
        self.act({name: value for name, value in document.items() if value is not None}, expected)

    @precondition(lambda self: self.model.documents)
    @rule(number=pick, other=pick, amount=amounts, day=days, part=st.integers(1, 2), likely=st.integers(0, 3), shift=st.integers(-20, 60))
    def allocate(self, number: int, other: int, amount: int, day: date, part: int, likely: int, shift: int) -> None:
        source, target = self.one(number, "receipt", "credit_note", "transfer"), self.one(other, "invoice", "transfer", "refund")
        pairs = [(c.document, d.document, min(-c.open, d.open)) for c, d in self.pairs()]
        if likely and pairs:   # mostly what goes together, around the first day on which it does
            source, target, fits = pairs[number % len(pairs)]
            amount, day = max(fits // part, 1), max(source.day, target.day) + timedelta(max(shift, 0) if likely > 1 else shift)
        if source and target and source is not target:
            document = {"kind": "allocation", "date": day, "moves": [{"from": source.number, "to": target.number, "amount": amount}]}
            self.act(document, lambda m: m.allocate(self.same(m, source), self.same(m, target), amount, day))

    def pairs(self) -> list[tuple[model.Item, model.Item]]:
        """Open credits and the open debits they may be set against."""
        items = [i for d in self.model.documents for i in d.items if i.open and d.kind != "reversal"]
        return [(c, d) for c in items for d in items if c.open < 0 < d.open and c.document.currency == d.document.currency
                and c.document is not d.document and self.model.groups[c.account] == self.model.groups[d.account]]  # fmt: skip

    @precondition(lambda self: self.model.allocations)
    @rule(number=pick, amount=amounts, day=days, likely=st.integers(0, 3), shift=st.integers(-20, 60))
    def unallocate(self, number: int, amount: int, day: date, likely: int, shift: int) -> None:
        links = [a for a in self.model.allocations if a.amount > 0 and a.kind not in model.BY_DECISION and self.model.live(a)] if likely else []
        link = (links or self.model.allocations)[number % len(links or self.model.allocations)]
        if likely:
            amount, day = abs(link.amount) if likely > 1 else amount, link.day + timedelta(shift)
        source, target = link.credit.document, link.debit.document
        document = {"kind": "unallocation", "date": day, "moves": [{"from": source.number, "to": target.number, "amount": amount}]}
        self.act(document, lambda m: m.unlink(self.same(m, source), self.same(m, target), amount, day, by_hand=True))

    @precondition(lambda self: self.model.documents)
    @rule(number=pick, day=days, again=st.booleans())
    def reverse(self, number: int, day: date, again: bool) -> None:
        paper = self.one(number, "receipt", "receipt", "credit_note", "invoice", "reversal", "write_off", "refund", "small_difference")
        if paper is None:
            return
        before = self.open_amounts()
        decided = paper.reverses is not None and paper.reverses.kind in ("write_off", "refund")   # what two have decided comes back as two decide
        if self.act({"kind": "reversal", "document": paper.number, "date": day, "reason": "nsf"}, lambda m: m.post_reversal(self.same(m, paper), day), by_decision=decided) and again:
            back = self.model.documents[-1]
            while back.reverses and back.reverses.number != paper.number:   # the reversals of what hangs on it come first
                back = self.model.documents[self.model.documents.index(back) - 1]
            decided = paper.kind in ("write_off", "refund")
            if not paper.reverses and self.act({"kind": "reversal", "document": back.number, "date": day, "reason": "error"}, lambda m: m.post_reversal(self.same(m, back), day), by_decision=decided):
                assert {name: amount for name, amount in self.open_amounts().items() if name in before} == before

    @precondition(lambda self: self.model.documents)
    @rule(number=pick, day=days)
    def small_difference(self, number: int, day: date) -> None:
        paper = self.one(number, "invoice", "receipt", "credit_note")
        if paper:
            self.act({"kind": "small_difference", "document": paper.number, "date": day}, lambda m: m.small_difference(self.same(m, paper), day))

    @precondition(lambda self: self.model.documents)
    @rule(number=pick, amount=amounts, day=days, kind=st.sampled_from(["write_off", "refund"]), whole=st.booleans())
    def decided(self, number: int, amount: int, day: date, kind: str, whole: bool) -> None:
        paper = self.one(number, *(("invoice",) if kind == "write_off" else ("receipt", "credit_note")))
        if paper:
            left = abs(sum(i.open for i in paper.items))
            amount = left if whole and left else amount
            document = {"kind": kind, "document": paper.number, "amount": amount, "date": day, "reason": "seen together"}
            self.act(document, lambda m: m.decided(kind, self.same(m, paper), amount, day), by_decision=True)

    @precondition(lambda self: self.model.documents)
    @rule(number=pick, to=pick, amount=amounts, day=days)
    def transfer(self, number: int, to: int, amount: int, day: date) -> None:
        paper, account = self.one(number, "invoice", "receipt"), self.accounts[to % 3]
        if paper and to % 4 and paper.account in self.accounts[:2]:   # mostly what can be moved, where it can go
            account = self.accounts[1 - self.accounts.index(paper.account)]
            amount = abs(sum(i.open for i in paper.items)) or amount
        if paper:
            document = {"kind": "transfer", "document": paper.number, "to": account, "amount": amount, "date": day}
            self.act(document, lambda m: m.transfer(self.same(m, paper), account, amount, day))

    @rule(month=st.sampled_from(MONTHS), state=st.sampled_from(["open", "open", "open", "soft_closed", "closed"]))
    def period(self, month: date, state: str) -> None:
        self.office.ask("SELECT api.set_period(%s, %s, 'the test says so')", month, state)
        self.model.closed.discard(month)
        self.model.soft.discard(month)
        if state != "open":
            (self.model.closed if state == "closed" else self.model.soft).add(month)

    @precondition(lambda self: self.keys)
    @rule(number=pick, changed=st.booleans())
    def send_again(self, number: int, changed: bool) -> None:
        key, document = self.keys[number % len(self.keys)]
        if changed:
            with pytest.raises(psycopg2.Error) as refused:
                self.office.post({**document, "memo": "changed"}, key)
            assert refused.value.pgcode == "AR002"
        else:
            assert self.office.post(document, key)["status"] == "exists"

    # what always holds

    def open_amounts(self) -> dict[tuple[str, int], int]:
        return {(d.number, i.seq): i.open for d in self.model.documents for i in d.items}

    @invariant()
    def the_items_are_the_models(self) -> None:
        if hasattr(self, "model"):
            expected = sorted((i.account, d.currency, d.day, i.due, i.original, i.open) for d in self.model.documents for i in d.items)
            assert self.office.ask(OPEN_ITEMS, self.accounts) == expected

    @invariant()
    def nothing_posted_changes(self) -> None:
        if hasattr(self, "model"):
            cursor = self.office.cursors["karel"]
            cursor.execute(SEEN, self.marks)
            assert self.seen is None or cursor.fetchone() == self.seen
            cursor.execute("SELECT (SELECT coalesce(max(id), 0) FROM ar.document), (SELECT coalesce(max(id), 0) FROM ar.allocation)")
            self.marks["last"], self.marks["last_move"] = cursor.fetchone()
            cursor.execute(SEEN, self.marks)
            self.seen = cursor.fetchone()

    def teardown(self) -> None:
        if not hasattr(self, "model"):
            return
        for month in self.model.closed | self.model.soft:
            self.office.ask("SELECT api.set_period(%s, 'open', 'the next example')", month)
        chance = random.Random(len(self.model.documents))
        for _ in range(10):
            self.check_day(FIRST + timedelta(chance.randrange(-20, 330)))
        assert self.office.ask(BASE, self.accounts) == []

    def check_day(self, day: date) -> None:
        names = ("not_due", "1-30", "31-60", "61-90", "91-120", "121+", "unapplied")
        rows = self.office.ask(
            """SELECT a.number, g.currency, not_due, d1_30, d31_60, d61_90, d91_120, d121, unapplied, total FROM api.ageing(%s) g
               JOIN ar.account a ON a.id = g.account_id WHERE a.number = ANY (%s)""", day, self.accounts)  # fmt: skip
        found = {(row[0], row[1]): {name: value for name, value in zip(names, row[2:9], strict=True) if value} for row in rows}
        assert found == {key: {name: value for name, value in row.items() if value} for key, row in self.model.ageing(day).items()}
        assert all(sum(row[2:9]) == row[9] for row in rows)
        totals = self.office.ask(
            """SELECT l.currency::text, sum(l.amount)::bigint FROM ar.journal_line l JOIN ar.account a ON a.id = l.account_id
               WHERE l.gl = '1100' AND l.posted_on <= %s AND a.number = ANY (%s) GROUP BY 1 HAVING sum(l.amount) <> 0""", day, self.accounts)  # fmt: skip
        assert dict(totals) == self.model.control(day)
        self.office.dates_checked += 1


def void(_: object) -> None:
    """Throw a result away."""


@pytest.fixture(scope="module")
def office(module_books: Books) -> Iterator[Office]:
    module_books.query("UPDATE setting SET value = '1000000000' WHERE name LIKE 'small_difference.%%'")
    module_books.query("INSERT INTO exchange_rate VALUES ('EUR', '1900-01-01', 1.15)")
    with closing(Office(module_books)) as made:
        yield made


@pytest.mark.timeout(max(300, EXAMPLES * 5))
def test_the_books_and_the_model_agree_whatever_is_done(office: Office) -> None:
    Machine.office = office
    chosen = settings(
        max_examples=EXAMPLES, stateful_step_count=40, deadline=None, derandomize=True, database=None,
        suppress_health_check=list(HealthCheck), phases=(Phase.generate, Phase.shrink), print_blob=True,
    )  # fmt: skip
    run_state_machine_as_test(Machine, settings=chosen)
    assert office.dates_checked >= min(200, EXAMPLES * 8)
    every = {
        (day, row[0]): row[1] for day in (date(2026, 1, 31), date(2026, 3, 31), date(2026, 6, 15), date(2199, 1, 1))
        for row in office.ask("SELECT * FROM api.prove(%s)", day) if row[1]
    }  # fmt: skip
    assert every == {}
    controls = office.ask("SELECT currency, amount FROM api.ledger_balance('1100', '2199-01-01') WHERE amount <> 0")
    assert sorted(controls) == sorted(office.ask("SELECT currency::text, sum(open)::bigint FROM ar.open_item GROUP BY 1 HAVING sum(open) <> 0"))
