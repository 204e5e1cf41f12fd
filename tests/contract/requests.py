"""Recorded requests of all operations, as the client encodes them in each dialect.

`python -m tests.contract.requests` writes the record anew.
"""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from axtasks.contract.dialect import Dialect, RequestEncoder
from axtasks.errors import NotInContractError
from axtasks_api import models
from axtasks_api.operations import operation

if TYPE_CHECKING:
    from collections.abc import Iterator

RECORD = Path(__file__).with_name("requests.json")
DIALECTS = ("documents", "beta")
ID = "VGFzazox/=="
AT = datetime(2026, 2, 24, 10, 0, 0, 250000, tzinfo=UTC)
PAGE = {"limit": 5, "cursor": "c+/="}

Call = tuple[str, tuple[Any, ...], dict[str, Any]]


def calls() -> Iterator[Call]:
    """Yield calls of all operations: the id of each, with its arguments."""
    for name in ("space", "project", "dataset", "experiment", "task", "task_run"):
        yield f"get_{name}", (ID,), {}
    yield "get_evaluator", (ID,), {}
    yield "get_evaluator", ("a/b ü",), {"version_id": "v 1"}
    for name in ("evaluator_version", "ai_integration", "integration", "prompt", "prompt_version"):
        yield f"get_{name}", (ID,), {}
    yield "get_prompt", (ID,), {"label": "production"}
    for name in ("evaluator_versions", "prompt_versions"):
        yield f"list_{name}", (ID,), PAGE
    for name in ("ai_integrations", "integrations", "prompts"):
        yield f"list_{name}", (), {"space_name": "demo", "name": "n", **PAGE}
    yield "list_integrations", (), {"type_": models.IntegrationType.AGENT}
    yield "list_projects", (), {"project_type": models.ProjectType.HARNESS}
    yield "delete_task", (ID,), {}
    yield "cancel_task_run", (".",), {}
    for name in ("spaces", "projects", "datasets", "experiments", "evaluators"):
        yield f"list_{name}", (), {}
        yield f"list_{name}", (), {"name": "Ä & b", **PAGE} if name != "experiments" else {"dataset_id": ID, **PAGE}
    yield "list_experiments", (), {"space_id": ID}
    yield "list_tasks", (), {}
    for kind in (*models.TaskType, models.TaskType("SESSION_REPLAY")):
        yield "list_tasks", (), {"space_name": "demo", "type_": kind, **PAGE}
    for status in (*models.TaskRunStatus, models.TaskRunStatus("Paused")):
        yield "list_task_runs", (ID,), {"status": status, "limit": 1}
    yield from ((name, (), {"body": body}) for name, body in bodies() if name == "create_task")
    yield from ((name, (ID,), {"body": body}) for name, body in bodies() if name != "create_task")


def bodies() -> Iterator[tuple[str, Any]]:
    """Yield bodies of requests, each with its operation."""
    evaluator = models.TaskEvaluatorInput(evaluator_id=ID, query_filter=None, column_mappings={"a": "b"})
    pinned = models.TaskEvaluatorInput(evaluator_id=ID, evaluator_version_id="v")
    message = models.LLMMessage(role=models.MessageRole.USER, content="{{question}}")
    function = models.ToolCallFunction(name="f", arguments="{}")
    call = models.ToolCall(id="1", type=models.ToolCallType.FUNCTION, function=function)
    llm = models.LlmGenerationRunConfig(
        ai_integration_id=ID,
        messages=[message, models.LLMMessage(role=models.MessageRole.ASSISTANT, tool_calls=[call])],
        input_variable_format=models.InputVariableFormat.MUSTACHE,
        invocation_parameters=models.InvocationParams(
            temperature=0.5, response_format=models.ResponseFormat(type=models.ResponseFormatType.JSON_OBJECT)
        ),
        provider_parameters={"seed": [1, None]},
    )
    judge = models.TemplateEvaluationRunConfig(
        ai_integration_id=ID, template="Is {{a}} right?", provide_explanation=True
    )
    agent = models.AgentCallRunConfig(integration_id=ID, input_template={"q": "{{question}}"})
    filters = models.TaskQueryFiltersInput(filters=[models.TaskQueryFilterInput(id="A", filter="x = 1")])
    for kind in (models.CreateTemplateEvaluationTaskRequest, models.CreateCodeEvaluationTaskRequest):
        yield (
            "create_task",
            kind(name="n", evaluators=[evaluator], project_id=ID, sampling_rate=0.5, is_continuous=True),
        )
        yield "create_task", kind(name="ü", evaluators=[evaluator, pinned], dataset_id=ID, experiment_ids=[ID])
        yield "create_task", kind(name="q", evaluators=[pinned], project_id=ID, query_filters=filters)
    for config in (llm, judge, agent):
        yield "create_task", models.CreateRunExperimentTaskRequest(name="n", dataset_id=ID, run_configuration=config)
        yield "update_task", models.UpdateRunExperimentTaskRequest(run_configuration=config)
    yield "update_task", models.UpdateEvaluationTaskRequest(name="m", query_filter=None, evaluators=[evaluator])
    yield "update_task", models.UpdateEvaluationTaskRequest(query_filters=None)
    yield "trigger_task_run", models.TriggerEvaluationTaskRunRequest()
    yield "trigger_task_run", models.TriggerEvaluationTaskRunRequest(data_start_time=AT, data_end_time=AT, max_spans=7)
    yield "trigger_task_run", models.TriggerRunExperimentTaskRunRequest(experiment_name="e", max_examples=3)
    yield "trigger_task_run", models.TriggerRunExperimentTaskRunRequest(experiment_name="e", query_filter="x")


def requests() -> list[dict[str, Any]]:
    """Return the request of each call in each dialect, or the error of the call."""
    return [{"dialect": dialect, **_encoded(dialect, call)} for dialect in DIALECTS for call in calls()]


def _encoded(dialect: str, call: Call) -> dict[str, Any]:
    name, args, kwargs = call
    encoder = RequestEncoder(Dialect("documents" if dialect == "documents" else "beta"), operation(name), args, kwargs)
    try:
        encoder.encode()
    except NotInContractError as error:
        return {"operation": name, "refused": str(error)}
    request, content = encoder.request, encoder.content
    body = None if content is None else content.decode()
    return {"operation": name, "method": request.method, "path": request.path, "query": request.query, "body": body}


if __name__ == "__main__":
    RECORD.write_text(json.dumps(requests(), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    sys.exit(0)
