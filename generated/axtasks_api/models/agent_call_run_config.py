# Generated from spec/openapi.yaml and spec/overlays/ by "make generate"; do not edit.
from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Literal, Self

from attrs import define as _define

from ..codec import (
    AS_IS,
    DecodeError,
    Field,
    FieldsOf,
    Model,
    Spelling,
    constant_text,
    decode_constant,
    decode_map,
    decode_object,
    decode_text,
    either_spelling,
    reason_of,
    refuse_unknown,
)
from ..types import UNSET

if TYPE_CHECKING:
    pass

_FIELDS = (
    Field("experiment_type", "experiment_type", "Literal['agent_call']", True, False, "agent_call"),
    Field("integration_id", "integration_id", "str", True, False),
    Field("input_template", "input_template", "dict[str, Any]", True, False),
)
_EXPERIMENT_TYPE_CONSTANT: Literal["agent_call"] = either_spelling("agent_call", "AgentCallRunConfig.experiment_type")


@_define
class AgentCallRunConfig(Model):
    """Calls an agent for each example of the dataset.

    Attributes:
        experiment_type: Says that each example is put to an agent.
        integration_id: The integration of the agent.
        input_template: The request to the agent, with {{column}} placeholders for the columns of the dataset.
    """

    integration_id: str
    input_template: dict[str, Any]
    experiment_type: Literal["agent_call"] = _EXPERIMENT_TYPE_CONSTANT

    fields = FieldsOf(_FIELDS)

    def to_dict(self, spelling: Spelling = AS_IS) -> dict[str, Any]:
        """The JSON object of this model.

        Args:
            spelling: how values are spelled; by their names in Python when left out.
        """
        result: dict[str, Any] = {}
        result["experiment_type"] = constant_text(self.experiment_type, "AgentCallRunConfig.experiment_type", spelling)
        result["integration_id"] = self.integration_id
        result["input_template"] = dict(self.input_template)
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
            _at = "experiment_type"
            _raw = _data[_at]
            if _raw is not UNSET:
                decode_constant(_raw, "agent_call", "AgentCallRunConfig.experiment_type")
            _at = "integration_id"
            _raw = _data[_at]
            integration_id: str = decode_text(_raw)
            _at = "input_template"
            _raw = _data[_at]
            input_template: dict[str, Any] = decode_map(_raw)
        except DecodeError as error:
            raise error.below(_at) from error
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise DecodeError(reason_of(error), _at) from error
        refuse_unknown(_data, _FIELDS)
        return cls(
            integration_id=integration_id,
            input_template=input_template,
        )
