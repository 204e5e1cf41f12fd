"""Tests of triggers: exactly the given fields are sent, and the task is read only to explain a refusal."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

import pytest
from axtasks import (
    ConflictError,
    InvalidArgumentError,
    Task,
    TaskRunStatus,
    UnknownNameError,
    UnprocessableEntityError,
    WrongKindError,
)
from axtasks.mock import default_world as known

from tests.dialects import BETA
from tests.unit.support import (
    BASELINE,
    CHAT_PROD,
    CHAT_QUALITY,
    DEMO,
    GOLDEN_SET,
    GOLDEN_SET_VERSION,
    LLM_CONFIGURATION,
    TASK,
    ClientKind,
    Stage,
    client_over,
)

if TYPE_CHECKING:
    from collections.abc import Callable

START = datetime(2026, 3, 1, tzinfo=UTC)
END = datetime(2026, 3, 7, tzinfo=UTC)
NIGHTLY, REVIEW, CHECKS = known.NIGHTLY_SUMMARIES, known.GOLDEN_REVIEW, known.SUPPORT_CHECKS

BODIES: list[tuple[str, str, dict[str, Any], dict[str, Any]]] = [
    ("C22-nothing-over-a-project", CHAT_QUALITY, {}, {}),
    ("C22-nothing-over-a-dataset", REVIEW, {}, {}),
    (
        "everything-over-a-project",
        CHAT_QUALITY,
        {"data_start_time": START, "data_end_time": END, "max_spans": 10_000, "override_evaluations": False},
        {
            "data_start_time": "2026-03-01T00:00:00.000Z",
            "data_end_time": "2026-03-07T00:00:00.000Z",
            "max_spans": 10_000,
            "override_evaluations": False,
        },
    ),
    ("code", CHECKS, {"data_start_time": START}, {"data_start_time": "2026-03-01T00:00:00.000Z"}),
    (
        "another-offset",
        CHAT_QUALITY,
        {"data_start_time": START.astimezone(timezone(timedelta(hours=-8)))},
        {"data_start_time": "2026-02-28T16:00:00.000-08:00"},
    ),
    (
        "C26-exactly-30-days",
        CHAT_QUALITY,
        {"data_start_time": END - timedelta(days=30), "data_end_time": END},
        {"data_start_time": "2026-02-05T00:00:00.000Z", "data_end_time": "2026-03-07T00:00:00.000Z"},
    ),
    (
        "everything-over-a-dataset",
        REVIEW,
        {"experiment_ids": [BASELINE], "max_spans": 1, "override_evaluations": True},
        {"experiment_ids": [BASELINE], "max_spans": 1, "override_evaluations": True},
    ),
    ("least-of-an-experiment", NIGHTLY, {"experiment_name": "attempt"}, {"experiment_name": "attempt"}),
    (
        "everything-of-an-experiment",
        NIGHTLY,
        {
            "experiment_name": "attempt",
            "dataset_version_id": GOLDEN_SET_VERSION,
            "max_examples": 5,
            "evaluation_task_ids": [CHAT_QUALITY],
            "tracing_metadata": {"team": "search", "build": 7},
        },
        {
            "experiment_name": "attempt",
            "dataset_version_id": GOLDEN_SET_VERSION,
            "max_examples": 5,
            "evaluation_task_ids": [CHAT_QUALITY],
            "tracing_metadata": {"team": "search", "build": "7"},
        },
    ),
    (
        "example-ids-are-opaque",
        NIGHTLY,
        {"experiment_name": "attempt", "example_ids": ("example-001", CHAT_PROD)},
        {"experiment_name": "attempt", "example_ids": ["example-001", CHAT_PROD]},
    ),
    (
        "none-is-not-given",
        CHAT_QUALITY,
        {"data_start_time": None, "max_spans": None, "override_evaluations": None, "experiment_name": None},
        {},
    ),
]
# None of this costs a request.
REFUSED: list[tuple[str, dict[str, Any], str]] = [
    ("C24-both", {"example_ids": ["a"], "max_examples": 1}, "example_ids and max_examples exclude each other"),
    ("C24-no-example", {"example_ids": ()}, "example_ids needs at least one entry; leave it out for all examples"),
    ("C30-no-experiment", {"experiment_ids": []}, "experiment_ids needs at least one entry; leave it out for"),
    ("C24-max-examples-0", {"max_examples": 0}, "max_examples has to be a whole number of at least 1"),
    ("C26-start-is-end", {"data_start_time": START, "data_end_time": START}, "has to be before data_end_time"),
    ("C26-start-after-end", {"data_start_time": END, "data_end_time": START}, "has to be before data_end_time"),
    (
        "C26-too-long",
        {"data_start_time": END - timedelta(days=30, seconds=1), "data_end_time": END},
        "30 days, 0:00:01 apart; 30 days is the most",
    ),
    ("C31-max-spans-0", {"max_spans": 0}, "max_spans has to be a whole number of at least 1"),
    ("C31-max-spans-negative", {"max_spans": -5}, "max_spans has to be a whole number of at least 1"),
    ("C31-max-spans-fraction", {"max_spans": 1.5}, "max_spans has to be a whole number"),
    ("C31-override-number", {"override_evaluations": 1}, "override_evaluations has to be True or False"),
    ("C32-start-without-zone", {"data_start_time": START.replace(tzinfo=None)}, "data_start_time has no time zone"),
    ("C32-end-without-zone", {"data_end_time": END.replace(tzinfo=None)}, "data_end_time has no time zone"),
    ("C32-text", {"data_start_time": "2026-03-01T00:00:00Z"}, "data_start_time has to be a datetime, not str"),
    ("C23-empty-name", {"experiment_name": ""}, "experiment_name must not be empty"),
    ("C13-experiment", {"experiment_ids": [CHAT_PROD]}, "is the id of a project, not of an experiment"),
    ("C13-version", {"dataset_version_id": GOLDEN_SET}, "is the id of a dataset, not of a dataset version"),
    ("C13-task", {"evaluation_task_ids": [BASELINE]}, "is the id of an experiment, not of a task"),
    ("experiments-text", {"experiment_ids": BASELINE}, "experiment_ids has to be a list of texts"),
    ("metadata-time", {"tracing_metadata": {"a": START}}, r"tracing_metadata\['a'\] cannot be sent as JSON"),
    ("metadata-key", {"tracing_metadata": {1: "a"}}, r"tracing_metadata has a key that has to be text, not int \(1\)"),
    ("C13-model", {"evaluation_task_ids": [Task.from_dict(TASK)]}, r"evaluation_task_ids\[0\] .*; give its id"),
    ("metadata-list", {"tracing_metadata": ["a"]}, "tracing_metadata has to be a dict"),
]


def runs_of(stage: Stage, task: str) -> list[str]:
    """Return the ids of a task's runs on the server."""
    return [run.id for run in client_over(stage.door).tasks.list_runs(task)]


def trigger(task: str, fields: dict[str, Any]) -> Callable[[Any], Any]:
    return lambda ax: ax.tasks.trigger_run(task, **fields)


@pytest.mark.parametrize(("task", "fields", "body"), [case[1:] for case in BODIES], ids=[case[0] for case in BODIES])
def test_only_what_was_given_is_sent(
    task: str, fields: dict[str, Any], body: dict[str, Any], stage: Stage, client_kind: ClientKind
) -> None:
    run = client_kind.ask(stage.recorder, trigger(task, fields))

    assert stage.calls == [f"POST /v2/tasks/{task}/trigger"]
    (sent,) = stage.sent
    assert (sent.json if sent.body else {}) == body
    assert run.status is TaskRunStatus.PENDING
    assert run.task_id == task


@pytest.mark.one_contract(BETA)
@pytest.mark.parametrize("query_filter", ["input = 'x'", ""], ids=["a-filter", "B13-an-empty-one"])
def test_an_experiment_is_run_on_what_matches_any_filter(
    query_filter: str, stage: Stage, client_kind: ClientKind
) -> None:
    client_kind.ask(stage.recorder, trigger(NIGHTLY, {"experiment_name": "attempt", "query_filter": query_filter}))

    assert stage.sent[-1].json == {"experiment_name": "attempt", "query_filter": query_filter}


@pytest.mark.parametrize(("fields", "message"), [case[1:] for case in REFUSED], ids=[case[0] for case in REFUSED])
def test_an_invalid_trigger_is_refused_without_a_request(
    fields: dict[str, Any], message: str, stage: Stage, client_kind: ClientKind
) -> None:
    with pytest.raises((InvalidArgumentError, WrongKindError), match=message):
        client_kind.ask(stage.recorder, trigger("Chat Quality Monitor", fields), space="demo")
    assert stage.sent == []


@pytest.mark.parametrize("fields", [{}, {"max_examples": 5}], ids=["C23-nothing", "C23-something"])
def test_a_run_of_an_experiment_needs_a_name_for_it(
    fields: dict[str, Any], stage: Stage, client_kind: ClientKind
) -> None:
    before = runs_of(stage, NIGHTLY)
    with pytest.raises(InvalidArgumentError, match="experiment_name is needed to trigger run_experiment tasks such as"):
        client_kind.ask(stage.recorder, trigger(NIGHTLY, fields))
    assert runs_of(stage, NIGHTLY) == before


@pytest.mark.parametrize("fields", [{}, {"max_examples": 5}], ids=["C23-nothing", "C23-something"])
def test_where_the_name_was_looked_up_the_missing_one_is_told_before_anything_is_sent(
    fields: dict[str, Any], stage: Stage, client_kind: ClientKind
) -> None:
    with pytest.raises(InvalidArgumentError, match="experiment_name is needed to trigger run_experiment tasks such as"):
        client_kind.ask(stage.recorder, trigger("Nightly Summaries", fields), space=DEMO)
    assert stage.calls == ["GET /v2/tasks", f"GET /v2/tasks/{NIGHTLY}"]


def test_a_task_is_triggered_by_its_name(stage: Stage, client_kind: ClientKind) -> None:
    run = client_kind.ask(
        stage.recorder, lambda ax: ax.tasks.trigger_run("Nightly Summaries", space="demo", experiment_name="attempt")
    )

    assert run.task_id == NIGHTLY
    assert stage.calls == [
        "GET /v2/spaces",
        "GET /v2/tasks",
        f"POST /v2/tasks/{NIGHTLY}/trigger",
    ]


def test_a_first_run_without_a_start_is_refused_by_the_server(stage: Stage, client_kind: ClientKind) -> None:
    with pytest.raises(UnprocessableEntityError) as caught:
        client_kind.ask(stage.recorder, trigger(CHECKS, {}))

    assert caught.value.operation_id == "trigger_task_run"


def test_a_name_of_an_experiment_that_is_taken_is_a_conflict(stage: Stage, client_kind: ClientKind) -> None:
    with pytest.raises(ConflictError):
        client_kind.ask(stage.recorder, trigger(NIGHTLY, {"experiment_name": "baseline"}))


def test_an_id_of_no_form_is_a_name(stage: Stage, client_kind: ClientKind) -> None:
    with pytest.raises(UnknownNameError, match="no experiment is named 'exp_abc123'"):
        client_kind.ask(stage.recorder, trigger(REVIEW, {"experiment_ids": ["exp_abc123"]}))


@pytest.mark.both_contracts
@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        ("template_evaluation", {"data_start_time": START, "data_end_time": END}),
        ("code_evaluation", {"data_start_time": START, "data_end_time": END}),
        ("run_experiment", {"experiment_name": "attempt", "max_examples": 10}),
    ],
)
def test_the_whole_story_of_each_type_goes_through(
    kind: str, fields: dict[str, Any], stage: Stage, client_kind: ClientKind
) -> None:
    def create(ax: Any) -> Any:
        if kind == "run_experiment":
            return ax.tasks.create_run_experiment_task(
                "Fresh", dataset="golden-set", run_configuration=LLM_CONFIGURATION
            )
        evaluator = "JSON Shape" if kind == "code_evaluation" else "Hallucination Eval"
        return ax.tasks.create_evaluation_task("Fresh", task_type=kind, project="chat-prod", evaluators=[evaluator])

    ask = stage.recorder
    task = client_kind.ask(ask, create, space="demo")
    assert task.type == kind
    changed = client_kind.ask(ask, lambda ax: ax.tasks.update("Fresh", name="Fresher"), space="demo")
    assert changed.id == task.id
    run = client_kind.ask(ask, trigger("Fresher", fields), space="demo")
    assert run.status is TaskRunStatus.PENDING
    stage.mock.clock.advance(60)
    done = client_kind.ask(ask, lambda ax: ax.tasks.wait_for_run(run.id))
    assert done.status is TaskRunStatus.COMPLETED
    assert done.num_successes > 0
    listed = client_kind.ask(ask, lambda ax: ax.tasks.list_runs("Fresher"), space="demo")
    assert [found.id for found in listed.task_runs] == [run.id]
    assert client_kind.ask(ask, lambda ax: ax.tasks.delete("Fresher"), space="demo") is None
