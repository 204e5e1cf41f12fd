"""The schema of a world: the packaged one, with the words of the contracts in it, and with the fields they gained."""

from __future__ import annotations

import json
from dataclasses import fields
from difflib import get_close_matches
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from axtasks.mock.contract.contract import inside
from axtasks.mock.contract.violations import expectation
from axtasks.mock.jsontypes import JsonObject, JsonValue, as_list, as_object, as_text
from axtasks.mock.world.model import (
    AttachedEvaluator,
    Dataset,
    DatasetVersion,
    Evaluator,
    Experiment,
    Project,
    Space,
    Task,
    TaskRun,
)

if TYPE_CHECKING:
    from _typeshed import DataclassInstance
    from jsonschema_rs import Draft202012Validator, ValidationError

    from .document import Document, Steps

FILE = "world_schema.json"
COMPONENTS = "#/components/schemas/"


# Where a world file says things that answers show, to the schema that answers have for them, and to our model of them.
SHOWN: dict[str, tuple[str, type[DataclassInstance]]] = {
    "spaces": ("Space", Space),
    "projects": ("Project", Project),
    "datasets": ("Dataset", Dataset),
    "datasets.versions": ("DatasetVersion", DatasetVersion),
    "experiments": ("Experiment", Experiment),
    "evaluators": ("Evaluator", Evaluator),
    "tasks": ("Task", Task),
    "tasks.evaluators": ("TaskEvaluator", AttachedEvaluator),
    "task_runs": ("TaskRun", TaskRun),
}


@cache
def schema() -> JsonObject:
    """The whole schema, which stands by itself."""
    whole = _packaged()
    for place in SHOWN:
        _properties(whole, place).update(extra_fields(place))
    return {**whole, "components": {"schemas": _referenced(whole)}}


@cache
def extra_fields(place: str) -> JsonObject:
    """The optional fields that answers have for the things at a place and our model has not, with their schemas.

    They are what a contract gained since the code was written: a world file may set them, and answers carry them.
    """
    name, model = SHOWN[place]
    required = map(as_text, as_list(inside().schema(name).get("required", [])))
    known = {*required, *(each.name for each in fields(model))}
    own = _properties(_packaged(), place)
    gained = inside().properties(name).items()
    return {field: declared for field, declared in gained if field not in known and field not in own}


def extra_values(place: str, data: JsonObject) -> JsonObject | None:
    """Return the values that a thing at a place has for those fields."""
    return {name: data[name] for name in extra_fields(place) if name in data} or None


def _packaged() -> JsonObject:
    return as_object(json.loads(files(__package__ or "").joinpath(FILE).read_text(encoding="utf-8")))


def _properties(whole: JsonObject, place: str) -> JsonObject:
    """The fields of the things at a place, in a schema of worlds."""
    found = as_object(whole["properties"])
    for step in place.split("."):
        found = as_object(as_object(as_object(found[step])["items"])["properties"])
    return found


def _referenced(whole: JsonObject) -> JsonObject:
    """The schemas of the contract that a schema of worlds refers to, and those that they refer to."""
    found: JsonObject = {}
    waiting: list[JsonValue] = [whole]
    while waiting:
        node = waiting.pop()
        waiting += node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()
        reference = node.get("$ref") if isinstance(node, dict) else None
        name = reference.removeprefix(COMPONENTS) if isinstance(reference, str) else ""
        if name != reference and name and name not in found:
            found[name] = inside().schema(name)
            waiting.append(found[name])
    return dict(sorted(found.items()))


@cache
def _validator() -> Draft202012Validator:
    return inside().validator(schema(), check_formats=True)


def check(document: Document) -> JsonObject:
    """The world as an object of the right shape."""
    data = {} if document.data is None else document.data
    validator = _validator()
    if validator.is_valid(data) and isinstance(data, dict):
        return data
    raise document.error(*_complaint(next(iter(validator.iter_errors(data)))))


def _complaint(error: ValidationError) -> tuple[Steps, str]:
    """Where it is wrong, and how."""
    steps = tuple(error.instance_path)
    keyword, facts = error.kind.name, error.kind.as_dict()
    if keyword == "additionalProperties":
        name = facts["unexpected"][0]
        return (*steps, name), f"is not a known field{_suggestion(name, error)}"
    if keyword == "required":
        return (*steps, facts["property"]), "is required"
    return steps, ("" if steps else "a world ") + expectation(error)


def _suggestion(name: str, error: ValidationError) -> str:
    """The known field that was probably meant, or all of them."""
    here: object = schema()
    for step in map(str, tuple(error.schema_path)[:-1]):
        here = here[step] if isinstance(here, dict) and step in here else {}
    properties = here.get("properties") if isinstance(here, dict) else None
    known = list(properties) if isinstance(properties, dict) else []
    close = get_close_matches(name, known, n=1)
    if close:
        return f"; did you mean {close[0]!r}?"
    return f"; known are {', '.join(known)}" if known else ""
