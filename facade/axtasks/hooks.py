"""Functions of a program that are told about the requests of a client."""

from __future__ import annotations

from dataclasses import dataclass, fields
from inspect import iscoroutinefunction
from typing import TYPE_CHECKING

from .errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Callable

    from .events import RequestEvent, ResponseEvent, RetryEvent
    from .polling import Poll


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
