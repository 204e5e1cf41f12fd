"""What goes around the flow of a whole call, as the client was set up."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from .attempts import Call, governed

if TYPE_CHECKING:
    from .core import Core
    from .effects import Flow

R = TypeVar("R")


def called(core: Core, steps: Flow[R]) -> Flow[R]:
    """The flow, with its requests carried out under the client's policy, and strict and traced where it asks for that.

    Args:
        core: what the flows of the client share.
        steps: the flow of a method.
    """
    call = Call(core)
    flow = governed(call, steps)
    if core.strict:
        from .strict import strictly

        flow = strictly(call, flow)
    if core.tracing is not None:
        flow = core.tracing.call(flow, getattr(steps, "__name__", "call"))
    return flow
