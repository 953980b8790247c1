"""The discrepancy desk: what is allowed and still deserves a look, with its age, its amounts, whose it is and what fixes it.

A check is one query of rows; counting and paging are made of it. OFFSET 0 keeps the few rows of a small index together before the rest is joined. Later tables bring their own checks with `register`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from artui import money
from artui.errors import BadInput
from artui.ledger.paging import Page, keyset
from artui.session import Session


@dataclass(frozen=True)
class Check:
    """One thing to look for. `rows` selects since (date), key (unique text), document, account, name, amount, currency, owner, detail.

    It may use %(day)s. `fix` names the action that settles a row; a `slow` check is left out of the look at sign-in.
    """

    name: str
    title: str
    fix: str
    rows: str
    slow: bool = False


@dataclass(frozen=True)
class Finding:
    """What one check has found as of a day: how many, the oldest, how much in each currency, whose."""

    name: str
    title: str
    fix: str
    findings: int
    oldest_on: dt.date | None
    oldest_days: int | None
    amounts: Mapping[str, Decimal]
    owners: tuple[str, ...]
    example: str

    @property
    def ok(self) -> bool:
        """Tell whether nothing was found."""
        return self.findings == 0

    @property
    def owner(self) -> str:
        """The one person it is with, or how many they are."""
        return self.owners[0] if len(self.owners) == 1 else f"{len(self.owners)} people" if self.owners else ""

    def as_json(self) -> dict[str, Any]:
        """Return the finding as scripts read it."""
        return {
            "name": self.name, "findings": self.findings, "example": self.example, "ok": self.ok, "oldest_days": self.oldest_days,
            "amounts": {code: money.plain(amount, code) for code, amount in sorted(self.amounts.items())}, "owner": self.owner, "fix": self.fix,
        }  # fmt: skip


@dataclass(frozen=True)
class Row:
    """One case of a check."""

    since: dt.date
    days: int
    key: str
    document: str
    account: str
    name: str
    amount: Decimal | None
    currency: str
    owner: str
    detail: str


_known: dict[str, Check] = {}


def register(check: Check) -> None:
    """Add a check to the desk; a second one of the same name takes its place."""
    _known[check.name] = check


def checks() -> tuple[Check, ...]:
    """Return every check, in the order they were registered."""
    return tuple(_known.values())


def discrepancies(session: Session, as_of: dt.date | None = None, *, quick: bool = False) -> tuple[Finding, ...]:
    """Count every check as of a day in one round trip; `quick` leaves out those that read the last quarter or the whole of the ledger."""
    day = as_of or session.today
    wanted = [check for check in checks() if not (quick and check.slow)]
    found = {row[0]: row[1:] for row in session.query(" UNION ALL ".join(_summary(check) for check in wanted), {"day": day})}
    return tuple(_finding(check, day, *found[check.name]) for check in wanted)


def _summary(check: Check) -> str:
    return f"""SELECT '{check.name}' AS name, coalesce(sum(n), 0)::bigint, min(since), coalesce(min(example), ''), jsonb_object_agg(currency, total) FILTER (WHERE currency IS NOT NULL),
      (SELECT array_agg(DISTINCT o) FROM unnest(string_to_array(string_agg(owners, ' '), ' ')) o WHERE o <> '')
      FROM (SELECT currency, count(*) AS n, sum(amount) AS total, min(since) AS since, min(coalesce(nullif(document, ''), account)) AS example, string_agg(DISTINCT owner, ' ') AS owners FROM ({check.rows}) r GROUP BY currency) g"""


def _finding(check: Check, day: dt.date, count: int, oldest: dt.date | None, example: str, amounts: Mapping[str, int] | None, owners: list[str] | None) -> Finding:
    return Finding(
        check.name, check.title, check.fix, count, oldest, None if oldest is None else (day - oldest).days,
        {code: money.from_minor(int(minor), code) for code, minor in (amounts or {}).items() if minor is not None}, tuple(owners or ()), example,
    )  # fmt: skip


def rows(session: Session, name: str, as_of: dt.date | None = None, *, after: Row | None = None, limit: int = 100) -> tuple[tuple[Row, ...], bool]:
    """Return a page of a check's cases, oldest first, and whether there are more; `after` is the last row of the page before.

    Raises BadInput for a check that is not known.
    """
    check = _known.get(name)
    if check is None:
        raise BadInput(f"There is no check {name}.", f"There are: {', '.join(_known)}.")
    day = as_of or session.today
    page = session.query(
        f"""SELECT * FROM ({check.rows}) r WHERE %(since)s::date IS NULL OR (since, key) > (%(since)s, %(key)s) ORDER BY since, key LIMIT %(limit)s""",
        {"day": day, "since": after.since if after else None, "key": after.key if after else "", "limit": limit + 1},
    )
    return tuple(_row(day, *row) for row in page[:limit]), len(page) > limit


def page_of_rows(session: Session, name: str, page: Page) -> tuple[Row, ...]:
    """Return any page of a check's cases, oldest first; the edge of a row is (since, key)."""
    where, order, values = keyset(page, "since", "key", "concat_ws(' ', document, account, name, owner, detail)")
    found = session.query(f"SELECT * FROM ({_known[name].rows}) r WHERE {where} ORDER BY {order}", {**values, "day": session.today})
    shown = tuple(_row(session.today, *row) for row in found)
    return tuple(reversed(shown)) if page.backwards else shown


def _row(day: dt.date, since: dt.date, key: str, document: str, account: str, name: str, amount: int | None, currency: str | None, owner: str, detail: str) -> Row:
    shown = None if amount is None or currency is None else money.from_minor(int(amount), currency)
    return Row(since, (day - since).days, key, document or "", account or "", name or "", shown, currency or "", owner or "", detail or "")


_PARTY = "LEFT JOIN account a ON a.id = {0}.account_id LEFT JOIN party p ON p.id = a.party_id"

for _check in (
    Check("unidentified_receipts", "Receipts of unknown payers", "identify", """SELECT d.posted_on AS since, lpad(d.id::text, 19, '0') AS key, d.number::text AS document, ''::text AS account,
        coalesce(d.memo::text, '') AS name, d.amount - u.used AS amount, d.currency::text AS currency, ''::text AS owner, coalesce(d.reference::text, '') AS detail
      FROM document d CROSS JOIN LATERAL (SELECT coalesce(sum(x.amount), 0)::bigint AS used FROM document x WHERE x.of_id = d.id AND x.kind = 'identify' AND x.posted_on <= %(day)s AND NOT is_reversed(x.id)) u
      WHERE d.event = 'receipt_unidentified' AND d.posted_on <= %(day)s AND d.amount > u.used AND NOT is_reversed(d.id)"""),
    Check("unapplied_cash_over_5_days", "Money received and not applied for five days", "apply", f"""SELECT i.posted_on AS since, lpad(i.id::text, 19, '0') AS key, d.number::text AS document, a.number::text AS account,
        p.name::text AS name, i.open AS amount, i.currency::text AS currency, coalesce(a.collector::text, '') AS owner, coalesce(d.reference::text, '') AS detail
      FROM (SELECT * FROM open_item WHERE open < 0 AND NOT is_vendor AND posted_on < %(day)s::date - 5 OFFSET 0) i JOIN document d ON d.id = i.document_id {_PARTY.format('i')}
      WHERE d.kind IN ('receipt', 'identify')"""),
    Check("accounts_in_credit", "Accounts we owe money", "refund or apply", f"""SELECT i.since, lpad(i.account_id::text, 19, '0') || i.currency AS key, ''::text AS document, a.number::text AS account,
        p.name::text AS name, i.amount, i.currency, coalesce(a.collector::text, '') AS owner, ''::text AS detail
      FROM (SELECT o.account_id, o.currency::text AS currency, sum(o.open)::bigint AS amount, min(o.posted_on) FILTER (WHERE o.open < 0) AS since FROM open_item o
            WHERE o.open <> 0 AND o.posted_on <= %(day)s AND o.account_id IN (SELECT account_id FROM open_item WHERE open < 0 AND NOT is_vendor AND posted_on <= %(day)s) GROUP BY 1, 2 HAVING sum(o.open) < 0) i {_PARTY.format('i')}"""),
    Check("duplicate_receipts", "The same payment entered twice", "compare and reverse", f"""SELECT x.since, lpad(x.id::text, 19, '0') AS key, x.document, a.number::text AS account, p.name::text AS name, x.amount, x.currency,
        coalesce(a.collector::text, '') AS owner, x.reference || ' in ' || x.documents AS detail
      FROM (SELECT d.account_id, d.reference::text AS reference, d.amount, d.currency::text AS currency, min(d.posted_on) AS since, max(d.id) AS id, max(d.number::text) AS document, string_agg(d.number, ', ' ORDER BY d.id) AS documents
            FROM document d WHERE d.kind = 'receipt' AND d.reference IS NOT NULL AND d.posted_on BETWEEN %(day)s::date - 90 AND %(day)s
              AND NOT EXISTS (SELECT 1 FROM document r WHERE r.reverses_id = d.id) GROUP BY d.account_id, d.method, d.reference, d.amount, d.currency HAVING count(*) > 1) x {_PARTY.format('x')}""", slow=True),
    Check("duplicate_invoices", "The same order billed twice", "compare and credit", f"""SELECT x.since, lpad(x.id::text, 19, '0') AS key, x.document, a.number::text AS account, p.name::text AS name, x.amount, x.currency,
        coalesce(a.collector::text, '') AS owner, 'PO ' || x.po || ' in ' || x.documents AS detail
      FROM (SELECT d.account_id, d.po::text AS po, d.amount, d.currency::text AS currency, min(d.posted_on) AS since, max(d.id) AS id, max(d.number::text) AS document, string_agg(d.number, ', ' ORDER BY d.id) AS documents
            FROM document d WHERE d.kind = 'invoice' AND d.po IS NOT NULL AND d.posted_on BETWEEN %(day)s::date - 90 AND %(day)s
              AND NOT EXISTS (SELECT 1 FROM document r WHERE r.reverses_id = d.id) GROUP BY d.account_id, d.po, d.amount, d.currency HAVING count(*) > 1) x {_PARTY.format('x')}""", slow=True),
    Check("batches_open_over_1_day", "Deposits not posted for a day", "post the batch", """SELECT b.deposit_date AS since, b.number AS key, b.number AS document, ''::text AS account, b.bank::text AS name, b.control_total AS amount,
        b.currency::text AS currency, b.opened_by::text AS owner, b.state AS detail FROM batch b WHERE b.state IN ('open', 'balanced') AND b.deposit_date < %(day)s::date - 1"""),
    Check("due_before_document_date", "Due before it was written", "correct the due date by credit and new invoice", f"""SELECT i.posted_on AS since, lpad(i.id::text, 19, '0') AS key, d.number::text AS document, a.number::text AS account,
        p.name::text AS name, i.open AS amount, i.currency::text AS currency, coalesce(a.collector::text, '') AS owner, 'due ' || i.due_on || ', written ' || i.doc_date AS detail
      FROM (SELECT * FROM open_item WHERE open <> 0 AND due_on < doc_date AND posted_on <= %(day)s OFFSET 0) i JOIN document d ON d.id = i.document_id {_PARTY.format('i')}"""),
    Check("lines_differ_from_amount", "Lines and tax that do not make the amount", "credit and bill again", f"""SELECT d.posted_on AS since, lpad(d.id::text, 19, '0') AS key, d.number::text AS document, a.number::text AS account,
        p.name::text AS name, d.amount - d.tax - l.net AS amount, d.currency::text AS currency, coalesce(a.collector::text, '') AS owner, ''::text AS detail
      FROM document d JOIN LATERAL (SELECT sum(x.amount)::bigint AS net, count(*) AS n FROM document_line x WHERE x.document_id = d.id) l ON l.n > 0 {_PARTY.format('d')}
      WHERE d.kind IN ('invoice', 'purchase', 'credit_note') AND d.posted_on BETWEEN %(day)s::date - 90 AND %(day)s AND abs(d.amount - d.tax - l.net) > l.n
        AND NOT EXISTS (SELECT 1 FROM document r WHERE r.reverses_id = d.id)""", slow=True),
    Check("cheques_to_deposit", "Post-dated cheques whose day has come", "deposit", f"""SELECT q.deposit_on AS since, lpad(q.id::text, 19, '0') AS key, q.cheque::text AS document, a.number::text AS account, p.name::text AS name,
        q.amount, q.currency::text AS currency, q.taken_by::text AS owner, q.bank::text AS detail FROM postdated_cheque q {_PARTY.format('q')} WHERE q.state = 'held' AND q.deposit_on <= %(day)s"""),
    Check("certificates_missing", "Withheld tax without its certificate for 30 days", "ask for the certificate", f"""SELECT d.doc_date AS since, lpad(d.id::text, 19, '0') AS key, d.number::text AS document, a.number::text AS account, p.name::text AS name,
        d.amount, d.currency::text AS currency, coalesce(a.collector::text, '') AS owner, coalesce(d.reference::text, '') AS detail FROM document d {_PARTY.format('d')}
      WHERE d.kind = 'withholding' AND d.posted_on < %(day)s::date - 30 AND NOT EXISTS (SELECT 1 FROM certificate c WHERE c.document_id = d.id) AND NOT is_reversed(d.id)"""),
    Check("bank_statements_not_tied", "Bank statements that do not tie", "get the whole statement from the bank", """SELECT coalesce(s.to_on, s.last_on, s.imported_at::date) AS since, lpad(s.id::text, 19, '0') AS key,
        coalesce(nullif(s.number, ''), s.id::text) AS document, b.number::text AS account, b.name::text AS name, s.closing - s.opening - s.credits + s.debits AS amount, b.currency::text AS currency, s.imported_by::text AS owner, s.file::text AS detail
      FROM bank_statement s JOIN bank_account b ON b.id = s.bank_account_id WHERE s.ties IS FALSE AND coalesce(s.to_on, s.last_on, s.imported_at::date) <= %(day)s
        AND NOT EXISTS (SELECT 1 FROM bank_statement t WHERE t.bank_account_id = s.bank_account_id AND t.ties AND t.first_on <= s.first_on AND t.last_on >= s.last_on)"""),
    Check("bank_entries_undecided", "Entries of the bank nobody has decided for days", "match", """SELECT e.booked_on AS since, lpad(e.id::text, 19, '0') AS key, ''::text AS document, b.number::text AS account, e.name::text AS name,
        e.amount, b.currency::text AS currency, ''::text AS owner, e.text::text AS detail FROM bank_entry e JOIN bank_account b ON b.id = e.bank_account_id
      WHERE e.state = 'open' AND e.booked_on < %(day)s::date - (SELECT CASE WHEN n ~ '^[0-9]{1,4}$' THEN n::int ELSE 3 END FROM (SELECT setting_on('bank.undecided_days', %(day)s) #>> '{}' AS n) d)"""),
    Check("bank_differs_from_ledger", "A bank account and its ledger account differ by what nothing explains", "call whoever keeps the database", """SELECT %(day)s::date AS since, lpad(b.id::text, 19, '0') AS key, ''::text AS document,
        b.number::text AS account, b.name::text AS name, r.bank - r.ledger - r.before - r.unbooked + r.uncleared AS amount, b.currency::text AS currency, ''::text AS owner, 'ledger account ' || b.gl AS detail
      FROM bank_account b CROSS JOIN LATERAL api.reconcile_bank(b.id, %(day)s::date) r WHERE r.bank - r.ledger - r.before - r.unbooked + r.uncleared <> 0""", slow=True),
    Check("approvals_waiting", "Waiting for a second person", "decide", """SELECT o.business_date AS since, lpad(q.id::text, 19, '0') AS key, q.id::text AS document, coalesce(q.document ->> 'customer', '') AS account, q.action AS name,
        q.amount, q.currency::text AS currency, q.requested_by::text AS owner, q.reason::text AS detail FROM approval q JOIN posting o ON o.id = q.posting_id WHERE q.state = 'requested'"""),
    Check("approved_by_their_maker", "Decided by the person who asked", "review", """SELECT o.business_date AS since, lpad(q.id::text, 19, '0') AS key, q.id::text AS document, coalesce(q.document ->> 'customer', '') AS account, q.action AS name,
        q.amount, q.currency::text AS currency, q.requested_by::text AS owner, coalesce(q.comment::text, '') AS detail FROM approval q JOIN posting o ON o.id = q.posting_id WHERE q.one_person"""),
    Check("own_drafts_over_1_day", "Entries of yours not finished for a day", "finish or discard", """SELECT %(day)s::date - floor(extract(epoch FROM clock_timestamp() - w.updated_at) / 86400)::int AS since, w.key::text AS key, ''::text AS document, w.subject::text AS account, w.kind AS name, NULL::bigint AS amount,
        NULL::text AS currency, w.owner::text AS owner, w.terminal::text AS detail FROM draft w WHERE w.owner = session_user AND w.updated_at < clock_timestamp() - interval '1 day'"""),
    Check("subledger_differs_from_control", "Open items that are not the control account", "call whoever keeps the database", """SELECT %(day)s::date AS since, currency AS key, ''::text AS document, '1100'::text AS account, ''::text AS name,
        coalesce(s.amount, 0)::bigint - coalesce(g.amount, 0)::bigint AS amount, currency, ''::text AS owner, ''::text AS detail
      FROM (SELECT currency, sum(amount) AS amount FROM api.open_items_on(%(day)s::date) GROUP BY 1) s FULL JOIN api.ledger_balance('1100', %(day)s::date) g USING (currency)
      WHERE coalesce(s.amount, 0) <> coalesce(g.amount, 0)""", slow=True),
):  # fmt: skip
    register(_check)
