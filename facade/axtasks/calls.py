"""What goes around the flow of a whole call, as the client was set up."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, TypeVar

from .attempts import Call, governed
from .errors import (
    BadRequestError,
    ConflictError,
    InvalidArgumentError,
    NotFoundError,
    PermissionDeniedError,
    ResolutionError,
    UnprocessableEntityError,
)
from .recollection import Recollection, StaleNamesError

if TYPE_CHECKING:
    from collections.abc import Callable

    from .core import Core
    from .effects import Flow

R = TypeVar("R")
T = TypeVar("T")

# What a call may end with because a name leads elsewhere by now. After none of them anything was done.
_REFUSALS = (
    BadRequestError,
    PermissionDeniedError,
    NotFoundError,
    ConflictError,
    UnprocessableEntityError,
    InvalidArgumentError,
    ResolutionError,
    StaleNamesError,
)


def lasting(value: T) -> T | list[object]:
    """The value, or a list of what is left where it can be gone through only once: a call may be begun anew."""
    return list(value) if isinstance(value, Iterator) else value


def called(core: Core, steps: Flow[R], *, again: Callable[[], Flow[R]] | None = None) -> Flow[R]:
    """The flow, with its requests carried out under the client's policy, and strict and traced where it asks for that.

    Args:
        core: what the flows of the client share.
        steps: the flow of a method.
        again: makes the flow once more; without it the call takes no names from memory.
    """
    if again is None:
        call = Call(core)
        flow = governed(call, steps)
    else:
        recollection = Recollection()
        call = Call(core, recollection=recollection)
        flow = _sure(call, recollection, steps, again)
    if core.strict:
        from .strict import strictly

        flow = strictly(call, flow)
    if core.tracing is not None:
        flow = core.tracing.call(flow, getattr(steps, "__name__", "call"))
    return flow


def _sure(call: Call, recollection: Recollection, steps: Flow[R], again: Callable[[], Flow[R]]) -> Flow[R]:
    """The flow, governed; begun anew, with all names looked up, where it went by remembered ones and was refused.

    Args:
        call: the call it belongs to.
        recollection: what the call takes from memory.
        steps: the flow.
        again: makes it once more.
    """
    try:
        return (yield from governed(call, steps))
    except _REFUSALS:
        if not recollection.may_mislead:
            raise
    recollection.drop()
    return (yield from governed(call, again()))
