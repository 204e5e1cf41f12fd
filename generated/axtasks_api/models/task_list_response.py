# Generated from spec/openapi.yaml by "make generate"; do not edit.
from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self

from attrs import define as _define
from attrs import field as _field

from ..codec import (
    AS_IS,
    DecodeError,
    Field,
    Model,
    Spelling,
    decode_list,
    decode_object,
    reason_of,
)

if TYPE_CHECKING:
    from ..models.pagination_metadata import PaginationMetadata
    from ..models.task import Task

_FIELDS = (
    Field("tasks", "tasks", "list[Task]", True, False),
    Field("pagination", "pagination", "PaginationMetadata", True, False),
)


@_define
class TaskListResponse(Model):
    """One page of tasks.

    Attributes:
        tasks: The tasks of this page.
        pagination: Whether there is more, and where.
    """

    tasks: list[Task]
    pagination: PaginationMetadata
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
        result["tasks"] = [item.to_dict(spelling) for item in self.tasks]
        result["pagination"] = self.pagination.to_dict(spelling)
        result.update(self.additional_properties)
        return result

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        """The model of a JSON object.

        Raises:
            DecodeError: the object does not have the shape of the contract.
        """
        from ..models.pagination_metadata import PaginationMetadata
        from ..models.task import Task

        _data = decode_object(src_dict)
        _at = ""
        try:
            _at = "tasks"
            _raw = _data.pop(_at)
            tasks: list[Task] = decode_list(_raw, Task.from_dict)
            _at = "pagination"
            _raw = _data.pop(_at)
            pagination: PaginationMetadata = PaginationMetadata.from_dict(_raw)
        except DecodeError as error:
            raise error.below(_at) from error
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise DecodeError(reason_of(error), _at) from error
        _result = cls(
            tasks=tasks,
            pagination=pagination,
        )
        _result.additional_properties = _data
        return _result
