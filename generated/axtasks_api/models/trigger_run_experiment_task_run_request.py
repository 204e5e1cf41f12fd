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
    decode_int,
    decode_list,
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
    Field("experiment_name", "experiment_name", "str", True, False),
    Field("dataset_version_id", "dataset_version_id", "str", False, False),
    Field("example_ids", "example_ids", "list[str]", False, False),
    Field("max_examples", "max_examples", "int", False, False),
    Field("tracing_metadata", "tracing_metadata", "dict[str, str]", False, False),
    Field("evaluation_task_ids", "evaluation_task_ids", "list[str]", False, False),
    Field("query_filter", "query_filter", "str", False, False),
)


@_define
class TriggerRunExperimentTaskRunRequest(Model):
    """The experiment that a run of a run_experiment task creates.

    Attributes:
        experiment_name: Name of the experiment to create, unique within the dataset; no double quotes and no backslashes.
        dataset_version_id: The dataset version to run on; the latest one when left out.
        example_ids: The examples to run; excludes max_examples. All examples when both are left out.
        max_examples: Number of examples to run, in the order of the dataset; excludes example_ids.
        tracing_metadata: Metadata for the traces of the run; giving it turns tracing on.
        evaluation_task_ids: Evaluation tasks to trigger when the experiment is complete.
        query_filter: Only the examples that match; of those given in example_ids, or of all, up to max_examples.
    """

    experiment_name: str
    dataset_version_id: str | Unset = UNSET
    example_ids: list[str] | Unset = UNSET
    max_examples: int | Unset = UNSET
    tracing_metadata: dict[str, str] | Unset = UNSET
    evaluation_task_ids: list[str] | Unset = UNSET
    query_filter: str | Unset = UNSET

    fields = FieldsOf(_FIELDS)

    def to_dict(self, spelling: Spelling = AS_IS) -> dict[str, Any]:
        """The JSON object of this model.

        Args:
            spelling: how values are spelled; by their names in Python when left out.
        """
        result: dict[str, Any] = {}
        result["experiment_name"] = self.experiment_name
        if not isinstance(self.dataset_version_id, Unset):
            result["dataset_version_id"] = self.dataset_version_id
        if not isinstance(self.example_ids, Unset):
            result["example_ids"] = list(self.example_ids)
        if not isinstance(self.max_examples, Unset):
            result["max_examples"] = self.max_examples
        if not isinstance(self.tracing_metadata, Unset):
            result["tracing_metadata"] = dict(self.tracing_metadata)
        if not isinstance(self.evaluation_task_ids, Unset):
            result["evaluation_task_ids"] = list(self.evaluation_task_ids)
        if not isinstance(self.query_filter, Unset):
            result["query_filter"] = self.query_filter
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
            _at = "experiment_name"
            _raw = _data[_at]
            experiment_name: str = decode_text(_raw)
            _at = "dataset_version_id"
            _raw = _data.get(_at, UNSET)
            dataset_version_id: str | Unset = UNSET if _raw is None or _raw is UNSET else decode_text(_raw)
            _at = "example_ids"
            _raw = _data.get(_at, UNSET)
            example_ids: list[str] | Unset = UNSET if _raw is None or _raw is UNSET else decode_list(_raw, decode_text)
            _at = "max_examples"
            _raw = _data.get(_at, UNSET)
            max_examples: int | Unset = UNSET if _raw is None or _raw is UNSET else decode_int(_raw)
            _at = "tracing_metadata"
            _raw = _data.get(_at, UNSET)
            tracing_metadata: dict[str, str] | Unset = (
                UNSET if _raw is None or _raw is UNSET else decode_map(_raw, decode_text)
            )
            _at = "evaluation_task_ids"
            _raw = _data.get(_at, UNSET)
            evaluation_task_ids: list[str] | Unset = (
                UNSET if _raw is None or _raw is UNSET else decode_list(_raw, decode_text)
            )
            _at = "query_filter"
            _raw = _data.get(_at, UNSET)
            query_filter: str | Unset = UNSET if _raw is None or _raw is UNSET else decode_text(_raw)
        except DecodeError as error:
            raise error.below(_at) from error
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise DecodeError(reason_of(error), _at) from error
        refuse_unknown(_data, _FIELDS)
        return cls(
            experiment_name=experiment_name,
            dataset_version_id=dataset_version_id,
            example_ids=example_ids,
            max_examples=max_examples,
            tracing_metadata=tracing_metadata,
            evaluation_task_ids=evaluation_task_ids,
            query_filter=query_filter,
        )
