"""Order of errors: of several mistakes the first in the documented order decides the response."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from axtasks.mock import default_world as known

from tests.dialects import status_of_taken_name
from tests.mock.support import (
    AUTHORIZED,
    EVALUATOR,
    EXPERIMENT_TASK,
    MALFORMED_ID,
    PROJECT_TASK,
    TASKS,
    UNKNOWN_ID,
    UNKNOWN_TASK,
    Api,
    Json,
    task_path,
)

if TYPE_CHECKING:
    from axtasks.mock.messages import Headers

REVIEW = task_path(known.GOLDEN_REVIEW)
CHAT = task_path(known.CHAT_QUALITY)
NIGHTLY = task_path(known.NIGHTLY_SUMMARIES)
NOBODY: Headers = ()

STEPS: list[tuple[str, Headers, str, str, Json, int, str]] = [
    ("key before unknown path", NOBODY, "GET", "/v2/nothing", {}, 401, "API key"),
    ("key before method", NOBODY, "PUT", TASKS, {}, 401, "API key"),
    ("key before malformed id", NOBODY, "GET", task_path(MALFORMED_ID), {}, 401, "API key"),
    ("method before malformed id", AUTHORIZED, "PUT", task_path(MALFORMED_ID), {}, 405, "PUT"),
    ("malformed id before body", AUTHORIZED, "PATCH", task_path(MALFORMED_ID), [], 400, "task_id"),
    ("unknown task before body", AUTHORIZED, "PATCH", task_path(UNKNOWN_TASK), [], 404, "no task"),
    ("unknown task before query", AUTHORIZED, "GET", task_path(UNKNOWN_TASK, "runs"), {}, 404, "no task"),
    (
        "shape before data source",
        AUTHORIZED,
        "PATCH",
        REVIEW,
        {"sampling_rate": 7, "name": ""},
        400,
        "sampling_rate has to be 1 or less",
    ),
    (
        "data source before malformed ids",
        AUTHORIZED,
        "PATCH",
        REVIEW,
        {"sampling_rate": 1, "evaluators": [{"evaluator_id": MALFORMED_ID}]},
        400,
        "sampling_rate does not apply",
    ),
    (
        "malformed ids before unknown ones",
        AUTHORIZED,
        "POST",
        TASKS,
        {**PROJECT_TASK, "project_id": UNKNOWN_ID, "evaluators": [{"evaluator_id": MALFORMED_ID}]},
        400,
        "evaluators[0].evaluator_id",
    ),
    (
        "unknown ids before those of another kind",
        AUTHORIZED,
        "POST",
        TASKS,
        {**PROJECT_TASK, "project_id": known.GOLDEN_SET, "evaluators": [{"evaluator_id": UNKNOWN_ID}]},
        404,
        "evaluators[0].evaluator_id",
    ),
    (
        "unknown ids before unreadable times",
        AUTHORIZED,
        "POST",
        f"{NIGHTLY}/trigger",
        {"experiment_name": "baseline", "dataset_version_id": UNKNOWN_ID},
        404,
        "dataset_version_id",
    ),
    (
        "meaning before conflict",
        AUTHORIZED,
        "POST",
        TASKS,
        {**PROJECT_TASK, "name": "Chat Quality Monitor", "evaluators": [EVALUATOR, EVALUATOR]},
        422,
        "evaluators[1]",
    ),
    (
        "meaning before conflict on trigger",
        AUTHORIZED,
        "POST",
        f"{NIGHTLY}/trigger",
        {"experiment_name": "baseline", "evaluation_task_ids": [known.NIGHTLY_SUMMARIES]},
        422,
        "evaluation_task_ids[0]",
    ),
    (
        "wrong kind before conflict",
        AUTHORIZED,
        "POST",
        TASKS,
        {**EXPERIMENT_TASK, "name": "Chat Quality Monitor", "dataset_id": known.CHAT_PROD},
        422,
        "dataset_id",
    ),
]


@pytest.mark.parametrize(
    ("headers", "method", "path", "body", "status", "words"),
    [pytest.param(*step[1:], id=step[0]) for step in STEPS],
)
def test_first_mistake_decides(  # noqa: PLR0917  # one parameter for each part of a step
    api: Api, headers: Headers, method: str, path: str, body: Json, status: int, words: str
) -> None:
    """The response is for the mistake that comes first in the documented order."""
    reply = api.send(method, path, body, headers=headers)

    assert (reply.status, words in reply.detail) == (status, True), reply.detail


def test_a_refused_request_changes_nothing(api: Api) -> None:
    """An update that fails at its last check leaves the task unchanged."""
    before = api.task(known.CHAT_QUALITY)

    reply = api.patch(CHAT, {"sampling_rate": 0.1, "query_filter": None, "name": "Golden Set Review"})

    assert reply.status == status_of_taken_name(reply.contract)
    assert api.task(known.CHAT_QUALITY) == before
