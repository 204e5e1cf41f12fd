"""Rules that creating and updating a task have in common."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from axtasks.mock.contract import vocabulary
from axtasks.mock.jsontypes import as_list, as_object
from axtasks.mock.problems import conflict, quoted, unprocessable
from axtasks.mock.world.model import AttachedEvaluator, Task

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from axtasks.mock.contract.bodies import EvaluatorInput
    from axtasks.mock.contract.contract import Contract
    from axtasks.mock.jsontypes import JsonObject, JsonValue
    from axtasks.mock.world.world import World

SPAN = "span"


def check_evaluators(world: World, contract: Contract, task_type: str, evaluators: Sequence[EvaluatorInput]) -> None:
    """C7: no evaluator twice. And each has to be of the type that the task applies; for more, see `check_versions`."""
    seen: set[str] = set()
    for index, each in enumerate(evaluators):
        identifier = each["evaluator_id"]
        if identifier in seen:
            raise unprocessable(f"evaluators[{index}].evaluator_id: {identifier} is in the list already")
        seen.add(identifier)
        evaluator = world.evaluators[identifier]
        wanted = vocabulary.EVALUATOR_FOR[task_type]
        if evaluator.type != wanted:
            given, taken = (contract.word("EvaluatorType", word) for word in (evaluator.type, wanted))
            raise unprocessable(
                f"evaluators[{index}].evaluator_id: {quoted(evaluator.name)} is a {given} evaluator, "
                f"but {contract.word('TaskType', task_type)} tasks take {taken} evaluators"
            )
    if contract.has_beta_rules:
        check_versions(world, evaluators)


def check_custom_code(contract: Contract, task_type: str, evaluators: Sequence[EvaluatorInput]) -> None:
    """B12: code that people wrote stands alone. All code evaluators of a world are such."""
    if contract.has_beta_rules and task_type == vocabulary.CODE_EVALUATION and len(evaluators) > 1:
        kind = contract.word("TaskType", task_type)
        raise unprocessable(f"evaluators: a {kind} task has at most one evaluator of custom code")


def check_versions(world: World, evaluators: Iterable[EvaluatorInput]) -> None:
    """B10: a version is one of its evaluator's. B11: all are for the same scope of data, the one they are used for."""
    scopes: dict[str, str] = {}
    for index, each in enumerate(evaluators):
        evaluator, version_id = world.evaluators[each["evaluator_id"]], each.get("evaluator_version_id")
        if version_id is not None and version_id not in evaluator.version_ids:
            raise unprocessable(
                f"evaluators[{index}].evaluator_version_id: {version_id} is not a version of {quoted(evaluator.name)}"
            )
        scope = evaluator.data_scope
        if scope is None:
            continue
        scopes.setdefault(scope, evaluator.name)
        if len(scopes) > 1:
            told = " and ".join(f"{quoted(name)} for {scope}s" for scope, name in scopes.items())
            raise unprocessable(f"evaluators: all have to be for the same scope of data, but {told}")
        if (each.get("query_mappings") is not None) == (scope == SPAN):
            needs = "takes no query_mappings" if scope == SPAN else "needs query_mappings"
            raise unprocessable(f"evaluators[{index}]: {quoted(evaluator.name)} is for {scope}s and {needs}")


def check_integration(world: World, configuration: JsonObject) -> None:
    """B5: only that of an agent can be called, and no other is for it."""
    for field, is_agent in vocabulary.INTEGRATIONS.items():
        integration = world.ai_integrations.get(str(configuration.get(field)))
        if integration is not None and integration.is_agent != is_agent:
            wanted = "an agent" if is_agent else "a model, not of an agent"
            raise unprocessable(f"run_configuration.{field} has to be the integration of {wanted}: {integration.id}")


def attach(world: World, evaluators: Iterable[EvaluatorInput]) -> tuple[AttachedEvaluator, ...]:
    """The evaluators as the task keeps them, with their names filled in."""
    return tuple(
        AttachedEvaluator(
            evaluator_id=each["evaluator_id"],
            evaluator_name=world.evaluators[each["evaluator_id"]].name,
            query_filter=each.get("query_filter"),
            column_mappings=each.get("column_mappings"),
            evaluator_version_id=each.get("evaluator_version_id"),
            query_mappings=None if (mappings := each.get("query_mappings")) is None else tuple(mappings),
        )
        for each in evaluators
    )


def check_name_is_free(world: World, space_id: str, name: str, task: Task | None = None) -> None:
    """C8: no other task of the space bears exactly this name."""
    holder = world.task_named(space_id, name)
    if holder is not None and (task is None or holder != task.id):
        raise conflict(f"name: there is already a task named {quoted(name)} in this space")


def stored_configuration(configuration: JsonObject) -> JsonObject:
    """Return a run configuration as the server keeps it.

    A generation always says how its variables are marked (J3); an agent's input names columns alone (B17).
    """
    if configuration["experiment_type"] == vocabulary.AGENT_CALL:
        return {**configuration, "input_template": _with_columns(configuration["input_template"])}
    if configuration["experiment_type"] != vocabulary.LLM_GENERATION or "input_variable_format" in configuration:
        return dict(configuration)
    contents = [as_object(message).get("content") for message in as_list(configuration["messages"])]
    is_mustache = any(isinstance(content, str) and _VARIABLE.search(content) for content in contents)
    return {"input_variable_format": vocabulary.MUSTACHE if is_mustache else vocabulary.F_STRING, **configuration}


def _with_columns(template: JsonValue) -> JsonValue:
    """Return a template with each `{{dataset.column}}` as `{{column}}`."""
    if isinstance(template, dict):
        return {name: _with_columns(each) for name, each in template.items()}
    if isinstance(template, list):
        return [_with_columns(each) for each in template]
    return _OF_DATASET.sub("{{", template) if isinstance(template, str) else template


_OF_DATASET = re.compile(r"\{\{\s*dataset\.(?=[^{}]+\}\})")
# A variable in double braces. An f-string has double braces too, to escape those of JSON: these hold more than a name.
_VARIABLE = re.compile(r"\{\{\s*[\w.\[\]-]+\s*\}\}")
