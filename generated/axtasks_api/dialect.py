# Generated from spec/openapi.yaml by "make generate"; do not edit.
"""What sets this dialect apart: its stage, and how it spells values that have other names here."""

from collections.abc import Mapping

STAGE = "alpha"
# Enum, or Model.field of a constant, to: name in Python to spelling on the wire.
SPELLING: Mapping[str, Mapping[str, str]] = {
}
