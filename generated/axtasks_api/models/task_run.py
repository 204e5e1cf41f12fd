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
    Members,
    ResponseModel,
    Spelling,
    decode_object,
    decode_text,
    decode_timestamp,
    enum_text,
    has,
    leave_out,
    misfit,
    new,
    others,
    timestamp_text,
)
from ..models.task_run_status import TaskRunStatus
from ..run_outcome import RunOutcome

if TYPE_CHECKING:
    pass

_FIELDS = (
    Field("id", "id", "str", True, False),
    Field("task_id", "task_id", "str", True, False),
    Field("status", "status", "TaskRunStatus", True, False),
    Field("run_started_at", "run_started_at", "datetime | None", True, True),
    Field("run_finished_at", "run_finished_at", "datetime | None", True, True),
    Field("data_start_time", "data_start_time", "datetime | None", True, True),
    Field("data_end_time", "data_end_time", "datetime | None", True, True),
    Field("num_successes", "num_successes", "int", True, False),
    Field("num_errors", "num_errors", "int", True, False),
    Field("num_skipped", "num_skipped", "int", True, False),
    Field("created_at", "created_at", "datetime", True, False),
    Field("created_by_user_id", "created_by_user_id", "str | None", True, True),
    Field("experiment_id", "experiment_id", "str | None", False, True),
    Field("failure_reason", "failure_reason", "str | None", False, True),
)
_TASK_RUN_STATUS = Members(TaskRunStatus)


@_define(getstate_setstate=False, repr=False, eq=False)
class TaskRun(RunOutcome, ResponseModel):
    """One asynchronous execution of a task.

    Attributes:
        id: Identifier of the run.
        task_id: The task this is a run of.
        status: State of a run: `PENDING` is queued, `RUNNING` is at work, `COMPLETED` ended well, `FAILED` stopped on
            an error, `CANCELLED` ended before it was complete. The last three are final.
        run_started_at: Time at which work began.
        run_finished_at: Time at which work ended.
        data_start_time: Start of the evaluated window; null for run_experiment.
        data_end_time: End of the evaluated window; null for run_experiment.
        num_successes: Number of items that went well.
        num_errors: Number of items that ended in an error.
        num_skipped: Number of items that were passed over.
        created_at: Time at which the run was queued.
        created_by_user_id: The user who triggered the run.
        experiment_id: The experiment that the run created, once it is there; only for run_experiment.
        failure_reason: Reason why the run failed or was cancelled; null otherwise.
    """

    id: str
    task_id: str
    status: TaskRunStatus
    run_started_at: datetime | None
    run_finished_at: datetime | None
    data_start_time: datetime | None
    data_end_time: datetime | None
    num_successes: int
    num_errors: int
    num_skipped: int
    created_at: datetime
    created_by_user_id: str | None
    experiment_id: str | None = None
    failure_reason: str | None = None
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
        if has(self, "task_id"):
            result["task_id"] = self.task_id
        if has(self, "status"):
            result["status"] = enum_text(self.status, "TaskRunStatus", spelling)
        if has(self, "run_started_at"):
            result["run_started_at"] = None if self.run_started_at is None else timestamp_text(self.run_started_at)
        if has(self, "run_finished_at"):
            result["run_finished_at"] = None if self.run_finished_at is None else timestamp_text(self.run_finished_at)
        if has(self, "data_start_time"):
            result["data_start_time"] = None if self.data_start_time is None else timestamp_text(self.data_start_time)
        if has(self, "data_end_time"):
            result["data_end_time"] = None if self.data_end_time is None else timestamp_text(self.data_end_time)
        if has(self, "num_successes"):
            result["num_successes"] = self.num_successes
        if has(self, "num_errors"):
            result["num_errors"] = self.num_errors
        if has(self, "num_skipped"):
            result["num_skipped"] = self.num_skipped
        if has(self, "created_at"):
            result["created_at"] = timestamp_text(self.created_at)
        if has(self, "created_by_user_id"):
            result["created_by_user_id"] = self.created_by_user_id
        if has(self, "experiment_id"):
            result["experiment_id"] = self.experiment_id
        if has(self, "failure_reason"):
            result["failure_reason"] = self.failure_reason
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
                _result.task_id = _data["task_id"]
            except KeyError:
                _absent += leave_out(_result)
            try:
                _raw = _data["status"]
            except KeyError:
                _absent += leave_out(_result)
            else:
                _result.status = _TASK_RUN_STATUS[_raw] if isinstance(_raw, str) else TaskRunStatus(_raw)
            try:
                _raw = _data["run_started_at"]
            except KeyError:
                _absent += 1
            else:
                _result.run_started_at = None if _raw is None else decode_timestamp(_raw)
            try:
                _raw = _data["run_finished_at"]
            except KeyError:
                _absent += 1
            else:
                _result.run_finished_at = None if _raw is None else decode_timestamp(_raw)
            try:
                _raw = _data["data_start_time"]
            except KeyError:
                _absent += 1
            else:
                _result.data_start_time = None if _raw is None else decode_timestamp(_raw)
            try:
                _raw = _data["data_end_time"]
            except KeyError:
                _absent += 1
            else:
                _result.data_end_time = None if _raw is None else decode_timestamp(_raw)
            try:
                _result.num_successes = _data["num_successes"]
            except KeyError:
                _absent += leave_out(_result)
            try:
                _result.num_errors = _data["num_errors"]
            except KeyError:
                _absent += leave_out(_result)
            try:
                _result.num_skipped = _data["num_skipped"]
            except KeyError:
                _absent += leave_out(_result)
            try:
                _raw = _data["created_at"]
            except KeyError:
                _absent += leave_out(_result)
            else:
                _result.created_at = decode_timestamp(_raw)
            try:
                _result.created_by_user_id = _data["created_by_user_id"]
            except KeyError:
                _absent += 1
            if "experiment_id" in _data:
                _result.experiment_id = _data["experiment_id"]
            else:
                _absent += 1
            if "failure_reason" in _data:
                _result.failure_reason = _data["failure_reason"]
            else:
                _absent += 1
        except (DecodeError, KeyError, TypeError, ValueError, AttributeError) as error:
            refused = misfit(error, _result, _data)
            # Who looks at the variables of a traceback cannot look at half a model.
            del _result
            raise refused from error
        if len(_data) + _absent != 14:
            _result.additional_properties = others(_data, _FIELDS)
        return _result
