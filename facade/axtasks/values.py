"""Small values that never change. They do without `dataclasses`, which would add a quarter to the time to start."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

ValueT = TypeVar("ValueT", bound="Value")


class Value:
    """A value that is made once; what differs is another one. It equals others of its class by their slots."""

    __slots__: tuple[str, ...] = ()

    # Out of sight of type checkers, to which any name could be assigned otherwise.
    if not TYPE_CHECKING:

        def __setattr__(self, name: str, value: object) -> None:
            if hasattr(self, name):
                raise AttributeError(f"{name} of {type(self).__name__} cannot be changed: make another one")
            super().__setattr__(name, value)

        def __delattr__(self, name: str) -> None:
            raise AttributeError(f"{name} of {type(self).__name__} cannot be taken away: make another one")

    def __eq__(self, other: object) -> bool:
        return self._slots() == other._slots() if type(other) is type(self) else NotImplemented

    def __hash__(self) -> int:
        return hash(tuple(self._slots().values()))

    def __repr__(self) -> str:
        shown = ", ".join(f"{name}={value!r}" for name, value in self._slots().items())
        return f"{type(self).__name__}({shown})"

    def __reduce__(self) -> tuple[object, ...]:
        return _made, (type(self), self._slots())

    def __replace__(self: ValueT, /, **changes: object) -> ValueT:
        """What `copy.replace` of newer Pythons makes: this value but for the changes."""
        return _made(type(self), {**self._slots(), **changes})

    def _slots(self) -> dict[str, object]:
        return {name: getattr(self, name) for name in self.__slots__}


def _made(kind: type[ValueT], values: dict[str, object]) -> ValueT:
    return kind(**values)
