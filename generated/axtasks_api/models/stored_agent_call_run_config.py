# Generated from spec/openapi.yaml and spec/overlays/ by "make generate"; do not edit.
from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Literal, Self

from attrs import define as _define
from attrs import field as _field

from ..codec import (
    AS_IS,
    DecodeError,
    Field,
    FieldsOf,
    ResponseModel,
    Spelling,
    constant_text,
    decode_constant,
    decode_map,
    decode_object,
    either_spelling,
    has,
    leave_out,
    misfit,
    new,
    others,
)

if TYPE_CHECKING:
    pass

_FIELDS = (
    Field("experiment_type", "experiment_type", "Literal['agent_call']", True, False, "agent_call"),
    Field("integration_id", "integration_id", "str", True, False),
    Field("input_template", "input_template", "dict[str, Any]", True, False),
)
_EXPERIMENT_TYPE_CONSTANT: Literal["agent_call"] = either_spelling(
    "agent_call", "StoredAgentCallRunConfig.experiment_type"
)


@_define(getstate_setstate=False, repr=False, eq=False)
class StoredAgentCallRunConfig(ResponseModel):
    """A stored configuration that calls an agent for each example of the dataset.

    Attributes:
        experiment_type: Says that each example is put to an agent.
        integration_id: The integration of the agent.
        input_template: The request to the agent, with {{column}} placeholders for the columns of the dataset.
    """

    integration_id: str
    input_template: dict[str, Any]
    experiment_type: Literal["agent_call"] = _EXPERIMENT_TYPE_CONSTANT
    additional_properties: dict[str, Any] = _field(init=False, factory=dict)

    fields = FieldsOf(_FIELDS)

    def to_dict(self, spelling: Spelling = AS_IS) -> dict[str, Any]:
        """The JSON object of this model: what was received, unknown members included.

        Args:
            spelling: how values are spelled; by their names in Python when left out.
        """
        result: dict[str, Any] = {}
        if has(self, "experiment_type"):
            result["experiment_type"] = constant_text(
                self.experiment_type, "StoredAgentCallRunConfig.experiment_type", spelling
            )
        if has(self, "integration_id"):
            result["integration_id"] = self.integration_id
        if has(self, "input_template"):
            result["input_template"] = dict(self.input_template)
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
                _raw = _data["experiment_type"]
            except KeyError:
                _absent += leave_out(_result)
            else:
                decode_constant(_raw, "agent_call", "StoredAgentCallRunConfig.experiment_type")
                _result.experiment_type = _EXPERIMENT_TYPE_CONSTANT
            try:
                _result.integration_id = _data["integration_id"]
            except KeyError:
                _absent += leave_out(_result)
            try:
                _raw = _data["input_template"]
            except KeyError:
                _absent += leave_out(_result)
            else:
                _result.input_template = _raw if isinstance(_raw, dict) else decode_map(_raw)
        except (DecodeError, KeyError, TypeError, ValueError, AttributeError) as error:
            refused = misfit(error, _result, _data)
            # Who looks at the variables of a traceback cannot look at half a model.
            del _result
            raise refused from error
        if len(_data) + _absent != 3:
            _result.additional_properties = others(_data, _FIELDS)
        return _result
