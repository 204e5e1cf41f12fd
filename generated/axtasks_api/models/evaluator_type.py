# Generated from spec/openapi.yaml by "make generate"; do not edit.
from ..codec import OpenEnum


class EvaluatorType(OpenEnum):
    """Whether an evaluator is a template for an LLM judge or code."""

    TEMPLATE = "template"
    CODE = "code"
