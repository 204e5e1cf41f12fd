# Generated from spec/openapi.yaml and spec/overlays/ by "make generate"; do not edit.
import typing as _typing

from ..codec import OpenEnum


class CodeConfigType(OpenEnum):
    """Owner of the code."""

    MANAGED = "managed"
    CUSTOM = "custom"


# Its values as text, in the spellings of both dialects, for type checkers.
CodeConfigTypeText = _typing.Literal[
    "managed",
    "custom",
    "MANAGED",
    "CUSTOM",
]
