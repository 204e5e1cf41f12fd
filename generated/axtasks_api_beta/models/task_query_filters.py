# Generated from spec/openapi.yaml and spec/overlays/beta.yaml by "make generate"; do not edit.
from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self

from attrs import define as _define
from attrs import field as _field

from ..codec import (
    AS_IS,
    DecodeError,
    Field,
    Model,
    Spelling,
    decode_list,
    decode_object,
    reason_of,
)
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.task_query_filter import TaskQueryFilter

_FIELDS = (
    Field("filters", "filters", "list[TaskQueryFilter]", True, False),
    Field("expression", "expression", "str | None", False, True),
)


@_define
class TaskQueryFilters(Model):
    """Named filters of a task over traces or sessions, as stored.

    Attributes:
        filters: The filters.
        expression: Boolean expression over the ids; the id itself where there is one filter.
    """

    filters: list[TaskQueryFilter]
    expression: str | None | Unset = UNSET
    additional_properties: dict[str, Any] = _field(init=False, factory=dict)

    @classmethod
    def fields(cls) -> tuple[Field, ...]:
        """The fields of this model, in the order of the contract."""
        return _FIELDS

    def to_dict(self, spelling: Spelling = AS_IS) -> dict[str, Any]:
        """The JSON object of this model: what was received, unknown members included.

        Args:
            spelling: how values are spelled; by their names in Python when left out.
        """
        result: dict[str, Any] = {}
        result["filters"] = [item.to_dict(spelling) for item in self.filters]
        if not isinstance(self.expression, Unset):
            result["expression"] = self.expression
        result.update(self.additional_properties)
        return result

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        """The model of a JSON object.

        Raises:
            DecodeError: the object does not have the shape of the contract.
        """
        from ..models.task_query_filter import TaskQueryFilter

        _data = decode_object(src_dict)
        _at = ""
        try:
            _at = "filters"
            _raw = _data.pop(_at)
            filters: list[TaskQueryFilter] = decode_list(_raw, TaskQueryFilter.from_dict)
            _at = "expression"
            _raw = _data.pop(_at, UNSET)
            expression: str | None | Unset = UNSET if isinstance(_raw, Unset) else _raw
        except DecodeError as error:
            raise error.below(_at) from error
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise DecodeError(reason_of(error), _at) from error
        _result = cls(
            filters=filters,
            expression=expression,
        )
        _result.additional_properties = _data
        return _result
