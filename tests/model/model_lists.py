"""The predictions for lists, and for the resources that tasks refer to."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from axtasks import SpaceRequiredError
from axtasks_api import models

from tests.model.contract import is_beta
from tests.model.model_calls import ALL, FIRST, PAGES
from tests.model.model_compare import (
    check_equal,
    check_experiment,
    check_fields,
    check_run,
    check_task,
    plain,
)
from tests.model.model_names import (
    CLIENT,
    Refusal,
    RefusedError,
    check_reference,
    find_by_name,
    invalid_argument,
    noun_of,
    refused,
    resolve,
    resolve_space,
    wrong_kind,
)
from tests.model.model_prediction import Prediction, Problems
from tests.model.model_script import DifferenceError
from tests.model.model_server import UNSEEN, request_for
from tests.model.model_state import latest_first
from tests.model.model_tasks import found_task, is_text

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from tests.model.model_calls import Call
    from tests.model.model_state import Model
    from tests.model.model_world import Json

DEFAULT_LIMIT = 50


def _contains(part: str | None, name: str) -> bool:
    return part is None or part.lower() in name.lower()


def _paging(problems: Problems, named: Json) -> None:
    limit, part = named.get("limit", DEFAULT_LIMIT), named.get("name")
    if not isinstance(limit, int) or isinstance(limit, bool) or not 1 <= limit <= 100:
        problems.add(invalid_argument("limit"))
    if "name" in named and part is not None and (not is_text(part) or len(part) > 255):
        problems.add(invalid_argument("name"))


def list_tasks(model: Model, default: str | None, call: Call) -> Prediction:
    """Predict the list of tasks, by all filters."""
    problems, named = Problems(), call.named
    _paging(problems, named)
    kind = named.get("task_type")
    if kind is not None and (not isinstance(kind, str) or not models.TaskType(kind).is_known):
        problems.add(invalid_argument("task_type"))
    sources = {noun: named[noun] for noun in ("project", "dataset") if named.get(noun) is not None}
    for noun, value in sources.items():
        problems.add(*check_reference(noun, value))
    if len(sources) > 1:
        problems.add(invalid_argument("project and dataset"))
    space = named.get("space")
    scope = space if space is not None or sources else default
    wanted: Json = {}
    if scope is not None:
        wanted["space"] = problems.attempt(resolve_space, model, scope)
    for noun, value in sources.items():
        wanted[noun] = problems.attempt(resolve, model, noun, value, space=space, default=default)
    if problems.found:
        return Prediction(problems.found)
    request = request_for(model, "list_tasks", query={f"{noun}_id": value for noun, value in wanted.items()})
    if refusals := refused(replace(request, known_cursor=call.is_cursor_valid)):
        return Prediction(refusals)

    def fits(task: Any) -> bool:
        return (
            _contains(named.get("name"), task.name)
            and (call.after is None or (task.created_at, task.number) < call.after)
            and wanted.get("space", task.space_id) == task.space_id
            and all(task.fields[f"{noun}_id"] == wanted[noun] for noun in sources)
            and (kind is None or task.type == models.TaskType(kind))
        )

    return listing("task", call, lambda: [it for it in model.newest_first("task") if fits(it)], check_task, model)


def list_runs(model: Model, default: str | None, call: Call) -> Prediction:
    """Predict the list of the runs of a task."""
    problems, named = Problems(), call.named
    _paging(problems, named)
    wanted = named.get("status")
    if wanted is not None and (not isinstance(wanted, str) or not models.TaskRunStatus(wanted).is_known):
        problems.add(invalid_argument("status"))
    problems.add(*check_reference("task", call.given[0]))
    if problems.found:
        return Prediction(problems.found)
    task = found_task(model, problems, call.given[0], named.get("space"), default)
    if task is None:
        return Prediction(problems.found)
    chosen = None if wanted is None else models.TaskRunStatus(wanted)

    def expected() -> list[Any] | None:
        runs = latest_first(task.runs)
        if chosen is None:
            return runs
        if any(len(run.statuses) > 1 and chosen in run.statuses for run in runs):
            return None
        return [run for run in runs if run.statuses == (chosen,)]

    return listing("run", call, expected, lambda seen, run: check_run(seen, run, model), model)


def _limits(model: Model, default: str | None, noun: str, named: Json, problems: Problems) -> dict[str, object]:
    """Return the filters of a list by the field that they compare."""
    wanted: dict[str, object] = {}
    if noun == "space" and named.get("organization") is not None:
        owner = named["organization"]
        problems.add(invalid_argument("organization") if not owner else wrong_kind("organization", owner))
        wanted["org_id"] = owner
    elif noun == "experiment" and named.get("dataset") is not None:
        wanted["dataset_id"] = problems.attempt(
            resolve, model, "dataset", named["dataset"], space=named.get("space"), default=default
        )
    elif noun not in {"space", "experiment"}:
        scope = named.get("space") if named.get("space") is not None else default
        if scope is not None:
            wanted["space_id"] = problems.attempt(resolve_space, model, scope)
    elif noun == "experiment" and is_beta() and named.get("space") is not None:
        wanted["space_id"] = problems.attempt(resolve_space, model, named["space"])
    return wanted


def lookups(model: Model, default: str | None, call: Call) -> Prediction:
    """Predict a list of resources that tasks refer to."""
    noun = call.method.partition(".")[0].removesuffix("s")
    problems, named = Problems(), call.named
    _paging(problems, named)
    wanted = _limits(model, default, noun, named, problems)
    if problems.found:
        return Prediction(problems.found)
    if refusals := refused(request_for(model, f"list_{noun}s", query=wanted)):
        return Prediction(refusals)
    wanted = {"organization_id" if field == "org_id" else field: value for field, value in wanted.items()}

    def expected() -> list[Any]:
        return [it for it in model.newest_first(noun) if fits(it) and _contains(named.get("name"), it.name)]

    def fits(it: Any) -> bool:
        return all(getattr(it, field) == value for field, value in wanted.items())

    return listing(noun, call, expected, lambda seen, it: check_thing(model, noun, seen, it), model)


def listing(
    noun: str,
    call: Call,
    expected: Callable[[], list[Any] | None],
    check: Callable[[Any, Any], None],
    model: Model,
) -> Prediction:
    """Predict a list of these items, on pages of the requested size."""
    limit = call.named.get("limit", DEFAULT_LIMIT)

    def apply(seen: Any, first: datetime, last: datetime) -> None:
        del first
        model.advance(last)
        items = expected()
        if items is None:
            return
        if call.reading == ALL:
            _compare(noun, seen, items, check)
        pages = seen if call.reading == PAGES else [seen] if call.reading == FIRST else []
        if pages and call.reading == PAGES:
            check_equal("number of pages", len(pages), max(1, -(-len(items) // limit)))
        for number, page in enumerate(pages):
            expected_here = items[number * limit : (number + 1) * limit]
            _compare(noun, page.items, expected_here, check)
            has_more = len(items) > (number + 1) * limit
            check_equal("next_cursor's presence", page.next_cursor is not None, has_more)
            check_equal("has_more", page.pagination.has_more, has_more)

    return Prediction([], apply)


def _compare(noun: str, seen: list[Any], items: list[Any], check: Callable[[Any, Any], None]) -> None:
    names = [getattr(it, "name", it.id) for it in items]
    shown = [getattr(it, "name", it.id) for it in seen]
    if len(seen) != len(items):
        raise DifferenceError(f"the list has the {noun}s {shown}, and should have {names}")
    if noun != "run" and shown != names:
        raise DifferenceError(f"the list has the {noun}s {shown}, and should have {names}, in this order")
    for one, it in zip(seen, items, strict=True):
        check(one, it)


def check_thing(model: Model, noun: str, seen: Any, it: Any, *, is_listed: bool = True) -> None:
    """Raise DifferenceError unless a resource that tasks refer to is as the model has it."""
    if noun == "experiment":
        check_experiment(seen, it, model)
        return
    expected: Json = {"id": it.id, "name": it.name, "created_at": it.created_at}
    names = {
        "space": ["description"],
        "project": ["space_id"],
        "dataset": ["space_id", "updated_at"],
        "evaluator": ["space_id", "updated_at", "type", "description"],
    }
    expected.update({name: getattr(it, name) for name in names[noun]})
    if is_beta() and noun == "space":
        expected.update(organization_id=it.organization_id, is_private=False)
    if is_beta() and noun == "project":
        expected["project_type"] = "application"
    if is_beta() and noun == "evaluator" and not is_listed:
        if seen.version is None or (seen.version.evaluator_id, seen.version.type) != (it.id, it.type):
            raise DifferenceError(f"the evaluator {it.name!r} has no version of its own")
        expected["version"] = plain(seen)["version"]
    if noun == "dataset" and not is_listed:
        expected["versions"] = [
            {
                "id": each.id,
                "name": each.name,
                "dataset_id": it.id,
                "created_at": each.created_at,
                "updated_at": each.created_at,
            }
            for each in it.versions
        ]
    check_fields(f"the {noun} {it.name!r}", seen, expected)


def get_thing(model: Model, default: str | None, call: Call) -> Prediction:
    """Predict a single resource that tasks refer to."""
    noun = call.method.partition(".")[0].removesuffix("s")
    problems, named, reference = Problems(), call.named, call.given[0]
    space = named.get("space")
    version = named.get("version_id")
    if version is not None:
        problems.add(invalid_argument("version_id") if version == "" else wrong_kind("evaluator version", version))
    if noun == "space":
        identifier = problems.attempt(resolve_space, model, reference)
    elif noun == "experiment":
        identifier = problems.attempt(_experiment_id, model, default, reference, named)
    else:
        identifier = problems.attempt(resolve, model, noun, reference, space=space, default=default)
    if problems.found:
        return Prediction(problems.found)
    it = model.thing(noun, identifier)
    if it is None and noun == "experiment" and identifier is not None and identifier.startswith(UNSEEN):
        # An experiment that a run created, whose id no response has shown yet.
        it = next(it for it in model.experiments if not it.id and it.name == reference)
    else:
        request = request_for(model, f"get_{noun}", ids={f"{noun}_id": str(identifier)}, query={"version_id": version})
        if refusals := refused(request):
            return Prediction(refusals)

    def apply(seen: Any, first: datetime, last: datetime) -> None:
        del first
        model.advance(last)
        check_thing(model, noun, seen, it, is_listed=False)

    return Prediction([], apply)


def _experiment_id(model: Model, default: str | None, reference: Any, named: Json) -> str:
    if refusals := check_reference("experiment", reference):
        raise RefusedError(*refusals)
    if noun_of(reference) is not None:
        return str(reference)
    dataset = named.get("dataset")
    if dataset is None:
        raise RefusedError(Refusal(CLIENT, SpaceRequiredError, {"noun": "experiment", "value": reference}))
    dataset_id = resolve(model, "dataset", dataset, space=named.get("space"), default=default)
    if refusals := refused(request_for(model, "list_experiments", query={"dataset_id": dataset_id}), stage=CLIENT):
        raise RefusedError(*refusals)
    return find_by_name(model, "experiment", reference, lambda it: it.dataset_id == dataset_id)
