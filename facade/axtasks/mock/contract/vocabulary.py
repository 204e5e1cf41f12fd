"""The words that rules depend on, looked up in the contract: the one spelling there is within the mock.

Each is found by what it means, whatever its case. Those that the documents have are theirs; the others are those of the
contract that has them. What is served may spell them otherwise: requests and answers are translated at the edge.
"""

from __future__ import annotations

from axtasks.mock.jsontypes import as_list, as_object, as_text, as_whole

from . import contract

_documents = contract.inside(contract.DOCUMENTS)


def _member(enum: str, meaning: str, having: contract.Contract = _documents) -> str:
    for value in as_list(having.schema(enum)["enum"]):
        if as_text(value).casefold() == meaning:
            return as_text(value)
    raise LookupError(f"the contract's {enum} has no value that means {meaning!r}")


def _tag(name: str, field: str) -> str:
    return as_text(as_object(_documents.properties(name)[field])["const"])


RUN_EXPERIMENT_BODY = _documents.body_with("create_task", "run_configuration")

TEMPLATE_EVALUATION = _member("TaskType", "template_evaluation")
CODE_EVALUATION = _member("TaskType", "code_evaluation")
RUN_EXPERIMENT = _tag(RUN_EXPERIMENT_BODY, "type")

CREATE_BODIES: dict[str, str] = {_tag(name, "type"): name for name in _documents.operations["create_task"].bodies}
"""Task type to the body that creates such a task."""

EVALUATION_TRIGGER = _documents.body_with("trigger_task_run", "data_start_time")
BODIES: dict[str, dict[str, str]] = {
    "create_task": CREATE_BODIES,
    "update_task": {
        **dict.fromkeys(CREATE_BODIES, _documents.body_with("update_task", "evaluators")),
        RUN_EXPERIMENT: _documents.body_with("update_task", "run_configuration"),
    },
    "trigger_task_run": {
        **dict.fromkeys(CREATE_BODIES, EVALUATION_TRIGGER),
        RUN_EXPERIMENT: _documents.body_with("trigger_task_run", "experiment_name"),
    },
}
"""Operation and task type to the body that it takes."""

PENDING = _member("TaskRunStatus", "pending")
RUNNING = _member("TaskRunStatus", "running")
COMPLETED = _member("TaskRunStatus", "completed")
FAILED = _member("TaskRunStatus", "failed")
CANCELLED = _member("TaskRunStatus", "cancelled")
CANCELLABLE = frozenset({PENDING, RUNNING})
OUTCOMES = (COMPLETED, FAILED, CANCELLED)

INTEGRATIONS = {"ai_integration_id": False, "integration_id": True}
"""The fields of run configurations for integrations, and whether they are for those of agents."""

_configurations = _documents.variants(_documents.properties(RUN_EXPERIMENT_BODY)["run_configuration"])
AGENT_CALL = as_text(as_object(contract.inside().properties("AgentCallRunConfig")["experiment_type"])["const"])
LLM_GENERATION = _tag(_documents.variant_with(_configurations, "messages"), "experiment_type")
F_STRING = _member("InputVariableFormat", "f_string")
MUSTACHE = _member("InputVariableFormat", "mustache")
USER_ROLE = _member("MessageRole", "user")

TEMPLATE_EVALUATOR = _member("EvaluatorType", "template")
CODE_EVALUATOR = _member("EvaluatorType", "code")
REMOTE_EVALUATOR = _member("EvaluatorType", "remote", contract.inside())
CUSTOM_CODE = _member("CodeConfigType", "custom", contract.inside())
OPEN_AI = _member("AiIntegrationProvider", "open_ai", contract.inside())
KEY_OF_ITS_OWN = _member("AiIntegrationAuthType", "default", contract.inside())
APPLICATION_PROJECT = _member("ProjectType", "application", contract.inside())
LLM_INTEGRATION = _member("IntegrationType", "llm", contract.inside())
AGENT_INTEGRATION = _member("IntegrationType", "agent", contract.inside())
EVALUATOR_FOR = {TEMPLATE_EVALUATION: TEMPLATE_EVALUATOR, CODE_EVALUATION: CODE_EVALUATOR}
"""Evaluation task type to the type of evaluator it takes."""

DEFAULT_MAX_SPANS = as_whole(as_object(_documents.properties(EVALUATION_TRIGGER)["max_spans"])["default"])
