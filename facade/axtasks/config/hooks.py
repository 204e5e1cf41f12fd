"""Hooks: functions of a program that are called with events of requests, retries and polls."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeVar

from axtasks.errors import ConfigurationError

from .options import Value

if TYPE_CHECKING:
    from collections.abc import Callable

    from .events import Poll, RequestEvent, ResponseEvent, RetryEvent


HookT = TypeVar("HookT")


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
    if hook is None:
        return hook
    # Imported late: it takes longer than all that a client without hooks needs.
    from inspect import iscoroutinefunction

    if not callable(hook) or iscoroutinefunction(hook) or iscoroutinefunction(type(hook).__call__):
        raise ConfigurationError(f"{name} has to be a plain function, not {hook!r}")
    return hook


NO_HOOKS = Hooks()


def parse_hooks(hooks: Hooks | None) -> Hooks:
    """Return the hooks of an argument; raise ConfigurationError if it is something else."""
    if hooks is not None and not isinstance(hooks, Hooks):
        raise ConfigurationError(f"hooks has to be Hooks, such as Hooks(on_retry=print), not {hooks!r}")
    return hooks or NO_HOOKS
