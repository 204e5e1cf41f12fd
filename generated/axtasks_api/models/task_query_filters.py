# Generated from spec/openapi.yaml and spec/overlays/ by "make generate"; do not edit.
from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache as _cache
from typing import TYPE_CHECKING, Any, Self

from attrs import define as _define
from attrs import field as _field

from ..codec import (
    AS_IS,
    DecodeError,
    Field,
    FieldsOf,
    ResponseModel,
    Spelling,
    decode_list,
    decode_object,
    has,
    leave_out,
    misfit,
    new,
    others,
)

if TYPE_CHECKING:
    from ..models.task_query_filter import TaskQueryFilter

_FIELDS = (
    Field("filters", "filters", "list[TaskQueryFilter]", True, False),
    Field("expression", "expression", "str | None", False, True),
)


@_cache
def _task_query_filter_decoder() -> Callable[[Any], TaskQueryFilter]:
    from ..models.task_query_filter import TaskQueryFilter

    # Bound once: to bind it takes as long as to decode a field.
    return TaskQueryFilter.from_dict


@_define(getstate_setstate=False, repr=False, eq=False)
class TaskQueryFilters(ResponseModel):
    """Named filters of a task over traces or sessions, as stored.

    Attributes:
        filters: The filters.
        expression: Boolean expression over the ids; the id itself where there is one filter.
    """

    filters: list[TaskQueryFilter]
    expression: str | None = None
    additional_properties: dict[str, Any] = _field(init=False, factory=dict)

    fields = FieldsOf(_FIELDS)

    def to_dict(self, spelling: Spelling = AS_IS) -> dict[str, Any]:
        """The JSON object of this model: what was received, unknown members included.

        Args:
            spelling: how values are spelled; by their names in Python when left out.
        """
        result: dict[str, Any] = {}
        if has(self, "filters"):
            result["filters"] = [item.to_dict(spelling) for item in self.filters]
        if has(self, "expression"):
            result["expression"] = self.expression
        result.update(self.additional_properties)
        return result

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        """The model of a JSON object, whose lists and maps become the model's own.

        Raises:
            DecodeError: the object does not have the shape of the contract.
        """
        _data = src_dict if isinstance(src_dict, dict) else decode_object(src_dict)
        # What is decoded needs nothing that the constructor does, and pages are made of many.
        _result = new(cls)
        _absent = 0
        try:
            try:
                _raw = _data["filters"]
            except KeyError:
                _absent += leave_out(_result)
            else:
                _result.filters = decode_list(_raw, _task_query_filter_decoder())
            if "expression" in _data:
                _result.expression = _data["expression"]
            else:
                _absent += 1
        except (DecodeError, KeyError, TypeError, ValueError, AttributeError) as error:
            refused = misfit(error, _result, _data)
            # Who looks at the variables of a traceback cannot look at half a model.
            del _result
            raise refused from error
        if len(_data) + _absent != 2:
            _result.additional_properties = others(_data, _FIELDS)
        return _result
