-- The chart, the posting rules, the rights and the numbers a new company starts with. Rows a company has changed are left alone.
INSERT INTO ar.gl_account (code, name, kind) VALUES
  ('1000', 'Bank', 'asset'), ('1100', 'Accounts receivable', 'asset'), ('1190', 'Allowance for doubtful accounts', 'asset'),
  ('1350', 'Withholding tax certificates', 'asset'), ('1990', 'Currency exchange', 'asset'), ('2000', 'Accounts payable', 'liability'),
  ('2050', 'Unidentified receipts', 'liability'), ('2100', 'Customer deposits', 'liability'), ('2200', 'Tax payable', 'liability'),
  ('3900', 'Opening balances', 'equity'), ('4000', 'Sales', 'income'), ('4090', 'Returns and allowances', 'income'), ('4100', 'Interest income', 'income'),
  ('4110', 'Fees income', 'income'), ('5000', 'Purchases', 'expense'), ('5100', 'Bad-debt expense', 'expense'), ('5110', 'Discounts allowed', 'expense'),
  ('5120', 'Small-balance differences', 'expense'), ('5130', 'Bank charges', 'expense'), ('5150', 'Exchange gain and loss', 'expense')
  ON CONFLICT DO NOTHING;
INSERT INTO ar.posting_rule (event, line, gl, side, part) VALUES
  ('invoice', 1, 'control', 1, 'gross'), ('invoice', 2, '4000', -1, 'net'), ('invoice', 3, '2200', -1, 'tax'),
  ('credit_note', 1, '4090', 1, 'net'), ('credit_note', 2, '2200', 1, 'tax'), ('credit_note', 3, 'control', -1, 'gross'),
  ('receipt', 1, '1000', 1, 'gross'), ('receipt', 2, 'control', -1, 'gross'),
  ('receipt_unidentified', 1, '1000', 1, 'gross'), ('receipt_unidentified', 2, '2050', -1, 'gross'),
  ('receipt_exchange', 1, '1990', 1, 'gross'), ('receipt_exchange', 2, 'control', -1, 'gross'),
  ('exchange_close', 1, '5150', 1, 'gross'), ('exchange_close', 2, '1990', -1, 'gross'),
  ('identify', 1, '2050', 1, 'gross'), ('identify', 2, 'control', -1, 'gross'),
  ('deposit', 1, '1000', 1, 'gross'), ('deposit', 2, '2100', -1, 'gross'),
  ('deposit_applied', 1, '2100', 1, 'gross'), ('deposit_applied', 2, 'control', -1, 'gross'),
  ('discount', 1, '5110', 1, 'net'), ('discount', 2, '2200', 1, 'tax'), ('discount', 3, 'control', -1, 'gross'),
  ('small_difference', 1, '5120', 1, 'gross'), ('small_difference', 2, 'control', -1, 'gross'),
  ('write_off', 1, '1190', 1, 'gross'), ('write_off', 2, 'control', -1, 'gross'),
  ('write_off_direct', 1, '5100', 1, 'gross'), ('write_off_direct', 2, 'control', -1, 'gross'),
  ('allowance', 1, '5100', 1, 'gross'), ('allowance', 2, '1190', -1, 'gross'),
  ('recovery', 1, 'control', 1, 'gross'), ('recovery', 2, '1190', -1, 'gross'),
  ('bank_charge', 1, '5130', 1, 'gross'), ('bank_charge', 2, '1000', -1, 'gross'),
  ('nsf_fee', 1, 'control', 1, 'gross'), ('nsf_fee', 2, '4110', -1, 'gross'),
  ('late_fee', 1, 'control', 1, 'gross'), ('late_fee', 2, '4110', -1, 'gross'),
  ('fixed_sum', 1, 'control', 1, 'gross'), ('fixed_sum', 2, '4110', -1, 'gross'),
  ('interest', 1, 'control', 1, 'gross'), ('interest', 2, '4100', -1, 'gross'),
  ('charge', 1, 'control', 1, 'gross'), ('charge', 2, '4110', -1, 'gross'),
  ('refund', 1, 'control', 1, 'gross'), ('refund', 2, '1000', -1, 'gross'),
  ('transfer', 1, 'control2', 1, 'gross'), ('transfer', 2, 'control', -1, 'gross'),
  ('purchase', 1, '5000', 1, 'net'), ('purchase', 2, '2200', 1, 'tax'), ('purchase', 3, 'control', -1, 'gross'),
  ('vendor_payment', 1, 'control', 1, 'gross'), ('vendor_payment', 2, '1000', -1, 'gross'),
  ('opening', 1, 'control', 1, 'gross'), ('opening', 2, '3900', -1, 'gross'),
  ('withholding', 1, '1350', 1, 'gross'), ('withholding', 2, 'control', -1, 'gross'),
  ('netting', 1, 'control2', 1, 'gross'), ('netting', 2, 'control', -1, 'gross')
  ON CONFLICT DO NOTHING;
INSERT INTO ar.permission (action, role)
  SELECT a, r FROM unnest(ARRAY['invoice', 'credit_note', 'receipt', 'allocation', 'unallocation', 'reversal', 'charge', 'write_off', 'refund', 'small_difference',
    'transfer', 'opening', 'purchase', 'vendor_payment', 'withholding', 'bank_charge', 'identify', 'deposit_applied', 'recovery', 'netting', 'customer', 'vendor', 'item', 'terms', 'discount']) a,
    unnest(ARRAY['clerk', 'supervisor', 'manager', 'controller']) r
  UNION ALL SELECT a, r FROM unnest(ARRAY['write_off', 'dispute', 'activity']) a, unnest(ARRAY['clerk', 'collector', 'supervisor', 'manager', 'controller']) r
  UNION ALL SELECT a, r FROM unnest(ARRAY['approve', 'import_profile']) a, unnest(ARRAY['supervisor', 'manager', 'controller']) r
  UNION ALL SELECT 'import_profile', 'clerk'
  UNION ALL SELECT a, r FROM unnest(ARRAY['merge', 'edit_terms']) a, unnest(ARRAY['supervisor', 'manager', 'controller']) r
  UNION ALL SELECT a, r FROM unnest(ARRAY['reopen_period', 'read_drafts']) a, unnest(ARRAY['manager', 'controller']) r
  UNION ALL SELECT a, r FROM unnest(ARRAY['close_period', 'post_soft_closed', 'allowance', 'exchange_close']) a, unnest(ARRAY['manager', 'controller']) r
  UNION ALL SELECT a, 'controller' FROM unnest(ARRAY['setting', 'exchange_rate']) a
  UNION ALL SELECT 'read_audit', r FROM unnest(ARRAY['supervisor', 'manager', 'controller', 'auditor']) r
  UNION ALL SELECT a, 'admin' FROM unnest(ARRAY['staff', 'migrate', 'setting']) a
  ON CONFLICT DO NOTHING;
INSERT INTO ar.role_conflict (role_a, role_b, reason)
  SELECT 'auditor', r, 'who checks the books does not keep them' FROM unnest(ARRAY['clerk', 'collector', 'credit', 'supervisor', 'manager', 'controller', 'admin']) r
  ON CONFLICT DO NOTHING;
INSERT INTO ar.approval_limit (action, role, max_amount) VALUES
  ('write_off', 'supervisor', 500), ('write_off', 'manager', 5000), ('write_off', 'controller', NULL),
  ('credit_note', 'clerk', 100), ('credit_note', 'supervisor', 500), ('credit_note', 'manager', 5000), ('credit_note', 'controller', NULL),
  ('refund', 'supervisor', 500), ('refund', 'manager', 5000), ('refund', 'controller', NULL) ON CONFLICT DO NOTHING;
-- what takes an invoice back, or starts an account with a credit, gives as much away as a credit note
INSERT INTO ar.approval_limit (action, role, max_amount) SELECT a, l.role, l.max_amount FROM unnest(ARRAY['reversal', 'opening']) a, ar.approval_limit l WHERE l.action = 'credit_note' ON CONFLICT DO NOTHING;
INSERT INTO ar.setting (name, value, note) VALUES
  ('company.currency', '"USD"', 'currency of the company''s own books'), ('company.name', '"My company"', 'shown at the top of screens and reports'),
  ('write_off.method', '"allowance"', 'allowance or direct'), ('discount.adjusts_tax', 'false', 'an early-payment discount lowers the tax due'),
  ('small_difference.item', '5', 'most a clerk may let go on one item, in the company''s currency'), ('small_difference.day', '50', 'most a clerk may let go in a day, in the company''s currency'),
  ('call.hours', '["08:00", "21:00"]', 'between which times, at the other end, a call is decent'),
  ('nsf_fee', '25', 'fee proposed when the bank returns a payment, in the company''s currency; in another at the day''s rate, whole units'), ('opening.date', 'null', 'the day from which the books are kept here; opening balances are dated the day before'),
  ('one_person_office', 'false', 'maker may be checker, with a reason, listed as an exception') ON CONFLICT DO NOTHING;
INSERT INTO ar.terms (code, name, rule) VALUES
  ('NOW', 'Due at once', '[]'), ('NET7', '7 days net', '[{"days": 7}]'), ('NET14', '14 days net', '[{"days": 14}]'), ('NET30', '30 days net', '[{"days": 30}]'),
  ('NET45', '45 days net', '[{"days": 45}]'), ('NET60', '60 days net', '[{"days": 60}]'), ('EOM', 'End of month', '[{"end_of_month": true}]'),
  ('EOM10', 'End of month and 10 days', '[{"end_of_month": true}, {"days": 10}]'),
  ('2-10-30', '2 % within 10 days, 30 net', '{"parts": [{"rest": true, "rule": [{"days": 30}]}], "discount": {"percent": "2", "days": 10}}'),
  ('3X30', 'Thirds after 30, 60 and 90 days', '{"parts": [{"percent_of_total": "33.33", "rule": [{"days": 30}]}, {"percent_of_total": "33.33", "rule": [{"days": 60}]}, {"rest": true, "rule": [{"days": 90}]}]}')
  ON CONFLICT DO NOTHING;
