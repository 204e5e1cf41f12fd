"""Drivers of flows: one performs effects in the calling thread, the other on the event loop."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar, cast

from axtasks.concurrency import Uncopied
from axtasks.errors import APIError, ConfigurationError, NotFoundError, ResolutionError

from .context import Call, StaleCacheError
from .decode import decode_response
from .effects import Attempt, Effect, Flow, Gather, GetDriver, Sleep, WithLock

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from axtasks.transport.base import AsyncTransport, SyncTransport

    from .context import ClientContext

P = ParamSpec("P")
R = TypeVar("R")
T = TypeVar("T")

# Errors that say that a cached id, or a name within one, leads nowhere. A thing that was renamed is still there.
_LEADS_NOWHERE = (NotFoundError, ResolutionError, StaleCacheError)


def execute(
    context: ClientContext, flow: Callable[Concatenate[ClientContext, P], Flow[R]], /, *args: P.args, **kwargs: P.kwargs
) -> Flow[R]:
    """Run the flow of a method as a call of its own, with strict checks and tracing where they are on.

    Args:
        context: what the flows of the client share.
        flow: the flow; started anew with the same arguments if a cached id leads nowhere.
        args: its positional arguments.
        kwargs: its keyword arguments.
    """
    context = context._replace(call=Call())
    values = {name: _reusable(value) for name, value in kwargs.items()}
    start: Callable[[], Flow[R]] = partial(cast("Any", flow), context, *map(_reusable, args), **values)
    steps = _restart_uncached(context, start(), start)
    if context.strict:
        steps = _check_strictly(context, steps)
    if context.tracing is not None:
        steps = context.tracing.call(steps, getattr(flow, "__name__", "call"))
    return steps


def _reusable(value: object) -> object:
    """Turn an iterator into a list, so that a call can be restarted with it."""
    return list(value) if isinstance(value, Iterator) else value


def _restart_uncached(context: ClientContext, steps: Flow[R], restart: Callable[[], Flow[R]]) -> Flow[R]:
    """Run a flow; if it finds that a cached id leads nowhere, run it once more without the cache."""
    try:
        return (yield from steps)
    except _LEADS_NOWHERE:
        if not context.call.can_restart:
            raise
    context.call.bypass_cache(context.names)
    return (yield from restart())


def _check_strictly(context: ClientContext, steps: Flow[R]) -> Flow[R]:
    """Run the flow of a whole call, and raise ContractViolationError if a response went beyond the contract.

    A read raises it at once. A write was carried out, so the flow first does the rest, such as logging the run it
    triggered. Retries and probes use a refusal as it is; it is checked last.
    """
    try:
        result = yield from steps
    except APIError as error:
        from axtasks.contract.strict import contract_violation

        violation = contract_violation(
            error.problem,
            contract=context.dialect.contract,
            hide=context.settings.api_key.redact_text,
            status_code=error.status_code,
            operation_id=error.operation_id,
            request_id=error.request_id,
        )
        if violation is None:
            raise
        raise violation.about(method=error.method, path=error.path, headers=error.headers) from error
    if context.call.violation is not None:
        raise context.call.violation
    return result


class SyncDriver(Uncopied):
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

    def call(self, flow: Callable[Concatenate[ClientContext, P], Flow[R]], /, *args: P.args, **kwargs: P.kwargs) -> R:
        """Run the flow of a method as a call of its own, and return its result."""
        return self.run(execute(self.context, flow, *args, **kwargs))

    def perform(self, effect: Effect) -> object:
        """Perform one effect and return its outcome."""
        match effect:
            case Attempt():
                # No variable holds the response: a traceback would show it, and a server may repeat the key.
                key, dialect = self.context.settings.api_key, self.context.dialect
                send = self.transport.send
                return decode_response(
                    effect, send(effect.request, effect.content, effect.timeouts), key=key, dialect=dialect
                )
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


def _require_asyncio() -> None:
    """Raise ConfigurationError where another library runs the coroutine: locks and connections are asyncio's."""
    from asyncio import get_running_loop

    try:
        get_running_loop()
    except RuntimeError as error:
        raise ConfigurationError(
            "AsyncAxClient is for asyncio only, and no event loop of asyncio runs here; with trio, call AxClient in a "
            "thread: trio.to_thread.run_sync(...)"
        ) from error


class AsyncDriver(Uncopied):
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

    async def call(
        self, flow: Callable[Concatenate[ClientContext, P], Flow[R]], /, *args: P.args, **kwargs: P.kwargs
    ) -> R:
        """Run the flow of a method as a call of its own, and return its result."""
        _require_asyncio()
        return await self.run(execute(self.context, flow, *args, **kwargs))

    async def perform(self, effect: Effect) -> object:
        """Perform one effect and return its outcome."""
        match effect:
            case Attempt():
                key, dialect = self.context.settings.api_key, self.context.dialect
                # No variable holds the response: a traceback would show it, and a server may repeat the key.
                response = self.transport.send(effect.request, effect.content, effect.timeouts)
                return decode_response(effect, await response, key=key, dialect=dialect)
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
