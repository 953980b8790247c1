"""Money that comes in: proposals, payment entry, charges, bank statements."""
