# Generated from spec/openapi.yaml and spec/overlays/ by "make generate"; do not edit.
import typing as _typing

from ..codec import OpenEnum


class TaskRunStatus(OpenEnum):
    """State of a run: `PENDING` is queued, `RUNNING` is at work, `COMPLETED` ended well, `FAILED` stopped on an error,
    `CANCELLED` ended before it was complete. The last three are final."""

    PENDING = "pending"
    RUNNING = "running"
    COMPLETED = "completed"
    FAILED = "failed"
    CANCELLED = "cancelled"


# Its values as text, in the spellings of both dialects, for type checkers.
TaskRunStatusText = _typing.Literal[
    "pending",
    "running",
    "completed",
    "failed",
    "cancelled",
    "PENDING",
    "RUNNING",
    "COMPLETED",
    "FAILED",
    "CANCELLED",
]
