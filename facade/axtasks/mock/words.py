"""The words of the wire that rules depend on, looked up in the contract.

Each is found by what it means, whatever its case: a contract that writes its values differently needs no change here.
"""

from __future__ import annotations

from . import contract
from .jsontypes import as_list, as_object, as_text


def _member(enum: str, meaning: str) -> str:
    for value in as_list(contract.schema(enum)["enum"]):
        if as_text(value).casefold() == meaning:
            return as_text(value)
    raise LookupError(f"the contract's {enum} has no value that means {meaning!r}")


def _tag(name: str, field: str) -> str:
    return as_text(as_object(contract.properties(name)[field])["const"])


RUN_EXPERIMENT_BODY = contract.body_with("create_task", "run_configuration")

TEMPLATE_EVALUATION = _member("TaskType", "template_evaluation")
CODE_EVALUATION = _member("TaskType", "code_evaluation")
RUN_EXPERIMENT = _tag(RUN_EXPERIMENT_BODY, "type")

CREATE_BODIES: dict[str, str] = {_tag(name, "type"): name for name in contract.operations()["create_task"].bodies}
"""Task type to the body that creates such a task."""

EVALUATION_UPDATE = contract.body_with("update_task", "evaluators")
RUN_EXPERIMENT_UPDATE = contract.body_with("update_task", "run_configuration")
EVALUATION_TRIGGER = contract.body_with("trigger_task_run", "data_start_time")
RUN_EXPERIMENT_TRIGGER = contract.body_with("trigger_task_run", "experiment_name")

PENDING = _member("TaskRunStatus", "pending")
RUNNING = _member("TaskRunStatus", "running")
COMPLETED = _member("TaskRunStatus", "completed")
FAILED = _member("TaskRunStatus", "failed")
CANCELLED = _member("TaskRunStatus", "cancelled")
CANCELLABLE = frozenset({PENDING, RUNNING})
OUTCOMES = (COMPLETED, FAILED, CANCELLED)

_configurations = contract.variants(contract.properties(RUN_EXPERIMENT_BODY)["run_configuration"])
LLM_GENERATION = _tag(contract.variant_with(_configurations, "messages"), "experiment_type")
DEFAULT_VARIABLE_FORMAT = _member("InputVariableFormat", "f_string")
MUSTACHE = _member("InputVariableFormat", "mustache")
USER_ROLE = _member("MessageRole", "user")
SYSTEM_ROLE = _member("MessageRole", "system")

TEMPLATE_EVALUATOR = _member("EvaluatorType", "template")
CODE_EVALUATOR = _member("EvaluatorType", "code")
EVALUATOR_FOR = {TEMPLATE_EVALUATION: TEMPLATE_EVALUATOR, CODE_EVALUATION: CODE_EVALUATOR}
"""Evaluation task type to the type of evaluator it takes."""

_max_spans = as_object(contract.properties(EVALUATION_TRIGGER)["max_spans"])["default"]
if not isinstance(_max_spans, int):
    raise TypeError(f"the contract's default of max_spans has to be a whole number, not {_max_spans!r}")
DEFAULT_MAX_SPANS: int = _max_spans
