# Generated from spec/openapi.yaml and spec/overlays/ by "make generate"; do not edit.
import typing as _typing

from ..codec import OpenEnum


class TaskType(OpenEnum):
    """Kind of a task: `TEMPLATE_EVALUATION` asks an LLM judge with a template, `CODE_EVALUATION` runs code over the
    data, `RUN_EXPERIMENT` runs an experiment over a dataset."""

    TEMPLATE_EVALUATION = "template_evaluation"
    CODE_EVALUATION = "code_evaluation"
    RUN_EXPERIMENT = "run_experiment"


# Its values as text, in the spellings of both dialects, for type checkers.
TaskTypeText = _typing.Literal[
    "template_evaluation",
    "code_evaluation",
    "run_experiment",
    "TEMPLATE_EVALUATION",
    "CODE_EVALUATION",
    "RUN_EXPERIMENT",
]
