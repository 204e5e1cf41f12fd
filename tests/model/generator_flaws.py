"""A generator of flaws: each makes a request violate a rule, close to its boundary."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from tests.model import contract, generator_bodies, generator_flaws_beta
from tests.model.generator_values import MILLISECOND, UNUSUAL, any_of, chance, format_time, other_identifier
from tests.model.generator_values import identifier as unknown
from tests.model.rules_tasks import LONGEST_WINDOW, taken_names

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from random import Random

    from tests.model.contract import Json, Operation
    from tests.model.exchange import History
    from tests.model.worlds import World

NO_TIMES = ("2026-03-01", "2026-03-01T00:00:00", "yesterday", "", "2026-13-01T00:00:00Z", "2026-02-30T00:00:00Z")
SERVER_FIELDS = ("id", "created_at", "updated_at", "created_by_user_id", "last_run_at")
ID_FIELDS = {
    "project_id": "projects",
    "dataset_id": "datasets",
    "dataset_version_id": "dataset_versions",
    "experiment_ids": "experiments",
    "evaluation_task_ids": "tasks",
    "evaluator_id": "evaluators",
    "ai_integration_id": "integrations",
    "integration_id": "integrations",
}


def fits_field(field: str, thing: Json) -> bool:
    """Return True if a field is meant for this integration; for other fields always."""
    return field not in {"integration_id", "ai_integration_id"} or thing.get("is_agent", False) == (
        field == "integration_id"
    )


def identifier(rng: Random, kind: str, world: World, history: History) -> str:
    """Choose an invalid id: unknown, deleted, of another type, or malformed."""
    gone = sorted(history.gone)
    choices: list[Callable[[], str]] = [
        lambda: unknown(rng, kind),
        lambda: other_identifier(rng, kind, world),
        lambda: any_of(rng, [each for each in UNUSUAL if each]),
        lambda: any_of(rng, gone) if gone else unknown(rng, kind),
    ]
    if kind == "task_runs":
        ended = [run["id"] for run in world.of("task_runs") if run["status"] in contract.TERMINAL]
        choices += [lambda: any_of(rng, ended)] * 4 if ended else []
    return any_of(rng, choices)()


def query(
    rng: Random, operation: Operation, world: World, given: dict[str, str], history: History, *, fitting: bool
) -> None:
    """Make one query parameter invalid."""
    name = any_of(rng, list(operation.query))
    if not fitting and chance(rng, 0.1):
        given[f"{name}s"] = given.pop(name, "x")
    elif name in operation.filter_kinds:
        kind = operation.filter_kinds[name]
        given[name] = any_of(rng, (unknown(rng, kind), other_identifier(rng, kind, world), *UNUSUAL[1:]))
    elif name == "cursor":
        # A cursor of the same list with other filters is the most likely one to be accepted by mistake.
        near = [cursor for scope, cursor in history.cursors if scope[0] == operation.id]
        cursors = [*near, *near, *(cursor for _, cursor in history.cursors)]
        given[name] = any_of(rng, cursors) if cursors and chance(rng, 0.7) else any_of(rng, ("x", "MS4yLjM", "🙂"))
    elif fitting:
        return
    elif name == "limit":
        given[name] = any_of(rng, ("0", "101", "-1", "1.5", "ten", "", "1000"))
    elif name in {"name", "space_name"}:
        given[name] = "x" * 256
    else:
        given[name] = any_of(rng, ("", "unheard_of", "PENDING ", "template", "pending", "TEMPLATE", "llm", "harness"))


def body(rng: Random, operation: str, world: World, path: dict[str, str], sound: Json, *, fitting: bool) -> Json:
    """Return a body with one flaw; a `fitting` one still matches the schemas."""
    task = world.get("tasks", path.get("task_id"))
    ways = {"create_task": _for_create, "update_task": _for_update, "trigger_task_run": _for_trigger}[operation]
    made = dict(sound or {})
    choices = [lambda: _wrong_reference(rng, world, made)]
    choices += ways(rng, world, task, made)
    if contract.is_beta():
        choices += _newer_ways(rng, operation, world, task, made)
    if not fitting and chance(rng, 0.35):
        choices = _shapes(rng, operation, made)
    any_of(rng, choices)()
    return made


def _newer_ways(rng: Random, operation: str, world: World, task: Json, made: Json) -> list[Callable[[], None]]:
    if operation == "create_task":
        return generator_flaws_beta.for_create(rng, world, made)
    if operation != "update_task" or task is None:
        return []
    is_experiment = task["type"] == contract.RUN_EXPERIMENT
    attached = [] if is_experiment else generator_bodies.evaluators(rng, world, task["type"], task.get("query_filters"))
    return generator_flaws_beta.for_update(rng, world, task, made, attached)


def _wrong_reference(rng: Random, world: World, made: Json) -> None:
    """Make one of the ids in the body invalid."""
    places: list[tuple[Json, str]] = [(made, name) for name in made if name in ID_FIELDS]
    places += [(each, "evaluator_id") for each in made.get("evaluators", ())]
    if "run_configuration" in made:
        configuration = made["run_configuration"]
        places += [(configuration, name) for name in configuration if name in ID_FIELDS]
    if not places:
        return
    holder, name = any_of(rng, places)
    kind = ID_FIELDS[name]
    wrong = any_of(rng, (unknown(rng, kind), other_identifier(rng, kind, world), any_of(rng, UNUSUAL)))
    if isinstance(holder[name], list):
        holder[name] = [*holder[name], wrong]
    else:
        holder[name] = wrong


def _repeat_evaluator(rng: Random, made: Json, attached: list[Json]) -> None:
    """Repeat one of the evaluators."""
    made["evaluators"] = [*attached, {"evaluator_id": any_of(rng, attached)["evaluator_id"]}]


def _append_unfit_evaluator(rng: Random, world: World, made: Json, kind: str, attached: list[Json]) -> None:
    """Append an evaluator of another type."""
    unfit = [each["id"] for each in world.of("evaluators") if each["type"] != contract.EVALUATOR_FOR[kind]]
    made["evaluators"] = [*attached, {"evaluator_id": any_of(rng, unfit)}]


def _for_create(rng: Random, world: World, _: Json, made: Json) -> list[Callable[[], None]]:
    def take_name() -> None:
        source = world.get("projects", made.get("project_id")) or world.get("datasets", made.get("dataset_id"))
        taken = sorted(taken_names(world, source["space"])) if source else []
        if taken:
            made["name"] = any_of(rng, taken)

    def experiment_elsewhere() -> None:
        if made.get("experiment_ids"):
            over = [each["id"] for each in world.of("experiments") if each["dataset"] != made["dataset_id"]]
            made["experiment_ids"] = [*made["experiment_ids"], any_of(rng, over)]

    ways: list[Callable[[], None]] = [take_name, take_name]
    if made["type"] in contract.EVALUATOR_FOR:
        attached = made["evaluators"]
        ways += [
            experiment_elsewhere,
            lambda: _repeat_evaluator(rng, made, attached),
            lambda: _append_unfit_evaluator(rng, world, made, made["type"], attached),
        ]
    return ways


def _for_update(rng: Random, world: World, task: Json, made: Json) -> list[Callable[[], None]]:
    if task is None:
        return []
    taken = sorted(taken_names(world, world.space_of(task), but=task["id"]))
    ways: list[Callable[[], None]] = []
    if taken:
        ways += [lambda: made.update(name=any_of(rng, taken))] * 2
    if task["type"] == contract.RUN_EXPERIMENT:
        wrong = {"sampling_rate": 0.5, "query_filter": None, "is_continuous": False}
        return [*ways, lambda: _replace_by_field(rng, made, wrong)]
    ways += [
        lambda: _repeat_evaluator(rng, made, generator_bodies.evaluators(rng, world, task["type"])),
        lambda: _append_unfit_evaluator(rng, world, made, task["type"], []),
        lambda: _replace_by_field(rng, made, {"run_configuration": generator_bodies.configuration(rng, world)}),
    ]
    if "dataset" in task:
        project_only = any_of(rng, ({"is_continuous": True}, {"sampling_rate": 0}, {"sampling_rate": 1}))
        ways += [lambda: made.update(project_only)] * 4
    return ways


def _replace_by_field(rng: Random, made: Json, wrong: Json) -> None:
    """Replace the body by one field of another task type; with other fields the schema would refuse it."""
    field = any_of(rng, list(wrong))
    _replace_body(made, {field: wrong[field]})


def _replace_body(made: Json, other: Json) -> None:
    made.clear()
    made.update(other)


def _for_trigger(rng: Random, world: World, task: Json, made: Json) -> list[Callable[[], None]]:
    if task is None:
        return []
    if task["type"] == contract.RUN_EXPERIMENT:
        return _for_experiment_run(rng, world, task, made)
    other = {"example_ids": ["x"], "max_examples": 1, "tracing_metadata": {}, "evaluation_task_ids": []}
    more = any_of(rng, list(other))
    ways: list[Callable[[], None]] = [
        lambda: _replace_body(made, {"experiment_name": "x"}),
        lambda: _replace_body(made, {"experiment_name": "x", more: other[more]}),
    ]
    if "project" in task:
        return [
            *ways,
            *_windows(rng, world, task, made),
            lambda: made.update(experiment_ids=[_experiment(rng, world)]),
        ]
    elsewhere = [each["id"] for each in world.of("experiments") if each["dataset"] != task["dataset"]]
    return [
        *ways,
        lambda: made.update(experiment_ids=[*made.get("experiment_ids", ()), any_of(rng, elsewhere)]),
        lambda: made.update(data_start_time=format_time(rng, world.now - timedelta(days=1))),
        lambda: made.update(data_end_time=format_time(rng, world.now)),
    ]


def _experiment(rng: Random, world: World) -> str:
    return str(any_of(rng, list(world.of("experiments")))["id"])


def _windows(rng: Random, world: World, task: Json, made: Json) -> list[Callable[[], None]]:
    def window(length: timedelta) -> None:
        end = world.now + timedelta(days=any_of(rng, (0, -50, 5)))
        made.update(data_start_time=format_time(rng, end - length), data_end_time=format_time(rng, end))

    def start_alone(length: timedelta) -> None:
        made.pop("data_end_time", None)
        made["data_start_time"] = format_time(rng, world.now - length)

    def unreadable() -> None:
        if chance(rng, 0.5):
            start, end = (world.now - timedelta(days=each) for each in (2, 1))
            made.update(data_start_time=_without_offset(start), data_end_time=_without_offset(end))
        else:
            made[any_of(rng, ("data_start_time", "data_end_time"))] = any_of(rng, NO_TIMES)

    def end_alone() -> None:
        made.pop("data_start_time", None)
        last = task.get("last_run_at")
        made["data_end_time"] = last or format_time(rng, world.now)

    lengths = (LONGEST_WINDOW + MILLISECOND, LONGEST_WINDOW + timedelta(days=1), timedelta(), -MILLISECOND)
    return [
        *[lambda: window(any_of(rng, lengths))] * 2,
        lambda: start_alone(any_of(rng, lengths)),
        *[unreadable] * 2,
        *[end_alone] * (2 if task.get("last_run_at") else 6),
        lambda: made.pop("data_start_time", None),
    ]


def _without_offset(moment: datetime) -> str:
    return moment.replace(tzinfo=None).isoformat()


def _for_experiment_run(rng: Random, world: World, task: Json, made: Json) -> list[Callable[[], None]]:
    over = task["dataset"]
    taken = sorted({each["name"] for each in world.of("experiments") if each["dataset"] == over})
    to_come = sorted(world.names_to_come(over))
    versions = [each["id"] for each in world.of("dataset_versions") if each["dataset"] != over]
    experiments = [each["id"] for each in world.of("tasks") if each["type"] == contract.RUN_EXPERIMENT]
    other = {"max_spans": 5, "override_evaluations": True, "data_end_time": format_time(rng, world.now)}
    ways: list[Callable[[], None]] = [
        lambda: made.update(dataset_version_id=any_of(rng, versions)),
        lambda: made.update(evaluation_task_ids=[any_of(rng, experiments)]),
        lambda: _replace_by_field(rng, made, other),
        made.clear,
    ]
    for names in (taken, to_come):
        if names:
            ways += [partial(_set_experiment_name, rng, made, names)] * 2
    return ways


def _set_experiment_name(rng: Random, made: Json, names: list[str]) -> None:
    made.update(experiment_name=any_of(rng, names))


WRONG_RUNS: tuple[dict[str, Json], ...] = (
    {"max_spans": 0},
    {"max_spans": 0.5},
    {"override_evaluations": "yes"},
    {"data_start_time": 5},
    {"example_ids": ["x"], "max_examples": 1},
    {"example_ids": []},
    {"experiment_ids": []},
    {"max_examples": 0},
    {"experiment_name": ""},
    {"tracing_metadata": {"a": 1}},
)
WRONG_TASKS: tuple[dict[str, Json], ...] = (
    {"project_id": "TW9kZWw6MTIzOmFCY0Q="},
    {"dataset_id": "RGF0YXNldDo1NjpxUndY"},
    {"experiment_ids": []},
    {"experiment_ids": ["RXhwZXJpbWVudDoxOmFCY0Q="]},
    {"sampling_rate": 1.000001},
    {"sampling_rate": -0.000001},
    {"sampling_rate": 0.5},
    {"sampling_rate": True},
    {"is_continuous": True},
    {"is_continuous": "no"},
    {"evaluators": []},
    {"name": ""},
    {"type": "unheard_of"},
    {"query_filter": 5},
    {"run_configuration": None},
)


def _shapes(rng: Random, operation: str, made: Json) -> list[Callable[[], None]]:
    """Return flaws that the schemas refuse."""
    strange = any_of(rng, ("unheard_of", *SERVER_FIELDS))
    inner = [made, *made.get("evaluators", ()), *([made["run_configuration"]] if "run_configuration" in made else [])]
    ways: list[Callable[[], None]] = [
        lambda: made.update({strange: "2026-01-01T00:00:00Z"}),
        lambda: any_of(rng, inner).update(unheard_of=1),
        lambda: made.update({any_of(rng, list(made) or ["name"]): None}),
    ]
    if contract.is_beta():
        ways += generator_flaws_beta.shapes(rng, operation, made)
    if operation == "trigger_task_run":
        return [*ways, lambda: made.update(any_of(rng, WRONG_RUNS))]
    wrong_tasks = (*WRONG_TASKS, {"type": contract.CODE_EVALUATION})
    ways += [lambda: made.update(any_of(rng, wrong_tasks))] * 3
    return [*ways, *[lambda: made.pop(any_of(rng, list(made)))] * 2, made.clear]
