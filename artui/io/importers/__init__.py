"""Real input: files of customers, vendors, items, contacts, invoices, receipts and purchases into the books."""

from artui.io.importers.importing import import_file
from artui.io.importers.kinds import KINDS
from artui.io.importers.outcome import Finding, Options, Outcome, Progress

__all__ = ["KINDS", "Finding", "Options", "Outcome", "Progress", "import_file"]
