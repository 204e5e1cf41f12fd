"""What reading, creating, changing and deleting tasks should come to."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from axtasks import (
    ConflictError,
    InvalidArgumentError,
    NotApplicableError,
    NotFoundError,
    UnprocessableEntityError,
)
from axtasks.errors import BadRequestError
from axtasks_api_beta import models
from axtasks_api_beta.types import Unset

from tests.property.contract import is_beta
from tests.property.model_compare import check_id, check_task, within
from tests.property.model_names import (
    CLIENT,
    CONFLICT,
    EXISTENCE,
    FORM,
    MEANING,
    Refusal,
    bad,
    check_reference,
    noun_of,
    resolve,
    status,
    wrong_kind,
)
from tests.property.model_prediction import Prediction, Problems
from tests.property.model_state import EVALUATIONS, RUN_EXPERIMENT, Model, Task
from tests.property.model_story import DifferenceError
from tests.property.model_world import AGENT, CODE, INTEGRATION, TEMPLATE, USELESS_INTEGRATION, Json

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

UPDATABLE = {
    "evaluation": ["name", "sampling_rate", "is_continuous", "query_filter", "evaluators"],
    "experiment": ["name", "run_configuration"],
    "newer evaluation": ["query_filters"],
}
PROJECT_ONLY = {"sampling_rate", "is_continuous"}
# What a run configuration cannot be without, by its kind.
NEEDED = {
    "llm_generation": {"ai_integration_id", "messages"},
    "template_evaluation": {"ai_integration_id", "template", "provide_explanation"},
    "agent_call": {"integration_id", "input_template"},
}
NEWER_OF_EVALUATORS = ("evaluator_version_id", "query_mappings")
CREATE, UPDATE = "create_task", "update_task"
# How long a task that bears the name already may be mistaken for the one whose creation nobody answered.
MISTAKABLE = timedelta(minutes=6)


def is_share(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= 1


def is_text(value: Any) -> bool:
    return isinstance(value, str) and bool(value)


def held(model: Model, problems: Problems, operation: str, noun: str, value: str) -> Any:
    """What the server makes of an id in a body (rules C13 and C43): the thing, if it is one of that kind."""
    found = model.thing(noun, value) if noun in {"project", "dataset", "experiment", "evaluator", "task"} else None
    if found is not None:
        return found
    kind = noun_of(value)
    if kind is None:
        problems.add(status(FORM, BadRequestError, 400, operation))
    elif kind in {"", noun}:
        problems.add(status(EXISTENCE, NotFoundError, 404, operation))
    else:
        problems.add(status(MEANING, UnprocessableEntityError, 422, operation))
    return None


def found_task(model: Model, problems: Problems, reference: Any, space: Any, default: str | None) -> Task | None:
    """The task that a call is about, once it was looked up and read."""
    task_id = problems.tried(resolve, model, "task", reference, space=space, default=default)
    if task_id is None:
        return None
    task: Task | None = model.thing("task", task_id)
    if task is None:
        problems.add(status(CLIENT, NotFoundError, 404))
    return task


def evaluators_of(
    model: Model, problems: Problems, given: Any, space: str | None, default: str | None
) -> list[Json] | None:
    """The evaluators as they are stored, if they can be; what the client can tell about them is entered."""
    if not isinstance(given, list) or not given:
        problems.add(bad("evaluators"))
        return None
    entries = [{"evaluator_id": each} if isinstance(each, str) else each for each in given]
    ids: list[str] = []
    for entry in entries:
        reference = entry.get("evaluator_id")
        if wrong := check_reference("evaluator", reference, argument="evaluators"):
            problems.add(*wrong)
            return None
        if [each.get("evaluator_id") for each in entries].count(reference) > 1:
            problems.add(bad("evaluators"))
            return None
    for entry in entries:
        reference = entry["evaluator_id"]
        found = problems.tried(resolve, model, "evaluator", reference, space=space, default=default)
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


def check_evaluators(
    model: Model, problems: Problems, evaluators: Sequence[Json], kind: models.TaskType, operation: str
) -> None:
    """What the server finds wrong with evaluators (C13, J25, B10, B12); their names are filled in."""
    wanted = TEMPLATE if kind == models.TaskType.TEMPLATE_EVALUATION else CODE
    for entry in evaluators:
        found = held(model, problems, operation, "evaluator", entry["evaluator_id"])
        if found is not None:
            entry["evaluator_name"] = found.name
            is_pinned_well = entry.get("evaluator_version_id") in {None, found.version_id}
            if found.type != wanted or not is_pinned_well:
                problems.add(status(MEANING, UnprocessableEntityError, 422, operation))
    if is_beta() and wanted == CODE and len(evaluators) > 1:
        problems.add(status(MEANING, UnprocessableEntityError, 422, operation))


def stored_configuration(model: Model, problems: Problems, given: Any, operation: str) -> Json | None:
    """A run configuration as it comes back, if it can be sent."""
    if not isinstance(given, dict) or given.get("experiment_type") not in NEEDED:
        problems.add(bad("run_configuration"))
        return None
    shown = {name: value for name, value in given.items() if value is not None}
    is_generation = shown["experiment_type"] == "llm_generation"
    if not NEEDED[shown["experiment_type"]] <= shown.keys() or "colour" in shown:
        problems.add(bad("run_configuration"))
        return None
    is_call = shown["experiment_type"] == "agent_call"
    used = shown["integration_id" if is_call else "ai_integration_id"]
    if used not in {INTEGRATION, USELESS_INTEGRATION, AGENT}:
        held(model, problems, operation, "AI integration", used)
    elif (used == AGENT) != is_call:
        problems.add(status(MEANING, UnprocessableEntityError, 422, operation))
    return {"input_variable_format": models.InputVariableFormat.F_STRING, **shown} if is_generation else shown


def create_evaluation(model: Model, default: str | None, name: Any, named: Json) -> Prediction:
    """A new task that evaluates."""
    problems = Problems()
    kind = models.TaskType(named["task_type"]) if isinstance(named["task_type"], str) else None
    if not is_text(name):
        problems.add(bad("name"))
    if kind not in EVALUATIONS:
        problems.add(bad("task_type"))
    _check_source(problems, named)
    space, experiments = named.get("space"), named.get("experiment_ids") or []
    sources: Json = {"project_id": None, "dataset_id": None}
    for noun in ("project", "dataset"):
        if named.get(noun) is not None:
            found = problems.tried(resolve, model, noun, named[noun], space=space, default=default)
            sources[f"{noun}_id"] = found
    evaluators = evaluators_of(model, problems, named.get("evaluators"), space, default)
    if problems.found or kind is None or evaluators is None:
        return Prediction(problems.found)

    for experiment in experiments:
        seen = held(model, problems, CREATE, "experiment", experiment)
        if seen is not None and seen.dataset_id != sources["dataset_id"]:
            problems.add(status(MEANING, UnprocessableEntityError, 422, CREATE))
    for noun in ("project", "dataset"):
        if sources[f"{noun}_id"] is not None:
            held(model, problems, CREATE, noun, sources[f"{noun}_id"])
    check_evaluators(model, problems, evaluators, kind, CREATE)
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
    return _created(model, problems, fields)


def _check_source(problems: Problems, named: Json) -> None:
    """What does not go with a project or with a dataset (C1 to C5), and what is of no use at all."""
    project, dataset = named.get("project"), named.get("dataset")
    experiments = named.get("experiment_ids") or []
    rate, continuous, filtered = named.get("sampling_rate"), named.get("is_continuous"), named.get("query_filter")
    if (project is None) == (dataset is None):
        problems.add(bad("project"))
    for experiment in experiments:
        problems.add(bad("experiment_ids") if experiment == "" else wrong_kind("experiment", experiment))
    if (project is not None and experiments) or (dataset is not None and not experiments):
        problems.add(bad("experiment_ids"))
    if rate is not None and (dataset is not None or not is_share(rate)):
        problems.add(bad("sampling_rate"))
    if continuous is not None and (not isinstance(continuous, bool) or (dataset is not None and continuous)):
        problems.add(bad("is_continuous"))
    if filtered is not None and not isinstance(filtered, str):
        problems.add(bad("query_filter"))


def create_run_experiment(model: Model, default: str | None, name: Any, named: Json) -> Prediction:
    """A new task that runs experiments."""
    problems = Problems()
    if not is_text(name):
        problems.add(bad("name"))
    given = named["run_configuration"]
    later = Problems()
    configuration = stored_configuration(model, later, given, CREATE)
    problems.add(*(refusal for refusal in later.found if refusal.stage <= CLIENT))
    dataset_id = problems.tried(resolve, model, "dataset", named["dataset"], space=named.get("space"), default=default)
    if problems.found:
        return Prediction(problems.found)
    problems.add(*later.found)
    held(model, problems, CREATE, "dataset", str(dataset_id))
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
    return _created(model, problems, fields)


def _created(model: Model, problems: Problems, fields: Json) -> Prediction:
    if problems.found:
        return Prediction(problems.found)
    space_id = model.space_of(fields["project_id"], fields["dataset_id"])
    holder = model.holder_of(space_id, fields["name"])
    if holder is not None:
        problems.add(status(CONFLICT, ConflictError, 409, CREATE))
    # Only where its name was not changed since can another task be mistaken for the new one.
    is_alike = holder is not None and holder.type == fields["type"] and model.now - holder.created_at < MISTAKABLE

    def done(seen: Any, first: datetime, last: datetime) -> None:
        check_id("id of the new task", seen.id, "task", {*model.tasks, *model.gone})
        made_at = within("created_at of the new task", seen.created_at, first, last)
        task = Task(seen.id, space_id, fields, made_at, made_at)
        model.advance(made_at)
        model.add(task)
        check_task(seen, task)

    def look(client: Any) -> Any:
        listed = list(client.tasks.list(space=space_id, name=fields["name"][:255]))
        return next((it for it in listed if it.name == fields["name"] and it.id not in model.tasks), None)

    return Prediction(problems.found, done, look, may_be_mistaken=is_alike)


_CHECKS: dict[str, Any] = {
    "name": is_text,
    "sampling_rate": is_share,
    "is_continuous": lambda value: isinstance(value, bool),
    "query_filter": lambda value: value is None or isinstance(value, str),
    "evaluators": lambda value: isinstance(value, list) and value,
}


def update(model: Model, default: str | None, reference: Any, named: Json) -> Prediction:
    """A changed task."""
    space = named.get("space")
    given = {key: value for key, value in named.items() if key != "space" and not isinstance(value, Unset)}
    problems = _problems_of_update(reference, given)
    later = Problems()
    changed = dict(given)
    if "evaluators" in given:
        changed["evaluators"] = evaluators_of(model, problems, given["evaluators"], space, default)
    if "run_configuration" in given:
        changed["run_configuration"] = stored_configuration(model, later, given["run_configuration"], UPDATE)
        problems.add(*(refusal for refusal in later.found if refusal.stage <= CLIENT))
    task = None if not is_text(reference) else found_task(model, problems, reference, space, default)
    if task is not None:
        problems.add(not_applicable(task, given, UPDATABLE, PROJECT_ONLY, set()))
    if problems.found or task is None:
        return Prediction(problems.found)

    problems.add(*later.found)
    if changed.get("evaluators"):
        check_evaluators(model, problems, changed["evaluators"], task.type, UPDATE)
    holder = model.holder_of(task.space_id, changed.get("name", task.name))
    if holder is not None and holder is not task:
        problems.add(status(CONFLICT, ConflictError, 409, UPDATE))

    def done(seen: Any, first: datetime, last: datetime) -> None:
        if prediction.in_doubt and prediction.is_as_asked and seen.updated_at == task.updated_at:
            check_task(seen, task)
            return
        at = within("updated_at of the task", seen.updated_at, first, last)
        model.advance(at)
        task.fields.update(changed)
        task.updated_at = at
        check_task(seen, task)

    def look(client: Any) -> Any:
        seen = client.tasks.get(task.id)
        return None if seen.updated_at == task.updated_at else seen

    is_as_asked = all(task.fields.get(key) == value for key, value in changed.items())
    prediction = Prediction(problems.found, done, look, is_as_asked)
    return prediction


def _problems_of_update(reference: Any, given: Json) -> Problems:
    problems = Problems()
    problems.add(*check_reference("task", reference))
    problems.add(*(bad(key) for key, value in given.items() if not _CHECKS.get(key, bool)(value)))
    if not given:
        problems.add(bad("nothing to update"))
    return problems


def not_applicable(
    task: Task, given: Json, of_type: dict[str, list[str]], project_only: set[str], dataset_only: set[str]
) -> Refusal | None:
    """The refusal of fields that a task does not have, by its type, then by its data (C15, C19, C21, C29, C30)."""
    is_evaluation = task.type in EVALUATIONS
    kind = "evaluation" if is_evaluation else "experiment"
    valid = [*of_type[kind], *(of_type.get(f"newer {kind}", ()) if is_beta() else ())]
    wrong = set(given) - set(valid)
    if not wrong and is_evaluation:
        excluded = dataset_only if task.is_over_project else project_only
        wrong = set(given) & excluded
        valid = [name for name in valid if name not in excluded]
    if not wrong:
        return None
    says = {
        "fields": lambda seen: set(seen) == wrong,
        "task_type": task.type,
        "valid": lambda seen: set(seen) == set(valid),
    }
    return Refusal(CLIENT, NotApplicableError, says)


def delete(model: Model, default: str | None, reference: Any, named: Json) -> Prediction:
    """A task that is gone."""
    problems = Problems()
    task_id = problems.tried(resolve, model, "task", reference, space=named.get("space"), default=default)
    if task_id is None:
        return Prediction(problems.found)
    task = model.tasks.get(task_id)
    if task is None:
        return Prediction([status(EXISTENCE, NotFoundError, 404, "delete_task")], is_as_asked=True)

    def done(seen: Any, first: datetime, last: datetime) -> None:
        del first
        if seen not in {None, True}:
            raise DifferenceError(f"delete returned {seen!r}")
        model.advance(last)
        model.delete(task)

    def look(client: Any) -> Any:
        try:
            client.tasks.get(task.id)
        except NotFoundError:
            return True
        return None

    return Prediction(problems.found, done, look)


def get(model: Model, default: str | None, reference: Any, named: Json) -> Prediction:
    """A task."""
    problems = Problems()
    task = found_task(model, problems, reference, named.get("space"), default)

    def done(seen: Any, first: datetime, last: datetime) -> None:
        del first
        model.advance(last)
        assert task is not None
        check_task(seen, task)

    return Prediction(problems.found, done)
