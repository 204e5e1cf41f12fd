# Generated from spec/openapi.yaml and spec/overlays/beta.yaml by "make generate"; do not edit.
from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, Self

from attrs import define as _define
from attrs import field as _field

from ..codec import (
    AS_IS,
    DecodeError,
    Field,
    Model,
    Spelling,
    decode_object,
    decode_timestamp,
    enum_text,
    reason_of,
    timestamp_text,
)
from ..models.evaluator_type import EvaluatorType
from ..types import UNSET, Unset

if TYPE_CHECKING:
    pass

_FIELDS = (
    Field("id", "id", "str", True, False),
    Field("name", "name", "str", True, False),
    Field("type", "type", "EvaluatorType", True, False),
    Field("space_id", "space_id", "str", True, False),
    Field("created_at", "created_at", "datetime", True, False),
    Field("updated_at", "updated_at", "datetime", True, False),
    Field("created_by_user_id", "created_by_user_id", "str | None", True, True),
    Field("description", "description", "str | None", False, True),
)


@_define
class Evaluator(Model):
    """An evaluator.

    Attributes:
        id: Identifier of the evaluator.
        name: Name of the evaluator.
        type: What an evaluator is: a template for an LLM judge, code, a test harness, or something hosted elsewhere.
        space_id: The space of the evaluator.
        created_at: When the evaluator was created.
        updated_at: When the evaluator was last changed.
        created_by_user_id: The user who created the evaluator.
        description: What the evaluator judges.
    """

    id: str
    name: str
    type: EvaluatorType
    space_id: str
    created_at: datetime
    updated_at: datetime
    created_by_user_id: str | None
    description: str | None | Unset = UNSET
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
        result["id"] = self.id
        result["name"] = self.name
        result["type"] = enum_text(self.type, "EvaluatorType", spelling)
        result["space_id"] = self.space_id
        result["created_at"] = timestamp_text(self.created_at)
        result["updated_at"] = timestamp_text(self.updated_at)
        result["created_by_user_id"] = self.created_by_user_id
        if not isinstance(self.description, Unset):
            result["description"] = self.description
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
            _at = "id"
            _raw = _data.pop(_at)
            id: str = _raw
            _at = "name"
            _raw = _data.pop(_at)
            name: str = _raw
            _at = "type"
            _raw = _data.pop(_at)
            type: EvaluatorType = EvaluatorType(_raw)
            _at = "space_id"
            _raw = _data.pop(_at)
            space_id: str = _raw
            _at = "created_at"
            _raw = _data.pop(_at)
            created_at: datetime = decode_timestamp(_raw)
            _at = "updated_at"
            _raw = _data.pop(_at)
            updated_at: datetime = decode_timestamp(_raw)
            _at = "created_by_user_id"
            _raw = _data.pop(_at, None)
            created_by_user_id: str | None = _raw
            _at = "description"
            _raw = _data.pop(_at, UNSET)
            description: str | None | Unset = UNSET if isinstance(_raw, Unset) else _raw
        except DecodeError as error:
            raise error.below(_at) from error
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise DecodeError(reason_of(error), _at) from error
        _result = cls(
            id=id,
            name=name,
            type=type,
            space_id=space_id,
            created_at=created_at,
            updated_at=updated_at,
            created_by_user_id=created_by_user_id,
            description=description,
        )
        _result.additional_properties = _data
        return _result
