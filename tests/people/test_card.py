"""The card and what stands behind its tabs: one group or one account, history, sales, who changed what, the time there."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from artui.ledger.history import NEWEST, count, history
from artui.ledger.items import PARTS, Figure, edge, open_items, open_total, provenance
from artui.ledger.paging import Page
from artui.ledger.sales import by_item
from artui.people import recents
from artui.people.card import card
from artui.people.changes import changes
from artui.people.local_time import there
from tests.books import Books
from tests.screens import office

NOON = dt.datetime(2026, 6, 15, 12, tzinfo=dt.UTC)
HOURS = ("08:00", "21:00")


@pytest.fixture(scope="module")
def small(module_books: Books) -> Books:
    """The office of the screens, with a second sale and its credit."""
    office.fill(module_books)
    module_books.query("INSERT INTO item (number, description, unit) VALUES ('FERT', 'Fertilizer', 'bag')")
    for number, day, kind, quantity in (("INV-30", "2026-06-01", "invoice", "10"), ("INV-31", "2026-06-05", "invoice", "4"), ("CN-1", "2026-06-08", "credit_note", "1")):
        module_books.post(kind, number=number, customer="10442", date=day, currency="PHP", rate="0.0175", lines=[{"item": "FERT", "description": "Fertilizer", "quantity": quantity, "unit_price": "60.00"}])
    module_books.post("reversal", document="INV-31", date="2026-06-09", reason="wrong customer")
    return module_books


def test_a_group_stands_together_or_apart(small: Books) -> None:
    session = small.session("audrey")
    apart, together = card(session, "customer", "10442"), card(session, "customer", "10442", together=True)
    assert {balance.currency for balance in apart.balances} == {"PHP"}
    assert {balance.currency: str(balance.total) for balance in together.balances if balance.currency != "PHP"} == {"EUR": "880.50", "USD": "1500.00"}
    assert {item.account for item in together.items} == {"10442", "30001"}
    assert together.items_count == apart.items_count + 2
    assert len(together.covers) == 2
    for shown in (apart, together):
        for balance in shown.balances:
            assert balance.total == balance.not_due + sum(balance.late) + balance.unapplied == sum(item.open for item in shown.items if item.currency == balance.currency)


def test_history_pages_both_ways_and_is_searched(small: Books) -> None:
    session = small.session("audrey")
    accounts = card(session, "customer", "10442").covers
    whole = history(session, accounts)
    assert [entry.edge("") for entry in whole] == sorted((entry.edge("") for entry in whole), reverse=True)
    assert len(whole) == count(session, accounts)
    newest = replace(NEWEST, limit=3)
    first = history(session, accounts, newest)
    assert first + history(session, accounts, replace(NEWEST, edge=first[-1].edge(""))) == whole
    assert history(session, accounts, replace(newest, limit=2, edge=whole[4].edge(""), way="before")) == whole[2:4]
    assert history(session, accounts, replace(newest, edge=whole[4].edge(""), way="at")) == whole[4:7]
    assert history(session, accounts, replace(newest, last=True)) == whole[-3:]
    for by in ("document", "kind", "amount"):
        page = Page(limit=4, by=by)
        first = history(session, accounts, page)
        assert {*first, *history(session, accounts, replace(page, limit=50, edge=first[-1].edge(by)))} == set(whole)
    assert [entry.document for entry in history(session, accounts, Page(search="4391"))] == ["R-17"]
    assert [entry.document for entry in history(session, accounts, Page(search="invoice 450007"))] == ["INV-20881"]
    assert history(session, accounts, Page(search="%")) == ()
    assert count(session, accounts, "4391") == 1
    assert {entry.kind for entry in history(session, accounts, kinds=["receipt"])} == {"receipt"}
    by_number = {entry.document: entry for entry in whole}
    assert str(by_number["R-17"].amount) == "-3000.00"
    assert str(by_number["INV-20881"].open) == "4000.00" or str(by_number["INV-20881"].open) == "5000.00"
    assert by_number["INV-31"].reversed_by
    assert by_number["INV-31"].posted_by == "olga"


def test_every_figure_of_the_card_is_the_sum_of_the_items_behind_it(small: Books) -> None:
    session = small.session("audrey")
    shown = card(session, "customer", "10442", together=True)
    for balance in shown.balances:
        figures = {"total": balance.total, "past_due": balance.past_due, "unapplied": balance.unapplied, "not_due": balance.not_due}
        figures |= dict(zip(("1-30", "31-60", "61-90", "91-120", "121+"), balance.late, strict=True))
        for which, amount in figures.items():
            behind = Figure(balance.currency, which)
            items = open_items(session, shown.covers, figure=behind)
            number, sums = open_total(session, shown.covers, behind)
            assert (len(items), sum(item.open for item in items)) == (number, amount)
            assert sums.get(balance.currency, 0) == amount
        disputed = open_items(session, shown.covers, figure=Figure(balance.currency, "disputed"))
        assert sum(item.disputed for item in disputed) == balance.disputed
    assert set(PARTS) == {*figures, "disputed"}


def test_open_items_page_in_every_order(small: Books) -> None:
    session = small.session("audrey")
    accounts = card(session, "customer", "10442", together=True).covers
    whole = open_items(session, accounts)
    assert whole == card(session, "customer", "10442", together=True).items
    for by in ("", "due", "document", "date", "po", "open"):
        for falling in (False, True):
            page = Page(limit=3, by=by, falling=falling)
            all_of_it = open_items(session, accounts, replace(page, limit=50))
            first = open_items(session, accounts, page)
            assert first + open_items(session, accounts, replace(page, limit=50, edge=edge(first[-1], by))) == all_of_it
            assert open_items(session, accounts, replace(page, edge=edge(all_of_it[3], by), way="before")) == all_of_it[:3]
            assert set(all_of_it) == set(whole)
    assert [item.document for item in open_items(session, accounts, Page(search="4500071"))] == ["INV-20881"]
    assert open_total(session, accounts, search="4500071")[0] == 1


def test_what_was_bought_from_a_vendor_is_told_by_year(books: Books) -> None:
    office.fill(books)
    books.post("purchase", number="FA-700", vendor="V3071", date="2024-02-04", due="2024-03-04", amount="100.00", currency="CZK", rate="0.043")
    books.post("purchase", number="FA-950", vendor="V3071", date="2026-06-05", due="2026-07-05", amount="50.00", currency="EUR", rate="1.08")
    books.post("purchase", number="FA-951", vendor="V3071", date="2026-06-05", due="2026-07-05", amount="7.00", currency="CZK", rate="0.043")
    books.post("reversal", document="FA-951", date="2026-06-06", reason="not ours")
    told = card(books.session("audrey"), "vendor", "V3071").bought
    assert [(each.year, each.currency, str(each.amount)) for each in told] == [(2026, "CZK", "1640.00"), (2026, "EUR", "50.00"), (2024, "CZK", "100.00")]
    assert card(books.session("audrey"), "vendor", "V3071", dt.date(2025, 1, 1)).bought == told[2:]
    assert card(books.session("audrey"), "customer", "10442").bought == ()


def test_who_and_when_of_a_document_names_what_undid_it(small: Books) -> None:
    session = small.session("audrey")
    shown = next(entry for entry in history(session, card(session, "customer", "10442").covers) if entry.document == "INV-31")
    told = provenance(session, shown.document_id)
    assert (told.document, told.posted_by, told.business_date) == ("INV-31", "olga", small.today)
    assert [number for number, _, _ in told.reversed_by] == [shown.reversed_by]
    assert len(told.key) == 36


def test_a_transfer_is_in_the_history_of_both_accounts(books: Books) -> None:
    for number in ("A", "B"):
        books.post("invoice", number=f"I-{number}", customer=number, customer_name=number, create_customer=True, date="2026-05-01", amount="100")
    books.post("receipt", number="R", customer="A", date="2026-05-02", amount="40")
    books.query("UPDATE party SET parent_id = (SELECT party_id FROM account WHERE number = 'A') WHERE name = 'B'")
    books.post("transfer", number="T", document="R", to="B", date="2026-05-03", amount="40")
    session = books.session("audrey")
    for account, told in (("A", [("T", "40.00"), ("R", "-40.00"), ("I-A", "100.00")]), ("B", [("T", "-40.00"), ("I-B", "100.00")])):
        assert [(entry.document, str(entry.amount)) for entry in history(session, card(session, "customer", account).covers)] == told


def test_what_was_sold_leaves_out_what_was_reversed_and_takes_credits_off(small: Books) -> None:
    session = small.session("audrey")
    sold = {entry.item or entry.description: entry for entry in by_item(session, card(session, "customer", "10442").covers)}
    assert (str(sold["FERT"].quantity.normalize()), str(sold["FERT"].amount), sold["FERT"].last_document) == ("9", "540.00", "CN-1")
    assert str(sold["Freight to Baguio"].amount) == "1000.00"


def test_who_changed_what_is_told_as_far_as_the_reader_may_know(small: Books) -> None:
    account = card(small.session("olga"), "customer", "10442").account_id
    small.session("karla").query("UPDATE ar.account SET terms = 'NET14' WHERE number = '10442'")
    small.session("jana").query("UPDATE ar.party SET note = 'pays on Fridays' WHERE id = (SELECT party_id FROM ar.account WHERE number = '10442')")
    small.query("INSERT INTO party_bank (party_id, iban) SELECT party_id, 'DE89370400440532013000' FROM ar.account WHERE number = '10442'")
    bank, *told = [(change.who, change.what, change.done, change.field, change.after) for change in changes(small.session("marta"), account)]
    assert bank[1:] == ("bank account", "added", "iban", "DE89370400440532013000"), "where money goes to above all"
    assert told[:2] == [("jana", "name and facts", "changed", "note", "pays on Fridays"), ("karla", "account", "changed", "terms", "NET14")]
    assert {change.who for change in changes(small.session("jana"), account)} == {"jana"}, "a clerk sees their own"


def test_recent_and_pinned_accounts_survive_and_are_each_persons_own(small: Books) -> None:
    jana, petr = small.session("jana"), small.session("petr")
    for account in range(1, 20):
        recents.opened(jana, account)
    recents.opened(jana, 15)
    recents.pin(jana, 3)
    kept = recents.kept(jana)
    assert (kept.pinned, kept.recent[:3], len(kept.recent)) == ((3,), (15, 19, 18), recents.RECENT)
    assert recents.pin(jana, 3).recent[0] == 3
    assert recents.kept(petr) == recents.Kept()
    file = recents._file(jana)
    file.write_text('{"pinned": ["x", true, 4], "recent": 3}')
    assert recents.kept(jana) == recents.Kept((4,), ())
    file.write_text("not json")
    assert recents.kept(jana) == recents.Kept()
    assert file.stat().st_mode & 0o077 == 0


def test_the_time_there_is_taken_from_the_surest_source() -> None:
    noted = there(NOON, HOURS, timezone="Asia/Tokyo", phone="639171234567", country="US")
    assert noted is not None
    assert (noted.earliest.hour, noted.certain, noted.decent) == (21, True, False)
    assert noted.from_.isoformat() == "2026-06-16T08:00:00+09:00"
    by_phone = there(NOON, HOURS, phone="12025550123", country="US")
    assert by_phone is not None
    assert (by_phone.earliest.hour, by_phone.decent) == (8, True)
    wide = there(NOON, HOURS, country="US")
    assert wide is not None
    assert not wide.certain
    assert not wide.decent, "somewhere in the country it is too early"
    elsewhere = there(NOON, HOURS, phone="420777123456", country="PH")
    assert elsewhere is not None
    assert (elsewhere.earliest.hour, elsewhere.latest.hour) == (14, 20), "both may be right"
    assert there(NOON, HOURS) is None
    assert there(NOON, HOURS, timezone="../../etc/passwd", country="ZZ") is None


@pytest.mark.parametrize("number", ["R", "none"])
def test_an_account_that_is_not_there_is_refused(small: Books, number: str) -> None:
    with pytest.raises(Exception, match="no customer numbered"):
        card(small.session("audrey"), "customer", number)
