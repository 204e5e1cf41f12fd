"""Hooks: functions of a program that are called with events of requests, retries and polls."""

from __future__ import annotations

from dataclasses import dataclass
from inspect import iscoroutinefunction
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


class Hooks(Value):
    """Functions that a client calls as it goes; the same for both clients, and never awaited.

    They are called in the thread or task of the call, and hold it up for as long as they take. What one of them raises
    is logged, and the call goes on: being watched must not change what becomes of a write.

    Attributes:
        on_request: called for each attempt before it is sent.
        on_response: called at the end of each attempt.
        on_retry: called before the delay of each retry.
        on_poll: called for each poll of a run that has not ended.

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
    """Return a hook, or None; raise ConfigurationError unless it is a function that is not awaited."""
    if hook is not None and (not callable(hook) or iscoroutinefunction(hook)):
        raise ConfigurationError(f"{name} has to be a plain function, not {hook!r}")
    return hook


NO_HOOKS = Hooks()


def parse_hooks(hooks: Hooks | None) -> Hooks:
    """Return the hooks of an argument; raise ConfigurationError if it is something else."""
    if hooks is not None and not isinstance(hooks, Hooks):
        raise ConfigurationError(f"hooks has to be Hooks, such as Hooks(on_retry=print), not {hooks!r}")
    return hooks or NO_HOOKS
