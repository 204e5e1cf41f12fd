# Generated from spec/openapi.yaml by "make generate"; do not edit.
from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self

from attrs import define as _define

from ..codec import (
    AS_IS,
    DecodeError,
    Field,
    FieldsOf,
    Model,
    Spelling,
    decode_map,
    decode_object,
    decode_text,
    reason_of,
    refuse_unknown,
)
from ..types import UNSET, Unset

if TYPE_CHECKING:
    pass

_FIELDS = (
    Field("evaluator_id", "evaluator_id", "str", True, False),
    Field("query_filter", "query_filter", "str | None", False, True),
    Field("column_mappings", "column_mappings", "dict[str, str] | None", False, True),
)


@_define
class TaskEvaluatorInput(Model):
    """An evaluator to attach to a task.

    Attributes:
        evaluator_id: Identifier of the evaluator; at most once in a list.
        query_filter: Filter for this evaluator, on top of the task's own.
        column_mappings: Template variable to column or attribute path.
    """

    evaluator_id: str
    query_filter: str | None | Unset = UNSET
    column_mappings: dict[str, str] | None | Unset = UNSET

    fields = FieldsOf(_FIELDS)

    def to_dict(self, spelling: Spelling = AS_IS) -> dict[str, Any]:
        """The JSON object of this model.

        Args:
            spelling: how values are spelled; by their names in Python when left out.
        """
        result: dict[str, Any] = {}
        result["evaluator_id"] = self.evaluator_id
        if not isinstance(self.query_filter, Unset):
            result["query_filter"] = self.query_filter
        if not isinstance(self.column_mappings, Unset):
            result["column_mappings"] = None if self.column_mappings is None else dict(self.column_mappings)
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
            _at = "evaluator_id"
            _raw = _data[_at]
            evaluator_id: str = decode_text(_raw)
            _at = "query_filter"
            _raw = _data.get(_at, UNSET)
            query_filter: str | None | Unset = UNSET if _raw is UNSET else None if _raw is None else decode_text(_raw)
            _at = "column_mappings"
            _raw = _data.get(_at, UNSET)
            column_mappings: dict[str, str] | None | Unset = (
                UNSET if _raw is UNSET else None if _raw is None else decode_map(_raw, decode_text)
            )
        except DecodeError as error:
            raise error.below(_at) from error
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise DecodeError(reason_of(error), _at) from error
        refuse_unknown(_data, _FIELDS)
        return cls(
            evaluator_id=evaluator_id,
            query_filter=query_filter,
            column_mappings=column_mappings,
        )
