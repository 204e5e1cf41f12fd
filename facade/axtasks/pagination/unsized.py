"""The base of results that are gone through with a loop: they may be empty, and have no length and no positions."""

from __future__ import annotations

from abc import ABC, abstractmethod
from contextlib import contextmanager
from typing import TYPE_CHECKING, NoReturn

from axtasks.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Iterator


class Unsized(ABC):
    """Base of results that are gone through with a loop, which fetches while it goes on.

    Without a truth value of their own they would always be true, and `if not ax.tasks.list(name=...)` never would be.
    """

    @abstractmethod
    def _advice(self) -> str:
        """Return the ways to what is here, and to all there is, for messages."""

    # Hidden from type checkers, for which there is neither.
    if not TYPE_CHECKING:

        def __len__(self) -> NoReturn:
            # `list()` asks for a length first, and goes on without one after a TypeError alone.
            raise TypeError(
                f"{type(self).__name__} has no length, as it is fetched while it is gone through: {self._advice()}"
            )

        def __getitem__(self, position: object) -> NoReturn:
            raise TypeError(
                f"{type(self).__name__} has no positions, as it is fetched while it is gone through: {self._advice()}"
            )


class BlockingLoop(Unsized):
    """Base of results of `AxClient` that are gone through with `for`."""

    # Hidden from type checkers, for which the other loop is an error.
    if not TYPE_CHECKING:

        def __aiter__(self) -> NoReturn:
            raise TypeError(f"{type(self).__name__} comes from AxClient: use `for`, not `async for`")


class AsyncLoop(Unsized):
    """Base of results of `AsyncAxClient` that are gone through with `async for`."""

    if not TYPE_CHECKING:

        def __iter__(self) -> NoReturn:
            raise TypeError(f"{type(self).__name__} comes from AsyncAxClient: use `async for`, not `for`")


class SingleLoop:
    """Refuses a second loop while the first one waits for its next value, which both would take from one state."""

    def __init__(self) -> None:
        self._is_waiting = False

    @contextmanager
    def wait(self) -> Iterator[None]:
        """Wait for the next value, or raise ConfigurationError if another loop does."""
        if self._is_waiting:
            raise ConfigurationError("another loop is waiting for the next value: use one loop at a time")
        self._is_waiting = True
        try:
            yield
        finally:
            self._is_waiting = False
