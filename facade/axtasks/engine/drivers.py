"""Drivers of flows: one performs effects in the calling thread, the other on the event loop."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar, cast

from .decode import decode_response
from .effects import Attempt, Effect, Flow, Gather, GetDriver, Now, RetryUncached, Send, Sleep, UseCached, WithLock
from .execute import execute

if TYPE_CHECKING:
    from collections.abc import Callable

    from axtasks.transport.base import AsyncTransport, SyncTransport

    from .context import ClientContext

P = ParamSpec("P")
R = TypeVar("R")
T = TypeVar("T")


def step(steps: Flow[R], outcome: object, error: Exception | None) -> Effect:
    """The next effect of a flow, after the outcome of the one before."""
    return steps.send(outcome) if error is None else steps.throw(error)


def _ungoverned(effect: Send[Any] | UseCached | RetryUncached) -> RuntimeError:
    what = f"{effect.operation.id} was to be sent" if isinstance(effect, Send) else "names were to be remembered"
    return RuntimeError(f"{what} without a policy: use call() rather than run()")


class SyncDriver:
    """Performs effects one after another in the calling thread."""

    def __init__(self, context: ClientContext, transport: SyncTransport) -> None:
        self.context = context
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
        return self.run(execute(self.context, steps, again=again))

    def perform(self, effect: Effect) -> object:
        """The outcome of one effect."""
        match effect:
            case Attempt():
                # No variable has the answer here: it would show in a traceback, and a server may repeat the key.
                key, dialect = self.context.settings.api_key, self.context.dialect
                return decode_response(
                    effect, self.transport.send(effect.request, effect.timeouts), key=key, dialect=dialect
                )
            case Sleep(seconds):
                self.context.clock.sleep(seconds)
                return None
            case Now():
                return self.context.clock.monotonic()
            case GetDriver():
                return self
            case WithLock(turn, flow, within_seconds):
                with turn.taken(within_seconds):
                    return self.run(flow)
            case Gather(flows):
                return [self.run(flow) for flow in flows]
            case Send() | UseCached() | RetryUncached():
                raise _ungoverned(effect)


class AsyncDriver:
    """Performs effects on the running event loop."""

    def __init__(self, context: ClientContext, transport: AsyncTransport) -> None:
        self.context = context
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
        return await self.run(execute(self.context, steps, again=again))

    async def perform(self, effect: Effect) -> object:
        """The outcome of one effect."""
        match effect:
            case Attempt():
                key, dialect = self.context.settings.api_key, self.context.dialect
                # Kept in no variable here: it may repeat the key, and tracebacks can show variables.
                answer = self.transport.send(effect.request, effect.timeouts)
                return decode_response(effect, await answer, key=key, dialect=dialect)
            case Sleep(seconds):
                await self.context.clock.sleep_async(seconds)
                return None
            case Now():
                return self.context.clock.monotonic()
            case GetDriver():
                return self
            case WithLock(turn, flow, within_seconds):
                async with turn.awaited(within_seconds):
                    return await self.run(flow)
            case Gather(flows, at_most):
                return await self.run_together(list(flows), at_most)
            case Send() | UseCached() | RetryUncached():
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
