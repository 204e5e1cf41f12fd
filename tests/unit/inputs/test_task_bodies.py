"""Tests of fields by task type: those of another type are refused, and nothing is changed.

If the type is known from a lookup by name, no write is sent. Otherwise the server refuses the fields. In both cases the
task is read before the error is raised.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest
from axtasks import APIError, AxError, BadRequestError, InvalidArgumentError, NotApplicableError, TaskType
from axtasks.inputs.task_bodies import TRIGGERS, UPDATES, create_model, evaluation_types
from axtasks.mock import default_world as known
from axtasks_api import models

from tests.unit.support import (
    BASELINE,
    CHAT_QUALITY,
    DEMO,
    HALLUCINATION,
    LLM_CONFIGURATION,
    TASK,
    ClientKind,
    Stage,
    answer,
    client_over,
    one_after_another,
    page,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from axtasks_api.codec import Model

START = datetime(2026, 3, 1, tzinfo=UTC)

TEMPLATE, CODE, REVIEW, EXPERIMENT = CHAT_QUALITY, known.SUPPORT_CHECKS, known.GOLDEN_REVIEW, known.NIGHTLY_SUMMARIES
# Each kind of task there is: its id, its type, and what it works on.
TASKS = [
    (TEMPLATE, "template_evaluation", "project"),
    (CODE, "code_evaluation", "project"),
    (REVIEW, "template_evaluation", "dataset"),
    (EXPERIMENT, "run_experiment", ""),
]
NAMES = {
    TEMPLATE: "Chat Quality Monitor",
    CODE: "Support Answer Checks",
    REVIEW: "Golden Set Review",
    EXPERIMENT: "Nightly Summaries",
}
UPDATE: dict[str, Any] = {
    "name": "Renamed",
    "sampling_rate": 0.5,
    "is_continuous": True,
    "query_filter": None,
    "evaluators": [HALLUCINATION],
    "run_configuration": LLM_CONFIGURATION,
}
TRIGGER: dict[str, Any] = {
    "data_start_time": START,
    "data_end_time": START + timedelta(days=1),
    "max_spans": 5,
    "override_evaluations": False,
    "experiment_ids": [BASELINE],
    "experiment_name": "attempt",
    "dataset_version_id": known.GOLDEN_SET_VERSION,
    "max_examples": 5,
    "example_ids": ["example-001"],
    "evaluation_task_ids": [CHAT_QUALITY],
    "tracing_metadata": {"a": "b"},
}
EVALUATION_TRIGGER = ("data_start_time", "data_end_time", "max_spans", "override_evaluations", "experiment_ids")
# The fields that apply to each kind of task, and the rules that say so.
VALID_UPDATES = {
    TEMPLATE: {"name", "sampling_rate", "is_continuous", "query_filter", "evaluators"},
    CODE: {"name", "sampling_rate", "is_continuous", "query_filter", "evaluators"},
    REVIEW: {"name", "query_filter", "evaluators"},
    EXPERIMENT: {"name", "run_configuration"},
}
VALID_TRIGGERS = {
    TEMPLATE: set(EVALUATION_TRIGGER) - {"experiment_ids"},
    CODE: set(EVALUATION_TRIGGER) - {"experiment_ids"},
    REVIEW: {"max_spans", "override_evaluations", "experiment_ids"},
    EXPERIMENT: set(TRIGGER) - set(EVALUATION_TRIGGER),
}


def rule(field: str, *, kind: str, works_on: str) -> str:
    """Return the id of the rule that a field breaks on a task of this kind."""
    if works_on == "dataset" and field in {"sampling_rate", "is_continuous"}:
        return "C19"
    if works_on == "dataset" and field in {"data_start_time", "data_end_time"}:
        return "C29"
    if works_on == "project" and field == "experiment_ids":
        return "C30"
    return "C15" if kind == "update" else "C21"


def refusals(kind: str, fields: dict[str, Any], valid: dict[str, set[str]]) -> Iterator[Any]:
    """Yield for each kind of task and each rule the fields that the rule forbids."""
    for task, task_type, works_on in TASKS:
        broken: dict[str, list[str]] = {}
        for field in fields:
            if field not in valid[task]:
                broken.setdefault(rule(field, kind=kind, works_on=works_on), []).append(field)
        for name, others in broken.items():
            yield pytest.param(task, task_type, others, id="-".join(filter(None, (name, task_type, works_on))))


def refused(
    call: Callable[[Any], Any], stage: Stage, client_kind: ClientKind, *, task: str, task_type: str, field: str
) -> Any:
    """Return the error for a forbidden field, the same by every way, after checking that nothing changed."""
    stage.recorder.sent.clear()
    before = list(_as_it_is(stage, task))
    with pytest.raises(NotApplicableError, match=f"^{field} does not apply to {task_type} tasks") as caught:
        client_kind.ask(stage.recorder, call, space=DEMO)

    assert caught.value.fields == (field,)
    assert caught.value.task_type == task_type
    assert field not in caught.value.valid
    assert list(_as_it_is(stage, task)) == before, field
    return caught.value


def _as_it_is(stage: Stage, task: str) -> Iterator[Any]:
    """Yield a task and its runs as the server stores them."""
    with client_over(stage.door) as ax:
        yield ax.tasks.get(task).to_dict()
        yield [run.to_dict() for run in ax.tasks.list_runs(task)]


@pytest.mark.parametrize(("task", "task_type", "fields"), list(refusals("update", UPDATE, VALID_UPDATES)))
def test_an_update_by_id_with_a_field_that_does_not_apply_is_explained(
    task: str, task_type: str, fields: list[str], stage: Stage, client_kind: ClientKind
) -> None:
    for field in fields:
        call = partial(update, task, name="Renamed", **{field: UPDATE[field]})
        error = refused(call, stage, client_kind, task=task, task_type=task_type, field=field)

        assert set(error.valid) >= VALID_UPDATES[task]
        assert stage.calls == [f"PATCH /v2/tasks/{task}", f"GET /v2/tasks/{task}"], field
        assert isinstance(error.__cause__, BadRequestError)


@pytest.mark.both_contracts
@pytest.mark.parametrize(("task", "task_type", "fields"), list(refusals("update", UPDATE, VALID_UPDATES)))
def test_an_update_by_name_with_a_field_that_does_not_apply_is_refused_before_anything_is_written(
    task: str, task_type: str, fields: list[str], stage: Stage, client_kind: ClientKind
) -> None:
    for field in fields:
        call = partial(update, NAMES[task], **{field: UPDATE[field]})
        refused(call, stage, client_kind, task=task, task_type=task_type, field=field)

        assert stage.calls == ["GET /v2/tasks", f"GET /v2/tasks/{task}"], field


@pytest.mark.parametrize(("task", "task_type", "fields"), list(refusals("trigger", TRIGGER, VALID_TRIGGERS)))
def test_a_trigger_by_id_with_a_field_that_does_not_apply_is_explained(
    task: str, task_type: str, fields: list[str], stage: Stage, client_kind: ClientKind
) -> None:
    for field in fields:
        call = partial(trigger, task, **{field: TRIGGER[field]})
        error = refused(call, stage, client_kind, task=task, task_type=task_type, field=field)

        assert set(error.valid) >= VALID_TRIGGERS[task]
        # Without its name an experiment cannot be run, so that no type takes the other fields of one alone.
        alone = field in VALID_TRIGGERS[EXPERIMENT] - {"experiment_name"}
        assert stage.calls == [f"POST /v2/tasks/{task}/trigger"] * (not alone) + [f"GET /v2/tasks/{task}"], field


@pytest.mark.parametrize(("task", "task_type", "fields"), list(refusals("trigger", TRIGGER, VALID_TRIGGERS)))
def test_a_trigger_by_name_with_a_field_that_does_not_apply_is_refused_before_anything_is_written(
    task: str, task_type: str, fields: list[str], stage: Stage, client_kind: ClientKind
) -> None:
    for field in fields:
        call = partial(trigger, NAMES[task], **{field: TRIGGER[field]})
        refused(call, stage, client_kind, task=task, task_type=task_type, field=field)

        assert stage.calls == ["GET /v2/tasks", f"GET /v2/tasks/{task}"], field


def update(task: str, ax: Any, **fields: Any) -> Any:
    return ax.tasks.update(task, **fields)


def trigger(task: str, ax: Any, **fields: Any) -> Any:
    return ax.tasks.trigger_run(task, **fields)


def test_fields_of_two_types_are_told_apart_by_reading_the_task(stage: Stage, client_kind: ClientKind) -> None:
    """A task takes at most one of the two, so no write is sent that would change anything."""
    update = {"sampling_rate": 0.5, "run_configuration": LLM_CONFIGURATION}
    refused(
        lambda ax: ax.tasks.update(EXPERIMENT, **update),
        stage,
        client_kind,
        task=EXPERIMENT,
        task_type="run_experiment",
        field="sampling_rate",
    )

    assert stage.calls == [f"GET /v2/tasks/{EXPERIMENT}"]


def test_the_type_of_a_task_that_was_seen_is_known(stage: Stage, client_kind: ClientKind) -> None:
    with pytest.raises(NotApplicableError):
        client_kind.in_turn(
            stage.recorder,
            lambda ax: ax.tasks.get(EXPERIMENT),
            lambda ax: ax.tasks.update(EXPERIMENT, sampling_rate=0.5),
        )

    assert stage.calls == [f"GET /v2/tasks/{EXPERIMENT}"] * 2


@pytest.mark.parametrize("status", [400, 422])
def test_a_refusal_that_the_type_does_not_explain_is_what_it_is(status: int, client_kind: ClientKind) -> None:
    refusal = answer({"title": "No", "detail": "the filter is none", "status": status}, status)
    transport = one_after_another(refusal, answer(TASK))

    with pytest.raises(APIError, match="the filter is none") as caught:
        client_kind.ask(transport, lambda ax: ax.tasks.update(CHAT_QUALITY, query_filter="("))

    assert caught.value.operation_id == "update_task"
    assert transport.calls == [f"PATCH /v2/tasks/{CHAT_QUALITY}", f"GET /v2/tasks/{CHAT_QUALITY}"]


def test_a_refusal_stays_what_it_is_where_the_task_cannot_be_read(client_kind: ClientKind) -> None:
    refusal = answer({"title": "No", "detail": "the filter is none", "status": 400}, 400)
    transport = one_after_another(refusal, answer({"title": "Gone", "status": 404}, 404))

    with pytest.raises(BadRequestError, match="the filter is none") as caught:
        client_kind.ask(transport, lambda ax: ax.tasks.update(CHAT_QUALITY, query_filter="("))

    assert "404: Gone" in caught.value.__notes__[0]


@pytest.mark.parametrize("status", [401, 403, 404, 409, 500])
def test_other_refusals_are_not_looked_into(status: int, client_kind: ClientKind) -> None:
    transport = one_after_another(answer({"title": "No", "status": status}, status), *[answer(TASK)] * (status == 500))

    with pytest.raises(AxError):
        client_kind.ask(transport, lambda ax: ax.tasks.update(CHAT_QUALITY, query_filter="("), on_ambiguous="raise")

    assert len(transport.sent) == 1


@pytest.mark.parametrize("task", [task for task, _, _ in TASKS], ids=[f"{kind}-{on}" for _, kind, on in TASKS])
def test_all_fields_that_apply_can_be_updated_at_once(task: str, stage: Stage, client_kind: ClientKind) -> None:
    fields = {name: value for name, value in UPDATE.items() if name in VALID_UPDATES[task]}
    if task == CODE:
        fields["evaluators"] = [known.JSON_SHAPE]

    client_kind.ask(stage.recorder, lambda ax: ax.tasks.update(task, **fields))

    assert set(stage.writes[0].json) == VALID_UPDATES[task]


def test_the_error_says_what_would_be_valid(stage: Stage) -> None:
    with pytest.raises(NotApplicableError) as caught:
        stage.client().tasks.update(EXPERIMENT, sampling_rate=0.5, query_filter=None)

    assert str(caught.value) == (
        "sampling_rate, query_filter do not apply to run_experiment tasks such as 'Nightly Summaries'; valid are name,"
        " run_configuration"
    )
    assert caught.value.valid == ("name", "run_configuration")
    assert isinstance(caught.value, InvalidArgumentError)


def test_over_a_dataset_the_error_says_so(stage: Stage) -> None:
    with pytest.raises(NotApplicableError) as caught:
        stage.client().tasks.trigger_run(REVIEW, data_start_time=START)

    assert "does not apply to template_evaluation tasks over a dataset such as 'Golden Set Review'" in str(caught.value)
    assert caught.value.valid == ("max_spans", "override_evaluations", "experiment_ids")


@pytest.mark.parametrize("method", ["update", "trigger_run"])
def test_a_task_of_an_unknown_type_can_be_read_but_not_written(method: str, client_kind: ClientKind) -> None:
    strange = TASK | {"type": "agent_evaluation"}
    transport = one_after_another(page("tasks", strange), answer(strange))

    fields = {"name": "x"} if method == "update" else {}
    with pytest.raises(NotApplicableError, match="does not know tasks of type agent_evaluation") as caught:
        client_kind.ask(transport, lambda ax: getattr(ax.tasks, method)(TASK["name"], **fields), space=DEMO)

    assert caught.value.task_type == "agent_evaluation"
    assert transport.writes == []


def test_a_type_that_is_unknown_explains_no_refusal(client_kind: ClientKind) -> None:
    refusal = answer({"title": "No", "detail": "agents take no filter", "status": 400}, 400)
    transport = one_after_another(refusal, answer(TASK | {"type": "agent_evaluation"}))

    with pytest.raises(BadRequestError, match="agents take no filter"):
        client_kind.ask(transport, lambda ax: ax.tasks.update(CHAT_QUALITY, query_filter="a"))


def test_evaluators_are_looked_up_only_once_they_are_known_to_apply(stage: Stage) -> None:
    with pytest.raises(NotApplicableError):
        stage.client(space="demo").tasks.update("Nightly Summaries", evaluators=["No Such Eval"])

    assert "GET /v2/evaluators" not in stage.calls


def test_evaluators_that_do_not_apply_are_refused_before_their_names_are_looked_up(
    stage: Stage, client_kind: ClientKind
) -> None:
    with pytest.raises(NotApplicableError, match="evaluators does not apply to run_experiment tasks"):
        client_kind.ask(
            stage.recorder, lambda ax: ax.tasks.update(EXPERIMENT, evaluators=["No Such Eval"]), space="demo"
        )

    assert stage.writes == []


@pytest.mark.parametrize(
    ("task_type", "update", "trigger"),
    [
        (TaskType.TEMPLATE_EVALUATION, models.UpdateEvaluationTaskRequest, models.TriggerEvaluationTaskRunRequest),
        (TaskType.CODE_EVALUATION, models.UpdateEvaluationTaskRequest, models.TriggerEvaluationTaskRunRequest),
        (TaskType.RUN_EXPERIMENT, models.UpdateRunExperimentTaskRequest, models.TriggerRunExperimentTaskRunRequest),
    ],
    ids=["template", "code", "experiment"],
)
def test_each_type_has_its_bodies(task_type: TaskType, update: type[Model], trigger: type[Model]) -> None:
    assert UPDATES.of_type(task_type) is update
    assert TRIGGERS.of_type(task_type) is trigger


def test_every_type_that_evaluates_has_a_body_of_its_own_tag() -> None:
    assert [create_model(kind).fields()[1].constant for kind in evaluation_types()] == evaluation_types()


def test_a_dataset_that_is_null_counts_as_none(client_kind: ClientKind) -> None:
    transport = one_after_another(page("tasks", TASK | {"dataset_id": None}), answer(TASK))

    client_kind.ask(transport, lambda ax: ax.tasks.update(TASK["name"], is_continuous=False), space=DEMO)

    assert transport.writes[0].json == {"is_continuous": False}
