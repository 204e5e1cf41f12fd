"""The two drivers that run flows, and the wrappers that turn a flow into a method of either."""

from __future__ import annotations

import inspect
import json
from functools import update_wrapper
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar, cast

from axtasks_api.codec import DecodeError
from axtasks_api.operation import SUCCESSES, Refusal

from .calls import called
from .effects import Attempt, Effect, Flow, Now, Send, Sleep, Together, WhoDrives
from .errors import UndecodableBodyError
from .refusals import api_error, excerpt

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from axtasks_api.operation import Operation

    from .core import Core
    from .keys import Secret
    from .transport import AsyncTransport, SyncTransport
    from .transport.wire import Answer

P = ParamSpec("P")
R = TypeVar("R")
T = TypeVar("T")


def read_answer(effect: Attempt[T], answer: Answer, *, key: Secret) -> T:
    """The model in an answer.

    Args:
        effect: what was asked for.
        answer: what came.
        key: the API key, which stays out of errors even where a server repeats it.

    Raises:
        APIError: the answer is not a success.
        UndecodableBodyError: it is one, but its body is not what the contract says.
        ContractViolationError: it is understood, but goes beyond the contract, and that is asked about.
    """
    operation = effect.operation
    if effect.on_answer is not None:
        effect.on_answer(answer)
    if answer.status_code not in SUCCESSES:
        answer = _without(key, answer)
    try:
        outcome = operation.decode(answer.status_code, answer.headers, answer.content)
    except DecodeError as error:
        reason = error
    else:
        if isinstance(outcome, Refusal):
            raise api_error(
                outcome.status_code,
                operation_id=operation.id,
                problem=outcome.problem,
                headers=answer.headers,
                content=answer.content,
            ).about(method=effect.request.method, path=effect.request.path, headers=answer.headers)
        if effect.strict:
            _check(effect, _without(key, answer), outcome, key)
        return outcome
    is_json, received = _is_json(answer.content), answer
    # Raised out here, and of this answer: where the key was repeated, the variables of whoever read it have it.
    answer = _without(key, received)
    if answer != received:
        reason = _reason_without_key(operation, answer)
    del received
    raise UndecodableBodyError(
        f"{operation.id} was answered with {answer.status_code}, but not as the contract says: {reason}",
        status_code=answer.status_code,
        operation_id=operation.id,
        request_id=answer.headers.get("x-request-id"),
        body=excerpt(answer.content),
        is_json=is_json,
    ).about(method=effect.request.method, path=effect.request.path, headers=answer.headers) from reason


def _check(effect: Attempt[T], answer: Answer, outcome: T, key: Secret) -> None:
    """Raises a ContractViolationError if the model has anything that the contract does not know."""
    from .strict import violation

    found = violation(
        outcome,
        key=key,
        status_code=answer.status_code,
        operation_id=effect.operation.id,
        request_id=answer.headers.get("x-request-id"),
    )
    if found is not None:
        raise found.about(method=effect.request.method, path=effect.request.path, headers=answer.headers)


def _is_json(content: bytes) -> bool:
    try:
        json.loads(content)
    except (ValueError, RecursionError):
        return False
    return True


def _without(key: Secret, answer: Answer) -> Answer:
    """The answer without the key."""
    headers = {key.hidden_in_text(name): key.hidden_in_text(value) for name, value in answer.headers.items()}
    return answer._replace(headers=headers, content=key.hidden_in(answer.content))


def _reason_without_key(operation: Operation[Any, Any], answer: Answer) -> DecodeError:
    """Why an answer cannot be read, told of the answer without the key: reasons quote the beginnings of values."""
    try:
        operation.decode(answer.status_code, answer.headers, answer.content)
    except DecodeError as error:
        return error
    return DecodeError("the API key stands where something else should")


def step(steps: Flow[R], outcome: object, error: Exception | None) -> Effect:
    """The next effect of a flow, after the outcome of the one before."""
    return steps.send(outcome) if error is None else steps.throw(error)


def _ungoverned(effect: Send[Any]) -> RuntimeError:
    return RuntimeError(f"{effect.request.operation_id} was to be sent without a policy: use call() rather than run()")


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

    def call(self, steps: Flow[R]) -> R:
        """The result of a flow whose requests are carried out under the client's policy."""
        return self.run(called(self.core, steps))

    def perform(self, effect: Effect) -> object:
        """The outcome of one effect."""
        match effect:
            case Attempt():
                # No variable has the answer here: it would show in a traceback, and a server may repeat the key.
                key = self.core.settings.api_key
                return read_answer(effect, self.transport.send(effect.request, effect.timeouts), key=key)
            case Sleep(seconds):
                self.core.clock.sleep(seconds)
                return None
            case Now():
                return self.core.clock.monotonic()
            case WhoDrives():
                return self
            case Together(flows):
                return [self.run(flow) for flow in flows]
            case Send():
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

    async def call(self, steps: Flow[R]) -> R:
        """The result of a flow whose requests are carried out under the client's policy."""
        return await self.run(called(self.core, steps))

    async def perform(self, effect: Effect) -> object:
        """The outcome of one effect."""
        match effect:
            case Attempt():
                key = self.core.settings.api_key
                # Kept in no variable here: it may repeat the key, and tracebacks can show variables.
                return read_answer(effect, await self._answer(effect), key=key)
            case Sleep(seconds):
                await self.core.clock.sleep_async(seconds)
                return None
            case Now():
                return self.core.clock.monotonic()
            case WhoDrives():
                return self
            case Together(flows, at_most):
                return await self.run_together(list(flows), at_most)
            case Send():
                raise _ungoverned(effect)

    async def _answer(self, effect: Attempt[Any]) -> Answer:
        async with self.transport.place(effect.request, effect.timeouts) as timeouts:
            return await self.transport.send(effect.request, timeouts)

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

    def __init_subclass__(cls) -> None:
        _name_methods(cls)


class AsyncResource:
    """Base of the groups of methods on `AsyncAxClient`."""

    def __init__(self, driver: AsyncDriver) -> None:
        self._driver = driver

    def __init_subclass__(cls) -> None:
        _name_methods(cls)


def blocking(flow: Callable[Concatenate[Core, P], Flow[R]]) -> Callable[Concatenate[SyncResource, P], R]:
    """The method of `AxClient` that a flow makes, with its signature and docstring."""

    def method(self: SyncResource, /, *args: P.args, **kwargs: P.kwargs) -> R:
        driver = self._driver
        return driver.call(flow(driver.core, *args, **kwargs))

    _publish(method, flow)
    return method


def awaiting(
    flow: Callable[Concatenate[Core, P], Flow[R]],
) -> Callable[Concatenate[AsyncResource, P], Coroutine[Any, Any, R]]:
    """The method of `AsyncAxClient` that a flow makes, with its signature and docstring."""

    async def method(self: AsyncResource, /, *args: P.args, **kwargs: P.kwargs) -> R:
        driver = self._driver
        return await driver.call(flow(driver.core, *args, **kwargs))

    _publish(method, flow)
    return method


def _publish(method: Callable[..., object], flow: Callable[..., object]) -> None:
    """Gives a method the name, docstring and signature that `help()` and editors should show."""
    update_wrapper(method, flow)
    signature = inspect.signature(flow)
    of_object = inspect.Parameter("self", inspect.Parameter.POSITIONAL_ONLY)
    arguments = list(signature.parameters.values())[1:]
    result = str(signature.return_annotation).removeprefix("Flow[").removesuffix("]")
    method.__dict__.pop("__wrapped__", None)
    method.__annotations__ = {**{a.name: a.annotation for a in arguments}, "return": result}
    method.__signature__ = signature.replace(  # type: ignore[attr-defined]  # functions take attributes
        parameters=[of_object, *arguments], return_annotation=result
    )


def _name_methods(cls: type) -> None:
    """Names the methods of a class after the attributes they stand under."""
    for name, method in vars(cls).items():
        if inspect.isfunction(method):
            method.__name__, method.__qualname__ = name, f"{cls.__qualname__}.{name}"
