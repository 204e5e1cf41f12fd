"""A generator of bodies that break no rule."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from tests.model import contract, generator_beta
from tests.model.generator_values import MILLISECOND, any_of, chance, format_time, free_name, some
from tests.model.rules_tasks import LONGEST_WINDOW, taken_names
from tests.model.worlds import parse_time

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from random import Random

    from tests.model.contract import Json
    from tests.model.worlds import World

FILTERS = ("", "metadata.environment = 'staging'", 'é = "🙂"')
RATES = (0, 1, 0.5, 0.000001, 1.0)


def body(rng: Random, operation: str, world: World, task: Json, used: Iterable[str]) -> Json:
    """Generate the body of an operation; None for no body. `used` are names that other tasks had before."""
    names = {*used, *(each["name"] for each in world.of("tasks"))}
    if operation == "create_task":
        return new_task(rng, world, names)
    if task is None:
        return {"name": "nobody"} if operation == "update_task" else None
    return update(rng, world, task, names) if operation == "update_task" else trigger(rng, world, task)


def evaluators(rng: Random, world: World, task_type: str, filters: Json = None) -> list[Json]:
    """Generate different evaluators that fit a task type, with named filters or without."""
    fit = [each for each in world.of("evaluators") if each["type"] == contract.EVALUATOR_FOR[task_type]]
    if not contract.is_beta():
        return [_evaluator(rng, each) for each in some(rng, fit, least=1)]
    ids = generator_beta.filter_ids(filters)
    most = 1 if task_type == contract.CODE_EVALUATION else 3
    chosen = some(rng, generator_beta.fitting(rng, fit, ids), least=1, most=most)
    return [generator_beta.attached(rng, each, _evaluator(rng, each), ids) for each in chosen]


def _evaluator(rng: Random, evaluator: Json) -> Json:
    found: Json = {"evaluator_id": evaluator["id"]}
    if chance(rng, 0.3):
        found["query_filter"] = any_of(rng, (*FILTERS, None))
    if chance(rng, 0.3):
        found["column_mappings"] = any_of(rng, ({}, {"input": "attributes.input"}, None))
    return found


def configuration(rng: Random, world: World) -> Json:
    """Generate a run configuration."""
    if contract.is_beta() and chance(rng, 0.3):
        return generator_beta.agent_call(rng, world)
    integration = any_of(rng, generator_beta.integrations(world, is_agent=False))["id"]
    common: Json = {"ai_integration_id": integration}
    if chance(rng, 0.3):
        common["invocation_parameters"] = {"temperature": 0.5, "stop": [], "unheard_of": {"deep": [None]}}
    if chance(rng, 0.2):
        common["provider_parameters"] = {"anything": [1, "2"]}
    if chance(rng, 0.4):
        judge = {"template": "{{output}}?", "provide_explanation": chance(rng, 0.5)}
        return {"experiment_type": contract.TEMPLATE_EXPERIMENT, **common, **judge}
    role = any_of(rng, contract.schema("MessageRole")["enum"])
    found = {
        "experiment_type": contract.LLM_GENERATION,
        **common,
        "messages": [{"role": role, "content": any_of(rng, ("{x}", "{{x}}"))}],
    }
    if chance(rng, 0.4):
        found["input_variable_format"] = any_of(rng, contract.schema("InputVariableFormat")["enum"])
    if chance(rng, 0.2):
        found["prompt_version_id"] = any_of(rng, (None, "UHJvbXB0VmVyc2lvbjox"))
    return found


def new_task(rng: Random, world: World, names: Iterable[str]) -> Json:
    """Generate the body of a task creation."""
    kind = any_of(rng, (contract.TEMPLATE_EVALUATION, contract.CODE_EVALUATION, contract.RUN_EXPERIMENT))
    over_project = kind != contract.RUN_EXPERIMENT and chance(rng, 0.5)
    sources = list(world.of("projects"))[:5] if over_project else list(world.of("datasets"))
    source = any_of(rng, sources)
    made: Json = {"name": free_name(rng, taken_names(world, source["space"]), names), "type": kind}
    if kind == contract.RUN_EXPERIMENT:
        return {**made, "dataset_id": source["id"], "run_configuration": configuration(rng, world)}
    if contract.is_beta() and chance(rng, 0.4):
        made["query_filters"] = generator_beta.filters(rng)
    elif chance(rng, 0.5):
        made["query_filter"] = any_of(rng, FILTERS)
    made["evaluators"] = evaluators(rng, world, kind, made.get("query_filters"))
    if over_project:
        return {**made, "project_id": source["id"], **_project_fields(rng)}
    over = [each["id"] for each in world.of("experiments") if each["dataset"] == source["id"]]
    if chance(rng, 0.3):
        made["is_continuous"] = False
    return {**made, "dataset_id": source["id"], "experiment_ids": some(rng, over, least=1)}


def _project_fields(rng: Random) -> Json:
    found: Json = {}
    if chance(rng, 0.5):
        found["sampling_rate"] = any_of(rng, RATES)
    if chance(rng, 0.5):
        found["is_continuous"] = chance(rng, 0.5)
    if chance(rng, 0.1):
        found["experiment_ids"] = []
    return found


def update(rng: Random, world: World, task: Json, names: Iterable[str]) -> Json:
    """Generate the body of a task update."""
    taken = taken_names(world, world.space_of(task), but=task["id"])
    is_experiment = task["type"] == contract.RUN_EXPERIMENT
    fields = ["name", "run_configuration"] if is_experiment else ["name", "query_filter", "evaluators"]
    if not is_experiment:
        fields += ["sampling_rate", "is_continuous"] if "project" in task else ["is_continuous"]
    if contract.is_beta() and not is_experiment:
        fields.append("query_filters")
    named = task.get("query_filters")
    values: dict[str, Callable[[], Json]] = {
        "name": lambda: free_name(rng, taken, names) if chance(rng, 0.8) else task["name"],
        "query_filter": lambda: any_of(rng, (*FILTERS, None)) if named is None else None,
        "evaluators": lambda: evaluators(rng, world, task["type"], named),
        "sampling_rate": lambda: any_of(rng, RATES),
        "is_continuous": lambda: "project" in task and chance(rng, 0.5),
        "run_configuration": lambda: configuration(rng, world),
        "query_filters": lambda: generator_beta.filters(rng) if chance(rng, 0.6) else None,
    }
    made: Json = {field: values[field]() for field in some(rng, fields, least=1, most=any_of(rng, (1, 1, 3)))}
    if "query_filters" in made:
        _adapt_to_filters(rng, world, task, made)
    return made


def _adapt_to_filters(rng: Random, world: World, task: Json, made: Json) -> None:
    """Adapt the other fields of an update to its new named filters."""
    filters = made["query_filters"]
    if filters is not None and (task.get("query_filter") is not None or "query_filter" in made):
        made["query_filter"] = None
    if filters is not None or task.get("query_filters") is not None or "evaluators" in made:
        made["evaluators"] = evaluators(rng, world, task["type"], filters)


def trigger(rng: Random, world: World, task: Json) -> Json:
    """Generate the body of a trigger."""
    if task["type"] == contract.RUN_EXPERIMENT:
        return experiment_run(rng, world, task)
    made: Json = {}
    if chance(rng, 0.4):
        made["max_spans"] = any_of(rng, (1, 2, 9_999, 10_000, 10_001))
    if chance(rng, 0.4):
        made["override_evaluations"] = chance(rng, 0.7)
    if "project" in task:
        made |= _window(rng, world, task)
    elif chance(rng, 0.5):
        over = [each["id"] for each in world.of("experiments") if each["dataset"] == task["dataset"]]
        made["experiment_ids"] = some(rng, over, least=1)
    return made or (None if chance(rng, 0.5) else {})


def _window(rng: Random, world: World, task: Json) -> Json:
    """Generate a window of the shortest or longest length, recent or old, complete or with default ends."""
    last = None if task.get("last_run_at") is None else parse_time(task["last_run_at"])
    form = any_of(rng, ("both", "both", "start", "end", "neither") if last else ("both", "both", "start"))
    if form == "neither":
        return {}
    if form == "end" and last is not None:
        return {
            "data_end_time": format_time(rng, last + any_of(rng, (MILLISECOND, LONGEST_WINDOW, timedelta(days=45))))
        }
    length = any_of(rng, (LONGEST_WINDOW, LONGEST_WINDOW, LONGEST_WINDOW - MILLISECOND, MILLISECOND, timedelta(days=1)))
    if form == "start":
        return {"data_start_time": format_time(rng, world.now - length)}
    end = world.now + any_of(rng, (timedelta(), timedelta(days=3), timedelta(days=-100)))
    return {"data_start_time": format_time(rng, end - length), "data_end_time": format_time(rng, end)}


def experiment_run(rng: Random, world: World, task: Json) -> Json:
    """Generate the body of a trigger for a run_experiment task."""
    over = task["dataset"]
    here = [each["name"] for each in world.of("experiments") if each["dataset"] == over]
    elsewhere = [each["name"] for each in world.of("experiments") if each["dataset"] != over]
    wanted = free_name(rng, {*here, *world.names_to_come(over)}, elsewhere)
    made: Json = {"experiment_name": wanted.replace('"', "″") if contract.is_beta() else wanted}
    if contract.is_beta() and chance(rng, 0.3):
        made["query_filter"] = any_of(rng, FILTERS)
    versions = world.get("datasets", over)["versions"]
    if chance(rng, 0.3):
        made["dataset_version_id"] = any_of(rng, versions)["id"]
    choice = rng.randrange(4)
    if choice == 0:
        made["max_examples"] = any_of(rng, (1, 2, 5, 12, 13, 1000))
    elif choice == 1:
        held = [*world.examples(versions[-1]["id"]), "unheard of", ""]
        made["example_ids"] = some(rng, held, least=1, most=6)
    if chance(rng, 0.2):
        made["tracing_metadata"] = any_of(rng, ({}, {"team": "é"}))
    if chance(rng, 0.3):
        follow = [each["id"] for each in world.of("tasks") if each["type"] != contract.RUN_EXPERIMENT]
        made["evaluation_task_ids"] = some(rng, follow, most=2)
    return made
