"""Bind flows to resource classes as methods, blocking or awaited."""

from __future__ import annotations

import inspect
from functools import partial, update_wrapper
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar

from axtasks.engine.execute import reusable

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Mapping

    from axtasks.engine.context import ClientContext
    from axtasks.engine.drivers import AsyncDriver, SyncDriver
    from axtasks.engine.effects import (
        Flow,
    )

P = ParamSpec("P")
R = TypeVar("R")
T = TypeVar("T")


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


def blocking_method(
    flow: Callable[Concatenate[ClientContext, P], Flow[R]],
) -> Callable[Concatenate[SyncResource, P], R]:
    """The method of `AxClient` that a flow makes, with its signature and docstring."""

    def method(self: SyncResource, /, *args: P.args, **kwargs: P.kwargs) -> R:
        driver = self._driver
        begin = _repeatable(flow, driver.context, args, kwargs)
        return driver.call(begin(), again=begin)

    _publish(method, flow)
    return method


def async_method(
    flow: Callable[Concatenate[ClientContext, P], Flow[R]],
) -> Callable[Concatenate[AsyncResource, P], Coroutine[Any, Any, R]]:
    """The method of `AsyncAxClient` that a flow makes, with its signature and docstring."""

    async def method(self: AsyncResource, /, *args: P.args, **kwargs: P.kwargs) -> R:
        driver = self._driver
        begin = _repeatable(flow, driver.context, args, kwargs)
        return await driver.call(begin(), again=begin)

    _publish(method, flow)
    return method


def _repeatable(
    flow: Callable[..., Flow[R]], context: ClientContext, args: tuple[object, ...], kwargs: Mapping[str, object]
) -> Callable[[], Flow[R]]:
    """Makes the flow of a call, as often as it takes."""
    return partial(flow, context, *map(reusable, args), **{name: reusable(value) for name, value in kwargs.items()})


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
