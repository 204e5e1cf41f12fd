"""A call of every client method, and its operation of today's contract."""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import timedelta
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from axtasks import AxError
from axtasks.mock import default_world as known

from tests.unit.support import (
    BASELINE,
    CHAT_PROD,
    CHAT_QUALITY,
    CHAT_QUALITY_RUN,
    DEMO,
    GOLDEN_SET,
    HALLUCINATION,
    LLM_CONFIGURATION,
    START,
    ClientKind,
    Stage,
    drained,
)

if TYPE_CHECKING:
    from collections.abc import Callable

VERBS = ("get", "post", "put", "patch", "delete")
LIMITS = {"limit": 1, "name": "o"}
EVALUATION = {"task_type": "template_evaluation", "evaluators": [HALLUCINATION], "project": CHAT_PROD}

# A call of every method, with every argument that becomes a query parameter, and the operation it stands for.
CALLS: list[tuple[str, str, str, Callable[[Any], Any]]] = [
    (
        "tasks",
        "list",
        "list_tasks",
        lambda ax: ax.tasks.list(project=CHAT_PROD, space=DEMO, task_type="run_experiment", cursor="c", **LIMITS),
    ),
    ("tasks", "list", "list_tasks", lambda ax: ax.tasks.list(dataset=GOLDEN_SET)),
    (
        "tasks",
        "create_evaluation_task",
        "create_task",
        lambda ax: ax.tasks.create_evaluation_task("Fresh", **EVALUATION),
    ),
    (
        "tasks",
        "create_run_experiment_task",
        "create_task",
        lambda ax: ax.tasks.create_run_experiment_task(
            "Fresh", dataset=GOLDEN_SET, run_configuration=LLM_CONFIGURATION
        ),
    ),
    ("tasks", "get", "get_task", lambda ax: ax.tasks.get(CHAT_QUALITY)),
    ("tasks", "update", "update_task", lambda ax: ax.tasks.update(CHAT_QUALITY, name="Renamed")),
    ("tasks", "delete", "delete_task", lambda ax: ax.tasks.delete(CHAT_QUALITY)),
    ("tasks", "trigger_run", "trigger_task_run", lambda ax: ax.tasks.trigger_run(CHAT_QUALITY, data_end_time=START)),
    ("tasks", "trigger_runs", "trigger_task_run", lambda ax: ax.tasks.trigger_runs([CHAT_QUALITY])),
    (
        "tasks",
        "ensure_run",
        "trigger_task_run",
        lambda ax: ax.tasks.ensure_run(known.NIGHTLY_SUMMARIES, experiment_name="fresh"),
    ),
    (
        "tasks",
        "list_runs",
        "list_task_runs",
        lambda ax: ax.tasks.list_runs(CHAT_QUALITY, status="failed", limit=1, cursor="c"),
    ),
    ("tasks", "get_run", "get_task_run", lambda ax: ax.tasks.get_run(CHAT_QUALITY_RUN)),
    ("tasks", "cancel_run", "cancel_task_run", lambda ax: ax.tasks.cancel_run(CHAT_QUALITY_RUN)),
    ("tasks", "wait_for_run", "get_task_run", lambda ax: ax.tasks.wait_for_run(CHAT_QUALITY_RUN)),
    ("tasks", "wait_for_runs", "get_task_run", lambda ax: ax.tasks.wait_for_runs([CHAT_QUALITY_RUN])),
    (
        "tasks",
        "backfill",
        "get_task",
        lambda ax: ax.tasks.backfill(CHAT_QUALITY, start=START - timedelta(days=2), end=START),
    ),
    ("tasks", "as_completed", "get_task_run", lambda ax: drained(ax.tasks.as_completed([CHAT_QUALITY_RUN]))),
    (
        "spaces",
        "list",
        "list_spaces",
        lambda ax: ax.spaces.list(organization=known.ORGANIZATION, cursor="c", **LIMITS),
    ),
    ("spaces", "get", "get_space", lambda ax: ax.spaces.get(DEMO)),
    (
        "projects",
        "list",
        "list_projects",
        lambda ax: ax.projects.list(space=DEMO, project_type="harness", cursor="c", **LIMITS),
    ),
    ("projects", "get", "get_project", lambda ax: ax.projects.get(CHAT_PROD)),
    ("datasets", "list", "list_datasets", lambda ax: ax.datasets.list(space=DEMO, cursor="c", **LIMITS)),
    ("datasets", "get", "get_dataset", lambda ax: ax.datasets.get(GOLDEN_SET)),
    (
        "experiments",
        "list",
        "list_experiments",
        lambda ax: ax.experiments.list(dataset=GOLDEN_SET, cursor="c", **LIMITS),
    ),
    ("experiments", "list", "list_experiments", lambda ax: ax.experiments.list(space=DEMO)),
    ("experiments", "get", "get_experiment", lambda ax: ax.experiments.get(BASELINE)),
    ("evaluators", "list", "list_evaluators", lambda ax: ax.evaluators.list(space=DEMO, cursor="c", **LIMITS)),
    (
        "evaluators",
        "get",
        "get_evaluator",
        lambda ax: ax.evaluators.get(HALLUCINATION, version_id="RXZhbHVhdG9yVmVyc2lvbjoxMjM0NQ=="),
    ),
    (
        "evaluators",
        "list_versions",
        "list_evaluator_versions",
        lambda ax: ax.evaluators.list_versions(HALLUCINATION, limit=1, cursor="c"),
    ),
    (
        "evaluators",
        "get_version",
        "get_evaluator_version",
        lambda ax: ax.evaluators.get_version(known.HALLUCINATION_VERSION),
    ),
    (
        "ai_integrations",
        "list",
        "list_ai_integrations",
        lambda ax: ax.ai_integrations.list(space=DEMO, cursor="c", **LIMITS),
    ),
    ("ai_integrations", "get", "get_ai_integration", lambda ax: ax.ai_integrations.get(known.OPENAI_MAIN)),
    (
        "integrations",
        "list",
        "list_integrations",
        lambda ax: ax.integrations.list(space=DEMO, type="agent", cursor="c", **LIMITS),
    ),
    ("integrations", "get", "get_integration", lambda ax: ax.integrations.get(known.SUPPORT_AGENT)),
    ("prompts", "list", "list_prompts", lambda ax: ax.prompts.list(space=DEMO, cursor="c", **LIMITS)),
    (
        "prompts",
        "get",
        "get_prompt",
        lambda ax: ax.prompts.get(known.SUMMARIZE, version_id=known.SUMMARIZE_VERSIONS[0], label="production"),
    ),
    (
        "prompts",
        "list_versions",
        "list_prompt_versions",
        lambda ax: ax.prompts.list_versions(known.SUMMARIZE, limit=1, cursor="c"),
    ),
    (
        "prompts",
        "get_version",
        "get_prompt_version",
        lambda ax: ax.prompts.get_version(known.SUMMARIZE_VERSIONS[0]),
    ),
]
# Parameters that no method sends, each with the reason.
NOT_SENT = {
    "space_name": "matches any space whose name contains the text; a name is resolved to its one exact id instead",
}


@cache
def contract() -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(files("axtasks_api").joinpath("openapi.beta.json").read_text(encoding="utf-8"))
    return loaded


def resolved(node: dict[str, Any]) -> dict[str, Any]:
    """Return the node that a `$ref` points to; the node itself without one."""
    while "$ref" in node:
        found: Any = contract()
        for step in node["$ref"].removeprefix("#/").split("/"):
            found = found[step]
        node = found
    return node


def operations() -> dict[str, tuple[str, str, set[str]]]:
    """Return each operation of the contract with its method, path, and query parameter names."""
    found = {}
    for path, item in contract()["paths"].items():
        for verb in VERBS:
            if verb in item:
                declared = map(resolved, [*item.get("parameters", []), *item[verb].get("parameters", [])])
                query = {parameter["name"] for parameter in declared if parameter["in"] == "query"}
                found[item[verb]["operationId"]] = (verb.upper(), path, query)
    return found


def reached(client_kind: ClientKind, call: Callable[[Any], Any]) -> tuple[str, str, set[str]]:
    """Return method, path and query parameters of the last request of a call, whatever its response."""
    stage = Stage()
    with suppress(AxError):
        client_kind.ask(stage.recorder, call, contract="beta")
    assert stage.sent
    return stage.sent[-1].method, unquote(stage.sent[-1].path), set(stage.sent[-1].query)
