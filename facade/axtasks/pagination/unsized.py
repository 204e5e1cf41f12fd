"""The base of results that are gone through with a loop: they may be empty, and have no length and no positions."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, NoReturn


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
