"""Steps of the interop scenario, and the facts of the mock's default world that it uses.

It uses the standard library alone, so that it can be imported in any environment.
"""

from __future__ import annotations

import json
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

SPACE = "demo"
PROJECT = "support-bot"
PROJECT_ID = "TW9kZWw6MTI0OnNVcEI="
DATASET = "regression-set"
TASK_DATASET, DATASET_TASK = "golden-set", "Golden Set Review"
EVALUATOR_ID = "RXZhbHVhdG9yOjEyOmFCY0Q="
EVALUATOR_NAME = "Hallucination Eval"
INTEGRATION_ID = "TGxtSW50ZWdyYXRpb246MTI6YUJjRA=="
INTEGRATION_NAME = "openai-main"
AGENT_ID, AGENT_NAME = "TGxtSW50ZWdyYXRpb246MTQ6c0FnVA==", "support-agent"
PROMPT_NAME = "summarize"
EVALUATOR_VERSIONS, PROMPT_VERSIONS = 2, 2
DOCUMENTS, BETA = "documents", "beta"
RUN_CONFIGURATION: dict[str, Any] = {
    "experiment_type": "llm_generation",
    "ai_integration_id": INTEGRATION_ID,
    "input_variable_format": "mustache",
    "messages": [{"role": "user", "content": "{{input}}"}],
}
WINDOW = ("2026-03-01T00:00:00Z", "2026-03-08T00:00:00Z")
LOCAL_TIME = "2026-03-01T00:00:00"
"""A time without an offset, which the vendor's clients send as it is given and C32 refuses."""
READS = 2
"""The number of reads until a run has ended; at the first it is running."""
LIFECYCLE = f"reads:{READS}"
WORLD = """\
extends: default
settings:
  lifecycle: immediate
  task_lifecycles: {Golden Set Review: immediate failed, Chat Quality Monitor: manual}
"""
"""The world for the page about the command line: runs of one task fail, those of the other never end."""


def speller(contract: str) -> Callable[[str], str]:
    """Return a function that spells a word of the documents as a contract does."""
    return str.upper if contract == BETA else str


def run_configuration(contract: str) -> dict[str, Any]:
    """Return the run configuration in a contract's spelling."""
    word = speller(contract)
    words = {name: word(RUN_CONFIGURATION[name]) for name in ("experiment_type", "input_variable_format")}
    messages = [{**each, "role": word(each["role"])} for each in RUN_CONFIGURATION["messages"]]
    return {**RUN_CONFIGURATION, **words, "messages": messages}


def named_configuration(contract: str | None) -> dict[str, Any]:
    """Return the run configuration, with its integration by name if the contract has names of integrations."""
    if contract != BETA:
        return RUN_CONFIGURATION
    rest = {name: value for name, value in RUN_CONFIGURATION.items() if name != "ai_integration_id"}
    return {**rest, "ai_integration": INTEGRATION_NAME}


class Problem(NamedTuple):
    """The status, the title and a part of the detail of a refusal."""

    status: int
    title: str
    detail: str


CONFLICT = Problem(409, "Resource conflict", "experiment_name")
TAKEN = Problem(422, "Unprocessable Entity", "there is already a task named")
"""The refusal of a taken task name by today's contract."""
NOT_FOUND = Problem(404, "Resource not found", "there is no task")
NO_OFFSET = Problem(422, "Unprocessable Entity", "data_start_time")
ENDED = Problem(400, "Invalid request parameters", "cannot be cancelled")


def facts(contract: str) -> dict[str, Any]:
    """Return the facts for a client that is not written in Python, as JSON."""
    return {
        "space": SPACE,
        "project": PROJECT,
        "projectId": PROJECT_ID,
        "dataset": DATASET,
        "taskDataset": TASK_DATASET,
        "datasetTask": DATASET_TASK,
        "evaluatorId": EVALUATOR_ID,
        "evaluatorName": EVALUATOR_NAME,
        "evaluatorVersions": EVALUATOR_VERSIONS,
        "integrationId": INTEGRATION_ID,
        "integrationName": INTEGRATION_NAME,
        "agentId": AGENT_ID,
        "agentName": AGENT_NAME,
        "promptName": PROMPT_NAME,
        "promptVersions": PROMPT_VERSIONS,
        "window": WINDOW,
        "runConfiguration": run_configuration(contract),
        "taken": TAKEN.detail,
        "ended": ENDED.detail,
        "notFound": NOT_FOUND.detail,
    }


class Steps:
    """Steps of a scenario, each reported in one line; the first failure ends the program."""

    def __init__(self, client: str) -> None:
        self._client = client

    @contextmanager
    def step(self, what: str) -> Iterator[None]:
        """Run one step and report it."""
        try:
            yield
        except Exception as error:
            print(f"FAIL  {self._client}: {what}: {type(error).__name__}: {error}", flush=True)
            raise SystemExit(1) from error
        print(f"ok    {self._client}: {what}", flush=True)


def shown_as(document: dict[str, Any], field: str) -> str:
    """Return a field of a JSON document as the page about the command line shows it."""
    if field not in document:
        return "none"
    return "an object" if isinstance(document[field], dict) else json.dumps(document[field])


def require_equal(found: object, expected: object) -> None:
    """Raise ValueError unless these are equal.

    Raises:
        ValueError: they differ.
    """
    if found != expected:
        raise ValueError(f"found {found!r} where {expected!r} was expected")


def require(fact: object, what: str) -> None:
    """Raise ValueError with this message unless a value is true.

    Raises:
        ValueError: it is not.
    """
    if not fact:
        raise ValueError(what)
