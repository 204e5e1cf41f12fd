"""The generator of code from the contract: `make generate` and what belongs to it."""
