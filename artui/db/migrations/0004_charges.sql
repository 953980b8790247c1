-- Late interest and fixed sums: what the law or the contract allows, and which days of which item have been charged or waived.

CREATE TABLE ar.reference_rate ( -- percent a year, from a day on; whoever enters a row says where it was published
  name ar.line_text NOT NULL CHECK (name <> '' AND length(name) <= 40), valid_from date NOT NULL,
  percent numeric NOT NULL CHECK (percent BETWEEN -100 AND 1000), source ar.line_text NOT NULL DEFAULT '', PRIMARY KEY (name, valid_from));

CREATE TABLE ar.interest_profile ( -- the rule of a jurisdiction or a contract, from a day on
  code ar.line_text NOT NULL CHECK (code <> '' AND length(code) <= 20), valid_from date NOT NULL DEFAULT '1900-01-01', name ar.line_text NOT NULL,
  reference ar.line_text,         -- null: the margin is the whole rate
  margin numeric NOT NULL CHECK (margin BETWEEN 0 AND 1000),
  year_days smallint NOT NULL DEFAULT 365 CHECK (year_days IN (360, 365)),
  floats boolean NOT NULL,        -- follows the reference rate; otherwise keeps the one of the first day of default
  fixed_sum numeric CHECK (fixed_sum > 0 AND fixed_sum < 1000000), fixed_currency ar.currency_code,   -- once an invoice, in that currency only
  grace_days int NOT NULL DEFAULT 0 CHECK (grace_days BETWEEN 0 AND 3650),   -- nothing is proposed before; then from the day after the due date
  least numeric NOT NULL DEFAULT 0 CHECK (least BETWEEN 0 AND 1000000),      -- interest below it is not proposed yet
  with_disputed boolean NOT NULL DEFAULT false, source ar.line_text NOT NULL DEFAULT '',
  PRIMARY KEY (code, valid_from), CHECK ((fixed_sum IS NULL) = (fixed_currency IS NULL)));

ALTER TABLE ar.account ADD COLUMN interest_profile ar.line_text CHECK (interest_profile <> '');

CREATE TABLE ar.charge_span (    -- days of an item that have been charged (document_id) or waived (reason). Append-only
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, posting_id bigint NOT NULL REFERENCES ar.posting, item_id bigint NOT NULL REFERENCES ar.open_item,
  what text NOT NULL CHECK (what IN ('interest', 'fixed_sum')), first_on date NOT NULL, last_on date NOT NULL, amount ar.money NOT NULL CHECK (amount > 0),
  document_id bigint UNIQUE REFERENCES ar.document, reason ar.line_text CHECK (reason <> ''),
  CHECK (last_on >= first_on), CHECK ((document_id IS NULL) = (reason IS NOT NULL)));
CREATE INDEX charge_span_item ON ar.charge_span (item_id);
