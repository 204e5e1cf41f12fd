"""Functions of a program that are told about the requests of a client."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeVar

from .errors import ConfigurationError
from .values import Value

if TYPE_CHECKING:
    from collections.abc import Callable

    from .events import RequestEvent, ResponseEvent, RetryEvent
    from .polling import Poll

HookT = TypeVar("HookT")


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
        self.on_request: Final = plain("on_request", on_request)
        self.on_response: Final = plain("on_response", on_response)
        self.on_retry: Final = plain("on_retry", on_retry)
        self.on_poll: Final = plain("on_poll", on_poll)


def plain(name: str, hook: HookT) -> HookT:
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
