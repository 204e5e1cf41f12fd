"""Fixtures of the command line's tests: a served mock for each test, and `ax` configured for it."""

from __future__ import annotations

from tests.cli.conftest import ax, dialect, environment, mock, server

__all__ = ["ax", "dialect", "environment", "mock", "server"]
