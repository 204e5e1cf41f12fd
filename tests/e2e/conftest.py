"""Tests that start programs."""

from __future__ import annotations

collect_ignore = ["browser", "site"]
"""They need a browser, or the built site: `make test-browser` and `make docs-site` name the folders themselves."""
