"""What changed between two contracts, and whom it breaks: `make spec-diff`."""
