"""Comparison with the vendor's published Python package, whose source is read and never run: `make vendor-diff`."""
