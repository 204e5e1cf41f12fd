"""Compares responses of a server with the contract: `ax spec check` as a library.

Imported by `cli`; imports the client alone. Start with `traffic`, then `compare` and `suggestion`.
"""
