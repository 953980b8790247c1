"""Every command of the program: its keys, its place on the key line, and its help. Nothing here draws.

A module for each area; screens import from here.
"""

# ruff: noqa: F403 - whatever an area adds can be imported from here
from screens.commands.bank import *
from screens.commands.card import *
from screens.commands.cash import *
from screens.commands.command import *
from screens.commands.correcting import *
from screens.commands.desk import *
from screens.commands.everywhere import *
from screens.commands.listing import *
from screens.commands.records import *
