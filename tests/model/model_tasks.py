"""The predictions for reading, creating, changing and deleting tasks."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from axtasks import ConflictError, InvalidArgumentError, NotApplicableError, NotFoundError
from axtasks_api import models
from axtasks_api.types import Unset

from tests.dialects import on_the_wire
from tests.model.contract import body_fits, is_beta
from tests.model.effects import variable_format
from tests.model.model_compare import check_between, check_id, check_task
from tests.model.model_names import (
    CLIENT,
    Refusal,
    check_reference,
    experiments_of,
    invalid_argument,
    refused,
    resolve,
    status,
    wrong_kind,
)
from tests.model.model_prediction import Prediction, Problems
from tests.model.model_script import DifferenceError
from tests.model.model_server import changed, request_for, sent
from tests.model.model_state import EVALUATIONS, RUN_EXPERIMENT, Model, Task
from tests.model.rules_in_force import broken
from tests.model.rules_tasks import effective_fields, fields_of_other_data, fields_of_type, is_experiment

if TYPE_CHECKING:
    from datetime import datetime

    from tests.model.model_world import Json
    from tests.model.request import Request

ARGUMENTS = {
    "C1": "project",
    "C2": "experiment_ids",
    "C3": "experiment_ids",
    "C4": "sampling_rate",
    "C5": "is_continuous",
}
"""The arguments that the client's error names, for the rules that the client checks itself."""
NEWER_OF_EVALUATORS = ("evaluator_version_id", "query_mappings")
CREATE, UPDATE = "create_task", "update_task"
# For this long another task of the name may be mistaken for the one whose creation got no response.
MISTAKABLE = timedelta(minutes=6)


def is_text(value: Any) -> bool:
    return isinstance(value, str) and bool(value)


def misfits(fields: Json) -> list[Refusal]:
    """Return the refusals of fields that no task of any type can have."""
    return [
        invalid_argument(name) for name, value in fields.items() if not body_fits(UPDATE, on_the_wire({name: value}))
    ]


def found_task(model: Model, problems: Problems, reference: Any, space: Any, default: str | None) -> Task | None:
    """Return the task of a call, after looking it up and reading it."""
    task_id = problems.attempt(resolve, model, "task", reference, space=space, default=default)
    if task_id is None:
        return None
    task: Task | None = model.thing("task", task_id)
    if task is None:
        problems.add(status(CLIENT, 404))
    return task


def evaluators_of(
    model: Model, problems: Problems, given: Any, space: str | None, default: str | None
) -> list[Json] | None:
    """Return the evaluators as they are stored; add the client's refusals to the problems."""
    if not isinstance(given, list) or not given:
        problems.add(invalid_argument("evaluators"))
        return None
    entries = [{"evaluator_id": each} if isinstance(each, str) else each for each in given]
    ids: list[str] = []
    for entry in entries:
        reference = entry.get("evaluator_id")
        if wrong := check_reference("evaluator", reference, argument="evaluators"):
            problems.add(*wrong)
            return None
        if [each.get("evaluator_id") for each in entries].count(reference) > 1:
            problems.add(invalid_argument("evaluators"))
            return None
    for entry in entries:
        reference = entry["evaluator_id"]
        found = problems.attempt(resolve, model, "evaluator", reference, space=space, default=default)
        if found is not None:
            ids.append(found)
    if len(ids) < len(entries):
        return None
    if len(set(ids)) < len(ids):
        problems.add(Refusal(CLIENT, InvalidArgumentError, text="evaluators"))
        return None
    shown = ("query_filter", "column_mappings", *(NEWER_OF_EVALUATORS if is_beta() else ()))
    return [
        {"evaluator_id": identifier, **{name: entry.get(name) for name in shown}}
        for identifier, entry in zip(ids, entries, strict=True)
    ]


def stored(model: Model, fields: Json) -> Json:
    """Return fields of a task as they are shown: with names of evaluators, and the default format of variables."""
    found = dict(fields)
    if "evaluators" in fields:
        found["evaluators"] = [
            {**each, "evaluator_name": model.thing("evaluator", each["evaluator_id"]).name}
            for each in fields["evaluators"]
        ]
    if "run_configuration" in fields:
        shown = {name: value for name, value in fields["run_configuration"].items() if value is not None}
        is_generation = shown["experiment_type"] == "llm_generation"
        usual = {"input_variable_format": models.InputVariableFormat(variable_format(shown))} if is_generation else {}
        found["run_configuration"] = {**usual, **shown}
    return found


def create_evaluation(model: Model, default: str | None, name: Any, named: Json) -> Prediction:
    """Predict a new evaluation task."""
    problems = Problems()
    kind = models.TaskType(named["task_type"]) if isinstance(named["task_type"], str) else None
    if kind not in EVALUATIONS:
        problems.add(invalid_argument("task_type"))
    _check_fields(model, problems, name, named)
    space, experiments = named.get("space"), named.get("experiment_ids") or []
    sources: Json = {"project_id": None, "dataset_id": None}
    for noun in ("project", "dataset"):
        if named.get(noun) is not None:
            found = problems.attempt(resolve, model, noun, named[noun], space=space, default=default)
            sources[f"{noun}_id"] = found
    evaluators = evaluators_of(model, problems, named.get("evaluators"), space, default)
    if not problems.found and sources["dataset_id"] is not None:
        experiments = problems.attempt(experiments_of, model, experiments, sources["dataset_id"]) or []
    if problems.found or evaluators is None:
        return Prediction(problems.found)
    fields = {
        "name": name,
        "type": kind,
        **sources,
        "sampling_rate": named.get("sampling_rate"),
        "is_continuous": named.get("is_continuous") or False,
        "query_filter": named.get("query_filter"),
        "evaluators": evaluators,
        "experiment_ids": experiments,
    }
    return _created(model, fields)


def _check_fields(model: Model, problems: Problems, name: Any, named: Json) -> None:
    """Add the refusals that the client finds: of single fields, and of fields unfit for a project or dataset."""
    fields = ("sampling_rate", "is_continuous", "query_filter")
    given = {field: named[field] for field in fields if named.get(field) is not None}
    problems.add(*misfits({"name": name, **given}))
    sources = {f"{noun}_id": named[noun] for noun in ("project", "dataset") if named.get(noun) is not None}
    experiments = named.get("experiment_ids") or []
    for experiment in experiments:
        problems.add(invalid_argument("experiment_ids") if experiment == "" else wrong_kind("experiment", experiment))
    body = {"type": EVALUATIONS[0], **given, **sources, "experiment_ids": experiments}
    rules = broken(request_for(model, CREATE, body=changed(body)))
    problems.add(*(invalid_argument(ARGUMENTS[rule.id]) for rule in rules if rule.id in ARGUMENTS))


def create_run_experiment(model: Model, default: str | None, name: Any, named: Json) -> Prediction:
    """Predict a new run_experiment task."""
    problems = Problems()
    configuration = named["run_configuration"]
    problems.add(*misfits({"name": name, "run_configuration": configuration}))
    dataset_id = problems.attempt(
        resolve, model, "dataset", named["dataset"], space=named.get("space"), default=default
    )
    if problems.found:
        return Prediction(problems.found)
    fields = {
        "name": name,
        "type": RUN_EXPERIMENT,
        "project_id": None,
        "dataset_id": dataset_id,
        "sampling_rate": None,
        "is_continuous": False,
        "query_filter": None,
        "evaluators": [],
        "experiment_ids": [],
        "run_configuration": configuration,
    }
    return _created(model, fields)


def _created(model: Model, fields: Json) -> Prediction:
    refusals = refused(request_for(model, CREATE, body=sent(fields)))
    if any(it.error is not ConflictError for it in refusals):
        return Prediction(refusals)
    space_id, shown = model.space_of(fields["project_id"], fields["dataset_id"]), stored(model, fields)
    holder = model.holder_of(space_id, fields["name"])
    # Another task is only mistaken for the new one if its name was not changed since.
    is_alike = holder is not None and holder.type == fields["type"] and model.now - holder.created_at < MISTAKABLE

    def apply(seen: Any, first: datetime, last: datetime) -> None:
        check_id("id of the new task", seen.id, "task", {*model.tasks, *model.deleted_tasks})
        made_at = check_between("created_at of the new task", seen.created_at, first, last)
        task = Task(seen.id, space_id, shown, made_at, made_at)
        model.advance(made_at)
        model.add(task)
        check_task(seen, task)

    def probe(client: Any) -> Any:
        listed = list(client.tasks.list(space=space_id, name=fields["name"][:255]))
        return next((it for it in listed if it.name == fields["name"] and it.id not in model.tasks), None)

    return Prediction(refusals, apply, probe, may_be_mistaken=is_alike)


def update(model: Model, default: str | None, reference: Any, named: Json) -> Prediction:
    """Predict a changed task."""
    problems, space = Problems(), named.get("space")
    given = {key: value for key, value in named.items() if key != "space" and not isinstance(value, Unset)}
    problems.add(*check_reference("task", reference))
    problems.add(*misfits({key: value for key, value in given.items() if key != "evaluators"}))
    if not given:
        problems.add(invalid_argument("nothing to update"))
    fields = dict(given)
    if "evaluators" in given:
        fields["evaluators"] = evaluators_of(model, problems, given["evaluators"], space, default)
    task = None if not is_text(reference) else found_task(model, problems, reference, space, default)
    if task is not None:
        request = request_for(model, UPDATE, ids={"task_id": task.id}, body=changed(fields))
        problems.add(not_applicable(request, task))
    if problems.found or task is None:
        return Prediction(problems.found)
    refusals = refused(request)
    if any(it.error is not ConflictError for it in refusals):
        return Prediction(refusals)
    shown = stored(model, fields)

    def apply(seen: Any, first: datetime, last: datetime) -> None:
        if prediction.in_doubt and prediction.is_already_done and seen.updated_at == task.updated_at:
            check_task(seen, task)
            return
        at = check_between("updated_at of the task", seen.updated_at, first, last)
        model.advance(at)
        task.fields.update(shown)
        task.updated_at = at
        check_task(seen, task)

    def probe(client: Any) -> Any:
        seen = client.tasks.get(task.id)
        return None if seen.updated_at == task.updated_at else seen

    is_already_done = all(task.fields.get(key) == value for key, value in shown.items())
    prediction = Prediction(refusals, apply, probe, is_already_done)
    return prediction


def not_applicable(request: Request, task: Task) -> Refusal | None:
    """Return the client's refusal of fields that the task cannot have, by its type, then by its data."""
    given, valid = set(request.fields), set(fields_of_type(request))
    wrong = given - valid
    if not wrong and not is_experiment(request.task):
        valid -= fields_of_other_data(request)
        wrong = effective_fields(request) - valid
    if not wrong:
        return None
    says = {
        "fields": lambda seen: set(seen) == wrong,
        "task_type": task.type,
        "valid": lambda seen: set(seen) == valid,
    }
    return Refusal(CLIENT, NotApplicableError, says)


def delete(model: Model, default: str | None, reference: Any, named: Json) -> Prediction:
    """Predict a deleted task."""
    problems = Problems()
    space = named.get("space")
    task_id = problems.attempt(resolve, model, "task", reference, space=space, default=default, needs_space=True)
    if task_id is None:
        return Prediction(problems.found)
    if refusals := refused(request_for(model, "delete_task", ids={"task_id": task_id})):
        return Prediction(refusals, is_already_done=True)
    task = model.tasks[task_id]

    def apply(seen: Any, first: datetime, last: datetime) -> None:
        del first
        if seen not in {None, True}:
            raise DifferenceError(f"delete returned {seen!r}")
        model.advance(last)
        model.delete(task)

    def probe(client: Any) -> Any:
        try:
            client.tasks.get(task.id)
        except NotFoundError:
            return True
        return None

    return Prediction(problems.found, apply, probe)


def get(model: Model, default: str | None, reference: Any, named: Json) -> Prediction:
    """Predict a task."""
    problems = Problems()
    task = found_task(model, problems, reference, named.get("space"), default)

    def apply(seen: Any, first: datetime, last: datetime) -> None:
        del first
        model.advance(last)
        assert task is not None
        check_task(seen, task)

    return Prediction(problems.found, apply)
