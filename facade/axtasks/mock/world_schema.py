"""The schema of a world: the packaged one, with the words of the contracts in it."""

from __future__ import annotations

import json
from difflib import get_close_matches
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from .contract import inside
from .explain import expectation
from .jsontypes import JsonObject, as_object

if TYPE_CHECKING:
    from jsonschema_rs import Draft202012Validator, ValidationError

    from .world_text import Document, Steps

FILE = "world_schema.json"
WORDS = ("TaskType", "TaskRunStatus", "EvaluatorType")


@cache
def schema() -> JsonObject:
    """The whole schema, which stands by itself."""
    packaged = as_object(json.loads(files(__package__ or "").joinpath(FILE).read_text(encoding="utf-8")))
    return {**packaged, "components": {"schemas": {name: inside().schema(name) for name in WORDS}}}


@cache
def _validator() -> Draft202012Validator:
    return inside().validator(schema())


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
