# Generated from spec/openapi.yaml by "make generate"; do not edit.
from ..codec import OpenEnum


class TaskRunStatus(OpenEnum):
    """Where a run stands: `pending` is queued, `running` is at work, `completed` ended well, `failed` stopped on an
    error, `cancelled` ended before it was complete. The last three are final."""

    PENDING = "pending"
    RUNNING = "running"
    COMPLETED = "completed"
    FAILED = "failed"
    CANCELLED = "cancelled"
