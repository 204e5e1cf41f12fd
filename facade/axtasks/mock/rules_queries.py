"""The rules of the beta contract on named filters, and on what evaluators take from them (B6 to B9).

What the schema says has been checked before; it cannot see the stored task, nor compare parts of a body.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from .jsontypes import JsonObject, as_list, as_object, as_text
from .problems import inapplicable, invalid, unprocessable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .model import AttachedEvaluator
    from .problems import RefusalError

TOKEN = re.compile(r"\s*(\(|\)|\w+|\S)")
AND, OR, NOT = "AND", "OR", "NOT"


def stored(filters: JsonObject) -> JsonObject:
    """Named filters as the server keeps them: a single one is its own expression."""
    return {**filters, "expression": filters.get("expression", _ids(filters)[0])}


def check(query_filter: str | None, filters: JsonObject | None, evaluators: Sequence[AttachedEvaluator]) -> None:
    """Refuse what a task cannot have at once, be it sent or stored, then what refers to nothing."""
    if filters is not None and query_filter is not None:
        raise inapplicable("query_filter and query_filters exclude each other; null clears one")
    for index, each in enumerate(evaluators):
        if filters is None and each.query_mappings is not None:
            raise inapplicable(f"evaluators[{index}].query_mappings does not apply to a task without query_filters")
        if filters is not None and each.query_mappings is None:
            raise invalid(f"evaluators[{index}].query_mappings is required for a task with query_filters")
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
        _Expression(expression, ids).check()


def _check_mappings(where: str, evaluator: AttachedEvaluator, ids: Sequence[str]) -> None:
    """B9: what feeds a variable is a filter of the task."""
    for index, mapping in enumerate(evaluator.query_mappings or ()):
        for identifier in as_list(mapping["query_ids"]):
            if identifier not in ids:
                raise unprocessable(
                    f"{where}.query_mappings[{index}].query_ids: the task has no filter {identifier}, "
                    f"only {', '.join(ids)}"
                )


class _Expression:
    """A boolean expression over the ids of filters: AND, OR, NOT and parentheses."""

    def __init__(self, text: str, ids: Sequence[str]) -> None:
        self._ids = ids
        self._tokens = TOKEN.findall(text)
        self._at = 0

    def check(self) -> None:
        """Refuse it where it is none, or names a filter that is not there."""
        self._any_of()
        if self._at < len(self._tokens):
            raise self._refusal(f"{self._tokens[self._at]} is one too many")

    def _any_of(self) -> None:
        self._all_of()
        while self._takes(OR):
            self._all_of()

    def _all_of(self) -> None:
        self._part()
        while self._takes(AND):
            self._part()

    def _part(self) -> None:
        while self._takes(NOT):
            pass
        if self._takes("("):
            self._any_of()
            if not self._takes(")"):
                raise self._refusal("a parenthesis is not closed")
        elif self._at == len(self._tokens):
            raise self._refusal("something is missing at its end")
        elif self._tokens[self._at] not in self._ids:
            raise self._refusal(f"the task has no filter {self._tokens[self._at]}, only {', '.join(self._ids)}")
        else:
            self._at += 1

    def _takes(self, word: str) -> bool:
        if self._at < len(self._tokens) and self._tokens[self._at].upper() == word:
            self._at += 1
            return True
        return False

    def _refusal(self, why: str) -> RefusalError:
        return unprocessable(f"query_filters.expression: {why}")
