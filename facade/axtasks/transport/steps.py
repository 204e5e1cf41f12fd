"""Steps: the calls of network functions that a flow yields, so that one logic serves threads and event loops."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Generator
from functools import partial
from math import inf
from time import monotonic
from typing import ParamSpec, TypeVar, cast

P = ParamSpec("P")
R = TypeVar("R")
T = TypeVar("T")

# A function that returns its outcome, or an awaitable of it.
Step = Callable[[], object]
Steps = Generator[Step, object, R]


def perform(function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> Steps[T]:
    """Have the driver call a function, and return its outcome."""
    return cast("T", (yield partial(function, *args, **kwargs)))


def remaining(ends: float, most: float = inf) -> float:
    """Return the seconds until a monotonic time, and no more than `most`; raise TimeoutError if there are none."""
    left = min(most, ends - monotonic())
    if left <= 0:
        raise TimeoutError("the time is over")
    return left


def run(steps: Steps[R]) -> R:
    """Perform steps in the calling thread, and return the result."""
    outcome: object = None
    error: BaseException | None = None
    try:
        while True:
            # Not within `except`, as what is raised here would refer to the error, which may quote the key.
            step = steps.send(outcome) if error is None else steps.throw(error)
            outcome = None
            try:
                outcome, error = step(), None
            except BaseException as raised:  # noqa: BLE001  the steps decide what becomes of it
                error = raised
            # A traceback that shows variables would show what was to be sent, the key included.
            del step
    except StopIteration as end:
        return cast("R", end.value)
    finally:
        # The traceback of the error refers to this frame: together they would live until garbage is collected.
        error = None


async def run_async(steps: Steps[R]) -> R:
    """Perform steps on the running event loop, and return the result."""
    outcome: object = None
    error: BaseException | None = None
    try:
        while True:
            step = steps.send(outcome) if error is None else steps.throw(error)
            outcome = None
            try:
                outcome, error = await cast("Awaitable[object]", step()), None
            except BaseException as raised:  # noqa: BLE001  as above
                error = raised
            del step
    except StopIteration as end:
        return cast("R", end.value)
    finally:
        error = None
