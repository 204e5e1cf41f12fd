# Generated from spec/openapi.yaml and spec/overlays/ by "make generate"; do not edit.
import typing as _typing

from ..codec import OpenEnum


class ToolCallType(OpenEnum):
    """The kind of a tool call."""

    FUNCTION = "function"


# Its values as text, in the spellings of both dialects, for type checkers.
ToolCallTypeText = _typing.Literal[
    "function",
    "FUNCTION",
]
