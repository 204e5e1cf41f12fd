# Generated from spec/openapi.yaml and spec/overlays/ by "make generate"; do not edit.
import typing as _typing

from ..codec import OpenEnum


class LlmProvider(OpenEnum):
    """Provider of the model that a prompt is for."""

    OPEN_AI = "open_ai"
    AZURE_OPEN_AI = "azure_open_ai"
    AWS_BEDROCK = "aws_bedrock"
    VERTEX_AI = "vertex_ai"
    ANTHROPIC = "anthropic"
    CUSTOM = "custom"


# Its values as text, in the spellings of both dialects, for type checkers.
LlmProviderText = _typing.Literal[
    "open_ai",
    "azure_open_ai",
    "aws_bedrock",
    "vertex_ai",
    "anthropic",
    "custom",
    "OPEN_AI",
    "AZURE_OPEN_AI",
    "AWS_BEDROCK",
    "VERTEX_AI",
    "ANTHROPIC",
    "CUSTOM",
]
