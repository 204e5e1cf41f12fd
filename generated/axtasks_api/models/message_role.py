# Generated from spec/openapi.yaml and spec/overlays/ by "make generate"; do not edit.
import typing as _typing

from ..codec import OpenEnum


class MessageRole(OpenEnum):
    """The sender of a message."""

    USER = "user"
    ASSISTANT = "assistant"
    SYSTEM = "system"
    TOOL = "tool"


# Its values as text, in the spellings of both dialects, for type checkers.
MessageRoleText = _typing.Literal[
    "user",
    "assistant",
    "system",
    "tool",
    "USER",
    "ASSISTANT",
    "SYSTEM",
    "TOOL",
]
