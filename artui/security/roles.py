"""The roles a person may hold; in the database the groups ar_<role>."""

ROLES = ("clerk", "collector", "credit", "supervisor", "manager", "controller", "auditor", "admin")
