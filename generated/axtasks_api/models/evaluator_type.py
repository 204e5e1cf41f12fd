# Generated from spec/openapi.yaml and spec/overlays/ by "make generate"; do not edit.
import typing as _typing

from ..codec import OpenEnum


class EvaluatorType(OpenEnum):
    """Kind of an evaluator: a template for an LLM judge, code, a test harness, or something hosted elsewhere."""

    TEMPLATE = "template"
    CODE = "code"
    HARNESS = "harness"
    REMOTE = "remote"


# Its values as text, in the spellings of both dialects, for type checkers.
EvaluatorTypeText = _typing.Literal[
    "template",
    "code",
    "harness",
    "remote",
    "TEMPLATE",
    "CODE",
    "HARNESS",
    "REMOTE",
]
