"""The one port to the terminal: what each of its cells shows, and the fewest bytes that make it show something else.

Nothing else in the program writes to the terminal. What passes here is printable text and sequences of our own.
"""
