"""Every rule of the documents, by its id: refusals with their status, and accepted requests."""

from __future__ import annotations

from datetime import timedelta

import pytest
from axtasks.mock import default_world as known

from tests.dialects import DOCUMENTS, status_of_taken_name
from tests.mock.cases import Case, Cases
from tests.mock.support import (
    ABSENT,
    DATASET_TASK,
    EVALUATOR,
    EXPERIMENT_TASK,
    JUDGE_CONFIGURATION,
    MALFORMED_ID,
    NOW,
    PROJECT_TASK,
    RUN_CONFIGURATION,
    TASKS,
    UNKNOWN_ID,
    UNKNOWN_PROJECT,
    UNKNOWN_TASK,
    Api,
    Json,
    run_path,
    task_path,
)

Fields = list[tuple[str, Json]]

CASES = Cases()
create, update, trigger, refused, behaviour = (
    CASES.create,
    CASES.update,
    CASES.trigger,
    CASES.refused,
    CASES.behaviour,
)

CHAT = task_path(known.CHAT_QUALITY)
REVIEW = task_path(known.GOLDEN_REVIEW)
NIGHTLY = task_path(known.NIGHTLY_SUMMARIES)
START, END = "2026-03-01T00:00:00Z", "2026-03-07T00:00:00Z"


def without(body: dict[str, Json], *names: str) -> dict[str, Json]:
    """Return the body without some of its fields."""
    return {name: value for name, value in body.items() if name not in names}


create(
    "C1-both project and dataset",
    {**PROJECT_TASK, "dataset_id": known.GOLDEN_SET, "experiment_ids": [known.BASELINE]},
    400,
    "exactly one of project_id and dataset_id",
    "both",
)
create(
    "C1-neither project nor dataset", without(PROJECT_TASK, "project_id"), 400, "exactly one of project_id", "neither"
)
create(
    "C1-neither, with experiments", without(DATASET_TASK, "dataset_id"), 400, "exactly one of project_id and dataset_id"
)
create(
    "C1-neither, nor evaluators",
    {"name": "x", "type": "code_evaluation"},
    400,
    "exactly one of project_id",
    "evaluators is",
)
create("C1-project_id null", {**PROJECT_TASK, "project_id": None}, 400, "project_id has to be a string")
create(
    "C2-dataset without experiments", without(DATASET_TASK, "experiment_ids"), 400, "experiment_ids needs at least one"
)
create(
    "C2-dataset with an empty list", {**DATASET_TASK, "experiment_ids": []}, 400, "experiment_ids needs at least one"
)
create(
    "C3-project with experiments", {**PROJECT_TASK, "experiment_ids": [known.BASELINE]}, 400, "experiment_ids", "empty"
)


@behaviour("C3-project with an empty list is fine")
def _(api: Api) -> None:
    assert api.created({**PROJECT_TASK, "experiment_ids": []})["experiment_ids"] == []


create("C4-rate above 1", {**PROJECT_TASK, "sampling_rate": 1.1}, 400, "sampling_rate has to be 1 or less, not 1.1")
create("C4-rate below 0", {**PROJECT_TASK, "sampling_rate": -0.1}, 400, "sampling_rate has to be 0 or more")
create("C4-rate with a dataset", {**DATASET_TASK, "sampling_rate": 0.5}, 400, "sampling_rate only applies", "project")
update("C4-rate above 1 on update", CHAT, {"sampling_rate": 2}, 400, "sampling_rate has to be 1 or less")


@behaviour("C4-both ends are fine")
def _(api: Api) -> None:
    for name, rate in (("none", 0), ("all", 1)):
        assert api.created({**PROJECT_TASK, "name": name, "sampling_rate": rate})["sampling_rate"] == rate


create("C5-continuous with a dataset", {**DATASET_TASK, "is_continuous": True}, 400, "is_continuous can only be false")


@behaviour("C5-what is left out makes a task that runs only when it is triggered, and leaves nothing out")
def _(api: Api) -> None:
    task = api.created(PROJECT_TASK)

    assert (task["is_continuous"], task["sampling_rate"], task["query_filter"]) == (False, None, None)
    assert (task["experiment_ids"], task["dataset_id"], task["last_run_at"]) == ([], None, None)


@behaviour("C5-explicitly not continuous with a dataset is fine")
def _(api: Api) -> None:
    assert api.created({**DATASET_TASK, "is_continuous": False})["is_continuous"] is False


create("C6-no evaluators", {**PROJECT_TASK, "evaluators": []}, 400, "evaluators needs at least 1 entry")
create("C6-evaluators left out", without(PROJECT_TASK, "evaluators"), 400, "evaluators is required")
create(
    "C7-same evaluator twice", {**PROJECT_TASK, "evaluators": [EVALUATOR, EVALUATOR]}, 422, "evaluators[1]", "already"
)
update(
    "C7-same evaluator twice on update", CHAT, {"evaluators": [EVALUATOR, EVALUATOR]}, 422, "evaluators[1]", "already"
)
create("C8-empty name", {**PROJECT_TASK, "name": ""}, 400, "name needs at least 1 character")
update("C8-empty name on update", NIGHTLY, {"name": ""}, 400, "name needs at least 1 character")


@behaviour("C8-name taken")
def _(api: Api) -> None:
    reply = api.post(TASKS, {**PROJECT_TASK, "name": "Chat Quality Monitor"})

    assert reply.status == status_of_taken_name(reply.contract)
    assert 'already a task named "Chat Quality Monitor"' in reply.detail


@behaviour("C8-name taken on update")
def _(api: Api) -> None:
    reply = api.patch(CHAT, {"name": "Golden Set Review"})

    assert reply.status == status_of_taken_name(reply.contract)
    assert 'already a task named "Golden Set Review"' in reply.detail


@behaviour("C8-names differ by case, and other spaces do not count")
def _(api: Api) -> None:
    assert api.created({**PROJECT_TASK, "name": "chat quality monitor"})["name"] == "chat quality monitor"
    assert api.created({**PROJECT_TASK, "name": "nightly-001"})["name"] == "nightly-001"


@behaviour("C8-a task keeps its own name, and a freed name can be taken")
def _(api: Api) -> None:
    assert api.patch(CHAT, {"name": "Chat Quality Monitor"}).status == 200
    assert api.patch(CHAT, {"name": "Other"}).status == 200
    assert api.created({**PROJECT_TASK, "name": "Chat Quality Monitor"})["name"] == "Chat Quality Monitor"


for field in ("id", "created_at", "updated_at", "created_by_user_id", "last_run_at"):
    create(f"C9-{field} on create", {**PROJECT_TASK, field: "x"}, 400, f"{field} is not a known field")
    update(f"C9-{field} on update", CHAT, {field: "x"}, 400, f"{field} is not a known field")

create(
    "C10-unknown key", {**PROJECT_TASK, "colour": 1}, 400, "colour is not a known field for template_evaluation tasks"
)
create(
    "C10-unknown key of an evaluator",
    {**PROJECT_TASK, "evaluators": [{**EVALUATOR, "x": 1}]},
    400,
    "x",
    "evaluators[0]",
)
create(
    "C10-unknown key of a run configuration",
    {**EXPERIMENT_TASK, "run_configuration": {**RUN_CONFIGURATION, "x": 1}},
    400,
    "x is not a known field in run_configuration",
)
update("C10-unknown key on update", CHAT, {"colour": 1}, 400, "colour is not a known field")
trigger("C10-unknown key on trigger", CHAT, {"colour": 1}, 400, "colour is not a known field")


@behaviour("C10-invocation parameters are open")
def _(api: Api) -> None:
    parameters: dict[str, Json] = {"temperature": 0, "some_new_knob": [1]}
    configuration: dict[str, Json] = {**RUN_CONFIGURATION, "invocation_parameters": parameters}

    reply = api.post(TASKS, {**EXPERIMENT_TASK, "run_configuration": configuration})

    if reply.contract == DOCUMENTS:
        assert (reply.status, reply.json["run_configuration"]["invocation_parameters"]) == (201, parameters)
    else:
        assert (reply.status, "some_new_knob is not a known field" in reply.detail) == (400, True)


create("C11-no dataset", without(EXPERIMENT_TASK, "dataset_id"), 400, "dataset_id is required")
create("C11-no run configuration", without(EXPERIMENT_TASK, "run_configuration"), 400, "run_configuration is required")
NOT_FOR_RUN_EXPERIMENT: Fields = [
    ("project_id", known.CHAT_PROD),
    ("evaluators", [EVALUATOR]),
    ("experiment_ids", []),
    ("sampling_rate", 1),
    ("is_continuous", False),
    ("query_filter", "x"),
]
for field, given in NOT_FOR_RUN_EXPERIMENT:
    create(
        f"C11-{field} given", {**EXPERIMENT_TASK, field: given}, 400, f"{field} does not apply to run_experiment tasks"
    )
create(
    "C11-run configuration on an evaluation task",
    {**PROJECT_TASK, "run_configuration": RUN_CONFIGURATION},
    400,
    "run_configuration does not apply to template_evaluation tasks",
)
create(
    "C11-unknown kind of run configuration",
    {**EXPERIMENT_TASK, "run_configuration": {**RUN_CONFIGURATION, "experiment_type": "guess"}},
    400,
    "run_configuration.experiment_type has to be one of llm_generation, template_evaluation",
)


@behaviour("C12-a run_experiment task never runs by itself")
def _(api: Api) -> None:
    task = api.created(EXPERIMENT_TASK)

    api.mock.clock.advance(24 * 3600)

    assert (task["is_continuous"], task["sampling_rate"], task["evaluators"]) == (False, None, [])
    assert api.get(task_path(task["id"], "runs")).json["task_runs"] == []


create("C13-malformed project", {**PROJECT_TASK, "project_id": "proj_abc123"}, 400, "project_id", "proj_abc123")
create("C13-unknown project", {**PROJECT_TASK, "project_id": UNKNOWN_PROJECT}, 404, "project_id: there is no project")
create("C13-unknown id without a known kind", {**PROJECT_TASK, "project_id": UNKNOWN_ID}, 404, "project_id")
create("C13-dataset as project", {**PROJECT_TASK, "project_id": known.GOLDEN_SET}, 422, "project_id", "is a dataset")
create("C13-unknown dataset", {**DATASET_TASK, "dataset_id": UNKNOWN_ID}, 404, "dataset_id: there is no dataset")
create("C13-project as dataset", {**DATASET_TASK, "dataset_id": known.CHAT_PROD}, 422, "dataset_id", "is a project")
create("C13-unknown evaluator", {**PROJECT_TASK, "evaluators": [{"evaluator_id": UNKNOWN_ID}]}, 404, "evaluators[0]")
create("C13-malformed evaluator", {**PROJECT_TASK, "evaluators": [{"evaluator_id": "ev_abc123"}]}, 400, "evaluators[0]")
create(
    "C13-unknown experiment", {**DATASET_TASK, "experiment_ids": [known.BASELINE, UNKNOWN_ID]}, 404, "experiment_ids[1]"
)
create(
    "C13-experiment of another dataset",
    {**DATASET_TASK, "experiment_ids": [known.REGRESSION_EXPERIMENT]},
    422,
    "experiment_ids[0]",
    "not an experiment over",
)
create(
    "C13-unknown AI integration",
    {**EXPERIMENT_TASK, "run_configuration": {**RUN_CONFIGURATION, "ai_integration_id": UNKNOWN_ID}},
    404,
    "run_configuration.ai_integration_id: there is no AI integration",
)
create(
    "C13-malformed AI integration",
    {**EXPERIMENT_TASK, "run_configuration": {**RUN_CONFIGURATION, "ai_integration_id": "ai_abc"}},
    400,
    "run_configuration.ai_integration_id",
)
create(
    "C13-task as prompt version",
    {**EXPERIMENT_TASK, "run_configuration": {**RUN_CONFIGURATION, "prompt_version_id": known.CHAT_QUALITY}},
    422,
    "run_configuration.prompt_version_id has to be a prompt version",
)
create(
    "C13-project as AI integration",
    {**EXPERIMENT_TASK, "run_configuration": {**RUN_CONFIGURATION, "ai_integration_id": known.CHAT_PROD}},
    422,
    "run_configuration.ai_integration_id has to be an AI integration, but",
    "is a project",
)
create(
    "C13-code evaluator on a template task",
    {**PROJECT_TASK, "evaluators": [{"evaluator_id": known.JSON_SHAPE}]},
    422,
    '"JSON Shape" is a code evaluator',
)
update(
    "C13-unknown AI integration on update",
    NIGHTLY,
    {"run_configuration": {**RUN_CONFIGURATION, "ai_integration_id": UNKNOWN_ID}},
    404,
    "ai_integration_id",
)
update("C13-unknown evaluator on update", CHAT, {"evaluators": [{"evaluator_id": UNKNOWN_ID}]}, 404, "evaluators[0]")
trigger(
    "C13-unknown version",
    NIGHTLY,
    {"experiment_name": "x", "dataset_version_id": UNKNOWN_ID},
    404,
    "dataset_version_id",
)
trigger(
    "C13-dataset as version",
    NIGHTLY,
    {"experiment_name": "x", "dataset_version_id": known.GOLDEN_SET},
    422,
    "is a dataset",
)

update("C14-empty", CHAT, {}, 400, "at least one field", "name, sampling_rate")
update("C14-empty for run_experiment", NIGHTLY, {}, 400, "at least one field", "name, run_configuration")
update("C14-no body", CHAT, ABSENT, 400, "a JSON body is required")
update("C14-null only", CHAT, {"name": None}, 400, "name has to be a string")
update(
    "C15-evaluators on run_experiment",
    NIGHTLY,
    {"evaluators": [EVALUATOR]},
    400,
    "evaluators does not apply to run_exp",
)
update(
    "C15-run configuration on an evaluation task",
    CHAT,
    {"run_configuration": RUN_CONFIGURATION},
    400,
    "run_configuration does not apply to template_evaluation tasks",
    "fields that apply",
)


@behaviour("C16-what is left out stays, and null clears the filter")
def _(api: Api) -> None:
    before = api.task(known.CHAT_QUALITY)

    after = api.patch(CHAT, {"query_filter": None}).json

    assert after["query_filter"] is None
    assert without(after, "query_filter", "updated_at") == without(before, "query_filter", "updated_at")


@behaviour("C16-an empty filter is kept as given")
def _(api: Api) -> None:
    assert api.patch(CHAT, {"query_filter": ""}).json["query_filter"] == ""


@behaviour("C17-evaluators replace the whole list")
def _(api: Api) -> None:
    after = api.patch(CHAT, {"evaluators": [{"evaluator_id": known.RELEVANCE, "query_filter": "a = 1"}]}).json

    (evaluator,) = after["evaluators"]
    assert evaluator == {
        **evaluator,
        "evaluator_id": known.RELEVANCE,
        "evaluator_name": "Relevance Eval",
        "query_filter": "a = 1",
        "column_mappings": None,
    }


update("C17-an empty list", CHAT, {"evaluators": []}, 400, "evaluators needs at least 1 entry")


@behaviour("C18-a run configuration replaces the stored one whole")
def _(api: Api) -> None:
    assert (
        api.patch(NIGHTLY, {"run_configuration": JUDGE_CONFIGURATION}).json["run_configuration"] == JUDGE_CONFIGURATION
    )


@behaviour("C18-a new name leaves the run configuration as it is")
def _(api: Api) -> None:
    before = api.task(known.NIGHTLY_SUMMARIES)

    after = api.patch(NIGHTLY, {"name": "Other"}).json

    assert without(after, "name", "updated_at") == without(before, "name", "updated_at")


update(
    "C18-null is no run configuration",
    NIGHTLY,
    {"run_configuration": None},
    400,
    "run_configuration has to be an object",
)
update(
    "C19-rate on a task over a dataset", REVIEW, {"sampling_rate": 1}, 400, "sampling_rate does not apply", "dataset"
)
update("C19-continuous on a task over a dataset", REVIEW, {"is_continuous": True}, 400, "is_continuous does not apply")


@behaviour("C19-not continuous on a task over a dataset")
def _(api: Api) -> None:
    assert api.patch(REVIEW, {"is_continuous": False}).json["is_continuous"] is False


NOT_TO_BE_CHANGED: Fields = [
    ("project_id", known.SUPPORT_BOT),
    ("dataset_id", known.GOLDEN_SET),
    ("experiment_ids", []),
    ("type", "code_evaluation"),
]
for field, given in NOT_TO_BE_CHANGED:
    update(f"C20-{field}", CHAT, {field: given}, 400, f"{field} is not a known field")

EVALUATION_TRIGGER: Fields = [
    ("data_start_time", START),
    ("data_end_time", END),
    ("max_spans", 5),
    ("override_evaluations", False),
    ("experiment_ids", [known.BASELINE]),
]
for field, given in EVALUATION_TRIGGER:
    trigger(
        f"C21-{field} on run_experiment",
        NIGHTLY,
        {"experiment_name": "x", field: given},
        400,
        f"{field} does not apply to run_experiment tasks",
    )
EXPERIMENT_TRIGGER: Fields = [
    ("experiment_name", "x"),
    ("dataset_version_id", known.GOLDEN_SET_VERSION),
    ("example_ids", ["example-001"]),
    ("max_examples", 5),
    ("tracing_metadata", {}),
    ("evaluation_task_ids", []),
]
for field, given in EXPERIMENT_TRIGGER:
    trigger(
        f"C21-{field} on an evaluation task",
        CHAT,
        {field: given},
        400,
        f"{field} does not apply to template_evaluation",
    )


@behaviour("C22-no body and an empty object are alike")
def _(api: Api) -> None:
    runs = [
        api.triggered(known.CHAT_QUALITY),
        api.triggered(known.GOLDEN_REVIEW, {}),
        api.triggered(known.GOLDEN_REVIEW),
    ]

    assert [run["status"] for run in runs] == ["pending"] * 3


trigger("C22-null is no body", CHAT, None, 400, "the body has to be an object, not null")
trigger("C23-no experiment name", NIGHTLY, {"max_examples": 50}, 400, "experiment_name is required")
trigger("C23-no body at all", NIGHTLY, ABSENT, 400, "experiment_name is required")
trigger(
    "C23-empty experiment name", NIGHTLY, {"experiment_name": ""}, 400, "experiment_name needs at least 1 character"
)
trigger(
    "C24-example ids and a maximum",
    NIGHTLY,
    {"experiment_name": "x", "example_ids": ["example-001"], "max_examples": 5},
    400,
    "example_ids and max_examples exclude each other",
)
trigger(
    "C24-no example", NIGHTLY, {"experiment_name": "x", "example_ids": []}, 400, "example_ids needs at least 1 entry"
)
trigger("C30-no experiment", REVIEW, {"experiment_ids": []}, 400, "experiment_ids needs at least 1 entry")
trigger(
    "C24-nulls do not exclude each other",
    NIGHTLY,
    {"experiment_name": "x", "example_ids": None, "max_examples": None},
    400,
    "example_ids has to be an array, not null; max_examples has to be a whole number, not null",
)
trigger(
    "C24-maximum below 1", NIGHTLY, {"experiment_name": "x", "max_examples": 0}, 400, "max_examples has to be 1 or more"
)


@behaviour("C24-which examples are run")
def _(api: Api) -> None:
    selections: list[tuple[dict[str, Json], tuple[int, int]]] = [
        ({}, (120, 0)),
        ({"max_examples": 7}, (7, 0)),
        ({"max_examples": 500}, (120, 0)),
        ({"example_ids": ["example-001", "example-120", "nowhere"]}, (2, 1)),
    ]

    for number, (selection, (done, skipped)) in enumerate(selections):
        run = api.triggered(known.NIGHTLY_SUMMARIES, {"experiment_name": f"selection {number}", **selection})
        api.mock.clock.advance(2)
        ended = api.run(run["id"])
        assert (ended["num_successes"] + ended["num_errors"], ended["num_skipped"]) == (done, skipped)


trigger(
    "C25-name of an experiment", NIGHTLY, {"experiment_name": "baseline"}, 409, 'already an experiment named "baseline"'
)


@behaviour("C25-name of an experiment to come")
def _(api: Api) -> None:
    run = api.triggered(known.NIGHTLY_SUMMARIES, {"experiment_name": "soon"})

    refused = api.post(f"{NIGHTLY}/trigger", {"experiment_name": "soon"})
    assert refused.status == 409
    # While the run is pending no list has the experiment.
    assert f'run {run["id"]}, which is pending, is going to create an experiment named "soon"' in refused.detail


@behaviour("C25-a run cancelled before its start frees the name")
def _(api: Api) -> None:
    run = api.triggered(known.NIGHTLY_SUMMARIES, {"experiment_name": "soon"})

    assert api.post(run_path(run["id"], "cancel")).status == 200
    assert api.post(f"{NIGHTLY}/trigger", {"experiment_name": "soon"}).status == 201


trigger("C26-start after end", CHAT, {"data_start_time": END, "data_end_time": START}, 422, "data_start_time", "before")
trigger("C26-start is end", CHAT, {"data_start_time": START, "data_end_time": START}, 422, "before data_end_time")
trigger("C26-end before all time", CHAT, {"data_end_time": "0001-01-01T00:00:00Z"}, 422, "the year 1000 or later")
trigger("C26-end before the last run", CHAT, {"data_end_time": "2026-02-01T00:00:00Z"}, 422, "before data_end_time")
trigger(
    "C26-31 days",
    CHAT,
    {"data_start_time": "2024-01-01T00:00:00Z", "data_end_time": "2024-02-01T00:00:00Z"},
    422,
    "31 days",
    "30 days is the most",
)
trigger(
    "C26-a millisecond too long",
    CHAT,
    {"data_start_time": "2026-01-01T00:00:00Z", "data_end_time": "2026-01-31T00:00:00.001Z"},
    422,
    "30 days is the most",
)


@behaviour("C26-exactly 30 days, and a window that ends in the future, are fine")
def _(api: Api) -> None:
    long = api.triggered(
        known.CHAT_QUALITY, {"data_start_time": "2026-01-01T00:00:00Z", "data_end_time": "2026-01-31T00:00:00Z"}
    )
    future = api.triggered(known.CHAT_QUALITY, {"data_end_time": "2026-03-20T00:00:00Z"})

    assert long["data_end_time"] == "2026-01-31T00:00:00.000Z"
    assert future["data_end_time"] == "2026-03-20T00:00:00.000Z"


@behaviour("C28-after a rest of more than 30 days the window begins 30 days before its end")
def _(api: Api) -> None:
    assert api.patch(CHAT, {"is_continuous": False}).status == 200
    api.mock.clock.advance(30 * 24 * 3600)

    run = api.triggered(known.CHAT_QUALITY)
    earlier = api.triggered(known.CHAT_QUALITY, {"data_end_time": "2026-05-31T00:00:00Z"})

    assert (run["data_start_time"], run["data_end_time"]) == ("2026-03-10T15:00:00.000Z", "2026-04-09T15:00:00.000Z")
    assert earlier["data_start_time"] == "2026-05-01T00:00:00.000Z"


@behaviour("C26-a window that is empty by default is accepted")
def _(api: Api) -> None:
    first = api.triggered(known.CHAT_QUALITY)

    second = api.triggered(known.CHAT_QUALITY)

    assert second["data_start_time"] == second["data_end_time"] == first["created_at"]


@behaviour("C28-by a clock set before the last run the window is empty, and never begins after its end")
def _(api: Api) -> None:
    with api.mock.world.tasks.changing(known.CHAT_QUALITY):
        api.mock.world.tasks[known.CHAT_QUALITY].last_run_at = NOW + timedelta(days=7)

    run = api.triggered(known.CHAT_QUALITY)

    assert run["data_start_time"] == run["data_end_time"] == "2026-03-10T15:00:00.000Z"


trigger(
    "C27-first run without a start",
    task_path(known.SUPPORT_CHECKS),
    {},
    422,
    "data_start_time is required",
    "first run",
)


@behaviour("C27-a cancelled run counts as an earlier one")
def _(api: Api) -> None:
    run = api.triggered(known.SUPPORT_CHECKS, {"data_start_time": START})
    assert api.post(run_path(run["id"], "cancel")).status == 200

    assert api.triggered(known.SUPPORT_CHECKS)["data_start_time"] == run["created_at"]


@behaviour("C28-the window goes from the last run until now")
def _(api: Api) -> None:
    run = api.triggered(known.CHAT_QUALITY)

    assert (run["data_start_time"], run["data_end_time"]) == ("2026-03-01T14:30:00.000Z", "2026-03-10T15:00:00.000Z")
    assert api.task(known.CHAT_QUALITY)["last_run_at"] == run["created_at"]


trigger("C29-start for a dataset", REVIEW, {"data_start_time": START}, 400, "data_start_time does not apply", "dataset")
trigger("C29-end for a dataset", REVIEW, {"data_end_time": END}, 400, "data_end_time does not apply", "dataset")
trigger(
    "C30-experiments for a project", CHAT, {"experiment_ids": [known.BASELINE]}, 400, "experiment_ids does not apply"
)
trigger(
    "C30-experiment of another dataset",
    REVIEW,
    {"experiment_ids": [known.REGRESSION_EXPERIMENT]},
    422,
    "experiment_ids[0]",
)


@behaviour("C30-an experiment the task does not list, but of its dataset, is fine")
def _(api: Api) -> None:
    run = api.triggered(known.GOLDEN_REVIEW, {"experiment_ids": [known.CANDIDATE, known.BASELINE]})
    api.mock.clock.advance(2)
    ended = api.run(run["id"])

    assert ended["num_successes"] + ended["num_errors"] + ended["num_skipped"] == 240


trigger("C31-no spans", CHAT, {"max_spans": 0}, 400, "max_spans has to be 1 or more, not 0")
trigger("C31-half a span", CHAT, {"max_spans": 1.5}, 400, "max_spans has to be a whole number")
trigger(
    "C31-override is text", CHAT, {"override_evaluations": "yes"}, 400, "override_evaluations has to be true or false"
)


@behaviour("C31-no more spans than allowed")
def _(api: Api) -> None:
    run = api.triggered(known.CHAT_QUALITY, {"max_spans": 100, "override_evaluations": True})
    api.mock.clock.advance(2)
    ended = api.run(run["id"])

    assert ended["num_successes"] + ended["num_errors"] + ended["num_skipped"] == 100


for text in (
    "2026-03-01T00:00:00",
    "2026-03-01",
    "yesterday",
    "",
    "2026-13-01T00:00:00Z",
    "0001-01-01T00:00:00+14:00",
    "2026-03-01 00:00:00Z",
):
    trigger(
        f"C32-not a time with an offset: {text!r}", CHAT, {"data_start_time": text}, 422, "data_start_time", "offset"
    )
trigger("C32-not a string", CHAT, {"data_end_time": 1772323200}, 400, "data_end_time has to be a string")


@behaviour("C32-any offset is read")
def _(api: Api) -> None:
    run = api.triggered(
        known.CHAT_QUALITY, {"data_start_time": START, "data_end_time": "2026-03-07t01:30:00.1234+01:30"}
    )

    assert run["data_end_time"] == "2026-03-07T00:00:00.123Z"


@behaviour("C33-a new run is pending and empty")
def _(api: Api) -> None:
    run = api.triggered(known.GOLDEN_REVIEW)

    assert run == {
        **run,
        "task_id": known.GOLDEN_REVIEW,
        "experiment_id": None,
        "status": "pending",
        "run_started_at": None,
        "run_finished_at": None,
        "data_start_time": None,
        "data_end_time": None,
        "num_successes": 0,
        "num_errors": 0,
        "num_skipped": 0,
        "created_at": "2026-03-10T15:00:00.000Z",
        "created_by_user_id": "VXNlcjoxOm5OYkM=",
    }


@behaviour("C34-a run goes on by itself while it is polled")
def _(api: Api) -> None:
    run = api.triggered(known.CHAT_QUALITY)
    seen = []

    for _ in range(5):
        seen.append(api.run(run["id"])["status"])
        api.mock.clock.advance(0.5)

    assert seen == ["pending", "running", "running", "running", "completed"]


@behaviour("C35-an experiment run has no window, and its experiment comes later")
def _(api: Api) -> None:
    run = api.triggered(known.NIGHTLY_SUMMARIES, {"experiment_name": "later"})
    assert (run["experiment_id"], run["data_start_time"], run["data_end_time"]) == (None, None, None)

    api.mock.clock.advance(0.5)
    running = api.run(run["id"])

    assert running["status"] == "running"
    experiment = api.get(f"/v2/experiments/{running['experiment_id']}").json
    assert (experiment["name"], experiment["dataset_version_id"]) == ("later", known.GOLDEN_SET_VERSION)


refused(
    "C36-a completed run", "POST", run_path(known.CHAT_QUALITY_RUN, "cancel"), ABSENT, 400, "is completed", "cancelled"
)


@behaviour("C36-a pending run is cancelled before it starts, once")
def _(api: Api) -> None:
    run = api.triggered(known.CHAT_QUALITY)
    api.mock.clock.advance(0.1)

    cancelled = api.post(run_path(run["id"], "cancel"))

    assert cancelled.status == 200
    assert (cancelled.json["status"], cancelled.json["run_started_at"]) == ("cancelled", None)
    assert cancelled.json["run_finished_at"] == "2026-03-10T15:00:00.100Z"
    assert api.post(run_path(run["id"], "cancel")).status == 400


@behaviour("C36-a running run is cancelled and stays so")
def _(api: Api) -> None:
    run = api.triggered(known.CHAT_QUALITY)
    api.mock.clock.advance(1)

    assert api.post(run_path(run["id"], "cancel")).json["status"] == "cancelled"
    api.mock.clock.advance(10)
    ended = api.run(run["id"])

    assert (ended["status"], ended["run_started_at"]) == ("cancelled", "2026-03-10T15:00:00.400Z")


@behaviour("C38-deleting a task takes its runs along")
def _(api: Api) -> None:
    assert (api.delete(CHAT).status, api.delete(CHAT).status) == (204, 404)
    assert api.get(CHAT).status == 404
    assert api.get(run_path(known.CHAT_QUALITY_RUN)).status == 404
    assert api.get(f"{CHAT}/runs").status == 404


@behaviour("C38-deleting a task ends its runs under way and frees their names")
def _(api: Api) -> None:
    run = api.triggered(known.NIGHTLY_SUMMARIES, {"experiment_name": "never"})

    assert api.delete(NIGHTLY).status == 204
    api.mock.clock.advance(5)

    assert api.get(run_path(run["id"])).status == 404
    task = api.created(EXPERIMENT_TASK)
    assert api.post(task_path(task["id"], "trigger"), {"experiment_name": "never"}).status == 201


@behaviour("C39-task and evaluator keep their own filters")
def _(api: Api) -> None:
    task = api.created(
        {**PROJECT_TASK, "query_filter": "a = 1", "evaluators": [{**EVALUATOR, "query_filter": "b = 2"}]}
    )

    assert (task["query_filter"], task["evaluators"][0]["query_filter"]) == ("a = 1", "b = 2")


@behaviour("C40-tracing metadata is taken")
def _(api: Api) -> None:
    run = api.triggered(known.NIGHTLY_SUMMARIES, {"experiment_name": "x", "tracing_metadata": {"release": "7"}})

    assert run["status"] == "pending"


trigger(
    "C40-tracing metadata that is no text",
    NIGHTLY,
    {"experiment_name": "x", "tracing_metadata": {"a": 1}},
    400,
    "tracing_metadata.a",
)


@behaviour("C41-evaluation tasks follow a completed experiment")
def _(api: Api) -> None:
    followers = [known.GOLDEN_REVIEW, known.CHAT_QUALITY, known.SUPPORT_CHECKS]
    api.triggered(known.NIGHTLY_SUMMARIES, {"experiment_name": "x", "evaluation_task_ids": followers})
    api.mock.clock.advance(1.9)
    assert api.get(f"{REVIEW}/runs").json["task_runs"] == []

    api.mock.clock.advance(0.2)

    review, chat, support = (api.get(task_path(task, "runs")).json["task_runs"][0] for task in followers)
    assert [run["status"] for run in (review, chat, support)] == ["pending"] * 3
    assert {run["created_at"] for run in (review, chat, support)} == {"2026-03-10T15:00:02.000Z"}
    assert (review["data_start_time"], chat["data_start_time"]) == (None, "2026-03-01T14:30:00.000Z")
    assert support["data_start_time"] == "2026-02-22T10:00:00.000Z"


trigger(
    "C41-unknown task",
    NIGHTLY,
    {"experiment_name": "x", "evaluation_task_ids": [UNKNOWN_TASK]},
    404,
    "evaluation_task_ids[0]",
)
trigger(
    "C41-not an evaluation task",
    NIGHTLY,
    {"experiment_name": "x", "evaluation_task_ids": [known.NIGHTLY_SUMMARIES]},
    422,
    "evaluation_task_ids[0]",
    "not an evaluation task",
)
refused("C42-unknown task of runs", "GET", task_path(UNKNOWN_TASK, "runs"), ABSENT, 404, "there is no task")
refused("C43-malformed id in a path", "GET", task_path(MALFORMED_ID), ABSENT, 400, "task_id", MALFORMED_ID)
refused("C43-id of another kind in a path", "GET", task_path(known.GOLDEN_SET), ABSENT, 404, "there is no task")


@pytest.mark.parametrize("case", CASES.parameters())
def test_rule(api: Api, case: Case) -> None:
    """A rule holds; the id of the test case has the rule's id."""
    case.play(api)
