"""The rules of the beta contract on named filters, and on what evaluators take from them (B6 to B9).

What the schema says has been checked before; it cannot see the stored task, nor compare parts of a body.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from axtasks.mock.jsontypes import JsonObject, as_list, as_object, as_text
from axtasks.mock.problems import inapplicable, invalid, unprocessable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from axtasks.mock.problems import RefusalError
    from axtasks.mock.world.model import AttachedEvaluator

TOKEN = re.compile(r"\s*(\(|\)|\w+|\S)")
AND, OR, NOT = "AND", "OR", "NOT"


def stored(filters: JsonObject) -> JsonObject:
    """Named filters as the server keeps them: a single one is its own expression."""
    return {**filters, "expression": filters.get("expression", _ids(filters)[0])}


def check_fields(query_filter: str | None, filters: JsonObject | None, has_mappings: Sequence[bool]) -> None:
    """B7, B8: refuse what a task cannot have at once, sent or stored; told of each evaluator if it has mappings."""
    if filters is not None and query_filter is not None:
        raise inapplicable("query_filter and query_filters exclude each other; null clears one")
    for index, is_mapped in enumerate(has_mappings):
        if filters is None and is_mapped:
            raise inapplicable(f"evaluators[{index}].query_mappings does not apply to a task without query_filters")
        if filters is not None and not is_mapped:
            raise invalid(f"evaluators[{index}].query_mappings is required for a task with query_filters")


def check_meaning(filters: JsonObject | None, evaluators: Sequence[AttachedEvaluator]) -> None:
    """B6, B9: refuse what refers to nothing."""
    if filters is not None:
        _check_filters(filters)
        for index, each in enumerate(evaluators):
            _check_mappings(f"evaluators[{index}]", each, _ids(filters))


def _ids(filters: JsonObject) -> list[str]:
    return [as_text(as_object(each)["id"]) for each in as_list(filters["filters"])]


def _check_filters(filters: JsonObject) -> None:
    """B6: each id once, and an expression of these ids."""
    ids = _ids(filters)
    for index, identifier in enumerate(ids):
        if identifier in ids[:index]:
            raise unprocessable(f"query_filters.filters[{index}].id: {identifier} is in the list already")
    expression = filters.get("expression")
    if isinstance(expression, str):
        _check_expression(expression, ids)


def _check_mappings(where: str, evaluator: AttachedEvaluator, ids: Sequence[str]) -> None:
    """B9: what feeds a variable is a filter of the task."""
    for index, mapping in enumerate(evaluator.query_mappings or ()):
        for identifier in as_list(mapping["query_ids"]):
            if identifier not in ids:
                raise unprocessable(
                    f"{where}.query_mappings[{index}].query_ids: the task has no filter {identifier}, "
                    f"only {', '.join(ids)}"
                )


def _check_expression(text: str, ids: Sequence[str]) -> None:
    """Refuse what is no boolean expression over the ids of filters: AND, OR, NOT and parentheses.

    It only counts parentheses: how deep they are is up to those who send them.
    """
    depth, is_operand_next = 0, True
    for part in TOKEN.findall(text):
        if not is_operand_next:
            if part.upper() in {AND, OR}:
                is_operand_next = True
            elif part == ")" and depth:
                depth -= 1
            else:
                raise _no_expression(f"{part} is one too many")
        elif part == "(":
            depth += 1
        elif part in ids:
            is_operand_next = False
        elif part.upper() != NOT:
            unknown = f"the task has no filter {part}, only {', '.join(ids)}"
            raise _no_expression(f"something is missing before {part}" if part.upper() in {AND, OR, ")"} else unknown)
    if is_operand_next:
        raise _no_expression("something is missing at its end")
    if depth:
        raise _no_expression("a parenthesis is not closed")


def _no_expression(why: str) -> RefusalError:
    return unprocessable(f"query_filters.expression: {why}")
