# Generated from spec/openapi.yaml and spec/overlays/beta.yaml by "make generate"; do not edit.
from ..codec import OpenEnum


class ToolCallType(OpenEnum):
    """The kind of a tool call."""

    FUNCTION = "function"
