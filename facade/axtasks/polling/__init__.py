"""Waits for runs: polls, their schedule, and the outcome of runs.

Imported by `reconcile` and `resources`; imports `pagination`, `engine` and what is below them. Start with
`poller.RunPoller` for one run and `tracker.RunTracker` for several.
"""

from __future__ import annotations

from axtasks.config.events import Poll

# Objects that were pickled by version 0.1.0 name it here.
__all__ = ["Poll"]
