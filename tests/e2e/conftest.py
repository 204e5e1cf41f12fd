"""Tests that start programs."""

from __future__ import annotations

collect_ignore = ["browser"]
"""Needs a browser and a library of its own: `make test-browser` names the folder, and is then not held off by this."""
