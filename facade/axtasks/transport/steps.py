"""Steps: the calls of network functions that a flow yields, so that one logic serves threads and event loops."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Generator
from functools import partial
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


def run(steps: Steps[R]) -> R:
    """Perform steps in the calling thread, and return the result."""
    try:
        step = next(steps)
        while True:
            try:
                outcome = step()
            except BaseException as error:  # noqa: BLE001  the steps decide what becomes of it
                step = steps.throw(error)
            else:
                step = steps.send(outcome)
    except StopIteration as end:
        return cast("R", end.value)


async def run_async(steps: Steps[R]) -> R:
    """Perform steps on the running event loop, and return the result."""
    try:
        step = next(steps)
        while True:
            try:
                outcome = await cast("Awaitable[object]", step())
            except BaseException as error:  # noqa: BLE001  as above
                step = steps.throw(error)
            else:
                step = steps.send(outcome)
    except StopIteration as end:
        return cast("R", end.value)
