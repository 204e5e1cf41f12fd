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
    from ..models.pagination_metadata import PaginationMetadata
    from ..models.prompt import Prompt

_FIELDS = (
    Field("prompts", "prompts", "list[Prompt]", True, False),
    Field("pagination", "pagination", "PaginationMetadata", True, False),
)


@_cache
def _pagination_metadata_decoder() -> Callable[[Any], PaginationMetadata]:
    from ..models.pagination_metadata import PaginationMetadata

    # Bound once: to bind it takes as long as to decode a field.
    return PaginationMetadata.from_dict


@_cache
def _prompt_decoder() -> Callable[[Any], Prompt]:
    from ..models.prompt import Prompt

    # Bound once: to bind it takes as long as to decode a field.
    return Prompt.from_dict


@_define(getstate_setstate=False, repr=False, eq=False)
class PromptListResponse(ResponseModel):
    """One page of prompts.

    Attributes:
        prompts: The prompts of this page.
        pagination: The cursor of the next page, if there is one.
    """

    prompts: list[Prompt]
    pagination: PaginationMetadata
    additional_properties: dict[str, Any] = _field(init=False, factory=dict)

    fields = FieldsOf(_FIELDS)

    def to_dict(self, spelling: Spelling = AS_IS) -> dict[str, Any]:
        """The JSON object of this model: what was received, unknown members included.

        Args:
            spelling: how values are spelled; by their names in Python when left out.
        """
        result: dict[str, Any] = {}
        if has(self, "prompts"):
            result["prompts"] = [item.to_dict(spelling) for item in self.prompts]
        if has(self, "pagination"):
            result["pagination"] = self.pagination.to_dict(spelling)
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
                _raw = _data["prompts"]
            except KeyError:
                _absent += leave_out(_result)
            else:
                _result.prompts = decode_list(_raw, _prompt_decoder())
            try:
                _raw = _data["pagination"]
            except KeyError:
                _absent += leave_out(_result)
            else:
                _result.pagination = _pagination_metadata_decoder()(_raw)
        except (DecodeError, KeyError, TypeError, ValueError, AttributeError) as error:
            refused = misfit(error, _result, _data)
            # Who looks at the variables of a traceback cannot look at half a model.
            del _result
            raise refused from error
        if len(_data) + _absent != 2:
            _result.additional_properties = others(_data, _FIELDS)
        return _result
