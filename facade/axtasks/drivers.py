"""The two drivers that run flows, and the wrappers that turn a flow into a method of either."""

from __future__ import annotations

import inspect
from functools import partial, update_wrapper
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar, cast

from .calls import called, lasting
from .effects import Attempt, Effect, Flow, InTurn, LookAgain, Now, Recall, Send, Sleep, Together, WhoDrives
from .reading import read_answer

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Mapping

    from .core import Core
    from .transport.base import AsyncTransport, SyncTransport

P = ParamSpec("P")
R = TypeVar("R")
T = TypeVar("T")


def step(steps: Flow[R], outcome: object, error: Exception | None) -> Effect:
    """The next effect of a flow, after the outcome of the one before."""
    return steps.send(outcome) if error is None else steps.throw(error)


def _ungoverned(effect: Send[Any] | Recall | LookAgain) -> RuntimeError:
    what = f"{effect.operation.id} was to be sent" if isinstance(effect, Send) else "names were to be remembered"
    return RuntimeError(f"{what} without a policy: use call() rather than run()")


class SyncDriver:
    """Performs effects one after another in the calling thread."""

    def __init__(self, core: Core, transport: SyncTransport) -> None:
        self.core = core
        self.transport = transport

    def run(self, steps: Flow[R]) -> R:
        """The result of a flow."""
        outcome: object = None
        error: Exception | None = None
        try:
            while True:
                effect = step(steps, outcome, error)
                try:
                    outcome, error = self.perform(effect), None
                except Exception as raised:  # noqa: BLE001  the flow decides what becomes of it
                    outcome, error = None, raised
        except StopIteration as end:
            return cast("R", end.value)
        finally:
            steps.close()

    def call(self, steps: Flow[R], *, again: Callable[[], Flow[R]] | None = None) -> R:
        """The result of a flow whose requests are carried out under the client's policy.

        Args:
            steps: the flow.
            again: makes it once more, for flows that look names up.
        """
        return self.run(called(self.core, steps, again=again))

    def perform(self, effect: Effect) -> object:
        """The outcome of one effect."""
        match effect:
            case Attempt():
                # No variable has the answer here: it would show in a traceback, and a server may repeat the key.
                key, dialect = self.core.settings.api_key, self.core.dialect
                return read_answer(
                    effect, self.transport.send(effect.request, effect.timeouts), key=key, dialect=dialect
                )
            case Sleep(seconds):
                self.core.clock.sleep(seconds)
                return None
            case Now():
                return self.core.clock.monotonic()
            case WhoDrives():
                return self
            case InTurn(turn, flow, within_seconds):
                with turn.taken(within_seconds):
                    return self.run(flow)
            case Together(flows):
                return [self.run(flow) for flow in flows]
            case Send() | Recall() | LookAgain():
                raise _ungoverned(effect)


class AsyncDriver:
    """Performs effects on the running event loop."""

    def __init__(self, core: Core, transport: AsyncTransport) -> None:
        self.core = core
        self.transport = transport

    async def run(self, steps: Flow[R]) -> R:
        """The result of a flow."""
        outcome: object = None
        error: Exception | None = None
        try:
            while True:
                effect = step(steps, outcome, error)
                try:
                    outcome, error = await self.perform(effect), None
                except Exception as raised:  # noqa: BLE001  the flow decides what becomes of it
                    outcome, error = None, raised
        except StopIteration as end:
            return cast("R", end.value)
        finally:
            steps.close()

    async def call(self, steps: Flow[R], *, again: Callable[[], Flow[R]] | None = None) -> R:
        """The result of a flow whose requests are carried out under the client's policy.

        Args:
            steps: the flow.
            again: makes it once more, for flows that look names up.
        """
        return await self.run(called(self.core, steps, again=again))

    async def perform(self, effect: Effect) -> object:
        """The outcome of one effect."""
        match effect:
            case Attempt():
                key, dialect = self.core.settings.api_key, self.core.dialect
                # Kept in no variable here: it may repeat the key, and tracebacks can show variables.
                answer = self.transport.send(effect.request, effect.timeouts)
                return read_answer(effect, await answer, key=key, dialect=dialect)
            case Sleep(seconds):
                await self.core.clock.sleep_async(seconds)
                return None
            case Now():
                return self.core.clock.monotonic()
            case WhoDrives():
                return self
            case InTurn(turn, flow, within_seconds):
                async with turn.awaited(within_seconds):
                    return await self.run(flow)
            case Together(flows, at_most):
                return await self.run_together(list(flows), at_most)
            case Send() | Recall() | LookAgain():
                raise _ungoverned(effect)

    async def run_together(self, flows: list[Flow[Any]], at_most: int) -> list[Any]:
        """The results of flows in their order; the first error ends the others."""
        # Imported late: it takes longer to import than all of the blocking client.
        import asyncio

        places = asyncio.Semaphore(at_most)

        async def one(flow: Flow[T]) -> T:
            async with places:
                return await self.run(flow)

        tasks = [asyncio.ensure_future(one(flow)) for flow in flows]
        try:
            return await asyncio.gather(*tasks)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)


class SyncResource:
    """Base of the groups of methods on `AxClient`."""

    def __init__(self, driver: SyncDriver) -> None:
        self._driver = driver

    def __init_subclass__(cls, *, prefix: str | None = None) -> None:
        _name_methods(cls, prefix)


class AsyncResource:
    """Base of the groups of methods on `AsyncAxClient`."""

    def __init__(self, driver: AsyncDriver) -> None:
        self._driver = driver

    def __init_subclass__(cls, *, prefix: str | None = None) -> None:
        _name_methods(cls, prefix)


def blocking(flow: Callable[Concatenate[Core, P], Flow[R]]) -> Callable[Concatenate[SyncResource, P], R]:
    """The method of `AxClient` that a flow makes, with its signature and docstring."""

    def method(self: SyncResource, /, *args: P.args, **kwargs: P.kwargs) -> R:
        driver = self._driver
        begin = _repeatable(flow, driver.core, args, kwargs)
        return driver.call(begin(), again=begin)

    _publish(method, flow)
    return method


def awaiting(
    flow: Callable[Concatenate[Core, P], Flow[R]],
) -> Callable[Concatenate[AsyncResource, P], Coroutine[Any, Any, R]]:
    """The method of `AsyncAxClient` that a flow makes, with its signature and docstring."""

    async def method(self: AsyncResource, /, *args: P.args, **kwargs: P.kwargs) -> R:
        driver = self._driver
        begin = _repeatable(flow, driver.core, args, kwargs)
        return await driver.call(begin(), again=begin)

    _publish(method, flow)
    return method


def _repeatable(
    flow: Callable[..., Flow[R]], core: Core, args: tuple[object, ...], kwargs: Mapping[str, object]
) -> Callable[[], Flow[R]]:
    """Makes the flow of a call, as often as it takes."""
    return partial(flow, core, *map(lasting, args), **{name: lasting(value) for name, value in kwargs.items()})


def _publish(method: Callable[..., object], flow: Callable[..., object]) -> None:
    """Gives a method the name, docstring and signature that `help()` and editors should show."""
    update_wrapper(method, flow)
    signature = inspect.signature(flow)
    of_object = inspect.Parameter("self", inspect.Parameter.POSITIONAL_ONLY)
    arguments = list(signature.parameters.values())[1:]
    result = str(signature.return_annotation).removeprefix("Flow[").removesuffix("]")
    method.__dict__.pop("__wrapped__", None)
    method.__dict__["flow"] = flow
    method.__annotations__ = {**{a.name: a.annotation for a in arguments}, "return": result}
    method.__signature__ = signature.replace(  # type: ignore[attr-defined]  # functions take attributes
        parameters=[of_object, *arguments], return_annotation=result
    )


def _name_methods(cls: type, prefix: str | None) -> None:
    """Name the methods of a class after the attributes they stand under, and their flows as they are called.

    Args:
        cls: the class.
        prefix: what stands before a method on a client, with a dot; by the name of the class when None.
    """
    before = f"{cls.__name__.removeprefix('Async').lower()}." if prefix is None else prefix
    for name, method in vars(cls).items():
        if inspect.isfunction(method):
            method.__name__, method.__qualname__ = name, f"{cls.__qualname__}.{name}"
            # Python names the flow where an argument is missing or not known.
            vars(method).pop("flow").__qualname__ = f"{before}{name}"
