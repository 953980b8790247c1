"""ARTUI: a terminal workstation for accounts receivable and collections."""

__version__ = "0.1.0"
