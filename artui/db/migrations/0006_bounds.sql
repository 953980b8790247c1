-- No day of these books lies beyond 1900 to 2200, and none is infinite: a program that reads it could not show the list it stands in.
-- NOT VALID: rows of before are left as they are, every new one is held to it.

ALTER TABLE ar.batch ADD CHECK (deposit_date BETWEEN '1900-01-01' AND '2200-12-31') NOT VALID;
ALTER TABLE ar.certificate ADD CHECK (received_on BETWEEN '1900-01-01' AND '2200-12-31') NOT VALID;
ALTER TABLE ar.account ADD CHECK (opened_on BETWEEN '1900-01-01' AND '2200-12-31') NOT VALID;
ALTER TABLE ar.activity ADD CHECK (happened_at BETWEEN '1900-01-01' AND '2201-01-01') NOT VALID;
ALTER TABLE ar.bank_entry ADD CHECK (value_on BETWEEN '1900-01-01' AND '2200-12-31') NOT VALID;
ALTER TABLE ar.bank_statement ADD CHECK (least(opening_on, closing_on, from_on, to_on) >= '1900-01-01' AND greatest(opening_on, closing_on, from_on, to_on) <= '2200-12-31') NOT VALID;
ALTER TABLE ar.setting ADD CHECK (valid_from BETWEEN '1900-01-01' AND '2200-12-31') NOT VALID;
ALTER TABLE ar.exchange_rate ADD CHECK (valid_from BETWEEN '1900-01-01' AND '2200-12-31') NOT VALID;
ALTER TABLE ar.reference_rate ADD CHECK (valid_from BETWEEN '1900-01-01' AND '2200-12-31') NOT VALID;
ALTER TABLE ar.interest_profile ADD CHECK (valid_from BETWEEN '1900-01-01' AND '2200-12-31') NOT VALID;
