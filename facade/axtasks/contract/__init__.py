"""Dialects of the contract, and strict checks of responses against it.

Imported by everything above it; imports `errors` and `concurrency` alone. Start with `dialect.Dialect`.
"""
