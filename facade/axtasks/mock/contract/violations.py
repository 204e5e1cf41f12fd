"""Why a body or a query was refused, in words that name the field.

The schema decides: these functions only explain what it refused.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from axtasks.mock.jsontypes import path_text
from axtasks.mock.problems import FIELD_NOT_APPLICABLE, counted, invalid, quoted

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from jsonschema_rs import ValidationError

    from axtasks.mock.jsontypes import JsonObject, JsonValue
    from axtasks.mock.problems import RefusalError

MOST_REASONS = 5
LONGEST_VALUE = 40
CONDITIONS = frozenset({"then", "else", "not", "dependentSchemas"})
ARTICLES = {
    "string": "a string",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "array": "an array",
    "object": "an object",
    "null": "null",
}


@dataclass(frozen=True, slots=True)
class Context:
    """The context of a refusal: the type of task a body was for, and that of fields that do not fit."""

    subject: str
    foreign: Mapping[str, str] = field(default_factory=dict)
    """Field to the kind of task it would be for."""
    known: tuple[str, ...] = ()


def refusal(errors: Iterable[ValidationError], value: JsonValue, context: Context) -> RefusalError:
    """The reasons, most telling first, in one sentence; its code says whether a field is for another kind of task."""
    simple: list[str] = []
    conditional = False
    for error in errors:
        if CONDITIONS & set(map(str, error.schema_path)):
            conditional = True
        else:
            simple.extend(_reasons(error, context))
    reasons = [*(_combination(value, context) if conditional else []), *simple]
    distinct = list(dict.fromkeys(reasons))
    text = "; ".join(distinct[:MOST_REASONS]) or "these fields do not go together"
    is_foreign = isinstance(value, dict) and not context.foreign.keys().isdisjoint(value)
    return invalid(text, FIELD_NOT_APPLICABLE if is_foreign else None)


def _combination(value: JsonValue, context: Context) -> list[str]:
    """Name fields that do not go together, or are missing beside each other (C1 to C5, C24, B6 to B8)."""
    found: list[str] = []
    # A null is refused as one; it says nothing about what goes together.
    fields = value if isinstance(value, dict) else {}
    body: JsonObject = {name: item for name, item in fields.items() if item is not None}
    if "example_ids" in body and "max_examples" in body:
        found.append("example_ids and max_examples exclude each other; give at most one of them")
    if {"project_id", "dataset_id"} <= set(context.known):
        project, dataset = "project_id" in body, "dataset_id" in body
        if project == dataset:
            given = "both were" if project else "neither was"
            found.append(f"exactly one of project_id and dataset_id has to be given; {given}")
        if project and body.get("experiment_ids"):
            found.append("experiment_ids has to be empty or left out with project_id")
        if dataset and not project:
            found.extend(_dataset_combination(body))
    found.extend(_query_combination(body, is_new="type" in context.known))
    return found


def _dataset_combination(body: JsonObject) -> list[str]:
    found: list[str] = []
    if not body.get("experiment_ids"):
        found.append("experiment_ids needs at least one entry with dataset_id")
    if "sampling_rate" in body:
        found.append("sampling_rate only applies to tasks over a project, not to those over a dataset")
    if body.get("is_continuous", False) is not False:
        found.append("is_continuous can only be false for tasks over a dataset")
    return found


def _query_combination(body: JsonObject, *, is_new: bool) -> list[str]:
    """Name the ways to filter that do not go together."""
    found: list[str] = []
    filters, evaluators = body.get("query_filters"), body.get("evaluators")
    if isinstance(filters, dict):
        if body.get("query_filter") is not None:
            found.append("query_filter and query_filters exclude each other; give at most one of them")
        several = isinstance(listed := filters.get("filters"), list) and len(listed) > 1
        if several and "expression" not in filters:
            found.append("query_filters.expression is required with two filters or more")
    for index, each in enumerate(evaluators if isinstance(evaluators, list) else []):
        mapped = isinstance(each, dict) and isinstance(each.get("query_mappings"), list)
        others = [name for name in ("query_filter", "column_mappings") if isinstance(each, dict) and each.get(name)]
        if mapped and others:
            found.append(f"evaluators[{index}]: query_mappings excludes {' and '.join(others)}")
        if mapped and is_new and filters is None:
            found.append(f"evaluators[{index}].query_mappings does not apply without query_filters")
        if not mapped and isinstance(filters, dict):
            found.append(f"evaluators[{index}].query_mappings is required with query_filters")
    return found


def _found(value: object) -> str:
    text = quoted(value)
    return text if len(text) <= LONGEST_VALUE else f"{text[:LONGEST_VALUE]}..."


def _types(types: Iterable[str]) -> str:
    return " or ".join(ARTICLES.get(each, each) for each in types)


def _reasons(error: ValidationError, context: Context) -> list[str]:
    """Explain one refusal of the validator."""
    keyword, facts = error.kind.name, error.kind.as_dict()
    if keyword in {"oneOf", "anyOf"}:
        return _union(error, context)
    where = path_text(error.instance_path)
    if keyword == "additionalProperties":
        return [_unexpected(name, where, context) for name in facts["unexpected"]]
    if keyword == "required":
        return [f"{path_text([*error.instance_path, facts['property']])} is required"]
    if keyword == "minProperties":
        return [f"at least one field has to be given: {', '.join(context.known)}"]
    return [f"{where or 'the body'} {expectation(error)}"]


def expectation(error: ValidationError) -> str:
    """Explain what a single value should have been."""
    keyword, facts = error.kind.name, error.kind.as_dict()
    limit = facts.get("limit", 0)
    lengths = {
        "minLength": f"needs at least {counted(limit, 'character')}",
        "maxLength": f"may have at most {counted(limit, 'character')}",
        "minItems": f"needs at least {counted(limit, 'entry', 'entries')}",
    }
    expected = {
        "type": _types(facts.get("types", ())),
        "const": _found(facts.get("expected_value")),
        "enum": f"one of {', '.join(map(str, facts.get('options', ())))}",
        "minimum": f"{limit} or more",
        "maximum": f"{limit} or less",
    }
    if keyword in lengths:
        return lengths[keyword]
    if keyword in expected:
        return f"has to be {expected[keyword]}, not {_found(error.instance)}"
    return f"is not valid: {error.message}"


def _unexpected(field_name: str, where: str, context: Context) -> str:
    if not where and field_name in context.foreign:
        return (
            f"{field_name} does not apply to {context.subject}, only to {context.foreign[field_name]}; "
            f"fields that apply: {', '.join(context.known)}"
        )
    place = f" in {where}" if where else f" for {context.subject}" if context.subject else ""
    return f"{field_name} is not a known field{place}"


def _union(error: ValidationError, context: Context) -> list[str]:
    """The reasons of the branch that was meant; failing that, what the tag or the type could have been."""
    branches: list[list[ValidationError]] = getattr(error.kind, "context", [])
    depth = len(error.instance_path)
    meant: list[list[str]] = []
    tags: dict[str, list[str]] = {}
    types: list[str] = []
    for branch in branches:
        tag = next((each for each in branch if each.kind.name == "const"), None)
        at_top = [each for each in branch if len(each.instance_path) == depth]
        other_type = next((each for each in at_top if each.kind.name == "type"), None)
        if other_type is not None:
            types.extend(other_type.kind.as_dict()["types"])
        elif tag is not None:
            tags.setdefault(path_text(tag.instance_path), []).append(str(tag.kind.as_dict()["expected_value"]))
        else:
            meant.append([reason for each in branch for reason in _reasons(each, context)])
    if meant:
        # Without a tag no branch is the one that was meant, but what all of them ask for is missing for certain.
        return [reason for reason in meant[0] if all(reason in other for other in meant[1:])]
    if tags:
        return [f"{field_name} has to be one of {', '.join(words)}" for field_name, words in tags.items()]
    name = path_text(error.instance_path) or "the body"
    return [f"{name} has to be {_types(dict.fromkeys(types))}, not {_found(error.instance)}"]
