"""Tests that start programs."""

from __future__ import annotations

collect_ignore = ["airflow", "browser", "site"]
"""They need Airflow, a browser, or the built site: `make test-airflow`, `make test-browser` and `make docs-site` name
the folders themselves."""
