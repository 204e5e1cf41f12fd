"""Bind flows to resource classes as methods, blocking or awaited."""

from __future__ import annotations

import inspect
import re
from functools import update_wrapper
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar, cast

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from axtasks.engine.context import ClientContext
    from axtasks.engine.drivers import AsyncDriver, SyncDriver
    from axtasks.engine.effects import Flow
    from axtasks.pagination.page import Paged

P = ParamSpec("P")
R = TypeVar("R")
# What `Paged` says of the two clients.
_BOTH = re.compile(r"Paged\[(\w+), (\w+)\]")


class _Resource:
    """Base of the groups of methods on a client."""

    def __init_subclass__(cls, *, prefix: str | None = None) -> None:
        """Name the methods after their attributes, and their flows after `prefix`, or after the class, and the method.

        Python names the flow in the TypeError for a missing or unknown argument.
        """
        if prefix is None:
            prefix = f"{_group_of(cls)}."
        for name, method in vars(cls).items():
            if inspect.isfunction(method) and (flow := method.__dict__.pop("flow", None)) is not None:
                method.__name__, method.__qualname__ = name, f"{cls.__qualname__}.{name}"
                flow.__qualname__ = f"{prefix}{name}"


def _group_of(kind: type[_Resource]) -> str:
    """Return the attribute of a client that a group of methods is."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", kind.__name__.removeprefix("Async")).lower()


class SyncResource(_Resource):
    """Base of the groups of methods on `AxClient`."""

    def __init__(self, driver: SyncDriver) -> None:
        self._driver = driver

    def __repr__(self) -> str:
        return f"<AxClient.{_group_of(type(self))} for {self._driver.context.settings.base_url}>"


class AsyncResource(_Resource):
    """Base of the groups of methods on `AsyncAxClient`."""

    def __init__(self, driver: AsyncDriver) -> None:
        self._driver = driver

    def __repr__(self) -> str:
        return f"<AsyncAxClient.{_group_of(type(self))} for {self._driver.context.settings.base_url}>"


def blocking_method(
    flow: Callable[Concatenate[ClientContext, P], Flow[R]],
) -> Callable[Concatenate[SyncResource, P], R]:
    """Return a method of `AxClient` that runs a flow, with the flow's signature and docstring."""

    def method(self: SyncResource, /, *args: P.args, **kwargs: P.kwargs) -> R:
        return self._driver.call(flow, *args, **kwargs)

    _publish(method, flow)
    return method


def async_method(
    flow: Callable[Concatenate[ClientContext, P], Flow[R]],
) -> Callable[Concatenate[AsyncResource, P], Coroutine[Any, Any, R]]:
    """Return a method of `AsyncAxClient` that awaits a flow, with the flow's signature and docstring."""

    async def method(self: AsyncResource, /, *args: P.args, **kwargs: P.kwargs) -> R:
        return await self._driver.call(flow, *args, **kwargs)

    _publish(method, flow)
    return method


def blocking_pages(
    flow: Callable[Concatenate[ClientContext, P], Flow[Paged[R, Any]]],
) -> Callable[Concatenate[SyncResource, P], R]:
    """Return a method of `AxClient` whose result has a class of its own for each client."""
    return blocking_method(cast("Callable[Concatenate[ClientContext, P], Flow[R]]", flow))


def async_pages(
    flow: Callable[Concatenate[ClientContext, P], Flow[Paged[Any, R]]],
) -> Callable[Concatenate[AsyncResource, P], Coroutine[Any, Any, R]]:
    """Return a method of `AsyncAxClient` whose result has a class of its own for each client."""
    return async_method(cast("Callable[Concatenate[ClientContext, P], Flow[R]]", flow))


def _publish(method: Callable[..., object], flow: Callable[..., object]) -> None:
    """Give a method the name, docstring and signature that `help()` and editors show."""
    update_wrapper(method, flow)
    signature = inspect.signature(flow)
    self_parameter = inspect.Parameter("self", inspect.Parameter.POSITIONAL_ONLY)
    parameters = list(signature.parameters.values())[1:]
    result = str(signature.return_annotation).removeprefix("Flow[").removesuffix("]")
    if (both := _BOTH.fullmatch(result)) is not None:
        result = both[2 if inspect.iscoroutinefunction(method) else 1]
    method.__dict__.pop("__wrapped__", None)
    method.__dict__["flow"] = flow
    method.__annotations__ = {**{each.name: each.annotation for each in parameters}, "return": result}
    method.__signature__ = signature.replace(  # type: ignore[attr-defined]  # functions take attributes
        parameters=[self_parameter, *parameters], return_annotation=result
    )
