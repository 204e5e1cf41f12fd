# Generated from spec/openapi.yaml and spec/overlays/beta.yaml by "make generate"; do not edit.
from ..codec import OpenEnum


class EvaluatorType(OpenEnum):
    """What an evaluator is: a template for an LLM judge, code, a test harness, or something hosted elsewhere."""

    TEMPLATE = "template"
    CODE = "code"
    HARNESS = "harness"
    REMOTE = "remote"
