# Generated from spec/openapi.yaml and spec/overlays/ by "make generate"; do not edit.
from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, Self

from attrs import define as _define

from ..codec import (
    AS_IS,
    DecodeError,
    Field,
    FieldsOf,
    Model,
    Spelling,
    decode_bool,
    decode_int,
    decode_list,
    decode_object,
    decode_text,
    decode_timestamp,
    reason_of,
    refuse_unknown,
    timestamp_text,
)
from ..types import UNSET, Unset

if TYPE_CHECKING:
    pass

_FIELDS = (
    Field("data_start_time", "data_start_time", "datetime", False, False),
    Field("data_end_time", "data_end_time", "datetime", False, False),
    Field("max_spans", "max_spans", "int", False, False),
    Field("override_evaluations", "override_evaluations", "bool", False, False),
    Field("experiment_ids", "experiment_ids", "list[str]", False, False),
)


@_define
class TriggerEvaluationTaskRunRequest(Model):
    """The data that a run of an evaluation task covers. Start and end are at most 30 days apart.

    Attributes:
        data_start_time: Start of the window; only for tasks over a project. Left out, it is the time of the last run, so the
            first run has to give it.
        data_end_time: End of the window; only for tasks over a project. Left out, it is now.
        max_spans: The most spans to work on.
        override_evaluations: True if data that already has labels is evaluated again.
        experiment_ids: The experiments to evaluate; only for tasks over a dataset. Left out, they are those of the task.
    """

    data_start_time: datetime | Unset = UNSET
    data_end_time: datetime | Unset = UNSET
    max_spans: int | Unset = UNSET
    override_evaluations: bool | Unset = UNSET
    experiment_ids: list[str] | Unset = UNSET

    fields = FieldsOf(_FIELDS)

    def to_dict(self, spelling: Spelling = AS_IS) -> dict[str, Any]:
        """The JSON object of this model.

        Args:
            spelling: how values are spelled; by their names in Python when left out.
        """
        result: dict[str, Any] = {}
        if not isinstance(self.data_start_time, Unset):
            result["data_start_time"] = timestamp_text(self.data_start_time)
        if not isinstance(self.data_end_time, Unset):
            result["data_end_time"] = timestamp_text(self.data_end_time)
        if not isinstance(self.max_spans, Unset):
            result["max_spans"] = self.max_spans
        if not isinstance(self.override_evaluations, Unset):
            result["override_evaluations"] = self.override_evaluations
        if not isinstance(self.experiment_ids, Unset):
            result["experiment_ids"] = list(self.experiment_ids)
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
            _at = "data_start_time"
            _raw = _data.get(_at, UNSET)
            data_start_time: datetime | Unset = UNSET if _raw is None or _raw is UNSET else decode_timestamp(_raw)
            _at = "data_end_time"
            _raw = _data.get(_at, UNSET)
            data_end_time: datetime | Unset = UNSET if _raw is None or _raw is UNSET else decode_timestamp(_raw)
            _at = "max_spans"
            _raw = _data.get(_at, UNSET)
            max_spans: int | Unset = UNSET if _raw is None or _raw is UNSET else decode_int(_raw)
            _at = "override_evaluations"
            _raw = _data.get(_at, UNSET)
            override_evaluations: bool | Unset = UNSET if _raw is None or _raw is UNSET else decode_bool(_raw)
            _at = "experiment_ids"
            _raw = _data.get(_at, UNSET)
            experiment_ids: list[str] | Unset = (
                UNSET if _raw is None or _raw is UNSET else decode_list(_raw, decode_text)
            )
        except DecodeError as error:
            raise error.below(_at) from error
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise DecodeError(reason_of(error), _at) from error
        refuse_unknown(_data, _FIELDS)
        return cls(
            data_start_time=data_start_time,
            data_end_time=data_end_time,
            max_spans=max_spans,
            override_evaluations=override_evaluations,
            experiment_ids=experiment_ids,
        )
