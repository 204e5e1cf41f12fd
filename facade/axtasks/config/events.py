"""Events that hooks are called with: attempts of requests, their ends, retries, and polls of runs.

They stand apart from the hooks, as dataclasses take 10 ms to import and a client without hooks needs none.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from axtasks_api.models import TaskRun


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestEvent:
    """One attempt of a request, just before it is sent. It has no headers, no query and no body.

    Attributes:
        operation: the operation of the API, such as `trigger_task_run`.
        method: the HTTP method.
        path: the path on the server, percent-encoded.
        attempt: the number of the attempt, from 1.
    """

    operation: str
    method: str
    path: str
    attempt: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ResponseEvent:
    """The end of one attempt of a request. There is one for each `RequestEvent`.

    Attributes:
        request: the attempt.
        status_code: the HTTP status; None where no response came.
        request_id: what the server calls this exchange, if it said so.
        duration_seconds: how long the attempt took, reading the response included.
        error: what the attempt ended with; None for a success, and also, with no status, where the call was cancelled
            or interrupted.
    """

    request: RequestEvent
    status_code: int | None
    request_id: str | None
    duration_seconds: float
    error: Exception | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RetryEvent:
    """The decision to retry a request.

    Attributes:
        request: the attempt that failed.
        error: what it ended with.
        pause_seconds: the delay before the next attempt.
    """

    request: RequestEvent
    error: Exception
    pause_seconds: float


@dataclass(frozen=True, slots=True)
class Poll:
    """One poll of a run that has not ended.

    Attributes:
        run: the run.
        elapsed_seconds: how long the wait has lasted.
        next_poll_seconds: the delay until the next poll.
    """

    run: TaskRun
    elapsed_seconds: float
    next_poll_seconds: float
