"""How code is made from the contract: `make generate` and what belongs to it."""
