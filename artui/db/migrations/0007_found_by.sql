-- Who changed what of an account tells of its bank accounts, too; and the receipt that money going out may be the return of is found by its amount.

DROP INDEX ar.audit_party;
CREATE INDEX audit_party ON ar.audit (((coalesce(after, before) ->> CASE table_name WHEN 'party' THEN 'id' ELSE 'party_id' END)::bigint), seq DESC)
  WHERE table_name IN ('party', 'account', 'contact', 'contact_point', 'address', 'party_bank');
CREATE INDEX document_receipt_amount ON ar.document (amount, posted_on) WHERE kind = 'receipt';
