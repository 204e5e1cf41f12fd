"""Errors about going through the pages of a list."""

from __future__ import annotations

from .root import AxError


class RepeatedCursorError(AxError):
    """A page that names a cursor that was followed before, so that paging would go in circles.

    Attributes:
        cursor: that cursor.
    """

    def __init__(self, message: str, *, cursor: str) -> None:
        super().__init__(message)
        self.cursor = cursor


class TooManyPagesError(AxError):
    """A list with more pages than the limit.

    Attributes:
        cursor: where to go on.
    """

    def __init__(self, message: str, *, cursor: str) -> None:
        super().__init__(message)
        self.cursor = cursor
