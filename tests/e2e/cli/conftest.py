"""The fixtures of the command line's tests: a served mock of its own for every test, and `ax` set up to talk to it."""

from __future__ import annotations

from tests.cli.conftest import ax, dialect, environment, mock, server

__all__ = ["ax", "dialect", "environment", "mock", "server"]
