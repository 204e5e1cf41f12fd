"""Carries out the flow of a call: attempts, retries, encoding, decoding and instrumentation.

Imported by `pagination` and everything above it; imports `transport`, `config`, `contract` and what is below them.
Start with `effects`, then `drivers` and `attempts`.
"""
