"""Hooks: functions of a program that are called with events of requests, retries and polls."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeVar

from axtasks.errors import ConfigurationError

from .options import Value

if TYPE_CHECKING:
    from collections.abc import Callable

    from axtasks_api_beta.models import TaskRun


HookT = TypeVar("HookT")


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


@dataclass(frozen=True, slots=True)
class Poll:
    """One look at a run that has not ended.

    Attributes:
        run: the run.
        elapsed_seconds: how long it has been waited for.
        next_poll_seconds: when the next look follows.
    """

    run: TaskRun
    elapsed_seconds: float
    next_poll_seconds: float


class Hooks(Value):
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

    __slots__ = ("on_poll", "on_request", "on_response", "on_retry")

    def __init__(
        self,
        *,
        on_request: Callable[[RequestEvent], object] | None = None,
        on_response: Callable[[ResponseEvent], object] | None = None,
        on_retry: Callable[[RetryEvent], object] | None = None,
        on_poll: Callable[[Poll], object] | None = None,
    ) -> None:
        self.on_request: Final = check_hook("on_request", on_request)
        self.on_response: Final = check_hook("on_response", on_response)
        self.on_retry: Final = check_hook("on_retry", on_retry)
        self.on_poll: Final = check_hook("on_poll", on_poll)


def check_hook(name: str, hook: HookT) -> HookT:
    """The function, once it is known to be one that can be called and need not be awaited; None as well.

    Raises:
        ConfigurationError: it is not.
    """
    if hook is not None:
        # Imported late: it takes longer than all that a client without hooks needs.
        from inspect import iscoroutinefunction

        if not callable(hook) or iscoroutinefunction(hook):
            raise ConfigurationError(f"{name} has to be a plain function, not {hook!r}")
    return hook


NO_HOOKS = Hooks()


def hooks_of(hooks: Hooks | None) -> Hooks:
    """The hooks that an argument means.

    Raises:
        ConfigurationError: it is something else.
    """
    if hooks is not None and not isinstance(hooks, Hooks):
        raise ConfigurationError(f"hooks has to be Hooks, such as Hooks(on_retry=print), not {hooks!r}")
    return hooks or NO_HOOKS
