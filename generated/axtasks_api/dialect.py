# Generated from spec/openapi.yaml by "make generate"; do not edit.
"""What sets this dialect apart: its stage, how it spells values that have other names, what is new."""

from collections.abc import Mapping

STAGE = "alpha"
# Enum, or Model.field of a constant, to: name in Python to spelling on the wire.
SPELLING: Mapping[str, Mapping[str, str]] = {
}
# The same of the contract that the dialect is made from.
FORMER_SPELLING: Mapping[str, Mapping[str, str]] = {
}
# Class or operation, to the fields, values or parameters that it has in this dialect and not in the contract
# that the dialect is made from; none where all of it is new.
ADDED: Mapping[str, frozenset[str]] = {
}
