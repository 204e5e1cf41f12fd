"""The root of all errors, and the error of setting a client up."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from axtasks_api_beta.models import TaskRun


def _restored(kind: type[AxError], arguments: tuple[object, ...], attributes: dict[str, object]) -> AxError:
    """An error as it was, without its constructor."""
    error = kind.__new__(kind, *arguments)
    error.__dict__.update(attributes)
    return error


class AxError(Exception):
    """The root of all errors of this package.

    Attributes:
        runs: all runs of a wait for several that it ended, as they were last seen and in the order they were given in;
            empty elsewhere.
    """

    runs: tuple[TaskRun, ...] = ()

    def __reduce__(self) -> tuple[object, ...]:
        # Errors cross the borders of processes and threads, and most constructors take more than a message.
        return _restored, (type(self), self.args, dict(self.__dict__))


class ConfigurationError(AxError):
    """The client cannot be set up as asked."""
