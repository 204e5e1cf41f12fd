"""Injected faults, rate limits and latency.

Imported by the mock and the admin API. Start with `fault.Fault` and `injector`.
"""
