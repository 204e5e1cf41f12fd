"""What a program is told about the requests of a client: the details that hooks are called with."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestEvent:
    """One attempt of a request, just before it is sent. It has no headers, no query and no body.

    Attributes:
        operation: the operation of the API, such as `trigger_task_run`.
        method: the HTTP method.
        path: the path on the server, percent-encoded.
        attempt: how often this request was sent by now, this time included.
    """

    operation: str
    method: str
    path: str
    attempt: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ResponseEvent:
    """How one attempt of a request ended. There is one for each `RequestEvent`.

    Attributes:
        request: the attempt.
        status_code: the HTTP status; None where no answer came.
        request_id: what the server calls this exchange, if it said so.
        duration_seconds: how long the attempt took, reading the answer included.
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
    """The decision to send a request again.

    Attributes:
        request: the attempt that failed.
        error: what it ended with.
        pause_seconds: how long is waited before the next attempt.
    """

    request: RequestEvent
    error: Exception
    pause_seconds: float
