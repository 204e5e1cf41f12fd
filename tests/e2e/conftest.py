"""Tests that start programs."""

from __future__ import annotations

collect_ignore = ["airflow", "browser", "recipes", "site"]
"""Folders whose tests need Airflow, a browser, schedulers or the built site.

`make test-airflow`, `make test-browser`, `make test-recipes` and `make docs-site` name the folders themselves.
"""
