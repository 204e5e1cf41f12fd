# Generated from spec/openapi.yaml and spec/overlays/beta.yaml by "make generate"; do not edit.
from ..codec import OpenEnum


class MessageRole(OpenEnum):
    """Who speaks in a message."""

    USER = "user"
    ASSISTANT = "assistant"
    SYSTEM = "system"
    TOOL = "tool"
