"""Bank statements: read in the bank's own formats, kept once, matched to what customers owe, reconciled to the ledger."""
