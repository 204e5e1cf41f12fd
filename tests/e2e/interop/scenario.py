"""What the tellers of the story share: how a step is reported, and what the mock's default world has in it.

Nothing but the standard library is used, so that it can be told in any environment.
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
"""How often a run is looked at until it has ended: at the first look it runs."""
LIFECYCLE = f"reads:{READS}"
WORLD = """\
extends: default
settings:
  lifecycle: immediate
  task_lifecycles: {Golden Set Review: immediate failed, Chat Quality Monitor: manual}
"""
"""What the page about the command line is tried with: the one task's runs fail, the other's never end."""


def speller(contract: str) -> Callable[[str], str]:
    """What spells a word of the documents as a contract does."""
    return str.upper if contract == BETA else str


def run_configuration(contract: str) -> dict[str, Any]:
    """The run configuration, spelled as a contract does."""
    word = speller(contract)
    words = {name: word(RUN_CONFIGURATION[name]) for name in ("experiment_type", "input_variable_format")}
    messages = [{**each, "role": word(each["role"])} for each in RUN_CONFIGURATION["messages"]]
    return {**RUN_CONFIGURATION, **words, "messages": messages}


def named_configuration(contract: str | None) -> dict[str, Any]:
    """The run configuration, with the name of its integration where a contract has names of integrations."""
    if contract != BETA:
        return RUN_CONFIGURATION
    rest = {name: value for name, value in RUN_CONFIGURATION.items() if name != "ai_integration_id"}
    return {**rest, "ai_integration": INTEGRATION_NAME}


class Problem(NamedTuple):
    """What a refusal has to say: status, title, and a part of the detail."""

    status: int
    title: str
    detail: str


CONFLICT = Problem(409, "Resource conflict", "experiment_name")
TAKEN = Problem(422, "Unprocessable Entity", "there is already a task named")
"""How today's contract refuses the name of a task."""
NOT_FOUND = Problem(404, "Resource not found", "there is no task")
NO_OFFSET = Problem(422, "Unprocessable Entity", "data_start_time")
ENDED = Problem(400, "Invalid request parameters", "cannot be cancelled")


def facts(contract: str) -> dict[str, Any]:
    """What a teller that is not written in Python has to know, as JSON has it."""
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
    """Steps that are reported in one line each; the first that goes otherwise ends the story."""

    def __init__(self, client: str) -> None:
        self._client = client

    @contextmanager
    def step(self, what: str) -> Iterator[None]:
        """One step, told when it is done."""
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
    """Go on only if these are equal.

    Raises:
        ValueError: they differ.
    """
    if found != expected:
        raise ValueError(f"found {found!r} where {expected!r} was expected")


def require(fact: object, what: str) -> None:
    """Go on only if this is true.

    Raises:
        ValueError: it is not.
    """
    if not fact:
        raise ValueError(what)
