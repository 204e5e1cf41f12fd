# Generated from spec/openapi.yaml and spec/overlays/beta.yaml by "make generate"; do not edit.
from ..codec import OpenEnum


class TaskRunStatus(OpenEnum):
    """Where a run stands: `PENDING` is queued, `RUNNING` is at work, `COMPLETED` ended well, `FAILED` stopped on an
    error, `CANCELLED` ended before it was complete. The last three are final."""

    PENDING = "pending"
    RUNNING = "running"
    COMPLETED = "completed"
    FAILED = "failed"
    CANCELLED = "cancelled"
