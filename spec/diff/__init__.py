"""Comparison of two contracts: the changes, and whom they break. `make spec-diff` shows it."""
