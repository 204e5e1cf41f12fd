"""Runs over time: queued, started, ended, by the clock, by reads or by hand.

Imported by the operations and the layers above. Start with `state.State` and `runs.advance`.
"""
