"""What a client offers is imported and made when it is first asked for: most programs need one group of methods."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Generic, Protocol, Self, TypeVar, cast, overload

if TYPE_CHECKING:
    from collections.abc import Callable

    from .drivers import AsyncDriver, SyncDriver

DriverT = TypeVar("DriverT")
DriverT_co = TypeVar("DriverT_co", covariant=True)
OfferT = TypeVar("OfferT")


class Driven(Protocol[DriverT_co]):
    """What has a driver."""

    @property
    def _driver(self) -> DriverT_co: ...


class Module:
    """A module that is imported when something of it is first asked for.

    Args:
        name: its full name.
    """

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, name: str) -> object:
        return getattr(import_module(self._name), name)


class Offer(Generic[DriverT, OfferT]):
    """An attribute of a client that is made once for each, when it is first asked for.

    Args:
        find: finds what makes it with the client's driver.
    """

    def __init__(self, find: Callable[[], Callable[[DriverT], OfferT]]) -> None:
        self._find = find

    def __set_name__(self, owner: type[object], name: str) -> None:
        self._name = name

    @overload
    def __get__(self, client: None, owner: type[object]) -> Self: ...
    @overload
    def __get__(self, client: Driven[DriverT], owner: type[object]) -> OfferT: ...
    def __get__(self, client: Driven[DriverT] | None, owner: type[object]) -> Self | OfferT:
        """What is offered; asked of the class, this."""
        if client is None:
            return self
        made = self._find()(client._driver)  # noqa: SLF001  # it is the client's own
        # From now on it is found there, before this is asked.
        return cast("OfferT", vars(client).setdefault(self._name, made))


def blocking_offer(find: Callable[[], Callable[[SyncDriver], OfferT]]) -> Offer[SyncDriver, OfferT]:
    """What `AxClient` offers.

    Args:
        find: finds what makes it with the client's driver.
    """
    return Offer(find)


def awaiting_offer(find: Callable[[], Callable[[AsyncDriver], OfferT]]) -> Offer[AsyncDriver, OfferT]:
    """What `AsyncAxClient` offers.

    Args:
        find: finds what makes it with the client's driver.
    """
    return Offer(find)
