"""Drivers of flows: one performs effects in the calling thread, the other on the event loop."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar, cast

from .decode import decode_response
from .effects import Attempt, Effect, Flow, Gather, GetDriver, Now, RetryUncached, Send, Sleep, UseCached, WithLock
from .execute import execute

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from axtasks.transport.base import AsyncTransport, SyncTransport

    from .context import ClientContext

R = TypeVar("R")
T = TypeVar("T")


def _without_policy(effect: Send[Any] | UseCached | RetryUncached) -> RuntimeError:
    what = f"{effect.operation.id} was to be sent" if isinstance(effect, Send) else "names were to be remembered"
    return RuntimeError(f"{what} without a policy: use call() rather than run()")


class SyncDriver:
    """Performs effects one after another in the calling thread."""

    def __init__(self, context: ClientContext, transport: SyncTransport) -> None:
        self.context = context
        self.transport = transport

    def run(self, steps: Flow[R]) -> R:
        """Run a flow and return its result."""
        outcome: object = None
        error: Exception | None = None
        try:
            while True:
                effect = steps.send(outcome) if error is None else steps.throw(error)
                try:
                    outcome, error = self.perform(effect), None
                except Exception as raised:  # noqa: BLE001  the flow decides what becomes of it
                    outcome, error = None, raised
        except StopIteration as end:
            return cast("R", end.value)
        finally:
            steps.close()

    def call(self, steps: Flow[R], *, restart: Callable[[], Flow[R]] | None = None) -> R:
        """Run the flow of a call under the client's policy. `restart` makes it anew, which allows cached ids."""
        return self.run(execute(self.context, steps, restart=restart))

    def perform(self, effect: Effect) -> object:
        """Perform one effect and return its outcome."""
        match effect:
            case Attempt():
                # No variable holds the response: a traceback would show it, and a server may repeat the key.
                key, dialect = self.context.settings.api_key, self.context.dialect
                return decode_response(
                    effect, self.transport.send(effect.request, effect.timeouts), key=key, dialect=dialect
                )
            case Now():
                return self.context.clock.monotonic()
            case Sleep(seconds):
                self.context.clock.sleep(seconds)
                return None
            case WithLock(lock, flow, within_seconds):
                with lock.acquire(within_seconds):
                    return self.run(flow)
            case Gather(flows):
                return [self.run(flow) for flow in flows]
            case GetDriver():
                return self
            case Send() | UseCached() | RetryUncached():
                raise _without_policy(effect)


class AsyncDriver:
    """Performs effects on the running event loop."""

    def __init__(self, context: ClientContext, transport: AsyncTransport) -> None:
        self.context = context
        self.transport = transport

    async def run(self, steps: Flow[R]) -> R:
        """Run a flow and return its result."""
        outcome: object = None
        error: Exception | None = None
        try:
            while True:
                effect = steps.send(outcome) if error is None else steps.throw(error)
                try:
                    outcome, error = await self.perform(effect), None
                except Exception as raised:  # noqa: BLE001  the flow decides what becomes of it
                    outcome, error = None, raised
        except StopIteration as end:
            return cast("R", end.value)
        finally:
            steps.close()

    async def call(self, steps: Flow[R], *, restart: Callable[[], Flow[R]] | None = None) -> R:
        """Run the flow of a call under the client's policy. `restart` makes it anew, which allows cached ids."""
        return await self.run(execute(self.context, steps, restart=restart))

    async def perform(self, effect: Effect) -> object:
        """Perform one effect and return its outcome."""
        match effect:
            case Attempt():
                key, dialect = self.context.settings.api_key, self.context.dialect
                # No variable holds the response: a traceback would show it, and a server may repeat the key.
                response = self.transport.send(effect.request, effect.timeouts)
                return decode_response(effect, await response, key=key, dialect=dialect)
            case Now():
                return self.context.clock.monotonic()
            case Sleep(seconds):
                await self.context.clock.sleep_async(seconds)
                return None
            case WithLock(lock, flow, within_seconds):
                async with lock.acquire_async(within_seconds):
                    return await self.run(flow)
            case Gather(flows, at_most):
                return await self._gather(flows, at_most)
            case GetDriver():
                return self
            case Send() | UseCached() | RetryUncached():
                raise _without_policy(effect)

    async def _gather(self, flows: Sequence[Flow[T]], at_most: int) -> list[T]:
        """Return the results of flows in their order; the first error cancels the others."""
        # Imported here: it takes longer to import than all of the blocking client.
        import asyncio

        slots = asyncio.Semaphore(at_most)

        async def run_one(flow: Flow[T]) -> T:
            async with slots:
                return await self.run(flow)

        tasks = [asyncio.ensure_future(run_one(flow)) for flow in flows]
        try:
            return await asyncio.gather(*tasks)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
