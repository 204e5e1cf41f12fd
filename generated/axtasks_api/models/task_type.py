# Generated from spec/openapi.yaml by "make generate"; do not edit.
from ..codec import OpenEnum


class TaskType(OpenEnum):
    """What a task does: `template_evaluation` asks an LLM judge with a template, `code_evaluation` runs code over the
    data, `run_experiment` runs an experiment over a dataset."""

    TEMPLATE_EVALUATION = "template_evaluation"
    CODE_EVALUATION = "code_evaluation"
    RUN_EXPERIMENT = "run_experiment"
