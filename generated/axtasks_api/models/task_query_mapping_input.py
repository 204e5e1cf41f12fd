# Generated from spec/openapi.yaml and spec/overlays/ by "make generate"; do not edit.
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
    decode_list,
    decode_object,
    decode_text,
    reason_of,
    refuse_unknown,
)

if TYPE_CHECKING:
    pass

_FIELDS = (
    Field("variable_name", "variable_name", "str", True, False),
    Field("query_ids", "query_ids", "list[str]", True, False),
    Field("attribute_path", "attribute_path", "str", True, False),
)


@_define
class TaskQueryMappingInput(Model):
    """Source of a variable of an evaluator over traces or sessions.

    Attributes:
        variable_name: The variable of the evaluator's template.
        query_ids: Ids of the task's filters whose finds feed the variable; an empty list means any of them.
        attribute_path: The attribute path within what was found.
    """

    variable_name: str
    query_ids: list[str]
    attribute_path: str

    fields = FieldsOf(_FIELDS)

    def to_dict(self, spelling: Spelling = AS_IS) -> dict[str, Any]:
        """The JSON object of this model.

        Args:
            spelling: how values are spelled; by their names in Python when left out.
        """
        result: dict[str, Any] = {}
        result["variable_name"] = self.variable_name
        result["query_ids"] = list(self.query_ids)
        result["attribute_path"] = self.attribute_path
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
            _at = "variable_name"
            _raw = _data[_at]
            variable_name: str = decode_text(_raw)
            _at = "query_ids"
            _raw = _data[_at]
            query_ids: list[str] = decode_list(_raw, decode_text)
            _at = "attribute_path"
            _raw = _data[_at]
            attribute_path: str = decode_text(_raw)
        except DecodeError as error:
            raise error.below(_at) from error
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise DecodeError(reason_of(error), _at) from error
        refuse_unknown(_data, _FIELDS)
        return cls(
            variable_name=variable_name,
            query_ids=query_ids,
            attribute_path=attribute_path,
        )
