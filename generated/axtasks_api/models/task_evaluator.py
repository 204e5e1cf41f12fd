# Generated from spec/openapi.yaml by "make generate"; do not edit.
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
    decode_map,
    decode_object,
    reason_of,
)

if TYPE_CHECKING:
    pass

_FIELDS = (
    Field("evaluator_id", "evaluator_id", "str", True, False),
    Field("evaluator_name", "evaluator_name", "str", True, False),
    Field("query_filter", "query_filter", "str | None", True, True),
    Field("column_mappings", "column_mappings", "dict[str, str] | None", True, True),
)


@_define
class TaskEvaluator(Model):
    """An evaluator as it is attached to a task.

    Attributes:
        evaluator_id: Identifier of the evaluator.
        evaluator_name: Name of the evaluator, filled in by the server.
        query_filter: Filter for this evaluator, on top of the task's own.
        column_mappings: Template variable to column or attribute path.
    """

    evaluator_id: str
    evaluator_name: str
    query_filter: str | None
    column_mappings: dict[str, str] | None
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
        result["evaluator_id"] = self.evaluator_id
        result["evaluator_name"] = self.evaluator_name
        result["query_filter"] = self.query_filter
        result["column_mappings"] = None if self.column_mappings is None else dict(self.column_mappings)
        result.update(self.additional_properties)
        return result

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        """The model of a JSON object.

        Raises:
            DecodeError: the object does not have the shape of the contract.
        """

        _data = decode_object(src_dict)
        _at = ""
        try:
            _at = "evaluator_id"
            _raw = _data.pop(_at)
            evaluator_id: str = _raw
            _at = "evaluator_name"
            _raw = _data.pop(_at)
            evaluator_name: str = _raw
            _at = "query_filter"
            _raw = _data.pop(_at, None)
            query_filter: str | None = _raw
            _at = "column_mappings"
            _raw = _data.pop(_at, None)
            column_mappings: dict[str, str] | None = None if _raw is None else decode_map(_raw)
        except DecodeError as error:
            raise error.below(_at) from error
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise DecodeError(reason_of(error), _at) from error
        _result = cls(
            evaluator_id=evaluator_id,
            evaluator_name=evaluator_name,
            query_filter=query_filter,
            column_mappings=column_mappings,
        )
        _result.additional_properties = _data
        return _result
