# Generated from spec/openapi.yaml and spec/overlays/ by "make generate"; do not edit.
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
    FieldsOf,
    ResponseModel,
    Spelling,
    decode_object,
    decode_text,
    decode_timestamp,
    has,
    leave_out,
    misfit,
    new,
    others,
    timestamp_text,
)

if TYPE_CHECKING:
    pass

_FIELDS = (
    Field("id", "id", "str", True, False),
    Field("name", "name", "str", True, False),
    Field("dataset_id", "dataset_id", "str | None", True, True),
    Field("dataset_version_id", "dataset_version_id", "str | None", True, True),
    Field("created_at", "created_at", "datetime", True, False),
    Field("updated_at", "updated_at", "datetime", True, False),
    Field("experiment_traces_project_id", "experiment_traces_project_id", "str", False, False),
    Field("integration_id", "integration_id", "str | None", False, True),
    Field("space_id", "space_id", "str", False, False),
)


@_define(getstate_setstate=False, repr=False, eq=False)
class Experiment(ResponseModel):
    """An experiment over a dataset.

    Attributes:
        id: Identifier of the experiment.
        name: Name of the experiment.
        dataset_id: The dataset of the experiment.
        dataset_version_id: The version of the dataset that was run.
        created_at: Time at which the experiment was created.
        updated_at: Time at which the experiment was last changed.
        experiment_traces_project_id: The project that holds the traces of the experiment.
        integration_id: The agent integration that the experiment was run with; null where it was none.
        space_id: The space of the experiment.
    """

    id: str
    name: str
    dataset_id: str | None
    dataset_version_id: str | None
    created_at: datetime
    updated_at: datetime
    experiment_traces_project_id: str | None = None
    integration_id: str | None = None
    space_id: str | None = None
    additional_properties: dict[str, Any] = _field(init=False, factory=dict)

    fields = FieldsOf(_FIELDS)

    def __hash__(self) -> int:
        # What is equal has the same id, or none.
        return hash(self.id if has(self, "id") else None)

    def to_dict(self, spelling: Spelling = AS_IS) -> dict[str, Any]:
        """The JSON object of this model: what was received, unknown members included.

        Args:
            spelling: how values are spelled; by their names in Python when left out.
        """
        result: dict[str, Any] = {}
        if has(self, "id"):
            result["id"] = self.id
        if has(self, "name"):
            result["name"] = self.name
        if has(self, "dataset_id"):
            result["dataset_id"] = self.dataset_id
        if has(self, "dataset_version_id"):
            result["dataset_version_id"] = self.dataset_version_id
        if has(self, "created_at"):
            result["created_at"] = timestamp_text(self.created_at)
        if has(self, "updated_at"):
            result["updated_at"] = timestamp_text(self.updated_at)
        if has(self, "experiment_traces_project_id"):
            result["experiment_traces_project_id"] = self.experiment_traces_project_id
        if has(self, "integration_id"):
            result["integration_id"] = self.integration_id
        if has(self, "space_id"):
            result["space_id"] = self.space_id
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
                _raw = _data["id"]
            except KeyError:
                _absent += leave_out(_result)
            else:
                _result.id = _raw if isinstance(_raw, str) else decode_text(_raw)
            try:
                _result.name = _data["name"]
            except KeyError:
                _absent += leave_out(_result)
            try:
                _raw = _data["dataset_id"]
            except KeyError:
                _absent += 1
            else:
                _result.dataset_id = None if _raw is None else _raw if isinstance(_raw, str) else decode_text(_raw)
            try:
                _result.dataset_version_id = _data["dataset_version_id"]
            except KeyError:
                _absent += 1
            try:
                _raw = _data["created_at"]
            except KeyError:
                _absent += leave_out(_result)
            else:
                _result.created_at = decode_timestamp(_raw)
            try:
                _raw = _data["updated_at"]
            except KeyError:
                _absent += leave_out(_result)
            else:
                _result.updated_at = decode_timestamp(_raw)
            if "experiment_traces_project_id" in _data:
                _result.experiment_traces_project_id = _data["experiment_traces_project_id"]
            else:
                _absent += 1
            if "integration_id" in _data:
                _result.integration_id = _data["integration_id"]
            else:
                _absent += 1
            if "space_id" in _data:
                _result.space_id = _data["space_id"]
            else:
                _absent += 1
        except (DecodeError, KeyError, TypeError, ValueError, AttributeError) as error:
            refused = misfit(error, _result, _data)
            # Who looks at the variables of a traceback cannot look at half a model.
            del _result
            raise refused from error
        if len(_data) + _absent != 9:
            _result.additional_properties = others(_data, _FIELDS)
        return _result
