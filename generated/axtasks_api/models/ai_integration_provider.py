# Generated from spec/openapi.yaml and spec/overlays/ by "make generate"; do not edit.
import typing as _typing

from ..codec import OpenEnum


class AiIntegrationProvider(OpenEnum):
    """Provider of the models that an integration calls."""

    OPEN_AI = "open_ai"
    AZURE_OPEN_AI = "azure_open_ai"
    AWS_BEDROCK = "aws_bedrock"
    VERTEX_AI = "vertex_ai"
    ANTHROPIC = "anthropic"
    CUSTOM = "custom"
    NVIDIA_NIM = "nvidia_nim"
    GEMINI = "gemini"
    LITELLM = "litellm"
    FIREWORKS = "fireworks"
    TOGETHER_AI = "together_ai"


# Its values as text, in the spellings of both dialects, for type checkers.
AiIntegrationProviderText = _typing.Literal[
    "open_ai",
    "azure_open_ai",
    "aws_bedrock",
    "vertex_ai",
    "anthropic",
    "custom",
    "nvidia_nim",
    "gemini",
    "litellm",
    "fireworks",
    "together_ai",
    "OPEN_AI",
    "AZURE_OPEN_AI",
    "AWS_BEDROCK",
    "VERTEX_AI",
    "ANTHROPIC",
    "CUSTOM",
    "NVIDIA_NIM",
    "GEMINI",
    "LITELLM",
    "FIREWORKS",
    "TOGETHER_AI",
]
