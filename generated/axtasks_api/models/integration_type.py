# Generated from spec/openapi.yaml and spec/overlays/ by "make generate"; do not edit.
import typing as _typing

from ..codec import OpenEnum


class IntegrationType(OpenEnum):
    """Kind of service that an integration connects to."""

    LLM = "llm"
    AGENT = "agent"
    EVALUATOR = "evaluator"


# Its values as text, in the spellings of both dialects, for type checkers.
IntegrationTypeText = _typing.Literal[
    "llm",
    "agent",
    "evaluator",
    "LLM",
    "AGENT",
    "EVALUATOR",
]
