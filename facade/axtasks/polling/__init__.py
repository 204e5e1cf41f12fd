"""Waiting for runs: polls, their schedule, and what their outcome means.

Imported by `reconcile` and `resources`; imports `pagination`, `engine` and what is below them. Start with
`poller.RunPoller` for one run and `multi.MultiRunWaiter` for several.
"""
