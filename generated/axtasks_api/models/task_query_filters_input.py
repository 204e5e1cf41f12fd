# Generated from spec/openapi.yaml and spec/overlays/ by "make generate"; do not edit.
from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache as _cache
from typing import TYPE_CHECKING, Any, Self

from attrs import define as _define

from ..codec import (
    AS_IS,
    DecodeError,
    Field,
    FieldsOf,
    Model,
    Spelling,
    decode_list,
    decode_object,
    decode_text,
    reason_of,
    refuse_unknown,
)
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.task_query_filter_input import TaskQueryFilterInput

_FIELDS = (
    Field("filters", "filters", "list[TaskQueryFilterInput]", True, False),
    Field("expression", "expression", "str", False, False),
)


@_cache
def _task_query_filter_input_decoder() -> Callable[[Any], TaskQueryFilterInput]:
    from ..models.task_query_filter_input import TaskQueryFilterInput

    # Bound once: to bind it takes as long as to decode a field.
    return TaskQueryFilterInput.from_dict


@_define
class TaskQueryFiltersInput(Model):
    """Named filters of a task over traces or sessions, and how they are combined.

    Attributes:
        filters: The filters, each under an id of its own.
        expression: Boolean expression over the ids, such as `A AND B`; needed with two filters or more.
    """

    filters: list[TaskQueryFilterInput]
    expression: str | Unset = UNSET

    fields = FieldsOf(_FIELDS)

    def to_dict(self, spelling: Spelling = AS_IS) -> dict[str, Any]:
        """The JSON object of this model.

        Args:
            spelling: how values are spelled; by their names in Python when left out.
        """
        result: dict[str, Any] = {}
        result["filters"] = [item.to_dict(spelling) for item in self.filters]
        if not isinstance(self.expression, Unset):
            result["expression"] = self.expression
        return result

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        """The model of a JSON object. Null counts as absent where the contract has no null.

        Raises:
            DecodeError: the object does not have the shape of the contract.
        """
        _data = decode_object(src_dict)
        _at = ""
        try:
            _at = "filters"
            _raw = _data[_at]
            filters: list[TaskQueryFilterInput] = decode_list(_raw, _task_query_filter_input_decoder())
            _at = "expression"
            _raw = _data.get(_at, UNSET)
            expression: str | Unset = UNSET if _raw is None or _raw is UNSET else decode_text(_raw)
        except DecodeError as error:
            raise error.below(_at) from error
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise DecodeError(reason_of(error), _at) from error
        refuse_unknown(_data, _FIELDS)
        return cls(
            filters=filters,
            expression=expression,
        )
