"""What a program is told about the requests of a client: the hooks, and the details they are called with."""

from __future__ import annotations

from dataclasses import dataclass, fields
from inspect import iscoroutinefunction
from typing import TYPE_CHECKING

from .errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Callable

    from .polling import Poll


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Hooks:
    """Functions that a client calls as it goes; the same for both clients, and never awaited.

    They are called in the thread or task of the call, and hold it up for as long as they take. What one of them raises
    is logged, and the call goes on: being watched must not change what becomes of a write.

    Attributes:
        on_request: is told of each attempt before it is sent.
        on_response: is told how each attempt ended.
        on_retry: is told of each pause before a further attempt.
        on_poll: is told of each look at a run that has not ended.

    Raises:
        ConfigurationError: one of them is not a plain function.
    """

    on_request: Callable[[RequestEvent], object] | None = None
    on_response: Callable[[ResponseEvent], object] | None = None
    on_retry: Callable[[RetryEvent], object] | None = None
    on_poll: Callable[[Poll], object] | None = None

    def __post_init__(self) -> None:
        for field in fields(self):
            hook = getattr(self, field.name)
            if hook is not None and (not callable(hook) or iscoroutinefunction(hook)):
                raise ConfigurationError(f"{field.name} has to be a plain function, not {hook!r}")


NO_HOOKS = Hooks()


def hooks_of(hooks: Hooks | None) -> Hooks:
    """The hooks that an argument means.

    Raises:
        ConfigurationError: it is something else.
    """
    if hooks is not None and not isinstance(hooks, Hooks):
        raise ConfigurationError(f"hooks has to be Hooks, such as Hooks(on_retry=print), not {hooks!r}")
    return hooks or NO_HOOKS
